//! Inputs and the summary of forms that need no script.
use crate::{i18n, lang::Lang};
use forms::{Field, Problem};
use leptos::prelude::*;

/// A text input with its label, hint and message.
pub struct Input {
    /// Which field it is.
    pub field: Field,
    /// The type of the control.
    pub kind: &'static str,
    /// What the browser may fill in.
    pub autocomplete: &'static str,
    /// What it holds; a password never.
    pub value: String,
    /// What to know before typing.
    pub hint: Option<String>,
    /// Whether it must be filled in.
    pub required: bool,
    /// For a file, the media types it may have.
    pub accept: Option<&'static str>,
}
impl Input {
    /// An empty one that must be filled in.
    pub const fn new(field: Field, kind: &'static str, autocomplete: &'static str) -> Self {
        Self { field, kind, autocomplete, value: String::new(), hint: None, required: true, accept: None }
    }
    /// The input as a piece of a page.
    pub fn draw(self, lang: Lang, problems: &[Problem], label: impl Fn(Field) -> &'static str) -> AnyView {
        let name = self.field.name();
        labelled(lang, self.field, label(self.field), self.hint, problems, |told, wrong| {
            view! {
                <input id=format!("f-{name}") name=name type=self.kind value=self.value autocomplete=self.autocomplete autocapitalize="off" spellcheck="false"
                    accept=self.accept aria-describedby=told aria-required=self.required.then_some("true") aria-invalid=wrong.then_some("true") />
            }.into_any()
        })
    }
}

/// A list to choose one from, with its label and message.
pub struct Select {
    /// Which field it is.
    pub field: Field,
    /// The first entry, which stands for nothing chosen.
    pub none: &'static str,
    /// Codes and labels.
    pub options: Vec<(String, String)>,
    /// The code that is chosen.
    pub value: String,
    /// What to know before choosing.
    pub hint: Option<String>,
}
impl Select {
    /// The list as a piece of a page.
    pub fn draw(self, lang: Lang, problems: &[Problem]) -> AnyView {
        let name = self.field.name();
        let chosen = self.value;
        labelled(lang, self.field, i18n::label(lang, self.field), self.hint, problems, |told, wrong| {
            view! {
                <select id=format!("f-{name}") name=name aria-describedby=told aria-invalid=wrong.then_some("true")>
                    <option value="" selected=chosen.is_empty()>{self.none}</option>
                    {self.options.into_iter().map(|(code, label)| {
                        let selected = code == chosen;
                        view! { <option value=code selected=selected>{label}</option> }
                    }).collect_view()}
                </select>
            }
            .into_any()
        })
    }
}

/// What surrounds a control. The control is told the ids that describe it, and whether it is wrong.
fn labelled(
    lang: Lang,
    field: Field,
    label: &'static str,
    hint: Option<String>,
    problems: &[Problem],
    control: impl FnOnce(String, bool) -> AnyView,
) -> AnyView {
    let name = field.name();
    let wrong = problems.iter().find(|p| p.field == field).map(|p| i18n::problem(lang, p.code));
    let is_wrong = wrong.is_some();
    let told = if hint.is_some() { format!("h-{name} e-{name}") } else { format!("e-{name}") };
    view! {
        <div class=if is_wrong { "field wrong" } else { "field" }>
            <label for=format!("f-{name}")>{label}</label>
            {hint.map(|hint| view! { <p class="hint" id=format!("h-{name}")>{hint}</p> })}
            {control(told, is_wrong)}
            <p class="error" id=format!("e-{name}")>{wrong.map(|s| view! { <span class="say-wrong">{s}</span> })}</p>
        </div>
    }
    .into_any()
}

/// What is wrong with a form, each with a way to its field. It takes the focus.
pub fn summary(lang: Lang, problems: &[Problem], label: impl Fn(Field) -> &'static str) -> Option<impl IntoView> {
    (!problems.is_empty()).then(|| {
        view! {
            <div class="summary" role="alert" tabindex="-1" autofocus="">
                <h2>{i18n::form_summary_title(lang)}</h2>
                <ul>{problems.iter().map(|p| view! {
                    <li><a href=format!("#f-{}", p.field.name())>{i18n::form_named(lang, label(p.field), i18n::problem(lang, p.code))}</a></li>
                }).collect_view()}</ul>
            </div>
        }
    })
}
