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
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, SqliteConnection};
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
    // Of the windows in which attempts are counted a million are full at the end of an attack.
    let save = saves(&ready).await;
    million_throttle_rows(url).await;
    let beside = saves(&ready).await;
    println!(
        "bench save.{name}_p99_beside_a_million_throttle_rows {:.2} ms, {:.2} x without them ({:.2} ms)",
        beside.1,
        beside.1 / save.1,
        save.1
    );
    sessions(&registry, &ready, url).await;
    registry.close().await;
}

/// The median and the 99th percentile in milliseconds.
fn at(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

/// How long saving a draft takes, by one after another, as somebody does who types.
async fn saves(people: &[Ready]) -> (f64, f64) {
    let mut times = Vec::new();
    for (candidate, ..) in people {
        let contact = candidate.profile().await.unwrap().contact;
        let began = Instant::now();
        candidate.save_contact(contact.draft, contact.version, false).await.unwrap();
        times.push(began.elapsed().as_secs_f64() * 1e3);
    }
    at(times)
}

async fn million_throttle_rows(url: &str) {
    // The windows have begun just now: nothing clears them.
    let now = registry::Clock::system().now().0;
    if url.starts_with("sqlite") {
        let insert = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
             INSERT INTO throttle (bucket, since, used) SELECT randomblob(32), {now} + i, 1 FROM n"
        );
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        connection.execute(AssertSqlSafe(insert)).await.unwrap();
    } else {
        let insert = format!(
            "INSERT INTO throttle (bucket, since, used) SELECT decode(md5(i::text), 'hex'), {now} + i, 1 FROM generate_series(1, 1000000) i"
        );
        let mut connection = PgConnection::connect(url).await.unwrap();
        connection.execute(AssertSqlSafe(insert)).await.unwrap();
        connection.execute("ANALYZE throttle").await.unwrap();
    }
}

/// How long it takes to read whose a session is that has to be prolonged, alone and while somebody else holds the lock that this needs.
async fn sessions(registry: &Registry, people: &[Ready], url: &str) {
    let mut tokens = Vec::new();
    for (candidate, ..) in people.iter().take(40) {
        tokens.push(registry.login(&candidate.about().username, demo::PASSWORD, None).await.unwrap().session);
    }
    // Two readers, an hour and an hour and a half later: for each of them every session is to be prolonged.
    let later = async |seconds: i64| {
        let clock = registry::Clock::from(move || registry::Clock::system().now().plus_seconds(seconds));
        Registry::open(Settings { clock, ..Settings::new(url, &[7; 32]) }).await.unwrap()
    };
    let read = async |registry: &Registry| {
        let mut times = Vec::new();
        for token in &tokens {
            let began = Instant::now();
            assert!(registry.candidate(token).await.unwrap().is_some());
            times.push(began.elapsed().as_secs_f64() * 1e3);
        }
        at(times)
    };
    let (alone, beside) = (later(3600).await, later(5400).await);
    let name = registry.engine();
    let free = read(&alone).await;
    alone.background_writes_end().await;
    let locked = if url.starts_with("sqlite") {
        let mut lock = SqliteConnection::connect(url).await.unwrap();
        lock.execute("BEGIN IMMEDIATE").await.unwrap();
        let locked = read(&beside).await;
        lock.execute("ROLLBACK").await.unwrap();
        locked
    } else {
        let mut lock = PgConnection::connect(url).await.unwrap();
        lock.execute("BEGIN").await.unwrap();
        lock.execute("UPDATE session SET seen = seen").await.unwrap();
        let locked = read(&beside).await;
        lock.execute("ROLLBACK").await.unwrap();
        locked
    };
    println!(
        "bench session.{name}_p99_beside_a_lock {:.2} ms, {:.2} x without it ({:.2} ms)",
        locked.1,
        locked.1 / free.1,
        free.1
    );
    beside.background_writes_end().await;
    alone.close().await;
    beside.close().await;
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
