//! One request: who makes it, in which language, and what a handler answers. Handlers return a [`Reply`]; only the router
//! renders it.
use crate::{
    error::AppError,
    http::{
        assets::Assets,
        cookies,
        form::{FORM_LIMIT, FormData},
        rate_limit::RateLimiter,
    },
    lang::Lang,
    routes::{Access, Endpoint, EndpointKind, Page, PageKind},
    transport::{LayoutData, RuleContext, SubmissionResult},
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use leptos::{nonce::Nonce, prelude::*};
use registry::{Actor, Candidate, Dictionary, Moment, Officer, Registry, Token};
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};
use uuid::Uuid;

/// What the whole server shares.
#[derive(Clone)]
pub struct AppState {
    /// The database.
    pub registry: Registry,
    /// The indexes of schools, majors and employers.
    pub dictionary: Dictionary,
    /// Files of the built site.
    pub assets: Arc<Assets>,
    /// The budgets of addresses.
    pub rate_limiter: RateLimiter,
    /// Their budgets of uploads.
    pub upload_limiter: RateLimiter,
    /// Whether cookies are `__Host-` and Secure: the site is reached by https.
    pub secure: bool,
    /// The URL of the site, without a slash at the end; it is printed on papers.
    pub public_url: Arc<str>,
}

impl AppState {
    /// A site without files and without budgets for addresses, reached by plain http. Tests and benchmarks begin with it.
    pub fn new(registry: Registry, dictionary: Dictionary) -> Self {
        Self {
            registry,
            dictionary,
            assets: Arc::new(Assets::default()),
            rate_limiter: RateLimiter::per_minute(0),
            upload_limiter: RateLimiter::per_minute(0),
            secure: false,
            public_url: "http://yikao.test".into(),
        }
    }
}

/// Looks up how a form posted to a page is saved as a draft.
pub(crate) type DraftSavers = fn(PageKind) -> Option<SaveDraft>;

/// One request: who, in which language, with which nonce.
#[derive(Clone)]
pub struct RequestContext {
    pub(crate) state: AppState,
    candidate: Option<Candidate>,
    officer: Option<Officer>,
    token: Option<Token>,
    nonce: Nonce,
    /// The language of the answer.
    pub lang: Lang,
    /// `Set-Cookie` headers of the answer.
    set_cookies: Arc<Mutex<Vec<HeaderValue>>>,
    /// The session of somebody who logged in by this request.
    new_session: Arc<Mutex<Option<Token>>>,
    draft_savers: DraftSavers,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl RequestContext {
    /// Looks up the session that the route asks for. Candidates and staff have cookies and tables of their own: neither opens
    /// the other's pages.
    pub(crate) async fn new(
        state: AppState,
        access: Access,
        headers: &HeaderMap,
        draft_savers: DraftSavers,
    ) -> Result<Self, AppError> {
        let cookie = |name: &str| cookies::read(headers, name).and_then(|text| Token::parse(&text));
        let token = match access {
            Access::Static => None,
            Access::Staff => cookie(cookies::staff(state.secure)),
            Access::Public | Access::RateLimited | Access::Candidate => cookie(cookies::session(state.secure)),
        };
        let mut context = Self::anonymous(state, headers, draft_savers);
        match &token {
            Some(token) if access == Access::Staff => context.officer = context.registry().officer(token).await?,
            Some(token) => context.candidate = context.registry().candidate(token).await?,
            None => {}
        }
        context.token = token;
        Ok(context)
    }
    /// A request whose session is not looked up.
    pub(crate) fn anonymous(state: AppState, headers: &HeaderMap, draft_savers: DraftSavers) -> Self {
        let lang = Lang::parse(&cookies::read(headers, Lang::COOKIE).unwrap_or_default());
        Self {
            state,
            candidate: None,
            officer: None,
            token: None,
            nonce: Nonce::new(),
            lang,
            set_cookies: Arc::default(),
            new_session: Arc::default(),
            draft_savers,
        }
    }
    /// The same request as somebody who has just logged in.
    pub(crate) fn logged_in_as(&self, candidate: Candidate) -> Self {
        Self { candidate: Some(candidate), ..self.clone() }
    }
    /// The database.
    pub fn registry(&self) -> &Registry {
        &self.state.registry
    }
    /// The indexes of schools, majors and employers.
    pub fn dictionary(&self) -> &Dictionary {
        &self.state.dictionary
    }
    /// Files of the built site.
    pub fn assets(&self) -> &Assets {
        &self.state.assets
    }
    /// The nonce of this answer's scripts.
    pub fn nonce(&self) -> &Nonce {
        &self.nonce
    }
    /// The candidate who is logged in.
    pub fn candidate(&self) -> Result<&Candidate, AppError> {
        self.candidate.as_ref().ok_or(AppError::SignedOut)
    }
    /// The member of staff who is logged in.
    pub fn officer(&self) -> Result<&Officer, AppError> {
        self.officer.as_ref().ok_or(AppError::SignedOut)
    }
    /// The session token that came with the request, whether or not it still holds.
    pub fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }
    /// The kind of actor, for the log.
    pub(crate) const fn actor(&self) -> &'static str {
        match (&self.candidate, &self.officer) {
            (_, Some(_)) => "staff",
            (Some(_), _) => "candidate",
            (None, None) => "anonymous",
        }
    }
    /// Writes down that whoever is logged in asked for something that is not theirs or not there. Where that fails the request
    /// is refused all the same.
    pub(crate) async fn audit_refusal(&self, subject: Uuid) {
        let actor = match (&self.candidate, &self.officer) {
            (_, Some(officer)) => Actor::Staff(officer.id()),
            (Some(candidate), None) => Actor::Candidate(candidate.account()),
            (None, None) => return,
        };
        if let Err(error) = self.registry().audit_refusal(actor, subject).await {
            tracing::warn!(%error, "a refusal was not audited");
        }
    }
    /// The URL of the site.
    pub fn public_url(&self) -> &str {
        &self.state.public_url
    }
    /// Now.
    pub fn now(&self) -> Moment {
        self.registry().settings().clock.now()
    }
    /// Today and the platform's rules (X27).
    pub fn rule_context(&self) -> RuleContext {
        RuleContext { today: self.now().date(), rules: self.registry().settings().account_rules.name.to_owned() }
    }
    /// What stands around every page.
    pub fn layout(&self) -> LayoutData {
        let candidate = self.candidate.as_ref().map(|candidate| candidate.about().username.clone());
        LayoutData { username: candidate.or_else(|| self.officer.as_ref().map(|officer| officer.name().to_owned())) }
    }
    /// Adds a cookie to the answer; without `seconds` it ends with the browser, 0 removes it.
    pub(crate) fn set_cookie(&self, name: &str, value: &str, seconds: Option<i64>) {
        if let Some(header) = cookies::header(name, value, seconds, self.state.secure) {
            lock(&self.set_cookies).push(header);
        }
    }
    /// The cookies to be set, each once.
    pub(crate) fn take_cookies(&self) -> Vec<HeaderValue> {
        std::mem::take(&mut *lock(&self.set_cookies))
    }
    /// Remembers that a candidate logged in by this request: the router then gives back what was posted before.
    pub(crate) fn begin_session(&self, token: Token) {
        *lock(&self.new_session) = Some(token);
    }
    /// The session that began by this request.
    pub(crate) fn new_session(&self) -> Option<Token> {
        lock(&self.new_session).take()
    }
    /// Saves what was posted to a page as its draft, right or wrong, and says on which page it can be seen; `None` for a page
    /// whose form has no draft.
    pub(crate) async fn save_draft(&self, page: Page, form: FormData) -> Result<Option<Page>, AppError> {
        match (self.draft_savers)(page.kind()) {
            Some(save) => save(self.clone(), page, form).await.map(Some),
            None => Ok(None),
        }
    }
}

/// The context of the request that a server function answers.
pub fn request_context() -> Result<RequestContext, AppError> {
    use_context::<RequestContext>().ok_or_else(|| AppError::internal("server function", &"called outside a request"))
}

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
    pub(crate) status: StatusCode,
    pub(crate) body: Box<dyn FnOnce() -> AnyView + Send>,
}
impl PlainPage {
    /// A page with its usual title.
    pub fn new<V: IntoAny + 'static>(kind: PageKind, body: impl FnOnce() -> V + Send + 'static) -> Self {
        Self { kind, title: None, status: StatusCode::OK, body: Box::new(move || body().into_any()) }
    }
    /// With a title of its own.
    pub fn titled(self, title: String) -> Self {
        Self { title: Some(title), ..self }
    }
    /// As the answer to a form that was refused.
    pub fn refused(self, refused: bool) -> Self {
        if refused { Self { status: StatusCode::UNPROCESSABLE_ENTITY, ..self } } else { self }
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
    /// A page.
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

/// The page that a request is made to.
pub(crate) fn page_of(request: &Request) -> Result<Page, AppError> {
    Page::from_path(request.uri().path()).ok_or(AppError::NotFound)
}
/// The endpoint that a request is made to.
pub(crate) fn endpoint_of(request: &Request) -> Result<Endpoint, AppError> {
    Endpoint::from_path(request.uri().path()).ok_or(AppError::NotFound)
}
