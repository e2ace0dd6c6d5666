//! What the job queue promises, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
mod common;
use common::*;
use forms::ids::JobId;
use registry::{
    ParkedForm,
    job::{
        Claim, ClaimedJob, DueJobs, Failed, Failure, JobCounts, JobRow, JobWorker, Kind, LEASE_SECONDS, MAX_ATTEMPTS,
        Progress,
    },
};
use std::sync::atomic::Ordering;

/// An empty database with one due job, and a worker.
async fn one_job(engine: Engine) -> (TestDatabase, JobWorker) {
    let database = TestDatabase::open(engine).await;
    assert_eq!(database.registry.schedule_recurring_jobs().await.unwrap(), 1);
    let worker = database.registry.job_worker();
    (database, worker)
}

async fn claim(worker: &mut JobWorker) -> Claim {
    assert!(worker.hold_lease().await.unwrap());
    let due = worker.due().await.unwrap().stored.unwrap();
    worker.claim(&due).await.unwrap()
}

async fn running(worker: &mut JobWorker) -> ClaimedJob {
    match claim(worker).await {
        Claim::Run(job) => job,
        other => panic!("{other:?}"),
    }
}

async fn jobs(database: &TestDatabase) -> Vec<JobRow> {
    database.registry.jobs(100).await.unwrap()
}

async fn states(database: &TestDatabase) -> Vec<String> {
    jobs(database).await.into_iter().map(|job| job.state).collect()
}

/// Lets the due job fail until it is dead; returns its id and the seconds between its runs.
async fn fail_until_dead(database: &TestDatabase, worker: &mut JobWorker) -> (JobId, Vec<i64>) {
    let mut delays = Vec::new();
    loop {
        let job = running(worker).await;
        let now = database.now.load(Ordering::SeqCst);
        match worker.fail(&job, Failure::Database).await.unwrap() {
            Failed::Retry(at) => {
                delays.push((at.0 - now) / 1_000_000);
                database.now.store(at.0, Ordering::SeqCst);
            }
            Failed::Dead => return (job.id, delays),
            Failed::Lost => panic!("the lease was lost"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_of_many_workers_gets_the_lease() {
    for engine in ENGINES {
        let (database, _) = one_job(engine).await;
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let mut worker = database.registry.job_worker();
                tokio::spawn(
                    async move { (worker.hold_lease().await.unwrap(), worker.due().await.unwrap().is_empty()) },
                )
            })
            .collect();
        let mut holders = 0;
        for task in tasks {
            let (holds, sees_nothing) = task.await.unwrap();
            holders += i32::from(holds);
            assert!(holds != sees_nothing, "{engine:?}: only the holder sees what is due");
        }
        assert_eq!(holders, 1, "{engine:?}");
    }
}

#[tokio::test]
async fn a_job_is_claimed_once() {
    for engine in ENGINES {
        let (_books, mut worker) = one_job(engine).await;
        assert!(worker.hold_lease().await.unwrap());
        let due = worker.due().await.unwrap().stored.unwrap();
        assert!(matches!(worker.claim(&due).await.unwrap(), Claim::Run(_)));
        assert_eq!(worker.claim(&due).await.unwrap(), Claim::Lost, "{engine:?}");
        assert_eq!(worker.due().await.unwrap(), DueJobs::default(), "{engine:?}: a job that runs is not due");
    }
}

#[tokio::test]
async fn who_does_not_hold_the_lease_claims_nothing() {
    for engine in ENGINES {
        let (database, worker) = one_job(engine).await;
        let due = worker.due().await.unwrap().stored.unwrap();
        let mut other = database.registry.job_worker();
        assert!(other.hold_lease().await.unwrap());
        assert_eq!(worker.claim(&due).await.unwrap(), Claim::Lost, "{engine:?}");
    }
}

#[tokio::test]
async fn a_worker_that_died_is_replaced_when_its_lease_ends() {
    for engine in ENGINES {
        let (database, mut dead) = one_job(engine).await;
        let lost = running(&mut dead).await;
        let mut next = database.registry.job_worker();
        database.later(LEASE_SECONDS - 1);
        assert!(!next.hold_lease().await.unwrap());
        database.later(1);
        let again = running(&mut next).await;
        assert_eq!((again.id, again.attempt), (lost.id, 2), "{engine:?}");
        // Were it only slow, what it says now counts for nothing.
        assert!(!dead.finish(&lost, Progress::Done).await.unwrap());
        assert_eq!(dead.fail(&lost, Failure::Database).await.unwrap(), Failed::Lost);
        assert!(!dead.renew(Some(&lost)).await.unwrap());
        assert!(next.finish(&again, Progress::Done).await.unwrap());
    }
}

#[tokio::test]
async fn a_worker_keeps_its_lease_while_it_renews_it() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        let job = running(&mut worker).await;
        let mut other = database.registry.job_worker();
        for _ in 0..10 {
            database.later(LEASE_SECONDS / 3);
            assert!(worker.renew(Some(&job)).await.unwrap());
            assert!(!other.hold_lease().await.unwrap(), "{engine:?}");
        }
        assert!(worker.finish(&job, Progress::Done).await.unwrap());
    }
}

#[tokio::test]
async fn a_lease_that_is_given_back_is_free_at_once() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        assert!(worker.hold_lease().await.unwrap());
        worker.release_lease().await.unwrap();
        assert!(database.registry.job_worker().hold_lease().await.unwrap(), "{engine:?}");
    }
}

#[tokio::test]
async fn a_lease_written_by_a_wrong_clock_blocks_nobody() {
    for engine in ENGINES {
        let (database, mut ahead) = one_job(engine).await;
        database.later(366 * 86_400);
        assert!(ahead.hold_lease().await.unwrap());
        database.later(-366 * 86_400);
        let mut right = database.registry.job_worker();
        assert!(!right.due().await.unwrap().is_empty(), "{engine:?}");
        assert!(right.hold_lease().await.unwrap(), "{engine:?}");
    }
}

#[tokio::test]
async fn a_job_that_failed_waits_for_its_back_off() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        let job = running(&mut worker).await;
        let Failed::Retry(at) = worker.fail(&job, Failure::Timeout).await.unwrap() else { panic!("{engine:?}") };
        database.now.store(at.0 - 1, Ordering::SeqCst);
        assert_eq!(worker.due().await.unwrap().stored, None, "{engine:?}");
        database.now.store(at.0, Ordering::SeqCst);
        let again = running(&mut worker).await;
        assert_eq!((again.id, again.attempt), (job.id, 2), "{engine:?}");
    }
}

#[tokio::test]
async fn a_job_that_always_fails_ends_dead_and_is_listed_first() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        let (id, delays) = fail_until_dead(&database, &mut worker).await;
        assert_eq!(delays.len() as i64, MAX_ATTEMPTS - 1, "{engine:?}");
        for (doublings, delay) in delays.iter().enumerate() {
            let longest = (1_i64 << doublings).min(3600);
            assert!((longest / 2..=longest).contains(delay), "{engine:?}: {delays:?}");
        }
        let first = jobs(&database).await.remove(0);
        assert_eq!((first.id, first.state.as_str()), (id.uuid(), "dead"), "{engine:?}");
        assert_eq!((first.attempts, first.error.as_deref()), (MAX_ATTEMPTS, Some("database")), "{engine:?}");
        assert_eq!(
            database.registry.job_counts().await.unwrap(),
            JobCounts { dead: 1, scheduled: 1, ..Default::default() },
            "{engine:?}: what recurs is scheduled even so"
        );
    }
}

#[tokio::test]
async fn a_job_whose_process_dies_each_time_ends_dead() {
    for engine in ENGINES {
        let (database, _) = one_job(engine).await;
        for attempt in 1..=MAX_ATTEMPTS {
            let mut worker = database.registry.job_worker();
            assert_eq!(running(&mut worker).await.attempt, attempt);
            database.later(LEASE_SECONDS);
        }
        assert!(matches!(claim(&mut database.registry.job_worker()).await, Claim::Dead(_)), "{engine:?}");
        assert_eq!(jobs(&database).await[0].error.as_deref(), Some("abandoned"), "{engine:?}");
    }
}

#[tokio::test]
async fn an_operator_revives_a_dead_job() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        let (id, _) = fail_until_dead(&database, &mut worker).await;
        assert!(database.registry.retry_job(id).await.unwrap());
        assert_eq!(database.registry.audited("job.retry", id.uuid()).await.unwrap(), 1);
        assert_eq!(states(&database).await, ["ready"], "{engine:?}: the next run on schedule is the same work");
        let again = running(&mut worker).await;
        assert_eq!((again.id, again.attempt), (id, 1), "{engine:?}");
        assert!(worker.finish(&again, Progress::Done).await.unwrap());
        assert!(!database.registry.retry_job(id).await.unwrap(), "{engine:?}: what is done is not run again");
    }
}

#[tokio::test]
async fn an_operator_drops_a_job_unless_it_runs() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        let job = running(&mut worker).await;
        assert!(!database.registry.drop_job(job.id).await.unwrap());
        worker.fail(&job, Failure::Database).await.unwrap();
        assert!(database.registry.drop_job(job.id).await.unwrap());
        assert!(!database.registry.drop_job(job.id).await.unwrap());
        assert_eq!(database.registry.audited("job.drop", job.id.uuid()).await.unwrap(), 1);
        assert_eq!(jobs(&database).await, [], "{engine:?}");
    }
}

#[tokio::test]
async fn jobs_run_in_the_order_in_which_they_are_due() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        let mut worker = database.registry.job_worker();
        let audit = worker.fail_standing(&Kind::ChainAudit, Failure::Database).await.unwrap();
        database.now.store(audit.0 + 1, Ordering::SeqCst);
        database.registry.schedule_recurring_jobs().await.unwrap();
        let mut order = Vec::new();
        for _ in 0..2 {
            let job = running(&mut worker).await;
            worker.finish(&job, Progress::Done).await.unwrap();
            order.push(job.kind);
        }
        assert_eq!(order, [Kind::ChainAudit, Kind::PurgeExpired], "{engine:?}");
    }
}

#[tokio::test]
async fn a_piece_of_a_job_lets_others_run_before_the_next() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        let audit = worker.fail_standing(&Kind::ChainAudit, Failure::Database).await.unwrap();
        database.now.store(audit.0, Ordering::SeqCst);
        let first = running(&mut worker).await;
        assert_eq!(first.kind, Kind::PurgeExpired);
        database.later(1);
        worker.finish(&first, Progress::More).await.unwrap();
        assert_eq!(running(&mut worker).await.kind, Kind::ChainAudit, "{engine:?}");
        assert_eq!(running(&mut worker).await.id, first.id, "{engine:?}");
    }
}

#[tokio::test]
async fn what_recurs_is_scheduled_once_and_again_after_each_run() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        assert_eq!(database.registry.schedule_recurring_jobs().await.unwrap(), 0);
        let job = running(&mut worker).await;
        assert_eq!(database.registry.schedule_recurring_jobs().await.unwrap(), 0);
        worker.finish(&job, Progress::Done).await.unwrap();
        assert_eq!(states(&database).await, ["ready", "done"], "{engine:?}");
        assert_eq!(worker.due().await.unwrap(), DueJobs::default(), "{engine:?}");
        database.later(3600);
        assert_eq!(running(&mut worker).await.kind, Kind::PurgeExpired, "{engine:?}");
    }
}

#[tokio::test]
async fn the_audit_is_due_while_a_row_is_not_chained_without_a_row_in_the_queue() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        let worker = database.registry.job_worker();
        assert_eq!(worker.due().await.unwrap(), DueJobs::default());
        database.candidate().await;
        assert_eq!(worker.due().await.unwrap().standing, Some(Kind::ChainAudit), "{engine:?}");
        assert_eq!(jobs(&database).await, [], "{engine:?}");
        while database.registry.chain_audit().await.unwrap() > 0 {}
        assert_eq!(worker.due().await.unwrap(), DueJobs::default(), "{engine:?}");
    }
}

#[tokio::test]
async fn after_a_failure_the_queue_says_when_the_audit_is_chained_again() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        database.candidate().await;
        let mut worker = database.registry.job_worker();
        let at = worker.fail_standing(&Kind::ChainAudit, Failure::Panic).await.unwrap();
        assert_eq!(worker.due().await.unwrap(), DueJobs::default(), "{engine:?}: it backs off");
        database.now.store(at.0, Ordering::SeqCst);
        let job = running(&mut worker).await;
        assert_eq!((job.attempt, worker.due().await.unwrap().standing), (2, None), "{engine:?}");
        worker.finish(&job, Progress::Done).await.unwrap();
        assert_eq!(worker.due().await.unwrap().standing, Some(Kind::ChainAudit), "{engine:?}");
    }
}

#[tokio::test]
async fn the_audit_is_tried_again_an_hour_after_its_job_died() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        database.candidate().await;
        let mut worker = database.registry.job_worker();
        let at = worker.fail_standing(&Kind::ChainAudit, Failure::Database).await.unwrap();
        database.now.store(at.0, Ordering::SeqCst);
        fail_until_dead(&database, &mut worker).await;
        assert_eq!(worker.due().await.unwrap(), DueJobs::default(), "{engine:?}");
        database.later(3600);
        assert_eq!(worker.due().await.unwrap().standing, Some(Kind::ChainAudit), "{engine:?}");
    }
}

#[tokio::test]
async fn a_job_of_a_newer_version_is_left_to_that_version() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        database
            .behind_the_back(match engine {
                Engine::Sqlite => {
                    "INSERT INTO job (id, kind, state, run_at, attempts, created) VALUES (zeroblob(16), 'newer', 'ready', 0, 0, 0)"
                }
                Engine::Postgres => {
                    "INSERT INTO job (id, kind, state, run_at, attempts, created)
                     VALUES ('00000000-0000-0000-0000-000000000000', 'newer', 'ready', 0, 0, 0)"
                }
            })
            .await;
        let job = running(&mut worker).await;
        assert_eq!(job.kind, Kind::PurgeExpired, "{engine:?}");
        worker.finish(&job, Progress::Done).await.unwrap();
        assert_eq!(jobs(&database).await[0].kind, "newer", "{engine:?}");
    }
}

#[tokio::test]
async fn what_expired_is_purged_and_nothing_else() {
    for engine in ENGINES {
        let (database, mut worker) = one_job(engine).await;
        let job = running(&mut worker).await;
        worker.finish(&job, Progress::Done).await.unwrap();
        let candidate = database.candidate().await;
        let token = database.registry.login("person_0", "Yuan2026", None).await.unwrap().session;
        let post = ParkedForm { path: "/profile/contact".into(), pairs: vec![] };
        database.registry.park(candidate.account(), &post).await.unwrap();
        database.registry.purge_expired().await.unwrap();
        assert!(
            database.registry.candidate(&token).await.unwrap().is_some(),
            "{engine:?}: a session that lives is kept"
        );
        database.later(600);
        database.registry.purge_expired().await.unwrap();
        database.later(-600);
        assert_eq!(
            database.registry.unpark(candidate.account()).await.unwrap(),
            std::slice::from_ref(&post),
            "{engine:?}"
        );

        database.registry.park(candidate.account(), &post).await.unwrap();
        database.later(29 * 86_400);
        assert_eq!(database.registry.purge_expired().await.unwrap(), Progress::Done);
        assert_eq!(database.count("SELECT COUNT(*) FROM session").await, 1, "{engine:?}");
        assert_eq!(database.count("SELECT COUNT(*) FROM parked_form").await, 0, "{engine:?}");
        assert!(
            !states(&database).await.contains(&"done".to_owned()),
            "{engine:?}: a job that is done is listed for a week"
        );
        database.later(2 * 86_400);
        database.registry.purge_expired().await.unwrap();
        assert_eq!(database.count("SELECT COUNT(*) FROM session").await, 0, "{engine:?}");
    }
}
