//! The door: who comes in, which way, and with which headers the answer goes out. The router is built from the access
//! table, so that a way without a row cannot exist.
mod access;
mod addresses;
mod assets;
mod cookies;
mod headers;
mod lookup;
mod naming;
mod photos;
mod posts;
mod uploads;

pub use access::{Row, TABLE, Who};
pub use addresses::{Addresses, Peer};
pub use assets::Assets;

use crate::{
    error::AppError,
    lang::Lang,
    routes::Place,
    wire::{Basis, Frame, Outcome},
};
use axum::{
    Router,
    body::Body,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use leptos::{nonce::Nonce, prelude::*};
use registry::{Candidate, Clock, Dictionary, Moment, Officer, Registry, Token};
use std::sync::{Arc, Once};
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer, limit::RequestBodyLimitLayer};

/// The largest body of a form.
pub const FORM_LIMIT: usize = 256 * 1024;

/// The largest body that is read of an upload; what is kept of it is far smaller.
pub const UPLOAD_LIMIT: usize = 8 * 1024 * 1024;

/// What the whole server shares.
#[derive(Clone)]
pub struct AppState {
    /// The books.
    pub registry: Registry,
    /// The names.
    pub dictionary: Dictionary,
    /// Files of the built site.
    pub assets: Arc<Assets>,
    /// What one address may do in a minute.
    pub addresses: Addresses,
    /// Whether cookies are `__Host-` and Secure: the site is reached by https.
    pub secure: bool,
    /// How the site is reached, without a slash at the end; stands in the codes on papers.
    pub public_url: Arc<str>,
}

/// One request: who, in which language, with which nonce.
#[derive(Clone)]
pub struct Visitor {
    state: AppState,
    candidate: Option<Candidate>,
    officer: Option<Officer>,
    token: Option<Token>,
    nonce: Nonce,
    /// The language of the answer.
    pub lang: Lang,
}

impl Visitor {
    async fn of(state: AppState, who: Who, headers: &HeaderMap) -> Result<Self, AppError> {
        let cookie = |name: &str| cookies::read(headers, name);
        let token = match who {
            Who::Everybody => None,
            Who::Staff => cookie(cookies::staff(state.secure)).and_then(|text| Token::parse(&text)),
            Who::Anyone | Who::Counted | Who::Candidate => {
                cookie(cookies::session(state.secure)).and_then(|text| Token::parse(&text))
            }
        };
        // The staff's cookie and the candidates' are looked for in tables of their own: neither opens the other's pages.
        let (candidate, officer) = match &token {
            Some(token) if who == Who::Staff => (None, state.registry.officer(token).await.map_err(trouble)?),
            Some(token) => (state.registry.candidate(token).await.map_err(trouble)?, None),
            None => (None, None),
        };
        let lang = Lang::parse(&cookie(Lang::COOKIE).unwrap_or_default());
        Ok(Self { state, candidate, officer, token, nonce: Nonce::new(), lang })
    }
    /// The books.
    pub fn registry(&self) -> &Registry {
        &self.state.registry
    }
    /// The names.
    pub fn dictionary(&self) -> &Dictionary {
        &self.state.dictionary
    }
    /// Files of the built site.
    pub fn assets(&self) -> &Assets {
        &self.state.assets
    }
    /// The nonce of this answer's scripts.
    pub fn nonce(&self) -> &str {
        &self.nonce
    }
    /// Who is logged in.
    pub fn candidate(&self) -> Result<&Candidate, AppError> {
        self.candidate.as_ref().ok_or(AppError::SignedOut)
    }
    /// Who of the staff is logged in.
    pub fn officer(&self) -> Result<&Officer, AppError> {
        self.officer.as_ref().ok_or(AppError::SignedOut)
    }
    /// How the site is reached.
    pub fn public_url(&self) -> &str {
        &self.state.public_url
    }
    /// Now.
    pub fn now(&self) -> Moment {
        let clock: &Clock = &self.registry().settings().clock;
        clock.now()
    }
    /// Today and the platform's rules (X27).
    pub fn basis(&self) -> Result<Basis, AppError> {
        Ok(Basis { today: self.now().date(), rules: self.registry().settings().account_rules.name.to_owned() })
    }
    /// What stands around every page.
    pub fn frame(&self) -> Frame {
        let candidate = self.candidate.as_ref().map(|candidate| candidate.about().username.clone());
        Frame { username: candidate.or_else(|| self.officer.as_ref().map(|officer| officer.name().to_owned())) }
    }
}

/// The visitor of the request that is being answered.
pub fn visitor() -> Result<Visitor, AppError> {
    use_context::<Visitor>().ok_or_else(|| AppError::Internal(String::new()))
}

/// Turns a trouble of the books into what may travel. A cause that is nobody's doing is logged, once, with an id.
pub fn trouble(error: registry::Error) -> AppError {
    match error {
        registry::Error::NotFound => AppError::NotFound,
        registry::Error::Conflict => AppError::Conflict,
        registry::Error::Problems(_) => AppError::BadRequest,
        error => {
            let id = registry::Entropy::system().number();
            tracing::error!(id = format!("{id:08x}"), %error, "the books failed");
            AppError::Internal(format!("{id:08x}"))
        }
    }
}

/// The router, built from the access table.
pub fn build_router(state: AppState) -> Router {
    // Registers the executor and looks at every page, once in a process: while Leptos looks, a resource that any other router
    // asks for at the same time would never come (leptos-rs/leptos#4773).
    static LOOKED: Once = Once::new();
    LOOKED.call_once(|| drop(leptos_axum::generate_route_list(crate::spa::App)));
    let mut router = Router::new();
    for row in TABLE {
        let state = state.clone();
        let method = if row.method == Method::GET { MethodFilter::GET } else { MethodFilter::POST };
        // A file from a phone is read to its end, so that the answer can say what to do instead of a bare 413.
        let uploads = [crate::routes::PHOTOS, crate::routes::NAMES];
        let limit = if uploads.contains(&row.path) { UPLOAD_LIMIT } else { FORM_LIMIT };
        let answer = on(method, move |request: Request| enter(state, row, request));
        router = router.route(
            row.path,
            answer
                .layer::<_, std::convert::Infallible>(RequestBodyLimitLayer::new(limit))
                .layer::<_, std::convert::Infallible>(DefaultBodyLimit::max(limit)),
        );
    }
    let fallback = state.clone();
    router
        .fallback(move |request: Request| async move {
            match Visitor::of(fallback, Who::Anyone, request.headers()).await {
                Ok(visitor) => finish(&visitor, crate::public::trouble(&visitor, &AppError::NotFound)),
                Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
            }
        })
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::new())
}

/// Lets a request in as its row says.
async fn enter(state: AppState, row: &'static Row, request: Request) -> Response {
    let visitor = match Visitor::of(state, row.who, request.headers()).await {
        Ok(visitor) => visitor,
        Err(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    let begun = tokio::time::Instant::now();
    let peer = request.extensions().get::<Peer>().copied();
    let response = match (row.who, &visitor.candidate) {
        (Who::Counted, _) if peer.is_some_and(|peer| !visitor.state.addresses.allow(peer)) => {
            too_many(&visitor, row.path)
        }
        (Who::Candidate, None) => posts::signed_out(&visitor, request).await,
        (Who::Staff, _) if visitor.officer.is_none() => posts::staff_signed_out(&visitor, request).await,
        _ => (row.handler)(visitor.clone(), request).await,
    };
    // The row and not the path: a path names a person's things. The same goes for the figures.
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    tracing::debug!(target: "access", method = %row.method, path = row.path, status, micros = took.as_micros() as u64);
    metrics::histogram!("yikao_request_seconds", "path" => row.path, "method" => row.method.as_str())
        .record(took.as_secs_f64());
    metrics::counter!("yikao_requests_total", "path" => row.path, "status" => format!("{}xx", status / 100))
        .increment(1);
    let mut response = finish(&visitor, response);
    // A form that comes back holds what was typed, whoever typed it.
    if row.method == Method::POST {
        response.headers_mut().insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    }
    response
}

/// The answer to one attempt too many: a page for a form, an error for a server function.
fn too_many(visitor: &Visitor, path: &str) -> Response {
    let error = AppError::TooMany;
    let mut response = if path.starts_with("/api/") {
        (crate::public::status_of(&error), error.to_string()).into_response()
    } else {
        crate::public::trouble(visitor, &error)
    };
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("60"));
    response
}

fn finish(visitor: &Visitor, mut response: Response) -> Response {
    headers::put(
        response.headers_mut(),
        &visitor.nonce,
        visitor.candidate.is_some() || visitor.officer.is_some(),
        visitor.state.secure,
    );
    response
}

/// Draws a page that wakes in the browser; `outcome` is what came of a form posted to it.
pub(crate) async fn page(visitor: Visitor, uri: Uri, outcome: Option<Outcome>) -> Response {
    let failed = outcome.is_some();
    page_with(visitor, uri, failed, move || {
        if let Some(outcome) = &outcome {
            provide_context(outcome.clone());
        }
    })
    .await
}

/// The same with anything else that the page is told.
pub(crate) async fn page_with(
    visitor: Visitor,
    uri: Uri,
    failed: bool,
    tell: impl Fn() + Clone + Send + Sync + 'static,
) -> Response {
    let context = {
        let visitor = visitor.clone();
        move || {
            provide_context(visitor.nonce.clone());
            provide_context(visitor.lang);
            provide_context(visitor.frame());
            tell();
            provide_context(visitor.clone());
        }
    };
    let shell = {
        let (visitor, place) = (visitor.clone(), Place::of(uri.path()));
        move || crate::public::shell(&visitor, &place)
    };
    let mut request = Request::new(Body::empty());
    *request.uri_mut() = uri;
    let mut response = leptos_axum::render_app_async_with_context(context, shell)(request).await;
    if failed && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// Answers a call of a server function.
pub(crate) async fn server_function(visitor: Visitor, request: Request) -> Response {
    let context = move || {
        provide_context(visitor.lang);
        provide_context(visitor.clone());
    };
    with_status(leptos_axum::handle_server_fns_with_context(context, request).await.into_response()).await
}

/// Server functions answer every error with 500; the error itself stands in the body and decides the status.
async fn with_status(response: Response) -> Response {
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = axum::body::to_bytes(body, FORM_LIMIT).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    if let Some(error) = str::from_utf8(&bytes).ok().and_then(|text| text.parse::<AppError>().ok()) {
        parts.status = crate::public::status_of(&error);
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// "See there": the answer to a form that was accepted.
pub(crate) fn see_other(path: &str) -> Response {
    match header::HeaderValue::from_str(path) {
        Ok(place) => (StatusCode::SEE_OTHER, [(header::LOCATION, place)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}
