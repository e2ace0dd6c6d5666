//! The database: connections of both engines, the statement macro, and the one way to write.
use crate::{
    Clock, Entropy, Error, Sealer,
    decoding::DecodePool,
    hashing::{HashCost, HashPool},
};
use forms::rules::{RULES_2021, RuleSet};
use futures::future::BoxFuture;
use sqlx::{
    PgConnection, PgPool, SqliteConnection, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr, sync::Arc, time::Duration};
use tokio::sync::watch;
use tracing::Instrument;

/// A connection of either engine, inside or outside a transaction.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Runs one statement on whichever engine: `sql!(conn, execute, "…", binds…)`, or
/// `sql!(conn, fetch_all as Row, "…", binds…)`. Only the arm that runs evaluates the binds.
macro_rules! sql {
    ($conn:expr, execute, $sql:expr $(, $bind:expr)* $(,)?) => {{
        let statement: &'static str = $sql;
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                $crate::db::statements::note(statement, 1);
                sqlx::query(statement)$(.bind($bind))*.execute(&mut **c).await.map(|result| result.rows_affected())
            }
            $crate::db::Conn::Postgres(c) => {
                $crate::db::statements::note(statement, 2);
                sqlx::query(statement)$(.bind($bind))*.execute(&mut **c).await.map(|result| result.rows_affected())
            }
        }
    }};
    ($conn:expr, $fetch:ident as $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {{
        let statement: &'static str = $sql;
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                $crate::db::statements::note(statement, 1);
                sqlx::query_as::<_, $row>(statement)$(.bind($bind))*.$fetch(&mut **c).await
            }
            $crate::db::Conn::Postgres(c) => {
                $crate::db::statements::note(statement, 2);
                sqlx::query_as::<_, $row>(statement)$(.bind($bind))*.$fetch(&mut **c).await
            }
        }
    }};
}
pub(crate) use sql;

/// Runs a transaction: `transaction!(registry, [captured, names], conn => { … })`. The body may run more than once, so it gets
/// its own clones of what it captures.
macro_rules! transaction {
    ($registry:expr, [$($captured:ident),*], $conn:ident => $body:expr) => {
        $registry.write(move |$conn| { $(let $captured = $captured.clone();)* Box::pin(async move { $body }) }).await
    };
}
pub(crate) use transaction;

/// Which statements ran on which engine, for the tests. Only builds with debug assertions keep it.
///
/// Statements are kept by scope. A test runs in a scope of its own, whose number each of its threads has entered, so that tests
/// of one process may run at the same time.
pub mod statements {
    use std::{borrow::Cow, cell::Cell, collections::BTreeMap, sync::Mutex};

    static SEEN: Mutex<BTreeMap<(u64, Cow<'static, str>), u8>> = Mutex::new(BTreeMap::new());
    thread_local! { static SCOPE: Cell<u64> = const { Cell::new(0) }; }

    /// Statements of this thread are kept in that scope from now on; 0 is the scope of everything else.
    pub fn enter_scope(scope: u64) {
        SCOPE.set(scope);
    }
    /// Notes that a statement ran: 1 on SQLite, 2 on PostgreSQL.
    pub(crate) fn note(sql: &'static str, engine: u8) {
        note_as(Cow::Borrowed(sql), engine);
    }
    /// Notes a statement that was composed by a filter.
    pub(crate) fn note_made(sql: &str, engine: u8) {
        note_as(Cow::Owned(sql.to_owned()), engine);
    }
    fn note_as(sql: Cow<'static, str>, engine: u8) {
        if cfg!(debug_assertions)
            && SCOPE.get() != 0
            && let Ok(mut seen) = SEEN.lock()
        {
            *seen.entry((SCOPE.get(), sql)).or_default() |= engine;
        }
    }
    /// The statements of a scope, with the engines on which each ran: 1 SQLite, 2 PostgreSQL, 3 both.
    pub fn of_scope(scope: u64) -> Vec<(String, u8)> {
        let of = |((own, sql), engines): (&(u64, Cow<'static, str>), &u8)| {
            (*own == scope).then(|| (sql.to_string(), *engines))
        };
        SEEN.lock().map(|seen| seen.iter().filter_map(of).collect()).unwrap_or_default()
    }
}

enum Pools {
    /// Many readers, and one writer so that `BEGIN IMMEDIATE` never waits for another of ours.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
        /// For relaxed writes; connected lazily.
        relaxed: SqlitePool,
        /// For checkpoints.
        checkpoint: SqlitePool,
        written: watch::Sender<()>,
    },
    Postgres(PgPool),
}

/// The settings of a registry.
#[derive(Clone)]
pub struct Settings {
    /// `sqlite:PATH` or `postgres://…`; alone it chooses the engine.
    pub database_url: String,
    /// Seals personal data.
    pub sealer: Sealer,
    /// Tells the time.
    pub clock: Clock,
    /// Gives randomness.
    pub entropy: Entropy,
    /// The rule set at registration (X27).
    pub account_rules: &'static RuleSet,
    /// Failed log-ins to an account that one network, or one browser that is known, has in an hour;
    /// `i64::MAX` counts nothing, for benchmarks.
    pub login_budget: i64,
    /// Seconds after which a session without a sign of life ends.
    pub session_seconds: i64,
    /// Seconds after which a session ends, whatever was done in it.
    pub session_limit_seconds: i64,
    /// Threads that hash passwords; each keeps the memory that a hash takes.
    pub hashing_threads: usize,
    /// Log-ins that are under way at the same time, in each of the two lanes; further ones are refused at once.
    pub hashing_places: usize,
    /// What a new hash costs.
    pub hash_cost: HashCost,
}

impl Settings {
    /// The usual settings for a database and a sealing secret.
    pub fn new(database_url: &str, secret: &[u8; 32]) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, Into::into);
        Self {
            database_url: database_url.to_owned(),
            sealer: Sealer::new(secret),
            clock: Clock::system(),
            entropy: Entropy::system(),
            account_rules: &RULES_2021,
            login_budget: 20,
            session_seconds: 2 * 3600,
            session_limit_seconds: 12 * 3600,
            hashing_threads: threads,
            // A hash takes some 25 ms: whoever waits last waits half a second.
            hashing_places: threads * 16,
            hash_cost: HashCost::default(),
        }
    }
}

/// Pages of 4 KB from which on a commit checkpoints SQLite's write-ahead log itself. This only bounds the log: [`checkpoint_wal`]
/// comes first, so that no commit waits for a checkpoint.
const WAL_CHECKPOINT_PAGES: &str = "8192";
/// Checkpoint size for relaxed writes: bulk writers checkpoint early and in small steps, because every commit waits while a
/// checkpoint is flushed.
const RELAXED_CHECKPOINT_PAGES: &str = "250";
/// How long after a write its checkpoint begins.
const CHECKPOINT_DELAY: Duration = Duration::from_millis(100);

/// Checkpoints SQLite's write-ahead log a moment after each write, for as long as the registry is open. A passive checkpoint
/// blocks neither readers nor writers.
async fn checkpoint_wal(pool: SqlitePool, mut written: watch::Receiver<()>) {
    while written.changed().await.is_ok() {
        tokio::time::sleep(CHECKPOINT_DELAY).await;
        // Later writes are part of the next checkpoint. Without a sender the registry was dropped, and closing checkpoints all.
        if written.has_changed().is_err() {
            return;
        }
        written.mark_unchanged();
        match sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&pool).await {
            Ok(_) => {}
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::warn!(%error, "the write-ahead log could not be checkpointed"),
        }
    }
}

/// The database with what is needed to use it. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);
struct Inner {
    pools: Pools,
    settings: Settings,
    hashing: HashPool,
    decoding: DecodePool,
}

impl Registry {
    /// Opens the database and brings its tables up to date.
    pub async fn open(settings: Settings) -> Result<Self, Error> {
        let url = settings.database_url.as_str();
        let pools = if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            let pool =
                PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(10)).connect(url).await?;
            sqlx::migrate!("migrations/postgres").run(&pool).await?;
            Pools::Postgres(pool)
        } else {
            let options = SqliteConnectOptions::from_str(url)?
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal)
                // A commit is on the disk before it is acknowledged.
                .synchronous(SqliteSynchronous::Full)
                .foreign_keys(true)
                .busy_timeout(Duration::from_secs(10));
            let one = || SqlitePoolOptions::new().max_connections(1).acquire_timeout(Duration::from_secs(30));
            let write = one().connect_with(options.clone().pragma("wal_autocheckpoint", WAL_CHECKPOINT_PAGES)).await?;
            sqlx::migrate!("migrations/sqlite").run(&write).await?;
            let relaxed = one().connect_lazy_with(
                options
                    .clone()
                    .synchronous(SqliteSynchronous::Normal)
                    .pragma("wal_autocheckpoint", RELAXED_CHECKPOINT_PAGES),
            );
            let checkpoint = one().connect_lazy_with(options.clone().create_if_missing(false));
            let (written, changes) = watch::channel(());
            tokio::spawn(checkpoint_wal(checkpoint.clone(), changes));
            let read = SqlitePoolOptions::new()
                .max_connections(8)
                .connect_with(options.read_only(true).create_if_missing(false))
                .await?;
            Pools::Sqlite { read, write, relaxed, checkpoint, written }
        };
        let hashing = HashPool::new(settings.hashing_threads, settings.hashing_places, settings.hash_cost);
        let decoding = DecodePool::new(settings.hashing_threads);
        let registry = Self(Arc::new(Inner { pools, settings, hashing, decoding }));
        Ok(registry)
    }
    /// The settings it was opened with.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// The threads that hash passwords.
    pub(crate) fn hashing(&self) -> &HashPool {
        &self.0.hashing
    }
    /// The threads that decode pictures.
    pub(crate) fn decoding(&self) -> &DecodePool {
        &self.0.decoding
    }
    /// The engine's name.
    pub fn engine(&self) -> &'static str {
        match self.0.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres(_) => "postgres",
        }
    }
    /// Closes all connections, after the last statement.
    pub async fn close(&self) {
        match &self.0.pools {
            Pools::Sqlite { read, write, relaxed, checkpoint, .. } => {
                read.close().await;
                relaxed.close().await;
                checkpoint.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Reads outside a transaction. What must be consistent with a write is read inside [`Registry::write`].
    pub(crate) async fn read<T>(
        &self,
        work: impl for<'c> FnOnce(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>>,
    ) -> Result<T, Error> {
        match &self.0.pools {
            Pools::Sqlite { read, .. } => work(&mut Conn::Sqlite(&mut *read.acquire().await?)).await,
            Pools::Postgres(pool) => work(&mut Conn::Postgres(&mut *pool.acquire().await?)).await,
        }
    }

    /// Runs a write transaction, durably. It runs in a task of its own, so that a client who hangs up cancels nothing half-way, and
    /// again after a transient error.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_with(true, work).await
    }
    /// Writes without waiting for the disk. A power failure may lose it until the next durable write, which makes everything
    /// before it durable as well.
    pub(crate) async fn write_relaxed<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_with(false, work).await
    }
    async fn write_with<T, F>(&self, durable: bool, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        let registry = self.clone();
        let retried = async move {
            let mut tries = 0;
            loop {
                match registry.transaction(durable, &work).await {
                    Err(error) if error.is_transient() && tries < 8 => {
                        tries += 1;
                        tokio::time::sleep(Duration::from_millis(5 << tries)).await;
                    }
                    other => return other,
                }
            }
        };
        // In the span of the request, as statements that read are.
        let task = tokio::spawn(retried.in_current_span());
        task.await.map_err(|_| Error::Task)?
    }

    async fn transaction<T>(
        &self,
        durable: bool,
        work: &(impl for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync),
    ) -> Result<T, Error> {
        match &self.0.pools {
            Pools::Sqlite { write, relaxed, written, .. } => {
                let mut tx = if durable { write } else { relaxed }.begin_with("BEGIN IMMEDIATE").await?;
                let result = work(&mut Conn::Sqlite(&mut tx)).await;
                if result.is_ok() {
                    tx.commit().await?;
                    written.send_replace(());
                } else {
                    tx.rollback().await?
                }
                result
            }
            Pools::Postgres(pool) => {
                let mut tx = pool.begin().await?;
                if !durable {
                    sqlx::query("SET LOCAL synchronous_commit = off").execute(&mut *tx).await?;
                }
                let result = work(&mut Conn::Postgres(&mut tx)).await;
                if result.is_ok() {
                    tx.commit().await?
                } else {
                    tx.rollback().await?
                }
                result
            }
        }
    }
}
