//! The durable job queue: work that follows a transaction, kept in the database until it is done.
//!
//! A job is written by `enqueue` in the transaction that makes it necessary, so either both are there or neither is. One
//! process at a time over all nodes, the holder of the worker lease ([`JobWorker`]), runs the jobs in the order of `run_at`
//! and id. A run that fails is repeated with exponential back-off; after [`MAX_ATTEMPTS`] runs the job is dead and waits for
//! an operator ([`crate::Registry::retry_job`], [`crate::Registry::drop_job`]).
//!
//! A job runs at least once: a process that dies leaves its lease to expire, and the next worker runs the job again. Every
//! [`Kind`] says what a retry may assume. A job should take seconds and not minutes, since the others wait for it: larger
//! work returns [`Progress::More`] after each piece.
//!
//! This module knows nothing about what a job does; the server's runner chooses a handler for each [`Kind`].
mod backoff;
mod operator;
mod purge;
mod queue;
mod recurring;
mod worker;

#[cfg(test)]
mod tests;

use crate::Error;
pub use operator::{JobCounts, JobRow};
pub use queue::ClaimedJob;
pub(crate) use queue::enqueue;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
pub use worker::{Claim, DueJobs, Failed, JobWorker, StoredJob};

/// Runs after which a job that keeps failing is dead: with the back-off about four hours after the first.
pub const MAX_ATTEMPTS: i64 = 16;

/// Seconds that a worker or job lease lasts unless it is renewed: the delay after which another process takes over from one
/// that died. Leases are timed by each node's clock, so clocks that differ by more than this let two workers run at once,
/// which costs double runs and nothing else.
pub const LEASE_SECONDS: i64 = 30;

/// What a job does, with the data that it needs.
///
/// Data are ids and codes, never personal data: they are stored unsealed. To add a kind: a variant here that documents what a
/// retry may assume, its arms below, its handler in the server's runner, and `enqueue` where the work becomes necessary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "payload", rename_all = "snake_case")]
pub enum Kind {
    /// Links audit rows to the chain. Due whenever a row is not linked yet, so that no writer pays for a job; the queue holds
    /// a row for it only after a run failed. A retry finds the rows that are still open; two runs at once cannot take the same
    /// place in the chain.
    ChainAudit,
    /// Deletes what expired and is of use to nobody, once an hour. A retry deletes what the last run left.
    PurgeExpired,
}

impl Kind {
    /// The kinds that are always scheduled.
    pub const RECURRING: [Self; 1] = [Self::PurgeExpired];

    /// Identifies jobs of which one ready one is enough. Writers that enqueue the same key at the same time wait for each
    /// other, so a key that many use names its subject (`kind:id`).
    pub fn key(&self) -> Option<String> {
        match self {
            Self::ChainAudit | Self::PurgeExpired => Some(self.code().to_owned()),
        }
    }

    /// Seconds from the end of a run to the next one, for what recurs by itself.
    pub fn recurs_after(&self) -> Option<i64> {
        match self {
            Self::ChainAudit => None,
            Self::PurgeExpired => Some(3600),
        }
    }

    /// The name that is stored, listed and used as a label of metrics.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ChainAudit => "chain_audit",
            Self::PurgeExpired => "purge_expired",
        }
    }

    /// The data besides the name, as stored.
    fn payload(&self) -> Result<Option<Value>, Error> {
        let mut whole = serde_json::to_value(self).map_err(|_| Error::Encode("job"))?;
        Ok(whole.get_mut("payload").map(Value::take))
    }

    /// Reads a stored job; nothing for a kind that this version does not know.
    fn from_stored(code: &str, payload: Option<&Value>) -> Option<Self> {
        let whole = match payload {
            Some(payload) => json!({ "kind": code, "payload": payload }),
            None => json!({ "kind": code }),
        };
        serde_json::from_value(whole).ok()
    }
}

/// How far a run of a job came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// All of it is done.
    Done,
    /// A piece is done; the job is to run again, after others that are due.
    More,
}

/// Why a run failed, as a code without personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The database refused or was not there.
    Database,
    /// Something else changed the same rows.
    Conflict,
    /// What the job refers to is not there.
    NotFound,
    /// A stored or sealed value cannot be read.
    Unreadable,
    /// The handler panicked.
    Panic,
    /// The handler exceeded its time.
    Timeout,
    /// The process died during the run.
    Abandoned,
}

impl Failure {
    /// The code that is stored, listed and logged.
    pub fn code(self) -> &'static str {
        match self {
            Self::Database => "database",
            Self::Conflict => "conflict",
            Self::NotFound => "not_found",
            Self::Unreadable => "unreadable",
            Self::Panic => "panic",
            Self::Timeout => "timeout",
            Self::Abandoned => "abandoned",
        }
    }
}

impl From<&Error> for Failure {
    fn from(error: &Error) -> Self {
        match error {
            Error::Database(_) | Error::Unavailable(_) | Error::Migration(_) | Error::Unfit(_) => Self::Database,
            Error::Conflict | Error::GivenUp | Error::Busy | Error::TooOften => Self::Conflict,
            Error::NotFound => Self::NotFound,
            Error::Problems(_) | Error::Sealed | Error::Stored { .. } | Error::Encode(_) | Error::Shipped(_) => {
                Self::Unreadable
            }
            Error::Task => Self::Panic,
        }
    }
}
