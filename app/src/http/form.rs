//! Names and values of a form or a query. What is absent is empty: a browser posts an empty value for an empty control as well.
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
            fields
                .entry(name.clone())
                .and_modify(|all| *all = format!("{all} {value}"))
                .or_insert_with(|| value.clone());
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
/// [`AppError::BadRequest`] if the body is no URL-encoded form or longer than [`FORM_LIMIT`].
pub async fn read_form(request: Request) -> Result<FormData, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(AppError::BadRequest);
    }
    let bytes = to_bytes(request.into_body(), FORM_LIMIT).await.map_err(|_| AppError::BadRequest)?;
    serde_urlencoded::from_bytes(&bytes).map(FormData).map_err(|_| AppError::BadRequest)
}

/// The query of a URI.
///
/// # Errors
/// [`AppError::BadRequest`] if it is no list of pairs.
pub fn parse_query(uri: &Uri) -> Result<FormData, AppError> {
    serde_urlencoded::from_str(uri.query().unwrap_or_default()).map(FormData).map_err(|_| AppError::BadRequest)
}

/// A path of this site, or nothing: never another site, never an absolute URL.
pub fn safe_path(path: &str) -> Option<String> {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '?', '#'])
        && path.bytes().all(|b| b.is_ascii_graphic());
    inside.then(|| path.to_owned())
}
