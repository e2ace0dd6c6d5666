//! The index of a server: the same answers as a linear search, in microseconds for a million names.
//!
//! Five sorted arrays refer to the texts: sorted texts, keys of the initials of the first twelve units, keys of the syllables of the
//! first four, a suffix array, and keys of the initials of later words. A query becomes a few ranges of these ([`Pattern`]). Where a range does not prove a match, most
//! texts are rejected by their fingerprint ([`FingerprintMask`]) and the others are compared in full.
//!
//! The arrays are larger than the CPU caches, so most of the time of a search is memory latency. Data used together is stored
//! together; searches descend a 16-ary tree over the sorted keys; lookups that touch several locations prefetch all of them first.
use crate::{
    Class, MOST, Match, Query, Readings, Region, Texts, Typos,
    continuations::ContinuationFilter,
    fingerprint::{FingerprintMask, fingerprint},
    matching::{Start, match_later_word, match_prefix, match_with_typo, seeks_later_words},
    patterns::{
        INITIALS, LETTER, Pattern, Reached, Reader, SOUNDS, SYLLABLE, Token, bounds, initials, syllable_symbol,
    },
    query::is_letter,
    range_minimum::{BestFirst, MAX_LEAF, RangeMinimum, Scope},
    search_tree::SearchTree,
    typos,
    words::later_words,
};
use rayon::prelude::*;
use std::{
    ops::{BitOr, Range},
    sync::Arc,
};

/// Bits of the number of a text.
const TEXT: u32 = 24;
/// The most combinations of readings that are indexed for a name.
const WAYS: usize = 32;
/// The most suffixes of a name in the suffix array.
const WITHIN: usize = 256;
/// The most texts compared in full for one search, which bounds its time.
const MAX_RECHECKS: usize = 40_000;

/// An index of names.
pub struct Index {
    texts: Texts,
    readings: Arc<Readings>,
    beginnings: SortedArray,
    initials: InitialKeys,
    continuations: ContinuationFilter,
    /// The same of the later words of the texts.
    later: InitialKeys,
    later_continuations: ContinuationFilter,
    sounds: Keyed,
    within: SortedArray,
}

/// Texts or suffixes of texts, sorted by their units. An item is the number of the text, and in the lower eight bits the region of
/// the text or the start of the suffix.
#[derive(Default)]
struct SortedArray {
    items: Vec<u32>,
    ranked: RangeMinimum,
    /// The first units of every [`STRIDE`]th item, packed by [`head`]: a search among these needs no access to texts.
    heads: SearchTree<u128>,
}

/// Sorted keys that contain numbers of texts, or are parallel to them.
#[derive(Default)]
struct Keyed {
    keys: SearchTree<u64>,
    ranked: RangeMinimum,
}

/// The keys of initials, of texts or of parts of them.
#[derive(Default)]
struct InitialKeys {
    keyed: Keyed,
    /// For each key its text and, in the lower eight bits, the region of that.
    items: Vec<u32>,
    /// For each key the fingerprint of what it was made from.
    fingerprints: Vec<u32>,
}
impl InitialKeys {
    /// From sorted keys with the number of the text in the lowest bits.
    fn new(keys: Vec<u128>, texts: &Texts, fingerprint: impl Fn(u128) -> u32) -> Self {
        let items: Vec<u32> = keys.iter().map(|key| placed(texts, text_of(*key as u64))).collect();
        let fingerprints = keys.iter().map(|key| fingerprint(*key)).collect();
        let keys = SearchTree::new(keys.into_iter().map(|key| (key >> 64) as u64).collect());
        let ranked = ranked(&items, |item| item >> 8, |text| texts.region(text));
        Self { keyed: Keyed { keys, ranked }, items, fingerprints }
    }
    fn bytes(&self) -> usize {
        (self.items.capacity() + self.fingerprints.capacity()) * 4 + self.keyed.keys.bytes() + self.keyed.ranked.bytes()
    }
}

/// The number of a text with its region, so that filtering by the region does not access the row of the text.
fn placed(texts: &Texts, text: u32) -> u32 {
    text << 8 | u32::from(texts.region(text).0)
}

fn ranked<K: Copy>(items: &[K], text: impl Fn(K) -> u32, region: impl Fn(u32) -> Region) -> RangeMinimum {
    RangeMinimum::new(items.len(), |at| items.get(at).map_or(0, |item| text(*item)), region)
}

/// Items for each head, and units in a head.
const STRIDE: usize = 32;
const HEAD: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ArrayKind {
    Beginnings,
    Initials,
    Later,
    Sounds,
    Within,
}

/// What must still be checked for each text of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recheck {
    None,
    /// Whether it begins with the pattern of that index.
    Prefix(usize),
    /// Whether it matches the pattern of that index as a whole.
    Whole(usize),
    /// Whether one of its later words begins with the pattern of that index, of those read for later words.
    Later(usize),
    /// Whether it contains characters at distance one from the query.
    Similar,
    /// Whether it begins with letters at distance one from the query.
    Typo,
}

#[derive(Clone, Copy, Debug)]
struct CandidateRange {
    which: ArrayKind,
    from: usize,
    to: usize,
    recheck: Recheck,
}

impl SortedArray {
    fn new<'a>(items: Vec<u32>, ranked: RangeMinimum, units: impl Fn(u32) -> &'a [u16]) -> Self {
        let heads = items.iter().step_by(STRIDE).map(|item| head(units(*item))).collect();
        Self { items, ranked, heads: SearchTree::new(heads) }
    }
    /// The range of the items that begin with some units.
    fn range<'a>(&self, wanted: &[u16], units: impl Fn(u32) -> &'a [u16]) -> (usize, usize) {
        let cut = |item: &u32| -> &[u16] {
            let all = units(*item);
            all.get(..wanted.len()).unwrap_or(all)
        };
        // The heads narrow the range to at most [`STRIDE`] items at each end.
        let low = head(wanted);
        let high = low | u128::MAX.checked_shr(16 * wanted.len() as u32).unwrap_or(0);
        let mut heads = [0; 2];
        self.heads.count_below(&[low, high.saturating_add(1)], &mut heads);
        let [first, last] = heads;
        let block = |from: usize, to: usize| {
            let (from, to) = (from.saturating_sub(1) * STRIDE, (to * STRIDE).min(self.items.len()));
            let items = self.items.get(from..to).unwrap_or_default();
            if items.len() <= STRIDE {
                // Prefetches all of them.
                std::hint::black_box(
                    items.iter().filter_map(|item| units(*item).first()).fold(0, |all, unit| all ^ unit),
                );
            }
            (from, items)
        };
        if wanted.len() > HEAD {
            // The heads determine the first units only.
            let (from, items) = block(first, last);
            let begin = items.partition_point(|item| cut(item) < wanted);
            let rest = items.get(begin..).unwrap_or_default();
            // Most ranges are short, so their end is found by an exponential search.
            let mut step = 1;
            while rest.get(step).is_some_and(|item| cut(item) == wanted) {
                step *= 2;
            }
            let near = rest.get(step / 2..(step + 1).min(rest.len())).unwrap_or_default();
            let end = if rest.is_empty() { 0 } else { step / 2 + near.partition_point(|item| cut(item) == wanted) };
            return (from + begin, from + begin + end);
        }
        let (from, items) = block(first, first);
        let begin = from + items.partition_point(|item| cut(item) < wanted);
        let (from, items) = if last == first { (from, items) } else { block(last, last) };
        (begin, from + items.partition_point(|item| cut(item) <= wanted))
    }
}

impl Index {
    /// Builds the index. Uses all cores; takes a few seconds for a million texts.
    pub fn new(mut texts: Texts, readings: Arc<Readings>) -> Self {
        texts.set_fingerprints(|units| fingerprint(units, &readings));
        let count = texts.len() as u32;
        let continuations = ContinuationFilter::new(texts.len());
        let later_continuations = ContinuationFilter::new(texts.len() * 2);
        let ((beginnings, within), ((initials, later), sounds)) = rayon::join(
            || {
                let mut order: Vec<(u64, u32)> = (0..count).map(|text| (half(texts.units(text)), text)).collect();
                order.par_sort_unstable_by(|a, b| {
                    a.0.cmp(&b.0).then_with(|| texts.units(a.1).cmp(texts.units(b.1))).then(a.1.cmp(&b.1))
                });
                let beginnings = order.into_iter().map(|(_, text)| placed(&texts, text)).collect::<Vec<_>>();
                (beginnings, suffixes(&texts))
            },
            || {
                let initials = keys(&texts, |units, ways| initial_keys(&readings, &continuations, units, ways));
                let later = keys(&texts, |units, ways| later_keys(&readings, &later_continuations, units, ways));
                // The fingerprint of a later word is that of the rest of the name.
                let of_rest = |key: u128| {
                    let place = text_of(key as u64) << 8 | (key >> TEXT) as u32 & 255;
                    fingerprint(rest(&texts, place), &readings)
                };
                (
                    (
                        InitialKeys::new(initials, &texts, |key| texts.attributes(text_of(key as u64)).2),
                        InitialKeys::new(later, &texts, of_rest),
                    ),
                    keys(&texts, |units, ways| sound_keys(&readings, units, ways)),
                )
            },
        );
        let region = |text: u32| texts.region(text);
        let (a, (b, c)) = rayon::join(
            || ranked(&beginnings, |item| item >> 8, region),
            || (ranked(&within, |place| place >> 8, region), ranked(&sounds, text_of, region)),
        );
        Self {
            continuations,
            later_continuations,
            beginnings: SortedArray::new(beginnings, a, |item| texts.units(item >> 8)),
            within: SortedArray::new(within, b, |place| rest(&texts, place)),
            initials,
            later,
            sounds: Keyed { keys: SearchTree::new(sounds), ranked: c },
            texts,
            readings,
        }
    }
    pub fn empty(readings: Arc<Readings>) -> Self {
        Self::new(Texts::default(), readings)
    }

    pub const fn texts(&self) -> &Texts {
        &self.texts
    }
    /// Size in bytes.
    pub fn bytes(&self) -> usize {
        self.texts.bytes()
            + self.beginnings.items.capacity() * 4
            + self.within.items.capacity() * 4
            + self.continuations.bytes()
            + self.later_continuations.bytes()
            + self.initials.bytes()
            + self.later.bytes()
            + self.sounds.keys.bytes()
            + self.beginnings.heads.bytes()
            + self.within.heads.bytes()
            + [&self.beginnings.ranked, &self.within.ranked, &self.sounds.ranked]
                .into_iter()
                .map(RangeMinimum::bytes)
                .sum::<usize>()
    }

    /// The entries with a name that equals this one when folded, by rank.
    pub fn named(&self, name: &str) -> Vec<Match> {
        let Some(query) = Query::new(name) else { return Vec::new() };
        let (from, to) = self.beginning_with(query.units());
        let items = self.beginnings.items.get(from..to).unwrap_or_default();
        let equal = items.iter().map(|item| item >> 8).take_while(|text| self.texts.units(*text) == query.units());
        equal.map(|text| self.texts.found(text, Class::Whole, 0, query.units().len())).collect()
    }

    /// At most [`MOST`] entries for which `wanted` holds, each once, in the order of [`crate::List::search`].
    pub fn search(&self, query: &Query, region: Region, wanted: impl Fn(u32) -> bool) -> Vec<Match> {
        let mut search = Search {
            index: self,
            region,
            wanted,
            queries: vec![query.clone()],
            patterns: Vec::new(),
            later: Vec::new(),
            picked: Vec::with_capacity(MOST),
            typos: None,
            rechecks: 0,
            walk: BestFirst::default(),
            batch: Batch::EMPTY,
        };
        let (mut whole, mut start) = (Vec::new(), Vec::new());
        if query.is_characters() {
            let (from, to) = self.beginning_with(query.units());
            let items = self.beginnings.items.get(from..to).unwrap_or_default();
            let equal = items.partition_point(|item| self.texts.units(item >> 8).len() == query.units().len());
            let source = |to| CandidateRange { which: ArrayKind::Beginnings, from, to, recheck: Recheck::None };
            whole.push(source(from + equal));
            start.push(source(to));
        } else {
            let mut reader = Reader::new(&self.readings, &self.continuations, 0, query.units());
            reader.read(&Reached::NOTHING);
            search.patterns = reader.all;
            self.sources(query, 0, &search.patterns, &mut whole, &mut start);
        }
        search.collect(Class::Whole, &whole);
        search.collect(Class::Start, &start);
        if !search.is_full() {
            let (from, to) = self.holding(query.units());
            search.collect(
                Class::Inside,
                &[CandidateRange { which: ArrayKind::Within, from, to, recheck: Recheck::None }],
            );
        }
        if !search.is_full() && seeks_later_words(query) {
            search.search_later_words(query);
        }
        if search.picked.is_empty() && typos::of_letters(query) {
            search.search_letter_typos(query);
        }
        if search.picked.is_empty() && typos::of_characters(query) {
            search.search_character_typos(query);
        }
        search.finish(query)
    }

    /// The range of the texts that begin with some units.
    fn beginning_with(&self, units: &[u16]) -> (usize, usize) {
        self.beginnings.range(units, |item| self.texts.units(item >> 8))
    }
    /// The range of the suffixes that begin with some units.
    fn holding(&self, units: &[u16]) -> (usize, usize) {
        self.within.range(units, |place| self.rest(place))
    }
    fn rest(&self, place: u32) -> &[u16] {
        rest(&self.texts, place)
    }

    /// Appends the ranges of the patterns of a query to `whole` and `start`: those of whole names, and those of beginnings. `first` is
    /// the index of the first pattern in the list of patterns of the search.
    fn sources(
        &self,
        query: &Query,
        first: usize,
        patterns: &[Pattern],
        whole: &mut Vec<CandidateRange>,
        start: &mut Vec<CandidateRange>,
    ) {
        let bounds: Vec<u64> = patterns.iter().flat_map(|pattern| bounds(pattern.key, pattern.tokens.count)).collect();
        let mut initials = vec![0; bounds.len()];
        self.initials.keyed.keys.count_below(&bounds, &mut initials);
        let bounds: Vec<u64> = patterns.iter().flat_map(Pattern::sounds).collect();
        let mut sounds = vec![0; bounds.len()];
        self.sounds.keys.count_below(&bounds, &mut sounds);
        // Characters match themselves in every interpretation.
        let leading_characters = query.units().iter().take(INITIALS).take_while(|unit| !is_letter(**unit)).count();
        let mut beginning = None;
        let places = initials.as_chunks::<3>().0.iter().zip(sounds.as_chunks::<2>().0);
        for ((number, pattern), ([from, ended, to], [low, high])) in (first..).zip(patterns).zip(places) {
            if from == to {
                continue;
            }
            let tokens = pattern.tokens.as_slice();
            let source = |which, from: usize, to: usize, recheck| CandidateRange { which, from, to, recheck };
            let plain = pattern.whole && tokens.iter().all(|token| matches!(token, Token::Initial(_)));
            // Names with exactly these initials come first among those that begin with them, and are few.
            let is_broken = pattern.is_broken();
            let ends = pattern.whole && tokens.len() < INITIALS;
            if ends && !is_broken {
                let recheck = if plain { Recheck::None } else { Recheck::Whole(number) };
                whole.push(source(ArrayKind::Initials, *from, *ended, recheck));
            }
            if plain && ends {
                start.push(source(ArrayKind::Initials, *from, *to, Recheck::None));
                continue;
            }
            let recheck = if plain { Recheck::None } else { Recheck::Prefix(number) };
            let mut best = source(ArrayKind::Initials, *from, *to, recheck);
            let leading = pattern.leading_sounds().count();
            let all = pattern.whole && leading == tokens.len();
            if all || leading > 0 && high - low < to - from {
                let recheck = if all { Recheck::None } else { Recheck::Prefix(number) };
                best = source(ArrayKind::Sounds, *low, *high, recheck);
            }
            if leading_characters > 0 {
                let (from, to) = *beginning.get_or_insert_with(|| {
                    self.beginning_with(query.units().get(..leading_characters).unwrap_or_default())
                });
                if to - from < best.to - best.from {
                    best = source(ArrayKind::Beginnings, from, to, Recheck::Prefix(number));
                }
            }
            start.push(best);
            if !ends && !is_broken {
                whole.push(CandidateRange { recheck: Recheck::Whole(number), ..best });
            }
        }
    }
}

/// A text that was selected.
struct Picked {
    text: u32,
    entry: u32,
    class: Class,
}

/// The state of a search.
struct Search<'a, W> {
    index: &'a Index,
    region: Region,
    wanted: W,
    /// The query, then its edited variants.
    queries: Vec<Query>,
    /// The interpretations of the queries.
    patterns: Vec<Pattern>,
    /// The interpretations of the query as the beginning of a later word.
    later: Vec<Pattern>,
    /// In the order of the results.
    picked: Vec<Picked>,
    /// All variants of the query at distance one, computed when first needed.
    typos: Option<Typos>,
    /// How many texts were compared in full.
    rechecks: usize,
    walk: BestFirst,
    batch: Batch,
}

/// The texts of a leaf, sorted, with the numbers of their entries.
struct Batch {
    all: [(u32, u32); MAX_LEAF],
    count: usize,
}
/// How many texts are prefetched at once, so that their cache misses overlap.
const PREFETCH: usize = 32;

impl Batch {
    const EMPTY: Self = Self { all: [(0, 0); MAX_LEAF], count: 0 };
    fn fill(&mut self, with: impl FnOnce(&mut Self)) {
        self.count = 0;
        with(self);
        self.all.get_mut(..self.count).unwrap_or_default().sort_unstable();
    }
    fn add_if(&mut self, text: u32, is: bool) {
        if let Some(slot) = self.all.get_mut(self.count) {
            *slot = (text, 0);
            self.count += usize::from(is);
        }
    }
    /// Reads the entries of the next [`PREFETCH`] texts, and prefetches their units if these will be compared.
    fn prefetch(&mut self, texts: &Texts, from: usize, units: bool) {
        let some = self.all.get_mut(from..self.count.min(from + PREFETCH)).unwrap_or_default();
        for (text, entry) in some.iter_mut() {
            *entry = texts.entry(*text);
        }
        if units {
            texts.prefetch(some.iter().map(|(text, _)| *text));
        }
    }
}

impl<W: Fn(u32) -> bool> Search<'_, W> {
    const fn is_full(&self) -> bool {
        self.picked.len() >= MOST
    }
    fn is_picked(&self, entry: u32) -> bool {
        self.picked.iter().any(|picked| picked.entry == entry)
    }

    /// Adds the texts of some ranges with the smallest numbers: those of the region, then the others.
    fn collect(&mut self, class: Class, sources: &[CandidateRange]) {
        let scopes = if self.region == Region::default() {
            &[Scope::All][..]
        } else {
            &[Scope::In(self.region), Scope::NotIn(self.region)]
        };
        for scope in scopes {
            if self.is_full() {
                return;
            }
            let found = self.smallest(sources, *scope);
            self.picked.extend(found.into_iter().map(|(text, entry)| Picked { text, entry, class }));
        }
    }

    /// The smallest texts of some ranges, one for each entry, without picked entries; at most as many as are still missing.
    fn smallest(&mut self, sources: &[CandidateRange], scope: Scope) -> Vec<(u32, u32)> {
        let most = MOST - self.picked.len();
        let mut kept: Vec<(u32, u32)> = Vec::with_capacity(most + 1);
        self.walk.clear();
        for (number, source) in sources.iter().enumerate() {
            self.walk.add(number, self.index.ranked(source.which), scope, source.from, source.to);
        }
        let mut limit = u32::MAX;
        let (which, index) = (|number: usize| sources.get(number).map_or(ArrayKind::Within, |s| s.which), self.index);
        while let Some((number, from, to)) =
            self.walk.next(scope, limit, |source| index.length(which(source)), |source| index.ranked(which(source)))
        {
            let Some(source) = sources.get(number) else { continue };
            let mask = match source.recheck {
                Recheck::Prefix(number) | Recheck::Whole(number) => {
                    self.patterns.get(number).map(|pattern| pattern.mask)
                }
                Recheck::Later(number) => self.later.get(number).map(|pattern| pattern.mask),
                Recheck::None | Recheck::Similar | Recheck::Typo => None,
            };
            self.batch.fill(|batch| {
                let told = |text| batch.add_if(text, text < limit);
                index.scan_leaf(source.which, from..to, scope, mask.unwrap_or_default(), told);
            });
            let mut seen = 0;
            while seen < self.batch.count {
                if seen % PREFETCH == 0 {
                    self.batch.prefetch(&index.texts, seen, source.recheck != Recheck::None);
                }
                let Some((text, entry)) = self.batch.all.get(seen).copied().filter(|(text, _)| *text < limit) else {
                    // The batch is sorted, so all others are beyond the limit as well.
                    break;
                };
                seen += 1;
                let Err(at) = kept.binary_search_by_key(&text, |(text, _)| *text) else { continue };
                if self.is_picked(entry) || !(self.wanted)(entry) {
                    continue;
                }
                // Of several names of an entry only the first is kept.
                let other = kept.iter().position(|(_, other)| *other == entry);
                if other.is_some_and(|other| other < at) || !self.is_confirmed(source, text) {
                    continue;
                }
                if let Some(other) = other {
                    kept.remove(other);
                }
                kept.insert(at, (text, entry));
                kept.truncate(most);
                if kept.len() == most {
                    limit = kept.last().map_or(limit, |(text, _)| *text);
                }
            }
            if self.rechecks > MAX_RECHECKS {
                break;
            }
        }
        kept
    }

    fn is_confirmed(&mut self, source: &CandidateRange, text: u32) -> bool {
        let index = self.index;
        let confirmed = match source.recheck {
            Recheck::None => return true,
            Recheck::Prefix(number) => self.begins(text, number).is_some(),
            Recheck::Whole(number) => self.begins(text, number).is_some_and(|start| start.whole),
            Recheck::Later(number) => self.begins_later(text, number),
            Recheck::Similar => self
                .queries
                .first()
                .is_some_and(|query| typos::find_similar(index.texts.units(text), query.units()).is_some()),
            Recheck::Typo => {
                let typos = self.typos.get_or_insert_with(|| self.queries.first().map_or_else(Typos::none, Typos::of));
                match_with_typo(index.texts.units(text), typos, &index.readings).is_some()
            }
        };
        self.rechecks += 1;
        confirmed
    }

    /// The match of the pattern of that index with the beginning of a text.
    fn begins(&self, text: u32, number: usize) -> Option<Start> {
        let (units, readings) = (self.index.texts.units(text), &self.index.readings);
        let pattern = self.patterns.get(number)?;
        if !pattern.fits(units, readings) {
            return None;
        }
        if !pattern.whole {
            return match_prefix(units, self.queries.get(pattern.query)?, readings);
        }
        Some(Start { to: pattern.tokens.count, whole: pattern.ends(units, readings) })
    }

    /// Whether a later word of a text begins with the pattern of that index.
    fn begins_later(&self, text: u32, number: usize) -> bool {
        let (units, readings) = (self.index.texts.units(text), &self.index.readings);
        let (Some(pattern), Some(query)) = (self.later.get(number), self.queries.first()) else { return false };
        later_words(units).any(|at| {
            let rest = units.get(at..).unwrap_or_default();
            pattern.fits(rest, readings) && (pattern.whole || match_prefix(rest, query, readings).is_some())
        })
    }

    /// Searches for names of which a later word begins with the query.
    fn search_later_words(&mut self, query: &Query) {
        let mut reader = Reader::new(&self.index.readings, &self.index.later_continuations, 0, query.units());
        reader.read(&Reached::NOTHING);
        let patterns = reader.all;
        let bounds: Vec<u64> = patterns.iter().flat_map(|pattern| bounds(pattern.key, pattern.tokens.count)).collect();
        let mut places = vec![0; bounds.len()];
        self.index.later.keyed.keys.count_below(&bounds, &mut places);
        let mut sources = Vec::new();
        for (number, (pattern, [from, _, to])) in patterns.iter().zip(places.as_chunks::<3>().0).enumerate() {
            if from < to {
                let is_plain =
                    pattern.whole && pattern.tokens.as_slice().iter().all(|token| matches!(token, Token::Initial(_)));
                let recheck = if is_plain { Recheck::None } else { Recheck::Later(number) };
                sources.push(CandidateRange { which: ArrayKind::Later, from: *from, to: *to, recheck });
            }
        }
        self.later = patterns;
        self.collect(Class::Later, &sources);
    }

    /// Searches for names that begin with the letters of the query with one typing error.
    fn search_letter_typos(&mut self, query: &Query) {
        // Before the token with the error the query is interpreted as typed: each edited query continues from those states.
        let mut reader = Reader::new(&self.index.readings, &self.index.continuations, 0, query.units());
        reader.read(&Reached::NOTHING);
        let (mut sources, mut unused) = (Vec::new(), Vec::new());
        for here in reader.states() {
            if here.tokens.count == INITIALS {
                // An error after these tokens is beyond the keys: the few texts that begin so are compared with every variant.
                let mut range = [0; 2];
                let [low, _, high] = bounds(here.key, INITIALS);
                self.index.initials.keyed.keys.count_below(&[low, high], &mut range);
                let [from, to] = range;
                sources.push(CandidateRange { which: ArrayKind::Initials, from, to, recheck: Recheck::Typo });
                continue;
            }
            for at in here.at..(here.at + 6).min(query.units().len()) {
                for edited in typos::edits(query.units(), at) {
                    let mut reader =
                        Reader::new(&self.index.readings, &self.index.continuations, self.queries.len(), &edited);
                    if here.at == edited.len() {
                        reader.read(&here);
                    } else {
                        reader.read_past(&here, at);
                    }
                    let all = reader.all;
                    let Some(edited) = (!all.is_empty()).then(|| Query::of(edited)).flatten() else { continue };
                    self.index.sources(&edited, self.patterns.len(), &all, &mut unused, &mut sources);
                    self.patterns.extend(all);
                    self.queries.push(edited);
                }
            }
        }
        self.collect(Class::Typo, &sources);
    }

    /// Searches for names that contain the characters of the query with one typing error. One side of the error is correct: the texts
    /// that contain the rarer side are compared in full.
    fn search_character_typos(&mut self, query: &Query) {
        let units = query.units();
        let mut sources = Vec::new();
        let side = |units: &[u16]| {
            let ((a, b), (c, d)) = (self.index.beginning_with(units), self.index.holding(units));
            (
                (b - a) + (d - c),
                [
                    CandidateRange { which: ArrayKind::Beginnings, from: a, to: b, recheck: Recheck::Similar },
                    CandidateRange { which: ArrayKind::Within, from: c, to: d, recheck: Recheck::Similar },
                ],
            )
        };
        let certain = |units: &[u16], sources: &mut Vec<CandidateRange>| {
            let (_, pair) = side(units);
            sources.extend(pair.map(|source| CandidateRange { recheck: Recheck::None, ..source }));
        };
        for at in 0..units.len() {
            // An extra or a swapped unit: texts contain the rest of the query unchanged.
            let mut edited = units.to_vec();
            edited.remove(at);
            certain(&edited, &mut sources);
            if at + 1 < units.len() {
                let mut edited = units.to_vec();
                edited.swap(at, at + 1);
                certain(&edited, &mut sources);
            }
            // A missing unit before this index, or a wrong one at it.
            if at > 0 {
                let (before, after) = units.split_at(at);
                let shorter = |a: (usize, [CandidateRange; 2]), b: (usize, [CandidateRange; 2])| {
                    if a.0 <= b.0 { a.1 } else { b.1 }
                };
                let before = side(before);
                sources.extend(shorter(before, side(after)));
                if let Some((_, after)) = after.split_first().filter(|(_, after)| !after.is_empty()) {
                    sources.extend(shorter(before, side(after)));
                }
            }
        }
        sources.retain(|source| source.from < source.to);
        self.collect(Class::Typo, &sources);
    }

    fn finish(mut self, query: &Query) -> Vec<Match> {
        let typos = self.typos.take();
        // Of several interpretations the one with the fewest tokens determines the marked range.
        let mut shortest: Vec<usize> = (0..self.patterns.len()).collect();
        shortest.sort_by_key(|number| self.patterns.get(*number).map(|pattern| pattern.tokens.count));
        let begun = |text: u32| match self.patterns.as_slice() {
            [only] if only.whole => only.tokens.count,
            _ => shortest.iter().find_map(|number| Some(self.begins(text, *number)?.to)).unwrap_or_default(),
        };
        let index = self.index;
        let slipped = self.picked.first().is_some_and(|picked| picked.class == Class::Typo);
        let typos = typos.or_else(|| slipped.then(|| Typos::of(query)));
        let plain = query.is_characters();
        index.texts.prefetch(self.picked.iter().map(|picked| picked.text));
        let found = self.picked.iter().map(|Picked { text, class, .. }| {
            let (text, class) = (*text, *class);
            let units = index.texts.units(text);
            let (from, to) = match class {
                // Characters match themselves, so the match is as long as the query.
                Class::Start if plain => (0, query.units().len()),
                Class::Whole => (0, units.len()),
                Class::Start => (0, begun(text)),
                Class::Inside => {
                    let from = crate::matching::find_inside(units, query).unwrap_or_default();
                    (from, from + query.units().len())
                }
                Class::Later => match_later_word(units, query, &index.readings).unwrap_or_default(),
                Class::Typo => {
                    typos.as_ref().and_then(|typos| match_with_typo(units, typos, &index.readings)).unwrap_or_default()
                }
            };
            index.texts.found(text, class, from, to)
        });
        found.collect()
    }
}

impl Index {
    const fn ranked(&self, which: ArrayKind) -> &RangeMinimum {
        match which {
            ArrayKind::Beginnings => &self.beginnings.ranked,
            ArrayKind::Initials => &self.initials.keyed.ranked,
            ArrayKind::Later => &self.later.keyed.ranked,
            ArrayKind::Sounds => &self.sounds.ranked,
            ArrayKind::Within => &self.within.ranked,
        }
    }
    const fn length(&self, which: ArrayKind) -> usize {
        match which {
            ArrayKind::Beginnings => self.beginnings.items.len(),
            ArrayKind::Initials => self.initials.items.len(),
            ArrayKind::Later => self.later.items.len(),
            ArrayKind::Sounds => self.sounds.keys.keys().len(),
            ArrayKind::Within => self.within.items.len(),
        }
    }
    /// Calls `tell` with the texts of a leaf that are in a scope and whose fingerprint may match.
    fn scan_leaf(
        &self,
        which: ArrayKind,
        leaf: Range<usize>,
        scope: Scope,
        mask: FingerprintMask,
        mut tell: impl FnMut(u32),
    ) {
        let mut tell_if = |text: u32, is: bool| {
            if is {
                tell(text);
            }
        };
        let placed = |item: &u32| scope.holds(Region((item & 255) as u8));
        match which {
            ArrayKind::Initials | ArrayKind::Later => {
                let all = if which == ArrayKind::Initials { &self.initials } else { &self.later };
                let (items, fingerprints) = (all.items.get(leaf.clone()), all.fingerprints.get(leaf));
                for (item, fingerprint) in items.unwrap_or_default().iter().zip(fingerprints.unwrap_or_default()) {
                    tell_if(item >> 8, placed(item) && mask.may_match(*fingerprint));
                }
            }
            ArrayKind::Beginnings => {
                for item in self.beginnings.items.get(leaf).unwrap_or_default() {
                    let may_match =
                        || mask == FingerprintMask::default() || mask.may_match(self.texts.attributes(item >> 8).2);
                    tell_if(item >> 8, placed(item) && may_match());
                }
            }
            ArrayKind::Within | ArrayKind::Sounds => {
                let within = |place| self.within.items.get(place).map(|item| item >> 8);
                let sounds = |place| self.sounds.keys.keys().get(place).map(|key| text_of(*key));
                for place in leaf {
                    let Some(text) = (if which == ArrayKind::Within { within(place) } else { sounds(place) }) else {
                        break;
                    };
                    let (region, _, fingerprint) = self.texts.attributes(text);
                    tell_if(text, scope.holds(region) && mask.may_match(fingerprint));
                }
            }
        }
    }
}

/// The number of the text, in the lowest bits of a key.
const fn text_of(key: u64) -> u32 {
    (key & ((1 << TEXT) - 1)) as u32
}

/// A suffix of a text.
fn rest(texts: &Texts, place: u32) -> &[u16] {
    texts.units(place >> 8).get((place & 255) as usize..).unwrap_or_default()
}

/// The first [`HEAD`] units, packed for one comparison.
fn head(units: &[u16]) -> u128 {
    (0..HEAD).fold(0, |all, at| all << 16 | u128::from(units.get(at).copied().unwrap_or_default()))
}
/// The first half of these.
fn half(units: &[u16]) -> u64 {
    (0..HEAD / 2).fold(0, |all, at| all << 16 | u64::from(units.get(at).copied().unwrap_or_default()))
}

/// The suffix array: every proper suffix of every text, sorted; the number of the text above eight bits of start.
fn suffixes(texts: &Texts) -> Vec<u32> {
    let mut all: Vec<(u64, u32)> = Vec::new();
    for text in 0..texts.len() as u32 {
        let units = texts.units(text);
        for at in 1..units.len().min(WITHIN) {
            all.push((half(units.get(at..).unwrap_or_default()), text << 8 | at as u32));
        }
    }
    let rest = |place: u32| rest(texts, place);
    all.par_sort_unstable_by(|a, b| {
        let further = || {
            // The first units are equal; the rest is compared from there.
            let (a, b) = (rest(a.1), rest(b.1));
            a.get(HEAD / 2..).unwrap_or_default().cmp(b.get(HEAD / 2..).unwrap_or_default())
        };
        a.0.cmp(&b.0).then_with(further).then(a.1.cmp(&b.1))
    });
    all.into_iter().map(|(_, place)| place).collect()
}

/// The keys of all texts, each with the number of its text, sorted.
fn keys<K>(texts: &Texts, of: impl Fn(&[u16], &mut Vec<K>) + Sync) -> Vec<K>
where
    K: Copy + Ord + Send + From<u32> + BitOr<Output = K>,
{
    let chunk = 1 << 14;
    let count = texts.len() as u32;
    let chunks: Vec<Vec<K>> = (0..count.div_ceil(chunk))
        .into_par_iter()
        .map(|number| {
            let (mut all, mut ways) = (Vec::new(), Vec::new());
            for text in number * chunk..((number + 1) * chunk).min(count) {
                ways.clear();
                of(texts.units(text), &mut ways);
                all.extend(ways.iter().map(|key| *key | K::from(text)));
            }
            all
        })
        .collect();
    let mut all = Vec::with_capacity(chunks.iter().map(Vec::len).sum());
    all.extend(chunks.into_iter().flatten());
    all.par_sort_unstable();
    all
}

/// The keys of the initials of a text; also inserts its continuations into the filter.
fn initial_keys(readings: &Readings, continuations: &ContinuationFilter, units: &[u16], ways: &mut Vec<u128>) {
    ways.push(0);
    for (at, unit) in units.iter().take(INITIALS).enumerate() {
        let codes = readings.spelling(*unit).map_or(&[][..], |spelling| &spelling.all);
        for before in ways.iter().map(|way| (way >> 64) as u64) {
            initials(readings, *unit).for_each(|letter| continuations.insert(before, letter));
            codes.iter().for_each(|code| continuations.insert(before, syllable_symbol(*code)));
        }
        let shift = 128 - LETTER * (at as u32 + 1);
        branch(ways, initials(readings, *unit).map(|letter| u128::from(letter) << shift));
    }
}

/// The keys of the initials of the later words of a text, with the place of the word above the number of the text.
fn later_keys(readings: &Readings, continuations: &ContinuationFilter, units: &[u16], ways: &mut Vec<u128>) {
    let mut own = Vec::new();
    for at in later_words(units).take_while(|at| *at < WITHIN) {
        own.clear();
        initial_keys(readings, continuations, units.get(at..).unwrap_or_default(), &mut own);
        ways.extend(own.iter().map(|key| key | (at as u128) << TEXT));
    }
}

fn sound_keys(readings: &Readings, units: &[u16], ways: &mut Vec<u64>) {
    ways.push(0);
    for (at, unit) in units.iter().take(SOUNDS).enumerate() {
        let shift = 64 - SYLLABLE * (at as u32 + 1);
        match readings.spelling(*unit) {
            Some(spelling) => branch(ways, spelling.all.iter().map(|code| u64::from(*code) << shift)),
            None => branch(ways, std::iter::once(511 << shift)),
        }
    }
}

/// Combines every key so far with every part that may follow; with the first parts only if there would be more than [`WAYS`].
fn branch<K: Copy + BitOr<Output = K>>(ways: &mut Vec<K>, mut parts: impl Iterator<Item = K>) {
    let Some(first) = parts.next() else { return };
    let before = ways.len();
    for part in parts.take((WAYS / before.max(1)).saturating_sub(1)) {
        for at in 0..before {
            let Some(way) = ways.get(at).copied() else { break };
            ways.push(way | part);
        }
    }
    ways.iter_mut().take(before).for_each(|way| *way = *way | first);
}
