//! `GET /api/dictionary/:kind?q=&region=&g=` and the sign of life.
use super::Visitor;
use crate::pairs::{asked, value};
use axum::{
    Json,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use registry::{DictionaryKind, Hit};
use serde::Serialize;

/// What an answer is: the generation of the dictionaries it comes from, and at most twenty names.
#[derive(Serialize)]
struct Answer {
    generation: i64,
    names: Vec<Hit>,
}

/// At most twenty names for a query. Public, and the same for everybody until the dictionaries change: whoever names the generation
/// that is seen now (`g`) may keep the answer for ever, whoever does not may ask whether it still holds.
pub(super) async fn names(visitor: Visitor, request: Request) -> Response {
    let kind = request.uri().path().rsplit('/').next().and_then(DictionaryKind::parse);
    let Some(kind) = kind else { return StatusCode::NOT_FOUND.into_response() };
    if request.uri().query().is_some_and(|query| query.len() > 2000) {
        return StatusCode::BAD_REQUEST.into_response();
    }
    let Ok(pairs) = asked(request.uri()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let of = |name| value(&pairs, name);
    let dictionary = visitor.dictionary();
    let generation = dictionary.number();
    let tag = format!("\"{generation}\"");
    let keep = if of("g") == generation.to_string() { "public, max-age=604800, immutable" } else { "public, no-cache" };
    let headers = [(header::CACHE_CONTROL, keep.to_owned()), (header::ETAG, tag.clone())];
    if request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let names = dictionary.search(kind, of("q"), of("region"));
    (headers, Json(Answer { generation, names })).into_response()
}

/// All names of a list that is short enough to live in the browser, as [`registry::WholeList`] says; nothing (204) where it is too
/// long, and the names are asked for by what is typed. Whoever has it asks whether it still holds.
pub(super) async fn all(visitor: Visitor, request: Request) -> Response {
    let kind = request.uri().path().split('/').nth(3).and_then(DictionaryKind::parse);
    let Some(kind) = kind else { return StatusCode::NOT_FOUND.into_response() };
    let keep = (header::CACHE_CONTROL, "public, no-cache");
    let Some(list) = visitor.dictionary().whole(kind) else { return (StatusCode::NO_CONTENT, [keep]).into_response() };
    let says = |name: header::HeaderName, what: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(what))
    };
    let tag = format!("\"{}\"", list.tag);
    let vary = (header::VARY, "Accept-Encoding");
    if says(header::IF_NONE_MATCH, &tag) {
        return (StatusCode::NOT_MODIFIED, [keep, vary], [(header::ETAG, tag)]).into_response();
    }
    let headers = ([keep, vary, (header::CONTENT_TYPE, "text/plain; charset=utf-8")], [(header::ETAG, tag)]);
    if says(header::ACCEPT_ENCODING, "gzip") {
        (headers, [(header::CONTENT_ENCODING, "gzip")], list.packed.clone()).into_response()
    } else {
        (headers, list.plain.clone()).into_response()
    }
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
