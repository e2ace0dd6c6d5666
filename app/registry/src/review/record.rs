//! One record with everything that belongs to it.
use super::{ApplicationHistory, Claim, history};
use crate::{
    Actor, ApplicationView, Error, Moment, Officer, Registry, application,
    db::{Conn, sql},
    photo,
    snapshot::snapshot_aad,
};
use forms::{application::Application, ids::ApplicationId};
use uuid::Uuid;

/// One record.
#[derive(Clone, Debug)]
pub struct Record {
    pub view: ApplicationView,
    pub history: ApplicationHistory,
    /// What was submitted before the last change.
    pub before: Option<Application>,
    /// Since when it has waited.
    pub waiting_since: Moment,
    pub claim: Option<Claim>,
}

/// The last snapshot with other answers than these.
async fn before(
    conn: &mut Conn<'_>,
    registry: &Registry,
    id: Uuid,
    now: Option<&Application>,
) -> Result<Option<Application>, Error> {
    let rows = sql!(
        conn,
        fetch_all as (Vec<u8>,),
        "SELECT snapshot_sealed FROM paper WHERE application_id = $1 AND snapshot_sealed IS NOT NULL ORDER BY version DESC",
        id
    )?;
    for (sealed,) in rows {
        let earlier: Application = registry.settings().sealer.open_json(&snapshot_aad(&id), &sealed)?;
        if now.is_some_and(|now| !now.has_answers_of(&earlier)) {
            return Ok(Some(earlier));
        }
    }
    Ok(None)
}

impl Officer {
    /// One record of this office.
    pub async fn record(&self, id: ApplicationId) -> Result<Record, Error> {
        let (me, registry, id) = (self.clone(), self.registry().clone(), id.uuid());
        let now = registry.settings().clock.now();
        let record = self.registry().read(move |conn| {
            Box::pin(async move {
                let row = me.row(conn, id).await?;
                let view = application::view(conn, &registry, row.account_id, id).await?;
                let before = before(conn, &registry, id, view.snapshot.as_ref()).await?;
                Ok(Record {
                    view,
                    history: history::load(conn, &registry, id).await?,
                    before,
                    waiting_since: Moment(row.waiting_since.unwrap_or_default()),
                    claim: row.claim.seen_by(&me, now),
                })
            })
        });
        let record = record.await?;
        // A database that takes no writes is still read.
        if let Err(error) = self.registry().audit_view(Actor::Staff(self.id()), id).await {
            tracing::warn!(%error, "a view of a record was not audited");
        }
        Ok(record)
    }

    /// The photo that an application was submitted with.
    pub async fn photo(&self, id: ApplicationId) -> Result<Vec<u8>, Error> {
        let (me, id) = (self.clone(), id.uuid());
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    me.row(conn, id).await?;
                    photo::of_application(conn, id).await
                })
            })
            .await
    }
}
