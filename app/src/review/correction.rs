//! Correction of identity data by an office, with a reason (S111).
use super::{
    data::RecordData,
    state::{HiddenFields, ReviewState},
};
use crate::{
    components::{CheckField, Form, PageField, SelectField, TextField},
    i18n,
    lang::lang,
    routes::Page,
};
use forms::{
    Draft, Field,
    choice::{Choice, EthnicGroup, Sex},
    review::{CorrectionDraft, CorrectionReason, ReviewAction},
};
use leptos::prelude::*;

/// Identity data, with a reason (S111).
#[component]
pub(super) fn CorrectForm(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    let posted = state.was_posted(ReviewAction::Correct);
    let rules = data.rule_context.rules();
    let identity = &data.identity;
    let value = |field: Field| {
        if posted { state.initial_value(field.name()).unwrap_or_default() } else { identity.text(field) }
    };
    let values = CorrectionDraft::FIELDS.iter().map(|field| (*field, value(*field))).collect();
    // The problems are those of the last action: the form is checked when it is sent, as all forms of a record are.
    let form = Form::new(values, true, None, CorrectionDraft::FIELDS, move |_| state.problems()).without_hints();
    view! {
        <details class="sheet" open=posted>
            <summary><h2>{i18n::review_correct_title(lang)}</h2></summary>
            <p class="note">{i18n::review_correct_note(lang)}</p>
            <form id="correct" method="post" action=Page::Record(state.id).path() novalidate on:submit=move |event| state.send(&event)>
                <PageField />
                <HiddenFields data=data.clone() action=ReviewAction::Correct />
                <TextField form field=Field::Name />
                <SelectField form field=Field::DocumentType options=i18n::options(lang, rules.documents) />
                <TextField form field=Field::DocumentNumber />
                <CheckField form field=Field::DocumentConfirmed label=i18n::label(lang, Field::DocumentConfirmed) />
                <SelectField form field=Field::Sex required=false options=i18n::options(lang, Sex::ALL) />
                <TextField form field=Field::BirthDate required=false />
                <SelectField form field=Field::EthnicGroup required=false options=i18n::options(lang, EthnicGroup::ALL) />
                <SelectField form field=Field::Reason options=i18n::options(lang, CorrectionReason::ALL) />
                <TextField form field=Field::Note required=false />
                <button class="primary">{i18n::review_correct_button(lang)}</button>
            </form>
        </details>
    }
}
