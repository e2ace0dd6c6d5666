//! Databases with many applications.
use crate::{NOON, settings};
use forms::{
    application::{Application, Flag},
    choice::DocumentType,
    ids::Serial,
    review::Role,
    value::{IdentityDocument, PersonName},
};
use registry::{Dictionary, Entropy, Moment, Registry, Settings, demo};
use sqlx::{AssertSqlSafe, Connection, PgConnection, SqliteConnection};
use std::{path::Path, time::Instant};
use uuid::Uuid;

const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文春生海燕晓东雪峰林慧宁";

/// The URL of a database with `size` applications, which is made if it does not exist.
pub async fn database(engine: &str, folder: &Path, postgres: &str, size: usize) -> String {
    let begun = Instant::now();
    let url = if engine == "sqlite" {
        // The number in the name is raised with migrations and with what `fill` writes: older files do not fit.
        let file = folder.join(format!("applications-6-{size}.db"));
        let url = format!("sqlite:{}", file.display());
        if file.exists() {
            return url;
        }
        let unfinished = folder.join(format!("unfinished-{size}.db"));
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{end}", unfinished.display()));
        }
        fill_in_child_process(&format!("sqlite:{}", unfinished.display()), size).await;
        std::fs::rename(unfinished, file).unwrap();
        url
    } else {
        let mut admin = PgConnection::connect(&postgres.replace("DATABASE", "postgres")).await.unwrap();
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE scale{size}"))).execute(&mut admin).await.unwrap();
        let url = postgres.replace("DATABASE", &format!("scale{size}"));
        fill_in_child_process(&url, size).await;
        url
    };
    eprintln!("   {engine}: database of {size} made in {:.0?}", begun.elapsed());
    url
}

/// Writes a batch with one statement for each table, to save round trips.
macro_rules! write_all {
    ($database:ty, $connection:expr, $batch:expr, $session:expr) => {{
        let mut tx = $connection.begin().await.unwrap();
        // Once, since every row draws its ids: the tables name each other's.
        let batch = $batch;
        macro_rules! table {
            ($begin:expr, |$b:ident, $row:ident| $push:expr) => {{
                let mut query = sqlx::QueryBuilder::<$database>::new($begin);
                query.push_values(&batch, |mut $b, $row: &Copied| {
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

/// Fills a database in a child process, so that the memory it takes is not counted as the server's.
async fn fill_in_child_process(url: &str, size: usize) {
    let me = std::env::current_exe().unwrap();
    let mut command = std::process::Command::new(me);
    command.args(["fill", url, &size.to_string()]);
    let filled = tokio::task::spawn_blocking(move || command.status()).await.unwrap().unwrap();
    assert!(filled.success());
}

/// Fills an empty database: one application submitted as candidates do, and copies of it under other names, at other sites and in
/// other states.
pub async fn fill(url: &str, size: usize) {
    let source = submit_one(url).await;
    if url.starts_with("sqlite") {
        let mut c = SqliteConnection::connect(url).await.unwrap();
        // Indexes are created afterwards: one that grows in random order is read back from the disk all the time.
        let indexes: Vec<(String, String)> =
            sqlx::query_as("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
                .fetch_all(&mut c)
                .await
                .unwrap();
        sqlx::raw_sql(AssertSqlSafe(drop_all(&indexes))).execute(&mut c).await.unwrap();
        // Nobody else reads this database yet; if the process is interrupted, it is made again.
        let relaxed = "PRAGMA synchronous = OFF; PRAGMA cache_size = -600000; PRAGMA wal_autocheckpoint = 20000; PRAGMA foreign_keys = OFF";
        sqlx::raw_sql(relaxed).execute(&mut c).await.unwrap();
        for start in (0..size).step_by(1000) {
            write_all!(sqlx::Sqlite, c, source.batch(start..(start + 1000).min(size)), source.session);
        }
        sqlx::raw_sql(AssertSqlSafe(create_all(&indexes))).execute(&mut c).await.unwrap();
        sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut c).await.unwrap();
    } else {
        let mut c = PgConnection::connect(url).await.unwrap();
        let indexes: Vec<(String, String)> = sqlx::query_as(
            "SELECT indexname::text, indexdef FROM pg_indexes WHERE schemaname = 'public'
             AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        )
        .fetch_all(&mut c)
        .await
        .unwrap();
        sqlx::raw_sql(AssertSqlSafe(drop_all(&indexes))).execute(&mut c).await.unwrap();
        for start in (0..size).step_by(1000) {
            write_all!(sqlx::Postgres, c, source.batch(start..(start + 1000).min(size)), source.session);
        }
        sqlx::raw_sql(AssertSqlSafe(create_all(&indexes))).execute(&mut c).await.unwrap();
        sqlx::raw_sql("VACUUM ANALYZE").execute(&mut c).await.unwrap();
    }
}

/// The statements that drop indexes, given by name and definition.
fn drop_all(indexes: &[(String, String)]) -> String {
    indexes.iter().map(|(name, _)| format!("DROP INDEX {name};")).collect()
}
fn create_all(indexes: &[(String, String)]) -> String {
    indexes.iter().map(|(_, definition)| format!("{definition};")).collect()
}

/// What copies are made from.
struct Source {
    settings: Settings,
    application: Application,
    session: Uuid,
    sites: Vec<String>,
}
impl Source {
    fn batch(&self, numbers: std::ops::Range<usize>) -> Vec<Copied> {
        let (surnames, given): (Vec<char>, Vec<char>) = (SURNAMES.chars().collect(), GIVEN.chars().collect());
        let scatter = |n: usize, salt: usize| (n.wrapping_mul(2_654_435_761).wrapping_add(salt * 97)) % 1_000_003;
        numbers
            .map(|n| {
                let name = String::from_iter([
                    surnames[scatter(n, 1) % surnames.len()],
                    given[scatter(n, 2) % given.len()],
                    given[scatter(n, 3) % given.len()],
                ]);
                // A tenth waits at the measured site, so that its page is full at every size.
                let measured = n % 10 == 0;
                let site =
                    if measured { "3301".to_owned() } else { self.sites[scatter(n, 4) % self.sites.len()].clone() };
                let status = match if measured { n / 10 % 10 } else { scatter(n, 5) % 10 } {
                    6 => "returned",
                    7 => "site_approved",
                    8 => "area_approved",
                    9 => "rejected",
                    _ => "submitted",
                };
                Copied::new(&self.settings, &self.application, n, name, site, status)
            })
            .collect()
    }
}

/// Loads the shipped lists, staff, somebody in the middle of the wizard, and somebody who has submitted.
async fn submit_one(url: &str) -> Source {
    let registry = Registry::open(settings(url)).await.unwrap();
    demo::load_shipped(&registry).await.unwrap();
    let session = demo::put_session(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    demo::ready(&registry, session, &dictionary, 1).await.unwrap();
    let (candidate, id, version) = demo::ready(&registry, session, &dictionary, 2).await.unwrap();
    candidate.submit_application(id, version).await.unwrap();
    for (name, role, scope) in
        [("site", Role::SiteReviewer, "3301"), ("area", Role::AreaOfficer, "33"), ("centre", Role::Centre, "")]
    {
        registry.add_staff(name, name, role, scope, "Schreibtisch9").await.unwrap();
    }
    let application = candidate.application(id).await.unwrap().snapshot.unwrap();
    let sites = registry.areas().await.unwrap().1.iter().map(|site| site.code.clone()).collect();
    let settings = registry.settings().clone();
    registry.close().await;
    Source { settings, application, session: session.uuid(), sites }
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
            document: settings.sealer.blind_index("resident_id", &number),
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
            code_hash: settings.sealer.blind_index("bench paper", &n.to_string()),
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
