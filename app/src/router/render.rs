//! Turns what a handler replied into a response: pages, redirects, errors.
use crate::{
    app,
    components::static_page,
    error::AppError,
    i18n,
    lang::lang,
    request::{HydratedPage, PageReply, PlainPage, Reply, RequestContext},
    routes::{Page, PageKind},
    transport::DRAFT_HEADER,
};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use std::time::Duration;
use tokio::time::timeout;

/// The response for a reply.
pub(super) async fn reply(context: &RequestContext, reply: Reply) -> Response {
    match reply {
        Reply::Page(PageReply::Hydrated(page)) => hydrated(context, page).await,
        Reply::Page(PageReply::Plain(page)) => static_page::render(context, page),
        Reply::SeeOther(path) => see_other(&path),
        Reply::Response(response) => response,
    }
}

/// Whether a client expects data and not a page: calls of server functions, look-ups, uploads by script.
pub(super) fn expects_data(path: &str, headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    path.starts_with("/api/") || accepts.starts_with("text/plain") || headers.contains_key(DRAFT_HEADER)
}

/// The response for an error: its text for a client that expects data, otherwise a page that says what to do. What belongs to
/// somebody else and what does not exist give the same.
pub(super) fn error(context: &RequestContext, error: &AppError, data: bool) -> Response {
    let mut response = if data {
        (error.status(), error.to_string()).into_response()
    } else {
        static_page::render(context, error_page(context, error.clone()))
    };
    if let Some(seconds) = error.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

fn error_page(context: &RequestContext, error: AppError) -> PlainPage {
    // The page is found under no path of its own; it stands in the header of whoever sees it.
    let kind = if context.officer().is_ok() { PageKind::Queue } else { PageKind::Verify };
    let home = if context.officer().is_ok() { Page::Queue.path() } else { Page::Home.path() };
    let status = error.status();
    let title = i18n::error_title(context.lang).to_owned();
    let page = PlainPage::new(kind, move || {
        let lang = lang();
        view! {
            <section class="panel">
                <h1>{i18n::error_title(lang)}</h1>
                <p>{error.sentence(lang)}</p>
                <p><a class="button" href=home>{i18n::error_home(lang)}</a></p>
            </section>
        }
    });
    PlainPage { status, ..page.titled(title) }
}

/// How long a page waits for its turn. Under more load than the machine can bear those who would wait longer are told at once.
const TURN: Duration = Duration::from_millis(300);

/// Renders a page with the application, to be hydrated in the browser.
async fn hydrated(context: &RequestContext, page: HydratedPage) -> Response {
    let HydratedPage { uri, status, provide } = page;
    let token = context.page_token();
    let provide_all = {
        let (context, token) = (context.clone(), token.clone());
        move || {
            provide_context(token.clone());
            provide_context(context.nonce().clone());
            provide_context(context.lang);
            provide_context(context.layout());
            provide();
            provide_context(context.clone());
        }
    };
    let shell = {
        let (context, page) = (context.clone(), Page::from_path(uri.path()));
        move || app::shell(&context, page.as_ref(), &token)
    };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    let turn = context.state.renderings.clone().acquire_owned();
    let permit = if status == StatusCode::OK {
        match timeout(TURN, turn).await {
            Ok(permit) => permit,
            Err(_) => return error(context, &AppError::Busy, false),
        }
    } else {
        // The answer to a form holds what was typed.
        turn.await
    };
    // In a task of its own, which a client that hangs up does not cancel: Leptos cannot be stopped in the middle of a page. What
    // still runs would find its signals disposed of, panic, and keep what it holds.
    let rendering = tokio::spawn(async move {
        let _permit = permit;
        leptos_axum::render_app_async_with_context(provide_all, shell)(request).await
    });
    let mut response = match rendering.await {
        Ok(response) => response,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    };
    // A page that failed while it was rendered has set its own status.
    if response.status() == StatusCode::OK {
        *response.status_mut() = status;
    }
    response
}

/// "See other": the answer to a form that was accepted.
pub(super) fn see_other(path: &str) -> Response {
    match HeaderValue::from_str(path) {
        Ok(location) => (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
