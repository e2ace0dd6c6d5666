//! What `enqueue` promises, which only code within a transaction can call.
#[path = "../../tests/common/mod.rs"]
mod common;
use super::{Claim, JobWorker, Kind, Progress, enqueue};
use crate::{Error, Moment, Registry, db::transaction};
use common::{ENGINES, NOON, TestDatabase};
use forms::ids::JobId;

async fn enqueue_at(registry: &Registry, run_at: i64) -> JobId {
    let captured = registry.clone();
    let id: Result<JobId, Error> = transaction!(registry, [captured], conn => {
        enqueue(conn, &captured, &Kind::PurgeExpired, Moment(run_at)).await
    });
    id.unwrap()
}

async fn run_at(registry: &Registry) -> Vec<(String, i64)> {
    registry.jobs(100).await.unwrap().into_iter().map(|job| (job.state, job.run_at)).collect()
}

async fn claim(worker: &mut JobWorker) -> super::ClaimedJob {
    assert!(worker.hold_lease().await.unwrap());
    let due = worker.due().await.unwrap().stored.unwrap();
    match worker.claim(&due).await.unwrap() {
        Claim::Run(job) => job,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_transaction_that_is_rolled_back_leaves_no_job() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        let registry = database.registry.clone();
        let refused: Result<(), Error> = transaction!(database.registry, [registry], conn => {
            enqueue(conn, &registry, &Kind::PurgeExpired, Moment(NOON)).await?;
            Err(Error::Conflict)
        });
        assert!(matches!(refused, Err(Error::Conflict)));
        assert_eq!(run_at(&database.registry).await, [], "{engine:?}");
    }
}

#[tokio::test]
async fn one_ready_job_is_kept_for_a_key_at_the_earliest_time_asked_for() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        let first = enqueue_at(&database.registry, NOON + 5_000_000).await;
        assert_eq!(enqueue_at(&database.registry, NOON + 9_000_000).await, first);
        assert_eq!(run_at(&database.registry).await, [("ready".to_owned(), NOON + 5_000_000)], "{engine:?}");
        assert_eq!(enqueue_at(&database.registry, NOON + 2_000_000).await, first);
        assert_eq!(run_at(&database.registry).await, [("ready".to_owned(), NOON + 2_000_000)], "{engine:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_who_enqueue_the_same_key_at_once_leave_one_job() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        let tasks: Vec<_> = (0..20)
            .map(|n| {
                let registry = database.registry.clone();
                tokio::spawn(async move { enqueue_at(&registry, NOON + n).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(run_at(&database.registry).await, [("ready".to_owned(), NOON)], "{engine:?}");
    }
}

#[tokio::test]
async fn a_job_that_is_asked_for_while_it_runs_runs_again() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        let mut worker = database.registry.job_worker();
        let first = enqueue_at(&database.registry, NOON).await;
        let running = claim(&mut worker).await;
        assert_eq!(running.id, first);
        let second = enqueue_at(&database.registry, NOON).await;
        assert_ne!(second, first, "{engine:?}");
        assert!(worker.finish(&running, Progress::Done).await.unwrap());
        assert_eq!(claim(&mut worker).await.id, second, "{engine:?}");
    }
}

#[tokio::test]
async fn a_job_that_goes_on_takes_over_what_was_asked_for_meanwhile() {
    for engine in ENGINES {
        let database = TestDatabase::open(engine).await;
        let mut worker = database.registry.job_worker();
        let first = enqueue_at(&database.registry, NOON).await;
        let running = claim(&mut worker).await;
        enqueue_at(&database.registry, NOON).await;
        assert!(worker.finish(&running, Progress::More).await.unwrap());
        assert_eq!(run_at(&database.registry).await, [("ready".to_owned(), NOON)], "{engine:?}");
        let again = claim(&mut worker).await;
        assert_eq!((again.id, again.attempt), (first, 1), "{engine:?}");
    }
}

#[test]
fn kinds_are_stored_under_their_code_and_read_back() {
    for kind in [Kind::ChainAudit, Kind::PurgeExpired] {
        let payload = kind.payload().unwrap();
        assert_eq!(Kind::from_stored(kind.code(), payload.as_ref()), Some(kind));
    }
    assert_eq!(Kind::from_stored("of_a_newer_version", None), None);
}
