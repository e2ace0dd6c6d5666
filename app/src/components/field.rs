//! Fields of forms: label, hint, control and message, tied to each other by ids.
//!
//! The ids of a field derive from its name: `f-…` is the control, `h-…` the hint, `e-…` the message.
use super::Form;
use crate::{i18n, lang::lang};
use forms::{Field, draft::TICKED};
use leptos::prelude::*;

/// The ids that describe a control: of its hint and of its message.
pub(super) fn described_by(id: &str, has_hint: bool) -> String {
    if has_hint { format!("h-{id} e-{id}") } else { format!("e-{id}") }
}

/// A message below a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Error(String),
    /// A warning, which does not prevent the submission.
    Warning(String),
    /// The name is in the dictionary.
    Listed(String),
}
impl Message {
    /// The class of the field that has it.
    const fn field_class(&self) -> &'static str {
        match self {
            Self::Error(_) => "field wrong",
            Self::Warning(_) => "field advised",
            Self::Listed(_) => "field listed",
        }
    }
    fn render(self) -> AnyView {
        let (class, sentence) = match self {
            Self::Error(sentence) => ("say-wrong", sentence),
            Self::Warning(sentence) => ("say-warning", sentence),
            Self::Listed(sentence) => ("say-listed", sentence),
        };
        view! { <span class=class>{sentence}</span> }.into_any()
    }
}

/// The place of a message.
#[component]
pub fn FieldMessage(
    #[prop(into)] id: String,
    #[prop(into)] message: Signal<Option<Message>>,
    /// Whether the error summary links here, for want of a control that could be linked to.
    #[prop(optional)]
    linked: bool,
) -> impl IntoView {
    view! {
        <p class="error" id=id tabindex=linked.then_some("-1")>{move || message.get().map(Message::render)}</p>
    }
}

/// What surrounds a control: label, hint and message. The control is the element with the id `f-{id}` among the children.
#[component]
pub fn FieldFrame(
    #[prop(into)] id: String,
    #[prop(into)] label: String,
    /// Whether the label says that the field may stay empty.
    #[prop(optional)]
    optional: bool,
    hint: Option<String>,
    /// Without it there is no place for a message.
    #[prop(optional)]
    message: Option<Signal<Option<Message>>>,
    children: Children,
) -> impl IntoView {
    let lang = lang();
    let class = move || {
        let message = message.and_then(|message| message.get());
        message.as_ref().map_or("field", Message::field_class)
    };
    view! {
        <div class=class>
            <label for=format!("f-{id}")>
                {label}
                {optional.then(|| view! { <span class="optional">{i18n::form_optional(lang)}</span> }.into_any())}
            </label>
            {hint.map(|hint| view! { <p class="hint" id=format!("h-{id}")>{hint}</p> }.into_any())}
            {children()}
            {message.map(|message| view! { <FieldMessage id=format!("e-{id}") message /> }.into_any())}
        </div>
    }
}

/// The frame of a field of a form, with the messages that the form has for it.
#[component]
pub(super) fn FormField(
    form: Form,
    field: Field,
    #[prop(optional)] optional: bool,
    hint: Option<String>,
    children: Children,
) -> impl IntoView {
    let lang = lang();
    let message = Signal::derive(move || form.message(lang, field));
    view! {
        <FieldFrame id=form.id(field) label=form.label(lang, field) optional hint message>
            <Returned form field />
            {children()}
        </FieldFrame>
    }
}

/// Why an answer was returned, beside it.
#[component]
pub fn Returned(form: Form, field: Field) -> impl IntoView {
    let lang = lang();
    form.reason(field).map(|reason| view! { <p class="sent-back">{i18n::returned_reason(lang, reason)}</p> }.into_any())
}

/// A text input. A password is never written into the page.
#[component]
pub fn TextField(
    form: Form,
    field: Field,
    #[prop(optional)] optional: bool,
    /// Whether it must be filled in, where the label does not say that it need not.
    #[prop(default = true)]
    required: bool,
    /// The type of the control.
    #[prop(default = "text")]
    kind: &'static str,
    #[prop(optional)] mode: Option<&'static str>,
    #[prop(default = "off")] autocomplete: &'static str,
    #[prop(optional)] placeholder: Option<&'static str>,
    /// The media types of a file.
    #[prop(optional)]
    accept: Option<&'static str>,
    #[prop(optional)] short: bool,
    /// Whether a page that has just been loaded starts here.
    #[prop(optional)]
    autofocus: bool,
    /// Instead of the hint of the locales.
    #[prop(optional, into)]
    hint: Option<String>,
) -> impl IntoView {
    let id = form.id(field);
    let hint = form.hint(lang(), field, hint);
    let described_by = described_by(&id, hint.is_some());
    let initial = if kind == "password" { String::new() } else { form.snapshot().text(field) };
    view! {
        <FormField form field optional hint>
            <input
                id=format!("f-{id}")
                name=field.name()
                type=kind
                class=short.then_some("short")
                inputmode=mode
                autocomplete=(kind != "file").then_some(autocomplete)
                placeholder=placeholder
                accept=accept
                spellcheck="false"
                autocapitalize="off"
                readonly=form.is_closed(field)
                autofocus=autofocus
                value=initial
                prop:value=move || form.get(field)
                aria-describedby=described_by
                aria-required=(required && !optional).then_some("true")
                aria-invalid=move || form.problem(field).map(|_| "true")
                on:input=move |event| form.set(field, event_target_value(&event))
                on:change=move |_| form.leave_typed(field)
                on:blur=move |_| form.leave_typed(field)
            />
        </FormField>
    }
}

/// A box to tick.
#[component]
pub fn CheckField(form: Form, field: Field, #[prop(into)] label: String) -> impl IntoView {
    let lang = lang();
    let id = form.id(field);
    let message = Signal::derive(move || form.message(lang, field));
    view! {
        <div class=move || if form.problem(field).is_some() { "field check wrong" } else { "field check" }>
            <label>
                <input
                    type="checkbox"
                    id=format!("f-{id}")
                    name=field.name()
                    disabled=form.is_closed(field)
                    value=TICKED
                    checked=form.snapshot().get(field).is_some_and(|v| v == TICKED)
                    prop:checked=move || form.get(field) == TICKED
                    aria-describedby=described_by(&id, false)
                    aria-invalid=move || form.problem(field).map(|_| "true")
                    on:change=move |event| form.set(field, if event_target_checked(&event) { TICKED.to_owned() } else { String::new() })
                />
                <span>{label}</span>
            </label>
            <FieldMessage id=format!("e-{id}") message />
        </div>
    }
}

/// A line of a list of facts.
#[component]
pub fn Fact(#[prop(into)] label: String, #[prop(into)] value: String) -> impl IntoView {
    view! { <div class="fact"><dt>{label}</dt><dd>{if value.is_empty() { "—".to_owned() } else { value }}</dd></div> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::{super::ErrorSummary, *};
    use crate::transport::Values;
    use forms::{Problem, problem::AccountProblem};

    /// Renders what a page without script shows of a form that was posted and refused.
    fn html(render: impl FnOnce(Form) -> AnyView) -> String {
        let values =
            Values::from_iter([(Field::Username, "zhang_san".to_owned()), (Field::Password, "Geheim-2021".to_owned())]);
        let problem = Problem { field: Field::Username, code: AccountProblem::Throttled.into() };
        Owner::new_root(None).with(|| render(Form::posted(values, vec![problem])).to_html())
    }

    #[test]
    fn what_was_posted_stands_in_the_field_again() {
        let html = html(|form| view! { <TextField form field=Field::Username /> }.into_any());
        assert!(html.contains("value=\"zhang_san\""), "{html}");
    }

    #[test]
    fn a_posted_password_is_never_written_into_the_page() {
        let html = html(|form| view! { <TextField form field=Field::Password kind="password" /> }.into_any());
        assert!(html.contains("type=\"password\"") && !html.contains("Geheim"), "{html}");
    }

    #[test]
    fn the_problem_of_a_field_describes_its_control() {
        let html = html(|form| view! { <TextField form field=Field::Username /> }.into_any());
        assert!(html.contains("aria-describedby=\"h-username e-username\"") && html.contains("aria-invalid=\"true\""));
        let message = html.split_once("id=\"e-username\"").map(|(_, message)| message);
        assert!(message.is_some_and(|message| message.contains("class=\"say-wrong\"")), "{html}");
    }

    #[test]
    fn the_summary_takes_the_focus_without_script_and_links_to_the_field() {
        let html = html(|form| view! { <ErrorSummary form /> }.into_any());
        assert!(html.contains("autofocus") && html.contains("tabindex=\"-1\""), "{html}");
        assert!(html.contains("href=\"#f-username\""), "{html}");
    }

    #[test]
    fn a_form_that_is_on_the_page_several_times_has_ids_of_its_own() {
        let html = html(|form| {
            form.set_id_suffix("-2".to_owned());
            view! { <ErrorSummary form /><TextField form field=Field::Username /> }.into_any()
        });
        for part in ["href=\"#f-username-2\"", "for=\"f-username-2\"", "id=\"f-username-2\"", "id=\"e-username-2\""] {
            assert!(html.contains(part), "{part} is not in {html}");
        }
        assert!(html.contains("name=\"username\""), "{html}");
    }
}
