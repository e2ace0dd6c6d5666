//! The names that are searched ("texts"), sorted by rank: entries of greater weight first, then shorter names, then by name. The
//! number of a text is its rank, so ranking matches is comparing numbers.
use crate::{fold, fold::fold_into, query::is_letter};
use std::collections::BTreeMap;

/// The most matches of a search.
pub const MOST: usize = 20;

/// The two-digit code of a provincial unit (GB/T 2260); zero is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(pub u8);

impl Region {
    /// Zero if the code is not a number of at most two digits.
    pub fn parse(code: &str) -> Self {
        Self(code.parse().ok().filter(|n| *n < 100).unwrap_or_default())
    }
}

/// How well a name matches, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// The query is the whole name.
    Whole,
    /// The name begins with the query.
    Start,
    /// The name contains the query.
    Inside,
    /// A later word of the name begins with the query.
    Later,
    /// The name matches with one typing error.
    Typo,
}

/// An entry that matches by one of its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match {
    /// The number under which the entry was added.
    pub entry: u32,
    /// The name that matches, as it was added.
    pub name: String,
    /// Whether that name is a former name.
    pub former: bool,
    pub region: Region,
    pub weight: u8,
    pub class: Class,
    /// Index of the first character that the query covers.
    pub from: usize,
    /// Index after the last one.
    pub to: usize,
}

impl Match {
    /// Sort key among matches from several lists, for a user of a region: the smallest is the best.
    pub fn rank(&self, region: Region) -> impl Ord + use<> {
        let away = region == Region::default() || self.region != region;
        let units = fold(&self.name);
        (self.class, away, 255 - self.weight, units.len().min(LONG), units, self.region, self.former)
    }
}

/// There are more texts or units than their numbers can address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany;

/// The most texts: their numbers have 24 bits, and the last number is reserved.
pub(crate) const MOST_TEXTS: usize = (1 << 24) - 1;
/// Lengths above this one are equal in the order.
const LONG: usize = 255;

/// Texts sorted by rank.
#[derive(Default)]
pub struct Texts {
    units: Vec<u16>,
    /// One for each text, and a sentinel whose start is the end of the last.
    rows: Vec<TextRow>,
    /// Names that differ from their folded form.
    shown: BTreeMap<u32, Box<str>>,
}

/// The attributes of a text, stored together because they are read together: one cache miss instead of several.
#[derive(Clone, Copy, Default)]
struct TextRow {
    start: u32,
    entry: u32,
    region: Region,
    weight: u8,
    /// [`FORMER`], [`LETTERED`] and [`SHOWN`].
    flags: u8,
    /// See `crate::fingerprint`.
    #[cfg(feature = "index")]
    fingerprint: u32,
}
/// The text is a former name.
const FORMER: u8 = 1;
/// The text contains a Latin letter.
const LETTERED: u8 = 2;
/// The name differs from its folded form.
const SHOWN: u8 = 4;

struct Row {
    /// Weight, length and the first units, which decide most comparisons.
    key: u128,
    start: u32,
    length: u32,
    entry: u32,
    region: Region,
    former: bool,
    shown: Option<Box<str>>,
}

/// Collects names in any order.
#[derive(Default)]
pub struct TextsBuilder {
    units: Vec<u16>,
    rows: Vec<Row>,
}

impl TextsBuilder {
    /// Adds a name of an entry, unless nothing of it remains when folded. Entries of greater weight come first.
    pub fn add(&mut self, entry: u32, name: &str, former: bool, region: Region, weight: u8) {
        let start = self.units.len();
        fold_into(name, |_, unit| self.units.push(unit));
        let units = self.units.get(start..).unwrap_or_default();
        if units.is_empty() {
            return;
        }
        let plain = char::decode_utf16(units.iter().copied()).map(|c| c.unwrap_or('\0')).eq(name.chars());
        let first = (0..7).fold(0, |all: u128, at| all << 16 | u128::from(units.get(at).copied().unwrap_or_default()));
        self.rows.push(Row {
            key: u128::from(255 - weight) << 120 | (units.len().min(LONG) as u128) << 112 | first,
            start: start as u32,
            length: units.len() as u32,
            entry,
            region,
            former,
            shown: (!plain).then(|| name.into()),
        });
    }
    /// Sorts the texts.
    pub fn finish(self) -> Result<Texts, TooMany> {
        let Self { units, mut rows } = self;
        if rows.len() > MOST_TEXTS || u32::try_from(units.len()).is_err() {
            return Err(TooMany);
        }
        let of = |row: &Row| {
            let start = row.start as usize;
            units.get(start..start + row.length as usize).unwrap_or_default()
        };
        let order = |a: &Row, b: &Row| {
            (a.key.cmp(&b.key))
                .then_with(|| of(a).cmp(of(b)))
                .then_with(|| (a.region, a.former, a.entry).cmp(&(b.region, b.former, b.entry)))
        };
        sort(&mut rows, order);
        let mut texts = Texts {
            units: Vec::with_capacity(units.len()),
            rows: Vec::with_capacity(rows.len() + 1),
            shown: BTreeMap::new(),
        };
        for (number, row) in rows.iter_mut().enumerate() {
            texts.rows.push(TextRow {
                start: texts.units.len() as u32,
                entry: row.entry,
                region: row.region,
                weight: 255 - (row.key >> 120) as u8,
                flags: [
                    (row.former, FORMER),
                    (of(row).iter().any(|unit| is_letter(*unit)), LETTERED),
                    (row.shown.is_some(), SHOWN),
                ]
                .into_iter()
                .fold(0, |flags, (is, flag)| if is { flags | flag } else { flags }),
                #[cfg(feature = "index")]
                fingerprint: 0,
            });
            texts.units.extend_from_slice(of(row));
            if let Some(shown) = row.shown.take() {
                texts.shown.insert(number as u32, shown);
            }
        }
        texts.rows.push(TextRow { start: texts.units.len() as u32, entry: u32::MAX, ..TextRow::default() });
        Ok(texts)
    }
}

#[cfg(feature = "index")]
fn sort(rows: &mut [Row], order: impl Fn(&Row, &Row) -> std::cmp::Ordering + Sync) {
    use rayon::slice::ParallelSliceMut;
    rows.par_sort_unstable_by(order);
}
#[cfg(not(feature = "index"))]
fn sort(rows: &mut [Row], order: impl Fn(&Row, &Row) -> std::cmp::Ordering) {
    rows.sort_unstable_by(order);
}

impl Texts {
    pub fn len(&self) -> usize {
        self.rows.len().saturating_sub(1)
    }
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    fn row(&self, text: u32) -> TextRow {
        self.rows.get(text as usize).copied().unwrap_or(TextRow { entry: u32::MAX, ..TextRow::default() })
    }
    /// Region, entry and fingerprint of a text.
    #[cfg(feature = "index")]
    pub(crate) fn attributes(&self, text: u32) -> (Region, u32, u32) {
        let row = self.row(text);
        (row.region, row.entry, row.fingerprint)
    }
    /// Computes the fingerprints of all texts.
    #[cfg(feature = "index")]
    pub(crate) fn set_fingerprints(&mut self, of: impl Fn(&[u16]) -> u32) {
        for text in 0..self.len() {
            let fingerprint = of(self.units(text as u32));
            if let Some(row) = self.rows.get_mut(text) {
                row.fingerprint = fingerprint;
            }
        }
    }
    /// Prefetches the units of several texts, so that their cache misses overlap.
    #[cfg(feature = "index")]
    pub(crate) fn prefetch(&self, texts: impl Iterator<Item = u32>) {
        let first = |text: u32| self.units.get(self.row(text).start as usize).copied().unwrap_or_default();
        std::hint::black_box(texts.map(first).fold(0, std::ops::BitXor::bitxor));
    }
    /// The folded units of a text.
    pub fn units(&self, text: u32) -> &[u16] {
        let text = text as usize;
        match self.rows.get(text..text + 2) {
            Some([from, to]) => self.units.get(from.start as usize..to.start as usize).unwrap_or_default(),
            _ => &[],
        }
    }
    /// The entry that a text is a name of.
    pub fn entry(&self, text: u32) -> u32 {
        self.row(text).entry
    }
    /// The region of its entry.
    pub fn region(&self, text: u32) -> Region {
        self.row(text).region
    }
    /// Whether it contains a Latin letter.
    pub fn has_letters(&self, text: u32) -> bool {
        self.row(text).flags & LETTERED != 0
    }
    /// Whether it is a former name.
    pub fn is_former(&self, text: u32) -> bool {
        self.row(text).flags & FORMER != 0
    }
    /// The name as it was added.
    pub fn name(&self, text: u32) -> String {
        match self.shown(text) {
            Some(shown) => shown.to_owned(),
            None => {
                let units = self.units(text);
                let mut name = String::with_capacity(units.len() * 3);
                let characters = char::decode_utf16(units.iter().copied());
                name.extend(characters.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
                name
            }
        }
    }
    /// The name as it was added, if it differs from its folded form.
    fn shown(&self, text: u32) -> Option<&str> {
        if self.row(text).flags & SHOWN == 0 {
            return None;
        }
        self.shown.get(&text).map(AsRef::as_ref)
    }
    /// The numbers of all texts that are equal to a name when folded, in order.
    pub fn named(&self, name: &str) -> Vec<u32> {
        let units = fold(name);
        (0..self.len() as u32).filter(|text| !units.is_empty() && self.units(*text) == units).collect()
    }
    /// A text as a match of the whole name.
    pub fn full_match(&self, text: u32) -> Match {
        self.found(text, Class::Whole, 0, self.units(text).len())
    }
    /// Makes a match; converts indices of units to indices of characters.
    pub(crate) fn found(&self, text: u32, class: Class, from: usize, to: usize) -> Match {
        let name = self.name(text);
        let (from, to) = match self.shown(text) {
            Some(shown) => {
                let mut places = Vec::new();
                fold_into(shown, |place, _| places.push(place));
                let last = to.checked_sub(1).and_then(|unit| places.get(unit));
                (places.get(from).copied().unwrap_or_default(), last.map_or(0, |place| place + 1))
            }
            None => {
                // A character of two units counts once.
                let units = self.units(text);
                let paired = |to: usize| units.iter().take(to).filter(|unit| (0xdc00..0xe000).contains(*unit)).count();
                (from - paired(from), to - paired(to))
            }
        };
        let TextRow { entry, region, weight, flags, .. } = self.row(text);
        let former = flags & FORMER != 0;
        Match { entry, former, region, weight, class, from, to, name }
    }
    /// Size in bytes.
    pub fn bytes(&self) -> usize {
        self.units.capacity() * 2
            + self.rows.capacity() * size_of::<TextRow>()
            + self.shown.values().map(|name| name.len() + 40).sum::<usize>()
    }
}
