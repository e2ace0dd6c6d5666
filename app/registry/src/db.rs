//! The two engines behind one door.
use crate::{Clock, Entropy, Error, Sealer};
use forms::rules::{RULES_2021, RuleSet};
use futures::future::BoxFuture;
use sqlx::{
    PgConnection, PgPool, SqliteConnection, SqlitePool,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{str::FromStr, sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tracing::Instrument;

/// A connection of either engine, inside or outside a transaction.
pub(crate) enum Conn<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

/// Runs one statement on whichever engine: `query!(conn, execute, "…", binds…)`, or
/// `query!(conn, fetch_all as Row, "…", binds…)`. Only the arm that runs evaluates the binds.
macro_rules! query {
    ($conn:expr, execute, $sql:expr $(, $bind:expr)* $(,)?) => {{
        let sql: &'static str = $sql;
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                $crate::db::statements::note(sql, 1);
                sqlx::query(sql)$(.bind($bind))*.execute(&mut **c).await.map(|done| done.rows_affected())
            }
            $crate::db::Conn::Postgres(c) => {
                $crate::db::statements::note(sql, 2);
                sqlx::query(sql)$(.bind($bind))*.execute(&mut **c).await.map(|done| done.rows_affected())
            }
        }
    }};
    ($conn:expr, $fetch:ident as $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {{
        let sql: &'static str = $sql;
        match $conn {
            $crate::db::Conn::Sqlite(c) => {
                $crate::db::statements::note(sql, 1);
                sqlx::query_as::<_, $row>(sql)$(.bind($bind))*.$fetch(&mut **c).await
            }
            $crate::db::Conn::Postgres(c) => {
                $crate::db::statements::note(sql, 2);
                sqlx::query_as::<_, $row>(sql)$(.bind($bind))*.$fetch(&mut **c).await
            }
        }
    }};
}
pub(crate) use query;

/// Runs a transaction: `write!(registry, [captured, names], conn => { … })`. The body may run more than once, so it gets
/// its own clones of what it captures.
macro_rules! write {
    ($registry:expr, [$($captured:ident),*], $conn:ident => $body:expr) => {
        $registry.write(move |$conn| { $(let $captured = $captured.clone();)* Box::pin(async move { $body }) }).await
    };
}
pub(crate) use write;

/// Which statements ran on which engine, for the contract tests.
pub mod statements {
    use std::{borrow::Cow, collections::BTreeMap, sync::Mutex};
    static SEEN: Mutex<BTreeMap<Cow<'static, str>, u8>> = Mutex::new(BTreeMap::new());
    /// Notes that a statement ran: 1 on SQLite, 2 on PostgreSQL. Only builds with debug assertions keep the book.
    pub(crate) fn note(sql: &'static str, engine: u8) {
        if cfg!(debug_assertions)
            && let Ok(mut seen) = SEEN.lock()
        {
            *seen.entry(Cow::Borrowed(sql)).or_default() |= engine;
        }
    }
    /// The same for a statement put together by a filter.
    pub(crate) fn note_made(sql: &str, engine: u8) {
        if cfg!(debug_assertions)
            && let Ok(mut seen) = SEEN.lock()
        {
            *seen.entry(Cow::Owned(sql.to_owned())).or_default() |= engine;
        }
    }
    /// The statements that ran on one engine only.
    pub fn on_one_engine_only() -> Vec<String> {
        SEEN.lock()
            .map(|seen| seen.iter().filter(|(_, engines)| **engines != 3).map(|(sql, _)| sql.to_string()).collect())
            .unwrap_or_default()
    }
    /// How many statements ran at all.
    pub fn count() -> usize {
        SEEN.lock().map(|seen| seen.len()).unwrap_or_default()
    }
}

enum Pools {
    /// Many readers, and one writer so that `BEGIN IMMEDIATE` never waits for another of ours.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
        /// For what need not be on the disk before something later is; connected when it is first asked for.
        stage: SqlitePool,
        /// Copies the log into the file behind those who write, who say here that there is something to copy.
        keep: SqlitePool,
        written: watch::Sender<()>,
    },
    Postgres(PgPool),
}

/// What the books are opened with.
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
    /// Failed log-ins that an account or a known device has in an hour.
    pub login_budget: i64,
    /// Seconds after which a session without a sign of life ends.
    pub session_seconds: i64,
    /// Threads that may hash passwords at the same time; each takes 19 MiB for the while.
    pub hashing_threads: usize,
}

impl Settings {
    /// The usual settings for a database and a sealing secret.
    pub fn new(database_url: &str, secret: &[u8; 32]) -> Self {
        Self {
            database_url: database_url.to_owned(),
            sealer: Sealer::new(secret),
            clock: Clock::system(),
            entropy: Entropy::system(),
            account_rules: &RULES_2021,
            login_budget: 20,
            session_seconds: 2 * 3600,
            hashing_threads: std::thread::available_parallelism().map_or(2, Into::into),
        }
    }
}

/// Pages of SQLite's log, of 4 KB each, from which on a commit copies the log into the file itself. Nobody who waits for a commit
/// should: [`keep_up`] does it before. This only bounds the log.
const LOG_AT_MOST: &str = "8192";
/// The same for what may be lost: who writes much of it copies it soon and in small parts, since everybody's commit waits for the disk
/// while it takes them.
const STAGED_AT_MOST: &str = "250";
/// How long those who write are left alone before what they wrote is copied.
const KEEP_UP: Duration = Duration::from_millis(100);

/// Copies SQLite's log into the file, a moment after something was written to it, for as long as the books are open. It is done
/// beside whoever reads and writes, and makes nobody wait for it but for the disk.
async fn keep_up(books: SqlitePool, mut written: watch::Receiver<()>) {
    while written.changed().await.is_ok() {
        tokio::time::sleep(KEEP_UP).await;
        // What is written from here on is copied the next time; where nobody is left who writes, closing copies all of it.
        if written.has_changed().is_err() {
            return;
        }
        written.mark_unchanged();
        match sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&books).await {
            Ok(_) => {}
            Err(sqlx::Error::PoolClosed) => return,
            Err(error) => tracing::warn!(%error, "the log of the books could not be copied into their file"),
        }
    }
}

/// The books. Cheap to clone.
#[derive(Clone)]
pub struct Registry(Arc<Inner>);
struct Inner {
    pools: Pools,
    settings: Settings,
    hashing: Arc<Semaphore>,
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
            let write = one().connect_with(options.clone().pragma("wal_autocheckpoint", LOG_AT_MOST)).await?;
            sqlx::migrate!("migrations/sqlite").run(&write).await?;
            let stage = one().connect_lazy_with(
                options.clone().synchronous(SqliteSynchronous::Normal).pragma("wal_autocheckpoint", STAGED_AT_MOST),
            );
            let keep = one().connect_lazy_with(options.clone().create_if_missing(false));
            let (written, told) = watch::channel(());
            tokio::spawn(keep_up(keep.clone(), told));
            let read = SqlitePoolOptions::new()
                .max_connections(8)
                .connect_with(options.read_only(true).create_if_missing(false))
                .await?;
            Pools::Sqlite { read, write, stage, keep, written }
        };
        let hashing = Arc::new(Semaphore::new(settings.hashing_threads.max(1)));
        let registry = Self(Arc::new(Inner { pools, settings, hashing }));
        registry.prepare_desk().await?;
        Ok(registry)
    }
    /// What the books were opened with.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// A place among the threads that do heavy work. It goes into the work itself: a client who hangs up does not free it.
    pub(crate) async fn hashing(&self) -> Result<OwnedSemaphorePermit, Error> {
        self.0.hashing.clone().acquire_owned().await.map_err(|_| Error::Task)
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
            Pools::Sqlite { read, write, stage, keep, .. } => {
                read.close().await;
                stage.close().await;
                keep.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Reads. Not in a transaction: what must be consistent with a write is read inside it.
    pub(crate) async fn read<T>(
        &self,
        work: impl for<'c> FnOnce(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>>,
    ) -> Result<T, Error> {
        match &self.0.pools {
            Pools::Sqlite { read, .. } => work(&mut Conn::Sqlite(&mut *read.acquire().await?)).await,
            Pools::Postgres(pool) => work(&mut Conn::Postgres(&mut *pool.acquire().await?)).await,
        }
    }

    /// The one way to write. Runs in a task of its own, so that a client who hangs up cancels nothing half-way, and again
    /// where the engine asks for it.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_so(true, work).await
    }
    /// Writes what may be lost with the power until something that is written as usual follows it: the engine puts a later commit
    /// on the disk with all that came before. Others wait less for such a commit.
    pub(crate) async fn stage<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + Sync + 'static,
    {
        self.write_so(false, work).await
    }
    async fn write_so<T, F>(&self, durable: bool, work: F) -> Result<T, Error>
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
            Pools::Sqlite { write, stage, written, .. } => {
                let mut tx = if durable { write } else { stage }.begin_with("BEGIN IMMEDIATE").await?;
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
