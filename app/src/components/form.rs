//! A form on a page: what was typed, the problems with it, and which of them are shown.
use super::Message;
use crate::{
    i18n,
    lang::Lang,
    transport::{NameNote, SubmissionResult, Values},
};
use forms::{
    Code, Field, Problem, Problems,
    choice::{Choice, Province},
    profile::{FieldWarning, id_field, is_missing},
    value::ListedName,
};
use leptos::prelude::*;

/// A form on a page. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Form {
    page: RwSignal<FormState>,
    /// The problems that the rules and the server found, computed once for each change however many fields read them.
    found: Memo<Problems>,
    /// Finds the warning about an answer, where the form has warnings.
    warn: Option<Warn>,
}

/// The state of a form in one signal. Every field reads it at each key, which takes microseconds.
#[derive(Clone, Default, PartialEq)]
struct FormState {
    values: Values,
    /// Fields that a person filled in or left.
    left: Vec<Field>,
    /// The field with a name that is being typed: whether a list has it is said when it is left (S25).
    typing: Option<Field>,
    attempted: bool,
    /// Problems that only the server can find.
    refused: Problems,
    /// Whether something was typed before hydration.
    typed_early: bool,
    /// How many attempts have failed.
    failures: usize,
    /// Where only some answers may be changed: which ones.
    editable: Option<Vec<Field>>,
    /// Why each of them was returned.
    reasons: Vec<(Field, String)>,
    /// The employer that was chosen from the list, by its id, and the region of which the list knows it.
    employer_region: (String, String),
    /// Names that the person requested.
    names: Vec<NameNote>,
    /// Whether hints of the locales are left out.
    is_terse: bool,
    /// Labels that differ from those of the locales.
    labels: Vec<(Field, &'static str)>,
    /// What distinguishes the ids of this form from those of the same form elsewhere on the page.
    id_suffix: String,
}

type Check = Box<dyn Fn(&Values) -> Problems + Send + Sync>;
type Warn = fn(Form, Field, &str) -> Option<FieldWarning>;

impl Form {
    /// A form with what was typed before. `check` is a rule of the forms crate; the server's answer to a post without
    /// script counts as an attempt. In the browser the form starts with what was typed before hydration.
    pub fn new(
        values: Values,
        attempted: bool,
        result: Option<SubmissionResult>,
        fields: &[Field],
        check: impl Fn(&Values) -> Problems + Send + Sync + 'static,
    ) -> Self {
        Self::with_check(values, attempted, result, fields, Box::new(check))
    }
    /// A form of a page without script, as it was posted. The problems are those that the server found.
    #[cfg(feature = "ssr")]
    pub fn posted(values: Values, problems: Problems) -> Self {
        Self::new(values, true, None, &[], move |_| problems.clone()).with_warnings()
    }
    fn with_check(
        values: Values,
        attempted: bool,
        result: Option<SubmissionResult>,
        fields: &[Field],
        check: Check,
    ) -> Self {
        let attempted = attempted || result.is_some();
        let (values, refused) = match result {
            Some(result) => (result.values, result.problems),
            None => (values, Vec::new()),
        };
        let typed = fields.iter().filter_map(|field| {
            let typed = typed_before_hydration(&format!("f-{}", field.name()))?;
            (typed != values.text(*field)).then_some((*field, typed))
        });
        let typed: Vec<(Field, String)> = typed.collect();
        let left = values.iter().filter(|(_, text)| !text.is_empty()).map(|(field, _)| field).collect();
        // Of the server's answer only what the rules here do not find is kept: the rest follows from the answers.
        let own = check(&values);
        let refused: Problems = refused.into_iter().filter(|problem| !own.contains(problem)).collect();
        let failures = usize::from(attempted);
        let page = RwSignal::new(FormState { values, left, attempted, refused, failures, ..FormState::default() });
        let order = fields.to_vec();
        let found = Memo::new(move |_| {
            page.with(|page| {
                let mut problems = check(&page.values);
                problems.extend(page.refused.iter().copied());
                // The summary is in the order of the fields on the page.
                problems.sort_by_key(|problem| order.iter().position(|field| *field == problem.field));
                problems
            })
        });
        let form = Self { page, found, warn: None };
        form.take_over(typed);
        form
    }
    /// Takes over what was typed before hydration. It may bring messages and further fields, which are not in the page of the server: the
    /// page is hydrated as it was sent, and changes afterwards.
    fn take_over(self, typed: Vec<(Field, String)>) {
        if typed.is_empty() {
            return;
        }
        let before = self.snapshot();
        request_animation_frame(move || {
            self.page.try_update(|page| {
                for (field, text) in typed {
                    // What was typed since is newer.
                    if page.values.get(field) == before.get(field) {
                        page.left.extend((!text.is_empty() && !page.left.contains(&field)).then_some(field));
                        page.values.set(field, text);
                        page.typed_early = true;
                    }
                }
            });
        });
    }
    /// Whether something was typed before hydration, which nobody has saved.
    pub fn typed_early(self) -> bool {
        self.page.with_untracked(|page| page.typed_early)
    }
    /// Gives a field another label than that of the locales.
    #[cfg(feature = "ssr")]
    pub fn set_label(self, field: Field, label: &'static str) {
        self.page.update(|page| page.labels.push((field, label)));
    }
    /// The label of a field.
    pub fn label(self, lang: Lang, field: Field) -> &'static str {
        let own = |page: &FormState| page.labels.iter().find(|(own, _)| *own == field).map(|(_, label)| *label);
        self.page.with_untracked(own).unwrap_or_else(|| i18n::label(lang, field))
    }
    /// Warns of answers that are unusual and not wrong. Forms without unusual answers do without the rules that know them.
    pub fn with_warnings(self) -> Self {
        Self { warn: Some(Self::warning), ..self }
    }
    /// Leaves out the hints of the locales and the warnings, which are written for those who fill in a field the first time.
    pub fn without_hints(self) -> Self {
        self.page.update(|page| page.is_terse = true);
        Self { warn: None, ..self }
    }
    fn is_terse(self) -> bool {
        self.page.with_untracked(|page| page.is_terse)
    }
    /// The hint of a field: `own`, or else that of the locales.
    pub(super) fn hint(self, lang: Lang, field: Field, own: Option<String>) -> Option<String> {
        own.or_else(|| i18n::hint(lang, field).filter(|_| !self.is_terse()).map(str::to_owned))
    }
    /// Distinguishes the ids of this form from those of the same form elsewhere on the page.
    #[cfg(feature = "ssr")]
    pub fn set_id_suffix(self, suffix: String) {
        self.page.update(|page| page.id_suffix = suffix);
    }
    /// The id of a field, to which `f-`, `h-` or `e-` is prefixed for its control, its hint and its message.
    pub fn id(self, field: Field) -> String {
        self.page.with_untracked(|page| format!("{}{}", field.name(), page.id_suffix))
    }
    /// Only these answers may be changed, for these reasons (X28).
    pub fn open_only(self, editable: Vec<Field>, reasons: Vec<(Field, String)>) {
        self.page.update(|page| (page.editable, page.reasons) = (Some(editable), reasons));
    }
    /// Whether an answer may not be changed. It is known when the form is made, so it is an untracked read.
    pub fn is_closed(self, field: Field) -> bool {
        let closed = |page: &FormState| page.editable.as_ref().is_some_and(|editable| !editable.contains(&field));
        field != Field::Declaration && self.page.with_untracked(closed)
    }
    /// Why an answer was returned.
    pub fn reason(self, field: Field) -> Option<String> {
        self.page
            .with_untracked(|page| page.reasons.iter().find(|(own, _)| *own == field).map(|(_, reason)| reason.clone()))
    }
    /// Shows notes about names that the person requested.
    pub fn show_notes(self, names: Vec<NameNote>) {
        self.page.update(|page| page.names = names);
    }
    /// Takes note of the region of the employer with an id.
    pub fn set_employer_region(self, id: String, region: String) {
        self.page.update(|page| page.employer_region = (id, region));
    }
    /// The warning about the answer of a field.
    fn warning(self, field: Field, id: &str) -> Option<FieldWarning> {
        if self.page.with(|page| page.typing == Some(field)) {
            return None;
        }
        if field == Field::EmployerProvince {
            let employer = self.get(Field::EmployerId);
            let listed = self.page.with(|page| page.employer_region.clone());
            return FieldWarning::on_region(&self.get(field), &listed.1).filter(|_| listed.0 == employer);
        }
        // Schools outside the mainland number their diplomas as they like.
        if field == Field::DiplomaNumber
            && Province::parse(&self.get(Field::SchoolRegion)).is_ok_and(Province::is_outside_mainland)
        {
            return None;
        }
        // That a list lacks the name is no news to whoever asked for it.
        let is_known = |warning: &FieldWarning| *warning == FieldWarning::NotListed && self.is_requested(field);
        FieldWarning::on(field, &self.get(field), id).filter(|warning| !is_known(warning))
    }
    /// The note about the name that is typed in a field, if it was requested.
    pub fn note_for(self, kind: &str, field: Field) -> Option<String> {
        self.name_note(field, |note| note.kind == kind).map(|note| note.text)
    }
    fn is_requested(self, field: Field) -> bool {
        self.name_note(field, |_| true).is_some()
    }
    fn name_note(self, field: Field, fits: impl Fn(&NameNote) -> bool) -> Option<NameNote> {
        self.page.with(|page| {
            // Requests hold names as they are checked.
            let typed = ListedName::parse(page.values.get(field)?, "").ok()?;
            page.names.iter().find(|note| fits(note) && note.name == typed.name()).cloned()
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
    /// The same as an untracked read.
    pub fn snapshot(self) -> Values {
        self.page.with_untracked(|page| page.values.clone())
    }
    /// Stores what a person typed or chose. Problems that the server found with the field no longer apply.
    pub fn set(self, field: Field, typed: String) {
        self.page.update(|page| {
            page.refused.retain(|problem| problem.field != field);
            page.values.set(field, typed);
        });
    }
    /// Records that a person left a field that is typed in: it shows from now on what was understood.
    pub(super) fn leave_typed(self, field: Field) {
        let typed = self.page.with_untracked(|page| page.values.text(field));
        let read = forms::tidy(field, &typed);
        if read != typed {
            self.page.update(|page| page.values.set(field, read));
        }
        self.leave(field);
    }
    /// Stores a part of a name that a person is typing.
    pub(super) fn type_name(self, field: Field, typed: String) {
        self.set(field, typed);
        self.page.update(|page| page.typing = Some(field));
    }
    /// Records that a person left a field: from now on its problems are shown at each key (X37).
    pub fn leave(self, field: Field) {
        if self.page.with_untracked(|page| page.typing == Some(field)) {
            self.page.update(|page| page.typing = None);
        }
        if !self.page.with_untracked(|page| page.left.contains(&field)) {
            self.page.update(|page| page.left.push(field));
        }
    }
    /// All problems, whether or not they are shown.
    pub fn all_problems(self) -> Problems {
        self.found.get()
    }
    /// The problems that are shown: all after an attempt, before that only those of fields that were left with something
    /// typed.
    pub fn problems(self) -> Problems {
        let mut all = self.all_problems();
        self.page.with(|page| {
            if !page.attempted {
                all.retain(|problem| page.left.contains(&problem.field) && !is_missing(problem.code));
            }
        });
        all
    }
    /// The problem that is shown at a field.
    pub fn problem(self, field: Field) -> Option<Code> {
        self.problems().into_iter().find(|problem| problem.field == field).map(|problem| problem.code)
    }
    /// The message of a field: its problem, or else what is known about the name in it.
    pub fn message(self, lang: Lang, field: Field) -> Option<Message> {
        if let Some(code) = self.problem(field) {
            return Some(Message::Error(i18n::field_problem(lang, field, self.label(lang, field), code)));
        }
        let id = id_field(field).map(|id| self.get(id)).unwrap_or_default();
        if let Some(warning) = self.warn.and_then(|warn| warn(self, field, &id)) {
            let sentence = i18n::lookup(lang, &format!("field_warning.{}", warning.key())).unwrap_or_default();
            return Some(Message::Warning(sentence.to_owned()));
        }
        (!id.is_empty()).then(|| Message::Listed(i18n::lookup_listed(lang).to_owned()))
    }
    /// Counts the submission as an attempt. Answers whether there are no problems; otherwise the summary takes the focus.
    pub fn attempt(self) -> bool {
        self.page.update(|page| {
            page.refused.clear();
            page.attempted = true;
        });
        let is_right = self.all_problems().is_empty();
        if !is_right {
            self.page.update(|page| page.failures += 1);
        }
        is_right
    }
    /// Takes the problems that the server found and the rules here cannot know.
    pub fn refuse(self, problems: Vec<Problem>) {
        self.page.update(|page| {
            page.refused = problems;
            page.attempted = true;
            page.failures += 1;
        });
    }
    /// Takes a problem that the server found with a field just left; nothing else is shown yet.
    pub fn note(self, problem: Problem) {
        self.leave(problem.field);
        self.page.update(|page| page.refused.push(problem));
    }
    /// Whether the form was submitted.
    pub fn is_attempted(self) -> bool {
        self.page.with(|page| page.attempted)
    }
    /// How many attempts have failed.
    pub(super) fn failures(self) -> usize {
        self.page.with(|page| page.failures)
    }
}

/// What was typed into the control with an id before the page was hydrated.
pub(super) fn typed_before_hydration(id: &str) -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        if !crate::browser::is_hydrating() {
            return None;
        }
        let element = web_sys::window()?.document()?.get_element_by_id(id)?;
        if let Some(select) = element.dyn_ref::<web_sys::HtmlSelectElement>() {
            // A list that lacks the stored code shows its first entry, which nobody chose.
            let chosen = select.value();
            return (!chosen.is_empty() || element.has_attribute("data-typed")).then_some(chosen);
        }
        let input = element.dyn_ref::<web_sys::HtmlInputElement>()?;
        match input.type_().as_str() {
            "checkbox" if input.checked() => Some(forms::draft::TICKED.to_owned()),
            "checkbox" => Some(String::new()),
            "radio" => None,
            _ => Some(input.value()),
        }
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        None
    }
}

/// The first button of a form, which the Enter key presses: it submits the form even where a button with another purpose
/// comes before the visible one.
#[component]
pub fn DefaultButton() -> impl IntoView {
    view! { <button hidden="" tabindex="-1"></button> }
}
