//! The tables of the papers: answers two in a row, and entries each in a row of its own. No box of them is empty.
use crate::{
    applications::answers::{AnswerGroup, EntryAnswers},
    i18n,
    lang::Lang,
};
use forms::{Field, text};
use leptos::prelude::*;

/// A label and what stands beside it.
pub(super) type Pair = (&'static str, String);

/// The answers of a group that are not blank.
pub(super) fn pairs_of(group: AnswerGroup) -> Vec<Pair> {
    let filled = group.answers.into_iter().filter(|answer| !answer.value.is_empty());
    filled.map(|answer| (i18n::label(Lang::Zh, answer.field), answer.value)).collect()
}

/// Some answers of all groups, in the order of the fields.
pub(super) fn chosen(groups: &[AnswerGroup], fields: &[Field]) -> Vec<Pair> {
    let answer = |field: &Field| {
        let mut all = groups.iter().flat_map(|group| &group.answers);
        all.find(|answer| answer.field == *field && !answer.value.is_empty()).cloned()
    };
    fields.iter().filter_map(answer).map(|answer| (i18n::label(Lang::Zh, answer.field), answer.value)).collect()
}

/// Rows of one or two answers. A long one has a row of its own, and so has one that would stand beside an empty box.
fn rows(pairs: Vec<Pair>, most: usize) -> Vec<Vec<Pair>> {
    let mut rows: Vec<Vec<Pair>> = Vec::new();
    for pair in pairs {
        let is_short = |pair: &Pair| text::width(&pair.1) <= most;
        match rows.last_mut() {
            Some(row) if row.len() == 1 && is_short(&pair) && row.iter().all(is_short) => row.push(pair),
            _ => rows.push(vec![pair]),
        }
    }
    rows
}

/// Answers two in a row. `most` is how wide an answer may be that shares a row, in half-width columns.
#[component]
pub(super) fn PairTable(title: &'static str, pairs: Vec<Pair>, #[prop(default = 34)] most: usize) -> impl IntoView {
    let rows = rows(pairs, most);
    let shares = rows.iter().any(|row| row.len() > 1);
    view! {
        <table class="pairs">
            <caption>{title}</caption>
            <colgroup><col class="label" /><col />{shares.then(|| view! { <col class="label" /><col /> })}</colgroup>
            <tbody>{rows.into_iter().map(|row| {
                let span = (row.len() == 1 && shares).then_some("3");
                view! { <tr>{row.into_iter().map(|(label, value)| view! { <th scope="row">{label}</th><td colspan=span>{value}</td> }).collect_view()}</tr> }
            }).collect_view()}</tbody>
        </table>
    }
}

/// The entries of a group, a row each, without the columns in which none of them has anything.
#[component]
pub(super) fn EntryTable(title: &'static str, entries: Vec<EntryAnswers>) -> impl IntoView {
    let labels: Vec<&'static str> =
        entries.first().map(|entry| entry.iter().map(|(label, _)| *label).collect()).unwrap_or_default();
    let is_used = |at: usize| entries.iter().any(|entry| entry.get(at).is_some_and(|(_, value)| !value.is_empty()));
    let used: Vec<usize> = (0..labels.len()).filter(|at| is_used(*at)).collect();
    let heads = used.iter().filter_map(|at| labels.get(*at)).map(|label| view! { <th scope="col">{*label}</th> });
    let cell = |entry: &EntryAnswers, at: usize| {
        let value = entry.get(at).map(|(_, value)| value.clone()).unwrap_or_default();
        if value.is_empty() { "—".to_owned() } else { value }
    };
    let row = |entry: &EntryAnswers| {
        let cells = used.iter().enumerate().map(|(place, at)| {
            let value = cell(entry, *at);
            // Months, numbers and what is short are not broken into lines.
            let is_word = value.len() <= 20 && value.chars().all(|character| character.is_ascii_graphic());
            let class = (is_word || text::width(&value) <= 10).then_some("brief");
            // On a phone, where a row is a block, each cell says what it is.
            let label = labels.get(*at).copied();
            match place {
                0 => view! { <th scope="row" class=class data-label=label>{value}</th> }.into_any(),
                _ => view! { <td class=class data-label=label>{value}</td> }.into_any(),
            }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    };
    view! {
        <table class="entries">
            <caption>{title}</caption>
            <thead><tr>{heads.collect_view()}</tr></thead>
            <tbody>{entries.iter().map(row).collect_view()}</tbody>
        </table>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_stands_beside_an_empty_box() {
        let pair = |value: &str| ("项", value.to_owned());
        let of = |values: &[&str]| {
            let rows = rows(values.iter().map(|value| pair(value)).collect(), 8);
            rows.into_iter().map(|row| row.len()).collect::<Vec<_>>()
        };
        assert_eq!(of(&["a", "b", "c"]), [2, 1]);
        assert_eq!(of(&["a", "浙江省杭州市", "b", "c"]), [1, 1, 2]);
        assert_eq!(of(&[]), Vec::<usize>::new());
    }
}
