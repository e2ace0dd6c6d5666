//! What happened to an application: events written to the audit and read back for its timeline.
use crate::{
    Actor, Error, Moment, Registry, audit,
    db::{Conn, sql},
};
use forms::{choice::Choice, review::Role, timeline::Event};
use sqlx::FromRow;
use uuid::Uuid;

/// An event of an application.
#[derive(Clone, Debug)]
pub struct TimelineEvent {
    /// When it happened.
    pub at: Moment,
    /// What happened. Its data is empty: the audit keeps the code alone.
    pub event: Event,
    /// The office that did it, with the code of its site or area; nothing for the candidate.
    pub office: Option<(Role, String)>,
}

#[derive(FromRow)]
struct EventRow {
    id: Uuid,
    at: i64,
    action: String,
    role: Option<String>,
    scope: Option<String>,
}

/// Writes the audit row of an event.
pub(crate) async fn record(
    conn: &mut Conn<'_>,
    registry: &Registry,
    actor: Actor,
    event: &Event,
    application: Uuid,
) -> Result<(), Error> {
    audit::record(conn, registry, actor, event.code(), application).await
}

/// The events of an application, the oldest first. Who looked at it, and who asked for it in vain, is no event of it.
pub(crate) async fn events(conn: &mut Conn<'_>, application: Uuid) -> Result<Vec<TimelineEvent>, Error> {
    let rows = sql!(
        conn,
        fetch_all as EventRow,
        "SELECT audit.id, at, action, role, scope FROM audit LEFT JOIN staff ON staff.id = actor WHERE subject = $1
         AND action NOT LIKE 'access.%' ORDER BY at, audit.id",
        application
    )?;
    let event = |row: EventRow| {
        let event = Event::parse(&row.action).ok_or_else(|| Error::stored("audit", "action", row.id))?;
        let office = row.role.and_then(|role| Some((Role::parse(&role).ok()?, row.scope?)));
        Ok(TimelineEvent { at: Moment(row.at), event, office })
    };
    rows.into_iter().map(event).collect()
}
