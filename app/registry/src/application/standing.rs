//! Where the applications of an account stand.
use crate::{
    Error,
    db::{Conn, sql},
};
use forms::{choice::Choice, ids::ApplicationId, status::ApplicationStatus};
use uuid::Uuid;

/// The state that a code means.
pub(super) fn status_of(application: Uuid, code: &str) -> Result<ApplicationStatus, Error> {
    ApplicationStatus::parse(code).map_err(|_| Error::stored("application", "status", application))
}

#[derive(sqlx::FromRow)]
struct StatusRow {
    id: Uuid,
    status: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    session_id: Uuid,
    status: String,
    version: i64,
}

impl Row {
    fn standing(self) -> Result<Standing, Error> {
        let Self { id, session_id, status, version } = self;
        Ok(Standing { application: id, session: session_id, status: status_of(id, &status)?, version })
    }
}

/// Where an application of an account stands.
pub(super) struct Standing {
    pub(super) application: Uuid,
    pub(super) session: Uuid,
    pub(super) status: ApplicationStatus,
    pub(super) version: i64,
}

pub(super) async fn standing(conn: &mut Conn<'_>, account: Uuid, id: Uuid) -> Result<Standing, Error> {
    let row = sql!(
        conn,
        fetch_optional as Row,
        "SELECT id, session_id, status, version FROM application WHERE id = $1 AND account_id = $2",
        id,
        account
    )?
    .ok_or(Error::NotFound)?;
    row.standing()
}

/// Holds an application where it stands: nobody moves or ends it between here and the end of the transaction. [`Error::Conflict`] where
/// somebody did since it was read.
pub(super) async fn hold(conn: &mut Conn<'_>, at: &Standing) -> Result<(), Error> {
    let held = sql!(
        conn,
        execute,
        "UPDATE application SET updated = updated WHERE id = $1 AND version = $2",
        at.application,
        at.version
    )?;
    if held == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// Where all applications of an account stand.
pub(super) async fn all_of(conn: &mut Conn<'_>, account: Uuid) -> Result<Vec<Standing>, Error> {
    let rows = sql!(
        conn,
        fetch_all as Row,
        "SELECT id, session_id, status, version FROM application WHERE account_id = $1",
        account
    )?;
    rows.into_iter().map(Row::standing).collect()
}

/// The live application of an account in a session (S123).
pub(super) async fn live_of(conn: &mut Conn<'_>, account: Uuid, session: Uuid) -> Result<Option<Uuid>, Error> {
    let rows = sql!(
        conn,
        fetch_all as StatusRow,
        "SELECT id, status FROM application WHERE account_id = $1 AND session_id = $2",
        account,
        session
    )?;
    for row in rows {
        if status_of(row.id, &row.status)?.is_live() {
            return Ok(Some(row.id));
        }
    }
    Ok(None)
}

/// The application that a draft replaces, as long as it is live: one that ended meanwhile is in nobody's way.
pub(super) async fn replaced(
    conn: &mut Conn<'_>,
    account: Uuid,
    replaces: Option<Uuid>,
) -> Result<Option<ApplicationId>, Error> {
    let Some(replaces) = replaces else { return Ok(None) };
    let at = standing(conn, account, replaces).await?;
    Ok(at.status.is_live().then_some(replaces.into()))
}
