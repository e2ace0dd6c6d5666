//! The runner of the job queue on both engines: it does what is due, and what a handler does wrong does not stop it.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on should stop")]
use registry::{
    Clock, Entropy, Error, Moment, Registry, Settings, demo,
    job::{Kind, MAX_ATTEMPTS, Progress},
};
use server::jobs::{self, Command, Runner, Tick};
use sqlx::{Connection, PgConnection};
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::watch;

const NOON: i64 = 1_769_918_400_000_000;

struct Database {
    registry: Registry,
    now: Arc<AtomicI64>,
    _dir: tempfile::TempDir,
}

impl Database {
    fn later(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }
    async fn ready_jobs(&self) -> i64 {
        self.registry.job_counts().await.unwrap().ready
    }
}

/// An empty database on each engine, whose clock the test sets.
async fn databases() -> Vec<Database> {
    let postgres = std::env::var("YIKAO_TEST_POSTGRES")
        .expect("YIKAO_TEST_POSTGRES names the throw-away cluster: run `make test`");
    let name = format!("jobs{}", Entropy::system().uuid(Moment(NOON)).simple());
    let mut admin =
        PgConnection::connect(&format!("postgres://yikao@localhost/postgres?host={postgres}")).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
    let mut databases = Vec::new();
    for postgres_url in [None, Some(format!("postgres://yikao@localhost/{name}?host={postgres}"))] {
        let dir = tempfile::tempdir().unwrap();
        let url = postgres_url.unwrap_or_else(|| format!("sqlite:{}/jobs.db", dir.path().display()));
        let now = Arc::new(AtomicI64::new(NOON));
        let hand = now.clone();
        let clock = Clock::from(move || Moment(hand.load(Ordering::SeqCst)));
        let registry = Registry::open(Settings { clock, ..Settings::new(&url, &[7; 32]) }).await.unwrap();
        databases.push(Database { registry, now, _dir: dir });
    }
    databases
}

/// Leaves some rows in the audit.
async fn write_audit(registry: &Registry) {
    demo::load(registry).await.unwrap();
}

#[tokio::test]
async fn the_audit_is_chained_within_a_few_looks() {
    for database in databases().await {
        write_audit(&database.registry).await;
        let mut runner = Runner::new(database.registry.clone());
        let mut looks = 0;
        while runner.tick().await.unwrap() == Tick::Busy {
            looks += 1;
            assert!(looks < 5);
        }
        assert_eq!(database.registry.chain_audit().await.unwrap(), 0, "nothing was left to chain");
        let findings = database.registry.verify_audit(&[]).await.unwrap();
        assert!(findings.rows > 0 && findings.broken.is_empty());
        assert_eq!(database.registry.jobs(10).await.unwrap(), [], "what is due by itself leaves no row");
    }
}

#[tokio::test]
async fn a_runner_that_was_started_schedules_what_recurs_and_gives_its_lease_back() {
    for database in databases().await {
        let registry = database.registry.clone();
        let ran = Arc::new(tokio::sync::Notify::new());
        let seen = ran.clone();
        let runner = Runner::with_handler(registry.clone(), move |registry, kind| {
            let seen = seen.clone();
            async move {
                let progress = jobs::handle(registry, kind).await;
                seen.notify_one();
                progress
            }
        });
        let (stop, stopped) = watch::channel(false);
        let running = tokio::spawn(runner.run(stopped));
        ran.notified().await;
        stop.send_replace(true);
        tokio::time::timeout(Duration::from_secs(10), running).await.unwrap().unwrap();
        let listed = registry.jobs(10).await.unwrap();
        assert_eq!(listed.iter().map(|job| job.state.as_str()).collect::<Vec<_>>(), ["ready", "done"]);
        assert!(registry.job_worker().hold_lease().await.unwrap(), "the lease is free at once");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_runs_once_however_many_runners_look() {
    for database in databases().await {
        database.registry.schedule_recurring_jobs().await.unwrap();
        let runs = Arc::new(AtomicUsize::new(0));
        let looking: Vec<_> = (0..8)
            .map(|_| {
                let runs = runs.clone();
                let mut runner = Runner::with_handler(database.registry.clone(), move |_, _| {
                    runs.fetch_add(1, Ordering::SeqCst);
                    async { Ok(Progress::Done) }
                });
                tokio::spawn(async move {
                    for _ in 0..3 {
                        runner.tick().await.unwrap();
                    }
                })
            })
            .collect();
        for look in looking {
            look.await.unwrap();
        }
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }
}

#[tokio::test]
async fn a_handler_that_panics_fails_its_job_and_not_the_runner() {
    for database in databases().await {
        database.registry.schedule_recurring_jobs().await.unwrap();
        let calls = Arc::new(AtomicUsize::new(0));
        let counted = calls.clone();
        let mut runner = Runner::with_handler(database.registry.clone(), move |_, _| {
            let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                assert!(!first, "this panic is part of the test");
                Ok(Progress::Done)
            }
        });
        assert_eq!(runner.tick().await.unwrap(), Tick::Busy);
        let job = database.registry.jobs(1).await.unwrap().remove(0);
        assert_eq!((job.state.as_str(), job.error.as_deref()), ("ready", Some("panic")));
        assert_eq!(runner.tick().await.unwrap(), Tick::Idle, "it backs off");
        database.later(1);
        assert_eq!(runner.tick().await.unwrap(), Tick::Busy);
        assert_eq!(calls.load(Ordering::SeqCst), 2);
        assert_eq!(database.ready_jobs().await, 0);
    }
}

#[tokio::test]
async fn a_job_due_by_itself_that_fails_is_kept_in_the_queue_until_it_succeeds() {
    for database in databases().await {
        write_audit(&database.registry).await;
        let broken = Arc::new(Mutex::new(true));
        let state = broken.clone();
        let mut runner = Runner::with_handler(database.registry.clone(), move |registry, kind| {
            let broken = *state.lock().unwrap();
            async move { if broken { Err(Error::Encode("test")) } else { jobs::handle(registry, kind).await } }
        });
        runner.tick().await.unwrap();
        let job = database.registry.jobs(1).await.unwrap().remove(0);
        assert_eq!((job.kind.as_str(), job.error.as_deref()), (Kind::ChainAudit.code(), Some("unreadable")));
        *broken.lock().unwrap() = false;
        database.later(1);
        while runner.tick().await.unwrap() == Tick::Busy {}
        assert_eq!(database.registry.chain_audit().await.unwrap(), 0);
        assert_eq!(database.registry.jobs(1).await.unwrap()[0].state, "done");
    }
}

#[tokio::test]
async fn an_operator_sees_a_dead_job_and_revives_it() {
    for database in databases().await {
        database.registry.schedule_recurring_jobs().await.unwrap();
        let mut failing = Runner::with_handler(database.registry.clone(), |_, _| async { Err(Error::Encode("test")) });
        for _ in 0..MAX_ATTEMPTS {
            assert_eq!(failing.tick().await.unwrap(), Tick::Busy);
            database.later(3600);
        }
        let listed = jobs::command(&database.registry, Command::List).await.unwrap();
        assert!(listed[0].contains("dead") && listed[0].contains("purge_expired"), "{listed:?}");
        assert!(listed[0].contains("unreadable"), "{listed:?}");
        let id = listed[0].split(' ').next().unwrap().to_owned();
        jobs::command(&database.registry, Command::Retry { id: id.clone() }).await.unwrap();
        let mut runner = Runner::new(database.registry.clone());
        while runner.tick().await.unwrap() == Tick::Busy {}
        let listed = jobs::command(&database.registry, Command::List).await.unwrap();
        assert!(listed.iter().any(|line| line.starts_with(&id) && line.contains("done")), "{listed:?}");
        assert!(jobs::command(&database.registry, Command::Retry { id }).await.is_err());
        assert!(jobs::command(&database.registry, Command::Drop { id: "no-id".into() }).await.is_err());
    }
}
