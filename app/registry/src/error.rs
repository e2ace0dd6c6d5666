//! The errors of the registry.
use forms::Problems;

/// What can go wrong in the registry.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused a statement.
    #[error("database: {0}")]
    Database(sqlx::Error),
    /// The database cannot be reached, or cannot read or write at this moment. Nothing was acknowledged; the same may succeed
    /// in a moment.
    #[error("the database is not available: {0}")]
    Unavailable(sqlx::Error),
    /// The migrations could not be applied.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database is not one that this program may open; the sentence says what to do.
    #[error("{0}")]
    Unfit(String),
    /// There is no such record, or it is somebody else's: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// Somebody saved another version in the meantime.
    #[error("conflict")]
    Conflict,
    /// The form has problems.
    #[error("the form has problems")]
    Problems(Problems),
    /// A sealed value cannot be opened: a wrong key, or a damaged row.
    #[error("a sealed value cannot be opened")]
    Sealed,
    /// A stored value is not one that this version writes.
    #[error("a stored value cannot be read: {table}.{column} of {row}")]
    Stored {
        table: &'static str,
        column: &'static str,
        /// The key of its row, never personal data.
        row: String,
    },
    /// A value cannot be encoded or hashed.
    #[error("a value cannot be encoded: {0}")]
    Encode(&'static str),
    /// A shipped file is not what this version expects.
    #[error("a shipped file cannot be used: {0}")]
    Shipped(&'static str),
    /// An import stood still for so long that another one removed it.
    #[error("the import was given up")]
    GivenUp,
    /// More is waiting than can be done in time: nothing was done, and it may be tried again in a moment.
    #[error("too much is waiting")]
    Busy,
    /// It was done as often as it may be within an hour.
    #[error("too often")]
    TooOften,
    /// A writing task died.
    #[error("a writing task failed")]
    Task,
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        if is_unavailable(&error) { Self::Unavailable(error) } else { Self::Database(error) }
    }
}

/// Whether an error says that the database is out of reach or out of means, and not that a statement is wrong.
fn is_unavailable(error: &sqlx::Error) -> bool {
    use sqlx::Error as E;
    let error = match error {
        E::Database(error) => error,
        // A protocol that breaks off is a server that went away. The last two are a SQLite connection that is no longer sound.
        E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => return true,
        E::BeginFailed | E::InvalidSavePointStatement => return true,
        _ => return false,
    };
    let Some(code) = error.code() else { return false };
    if error.try_downcast_ref::<sqlx::postgres::PgDatabaseError>().is_some() {
        // Classes: connection, insufficient resources, operator intervention (a shutdown, a cancelled statement), system error.
        // Codes: lock timeout, read-only transaction, idle in transaction.
        return ["08", "53", "57", "58"].iter().any(|class| code.starts_with(class))
            || ["55P03", "25006", "25P03"].contains(&&*code);
    }
    // SQLite: busy, locked, out of memory, read-only, I/O error, full, cannot open; the extended codes keep these in the low byte.
    code.parse::<u32>().is_ok_and(|code| matches!(code & 0xFF, 5..=8 | 10 | 13 | 14))
}

impl Error {
    /// A stored value that cannot be read; `row` is the key of its row.
    pub(crate) fn stored(table: &'static str, column: &'static str, row: impl std::fmt::Display) -> Self {
        Self::Stored { table, column, row: row.to_string() }
    }

    /// Whether the same transaction may succeed when it is run again.
    pub(crate) fn is_transient(&self) -> bool {
        let (Self::Database(sqlx::Error::Database(error)) | Self::Unavailable(sqlx::Error::Database(error))) = self
        else {
            return false;
        };
        match error.code().as_deref() {
            // PostgreSQL: serialization failure, deadlock. SQLite: busy and its extended codes.
            Some("40001" | "40P01" | "5" | "261" | "517") => true,
            // A random serial that is taken; the next one will not be.
            _ => error.is_unique_violation(),
        }
    }
    /// Whether the connection that gave this error should not be used again. A SQLite connection after an I/O error may have
    /// rolled back by itself, and one that was opened while the file could only be read stays read-only.
    pub(crate) fn spoils_connection(&self) -> bool {
        matches!(self, Self::Unavailable(_)) && !self.is_transient()
    }
}
