//! What stands around a step of the wizard: where one is, previous and next at the top right and at the foot, autosave,
//! submission.
use super::{
    data::WizardData,
    wizard_form::{Advance, StepRules, WizardForm, wizard_form},
};
use crate::{
    browser::has_named_submitter,
    components::{ConflictNotice, Deadline, ErrorSummary, HelpLinks, PageField, SaveState, dated},
    i18n,
    lang::{Lang, lang},
    routes::{Endpoint, Page, change_answer},
    transport::SubmissionResult,
};
use forms::{
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

/// A step with what stands around it.
#[component]
pub(super) fn Wizard(
    data: WizardData,
    step: Step,
    rules: &'static dyn StepRules,
    result: Option<SubmissionResult>,
    returns: bool,
) -> impl IntoView {
    let lang = lang();
    let (id, journey, help) = (data.id, data.journey.clone(), data.help.clone());
    let returned = data.status == ApplicationStatus::Returned;
    let wizard = wizard_form(&data, step, rules, result);
    let WizardForm { form, saver, photo, .. } = wizard;
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
            <Ways id step returns returned busy=wizard.busy above=true />
        </div>
        <Steps id step journey />
        {(!returned).then(|| view! { <Deadline sentence=dated(&i18n::wizard_closes(lang, data.exam.closes.clone())) left=data.exam.left /> }.into_any())}
        {(!data.notice.is_empty()).then(|| view! { <p class="note warning">{dated(&data.notice)}</p> }.into_any())}
        {(!data.exempt.is_empty()).then(|| view! { <p class="note warning">{data.exempt.clone()}</p> }.into_any())}
        <ErrorSummary form />
        <ConflictNotice saver keep />
        <div class="split guided">
            <p class="hint-box">{step_hint(lang, step)}</p>
            <form id="wizard" method="post" action=action class="sheet" novalidate on:submit=submit>
                <PageField />
                <input type="hidden" name="version" value=move || saver.version().to_string() />
                {rules.view(form, step, data, photo)}
                <div class="actions">
                    <Ways id step returns returned busy=wizard.busy />
                    <SaveState saver />
                </div>
            </form>
            <HelpLinks links=help />
        </div>
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
    /// Whether the application was returned, so that it is submitted again.
    returned: bool,
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
                    (_, Step::Confirm) if returned => i18n::wizard_resubmit(lang),
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
