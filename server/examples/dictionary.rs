//! A million names in a running system: how long an import takes and how it affects submissions, how soon a change is visible, and a
//! look-up over HTTP beside the same bytes served statically. Usage: `dictionary NAMES.csv [POSTGRES-URL]`
#![recursion_limit = "512"]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark measures, and stops at the first failure"
)]
mod common;

use app::{request::AppState, router::build_router};
use common::{at, get, micros, ratio, serve};
use forms::ids::ApplicationId;
use registry::{Candidate, Dictionary, DictionaryKind, Registry, Settings, demo, read_list};
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

/// Timed submissions, alone and during an import.
const SUBMITS: u32 = 500;
const ASKS: usize = 2_000;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, file, url] = arguments.as_slice()
        && what == "import"
    {
        return import(file, url).await;
    }
    let Some((file, postgres)) = arguments.split_first() else { panic!("dictionary NAMES.csv [POSTGRES-URL]") };
    let folder = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}/dictionary.db", folder.path().display());
    for url in postgres.iter().chain([&sqlite]) {
        measure(file, url).await;
    }
}

async fn import(file: &str, url: &str) {
    let registry = Registry::open(Settings::new(url, &[7; 32])).await.unwrap();
    let (areas, _) = registry.areas().await.unwrap();
    let regions = areas.iter().map(|area| (area.name.clone(), area.code.clone())).collect();
    let list = read_list(&std::fs::read(file).unwrap(), &regions).unwrap().list;
    registry.import_names(DictionaryKind::Employer, "benchmark", list, |_, _| {}).await.unwrap();
}

async fn measure(file: &str, url: &str) {
    let registry = Registry::open(Settings { login_budget: i64::MAX, ..Settings::new(url, &[7; 32]) }).await.unwrap();
    let engine = registry.engine();
    demo::load(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    let session = registry.exam_sessions().await.unwrap()[0].id;
    let mut ready = Vec::new();
    for n in 0..SUBMITS * 2 {
        ready.push(demo::ready(&registry, session, &dictionary, n).await.unwrap());
    }
    let beside = ready.split_off(SUBMITS as usize);
    // Somebody submits every twentieth of a second.
    let (alone, _) = submits(ready, || false).await;
    let rows = std::fs::read_to_string(file).unwrap().lines().count() - 1;
    let begun = Instant::now();
    let mut child =
        std::process::Command::new(std::env::current_exe().unwrap()).args(["import", file, url]).spawn().unwrap();
    // First it reads the file and what is there; then it writes.
    while registry.imports_under_way().await.unwrap() == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let writing = Instant::now();
    let (meanwhile, all) = submits(beside, || child.try_wait().unwrap().is_some()).await;
    while child.try_wait().unwrap().is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    println!(
        "bench dictionary.{engine}_import {rows} names in {:.1} s, {:.0} rows/s from the first that was written",
        begun.elapsed().as_secs_f64(),
        rows as f64 / writing.elapsed().as_secs_f64()
    );
    println!(
        "bench dictionary.{engine}_submit_p99_beside_import {:.1} ms, {:.2} x alone ({:.1} ms); p50 {:.1} ms, {:.2} x; {all} submissions",
        millis(meanwhile.1),
        ratio(meanwhile.1, alone.1),
        millis(alone.1),
        millis(meanwhile.0),
        ratio(meanwhile.0, alone.0)
    );
    let begun = Instant::now();
    dictionary.refresh(&registry).await.unwrap();
    println!(
        "bench dictionary.{engine}_taken_over {rows} names in {:.1} s, searches go on meanwhile",
        begun.elapsed().as_secs_f64()
    );
    // A name that is taken out of use and back into it, while somebody follows.
    let hit = dictionary.exact(DictionaryKind::Employer, "北京协和医院").unwrap().id;
    let (followed, own) = (dictionary.clone(), registry.clone());
    registry.health().supervise("dictionaries", None, move |beat| followed.clone().poll_changes(own.clone(), beat));
    let mut slowest = Duration::ZERO;
    for n in 0..10 {
        let (begun, wanted) = (Instant::now(), n % 2 == 1);
        registry.set_name_active(hit, wanted).await.unwrap();
        while dictionary.exact(DictionaryKind::Employer, "北京协和医院").is_some() != wanted {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        slowest = slowest.max(begun.elapsed());
    }
    println!(
        "bench dictionary.{engine}_change_seen_after {:.2} s at most, of ten changes among them",
        slowest.as_secs_f64()
    );
    if engine == "sqlite" {
        over_http(registry, dictionary).await;
    }
}

/// Times of submissions, one after the other, until all are in or something is over.
async fn submits(
    ready: Vec<(Candidate, ApplicationId, i64)>,
    mut over: impl FnMut() -> bool,
) -> ((Duration, Duration), usize) {
    let mut times = Vec::new();
    for (candidate, id, version) in ready {
        if over() {
            break;
        }
        let begun = Instant::now();
        candidate.submit_application(id, version).await.unwrap();
        times.push(begun.elapsed());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let count = times.len();
    (at(times), count)
}

async fn over_http(registry: Registry, dictionary: Dictionary) {
    let address = serve(build_router(AppState::new(registry, dictionary))).await;
    for (name, query) in
        [("initials", "q=cyqr&region=11"), ("characters", "q=%E4%BA%BA%E6%B0%91%E5%8C%BB%E9%99%A2&region=33")]
    {
        let path = format!("/api/dictionary/employer?{query}");
        let page = get(address, &path, "").await;
        let fixed: &'static str = Box::leak(page.split_once("\r\n\r\n").unwrap().1.to_owned().into_boxed_str());
        assert!(fixed.matches("\"id\"").count() == 20, "{fixed}");
        let still = serve(axum::Router::new().route("/", axum::routing::get(move || async move { fixed }))).await;
        // In turn, so that both have the same weather.
        let (mut own, mut base) = (Vec::new(), Vec::new());
        for _ in 0..ASKS {
            own.push(timed(address, &path).await);
            base.push(timed(still, "/").await);
        }
        let (own, base) = (at(own), at(base));
        println!(
            "bench dictionary.http_{name} p50 {:.0} us, {:.2} x the same {} bytes as they are; p99 {:.0} us, {:.2} x",
            micros(own.0),
            ratio(own.0, base.0),
            fixed.len(),
            micros(own.1),
            ratio(own.1, base.1)
        );
    }
}

async fn timed(address: SocketAddr, path: &str) -> Duration {
    let begun = Instant::now();
    assert!(get(address, path, "").await.starts_with("HTTP/1.1 200"));
    begun.elapsed()
}
fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
