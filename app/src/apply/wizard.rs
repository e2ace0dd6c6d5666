//! The frame of the wizard: where one is, previous and next at the top right and at the foot, autosave, submission.
use super::api::{Applied, load_wizard, save_step, submit_application};
use crate::{
    chunks::{fetch_later, later_steps},
    components::{CheckField, ErrorSummary, Form, SaveState, Saving, SelectField},
    error::AppError,
    lang::{Lang, lang},
    profile::Conflict,
    routes,
    spa::{asked, has_name, leave_for, loaded, post_plainly, way},
    text,
    wire::{Outcome, Packed, Posted, Values, WizardData, posted},
};
use forms::{
    Field, Problem,
    application::ApplicationDraft,
    choice::Choice,
    ids::ApplicationId,
    journey::{Journey, Step},
    profile::ContactDraft,
    status::ApplicationStatus,
};
use leptos::{prelude::*, task::spawn_local};

/// The name of a step.
pub(crate) fn step_title(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Category => text::step_category(lang),
        Step::Basic => text::step_basic(lang),
        Step::Work => text::step_work(lang),
        Step::Education => text::step_education(lang),
        Step::Certificate => text::step_certificate(lang),
        Step::Site => text::step_site(lang),
        Step::Confirm => text::step_confirm(lang),
    }
}

/// What to mind on a step (S33).
fn step_hint(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Category => text::step_hint_category(lang),
        Step::Basic => text::step_hint_basic(lang),
        Step::Work => text::step_hint_work(lang),
        Step::Education => text::step_hint_education(lang),
        Step::Certificate => text::step_hint_certificate(lang),
        Step::Site => text::step_hint_site(lang),
        Step::Confirm => text::step_hint_confirm(lang),
    }
}

/// The page of a step.
#[component]
pub fn WizardPage(id: ApplicationId, step: Step) -> impl IntoView {
    let outcome = crate::wire::outcome();
    // Somebody who came from the last step to change an answer goes back there (check your answers).
    let returns = asked("from").is_some();
    loaded(
        move || load_wizard(id),
        move |data: WizardData| {
            if matches!(data.status, ApplicationStatus::Draft | ApplicationStatus::Returned) {
                view! { <Wizard data step outcome=outcome.clone() returns /> }.into_any()
            } else {
                view! { <Elsewhere id=data.id /> }.into_any()
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
            <h1>{text::wizard_elsewhere(lang)}</h1>
            <p><a class="button" href=routes::application(id) rel="external">{text::wizard_elsewhere_link(lang)}</a></p>
        </section>
    }
}

#[component]
fn Wizard(data: WizardData, step: Step, outcome: Option<Outcome>, returns: bool) -> impl IntoView {
    let lang = lang();
    let context = data.context();
    let journey = Journey::of(&data.draft, &context);
    let next = journey.next();
    if !journey.may_visit(step) {
        // The wish to skip ahead ends at the first step that is not done.
        return view! {
            <section class="panel">
                <h1>{text::wizard_not_yet(lang)}</h1>
                <p>{text::wizard_not_yet_body(lang, step_title(lang, next))}</p>
                <p><a class="button" href=routes::step(data.id, next)>{text::wizard_to_step(lang, step_title(lang, next))}</a></p>
            </section>
        }.into_any();
    }
    let id = data.id;
    let returns = returns && step != Step::Confirm;
    let after = if returns { Some(Step::Confirm) } else { step.next() };
    let mut values: Values = data.draft.pairs(step).into_iter().collect();
    preset(&data, step, &mut values);
    let attempted = data.draft.attempted.contains(&step);
    let outcome_conflict = outcome.as_ref().is_some_and(|o| o.conflict);
    let shared = StoredValue::new(data.clone());
    let photo = RwSignal::new(data.photo);
    // A plain post of a returned application holds only what could be changed: the rest stands as it was.
    let outcome = outcome.map(|mut outcome| {
        if data.status == ApplicationStatus::Returned {
            for (field, text) in values.iter().filter(|(field, _)| !data.opened.contains(field)) {
                outcome.values.set(field, text.to_owned());
            }
        }
        outcome
    });
    let form = Form::new(values.clone(), attempted, outcome, &ApplicationDraft::fields(step), move |values| {
        shared.with_value(|data| {
            let mut draft = data.draft.clone();
            let pairs: Vec<(&str, String)> =
                values.iter().map(|(field, text)| (field.name(), text.to_owned())).collect();
            if data.status == ApplicationStatus::Returned {
                draft.take_opened(step, &pairs, &data.opened);
            } else {
                draft.take(step, &pairs);
            }
            let context = forms::application::ApplicationContext { photo: photo.get(), ..data.context() };
            let mut problems = draft.problems(step, &context);
            // The last step also speaks for the others: what they lack stops the submission.
            if step == Step::Confirm {
                let earlier = Step::ALL
                    .iter()
                    .filter(|s| **s != Step::Confirm)
                    .flat_map(|s| draft.problems(*s, &context))
                    .collect::<Vec<Problem>>();
                problems.extend(earlier);
            }
            problems
        })
    });
    let returned = data.status == ApplicationStatus::Returned;
    if returned {
        form.open_only(data.opened.clone(), data.reasons.clone());
    }
    form.tell(data.names.clone());
    let version = RwSignal::new(data.version);
    let state = RwSignal::new(Saving::Untouched);
    let conflict = RwSignal::new(outcome_conflict);
    let busy = RwSignal::new(false);
    let way = way();

    // What a save that came back does next.
    #[derive(Clone, Copy, PartialEq)]
    enum Then {
        Stay,
        Go(Step),
        Submit,
    }
    let save = move |then: Then| {
        state.set(Saving::Saving);
        let attempt = then != Then::Stay;
        busy.set(attempt);
        spawn_local(async move {
            match save_step(id, step, posted_fields(step, &form.snapshot()), version.get_untracked(), attempt).await {
                Ok(saved) => {
                    version.set(saved);
                    state.set(Saving::Saved);
                    match then {
                        Then::Stay => {}
                        Then::Go(to) => way.go(&routes::step(id, to)),
                        Then::Submit => match submit_application(id, saved).await.and_then(Packed::open) {
                            Ok(Applied::Yes(id)) => leave_for(&routes::application(id)),
                            Ok(Applied::No(problems)) => {
                                form.refuse(problems.into_iter().map(|(_, problem)| problem).collect())
                            }
                            Err(error) => state.set(Saving::Failed(error.sentence(lang))),
                        },
                    }
                }
                Err(AppError::Conflict) => {
                    conflict.set(true);
                    state.set(Saving::Failed(AppError::Conflict.sentence(lang)));
                }
                Err(AppError::SignedOut) => post_plainly("wizard"),
                Err(error) => state.set(Saving::Failed(error.sentence(lang))),
            }
            busy.set(false);
        });
    };
    if step == Step::Category {
        Effect::new(|_| fetch_later());
    }
    crate::profile::autosave(form, state, move || save(Then::Stay));
    let keep = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(newest) = load_wizard(id).await.and_then(Packed::open) {
                version.set(newest.version);
                conflict.set(false);
                save(Then::Stay);
            }
        });
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        // Buttons that add an entry or ask for a name post plainly: the server keeps the answers and knows the way.
        if has_name(&event) {
            return;
        }
        event.prevent_default();
        if busy.get() || !form.attempt() {
            return;
        }
        save(match after {
            Some(to) => Then::Go(to),
            None => Then::Submit,
        });
    };
    let ways = move || {
        view! {
            <div class="ways">
                {step.previous().map(|to| view! { <a class="button" href=routes::step(id, to)>{text::wizard_previous(lang)}</a> }.into_any())}
                <button class="primary" form="wizard" aria-disabled=move || busy.get().then_some("true")>
                    {move || match (busy.get(), step) {
                        (true, _) => text::form_sending(lang),
                        (_, Step::Confirm) => text::wizard_submit(lang),
                        _ if returns => text::wizard_return(lang),
                        _ => text::wizard_next(lang),
                    }}
                </button>
            </div>
        }
    };
    view! {
        <div class="wizard-head">
            <div>
                <p class="over">{data.exam.name.clone()}" · "{data.category_name()}</p>
                <h1>{text::wizard_step(lang, step.number(), step_title(lang, step))}</h1>
            </div>
            {ways()}
        </div>
        <ol class="steps" aria-label=text::wizard_progress(lang)>
            {Step::ALL.into_iter().map(|s| {
                let class = match (s == step, journey.is_completed(s)) {
                    (true, _) => "now",
                    (_, true) => "done",
                    _ => "",
                };
                let said = journey.is_completed(s).then(|| view! { <span class="unseen">{text::wizard_done(lang)}</span> }.into_any());
                view! {
                    <li class=class>
                        {if journey.may_visit(s) {
                            view! { <a href=routes::step(id, s) aria-current=(s == step).then_some("step")><b>{s.number()}</b><span>{step_title(lang, s)}</span>{said}</a> }.into_any()
                        } else {
                            view! { <span class="later"><b>{s.number()}</b><span>{step_title(lang, s)}</span></span> }.into_any()
                        }}
                    </li>
                }.into_any()
            }).collect_view()}
        </ol>
        {if returned {
            view! { <p class="note advice">{text::returned_note(lang, data.exam.review.1.clone())}</p> }.into_any()
        } else {
            view! { <p class="deadline">{text::wizard_closes(lang, data.exam.closes.clone())}</p> }.into_any()
        }}
        <ErrorSummary form />
        {move || conflict.get().then(|| view! { <Conflict keep /> }.into_any())}
        <p class="hint-box">{step_hint(lang, step)}</p>
        <form id="wizard" method="post" action=if returns { routes::change(id, step) } else { routes::step(id, step) } class="sheet" novalidate on:submit=submit>
            <input type="hidden" name="version" value=move || version.get().to_string() />
            {match step {
                Step::Category => view! { <CategoryFields form data=data.clone() /> }.into_any(),
                _ => later_steps(form, step, data.clone(), photo),
            }}
            <div class="actions">
                {ways()}
                <SaveState state />
            </div>
        </form>
        {(!returned).then(|| view! {
            <form method="post" action=routes::discard(id) class="discard">
                <button class="quiet">{text::wizard_discard(lang)}</button>
                <span class="note">{text::wizard_discard_note(lang)}</span>
            </form>
        }.into_any())}
    }.into_any()
}

/// The first step: category and consent.
#[component]
fn CategoryFields(form: Form, data: WizardData) -> impl IntoView {
    let lang = lang();
    let options =
        data.categories.iter().map(|c| (c.code.to_string(), format!("{} {}", c.code, c.name))).collect::<Vec<_>>();
    view! {
        <SelectField form field=Field::Category options />
        <section class="terms" tabindex="0" aria-label=text::consent_title(lang)>
            <h2>{text::consent_title(lang)}</h2>
            {text::consent_body(lang).split('\n').map(|p| view! { <p>{p}</p> }.into_any()).collect_view()}
        </section>
        <CheckField form field=Field::Consent label=text::consent_agree(lang) />
    }
}

/// All fields of a step, the empty ones too: a step posts all of its fields.
fn posted_fields(step: Step, values: &Values) -> Posted {
    let all: Values = ApplicationDraft::fields(step).into_iter().map(|field| (field, values.text(field))).collect();
    posted(&all)
}

/// Answers that follow from others stand in the page from the beginning (X7, X21, S48).
fn preset(data: &WizardData, step: Step, values: &mut Values) {
    let mut fill = |field: Field, text: String| {
        if values.get(field).is_none() {
            values.set(field, text);
        }
    };
    match step {
        Step::Basic => fill(Field::ContactRegion, ContactDraft::default_region(&data.identity).code().to_owned()),
        Step::Site => fill(Field::Attempts, data.draft.least_attempts(&data.context()).to_string()),
        Step::Confirm => {
            if let Some(first) = data.draft.extra_subjects(&data.context()).first() {
                fill(Field::ExtraSubject, first.code().to_owned());
            }
        }
        _ => {}
    }
}
