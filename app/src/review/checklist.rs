//! The data under review, the checklist of papers, and what is found about each item.
use super::{
    data::{Line, RecordData},
    state::{ControlError, ReviewState, control_id, material_name},
};
use crate::{i18n, lang::lang};
use forms::{
    Field,
    choice::Choice,
    materials::Material,
    review::{Finding, FindingReason, Item, ItemDraft, ReviewAction},
};
use leptos::prelude::*;

/// What was said about an item so far.
pub(super) fn draft_of(data: &RecordData, item: Item) -> ItemDraft {
    let blank =
        ItemDraft { item, finding: String::new(), reason: String::new(), note: String::new(), due: String::new() };
    data.drafts.iter().find(|draft| draft.item == item).cloned().unwrap_or(blank)
}

#[component]
pub(super) fn Group(
    state: ReviewState,
    title: String,
    lines: Vec<Line>,
    assesses: bool,
    drafts: Vec<ItemDraft>,
) -> impl IntoView {
    let lang = lang();
    view! {
        <h3>{title}</h3>
        <dl class="facts">
            {lines.into_iter().filter(|line| !line.value.is_empty() || line.before.is_some() || (assesses && line.answer.is_some())).map(|line| {
                let item = line.answer.as_deref().and_then(Field::parse).map(Item::Answer).filter(|_| assesses);
                let draft = item.and_then(|item| drafts.iter().find(|draft| draft.item == item).cloned());
                let changed = line.before.clone();
                let label = line.label.clone();
                let class = if changed.is_some() { "fact changed" } else { "fact" };
                view! {
                    <div class=class>
                        <dt>{line.label}</dt>
                        <dd>
                            {if line.value.is_empty() { "—".to_owned() } else { line.value }}
                            {changed.map(|before| view! { <span class="was">{i18n::review_was(lang, if before.is_empty() { "—".to_owned() } else { before })}</span> }.into_any())}
                            {item.map(|item| view! { <AnswerItem state item label draft /> }.into_any())}
                        </dd>
                    </div>
                }.into_any()
            }).collect_view()}
        </dl>
    }
}

/// What a control about an item holds at first: what was posted, or else what is stored.
fn initial_value(state: ReviewState, control: &str, known: &str) -> String {
    if state.was_posted(ReviewAction::Assess) {
        state.initial_value(control).unwrap_or_default()
    } else {
        known.to_owned()
    }
}

/// The box that returns an answer, with reason and note once it is ticked.
#[component]
fn AnswerItem(state: ReviewState, item: Item, label: String, draft: Option<ItemDraft>) -> impl IntoView {
    let lang = lang();
    let code = item.code();
    let draft = draft.unwrap_or(ItemDraft {
        item,
        finding: String::new(),
        reason: String::new(),
        note: String::new(),
        due: String::new(),
    });
    let name = format!("finding.{code}");
    let ticked = initial_value(state, &name, &draft.finding) == Finding::Return.code();
    view! {
        <div class="item">
            <label class="tick-label">
                <input type="checkbox" name=name value=Finding::Return.code() checked=ticked aria-describedby=control_id(&code) />
                <span>{i18n::review_return_one(lang)}<span class="unseen">{label.clone()}</span></span>
            </label>
            <Why state code=code.clone() label draft due=false />
            <ControlError state control=code />
        </div>
    }
}

/// Reason and note of an item, and the day where it may come later. Shown once there is something to say.
#[component]
fn Why(state: ReviewState, code: String, label: String, draft: ItemDraft, due: bool) -> impl IntoView {
    let lang = lang();
    let (reason, note, day) = (format!("reason.{code}"), format!("note.{code}"), format!("due.{code}"));
    let chosen = initial_value(state, &reason, &draft.reason);
    let typed = initial_value(state, &note, &draft.note);
    let by = initial_value(state, &day, &draft.due);
    let named = move |what: &str| i18n::form_named(lang, &label, what);
    view! {
        <div class="why">
            <select name=reason aria-label=named(i18n::label(lang, Field::Reason))>
                <option value="" selected=chosen.is_empty()>{i18n::review_reason(lang)}</option>
                {FindingReason::ALL.iter().map(|reason| view! {
                    <option value=reason.code() selected=chosen == reason.code()>{i18n::choice(lang, *reason)}</option>
                }.into_any()).collect_view()}
            </select>
            <input type="text" name=note value=typed placeholder=i18n::review_note(lang) aria-label=named(i18n::label(lang, Field::Note)) autocomplete="off" />
            {due.then(|| view! {
                <input type="text" class="due" name=day value=by placeholder="YYYY-MM-DD" inputmode="numeric" aria-label=named(i18n::review_due(lang)) autocomplete="off" />
            }.into_any())}
        </div>
    }
}

/// A paper of the checklist.
#[component]
pub(super) fn MaterialItem(state: ReviewState, paper: Material, draft: ItemDraft) -> impl IntoView {
    let lang = lang();
    let item = Item::Paper(paper);
    let code = item.code();
    let name = format!("finding.{code}");
    let chosen = initial_value(state, &name, &draft.finding);
    let label = material_name(lang, paper);
    // What was said the last time stands beside an item that came back and is assessed anew.
    let last = (draft.finding.is_empty() && !draft.reason.is_empty()).then(|| {
        i18n::review_last_time(lang, i18n::choice_code(lang, FindingReason::LIST, &draft.reason), &draft.note)
    });
    let described_by = control_id(&code);
    view! {
        <fieldset class="item check-item" aria-describedby=described_by>
            <legend>{label}</legend>
            {last.map(|last| view! { <p class="hint">{last}</p> }.into_any())}
            <div class="radios">
                {item.findings().into_iter().map(|finding| {
                    let checked = chosen == finding.code();
                    view! {
                        <label class=format!("radio {}", finding.code())>
                            <input type="radio" name=name.clone() value=finding.code() checked=checked />
                            <span>{i18n::choice(lang, finding)}</span>
                        </label>
                    }.into_any()
                }).collect_view()}
            </div>
            <Why state code=code.clone() label=label.to_owned() draft due=item.may_come_later() />
            <ControlError state control=code />
        </fieldset>
    }
}
