//! Before a new application takes the place of the one that was submitted: both side by side, only what differs (X1).
use super::{
    data::submitted,
    summary::{self, CodeLabels},
};
use crate::{
    components::{PageField, Summary, places::ContactsLink},
    error::AppError,
    i18n,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Endpoint, Page, PageKind},
};
use axum::extract::Request;
use forms::{
    Code, Field,
    application::Application,
    ids::{ApplicationId, PhotoId},
    journey::Step,
};
use leptos::prelude::*;
use registry::{ApplicationView, CategoryRow, SubmitError};

/// A line of the comparison: what it is, before, after.
type Difference = (String, String, String);

/// The page that compares.
pub(super) async fn show(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Replace(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    compare(&context, id, None).await
}

/// Submits the new application, which ends the old one.
pub(super) async fn submit_replacement(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Replace(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    let version = context.read_form(request).await?.version();
    match context.candidate()?.submit_application(id, version).await {
        Ok(_) => Ok(Reply::SeeOther(submitted(id))),
        Err(SubmitError::Problems(problems)) => {
            compare(&context, id, problems.first().map(|(_, problem)| problem.code)).await
        }
        Err(SubmitError::Registry(error)) => Err(error.into()),
    }
}

/// What differs between two applications, in the order of the form.
fn differences(labels: &CodeLabels<'_>, rows: &[CategoryRow], old: &Application, new: &Application) -> Vec<Difference> {
    let lines = |a: &Application| {
        let groups = summary::lines(labels.lang, summary::submitted_answers(labels, rows, a, true));
        groups.into_iter().flat_map(|(_, lines)| lines)
    };
    let label = |field| i18n::label(labels.lang, field).to_owned();
    let pairs = lines(old).zip(lines(new)).map(|((field, before), (_, after))| (label(field), before, after));
    pairs.filter(|(_, before, after)| before != after).collect()
}

async fn compare(context: &RequestContext, id: ApplicationId, code: Option<Code>) -> Result<Reply, AppError> {
    let (lang, candidate) = (context.lang, context.candidate()?);
    let view = candidate.application(id).await?;
    let open = view.open();
    // Without anything to replace it is a draft like others, and one that is not complete leads to the step that it lacks.
    let (Some(replaced), Ok(new)) = (view.replaces, view.draft.check(&view.context(context.now(), &open))) else {
        return Ok(Reply::see(&Page::Application(id)));
    };
    let before = candidate.application(replaced).await?;
    let labels = CodeLabels { lang, areas: &view.areas, sites: &view.sites };
    let old = before.snapshot.as_ref();
    let lines = old.map(|old| differences(&labels, &view.categories, old, &new)).unwrap_or_default();
    let photos = old.map(|old| (old.photo, new.photo)).filter(|(before, after)| before != after);
    let same = lines.is_empty() && photos.is_none();
    let ApplicationView { row, .. } = before;
    let lead = i18n::withdrawal_replace_lead(lang, row.serial.unwrap_or_default());
    let version = view.row.version;
    let refused = code.map(|code| i18n::problem(lang, code));
    let body = move || {
        let message = RwSignal::new(refused);
        view! {
            <h1>{i18n::withdrawal_replace_title(lang)}</h1>
            <Summary message />
            {code.is_some().then(|| view! { <p><ContactsLink /></p> })}
            <section class="sheet">
                <p>{if same { i18n::withdrawal_replace_same(lang).to_owned() } else { lead }}</p>
                {(!same).then(|| view! { <Comparison lines photos /> })}
            </section>
            <form method="post" action=Page::Replace(id).path() class="actions">
                <PageField />
                <input type="hidden" name="version" value=version.to_string() />
                {(!same).then(|| view! { <button class="primary">{i18n::withdrawal_replace_button(lang)}</button> })}
                <a class="button" href=Page::Step(id, Step::Confirm).path()>{i18n::withdrawal_replace_change(lang)}</a>
            </form>
            <form method="post" action=Endpoint::DiscardDraft(id).path() class="discard">
                <PageField />
                <button class="quiet">{i18n::withdrawal_replace_keep(lang)}</button>
            </form>
        }
    };
    Ok(PlainPage::new(PageKind::Replace, body).refused(code.is_some()).into())
}

/// The table of what differs. On a phone each line is a block of its own.
#[component]
fn Comparison(lines: Vec<Difference>, photos: Option<(PhotoId, PhotoId)>) -> impl IntoView {
    let lang = crate::lang::lang();
    let shown = move |text: String| if text.is_empty() { i18n::withdrawal_replace_none(lang).to_owned() } else { text };
    view! {
        <table class="compare">
            <thead>
                <tr>
                    <th scope="col">{i18n::withdrawal_replace_item(lang)}</th>
                    <th scope="col">{i18n::withdrawal_replace_old(lang)}</th>
                    <th scope="col">{i18n::withdrawal_replace_new(lang)}</th>
                </tr>
            </thead>
            <tbody>
                {lines.into_iter().map(|(item, before, after)| view! {
                    <tr><th scope="row">{item}</th><td>{shown(before)}</td><td>{shown(after)}</td></tr>
                }).collect_view()}
                {photos.map(|(before, after)| view! {
                    <tr>
                        <th scope="row">{i18n::label(lang, Field::Photo)}</th>
                        <td><img src=Endpoint::Photo(before).path() alt=i18n::withdrawal_photo_old(lang) width="90" height="120" /></td>
                        <td><img src=Endpoint::Photo(after).path() alt=i18n::withdrawal_photo_new(lang) width="90" height="120" /></td>
                    </tr>
                })}
            </tbody>
        </table>
    }
}
