//! Reloads pages during development (`make dev`). Compiled with the feature `dev` only, which a release build refuses.
use axum::{
    Router,
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::get,
};
use futures::{StreamExt, future::ready, stream};
use std::convert::Infallible;

/// Adds a script to every page, and the stream of events that it listens to. The page reloads as soon as another process answers.
pub fn reload_on_restart(router: Router) -> Router {
    router.layer(middleware::from_fn(add_script)).route("/dev/events", get(events))
}

/// `GET /dev/events`: names this process, then stays open until the process ends.
async fn events() -> Response {
    let event = Bytes::from(format!("retry: 200\ndata: {}\n\n", std::process::id()));
    let stream = stream::once(ready(Ok::<_, Infallible>(event))).chain(stream::pending());
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(stream)).into_response()
}

/// Appends the script to HTML answers.
async fn add_script(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let Some(nonce) = nonce(response.headers()) else { return response };
    // A browser closes an `EventSource` for good where it takes the answer for a failure; then another one is made. The element
    // removes itself, so that hydration meets the tree that the server rendered.
    let script = format!(
        "<script nonce=\"{nonce}\">document.currentScript.remove();(()=>{{let first;const listen=()=>{{\
         const events=new EventSource('/dev/events');\
         events.onmessage=e=>{{if(first&&first!==e.data)location.reload();first=e.data}};\
         events.onerror=()=>{{if(events.readyState===2)setTimeout(listen,200)}}}};listen()}})()</script>"
    );
    response.headers_mut().remove(header::CONTENT_LENGTH);
    response.map(|body| Body::from_stream(body.into_data_stream().chain(stream::once(ready(Ok(Bytes::from(script)))))))
}

/// The nonce that the Content-Security-Policy of an HTML answer allows scripts by.
fn nonce(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    if !text(header::CONTENT_TYPE)?.starts_with("text/html") {
        return None;
    }
    let (_, after) = text(header::CONTENT_SECURITY_POLICY)?.split_once("'nonce-")?;
    after.split_once('\'').map(|(nonce, _)| nonce.to_owned())
}
