//! One application: where it stands, what comes next and by when, what happened, and what was submitted. A draft sends to
//! the first step that is not done.
use super::{plain, trouble};
use crate::{
    apply::{
        api::act::{exams, wizard},
        step_title,
    },
    components::Fact,
    desk::facts::{self, Names},
    door::{Visitor, see_other},
    enrolments::ApplicationCard,
    error::AppError,
    lang::lang,
    markup::{Markup, Pieces, view},
    routes, text,
    wire::moment_text,
};
use axum::{extract::Request, http::Uri, response::Response};
use forms::{
    ids::ApplicationId,
    journey::{Journey, Step},
    materials::Material,
    review::{Finding, Found, Item, step_of},
    status::ApplicationStatus,
};
use leptos::prelude::*;
use registry::{ApplicationHistory, ApplicationView, Moment};

/// The application of a path that belongs to the visitor.
pub(super) async fn of_path(visitor: &Visitor, uri: Uri) -> Result<ApplicationView, AppError> {
    let id = uri.path().split('/').nth(2).and_then(ApplicationId::parse).ok_or(AppError::NotFound)?;
    visitor.candidate()?.application(id).await.map_err(crate::door::trouble)
}

/// The page of one application.
pub async fn application(visitor: Visitor, request: Request) -> Response {
    let lang = visitor.lang;
    let view = match of_path(&visitor, request.uri().clone()).await {
        Ok(view) => view,
        Err(error) => return trouble(&visitor, &error),
    };
    let id = view.row.id;
    if view.row.status == ApplicationStatus::Draft {
        return match wizard(&visitor, id).await {
            Ok(data) => see_other(&routes::step(id, Journey::of(&data.draft, &data.context()).next())),
            Err(error) => trouble(&visitor, &error),
        };
    }
    let read = async {
        let card = exams(&visitor).await?.applications.into_iter().find(|a| a.id == id);
        let history = visitor.candidate()?.history(id).await.map_err(crate::door::trouble)?;
        let places = visitor.registry().areas().await.map_err(crate::door::trouble)?;
        Ok::<_, AppError>((card, history, places))
    };
    let (card, history, (areas, sites)) = match read.await {
        Ok(read) => read,
        Err(error) => return trouble(&visitor, &error),
    };
    let names = Names { lang, areas: &areas, sites: &sites };
    let (status, returned) = (view.row.status, view.row.status == ApplicationStatus::Returned);
    let papers = view.snapshot.as_ref().map(Material::of).unwrap_or_default();
    let proofs = view.snapshot.as_ref().map(|a| a.to_prove.clone()).unwrap_or_default();
    let groups = view.snapshot.as_ref().map(|a| facts::groups(&names, a, false)).unwrap_or_default();
    let events = facts::events(&names, &history.events);
    let corrections: Vec<String> =
        history.corrections.iter().map(|(at, row)| facts::correction(&names, *at, row)).collect();
    let waits = matches!(status, ApplicationStatus::Submitted | ApplicationStatus::Returned);
    // Before the approval a finding is the reviewer's note, and after a rejection nothing is handed in any more.
    let approved =
        matches!(status, ApplicationStatus::SiteApproved | ApplicationStatus::Signed | ApplicationStatus::AreaApproved);
    let next = next(lang, &view, &history);
    plain(&visitor, text::application_title(lang), "exams", || {
        view! {
            <h1>{text::application_title(lang)}</h1>
            {card.map(|application| view! { <ul class="cards"><ApplicationCard application here=true /></ul> })}
            {returned.then(|| view! { <Mend id found=history.found.clone() /> })}
            <section class="sheet">
                <h2>{text::application_next(lang)}</h2>
                {next.into_iter().map(|sentence| view! { <p>{sentence}</p> }).pieces()}
                {(waits && !papers.is_empty()).then(|| view! {
                    <h3>{text::application_materials(lang)}</h3>
                    <ol class="materials">{papers.into_iter().map(|m| view! { <li>{text::lookup(lang, &format!("material.{}", m.key()))}</li> }).pieces()}</ol>
                })}
                {(waits && !proofs.is_empty()).then(|| view! {
                    <h3>{text::application_prove(lang)}</h3>
                    <ul>{proofs.iter().map(|p| view! { <li>{text::lookup(lang, &format!("proof.{}", p.key()))}</li> }).pieces()}</ul>
                })}
            </section>
            {approved.then(|| view! { <Outstanding found=history.found.clone() /> })}
            {(!corrections.is_empty()).then(|| view! {
                <section class="sheet">
                    <h2>{text::timeline_corrections(lang)}</h2>
                    <ul>{corrections.into_iter().map(|line| view! { <li>{line}</li> }).pieces()}</ul>
                </section>
            })}
            <section class="sheet">
                <h2>{text::timeline_title(lang)}</h2>
                <ol class="timeline">{events.into_iter().map(|event| view! {
                    <li><time>{event.when}</time><span>{event.what}</span><span class="over">{event.office}</span></li>
                }).pieces()}</ol>
            </section>
            <section class="sheet">
                <h2>{text::application_submitted(lang)}</h2>
                {groups.into_iter().map(|(title, lines)| view! {
                    <h3>{title}</h3>
                    <dl class="facts">{lines.into_iter().filter(|(_, value)| !value.is_empty()).map(|(field, value)| view! { <Fact label=text::label(lang, field) value /> }).pieces()}</dl>
                }).pieces()}
            </section>
            <p><a class="button" href=routes::EXAMS>{text::application_back(lang)}</a></p>
        }
    })
}

/// What comes next, and by when.
fn next(lang: crate::lang::Lang, view: &ApplicationView, history: &ApplicationHistory) -> Vec<String> {
    let last = Moment(view.exam.review_closes.0 - 1);
    let until = moment_text(lang, last.date(), last.time());
    let refused: Vec<String> = history
        .found
        .iter()
        .filter(|one| one.finding == Finding::Fail)
        .map(|one| text::form_named(lang, item_name(lang, one.item), facts::why(lang, one)))
        .collect();
    match view.row.status {
        ApplicationStatus::Submitted => {
            vec![text::application_next_body(lang, view.exam.review_opens.date(), last.date())]
        }
        ApplicationStatus::Returned => vec![text::timeline_next_returned(lang, until)],
        ApplicationStatus::SiteApproved => vec![text::timeline_next_sign(lang, until)],
        ApplicationStatus::Signed => vec![text::timeline_next_signed(lang).to_owned()],
        ApplicationStatus::AreaApproved => vec![text::timeline_next_approved(lang).to_owned()],
        ApplicationStatus::Rejected => [vec![text::timeline_next_rejected(lang).to_owned()], refused].concat(),
        _ => vec![text::timeline_next_ended(lang).to_owned()],
    }
}

fn item_name(lang: crate::lang::Lang, item: Item) -> &'static str {
    match item {
        Item::Paper(paper) => text::lookup(lang, &format!("material.{}", paper.key())).unwrap_or_default(),
        Item::Answer(field) => text::label(lang, field),
    }
}

/// What was returned, why, and where it is mended (X28).
#[component]
fn Mend(id: ApplicationId, found: Vec<Found>) -> Markup {
    let lang = lang();
    let items: Vec<Found> = found.into_iter().filter(|one| one.finding == Finding::Return).collect();
    let way = move |one: &Found| one.item.opens().iter().find_map(|field| step_of(*field));
    view! {
        <section class="summary">
            <h2>{text::timeline_mend(lang)}</h2>
            <ul>{items.into_iter().map(|one| {
                let step = way(&one);
                view! {
                    <li>
                        {text::form_named(lang, item_name(lang, one.item), facts::why(lang, &one))}" "
                        {match step {
                            Some(step) => view! { <a href=routes::change(id, step)>{text::timeline_mend_at(lang, step_title(lang, step))}</a> },
                            None => view! { <span>{text::timeline_mend_bring(lang)}</span> },
                        }}
                    </li>
                }
            }).pieces()}</ul>
            <p><a class="button primary" href=routes::step(id, Step::Confirm)>{text::timeline_mend_submit(lang)}</a></p>
        </section>
    }
}

/// What is still to be handed in, and by which day (X31).
#[component]
fn Outstanding(found: Vec<Found>) -> Markup {
    let lang = lang();
    let items: Vec<Found> = found.into_iter().filter(|one| one.finding == Finding::Later).collect();
    if items.is_empty() {
        return Markup::Nothing;
    }
    view! {
        <section class="sheet">
            <h2>{text::timeline_outstanding(lang)}</h2>
            <ul>{items.into_iter().map(|one| {
                let due = one.due.map(|due| due.to_string()).unwrap_or_default();
                view! { <li>{text::timeline_due(lang, item_name(lang, one.item), due)}</li> }
            }).pieces()}</ul>
        </section>
    }
}
