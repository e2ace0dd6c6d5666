//! Whether the server lives, and whether it can do its work.
use crate::{
    error::AppError,
    request::{Reply, RequestContext},
};
use axum::{extract::Request, http::StatusCode};

/// The process answers.
pub(super) async fn live(_: RequestContext, _: Request) -> Result<Reply, AppError> {
    Ok(Reply::response("ok"))
}

/// The database is read and written durably, the clocks agree, and the background loops run. Says which loops there are.
pub(super) async fn ready(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    let registry = context.registry();
    let loops = registry.health().report();
    Ok(match registry.ready().await {
        Ok(()) => Reply::response(format!("ready\n{loops}")),
        Err(why) => Reply::response((StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n{loops}"))),
    })
}
