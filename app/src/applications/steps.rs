//! The later steps: their rules and their fields.
use super::{
    answers::GroupAnswers,
    api::load_site,
    data::{ADDED_PARAMETER, COPY_PARAMETER, SHOW_SITES, WizardData},
    wizard_form::StepRules,
};
use crate::{
    browser::query_value,
    components::{CheckField, Fact, FieldMessage, Form, Returned, SelectField, TextField, UntilHydrated},
    i18n,
    lang::lang,
    profile::{BasicFields, ContactFields, EntryLines, WorkFields, entry_title},
    routes::{Endpoint, Guide, Page, change_answer},
    transport::{Encoded, Values},
};
use forms::{
    Field, Problem, Problems,
    application::{ApplicationContext, ApplicationDraft, EntryView},
    choice::{Choice, ExtraSubject},
    eligibility::{IneligibilityReason, Proof},
    ids::PhotoId,
    journey::Step,
    profile::{ContactDraft, EntryKind},
    review::step_of,
    status::ApplicationStatus,
};
use leptos::{prelude::*, task::spawn_local};

/// The rules of the steps after the first.
pub(super) struct LaterSteps;

impl StepRules for LaterSteps {
    fn fields(&self, step: Step) -> Vec<Field> {
        ApplicationDraft::fields(step)
    }
    fn answers(&self, draft: &ApplicationDraft, step: Step) -> Vec<(Field, String)> {
        draft.pairs(step)
    }
    /// Answers that follow from others stand in the page from the beginning (X7, X21, S48).
    fn preset(&self, data: &WizardData, step: Step) -> Option<(Field, String)> {
        match step {
            Step::Basic => Some((Field::ContactRegion, ContactDraft::default_region(&data.identity).code().to_owned())),
            Step::Site => Some((Field::Attempts, data.draft.least_attempts(&data.context()).to_string())),
            Step::Confirm => {
                let subjects = data.draft.extra_subjects(&data.context());
                subjects.first().map(|first| (Field::ExtraSubject, first.code().to_owned()))
            }
            _ => None,
        }
    }
    /// By the rules of the forms crate. The last step also speaks for the others: what they lack stops the submission.
    fn problems(&self, data: &WizardData, step: Step, values: &Values, photo: Option<PhotoId>) -> Problems {
        let mut draft = data.draft.clone();
        let pairs: Vec<(&str, String)> = values.iter().map(|(field, text)| (field.name(), text.to_owned())).collect();
        if data.status == ApplicationStatus::Returned {
            draft.apply_editable_fields(step, &pairs, &data.editable_fields);
        } else {
            draft.apply_step(step, &pairs);
        }
        let context = ApplicationContext { photo, ..data.context() };
        let mut problems = draft.problems(step, &context);
        if step == Step::Confirm {
            let others = Step::ALL.iter().filter(|other| **other != Step::Confirm);
            let earlier: Vec<Problem> = others.flat_map(|other| draft.problems(*other, &context)).collect();
            problems.extend(earlier);
        }
        problems
    }
    fn form(&self, form: Form) -> Form {
        form.with_warnings()
    }
    fn view(&self, form: Form, step: Step, data: WizardData, photo: RwSignal<Option<PhotoId>>) -> AnyView {
        view! { <StepFields form step data photo /> }.into_any()
    }
}

/// The fields of a later step.
#[component]
fn StepFields(form: Form, step: Step, data: WizardData, photo: RwSignal<Option<PhotoId>>) -> impl IntoView {
    let lang = lang();
    match step {
        Step::Category => ().into_any(),
        Step::Basic => view! {
            <BasicFields form identity=data.identity.clone() rule_context=data.rule_context.clone() photo_rule=data.photo_rule photo back=Page::Step(data.id, Step::Basic).path() />
            <h2>{i18n::profile_contact(lang)}</h2>
            <ContactFields form />
        }.into_any(),
        Step::Work => view! {
            <WorkFields form />
            <IneligibilityNote form />
        }.into_any(),
        Step::Education => view! {
            <IneligibilityNote form />
            <Selection form kind=EntryKind::Education field=Field::Educations data=data.clone() />
            <Selection form kind=EntryKind::Training field=Field::Trainings data />
        }.into_any(),
        Step::Certificate => {
            let needed = data.draft.needs_assistant_certificate(&data.context());
            view! {
                <IneligibilityNote form />
                <p class="note">{if needed { i18n::certificate_needed(lang) } else { i18n::certificate_optional(lang) }}</p>
                <Selection form kind=EntryKind::Certificate field=Field::Certificates data />
            }.into_any()
        }
        Step::Site => view! { <SiteFields form data /> }.into_any(),
        Step::Confirm => view! {
            <IneligibilityNote form />
            <ConfirmFields form data />
        }.into_any(),
    }
}

/// The way to law and rules, beside a verdict (S141).
#[component]
fn RulesLink() -> impl IntoView {
    view! { <a href=Page::Guide(Guide::Rules).path() rel="external">{i18n::verdict_rules(lang())}</a> }
}

/// The same where a problem says that the person may not sit the examination.
#[component]
fn IneligibilityNote(form: Form) -> impl IntoView {
    let refused =
        Memo::new(move |_| form.problems().iter().any(|problem| IneligibilityReason::is_said_by(problem.code)));
    move || refused.get().then(|| view! { <p class="note"><RulesLink /></p> }.into_any())
}

/// What papers must prove on site, with the way to the rules that ask for it.
#[component]
fn ToProve(proofs: Vec<Proof>) -> impl IntoView {
    let lang = lang();
    let sentence = |proof: &Proof| i18n::lookup(lang, &format!("proof.{}", proof.key()));
    view! {
        <section class="terms">
            <h2>{i18n::verdict_prove(lang)}</h2>
            <ul>{proofs.iter().map(|proof| view! { <li>{sentence(proof)}</li> }.into_any()).collect_view()}</ul>
            <p class="note"><RulesLink /></p>
        </section>
    }
}

/// The entries of a group with a box before each (S39), and the button that adds one.
#[component]
fn Selection(form: Form, kind: EntryKind, field: Field, data: WizardData) -> impl IntoView {
    let lang = lang();
    let name = field.name();
    let entries: Vec<EntryView> = data.entries.into_iter().filter(|entry| entry.kind() == kind).collect();
    let (application, empty, closed, replaces) = (data.id, entries.is_empty(), form.is_closed(field), data.replaces);
    let message = Signal::derive(move || form.message(lang, field));
    // One education is the route; the others travel along (X41).
    let is_route = kind == EntryKind::Education;
    let known = StoredValue::new(entries.clone());
    let lacks_earlier = move || {
        is_route && known.with_value(|known| ApplicationDraft::lacks_earlier_education(&form.get(field), known))
    };
    view! {
        <fieldset class="selection" id=format!("f-{name}") tabindex="-1" aria-describedby=format!("e-{name}")>
            <legend>{i18n::label(lang, field)}</legend>
            <FieldMessage id=format!("e-{name}") message />
            <Returned form field />
            {empty.then(|| view! { <p class="empty">{i18n::entry_none(lang)}</p> }.into_any())}
            <ul class="cards">
                {entries.into_iter().map(|entry| {
                    let id = entry.id.to_string();
                    let (own, other) = (id.clone(), id.clone());
                    let (read_only, edit) = (entry.is_read_only(), Page::SavedApplicationEntry(application, kind, entry.id).path());
                    let title = entry_title(lang, &entry.draft);
                    // What the application to be replaced holds is corrected in a copy (X1).
                    let may_copy = replaces && !closed && !entry.verified && entry.locks == 1;
                    let copy = may_copy.then(|| (entry.id.to_string(), i18n::selection_copy_named(lang, title.clone())));
                    let chosen = move || form.get(field).split_whitespace().any(|ticked| ticked == own);
                    let at_first = form.snapshot().get(field).is_some_and(|all| all.split_whitespace().any(|ticked| ticked == other));
                    let tick = {
                        let id = id.clone();
                        move |event: leptos::ev::Event| {
                            let mut ids: Vec<String> = form.get(field).split_whitespace().filter(|other| !is_route && *other != id).map(str::to_owned).collect();
                            if event_target_checked(&event) {
                                ids.push(id.clone());
                            }
                            form.set(field, ids.join(" "));
                        }
                    };
                    view! {
                        <li class="card pick">
                            <label>
                                <input type=if is_route { "radio" } else { "checkbox" } name=name value=id disabled=closed checked=at_first prop:checked=chosen on:change=tick />
                                <span>
                                    <span class="card-title">{entry_title(lang, &entry.draft)}</span>
                                    <EntryLines entry=entry.draft.clone() />
                                    <span class="marks">
                                        {entry.verified.then(|| view! { <span class="mark-tick">{i18n::entry_verified(lang)}</span> }.into_any())}
                                        {entry.complete.is_none().then(|| view! { <span class="mark-open">{i18n::entry_incomplete(lang)}</span> }.into_any())}
                                        {entry.copy_of.map(|_| view! { <span class="mark-open">{i18n::entry_copy(lang)}</span> }.into_any())}
                                    </span>
                                </span>
                            </label>
                            {(entry.locks > 0).then(|| view! { <div class="locked"><p class="note">{i18n::selection_locked(lang, entry.held_by.join(lang.of("、", ", ")))}</p>{copy.map(|(id, label)| view! {
                                <p class="note">{i18n::selection_copy_note(lang)}</p>
                                <button name=COPY_PARAMETER value=id class="button" aria-label=label>{i18n::selection_copy(lang)}</button>
                            }.into_any())}</div> }.into_any())}
                            // An entry that was returned is mended here and not in its box.
                            {(!closed && !read_only).then(|| view! { <a href=edit aria-label=i18n::entry_edit_named(lang, title)>{i18n::entry_edit(lang)}</a> }.into_any())}
                        </li>
                    }.into_any()
                }).collect_view()}
            </ul>
            {query_value(ADDED_PARAMETER).filter(|added| added == kind.code()).map(|_| view! { <p class="done" role="status">{i18n::selection_added(lang)}</p> }.into_any())}
            {move || lacks_earlier().then(|| view! { <p class="note warning" role="status">{i18n::selection_earlier(lang)}</p> }.into_any())}
            <button name="add" disabled=closed value=kind.code() class="button">{match kind {
                EntryKind::Education => i18n::selection_add_education(lang),
                EntryKind::Training => i18n::selection_add_training(lang),
                EntryKind::Certificate => i18n::selection_add_certificate(lang),
            }}</button>
        </fieldset>
    }
}

#[component]
fn SiteFields(form: Form, data: WizardData) -> impl IntoView {
    let lang = lang();
    let areas = StoredValue::new(data.areas.clone());
    let area_options: Vec<_> = data.areas.iter().map(|area| (area.code.clone(), area.name.clone())).collect();
    let near = [data.draft.basic.household_province.clone(), data.draft.work.employer_province.clone()];
    // Only the sites of the chosen area: without script a button shows them. That they belong together is checked anyway.
    let chosen = Memo::new(move |_| form.get(Field::Area));
    let site_options = Signal::derive(move || {
        let area = chosen.get();
        areas.with_value(|all| {
            all.iter().find(|known| known.code == area).map(|known| known.sites.clone()).unwrap_or_default()
        })
    });
    let far = move || {
        let area = chosen.get();
        !area.is_empty() && !near.contains(&area)
    };
    let least = data.draft.least_attempts(&data.context());
    // The page brings what is known of the site that is stored; of one that is chosen afterwards it is fetched.
    let known = RwSignal::new((data.draft.site.site, data.site_facts));
    Effect::new(move |_| {
        let site = form.get(Field::Site);
        if site.is_empty() || known.with_untracked(|(code, _)| *code == site) {
            return;
        }
        spawn_local(async move {
            if let Ok(facts) = load_site(site.clone()).await.and_then(Encoded::decode) {
                // Another one may have been chosen meanwhile.
                if form.snapshot().text(Field::Site) == site {
                    known.set((site, facts));
                }
            }
        });
    });
    let facts = move || known.with(|(code, facts)| (*code == form.get(Field::Site)).then(|| facts.clone()));
    view! {
        <SelectField form field=Field::Area options=area_options />
        {move || far().then(|| view! { <p class="note warning" role="status">{i18n::site_far(lang)}</p> }.into_any())}
        <UntilHydrated html=format!("<button class=\"button\" name=\"{SHOW_SITES}\" value=\"yes\">{}</button>", i18n::site_show(lang)) />
        <SelectField form field=Field::Site options=site_options />
        <div aria-live="polite">{move || facts().map(|facts| view! { <SiteFacts facts /> }.into_any())}</div>
        <TextField form field=Field::Attempts short=true mode="numeric" hint=i18n::site_attempts(lang, least) />
    }
}

/// Where the chosen site is and how it is reached, and the page that lists all sites (S106).
#[component]
fn SiteFacts(facts: Vec<(String, String)>) -> impl IntoView {
    let lang = lang();
    let contacts =
        view! { <p class="note"><a href=Page::Sites.path() rel="external">{i18n::profile_contacts(lang)}</a></p> }
            .into_any();
    let facts = (!facts.is_empty()).then(|| view! {
        <dl class="facts">{facts.into_iter().map(|(label, value)| if value.starts_with("https://") {
            view! { <div class="fact"><dt>{label}</dt><dd><a href=value rel="external noopener">{i18n::selection_map(lang)}</a></dd></div> }.into_any()
        } else {
            view! { <Fact label value /> }.into_any()
        }).collect_view()}</dl>
    }.into_any());
    view! { {facts}{contacts} }
}

/// What was returned, and whether it was mended since, so that nothing is submitted again as it was (X28).
#[component]
fn ReturnedAnswers(data: WizardData) -> impl IntoView {
    let (lang, id) = (lang(), data.id);
    (!data.returned.is_empty()).then(|| {
        view! {
            <section class="terms">
                <h2>{i18n::returned_title(lang)}</h2>
                <ul>{data.returned.into_iter().map(|one| {
                    let named = i18n::form_named(lang, one.label, one.reason);
                    let change = step_of(one.field).map(|step| change_answer(id, step));
                    view! {
                        <li>
                            {named}" "
                            {if one.mended {
                                view! { <span class="mark-tick">{i18n::returned_mended(lang)}</span> }.into_any()
                            } else {
                                view! { <span class="mark-open">{i18n::returned_open(lang)}</span>" "<a href=change>{i18n::wizard_change(lang)}</a> }.into_any()
                            }}
                        </li>
                    }.into_any()
                }).collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

/// Everything once more, with a way to change each step, then extra subject and declaration.
#[component]
fn ConfirmFields(form: Form, data: WizardData) -> impl IntoView {
    let lang = lang();
    let subjects = data.draft.extra_subjects(&data.context());
    let only_none = subjects == [ExtraSubject::None];
    // A licence owed to a subject of a post is limited to it (S85); who is not offered one reads nothing of it.
    let offers_post = subjects.iter().any(|subject| subject.limits_licence());
    let limits = move || ExtraSubject::parse(&form.get(Field::ExtraSubject)).is_ok_and(ExtraSubject::limits_licence);
    let form_message = Signal::derive(move || form.message(lang, Field::Form));
    let hidden = only_none
        .then(|| view! { <input type="hidden" name="extra_subject" value=ExtraSubject::None.code() /> }.into_any());
    let proofs = data.draft.to_prove(&data.context());
    view! {
        <ReturnedAnswers data=data.clone() />
        <Answers data controls={!only_none} />
        {(!proofs.is_empty()).then(|| view! { <ToProve proofs /> }.into_any())}
        {hidden}
        {(!only_none).then(|| view! { <SelectField form field=Field::ExtraSubject options=i18n::options(lang, &subjects) /> }.into_any())}
        {offers_post.then(|| view! {
            <div class:off=move || !limits()>
                <CheckField form field=Field::ExtraPost label=i18n::label(lang, Field::ExtraPost) />
            </div>
        }.into_any())}
        <section class="terms">
            <h2>{i18n::declaration_title(lang)}</h2>
            <p>{i18n::declaration_body(lang)}</p>
            {offers_post.then(|| view! { <p class:off=move || !limits()>{i18n::declaration_limited(lang)}</p> }.into_any())}
        </section>
        <CheckField form field=Field::Declaration label=i18n::declaration_agree(lang) />
        <FieldMessage id="f-form" message=form_message linked=true />
        <p class="note">{i18n::declaration_note(lang)}</p>
    }
}

/// Everything that will be stored and printed, each group with a way back to its step that returns here (S47, S54). What is
/// answered on this step stands below, in its control.
#[component]
fn Answers(data: WizardData, controls: bool) -> impl IntoView {
    let lang = lang();
    let (id, photo, facts) = (data.id, data.photo, data.site_facts.clone());
    let below = move |field: Field| controls && ApplicationDraft::fields(Step::Confirm).contains(&field);
    view! {
        <div class="answers">
            {data.answers(lang).into_iter().map(|mut group| {
                group.answers.retain(|answer| !below(answer.field));
                let (title, step) = (group.title, group.step);
                // The photo stands beside the identity, as on the form.
                let facts = facts.clone();
                let photo = photo.filter(|_| group.answers.iter().any(|answer| answer.field == Field::Name));
                view! {
                    <section>
                        <div class="title-row">
                            <h2>{title}</h2>
                            <a href=change_answer(id, step) aria-label=i18n::wizard_change_named(lang, title)>{i18n::wizard_change(lang)}</a>
                        </div>
                        {match photo {
                            Some(photo) => view! {
                                <div class="identity">
                                    <div><GroupAnswers group blanks=true /></div>
                                    <div class="photo"><img src=Endpoint::Photo(photo).path() alt=i18n::photo_alt(lang) width="105" height="140" /></div>
                                </div>
                            }.into_any(),
                            None => view! { <GroupAnswers group blanks=true /> }.into_any(),
                        }}
                        {(step == Step::Site).then(|| view! { <SiteFacts facts /> }.into_any())}
                    </section>
                }.into_any()
            }).collect_view()}
        </div>
    }
}
