//! Names by place: the provinces and cities that have some, and the names of one of them, a page at a time or by what is typed (S26).
use super::{
    Dictionary, DictionaryKind, Hit,
    cities::city,
    memory::{KindIndex, READINGS},
    places::{Key, Place},
};
use names::{Match, Query, Region, Texts, search_among};
use std::collections::BTreeMap;

/// How many names a page holds.
pub const NAMES_ON_PAGE: usize = 40;

/// A province or a city, and how many names it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceCount {
    /// The code of a province or a city; empty for names that say none.
    pub code: String,
    /// The name of a city; empty for a province, which the locales name.
    pub name: &'static str,
    pub count: usize,
}

/// Names of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePage {
    pub names: Vec<Hit>,
    /// How many there are on all pages.
    pub all: usize,
}

impl KindIndex {
    /// How many entries each place has.
    fn counts(&self) -> BTreeMap<Key, usize> {
        let mut counts = BTreeMap::new();
        let hidden = |entry: usize| self.is_hidden(entry as u32);
        let base = self.base_places().of_entries.iter().enumerate().filter(|(entry, _)| !hidden(*entry));
        let delta = self.delta_places().into_iter().flat_map(|places| &places.of_entries);
        for key in base.map(|(_, key)| key).chain(delta).flatten() {
            *counts.entry(*key).or_default() += 1;
        }
        counts
    }

    /// The texts of a place that count: of the base and of what changed since.
    fn texts_at(&self, place: Place<'_>) -> (Vec<u32>, Vec<u32>) {
        let mut base = self.base_places().texts_of(place);
        base.retain(|text| !self.is_hidden(self.base_texts().entry(*text)));
        (base, self.delta_places().map(|places| places.texts_of(place)).unwrap_or_default())
    }

    fn names_at(&self, place: Place<'_>, page: usize) -> NamePage {
        let (base, delta) = self.texts_at(place);
        let current = |texts: &Texts, numbers: Vec<u32>| -> Vec<u32> {
            numbers.into_iter().filter(|text| !texts.is_former(*text)).collect()
        };
        let base = current(self.base_texts(), base);
        let delta = self.delta_texts().map(|texts| current(texts, delta)).unwrap_or_default();
        let all = base.len() + delta.len();
        let wanted = |matches: &mut dyn Iterator<Item = (bool, Match)>| {
            let page = matches.skip(page.saturating_mul(NAMES_ON_PAGE)).take(NAMES_ON_PAGE);
            page.filter_map(|found| self.hit(found)).collect()
        };
        let matched = |text: &u32| (false, self.base_texts().full_match(*text));
        let Some(changed) = self.delta_texts().filter(|_| !delta.is_empty()) else {
            // The numbers of texts are their order, so only those of the page are read.
            return NamePage { names: wanted(&mut base.iter().map(matched)), all };
        };
        let mut both: Vec<(bool, Match)> = base.iter().map(matched).collect();
        both.extend(delta.into_iter().map(|text| (true, changed.full_match(text))));
        both.sort_by_cached_key(|(_, found)| found.rank(Region::default()));
        NamePage { names: wanted(&mut both.into_iter()), all }
    }

    fn search_at(&self, place: Place<'_>, query: &Query) -> Vec<Hit> {
        let (base, delta) = self.texts_at(place);
        let among = |texts: &Texts, numbers: &[u32]| {
            search_among(texts, &READINGS, numbers.iter().copied(), query, Region::default())
        };
        let old = among(self.base_texts(), &base);
        let new = self.delta_texts().map(|texts| among(texts, &delta)).unwrap_or_default();
        self.merged(old, new, Region::default())
    }
}

impl Dictionary {
    /// The provinces that have names of a kind, by their codes.
    pub fn provinces(&self, kind: DictionaryKind) -> Vec<PlaceCount> {
        let mut counts: BTreeMap<Region, usize> = BTreeMap::new();
        for (key, count) in self.index(kind).counts() {
            *counts.entry(key.region).or_default() += count;
        }
        let code =
            |region: Region| if region == Region::default() { String::new() } else { format!("{:02}", region.0) };
        counts.into_iter().map(|(region, count)| PlaceCount { code: code(region), name: "", count }).collect()
    }
    /// The cities of a province that names of a kind say, by their codes, and those that say none at the end.
    pub fn cities(&self, kind: DictionaryKind, region: &str) -> Vec<PlaceCount> {
        let counts = self.index(kind).counts().into_iter().filter(|(key, _)| key.region == Region::parse(region));
        let mut cities: Vec<PlaceCount> = counts
            .map(|(key, count)| {
                let (code, name) = city(key.city).unwrap_or_default();
                PlaceCount { code: code.to_owned(), name, count }
            })
            .collect();
        cities.sort_by(|a, b| (a.code.is_empty(), &a.code).cmp(&(b.code.is_empty(), &b.code)));
        cities
    }
    /// A page of the names of a place, the heaviest and shortest first.
    pub fn names_at(&self, kind: DictionaryKind, place: Place<'_>, page: usize) -> NamePage {
        self.index(kind).names_at(place, page)
    }
    /// At most twenty names of a place for a query, as [`Dictionary::search`] finds them.
    pub fn search_at(&self, kind: DictionaryKind, place: Place<'_>, query: &str) -> Vec<Hit> {
        Query::new(query).map(|query| self.index(kind).search_at(place, &query)).unwrap_or_default()
    }
}
