//! One application: what was submitted, and what comes next. A draft sends to the first step that is not done.
use super::{plain, trouble};
use crate::{
    apply::api::act::{exams, wizard},
    components::Fact,
    door::{Visitor, see_other},
    enrolments::ApplicationCard,
    error::AppError,
    markup::{Markup, Pieces, view},
    profile::{entry_facts, entry_title},
    routes, text,
};
use axum::{extract::Request, http::Uri, response::Response};
use forms::{
    Field, application::Application, choice::Choice, ids::ApplicationId, journey::Journey, materials::Material,
    profile::Entry, status::ApplicationStatus,
};
use leptos::prelude::*;
use registry::ApplicationView;

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
    let card = match exams(&visitor).await {
        Ok(data) => data.applications.into_iter().find(|a| a.id == id),
        Err(error) => return trouble(&visitor, &error),
    };
    plain(&visitor, text::application_title(lang), "exams", || {
        view! {
            <h1>{text::application_title(lang)}</h1>
            {card.map(|application| view! { <ul class="cards"><ApplicationCard application here=true /></ul> })}
            {view.snapshot.map(|a| {
                let materials = Material::of(&a);
                view! {
                    <section class="sheet">
                        <h2>{text::application_next(lang)}</h2>
                        <p>{text::application_next_body(lang, view.exam.review_opens.date(), registry::Moment(view.exam.review_closes.0 - 1).date())}</p>
                        <h3>{text::application_materials(lang)}</h3>
                        <ol class="materials">{materials.into_iter().map(|m| view! { <li>{text::lookup(lang, &format!("material.{}", m.key()))}</li> }).pieces()}</ol>
                        {(!a.to_prove.is_empty()).then(|| view! {
                            <h3>{text::application_prove(lang)}</h3>
                            <ul>{a.to_prove.iter().map(|p| view! { <li>{text::lookup(lang, &format!("proof.{}", p.key()))}</li> }).pieces()}</ul>
                        })}
                    </section>
                    <section class="sheet"><h2>{text::application_submitted(lang)}</h2><Submitted application=a /></section>
                }
            })}
            <p><a class="button" href=routes::EXAMS>{text::application_back(lang)}</a></p>
        }
    })
}

/// What was submitted, as facts.
#[component]
fn Submitted(application: Application) -> Markup {
    let lang = crate::lang::lang();
    let a = application;
    let label = |field| text::label(lang, field);
    let entries = |entries: Vec<Entry>| {
        entries
            .into_iter()
            .map(|e| e.to_draft())
            .map(|d| format!("{} · {}", entry_title(lang, &d), entry_facts(lang, &d)))
            .collect::<Vec<_>>()
            .join("; ")
    };
    let facts: Vec<(&str, String)> = vec![
        (label(Field::Name), a.identity.name.to_string()),
        (label(Field::DocumentNumber), a.identity.document.masked()),
        (label(Field::HouseholdProvince), text::choice(lang, a.basic.household_province).into()),
        (label(Field::Mobile), a.contact.mobile.to_string()),
        (label(Field::Email), a.contact.email.to_string()),
        (label(Field::Address), a.contact.address.to_string()),
        (label(Field::PostState), text::choice(lang, a.work.post_state).into()),
        (label(Field::Employer), a.work.employer.to_string()),
        (label(Field::Educations), entries(a.educations.into_iter().map(|e| Entry::Education(e.1)).collect())),
        (label(Field::Trainings), entries(a.trainings.into_iter().map(|e| Entry::Training(e.1)).collect())),
        (label(Field::Certificates), entries(a.certificates.into_iter().map(|e| Entry::Certificate(e.1)).collect())),
        (
            label(Field::ExtraSubject),
            text::choice_code(lang, forms::choice::ExtraSubject::LIST, a.extra_subject.code()).into(),
        ),
        (label(Field::Attempts), a.attempts.to_string()),
    ];
    view! { <dl class="facts">{facts.into_iter().map(|(label, value)| view! { <Fact label value /> }).pieces()}</dl> }
}
