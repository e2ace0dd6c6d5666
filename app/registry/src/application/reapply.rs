//! Applying again in the place of an application that was submitted.
use super::{
    draft::{NewDraft, insert_draft},
    error::{SubmitError, retrying},
    profile_change::with_profile,
    standing::{hold, standing},
    withdraw::check_allowed,
};
use crate::{
    Candidate, Error, Registry,
    db::{Conn, sql, transaction},
};
use forms::{
    application::{ApplicationDraft, ConfirmDraft},
    choice::Choice,
    ids::{AccountId, ApplicationId},
    journey::Step,
    status::ApplicationStatus,
};
use uuid::Uuid;

impl Candidate {
    /// Begins an application that is to replace one that was submitted (S53, X1): a draft with its answers, those of the profile
    /// where they were changed since, and without the declaration, which is made anew. The submitted one stays valid until the
    /// draft is submitted. A draft of the session that is there already is continued.
    pub async fn reapply(&self, id: ApplicationId) -> Result<ApplicationId, SubmitError> {
        // An office may act on it between reading and holding it.
        retrying(|| self.clone().try_reapply(id)).await
    }

    async fn try_reapply(self, id: ApplicationId) -> Result<ApplicationId, SubmitError> {
        let (account, registry, id) = (self.account(), self.registry().clone(), id.uuid());
        let fresh = registry.settings().entropy.uuid(registry.settings().clock.now());
        let begun: Result<Result<Uuid, SubmitError>, Error> = transaction!(self.registry(), [registry], conn => {
            let at = standing(conn, account.uuid(), id).await?;
            if let Err(error) = check_allowed(conn, &registry, &at).await {
                return error.or_refused();
            }
            hold(conn, &at).await?;
            let existing = sql!(
                conn, fetch_optional as (Uuid,),
                "UPDATE application SET replaces = $4 WHERE account_id = $1 AND session_id = $2 AND status = $3 RETURNING id",
                account.uuid(), at.session, ApplicationStatus::Draft.code(), id
            )?;
            if let Some((draft,)) = existing {
                return Ok(Ok(draft));
            }
            copy(conn, &registry, account, (id, fresh, at.session)).await?;
            Ok(Ok(fresh))
        });
        begun?.map(ApplicationId::from)
    }
}

/// Writes the answers of an application as a new draft that is to replace it.
async fn copy(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: AccountId,
    (id, fresh, session): (Uuid, Uuid, Uuid),
) -> Result<(), Error> {
    let (stored, _) = with_profile(conn, registry, account.uuid(), id).await?;
    let confirm = ConfirmDraft { declaration: String::new(), ..stored.confirm.clone() };
    // Nobody has tried to submit this one, so nothing that it lacks is a mistake yet.
    let attempted = stored.attempted.iter().copied().filter(|step| *step != Step::Confirm).collect();
    let draft = ApplicationDraft { confirm, attempted, ..stored };
    insert_draft(conn, registry, account, NewDraft { id: fresh, session, draft: &draft, replaces: Some(id) }).await
}
