//! The form of a step of the wizard: its answers, their problems, how it is saved and what follows.
use super::{
    api::{load_wizard, save_wizard_step, submit_application},
    data::{ApplyResult, WizardData, submitted},
};
use crate::{
    browser::{Navigator, navigate_to, navigator},
    components::{Form, Saver},
    routes::Page,
    transport::{Encoded, FormFields, SaveResult, SubmissionResult, Values, to_fields},
};
use forms::{
    Field, Problems,
    application::ApplicationDraft,
    ids::{ApplicationId, PhotoId},
    journey::Step,
    status::ApplicationStatus,
};
use leptos::{prelude::*, task::spawn_local};

/// What follows a save.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Advance {
    /// Nothing: it was an autosave.
    Stay,
    /// Another step.
    To(Step),
    /// The submission.
    Submit,
}

/// What is particular to a step: its fields, their rules and how they are shown. The wizard reaches the later steps through
/// this alone, so that the rules of all answers are in the chunk of these steps and not in the main one.
pub(super) trait StepRules: Send + Sync {
    /// The fields of the step.
    fn fields(&self, step: Step) -> Vec<Field>;
    /// Its answers as they were saved.
    fn answers(&self, draft: &ApplicationDraft, step: Step) -> Vec<(Field, String)>;
    /// What stands in the fields that were not answered yet.
    fn preset(&self, data: &WizardData, step: Step) -> Option<(Field, String)>;
    /// What is wrong with the answers that stand on the page.
    fn problems(&self, data: &WizardData, step: Step, values: &Values, photo: Option<PhotoId>) -> Problems;
    /// Adds to a new form what only this step has.
    fn form(&self, form: Form) -> Form;
    /// The fields as they are shown.
    fn view(&self, form: Form, step: Step, data: WizardData, photo: RwSignal<Option<PhotoId>>) -> AnyView;
}

/// The form of a step. Cheap to copy.
#[derive(Clone, Copy)]
pub(super) struct WizardForm {
    id: ApplicationId,
    /// Whether it is to replace an application: what differs is shown before it is submitted.
    replaces: bool,
    step: Step,
    rules: &'static dyn StepRules,
    pub form: Form,
    pub saver: Saver,
    pub photo: RwSignal<Option<PhotoId>>,
    /// Whether the step or the application is being submitted.
    pub busy: RwSignal<bool>,
    navigator: Navigator,
}

/// Makes the form of a step; `result` is what came of a plain post.
pub(super) fn wizard_form(
    data: &WizardData,
    step: Step,
    rules: &'static dyn StepRules,
    result: Option<SubmissionResult>,
) -> WizardForm {
    let mut values: Values = rules.answers(&data.draft, step).into_iter().collect();
    if let Some((field, text)) = rules.preset(data, step)
        && values.get(field).is_none()
    {
        values.set(field, text);
    }
    let returned = data.status == ApplicationStatus::Returned;
    // A plain post of a returned application holds only what could be changed: the rest stands as it was.
    let result = result.map(|mut result| {
        if returned {
            for (field, text) in values.iter().filter(|(field, _)| !data.editable_fields.contains(field)) {
                result.values.set(field, text.to_owned());
            }
        }
        result
    });
    let conflict = result.as_ref().is_some_and(|result| result.conflict);
    let attempted = data.draft.attempted.contains(&step);
    let photo = RwSignal::new(data.photo);
    let shared = StoredValue::new(data.clone());
    let form = rules.form(Form::new(values, attempted, result, &rules.fields(step), move |values| {
        shared.with_value(|data| rules.problems(data, step, values, photo.get()))
    }));
    if returned {
        let reasons = data.returned.iter().map(|one| (one.field, one.reason.clone())).collect();
        form.open_only(data.editable_fields.clone(), reasons);
    }
    form.show_notes(data.names.clone());
    form.set_employer_region(data.draft.work.employer_id.clone(), data.employer_region.clone());
    let saver = Saver::new(form, "wizard", data.version, conflict);
    let wizard = WizardForm {
        id: data.id,
        replaces: data.replaces,
        step,
        rules,
        form,
        saver,
        photo,
        busy: RwSignal::new(false),
        navigator: navigator(),
    };
    saver.autosave(move || wizard.save(Advance::Stay));
    wizard
}

impl WizardForm {
    /// Saves the step, and goes on as `advance` says once it is stored.
    pub fn save(self, advance: Advance) {
        let Self { id, step, rules, form, saver, busy, navigator, .. } = self;
        saver.begin();
        let attempt = advance != Advance::Stay;
        busy.set(attempt);
        let fields = fields_of(&rules.fields(step), &form.snapshot());
        let saving = save_wizard_step(id, step, fields, saver.version_untracked(), attempt);
        spawn_local(async move {
            if let Some(version) = saver.settle(saving.await.map(SaveResult::Saved)) {
                match advance {
                    Advance::Stay => {}
                    Advance::To(step) => navigator.navigate(&Page::Step(id, step).path()),
                    Advance::Submit => self.submit(version).await,
                }
            }
            busy.set(false);
        });
    }
    async fn submit(self, version: i64) {
        if self.replaces {
            return navigate_to(&Page::Replace(self.id).path());
        }
        match submit_application(self.id, version).await.and_then(Encoded::decode) {
            Ok(ApplyResult::Accepted(id)) => navigate_to(&submitted(id)),
            Ok(ApplyResult::Rejected(problems)) => {
                self.form.refuse(problems.into_iter().map(|(_, problem)| problem).collect());
            }
            Err(error) => self.saver.fail(&error),
        }
    }
    /// What "keep mine" does after a conflict.
    pub fn keep_mine(self) -> Callback<()> {
        let newest = move || async move {
            load_wizard(self.id, self.step).await.and_then(Encoded::decode).map(|newest| newest.version)
        };
        self.saver.keep_mine(newest, move || self.save(Advance::Stay))
    }
}

/// All fields of a step, the empty ones too: a step posts all of its fields.
fn fields_of(fields: &[Field], values: &Values) -> FormFields {
    let all: Values = fields.iter().map(|field| (*field, values.text(*field))).collect();
    to_fields(&all)
}
