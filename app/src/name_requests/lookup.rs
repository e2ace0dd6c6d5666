//! `GET /api/dictionary/:kind?q=&region=&g=` and the whole of a short list.
use crate::{
    error::AppError,
    http::form::parse_query,
    request::{Reply, RequestContext},
};
use axum::{
    Json,
    extract::Request,
    http::{StatusCode, header},
};
use registry::{DictionaryKind, Hit};
use serde::Serialize;

/// The longest query string, in bytes.
const LONGEST_QUERY: usize = 2000;

/// The generation of the dictionaries that the names come from, and at most twenty of them.
#[derive(Serialize)]
struct Answer {
    generation: i64,
    names: Vec<Hit>,
}

/// The kind in the path of a look-up.
fn kind_of(request: &Request) -> Result<DictionaryKind, AppError> {
    request.uri().path().split('/').nth(3).and_then(DictionaryKind::parse).ok_or(AppError::NotFound)
}

/// At most twenty names for a query. The same for everybody until the dictionaries change: an answer to a question that names
/// the current generation (`g`) may be kept for ever, any other has to be revalidated.
pub(super) async fn names(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let kind = kind_of(&request)?;
    if request.uri().query().is_some_and(|query| query.len() > LONGEST_QUERY) {
        return Err(AppError::BadRequest);
    }
    let query = parse_query(request.uri())?;
    let dictionary = context.dictionary();
    let generation = dictionary.number();
    let tag = format!("\"{generation}\"");
    let is_current = query.last_value("g") == generation.to_string();
    let keep = if is_current { "public, max-age=604800, immutable" } else { "public, no-cache" };
    let headers = [(header::CACHE_CONTROL, keep.to_owned()), (header::ETAG, tag.clone())];
    if request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok(Reply::response((StatusCode::NOT_MODIFIED, headers)));
    }
    let names = dictionary.search(kind, query.last_value("q"), query.last_value("region"));
    Ok(Reply::response((headers, Json(Answer { generation, names }))))
}

/// All names of a list that is short enough to be held by the browser, as [`registry::FullList`] says; nothing (204) where it
/// is too long, and the names are asked for by what is typed. Revalidated by its tag.
pub(super) async fn full_list(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let kind = kind_of(&request)?;
    let keep = (header::CACHE_CONTROL, "public, no-cache");
    let Some(list) = context.dictionary().full_list(kind) else {
        return Ok(Reply::response((StatusCode::NO_CONTENT, [keep])));
    };
    let says = |name: header::HeaderName, what: &str| {
        request.headers().get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(what))
    };
    let tag = format!("\"{}\"", list.tag);
    let vary = (header::VARY, "Accept-Encoding");
    if says(header::IF_NONE_MATCH, &tag) {
        return Ok(Reply::response((StatusCode::NOT_MODIFIED, [keep, vary], [(header::ETAG, tag)])));
    }
    let headers = ([keep, vary, (header::CONTENT_TYPE, "text/plain; charset=utf-8")], [(header::ETAG, tag)]);
    Ok(if says(header::ACCEPT_ENCODING, "gzip") {
        Reply::response((headers, [(header::CONTENT_ENCODING, "gzip")], list.packed.clone()))
    } else {
        Reply::response((headers, list.plain.clone()))
    })
}
