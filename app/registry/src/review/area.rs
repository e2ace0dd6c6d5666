//! The approval of the area.
use super::{ReviewError, settled};
use crate::{
    Actor, Officer,
    db::{Conn, transaction},
    transition::{self, Guard, Transition},
};
use forms::{ids::ApplicationId, review::ReviewAction, status::ApplicationStatus, timeline::Event};
use uuid::Uuid;

impl Officer {
    /// Approves a signed application for the area, or one that is not reviewed on site and so not signed (S102).
    pub async fn approve_area(&self, id: ApplicationId, version: i64) -> Result<(), ReviewError> {
        let (me, id) = (self.clone(), id.uuid());
        transaction!(self.registry(), [me], conn => settled(me.approve_row(conn, id, version).await))?
    }
    async fn approve_row(&self, conn: &mut Conn<'_>, id: Uuid, version: i64) -> Result<(), ReviewError> {
        let row = self.begin_action(conn, id, version, ReviewAction::ApproveArea).await?;
        let transition = Transition {
            application: id,
            from: row.status()?,
            guard: Guard::Raised(row.version),
            actor: Actor::Staff(self.id()),
            event: if row.status()? == ApplicationStatus::Signed { &Event::ApproveArea } else { &Event::ApproveExempt },
            submission: None,
        };
        transition::apply(conn, self.registry(), transition).await?;
        Ok(())
    }
}
