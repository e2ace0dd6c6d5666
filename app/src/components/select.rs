//! Lists to choose one entry from: of a form, and of a filter.
use super::{
    FieldFrame, Form,
    field::{FormField, described_by},
    form::typed_before_hydration,
};
use crate::{i18n, lang::lang};
use forms::Field;
use leptos::prelude::*;

/// Options of a list: code and label.
pub type Choices = Vec<(String, String)>;

/// A list of a form to choose one entry from.
#[component]
pub fn SelectField(
    form: Form,
    field: Field,
    #[prop(into)] options: Signal<Choices>,
    #[prop(optional)] optional: bool,
    /// Whether something must be chosen, where the label does not say that it need not.
    #[prop(default = true)]
    required: bool,
    /// Instead of the hint of the locales.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let lang = lang();
    let id = form.id(field);
    let hint = form.hint(lang, field, hint);
    let described_by = Some(described_by(&id, hint.is_some()));
    let value = Signal::derive(move || form.get(field));
    let is_invalid = Signal::derive(move || form.problem(field).is_some());
    let choose = Callback::new(move |code: String| {
        form.set(field, code);
        form.leave(field);
    });
    let (disabled, required) = (form.is_closed(field), required && !optional);
    view! {
        <FormField form field optional hint>
            <Select id=id.clone() name=field.name() none=i18n::form_choose(lang) options value choose disabled required described_by is_invalid />
        </FormField>
    }
}

/// A list of a filter. The first entry, `none`, stands for no filter.
#[component]
pub fn FilterSelect(
    name: &'static str,
    #[prop(into)] label: String,
    options: Choices,
    value: RwSignal<String>,
    none: &'static str,
) -> impl IntoView {
    // Set only after hydration, or the page would differ from the one that the server rendered.
    let chosen_before = typed_before_hydration(&format!("f-{name}"));
    Effect::new(move |_| {
        if let Some(code) = chosen_before.clone() {
            value.set(code);
        }
    });
    let choose = Callback::new(move |code| value.set(code));
    view! {
        <FieldFrame id=name label hint=None>
            <Select id=name.to_owned() name none options=Signal::stored(options) value=value.into() choose described_by=None />
        </FieldFrame>
    }
}

/// The control itself.
#[component]
fn Select(
    id: String,
    name: &'static str,
    /// The first entry, for nothing chosen.
    none: &'static str,
    options: Signal<Choices>,
    value: Signal<String>,
    choose: Callback<String>,
    #[prop(optional)] disabled: bool,
    #[prop(optional)] required: bool,
    described_by: Option<String>,
    #[prop(optional)] is_invalid: Signal<bool>,
) -> impl IntoView {
    view! {
        <select
            id=format!("f-{id}")
            name=name
            disabled=disabled
            aria-describedby=described_by
            aria-required=required.then_some("true")
            aria-invalid=move || is_invalid.get().then_some("true")
            on:change=move |event| choose.run(event_target_value(&event))
        >
            <option value="" selected=value.with_untracked(String::is_empty) prop:selected=move || value.with(String::is_empty)>{none}</option>
            {move || options.get().into_iter().map(|(code, label)| {
                let (own, selected) = (code.clone(), value.with_untracked(|value| *value == code));
                view! { <option value=code selected=selected prop:selected=move || value.with(|value| *value == own)>{label}</option> }.into_any()
            }).collect_view()}
        </select>
    }
}
