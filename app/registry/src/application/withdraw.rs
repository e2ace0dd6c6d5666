//! Withdrawing an application.
use super::{StatusRow, status_of};
use crate::{
    Actor, Candidate, Error,
    db::{sql, transaction},
    transition::{self, Guard, Transition},
};
use forms::{ids::ApplicationId, status::ApplicationStatus, timeline::Event};

#[derive(sqlx::FromRow)]
struct Withdrawn {
    #[sqlx(flatten)]
    state: StatusRow,
    version: i64,
}

impl Candidate {
    /// Discards a draft, so that another application of the session can be begun. [`Error::NotFound`] for anything else.
    pub async fn discard(&self, id: ApplicationId) -> Result<(), Error> {
        let (registry, account, id) = (self.registry().clone(), self.account(), id.uuid());
        transaction!(self.registry(), [registry], conn => {
            let row = sql!(
                conn, fetch_optional as Withdrawn, "SELECT id, status, version FROM application WHERE id = $1 AND account_id = $2",
                id, account.uuid()
            )?
            .ok_or(Error::NotFound)?;
            let from = status_of(id, &row.state.status)?;
            if from != ApplicationStatus::Draft {
                return Err(Error::NotFound);
            }
            let transition = Transition {
                application: id,
                from,
                guard: Guard::Raise(row.version),
                actor: Actor::Candidate(account),
                event: &Event::Discard,
                submission: None,
            };
            transition::apply(conn, &registry, transition).await.map(drop)
        })
    }
}
