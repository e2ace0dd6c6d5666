//! Runs the jobs of the queue (`registry::job`), and the operator's commands about them.
//!
//! Every node has a [`Runner`]; the one that holds the worker lease runs what is due. While nothing is due a runner only reads,
//! about once a second, and no lease is held or renewed.
use clap::Subcommand;
use forms::ids::JobId;
use metrics::{counter, gauge};
use registry::{
    AUDIT_BATCH, Beat, Error, Moment, Registry,
    job::{Claim, ClaimedJob, Failed, Failure, JobRow, JobWorker, Kind, Progress, StoredJob},
};
use std::{
    future::Future,
    pin::{Pin, pin},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{sleep, timeout},
};

/// How long a runner without work waits before it looks again.
const POLL: Duration = Duration::from_secs(1);
/// How many looks come between two readings of the queue's length.
const LOOKS_PER_REPORT: u32 = 15;
/// How often the leases are renewed while a job runs.
const RENEWAL: Duration = Duration::from_secs(registry::job::LEASE_SECONDS as u64 / 3);
/// How long a run may take. A job that needs longer is to do a piece and return [`Progress::More`].
const LIMIT: Duration = Duration::from_secs(300);
/// How many jobs `server jobs list` shows.
const LISTED: i64 = 200;

/// Does what a job asks for. A run may follow one that failed or was cut off anywhere.
pub async fn handle(registry: Registry, kind: Kind) -> Result<Progress, Error> {
    match kind {
        Kind::ChainAudit => match registry.chain_audit().await {
            Ok(chained) if chained as i64 >= AUDIT_BATCH => Ok(Progress::More),
            // Somebody else, such as `server audit verify`, chained these rows at the same time.
            Ok(_) | Err(Error::Conflict) => Ok(Progress::Done),
            Err(error) => Err(error),
        },
        Kind::PurgeExpired => registry.purge_expired().await,
    }
}

type Run = Pin<Box<dyn Future<Output = Result<Progress, Error>> + Send>>;
type Handler = Arc<dyn Fn(Registry, Kind) -> Run + Send + Sync>;

/// Whether there may be more to do at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tick {
    /// Look again without waiting.
    Busy,
    /// Nothing more is due, or another node runs it.
    Idle,
}

/// How a run ended.
enum Ended {
    Progress(Progress),
    Failure(Failure),
    /// The lease was lost: whoever has it now decides what becomes of the job.
    Lost,
}

/// Looks for due jobs and runs them one at a time.
pub struct Runner {
    registry: Registry,
    worker: JobWorker,
    handler: Handler,
    beat: Option<Beat>,
}

impl Runner {
    /// A runner whose jobs are done by [`handle`].
    pub fn new(registry: Registry) -> Self {
        Self::with_handler(registry, handle)
    }

    /// A runner whose jobs are done by another function.
    pub fn with_handler<F, R>(registry: Registry, handler: F) -> Self
    where
        F: Fn(Registry, Kind) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Progress, Error>> + Send + 'static,
    {
        let worker = registry.job_worker();
        let handler: Handler = Arc::new(move |registry, kind| Box::pin(handler(registry, kind)));
        Self { registry, worker, handler, beat: None }
    }

    /// A runner that says that it goes on.
    pub fn with_beat(self, beat: Beat) -> Self {
        Self { beat: Some(beat), ..self }
    }
    fn beat(&self) {
        self.beat.iter().for_each(Beat::beat);
    }

    /// Runs jobs until told to stop, and then gives the lease back. Of failures of the queue itself the first is logged, and
    /// not each second that they last.
    pub async fn run(mut self, mut stop: watch::Receiver<bool>) {
        let mut failing = false;
        let mut looks = 0_u32;
        while !*stop.borrow() {
            self.beat();
            let looked = self.look(looks.is_multiple_of(LOOKS_PER_REPORT)).await;
            looks = looks.wrapping_add(1);
            match looked {
                Ok(Tick::Busy) => {
                    failing = false;
                    continue;
                }
                Ok(Tick::Idle) => failing = false,
                Err(error) if !failing => {
                    tracing::error!(%error, "jobs are not being run");
                    failing = true;
                }
                Err(_) => {}
            }
            // An error means that the sender is gone, which is a reason to stop as well.
            if let Ok(Err(_)) = timeout(POLL, stop.changed()).await {
                break;
            }
        }
        if let Err(error) = self.worker.release_lease().await {
            tracing::warn!(%error, "the job lease was not given back; other nodes wait until it expires");
        }
    }

    async fn look(&mut self, report: bool) -> Result<Tick, Error> {
        if report {
            self.registry.schedule_recurring_jobs().await?;
            self.report().await?;
        }
        self.tick().await
    }

    /// Writes the length of the queue into the metrics.
    async fn report(&self) -> Result<(), Error> {
        let counts = self.registry.job_counts().await?;
        for (state, count) in [
            ("ready", counts.ready),
            ("scheduled", counts.scheduled),
            ("running", counts.running),
            ("dead", counts.dead),
        ] {
            gauge!("yikao_jobs", "state" => state).set(count as f64);
        }
        Ok(())
    }

    /// Looks once. Runs at most one job that is due by itself and one of the queue, so that neither keeps the other waiting.
    pub async fn tick(&mut self) -> Result<Tick, Error> {
        let due = self.worker.due().await?;
        if due.is_empty() || !self.worker.hold_lease().await? {
            return Ok(Tick::Idle);
        }
        let mut tick = Tick::Idle;
        if let Some(kind) = due.standing
            && self.run_standing(kind).await?
        {
            tick = Tick::Busy;
        }
        if let Some(job) = due.stored {
            self.run_stored(&job).await?;
            tick = Tick::Busy;
        }
        Ok(tick)
    }

    /// Runs what no row asks for; a row is written only if it fails. True if there is more to do at once.
    async fn run_standing(&mut self, kind: Kind) -> Result<bool, Error> {
        match self.attempt(&kind, None).await? {
            Ended::Progress(progress) => {
                count(&kind, "done");
                Ok(progress == Progress::More)
            }
            Ended::Failure(failure) => {
                count(&kind, "failed");
                self.worker.fail_standing(&kind, failure).await?;
                tracing::info!(kind = kind.code(), attempt = 1, error = failure.code(), "a job will be retried");
                Ok(false)
            }
            Ended::Lost => Ok(false),
        }
    }

    async fn run_stored(&mut self, job: &StoredJob) -> Result<(), Error> {
        let job = match self.worker.claim(job).await? {
            Claim::Run(job) => job,
            Claim::Dead(job) => {
                warn_dead(&job, Failure::Abandoned);
                return Ok(());
            }
            Claim::Lost => return Ok(()),
        };
        match self.attempt(&job.kind, Some(&job)).await? {
            Ended::Progress(progress) => {
                count(&job.kind, "done");
                self.worker.finish(&job, progress).await?;
            }
            Ended::Failure(failure) => {
                count(&job.kind, "failed");
                match self.worker.fail(&job, failure).await? {
                    Failed::Dead => warn_dead(&job, failure),
                    Failed::Retry(_) => tracing::info!(
                        job = %job.id,
                        kind = job.kind.code(),
                        attempt = job.attempt,
                        error = failure.code(),
                        "a job will be retried"
                    ),
                    Failed::Lost => {}
                }
            }
            Ended::Lost => {}
        }
        Ok(())
    }

    /// Runs the handler in a task of its own, whose panic is a failure like any other, and renews the leases meanwhile.
    async fn attempt(&mut self, kind: &Kind, job: Option<&ClaimedJob>) -> Result<Ended, Error> {
        let mut task = tokio::spawn((self.handler)(self.registry.clone(), kind.clone()));
        let mut limit = pin!(sleep(LIMIT));
        loop {
            tokio::select! {
                ended = &mut task => return Ok(match ended {
                    Ok(Ok(progress)) => Ended::Progress(progress),
                    Ok(Err(error)) => {
                        tracing::warn!(kind = kind.code(), %error, "a job failed");
                        Ended::Failure(Failure::from(&error))
                    }
                    Err(_) => Ended::Failure(Failure::Panic),
                }),
                () = &mut limit => {
                    task.abort();
                    return Ok(Ended::Failure(Failure::Timeout));
                }
                () = sleep(RENEWAL) => match self.renew(job).await {
                    Ok(true) => {}
                    Ok(false) => {
                        task.abort();
                        return Ok(Ended::Lost);
                    }
                    // The next renewal says whether the lease is still ours; until then nothing is known to be wrong.
                    Err(error) => tracing::warn!(kind = kind.code(), %error, "a job's lease was not renewed"),
                }
            }
        }
    }
}

impl Runner {
    async fn renew(&mut self, job: Option<&ClaimedJob>) -> Result<bool, Error> {
        self.beat();
        self.worker.renew(job).await
    }
}

fn count(kind: &Kind, outcome: &'static str) {
    counter!("yikao_job_runs_total", "kind" => kind.code(), "outcome" => outcome).increment(1);
}

fn warn_dead(job: &ClaimedJob, failure: Failure) {
    counter!("yikao_jobs_died_total", "kind" => job.kind.code()).increment(1);
    tracing::error!(
        job = %job.id,
        kind = job.kind.code(),
        attempts = job.attempt,
        error = failure.code(),
        "a job is dead and waits for `server jobs retry` or `server jobs drop`"
    );
}

/// What an operator can do about the jobs.
#[derive(Clone, Subcommand)]
pub enum Command {
    /// List them: dead ones first, then those that run, wait and are done.
    List,
    /// Run a dead or waiting job now, with all its attempts before it.
    Retry {
        /// Its id, as listed.
        id: String,
    },
    /// Remove a job that does not run. What recurs by itself is scheduled anew.
    Drop {
        /// Its id, as listed.
        id: String,
    },
}

/// Carries out an operator's command and returns the lines to print.
pub async fn command(registry: &Registry, command: Command) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let read = |id: &str| JobId::parse(id).ok_or_else(|| format!("{id} is not the id of a job"));
    match command {
        Command::List => Ok(registry.jobs(LISTED).await?.iter().map(line).collect()),
        Command::Retry { id } => {
            if !registry.retry_job(read(&id)?).await? {
                return Err(format!("{id} is neither dead nor waiting").into());
            }
            Ok(vec![format!("{id} is due now")])
        }
        Command::Drop { id } => {
            if !registry.drop_job(read(&id)?).await? {
                return Err(format!("there is no job {id}, or it runs at this moment").into());
            }
            Ok(vec![format!("{id} is removed")])
        }
    }
}

/// State, kind, runs, time and last failure of a job. Times are those of Asia/Shanghai.
fn line(job: &JobRow) -> String {
    let (date, (hour, minute)) = (Moment(job.run_at).date(), Moment(job.run_at).time());
    let (id, error) = (job.id.hyphenated(), job.error.as_deref().unwrap_or_default());
    format!("{id}  {:<8} {:<16} {:>3} runs  {date} {hour:02}:{minute:02}  {error}", job.state, job.kind, job.attempts)
}
