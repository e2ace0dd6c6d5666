//! Interpretations of a query as tokens, pruned to those that occur among the names: `beijdx` as 北京大学, `xian` as 西安 and 县.
use crate::{
    Readings,
    continuations::ContinuationFilter,
    fingerprint::FingerprintMask,
    query::{LONGEST, is_letter},
    readings::{Begun, Part},
};
use std::ops::Range;

/// How many first units of a name have their initials, and their syllables, in the keys of the index.
pub(crate) const INITIALS: usize = 12;
pub(crate) const SOUNDS: usize = 4;
/// Bits of a letter and of a syllable in a key.
pub(crate) const LETTER: u32 = 5;
pub(crate) const SYLLABLE: u32 = 9;
/// The code of a unit that is no letter and has no reading.
const OTHER: u64 = 27;
/// The most interpretations of a query; sensible queries have fewer.
const PATTERNS: usize = 64;
/// The most steps that are continued, and the initial capacity for steps.
const MOST_STEPS: usize = PATTERNS * 16;
const STEPS: usize = 42;

/// One or more units of a query that stand for one unit of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A letter: the initial of a character, or itself.
    Initial(u16),
    /// A complete syllable.
    Syllable(u16),
    /// The last syllable, which may be incomplete: the syllables that begin so.
    Broken(Part),
    /// A character, which stands for itself.
    Character(u16),
}
impl Token {
    /// Whether it matches a unit of a name.
    fn is(self, unit: u16, readings: &Readings) -> bool {
        match self {
            Self::Initial(letter) => unit == letter || readings.begins(unit, letter),
            Self::Character(character) => unit == character,
            Self::Syllable(code) => readings.is_one_of(unit, code..code + 1),
            Self::Broken(part) => readings.is_one_of(unit, part.from..part.to),
        }
    }
}

/// The first tokens of an interpretation, at most [`INITIALS`].
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tokens {
    all: [Token; INITIALS],
    pub(crate) count: usize,
}
impl Tokens {
    const NONE: Self = Self { all: [Token::Character(0); INITIALS], count: 0 };
    pub(crate) fn as_slice(&self) -> &[Token] {
        self.all.get(..self.count).unwrap_or_default()
    }
}

/// An interpretation of a query.
pub(crate) struct Pattern {
    /// Index of the query in the list of queries of a search.
    pub(crate) query: usize,
    pub(crate) tokens: Tokens,
    /// Whether the tokens cover the whole query; beyond [`INITIALS`] tokens it is not split further.
    pub(crate) whole: bool,
    /// The initials of the tokens, as in the keys of the index.
    pub(crate) key: u64,
    pub(crate) mask: FingerprintMask,
}
impl Pattern {
    /// The codes of the leading syllables, each as an inclusive range.
    pub(crate) fn leading_sounds(&self) -> impl Iterator<Item = (u16, u16)> {
        self.tokens.as_slice().iter().take(SOUNDS).map_while(|token| match token {
            Token::Syllable(code) => Some((*code, *code)),
            Token::Broken(part) => Some((part.from, part.to - 1)),
            _ => None,
        })
    }
    /// Bounds of the keys of syllables that begin with the leading syllables.
    pub(crate) fn sounds(&self) -> [u64; 2] {
        let (mut low, mut high, mut shift) = (0u64, 0u64, 64);
        for (first, last) in self.leading_sounds() {
            shift -= SYLLABLE;
            high = low | u64::from(last) << shift | ((1 << shift) - 1);
            low |= u64::from(first) << shift;
        }
        [low, high.saturating_add(1)]
    }
    /// Whether its last syllable is incomplete, so that it cannot match a whole name.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(self.tokens.as_slice().last(), Some(Token::Broken(part)) if !part.whole)
    }
    /// Whether a name begins with its tokens. Units after these are not compared.
    pub(crate) fn fits(&self, units: &[u16], readings: &Readings) -> bool {
        let tokens = self.tokens.as_slice();
        tokens.len() <= units.len() && tokens.iter().zip(units).all(|(token, unit)| token.is(*unit, readings))
    }
    /// Whether a name that it fits ends with its last token.
    pub(crate) fn ends(&self, units: &[u16], readings: &Readings) -> bool {
        self.tokens.count == units.len()
            && match (self.tokens.as_slice().last(), units.last()) {
                (Some(Token::Broken(part)), Some(unit)) => part.whole && Token::Syllable(part.from).is(*unit, readings),
                _ => true,
            }
    }
}

/// Bounds of the keys of initials that begin with `key`: begin, end of those with exactly `count` initials, end of all.
pub(crate) fn bounds(key: u64, count: usize) -> [u64; 3] {
    let above = |count: usize| key.saturating_add(1u64.checked_shl(64 - LETTER * count as u32).unwrap_or(u64::MAX));
    [key, above(count.min(INITIALS - 1) + 1), above(count)]
}

/// The state after some of a query was read as tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reached {
    pub(crate) at: usize,
    pub(crate) tokens: Tokens,
    /// The initials of the tokens, as in the keys of the index.
    pub(crate) key: u64,
}
impl Reached {
    pub(crate) const NOTHING: Self = Self { at: 0, tokens: Tokens::NONE, key: 0 };
}

/// A state as a link to the state before it.
#[derive(Clone, Copy)]
struct Step {
    at: u16,
    /// The number of tokens, and the last one.
    count: u16,
    token: Token,
    /// Index of the step before.
    before: u16,
    /// The initials of the tokens, as in the keys of the index.
    key: u64,
}

/// Enumerates interpretations breadth-first.
pub(crate) struct Reader<'a> {
    readings: &'a Readings,
    continuations: &'a ContinuationFilter,
    /// Index of the query in the list of queries of a search, and its units.
    number: usize,
    query: &'a [u16],
    pub(crate) all: Vec<Pattern>,
    /// The tokens read before the first step.
    begun: Tokens,
    /// Every state reached, those with the fewest tokens first.
    steps: Vec<Step>,
    /// Memo: for each index of the query the syllables that begin there.
    syllables: [Option<Begun>; LONGEST],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        readings: &'a Readings,
        continuations: &'a ContinuationFilter,
        number: usize,
        query: &'a [u16],
    ) -> Self {
        let (all, steps) = (Vec::new(), Vec::with_capacity(STEPS));
        Self { readings, continuations, number, query, all, begun: Tokens::NONE, steps, syllables: [None; LONGEST] }
    }

    /// Continues from a state.
    pub(crate) fn read(&mut self, here: &Reached) {
        self.begin(here);
        self.advance(0);
    }
    /// Continues from a state with a next token that ends after index `past`.
    pub(crate) fn read_past(&mut self, here: &Reached, past: usize) {
        self.begin(here);
        if let Some(first) = self.steps.first().copied() {
            self.extend(0, &first, past);
        }
        self.advance(1);
    }
    fn begin(&mut self, here: &Reached) {
        let Reached { at, tokens, key } = *here;
        self.begun = tokens;
        self.steps.clear();
        let (at, count) = (at as u16, tokens.count as u16);
        self.steps.push(Step { at, count, token: Token::Character(0), before: 0, key });
    }
    fn advance(&mut self, mut from: usize) {
        // Prefetches the continuations of all states with the same number of tokens before the first is examined.
        while let Some(equal) = self.steps.get(from..).filter(|steps| !steps.is_empty()) {
            self.continuations.prefetch(equal.iter().map(|step| step.key));
            let to = self.steps.len();
            for number in from..to {
                self.advance_from(number);
            }
            from = to;
        }
    }
    fn advance_from(&mut self, number: usize) {
        let Some(step) = self.steps.get(number).copied() else { return };
        let (at, count) = (usize::from(step.at), usize::from(step.count));
        if self.all.len() >= PATTERNS {
            return;
        }
        if at == self.query.len() || count == INITIALS {
            let Reached { tokens, key, .. } = self.reached(number);
            let mask = FingerprintMask::of(tokens.as_slice(), self.readings);
            self.all.push(Pattern { query: self.number, tokens, whole: at == self.query.len(), key, mask });
        } else if number < MOST_STEPS {
            self.extend(number, &step, at);
        }
    }
    /// All states reached, those with the fewest tokens first.
    pub(crate) fn states(&self) -> impl Iterator<Item = Reached> {
        (0..self.steps.len().min(MOST_STEPS)).map(|number| self.reached(number))
    }
    /// The state of a step, with its tokens collected along the links.
    fn reached(&self, number: usize) -> Reached {
        let Some(step) = self.steps.get(number) else { return Reached::NOTHING };
        let mut tokens = self.begun;
        let mut here = step;
        tokens.count = usize::from(step.count);
        while usize::from(here.count) > self.begun.count {
            if let Some(slot) = tokens.all.get_mut(usize::from(here.count) - 1) {
                *slot = here.token;
            }
            let Some(before) = self.steps.get(usize::from(here.before)) else { break };
            here = before;
        }
        Reached { at: usize::from(step.at), tokens, key: step.key }
    }

    /// Appends the states after every next token that ends after index `past`.
    fn extend(&mut self, number: usize, here: &Step, past: usize) {
        let at = usize::from(here.at);
        let Some(unit) = self.query.get(at).copied() else { return };
        let shift = 64 - LETTER * (u32::from(here.count) + 1);
        let continuations = self.continuations;
        let mut next = |length: usize, token, letter: u64, may: bool| {
            if may {
                let (at, count) = (here.at + length as u16, here.count + 1);
                self.steps.push(Step { at, count, token, before: number as u16, key: here.key | letter << shift });
            }
        };
        if !is_letter(unit) {
            for letter in initials(self.readings, unit) {
                next(1, Token::Character(unit), letter, continuations.may_contain(here.key, letter));
            }
            return;
        }
        let letter = u64::from(unit - u16::from(b'a')) + 1;
        if at + 1 > past {
            next(1, Token::Initial(unit), letter, continuations.may_contain(here.key, letter));
        }
        let rest = self.query.get(at..).unwrap_or_default();
        let begun = || self.readings.begun(rest);
        let begun = self.syllables.get_mut(at).map_or_else(begun, |known| *known.get_or_insert_with(begun));
        for (length, part) in (2..).zip(begun.0).take_while(|(_, part)| part.from < part.to) {
            if at + length <= past {
                continue;
            }
            let may =
                |mut codes: Range<u16>| codes.any(|code| continuations.may_contain(here.key, syllable_symbol(code)));
            if length == rest.len() {
                next(length, Token::Broken(part), letter, may(part.from..part.to));
            } else if part.whole {
                next(length, Token::Syllable(part.from), letter, may(part.from..part.from + 1));
            }
        }
    }
}

/// The initials of a unit, that of the common reading first; [`OTHER`] if it has none.
pub(crate) fn initials(readings: &Readings, unit: u16) -> impl Iterator<Item = u64> {
    let codes = readings.spelling(unit).map_or(&[][..], |spelling| &spelling.all);
    let letter = |letter: u64| letter - u64::from(b'a') + 1;
    let own = is_letter(unit).then(|| letter(u64::from(unit)));
    let none = (own.is_none() && codes.is_empty()).then_some(OTHER);
    let mut seen = 0u32;
    let read = codes.iter().filter_map(move |code| Some(letter(u64::from(*readings.letters(*code).first()?))));
    own.into_iter().chain(none).chain(read).filter(move |letter| {
        let before = seen;
        seen |= 1 << letter;
        seen != before
    })
}

/// The symbol of a syllable in the filter of continuations; letters have the numbers below.
pub(crate) fn syllable_symbol(code: u16) -> u64 {
    u64::from(code) + 32
}
