//! Deletes what expired. Each of these is also deleted where somebody comes across it; this is for what nobody comes back to.
use super::Progress;
use crate::{Error, Registry, db::sql, db::transaction};
use uuid::Uuid;

/// How many rows of a table are deleted in one run.
const BATCH: i64 = 500;
/// Days for which an expired session is kept.
const SESSION_DAYS: i64 = 30;
/// Days for which a process that served is remembered.
const NODE_DAYS: i64 = 1;
/// Days for which a job that is done is listed.
const JOB_DAYS: i64 = 7;

/// Reads which rows of a table expired, outside any transaction since not all of these columns have an index, and deletes
/// them one by one under the same condition. Yields whether there may be more.
macro_rules! purge {
    ($registry:expr, $key:ty, $before:expr, $find:literal, $delete:literal) => {{
        let before: i64 = $before;
        let found = $registry
            .read(move |conn| {
                Box::pin(async move { Ok(sql!(conn, fetch_all as ($key,), $find, before, BATCH)?) })
            })
            .await?;
        let count = found.len();
        if count > 0 {
            transaction!($registry, [found], conn => {
                for (key,) in found {
                    sql!(conn, execute, $delete, key, before)?;
                }
                Ok(())
            })?;
        }
        count as i64 == BATCH
    }};
}

impl Registry {
    /// Deletes a batch of what expired: posts parked for a log-in that never came, what was typed at
    /// registration, files of requests that were not sent, sessions, windows of attempts, imports that
    /// broke off, processes that ended, and jobs that were done some time ago.
    pub async fn purge_expired(&self) -> Result<Progress, Error> {
        let now = self.settings().clock.now();
        let mut more = self.purge_parked_forms().await?;
        more |= purge!(
            self,
            Vec<u8>,
            now.plus_days(-SESSION_DAYS).0,
            "SELECT token_hash FROM session WHERE expires < $1 LIMIT $2",
            "DELETE FROM session WHERE token_hash = $1 AND expires < $2"
        );
        more |= purge!(
            self,
            Vec<u8>,
            now.plus_days(-SESSION_DAYS).0,
            "SELECT token_hash FROM staff_session WHERE expires < $1 LIMIT $2",
            "DELETE FROM staff_session WHERE token_hash = $1 AND expires < $2"
        );
        more |= purge!(
            self,
            Vec<u8>,
            now.plus_seconds(-3600).0,
            "SELECT bucket FROM throttle WHERE since < $1 LIMIT $2",
            "DELETE FROM throttle WHERE bucket = $1 AND since < $2"
        );
        more |= purge!(
            self,
            Vec<u8>,
            now.0,
            "SELECT token_hash FROM registration_draft WHERE expires < $1 LIMIT $2",
            "DELETE FROM registration_draft WHERE token_hash = $1 AND expires < $2"
        );
        more |= purge!(
            self,
            Uuid,
            now.0,
            "SELECT account_id FROM kept_evidence WHERE expires < $1 LIMIT $2",
            "DELETE FROM kept_evidence WHERE account_id = $1 AND expires < $2"
        );
        more |= purge!(
            self,
            Uuid,
            now.plus_days(-JOB_DAYS).0,
            "SELECT id FROM job WHERE state = 'done' AND finished < $1 LIMIT $2",
            "DELETE FROM job WHERE id = $1 AND state = 'done' AND finished < $2"
        );
        more |= purge!(
            self,
            Uuid,
            now.plus_days(-NODE_DAYS).0,
            "SELECT id FROM node WHERE seen < $1 LIMIT $2",
            "DELETE FROM node WHERE id = $1 AND seen < $2"
        );
        self.drop_given_up().await?;
        Ok(if more { Progress::More } else { Progress::Done })
    }

    async fn purge_parked_forms(&self) -> Result<bool, Error> {
        let now = self.settings().clock.now();
        let found = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn,
                        fetch_all as (Uuid, Vec<u8>),
                        "SELECT account_id, path_hash FROM parked_form WHERE expires < $1 LIMIT $2",
                        now.0,
                        BATCH
                    )?)
                })
            })
            .await?;
        let more = found.len() as i64 == BATCH;
        if found.is_empty() {
            return Ok(false);
        }
        transaction!(self, [found], conn => {
            for (account, path_hash) in found {
                sql!(
                    conn, execute, "DELETE FROM parked_form WHERE account_id = $1 AND path_hash = $2 AND expires < $3",
                    account, path_hash, now.0
                )?;
            }
            Ok(())
        })?;
        Ok(more)
    }
}
