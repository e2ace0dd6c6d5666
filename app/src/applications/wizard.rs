//! The page of a step of the wizard: where one is, previous and next at the top right and at the foot, autosave, submission.
use super::{
    api::load_wizard,
    chunks::{later_steps, prefetch_later_steps},
    data::WizardData,
    wizard_form::{Advance, WizardForm, wizard_form},
};
use crate::{
    browser::{has_named_submitter, query_value},
    components::{CheckField, ConflictNotice, Deadline, ErrorSummary, Form, PageField, SaveState, SelectField, loaded},
    i18n,
    lang::{Lang, lang},
    routes::{Endpoint, Page, change_answer},
    transport::{SubmissionResult, submission_result},
};
use forms::{
    Field,
    ids::ApplicationId,
    journey::{Journey, Step},
    status::ApplicationStatus,
};
use leptos::prelude::*;

/// What to mind on a step (S33).
fn step_hint(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Category => i18n::step_hint_category(lang),
        Step::Basic => i18n::step_hint_basic(lang),
        Step::Work => i18n::step_hint_work(lang),
        Step::Education => i18n::step_hint_education(lang),
        Step::Certificate => i18n::step_hint_certificate(lang),
        Step::Site => i18n::step_hint_site(lang),
        Step::Confirm => i18n::step_hint_confirm(lang),
    }
}

/// The page of a step.
#[component]
pub fn WizardPage(id: ApplicationId, step: Step) -> impl IntoView {
    let result = submission_result();
    // Somebody who came from the last step to change an answer goes back there (check your answers).
    let returns = query_value("from").is_some() && step != Step::Confirm;
    loaded(
        move || load_wizard(id),
        move |data: WizardData| {
            if !matches!(data.status, ApplicationStatus::Draft | ApplicationStatus::Returned) {
                return view! { <Elsewhere id=data.id /> }.into_any();
            }
            let journey = Journey::of(&data.draft, &data.context());
            if journey.may_visit(step) {
                view! { <Wizard data step journey result=result.clone() returns /> }.into_any()
            } else {
                view! { <NotYet id=data.id next=journey.next() /> }.into_any()
            }
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

#[component]
fn Wizard(
    data: WizardData,
    step: Step,
    journey: Journey,
    result: Option<SubmissionResult>,
    returns: bool,
) -> impl IntoView {
    let lang = lang();
    let id = data.id;
    let returned = data.status == ApplicationStatus::Returned;
    let wizard = wizard_form(&data, step, result);
    let WizardForm { form, saver, photo, .. } = wizard;
    if step == Step::Category {
        Effect::new(|_| prefetch_later_steps());
    }
    let after = if returns { Some(Step::Confirm) } else { journey.after(step) };
    let submit = move |event: leptos::ev::SubmitEvent| {
        // Buttons that add an entry or ask for a name post plainly: the server saves the answers and leads there.
        if has_named_submitter(&event) {
            return;
        }
        event.prevent_default();
        if !wizard.busy.get() && form.attempt() {
            wizard.save(after.map_or(Advance::Submit, Advance::To));
        }
    };
    let keep = wizard.keep_mine();
    let action = if returns { change_answer(id, step) } else { Page::Step(id, step).path() };
    view! {
        <div class="wizard-head">
            <div>
                <p class="over">{data.exam.name.clone()}" · "{data.category_name()}</p>
                <h1>{i18n::wizard_step(lang, step.number(), i18n::step_title(lang, step))}</h1>
            </div>
            <Ways id step returns busy=wizard.busy above=true />
        </div>
        <Steps id step journey />
        {if data.notice.is_empty() {
            view! { <Deadline sentence=i18n::wizard_closes(lang, data.exam.closes.clone()) left=data.exam.left /> }.into_any()
        } else {
            view! { <p class="note advice">{data.notice.clone()}</p> }.into_any()
        }}
        {(!data.exempt.is_empty()).then(|| view! { <p class="note advice">{data.exempt.clone()}</p> }.into_any())}
        <ErrorSummary form />
        <ConflictNotice saver keep />
        <p class="hint-box">{step_hint(lang, step)}" "<a href=Page::Help.with_query(&[("step", step.code().to_owned())]) rel="external">{i18n::frame_help(lang)}</a></p>
        <form id="wizard" method="post" action=action class="sheet" novalidate on:submit=submit>
            <PageField />
            <input type="hidden" name="version" value=move || saver.version().to_string() />
            {match step {
                Step::Category => view! { <CategoryFields form data /> }.into_any(),
                _ => later_steps(form, step, data, photo),
            }}
            <div class="actions">
                <Ways id step returns busy=wizard.busy />
                <SaveState saver />
            </div>
        </form>
        {(!returned).then(|| view! {
            <form method="post" action=Endpoint::DiscardDraft(id).path() class="discard">
                <PageField />
                <button class="quiet">{i18n::wizard_discard(lang)}</button>
            </form>
        }.into_any())}
    }
}

/// Previous and next: at the top right (S33) and, as the page's main button, below the answers.
#[component]
fn Ways(
    id: ApplicationId,
    step: Step,
    returns: bool,
    busy: RwSignal<bool>,
    /// Whether they stand above the answers.
    #[prop(optional)]
    above: bool,
) -> impl IntoView {
    let lang = lang();
    view! {
        <div class="ways">
            {step.previous().map(|to| view! { <a class="button" href=Page::Step(id, to).path()>{i18n::wizard_previous(lang)}</a> }.into_any())}
            <button class=if above { "" } else { "primary" } form="wizard" aria-disabled=move || busy.get().then_some("true")>
                {move || match (busy.get(), step) {
                    (true, _) => i18n::form_sending(lang),
                    (_, Step::Confirm) => i18n::wizard_submit(lang),
                    _ if returns => i18n::wizard_return(lang),
                    _ => i18n::wizard_next(lang),
                }}
            </button>
        </div>
    }
}

/// All steps, with links to those that may be visited.
#[component]
fn Steps(id: ApplicationId, step: Step, journey: Journey) -> impl IntoView {
    let lang = lang();
    view! {
        <ol class="steps" aria-label=i18n::wizard_progress(lang)>
            {Step::ALL.into_iter().map(|s| {
                let class = match (s == step, journey.is_completed(s)) {
                    (true, _) => "now",
                    (_, true) => "done",
                    _ => "",
                };
                let done = journey.is_completed(s).then(|| view! { <span class="unseen">{i18n::wizard_done(lang)}</span> }.into_any());
                view! {
                    <li class=class>
                        {if journey.may_visit(s) {
                            view! { <a href=Page::Step(id, s).path() aria-current=(s == step).then_some("step")><b>{s.number()}</b><span>{i18n::step_title(lang, s)}</span>{done}</a> }.into_any()
                        } else {
                            view! { <span class="later"><b>{s.number()}</b><span>{i18n::step_title(lang, s)}</span></span> }.into_any()
                        }}
                    </li>
                }.into_any()
            }).collect_view()}
        </ol>
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
