//! What grows with the number of applications, and what must not: pages, the queue and its searches, and memory, on books of
//! three sizes and both engines. Usage: scale FOLDER POSTGRES-URL-WITHOUT-DATABASE-NAME; the folder keeps the SQLite books
//! for the next time.
#![recursion_limit = "512"]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark measures, and stops at what cannot be"
)]
use app::{
    http::{assets::Assets, rate_limit::RateLimiter},
    request::AppState,
    router::build_router,
};
use axum::{Router, body::Body, http::Request};
use forms::{
    application::{Application, Flag},
    choice::DocumentType,
    ids::Serial,
    review::Role,
    status::ApplicationStatus,
    value::{IdentityDocument, PersonName},
};
use http_body_util::BodyExt;
use registry::{Clock, Dictionary, Entropy, Moment, Officer, Registry, Search, Settings, demo};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::{collections::HashMap, future::Future, path::Path, sync::Arc, time::Instant};
use tower::ServiceExt;
use uuid::Uuid;

const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];
/// 2026-02-01 12:00 in Asia/Shanghai: the books stay as old as they were made, so that their windows stay open.
const NOON: i64 = 1_769_918_400_000_000;
/// Measured requests of each kind.
const ASKS: usize = 1_000;
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文春生海燕晓东雪峰林慧宁";

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().with_env_filter("error").with_writer(std::io::stderr).init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, url, size] = arguments.as_slice()
        && what == "fill"
    {
        return fill(url, size.parse().unwrap()).await;
    }
    let [folder, postgres] = arguments.as_slice() else { panic!("scale FOLDER POSTGRES-URL") };
    std::fs::create_dir_all(folder).unwrap();
    for engine in ["sqlite", "postgres"] {
        let mut all = Vec::new();
        for size in SIZES {
            let url = books(engine, Path::new(folder), postgres, size).await;
            all.push(Office::open(&url).await);
        }
        measure(engine, &all).await;
        for office in all {
            office.registry.close().await;
        }
    }
}

fn settings(url: &str) -> Settings {
    Settings { clock: Clock::from(|| Moment(NOON)), ..Settings::new(url, &[7; 32]) }
}

/// Books of a size, made if they are not there.
async fn books(engine: &str, folder: &Path, postgres: &str, size: usize) -> String {
    let begun = Instant::now();
    let url = if engine == "sqlite" {
        // Books of another shape are of no use: their name says which migrations and which filling made them.
        let file = folder.join(format!("books-5-{size}.db"));
        let url = format!("sqlite:{}", file.display());
        if file.exists() {
            return url;
        }
        let begun = folder.join(format!("begun-{size}.db"));
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", begun.display()));
        }
        in_a_process_of_its_own(&format!("sqlite:{}", begun.display()), size).await;
        std::fs::rename(begun, file).unwrap();
        url
    } else {
        let mut admin = PgConnection::connect(&postgres.replace("DATABASE", "postgres")).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE scale{size}"))).execute(&mut admin).await.unwrap();
        let url = postgres.replace("DATABASE", &format!("scale{size}"));
        in_a_process_of_its_own(&url, size).await;
        url
    };
    eprintln!("   {engine}: books of {size} made in {:.0?}", begun.elapsed());
    url
}

/// Writes copies with one statement a table: a round trip for each row would take longer than the rows.
macro_rules! write_all {
    ($database:ty, $connection:expr, $batch:expr, $session:expr) => {{
        let mut tx = $connection.begin().await.unwrap();
        macro_rules! table {
            ($begin:expr, |$b:ident, $row:ident| $push:expr) => {{
                let mut query = sqlx::QueryBuilder::<$database>::new($begin);
                query.push_values($batch, |mut $b, $row: &Copied| {
                    $push;
                });
                query.build().execute(&mut *tx).await.unwrap();
            }};
        }
        table!(PERSON, |b, row| b
            .push_bind(row.person)
            .push_bind("resident_id")
            .push_bind(row.document.clone())
            .push_bind(row.document_sealed.clone())
            .push_bind(row.name.clone())
            .push_bind("male")
            .push_bind("1990-01-01")
            .push_bind("01")
            .push_bind(row.at));
        table!(ACCOUNT, |b, row| b
            .push_bind(row.account)
            .push_bind(row.person)
            .push_bind(row.username.clone())
            .push_bind(row.username.clone())
            .push_bind("x")
            .push_bind(row.question.clone())
            .push_bind("x")
            .push_bind(row.at));
        table!(APPLICATION, |b, row| b
            .push_bind(row.application)
            .push_bind(row.account)
            .push_bind($session)
            .push_bind(row.status)
            .push_bind(9_i64)
            .push_bind(row.draft.clone())
            .push_bind(row.at)
            .push_bind(row.at)
            .push_bind(row.at)
            .push_bind(row.serial.clone())
            .push_bind("110")
            .push_bind(row.site[..2].to_owned())
            .push_bind(row.site.clone())
            .push_bind(row.snapshot.clone())
            .push_bind(row.name.clone())
            .push_bind(row.initials.clone())
            .push_bind(row.document.clone())
            .push_bind(row.flags)
            .push_bind(row.at)
            .push_bind(1_i64));
        table!(PAPER, |b, row| b
            .push_bind(row.application)
            .push_bind(1_i64)
            .push_bind(row.code_hash.clone())
            .push_bind(row.code.clone())
            .push_bind(row.at));
        table!(AUDIT, |b, row| b
            .push_bind(row.audit)
            .push_bind(row.at)
            .push_bind(row.account)
            .push_bind("application.submit")
            .push_bind(row.application));
        tx.commit().await.unwrap();
    }};
}

/// Fills books elsewhere, so that what it takes is not counted as the server's memory.
async fn in_a_process_of_its_own(url: &str, size: usize) {
    let me = std::env::current_exe().unwrap();
    let mut command = std::process::Command::new(me);
    command.args(["fill", url, &size.to_string()]);
    let filled = tokio::task::spawn_blocking(move || command.status()).await.unwrap().unwrap();
    assert!(filled.success());
}

/// One application handed in as people do, and copies of it under other names, at other sites, in other states.
async fn fill(url: &str, size: usize) {
    let registry = Registry::open(settings(url)).await.unwrap();
    demo::load_shipped(&registry).await.unwrap();
    let session = demo::put_session(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    // Somebody in the middle of the wizard, and somebody who has handed in.
    demo::ready(&registry, session, &dictionary, 1).await.unwrap();
    let (candidate, id, version) = demo::ready(&registry, session, &dictionary, 2).await.unwrap();
    candidate.submit(id, version).await.unwrap();
    for (name, role, scope) in
        [("desk", Role::SiteReviewer, "3301"), ("area", Role::AreaOfficer, "33"), ("centre", Role::Centre, "")]
    {
        registry.add_staff(name, name, role, scope, "Schreibtisch9").await.unwrap();
    }
    let view = candidate.application(id).await.unwrap();
    let sites: Vec<String> = registry.areas().await.unwrap().1.into_iter().map(|site| site.code).collect();
    let (settings, template) = (registry.settings().clone(), view.snapshot.unwrap());
    registry.close().await;

    let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
    let number = |n: usize, salt: usize| (n.wrapping_mul(2_654_435_761).wrapping_add(salt * 97)) % 1_000_003;
    let mut made = 0;
    let mut sqlite = match url.starts_with("sqlite") {
        true => Some(SqliteConnection::connect(url).await.unwrap()),
        false => None,
    };
    let mut pg = match sqlite {
        None => Some(PgConnection::connect(url).await.unwrap()),
        Some(_) => None,
    };
    // Filled first and indexed afterwards: an index that grows in random order is read back from the disk all the time.
    let mut indexes: Vec<(String, String)> = Vec::new();
    if let Some(c) = &mut sqlite {
        indexes = sqlx::query_as("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
            .fetch_all(&mut *c)
            .await
            .unwrap();
    } else if let Some(c) = &mut pg {
        indexes = sqlx::query_as(
            "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
             AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        )
        .fetch_all(&mut *c)
        .await
        .unwrap();
    }
    let drops: String = indexes.iter().map(|(name, _)| format!("DROP INDEX {name};")).collect();
    let makes: String = indexes.iter().map(|(_, make)| format!("{make};")).collect();
    if let Some(c) = &mut sqlite {
        sqlx::raw_sql(AssertSqlSafe(drops.clone())).execute(&mut *c).await.unwrap();
    } else if let Some(c) = &mut pg {
        sqlx::raw_sql(AssertSqlSafe(drops)).execute(&mut *c).await.unwrap();
    }
    if let Some(c) = &mut sqlite {
        // Nobody else reads these books yet: what is made wrong is made again.
        let hasty = "PRAGMA synchronous = OFF; PRAGMA cache_size = -600000; PRAGMA wal_autocheckpoint = 20000; PRAGMA foreign_keys = OFF";
        sqlx::raw_sql(hasty).execute(&mut *c).await.unwrap();
    }
    while made < size {
        let batch: Vec<Copied> = (made..(made + 1000).min(size))
            .map(|n| {
                let name: String = [
                    surnames[number(n, 1) % surnames.len()],
                    given[number(n, 2) % given.len()],
                    given[number(n, 3) % given.len()],
                ]
                .iter()
                .collect();
                // A tenth waits at the office that is looked at, so that its page is full at every size.
                let site = if n % 10 == 0 { "3301".to_owned() } else { sites[number(n, 4) % sites.len()].clone() };
                let status = [
                    "submitted",
                    "submitted",
                    "submitted",
                    "submitted",
                    "submitted",
                    "submitted",
                    "returned",
                    "site_approved",
                    "area_approved",
                    "rejected",
                ][if n % 10 == 0 { n / 10 % 10 } else { number(n, 5) % 10 }];
                Copied::new(&settings, &template, n, name, site, status)
            })
            .collect();
        made += batch.len();
        if let Some(c) = &mut sqlite {
            write_all!(sqlx::Sqlite, c, &batch, session.uuid());
        } else if let Some(c) = &mut pg {
            write_all!(sqlx::Postgres, c, &batch, session.uuid());
        }
    }
    if let Some(mut c) = sqlite {
        sqlx::raw_sql(AssertSqlSafe(makes.clone())).execute(&mut c).await.unwrap();
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut c).await.unwrap();
    }
    if let Some(mut c) = pg {
        sqlx::raw_sql(AssertSqlSafe(makes)).execute(&mut c).await.unwrap();
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut c).await.unwrap();
    }
}

/// The rows of one copy.
struct Copied {
    person: Uuid,
    account: Uuid,
    application: Uuid,
    audit: Uuid,
    username: String,
    document: Vec<u8>,
    document_sealed: Vec<u8>,
    question: Vec<u8>,
    name: String,
    initials: String,
    draft: Vec<u8>,
    snapshot: Vec<u8>,
    serial: String,
    site: String,
    status: &'static str,
    flags: i64,
    at: i64,
    code: Vec<u8>,
    code_hash: Vec<u8>,
}
impl Copied {
    fn new(
        settings: &Settings,
        template: &Application,
        n: usize,
        name: String,
        site: String,
        status: &'static str,
    ) -> Self {
        let entropy: &Entropy = &settings.entropy;
        let at = NOON - 86_400_000_000 * 3 + n as i64 * 200_000;
        let id = || entropy.uuid(Moment(at));
        let (person, account, application) = (id(), id(), id());
        let seventeen =
            format!("330102{:04}{:02}{:02}{:03}", 1950 + n / 336_000, n / 28_000 % 12 + 1, n / 1000 % 28 + 1, n % 1000);
        let number = format!("{seventeen}{}", forms::text::mod_11_2(seventeen.as_bytes()) as char);
        let document = IdentityDocument::parse(DocumentType::ResidentId, &number).unwrap();
        let (sex, birth_date) = document.stated().unwrap();
        let identity = forms::account::Identity {
            name: PersonName::parse(&name).unwrap(),
            document,
            sex,
            birth_date,
            ethnic_group: template.identity.ethnic_group,
        };
        let a = Application { identity, site: site.clone(), area: site[..2].to_owned(), ..template.clone() };
        let seal = |place: &[&[u8]], plain: &[u8]| settings.sealer.seal(entropy, place, plain);
        let flags = if n.is_multiple_of(20) { vec![Flag::EmployerNotListed] } else { Vec::new() };
        Self {
            username: format!("copy_{n}"),
            document: settings.sealer.index("resident_id", &number),
            document_sealed: seal(&[b"person", person.as_bytes()], number.as_bytes()),
            question: seal(&[b"question", account.as_bytes()], "？".as_bytes()),
            initials: registry::initials(&name),
            name,
            draft: seal(&[b"application", application.as_bytes()], b"{}"),
            snapshot: seal(&[b"snapshot", application.as_bytes()], &serde_json::to_vec(&a).unwrap()),
            serial: Serial::new(2026, &site, &format!("{:03}", 100 + n / 10_000_000), n as u32).to_string(),
            site,
            status,
            flags: Flag::bits(&flags),
            at,
            code: seal(&[b"paper", application.as_bytes(), &1_i64.to_be_bytes()], b"00000"),
            code_hash: settings.sealer.index("bench paper", &n.to_string()),
            audit: id(),
            person,
            account,
            application,
        }
    }
}

const PERSON: &str = "INSERT INTO person (id, document_kind, document_index, document_sealed, name, sex, birth_date, ethnic_group, created)";
const ACCOUNT: &str =
    "INSERT INTO account (id, person_id, username, username_key, password_hash, question_sealed, answer_hash, created)";
const APPLICATION: &str = "INSERT INTO application (id, account_id, session_id, status, version, draft_sealed, created, updated, submitted, serial, category, area, site, snapshot_sealed, name, initials, document_index, flags, waiting, paper)";
const PAPER: &str = "INSERT INTO paper (application_id, version, code_hash, code_sealed, made)";
const AUDIT: &str = "INSERT INTO audit (id, at, actor, action, subject)";

/// Books of one size with everything that is asked of them.
struct Office {
    registry: Registry,
    router: Router,
    /// Name, path and cookie of each page.
    pages: Vec<(String, String, String)>,
    /// Name, who looks, and what for.
    searches: Vec<(String, Officer, Search)>,
}
impl Office {
    async fn open(url: &str) -> Self {
        let registry = Registry::open(settings(url)).await.unwrap();
        let dictionary = Dictionary::default();
        dictionary.refresh(&registry).await.unwrap();
        let router = build_router(AppState {
            registry: registry.clone(),
            dictionary: dictionary.clone(),
            assets: Arc::new(Assets::default()),
            rate_limiter: RateLimiter::per_minute(0),
            secure: false,
            public_url: "http://yikao.test".into(),
        });
        let candidate = |n: u32| {
            let registry = registry.clone();
            async move {
                let login = registry.login(&format!("person_{n}"), demo::PASSWORD, None).await.unwrap();
                let me = registry.candidate(&login.session).await.unwrap().unwrap();
                let id = me.applications().await.unwrap()[0].id;
                (format!("session={}", login.session.expose()), id)
            }
        };
        let (drafting, draft) = candidate(1).await;
        let (done, handed_in) = candidate(2).await;
        let mut staff = HashMap::new();
        for name in ["desk", "area", "centre"] {
            let token = registry.staff_login(name, "Schreibtisch9").await.unwrap();
            let officer = registry.officer(&token).await.unwrap().unwrap();
            staff.insert(name, (format!("staff={}", token.expose()), officer));
        }
        let waiting = || Search { status: Some(ApplicationStatus::Submitted), ..Search::default() };
        let first = staff["desk"].1.queue(&waiting()).await.unwrap();
        assert_eq!(first.rows.len(), 50, "the page that is measured is full");
        // Pages are drawn in process: what the network adds is measured at the door.
        let steps = ["category", "basic", "work", "education", "certificate", "site", "confirm"];
        let desk = staff["desk"].0.clone();
        let mut pages = vec![
            ("home".to_owned(), "/".to_owned(), String::new()),
            ("login".to_owned(), "/login".to_owned(), String::new()),
            ("exams".to_owned(), "/exams".to_owned(), done.clone()),
            ("application".to_owned(), format!("/applications/{handed_in}"), done.clone()),
            ("slip".to_owned(), format!("/applications/{handed_in}/slip"), done),
            ("queue".to_owned(), "/admin".to_owned(), desk.clone()),
            ("record".to_owned(), format!("/admin/review/{}", first.rows[7].id), desk),
        ];
        pages.extend(
            steps.map(|step| (format!("step_{step}"), format!("/applications/{draft}/{step}"), drafting.clone())),
        );
        let some = row_of(&staff["desk"].1, first.rows[20].id).await;
        let mut searches = Vec::new();
        for (office, (_, officer)) in &staff {
            let find = |find: &str| Search { find: find.to_owned(), ..Search::default() };
            for (what, search) in [
                ("first", waiting()),
                ("further", Search { after: Some(first.rows[30].id), ..waiting() }),
                ("flag", Search { flag: Some(Flag::EmployerNotListed), ..waiting() }),
                ("name", find(&some.0)),
                ("surname", find("王")),
                ("initials", find("zw")),
                ("serial", find(&some.1)),
                ("document", find(&some.2)),
            ] {
                searches.push((format!("{office}_{what}"), officer.clone(), search));
            }
        }
        searches.sort_by(|one, other| one.0.cmp(&other.0));
        Self { registry, router, pages, searches }
    }
}

/// Every figure, asked of books of each size in turn, so that whatever else the machine does meets all of them.
async fn measure(engine: &str, all: &[Office]) {
    let rest = resident();
    for n in 0..all[0].pages.len() {
        let name = format!("page.{engine}_{}", all[0].pages[n].0);
        asked(&name, all, |office| {
            let (_, path, cookie) = &office.pages[n];
            ask(&office.router, path, cookie)
        })
        .await;
    }
    for n in 0..all[0].searches.len() {
        let name = format!("queue.{engine}_{}", all[0].searches[n].0);
        asked(&name, all, |office| async move {
            let (_, officer, search) = &office.searches[n];
            officer.queue(search).await.unwrap();
        })
        .await;
    }
    let largest = &all[2];
    let many: Vec<_> = (0..64)
        .map(|n| {
            let (router, cookie) = (largest.router.clone(), largest.pages[5].2.clone());
            let path = if n % 2 == 0 { "/admin" } else { "/" };
            tokio::spawn(async move {
                for _ in 0..20 {
                    ask(&router, path, &cookie).await;
                }
            })
        })
        .collect();
    let mut most = rest;
    for one in many {
        one.await.unwrap();
        most = most.max(resident());
    }
    println!("bench memory.{engine}_rest {rest} MB");
    println!("bench memory.{engine}_under_load {most} MB, {:.2} x at rest, 64 clients", most as f64 / rest as f64);
}

/// Name, serial and document number of a record.
async fn row_of(officer: &Officer, id: forms::ids::ApplicationId) -> (String, String, String) {
    let view = officer.record(id).await.unwrap().view;
    let a = view.snapshot.unwrap();
    (a.identity.name.to_string(), view.row.serial.unwrap(), a.identity.document.number().to_owned())
}

async fn ask(router: &Router, path: &str, cookie: &str) {
    let request =
        Request::builder().uri(path).header("host", "yikao.test").header("cookie", cookie).body(Body::empty()).unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    assert!(response.status().is_success(), "{path}: {}", response.status());
    response.into_body().collect().await.unwrap();
}

/// Does something again and again with the books of each size in turn, after a few times that do not count.
async fn asked<'a, F: Future<Output = ()> + 'a>(name: &str, all: &'a [Office], work: impl Fn(&'a Office) -> F) {
    let mut times = vec![Vec::with_capacity(ASKS); all.len()];
    for n in 0..ASKS + 20 {
        for (office, times) in all.iter().zip(&mut times) {
            let begun = Instant::now();
            work(office).await;
            if n >= 20 {
                times.push(begun.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    let mut at = |percent: usize| {
        let mut figures = times.iter_mut().map(|times| {
            times.sort_by(f64::total_cmp);
            times[ASKS * percent / 100]
        });
        (figures.next().unwrap(), figures.next().unwrap(), figures.next().unwrap())
    };
    for (what, percent) in [("p50", 50), ("p99", 99)] {
        let (small, middle, large) = at(percent);
        println!(
            "bench {name}_{what} {large:.0} us at 1,000,000, {:.2} x that at 1,000 ({small:.0} us; at 100,000 {middle:.0} us)",
            large / small
        );
    }
}

/// What the process has in memory, in megabytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}
