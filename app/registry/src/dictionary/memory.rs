//! The dictionaries in memory. Most names are in an index, built from a generation; what changed since is in a short list beside
//! it, so that a change is visible at once and never waits for the index of a million names to be rebuilt.
use super::{DictionaryKind, Entry, FullList, MAX_FULL_LIST, places::Places};
use crate::{Beat, Error, Registry};
use forms::ids::DictionaryId;
use names::{Class, Index, List, MOST, Match, Query, Readings, Region, Texts, TextsBuilder, full_list};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock, OnceLock, RwLock},
    time::Duration,
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// A search result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Of the entry.
    pub id: DictionaryId,
    /// The current name.
    pub name: String,
    /// Two digits of the provincial unit, or nothing.
    pub region: String,
    /// The former name by which it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// The first of the characters that the query covers, in the name that found it, and the one after the last.
    pub marked: (usize, usize),
    /// Whether the query covers them with one slip only.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub slip: bool,
    /// For a broad major what it includes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub includes: Vec<String>,
}

/// The readings of all characters.
pub(super) static READINGS: LazyLock<Arc<Readings>> = LazyLock::new(|| Arc::new(Readings::chinese()));
/// With more changes than these the index is rebuilt.
const DELTA_LIMIT: usize = 2_000;

/// All names in memory. Cheap to clone; clones share one state.
#[derive(Clone, Default)]
pub struct Dictionary(Arc<Inner>);
#[derive(Default)]
struct Inner {
    kinds: [RwLock<Arc<KindIndex>>; 3],
    /// The number of the loaded generation.
    number: RwLock<i64>,
    /// Held while refreshing.
    refreshing: Mutex<()>,
}

/// The names of one kind.
#[derive(Clone, Default)]
pub(super) struct KindIndex {
    base: Arc<BaseIndex>,
    delta: Option<Arc<DeltaIndex>>,
    /// Encoded when it is first asked for.
    full: OnceLock<Option<Arc<FullList>>>,
}

/// The entries of a generation.
struct BaseIndex {
    number: i64,
    names: Index,
    table: EntryTable,
    /// Sorted by place when that is first asked for.
    places: OnceLock<Places>,
}
impl Default for BaseIndex {
    fn default() -> Self {
        Self { number: 0, names: Index::empty(READINGS.clone()), table: EntryTable::default(), places: OnceLock::new() }
    }
}

/// What changed since the base.
struct DeltaIndex {
    list: List,
    table: EntryTable,
    places: OnceLock<Places>,
    /// Entries of the base that changed or were deactivated.
    hidden: BTreeSet<u32>,
}

/// What belongs to entries, by their number in the texts.
#[derive(Default)]
struct EntryTable {
    /// Sorted; the position is the number.
    ids: Vec<Uuid>,
    /// The text of the current name.
    names: Vec<u32>,
    includes: BTreeMap<u32, Vec<String>>,
}

impl EntryTable {
    /// A table and the texts of the active ones of some entries, which are sorted by id.
    fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Result<(Self, Texts), Error> {
        let (mut table, mut texts) = (Self::default(), TextsBuilder::default());
        for entry in entries.filter(|entry| entry.active) {
            let number = table.ids.len() as u32;
            let region = Region::parse(&entry.region);
            texts.add(number, &entry.name, false, region, entry.weight);
            entry.former_names.iter().for_each(|name| texts.add(number, name, true, region, entry.weight));
            table.ids.push(entry.id.uuid());
            if !entry.includes.is_empty() {
                table.includes.insert(number, entry.includes.clone());
            }
        }
        let texts = texts.finish().map_err(|_| Error::Encode("a dictionary of too many names"))?;
        table.names = vec![u32::MAX; table.ids.len()];
        for text in 0..texts.len() as u32 {
            if let (false, Some(name)) = (texts.is_former(text), table.names.get_mut(texts.entry(text) as usize)) {
                *name = text;
            }
        }
        Ok((table, texts))
    }
    fn hit(&self, texts: &Texts, found: Match) -> Option<Hit> {
        let id = *self.ids.get(found.entry as usize)?;
        let (name, former) = if found.former {
            (texts.name(*self.names.get(found.entry as usize)?), Some(found.name))
        } else {
            (found.name, None)
        };
        let region = if found.region == Region::default() { String::new() } else { format!("{:02}", found.region.0) };
        let includes = self.includes.get(&found.entry).cloned().unwrap_or_default();
        Some(Hit {
            id: id.into(),
            name,
            region,
            former,
            marked: (found.from, found.to),
            slip: found.class == Class::Typo,
            includes,
        })
    }
}

impl KindIndex {
    fn search(&self, query: &Query, region: Region) -> Vec<Hit> {
        let base = &*self.base;
        let Some(delta) = self.delta.as_deref() else {
            let found = base.names.search(query, region, |_| true).into_iter();
            return found.filter_map(|found| base.table.hit(base.names.texts(), found)).collect();
        };
        let old = base.names.search(query, region, |entry| !delta.hidden.contains(&entry));
        self.merged(old, delta.list.search(query, region), region)
    }

    /// What was found in the base and in what changed since, in one order.
    pub(super) fn merged(&self, old: Vec<Match>, new: Vec<Match>, region: Region) -> Vec<Hit> {
        let (old, new) = (old.into_iter().map(|found| (false, found)), new.into_iter().map(|found| (true, found)));
        let mut all: Vec<(bool, Match)> = old.chain(new).collect();
        all.sort_by_cached_key(|(_, found)| found.rank(region));
        // What needs a slip is an answer only where there is no other.
        let slips_only = all.first().is_some_and(|(_, found)| found.class == Class::Typo);
        all.retain(|(_, found)| slips_only || found.class != Class::Typo);
        all.truncate(MOST);
        all.into_iter().filter_map(|found| self.hit(found)).collect()
    }
    /// An entry of the base, or of what changed since.
    pub(super) fn hit(&self, (is_changed, found): (bool, Match)) -> Option<Hit> {
        match self.delta.as_deref().filter(|_| is_changed) {
            Some(delta) => delta.table.hit(delta.list.texts(), found),
            None => self.base.table.hit(self.base.names.texts(), found),
        }
    }
    pub(super) fn base_texts(&self) -> &Texts {
        self.base.names.texts()
    }
    pub(super) fn delta_texts(&self) -> Option<&Texts> {
        self.delta.as_deref().map(|delta| delta.list.texts())
    }
    pub(super) fn base_places(&self) -> &Places {
        self.base.places.get_or_init(|| Places::of(self.base_texts()))
    }
    pub(super) fn delta_places(&self) -> Option<&Places> {
        self.delta.as_deref().map(|delta| delta.places.get_or_init(|| Places::of(delta.list.texts())))
    }
    /// Whether an entry of the base changed since or is out of use.
    pub(super) fn is_hidden(&self, entry: u32) -> bool {
        self.delta.as_deref().is_some_and(|delta| delta.hidden.contains(&entry))
    }

    fn full_list(&self) -> Option<FullList> {
        let (base, delta) = (&self.base, self.delta.as_deref());
        let texts = base.names.texts().len() + delta.map_or(0, |delta| delta.list.texts().len());
        if texts > MAX_FULL_LIST {
            return None;
        }
        let hidden = |entry: u32| delta.is_some_and(|delta| delta.hidden.contains(&entry));
        let mut all = entries_of(base.names.texts(), &base.table, hidden);
        if let Some(delta) = delta {
            all.extend(entries_of(delta.list.texts(), &delta.table, |_| false));
        }
        FullList::of(all, &READINGS)
    }

    fn named(&self, name: &str) -> Vec<Hit> {
        let base = &*self.base;
        let found = base.names.named(name).into_iter();
        let mut hits: Vec<Hit> = Vec::new();
        let hidden = |entry| self.delta.as_deref().is_some_and(|delta| delta.hidden.contains(&entry));
        hits.extend(
            found.filter(|f| !f.former && !hidden(f.entry)).filter_map(|f| base.table.hit(base.names.texts(), f)),
        );
        if let Some(delta) = self.delta.as_deref() {
            let texts = delta.list.texts();
            let found = texts.named(name).into_iter().map(|text| texts.full_match(text)).filter(|found| !found.former);
            hits.extend(found.filter_map(|found| delta.table.hit(texts, found)));
        }
        hits
    }
}

/// The entries of some texts, as a full list holds them.
fn entries_of(texts: &Texts, table: &EntryTable, hidden: impl Fn(u32) -> bool) -> Vec<full_list::Entry> {
    let mut all: BTreeMap<u32, full_list::Entry> = BTreeMap::new();
    for text in (0..texts.len() as u32).map(|text| texts.full_match(text)).filter(|text| !hidden(text.entry)) {
        let Some(id) = table.ids.get(text.entry as usize) else { continue };
        let entry = all.entry(text.entry).or_insert_with(|| full_list::Entry {
            id: id.to_string(),
            region: if text.region == Region::default() { String::new() } else { format!("{:02}", text.region.0) },
            weight: text.weight,
            includes: table.includes.get(&text.entry).cloned().unwrap_or_default(),
            ..full_list::Entry::default()
        });
        if text.former { entry.former_names.push(text.name) } else { entry.name = text.name }
    }
    all.into_values().collect()
}

impl Dictionary {
    pub(super) fn index(&self, kind: DictionaryKind) -> Arc<KindIndex> {
        let index = self.0.kinds.get(kind as usize).and_then(|index| index.read().ok().map(|index| index.clone()));
        index.unwrap_or_default()
    }
    fn put(&self, kind: DictionaryKind, index: KindIndex) {
        if let Some(place) = self.0.kinds.get(kind as usize)
            && let Ok(mut place) = place.write()
        {
            *place = Arc::new(index);
        }
    }

    /// The full list of a kind, encoded once for each change; nothing where it is longer than [`MAX_FULL_LIST`].
    pub fn full_list(&self, kind: DictionaryKind) -> Option<Arc<FullList>> {
        let index = self.index(kind);
        index.full.get_or_init(|| index.full_list().map(Arc::new)).clone()
    }

    /// At most twenty entries for a query, the best first, as [`names`] puts them in order. The region is two digits or nothing.
    pub fn search(&self, kind: DictionaryKind, query: &str, region: &str) -> Vec<Hit> {
        Query::new(query).map(|query| self.index(kind).search(&query, Region::parse(region))).unwrap_or_default()
    }
    /// The entries whose name is that, in any region.
    pub fn named(&self, kind: DictionaryKind, name: &str) -> Vec<Hit> {
        self.index(kind).named(name)
    }
    /// The first of them: what a person typed without choosing.
    pub fn exact(&self, kind: DictionaryKind, name: &str) -> Option<Hit> {
        self.named(kind, name).into_iter().next()
    }
    /// The number of active entries.
    pub fn len(&self, kind: DictionaryKind) -> usize {
        let index = self.index(kind);
        let delta = index.delta.as_deref();
        index.base.table.ids.len() - delta.map_or(0, |delta| delta.hidden.len())
            + delta.map_or(0, |r| r.table.ids.len())
    }
    /// The number of the loaded generation: results stay the same until it changes.
    pub fn number(&self) -> i64 {
        self.0.number.read().map(|number| *number).unwrap_or_default()
    }

    /// Loads what changed in the database. Searches go on meanwhile.
    pub async fn refresh(&self, registry: &Registry) -> Result<(), Error> {
        let _alone = self.0.refreshing.lock().await;
        let number = registry.dictionary_number().await?;
        let seen = self.number();
        if number == seen {
            return Ok(());
        }
        for kind in DictionaryKind::ALL {
            let index = self.index(kind);
            let since = index.base.number;
            let changes = match since {
                0 => None,
                since => registry.dictionary_changes(kind, (since, number), DELTA_LIMIT).await?,
            };
            let index = match changes {
                Some(changes) if changes.is_empty() => continue,
                Some(changes) => {
                    let base = index.base.clone();
                    blocking(move || delta(base, changes)).await?
                }
                None => {
                    let entries = registry.dictionary_entries(kind, number).await?;
                    blocking(move || {
                        let (table, texts) = EntryTable::of(entries.iter())?;
                        drop(entries);
                        let names = Index::new(texts, READINGS.clone());
                        let base = BaseIndex { number, names, table, places: OnceLock::new() };
                        let index = KindIndex { base: Arc::new(base), ..KindIndex::default() };
                        if kind == DictionaryKind::Employer {
                            // A second for a million names, which nobody's request is to take.
                            index.base_places();
                        }
                        Ok(index)
                    })
                    .await?
                }
            };
            self.put(kind, index);
        }
        if let Ok(mut seen) = self.0.number.write() {
            *seen = number;
        }
        Ok(())
    }

    /// Looks for changes twice a second, for as long as the process lives.
    pub async fn poll_changes(self, registry: Registry, beat: Beat) {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            beat.beat();
            if let Err(error) = self.refresh(&registry).await {
                tracing::warn!(%error, "the dictionaries could not be refreshed");
            }
        }
    }
}

async fn blocking(work: impl FnOnce() -> Result<KindIndex, Error> + Send + 'static) -> Result<KindIndex, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Task)?
}

/// The base with a list of what changed since.
fn delta(base: Arc<BaseIndex>, changes: Vec<Entry>) -> Result<KindIndex, Error> {
    let hidden = changes.iter().filter_map(|entry| base.table.ids.binary_search(&entry.id.uuid()).ok());
    let hidden = hidden.map(|number| number as u32).collect();
    let (table, texts) = EntryTable::of(changes.iter())?;
    let delta = DeltaIndex { list: List::new(texts, READINGS.clone()), table, places: OnceLock::new(), hidden };
    Ok(KindIndex { base, delta: Some(Arc::new(delta)), full: OnceLock::new() })
}
