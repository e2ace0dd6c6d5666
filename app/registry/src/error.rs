//! What can go wrong in the books.
use forms::Problems;

/// What can go wrong in the books.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or was not there.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// The migrations could not be brought up to date.
    #[error("migration: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// There is no such thing, or it is somebody else's: the two are never told apart.
    #[error("not found")]
    NotFound,
    /// Somebody saved another version in the meantime.
    #[error("conflict")]
    Conflict,
    /// The form is not right.
    #[error("the form has problems")]
    Problems(Problems),
    /// A sealed value cannot be opened: a wrong key, or a damaged row.
    #[error("a sealed value cannot be opened")]
    Sealed,
    /// A stored value is not what this version writes.
    #[error("a stored value cannot be read: {0}")]
    Stored(&'static str),
    /// A task that wrote died.
    #[error("a writing task failed")]
    Task,
}

impl Error {
    /// Whether the same transaction may succeed when it is run again.
    pub(crate) fn is_transient(&self) -> bool {
        let Self::Database(sqlx::Error::Database(error)) = self else { return false };
        match error.code().as_deref() {
            // PostgreSQL: serialization failure, deadlock. SQLite: busy and its extended codes.
            Some("40001" | "40P01" | "5" | "261" | "517") => true,
            // A random serial that exists already: the next one will not.
            _ => error.is_unique_violation(),
        }
    }
}
