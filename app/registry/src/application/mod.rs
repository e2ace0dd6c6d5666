//! Applications of a candidate: drafts as typed, submission, withdrawal. Moves from state to state are made by
//! [`transition`](crate::transition).
mod draft;
mod submit;
mod view;
mod withdraw;

pub use draft::Saved;
pub(crate) use draft::unsubmitted_drafts;
pub use submit::SubmitError;
pub(crate) use view::view;
pub use view::{ApplicationRow, ApplicationView};

use crate::{Error, db::Conn, db::sql};
use forms::{choice::Choice, status::ApplicationStatus};
use uuid::Uuid;

/// The associated data of a sealed draft.
fn draft_aad(application: &Uuid) -> [&[u8]; 2] {
    [b"application", application.as_bytes()]
}

fn status_of(application: Uuid, code: &str) -> Result<ApplicationStatus, Error> {
    ApplicationStatus::parse(code).map_err(|_| Error::stored("application", "status", application))
}

#[derive(sqlx::FromRow)]
struct StatusRow {
    id: Uuid,
    status: String,
}

/// Whether an account has a live application in a session (S123).
async fn has_live(conn: &mut Conn<'_>, account: Uuid, session: Uuid) -> Result<bool, Error> {
    let rows = sql!(
        conn,
        fetch_all as StatusRow,
        "SELECT id, status FROM application WHERE account_id = $1 AND session_id = $2",
        account,
        session
    )?;
    for row in rows {
        if status_of(row.id, &row.status)?.is_live() {
            return Ok(true);
        }
    }
    Ok(false)
}
