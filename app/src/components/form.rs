//! A form on the page: what is typed, what is wrong with it, and which of that may be said now.
use crate::{
    i18n,
    lang::lang,
    transport::{NameNote, SubmissionResult, Values},
};
use forms::{Code, Field, Problem, Problems, profile::is_missing, value::ListedName};
use leptos::prelude::*;

/// A form on the page. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Form {
    page: RwSignal<FormState>,
    /// What the rules and the server find wrong, found once for each change however many fields ask.
    found: Memo<Problems>,
}

/// What has happened to a form so far. One signal carries it: every field asks it at each key, which costs microseconds.
#[derive(Clone, PartialEq)]
struct FormState {
    values: Values,
    left: Vec<Field>,
    attempted: bool,
    refused: Problems,
    /// Raised each time an attempt fails, so that the summary takes the focus.
    focus: usize,
    /// Where only some answers may be changed: which ones.
    opened: Option<Vec<Field>>,
    /// Why each of them was returned.
    reasons: Vec<(Field, String)>,
    /// Names that were asked for.
    names: Vec<NameNote>,
}

impl Form {
    /// A form with what was typed before. `judge` is a rule of the forms crate; the server's answer to a post without
    /// script counts as an attempt. In the browser, what stands in the page already was typed before the page woke.
    pub fn new(
        values: Values,
        attempted: bool,
        outcome: Option<SubmissionResult>,
        fields: &[Field],
        judge: impl Fn(&Values) -> Problems + Send + Sync + 'static,
    ) -> Self {
        let attempted = attempted || outcome.is_some();
        let (mut values, refused) = match outcome {
            Some(outcome) => (outcome.values, outcome.problems),
            None => (values, Vec::new()),
        };
        typed_before_waking(fields, &mut values);
        let left = values.iter().filter(|(_, text)| !text.is_empty()).map(|(field, _)| field).collect();
        // Only what the rules here do not find is kept of the server's answer: the rest follows from the answers.
        let own = judge(&values);
        let refused: Problems = refused.into_iter().filter(|problem| !own.contains(problem)).collect();
        let page = RwSignal::new(FormState {
            values,
            left,
            attempted,
            refused,
            focus: usize::from(attempted),
            opened: None,
            reasons: Vec::new(),
            names: Vec::new(),
        });
        let order = fields.to_vec();
        let found = Memo::new(move |_| {
            page.with(|page| {
                let mut problems = judge(&page.values);
                problems.extend(page.refused.iter().copied());
                // The summary goes down the page as the fields do.
                problems.sort_by_key(|problem| order.iter().position(|field| *field == problem.field));
                problems
            })
        });
        Self { page, found }
    }
    /// Only these answers may be changed, for these reasons (X28).
    pub fn open_only(self, opened: Vec<Field>, reasons: Vec<(Field, String)>) {
        self.page.update(|page| (page.opened, page.reasons) = (Some(opened), reasons));
    }
    /// Whether an answer may be changed. Known when the form is made, so it is not followed.
    pub fn is_closed(self, field: Field) -> bool {
        let closed = |page: &FormState| page.opened.as_ref().is_some_and(|opened| !opened.contains(&field));
        field != Field::Declaration && self.page.with_untracked(closed)
    }
    /// Why an answer was returned.
    pub fn reason(self, field: Field) -> Option<String> {
        self.page
            .with_untracked(|page| page.reasons.iter().find(|(own, _)| *own == field).map(|(_, reason)| reason.clone()))
    }
    /// Names that the person asked for, and what became of that.
    pub fn show_notes(self, names: Vec<NameNote>) {
        self.page.update(|page| page.names = names);
    }
    /// The note about the name that is typed in a field, if it was asked for.
    pub fn note_for(self, kind: &str, field: Field) -> Option<String> {
        self.page.with(|page| {
            // Requests hold names as they are judged.
            let typed = ListedName::parse(page.values.get(field)?, "").ok()?;
            page.names.iter().find(|note| note.kind == kind && note.name == typed.name()).map(|note| note.text.clone())
        })
    }
    /// What is typed in a field.
    pub fn get(self, field: Field) -> String {
        self.page.with(|page| page.values.text(field))
    }
    /// Everything typed.
    pub fn values(self) -> Values {
        self.page.with(|page| page.values.clone())
    }
    /// The same without following changes.
    pub fn snapshot(self) -> Values {
        self.page.with_untracked(|page| page.values.clone())
    }
    /// A person typed, or chose.
    pub fn set(self, field: Field, typed: String) {
        self.page.update(|page| {
            page.refused.retain(|problem| problem.field != field);
            page.values.set(field, typed);
        });
    }
    /// A person left a field: from now on it is judged at each key (X37).
    pub fn leave(self, field: Field) {
        if !self.page.with_untracked(|page| page.left.contains(&field)) {
            self.page.update(|page| page.left.push(field));
        }
    }
    /// Everything that is wrong, whether or not it may be said.
    pub fn all_problems(self) -> Problems {
        self.found.get()
    }
    /// What may be said: all after an attempt, before that only what was typed wrongly in a field since left.
    pub fn problems(self) -> Problems {
        let mut all = self.all_problems();
        self.page.with(|page| {
            if !page.attempted {
                all.retain(|problem| page.left.contains(&problem.field) && !is_missing(problem.code));
            }
        });
        all
    }
    /// What may be said about a field.
    pub fn problem(self, field: Field) -> Option<Code> {
        self.problems().into_iter().find(|problem| problem.field == field).map(|problem| problem.code)
    }
    /// The button was pressed. Says whether everything is right; if not, the summary takes the focus.
    pub fn attempt(self) -> bool {
        self.page.update(|page| {
            page.refused.clear();
            page.attempted = true;
        });
        let right = self.all_problems().is_empty();
        if !right {
            self.page.update(|page| page.focus += 1);
        }
        right
    }
    /// The server found something that the rules here cannot know.
    pub fn refuse(self, problems: Vec<Problem>) {
        self.page.update(|page| {
            page.refused = problems;
            page.attempted = true;
            page.focus += 1;
        });
    }
    /// The server found something about a field just left; nothing else is said yet.
    pub fn note(self, problem: Problem) {
        self.leave(problem.field);
        self.page.update(|page| page.refused.push(problem));
    }
    /// Whether the button was pressed.
    pub fn is_attempted(self) -> bool {
        self.page.with(|page| page.attempted)
    }
    /// How often the summary was given the focus.
    fn focus(self) -> usize {
        self.page.with(|page| page.focus)
    }
}

/// Takes over what a person typed into the page before it woke.
fn typed_before_waking(fields: &[Field], values: &mut Values) {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        if !crate::browser::is_hydrating() {
            return;
        }
        let Some(document) = web_sys::window().and_then(|w| w.document()) else { return };
        for field in fields {
            let Some(element) = document.get_element_by_id(&format!("f-{}", field.name())) else { continue };
            let typed = if let Some(input) = element.dyn_ref::<web_sys::HtmlInputElement>() {
                match input.type_().as_str() {
                    "checkbox" => {
                        if input.checked() {
                            "yes".to_owned()
                        } else {
                            String::new()
                        }
                    }
                    "radio" => continue,
                    _ => input.value(),
                }
            } else if let Some(select) = element.dyn_ref::<web_sys::HtmlSelectElement>() {
                select.value()
            } else {
                continue;
            };
            if !typed.is_empty() || values.get(*field).is_some() {
                values.set(*field, typed);
            }
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (fields, values);
}

/// What is wrong, above the form, with links to the fields. Takes the focus when an attempt fails.
#[component]
pub fn ErrorSummary(form: Form, #[prop(optional, into)] extra: Signal<Option<String>>) -> impl IntoView {
    let lang = lang();
    let focus = Memo::new(move |_| form.focus());
    Effect::new(move |_| {
        if focus.get() > 0 {
            crate::browser::focus("summary");
        }
    });
    let shown = move || (form.is_attempted() && !form.all_problems().is_empty()) || extra.get().is_some();
    view! {
        <Show when=shown>
            <div class="summary" id="summary" role="alert" tabindex="-1" aria-labelledby="summary-title">
                <h2 id="summary-title">{i18n::form_summary_title(lang)}</h2>
                {move || extra.get().map(|sentence| view! { <p>{sentence}</p> }.into_any())}
                <ul>
                    {move || form.all_problems().into_iter().map(|problem| view! {
                        <li><a href=format!("#f-{}", problem.field.name()) rel="external">
                            {i18n::form_named(lang, i18n::label(lang, problem.field), i18n::problem(lang, problem.code))}
                        </a></li>
                    }.into_any()).collect_view()}
                </ul>
            </div>
        </Show>
    }
}

/// The first button of a form, which the Enter key presses: what the form is for, whatever other buttons stand before its own.
#[component]
pub fn DefaultButton() -> impl IntoView {
    view! { <button hidden="" tabindex="-1"></button> }
}
