//! Names and values of a form or a query. What is absent is empty: a browser posts an empty value for an empty control as well.
use super::text::parse_pairs;
use crate::{
    error::AppError,
    transport::{FormFields, Values},
};
use axum::{
    body::to_bytes,
    extract::Request,
    http::{Uri, header},
};
use forms::Field;

/// The largest body of a form, in bytes.
pub const FORM_LIMIT: usize = 256 * 1024;

/// Pairs in the order in which they came; a name may come more than once.
#[derive(Clone, Debug, Default)]
pub struct FormData(pub Vec<(String, String)>);

impl FormData {
    /// The last value of a name: a pressed button comes after a hidden control of the same name.
    pub fn last_value(&self, name: &str) -> &str {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    }
    /// Removes a name and answers its last value.
    pub fn take(&mut self, name: &str) -> String {
        let value = self.last_value(name).to_owned();
        self.0.retain(|(key, _)| key != name);
        value
    }
    /// Every value of a name.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }
    /// One value for each name. Repeated names are the boxes of one selection: their values are joined by spaces.
    pub fn join_repeated(&self) -> FormFields {
        let mut fields = FormFields::new();
        for (name, value) in &self.0 {
            match fields.get_mut(name) {
                Some(all) => {
                    all.push(' ');
                    all.push_str(value);
                }
                None => drop(fields.insert(name.clone(), value.clone())),
            }
        }
        fields
    }
    /// The pairs as a draft reads them.
    pub fn pairs(&self) -> impl Iterator<Item = (&String, String)> {
        self.0.iter().map(|(name, value)| (name, value.clone()))
    }
    /// The version of the record that the page was drawn from.
    pub fn version(&self) -> i64 {
        self.last_value("version").parse().unwrap_or_default()
    }
}

/// The fields among posted names.
pub fn to_values(fields: &FormFields) -> Values {
    fields.iter().filter_map(|(name, value)| Some((Field::parse(name)?, value.clone()))).collect()
}

/// Reads a posted form.
///
/// # Errors
/// [`AppError::BadRequest`] if the body is no URL-encoded form, longer than [`FORM_LIMIT`] or of too many pairs.
pub async fn read_form(request: Request) -> Result<FormData, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(AppError::BadRequest);
    }
    let bytes = to_bytes(request.into_body(), FORM_LIMIT).await.map_err(|_| AppError::BadRequest)?;
    parse_pairs(&bytes).map(FormData).ok_or(AppError::BadRequest)
}

/// The query of a URI.
///
/// # Errors
/// [`AppError::BadRequest`] if it has too many pairs.
pub fn parse_query(uri: &Uri) -> Result<FormData, AppError> {
    parse_pairs(uri.query().unwrap_or_default().as_bytes()).map(FormData).ok_or(AppError::BadRequest)
}

/// A path of this site, or nothing: never another site, never an absolute URL, and never one that a browser reads as another
/// path (`..`, also escaped). No page has an escape in its path.
pub fn safe_path(path: &str) -> Option<String> {
    let inside = path.starts_with('/')
        && !path.contains("//")
        && !path.contains(['\\', '?', '#', '%'])
        && !path.split('/').any(|segment| matches!(segment, "." | ".."))
        && path.bytes().all(|b| b.is_ascii_graphic());
    inside.then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_a_browser_reads_as_another_is_dropped() {
        for path in ["/", "/admin", "/applications/0190a6f0-0000-7000-8000-00000000dead/basic", "/a.b/..c"] {
            assert_eq!(safe_path(path).as_deref(), Some(path));
        }
        for path in [
            "/admin/../../x",
            "/admin/..",
            "/./admin",
            "/..",
            "/admin/%2e%2e/x",
            "/admin/.%2E/x",
            "/a//b",
            "//evil.example",
            "/\\evil.example",
            "/a?b",
            "/a#b",
            "https://evil.example",
            "",
            "admin",
            "/a b",
            "/\u{1}",
        ] {
            assert_eq!(safe_path(path), None, "{path}");
        }
    }

    #[test]
    fn repeated_names_are_joined_in_their_order() {
        let form = FormData([("a", "1"), ("b", "2"), ("a", "3")].map(|(n, v)| (n.to_owned(), v.to_owned())).to_vec());
        assert_eq!(
            form.join_repeated().into_iter().collect::<Vec<_>>(),
            [("a".to_owned(), "1 3".to_owned()), ("b".to_owned(), "2".to_owned()),]
        );
    }
}
