//! Changes of a snapshot by an office: whoever holds an older printed version learns that it is not the latest any more.
use super::claim::ClaimedRow;
use crate::{
    Error, Registry, catalogue,
    db::{Conn, sql},
    printed_version,
    snapshot::{SearchColumns, snapshot_aad},
};
use forms::application::Application;

/// Replaces the snapshot and issues the printed version that shows it.
pub(super) async fn replace_snapshot(
    conn: &mut Conn<'_>,
    registry: &Registry,
    row: &ClaimedRow,
    application: &Application,
) -> Result<(), Error> {
    let (settings, id, next) = (registry.settings(), row.id, row.printed_version + 1);
    let exam = catalogue::exam_session(conn, row.session_id).await?;
    let columns = SearchColumns::of(&settings.sealer, application, &exam);
    printed_version::archive_snapshot(conn, id, row.printed_version).await?;
    printed_version::issue_printed_version(conn, registry, id, next).await?;
    let sealed = settings.sealer.seal_json(&settings.entropy, &snapshot_aad(&id), application)?;
    sql!(
        conn,
        execute,
        "UPDATE application SET snapshot_sealed = $2, name = $3, initials = $4, document_index = $5, flags = $6, paper = $7 WHERE id = $1",
        id,
        sealed,
        columns.name,
        columns.initials,
        columns.document,
        columns.flags,
        next
    )?;
    Ok(())
}
