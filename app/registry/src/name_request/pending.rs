//! Requested names as an office sees them: all open requests for a name together.
use super::kind_of;
use crate::{
    DictionaryKind, Error, Moment, Officer, Registry, application,
    db::{Conn, sql},
    dictionary::completion,
    profile,
};
use forms::{ids::NameRequestId, name_requests::EvidenceFormat};
use uuid::Uuid;

/// Names of a page.
const PAGE: i64 = 30;
/// Former names and files shown of a name.
const SHOWN: i64 = 10;
/// People whose drafts are searched for a name, since each sealed draft has to be opened.
pub const PEOPLE_EXAMINED: i64 = 20;

/// A requested name, with all its open requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestedName {
    /// The oldest request, which identifies the name.
    pub id: NameRequestId,
    pub kind: DictionaryKind,
    pub name: String,
    /// Two digits of the provincial unit, or empty.
    pub region: String,
    /// When it was first requested.
    pub since: Moment,
    /// The number of candidates who requested it.
    pub people: usize,
    /// Former names that they gave, ten at most.
    pub former: Vec<String>,
    /// Requests with a file, and its format; the oldest ten.
    pub evidence: Vec<(NameRequestId, EvidenceFormat)>,
    /// Groups, entries and unsubmitted applications that hold the name as typed, of the first [`PEOPLE_EXAMINED`] people.
    pub affected_drafts: usize,
}

/// A page of requested names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedNames {
    /// The oldest first.
    pub names: Vec<RequestedName>,
    /// The number of all of them.
    pub all: usize,
}

#[derive(sqlx::FromRow)]
struct Pending {
    id: Uuid,
    kind: String,
    name: String,
    region: String,
    created: i64,
    people: i64,
}

impl Officer {
    /// A page of the requested names that this office answers, the oldest first: an area those of its region, the centre all,
    /// including majors and regions without an area; a site none.
    pub async fn requested_names(&self) -> Result<RequestedNames, Error> {
        let Ok((all, area)) = self.answers() else { return Ok(RequestedNames::default()) };
        let registry = self.registry().clone();
        self.registry()
            .read(move |conn| Box::pin(async move { requested_names(conn, &registry, all, area).await }))
            .await
    }
}

async fn requested_names(
    conn: &mut Conn<'_>,
    registry: &Registry,
    all: bool,
    area: String,
) -> Result<RequestedNames, Error> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM (SELECT DISTINCT kind, name, region FROM name_request WHERE state = 'open' AND ($1 OR region = $2)) AS requested",
        all,
        &area
    )?;
    let rows = sql!(
        conn,
        fetch_all as Pending,
        "SELECT id, kind, name, region, created, people FROM (
            SELECT id, kind, name, region, created, COUNT(*) OVER (PARTITION BY kind, name, region) AS people,
                ROW_NUMBER() OVER (PARTITION BY kind, name, region ORDER BY created, id) AS place
            FROM name_request WHERE state = 'open' AND ($1 OR region = $2)
         ) AS requested WHERE place = 1 ORDER BY created, id LIMIT $3",
        all,
        &area,
        PAGE
    )?;
    let mut names = Vec::new();
    for Pending { id, kind, name, region, created, people } in rows {
        let asked = sql!(
            conn,
            fetch_all as (Uuid,),
            "SELECT account_id FROM name_request WHERE kind = $1 AND name = $2 AND region = $3 AND state = 'open' ORDER BY created, id LIMIT $4",
            &kind,
            &name,
            &region,
            PEOPLE_EXAMINED
        )?;
        let former = sql!(
            conn,
            fetch_all as (String,),
            "SELECT DISTINCT former FROM name_request WHERE kind = $1 AND name = $2 AND region = $3 AND state = 'open' AND former <> ''
             ORDER BY former LIMIT $4",
            &kind,
            &name,
            &region,
            SHOWN
        )?;
        let evidence = sql!(
            conn,
            fetch_all as (Uuid, String),
            "SELECT r.id, e.media_type FROM name_request r JOIN name_evidence e ON e.request_id = r.id
             WHERE r.kind = $1 AND r.name = $2 AND r.region = $3 AND r.state = 'open' ORDER BY r.created, r.id LIMIT $4",
            &kind,
            &name,
            &region,
            SHOWN
        )?;
        let kind = kind_of(id, &kind)?;
        let mut affected_drafts = 0;
        for (account,) in asked {
            affected_drafts += affected_drafts_of(conn, registry, account, kind, &name).await?;
        }
        let file = |(id, media_type): (Uuid, String)| Some((id.into(), EvidenceFormat::parse(&media_type)?));
        names.push(RequestedName {
            id: id.into(),
            kind,
            region,
            since: Moment(created),
            people: usize::try_from(people).unwrap_or_default(),
            former: former.into_iter().map(|(former,)| former).collect(),
            evidence: evidence.into_iter().filter_map(file).collect(),
            affected_drafts,
            name,
        });
    }
    Ok(RequestedNames { names, all: usize::try_from(count).unwrap_or_default() })
}

/// How many of a person's drafts hold a name as typed, without an entry.
async fn affected_drafts_of(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
    kind: DictionaryKind,
    name: &str,
) -> Result<usize, Error> {
    let holds = |slots: Vec<completion::Slot<'_>>| {
        slots.iter().any(|slot| slot.kind == kind && slot.unlisted().as_deref() == Some(name))
    };
    let mut known = profile::stored(conn, registry, account).await?;
    let mut affected = usize::from(holds(completion::work_slots(&mut known.work.draft)));
    for entry in known.entries.iter_mut().filter(|entry| !entry.is_read_only()) {
        affected += usize::from(holds(completion::entry_slots(&mut entry.draft)));
    }
    for mut draft in application::unsubmitted_drafts(conn, registry, account).await? {
        affected += usize::from(holds(completion::work_slots(&mut draft.work)));
    }
    Ok(affected)
}
