//! Withdrawing an application: a draft, or what was submitted.
use super::{
    error::{SubmitError, retrying},
    standing::{Standing, all_of, standing},
};
use crate::{
    Actor, Candidate, Error, Registry, catalogue,
    db::{Conn, transaction},
    transition::{self, Guard, Transition},
};
use forms::{
    Code, Field,
    ids::ApplicationId,
    journey::Step,
    problem::{ApplicationProblem, WithdrawalProblem},
    status::{ApplicationStatus, Withdrawal},
    timeline::Event,
};
use uuid::Uuid;

fn refused(code: impl Into<Code>) -> SubmitError {
    SubmitError::one(Step::Confirm, Field::Form, code)
}

/// Whether a submitted application may be withdrawn or replaced now (S52, S53).
pub(super) async fn check_allowed(conn: &mut Conn<'_>, registry: &Registry, at: &Standing) -> Result<(), SubmitError> {
    let exam = catalogue::exam_session(conn, at.session).await?;
    match at.status.withdrawal(exam.is_open(registry.decision_time())) {
        Some(Withdrawal::Allowed) => Ok(()),
        Some(Withdrawal::WindowClosed) => Err(refused(ApplicationProblem::WindowClosed)),
        Some(Withdrawal::AskOffice) => Err(refused(WithdrawalProblem::Approved)),
        None => Err(Error::NotFound.into()),
    }
}

impl Candidate {
    /// Discards a draft, so that another application of the session can be begun. [`Error::NotFound`] for anything else.
    pub async fn discard(&self, id: ApplicationId) -> Result<(), Error> {
        let (registry, account, id) = (self.registry().clone(), self.account(), id.uuid());
        transaction!(self.registry(), [registry], conn => {
            let at = standing(conn, account.uuid(), id).await?;
            if at.status != ApplicationStatus::Draft {
                return Err(Error::NotFound);
            }
            end(conn, &registry, Actor::Candidate(account), &at, &Event::Discard).await
        })
    }

    /// Withdraws what was submitted (S52): within the window of online application, before an office approved it. Its entries
    /// are free for changes unless another application holds them (S125), and its printed versions are void. What was withdrawn
    /// already stays so.
    pub async fn withdraw(&self, id: ApplicationId) -> Result<(), SubmitError> {
        // An office may act on it between reading and ending it.
        retrying(|| self.clone().try_withdraw(id)).await
    }

    async fn try_withdraw(self, id: ApplicationId) -> Result<(), SubmitError> {
        let (registry, account, id) = (self.registry().clone(), self.account(), id.uuid());
        transaction!(self.registry(), [registry], conn => {
            let at = standing(conn, account.uuid(), id).await?;
            if at.status == ApplicationStatus::Abandoned {
                return Ok(Ok(()));
            }
            if let Err(error) = check_allowed(conn, &registry, &at).await {
                return error.or_refused();
            }
            end(conn, &registry, Actor::Candidate(account), &at, &Event::Withdraw).await?;
            Ok(Ok(()))
        })?
    }
}

/// Discards all drafts of an account, unless there is an application that was submitted and not withdrawn: then nothing, and `false`.
pub(crate) async fn discard_drafts(
    conn: &mut Conn<'_>,
    registry: &Registry,
    actor: Actor,
    account: Uuid,
) -> Result<bool, Error> {
    let all = all_of(conn, account).await?;
    if all.iter().any(|at| !matches!(at.status, ApplicationStatus::Draft | ApplicationStatus::Abandoned)) {
        return Ok(false);
    }
    for at in all.iter().filter(|at| at.status == ApplicationStatus::Draft) {
        end(conn, registry, actor, at, &Event::Discard).await?;
    }
    Ok(true)
}

/// Ends an application.
pub(super) async fn end(
    conn: &mut Conn<'_>,
    registry: &Registry,
    actor: Actor,
    at: &Standing,
    event: &Event,
) -> Result<(), Error> {
    let transition = Transition {
        application: at.application,
        from: at.status,
        guard: Guard::Raise(at.version),
        actor,
        event,
        submission: None,
    };
    transition::apply(conn, registry, transition).await.map(drop)
}
