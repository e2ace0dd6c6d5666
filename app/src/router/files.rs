//! Files of the built site and the small scripts of plain pages.
use crate::{
    error::AppError,
    request::{Reply, RequestContext},
};
use axum::{
    extract::Request,
    http::{StatusCode, header},
};

/// A file of the built site.
pub(super) async fn package(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let name = request.uri().path().trim_start_matches("/pkg/");
    let encodings = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let file = context.assets().response(name, encodings.is_some_and(|encodings| encodings.contains("br")));
    Ok(file.map_or_else(|| Reply::response(StatusCode::NOT_FOUND), Reply::Response))
}

fn small(kind: &'static str, text: &'static str) -> Result<Reply, AppError> {
    Ok(Reply::response(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=3600")], text)))
}
pub(super) async fn favicon(_: RequestContext, _: Request) -> Result<Reply, AppError> {
    small("image/svg+xml", include_str!("../../../public/favicon.svg"))
}
/// Prefetches the module when a pointer or the focus nears a link into the application.
pub(super) async fn prefetch(_: RequestContext, _: Request) -> Result<Reply, AppError> {
    small("text/javascript", include_str!("../../../public/prefetch.js"))
}
/// The print button.
pub(super) async fn print(_: RequestContext, _: Request) -> Result<Reply, AppError> {
    small("text/javascript", include_str!("../../../public/print.js"))
}
