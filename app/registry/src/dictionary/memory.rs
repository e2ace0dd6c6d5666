//! The dictionaries in memory, ready to be searched. What the books held when it was built is in an index; what changed since lies
//! beside it in a short list, so that a change is seen at once and never waits for a million names to be put in order.
use super::{DictionaryKind, Entry, WholeList};
use crate::{Error, Registry};
use forms::ids::DictionaryId;
use names::{Class, Index, List, MOST, Match, Query, Readings, Region, Texts, TextsBuilder};
use serde::Serialize;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock, OnceLock, RwLock},
    time::Duration,
};
use tokio::sync::Mutex;
use uuid::Uuid;

/// A name found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hit {
    /// Its entry.
    pub id: DictionaryId,
    /// The name that counts.
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

/// The readings of all characters, made once.
pub(super) static READINGS: LazyLock<Arc<Readings>> = LazyLock::new(|| Arc::new(Readings::chinese()));
/// More changes than these are put into the index.
const RECENT: usize = 2_000;

/// All names, ready to be searched. Cheap to clone; all clones see what one of them took over.
#[derive(Clone, Default)]
pub struct Dictionary(Arc<Inner>);
#[derive(Default)]
struct Inner {
    shelves: [RwLock<Arc<Shelf>>; 3],
    /// The number of the generation that is seen.
    number: RwLock<i64>,
    /// Held by whoever brings it up to date.
    refreshing: Mutex<()>,
}

/// The names of one kind.
#[derive(Clone, Default)]
pub(super) struct Shelf {
    pub(super) base: Arc<Base>,
    pub(super) recent: Option<Arc<Recent>>,
    /// All of it as it is handed out, made when it is first asked for.
    pub(super) whole: OnceLock<Option<Arc<WholeList>>>,
}

/// What the books held at a generation.
pub(super) struct Base {
    number: i64,
    pub(super) index: Index,
    pub(super) about: About,
}
impl Default for Base {
    fn default() -> Self {
        Self { number: 0, index: Index::empty(READINGS.clone()), about: About::default() }
    }
}

/// What changed since.
pub(super) struct Recent {
    pub(super) list: List,
    pub(super) about: About,
    /// Entries of the base that are otherwise now.
    pub(super) hidden: BTreeSet<u32>,
}

/// What belongs to the numbers of entries.
#[derive(Default)]
pub(super) struct About {
    /// In order.
    pub(super) ids: Vec<Uuid>,
    /// The text of the name that counts.
    names: Vec<u32>,
    pub(super) includes: BTreeMap<u32, Vec<String>>,
}

impl About {
    /// Of active entries in the order of their ids, with their texts.
    fn of<'a>(entries: impl Iterator<Item = &'a Entry>) -> Result<(Self, Texts), Error> {
        let (mut about, mut texts) = (Self::default(), TextsBuilder::default());
        for entry in entries.filter(|entry| entry.active) {
            let number = about.ids.len() as u32;
            let region = Region::parse(&entry.region);
            texts.add(number, &entry.name, false, region, entry.weight);
            entry.former.iter().for_each(|name| texts.add(number, name, true, region, entry.weight));
            about.ids.push(entry.id.uuid());
            if !entry.includes.is_empty() {
                about.includes.insert(number, entry.includes.clone());
            }
        }
        let texts = texts.finish().map_err(|_| Error::Stored("too many names"))?;
        about.names = vec![u32::MAX; about.ids.len()];
        for text in 0..texts.len() as u32 {
            if let (false, Some(name)) = (texts.is_former(text), about.names.get_mut(texts.entry(text) as usize)) {
                *name = text;
            }
        }
        Ok((about, texts))
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

impl Shelf {
    fn search(&self, query: &Query, region: Region) -> Vec<Hit> {
        let base = &*self.base;
        let Some(recent) = self.recent.as_deref() else {
            let found = base.index.search(query, region, |_| true).into_iter();
            return found.filter_map(|found| base.about.hit(base.index.texts(), found)).collect();
        };
        let old = base.index.search(query, region, |entry| !recent.hidden.contains(&entry)).into_iter();
        let new = recent.list.search(query, region).into_iter();
        let mut all: Vec<(bool, Match)> =
            old.map(|found| (false, found)).chain(new.map(|found| (true, found))).collect();
        all.sort_by_cached_key(|(_, found)| found.rank(region));
        // What needs a slip is an answer only where there is no other.
        let slips_only = all.first().is_some_and(|(_, found)| found.class == Class::Typo);
        all.retain(|(_, found)| slips_only || found.class != Class::Typo);
        all.truncate(MOST);
        let hit = |(new, found)| {
            if new { recent.about.hit(recent.list.texts(), found) } else { base.about.hit(base.index.texts(), found) }
        };
        all.into_iter().filter_map(hit).collect()
    }

    fn named(&self, name: &str) -> Vec<Hit> {
        let base = &*self.base;
        let found = base.index.named(name).into_iter();
        let mut hits: Vec<Hit> = Vec::new();
        let hidden = |entry| self.recent.as_deref().is_some_and(|recent| recent.hidden.contains(&entry));
        hits.extend(
            found.filter(|f| !f.former && !hidden(f.entry)).filter_map(|f| base.about.hit(base.index.texts(), f)),
        );
        if let Some(recent) = self.recent.as_deref() {
            let texts = recent.list.texts();
            let found = texts.named(name).into_iter().map(|text| texts.full_match(text)).filter(|found| !found.former);
            hits.extend(found.filter_map(|found| recent.about.hit(texts, found)));
        }
        hits
    }
}

impl Dictionary {
    pub(super) fn shelf(&self, kind: DictionaryKind) -> Arc<Shelf> {
        let shelf = self.0.shelves.get(kind as usize).and_then(|shelf| shelf.read().ok().map(|shelf| shelf.clone()));
        shelf.unwrap_or_default()
    }
    fn put(&self, kind: DictionaryKind, shelf: Shelf) {
        if let Some(place) = self.0.shelves.get(kind as usize)
            && let Ok(mut place) = place.write()
        {
            *place = Arc::new(shelf);
        }
    }

    /// At most twenty entries for a query, the best first, as [`names`] puts them in order. The region is two digits or nothing.
    pub fn search(&self, kind: DictionaryKind, query: &str, region: &str) -> Vec<Hit> {
        Query::new(query).map(|query| self.shelf(kind).search(&query, Region::parse(region))).unwrap_or_default()
    }
    /// The entries whose name is that, in any region.
    pub fn named(&self, kind: DictionaryKind, name: &str) -> Vec<Hit> {
        self.shelf(kind).named(name)
    }
    /// The first of them: what a person typed without choosing.
    pub fn exact(&self, kind: DictionaryKind, name: &str) -> Option<Hit> {
        self.named(kind, name).into_iter().next()
    }
    /// How many entries there are.
    pub fn len(&self, kind: DictionaryKind) -> usize {
        let shelf = self.shelf(kind);
        let recent = shelf.recent.as_deref();
        shelf.base.about.ids.len() - recent.map_or(0, |recent| recent.hidden.len())
            + recent.map_or(0, |r| r.about.ids.len())
    }
    /// The number of the generation that is seen: what is found stays the same until it changes.
    pub fn number(&self) -> i64 {
        self.0.number.read().map(|number| *number).unwrap_or_default()
    }

    /// Takes over what changed in the books. Searches go on meanwhile.
    pub async fn refresh(&self, registry: &Registry) -> Result<(), Error> {
        let _alone = self.0.refreshing.lock().await;
        let number = registry.dictionary_number().await?;
        let seen = self.number();
        if number == seen {
            return Ok(());
        }
        for kind in DictionaryKind::ALL {
            let shelf = self.shelf(kind);
            let since = shelf.base.number;
            let changes = match since {
                0 => None,
                since => registry.dictionary_changes(kind, (since, number), RECENT).await?,
            };
            let shelf = match changes {
                Some(changes) if changes.is_empty() => continue,
                Some(changes) => {
                    let base = shelf.base.clone();
                    blocking(move || recent(base, changes)).await?
                }
                None => {
                    let entries = registry.dictionary_entries(kind, number).await?;
                    blocking(move || {
                        let (about, texts) = About::of(entries.iter())?;
                        drop(entries);
                        let index = Index::new(texts, READINGS.clone());
                        Ok(Shelf { base: Arc::new(Base { number, index, about }), ..Shelf::default() })
                    })
                    .await?
                }
            };
            self.put(kind, shelf);
        }
        if let Ok(mut seen) = self.0.number.write() {
            *seen = number;
        }
        Ok(())
    }

    /// Looks twice a second whether anything changed, for as long as the process lives.
    pub async fn follow(self, registry: Registry) {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            if let Err(error) = self.refresh(&registry).await {
                tracing::warn!(%error, "the dictionaries could not be brought up to date");
            }
        }
    }
}

async fn blocking(work: impl FnOnce() -> Result<Shelf, Error> + Send + 'static) -> Result<Shelf, Error> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Error::Task)?
}

/// The base, with a list of what changed since.
fn recent(base: Arc<Base>, changes: Vec<Entry>) -> Result<Shelf, Error> {
    let hidden = changes.iter().filter_map(|entry| base.about.ids.binary_search(&entry.id.uuid()).ok());
    let hidden = hidden.map(|number| number as u32).collect();
    let (about, texts) = About::of(changes.iter())?;
    let recent = Recent { list: List::new(texts, READINGS.clone()), about, hidden };
    Ok(Shelf { base, recent: Some(Arc::new(recent)), whole: OnceLock::new() })
}
