//! Cookies. With https the session's is `__Host-` and Secure; plain on http, for a trial on one's own network.
use axum::http::{HeaderMap, HeaderValue, header};

/// The name of the session's cookie.
pub(super) const fn session(secure: bool) -> &'static str {
    if secure { "__Host-session" } else { "session" }
}
/// The name of the cookie of a session of the staff.
pub(super) const fn staff(secure: bool) -> &'static str {
    if secure { "__Host-staff" } else { "staff" }
}
/// The name of the cookie of a browser that logged in before.
pub(super) const fn device(secure: bool) -> &'static str {
    if secure { "__Host-device" } else { "device" }
}
/// The name of the cookie of something parked.
pub(super) const fn parked(secure: bool) -> &'static str {
    if secure { "__Host-parked" } else { "parked" }
}

/// Reads a cookie.
pub(super) fn read(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = all.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map(|(_, value)| value.to_owned())
}

/// Sets a cookie; `seconds` of none ends with the browser, 0 removes it.
pub(super) fn set(headers: &mut HeaderMap, name: &str, value: &str, seconds: Option<i64>, secure: bool) {
    let age = seconds.map(|s| format!("; Max-Age={s}")).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    if let Ok(value) = HeaderValue::from_str(&format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")) {
        headers.append(header::SET_COOKIE, value);
    }
}
