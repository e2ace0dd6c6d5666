//! The page of a step of the wizard, and the first step.
use super::{
    api::load_wizard,
    chunks::{later_steps, prefetch_later_steps},
    data::WizardData,
    wizard::Wizard,
    wizard_form::StepRules,
};
use crate::{
    browser::query_value,
    components::{CheckField, Form, SelectField, loaded},
    i18n,
    lang::lang,
    routes::Page,
    transport::{Values, submission_result},
};
use forms::{
    Draft, Field, Problems,
    application::{ApplicationDraft, CategoryDraft},
    ids::{ApplicationId, PhotoId},
    journey::Step,
    status::ApplicationStatus,
};
use leptos::prelude::*;

/// The page of a step.
#[component]
pub fn WizardPage(id: ApplicationId, step: Step) -> impl IntoView {
    let result = submission_result();
    // Somebody who came from the last step to change an answer goes back there (check your answers).
    let returns = query_value("from").is_some() && step != Step::Confirm;
    loaded(
        move || load_wizard(id, step),
        move |data: WizardData| {
            if !matches!(data.status, ApplicationStatus::Draft | ApplicationStatus::Returned) {
                return view! { <Elsewhere id=data.id /> }.into_any();
            }
            if !data.journey.may_visit(step) {
                return view! { <NotYet id=data.id next=data.journey.next() /> }.into_any();
            }
            if step != Step::Category {
                return later_steps(data, step, result.clone(), returns);
            }
            Effect::new(|_| prefetch_later_steps());
            view! { <Wizard data step rules=&FirstStep result=result.clone() returns /> }.into_any()
        },
    )
}

/// What was submitted is no longer shown by the wizard.
#[component]
fn Elsewhere(id: ApplicationId) -> impl IntoView {
    let lang = lang();
    view! {
        <section class="panel">
            <h1>{i18n::wizard_elsewhere(lang)}</h1>
            <p><a class="button" href=Page::Application(id).path() rel="external">{i18n::wizard_elsewhere_link(lang)}</a></p>
        </section>
    }
}

/// Skipping ahead ends at the first step that is not complete.
#[component]
fn NotYet(id: ApplicationId, next: Step) -> impl IntoView {
    let lang = lang();
    view! {
        <section class="panel">
            <h1>{i18n::wizard_not_yet(lang)}</h1>
            <p>{i18n::wizard_not_yet_body(lang, i18n::step_title(lang, next))}</p>
            <p><a class="button" href=Page::Step(id, next).path()>{i18n::wizard_to_step(lang, i18n::step_title(lang, next))}</a></p>
        </section>
    }
}

/// The rules of the first step.
struct FirstStep;

impl StepRules for FirstStep {
    fn fields(&self, _: Step) -> Vec<Field> {
        CategoryDraft::FIELDS.to_vec()
    }
    fn answers(&self, draft: &ApplicationDraft, _: Step) -> Vec<(Field, String)> {
        draft.category.pairs()
    }
    fn preset(&self, _: &WizardData, _: Step) -> Option<(Field, String)> {
        None
    }
    fn problems(&self, data: &WizardData, _: Step, values: &Values, _: Option<PhotoId>) -> Problems {
        // A returned application keeps its category, and with it the consent.
        let category = match data.status {
            ApplicationStatus::Returned => data.draft.category.clone(),
            _ => CategoryDraft::from_pairs(values.iter().map(|(field, text)| (field.name(), text))),
        };
        category.problems(&data.open)
    }
    fn form(&self, form: Form) -> Form {
        form
    }
    fn view(&self, form: Form, _: Step, data: WizardData, _: RwSignal<Option<PhotoId>>) -> AnyView {
        view! { <CategoryFields form data /> }.into_any()
    }
}

/// The first step: category and consent.
#[component]
fn CategoryFields(form: Form, data: WizardData) -> impl IntoView {
    let lang = lang();
    let options =
        data.categories.iter().map(|c| (c.code.to_string(), format!("{} {}", c.code, c.name))).collect::<Vec<_>>();
    view! {
        <SelectField form field=Field::Category options />
        <section class="terms" tabindex="0" aria-label=i18n::consent_title(lang)>
            <h2>{i18n::consent_title(lang)}</h2>
            {i18n::consent_body(lang).split('\n').map(|p| view! { <p>{p}</p> }.into_any()).collect_view()}
        </section>
        <CheckField form field=Field::Consent label=i18n::consent_agree(lang) />
    }
}
