//! What an operator sees of the queue and can do about it.
use super::LEASE_SECONDS;
use crate::{Actor, Error, Registry, audit, db::sql, db::transaction};
use forms::ids::JobId;
use uuid::Uuid;

/// A job in a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct JobRow {
    pub id: Uuid,
    /// The code of its kind, which may be one of a newer version.
    pub kind: String,
    /// `ready`, `running`, `done` or `dead`.
    pub state: String,
    /// Runs that were begun.
    pub attempts: i64,
    /// When it runs next, while it runs when its lease ends, or when it ended: microseconds since 1970.
    pub run_at: i64,
    /// The code of the last failure.
    pub error: Option<String>,
}

/// How many jobs are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JobCounts {
    /// Due and not begun.
    pub ready: i64,
    /// To run later.
    pub scheduled: i64,
    /// Begun.
    pub running: i64,
    /// Waiting for an operator.
    pub dead: i64,
}

impl Registry {
    /// The jobs: dead ones first, then those that run, that wait in their order, and that are done, at most so many.
    pub async fn jobs(&self, limit: i64) -> Result<Vec<JobRow>, Error> {
        self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_all as JobRow,
                    "SELECT id, kind, state, attempts, run_at, error FROM job
                     ORDER BY CASE state WHEN 'dead' THEN 0 WHEN 'running' THEN 1 WHEN 'ready' THEN 2 ELSE 3 END, run_at, id
                     LIMIT $1",
                    limit
                )?)
            })
        })
        .await
    }

    /// How many jobs are in which state, but for those that are done.
    pub async fn job_counts(&self) -> Result<JobCounts, Error> {
        let now = self.settings().clock.now();
        let rows = self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_all as (String, i64),
                    "SELECT CASE WHEN state = 'ready' AND run_at > $1 THEN 'scheduled' ELSE state END AS condition, COUNT(*)
                     FROM job WHERE state <> 'done' GROUP BY condition",
                    now.0
                )?)
            })
        });
        let mut counts = JobCounts::default();
        for (condition, count) in rows.await? {
            match condition.as_str() {
                "ready" => counts.ready = count,
                "scheduled" => counts.scheduled = count,
                "running" => counts.running = count,
                _ => counts.dead = count,
            }
        }
        Ok(counts)
    }

    /// Makes a dead or waiting job due now, with all its attempts before it. False if there is none such. A ready job with the
    /// key of a dead one is absorbed: it asks for the same work.
    pub async fn retry_job(&self, id: JobId) -> Result<bool, Error> {
        let registry = self.clone();
        transaction!(self, [registry], conn => {
            let now = registry.settings().clock.now();
            sql!(
                conn, execute,
                "DELETE FROM job WHERE key = (SELECT dead.key FROM job AS dead WHERE dead.id = $1 AND dead.state = 'dead')
                 AND state <> 'done' AND state = 'ready'",
                id.uuid()
            )?;
            let changed = sql!(
                conn, execute,
                "UPDATE job SET state = 'ready', run_at = $2, attempts = 0, finished = NULL WHERE id = $1 AND state IN ('ready', 'dead')",
                id.uuid(), now.0
            )?;
            if changed > 0 {
                audit::record(conn, &registry, Actor::Operator, "job.retry", id.uuid()).await?;
            }
            Ok(changed > 0)
        })
    }

    /// Removes a job that does not run. False if there is none such. What recurs is scheduled anew by the next worker.
    pub async fn drop_job(&self, id: JobId) -> Result<bool, Error> {
        let registry = self.clone();
        transaction!(self, [registry], conn => {
            // A run whose lease is long over ended with its process.
            let over = registry.settings().clock.now().plus_seconds(-LEASE_SECONDS);
            let gone = sql!(
                conn, execute, "DELETE FROM job WHERE id = $1 AND (state <> 'running' OR run_at < $2)", id.uuid(), over.0
            )?;
            if gone > 0 {
                audit::record(conn, &registry, Actor::Operator, "job.drop", id.uuid()).await?;
            }
            Ok(gone > 0)
        })
    }
}
