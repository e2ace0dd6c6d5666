//! Routes: method, path, access, handler, and what becomes of a posted form whose session had ended.
use super::{Reply, RequestContext};
use crate::{
    error::AppError,
    http::form::{FORM_LIMIT, FormData},
    routes::{Access, EndpointKind, Page, PageKind},
};
use axum::{extract::Request, http::Method};
use std::{future::Future, pin::Pin};

/// What a handler returns.
pub(crate) type HandlerFuture = Pin<Box<dyn Future<Output = Result<Reply, AppError>> + Send>>;
/// Answers a request.
pub(crate) type Handler = fn(RequestContext, Request) -> HandlerFuture;
/// Saves a posted form as the draft of its page, and says where the draft can be seen.
pub(crate) type SaveDraft =
    fn(RequestContext, Page, FormData) -> Pin<Box<dyn Future<Output = Result<Page, AppError>> + Send>>;

/// Shows a posted form again.
pub(crate) type ShowAgain = fn(RequestContext, FormData) -> HandlerFuture;

/// An async function as a [`Handler`], or, with `3` for its arguments, as a [`SaveDraft`].
macro_rules! boxed {
    ($function:path) => {
        |context, request| Box::pin($function(context, request))
    };
    ($function:path, 3) => {
        |context, page, form| Box::pin($function(context, page, form))
    };
}
pub(crate) use boxed;

/// A route of the server. Each feature lists its own; the router collects them.
pub struct Route {
    /// GET or POST. State never changes on GET.
    pub method: Method,
    /// Its path, in the router's spelling.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// The largest body, in bytes.
    pub body_limit: usize,
    pub(crate) handler: Handler,
    /// How a form posted here is saved as a draft: when the session had ended, and beside an upload.
    pub(crate) save_draft: Option<SaveDraft>,
    /// How a form without a draft is shown again as it was typed, after the session had ended.
    pub(crate) show_again: Option<ShowAgain>,
}
impl Route {
    /// A route by its path, for what is neither a page nor an endpoint of [`crate::routes`].
    pub(crate) const fn new(method: Method, path: &'static str, access: Access, handler: Handler) -> Self {
        Self { method, path, access, body_limit: FORM_LIMIT, handler, save_draft: None, show_again: None }
    }
    pub(crate) const fn page(kind: PageKind, handler: Handler) -> Self {
        Self::new(Method::GET, kind.pattern(), kind.describe().access, handler)
    }
    /// The form of a page, which is posted to the page's own path.
    pub(crate) const fn form(kind: PageKind, handler: Handler) -> Self {
        Self::new(Method::POST, kind.pattern(), kind.describe().access, handler)
    }
    /// A GET of something that is no page.
    pub(crate) const fn get(kind: EndpointKind, handler: Handler) -> Self {
        Self::new(Method::GET, kind.pattern(), kind.describe(), handler)
    }
    /// A POST of something that is no page.
    pub(crate) const fn post(kind: EndpointKind, handler: Handler) -> Self {
        Self::new(Method::POST, kind.pattern(), kind.describe(), handler)
    }
    /// A public route with a budget for each address. It takes the place of the route's access: a route that asks for a log-in
    /// does not compile with it.
    pub(crate) const fn rate_limited(mut self) -> Self {
        assert!(matches!(self.access, Access::Public), "only a public route can be rate limited");
        self.access = Access::RateLimited;
        self
    }
    /// With a way to save what was posted as a draft.
    pub(crate) const fn saving(mut self, save: SaveDraft) -> Self {
        self.save_draft = Some(save);
        self
    }
    /// With a way to show what was posted again.
    pub(crate) const fn showing_again(mut self, show: ShowAgain) -> Self {
        self.show_again = Some(show);
        self
    }
    /// With a larger body than a form has.
    pub(crate) const fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }
}
