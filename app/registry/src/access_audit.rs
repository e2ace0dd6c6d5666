//! What the audit says about access: log-ins that failed, records that were looked at, and what was asked for and refused.
//!
//! None of it changes anything, and any client can cause as much of it as it likes: each is written at most once in a given
//! time for each party. The codes begin with `access.`, `account.` and `staff.`; those of `access.` have a record for their
//! subject and are no part of its timeline.
use crate::{
    Actor, Error, Registry, audit,
    db::transaction,
    throttle::{is_first_within, may_be_first_within},
};
use uuid::Uuid;

/// Seconds in which the same officer is written down once as having looked at the same record.
const VIEW: i64 = 600;
/// Seconds in which one party is written down once as having been refused.
const REFUSAL: i64 = 60;

impl Registry {
    /// Writes an audit row, unless one of the same action was written for this party within so many seconds.
    pub(crate) async fn audit_once_within(
        &self,
        seconds: i64,
        party: &str,
        actor: Actor,
        action: &'static str,
        subject: Uuid,
    ) -> Result<(), Error> {
        let now = self.settings().clock.now();
        let bucket = self.settings().sealer.blind_index("audited", &format!("{action} {party}"));
        let find = bucket.clone();
        let may = self.read(move |conn| Box::pin(async move { may_be_first_within(conn, &find, now, seconds).await }));
        if !may.await? {
            return Ok(());
        }
        let registry = self.clone();
        transaction!(self, [registry, bucket], conn => {
            if is_first_within(conn, &bucket, now, seconds).await? {
                audit::record(conn, &registry, actor, action, subject).await?;
            }
            Ok(())
        })
    }

    /// Writes down that somebody of the staff looked at a record.
    pub(crate) async fn audit_view(&self, actor: Actor, record: Uuid) -> Result<(), Error> {
        let party = format!("{} {record}", actor.id());
        self.audit_once_within(VIEW, &party, actor, "access.view", record).await
    }

    /// Writes down that somebody who is logged in asked for something that is not theirs or not there. The two are written
    /// alike, since they are answered alike and take the same time.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn audit_refusal(&self, actor: Actor, subject: Uuid) -> Result<(), Error> {
        let party = actor.id().to_string();
        self.audit_once_within(REFUSAL, &party, actor, "access.refused", subject).await
    }

    /// Writes down that a log-in or a recovery failed. Names and documents that nobody has are one party together.
    pub(crate) async fn audit_failed_login(&self, account: Option<Uuid>, action: &'static str) -> Result<(), Error> {
        let account = account.unwrap_or_default();
        self.audit_once_within(REFUSAL, &account.to_string(), Actor::System, action, account).await
    }
}
