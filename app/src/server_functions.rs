//! How the router answers calls of server functions.
use crate::{
    error::AppError,
    http::form::FORM_LIMIT,
    request::{HandlerFuture, Reply, RequestContext, Route},
    routes::Access,
};
use axum::{
    body::Body,
    extract::Request,
    http::{Method, StatusCode},
    response::{IntoResponse, Response},
};
use leptos::prelude::provide_context;

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
        }
        let provide = move || {
            provide_context(context.lang);
            provide_context(context.clone());
        };
        let response = leptos_axum::handle_server_fns_with_context(provide, request).await.into_response();
        with_status(response).await.map(Reply::Response)
    })
}

/// Server functions answer every error with 500; the error itself stands in the body and decides the status.
async fn with_status(response: Response) -> Result<Response, AppError> {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return Ok(response);
    }
    let (mut parts, body) = response.into_parts();
    let bytes =
        axum::body::to_bytes(body, FORM_LIMIT).await.map_err(|error| AppError::internal("server function", &error))?;
    if let Some(error) = str::from_utf8(&bytes).ok().and_then(|text| text.parse::<AppError>().ok()) {
        parts.status = error.status();
    }
    Ok(Response::from_parts(parts, Body::from(bytes)))
}
