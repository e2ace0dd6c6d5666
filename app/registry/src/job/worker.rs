//! The process that runs jobs: the lease that makes it the only one, and what happens to a job from its claim to its end.
use super::{ClaimedJob, Failure, Kind, LEASE_SECONDS, MAX_ATTEMPTS, Progress, backoff, queue};
use crate::{Error, Moment, Registry, db::Conn, db::sql, db::transaction};
use forms::ids::JobId;
use serde_json::Value;
use sqlx::types::Json;
use uuid::Uuid;

/// How many due jobs are looked at, to find one of a kind that this version knows.
const LOOK: i64 = 100;
/// A lease that ends later than this many seconds from now was written by a clock that was wrong, and does not count.
const FURTHEST: i64 = 20 * LEASE_SECONDS;
/// Seconds after its death for which a job that is due by itself is left alone.
const REST: i64 = 3600;

/// A process that may run jobs.
pub struct JobWorker {
    registry: Registry,
    id: Uuid,
    held_until: Moment,
}

/// What is due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DueJobs {
    /// A kind that is due because of the data and not of a row.
    pub standing: Option<Kind>,
    /// The first of the due rows.
    pub stored: Option<StoredJob>,
}

impl DueJobs {
    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        self.standing.is_none() && self.stored.is_none()
    }
}

/// A due job as it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredJob {
    id: JobId,
    kind: Kind,
    attempts: i64,
}

/// What came of claiming a job.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It may run.
    Run(ClaimedJob),
    /// Its last attempt ended with its process: it is dead now.
    Dead(ClaimedJob),
    /// Another worker was faster, or holds the worker lease by now.
    Lost,
}

/// What came of a job that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failed {
    /// It runs again at that moment.
    Retry(Moment),
    /// It was the last attempt.
    Dead,
    /// The lease had expired: what becomes of the job is decided by another run.
    Lost,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    payload: Option<Json<Value>>,
    attempts: i64,
}

impl Registry {
    /// A worker with an identity of its own.
    pub fn job_worker(&self) -> JobWorker {
        let settings = self.settings();
        JobWorker {
            registry: self.clone(),
            id: settings.entropy.uuid(settings.clock.now()),
            held_until: Moment(i64::MIN),
        }
    }
}

impl JobWorker {
    fn now(&self) -> Moment {
        self.registry.settings().clock.now()
    }

    /// What is due for this worker: nothing while another one holds the lease. Writes nothing.
    pub async fn due(&self) -> Result<DueJobs, Error> {
        let (id, now) = (self.id, self.now());
        self.registry
            .read(move |conn| {
                Box::pin(async move {
                    let (free,) = sql!(
                        conn,
                        fetch_one as (i64,),
                        "SELECT COUNT(*) FROM lease
                         WHERE name = 'job_worker' AND (owner = $1 OR expires <= $2 OR expires > $3)",
                        id,
                        now.0,
                        now.plus_seconds(FURTHEST).0
                    )?;
                    if free == 0 {
                        return Ok(DueJobs::default());
                    }
                    Ok(DueJobs { standing: standing(conn, now).await?, stored: stored(conn, now).await? })
                })
            })
            .await
    }

    /// Takes or keeps the lease, which only one worker holds. Renewed when half of it is over: a worker without work writes
    /// nothing.
    pub async fn hold_lease(&mut self) -> Result<bool, Error> {
        let now = self.now();
        let left = self.held_until.0.saturating_sub(now.0);
        if (LEASE_SECONDS * 500_000..=LEASE_SECONDS * 1_000_000).contains(&left) {
            return Ok(true);
        }
        let (id, until, furthest) = (self.id, now.plus_seconds(LEASE_SECONDS), now.plus_seconds(FURTHEST));
        let held = transaction!(self.registry, [], conn => Ok(sql!(
            conn, execute,
            "UPDATE lease SET owner = $1, expires = $2
             WHERE name = 'job_worker' AND (owner = $1 OR expires <= $3 OR expires > $4)",
            id, until.0, now.0, furthest.0
        )?))?;
        self.held_until = if held > 0 { until } else { Moment(i64::MIN) };
        Ok(held > 0)
    }

    /// Gives the lease back, so that the next process need not wait until it expires.
    pub async fn release_lease(&mut self) -> Result<(), Error> {
        if self.held_until == Moment(i64::MIN) {
            return Ok(());
        }
        self.held_until = Moment(i64::MIN);
        let id = self.id;
        transaction!(self.registry, [], conn => {
            sql!(conn, execute, "UPDATE lease SET owner = NULL, expires = 0 WHERE name = 'job_worker' AND owner = $1", id)?;
            Ok(())
        })
    }

    /// Claims a due job, as long as it stands as it was read and this worker holds the lease. Counts the run at its beginning,
    /// so that a job that takes its process down each time ends dead, too.
    pub async fn claim(&self, job: &StoredJob) -> Result<Claim, Error> {
        let (registry, worker, job) = (self.registry.clone(), self.id, job.clone());
        transaction!(self.registry, [registry, job], conn => {
            let now = registry.settings().clock.now();
            let claimed = sql!(
                conn, execute,
                "UPDATE job SET state = 'running', attempts = attempts + 1, run_at = $4, lease_owner = $2
                 WHERE id = $1 AND attempts = $3 AND state IN ('ready', 'running') AND run_at <= $5
                   AND EXISTS (SELECT 1 FROM lease WHERE name = 'job_worker' AND owner = $2)",
                job.id.uuid(), worker, job.attempts, now.plus_seconds(LEASE_SECONDS).0, now.0
            )?;
            let claimed_job = ClaimedJob { id: job.id, kind: job.kind.clone(), attempt: job.attempts + 1 };
            if claimed == 0 {
                Ok(Claim::Lost)
            } else if job.attempts >= MAX_ATTEMPTS {
                queue::end(conn, &registry, worker, &claimed_job, Some(Failure::Abandoned)).await?;
                Ok(Claim::Dead(claimed_job))
            } else {
                Ok(Claim::Run(claimed_job))
            }
        })
    }

    /// Renews the worker lease and that of a job while it runs. False if one is lost: the run should stop.
    pub async fn renew(&mut self, job: Option<&ClaimedJob>) -> Result<bool, Error> {
        if !self.hold_lease().await? {
            return Ok(false);
        }
        let Some(job) = job else { return Ok(true) };
        let (worker, id, attempt) = (self.id, job.id.uuid(), job.attempt);
        let until = self.now().plus_seconds(LEASE_SECONDS).0;
        let renewed = transaction!(self.registry, [], conn => Ok(sql!(
            conn, execute,
            "UPDATE job SET run_at = $4 WHERE id = $1 AND state = 'running' AND lease_owner = $2 AND attempts = $3",
            id, worker, attempt, until
        )?))?;
        Ok(renewed > 0)
    }

    /// Writes down that a run succeeded. False if the lease had expired and another run decides.
    pub async fn finish(&self, job: &ClaimedJob, progress: Progress) -> Result<bool, Error> {
        let (registry, worker, job) = (self.registry.clone(), self.id, job.clone());
        transaction!(self.registry, [registry, job], conn => {
            match progress {
                Progress::Done => queue::end(conn, &registry, worker, &job, None).await,
                Progress::More => {
                    let now = registry.settings().clock.now();
                    queue::make_ready(conn, worker, &job, now, None).await
                }
            }
        })
    }

    /// Writes down that a run failed: the job is ready again after its back-off, or dead.
    pub async fn fail(&self, job: &ClaimedJob, failure: Failure) -> Result<Failed, Error> {
        let settings = self.registry.settings();
        let next = backoff::next_run(&settings.entropy, settings.clock.now(), job.attempt);
        let (registry, worker, job) = (self.registry.clone(), self.id, job.clone());
        transaction!(self.registry, [registry, job], conn => {
            let (kept, outcome) = match next {
                Some(at) => (queue::make_ready(conn, worker, &job, at, Some(failure)).await?, Failed::Retry(at)),
                None => (queue::end(conn, &registry, worker, &job, Some(failure)).await?, Failed::Dead),
            };
            Ok(if kept { outcome } else { Failed::Lost })
        })
    }

    /// Writes down that a run of a standing kind failed. From now on a row says when it runs. Returns that moment.
    pub async fn fail_standing(&self, kind: &Kind, failure: Failure) -> Result<Moment, Error> {
        let (registry, kind) = (self.registry.clone(), kind.clone());
        transaction!(self.registry, [registry, kind], conn => queue::insert_failed(conn, &registry, &kind, failure).await)
    }
}

/// The kind that is due because of what is in the database, unless a row of the queue says when it runs or that it died lately.
async fn standing(conn: &mut Conn<'_>, now: Moment) -> Result<Option<Kind>, Error> {
    let kind = Kind::ChainAudit;
    let (due,) = sql!(
        conn,
        fetch_one as (bool,),
        "SELECT EXISTS (SELECT 1 FROM audit WHERE place IS NULL)
            AND NOT EXISTS (SELECT 1 FROM job WHERE key = $1 AND state <> 'done' AND (state <> 'dead' OR finished > $2))",
        kind.key(),
        now.plus_seconds(-REST).0
    )?;
    Ok(due.then_some(kind))
}

/// The first due row of a kind that this version knows. A job that a newer version wrote waits for a worker of that version.
async fn stored(conn: &mut Conn<'_>, now: Moment) -> Result<Option<StoredJob>, Error> {
    let rows = sql!(
        conn,
        fetch_all as Row,
        "SELECT id, kind, payload, attempts FROM job WHERE state IN ('ready', 'running') AND run_at <= $1
         ORDER BY run_at, id LIMIT $2",
        now.0,
        LOOK
    )?;
    Ok(rows.into_iter().find_map(|row| {
        let kind = Kind::from_stored(&row.kind, row.payload.as_ref().map(|payload| &payload.0))?;
        Some(StoredJob { id: row.id.into(), kind, attempts: row.attempts })
    }))
}
