//! What a page of a record knows about the last action: its result, its errors, what was typed.
use super::{
    api::perform_review_action,
    data::{ControlErrors, FORM_CONTROL, RecordData, ReviewResult},
};
use crate::{
    browser::{fields_of_form, focus, submitted_fields},
    components::{FieldMessage, Message, Summary},
    error::AppError,
    i18n,
    lang::{Lang, lang},
    transport::{Encoded, FormFields},
};
use forms::{
    Code, Draft, Field, Problem, Problems,
    choice::Choice,
    draft::TICKED,
    ids::ApplicationId,
    materials::Material,
    review::{ANSWERS, CorrectionDraft, Item, ItemProblem, PaperChangeDraft, ReviewAction, ReviewDraft, ReviewOutcome},
};
use leptos::{prelude::*, task::spawn_local};

/// What the page knows about the last action. One for the whole page, so that it outlives what is rendered again.
#[derive(Clone, Copy)]
pub(super) struct ReviewState {
    pub id: ApplicationId,
    errors: RwSignal<ControlErrors>,
    status_message: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    /// Raised after each action, so that the record is loaded again.
    pub generation: RwSignal<u32>,
    pub data: RwSignal<Option<RecordData>>,
    /// What was posted without script and refused: the forms show it again.
    posted: StoredValue<FormFields>,
}

impl ReviewState {
    /// The state of a page; `result` is what came of a plain post, `done` the message of one that succeeded.
    pub fn new(id: ApplicationId, result: ReviewResult, done: Option<String>) -> Self {
        let ReviewResult { fields, errors, conflict } = result;
        Self {
            id,
            errors: RwSignal::new(errors),
            status_message: RwSignal::new(conflict.then(|| i18n::review_conflict(lang()).to_owned()).or(done)),
            busy: RwSignal::new(false),
            generation: RwSignal::new(0),
            data: RwSignal::new(None),
            posted: StoredValue::new(fields),
        }
    }
    /// Sends the fields of a form, unless the rules find errors here, which are shown at once.
    pub fn send(self, event: &leptos::ev::SubmitEvent) {
        event.prevent_default();
        if self.busy.get_untracked() {
            return;
        }
        let (lang, fields) = (lang(), submitted_fields(event));
        self.status_message.set(None);
        let own = self.data.with_untracked(|data| data.as_ref().map(|data| check(data, &fields)).unwrap_or_default());
        let right = own.is_empty();
        self.errors.set(own);
        if !right {
            focus("review-status");
            return;
        }
        self.busy.set(true);
        spawn_local(async move {
            match perform_review_action(self.id, fields.clone()).await.and_then(Encoded::decode) {
                Ok(errors) if errors.is_empty() => {
                    // What was entered in the checklist and not yet sent stays when another action loads the record again.
                    let assessed = fields.get("do").is_some_and(|code| code == ReviewAction::Assess.code());
                    self.posted.set_value(if assessed { FormFields::new() } else { fields_of_form("assess") });
                    self.status_message.set(status_message_of(lang, &done_code(&fields)));
                    self.generation.update(|generation| *generation += 1);
                }
                Ok(errors) => self.errors.set(errors),
                Err(AppError::Conflict) => self.status_message.set(Some(i18n::review_conflict(lang).to_owned())),
                Err(AppError::SignedOut) => self.status_message.set(Some(i18n::review_signed_out(lang).to_owned())),
                Err(error) => self.status_message.set(Some(error.sentence(lang))),
            }
            self.busy.set(false);
            focus("review-status");
        });
    }
    /// The message of a control that is no field.
    fn message(self, lang: Lang, control: &str) -> Option<Message> {
        let code = self.errors.with(|errors| errors.iter().find(|(own, _)| own == control).map(|(_, code)| *code));
        code.map(|code| Message::Error(control_problem(lang, control, code)))
    }
    /// The problems of the controls that are fields.
    pub fn problems(self) -> Problems {
        let problem = |(control, code): &(String, Code)| Some(Problem { field: Field::parse(control)?, code: *code });
        self.errors.with(|errors| errors.iter().filter_map(problem).collect())
    }
    /// What was typed into a control before the page was rendered again.
    pub fn initial_value(self, control: &str) -> Option<String> {
        self.posted.with_value(|fields| fields.get(control).cloned())
    }
    /// Whether a form was posted and refused, so that it shows what was typed instead of what is stored.
    pub fn was_posted(self, action: ReviewAction) -> bool {
        self.posted.with_value(|fields| fields.get("do").is_some_and(|code| code == action.code()))
    }
}

/// The errors that the rules of the forms crate find, as far as the browser knows what they depend on.
fn check(data: &RecordData, fields: &FormFields) -> ControlErrors {
    let of = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    match ReviewAction::parse(of("do")) {
        Ok(ReviewAction::Assess) => {
            let Ok(outcome) = ReviewOutcome::parse(of("outcome")) else { return ControlErrors::new() };
            let papers = data.papers.iter().copied().map(Item::Paper);
            let items: Vec<Item> = papers.chain(ANSWERS.iter().copied().map(Item::Answer)).collect();
            let pairs: Vec<(&str, String)> = fields.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
            let found = ReviewDraft::from_pairs(&items, &pairs).check(outcome, data.rule_context.today);
            let error =
                |problem: ItemProblem| (problem.item.map_or_else(|| FORM_CONTROL.to_owned(), Item::code), problem.code);
            found.err().unwrap_or_default().into_iter().map(error).collect()
        }
        Ok(ReviewAction::Correct) => {
            let draft = CorrectionDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
            let problems = draft.check(&data.rule_context.context()).err().unwrap_or_default();
            problems.into_iter().map(|problem| (problem.field.name().to_owned(), problem.code)).collect()
        }
        Ok(ReviewAction::ChangePaper) => {
            let draft = PaperChangeDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
            let problems = draft.check(&data.papers, data.rule_context.today).err().unwrap_or_default();
            problems.into_iter().map(|problem| (problem.field.name().to_owned(), problem.code)).collect()
        }
        _ => ControlErrors::new(),
    }
}

/// What an action did, in words, by its code, which stands in the URL after a plain post.
pub(super) fn status_message_of(lang: Lang, code: &str) -> Option<String> {
    i18n::lookup(lang, &format!("review_action.{code}")).map(str::to_owned)
}
/// The code of what was done.
pub(super) fn done_code(fields: &FormFields) -> String {
    let of = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    match (of("do"), of("outcome"), of("yes")) {
        ("assess", outcome, _) => format!("assess_{outcome}"),
        (action @ ("verify" | "settle"), _, yes) => format!("{action}_{}", if yes == TICKED { "yes" } else { "no" }),
        (action, ..) => action.to_owned(),
    }
}

/// The id of the element with the error of a control.
pub(super) fn control_id(control: &str) -> String {
    format!("i-{}", control.replace('.', "-"))
}

/// The label of a control: of a paper, of an answer, of a field.
pub(super) fn control_label(lang: Lang, control: &str) -> &'static str {
    match Item::parse(control) {
        Some(Item::Paper(paper)) => material_name(lang, paper),
        Some(Item::Answer(field)) => i18n::label(lang, field),
        None => match Field::parse(control) {
            Some(field) => i18n::label(lang, field),
            None => i18n::review_form(lang),
        },
    }
}
/// What a code says about a control.
fn control_problem(lang: Lang, control: &str, code: Code) -> String {
    let field = Field::parse(control).unwrap_or(Field::Note);
    i18n::field_problem(lang, field, control_label(lang, control), code)
}
pub(super) fn material_name(lang: Lang, paper: Material) -> &'static str {
    i18n::lookup(lang, &format!("material.{}", paper.key())).unwrap_or_default()
}

/// The message of the last action, or its errors, above the record. It takes the focus after each action.
#[component]
pub(super) fn StatusMessage(state: ReviewState) -> impl IntoView {
    let lang = lang();
    let entry = move |(control, code): (String, Code)| {
        let sentence = control_problem(lang, &control, code);
        let sentence = if code == Code::REQUIRED {
            sentence
        } else {
            i18n::form_named(lang, control_label(lang, &control), sentence)
        };
        // The link leads to the control of a field, and to the message of any other control.
        let id = Field::parse(&control).map_or_else(|| control_id(&control), |field| format!("f-{}", field.name()));
        (id, sentence)
    };
    let entries = Signal::derive(move || state.errors.get().into_iter().map(entry).collect::<Vec<_>>());
    view! {
        <div id="review-status" tabindex="-1" role="status" aria-live="polite">
            {move || state.status_message.get().map(|sentence| view! { <p class="done">{sentence}</p> }.into_any())}
            <Summary entries announced=true />
        </div>
    }
}

/// The message of a control that is no field.
#[component]
pub(super) fn ControlError(state: ReviewState, control: String) -> impl IntoView {
    let lang = lang();
    let id = control_id(&control);
    let message = Signal::derive(move || state.message(lang, &control));
    view! { <FieldMessage id message linked=true /> }
}

/// What every action posts: which one, and the version that was looked at.
#[component]
pub(super) fn HiddenFields(data: RecordData, action: ReviewAction) -> impl IntoView {
    view! {
        <input type="hidden" name="do" value=action.code() />
        <input type="hidden" name="version" value=data.version.to_string() />
    }
}
