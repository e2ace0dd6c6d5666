//! The rows of the queue, written within transactions.
use super::{Failure, Kind, backoff};
use crate::{Error, Moment, Registry, db::Conn, db::sql};
use forms::ids::JobId;
use sqlx::types::Json;
use uuid::Uuid;

/// A job that this process may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedJob {
    pub id: JobId,
    /// What to do.
    pub kind: Kind,
    /// Which run this is, from 1.
    pub attempt: i64,
}

/// Puts a job into the queue with the rest of a transaction, and returns its id. Where one with the same key is ready already,
/// that one stays, brought forward to `run_at` unless it is backing off.
///
/// A job with the same key that runs at this moment does not count: it may have read what this transaction changes.
pub(crate) async fn enqueue(
    conn: &mut Conn<'_>,
    registry: &Registry,
    kind: &Kind,
    run_at: Moment,
) -> Result<JobId, Error> {
    insert(conn, registry, kind, run_at, 0, None).await
}

/// Inserts a ready job that failed so many times already.
///
/// The conflict arm updates, and does not merely skip: on PostgreSQL the update locks the row, so that a worker cannot claim it
/// and read the data before this transaction is committed.
async fn insert(
    conn: &mut Conn<'_>,
    registry: &Registry,
    kind: &Kind,
    run_at: Moment,
    attempts: i64,
    failure: Option<Failure>,
) -> Result<JobId, Error> {
    let settings = registry.settings();
    let now = settings.clock.now();
    let (id,) = sql!(
        conn,
        fetch_one as (Uuid,),
        "INSERT INTO job (id, kind, payload, key, state, run_at, attempts, error, created)
         VALUES ($1, $2, $3, $4, 'ready', $5, $6, $7, $8)
         ON CONFLICT (key) WHERE state = 'ready' DO UPDATE
         SET run_at = CASE WHEN job.attempts = 0 AND job.run_at > $5 THEN $5 ELSE job.run_at END
         RETURNING id",
        settings.entropy.uuid(now),
        kind.code(),
        kind.payload()?.map(Json),
        kind.key(),
        run_at.0,
        attempts,
        failure.map(Failure::code),
        now.0
    )?;
    Ok(id.into())
}

/// Writes down that a run failed which had no row: its next run has one. Returns when that is.
pub(super) async fn insert_failed(
    conn: &mut Conn<'_>,
    registry: &Registry,
    kind: &Kind,
    failure: Failure,
) -> Result<Moment, Error> {
    let settings = registry.settings();
    let now = settings.clock.now();
    let next = backoff::next_run(&settings.entropy, now, 1).unwrap_or(now);
    insert(conn, registry, kind, next, 1, Some(failure)).await?;
    Ok(next)
}

/// Makes a running job ready again. A ready one with the same key is absorbed: it asks for the same work.
pub(super) async fn make_ready(
    conn: &mut Conn<'_>,
    worker: Uuid,
    job: &ClaimedJob,
    run_at: Moment,
    failure: Option<Failure>,
) -> Result<bool, Error> {
    let kept = sql!(
        conn,
        execute,
        "UPDATE job SET run_at = $4, error = $5, lease_owner = NULL,
             attempts = CASE WHEN CAST($5 AS TEXT) IS NULL THEN 0 ELSE attempts END
         WHERE id = $1 AND state = 'running' AND lease_owner = $2 AND attempts = $3",
        job.id.uuid(),
        worker,
        job.attempt,
        run_at.0,
        failure.map(Failure::code)
    )?;
    if kept == 0 {
        return Ok(false);
    }
    // Before this one is ready: only one ready job may have the key.
    sql!(conn, execute, "DELETE FROM job WHERE key = $1 AND state <> 'done' AND state = 'ready'", job.kind.key())?;
    sql!(conn, execute, "UPDATE job SET state = 'ready' WHERE id = $1", job.id.uuid())?;
    Ok(true)
}

/// Ends a running job: done, or dead with a code. What recurs is scheduled anew either way, so that a failure that an operator
/// has not seen yet does not stop it for good. Of dead jobs with the same key the latest is kept.
pub(super) async fn end(
    conn: &mut Conn<'_>,
    registry: &Registry,
    worker: Uuid,
    job: &ClaimedJob,
    failure: Option<Failure>,
) -> Result<bool, Error> {
    let now = registry.settings().clock.now();
    let kept = sql!(
        conn,
        execute,
        "UPDATE job SET state = $4, error = $5, finished = $6, run_at = $6, lease_owner = NULL
         WHERE id = $1 AND state = 'running' AND lease_owner = $2 AND attempts = $3",
        job.id.uuid(),
        worker,
        job.attempt,
        if failure.is_some() { "dead" } else { "done" },
        failure.map(Failure::code),
        now.0
    )?;
    if kept == 0 {
        return Ok(false);
    }
    if failure.is_some() {
        sql!(
            conn,
            execute,
            "DELETE FROM job WHERE key = $1 AND state <> 'done' AND state = 'dead' AND id <> $2",
            job.kind.key(),
            job.id.uuid()
        )?;
    }
    if let Some(seconds) = job.kind.recurs_after() {
        enqueue(conn, registry, &job.kind, now.plus_seconds(seconds)).await?;
    }
    Ok(true)
}
