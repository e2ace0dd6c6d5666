//! Forms posted after their session had ended: they are kept sealed for a short time (parked) and given back after a log-in
//! to the same account, as the draft of the page they were posted to.
use super::{render::expects_data, table};
use crate::{
    error::AppError,
    http::{
        cookies,
        form::FormData,
        multipart::{Upload, read_upload},
    },
    request::{AppState, Reply, RequestContext},
    routes::{Endpoint, Page, PageKind, ProfileGroup},
    server_functions,
};
use axum::{
    extract::Request,
    http::{HeaderMap, Method},
};
use registry::{ParkedForm, Token};

/// How long a parked form is kept, in seconds; the registry forgets it at the same time.
const PARKED_SECONDS: i64 = 900;

/// The reply where a candidate must be logged in and nobody is. A page sends to the log-in; a form is parked first; a server
/// function says so itself, and an upload by script is told.
pub(super) async fn signed_out(context: &RequestContext, request: Request) -> Result<Reply, AppError> {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") {
        return server_functions::call(context.clone(), request).await;
    }
    if expects_data(&path, request.headers()) {
        return Err(AppError::SignedOut);
    }
    let is_get = request.method() == Method::GET;
    let next = if is_get { path.clone() } else { page_of_post(&path) };
    if !is_get {
        park(context, path, request).await;
    }
    Ok(Reply::SeeOther(Page::Login.with_query(&[("next", next)])))
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

/// Parks a form for the account whose session it came with. Passwords are kept for nobody; files are not kept.
async fn park(context: &RequestContext, path: String, request: Request) {
    let keeps = Page::from_path(&path).is_none_or(|page| page.kind() != PageKind::Security);
    if keeps
        && let (Some(token), Ok(Upload { form, .. })) = (context.token(), read_upload(request, "", 0).await)
        && let Ok(Some(owner)) = context.registry().former_owner(token).await
        && let Ok(parked) = context.registry().park(owner, &ParkedForm { path, pairs: form.0 }).await
    {
        context.set_cookie(cookies::parked(context.state.secure), parked.expose(), Some(PARKED_SECONDS));
    }
}

/// The token of the form that a browser had parked.
pub(super) fn parked_token(state: &AppState, headers: &HeaderMap) -> Option<Token> {
    cookies::read(headers, cookies::parked(state.secure)).and_then(|text| Token::parse(&text))
}

/// After a log-in: saves the parked form as a draft and leads to its page, or shows it again where it has no draft. `None` if
/// nothing was parked for this account.
pub(super) async fn restore_parked_form(
    context: &RequestContext,
    session: &Token,
    parked: Option<Token>,
) -> Option<Reply> {
    context.set_cookie(cookies::parked(context.state.secure), "", Some(0));
    let candidate = context.registry().candidate(session).await.ok()??;
    let parked = context.registry().unpark(candidate.account(), &parked?).await.ok()??;
    let context = context.logged_in_as(candidate);
    let form = FormData(parked.pairs);
    let page = Page::from_path(&parked.path)?;
    if let Some(show) = table::show_again(page.kind()) {
        return show(context, form).await.ok();
    }
    let saved = context.save_draft(page, form).await.ok()??;
    Some(Reply::see(&saved))
}
