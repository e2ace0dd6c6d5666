//! Locks of profile entries. An entry that a live application uses is read-only (S18); `entry.locks` counts those
//! applications and `application_entry` names them.
use crate::{
    Error, Moment, Registry,
    db::{Conn, sql},
};
use forms::{Field, application::EntryView, profile::EntryKind};
use sqlx::FromRow;
use uuid::Uuid;

/// Every kind of entry.
pub(crate) const KINDS: [EntryKind; 3] = [EntryKind::Education, EntryKind::Training, EntryKind::Certificate];

#[derive(FromRow)]
struct LockedRow {
    id: Uuid,
    kind: String,
}

/// The associated data of a sealed entry.
pub(crate) fn entry_aad(entry: &Uuid) -> [&[u8]; 2] {
    [b"entry", entry.as_bytes()]
}

/// The kinds of entries among some fields.
pub(crate) fn kinds_of(fields: &[Field]) -> Vec<EntryKind> {
    let all = [
        (Field::Educations, EntryKind::Education),
        (Field::Trainings, EntryKind::Training),
        (Field::Certificates, EntryKind::Certificate),
    ];
    all.into_iter().filter(|(field, _)| fields.contains(field)).map(|(_, kind)| kind).collect()
}

/// The entries that an application holds.
pub(crate) async fn held_by(conn: &mut Conn<'_>, application: Uuid) -> Result<Vec<Uuid>, Error> {
    let rows = sql!(
        conn,
        fetch_all as (Uuid,),
        "SELECT entry_id FROM application_entry WHERE application_id = $1",
        application
    )?;
    Ok(rows.into_iter().map(|(entry,)| entry).collect())
}

/// Locks an entry at the version that was checked; [`Error::Conflict`] if it was edited since. It is stored as it was checked,
/// since a name in it may have been completed after it was saved.
pub(crate) async fn lock(
    conn: &mut Conn<'_>,
    registry: &Registry,
    application: Uuid,
    entry: &EntryView,
) -> Result<(), Error> {
    let (settings, key) = (registry.settings(), entry.id.uuid());
    let draft = settings.sealer.seal_json(&settings.entropy, &entry_aad(&key), &entry.draft)?;
    let valid = settings.sealer.seal_json(&settings.entropy, &entry_aad(&key), &entry.complete)?;
    let locked = sql!(
        conn,
        execute,
        "UPDATE entry SET locks = locks + 1, version = version + 1, draft_sealed = $3, valid_sealed = $4
         WHERE id = $1 AND version = $2 AND deleted IS NULL",
        key,
        entry.version,
        draft,
        valid
    )?;
    if locked == 0 {
        return Err(Error::Conflict);
    }
    sql!(
        conn,
        execute,
        "INSERT INTO application_entry (application_id, entry_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
        application,
        key
    )?;
    Ok(())
}

/// Releases the lock of an application on one entry.
pub(crate) async fn release(conn: &mut Conn<'_>, application: Uuid, entry: Uuid) -> Result<(), Error> {
    sql!(
        conn,
        execute,
        "UPDATE entry SET locks = locks - 1, version = version + 1 WHERE id = $1 AND locks > 0",
        entry
    )?;
    sql!(
        conn,
        execute,
        "DELETE FROM application_entry WHERE application_id = $1 AND entry_id = $2",
        application,
        entry
    )?;
    Ok(())
}

/// Settles the corrected copies of entries that an application held until it ended: a copy takes the place of its original, unless
/// another application still holds that or staff verified it.
pub(crate) async fn settle_copies(conn: &mut Conn<'_>, now: Moment, application: Uuid) -> Result<(), Error> {
    let copies = sql!(
        conn,
        fetch_all as (Uuid, Uuid),
        "SELECT copy.id, original.id FROM entry AS copy JOIN entry AS original ON original.id = copy.copy_of
         WHERE copy.account_id = (SELECT account_id FROM application WHERE id = $1) AND copy.deleted IS NULL AND original.locks = 0",
        application
    )?;
    for (copy, original) in copies {
        sql!(
            conn,
            execute,
            "UPDATE entry SET deleted = $2 WHERE id = $1 AND verified IS NULL AND deleted IS NULL",
            original,
            now.0
        )?;
        sql!(conn, execute, "UPDATE entry SET copy_of = NULL WHERE id = $1", copy)?;
    }
    Ok(())
}

/// Deletes the corrected copies that were made for a draft which is discarded.
pub(crate) async fn discard_copies(conn: &mut Conn<'_>, now: Moment, draft: Uuid) -> Result<(), Error> {
    sql!(
        conn,
        execute,
        "UPDATE entry SET deleted = $2, copy_of = NULL WHERE deleted IS NULL AND locks = 0
            AND account_id = (SELECT account_id FROM application WHERE id = $1)
            AND (copy_of IN (SELECT entry_id FROM application_entry
                    WHERE application_id = (SELECT replaces FROM application WHERE id = $1))
                OR copy_of IN (SELECT original.id FROM entry AS original WHERE original.locks = 0
                    AND original.account_id = (SELECT account_id FROM application WHERE id = $1)))",
        draft,
        now.0
    )?;
    Ok(())
}

/// Releases the locks of an application on its entries of some kinds (X28). Entries of the kinds in `doubted` also lose
/// their mark of verification: they are to be corrected, or failed.
pub(crate) async fn release_kinds(
    conn: &mut Conn<'_>,
    application: Uuid,
    kinds: &[EntryKind],
    doubted: &[EntryKind],
) -> Result<(), Error> {
    let locked = sql!(
        conn,
        fetch_all as LockedRow,
        "SELECT entry.id, entry.kind FROM application_entry JOIN entry ON entry.id = entry_id WHERE application_id = $1",
        application
    )?;
    let among = |kinds: &[EntryKind], code: &str| kinds.iter().any(|kind| kind.code() == code);
    for row in locked.iter().filter(|row| among(kinds, &row.kind)) {
        if among(doubted, &row.kind) {
            sql!(conn, execute, "UPDATE entry SET verified = NULL WHERE id = $1", row.id)?;
        }
        release(conn, application, row.id).await?;
    }
    Ok(())
}
