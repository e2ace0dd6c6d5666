//! Correction of identity data by an office, with a reason (S111).
use super::{
    data::RecordData,
    state::{ControlError, HiddenFields, ReviewState, control_id},
};
use crate::{i18n, lang::lang, routes::Page};
use forms::{
    Field,
    choice::{Choice, DocumentType, EthnicGroup, Sex},
    review::{CorrectionReason, ReviewAction},
};
use leptos::prelude::*;

/// Identity data, with a reason (S111).
#[component]
pub(super) fn CorrectForm(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    let posted = state.was_posted(ReviewAction::Correct);
    let rules = data.rule_context.rules();
    let identity = data.identity.clone();
    let value = move |field: Field| {
        if posted { state.initial_value(field.name()).unwrap_or_default() } else { identity.text(field) }
    };
    let line = |field: Field| {
        let name = field.name();
        let typed = value(field);
        view! {
            <div class="field">
                <label for=format!("f-{name}")>{i18n::label(lang, field)}</label>
                <input id=format!("f-{name}") name=name type="text" value=typed aria-describedby=control_id(name) autocomplete="off" spellcheck="false" />
                <ControlError state control=name.to_owned() />
            </div>
        }
    };
    let list = |field: Field, options: Vec<(String, String)>| {
        let name = field.name();
        let chosen = value(field);
        view! {
            <div class="field">
                <label for=format!("f-{name}")>{i18n::label(lang, field)}</label>
                <select id=format!("f-{name}") name=name aria-describedby=control_id(name)>
                    <option value="" selected=chosen.is_empty()>{i18n::form_choose(lang)}</option>
                    {options.into_iter().map(|(code, label)| {
                        let selected = code == chosen;
                        view! { <option value=code selected=selected>{label}</option> }.into_any()
                    }).collect_view()}
                </select>
                <ControlError state control=name.to_owned() />
            </div>
        }
    };
    view! {
        <details class="sheet" open=posted>
            <summary><h2>{i18n::desk_correct_title(lang)}</h2></summary>
            <p class="note">{i18n::desk_correct_note(lang)}</p>
            <form id="correct" method="post" action=Page::Record(state.id).path() novalidate on:submit=move |event| state.send(&event)>
                <HiddenFields data=data.clone() action=ReviewAction::Correct />
                {line(Field::Name)}
                {list(Field::DocumentType, i18n::options::<DocumentType>(lang, rules.documents))}
                {line(Field::DocumentNumber)}
                {list(Field::Sex, i18n::options(lang, Sex::ALL))}
                {line(Field::BirthDate)}
                {list(Field::EthnicGroup, i18n::options(lang, EthnicGroup::ALL))}
                {list(Field::Reason, i18n::options(lang, CorrectionReason::ALL))}
                {line(Field::Note)}
                <button class="primary">{i18n::desk_correct_button(lang)}</button>
            </form>
        </details>
    }
}
