//! The connections of both engines: how they are opened, how long anything waits for them, and how they are closed.
use crate::{Error, Health};
use sqlx::{
    PgPool, SqlitePool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{fs, io, os::unix::fs::OpenOptionsExt, path::Path, str::FromStr, time::Duration};
use tokio::sync::watch;

/// How long a read or a write may take altogether, with waiting for a connection, for locks and with a second try.
pub(crate) const LONGEST: Duration = Duration::from_millis(4800);
/// How long a connection is waited for, and a lock. Less than [`LONGEST`], so that the cause is known when time is up.
pub(crate) const LONGEST_WAIT: Duration = Duration::from_secs(4);
/// How long bulk work waits for a connection or a lock.
const LONGEST_BULK_WAIT: Duration = Duration::from_secs(30);
/// Connections to PostgreSQL that answer requests.
const POSTGRES_CONNECTIONS: u32 = 16;

/// Pages of 4 KB from which on a commit checkpoints SQLite's write-ahead log itself. This only bounds the log: [`checkpoint_wal`]
/// comes first, so that no commit waits for a checkpoint.
const WAL_CHECKPOINT_PAGES: &str = "8192";
/// Checkpoint size for relaxed writes: bulk writers checkpoint early and in small steps, because every commit waits while a
/// checkpoint is flushed.
const RELAXED_CHECKPOINT_PAGES: &str = "250";
/// How long after a write its checkpoint begins.
const CHECKPOINT_DELAY: Duration = Duration::from_millis(100);

static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// The pools of one engine.
pub(crate) enum Pools {
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
    Postgres {
        /// For requests: each statement and each lock has its time.
        serving: PgPool,
        /// For what reads or writes a whole table; connected lazily.
        bulk: PgPool,
    },
}

/// Whether an address is one of PostgreSQL.
pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

impl Pools {
    /// Connects and brings the tables up to date.
    ///
    /// # Errors
    /// [`Error::Unfit`] for a database of a newer version, or one that a migration left half done.
    pub(crate) async fn open(url: &str, health: &Health) -> Result<Self, Error> {
        if is_postgres(url) { Self::open_postgres(url).await } else { Self::open_sqlite(url, health).await }
    }

    async fn open_postgres(url: &str) -> Result<Self, Error> {
        let options = PgConnectOptions::from_str(url)?;
        // Neither a statement of a migration nor the wait for another node's has a limit, so that they have a connection of their own.
        let migrating = PgPoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
        let migrated = POSTGRES_MIGRATIONS.run(&migrating).await;
        migrating.close().await;
        migrated.map_err(unfit)?;
        let millis = |limit: Duration| format!("{}ms", limit.as_millis());
        let limited = options.clone().options([
            ("statement_timeout", millis(LONGEST_WAIT)),
            ("lock_timeout", millis(LONGEST_WAIT - Duration::from_millis(500))),
            // A node that stands still gives back its locks.
            ("idle_in_transaction_session_timeout", millis(2 * LONGEST)),
        ]);
        let pool = || PgPoolOptions::new().acquire_timeout(LONGEST_WAIT);
        let serving = pool().max_connections(POSTGRES_CONNECTIONS).connect_with(limited).await?;
        let bulk = pool().max_connections(2).acquire_timeout(LONGEST_BULK_WAIT).connect_lazy_with(options);
        Ok(Self::Postgres { serving, bulk })
    }

    async fn open_sqlite(url: &str, health: &Health) -> Result<Self, Error> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // A commit is on the disk before it is acknowledged.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // Reading needs no room for temporary files.
            .pragma("temp_store", "MEMORY")
            .busy_timeout(LONGEST_WAIT);
        create_private(options.get_filename()).map_err(sqlx::Error::Io)?;
        // A connection to a file does not go away while it is idle: asking it before each use would only wait for its thread.
        let pool = |wait| SqlitePoolOptions::new().acquire_timeout(wait).test_before_acquire(false);
        let one = |wait| pool(wait).max_connections(1);
        let write =
            one(LONGEST_WAIT).connect_with(options.clone().pragma("wal_autocheckpoint", WAL_CHECKPOINT_PAGES)).await?;
        SQLITE_MIGRATIONS.run(&write).await.map_err(unfit)?;
        let relaxed = one(LONGEST_BULK_WAIT).connect_lazy_with(
            options
                .clone()
                .busy_timeout(LONGEST_BULK_WAIT)
                .synchronous(SqliteSynchronous::Normal)
                .pragma("wal_autocheckpoint", RELAXED_CHECKPOINT_PAGES),
        );
        let checkpoint = one(LONGEST_WAIT).connect_lazy_with(options.clone().create_if_missing(false));
        let (written, changes) = watch::channel(());
        let own = checkpoint.clone();
        health.supervise("checkpoint", None, move |_| checkpoint_wal(own.clone(), changes.clone()));
        let read = pool(LONGEST_WAIT)
            .max_connections(8)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await?;
        Ok(Self::Sqlite { read, write, relaxed, checkpoint, written })
    }

    /// Closes all connections, after the last statement.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { read, write, relaxed, checkpoint, .. } => {
                read.close().await;
                relaxed.close().await;
                checkpoint.close().await;
                write.close().await;
            }
            Self::Postgres { serving, bulk } => {
                serving.close().await;
                bulk.close().await;
            }
        }
    }
}

/// Cuts the idle connections to PostgreSQL after an error that says that nothing was answered in time: the others are likely to lead
/// nowhere as well, and each would cost another request its patience.
pub(crate) fn cut_idle_after_timeout(pool: &PgPool, error: &Error) {
    if matches!(error, Error::Unavailable(sqlx::Error::PoolTimedOut)) {
        while let Some(idle) = pool.try_acquire() {
            drop(idle.detach());
        }
    }
}

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

/// Creates the file of a database for its owner alone; the files that SQLite lays beside it take its mode. A file that is there
/// keeps the mode that its operator gave it.
fn create_private(file: &Path) -> io::Result<()> {
    // Databases in memory have names of their own.
    if file.as_os_str().is_empty() || [":", "file:"].iter().any(|name| file.to_string_lossy().starts_with(name)) {
        return Ok(());
    }
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(file) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// The sentence about a database whose migrations do not fit this program.
fn unfit(error: MigrateError) -> Error {
    Error::Unfit(match error {
        MigrateError::VersionMissing(version) => format!(
            "the database is newer than this program (it has migration {version}): start the version that wrote it, or restore the \
             backup made before"
        ),
        MigrateError::Dirty(version) => format!(
            "migration {version} of the database broke off half-way: restore the backup made before and start again"
        ),
        MigrateError::VersionMismatch(version) => format!(
            "migration {version} of the database is not the one of this program: start the version that wrote it"
        ),
        other => return other.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_connection_of_sqlite_needs_room_for_temporary_files() {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("pools.db").display());
        let pools = Pools::open(&url, &Health::default()).await.unwrap();
        let Pools::Sqlite { read, write, relaxed, checkpoint, .. } = &pools else { panic!("another engine") };
        for (name, pool) in [("read", read), ("write", write), ("relaxed", relaxed), ("checkpoint", checkpoint)] {
            let (place,): (i64,) = sqlx::query_as("PRAGMA temp_store").fetch_one(pool).await.unwrap();
            assert_eq!(place, 2, "{name}: 2 is memory");
        }
        pools.close().await;
    }
}
