//! The data under review as labelled lines, with what was there before the last change.
use super::data::Line;
use crate::{
    applications::summary::{self, CodeLabels, submitted_answers},
    i18n,
};
use forms::{Field, application::Application, review::ANSWERS};
use registry::CategoryRow;

/// The groups of an application with their lines.
pub fn lines(
    labels: &CodeLabels<'_>,
    categories: &[CategoryRow],
    now: &Application,
    before: Option<&Application>,
) -> Vec<(String, Vec<Line>)> {
    let groups = |a: &Application| summary::lines(labels.lang, submitted_answers(labels, categories, a, false));
    let old: Vec<(Field, String)> =
        before.map(|old| groups(old).into_iter().flat_map(|(_, lines)| lines).collect()).unwrap_or_default();
    let was = |field: Field| old.iter().find(|(own, _)| *own == field).map(|(_, text)| text.clone());
    let line = |(field, value): (Field, String)| {
        let earlier = before.map(|_| was(field).unwrap_or_default());
        Line {
            answer: ANSWERS.contains(&field).then(|| field.name().to_owned()),
            label: i18n::label(labels.lang, field).to_owned(),
            before: earlier.filter(|earlier| *earlier != value),
            value,
        }
    };
    groups(now).into_iter().map(|(title, all)| (title, all.into_iter().map(line).collect())).collect()
}
