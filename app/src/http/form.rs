//! Names and values, as an address or a form brings them. What is not there is empty: a form posts an empty line for nothing as well.
use axum::http::Uri;

/// In the order in which they came; a name may come more than once.
pub type Pairs = Vec<(String, String)>;

/// What an address asks for.
///
/// # Errors
/// The query is no list of pairs.
pub fn asked(uri: &Uri) -> Result<Pairs, serde_urlencoded::de::Error> {
    serde_urlencoded::from_str(uri.query().unwrap_or_default())
}

/// The last value of a name: a button that was pressed comes after a hidden line of the same name.
pub fn value<'a>(pairs: &'a [(String, String)], name: &str) -> &'a str {
    pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
}
