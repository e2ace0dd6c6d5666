//! Label, hint, control and error of a field, tied together for those who cannot see that they belong together.
use super::Form;
use crate::{i18n, lang::lang};
use forms::{
    Field,
    draft::TICKED,
    profile::{FieldWarning, id_field},
};
use leptos::prelude::*;

/// Options of a list: code and label.
pub type Choices = Vec<(String, String)>;

/// The ids that describe a control: its hint, its warning and its error.
fn described_by(name: &'static str, has_hint: bool) -> String {
    if has_hint { format!("h-{name} e-{name}") } else { format!("e-{name}") }
}

/// What surrounds a control: label, hint, error, and a warning that is no error.
#[component]
pub fn FieldShell(
    form: Form,
    field: Field,
    #[prop(optional)] optional: bool,
    #[prop(optional, into)] hint: Option<String>,
    children: Children,
) -> impl IntoView {
    let lang = lang();
    let name = field.name();
    let hint = hint.or_else(|| i18n::hint(lang, field).map(str::to_owned));
    let problem = Memo::new(move |_| form.problem(field));
    let warning = move || {
        let id = id_field(field).map(|id| form.get(id)).unwrap_or_default();
        problem.get().is_none().then(|| FieldWarning::on(field, &form.get(field), &id)).flatten()
    };
    let listed = move || id_field(field).is_some_and(|id| !form.get(id).is_empty());
    let class = move || {
        let state = match (problem.get().is_some(), warning().is_some(), listed()) {
            (true, ..) => " wrong",
            (_, true, _) => " advised",
            (.., true) => " listed",
            _ => "",
        };
        format!("field{state}")
    };
    view! {
        <div class=class>
            <label for=format!("f-{name}")>
                {i18n::label(lang, field)}
                {optional.then(|| view! { <span class="optional">{i18n::form_optional(lang)}</span> }.into_any())}
            </label>
            {hint.map(|hint| view! { <p class="hint" id=format!("h-{name}")>{hint}</p> }.into_any())}
            <Returned form field />
            {children()}
            <p class="error" id=format!("e-{name}")>
                {move || match (problem.get(), warning()) {
                    (Some(code), _) => Some(view! { <span class="say-wrong">{i18n::problem(lang, code)}</span> }.into_any()),
                    (None, Some(warning)) => {
                        let sentence = i18n::lookup(lang, &format!("field_warning.{}", warning.key())).unwrap_or_default();
                        Some(view! { <span class="say-advice">{sentence}</span> }.into_any())
                    }
                    _ if listed() => Some(view! { <span class="say-listed">{i18n::lookup_listed(lang)}</span> }.into_any()),
                    _ => None,
                }}
            </p>
        </div>
    }
}

/// Why an answer was returned, beside it.
#[component]
pub fn Returned(form: Form, field: Field) -> impl IntoView {
    let lang = lang();
    form.reason(field).map(|reason| view! { <p class="sent-back">{i18n::returned_reason(lang, reason)}</p> }.into_any())
}

/// A line of text.
#[component]
pub fn TextField(
    form: Form,
    field: Field,
    #[prop(optional)] optional: bool,
    #[prop(optional)] kind: Option<&'static str>,
    #[prop(optional)] mode: Option<&'static str>,
    #[prop(optional)] autocomplete: Option<&'static str>,
    #[prop(optional)] placeholder: Option<&'static str>,
    #[prop(optional)] short: bool,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let name = field.name();
    let has_hint = hint.is_some() || i18n::hint(lang(), field).is_some();
    let secret = kind == Some("password");
    let initial = if secret { String::new() } else { form.snapshot().text(field) };
    view! {
        <FieldShell form field optional hint=hint.unwrap_or_else(|| i18n::hint(lang(), field).unwrap_or_default().to_owned())>
            <input
                id=format!("f-{name}")
                name=name
                type=kind.unwrap_or("text")
                class=if short { "short" } else { "" }
                inputmode=mode
                autocomplete=autocomplete.unwrap_or("off")
                placeholder=placeholder
                spellcheck="false"
                autocapitalize="off"
                readonly=form.is_closed(field)
                value=initial
                prop:value=move || form.get(field)
                aria-describedby=described_by(name, has_hint)
                aria-required=(!optional).then_some("true")
                aria-invalid=move || form.problem(field).map(|_| "true")
                on:input=move |event| form.set(field, event_target_value(&event))
                on:change=move |_| form.leave(field)
                on:blur=move |_| form.leave(field)
            />
        </FieldShell>
    }
}

/// A list to choose one from.
#[component]
pub fn SelectField(
    form: Form,
    field: Field,
    #[prop(into)] options: Signal<Choices>,
    #[prop(optional)] optional: bool,
    #[prop(optional, into)] hint: Option<String>,
) -> impl IntoView {
    let lang = lang();
    let name = field.name();
    let has_hint = hint.is_some() || i18n::hint(lang, field).is_some();
    let chosen = form.snapshot().text(field);
    view! {
        <FieldShell form field optional hint=hint.unwrap_or_else(|| i18n::hint(lang, field).unwrap_or_default().to_owned())>
            <select
                id=format!("f-{name}")
                name=name
                disabled=form.is_closed(field)
                aria-describedby=described_by(name, has_hint)
                aria-required=(!optional).then_some("true")
                aria-invalid=move || form.problem(field).map(|_| "true")
                on:change=move |event| {
                    form.set(field, event_target_value(&event));
                    form.leave(field);
                }
            >
                <option value="" selected=chosen.is_empty() prop:selected=move || form.get(field).is_empty()>{i18n::form_choose(lang)}</option>
                {move || options.get().into_iter().map(|(code, label)| {
                    let (own, selected) = (code.clone(), form.snapshot().get(field) == Some(code.as_str()));
                    view! { <option value=code selected=selected prop:selected=move || form.get(field) == own>{label}</option> }.into_any()
                }).collect_view()}
            </select>
        </FieldShell>
    }
}

/// A box to tick.
#[component]
pub fn CheckField(form: Form, field: Field, #[prop(into)] label: String) -> impl IntoView {
    let lang = lang();
    let name = field.name();
    view! {
        <div class=move || if form.problem(field).is_some() { "field check wrong" } else { "field check" }>
            <label>
                <input
                    type="checkbox"
                    id=format!("f-{name}")
                    name=name
                    disabled=form.is_closed(field)
                    value=TICKED
                    checked=form.snapshot().get(field).is_some_and(|v| v == TICKED)
                    prop:checked=move || form.get(field) == TICKED
                    aria-describedby=format!("e-{name}")
                    aria-invalid=move || form.problem(field).map(|_| "true")
                    on:change=move |event| form.set(field, if event_target_checked(&event) { TICKED.to_owned() } else { String::new() })
                />
                <span>{label}</span>
            </label>
            <p class="error" id=format!("e-{name}")>
                {move || form.problem(field).map(|code| view! { <span class="say-wrong">{i18n::problem(lang, code)}</span> }.into_any())}
            </p>
        </div>
    }
}

/// A line of a list of facts.
#[component]
pub fn Fact(#[prop(into)] label: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <div class="fact"><dt>{label}</dt><dd>{if value.is_empty() { "—".to_owned() } else { value }}</dd></div> }
}
