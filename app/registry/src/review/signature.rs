//! The candidate's signature under a printed version, and marks of verified entries.
use super::{ReviewError, amendment::replace_snapshot, claim::ClaimedRow, settled};
use crate::{
    Actor, Error, Officer, PrintedVersion,
    db::{Conn, sql, transaction},
    printed_version, snapshot, timeline,
    transition::{self, Guard, Transition},
};
use forms::{
    ids::{ApplicationId, EntryId},
    problem::ReviewProblem,
    review::ReviewAction,
    timeline::Event,
};
use uuid::Uuid;

impl Officer {
    /// The version that is printed for signature.
    pub async fn printed_version(&self, id: ApplicationId) -> Result<PrintedVersion, Error> {
        let (me, id) = (self.clone(), id.uuid());
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    me.row(conn, id).await?;
                    printed_version::current(conn, me.registry(), id).await
                })
            })
            .await
    }

    /// Records that the candidate signed a printed version. From then on the database refuses every change of it (S91).
    pub async fn sign(&self, id: ApplicationId, version: i64, printed_version: i64) -> Result<(), ReviewError> {
        let (me, id) = (self.clone(), id.uuid());
        transaction!(self.registry(), [me], conn => settled(me.sign_row(conn, id, version, printed_version).await))?
    }
    async fn sign_row(
        &self,
        conn: &mut Conn<'_>,
        id: Uuid,
        version: i64,
        printed_version: i64,
    ) -> Result<(), ReviewError> {
        let now = self.registry().settings().clock.now();
        if self.row(conn, id).await?.printed_version != printed_version {
            return Err(ReviewProblem::OldPaper.into());
        }
        let row = self.begin_action(conn, id, version, ReviewAction::Sign).await?;
        let transition = Transition {
            application: id,
            from: row.status()?,
            guard: Guard::Raised(row.version),
            actor: Actor::Staff(self.id()),
            event: &Event::Sign,
            submission: None,
        };
        transition::apply(conn, self.registry(), transition).await?;
        sql!(
            conn,
            execute,
            "INSERT INTO signature (application_id, paper, at, staff_id) VALUES ($1, $2, $3, $4)",
            id,
            printed_version,
            now.0,
            self.id().uuid()
        )?;
        Ok(())
    }

    /// Marks an entry of an application as verified, or withdraws the mark (S112).
    pub async fn verify(
        &self,
        id: ApplicationId,
        version: i64,
        entry: EntryId,
        verified: bool,
    ) -> Result<(), ReviewError> {
        let (me, id) = (self.clone(), id.uuid());
        transaction!(self.registry(), [me], conn => settled(me.verify_row(conn, id, version, (entry, verified)).await))?
    }
    async fn verify_row(
        &self,
        conn: &mut Conn<'_>,
        id: Uuid,
        version: i64,
        (entry, verified): (EntryId, bool),
    ) -> Result<(), ReviewError> {
        let now = self.registry().settings().clock.now();
        self.row(conn, id).await?;
        let used = sql!(
            conn,
            fetch_optional as (Uuid,),
            "SELECT entry_id FROM application_entry WHERE application_id = $1 AND entry_id = $2",
            id,
            entry.uuid()
        )?;
        if used.is_none() {
            return Err(Error::NotFound.into());
        }
        let row = self.begin_action(conn, id, version, ReviewAction::Verify).await?;
        sql!(
            conn,
            execute,
            "UPDATE entry SET verified = $2, version = version + 1 WHERE id = $1",
            entry.uuid(),
            verified.then_some(now.0)
        )?;
        if !verified {
            self.ask_again(conn, &row, entry).await?;
        }
        let entry = Some(entry);
        let event = if verified { Event::Verify { entry } } else { Event::Unverify { entry } };
        timeline::record(conn, self.registry(), Actor::Staff(self.id()), &event, id).await?;
        Ok(())
    }

    /// The papers of an entry that was trusted are asked for again: the notice and the checklist follow the snapshot (S19).
    async fn ask_again(&self, conn: &mut Conn<'_>, row: &ClaimedRow, entry: EntryId) -> Result<(), Error> {
        let mut application = snapshot::load(conn, self.registry(), row.id).await?;
        if !application.trusts(entry) {
            return Ok(());
        }
        application.trusted.retain(|trusted| *trusted != entry);
        replace_snapshot(conn, self.registry(), row, &application).await
    }
}
