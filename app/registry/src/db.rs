//! The database: reading, and the one way to write.
use crate::{
    Error, Health, Moment, NotReady, Settings,
    decoding::DecodePool,
    hashing::HashPool,
    pools::{LONGEST, LONGEST_WAIT, Pools, cut_idle_after_timeout},
    stored_catalogue::CatalogueCache,
};
use futures::future::BoxFuture;
use sqlx::{Connection, PgConnection, PgPool, Postgres, SqliteConnection, SqlitePool, pool::PoolConnection};
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::{Mutex, Semaphore},
    time::{Instant, timeout_at},
};
use tracing::Instrument;
use uuid::Uuid;

pub use crate::statement::statements;
pub(crate) use crate::statement::{Conn, sql, transaction};

/// What came of looking at readiness: nothing, or why a process is not ready.
pub(crate) type Readiness = Result<(), NotReady>;

/// The database with what is needed to use it. Cheap to clone.
#[derive(Clone)]
pub struct Registry {
    inner: Arc<Inner>,
    /// When the request arrived that this handle serves.
    arrived: Option<Moment>,
}
struct Inner {
    pools: Pools,
    settings: Settings,
    hashing: HashPool,
    decoding: DecodePool,
    /// Places for writes that nobody waits for.
    background: Arc<Semaphore>,
    health: Health,
    /// When a durable write last succeeded, in the milliseconds of `opened`.
    committed: AtomicU64,
    opened: Instant,
    /// Rows of the audit up to this place may lack a keyed hash of their own.
    audit_without_hash: AtomicI64,
    /// What is kept in memory of the catalogue.
    catalogue: CatalogueCache,
    /// The identity of this process.
    node: Uuid,
    /// When readiness was last looked at, and what came of it.
    readiness: Mutex<Option<(Instant, Readiness)>>,
}

/// Writes that nobody waits for, at the same time.
const BACKGROUND_WRITES: usize = 4;
/// How long after its arrival a request is still decided by it, in seconds.
const LONGEST_ARRIVAL: i64 = 60;
/// A connection that breaks within this time is tried once more; one that broke later has used up the patience.
const SECOND_TRY_WITHIN: Duration = Duration::from_secs(1);

/// How a transaction is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Durably and in time.
    Serving,
    /// Durably, whatever time it takes.
    Patient,
    /// Whatever time it takes, and durable with the next durable one.
    Relaxed,
}

/// What a transaction that failed left behind.
struct Failed {
    error: Error,
    /// Whether it may have been committed.
    maybe_committed: bool,
}
impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Self { error, maybe_committed: false }
    }
}
impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Self {
        Error::from(error).into()
    }
}

/// Completes within what is left of [`LONGEST`], or is dropped and fails.
async fn in_time<T>(begun: Instant, work: impl Future<Output = T>) -> Result<T, Error> {
    timeout_at(begun + LONGEST, work).await.map_err(|_| Error::Unavailable(sqlx::Error::PoolTimedOut))
}

impl Registry {
    /// A registry on pools that were opened for it.
    pub(crate) fn on(pools: Pools, settings: Settings, health: Health) -> Self {
        let hashing = HashPool::new(settings.hashing_threads, settings.hashing_slots, settings.hash_cost);
        let decoding = DecodePool::new(settings.hashing_threads);
        let background = Arc::new(Semaphore::new(BACKGROUND_WRITES));
        let node = settings.entropy.uuid(settings.clock.now());
        let inner = Inner {
            pools,
            settings,
            hashing,
            decoding,
            background,
            health,
            committed: AtomicU64::new(0),
            opened: Instant::now(),
            audit_without_hash: AtomicI64::new(0),
            catalogue: CatalogueCache::default(),
            node,
            readiness: Mutex::default(),
        };
        Self { inner: Arc::new(inner), arrived: None }
    }
    /// The settings it was opened with.
    pub fn settings(&self) -> &Settings {
        &self.inner.settings
    }
    /// The health of what runs in the background.
    pub fn health(&self) -> &Health {
        &self.inner.health
    }
    /// The same registry for a request that arrived at a moment: [`Registry::decision_time`] follows it.
    pub fn for_request(&self, arrived: Moment) -> Self {
        Self { arrived: Some(arrived), ..self.clone() }
    }
    /// The moment by which a window of time is open or closed: when the request arrived, or now if that is more than a
    /// minute ago or nothing arrived. So waiting for a lock turns nobody away, and nothing is held back for long.
    pub fn decision_time(&self) -> Moment {
        let now = self.settings().clock.now();
        self.arrived.filter(|arrived| (*arrived..=arrived.plus_seconds(LONGEST_ARRIVAL)).contains(&now)).unwrap_or(now)
    }
    /// The threads that hash passwords.
    pub(crate) fn hashing(&self) -> &HashPool {
        &self.inner.hashing
    }
    /// How many hashes of passwords and answers were made since the start: a guess about nobody costs as many as one about somebody.
    pub fn hashes_made(&self) -> u64 {
        self.inner.hashing.done()
    }
    /// The threads that decode pictures.
    pub(crate) fn decoding(&self) -> &DecodePool {
        &self.inner.decoding
    }
    /// What is kept in memory of the catalogue.
    pub(crate) fn catalogue_cache(&self) -> &CatalogueCache {
        &self.inner.catalogue
    }
    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        match self.inner.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres { .. } => "postgres",
        }
    }
    /// Completes when no write is under way in the background.
    pub async fn background_writes_end(&self) {
        let _all = self.inner.background.acquire_many(BACKGROUND_WRITES as u32).await;
    }
    /// Closes all connections, after the last statement.
    pub async fn close(&self) {
        self.background_writes_end().await;
        self.inner.pools.close().await;
    }
    /// The identity of this process among those that serve.
    pub(crate) fn node(&self) -> Uuid {
        self.inner.node
    }
    pub(crate) fn readiness(&self) -> &Mutex<Option<(Instant, Readiness)>> {
        &self.inner.readiness
    }
    /// The last place of the audit whose row may lack a keyed hash of its own.
    pub(crate) fn audit_without_hash(&self) -> i64 {
        self.inner.audit_without_hash.load(Ordering::Relaxed)
    }
    pub(crate) fn expect_audit_hashes_after(&self, place: i64) {
        self.inner.audit_without_hash.store(place, Ordering::Relaxed);
    }
    /// Whether a durable write succeeded within so many milliseconds.
    pub(crate) fn wrote_within(&self, millis: u64) -> bool {
        let (now, last) = (self.millis(), self.inner.committed.load(Ordering::Relaxed));
        last > 0 && now.saturating_sub(last) <= millis
    }
    fn millis(&self) -> u64 {
        // 0 stands for never.
        1 + self.inner.opened.elapsed().as_millis() as u64
    }

    /// Reads outside a transaction. What must be consistent with a write is read inside [`Registry::write`]. A connection to
    /// PostgreSQL that breaks is replaced once.
    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: for<'c> FnOnce(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Clone,
    {
        let begun = Instant::now();
        match &self.inner.pools {
            Pools::Sqlite { read, .. } => read_sqlite(read, work).await,
            Pools::Postgres { serving, .. } => {
                let again = work.clone();
                let result = match in_time(begun, read_postgres(serving, work)).await.flatten() {
                    Err(error) if error.spoils_connection() && begun.elapsed() < SECOND_TRY_WITHIN => {
                        in_time(begun, read_postgres(serving, again)).await.flatten()
                    }
                    result => result,
                };
                result.inspect_err(|error| cut_idle_after_timeout(serving, error))
            }
        }
    }
    /// Reads what may take longer than a request: whole tables.
    pub(crate) async fn read_bulk<T, F>(&self, work: F) -> Result<T, Error>
    where
        F: for<'c> FnOnce(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>>,
    {
        match &self.inner.pools {
            Pools::Sqlite { read, .. } => read_sqlite(read, work).await,
            Pools::Postgres { bulk, .. } => read_postgres(bulk, work).await,
        }
    }

    /// Runs a write transaction, durably. It runs in a task of its own, so that a client who hangs up cancels nothing half-way, and
    /// again after a transient error.
    ///
    /// # Errors
    /// [`Error::Unavailable`] within [`LONGEST`] if the database cannot write: nothing was acknowledged.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_with(Mode::Serving, work).await
    }
    /// Writes durably what belongs to bulk work: it may take long, and is patient with a database that is busy.
    pub(crate) async fn write_patiently<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_with(Mode::Patient, work).await
    }
    /// Writes in bulk, without waiting for the disk and without a limit of time. A power failure may lose it until the next durable
    /// write, which makes everything before it durable as well.
    pub(crate) async fn write_relaxed<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_with(Mode::Relaxed, work).await
    }
    /// Writes without anybody waiting for it, or not at all where the database is busy: for what the next request repeats.
    pub(crate) fn write_in_background<F>(&self, work: F)
    where
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<(), Error>> + Send + Sync + 'static,
    {
        let Ok(place) = self.inner.background.clone().try_acquire_owned() else { return };
        let registry = self.clone();
        tokio::spawn(async move {
            let _place = place;
            if let Err(error) = registry.write(work).await {
                tracing::debug!(%error, "a write in the background was given up");
            }
        });
    }
    async fn write_with<T, F>(&self, mode: Mode, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        let registry = self.clone();
        let retried = async move {
            let begun = Instant::now();
            let (mut tries, mut broke) = (0, false);
            loop {
                let Failed { error, maybe_committed } = match registry.transaction(begun, mode, &work).await {
                    Ok(done) => return Ok(done),
                    Err(failed) => failed,
                };
                let is_patient = mode == Mode::Patient && !maybe_committed && error.spoils_connection();
                let has_time = mode != Mode::Serving || begun.elapsed() < LONGEST / 2;
                if (error.is_transient() || is_patient) && tries < 8 && has_time {
                    tries += 1;
                    tokio::time::sleep(Duration::from_millis(5 << tries)).await;
                } else if error.spoils_connection() && !maybe_committed && !broke && begun.elapsed() < SECOND_TRY_WITHIN
                {
                    broke = true;
                } else {
                    return Err(error);
                }
            }
        };
        // In the span of the request, as statements that read are.
        let task = tokio::spawn(retried.in_current_span());
        task.await.map_err(|_| Error::Task)?
    }

    async fn transaction<T>(
        &self,
        begun: Instant,
        mode: Mode,
        work: &(impl for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync),
    ) -> Result<T, Failed> {
        let result = match &self.inner.pools {
            Pools::Sqlite { write, relaxed, written, .. } => {
                let mut connection = if mode == Mode::Relaxed { relaxed } else { write }.acquire().await?;
                // Whoever waited long for the connection waits shorter for the lock.
                let waited = begun.elapsed();
                let is_late = mode == Mode::Serving && waited > LONGEST - LONGEST_WAIT;
                if is_late {
                    set_patience(&mut connection, LONGEST.saturating_sub(waited)).await?;
                }
                let result = transaction_sqlite(&mut connection, work).await;
                if is_late && set_patience(&mut connection, LONGEST_WAIT).await.is_err() {
                    connection.close_on_drop();
                }
                match &result {
                    Ok(_) => written.send_replace(()),
                    // SQLite may have rolled back by itself, which the depth that sqlx counts does not follow.
                    Err(failed) if failed.error.spoils_connection() => connection.close_on_drop(),
                    Err(_) => {}
                }
                result
            }
            Pools::Postgres { serving, bulk } => {
                let pool = if mode == Mode::Serving { serving } else { bulk };
                let cut_idle = |error: &Error| cut_idle_after_timeout(pool, error);
                let mut connection = pool.acquire().await.map_err(Error::from).inspect_err(cut_idle)?;
                let committing = AtomicBool::new(false);
                let work = transaction_postgres(&mut connection, mode, &committing, work);
                let result = if mode == Mode::Serving {
                    let late = |error| Failed { error, maybe_committed: committing.load(Ordering::Relaxed) };
                    in_time(begun, work).await.map_err(late).flatten()
                } else {
                    work.await
                };
                if result.as_ref().is_err_and(|failed| failed.error.spoils_connection()) {
                    // At once, whatever the server does: a statement that was cut off must not be answered to the next.
                    drop(connection.detach());
                }
                result.inspect_err(|failed| cut_idle(&failed.error))
            }
        };
        if mode != Mode::Relaxed && result.is_ok() {
            self.inner.committed.store(self.millis(), Ordering::Relaxed);
        }
        result
    }
}

async fn read_sqlite<T, F>(pool: &SqlitePool, work: F) -> Result<T, Error>
where
    F: for<'c> FnOnce(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>>,
{
    let mut connection = pool.acquire().await?;
    let result = work(&mut Conn::Sqlite(&mut connection)).await;
    if result.as_ref().is_err_and(Error::spoils_connection) {
        connection.close_on_drop();
    }
    result
}

async fn read_postgres<T, F>(pool: &PgPool, work: F) -> Result<T, Error>
where
    F: for<'c> FnOnce(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>>,
{
    let mut connection = Detached(Some(pool.acquire().await?));
    let Some(own) = connection.0.as_mut() else { return Err(Error::Task) };
    let result = work(&mut Conn::Postgres(&mut *own)).await;
    if !result.as_ref().is_err_and(Error::spoils_connection) {
        drop(connection.0.take());
    }
    result
}

/// A connection to PostgreSQL that is cut when it is dropped, unless it is taken out before: a read that was called off leaves an
/// answer under way.
struct Detached(Option<PoolConnection<Postgres>>);
impl Drop for Detached {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

/// Sets how long a connection waits for SQLite's lock.
async fn set_patience(connection: &mut SqliteConnection, patience: Duration) -> Result<(), sqlx::Error> {
    let pragma = sqlx::AssertSqlSafe(format!("PRAGMA busy_timeout = {}", patience.as_millis()));
    sqlx::query(pragma).execute(connection).await.map(drop)
}

async fn transaction_sqlite<T>(
    connection: &mut SqliteConnection,
    work: &(impl for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync),
) -> Result<T, Failed> {
    let mut tx = connection.begin_with("BEGIN IMMEDIATE").await?;
    match work(&mut Conn::Sqlite(&mut tx)).await {
        Ok(done) => {
            // Whatever a commit fails of, the connection is not used again.
            tx.commit().await.map_err(|error| Failed { error: Error::Unavailable(error), maybe_committed: true })?;
            Ok(done)
        }
        Err(error) => match tx.rollback().await {
            Ok(()) => Err(error.into()),
            Err(rollback) if error.spoils_connection() => {
                tracing::debug!(%rollback, "SQLite had rolled back by itself");
                Err(error.into())
            }
            Err(rollback) => Err(Error::Unavailable(rollback).into()),
        },
    }
}

async fn transaction_postgres<T>(
    connection: &mut PgConnection,
    mode: Mode,
    committing: &AtomicBool,
    work: &(impl for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync),
) -> Result<T, Failed> {
    let mut tx = connection.begin().await?;
    if mode == Mode::Relaxed {
        sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
    }
    match work(&mut Conn::Postgres(&mut tx)).await {
        Ok(done) => {
            committing.store(true, Ordering::Relaxed);
            tx.commit().await.map_err(|error| Failed { error: error.into(), maybe_committed: true })?;
            Ok(done)
        }
        Err(error) => match tx.rollback().await {
            Ok(()) => Err(error.into()),
            Err(_) if error.spoils_connection() => Err(error.into()),
            Err(rollback) => Err(Error::Unavailable(rollback).into()),
        },
    }
}
