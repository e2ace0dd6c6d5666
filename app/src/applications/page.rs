//! One application: where it stands, what comes next and by when, what happened, and what was submitted. A draft leads to its
//! first incomplete step.
use super::{
    actions::{exam_data, is_listed, own_application, wizard},
    answers::GroupAnswers,
    data::{SUBMITTED_PARAMETER, WITHDRAWN_PARAMETER},
    list::ApplicationCard,
    summary::{self, CodeLabels, item_name, paper_name, why},
    timeline::{Corrections, Timeline},
    withdrawal,
};
use crate::{
    components::{dated, places::ContactsLink},
    error::AppError,
    http::form::parse_query,
    i18n::{self, moment_text},
    lang::{Lang, lang},
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Guide, Page, PageKind, change_answer},
};
use axum::extract::Request;
use forms::{
    application::Application,
    eligibility::Proof,
    ids::ApplicationId,
    journey::Step,
    materials::Material,
    review::{Finding, ItemFinding, step_of},
    status::ApplicationStatus,
    value::Date,
};
use leptos::prelude::*;
use registry::{ApplicationHistory, ApplicationRow, ApplicationView, Moment};

/// The page of one application.
pub(super) async fn application(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Application(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    let lang = context.lang;
    let view = context.candidate()?.application(id).await?;
    if view.row.status == ApplicationStatus::Draft {
        let data = wizard(&context, id, Step::Confirm).await?;
        return Ok(Reply::see(&Page::Step(id, data.journey.next())));
    }
    let query = parse_query(request.uri()).unwrap_or_default();
    let has = |parameter: &str| query.values(parameter).next().is_some();
    let confirmed = has(SUBMITTED_PARAMETER) && view.row.status == ApplicationStatus::Submitted;
    let withdrawn = has(WITHDRAWN_PARAMETER) && view.row.status == ApplicationStatus::Abandoned;
    let (areas, sites) = (view.areas.clone(), view.sites.clone());
    let own = context.candidate()?.applications().await?;
    let application = match is_listed(&view.row) {
        true => Some(own_application(&context, &view, &own, &sites).await?),
        false => None,
    };
    let continued = continued(&context, &view, &own).await?;
    let history = context.candidate()?.history(id).await?;
    let labels = CodeLabels { lang, areas: &areas, sites: &sites };
    let (status, returned) = (view.row.status, view.row.status == ApplicationStatus::Returned);
    let groups = view
        .snapshot
        .as_ref()
        .map(|a| summary::submitted_answers(&labels, &view.categories, a, true))
        .unwrap_or_default();
    let events = summary::events(&labels, &history.events);
    let corrections: Vec<String> =
        history.corrections.iter().map(|(at, row)| summary::correction(&labels, *at, row)).collect();
    let changes = view.snapshot.as_ref().map(|a| a.paper_changes.as_slice()).unwrap_or_default();
    let paper_changes: Vec<String> = changes.iter().map(|change| summary::paper_change(lang, change)).collect();
    let is_pending = matches!(status, ApplicationStatus::Submitted | ApplicationStatus::Returned);
    // Before the approval a finding is the reviewer's note, and after a rejection nothing is brought any more.
    let approved =
        matches!(status, ApplicationStatus::SiteApproved | ApplicationStatus::Signed | ApplicationStatus::AreaApproved);
    let next = next(lang, &view, &history, context.now());
    let mistake = withdrawal::mistake(&labels, &view, context.now());
    let whom = whom_to_ask(&labels, &view);
    let found = history.found;
    let on_site = view.row.is_reviewed_on_site();
    let body = move || {
        view! {
            <h1>{i18n::application_title(lang)}</h1>
            {confirmed.then(|| view! { <Confirmation id serial=view.row.serial.clone() on_site /> })}
            {withdrawn.then(|| view! { <Withdrawn /> })}
            {application.map(|application| view! { <ul class="cards"><ApplicationCard application here=true confirmed /></ul> })}
            {returned.then(|| view! { <ReturnedItems id found=found.clone() /> })}
            <section class="sheet">
                <h2>{i18n::application_next(lang)}</h2>
                {next.into_iter().map(|sentence| view! { <p>{dated(&sentence)}</p> }).collect_view()}
                {whom.map(|sentence| view! { <p>{sentence}" "<ContactsLink /></p> })}
                {continued.map(|draft| view! {
                    <p>{i18n::withdrawal_ended_draft(lang)}</p>
                    <p><a class="button" href=Page::Application(draft).path()>{i18n::exams_continue(lang)}</a></p>
                })}
                {is_pending.then(|| view.snapshot.as_ref().map(|a| to_bring(lang, id, a, view.exam.last_review_day())))}
            </section>
            {approved.then(|| view! { <Outstanding found=found.clone() /> })}
            <Corrections title=i18n::timeline_paper_changes(lang) corrections=paper_changes />
            <Corrections title=i18n::timeline_corrections(lang) corrections />
            <section class="sheet">
                <h2>{i18n::timeline_title(lang)}</h2>
                <Timeline events />
            </section>
            <section class="sheet">
                <h2>{i18n::application_submitted(lang)}</h2>
                {groups.into_iter().filter(|group| !group.is_blank()).map(|group| view! { <h3>{group.title}</h3><GroupAnswers group blanks=false /> }).collect_view()}
            </section>
            {mistake.map(|sentence| view! {
                <section class="sheet">
                    <h2>{i18n::withdrawal_title(lang)}</h2>
                    <p>{dated(&sentence)}{(!is_pending).then(|| view! { " "<ContactsLink /> })}</p>
                </section>
            })}
            <p><a class="button" href=Page::Exams.path()>{i18n::application_back(lang)}</a></p>
        }
    };
    let page = PlainPage::new(PageKind::Application, body);
    Ok(if confirmed { page.titled(i18n::application_confirmed_window(lang).to_owned()) } else { page }.into())
}

/// Whom to ask: the office of what waits for it or was rejected there.
fn whom_to_ask(labels: &CodeLabels<'_>, view: &ApplicationView) -> Option<String> {
    let office = || withdrawal::office(labels, view);
    match view.row.status {
        ApplicationStatus::Submitted | ApplicationStatus::Returned => {
            Some(i18n::application_office(labels.lang, office()))
        }
        ApplicationStatus::Rejected => Some(i18n::application_office_rejected(labels.lang, office())),
        _ => None,
    }
}

/// The draft that may still be submitted in the place of an application that was withdrawn.
async fn continued(
    context: &RequestContext,
    view: &ApplicationView,
    own: &[ApplicationRow],
) -> Result<Option<ApplicationId>, AppError> {
    if view.row.status != ApplicationStatus::Abandoned {
        return Ok(None);
    }
    for draft in own.iter().filter(|row| row.status == ApplicationStatus::Draft) {
        if context.candidate()?.application(draft.id).await?.exam.is_open(context.now()) {
            return Ok(Some(draft.id));
        }
    }
    Ok(None)
}

/// That the application was submitted just now: its serial, and what comes first. The page starts here, so a screen reader says it.
#[component]
fn Confirmation(id: ApplicationId, serial: Option<String>, on_site: bool) -> impl IntoView {
    let lang = lang();
    let first = if on_site { i18n::application_confirmed_first(lang) } else { i18n::exemption_card(lang) };
    view! {
        <section class="confirmation" id="confirmation" tabindex="-1" autofocus="" aria-labelledby="confirmed" aria-describedby="confirmed-next">
            <h2 id="confirmed">{i18n::application_confirmed(lang)}</h2>
            <div id="confirmed-next">
                <p>{i18n::exams_serial(lang)}<b class="serial">{serial}</b></p>
                <p>{first}</p>
            </div>
            <p><a class="button primary" href=Page::Slip(id).path()>{i18n::exams_print(lang)}</a></p>
        </section>
    }
}

/// That the application was withdrawn just now, as [`Confirmation`] says of one that was submitted.
#[component]
fn Withdrawn() -> impl IntoView {
    let lang = lang();
    view! {
        <section class="confirmation" tabindex="-1" autofocus="" aria-labelledby="withdrawn" aria-describedby="withdrawn-next">
            <h2 id="withdrawn">{i18n::withdrawal_withdrawn(lang)}</h2>
            <p id="withdrawn-next">{i18n::withdrawal_withdrawn_next(lang)}</p>
        </section>
    }
}

/// The papers to bring to the review on site, and what they must prove.
fn to_bring(lang: Lang, id: ApplicationId, application: &Application, last_day: Date) -> impl IntoView + use<> {
    let papers = Material::of(application, last_day);
    let is_listed = |proof: &Proof| papers.iter().any(|paper| paper.proves() == Some(*proof));
    let verified = Material::verified(application, last_day);
    let proofs: Vec<Proof> = application.to_prove.iter().copied().filter(|proof| !is_listed(proof)).collect();
    view! {
        {(!papers.is_empty()).then(|| view! {
            <h3>{i18n::application_materials(lang)}</h3>
            <ol class="materials">{papers.into_iter().map(|m| view! { <li>{paper_name(lang, application, m)}{m.annex().map(|annex| view! { " "<a href=Page::AnnexSheet(annex).with_query(&[("from", id.to_string())])>{i18n::downloads_open(lang, annex.code())}</a> })}</li> }).collect_view()}</ol>
        })}
        {(!verified.is_empty()).then(|| view! {
            <h3>{i18n::application_verified(lang)}</h3>
            <p>{i18n::application_verified_body(lang)}</p>
            <ul>{verified.into_iter().map(|paper| view! { <li>{paper_name(lang, application, paper)}</li> }).collect_view()}</ul>
        })}
        {(!proofs.is_empty()).then(|| view! {
            <h3>{i18n::application_prove(lang)}</h3>
            <ul>{proofs.iter().map(|p| view! { <li>{i18n::lookup(lang, &format!("proof.{}", p.key()))}</li> }).collect_view()}</ul>
            <p class="note">{i18n::application_law(lang)}" "<a href=Page::Guide(Guide::Rules).path()>{i18n::verdict_rules(lang)}</a></p>
        })}
    }
}

/// What comes next, and by when.
fn next(lang: Lang, view: &ApplicationView, history: &ApplicationHistory, now: Moment) -> Vec<String> {
    let last = Moment(view.exam.review_closes.0 - 1);
    let until = moment_text(last.date(), last.time());
    let refused: Vec<String> = history
        .found
        .iter()
        .filter(|one| one.finding == Finding::Fail)
        .map(|one| i18n::form_named(lang, item_name(lang, one.item), why(lang, one)))
        .collect();
    match view.row.status {
        ApplicationStatus::Submitted if !view.row.is_reviewed_on_site() => vec![i18n::exemption_next(lang).to_owned()],
        ApplicationStatus::SiteApproved if !view.row.is_reviewed_on_site() => {
            vec![i18n::exemption_approved(lang).to_owned()]
        }
        ApplicationStatus::Submitted => {
            vec![i18n::application_next_body(lang, i18n::date_range(lang, view.exam.review_opens.date(), last.date()))]
        }
        ApplicationStatus::Returned => vec![i18n::timeline_next_returned(lang, until)],
        ApplicationStatus::SiteApproved => vec![i18n::timeline_next_sign(lang, until)],
        ApplicationStatus::Signed => vec![i18n::timeline_next_signed(lang).to_owned()],
        ApplicationStatus::AreaApproved => vec![i18n::timeline_next_approved(lang).to_owned()],
        ApplicationStatus::Rejected => [vec![i18n::timeline_next_rejected(lang).to_owned()], refused].concat(),
        ApplicationStatus::Abandoned if view.exam.is_open(now) => {
            vec![i18n::withdrawal_ended_open(lang, exam_data(lang, &view.exam, now).closes)]
        }
        ApplicationStatus::Abandoned => vec![i18n::withdrawal_ended(lang).to_owned()],
        ApplicationStatus::Superseded => vec![i18n::withdrawal_ended_superseded(lang).to_owned()],
        _ => vec![i18n::timeline_next_ended(lang).to_owned()],
    }
}

/// What was returned, why, and where it is corrected (X28).
#[component]
fn ReturnedItems(id: ApplicationId, found: Vec<ItemFinding>) -> impl IntoView {
    let lang = lang();
    let items: Vec<ItemFinding> = found.into_iter().filter(|one| one.finding == Finding::Return).collect();
    let step_to_mend = move |one: &ItemFinding| one.item.editable_fields().iter().find_map(|field| step_of(*field));
    view! {
        <section class="summary">
            <h2>{i18n::timeline_mend(lang)}</h2>
            <ul>{items.into_iter().map(|one| {
                let step = step_to_mend(&one);
                view! {
                    <li>
                        {i18n::form_named(lang, item_name(lang, one.item), why(lang, &one))}" "
                        {match step {
                            Some(step) => view! { <a href=change_answer(id, step)>{i18n::timeline_mend_at(lang, i18n::step_title(lang, step))}</a> }.into_any(),
                            None => view! { <span>{i18n::timeline_mend_bring(lang)}</span> }.into_any(),
                        }}
                    </li>
                }
            }).collect_view()}</ul>
            <p><a class="button primary" href=Page::Step(id, Step::Confirm).path()>{i18n::timeline_mend_submit(lang)}</a></p>
        </section>
    }
}

/// What is still to be handed in, and by which day (X31).
#[component]
fn Outstanding(found: Vec<ItemFinding>) -> impl IntoView {
    let lang = lang();
    let items: Vec<ItemFinding> = found.into_iter().filter(|one| one.finding == Finding::Later).collect();
    if items.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="sheet">
            <h2>{i18n::timeline_outstanding(lang)}</h2>
            <ul>{items.into_iter().map(|one| {
                let due = one.due.map(|due| due.to_string()).unwrap_or_default();
                view! { <li>{dated(&i18n::timeline_due(lang, item_name(lang, one.item), due))}</li> }
            }).collect_view()}</ul>
        </section>
    }
    .into_any()
}
