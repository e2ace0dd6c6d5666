//! What a handler answers, before the router renders it.
use crate::{
    routes::{Page, PageKind},
    transport::SubmissionResult,
};
use axum::{
    http::{StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use std::sync::Arc;

/// What a handler answers.
pub enum Reply {
    /// A page.
    Page(PageReply),
    /// The form was accepted: the browser goes on to this path.
    SeeOther(String),
    /// Anything else: a file, JSON.
    Response(Response),
}

/// A page to be rendered.
pub enum PageReply {
    /// Rendered by the application and hydrated in the browser.
    Hydrated(HydratedPage),
    /// Plain HTML.
    Plain(PlainPage),
}

/// A page that is rendered by the application and hydrated in the browser.
pub struct HydratedPage {
    pub(crate) uri: Uri,
    pub(crate) status: StatusCode,
    /// Provides what came of a form posted to the page.
    pub(crate) provide: Arc<dyn Fn() + Send + Sync>,
}

/// A page of plain HTML.
pub struct PlainPage {
    pub(crate) kind: PageKind,
    pub(crate) title: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) status: StatusCode,
    pub(crate) body: Box<dyn FnOnce() -> AnyView + Send>,
}
impl PlainPage {
    /// A page with its usual title.
    pub fn new<V: IntoAny + 'static>(kind: PageKind, body: impl FnOnce() -> V + Send + 'static) -> Self {
        Self { kind, title: None, description: None, status: StatusCode::OK, body: Box::new(move || body().into_any()) }
    }
    /// With a title of its own.
    pub fn titled(self, title: String) -> Self {
        Self { title: Some(title), ..self }
    }
    /// With a description of its own: what a search engine shows, the beginning of a longer text.
    pub fn described(self, text: &str) -> Self {
        Self { description: Some(beginning(text)), ..self }
    }
    /// As the answer to a form that was refused.
    pub fn refused(self, refused: bool) -> Self {
        if refused { Self { status: StatusCode::UNPROCESSABLE_ENTITY, ..self } } else { self }
    }
}
/// The most characters of a description.
const DESCRIPTION: usize = 160;

/// The first lines of a text, as far as a description goes.
fn beginning(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    match text.char_indices().nth(DESCRIPTION) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text,
    }
}

impl From<PlainPage> for Reply {
    fn from(page: PlainPage) -> Self {
        Self::Page(PageReply::Plain(page))
    }
}

impl Reply {
    /// The page of this URI as it is before anything was posted.
    pub fn hydrated(uri: Uri) -> Self {
        Self::Page(PageReply::Hydrated(HydratedPage { uri, status: StatusCode::OK, provide: Arc::new(|| {}) }))
    }
    /// The page of this URI again, with what came of the form that was posted to it.
    pub fn hydrated_with<T: Clone + Send + Sync + 'static>(uri: Uri, status: StatusCode, result: T) -> Self {
        let provide = move || provide_context(result.clone());
        Self::Page(PageReply::Hydrated(HydratedPage { uri, status, provide: Arc::new(provide) }))
    }
    /// The page of this URI again, with what was typed and why it was refused.
    pub fn with_errors(uri: Uri, result: SubmissionResult) -> Self {
        Self::hydrated_with(uri, StatusCode::UNPROCESSABLE_ENTITY, result)
    }
    /// Goes on to a page.
    pub fn see(page: &Page) -> Self {
        Self::SeeOther(page.path())
    }
    /// A photo. It belongs to one person, and no cache keeps it.
    pub fn jpeg(bytes: Vec<u8>) -> Self {
        Self::response(([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, no-store")], bytes))
    }
    /// Anything that axum turns into a response.
    pub fn response(response: impl IntoResponse) -> Self {
        Self::Response(response.into_response())
    }
}
