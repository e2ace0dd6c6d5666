//! How the router answers calls of server functions.
use crate::{
    error::AppError,
    http::{form::FORM_LIMIT, text::parse_pairs},
    request::{HandlerFuture, Reply, RequestContext, Route},
    routes::Access,
};
use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;
use uuid::Uuid;

/// A server function by its path (`/api/` and its endpoint).
pub(crate) const fn server_function(path: &'static str, access: Access) -> Route {
    Route::new(Method::POST, path, access, call)
}

/// Answers a call of a server function. Nobody being logged in is answered by the function itself, in its own encoding.
pub(crate) fn call(context: RequestContext, request: Request) -> HandlerFuture {
    Box::pin(async move {
        // A page that was drawn for somebody else is neither filled with this person's data nor saved into it.
        if context.is_logged_in() {
            context.accept_page_header(request.headers())?;
        } else {
            context.note_page_header(request.headers());
        }
        let asked = context.clone();
        let provide = move || {
            provide_context(context.lang);
            provide_context(context.clone());
        };
        let (request, named) = clean_arguments(request).await?;
        let response = leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
        let response = with_status(response).await?;
        if response.status() == StatusCode::NOT_FOUND
            && let Some(id) = named
        {
            asked.audit_refusal(id).await;
        }
        Ok(Reply::Response(response))
    })
}

/// The same call with its arguments read and cleaned as those of a form are, and the record that they name. Server functions
/// take their arguments URL-encoded and in no other encoding.
async fn clean_arguments(request: Request) -> Result<(Request, Option<Uuid>), AppError> {
    let (mut parts, body) = request.into_parts();
    let bytes = to_bytes(body, FORM_LIMIT).await.map_err(|_| AppError::BadRequest)?;
    let pairs = parse_pairs(&bytes).ok_or(AppError::BadRequest)?;
    let named = pairs.iter().find(|(name, _)| name == "id").and_then(|(_, id)| id.parse().ok());
    let encoded = form_urlencoded::Serializer::new(String::with_capacity(bytes.len())).extend_pairs(pairs).finish();
    parts.headers.remove(header::CONTENT_LENGTH);
    Ok((Request::from_parts(parts, Body::from(encoded)), named))
}

/// Server functions answer every error with 500; the error itself stands in the body and decides the status.
async fn with_status(response: Response) -> Result<Response, AppError> {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes = to_bytes(body, FORM_LIMIT).await.map_err(|error| AppError::internal("server function", &error))?;
    if let Some(error) = str::from_utf8(&bytes).ok().and_then(|text| text.parse::<AppError>().ok()) {
        parts.status = error.status();
        if let Some(seconds) = error.retry_after() {
            parts.headers.insert(header::RETRY_AFTER, seconds.into());
        }
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}
