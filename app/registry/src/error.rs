//! The errors of the registry.
use forms::Problems;

/// What can go wrong in the registry.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused a statement or could not be reached.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be applied.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
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
        /// Its table.
        table: &'static str,
        /// Its column.
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

impl Error {
    /// A stored value that cannot be read; `row` is the key of its row.
    pub(crate) fn stored(table: &'static str, column: &'static str, row: impl std::fmt::Display) -> Self {
        Self::Stored { table, column, row: row.to_string() }
    }

    /// Whether the same transaction may succeed when it is run again.
    pub(crate) fn is_transient(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        match error.code().as_deref() {
            // PostgreSQL: serialization failure, deadlock. SQLite: busy and its extended codes.
            Some("40001" | "40P01" | "5" | "261" | "517") => true,
            // A random serial that is taken; the next one will not be.
            _ => error.is_unique_violation(),
        }
    }
}
