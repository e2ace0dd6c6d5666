//! Inputs and the summary of forms that need no script.
use crate::{
    lang::Lang,
    markup::{Markup, Pieces, view},
    text,
};
use forms::{Field, Problem};

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
}
impl Input {
    /// An empty one that must be filled in.
    pub const fn new(field: Field, kind: &'static str, autocomplete: &'static str) -> Self {
        Self { field, kind, autocomplete, value: String::new(), hint: None, required: true }
    }
    /// The input as a piece of a page.
    pub fn draw(self, lang: Lang, problems: &[Problem], label: impl Fn(Field) -> &'static str) -> Markup {
        let name = self.field.name();
        let wrong = problems.iter().find(|p| p.field == self.field).map(|p| text::problem(lang, p.code));
        let is_wrong = wrong.is_some();
        let told = if self.hint.is_some() { format!("h-{name} e-{name}") } else { format!("e-{name}") };
        view! {
            <div class=if is_wrong { "field wrong" } else { "field" }>
                <label for=format!("f-{name}")>{label(self.field)}</label>
                {self.hint.map(|hint| view! { <p class="hint" id=format!("h-{name}")>{hint}</p> })}
                <input id=format!("f-{name}") name=name type=self.kind value=self.value autocomplete=self.autocomplete autocapitalize="off" spellcheck="false"
                    aria-describedby=told aria-required=self.required.then_some("true") aria-invalid=is_wrong.then_some("true") />
                <p class="error" id=format!("e-{name}")>{wrong.map(|s| view! { <span class="say-wrong">{s}</span> })}</p>
            </div>
        }
    }
}

/// What is wrong with a form, each with a way to its field. It takes the focus.
pub fn summary(lang: Lang, problems: &[Problem], label: impl Fn(Field) -> &'static str) -> Option<Markup> {
    (!problems.is_empty()).then(|| {
        view! {
            <div class="summary" role="alert" tabindex="-1" autofocus="">
                <h2>{text::form_summary_title(lang)}</h2>
                <ul>{problems.iter().map(|p| view! {
                    <li><a href=format!("#f-{}", p.field.name())>{text::form_named(lang, label(p.field), text::problem(lang, p.code))}</a></li>
                }).pieces()}</ul>
            </div>
        }
    })
}
