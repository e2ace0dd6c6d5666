//! Which texts of a dictionary belong to which province and city.
use super::cities::{CityNumber, city, city_of};
use names::{Region, Texts};
use std::collections::BTreeMap;

/// A place whose names are looked through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// Two digits of the provincial unit; empty for names that say none.
    pub region: &'a str,
    /// The code of a city in it, empty for names that say none; without it all of the province.
    pub city: Option<&'a str>,
}
impl Place<'_> {
    fn has(self, key: Key) -> bool {
        let of_city = |code: &str| city(key.city).map_or("", |(code, _)| code) == code;
        key.region == Region::parse(self.region) && self.city.is_none_or(of_city)
    }
}

/// A province and a city of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) region: Region,
    pub(super) city: CityNumber,
}

/// The texts of each place.
#[derive(Default)]
pub(super) struct Places {
    /// By the number of an entry.
    pub(super) of_entries: Vec<Option<Key>>,
    /// The texts that are searched, former names among them, in their order.
    texts: BTreeMap<Key, Vec<u32>>,
}

impl Places {
    pub(super) fn of(texts: &Texts) -> Self {
        let mut places = Self::default();
        let numbers = || 0..texts.len() as u32;
        for text in numbers().filter(|text| !texts.is_former(*text)) {
            let region = texts.region(text);
            let key = Key { region, city: city_of(region.0, &texts.name(text)) };
            let entry = texts.entry(text) as usize;
            if places.of_entries.len() <= entry {
                places.of_entries.resize(entry + 1, None);
            }
            if let Some(place) = places.of_entries.get_mut(entry) {
                *place = Some(key);
            }
        }
        for text in numbers() {
            if let Some(key) = places.of_entries.get(texts.entry(text) as usize).copied().flatten() {
                places.texts.entry(key).or_default().push(text);
            }
        }
        places
    }
    /// The texts of a place in their order.
    pub(super) fn texts_of(&self, place: Place<'_>) -> Vec<u32> {
        let of_place = self.texts.iter().filter(|(key, _)| place.has(**key));
        let mut texts: Vec<u32> = of_place.flat_map(|(_, texts)| texts.iter().copied()).collect();
        texts.sort_unstable();
        texts
    }
}
