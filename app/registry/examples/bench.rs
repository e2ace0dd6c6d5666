//! Figures of the registry, each beside a baseline measured in the same run: checking a full application against decoding it,
//! and durable submissions against bare inserts of rows of the same size into the same database.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark measures, and stops at what cannot be"
)]
use forms::{application::ApplicationDraft, ids::ApplicationId, journey::Step};
use futures::future::BoxFuture;
use registry::{Candidate, Dictionary, Registry, Settings, demo};
use std::{hint::black_box, time::Instant};

const PEOPLE: usize = 300;
const WRITERS: usize = 8;

#[tokio::main]
async fn main() {
    for url in std::env::args().skip(1) {
        engine(&url).await;
    }
}

async fn engine(url: &str) {
    let registry = Registry::open(Settings::new(url, &[7; 32])).await.unwrap();
    let name = registry.engine();
    demo::load_shipped(&registry).await.unwrap();
    let session = demo::put_session(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    let mut ready = Vec::new();
    for n in 0..PEOPLE as u32 {
        ready.push(demo::ready(&registry, session, &dictionary, n).await.unwrap());
    }
    if name == "sqlite" {
        let view = ready[0].0.application(ready[0].1).await.unwrap();
        check(&view);
    }
    let (rate, p99) = timed(&ready, submit).await;
    let bare = bare(url).await;
    println!("bench submit.{name}_per_second {rate:.0} 1/s");
    println!("bench submit.{name}_p99 {p99:.2} ms");
    println!("bench submit.{name}_bare_insert_per_second {bare:.0} 1/s");
    println!("bench submit.{name}_ratio_to_bare_insert {:.2} x", rate / bare);
    // The same people apply again: a draft with the declaration made anew, its submission in the place of the old one, and the
    // withdrawal of that.
    let mut again = Vec::new();
    for (candidate, id, _) in &ready {
        let draft = candidate.reapply(*id).await.unwrap();
        let version = candidate.application(draft).await.unwrap().row.version;
        let declared = vec![("declaration".to_owned(), "yes".to_owned())];
        let saved = candidate.save_step(draft, Step::Confirm, declared, version, true).await.unwrap();
        again.push((candidate.clone(), draft, saved.version));
    }
    let replaced = timed(&again, submit).await;
    let withdrawn = timed(&again, withdraw).await;
    for (what, (per_second, p99)) in [("replace", replaced), ("withdraw", withdrawn)] {
        println!(
            "bench {what}.{name}_per_second {per_second:.0} 1/s, {:.2} x submissions ({rate:.0} 1/s)",
            per_second / rate
        );
        println!("bench {what}.{name}_p99 {p99:.2} ms");
    }
    registry.close().await;
}

/// Somebody with an application and its version.
type Ready = (Candidate, ApplicationId, i64);

/// Does something for each person, by [`WRITERS`] at a time: how many a second, and the 99th percentile in milliseconds.
async fn timed(people: &[Ready], work: fn(Ready) -> BoxFuture<'static, ()>) -> (f64, f64) {
    let started = Instant::now();
    let mut tasks = Vec::new();
    for chunk in people.chunks(people.len().div_ceil(WRITERS)) {
        let chunk = chunk.to_vec();
        tasks.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for one in chunk {
                let began = Instant::now();
                work(one).await;
                times.push(began.elapsed().as_secs_f64() * 1e3);
            }
            times
        }));
    }
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    let rate = people.len() as f64 / started.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    (rate, times[times.len() * 99 / 100])
}

fn submit((candidate, id, version): Ready) -> BoxFuture<'static, ()> {
    Box::pin(async move { drop(candidate.submit_application(id, version).await.unwrap()) })
}

fn withdraw((candidate, id, _): Ready) -> BoxFuture<'static, ()> {
    Box::pin(async move { candidate.withdraw(id).await.unwrap() })
}

/// Checking the whole draft against decoding it from JSON.
fn check(view: &registry::ApplicationView) {
    let open = view.open();
    let context = view.context(registry::Clock::system().now(), &open);
    let json = serde_json::to_string(&view.draft).unwrap();
    let time = |work: &dyn Fn()| {
        let started = Instant::now();
        (0..20_000).for_each(|_| work());
        started.elapsed().as_nanos() as f64 / 20_000.0
    };
    let checked = time(&|| drop(black_box(view.draft.check(&context))));
    let decoded = time(&|| drop(black_box(serde_json::from_str::<ApplicationDraft>(&json))));
    println!("bench check.full_application {checked:.0} ns");
    println!("bench check.decode_baseline {decoded:.0} ns");
    println!("bench check.ratio_to_decode {:.2} x", checked / decoded);
}

/// Rows of the size of a snapshot, one durable transaction each, by as many writers.
async fn bare(url: &str) -> f64 {
    let blob = vec![7u8; 1500];
    macro_rules! run {
        ($pool:expr, $begin:expr) => {{
            let pool = $pool;
            sqlx::query("CREATE TABLE bare (id BIGINT PRIMARY KEY, a TEXT, b TEXT)").execute(&pool).await.unwrap();
            let started = Instant::now();
            let mut tasks = Vec::new();
            for writer in 0..WRITERS {
                let (pool, text) = (pool.clone(), String::from_utf8_lossy(&blob).into_owned());
                tasks.push(tokio::spawn(async move {
                    for n in 0..PEOPLE / WRITERS {
                        let mut tx = pool.begin_with($begin).await.unwrap();
                        let insert = sqlx::query("INSERT INTO bare (id, a, b) VALUES ($1, $2, $3)");
                        insert
                            .bind((writer * PEOPLE + n) as i64)
                            .bind(&text)
                            .bind("submitted")
                            .execute(&mut *tx)
                            .await
                            .unwrap();
                        tx.commit().await.unwrap();
                    }
                }));
            }
            for task in tasks {
                task.await.unwrap();
            }
            (PEOPLE / WRITERS * WRITERS) as f64 / started.elapsed().as_secs_f64()
        }};
    }
    if url.starts_with("sqlite") {
        run!(sqlx::sqlite::SqlitePoolOptions::new().max_connections(1).connect(url).await.unwrap(), "BEGIN IMMEDIATE")
    } else {
        run!(sqlx::PgPool::connect(url).await.unwrap(), "BEGIN")
    }
}
