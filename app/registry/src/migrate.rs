//! Data that a migration in SQL cannot make. The tables themselves are brought up to date by [`Registry::open`].
use crate::{
    Error, Registry, catalogue,
    db::{sql, transaction},
    printed_version, snapshot,
    snapshot::SearchColumns,
};
use uuid::Uuid;

/// Applications of one transaction.
const BATCH: i64 = 50;

/// A submitted application without the columns of migration 3.
#[derive(Clone, sqlx::FromRow)]
struct Submitted {
    id: Uuid,
    session_id: Uuid,
    submitted: i64,
}

impl Registry {
    /// Fills the columns that migration 3 added for applications submitted before it: those by which staff search, and the
    /// first printed version. Running it again, or on several nodes at once, changes nothing.
    pub async fn migrate(&self) -> Result<(), Error> {
        loop {
            let rows = self
                .read(|conn| {
                    Box::pin(async move {
                        Ok(sql!(
                            conn,
                            fetch_all as Submitted,
                            "SELECT id, session_id, submitted FROM application
                             WHERE waiting IS NULL AND submitted IS NOT NULL AND snapshot_sealed IS NOT NULL LIMIT $1",
                            BATCH
                        )?)
                    })
                })
                .await?;
            if rows.is_empty() {
                return Ok(());
            }
            let registry = self.clone();
            transaction!(self, [registry, rows], conn => {
                for Submitted { id, session_id, submitted } in rows {
                    let exam = catalogue::exam_session(conn, session_id).await?;
                    let application = snapshot::load(conn, &registry, id).await?;
                    let columns = SearchColumns::of(&registry.settings().sealer, &application, &exam);
                    let filled = sql!(
                        conn, execute,
                        "UPDATE application SET name = $2, initials = $3, document_index = $4, flags = $5, waiting = $6, paper = 1
                         WHERE id = $1 AND waiting IS NULL",
                        id, columns.name, columns.initials, columns.document, columns.flags, submitted
                    )?;
                    // Otherwise another node filled them.
                    if filled > 0 {
                        printed_version::issue_printed_version(conn, &registry, id, 1).await?;
                    }
                }
                Ok(())
            })?;
        }
    }
}
