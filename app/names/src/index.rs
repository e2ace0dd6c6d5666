//! The index of a server: the same answers as looking through everything, for a million names in microseconds.
//!
//! Four sorted arrays lead to the texts: by their characters, by the initials of their first twelve units, by the syllables of their
//! first four, and by the characters at every place within. What a query asks for is a few ranges of them ([`Pattern`]); of what a
//! range does not say for certain most is passed over by its sign ([`Wanted`]), and the rest is read again.
//!
//! A million names fill more memory than lies near a processor, so that time goes by waiting for it. Whatever looks at several places
//! asks for all of them before it looks at the first, and what is asked of many lies together.
use crate::{
    Class, Found, MOST, Query, Readings, Region, Slips, Texts,
    follows::Follows,
    matching::{Start, nearly, starts},
    patterns::{INITIALS, LETTER, Pattern, Reached, Reader, SOUNDS, SYLLABLE, Token, bounds, followed_by, initials},
    query::is_letter,
    ranked::{LONGEST_PIECE, Ranked, Scope, Walk},
    signs::{Wanted, sign},
    slips,
    sorted::Sorted,
};
use rayon::prelude::*;
use std::{
    ops::{BitOr, Range},
    sync::Arc,
};

/// Bits of the number of a text.
const TEXT: u32 = 24;
/// How many ways a name may be read before the rest is left out.
const WAYS: usize = 32;
/// Places within a name that are in the array.
const WITHIN: usize = 256;
/// How many texts are read again for one query, at most: what bounds its time.
const READ_AGAIN: usize = 40_000;

/// The index of many names.
pub struct Index {
    texts: Texts,
    readings: Arc<Readings>,
    beginnings: Array,
    initials: Keyed,
    /// The text of each key of initials, and its sign.
    initialled: Vec<u32>,
    signs: Vec<u32>,
    follows: Follows,
    sounds: Keyed,
    within: Array,
}

/// Texts, or places within them, in the order of the units there: above eight bits of region or place the number of the text.
#[derive(Default)]
struct Array {
    items: Vec<u32>,
    ranked: Ranked,
    /// The first units of every so manyth item, as [`head`] puts them together: to find a place among these touches little memory,
    /// and no text.
    heads: Sorted<u128>,
}

/// Texts in the order of keys.
#[derive(Default)]
struct Keyed {
    keys: Sorted<u64>,
    ranked: Ranked,
}

/// Items from one head to the next, and units in a head.
const STRIDE: usize = 32;
const HEAD: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    Beginnings,
    Initials,
    Sounds,
    Within,
}

/// What is still to be seen about the texts of a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doubt {
    None,
    /// Whether they begin with the pattern of that number.
    Start(usize),
    /// Whether that is the whole of them.
    Whole(usize),
    /// Whether they hold something one slip away from the query, which is characters.
    Near,
    /// Whether they begin with something one slip away from the query, which is letters.
    Nearly,
}

#[derive(Clone, Copy, Debug)]
struct Source {
    which: Which,
    from: usize,
    to: usize,
    doubt: Doubt,
}

impl Array {
    /// Puts the heads beside the items.
    fn new<'a>(items: Vec<u32>, ranked: Ranked, units: impl Fn(u32) -> &'a [u16]) -> Self {
        let heads = items.iter().step_by(STRIDE).map(|item| head(units(*item))).collect();
        Self { items, ranked, heads: Sorted::new(heads) }
    }
    /// The range of the items whose units begin with these.
    fn range<'a>(&self, wanted: &[u16], units: impl Fn(u32) -> &'a [u16]) -> (usize, usize) {
        let cut = |item: &u32| -> &[u16] {
            let all = units(*item);
            all.get(..wanted.len()).unwrap_or(all)
        };
        // Among the heads nothing is looked up; between two of them there are few items.
        let low = head(wanted);
        let high = low | u128::MAX.checked_shr(16 * wanted.len() as u32).unwrap_or(0);
        let mut heads = [0; 2];
        self.heads.below(&[low, high.saturating_add(1)], &mut heads);
        let [first, last] = heads;
        let block = |from: usize, to: usize| {
            let (from, to) = (from.saturating_sub(1) * STRIDE, (to * STRIDE).min(self.items.len()));
            let items = self.items.get(from..to).unwrap_or_default();
            if items.len() <= STRIDE {
                // All of them are asked of the memory at once.
                std::hint::black_box(
                    items.iter().filter_map(|item| units(*item).first()).fold(0, |all, unit| all ^ unit),
                );
            }
            (from, items)
        };
        if wanted.len() > HEAD {
            // The heads do not tell more than the beginning.
            let (from, items) = block(first, last);
            let begin = items.partition_point(|item| cut(item) < wanted);
            let rest = items.get(begin..).unwrap_or_default();
            // Most ranges are short: their end is looked for in growing steps.
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
    /// Puts texts in order for every kind of query; takes all cores for a few seconds where there are a million.
    pub fn new(mut texts: Texts, readings: Arc<Readings>) -> Self {
        texts.sign(|units| sign(units, &readings));
        let count = texts.len() as u32;
        let follows = Follows::new(texts.len());
        let ((beginnings, within), (initials, sounds)) = rayon::join(
            || {
                let mut order: Vec<(u64, u32)> = (0..count).map(|text| (half(texts.units(text)), text)).collect();
                order.par_sort_unstable_by(|a, b| {
                    a.0.cmp(&b.0).then_with(|| texts.units(a.1).cmp(texts.units(b.1))).then(a.1.cmp(&b.1))
                });
                let beginnings = order.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
                (beginnings, places(&texts))
            },
            || {
                (
                    keys(&texts, |units, ways| initial_keys(&readings, &follows, units, ways)),
                    keys(&texts, |units, ways| sound_keys(&readings, units, ways)),
                )
            },
        );
        // To judge a text by where it is and by its sign, its row need not be looked at.
        let placed = |text: u32| text << 8 | u32::from(texts.region(text).0);
        let beginnings: Vec<u32> = beginnings.into_iter().map(placed).collect();
        let initialled: Vec<u32> = initials.iter().map(|key: &u128| placed(text_of(*key as u64))).collect();
        let signs: Vec<u32> = initialled.iter().map(|item| texts.place(item >> 8).2).collect();
        let initials: Vec<u64> = initials.into_iter().map(|key| (key >> 64) as u64).collect();
        let region = |text: u32| texts.region(text);
        fn ranked<K: Copy>(items: &[K], text: impl Fn(K) -> u32, region: impl Fn(u32) -> Region) -> Ranked {
            Ranked::new(items.len(), |at| items.get(at).map_or(0, |item| text(*item)), region)
        }
        let ((a, b), (c, d)) = rayon::join(
            || (ranked(&beginnings, |item| item >> 8, region), ranked(&within, |place| place >> 8, region)),
            || (ranked(&initialled, |item| item >> 8, region), ranked(&sounds, text_of, region)),
        );
        Self {
            follows,
            beginnings: Array::new(beginnings, a, |item| texts.units(item >> 8)),
            within: Array::new(within, b, |place| rest(&texts, place)),
            initials: Keyed { keys: Sorted::new(initials), ranked: c },
            initialled,
            signs,
            sounds: Keyed { keys: Sorted::new(sounds), ranked: d },
            texts,
            readings,
        }
    }
    /// One that holds nothing.
    pub fn empty(readings: Arc<Readings>) -> Self {
        Self::new(Texts::default(), readings)
    }

    /// The texts it holds.
    pub const fn texts(&self) -> &Texts {
        &self.texts
    }
    /// Bytes it holds.
    pub fn bytes(&self) -> usize {
        self.texts.bytes()
            + self.beginnings.items.capacity() * 4
            + self.within.items.capacity() * 4
            + self.follows.bytes()
            + (self.initialled.capacity() + self.signs.capacity()) * 4
            + self.initials.keys.bytes()
            + self.sounds.keys.bytes()
            + self.beginnings.heads.bytes()
            + self.within.heads.bytes()
            + [&self.beginnings.ranked, &self.within.ranked, &self.initials.ranked, &self.sounds.ranked]
                .into_iter()
                .map(Ranked::bytes)
                .sum::<usize>()
    }

    /// The entries that have exactly that name when folded, in their standing order.
    pub fn named(&self, name: &str) -> Vec<Found> {
        let Some(query) = Query::new(name) else { return Vec::new() };
        let (from, to) = self.beginning_with(query.units());
        let items = self.beginnings.items.get(from..to).unwrap_or_default();
        let equal = items.iter().map(|item| item >> 8).take_while(|text| self.texts.units(*text) == query.units());
        equal.map(|text| self.texts.found(text, Class::Whole, 0, query.units().len())).collect()
    }

    /// At most [`MOST`] entries, each once, as [`crate::List::search`] gives them, of those that are wanted.
    pub fn search(&self, query: &Query, region: Region, wanted: impl Fn(u32) -> bool) -> Vec<Found> {
        let mut answer = Answer {
            index: self,
            region,
            wanted,
            queries: vec![query.clone()],
            patterns: Vec::new(),
            picked: Vec::with_capacity(MOST),
            slips: None,
            again: 0,
            walk: Walk::default(),
            piece: Piece::EMPTY,
        };
        let (mut whole, mut start) = (Vec::new(), Vec::new());
        if query.is_characters() {
            let (from, to) = self.beginning_with(query.units());
            let items = self.beginnings.items.get(from..to).unwrap_or_default();
            let equal = items.partition_point(|item| self.texts.units(item >> 8).len() == query.units().len());
            let source = |to| Source { which: Which::Beginnings, from, to, doubt: Doubt::None };
            whole.push(source(from + equal));
            start.push(source(to));
        } else {
            let mut reader = Reader::new(&self.readings, &self.follows, 0, query.units());
            reader.read(&Reached::NOTHING);
            answer.patterns = reader.all;
            self.sources(query, 0, &answer.patterns, &mut whole, &mut start);
        }
        answer.take(Class::Whole, &whole);
        answer.take(Class::Start, &start);
        if !answer.is_full() {
            let (from, to) = self.holding(query.units());
            answer.take(Class::Inside, &[Source { which: Which::Within, from, to, doubt: Doubt::None }]);
        }
        if answer.picked.is_empty() && slips::of_letters(query) {
            answer.slipped_letters(query);
        }
        if answer.picked.is_empty() && slips::of_characters(query) {
            answer.slipped_characters(query);
        }
        answer.found(query)
    }

    /// The range of the texts that begin with these units.
    fn beginning_with(&self, units: &[u16]) -> (usize, usize) {
        self.beginnings.range(units, |item| self.texts.units(item >> 8))
    }
    /// The range of the places within texts at which these units stand.
    fn holding(&self, units: &[u16]) -> (usize, usize) {
        self.within.range(units, |place| self.rest(place))
    }
    /// A text from a place on.
    fn rest(&self, place: u32) -> &[u16] {
        rest(&self.texts, place)
    }

    /// The ranges that patterns of a query lead to, the first of which has that number: of texts that begin so, and of those that are
    /// that as a whole.
    fn sources(
        &self,
        query: &Query,
        first: usize,
        patterns: &[Pattern],
        whole: &mut Vec<Source>,
        start: &mut Vec<Source>,
    ) {
        let bounds: Vec<u64> = patterns.iter().flat_map(|pattern| bounds(pattern.key, pattern.tokens.count)).collect();
        let mut initials = vec![0; bounds.len()];
        self.initials.keys.below(&bounds, &mut initials);
        let bounds: Vec<u64> = patterns.iter().flat_map(Pattern::sounds).collect();
        let mut sounds = vec![0; bounds.len()];
        self.sounds.keys.below(&bounds, &mut sounds);
        // Characters stand for themselves in every way to read the query.
        let leading_characters = query.units().iter().take(INITIALS).take_while(|unit| !is_letter(**unit)).count();
        let mut beginning = None;
        let places = initials.as_chunks::<3>().0.iter().zip(sounds.as_chunks::<2>().0);
        for ((number, pattern), ([from, ended, to], [low, high])) in (first..).zip(patterns).zip(places) {
            if from == to {
                continue;
            }
            let tokens = pattern.tokens.as_slice();
            let source = |which, from: usize, to: usize, doubt| Source { which, from, to, doubt };
            let plain = pattern.whole && tokens.iter().all(|token| matches!(token, Token::Initial(_)));
            // Names that end with the query are few, and the first of those with the same initials, whatever stands between these.
            let is_broken = pattern.is_broken();
            let ends = pattern.whole && tokens.len() < INITIALS;
            if ends && !is_broken {
                let doubt = if plain { Doubt::None } else { Doubt::Whole(number) };
                whole.push(source(Which::Initials, *from, *ended, doubt));
            }
            if plain && ends {
                start.push(source(Which::Initials, *from, *to, Doubt::None));
                continue;
            }
            let doubt = if plain { Doubt::None } else { Doubt::Start(number) };
            let mut best = source(Which::Initials, *from, *to, doubt);
            let leading = pattern.leading_sounds().count();
            let all = pattern.whole && leading == tokens.len();
            if all || leading > 0 && high - low < to - from {
                let doubt = if all { Doubt::None } else { Doubt::Start(number) };
                best = source(Which::Sounds, *low, *high, doubt);
            }
            if leading_characters > 0 {
                let (from, to) = *beginning.get_or_insert_with(|| {
                    self.beginning_with(query.units().get(..leading_characters).unwrap_or_default())
                });
                if to - from < best.to - best.from {
                    best = source(Which::Beginnings, from, to, Doubt::Start(number));
                }
            }
            start.push(best);
            if !ends && !is_broken {
                whole.push(Source { doubt: Doubt::Whole(number), ..best });
            }
        }
    }
}

/// A text of an answer.
struct Picked {
    text: u32,
    entry: u32,
    class: Class,
}

/// An answer that is being put together.
struct Answer<'a, W> {
    index: &'a Index,
    region: Region,
    wanted: W,
    /// What was typed, and what it may have been meant to be.
    queries: Vec<Query>,
    /// The ways to read them.
    patterns: Vec<Pattern>,
    /// In the order of the answer.
    picked: Vec<Picked>,
    /// Every slip of what was typed, once it is asked for.
    slips: Option<Slips>,
    /// How many texts were read again.
    again: usize,
    walk: Walk,
    piece: Piece,
}

/// Texts that are looked at together, in order, with the numbers of their entries.
struct Piece {
    all: [(u32, u32); LONGEST_PIECE],
    count: usize,
}
/// So many of them are asked of the memory at once: each lies somewhere in a million, and to wait for all takes hardly longer than to
/// wait for one.
const TOGETHER: usize = 32;

impl Piece {
    const EMPTY: Self = Self { all: [(0, 0); LONGEST_PIECE], count: 0 };
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
    /// Looks up the entries of some from a place on, and asks for their units if these are to be read.
    fn touch(&mut self, texts: &Texts, from: usize, units: bool) {
        let some = self.all.get_mut(from..self.count.min(from + TOGETHER)).unwrap_or_default();
        for (text, entry) in some.iter_mut() {
            *entry = texts.entry(*text);
        }
        if units {
            texts.touch(some.iter().map(|(text, _)| *text));
        }
    }
}

impl<W: Fn(u32) -> bool> Answer<'_, W> {
    const fn is_full(&self) -> bool {
        self.picked.len() >= MOST
    }
    fn is_picked(&self, entry: u32) -> bool {
        self.picked.iter().any(|picked| picked.entry == entry)
    }

    /// Takes the first texts of some ranges: those of the region, then the others.
    fn take(&mut self, class: Class, sources: &[Source]) {
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

    /// The smallest texts of some ranges, one an entry, without entries that are picked; as many as the answer still wants.
    fn smallest(&mut self, sources: &[Source], scope: Scope) -> Vec<(u32, u32)> {
        let most = MOST - self.picked.len();
        let mut kept: Vec<(u32, u32)> = Vec::with_capacity(most + 1);
        self.walk.clear();
        for (number, source) in sources.iter().enumerate() {
            self.walk.add(number, self.index.ranked(source.which), scope, source.from, source.to);
        }
        let mut limit = u32::MAX;
        let (which, index) = (|number: usize| sources.get(number).map_or(Which::Within, |s| s.which), self.index);
        while let Some((number, from, to)) =
            self.walk.next(scope, limit, |source| index.length(which(source)), |source| index.ranked(which(source)))
        {
            let Some(source) = sources.get(number) else { continue };
            let sign = match source.doubt {
                Doubt::Start(number) | Doubt::Whole(number) => self.patterns.get(number).map(|pattern| pattern.sign),
                Doubt::None | Doubt::Near | Doubt::Nearly => None,
            };
            self.piece.fill(|piece| {
                let told = |text| piece.add_if(text, text < limit);
                index.look_at(source.which, from..to, scope, sign.unwrap_or_default(), told);
            });
            let mut seen = 0;
            while seen < self.piece.count {
                if seen % TOGETHER == 0 {
                    self.piece.touch(&index.texts, seen, source.doubt != Doubt::None);
                }
                let Some((text, entry)) = self.piece.all.get(seen).copied().filter(|(text, _)| *text < limit) else {
                    // They are in order, so all others are beyond the limit as well.
                    break;
                };
                seen += 1;
                let Err(at) = kept.binary_search_by_key(&text, |(text, _)| *text) else { continue };
                if self.is_picked(entry) || !(self.wanted)(entry) {
                    continue;
                }
                // Another name of the same entry: only the first of them stays.
                let other = kept.iter().position(|(_, other)| *other == entry);
                if other.is_some_and(|other| other < at) || !self.is_so(source, text) {
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
            if self.again > READ_AGAIN {
                break;
            }
        }
        kept
    }

    fn is_so(&mut self, source: &Source, text: u32) -> bool {
        let index = self.index;
        let so = match source.doubt {
            Doubt::None => return true,
            Doubt::Start(number) => self.begins(text, number).is_some(),
            Doubt::Whole(number) => self.begins(text, number).is_some_and(|start| start.whole),
            Doubt::Near => {
                self.queries.first().is_some_and(|query| slips::near(index.texts.units(text), query.units()).is_some())
            }
            Doubt::Nearly => {
                let slips = self.slips.get_or_insert_with(|| self.queries.first().map_or_else(Slips::none, Slips::of));
                nearly(index.texts.units(text), slips, &index.readings).is_some()
            }
        };
        self.again += 1;
        so
    }

    /// How a text begins with the pattern of that number.
    fn begins(&self, text: u32, number: usize) -> Option<Start> {
        let (units, readings) = (self.index.texts.units(text), &self.index.readings);
        let pattern = self.patterns.get(number)?;
        if !pattern.fits(units, readings) {
            return None;
        }
        if !pattern.whole {
            return starts(units, self.queries.get(pattern.query)?, readings);
        }
        Some(Start { to: pattern.tokens.count, whole: pattern.ends(units, readings) })
    }

    fn slipped_letters(&mut self, query: &Query) {
        // Up to the token that went wrong everything was read as it stands: each edited query goes on from there.
        let mut reader = Reader::new(&self.index.readings, &self.index.follows, 0, query.units());
        reader.read(&Reached::NOTHING);
        let (mut sources, mut unused) = (Vec::new(), Vec::new());
        for here in reader.places() {
            if here.tokens.count == INITIALS {
                // What went wrong after these is not told apart by the arrays: the few texts that begin so are read with every slip.
                let mut range = [0; 2];
                let [low, _, high] = bounds(here.key, INITIALS);
                self.index.initials.keys.below(&[low, high], &mut range);
                let [from, to] = range;
                sources.push(Source { which: Which::Initials, from, to, doubt: Doubt::Nearly });
                continue;
            }
            for at in here.at..(here.at + 6).min(query.units().len()) {
                for edited in slips::edits(query.units(), at) {
                    let mut reader =
                        Reader::new(&self.index.readings, &self.index.follows, self.queries.len(), &edited);
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
        self.take(Class::Slip, &sources);
    }

    /// Of a query with one slip one half is right: what holds the rarer side of each place is read again.
    fn slipped_characters(&mut self, query: &Query) {
        let units = query.units();
        let mut sources = Vec::new();
        let side = |units: &[u16]| {
            let ((a, b), (c, d)) = (self.index.beginning_with(units), self.index.holding(units));
            (
                (b - a) + (d - c),
                [
                    Source { which: Which::Beginnings, from: a, to: b, doubt: Doubt::Near },
                    Source { which: Which::Within, from: c, to: d, doubt: Doubt::Near },
                ],
            )
        };
        let certain = |units: &[u16], sources: &mut Vec<Source>| {
            let (_, pair) = side(units);
            sources.extend(pair.map(|source| Source { doubt: Doubt::None, ..source }));
        };
        for at in 0..units.len() {
            // One too many, or two the wrong way round: a text holds the rest as it stands.
            let mut edited = units.to_vec();
            edited.remove(at);
            certain(&edited, &mut sources);
            if at + 1 < units.len() {
                let mut edited = units.to_vec();
                edited.swap(at, at + 1);
                certain(&edited, &mut sources);
            }
            // One too few before this place, or another one at it.
            if at > 0 {
                let (before, after) = units.split_at(at);
                let shorter = |a: (usize, [Source; 2]), b: (usize, [Source; 2])| if a.0 <= b.0 { a.1 } else { b.1 };
                let before = side(before);
                sources.extend(shorter(before, side(after)));
                if let Some((_, after)) = after.split_first().filter(|(_, after)| !after.is_empty()) {
                    sources.extend(shorter(before, side(after)));
                }
            }
        }
        sources.retain(|source| source.from < source.to);
        self.take(Class::Slip, &sources);
    }

    fn found(mut self, query: &Query) -> Vec<Found> {
        let slips = self.slips.take();
        // Read in several ways, it is the shortest that counts.
        let mut shortest: Vec<usize> = (0..self.patterns.len()).collect();
        shortest.sort_by_key(|number| self.patterns.get(*number).map(|pattern| pattern.tokens.count));
        let begun = |text: u32| match self.patterns.as_slice() {
            [only] if only.whole => only.tokens.count,
            _ => shortest.iter().find_map(|number| Some(self.begins(text, *number)?.to)).unwrap_or_default(),
        };
        let index = self.index;
        let slipped = self.picked.first().is_some_and(|picked| picked.class == Class::Slip);
        let slips = slips.or_else(|| slipped.then(|| Slips::of(query)));
        let plain = query.is_characters();
        index.texts.touch(self.picked.iter().map(|picked| picked.text));
        let found = self.picked.iter().map(|Picked { text, class, .. }| {
            let (text, class) = (*text, *class);
            let units = index.texts.units(text);
            let (from, to) = match class {
                // Characters stand for themselves, so as many of the name are covered.
                Class::Start if plain => (0, query.units().len()),
                Class::Whole => (0, units.len()),
                Class::Start => (0, begun(text)),
                Class::Inside => {
                    let from = crate::matching::inside(units, query).unwrap_or_default();
                    (from, from + query.units().len())
                }
                Class::Slip => {
                    slips.as_ref().and_then(|slips| nearly(units, slips, &index.readings)).unwrap_or_default()
                }
            };
            index.texts.found(text, class, from, to)
        });
        found.collect()
    }
}

impl Index {
    const fn ranked(&self, which: Which) -> &Ranked {
        match which {
            Which::Beginnings => &self.beginnings.ranked,
            Which::Initials => &self.initials.ranked,
            Which::Sounds => &self.sounds.ranked,
            Which::Within => &self.within.ranked,
        }
    }
    const fn length(&self, which: Which) -> usize {
        match which {
            Which::Beginnings => self.beginnings.items.len(),
            Which::Initials => self.initialled.len(),
            Which::Sounds => self.sounds.keys.keys().len(),
            Which::Within => self.within.items.len(),
        }
    }
    /// Tells of the texts of a piece those that are in a scope and may have the sign.
    fn look_at(&self, which: Which, piece: Range<usize>, scope: Scope, wanted: Wanted, mut tell: impl FnMut(u32)) {
        let mut tell_if = |text: u32, is: bool| {
            if is {
                tell(text);
            }
        };
        let placed = |item: &u32| scope.holds(Region((item & 255) as u8));
        match which {
            Which::Initials => {
                let (items, signs) = (self.initialled.get(piece.clone()), self.signs.get(piece));
                for (item, sign) in items.unwrap_or_default().iter().zip(signs.unwrap_or_default()) {
                    tell_if(item >> 8, placed(item) && wanted.may_be(*sign));
                }
            }
            Which::Beginnings => {
                for item in self.beginnings.items.get(piece).unwrap_or_default() {
                    let may_be = || wanted == Wanted::default() || wanted.may_be(self.texts.place(item >> 8).2);
                    tell_if(item >> 8, placed(item) && may_be());
                }
            }
            Which::Within | Which::Sounds => {
                let within = |place| self.within.items.get(place).map(|item| item >> 8);
                let sounds = |place| self.sounds.keys.keys().get(place).map(|key| text_of(*key));
                for place in piece {
                    let Some(text) = (if which == Which::Within { within(place) } else { sounds(place) }) else {
                        break;
                    };
                    let (region, _, sign) = self.texts.place(text);
                    tell_if(text, scope.holds(region) && wanted.may_be(sign));
                }
            }
        }
    }
}

/// The number of a text that is in the last bits of a key.
const fn text_of(key: u64) -> u32 {
    (key & ((1 << TEXT) - 1)) as u32
}

/// A text from a place on.
fn rest(texts: &Texts, place: u32) -> &[u16] {
    texts.units(place >> 8).get((place & 255) as usize..).unwrap_or_default()
}

/// The first units, to be compared at once.
fn head(units: &[u16]) -> u128 {
    (0..HEAD).fold(0, |all, at| all << 16 | u128::from(units.get(at).copied().unwrap_or_default()))
}
/// The first four.
fn half(units: &[u16]) -> u64 {
    (0..HEAD / 2).fold(0, |all, at| all << 16 | u64::from(units.get(at).copied().unwrap_or_default()))
}

/// Every place within every text but its first, in the order of what follows there: the number of the text above eight bits of place.
fn places(texts: &Texts) -> Vec<u32> {
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
            // What ended within the first units is the same; the rest is compared from there.
            let (a, b) = (rest(a.1), rest(b.1));
            a.get(HEAD / 2..).unwrap_or_default().cmp(b.get(HEAD / 2..).unwrap_or_default())
        };
        a.0.cmp(&b.0).then_with(further).then(a.1.cmp(&b.1))
    });
    all.into_iter().map(|(_, place)| place).collect()
}

/// The keys of all texts, each with the number of its text, in order.
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

/// The keys of a text, and what follows what in it.
fn initial_keys(readings: &Readings, follows: &Follows, units: &[u16], ways: &mut Vec<u128>) {
    ways.push(0);
    for (at, unit) in units.iter().take(INITIALS).enumerate() {
        let codes = readings.spelling(*unit).map_or(&[][..], |spelling| &spelling.all);
        for before in ways.iter().map(|way| (way >> 64) as u64) {
            initials(readings, *unit).for_each(|letter| follows.tell(before, letter));
            codes.iter().for_each(|code| follows.tell(before, followed_by(*code)));
        }
        let shift = 128 - LETTER * (at as u32 + 1);
        branch(ways, initials(readings, *unit).map(|letter| u128::from(letter) << shift));
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

/// Every way so far with every part that may follow; where that is too many, with the first parts only.
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
