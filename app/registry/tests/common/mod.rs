//! Empty databases of either engine, with a clock that the test sets.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "each test file uses a part of it"
)]
use forms::{
    account::RegistrationDraft,
    category::Category,
    ids::{ApplicationId, ExamSessionId},
    journey::Step,
    profile::{BasicDraft, ContactDraft, EducationDraft, EntryDraft, WorkDraft},
    review::Role,
};
use registry::{
    Candidate, Clock, Entropy, HashCost, LoginSource, Moment, Officer, PageKey, PageOwner, PrintedVersionState,
    Registry, Sealer, Settings, demo, statements,
};
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

#[derive(Clone, Copy, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// Both engines, for tests that loop over them.
pub const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];

/// Runs a test on SQLite and on PostgreSQL. Each statement that it ran has run on both, or it fails.
pub fn on_both_engines(test: impl AsyncFn(Engine)) {
    let one_sided: Vec<String> =
        run(test).into_iter().filter(|(_, engines)| *engines != 3).map(|(sql, _)| sql).collect();
    assert_eq!(one_sided, Vec::<String>::new(), "statements that ran on one engine only");
}
/// Runs a test in which tasks race, on both engines. Who wins decides which statements run, so that they are not compared;
/// none of them runs in such tests only.
pub fn racing_on_both_engines(test: impl AsyncFn(Engine)) {
    run(test);
}
/// Returns the statements that ran, with their engines.
fn run(test: impl AsyncFn(Engine)) -> Vec<(String, u8)> {
    static SCOPES: AtomicU64 = AtomicU64::new(1);
    let scope = SCOPES.fetch_add(1, Ordering::SeqCst);
    statements::enter_scope(scope);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(4)
        .on_thread_start(move || statements::enter_scope(scope))
        .enable_all()
        .build()
        .unwrap();
    for engine in ENGINES {
        eprintln!("-- {engine:?}");
        runtime.block_on(test(engine));
    }
    let ran = statements::of_scope(scope);
    assert!(!ran.is_empty(), "no statement was noted");
    ran
}

pub struct TestDatabase {
    pub registry: Registry,
    pub now: Arc<AtomicI64>,
    dir: tempfile::TempDir,
    people: AtomicU64,
}

/// 2026-02-01 12:00 in Asia/Shanghai.
pub const NOON: i64 = 1_769_918_400_000_000;

/// A database with the shipped lists and an open session, from which tests are given copies.
static TEMPLATES: [OnceLock<String>; 2] = [const { OnceLock::new() }; 2];

fn template(engine: Engine) -> &'static str {
    TEMPLATES[engine as usize].get_or_init(|| {
        let fill = async move {
            let (url, dir) = empty(engine, None).await;
            let settings = Settings { clock: Clock::from(|| Moment(NOON)), ..Settings::new(&url, &[7; 32]) };
            let registry = Registry::open(settings).await.unwrap();
            demo::load_shipped(&registry).await.unwrap();
            demo::put_session(&registry).await.unwrap();
            registry.close().await;
            // It is copied until the process ends.
            let _ = dir.keep();
            url
        };
        // A thread and a runtime of its own: whoever comes first is inside of a test's.
        let runtime = || tokio::runtime::Runtime::new().unwrap().block_on(fill);
        std::thread::spawn(runtime).join().unwrap()
    })
}

/// The address of a new database, empty or a copy of another, with the folder that it may be in.
async fn empty(engine: Engine, copy_of: Option<&str>) -> (String, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let url = match engine {
        Engine::Sqlite => {
            let file = dir.path().join("registry.db");
            if let Some(other) = copy_of {
                std::fs::copy(other.trim_start_matches("sqlite:"), &file).unwrap();
            }
            format!("sqlite:{}", file.display())
        }
        Engine::Postgres => {
            let socket = std::env::var("YIKAO_TEST_POSTGRES")
                .expect("YIKAO_TEST_POSTGRES names the throw-away cluster: run `make test`");
            let name = format!("t{}", Entropy::system().uuid(Moment(NOON)).simple());
            let url = |name: &str| format!("postgres://yikao@localhost/{name}?host={socket}");
            let mut create = format!("CREATE DATABASE {name}");
            if let Some(other) = copy_of {
                let other = other.rsplit('/').find_map(|part| part.split_once('?')).map(|(name, _)| name);
                create = format!("{create} TEMPLATE {}", other.unwrap());
            }
            let admin = sqlx::PgPool::connect(&url("postgres")).await.unwrap();
            sqlx::query(sqlx::AssertSqlSafe(create)).execute(&admin).await.unwrap();
            admin.close().await;
            url(&name)
        }
    };
    (url, dir)
}

impl TestDatabase {
    /// What a verification code says of the paper that bears it.
    pub async fn paper_state(&self, code: &str) -> PrintedVersionState {
        self.registry.verified_version(code).await.unwrap().unwrap().state
    }
    /// An empty database.
    pub async fn open(engine: Engine) -> Self {
        Self::with(engine, |settings| settings).await
    }
    /// An empty database with settings of its own.
    pub async fn with(engine: Engine, settings: impl FnOnce(Settings) -> Settings) -> Self {
        Self::of(empty(engine, None).await, settings).await
    }
    /// A database with the shipped lists and an open session.
    pub async fn shipped(engine: Engine) -> Self {
        Self::of(empty(engine, Some(template(engine))).await, |settings| settings).await
    }
    /// An empty database that is sealed with another secret.
    pub async fn with_secret(engine: Engine, secret: [u8; 32]) -> Self {
        let seal = move |settings| Settings { sealer: Sealer::new(&secret), ..settings };
        Self::of(empty(engine, None).await, seal).await
    }
    async fn of((url, dir): (String, tempfile::TempDir), change: impl FnOnce(Settings) -> Settings) -> Self {
        let now = Arc::new(AtomicI64::new(NOON));
        let hand = now.clone();
        let settings = Settings {
            clock: Clock::from(move || Moment(hand.load(Ordering::SeqCst))),
            // What a hash costs is not what these tests are about, and they make hundreds.
            hash_cost: HashCost { memory: 64, passes: 1 },
            ..Settings::new(&url, &[7; 32])
        };
        let registry = Registry::open(change(settings)).await.unwrap();
        Self { registry, now, dir, people: AtomicU64::new(0) }
    }
    /// What somebody does who reaches the database past the program: one statement, as it is.
    pub async fn behind_the_back(&self, statement: &'static str) {
        self.try_behind_the_back(statement).await.unwrap();
    }
    pub async fn try_behind_the_back(&self, statement: &'static str) -> Result<(), sqlx::Error> {
        use sqlx::Connection;
        let url = &self.registry.settings().database_url;
        if url.starts_with("sqlite:") {
            let mut connection = sqlx::SqliteConnection::connect(url).await?;
            sqlx::query(statement).execute(&mut connection).await.map(drop)
        } else {
            let mut connection = sqlx::PgConnection::connect(url).await?;
            sqlx::query(statement).execute(&mut connection).await.map(drop)
        }
    }
    /// The number that a statement answers, past the program.
    pub async fn count(&self, statement: &'static str) -> i64 {
        use sqlx::Connection;
        let url = &self.registry.settings().database_url;
        if url.starts_with("sqlite:") {
            let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
            sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap()
        } else {
            let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
            sqlx::query_scalar(statement).fetch_one(&mut connection).await.unwrap()
        }
    }
    /// The values of a column of bytes.
    pub async fn bytes_of(&self, table: &str, column: &str) -> Vec<Vec<u8>> {
        use sqlx::Connection;
        let statement = sqlx::AssertSqlSafe(format!("SELECT {column} FROM {table}"));
        let url = &self.registry.settings().database_url;
        if url.starts_with("sqlite:") {
            let mut connection = sqlx::SqliteConnection::connect(url).await.unwrap();
            sqlx::query_scalar(statement).fetch_all(&mut connection).await.unwrap()
        } else {
            let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
            sqlx::query_scalar(statement).fetch_all(&mut connection).await.unwrap()
        }
    }
    pub fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
    pub fn registration(&self) -> RegistrationDraft {
        let n = self.people.fetch_add(1, Ordering::SeqCst);
        // A thousand are born on each day.
        let (month, day) = (3 + n / 28_000, 1 + (n / 1_000 + 6) % 28);
        let seventeen = format!("1101011990{month:02}{day:02}{:03}", n % 1_000);
        RegistrationDraft {
            username: format!("person_{n}"),
            name: "张伟".into(),
            document_type: "resident_id".into(),
            document_number: format!("{seventeen}{}", forms::text::mod_11_2(seventeen.as_bytes()) as char),
            ethnic_group: "01".into(),
            password: "Yuan2026".into(),
            password_again: "Yuan2026".into(),
            recovery_question: "小学的名字".into(),
            recovery_answer: "实验小学".into(),
            ..Default::default()
        }
    }
    pub fn checked(&self, draft: &RegistrationDraft) -> forms::account::Registration {
        let settings = self.registry.settings();
        draft.check(&forms::Context { today: settings.clock.now().date(), rules: settings.account_rules }).unwrap()
    }
    pub async fn candidate(&self) -> Candidate {
        let account = self.registry.register(self.checked(&self.registration())).await.unwrap();
        self.registry.candidate_of(account).await.unwrap()
    }
    /// Somebody of an office.
    pub async fn officer(&self, role: Role, scope: &str) -> Officer {
        let name = format!("office_{}", self.people.fetch_add(1, Ordering::SeqCst));
        self.registry.add_staff(&name, "office", role, scope, "Schreibtisch9").await.unwrap();
        let token = self.registry.staff_login(&name, "Schreibtisch9", None).await.unwrap().session;
        self.registry.officer(&token).await.unwrap().unwrap()
    }
    /// Somebody whose profile is complete, and the open session of a database with the shipped lists.
    pub async fn ready(&self) -> (Candidate, ExamSessionId) {
        let session = self.registry.exam_sessions().await.unwrap()[0].id;
        let candidate = self.candidate().await;
        candidate.save_basic(basic(), 0, true).await.unwrap();
        candidate.save_contact(contact(), 0, true).await.unwrap();
        candidate.save_work(work(), 0, true).await.unwrap();
        candidate.save_entry(None, EntryDraft::Education(bachelor()), 0, true).await.unwrap();
        candidate.set_photo(demo::portrait().unwrap()).await.unwrap();
        (candidate, session)
    }
    /// A draft with every step answered.
    pub async fn full_draft(&self, candidate: &Candidate, session: ExamSessionId) -> (ApplicationId, i64) {
        let id = candidate.begin_application(session, Category::parse("110").unwrap()).await.unwrap();
        let view = candidate.application(id).await.unwrap();
        let entry = view.entries[0].id.to_string();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut version = view.row.version;
        for step in Step::ALL {
            let mut pairs: Vec<_> = view.draft.pairs(step).into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect();
            match step {
                Step::Category => pairs.push(pair("consent", "yes")),
                Step::Education => pairs.push(pair("educations", &entry)),
                Step::Site => pairs.extend([pair("area", "11"), pair("site", "1101")]),
                Step::Confirm => pairs.push(pair("declaration", "yes")),
                _ => {}
            }
            version = candidate.save_step(id, step, pairs, version, true).await.unwrap().version;
        }
        (id, version)
    }
}

pub fn basic() -> BasicDraft {
    BasicDraft { household_province: "11".into(), ..Default::default() }
}
pub fn contact() -> ContactDraft {
    ContactDraft {
        contact_region: "mainland".into(),
        mobile: "13800138000".into(),
        email: "zhang@example.com".into(),
        address: "北京市东城区东交民巷1号".into(),
        postcode: "100005".into(),
        ..Default::default()
    }
}
pub fn work() -> WorkDraft {
    WorkDraft {
        post_state: "probation".into(),
        employer: "京北社区诊所".into(),
        employer_province: "11".into(),
        ..Default::default()
    }
}
pub fn bachelor() -> EducationDraft {
    EducationDraft {
        level: "bachelor".into(),
        school: "首都医科大学".into(),
        school_region: "11".into(),
        major: "临床医学".into(),
        study_form: "full_time".into(),
        graduation_month: "2014-07".into(),
        diploma_number: "100251201405000123".into(),
        ..Default::default()
    }
}

/// An attempt from an address, by a browser that nobody knows.
pub fn from(address: &str) -> LoginSource {
    LoginSource { address: Some(address.parse().unwrap()), ..LoginSource::default() }
}
/// A page that is drawn now for somebody who is not logged in.
pub fn public_page(registry: &Registry) -> PageKey {
    registry.read_page_token(&registry.page_token(PageOwner::Nobody)).unwrap().key
}
