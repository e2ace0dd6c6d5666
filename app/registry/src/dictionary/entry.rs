//! Entries of the dictionaries. Each version of an entry is a row under the generation that brought it; the row of the highest
//! generation counts.
use super::DictionaryKind;
use crate::{
    Error, Registry,
    db::{Conn, sql},
};
use forms::ids::DictionaryId;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// An entry as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Kept under every name.
    pub id: DictionaryId,
    /// The current name.
    pub name: String,
    /// Earlier names, and names of entries that were merged into it (S28).
    pub former_names: Vec<String>,
    /// Two digits of the provincial unit, or empty.
    pub region: String,
    /// Orders entries that match equally well, the heaviest first.
    pub weight: u8,
    /// The majors that a broad major includes (S29).
    pub includes: Vec<String>,
    /// The entry that it was merged into.
    pub merged_into: Option<DictionaryId>,
    /// Whether it may be chosen.
    pub active: bool,
}

/// A stored version of an entry.
#[derive(sqlx::FromRow)]
pub(super) struct EntryRow {
    pub(super) id: Uuid,
    pub(super) generation: Uuid,
    name: String,
    former: String,
    region: String,
    weight: i64,
    includes: String,
    merged_into: Option<Uuid>,
    active: bool,
}
#[derive(sqlx::FromRow)]
struct KindRow {
    kind: String,
    #[sqlx(flatten)]
    entry: EntryRow,
}

/// Several names in one column, a line each.
pub(super) fn to_lines(names: &[String]) -> String {
    names.join("\n")
}
fn from_lines(lines: &str) -> Vec<String> {
    lines.lines().map(str::to_owned).collect()
}

impl From<EntryRow> for Entry {
    fn from(row: EntryRow) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            former_names: from_lines(&row.former),
            region: row.region,
            weight: row.weight.clamp(0, 255) as u8,
            includes: from_lines(&row.includes),
            merged_into: row.merged_into.map(Into::into),
            active: row.active,
        }
    }
}
impl Entry {
    /// A new entry, ready to be chosen.
    pub(crate) fn new(kind: DictionaryKind, name: &str, region: &str) -> Self {
        Self {
            id: Self::id_of(kind, name, region),
            name: name.to_owned(),
            former_names: Vec::new(),
            region: region.to_owned(),
            weight: 0,
            includes: Vec::new(),
            merged_into: None,
            active: true,
        }
    }
    /// Adds a name by which the entry is found as well.
    pub(crate) fn add_alias(&mut self, name: &str) {
        if !name.is_empty() && name != self.name && !self.former_names.iter().any(|known| known == name) {
            self.former_names.push(name.to_owned());
        }
    }
    /// Derived from kind, region and name, so that adding the same name twice, on whichever node, adds one entry.
    fn id_of(kind: DictionaryKind, name: &str, region: &str) -> DictionaryId {
        let mut hash = Sha256::new();
        for part in ["yikao dictionary", kind.code(), region, name] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(hash.finalize()).for_each(|(to, from)| *to = from);
        uuid::Builder::from_custom_bytes(bytes).into_uuid().into()
    }
}

/// An entry as it stands now, with its kind.
pub(crate) async fn entry(conn: &mut Conn<'_>, id: DictionaryId) -> Result<Option<(DictionaryKind, Entry)>, Error> {
    let row = sql!(
        conn,
        fetch_optional as KindRow,
        "SELECT e.id, e.generation, e.name, e.former, e.region, e.weight, e.includes, e.merged_into, e.active, e.kind \
         FROM dictionary_entry e JOIN dictionary_generation g ON g.id = e.generation \
         WHERE e.id = $1 AND g.number IS NOT NULL ORDER BY g.number DESC LIMIT 1",
        id.uuid()
    )?;
    let Some(row) = row else { return Ok(None) };
    let kind =
        DictionaryKind::parse(&row.kind).ok_or_else(|| Error::stored("dictionary_entry", "kind", row.entry.id))?;
    Ok(Some((kind, row.entry.into())))
}

/// The entry whose current name is this one in a region, active or not.
pub(crate) async fn entry_named(
    conn: &mut Conn<'_>,
    kind: DictionaryKind,
    name: &str,
    region: &str,
) -> Result<Option<Entry>, Error> {
    let found = sql!(
        conn,
        fetch_all as (Uuid,),
        "SELECT DISTINCT id FROM dictionary_entry WHERE kind = $1 AND name = $2 AND region = $3",
        kind.code(),
        name,
        region
    )?;
    for (id,) in found {
        if let Some((_, stands)) = entry(conn, id.into()).await?.filter(|(_, stands)| stands.name == name) {
            return Ok(Some(stands));
        }
    }
    Ok(None)
}

/// The only active entry whose current name is this one; nothing where several have it, in different regions.
pub(crate) async fn only_listed_as(
    conn: &mut Conn<'_>,
    kind: DictionaryKind,
    name: &str,
) -> Result<Option<Entry>, Error> {
    let ids = sql!(
        conn,
        fetch_all as (Uuid,),
        "SELECT DISTINCT id FROM dictionary_entry WHERE kind = $1 AND name = $2",
        kind.code(),
        name
    )?;
    let mut only = None;
    for (id,) in ids {
        if let Some((_, stands)) = entry(conn, id.into()).await?.filter(|(_, e)| e.name == name && e.active) {
            if only.is_some() {
                return Ok(None);
            }
            only = Some(stands);
        }
    }
    Ok(only)
}

impl Registry {
    /// An entry as it stands, with its kind.
    pub async fn dictionary_entry(&self, id: DictionaryId) -> Result<Option<(DictionaryKind, Entry)>, Error> {
        self.read(move |conn| Box::pin(entry(conn, id))).await
    }
}
