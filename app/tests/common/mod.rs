//! A whole application on a database of its own, and the people who use it.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test file uses a part of it"
)]
use app::{
    http::{assets::Assets, rate_limit::RateLimiter},
    pdf::PdfFont,
    request::AppState,
    router::build_router,
};
use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use forms::{category::Category, ids::ApplicationId, journey::Step};
use http_body_util::BodyExt;
use registry::{Candidate, Clock, Dictionary, HashCost, Moment, PageOwner, Registry, Settings, Token, demo};
use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU32, Ordering},
};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// 2026-02-01 12:00 in Asia/Shanghai.
pub const NOON: i64 = 1_769_918_400_000_000;

pub struct TestApp {
    pub router: Router,
    /// Every request that is alive holds it.
    pub assets: Arc<Assets>,
    pub renderings: Arc<Semaphore>,
    pub registry: Registry,
    pub dictionary: Dictionary,
    pub now: Arc<AtomicI64>,
    pub people: AtomicU32,
    _dir: tempfile::TempDir,
}
/// Nobody.
pub struct Anonymous<'a>(pub &'a TestApp);
/// Whoever holds a cookie.
pub struct Holder<'a> {
    pub app: &'a TestApp,
    pub cookie: String,
}
impl Client for Holder<'_> {
    fn app(&self) -> &TestApp {
        self.app
    }
    fn cookie(&self) -> Option<&str> {
        Some(&self.cookie)
    }
}
/// Somebody logged in; two of them are two people.
pub struct Member<'a> {
    pub app: &'a TestApp,
    pub cookie: String,
    pub candidate: Candidate,
}
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    pub bytes: Vec<u8>,
}
impl Answer {
    pub fn place(&self) -> &str {
        self.header("location")
    }
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default()
    }
    pub fn cookie(&self, name: &str) -> Option<String> {
        let all = self.headers.get_all(header::SET_COOKIE).iter().filter_map(|v| v.to_str().ok());
        all.filter_map(|c| c.split(';').next()).find(|c| c.starts_with(&format!("{name}="))).map(str::to_owned)
    }
    /// The body without what differs in each answer.
    pub fn still(&self) -> String {
        let mut still = self.body.clone();
        for name in ["nonce=\"", "data-page=\"", "name=\"page\" value=\""] {
            let mut rest = still.as_str();
            let mut kept = String::new();
            while let Some((before, after)) = rest.split_once(name) {
                kept.push_str(before);
                rest = after.split_once('"').map_or("", |(_, r)| r);
            }
            still = kept + rest;
        }
        still
    }
}

pub trait Client {
    fn app(&self) -> &TestApp;
    fn cookie(&self) -> Option<&str>;
    /// Whom the pages of this client are drawn for: whoever holds the session of the cookie.
    async fn page_owner(&self) -> PageOwner {
        let registry = &self.app().registry;
        let token = |name: &str| {
            let pairs = self.cookie().unwrap_or_default().split("; ");
            pairs
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .and_then(|(_, value)| Token::parse(value))
        };
        if let Some(token) = token("session")
            && let Some(candidate) = registry.candidate(&token).await.unwrap()
        {
            return PageOwner::Candidate(candidate.account());
        }
        if let Some(token) = token("staff")
            && let Some(officer) = registry.officer(&token).await.unwrap()
        {
            return PageOwner::Staff(officer.id());
        }
        PageOwner::Nobody
    }
    /// The token of a page that is drawn now.
    async fn page(&self) -> String {
        self.app().registry.page_token(self.page_owner().await)
    }
    async fn send(
        &self,
        method: Method,
        path: &str,
        kind: Option<&str>,
        body: String,
        extra: &[(&str, &str)],
    ) -> Answer {
        let is_post = method == Method::POST;
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "yikao.test")
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = self.cookie() {
            request = request.header("cookie", cookie);
        }
        if let Some(kind) = kind {
            request = request.header("content-type", kind);
        }
        if is_post {
            request = request.header("x-page", self.page().await);
        }
        for (name, value) in extra {
            request
                .headers_mut()
                .unwrap()
                .insert(header::HeaderName::from_bytes(name.as_bytes()).unwrap(), value.parse().unwrap());
        }
        let response = self.app().router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        let body = String::from_utf8_lossy(&bytes).into_owned();
        Answer { status: parts.status, headers: parts.headers, body, bytes }
    }
    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, String::new(), &[]).await
    }
    async fn post(&self, path: &str, pairs: &[(&str, &str)]) -> Answer {
        let encode =
            |s: &str| {
                s.bytes()
                    .map(|b| {
                        if b.is_ascii_alphanumeric() || b == b'_' {
                            (b as char).to_string()
                        } else {
                            format!("%{b:02X}")
                        }
                    })
                    .collect::<String>()
            };
        let page = if path.starts_with("/api/") { String::new() } else { self.page().await };
        let pairs = pairs.iter().copied().chain((!page.is_empty()).then_some(("page", page.as_str())));
        let body = pairs.map(|(k, v)| format!("{}={}", encode(k), encode(v))).collect::<Vec<_>>().join("&");
        self.send(Method::POST, path, Some("application/x-www-form-urlencoded"), body, &[]).await
    }
    /// Calls a server function as the browser's module does: url-encoded, an object in an object as `outer[inner]`.
    async fn call(&self, path: &str, arguments: serde_json::Value) -> Answer {
        let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let mut pairs = Vec::new();
        for (name, value) in arguments.as_object().into_iter().flatten() {
            match value.as_object() {
                Some(inner) => pairs.extend(inner.iter().map(|(key, value)| (format!("{name}[{key}]"), text(value)))),
                None => pairs.push((name.clone(), text(value))),
            }
        }
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(path, &pairs).await
    }
}
impl Client for Anonymous<'_> {
    fn app(&self) -> &TestApp {
        self.0
    }
    fn cookie(&self) -> Option<&str> {
        None
    }
}
impl Client for Member<'_> {
    fn app(&self) -> &TestApp {
        self.app
    }
    async fn page_owner(&self) -> PageOwner {
        PageOwner::Candidate(self.candidate.account())
    }
    fn cookie(&self) -> Option<&str> {
        Some(&self.cookie)
    }
}

impl TestApp {
    /// A database with an open session and no accounts.
    pub async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/registry.db", dir.path().display());
        Self::with_database(dir, &url).await
    }
    /// The same with settings of its own.
    pub async fn with_settings(change: impl FnOnce(Settings) -> Settings) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/registry.db", dir.path().display());
        Self::open(dir, &url, change).await
    }
    /// The same with the empty database at `url`; `dir` is deleted at the end.
    pub async fn with_database(dir: tempfile::TempDir, url: &str) -> Self {
        Self::open(dir, url, |settings| settings).await
    }
    async fn open(dir: tempfile::TempDir, url: &str, change: impl FnOnce(Settings) -> Settings) -> Self {
        let now = Arc::new(AtomicI64::new(NOON));
        let hand = now.clone();
        let settings = Settings {
            clock: Clock::from(move || Moment(hand.load(Ordering::SeqCst))),
            // What a hash costs is not what these tests are about.
            hash_cost: HashCost { memory: 64, passes: 1 },
            ..Settings::new(url, &[7; 32])
        };
        let registry = Registry::open(change(settings)).await.unwrap();
        demo::load_shipped(&registry).await.unwrap();
        demo::put_session(&registry).await.unwrap();
        let dictionary = Dictionary::default();
        dictionary.refresh(&registry).await.unwrap();
        let state = AppState {
            rate_limiter: RateLimiter::per_minute(3),
            pdf_font: PdfFont::installed(),
            ..AppState::new(registry.clone(), dictionary.clone())
        };
        Self {
            assets: state.assets.clone(),
            renderings: state.renderings.clone(),
            router: build_router(state),
            registry,
            dictionary,
            now,
            people: AtomicU32::new(0),
            _dir: dir,
        }
    }
    /// The demonstration, with the log-ins of its candidates and staff.
    pub async fn demonstration() -> (Self, Vec<demo::DemoLogin>) {
        let app = Self::new().await;
        let logins = app.load_demonstration().await;
        (app, logins)
    }
    /// Fills the database with the demonstration.
    pub async fn load_demonstration(&self) -> Vec<demo::DemoLogin> {
        let logins = demo::load(&self.registry).await.unwrap();
        self.dictionary.refresh(&self.registry).await.unwrap();
        logins
    }
    /// Somebody of the demonstration, logged in.
    pub async fn log_in(&self, logins: &[demo::DemoLogin], name: &str) -> (Holder<'_>, Candidate) {
        let login = logins.iter().find(|login| login.username == name).unwrap();
        let pairs = [("username", login.username.as_str()), ("password", login.password.as_str())];
        let cookie = self.anonymous().post("/login", &pairs).await.cookie("session").unwrap();
        let me = Holder { app: self, cookie };
        let candidate = self.registry.candidate(&token_of(&me)).await.unwrap().unwrap();
        (me, candidate)
    }
    pub fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
    pub fn anonymous(&self) -> Anonymous<'_> {
        Anonymous(self)
    }
    /// The fields of a registration that is right.
    pub fn person(&self) -> Vec<(&'static str, String)> {
        let n = self.people.fetch_add(1, Ordering::SeqCst);
        let seventeen = format!("11010119900307{n:03}");
        let number = format!("{seventeen}{}", forms::text::mod_11_2(seventeen.as_bytes()) as char);
        vec![
            ("username", format!("person_{n}")),
            ("name", "张伟".into()),
            ("document_type", "resident_id".into()),
            ("document_number", number),
            ("ethnic_group", "01".into()),
            ("password", "Yuan2026".into()),
            ("password_again", "Yuan2026".into()),
            ("recovery_question", "小学的名字".into()),
            ("recovery_answer", "实验小学".into()),
        ]
    }
    pub async fn member(&self) -> Member<'_> {
        let person = self.person();
        let pairs: Vec<(&str, &str)> = person.iter().map(|(k, v)| (*k, v.as_str())).collect();
        let anybody = self.anonymous();
        assert_eq!(anybody.post("/register", &pairs).await.status, StatusCode::SEE_OTHER);
        let login = anybody.post("/login", &[("username", &person[0].1), ("password", "Yuan2026")]).await;
        assert_eq!((login.status, login.place()), (StatusCode::SEE_OTHER, "/profile/basic"));
        let cookie = login.cookie("session").unwrap();
        let token = registry::Token::parse(cookie.trim_start_matches("session=")).unwrap();
        let candidate = self.registry.candidate(&token).await.unwrap().unwrap();
        Member { app: self, cookie, candidate }
    }
}
impl Member<'_> {
    pub async fn begun(&self) -> ApplicationId {
        let session = self.app.registry.exam_sessions().await.unwrap()[0].id;
        self.candidate.begin_application(session, Category::parse("110").unwrap()).await.unwrap()
    }
}

/// The address of an empty database on the temporary cluster.
pub fn postgres(name: &str) -> String {
    let socket = std::env::var("YIKAO_TEST_POSTGRES").expect("YIKAO_TEST_POSTGRES names the cluster: run `make test`");
    let name = format!("{name}_{}", std::process::id());
    let create = format!("CREATE DATABASE {name}");
    let created = std::process::Command::new("psql")
        .args(["-q", "-h", &socket, "-U", "yikao", "postgres", "-c", &create])
        .status();
    assert!(created.unwrap().success());
    format!("postgres://yikao@localhost/{name}?host={socket}")
}

/// A path of the table with something in its places.
pub fn filled(path: &str, id: &str) -> String {
    path.replace("{id}", id)
        .replace("{group}", "education")
        .replace("{entry}", id)
        .replace("{step}", "basic")
        .replace("{kind}", "school")
        .replace("{annex}", "4")
        .replace("{guide}", "rules")
        .replace("{file}", "none.js")
}

/// Everything in a page that is packed for the browser, as text.
pub fn packed_in(body: &str) -> String {
    let is_packed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
    let words = body.split(|c| !is_packed(c)).filter(|word| word.len() > 15);
    words
        .filter_map(|word| STANDARD.decode(word).ok())
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .collect()
}

/// The session of somebody who is logged in.
pub fn token_of(who: &Holder<'_>) -> Token {
    Token::parse(who.cookie.split_once('=').unwrap().1).unwrap()
}

/// Answers of every step that lead to a submission, with an education entry as the route.
pub fn answers(entry: &str) -> [(Step, Vec<(&str, &str)>); 7] {
    [
        (Step::Category, vec![("category", "110"), ("consent", "yes")]),
        (
            Step::Basic,
            vec![
                ("household_province", "11"),
                ("contact_region", "mainland"),
                ("mobile", "13800138000"),
                ("email", "z@example.com"),
                ("address", "北京市东城区东交民巷1号"),
                ("postcode", "100005"),
            ],
        ),
        (Step::Work, vec![("post_state", "probation"), ("employer", "北京医院"), ("employer_province", "11")]),
        (Step::Education, vec![("educations", entry)]),
        (Step::Certificate, vec![]),
        (Step::Site, vec![("area", "11"), ("site", "1101"), ("attempts", "1")]),
        (Step::Confirm, vec![("extra_subject", "none"), ("declaration", "yes")]),
    ]
}
