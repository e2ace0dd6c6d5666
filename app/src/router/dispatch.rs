//! Lets each request in as its route says, and sends the answer out with its headers.
use super::{
    render::{self, expects_data},
    resume,
    table::{self, ROUTES},
    unavailable,
};
use crate::{
    app::App,
    components::static_page,
    error::AppError,
    http::{rate_limit::Peer, security_headers, text::is_clean_path},
    request::{AppState, Reply, RequestContext, Route},
    routes::Access,
    transport::DRAFT_HEADER,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderMap, HeaderValue, Method, header},
    middleware::map_response,
    response::Response,
    routing::{MethodFilter, on},
};
use std::sync::Once;
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer, limit::RequestBodyLimitLayer};
use tracing::Instrument;

/// The router, built from the route table.
pub fn build_router(state: AppState) -> Router {
    // Registers the executor and walks every page, once in a process: while Leptos walks them, a resource that another router
    // asks for at the same time would never come (leptos-rs/leptos#4773).
    static WALKED: Once = Once::new();
    WALKED.call_once(|| drop(leptos_axum::generate_route_list(App)));
    let (mut router, secure) = (Router::new(), state.secure);
    for route in ROUTES.iter().copied() {
        let state = state.clone();
        let method = if route.method == Method::GET { MethodFilter::GET } else { MethodFilter::POST };
        let answer = on(method, move |request: Request| dispatch(state, route, request));
        router = router.route(
            route.path,
            answer
                .layer::<_, std::convert::Infallible>(RequestBodyLimitLayer::new(route.body_limit))
                .layer::<_, std::convert::Infallible>(DefaultBodyLimit::max(route.body_limit)),
        );
    }
    router
        .fallback(move |request: Request| not_found(state, request))
        .layer(CsrfLayer::new())
        .layer(CatchPanicLayer::new())
        // Outermost: also what a layer or the router answers by itself (403, 405, 413, a panic) carries the headers.
        .layer(map_response(move |response: Response| async move { security_headers::complete(response, secure) }))
}

/// The context of a request; one without a session where the session cannot be read, with the error.
async fn context_of(state: AppState, access: Access, headers: &HeaderMap) -> (RequestContext, Option<AppError>) {
    match RequestContext::new(state.clone(), access, headers, table::save_draft).await {
        Ok(context) => (context, None),
        Err(error) => (RequestContext::anonymous(state, headers, table::save_draft), Some(error)),
    }
}

/// No route has this path.
async fn not_found(state: AppState, request: Request) -> Response {
    let data = expects_data(request.uri().path(), request.headers());
    let (context, failed) = context_of(state, Access::Public, request.headers()).await;
    let response = render::error(&context, &failed.unwrap_or(AppError::NotFound), data);
    finish(&context, response)
}

/// Answers one request as its route says, in a span of its own. The span and the metrics name the pattern of the route and not
/// the path, which names a person's things.
async fn dispatch(state: AppState, route: &'static Route, request: Request) -> Response {
    let begun = tokio::time::Instant::now();
    let span = tracing::debug_span!(
        target: "access",
        "request",
        id = format!("{:08x}", registry::Entropy::system().number()),
        method = %route.method,
        route = route.path,
        actor = tracing::field::Empty,
        status = tracing::field::Empty,
        micros = tracing::field::Empty,
    );
    let response = respond(state, route, request).instrument(span.clone()).await;
    let (took, status) = (begun.elapsed(), response.status().as_u16());
    span.record("status", status);
    span.record("micros", took.as_micros() as u64);
    span.in_scope(|| tracing::debug!(target: "access", "answered"));
    metrics::histogram!("yikao_request_seconds", "path" => route.path, "method" => route.method.as_str())
        .record(took.as_secs_f64());
    metrics::counter!("yikao_requests_total", "path" => route.path, "status" => format!("{}xx", status / 100))
        .increment(1);
    response
}

async fn respond(mut state: AppState, route: &'static Route, request: Request) -> Response {
    // By the database's time; what waits for others from here on is decided by it.
    state.registry = state.registry.for_request(state.registry.settings().clock.now());
    let data = expects_data(request.uri().path(), request.headers());
    let (context, failed) = context_of(state, route.access, request.headers()).await;
    let context = context.with_peer(request.extensions().get::<Peer>().copied());
    tracing::Span::current().record("actor", context.actor());
    let named = request.uri().path().split('/').find_map(|segment| segment.parse().ok());
    let clean = is_clean_path(request.uri().path());
    let (result, posted) = match (unavailable::buffer_form(route, request).await, failed) {
        (Ok((_, posted)), Some(error)) => (Err(error), posted),
        (Ok((_, posted)), None) if !clean => (Err(AppError::NotFound), posted),
        (Ok((request, posted)), None) => (answer(&context, route, request).await, posted),
        (Err(error), _) => (Err(error), None),
    };
    if let (Err(AppError::NotFound), Some(id)) = (&result, named) {
        context.audit_refusal(id).await;
    }
    let response = match result {
        Ok(reply) => {
            // Whoever logged in by this request is given back what was posted after their last session had ended.
            let restored = match context.new_session() {
                Some(session) => resume::restore_parked_forms(&context, &session).await,
                None => None,
            };
            match restored {
                Some((context, reply)) => render::reply(&context, reply).await,
                None => render::reply(&context, reply).await,
            }
        }
        Err(error) => match posted.filter(|_| error == AppError::Unavailable && !data) {
            Some(posted) => static_page::render(&context, unavailable::page(&context, posted)),
            None => render::error(&context, &error, data),
        },
    };
    let mut response = finish(&context, response);
    // A form that comes back holds what was typed, whoever typed it.
    if route.method == Method::POST {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}

/// Checks the access of a route and calls its handler.
async fn answer(context: &RequestContext, route: &Route, request: Request) -> Result<Reply, AppError> {
    let is_draft = request.headers().contains_key(DRAFT_HEADER) && route.save_draft.is_some();
    let peer = request.extensions().get::<Peer>().copied();
    match route.access {
        // What is saved while somebody types is bounded where it is saved, and takes nothing from what they submit.
        Access::RateLimited if is_draft => resume::save_draft(context, request).await,
        Access::RateLimited if peer.is_some_and(|peer| !context.state.rate_limiter.allow(peer)) => {
            Err(AppError::TooMany)
        }
        Access::Candidate if is_draft && context.is_logged_in() => resume::save_draft(context, request).await,
        Access::Candidate if !context.is_logged_in() => resume::signed_out(context, request).await,
        Access::Staff if !context.is_logged_in() => resume::staff_signed_out(context, request).await,
        _ => (route.handler)(context.clone(), request).await,
    }
}

/// Adds what every response carries.
fn finish(context: &RequestContext, mut response: Response) -> Response {
    let unavailable = response.status() == AppError::Unavailable.status();
    // An error says whether there is something under a path, which may be a person's.
    let failed = response.status().is_client_error() || response.status().is_server_error();
    let headers = response.headers_mut();
    if unavailable && !headers.contains_key(header::RETRY_AFTER) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    for cookie in context.take_cookies() {
        headers.append(header::SET_COOKIE, cookie);
    }
    let personal = failed || context.is_logged_in() || context.registration().is_some();
    security_headers::put(headers, context.nonce(), personal, context.state.secure);
    response
}
