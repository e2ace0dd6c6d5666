//! What is known about an application besides its answers, to its candidate and to the offices alike.
use super::{
    checklist::finding_aad,
    correction::{CorrectionRow, correction_aad},
};
use crate::{
    Candidate, Error, Moment, PrintedVersion, Registry,
    db::{Conn, sql},
    printed_version,
    timeline::{self, TimelineEvent},
};
use forms::{
    Field,
    ids::ApplicationId,
    review::{Item, ItemFinding},
};
use uuid::Uuid;

/// A recorded signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The printed version that was signed.
    pub printed_version: i64,
    pub at: Moment,
}

/// What is known about an application besides its answers.
#[derive(Clone, Debug)]
pub struct ApplicationHistory {
    /// The oldest first.
    pub events: Vec<TimelineEvent>,
    /// The current findings.
    pub found: Vec<ItemFinding>,
    /// Items whose finding is from before the last return.
    pub to_reassess: Vec<Item>,
    /// The oldest first.
    pub corrections: Vec<(Moment, CorrectionRow)>,
    pub signature: Option<Signature>,
    /// The fields that a returned application may change.
    pub editable_fields: Vec<Field>,
    /// The current printed version.
    pub printed_version: i64,
}

#[derive(sqlx::FromRow)]
struct FindingRow {
    item: String,
    sealed: Vec<u8>,
    #[sqlx(rename = "again")]
    to_reassess: i64,
}
#[derive(sqlx::FromRow)]
struct StoredCorrection {
    id: Uuid,
    at: i64,
    sealed: Vec<u8>,
}
#[derive(sqlx::FromRow)]
struct SignatureRow {
    #[sqlx(rename = "paper")]
    printed_version: i64,
    at: i64,
}

/// A stored finding.
pub(super) struct StoredFinding {
    pub(super) found: ItemFinding,
    /// Whether it is from before the last return.
    to_reassess: bool,
}

/// The findings of an application.
pub(super) async fn findings(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<Vec<StoredFinding>, Error> {
    let rows = sql!(
        conn,
        fetch_all as FindingRow,
        "SELECT item, sealed, again FROM finding WHERE application_id = $1 ORDER BY item",
        id
    )?;
    let sealer = &registry.settings().sealer;
    let open = |row: FindingRow| {
        let found = sealer.open_json(&finding_aad(&id, &row.item), &row.sealed)?;
        Ok(StoredFinding { found, to_reassess: row.to_reassess != 0 })
    };
    rows.into_iter().map(open).collect()
}

async fn corrections(
    conn: &mut Conn<'_>,
    registry: &Registry,
    id: Uuid,
) -> Result<Vec<(Moment, CorrectionRow)>, Error> {
    let rows = sql!(
        conn,
        fetch_all as StoredCorrection,
        "SELECT id, at, sealed FROM correction WHERE application_id = $1 ORDER BY at, id",
        id
    )?;
    let sealer = &registry.settings().sealer;
    let open = |row: StoredCorrection| Ok((Moment(row.at), sealer.open_json(&correction_aad(&row.id), &row.sealed)?));
    rows.into_iter().map(open).collect()
}

/// The history of an application.
pub(super) async fn load(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<ApplicationHistory, Error> {
    let findings = findings(conn, registry, id).await?;
    let signature =
        sql!(conn, fetch_optional as SignatureRow, "SELECT paper, at FROM signature WHERE application_id = $1", id)?;
    let (printed_version, editable_fields) =
        sql!(conn, fetch_one as (i64, Option<String>), "SELECT paper, opened FROM application WHERE id = $1", id)?;
    Ok(ApplicationHistory {
        events: timeline::events(conn, id).await?,
        to_reassess: findings.iter().filter(|one| one.to_reassess).map(|one| one.found.item).collect(),
        found: findings.into_iter().map(|one| one.found).collect(),
        corrections: corrections(conn, registry, id).await?,
        signature: signature.map(|row| Signature { printed_version: row.printed_version, at: Moment(row.at) }),
        editable_fields: editable_fields.unwrap_or_default().split_whitespace().filter_map(Field::parse).collect(),
        printed_version,
    })
}

async fn check_owner(conn: &mut Conn<'_>, account: Uuid, id: Uuid) -> Result<(), Error> {
    let own = sql!(
        conn,
        fetch_optional as (Uuid,),
        "SELECT id FROM application WHERE id = $1 AND account_id = $2",
        id,
        account
    )?;
    own.map(drop).ok_or(Error::NotFound)
}

impl Candidate {
    /// The history of an application: events, findings, corrections, signature.
    pub async fn history(&self, id: ApplicationId) -> Result<ApplicationHistory, Error> {
        let (registry, account, id) = (self.registry().clone(), self.account().uuid(), id.uuid());
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    check_owner(conn, account, id).await?;
                    load(conn, &registry, id).await
                })
            })
            .await
    }
    /// The current printed version.
    pub async fn printed_version(&self, id: ApplicationId) -> Result<PrintedVersion, Error> {
        let (registry, account, id) = (self.registry().clone(), self.account().uuid(), id.uuid());
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    check_owner(conn, account, id).await?;
                    printed_version::current(conn, &registry, id).await
                })
            })
            .await
    }
}
