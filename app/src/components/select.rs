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
    let (none, required) = (i18n::form_choose(lang), required && !optional);
    view! {
        <FormField form field optional hint>
            <Select target=Target::Field(form, field) id=id.clone() name=field.name() none options required described_by />
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
    if let Some(code) = typed_before_hydration(&format!("f-{name}")) {
        request_animation_frame(move || {
            value.try_set(code);
        });
    }
    view! {
        <FieldFrame id=name label hint=None>
            <Select target=Target::Filter(value) id=name.to_owned() name none options=Signal::stored(options) described_by=None />
        </FieldFrame>
    }
}

/// What the chosen code is written to.
#[derive(Clone, Copy)]
enum Target {
    Field(Form, Field),
    Filter(RwSignal<String>),
}
impl Target {
    fn get(self) -> String {
        match self {
            Self::Field(form, field) => form.get(field),
            Self::Filter(value) => value.get(),
        }
    }
    fn choose(self, code: String) {
        match self {
            Self::Field(form, field) => {
                form.set(field, code);
                form.leave(field);
            }
            Self::Filter(value) => value.set(code),
        }
    }
    fn is_closed(self) -> bool {
        matches!(self, Self::Field(form, field) if form.is_closed(field))
    }
    fn is_invalid(self) -> bool {
        matches!(self, Self::Field(form, field) if form.problem(field).is_some())
    }
}

/// The control itself.
#[component]
fn Select(
    target: Target,
    id: String,
    name: &'static str,
    /// The first entry, for nothing chosen.
    none: &'static str,
    options: Signal<Choices>,
    #[prop(optional)] required: bool,
    described_by: Option<String>,
) -> impl IntoView {
    let initial = untrack(|| target.get());
    view! {
        <select
            id=format!("f-{id}")
            name=name
            disabled=target.is_closed()
            aria-describedby=described_by
            aria-required=required.then_some("true")
            aria-invalid=move || target.is_invalid().then_some("true")
            on:change=move |event| target.choose(event_target_value(&event))
        >
            <option value="" selected=initial.is_empty() prop:selected=move || target.get().is_empty()>{none}</option>
            {move || options.get().into_iter().map(|(code, label)| {
                let (own, selected) = (code.clone(), untrack(|| target.get()) == code);
                view! { <option value=code selected=selected prop:selected=move || target.get() == own>{label}</option> }.into_any()
            }).collect_view()}
        </select>
    }
}
