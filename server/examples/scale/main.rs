//! How pages, the review queue, its searches and memory grow with the number of applications: databases of three sizes on both
//! engines. Usage: `scale FOLDER POSTGRES-URL`, where the URL has `DATABASE` for the name of the database. The folder keeps the
//! SQLite databases for the next run.
#![recursion_limit = "512"]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark measures, and stops at the first failure"
)]
mod fill;

use app::{request::AppState, router::build_router};
use axum::{Router, body::Body, http::Request};
use forms::{application::Flag, status::ApplicationStatus};
use http_body_util::BodyExt;
use registry::{Clock, Dictionary, Moment, Officer, Registry, Search, Settings, demo};
use std::{collections::HashMap, future::Future, path::Path, time::Instant};
use tower::ServiceExt;

const SIZES: [usize; 3] = [1_000, 100_000, 1_000_000];
/// 2026-02-01 12:00 in Asia/Shanghai: the fixed time at which the databases are made and read, within the windows of the session.
const NOON: i64 = 1_769_918_400_000_000;
/// Measured requests of each kind.
const ASKS: usize = 1_000;

#[tokio::main]
async fn main() {
    tracing_subscriber::fmt().with_env_filter("error").with_writer(std::io::stderr).init();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, url, size] = arguments.as_slice()
        && what == "fill"
    {
        return fill::fill(url, size.parse().unwrap()).await;
    }
    let [folder, postgres] = arguments.as_slice() else { panic!("scale FOLDER POSTGRES-URL") };
    std::fs::create_dir_all(folder).unwrap();
    for engine in ["sqlite", "postgres"] {
        let mut all = Vec::new();
        for size in SIZES {
            let url = fill::database(engine, Path::new(folder), postgres, size).await;
            all.push(Database::open(&url).await);
        }
        measure(engine, &all).await;
        for database in all {
            database.registry.close().await;
        }
    }
}

fn settings(url: &str) -> Settings {
    Settings { clock: Clock::from(|| Moment(NOON)), ..Settings::new(url, &[7; 32]) }
}

/// A database of one size with the requests that are measured on it.
struct Database {
    registry: Registry,
    router: Router,
    /// Name, path and cookie of each page.
    pages: Vec<(String, String, String)>,
    /// Name, officer and what is searched for.
    searches: Vec<(String, Officer, Search)>,
}
impl Database {
    async fn open(url: &str) -> Self {
        let registry = Registry::open(settings(url)).await.unwrap();
        let dictionary = Dictionary::default();
        dictionary.refresh(&registry).await.unwrap();
        let router = build_router(AppState::new(registry.clone(), dictionary.clone()));
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
        let (done, submitted) = candidate(2).await;
        let mut staff = HashMap::new();
        for name in ["site", "area", "centre"] {
            let token = registry.staff_login(name, "Schreibtisch9", None).await.unwrap().session;
            let officer = registry.officer(&token).await.unwrap().unwrap();
            staff.insert(name, (format!("staff={}", token.expose()), officer));
        }
        let waiting = || Search { status: Some(ApplicationStatus::Submitted), ..Search::default() };
        let first = staff["site"].1.queue(&waiting()).await.unwrap();
        assert_eq!(first.rows.len(), 50, "the page that is measured is full");
        // Pages are requested in process; the example `http` measures them over a socket.
        let steps = ["category", "basic", "work", "education", "certificate", "site", "confirm"];
        let officer = staff["site"].0.clone();
        let mut pages = vec![
            ("home".to_owned(), "/".to_owned(), String::new()),
            ("login".to_owned(), "/login".to_owned(), String::new()),
            ("exams".to_owned(), "/exams".to_owned(), done.clone()),
            ("application".to_owned(), format!("/applications/{submitted}"), done.clone()),
            ("slip".to_owned(), format!("/applications/{submitted}/slip"), done),
            ("queue".to_owned(), "/admin".to_owned(), officer.clone()),
            ("record".to_owned(), format!("/admin/review/{}", first.rows[7].id), officer),
        ];
        pages.extend(
            steps.map(|step| (format!("step_{step}"), format!("/applications/{draft}/{step}"), drafting.clone())),
        );
        let some = row_of(&staff["site"].1, first.rows[20].id).await;
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

/// Measures everything on the databases of each size in turn, so that other load on the machine affects all sizes alike.
async fn measure(engine: &str, all: &[Database]) {
    let rest = resident();
    for n in 0..all[0].pages.len() {
        let name = format!("page.{engine}_{}", all[0].pages[n].0);
        asked(&name, all, |database| {
            let (_, path, cookie) = &database.pages[n];
            ask(&database.router, path, cookie)
        })
        .await;
    }
    for n in 0..all[0].searches.len() {
        let name = format!("queue.{engine}_{}", all[0].searches[n].0);
        asked(&name, all, |database| async move {
            let (_, officer, search) = &database.searches[n];
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

/// Repeats one request on the databases of each size in turn, after twenty repetitions for warming up.
async fn asked<'a, F: Future<Output = ()> + 'a>(name: &str, all: &'a [Database], work: impl Fn(&'a Database) -> F) {
    let mut times = vec![Vec::with_capacity(ASKS); all.len()];
    for n in 0..ASKS + 20 {
        for (database, times) in all.iter().zip(&mut times) {
            let begun = Instant::now();
            work(database).await;
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

/// Resident memory of this process in megabytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).unwrap_or_default() / 1024
}
