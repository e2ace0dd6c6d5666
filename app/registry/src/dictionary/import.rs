//! Imports of lists into the dictionaries.
use super::{
    DictionaryKind, Entry, Listed, Refusal,
    generation::{self, BATCH},
};
use crate::{
    Actor, Error, Registry, audit,
    db::{sql, transaction},
};
use forms::value::ListedName;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};
use uuid::Uuid;

/// The result of an import.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// New names.
    pub added: usize,
    /// Existing entries that were updated.
    pub changed: usize,
    /// Entries that were merged into others.
    pub merged: usize,
    /// Rows that say what the database says.
    pub unchanged: usize,
    /// Refused rows: their line in the file, and why.
    pub refused: Vec<(usize, Refusal)>,
}

/// After each batch an import pauses for so many times as long as the batch took, since SQLite has one writer and PostgreSQL
/// one log.
const PAUSE: u32 = 3;
/// How often a list is compared anew with what others changed while it was written.
const TRIES: usize = 4;

impl Registry {
    /// Imports a list: adds new names and updates existing ones. The import becomes visible at once, when its last row is
    /// written; repeating an interrupted import is safe. `progress` gets the number of rows written and of all rows.
    pub async fn import_names(
        &self,
        kind: DictionaryKind,
        source: &str,
        list: Vec<Listed>,
        mut progress: impl FnMut(usize, usize),
    ) -> Result<Report, Error> {
        let known = self.known_names(kind).await?;
        self.import_from(kind, (source, Actor::Operator), known, &list, &mut progress).await
    }
    /// Imports a list, given the known entries and their generation. Entries that others changed meanwhile are not
    /// overwritten: the list is compared anew with what they have become.
    async fn import_from(
        &self,
        kind: DictionaryKind,
        (source, actor): (&str, Actor),
        (mut number, mut known): (i64, Vec<Entry>),
        list: &[Listed],
        progress: &mut impl FnMut(usize, usize),
    ) -> Result<Report, Error> {
        let mut first = None;
        for _ in 0..TRIES {
            let registry = self.clone();
            let (written, report) = self.write_names(kind, source, known, list, progress).await?;
            first = first.or(Some(report));
            let Some(generation) = written else { break };
            let publish = self.write_patiently(move |conn| {
                let registry = registry.clone();
                Box::pin(async move {
                    let action = format!("dictionary.import.{}", kind.code());
                    audit::record(conn, &registry, actor, &action, generation).await?;
                    generation::publish(conn, generation, number).await
                })
            });
            let changed_by_others = publish.await?;
            if changed_by_others == 0 {
                break;
            }
            (number, known) = self.known_names(kind).await?;
        }
        Ok(first.unwrap_or_default())
    }

    /// Writes a list as an import does, and stops before it becomes visible: what an interrupted import leaves.
    #[doc(hidden)]
    pub async fn begin_import(&self, kind: DictionaryKind, source: &str, list: Vec<Listed>) -> Result<(), Error> {
        let (_, known) = self.known_names(kind).await?;
        self.write_names(kind, source, known, &list, &mut |_, _| {}).await.map(drop)
    }

    /// The latest generation and all entries of a kind as they stand in it.
    async fn known_names(&self, kind: DictionaryKind) -> Result<(i64, Vec<Entry>), Error> {
        let number = self.dictionary_number().await?;
        Ok((number, self.dictionary_entries(kind, number).await?))
    }

    /// Writes the changes of a list under a new generation that is not visible yet; nothing where there is nothing to write.
    async fn write_names(
        &self,
        kind: DictionaryKind,
        source: &str,
        known: Vec<Entry>,
        list: &[Listed],
        progress: &mut impl FnMut(usize, usize),
    ) -> Result<(Option<Uuid>, Report), Error> {
        let (mut entries, report) = Plan::new(kind, known).run(list);
        // In the order of the primary key a batch touches few pages.
        entries.sort_unstable_by_key(|entry| entry.id);
        if entries.is_empty() {
            return Ok((None, report));
        }
        self.drop_given_up().await?;
        let settings = self.settings();
        let generation = settings.entropy.uuid(settings.clock.now());
        let (registry, source) = (self.clone(), source.to_owned());
        transaction!(self, [registry, source], conn => {
            generation::begin(conn, generation, &source, registry.settings().clock.now()).await
        })?;
        let total = entries.len();
        for (done, batch) in entries.chunks(BATCH).enumerate() {
            let begun = self.settings().clock.now();
            let (registry, batch) = (self.clone(), batch.to_vec());
            // The durable transaction that numbers the generation comes after these.
            self.write_relaxed(move |conn| {
                let (registry, batch) = (registry.clone(), batch.clone());
                Box::pin(async move {
                    generation::put(conn, kind, generation, &batch).await?;
                    let now = registry.settings().clock.now();
                    sql!(
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
            let took = u64::try_from(self.settings().clock.now().0 - begun.0).unwrap_or_default();
            tokio::time::sleep(Duration::from_micros(took) * PAUSE).await;
        }
        Ok((Some(generation), report))
    }

    /// Adds names of a kind; existing ones with the same region stay as they are. Returns how many are new.
    pub async fn add_names(&self, kind: DictionaryKind, source: &str, names: Vec<Listed>) -> Result<usize, Error> {
        let known = self.known_names(kind).await?;
        let there: BTreeSet<(&str, &str)> = known.1.iter().map(|e| (e.name.as_str(), e.region.as_str())).collect();
        let new = |one: &Listed| !there.contains(&(one.name.as_str(), one.region.as_str()));
        let list: Vec<Listed> = names.into_iter().filter(new).collect();
        Ok(self.import_from(kind, (source, Actor::Operator), known, &list, &mut |_, _| {}).await?.added)
    }
}

/// What a row says about an entry.
struct Stated {
    entry: Entry,
    is_new: bool,
}
/// A row that asks for a merge: its line, the position of its entry, and the name of the target.
struct Merge {
    line: usize,
    place: usize,
    target: String,
}

/// What a list asks to be written, given the known entries.
struct Plan {
    kind: DictionaryKind,
    /// The known entries, then the new ones.
    entries: Vec<Entry>,
    /// By the position of their entry.
    stated: BTreeMap<usize, Stated>,
    merges: Vec<Merge>,
    report: Report,
}
impl Plan {
    fn new(kind: DictionaryKind, known: Vec<Entry>) -> Self {
        Self { kind, entries: known, stated: BTreeMap::new(), merges: Vec::new(), report: Report::default() }
    }

    /// The entries to write, and the report.
    fn run(mut self, list: &[Listed]) -> (Vec<Entry>, Report) {
        self.read(list);
        let merged = self.merge();
        let Self { entries, stated, mut report, .. } = self;
        let mut changed = Vec::new();
        for (place, Stated { entry, is_new }) in stated {
            let differs = is_new || entries.get(place) != Some(&entry);
            match (differs, merged.contains(&place), is_new) {
                (false, ..) => report.unchanged += 1,
                (true, true, _) => report.merged += 1,
                (true, false, true) => report.added += 1,
                (true, false, false) => report.changed += 1,
            }
            if differs {
                changed.push(entry);
            }
        }
        (changed, report)
    }

    /// Reads the rows.
    fn read(&mut self, list: &[Listed]) {
        let place = |(place, entry): (usize, &Entry)| ((entry.name.clone(), entry.region.clone()), place);
        let mut places: HashMap<(String, String), usize> = self.entries.iter().enumerate().map(place).collect();
        let known = self.entries.len();
        for row in list {
            let row = match row.clone().checked() {
                Ok(row) => row,
                Err(refused) => {
                    self.report.refused.push(refused);
                    continue;
                }
            };
            let place = *places.entry((row.name.clone(), row.region.clone())).or_insert_with(|| {
                self.entries.push(Entry::new(self.kind, &row.name, &row.region));
                self.entries.len() - 1
            });
            let Some(entry) = self.entries.get(place) else { continue };
            if self.stated.contains_key(&place) {
                self.report.refused.push((row.line, Refusal::Twice));
                continue;
            }
            let mut entry = entry.clone();
            row.former_names.iter().for_each(|name| entry.add_alias(name));
            (entry.weight, entry.includes, entry.active) = (row.weight, row.includes, row.active);
            if let Some(target) = row.merged_into {
                self.merges.push(Merge { line: row.line, place, target });
            }
            self.stated.insert(place, Stated { entry, is_new: place >= known });
        }
    }

    /// Merges entries: the target takes over the names of the other. Returns the positions of the merged ones.
    fn merge(&mut self) -> BTreeSet<usize> {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, entry) in self.entries.iter().enumerate() {
            by_name.entry(entry.name.clone()).or_default().push(place);
        }
        let mut merged = BTreeSet::new();
        for Merge { line, place, target } in std::mem::take(&mut self.merges) {
            let target = match by_name.get(&target).map(Vec::as_slice) {
                Some([target]) if *target != place => *target,
                _ => {
                    self.stated.remove(&place);
                    self.report.refused.push((line, Refusal::UnknownTarget));
                    continue;
                }
            };
            let (Some(going), Some(staying)) = (self.entries.get(place), self.entries.get(target).cloned()) else {
                continue;
            };
            let id = staying.id;
            let staying = self.stated.entry(target).or_insert(Stated { entry: staying, is_new: false });
            let names = std::iter::once(&going.name).chain(&going.former_names);
            names.for_each(|name| staying.entry.add_alias(name));
            if let Some(going) = self.stated.get_mut(&place) {
                (going.entry.active, going.entry.merged_into) = (false, Some(id));
                merged.insert(place);
            }
        }
        merged
    }
}

impl Listed {
    /// The row in normal form, or its line and why it is refused.
    fn checked(mut self) -> Result<Self, (usize, Refusal)> {
        let refuse = |refusal| Err((self.line, refusal));
        // With an id any sign is allowed, as in an answer that was chosen from the list.
        let listed = |name: &str| ListedName::parse(name, &Uuid::nil().to_string());
        let Ok(name) = listed(&self.name) else {
            let blank = forms::text::is_blank(&self.name);
            return refuse(if blank { Refusal::NoName } else { Refusal::TooLong });
        };
        if names::fold(name.name()).is_empty() || self.name.contains('\n') {
            return refuse(Refusal::NoName);
        }
        self.name = name.name().to_owned();
        for former in &mut self.former_names {
            match listed(former) {
                Ok(name) => *former = name.name().to_owned(),
                Err(_) => return refuse(Refusal::TooLong),
            }
        }
        Ok(self)
    }
}
