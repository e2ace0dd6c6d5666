//! The dictionaries in the books: versions of entries, each under the generation that brought it.
use super::{DictionaryKind, Listed};
use crate::{
    Error, Registry,
    db::{Conn, query, statements, write},
};
use forms::{ids::DictionaryId, value::ListedName};
use futures::TryStreamExt;
use sha2::{Digest, Sha256};
use sqlx::QueryBuilder;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};
use uuid::Uuid;

/// An entry as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its id, which it keeps under every name.
    pub id: DictionaryId,
    /// The name that counts.
    pub name: String,
    /// Names it had, or that of entries which became part of it (S28).
    pub former: Vec<String>,
    /// Two digits of the provincial unit, or nothing.
    pub region: String,
    /// Heavier entries come first among those that are found equally well.
    pub weight: u8,
    /// For a broad major what it includes (S29), a name each.
    pub includes: Vec<String>,
    /// The entry it became part of.
    pub merged_into: Option<DictionaryId>,
    /// Whether it may be chosen.
    pub active: bool,
}

/// Why a row was not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It holds no name that could be found.
    NoName,
    /// The name is longer than an answer may be, sixty characters.
    TooLong,
    /// The region is neither two digits of a provincial unit nor its name.
    UnknownRegion,
    /// The weight is no number from 0 to 255.
    WrongWeight,
    /// The same name stands in the file before, with the same region.
    Twice,
    /// What it is merged into is not there, or there more than once.
    UnknownTarget,
}

/// What an import did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Names that are new.
    pub added: usize,
    /// Entries that are otherwise than before.
    pub changed: usize,
    /// Entries that became part of others.
    pub merged: usize,
    /// Rows that say what the books say.
    pub unchanged: usize,
    /// Rows that were left out: their line in the file, and why.
    pub refused: Vec<(usize, Refusal)>,
}

type Row = (Uuid, Uuid, String, String, String, i64, String, Option<Uuid>, bool);

/// Rows that are written in one transaction: few enough that a submission meanwhile hardly waits.
const BATCH: usize = 50;
/// An import leaves the books, which have one writer on SQLite and one log on PostgreSQL, to others for so many times as long as a
/// batch of it took.
const BREATH: u32 = 3;
/// What changed in a list: after one generation and up to another. The word CROSS says to SQLite to begin with the generations: it
/// would look through all names of a kind to see which of them are new.
const CHANGES_OF_A_KIND: &str = "SELECT e.id, e.generation, e.name, e.former, e.region, e.weight, e.includes, e.merged_into, e.active \
                                 FROM dictionary_generation g CROSS JOIN dictionary_entry e \
                                 WHERE g.number > $1 AND g.number <= $2 AND e.generation = g.id AND e.kind = $3 \
                                 ORDER BY g.number LIMIT $4";
/// How often a list is compared anew with what others changed while it was written.
const TRIES: usize = 4;
/// A generation that nobody added to for so long was given up: 15 minutes in microseconds.
const GIVEN_UP: i64 = 15 * 60 * 1_000_000;

fn lines(names: &[String]) -> String {
    names.join("\n")
}
fn names(lines: &str) -> Vec<String> {
    lines.lines().map(str::to_owned).collect()
}

impl Entry {
    fn from_row((id, _, name, former, region, weight, includes, merged_into, active): Row) -> Self {
        Self {
            id: id.into(),
            name,
            former: names(&former),
            region,
            weight: weight.clamp(0, 255) as u8,
            includes: names(&includes),
            merged_into: merged_into.map(Into::into),
            active,
        }
    }
    /// A name that is new, as it may be chosen.
    pub(crate) fn new(kind: DictionaryKind, name: &str, region: &str) -> Self {
        Self {
            id: Self::id_of(kind, name, region),
            name: name.to_owned(),
            former: Vec::new(),
            region: region.to_owned(),
            weight: 0,
            includes: Vec::new(),
            merged_into: None,
            active: true,
        }
    }
    /// Leads to the entry by another name as well.
    pub(crate) fn also_called(&mut self, name: &str) {
        if !name.is_empty() && name != self.name && !self.former.iter().any(|known| known == name) {
            self.former.push(name.to_owned());
        }
    }
    /// The id of a name that is new: always the same for the same name, so that whoever adds it twice adds it once.
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

/// The number of the latest generation.
pub(crate) async fn latest(conn: &mut Conn<'_>) -> Result<i64, Error> {
    let (number,): (i64,) =
        query!(conn, fetch_one as (i64,), "SELECT COALESCE(MAX(number), 0) FROM dictionary_generation")?;
    Ok(number)
}

/// An entry as it stands now, with its kind.
pub(crate) async fn entry(conn: &mut Conn<'_>, id: DictionaryId) -> Result<Option<(DictionaryKind, Entry)>, Error> {
    let row = query!(
        conn,
        fetch_optional as (Uuid, Uuid, String, String, String, i64, String, Option<Uuid>, bool, String),
        "SELECT e.id, e.generation, e.name, e.former, e.region, e.weight, e.includes, e.merged_into, e.active, e.kind \
         FROM dictionary_entry e JOIN dictionary_generation g ON g.id = e.generation \
         WHERE e.id = $1 AND g.number IS NOT NULL ORDER BY g.number DESC LIMIT 1",
        id.uuid()
    )?;
    Ok(row.and_then(|(id, generation, name, former, region, weight, includes, merged_into, active, kind)| {
        let row = (id, generation, name, former, region, weight, includes, merged_into, active);
        Some((DictionaryKind::parse(&kind)?, Entry::from_row(row)))
    }))
}

/// The entry that has a name in a region as it stands now, in use or not.
pub(crate) async fn entry_named(
    conn: &mut Conn<'_>,
    kind: DictionaryKind,
    name: &str,
    region: &str,
) -> Result<Option<Entry>, Error> {
    let found = query!(
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

/// The one entry that may be chosen and has a name as it stands now; none where several have it, in different regions.
pub(crate) async fn only_listed_as(
    conn: &mut Conn<'_>,
    kind: DictionaryKind,
    name: &str,
) -> Result<Option<Entry>, Error> {
    let ids = query!(
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

    /// The number of the latest generation: it grows with every change of the dictionaries.
    pub async fn dictionary_number(&self) -> Result<i64, Error> {
        self.read(|conn| Box::pin(latest(conn))).await
    }

    /// All entries of a kind as they stood at a generation, in the order of their ids.
    pub async fn dictionary_entries(&self, kind: DictionaryKind, number: i64) -> Result<Vec<Entry>, Error> {
        self.read(move |conn| {
            Box::pin(async move {
                let numbers: HashMap<Uuid, i64> = query!(
                    conn,
                    fetch_all as (Uuid, i64),
                    "SELECT id, number FROM dictionary_generation WHERE number <= $1",
                    number
                )?
                .into_iter()
                .collect();
                // The comparison is such that no index is used for it: to read a million rows as they lie is ten times as fast.
                const ALL: &str = "SELECT id, generation, name, former, region, weight, includes, merged_into, active \
                                   FROM dictionary_entry WHERE kind || '' = $1";
                let mut entries: Vec<(Uuid, i64, Entry)> = Vec::new();
                let mut keep = |row: Row| {
                    if let Some(number) = numbers.get(&row.1) {
                        entries.push((row.0, *number, Entry::from_row(row)));
                    }
                };
                match conn {
                    Conn::Sqlite(connection) => {
                        statements::note(ALL, 1);
                        let mut rows = sqlx::query_as::<_, Row>(ALL).bind(kind.code()).fetch(&mut **connection);
                        while let Some(row) = rows.try_next().await? {
                            keep(row);
                        }
                    }
                    Conn::Postgres(connection) => {
                        statements::note(ALL, 2);
                        let mut rows = sqlx::query_as::<_, Row>(ALL).bind(kind.code()).fetch(&mut **connection);
                        while let Some(row) = rows.try_next().await? {
                            keep(row);
                        }
                    }
                }
                // Of each entry the latest row counts.
                entries.sort_unstable_by_key(|(id, number, _)| (*id, std::cmp::Reverse(*number)));
                entries.dedup_by_key(|(id, ..)| *id);
                Ok(entries.into_iter().map(|(.., entry)| entry).collect())
            })
        })
        .await
    }

    /// The entries of a kind that changed after a generation and up to another, as they stand then; none where there are more
    /// than a number of rows.
    pub(super) async fn dictionary_changes(
        &self,
        kind: DictionaryKind,
        (after, until): (i64, i64),
        most: usize,
    ) -> Result<Option<Vec<Entry>>, Error> {
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(query!(conn, fetch_all as Row, CHANGES_OF_A_KIND, after, until, kind.code(), most + 1)?)
                })
            })
            .await?;
        if rows.len() as i64 > most {
            return Ok(None);
        }
        let latest: BTreeMap<Uuid, Entry> = rows.into_iter().map(|row| (row.0, Entry::from_row(row))).collect();
        Ok(Some(latest.into_values().collect()))
    }

    /// Takes a list into the dictionary: names that are new, and what is otherwise about those that are there. Nothing of it is
    /// seen until all of it is written; a second try after a first that broke off does the same. `progress` hears how many of how
    /// many rows are written.
    pub async fn import_names(
        &self,
        kind: DictionaryKind,
        source: &str,
        list: Vec<Listed>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Report, Error> {
        let known = self.names_known(kind).await?;
        self.bring_names(kind, source, known, &list, &mut progress).await
    }
    /// The same, given what is known and the generation that it is known from. What others changed while the list was written is
    /// not overwritten: the list is compared anew with what these entries have become.
    async fn bring_names(
        &self,
        kind: DictionaryKind,
        source: &str,
        (mut number, mut known): (i64, Vec<Entry>),
        list: &[Listed],
        progress: &mut impl FnMut(usize, usize),
    ) -> Result<Report, Error> {
        let mut first = None;
        for _ in 0..TRIES {
            let (written, report) = self.write_names(kind, source, known, list, progress).await?;
            first = first.or(Some(report));
            let Some(generation) = written else { break };
            if write!(self, [], conn => flip(conn, generation, number).await)? == 0 {
                break;
            }
            (number, known) = self.names_known(kind).await?;
        }
        Ok(first.unwrap_or_default())
    }

    /// Writes a list as an import does, and stops before it counts: what is left when an import breaks off.
    #[doc(hidden)]
    pub async fn begin_import(&self, kind: DictionaryKind, source: &str, list: Vec<Listed>) -> Result<(), Error> {
        let (_, known) = self.names_known(kind).await?;
        self.write_names(kind, source, known, &list, &mut |_, _| {}).await.map(drop)
    }

    /// All entries of a kind as they stand now, and the generation that says so.
    async fn names_known(&self, kind: DictionaryKind) -> Result<(i64, Vec<Entry>), Error> {
        let number = self.dictionary_number().await?;
        Ok((number, self.dictionary_entries(kind, number).await?))
    }

    /// Writes what a list asks for under a new generation that does not count yet; none where there is nothing to write.
    async fn write_names(
        &self,
        kind: DictionaryKind,
        source: &str,
        known: Vec<Entry>,
        list: &[Listed],
        progress: &mut impl FnMut(usize, usize),
    ) -> Result<(Option<Uuid>, Report), Error> {
        let (mut entries, report) = plan(kind, known, list);
        // What follows each other lies together in the books, so that a batch touches few places.
        entries.sort_unstable_by_key(|entry| entry.id);
        if entries.is_empty() {
            return Ok((None, report));
        }
        self.drop_given_up().await?;
        let settings = self.settings();
        let generation = settings.entropy.uuid(settings.clock.now());
        let (books, source) = (self.clone(), source.to_owned());
        write!(self, [books, source], conn => begin(conn, generation, &source, books.settings().clock.now()).await)?;
        let total = entries.len();
        for (done, batch) in entries.chunks(BATCH).enumerate() {
            let begun = self.settings().clock.now();
            let (books, batch) = (self.clone(), batch.to_vec());
            // What counts is the number that follows: it is on the disk with all of these, or there is none.
            self.stage(move |conn| {
                let (books, batch) = (books.clone(), batch.clone());
                Box::pin(async move {
                    put(conn, kind, generation, &batch).await?;
                    let now = books.settings().clock.now();
                    query!(
                        conn,
                        execute,
                        "UPDATE dictionary_generation SET touched = $2 WHERE id = $1",
                        generation,
                        now.0
                    )?;
                    Ok(())
                })
            })
            .await?;
            progress((done * BATCH + BATCH).min(total), total);
            let held = u64::try_from(self.settings().clock.now().0 - begun.0).unwrap_or_default();
            tokio::time::sleep(Duration::from_micros(held) * BREATH).await;
        }
        Ok((Some(generation), report))
    }

    /// How many imports were begun and neither count nor were cleared away.
    pub async fn imports_under_way(&self) -> Result<i64, Error> {
        self.read(|conn| {
            Box::pin(async move {
                let (count,) = query!(
                    conn,
                    fetch_one as (i64,),
                    "SELECT COUNT(*) FROM dictionary_generation WHERE number IS NULL"
                )?;
                Ok(count)
            })
        })
        .await
    }

    /// Adds names of a kind; those that are there with the same region stay as they are. Returns how many are new.
    pub async fn add_names(&self, kind: DictionaryKind, source: &str, names: Vec<Listed>) -> Result<usize, Error> {
        let known = self.names_known(kind).await?;
        let there: BTreeSet<(&str, &str)> = known.1.iter().map(|e| (e.name.as_str(), e.region.as_str())).collect();
        let new = |one: &Listed| !there.contains(&(one.name.as_str(), one.region.as_str()));
        let list: Vec<Listed> = names.into_iter().filter(new).collect();
        Ok(self.bring_names(kind, source, known, &list, &mut |_, _| {}).await?.added)
    }

    /// Takes a name out of use, or back into it.
    pub async fn set_name_active(&self, id: DictionaryId, active: bool) -> Result<(), Error> {
        let books = self.clone();
        write!(self, [books], conn => {
            let number = latest(conn).await?;
            let (kind, stands) = entry(conn, id).await?.ok_or(Error::NotFound)?;
            let settings = books.settings();
            let now = settings.clock.now();
            let id = settings.entropy.uuid(now);
            change(conn, kind, ("staff", id, now), number, &[Entry { active, ..stands }]).await
        })
    }

    /// Removes what imports left that broke off.
    pub(crate) async fn drop_given_up(&self) -> Result<(), Error> {
        let before = self.settings().clock.now().0 - GIVEN_UP;
        let dead = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(query!(
                        conn,
                        fetch_all as (Uuid,),
                        "SELECT id FROM dictionary_generation WHERE number IS NULL AND touched < $1",
                        before
                    )?)
                })
            })
            .await?;
        for (generation,) in dead {
            loop {
                let gone = write!(self, [], conn => Ok(query!(
                    conn, execute,
                    "DELETE FROM dictionary_entry WHERE generation = $1 AND id IN \
                     (SELECT id FROM dictionary_entry WHERE generation = $1 LIMIT 400)",
                    generation
                )?))?;
                if gone == 0 {
                    break;
                }
            }
            write!(self, [], conn => Ok(query!(
                conn, execute, "DELETE FROM dictionary_generation WHERE id = $1 AND number IS NULL", generation
            )?))?;
        }
        Ok(())
    }
}

/// Writes a small generation within a transaction: who brings it, its id and the moment. It was made from what stood at the
/// generation of that number, which the caller read before anything else: whoever comes in between makes the transaction run again.
pub(crate) async fn change(
    conn: &mut Conn<'_>,
    kind: DictionaryKind,
    (source, generation, now): (&str, Uuid, crate::Moment),
    made_from: i64,
    entries: &[Entry],
) -> Result<(), Error> {
    begin(conn, generation, source, now).await?;
    put(conn, kind, generation, entries).await?;
    count(conn, generation, made_from + 1).await
}

async fn begin(conn: &mut Conn<'_>, generation: Uuid, source: &str, now: crate::Moment) -> Result<(), Error> {
    query!(
        conn,
        execute,
        "INSERT INTO dictionary_generation (id, source, touched) VALUES ($1, $2, $3)",
        generation,
        source,
        now.0
    )?;
    Ok(())
}

/// Writes entries in one statement each [`BATCH`]: asked for one by one, a million would take an hour.
async fn put(conn: &mut Conn<'_>, kind: DictionaryKind, generation: Uuid, entries: &[Entry]) -> Result<(), Error> {
    const INSERT: &str = "INSERT INTO dictionary_entry \
         (id, generation, kind, name, former, region, weight, includes, merged_into, active) ";
    macro_rules! insert {
        ($connection:expr, $engine:ty, $rows:expr) => {{
            let mut statement = QueryBuilder::<$engine>::new(INSERT);
            statement.push_values($rows, |mut row, entry| {
                row.push_bind(entry.id.uuid()).push_bind(generation).push_bind(kind.code()).push_bind(&entry.name);
                row.push_bind(lines(&entry.former)).push_bind(&entry.region).push_bind(i64::from(entry.weight));
                row.push_bind(lines(&entry.includes)).push_bind(entry.merged_into.map(DictionaryId::uuid));
                row.push_bind(entry.active);
            });
            statement.build().persistent($rows.len() == BATCH).execute(&mut **$connection).await?;
        }};
    }
    for rows in entries.chunks(BATCH) {
        match conn {
            Conn::Sqlite(connection) => {
                statements::note(INSERT, 1);
                insert!(connection, sqlx::Sqlite, rows)
            }
            Conn::Postgres(connection) => {
                statements::note(INSERT, 2);
                insert!(connection, sqlx::Postgres, rows)
            }
        }
    }
    Ok(())
}

/// Lets a generation count that was made from what stood at another. What changed since is taken out of it; says how many entries
/// that were.
async fn flip(conn: &mut Conn<'_>, generation: Uuid, made_from: i64) -> Result<u64, Error> {
    let number = latest(conn).await?;
    let mut changed = 0;
    if number > made_from {
        changed = query!(
            conn,
            execute,
            "DELETE FROM dictionary_entry WHERE generation = $1 AND id IN (
                SELECT e.id FROM dictionary_generation g JOIN dictionary_entry e ON e.generation = g.id WHERE g.number > $2
             )",
            generation,
            made_from
        )?;
    }
    count(conn, generation, number + 1).await?;
    Ok(changed)
}

/// Gives a generation its number. Two that come at once are told apart by it, since only one can have it: the other tries again.
async fn count(conn: &mut Conn<'_>, generation: Uuid, number: i64) -> Result<(), Error> {
    let done = query!(
        conn,
        execute,
        "UPDATE dictionary_generation SET number = $2 WHERE id = $1 AND number IS NULL",
        generation,
        number
    )?;
    // Another import may have cleared away one that stood still for long.
    if done == 1 { Ok(()) } else { Err(Error::Stored("a generation that was given up")) }
}

/// What a list asks to be written, given what is there.
fn plan(kind: DictionaryKind, known: Vec<Entry>, list: &[Listed]) -> (Vec<Entry>, Report) {
    let mut report = Report::default();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    let mut entries = known;
    let before = entries.len();
    for (place, entry) in entries.iter().enumerate() {
        places.insert((entry.name.clone(), entry.region.clone()), place);
    }
    // What each row says, by the place of its entry; only what differs is written.
    let mut said: BTreeMap<usize, (Entry, bool)> = BTreeMap::new();
    let mut merges = Vec::new();
    for row in list {
        let row = match row.clone().checked() {
            Ok(row) => row,
            Err((line, refusal)) => {
                report.refused.push((line, refusal));
                continue;
            }
        };
        let key = (row.name.clone(), row.region.clone());
        let place = *places.entry(key).or_insert_with(|| {
            entries.push(Entry::new(kind, &row.name, &row.region));
            entries.len() - 1
        });
        let Some(entry) = entries.get(place) else { continue };
        if said.contains_key(&place) {
            report.refused.push((row.line, Refusal::Twice));
            continue;
        }
        let mut stands = entry.clone();
        row.former.iter().for_each(|name| stands.also_called(name));
        (stands.weight, stands.includes, stands.active) = (row.weight, row.includes, row.active);
        if let Some(target) = row.merged_into {
            merges.push((row.line, place, target));
        }
        said.insert(place, (stands, place >= before));
    }
    // A merge needs both entries: the one that goes, and the one that takes over its names.
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    for (place, entry) in entries.iter().enumerate() {
        by_name.entry(entry.name.clone()).or_default().push(place);
    }
    let mut merged = BTreeSet::new();
    for (line, place, target) in merges {
        let target = match by_name.get(&target).map(Vec::as_slice) {
            Some([target]) if *target != place => *target,
            _ => {
                said.remove(&place);
                report.refused.push((line, Refusal::UnknownTarget));
                continue;
            }
        };
        let (Some(going), Some(staying)) = (entries.get(place).cloned(), entries.get(target).cloned()) else {
            continue;
        };
        let id = staying.id;
        let (staying, _) = said.entry(target).or_insert((staying, false));
        std::iter::once(&going.name).chain(&going.former).for_each(|name| staying.also_called(name));
        if let Some((going, _)) = said.get_mut(&place) {
            (going.active, going.merged_into) = (false, Some(id));
            merged.insert(place);
        }
    }
    let mut changed = Vec::new();
    for (place, (stands, new)) in said {
        let differs = new || entries.get(place) != Some(&stands);
        match (differs, merged.contains(&place), new) {
            (false, ..) => report.unchanged += 1,
            (true, true, _) => report.merged += 1,
            (true, false, true) => report.added += 1,
            (true, false, false) => report.changed += 1,
        }
        if differs {
            changed.push(stands);
        }
    }
    (changed, report)
}

impl Listed {
    /// The row as it may be written, or its line, and why not.
    fn checked(mut self) -> Result<Self, (usize, Refusal)> {
        let refuse = |refusal| Err((self.line, refusal));
        // A name of the list, whatever signs it holds, is written as an answer that names it.
        let listed = |name: &str| ListedName::parse(name, &Uuid::nil().to_string());
        let Ok(name) = listed(&self.name) else {
            let blank = forms::text::is_blank(&self.name);
            return refuse(if blank { Refusal::NoName } else { Refusal::TooLong });
        };
        if names::fold(name.name()).is_empty() || self.name.contains('\n') {
            return refuse(Refusal::NoName);
        }
        self.name = name.name().to_owned();
        for former in &mut self.former {
            match listed(former) {
                Ok(name) => *former = name.name().to_owned(),
                Err(_) => return refuse(Refusal::TooLong),
            }
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Settings;

    #[tokio::test]
    async fn what_changed_is_found_without_going_through_what_did_not() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let url = format!("sqlite:{}/books.db", folder.path().display());
        let registry = Registry::open(Settings::new(&url, &[7; 32])).await?;
        let plan = registry
            .read(|conn| {
                Box::pin(async move {
                    let Conn::Sqlite(connection) = conn else { return Ok(Vec::new()) };
                    let plan = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {CHANGES_OF_A_KIND}"));
                    let rows = sqlx::query_as::<_, (i64, i64, i64, String)>(plan);
                    Ok(rows.bind(1).bind(2).bind("school").bind(3).fetch_all(&mut **connection).await?)
                })
            })
            .await?;
        let steps: Vec<&str> = plan.iter().map(|(.., step)| step.as_str()).collect();
        let [generations, entries] = steps.as_slice() else { return Err(format!("{steps:?}").into()) };
        assert!(generations.starts_with("SEARCH g ") && generations.contains("number>?"), "{steps:?}");
        assert!(entries.starts_with("SEARCH e ") && entries.contains("(generation=? AND kind=?)"), "{steps:?}");
        registry.close().await;
        Ok(())
    }
}
