//! Items that were outstanding when the site approved.
use super::{
    ReviewError,
    checklist::{put_finding, verify_seen},
    history, settled,
};
use crate::{
    Actor, Error, Officer,
    db::{Conn, sql, transaction},
    snapshot, timeline,
    transition::{self, Guard, Transition},
};
use forms::{
    ids::ApplicationId,
    problem::ReviewProblem,
    review::{Finding, FindingReason, Item, ItemFinding, ReviewAction},
    timeline::Event,
};
use uuid::Uuid;

impl Officer {
    /// Settles an outstanding item: it was handed in, or it was not by its day and ends the application (X31).
    pub async fn settle(
        &self,
        id: ApplicationId,
        version: i64,
        item: Item,
        handed_in: bool,
    ) -> Result<(), ReviewError> {
        let (me, id) = (self.clone(), id.uuid());
        transaction!(self.registry(), [me], conn => settled(me.settle_row(conn, id, version, (item, handed_in)).await))?
    }

    async fn settle_row(
        &self,
        conn: &mut Conn<'_>,
        id: Uuid,
        version: i64,
        (item, handed_in): (Item, bool),
    ) -> Result<(), ReviewError> {
        let registry = self.registry();
        let now = registry.settings().clock.now();
        self.row(conn, id).await?;
        let all = history::findings(conn, registry, id).await?;
        let open = all.into_iter().map(|one| one.found).find(|one| one.item == item && one.finding == Finding::Later);
        let found = open.ok_or(Error::NotFound)?;
        if !handed_in && found.due.is_some_and(|due| now.date() <= due) {
            return Err(ReviewProblem::NotOverdue.into());
        }
        let row = self.begin_action(conn, id, version, ReviewAction::Settle).await?;
        let finding = if handed_in { Finding::Pass } else { Finding::Fail };
        let reason = if handed_in { found.reason } else { Some(FindingReason::Missing) };
        let found = ItemFinding { finding, reason, ..found };
        put_finding(conn, registry, id, &found).await?;
        let actor = Actor::Staff(self.id());
        if handed_in {
            // Only this item: a mark that was withdrawn elsewhere stays withdrawn.
            let application = snapshot::load(conn, registry, id).await?;
            verify_seen(conn, id, &application, &[found], now).await?;
            sql!(conn, execute, "UPDATE application SET claimed_by = NULL, claimed_at = NULL WHERE id = $1", id)?;
            timeline::record(conn, registry, actor, &Event::Settle { item: Some(item) }, id).await?;
            return Ok(());
        }
        let transition = Transition {
            application: id,
            from: row.status()?,
            guard: Guard::Raised(row.version),
            actor,
            event: &Event::Lapse { item: Some(item) },
            submission: None,
        };
        transition::apply(conn, registry, transition).await?;
        Ok(())
    }
}
