//! Changes of the list of papers by a site, with a reason (S148).
use super::{
    data::RecordData,
    state::{HiddenFields, ReviewState, material_name},
};
use crate::{
    components::{Form, PageField, SelectField, TextField},
    i18n,
    lang::lang,
    routes::Page,
};
use forms::{
    Draft, Field,
    choice::Choice,
    review::{PaperChangeDraft, PaperReason, ReviewAction},
};
use leptos::prelude::*;

/// Asks for a paper or drops it.
#[component]
pub(super) fn PaperChangeForm(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    let posted = state.was_posted(ReviewAction::ChangePaper);
    let value = |field: Field| {
        if posted { state.initial_value(field.name()).unwrap_or_default() } else { String::new() }
    };
    let values = PaperChangeDraft::FIELDS.iter().map(|field| (*field, value(*field))).collect();
    let form = Form::new(values, true, None, PaperChangeDraft::FIELDS, move |_| state.problems()).without_hints();
    let option = |(paper, asked)| {
        let name = material_name(lang, paper);
        let label = if asked { i18n::review_paper_ask(lang, name) } else { i18n::review_paper_drop(lang, name) };
        (PaperChangeDraft::code(paper, asked), label)
    };
    let options: Vec<(String, String)> = PaperChangeDraft::choices(&data.papers).into_iter().map(option).collect();
    view! {
        <details class="sheet" open=posted>
            <summary><h2>{i18n::review_paper_title(lang)}</h2></summary>
            <p class="note">{i18n::review_paper_note(lang)}</p>
            <form id="change-paper" method="post" action=Page::Record(state.id).path() novalidate on:submit=move |event| state.send(&event)>
                <PageField />
                <HiddenFields data=data.clone() action=ReviewAction::ChangePaper />
                <SelectField form field=Field::PaperChange options />
                <SelectField form field=Field::PaperReason options=i18n::options(lang, PaperReason::ALL) />
                <TextField form field=Field::PaperNote required=false />
                <button class="primary">{i18n::review_paper_button(lang)}</button>
            </form>
        </details>
    }
}
