//! The one way in which an application moves from state to state.
//!
//! [`apply`] guards the move by [`forms::status`], writes the state under conditions of version and status, runs what
//! belongs to the new state (locks of entries, printed versions), and records the event in the audit.
use crate::{
    Actor, Error, Registry,
    db::{Conn, sql},
    entry_lock::{self, KINDS, kinds_of},
    printed_version,
    snapshot::SearchColumns,
    timeline,
};
use forms::{Field, choice::Choice, review::Item, status::ApplicationStatus, timeline::Event};
use uuid::Uuid;

/// The version that guards a move.
#[derive(Clone, Copy)]
pub(crate) enum Guard {
    /// The version that was read. The move raises it.
    Raise(i64),
    /// The version to which the caller raised it earlier in the same transaction.
    Raised(i64),
}

/// What a submission writes besides the state.
pub(crate) struct Submission {
    pub(crate) serial: String,
    pub(crate) category: String,
    pub(crate) area: String,
    pub(crate) site: String,
    pub(crate) photo: Uuid,
    pub(crate) snapshot_sealed: Vec<u8>,
    pub(crate) columns: SearchColumns,
    /// The printed version that it replaces, 0 before the first.
    pub(crate) printed_version: i64,
}

/// A move of an application.
pub(crate) struct Transition<'a> {
    pub(crate) application: Uuid,
    pub(crate) from: ApplicationStatus,
    pub(crate) guard: Guard,
    pub(crate) actor: Actor,
    /// Its change of state is [`Event::transition`].
    pub(crate) event: &'a Event,
    /// For [`Event::Submit`] and [`Event::Resubmit`] only.
    pub(crate) submission: Option<Submission>,
}

/// Moves an application and returns its new state. [`Error::Conflict`] if the event cannot happen in that state, or if the
/// application is no longer in the state and version of the guard.
pub(crate) async fn apply(
    conn: &mut Conn<'_>,
    registry: &Registry,
    transition: Transition<'_>,
) -> Result<ApplicationStatus, Error> {
    let Transition { application, from, guard, actor, event, submission } = transition;
    let after = event.transition().and_then(|change| from.after(change)).ok_or(Error::Conflict)?;
    match submission {
        Some(submission) => write_submission(conn, registry, application, (from, after), guard, submission).await?,
        None => set_status(conn, registry, application, (from, after), guard).await?,
    }
    release_locks(conn, application, after, event).await?;
    if after.is_ended() {
        let now = registry.settings().clock.now();
        match event {
            Event::Discard => entry_lock::discard_copies(conn, now, application).await?,
            _ => entry_lock::settle_copies(conn, now, application).await?,
        }
    }
    if let Event::Return { items } = event {
        let names: Vec<&str> = fields_of(items).into_iter().map(Field::name).collect();
        sql!(conn, execute, "UPDATE application SET opened = $2 WHERE id = $1", application, names.join(" "))?;
    }
    timeline::record(conn, registry, actor, event, application).await?;
    Ok(after)
}

/// From the new state on it waits for whoever is next, claimed by nobody. A draft never waited and is in no queue.
async fn set_status(
    conn: &mut Conn<'_>,
    registry: &Registry,
    application: Uuid,
    (from, after): (ApplicationStatus, ApplicationStatus),
    guard: Guard,
) -> Result<(), Error> {
    let now = registry.settings().clock.now().0;
    let (version, raise) = versions(guard);
    let moved = sql!(
        conn,
        execute,
        "UPDATE application SET status = $2, version = version + $6, updated = $5, claimed_by = NULL, claimed_at = NULL,
            waiting = CASE WHEN waiting IS NULL THEN NULL ELSE $5 END
         WHERE id = $1 AND status = $3 AND version = $4",
        application,
        after.code(),
        from.code(),
        version,
        now,
        raise
    )?;
    if moved == 0 { Err(Error::Conflict) } else { Ok(()) }
}

async fn write_submission(
    conn: &mut Conn<'_>,
    registry: &Registry,
    application: Uuid,
    (from, after): (ApplicationStatus, ApplicationStatus),
    guard: Guard,
    submission: Submission,
) -> Result<(), Error> {
    let now = registry.settings().clock.now().0;
    let (version, raise) = versions(guard);
    let Submission { serial, category, area, site, photo, snapshot_sealed, columns, printed_version } = submission;
    printed_version::archive_snapshot(conn, application, printed_version).await?;
    printed_version::issue_printed_version(conn, registry, application, printed_version + 1).await?;
    let moved = sql!(
        conn, execute,
        "UPDATE application SET status = $2, version = version + $17, updated = $3, submitted = $3, serial = $4, category = $5, area = $6, site = $7,
            photo_id = $8, snapshot_sealed = $9, name = $12, initials = $13, document_index = $14, flags = $15, waiting = $3, paper = $16,
            opened = NULL, claimed_by = NULL, claimed_at = NULL
         WHERE id = $1 AND status = $11 AND version = $10",
        application, after.code(), now, serial, category, area, site, photo, snapshot_sealed, version, from.code(), columns.name,
        columns.initials, columns.document, columns.flags, printed_version + 1, raise
    )?;
    if moved == 0 { Err(Error::Conflict) } else { Ok(()) }
}

/// The version to expect, and by how much to raise it.
const fn versions(guard: Guard) -> (i64, i64) {
    match guard {
        Guard::Raise(version) => (version, 1),
        Guard::Raised(version) => (version, 0),
    }
}

/// An application that ended holds no entry; one that was returned gives up the entries of the returned items (X28).
async fn release_locks(
    conn: &mut Conn<'_>,
    application: Uuid,
    after: ApplicationStatus,
    event: &Event,
) -> Result<(), Error> {
    let doubted = match event {
        Event::Return { items } | Event::Reject { items } => kinds_of(&fields_of(items)),
        Event::Lapse { item } => kinds_of(&fields_of(item.as_slice())),
        _ => Vec::new(),
    };
    let released = if after.is_ended() {
        KINDS.to_vec()
    } else if after == ApplicationStatus::Returned {
        doubted.clone()
    } else {
        return Ok(());
    };
    entry_lock::release_kinds(conn, application, &released, &doubted).await
}

/// The fields that some items open, each once.
fn fields_of(items: &[Item]) -> Vec<Field> {
    let mut fields = Vec::new();
    for field in items.iter().flat_map(|item| item.editable_fields()) {
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
    fields
}
