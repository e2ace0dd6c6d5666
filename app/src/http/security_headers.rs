//! The security headers of every response.
use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::Response,
};
use leptos::nonce::Nonce;

/// Adds them to an answer that has none: one that a layer made.
pub(crate) fn complete(mut response: Response, secure: bool) -> Response {
    let headers = response.headers_mut();
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        put(headers, &Nonce::new(), true, secure);
    }
    response
}

/// Adds them. `personal` says that the answer belongs to one person and must not be stored.
pub(crate) fn put(headers: &mut HeaderMap, nonce: &str, personal: bool, secure: bool) {
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob: data:; \
         font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
        (header::HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if secure {
        headers
            .insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(if personal { "no-store" } else { "no-cache" }));
    }
    headers.append(header::VARY, HeaderValue::from_static("Cookie"));
}
