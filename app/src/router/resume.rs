//! Forms posted after their session had ended: they are kept sealed for a short time (parked) for the account that their page was
//! drawn for, and given back after its log-in as the draft of the page they were posted to.
use super::{render::expects_data, table, unavailable};
use crate::{
    error::AppError,
    http::{
        form::FormData,
        multipart::{Upload, read_upload},
    },
    request::{KEPT_PARAMETER, Reply, RequestContext, page_of},
    routes::{Endpoint, Page, PageKind, ProfileGroup},
    server_functions,
    transport::{DRAFT_HEADER, PAGE_FIELD},
};
use axum::{
    extract::Request,
    http::{Method, StatusCode},
};
use registry::{PageOwner, ParkedForm, Token};

/// Saves a form as the draft of its page, as it was typed.
pub(super) async fn save_draft(context: &RequestContext, request: Request) -> Result<Reply, AppError> {
    let page = page_of(&request)?;
    let form = context.read_form(request).await?;
    context.save_draft(page, form).await?;
    Ok(Reply::response(StatusCode::NO_CONTENT))
}

/// The reply where a candidate must be logged in and nobody is. A page sends to the log-in; a form is parked first; a server
/// function says so itself, and an upload by script is told.
pub(super) async fn signed_out(context: &RequestContext, request: Request) -> Result<Reply, AppError> {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") {
        return server_functions::call(context.clone(), request).await;
    }
    let is_draft = request.headers().contains_key(DRAFT_HEADER);
    if expects_data(&path, request.headers()) && !is_draft {
        return Err(AppError::SignedOut);
    }
    if request.method() == Method::GET {
        return Ok(Reply::SeeOther(Page::Login.with_query(&[("next", path)])));
    }
    let next = page_of_post(&path);
    let kept = park(context, path, request).await;
    if is_draft {
        return Err(AppError::SignedOut);
    }
    let mut query = vec![("next", next)];
    query.extend(kept.then(|| (KEPT_PARAMETER, context.kept_token())));
    Ok(Reply::SeeOther(Page::Login.with_query(&query)))
}

/// The reply where a member of staff must be logged in and nobody is. Posted forms are not kept.
pub(super) async fn staff_signed_out(context: &RequestContext, request: Request) -> Result<Reply, AppError> {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") {
        return server_functions::call(context.clone(), request).await;
    }
    let is_page = request.method() == Method::GET || matches!(Page::from_path(&path), Some(Page::Record(_)));
    let next = if is_page { path } else { Page::Queue.path() };
    Ok(Reply::SeeOther(Page::StaffLogin.with_query(&[("next", next)])))
}

/// The page on which a person looks for what was posted to a path.
fn page_of_post(path: &str) -> String {
    match Endpoint::from_path(path) {
        Some(Endpoint::Photos) => Page::Profile(ProfileGroup::Basic).path(),
        Some(Endpoint::DiscardDraft(id)) => Page::Application(id).path(),
        _ => path.to_owned(),
    }
}

/// Seconds for which a page may park what was typed in it.
const PAGE_SECONDS: i64 = 86_400;

/// Parks a form for the candidate whom its page was drawn for, and says whether it is kept. Passwords are kept for nobody; files
/// are not kept.
async fn park(context: &RequestContext, path: String, request: Request) -> bool {
    if Page::from_path(&path).is_some_and(|page| page.kind() == PageKind::Security) {
        return false;
    }
    let Ok(Upload { mut form, .. }) = read_upload(request, "", 0).await else { return false };
    let Some(token) = context.registry().read_page_token(&form.take(PAGE_FIELD)) else { return false };
    let PageOwner::Candidate(account) = token.owner else { return false };
    if context.now() > token.drawn.plus_seconds(PAGE_SECONDS) {
        return false;
    }
    let parked = context.registry().park(account, &ParkedForm { path, pairs: form.0 }).await;
    if let Err(error) = &parked {
        tracing::warn!(%error, "a form could not be parked");
    }
    parked.is_ok()
}

/// After a log-in: saves the parked forms of the account as drafts and leads to the page of the last one, or shows it again where it
/// has no draft. What was changed elsewhere meanwhile is not written over: it is given back to be decided on. `None` if nothing was
/// parked. With the reply comes the request as the person who has logged in: the page is drawn for them.
pub(super) async fn restore_parked_forms(context: &RequestContext, session: &Token) -> Option<(RequestContext, Reply)> {
    let candidate = context.registry().candidate(session).await.ok()??;
    let parked = context.registry().unpark(candidate.account()).await.ok()?;
    let context = context.logged_in_as(candidate);
    let (mut reply, mut changed) = (None, Vec::new());
    for form in parked {
        let Some(page) = Page::from_path(&form.path) else { continue };
        let pairs = FormData(form.pairs.clone());
        let given_back = match table::show_again(page.kind()) {
            Some(show) => show(context.clone(), pairs).await.map(Some),
            None => context.save_draft(page, pairs).await.map(|page| page.as_ref().map(Reply::see)),
        };
        match given_back {
            Ok(given_back) => reply = given_back.or(reply),
            Err(AppError::Conflict) => changed.push(form),
            Err(_) => {}
        }
    }
    if !changed.is_empty() {
        reply = Some(unavailable::changed_elsewhere(context.lang, changed).into());
    }
    reply.map(|reply| (context, reply))
}
