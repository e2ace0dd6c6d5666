//! Cookies. With https the session's is `__Host-` and Secure; plain on http, for a trial on one's own network.
use axum::http::{HeaderMap, HeaderValue, header};

/// The name of the session's cookie.
pub(crate) const fn session(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { "session" }
}
/// The name of the cookie of a session of the staff.
pub(crate) const fn staff(secure: bool) -> &'static str {
    if secure { "__Host-staff" } else { "staff" }
}
/// The name of the cookie of a browser that logged in before.
pub(crate) const fn device(secure: bool) -> &'static str {
    if secure { "__Host-device" } else { "device" }
}
/// The name of the cookie of a browser in which somebody of the staff logged in before.
pub(crate) const fn staff_device(secure: bool) -> &'static str {
    if secure { "__Host-staff-device" } else { "staff-device" }
}
/// The name of the cookie of a browser in which a registration was begun.
pub(crate) const fn registration(secure: bool) -> &'static str {
    if secure { "__Host-registration" } else { "registration" }
}

/// The name of the cookie that brings the username of an account created just now to the log-in page.
pub(crate) const fn registered(secure: bool) -> &'static str {
    if secure { "__Host-registered" } else { "registered" }
}

/// Reads a cookie.
pub(crate) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// A `Set-Cookie` header; without `seconds` the cookie ends with the browser, 0 removes it.
pub(crate) fn header(name: &str, value: &str, seconds: Option<i64>, secure: bool) -> Option<HeaderValue> {
    let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")).ok()
}
