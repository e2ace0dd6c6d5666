//! `GET /api/dictionary/:kind?q=&region=` and the sign of life.
use super::Visitor;
use axum::{
    Json,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use registry::DictionaryKind;

/// At most twenty names for a query. Public, and the same for everybody.
pub(super) async fn names(visitor: Visitor, request: Request) -> Response {
    let kind = request.uri().path().rsplit('/').next().and_then(DictionaryKind::parse);
    let Some(kind) = kind else { return StatusCode::NOT_FOUND.into_response() };
    let query = request.uri().query().unwrap_or_default();
    if query.len() > 2000 {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let Ok(pairs) = serde_urlencoded::from_str::<Vec<(String, String)>>(query) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let of =
        |name: &str| pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default();
    let hits = visitor.dictionary().search(kind, of("q"), of("region"));
    ([(header::CACHE_CONTROL, "public, max-age=60")], Json(hits)).into_response()
}

/// Whether the server can do its work: the books answer.
pub(super) async fn ready(visitor: Visitor, _: Request) -> Response {
    match visitor.registry().ping().await {
        Ok(()) => "ready".into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Whether the server lives.
pub(super) async fn healthy(_: Visitor, _: Request) -> Response {
    "ok".into_response()
}
