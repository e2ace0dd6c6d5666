//! The language of the pages, remembered in a cookie.
use crate::{
    error::AppError,
    http::form::{read_form, safe_path},
    lang::Lang,
    request::{Reply, RequestContext},
    routes::Page,
};
use axum::{
    extract::Request,
    http::{HeaderMap, Uri, header},
};

/// How long the choice is remembered, in seconds.
const REMEMBERED_SECONDS: i64 = 365 * 86_400;

/// Changes the language, and leads back to the page that the form was posted from.
pub(super) async fn change(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let back = referring_path(request.headers()).unwrap_or_else(|| Page::Home.path());
    let form = read_form(request).await.unwrap_or_default();
    let lang = Lang::parse(form.last_value("to"));
    context.set_cookie(Lang::COOKIE, lang.code(), Some(REMEMBERED_SECONDS));
    Ok(Reply::SeeOther(back))
}

/// The path of the page that a form was posted from.
fn referring_path(headers: &HeaderMap) -> Option<String> {
    let uri: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    safe_path(uri.path())
}
