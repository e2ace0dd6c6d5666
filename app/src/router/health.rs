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

/// The database answers.
pub(super) async fn ready(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    Ok(match context.registry().ping().await {
        Ok(()) => Reply::response("ready"),
        Err(_) => Reply::response(StatusCode::SERVICE_UNAVAILABLE),
    })
}
