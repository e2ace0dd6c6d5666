//! The index of a server: the same answers as looking through everything, for a million names in microseconds.
//!
//! Four sorted arrays lead to the texts: by their characters, by the initials of their first twelve units, by the syllables of their
//! first four, and by the characters at every place within. What a query asks for is a few ranges of them; what a range does
//! not say for certain is read again as [`starts`] defines it.
use crate::{
    Class, Found, MOST, Query, Readings, Region, Slips, Texts,
    matching::{nearly, starts},
    query::is_letter,
    ranked::{Ranked, Scope, Walk},
    slips,
};
use rayon::prelude::*;
use std::{ops::BitOr, sync::Arc};

/// Units whose initials, and whose syllables, are in the arrays.
const INITIALS: usize = 12;
const SOUNDS: usize = 4;
/// So many initials lead to their keys by a table; more are looked for among the keys.
const COUNTED: usize = 4;
/// Bits of a letter, a syllable and a number of a text.
const LETTER: u32 = 5;
const SYLLABLE: u32 = 9;
const TEXT: u32 = 24;
/// How many ways a name may be read before the rest is left out.
const WAYS: usize = 32;
/// Places within a name that are in the array.
const WITHIN: usize = 256;
/// What stands for a unit that is no letter and has no reading.
const OTHER: u64 = 27;
/// How many ways to read a query are followed; no query anybody means has as many.
const PATTERNS: usize = 64;
/// How many texts are read again for one query, at most: what bounds its time.
const READ_AGAIN: usize = 40_000;

/// The index of many names.
pub struct Index {
    texts: Texts,
    readings: Arc<Readings>,
    beginnings: Array<u32, u64>,
    initials: Array<u128>,
    /// Where the keys of each [`COUNTED`] initials begin, and at the end where they end.
    counted: Vec<u32>,
    sounds: Array<u64>,
    within: Array<u32, u64>,
}

#[derive(Default)]
struct Array<T, H = T> {
    items: Vec<T>,
    ranked: Ranked,
    /// Every so manyth key, or the first units of every so manyth item, as [`head`] puts them together: to find a place among these
    /// touches little memory, and no text.
    heads: Vec<H>,
}

/// Items from one head to the next.
const STRIDE: usize = 128;

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
    /// Whether they begin with the query of that number.
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

/// One unit, or several, of a query, as what it may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// A letter for a character that is read so, or for itself.
    Initial,
    /// A syllable.
    Syllable(u16),
    /// A syllable that breaks off: its code is in the half-open range.
    Broken(u16, u16),
    /// A character for itself.
    Character,
}

/// The first tokens of a way to read a query: as many as there are initials in the array.
#[derive(Clone, Copy, Debug)]
struct Tokens {
    all: [Token; INITIALS],
    count: usize,
}
impl Tokens {
    const NONE: Self = Self { all: [Token::Character; INITIALS], count: 0 };
    fn as_slice(&self) -> &[Token] {
        self.all.get(..self.count).unwrap_or_default()
    }
    fn and(mut self, token: Token) -> Self {
        if let Some(slot) = self.all.get_mut(self.count) {
            *slot = token;
            self.count += 1;
        }
        self
    }
}

/// A way to read a query, and the range of the initials it leads to.
struct Pattern {
    tokens: Tokens,
    /// Whether they are the whole query: beyond the initials that are in the array, ways are not told apart.
    whole: bool,
    from: usize,
    to: usize,
}

impl Array<u32, u64> {
    /// Puts the heads beside the items.
    fn with_heads<'a>(items: Vec<u32>, ranked: Ranked, units: impl Fn(u32) -> &'a [u16]) -> Self {
        let heads = items.iter().step_by(STRIDE).map(|item| head(units(*item))).collect();
        Self { items, ranked, heads }
    }
    /// The range of the items whose units begin with these.
    fn range<'a>(&self, wanted: &[u16], units: impl Fn(u32) -> &'a [u16]) -> (usize, usize) {
        let cut = |item: u32| -> &[u16] {
            let all = units(item);
            all.get(..wanted.len()).unwrap_or(all)
        };
        // Among the heads nothing is looked up; between two of them there are few items.
        let low = head(wanted);
        let high = low | u64::MAX.checked_shr(16 * wanted.len() as u32).unwrap_or(0);
        let first = self.heads.partition_point(|head| *head < low).saturating_sub(1);
        let last = first + self.heads.get(first..).unwrap_or_default().partition_point(|head| *head <= high);
        let (from, to) = (first * STRIDE, (last * STRIDE).min(self.items.len()));
        let items = self.items.get(from..to).unwrap_or_default();
        let begin = items.partition_point(|item| cut(*item) < wanted);
        let rest = items.get(begin..).unwrap_or_default();
        // Most ranges are short: their end is looked for in growing steps.
        let mut step = 1;
        while rest.get(step).is_some_and(|item| cut(*item) == wanted) {
            step *= 2;
        }
        let near = rest.get(step / 2..(step + 1).min(rest.len())).unwrap_or_default();
        let end = if rest.is_empty() { 0 } else { step / 2 + near.partition_point(|item| cut(*item) == wanted) };
        (from + begin, from + begin + end)
    }
}

impl<K: Copy> Array<K> {
    /// Puts every so manyth key beside the keys, where they lie close together.
    fn with_keys(items: Vec<K>, ranked: Ranked) -> Self {
        let heads = items.iter().copied().step_by(STRIDE).collect();
        Self { items, ranked, heads }
    }
    /// The range of the keys from one to another, both included, of a range.
    fn between(&self, from: usize, to: usize, low: K, high: K) -> (usize, usize)
    where
        K: Ord,
    {
        let first = self.before(from, to, |key| key < low);
        // Most that is looked for is not there, which the first key that is not below it tells.
        if self.items.get(first).is_none_or(|key| *key > high) {
            return (first, first);
        }
        (first, self.before(first, to, |key| key <= high))
    }
    /// Where the keys of a range end that come before something.
    fn before(&self, from: usize, to: usize, is: impl Fn(K) -> bool) -> usize {
        let (mut from, mut to) = (from, to);
        if to - from > STRIDE * 2 {
            // Past the first of these heads the keys are looked through; the one before the range counts as before.
            let skipped = from.div_ceil(STRIDE);
            let heads = self.heads.get(skipped..to.div_ceil(STRIDE)).unwrap_or_default();
            let block = skipped + heads.partition_point(|key| is(*key));
            (from, to) = (from.max((block * STRIDE).saturating_sub(STRIDE)), to.min(block * STRIDE));
        }
        from + self.items.get(from..to).unwrap_or_default().partition_point(|key| is(*key))
    }
}

/// Reads the number of a text from what the arrays hold.
trait Item: Copy + Sync {
    fn text(self) -> u32;
}
impl Item for u32 {
    fn text(self) -> u32 {
        self
    }
}
impl Item for u128 {
    fn text(self) -> u32 {
        (self & ((1 << TEXT) - 1)) as u32
    }
}
impl Item for u64 {
    fn text(self) -> u32 {
        (self & ((1 << TEXT) - 1)) as u32
    }
}

impl Index {
    /// Puts texts in order for every kind of query; takes all cores for a few seconds where there are a million.
    pub fn new(texts: Texts, readings: Arc<Readings>) -> Self {
        let count = texts.len() as u32;
        let ((beginnings, within), (initials, sounds)) = rayon::join(
            || {
                let mut order: Vec<(u64, u32)> = (0..count).map(|text| (head(texts.units(text)), text)).collect();
                order.par_sort_unstable_by(|a, b| {
                    a.0.cmp(&b.0).then_with(|| texts.units(a.1).cmp(texts.units(b.1))).then(a.1.cmp(&b.1))
                });
                let beginnings = order.into_iter().map(|(_, text)| text).collect::<Vec<_>>();
                (beginnings, places(&texts))
            },
            || {
                (
                    keys(&texts, |units, ways| initial_keys(&readings, units, ways)),
                    keys(&texts, |units, ways| sound_keys(&readings, units, ways)),
                )
            },
        );
        let region = |text: u32| texts.region(text);
        fn ranked<K: Item>(items: &[K], region: impl Fn(u32) -> Region) -> Ranked {
            Ranked::new(items.len(), |at| items.get(at).map_or(0, |item| item.text()), region)
        }
        let ((a, b), (c, d)) = rayon::join(
            || {
                (
                    ranked(&beginnings, region),
                    Ranked::new(within.len(), |at| within.get(at).copied().unwrap_or_default() >> 8, region),
                )
            },
            || (ranked(&initials, region), ranked(&sounds, region)),
        );
        let bits = COUNTED as u32 * LETTER;
        let mut counted = vec![0u32; (1 << bits) + 1];
        for key in &initials {
            if let Some(count) = counted.get_mut((key >> (128 - bits)) as usize + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for place in &mut counted {
            sum += *place;
            *place = sum;
        }
        Self {
            counted,
            beginnings: Array::with_heads(beginnings, a, |text| texts.units(text)),
            within: Array::with_heads(within, b, |place| rest(&texts, place)),
            initials: Array::with_keys(initials, c),
            sounds: Array::with_keys(sounds, d),
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
            + self.counted.capacity() * 4
            + self.initials.items.capacity() * 16
            + self.sounds.items.capacity() * 8
            + self.initials.heads.capacity() * 16
            + [&self.beginnings.heads, &self.within.heads, &self.sounds.heads]
                .map(|heads| heads.capacity() * 8)
                .iter()
                .sum::<usize>()
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
        let equal = items.iter().take_while(|text| self.texts.units(**text) == query.units());
        equal.map(|text| self.texts.found(*text, Class::Whole, 0, query.units().len())).collect()
    }

    /// At most [`MOST`] entries, each once, as [`crate::List::search`] gives them, of those that are wanted.
    pub fn search(&self, query: &Query, region: Region, wanted: impl Fn(u32) -> bool) -> Vec<Found> {
        let mut answer = Answer {
            index: self,
            region,
            wanted,
            queries: vec![query.clone()],
            picked: Vec::new(),
            slips: None,
            again: 0,
        };
        let (mut whole, mut start) = (Vec::new(), Vec::new());
        if query.is_characters() {
            let (from, to) = self.beginning_with(query.units());
            let items = self.beginnings.items.get(from..to).unwrap_or_default();
            let equal = items.partition_point(|text| self.texts.units(*text).len() == query.units().len());
            let source = |to| Source { which: Which::Beginnings, from, to, doubt: Doubt::None };
            whole.push(source(from + equal));
            start.push(source(to));
        } else {
            for pattern in self.patterns(query) {
                self.sources(query, 0, &pattern, &mut whole, &mut start);
            }
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
        self.beginnings.range(units, |text| self.texts.units(text))
    }
    /// The range of the places within texts at which these units stand.
    fn holding(&self, units: &[u16]) -> (usize, usize) {
        self.within.range(units, |place| self.rest(place))
    }
    /// A text from a place on.
    fn rest(&self, place: u32) -> &[u16] {
        rest(&self.texts, place)
    }

    const fn nothing_read(&self) -> Reached {
        Reached { at: 0, tokens: Tokens::NONE, key: 0, from: 0, to: self.initials.items.len() }
    }
    /// All ways to read a query that lead anywhere.
    fn patterns(&self, query: &Query) -> Vec<Pattern> {
        let mut reader = Reader::new(self, query.units());
        reader.read(&self.nothing_read());
        reader.all
    }

    /// The ranges a way to read a query leads to: of texts that begin so, and of those that are that as a whole.
    fn sources(
        &self,
        query: &Query,
        number: usize,
        pattern: &Pattern,
        whole: &mut Vec<Source>,
        start: &mut Vec<Source>,
    ) {
        let tokens = pattern.tokens.as_slice();
        let (from, to) = (pattern.from, pattern.to);
        let source = |which, (from, to), doubt| Source { which, from, to, doubt };
        let plain = pattern.whole && tokens.iter().all(|token| matches!(token, Token::Initial));
        // Names that end with the query are few, and the first of those with the same initials, whatever stands between these.
        let is_broken = matches!(tokens.last(), Some(Token::Broken(..)));
        let ends = pattern.whole && tokens.len() < INITIALS;
        if ends && !is_broken {
            let items = self.initials.items.get(from..to).unwrap_or_default();
            let shift = 128 - LETTER * (tokens.len() as u32 + 1);
            let ended = from + items.partition_point(|key| key >> shift & 31 == 0);
            let doubt = if plain { Doubt::None } else { Doubt::Whole(number) };
            whole.push(source(Which::Initials, (from, ended), doubt));
        }
        if plain && ends {
            start.push(source(Which::Initials, (from, to), Doubt::None));
            return;
        }
        let doubt = if plain { Doubt::None } else { Doubt::Start(number) };
        let mut best = source(Which::Initials, (from, to), doubt);
        // The syllables at the beginning, the last of which may break off, as a range of their own.
        let leading =
            tokens.iter().take(SOUNDS).take_while(|t| matches!(t, Token::Syllable(_) | Token::Broken(..))).count();
        if let Some(sounds) = tokens.get(..leading).filter(|sounds| !sounds.is_empty()) {
            let (mut low, mut high, mut shift) = (0u64, 0u64, 64);
            for token in sounds {
                shift -= SYLLABLE;
                let (first, last) = match token {
                    Token::Syllable(code) => (*code, *code),
                    Token::Broken(first, last) => (*first, last.saturating_sub(1)),
                    _ => break,
                };
                high = low | u64::from(last) << shift | ((1 << shift) - 1);
                low |= u64::from(first) << shift;
            }
            let items = &self.sounds.items;
            let (from, to) = self.sounds.between(0, items.len(), low, high);
            let all = pattern.whole && sounds.len() == tokens.len();
            if all || to - from < best.to - best.from {
                let doubt = if all { Doubt::None } else { Doubt::Start(number) };
                best = source(Which::Sounds, (from, to), doubt);
            }
        }
        let leading = tokens.iter().take_while(|token| **token == Token::Character).count();
        if leading > 0 {
            let (from, to) = self.beginning_with(query.units().get(..leading).unwrap_or_default());
            if to - from < best.to - best.from {
                best = source(Which::Beginnings, (from, to), Doubt::Start(number));
            }
        }
        start.push(best);
        if !ends && !is_broken {
            whole.push(Source { doubt: Doubt::Whole(number), ..best });
        }
    }
}

/// So much of a query has been read, as these tokens; the initials of what is read so are in this range.
#[derive(Clone, Copy, Debug)]
struct Reached {
    at: usize,
    tokens: Tokens,
    /// The initials of them, as in the keys.
    key: u128,
    from: usize,
    to: usize,
}

/// Follows the ways to read a query, as far as names are read so.
struct Reader<'a> {
    index: &'a Index,
    query: &'a [u16],
    all: Vec<Pattern>,
    /// Every place between two tokens that was come to, if it is asked for.
    seen: Option<Vec<Reached>>,
    steps: usize,
    /// For each place of the query the syllables that begin there: many ways lead past the same place.
    syllables: Vec<Option<Begun>>,
}

/// For two letters and more from a place, as many as begin any syllable: the codes of those syllables as a half-open range, and
/// whether the first of them is these letters and no more.
#[derive(Clone, Copy, Debug, Default)]
struct Begun {
    all: [(u16, u16, bool); 5],
    count: usize,
}
impl Begun {
    fn at(readings: &Readings, rest: &[u16]) -> Self {
        let (mut begun, mut letters) = (Self::default(), [0u8; 6]);
        for (at, unit) in rest.iter().enumerate() {
            let Some(slot) = letters.get_mut(at).filter(|_| is_letter(*unit)) else { break };
            *slot = *unit as u8;
            if at == 0 {
                continue;
            }
            let found = readings.beginning(letters.get(..=at).unwrap_or_default());
            if found.0 == found.1 {
                break;
            }
            if let Some(slot) = begun.all.get_mut(begun.count) {
                *slot = found;
                begun.count += 1;
            }
        }
        begun
    }
}

impl<'a> Reader<'a> {
    fn new(index: &'a Index, query: &'a [u16]) -> Self {
        Self { index, query, all: Vec::new(), seen: None, steps: 0, syllables: vec![None; query.len()] }
    }
    fn begun(&mut self, at: usize) -> Begun {
        let (readings, rest) = (&self.index.readings, self.query.get(at..).unwrap_or_default());
        let begun = || Begun::at(readings, rest);
        self.syllables.get_mut(at).map_or_else(begun, |known| *known.get_or_insert_with(begun))
    }

    fn read(&mut self, here: &Reached) {
        self.steps += 1;
        if let Some(seen) = &mut self.seen {
            seen.push(*here);
        }
        if here.at == self.query.len() || here.tokens.count == INITIALS {
            let Reached { at, tokens, from, to, .. } = *here;
            self.all.push(Pattern { tokens, whole: at == self.query.len(), from, to });
        } else if self.all.len() < PATTERNS && self.steps < PATTERNS * 16 {
            self.read_past(here, here.at);
        }
    }

    /// Takes every next token that goes beyond a place.
    fn read_past(&mut self, here: &Reached, past: usize) {
        let Some(unit) = self.query.get(here.at).copied() else { return };
        if !is_letter(unit) {
            for letter in initials(&self.index.readings, unit) {
                self.go_on(here, 1, Token::Character, letter);
            }
            return;
        }
        let letter = u64::from(unit - u16::from(b'a')) + 1;
        if here.at + 1 > past {
            self.go_on(here, 1, Token::Initial, letter);
        }
        let begun = self.begun(here.at);
        for (place, (first, last, whole)) in begun.all.into_iter().take(begun.count).enumerate() {
            let length = place + 2;
            if here.at + length <= past {
                continue;
            }
            if whole {
                self.go_on(here, length, Token::Syllable(first), letter);
            }
            if here.at + length == self.query.len() && last - first > u16::from(whole) {
                self.go_on(here, length, Token::Broken(first, last), letter);
            }
        }
    }
    fn go_on(&mut self, here: &Reached, length: usize, token: Token, letter: u64) {
        let shift = 128 - LETTER * (here.tokens.count as u32 + 1);
        let key = here.key | u128::from(letter) << shift;
        let (from, to) = if here.tokens.count < COUNTED {
            let place = |key: u128| self.index.counted.get(key as usize).map_or(0, |place| *place as usize);
            let left = (COUNTED - 1 - here.tokens.count) as u32;
            let (first, above) = (128 - COUNTED as u32 * LETTER, 1 << (LETTER * left));
            (place(key >> first), place((key >> first) + above))
        } else {
            self.index.initials.between(here.from, here.to, key, key | ((1 << shift) - 1))
        };
        if from < to {
            self.read(&Reached { at: here.at + length, tokens: here.tokens.and(token), key, from, to });
        }
    }
}

/// An answer that is being put together.
struct Answer<'a, W> {
    index: &'a Index,
    region: Region,
    wanted: W,
    /// What was typed, and what it may have been meant to be.
    queries: Vec<Query>,
    /// Texts with their classes, in the order of the answer.
    picked: Vec<(u32, Class)>,
    /// Every slip of what was typed, once it is asked for.
    slips: Option<Slips>,
    /// How many texts were read again.
    again: usize,
}

impl<W: Fn(u32) -> bool> Answer<'_, W> {
    const fn is_full(&self) -> bool {
        self.picked.len() >= MOST
    }
    fn is_picked(&self, entry: u32) -> bool {
        self.picked.iter().any(|(text, _)| self.index.texts.entry(*text) == entry)
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
            self.picked.extend(found.into_iter().map(|text| (text, class)));
        }
    }

    /// The smallest texts of some ranges, one an entry, without entries that are picked; as many as the answer still wants.
    fn smallest(&mut self, sources: &[Source], scope: Scope) -> Vec<u32> {
        let most = MOST - self.picked.len();
        let mut kept: Vec<u32> = Vec::with_capacity(most + 1);
        let mut walk = Walk::default();
        for (number, source) in sources.iter().enumerate() {
            walk.add(number, self.index.ranked(source.which), scope, source.from, source.to);
        }
        let mut limit = u32::MAX;
        let (mut piece, mut rows) = (Vec::with_capacity(128), Vec::with_capacity(128));
        let (which, index) = (|number: usize| sources.get(number).map_or(Which::Within, |s| s.which), self.index);
        while let Some((number, from, to)) =
            walk.next(scope, limit, |source| index.length(which(source)), |source| index.ranked(which(source)))
        {
            let Some(source) = sources.get(number) else { continue };
            // All rows of the piece are asked for before any is looked at: each lies somewhere in a million, and to wait for them
            // together takes hardly longer than to wait for one.
            piece.clear();
            piece.extend((from..to).map(|place| index.text_at(source.which, place)).filter(|text| *text < limit));
            rows.clear();
            rows.extend(piece.iter().map(|text| index.texts.place(*text)));
            if source.doubt != Doubt::None {
                index.texts.touch(piece.iter().copied());
            }
            for (text, (region, entry)) in piece.iter().copied().zip(rows.iter().copied()) {
                if text >= limit || !scope.holds(region) {
                    continue;
                }
                let Err(at) = kept.binary_search(&text) else { continue };
                if self.is_picked(entry) || !(self.wanted)(entry) {
                    continue;
                }
                // Another name of the same entry: only the first of them stays.
                let other = kept.iter().position(|other| index.texts.entry(*other) == entry);
                if other.is_some_and(|other| other < at) || !self.is_so(source, text) {
                    continue;
                }
                if let Some(other) = other {
                    kept.remove(other);
                }
                kept.insert(at, text);
                kept.truncate(most);
                if kept.len() == most {
                    limit = kept.last().copied().unwrap_or(limit);
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
        let read = |number: usize| starts(index.texts.units(text), self.queries.get(number)?, &index.readings);
        let so = match source.doubt {
            Doubt::None => return true,
            Doubt::Start(number) => read(number).is_some(),
            Doubt::Whole(number) => read(number).is_some_and(|start| start.whole),
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

    fn slipped_letters(&mut self, query: &Query) {
        // Up to the token that went wrong everything was read as it stands: each edited query goes on from there.
        let mut reader = Reader::new(self.index, query.units());
        reader.seen = Some(Vec::new());
        reader.read(&self.index.nothing_read());
        let (mut sources, mut unused) = (Vec::new(), Vec::new());
        for here in reader.seen.unwrap_or_default() {
            if here.tokens.count == INITIALS {
                // What went wrong after these is not told apart by the arrays: the few texts that begin so are read with every slip.
                let (from, to) = (here.from, here.to);
                sources.push(Source { which: Which::Initials, from, to, doubt: Doubt::Nearly });
                continue;
            }
            for at in here.at..(here.at + 6).min(query.units().len()) {
                for edited in slips::edits(query.units(), at) {
                    let mut reader = Reader::new(self.index, &edited);
                    if here.at == edited.len() {
                        reader.read(&here);
                    } else {
                        reader.read_past(&here, at);
                    }
                    let all = reader.all;
                    let Some(edited) = (!all.is_empty()).then(|| Query::of(edited)).flatten() else { continue };
                    for pattern in all {
                        self.index.sources(&edited, self.queries.len(), &pattern, &mut unused, &mut sources);
                    }
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

    fn found(self, query: &Query) -> Vec<Found> {
        let Self { index, picked, slips, .. } = self;
        let slipped = picked.first().is_some_and(|(_, class)| *class == Class::Slip);
        let slips = slips.or_else(|| slipped.then(|| Slips::of(query)));
        let plain = query.is_characters();
        index.texts.touch(picked.iter().map(|(text, _)| *text));
        let found = picked.into_iter().map(|(text, class)| {
            let units = index.texts.units(text);
            let (from, to) = match class {
                // Characters stand for themselves, so as many of the name are covered.
                Class::Whole | Class::Start if plain => (0, query.units().len()),
                Class::Whole | Class::Start => (0, starts(units, query, &index.readings).map_or(0, |start| start.to)),
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
            Which::Initials => self.initials.items.len(),
            Which::Sounds => self.sounds.items.len(),
            Which::Within => self.within.items.len(),
        }
    }
    fn text_at(&self, which: Which, place: usize) -> u32 {
        match which {
            Which::Beginnings => self.beginnings.items.get(place).copied(),
            Which::Within => self.within.items.get(place).map(|place| place >> 8),
            Which::Initials => self.initials.items.get(place).map(|key| key.text()),
            Which::Sounds => self.sounds.items.get(place).map(|key| key.text()),
        }
        .unwrap_or(u32::MAX)
    }
}

/// A text from a place on.
fn rest(texts: &Texts, place: u32) -> &[u16] {
    texts.units(place >> 8).get((place & 255) as usize..).unwrap_or_default()
}

/// The first four units, to be compared at once.
fn head(units: &[u16]) -> u64 {
    (0..4).fold(0, |all, at| all << 16 | u64::from(units.get(at).copied().unwrap_or_default()))
}

/// Every place within every text but its first, in the order of what follows there: the number of the text above eight bits of place.
fn places(texts: &Texts) -> Vec<u32> {
    let mut all: Vec<(u64, u32)> = Vec::new();
    for text in 0..texts.len() as u32 {
        let units = texts.units(text);
        for at in 1..units.len().min(WITHIN) {
            all.push((head(units.get(at..).unwrap_or_default()), text << 8 | at as u32));
        }
    }
    let rest = |place: u32| rest(texts, place);
    all.par_sort_unstable_by(|a, b| {
        let further = || {
            // What ended within the first units is the same; the rest is compared from there.
            let (a, b) = (rest(a.1), rest(b.1));
            a.get(4..).unwrap_or_default().cmp(b.get(4..).unwrap_or_default())
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

/// The letters a unit may begin with, or what stands for no letter.
fn initials(readings: &Readings, unit: u16) -> impl Iterator<Item = u64> {
    let own = if is_letter(unit) { 1 << (unit - u16::from(b'a')) } else { 0 };
    let mut letters = readings.spelling(unit).map_or(own, |spelling| spelling.initials);
    if letters == 0 {
        letters = 1 << (OTHER - 1);
    }
    std::iter::from_fn(move || {
        let letter = letters.trailing_zeros();
        (letter < 32).then(|| {
            letters &= letters - 1;
            u64::from(letter) + 1
        })
    })
}

fn initial_keys(readings: &Readings, units: &[u16], ways: &mut Vec<u128>) {
    ways.push(0);
    for (at, unit) in units.iter().take(INITIALS).enumerate() {
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
