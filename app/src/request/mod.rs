//! One request: who makes it, in which language, and what a handler answers. Handlers return a [`Reply`]; only the router
//! renders it.
mod reply;
mod route;

pub(crate) use reply::{HydratedPage, PageReply};
pub use reply::{PlainPage, Reply};
pub use route::Route;
pub(crate) use route::{Handler, HandlerFuture, SaveDraft, ShowAgain, boxed};

use crate::{
    error::AppError,
    http::{
        assets::Assets,
        cookies,
        form::{self, FormData},
        multipart::{self, Upload},
        rate_limit::{Peer, RateLimiter},
    },
    lang::Lang,
    pdf::PdfFont,
    routes::{Access, Endpoint, Page, PageKind},
    transport::{LayoutData, ORDER_HEADER, PAGE_FIELD, PAGE_HEADER, PageTokenText, RuleContext},
};
use axum::{
    extract::Request,
    http::{HeaderMap, HeaderValue, Uri, header},
};
use leptos::{nonce::Nonce, prelude::*};
use registry::{
    Actor, Candidate, Dictionary, Moment, Officer, PARKED_SECONDS, PageKey, PageOwner, PageToken, Registry, Token,
};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// How many pages are rendered at the same time. They wait for the database most of the time, so there are more than cores.
const RENDERINGS: usize = 64;

/// How many papers are written in PDF at the same time.
const PDF_WRITERS: usize = 2;

/// The parameter of the log-in's address that says that a form was parked.
pub(crate) const KEPT_PARAMETER: &str = "kept";

/// The token in the header with which script names its page.
fn page_header(headers: &HeaderMap) -> &str {
    headers.get(PAGE_HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

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
    /// How many pages may be rendered at the same time. A page whose client hung up is rendered to its end.
    pub renderings: Arc<Semaphore>,
    /// Their budgets of saves without an account.
    pub draft_limiter: RateLimiter,
    /// Their budgets of uploads.
    pub upload_limiter: RateLimiter,
    /// Whether cookies are `__Host-` and Secure: the site is reached by https.
    pub secure: bool,
    /// The URL of the site, without a slash at the end; it is printed on papers.
    pub public_url: Arc<str>,
    /// The font of papers in PDF; without it they are offered as pages to print.
    pub pdf_font: Option<PdfFont>,
    /// How many papers may be written in PDF at the same time: each keeps a core and the font busy.
    pub pdf_writers: Arc<Semaphore>,
}

impl AppState {
    /// A site without files and without budgets for addresses, reached by plain http. Tests and benchmarks begin with it.
    pub fn new(registry: Registry, dictionary: Dictionary) -> Self {
        Self {
            registry,
            dictionary,
            assets: Arc::new(Assets::default()),
            rate_limiter: RateLimiter::per_minute(0),
            renderings: Arc::new(Semaphore::new(RENDERINGS)),
            draft_limiter: RateLimiter::per_minute(0),
            upload_limiter: RateLimiter::per_minute(0),
            secure: false,
            public_url: "http://yikao.test".into(),
            pdf_font: None,
            pdf_writers: Arc::new(Semaphore::new(PDF_WRITERS)),
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
    /// What was begun at registration in this browser.
    registration: Option<Token>,
    /// Who speaks at the other end.
    peer: Option<Peer>,
    nonce: Nonce,
    /// The language of the answer.
    pub lang: Lang,
    /// `Set-Cookie` headers of the answer.
    set_cookies: Arc<Mutex<Vec<HeaderValue>>>,
    /// The page that the request comes from.
    page: Arc<OnceLock<PageToken>>,
    /// Which of the saves of that page it is; the last one if it does not say.
    order: i64,
    /// The session of somebody who logged in by this request.
    new_session: Arc<Mutex<Option<Token>>>,
    draft_savers: DraftSavers,
    /// Whether the page follows a log-in: it then starts at its content.
    pub(crate) follows_login: bool,
}

/// Whether a request comes from one of the log-in pages, whose form leads to it.
fn follows_login(headers: &HeaderMap) -> bool {
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = referer.and_then(|text| text.parse::<Uri>().ok()).map(|uri| uri.path().to_owned());
    path.is_some_and(|path| path == Page::Login.path() || path == Page::StaffLogin.path())
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
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let chosen = cookies::read(headers, Lang::COOKIE).map(|code| Lang::parse(&code));
        let lang = chosen.unwrap_or_else(|| Lang::preferred(accepted));
        let registration = cookies::read(headers, cookies::registration(state.secure));
        let order = headers.get(ORDER_HEADER).and_then(|value| value.to_str().ok()?.parse().ok());
        Self {
            state,
            candidate: None,
            officer: None,
            token: None,
            registration: registration.and_then(|text| Token::parse(&text)),
            peer: None,
            nonce: Nonce::new(),
            lang,
            set_cookies: Arc::default(),
            page: Arc::default(),
            order: order.unwrap_or(i64::MAX),
            new_session: Arc::default(),
            draft_savers,
            follows_login: follows_login(headers),
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
    /// The candidate who is logged in, acting from the page that the request comes from.
    pub fn candidate(&self) -> Result<Candidate, AppError> {
        let candidate = self.candidate.clone().ok_or(AppError::SignedOut)?;
        Ok(match self.page.get() {
            Some(page) => candidate.on_page(page.key).in_order(self.order),
            None => candidate,
        })
    }
    /// The member of staff who is logged in.
    pub fn officer(&self) -> Result<&Officer, AppError> {
        self.officer.as_ref().ok_or(AppError::SignedOut)
    }
    /// Whether somebody is logged in.
    pub fn is_logged_in(&self) -> bool {
        self.candidate.is_some() || self.officer.is_some()
    }
    /// Who is logged in, as pages name them.
    fn page_owner(&self) -> PageOwner {
        match (&self.candidate, &self.officer) {
            (_, Some(officer)) => PageOwner::Staff(officer.id()),
            (Some(candidate), _) => PageOwner::Candidate(candidate.account()),
            (None, None) => PageOwner::Nobody,
        }
    }
    /// The token of a page that is drawn for whoever is logged in.
    pub(crate) fn page_token(&self) -> PageTokenText {
        PageTokenText(self.registry().page_token(self.page_owner()))
    }
    /// Takes note of the page that the request comes from.
    ///
    /// # Errors
    /// [`AppError::OtherAccount`] if the page was drawn for somebody else, or says nothing about it. It holds somebody else's
    /// answers then: nothing of it is looked at.
    fn accept_page(&self, token: &str) -> Result<(), AppError> {
        let page = self.registry().read_page_token(token).ok_or(AppError::OtherAccount)?;
        if page.owner != self.page_owner() {
            return Err(AppError::OtherAccount);
        }
        let _ = self.page.set(page);
        Ok(())
    }
    /// Takes note of a page whose owner does not matter: what creates an account reads only which page it is.
    pub(crate) fn note_page(&self, token: &str) {
        if let Some(page) = self.registry().read_page_token(token) {
            let _ = self.page.set(page);
        }
    }
    /// The same for what script sends.
    pub(crate) fn note_page_header(&self, headers: &HeaderMap) {
        self.note_page(page_header(headers));
    }
    /// Which page the request comes from.
    pub(crate) fn page_key(&self) -> Option<PageKey> {
        self.page.get().map(|page| page.key)
    }
    /// What the address of a log-in says when a form was parked: a token of this moment, so that nobody else's link says so.
    pub(crate) fn kept_token(&self) -> String {
        self.registry().page_token(PageOwner::Nobody)
    }
    /// Whether a form was parked and may still be there, by what [`RequestContext::kept_token`] wrote.
    pub(crate) fn is_kept(&self, token: &str) -> bool {
        self.registry()
            .read_page_token(token)
            .is_some_and(|token| self.now() < token.drawn.plus_seconds(PARKED_SECONDS))
    }
    /// The same for what script sends, which names its page in a header.
    ///
    /// # Errors
    /// As [`RequestContext::accept_page`].
    pub(crate) fn accept_page_header(&self, headers: &HeaderMap) -> Result<(), AppError> {
        self.accept_page(page_header(headers))
    }
    /// Reads a form of a page that was drawn for whoever is logged in.
    ///
    /// # Errors
    /// Those of [`form::read_form`], and [`AppError::OtherAccount`].
    pub(crate) async fn read_form(&self, request: Request) -> Result<FormData, AppError> {
        let mut form = form::read_form(request).await?;
        self.accept_page(&form.take(PAGE_FIELD))?;
        Ok(form)
    }
    /// Reads a form that may hold a file, of a page that was drawn for whoever is logged in.
    ///
    /// # Errors
    /// Those of [`multipart::read_upload`], and [`AppError::OtherAccount`].
    pub(crate) async fn read_upload(&self, request: Request, file: &str, limit: usize) -> Result<Upload, AppError> {
        let mut upload = multipart::read_upload(request, file, limit).await?;
        self.accept_page(&upload.form.take(PAGE_FIELD))?;
        Ok(upload)
    }
    /// The session token that came with the request, whether or not it still holds.
    pub fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }
    /// The token of what was begun at registration in this browser.
    pub fn registration(&self) -> Option<&Token> {
        self.registration.as_ref()
    }
    /// The same request, from a peer.
    pub(crate) fn with_peer(self, peer: Option<Peer>) -> Self {
        Self { peer, ..self }
    }
    /// Who speaks at the other end, where the listener says it.
    pub(crate) const fn peer(&self) -> Option<Peer> {
        self.peer
    }
    /// Which of the saves of its page the request is.
    pub(crate) const fn order(&self) -> i64 {
        self.order
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

/// The page that a request is made to.
pub(crate) fn page_of(request: &Request) -> Result<Page, AppError> {
    Page::from_path(request.uri().path()).ok_or(AppError::NotFound)
}
/// The endpoint that a request is made to.
pub(crate) fn endpoint_of(request: &Request) -> Result<Endpoint, AppError> {
    Endpoint::from_path(request.uri().path()).ok_or(AppError::NotFound)
}
