//! Changes of the list of papers by a site (S148).
use super::{ActionRefused, ReviewError, amendment::replace_snapshot, settled};
use crate::{
    Actor, Officer, catalogue,
    db::{Conn, sql, transaction},
    snapshot, timeline,
};
use forms::{
    ids::ApplicationId,
    materials::Material,
    problem::ReviewProblem,
    review::{Item, PaperChangeDraft, ReviewAction},
    timeline::Event,
};
use uuid::Uuid;

impl Officer {
    /// Asks for a paper or drops it, with a reason that the candidate sees. The list is part of the snapshot, so notice and
    /// checklist follow it, the printed version before is not the latest any more, and after the signature nothing changes.
    pub async fn change_paper(
        &self,
        id: ApplicationId,
        version: i64,
        draft: &PaperChangeDraft,
    ) -> Result<(), ReviewError> {
        let (me, id, draft) = (self.clone(), id.uuid(), draft.clone());
        transaction!(self.registry(), [me, draft], conn => settled(me.change_paper_row(conn, id, version, &draft).await))?
    }

    async fn change_paper_row(
        &self,
        conn: &mut Conn<'_>,
        id: Uuid,
        version: i64,
        draft: &PaperChangeDraft,
    ) -> Result<(), ReviewError> {
        let registry = self.registry();
        let row = self.row(conn, id).await?;
        if !row.allows(ReviewAction::ChangePaper, self.role())? {
            return Err(ReviewProblem::NotNow.into());
        }
        let mut application = snapshot::load(conn, registry, id).await?;
        let exam = catalogue::exam_session(conn, row.session_id).await?;
        let asked = Material::of(&application, exam.last_review_day());
        let today = registry.settings().clock.now().date();
        let change = draft.check(&asked, today).map_err(ActionRefused::Fields)?;
        let row = self.begin_action(conn, id, version, ReviewAction::ChangePaper).await?;
        let item = Item::Paper(change.paper);
        // What was found about a paper that is not asked for any more is not part of the review.
        sql!(conn, execute, "DELETE FROM finding WHERE application_id = $1 AND item = $2", id, item.code())?;
        let event =
            if change.asked { Event::AskPaper { item: Some(item) } } else { Event::DropPaper { item: Some(item) } };
        application.paper_changes.push(change);
        replace_snapshot(conn, registry, &row, &application).await?;
        timeline::record(conn, registry, Actor::Staff(self.id()), &event, id).await?;
        Ok(())
    }
}
