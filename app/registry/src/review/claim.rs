//! Claims: a reviewer takes a record, so that two people do not review it at once. Every action begins with one.
use super::{ReviewError, settled};
use crate::{
    Error, Moment, Officer,
    db::{Conn, sql, transaction},
};
use forms::{
    application::Flag,
    choice::Choice,
    ids::ApplicationId,
    problem::ReviewProblem,
    review::{ReviewAction, Role},
    status::ApplicationStatus,
};
use sqlx::FromRow;
use uuid::Uuid;

/// Seconds after which a claim without an action ends.
pub(super) const CLAIM_SECONDS: i64 = 20 * 60;

/// Who has claimed a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The name that colleagues see.
    pub name: String,
    /// Whether it is the officer who asks.
    pub mine: bool,
}

/// The claim columns of an application.
#[derive(Clone, FromRow)]
pub(super) struct ClaimColumns {
    claimed_by: Option<Uuid>,
    claimed_at: Option<i64>,
    claimed_name: Option<String>,
}
impl ClaimColumns {
    fn holder(&self, now: Moment) -> Option<Uuid> {
        let is_fresh = self.claimed_at.is_some_and(|at| Moment(at).plus_seconds(CLAIM_SECONDS) > now);
        self.claimed_by.filter(|_| is_fresh)
    }
    /// The claim, as an officer sees it.
    pub(super) fn seen_by(self, officer: &Officer, now: Moment) -> Option<Claim> {
        let holder = self.holder(now)?;
        Some(Claim { name: self.claimed_name.unwrap_or_default(), mine: holder == officer.id().uuid() })
    }
}

/// An application of an office, as its actions need it.
#[derive(FromRow)]
pub(super) struct ClaimedRow {
    pub(super) id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) session_id: Uuid,
    status: String,
    pub(super) version: i64,
    #[sqlx(rename = "paper")]
    pub(super) printed_version: i64,
    site: Option<String>,
    area: Option<String>,
    #[sqlx(rename = "waiting")]
    pub(super) waiting_since: Option<i64>,
    flags: i64,
    #[sqlx(flatten)]
    pub(super) claim: ClaimColumns,
}
impl ClaimedRow {
    /// Whether the record is in a state in which this office may do it.
    pub(super) fn allows(&self, action: ReviewAction, role: Role) -> Result<bool, Error> {
        let on_site = !Flag::of_bits(self.flags).contains(&Flag::WithoutReview);
        Ok(action.is_open(role, self.status()?, on_site))
    }
    pub(super) fn status(&self) -> Result<ApplicationStatus, Error> {
        ApplicationStatus::parse(&self.status).map_err(|_| Error::stored("application", "status", self.id))
    }
}

impl Officer {
    /// The row of an application of this office.
    pub(super) async fn row(&self, conn: &mut Conn<'_>, id: Uuid) -> Result<ClaimedRow, Error> {
        let row = sql!(
            conn, fetch_optional as ClaimedRow,
            "SELECT application.id, account_id, session_id, status, version, paper, site, area, waiting, claimed_by, claimed_at,
                staff.name AS claimed_name, flags
             FROM application LEFT JOIN staff ON staff.id = claimed_by WHERE application.id = $1 AND waiting IS NOT NULL",
            id
        )?;
        row.filter(|row| self.sees(row.site.as_deref(), row.area.as_deref())).ok_or(Error::NotFound)
    }

    /// Claims a record, unless somebody else has it; `false` gives it back.
    pub async fn claim(&self, id: ApplicationId, take: bool) -> Result<(), ReviewError> {
        let (me, id) = (self.clone(), id.uuid());
        transaction!(self.registry(), [me], conn => settled(me.claim_row(conn, id, take).await))?
    }
    async fn claim_row(&self, conn: &mut Conn<'_>, id: Uuid, take: bool) -> Result<(), ReviewError> {
        let now = self.registry().settings().clock.now();
        let row = self.row(conn, id).await?;
        if !row.allows(ReviewAction::Claim, self.role())? {
            return Err(ReviewProblem::NotNow.into());
        }
        let (by, at) = if take { (Some(self.id().uuid()), Some(now.0)) } else { (None, None) };
        let claimed = sql!(
            conn,
            execute,
            "UPDATE application SET claimed_by = $2, claimed_at = $3 WHERE id = $1 AND (claimed_by IS NULL OR claimed_by = $4 OR claimed_at <= $5)",
            id,
            by,
            at,
            self.id().uuid(),
            now.plus_seconds(-CLAIM_SECONDS).0
        )?;
        if claimed == 0 { Err(ReviewProblem::ClaimedByOther.into()) } else { Ok(()) }
    }

    /// Begins an action: the record is this office's, in the version that was read, in a state that allows the action, and
    /// claimed by nobody else. The version is raised first, so that a concurrent action gets [`Error::Conflict`]; the
    /// returned row has the raised version.
    pub(super) async fn begin_action(
        &self,
        conn: &mut Conn<'_>,
        id: Uuid,
        version: i64,
        action: ReviewAction,
    ) -> Result<ClaimedRow, ReviewError> {
        let now = self.registry().settings().clock.now();
        let row = self.row(conn, id).await?;
        if !row.allows(action, self.role())? {
            return Err(ReviewProblem::NotNow.into());
        }
        if row.claim.holder(now).is_some_and(|by| by != self.id().uuid()) {
            return Err(ReviewProblem::ClaimedByOther.into());
        }
        let raised = sql!(
            conn,
            execute,
            "UPDATE application SET version = version + 1, updated = $4, claimed_by = $5, claimed_at = $4
             WHERE id = $1 AND version = $2 AND status = $3 AND (claimed_by IS NULL OR claimed_by = $5 OR claimed_at <= $6)",
            id,
            version,
            &row.status,
            now.0,
            self.id().uuid(),
            now.plus_seconds(-CLAIM_SECONDS).0
        )?;
        if raised == 0 {
            return Err(Error::Conflict.into());
        }
        Ok(ClaimedRow { version: version + 1, ..row })
    }
}
