//! The ways to read what was typed, as far as any name is read so: `beijdx` as 北京大学, `xian` as 西安 and as 县.
use crate::{
    Readings,
    follows::Follows,
    query::{LONGEST, is_letter},
    readings::{Begun, Part},
    signs::Wanted,
};
use std::ops::Range;

/// Units whose initials, and whose syllables, are in the arrays of the index.
pub(crate) const INITIALS: usize = 12;
pub(crate) const SOUNDS: usize = 4;
/// Bits of a letter and of a syllable in their keys.
pub(crate) const LETTER: u32 = 5;
pub(crate) const SYLLABLE: u32 = 9;
/// What stands for a unit that is no letter and has no reading.
const OTHER: u64 = 27;
/// How many ways to read a query are followed; no query anybody means has as many.
const PATTERNS: usize = 64;
/// How many steps are gone on from, and for how many there is room from the beginning.
const MOST_STEPS: usize = PATTERNS * 16;
const STEPS: usize = 42;

/// One unit, or several, of a query, as what it may stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A letter for a character that is read so, or for itself.
    Initial(u16),
    /// A syllable.
    Syllable(u16),
    /// A syllable that may break off: which it may be, and whether it may be no more than was typed.
    Broken(Part),
    /// A character for itself.
    Character(u16),
}
impl Token {
    /// Whether it may stand for that unit of a name.
    fn is(self, unit: u16, readings: &Readings) -> bool {
        match self {
            Self::Initial(letter) => unit == letter || readings.begins(unit, letter),
            Self::Character(character) => unit == character,
            Self::Syllable(code) => readings.is_one_of(unit, code..code + 1),
            Self::Broken(part) => readings.is_one_of(unit, part.from..part.to),
        }
    }
}

/// The first tokens of a way to read a query: as many as there are initials in the array.
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

/// A way to read a query.
pub(crate) struct Pattern {
    /// The number of the query.
    pub(crate) query: usize,
    pub(crate) tokens: Tokens,
    /// Whether they are the whole query: beyond the initials that are in the array, ways are not told apart.
    pub(crate) whole: bool,
    /// Their initials.
    pub(crate) key: u64,
    pub(crate) sign: Wanted,
}
impl Pattern {
    /// The syllables at the beginning, the last of which may break off: the first and the last that each may be.
    pub(crate) fn leading_sounds(&self) -> impl Iterator<Item = (u16, u16)> {
        self.tokens.as_slice().iter().take(SOUNDS).map_while(|token| match token {
            Token::Syllable(code) => Some((*code, *code)),
            Token::Broken(part) => Some((part.from, part.to - 1)),
            _ => None,
        })
    }
    /// Bounds of the keys of sounds that begin so.
    pub(crate) fn sounds(&self) -> [u64; 2] {
        let (mut low, mut high, mut shift) = (0u64, 0u64, 64);
        for (first, last) in self.leading_sounds() {
            shift -= SYLLABLE;
            high = low | u64::from(last) << shift | ((1 << shift) - 1);
            low |= u64::from(first) << shift;
        }
        [low, high.saturating_add(1)]
    }
    /// Whether its last syllable breaks off, so that it is the whole of no name.
    pub(crate) fn is_broken(&self) -> bool {
        matches!(self.tokens.as_slice().last(), Some(Token::Broken(part)) if !part.whole)
    }
    /// Whether the units of a name begin with its tokens. Of what follows these nothing is said.
    pub(crate) fn fits(&self, units: &[u16], readings: &Readings) -> bool {
        let tokens = self.tokens.as_slice();
        tokens.len() <= units.len() && tokens.iter().zip(units).all(|(token, unit)| token.is(*unit, readings))
    }
    /// Whether a name that it fits is no longer.
    pub(crate) fn ends(&self, units: &[u16], readings: &Readings) -> bool {
        self.tokens.count == units.len()
            && match (self.tokens.as_slice().last(), units.last()) {
                (Some(Token::Broken(part)), Some(unit)) => part.whole && Token::Syllable(part.from).is(*unit, readings),
                _ => true,
            }
    }
}

/// Bounds of the keys of initials: where those with so many initials begin, where those end that have no others, and where all end.
pub(crate) fn bounds(key: u64, count: usize) -> [u64; 3] {
    let above = |count: usize| key.saturating_add(1u64.checked_shl(64 - LETTER * count as u32).unwrap_or(u64::MAX));
    [key, above(count.min(INITIALS - 1) + 1), above(count)]
}

/// So much of a query has been read, as these tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reached {
    pub(crate) at: usize,
    pub(crate) tokens: Tokens,
    /// The initials of them, as in the keys.
    pub(crate) key: u64,
}
impl Reached {
    pub(crate) const NOTHING: Self = Self { at: 0, tokens: Tokens::NONE, key: 0 };
}

/// One token on from what was read before.
#[derive(Clone, Copy)]
struct Step {
    at: u16,
    /// How many tokens were read, and the last of them.
    count: u16,
    token: Token,
    /// The number of the step before.
    before: u16,
    /// The initials of the tokens.
    key: u64,
}

/// Follows the ways to read a query, as far as names are read so.
pub(crate) struct Reader<'a> {
    readings: &'a Readings,
    follows: &'a Follows,
    /// The number of the query, and its units.
    number: usize,
    query: &'a [u16],
    pub(crate) all: Vec<Pattern>,
    /// The tokens that were read before the first step.
    begun: Tokens,
    /// Every place between two tokens that was come to: first those that are fewest tokens away.
    steps: Vec<Step>,
    /// For each place of the query the syllables that begin there: many ways lead past the same place.
    syllables: [Option<Begun>; LONGEST],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(readings: &'a Readings, follows: &'a Follows, number: usize, query: &'a [u16]) -> Self {
        let (all, steps) = (Vec::new(), Vec::with_capacity(STEPS));
        Self { readings, follows, number, query, all, begun: Tokens::NONE, steps, syllables: [None; LONGEST] }
    }

    /// Reads on from somewhere.
    pub(crate) fn read(&mut self, here: &Reached) {
        self.begin(here);
        self.go_on(0);
    }
    /// Reads on from somewhere, with a next token that goes beyond a place.
    pub(crate) fn read_past(&mut self, here: &Reached, past: usize) {
        self.begin(here);
        if let Some(first) = self.steps.first().copied() {
            self.take(0, &first, past);
        }
        self.go_on(1);
    }
    fn begin(&mut self, here: &Reached) {
        let Reached { at, tokens, key } = *here;
        self.begun = tokens;
        self.steps.clear();
        let (at, count) = (at as u16, tokens.count as u16);
        self.steps.push(Step { at, count, token: Token::Character(0), before: 0, key });
    }
    fn go_on(&mut self, mut from: usize) {
        // What follows each is asked of the memory for all that are equally far, before any is looked at.
        while let Some(equal) = self.steps.get(from..).filter(|steps| !steps.is_empty()) {
            self.follows.touch(equal.iter().map(|step| step.key));
            let to = self.steps.len();
            for number in from..to {
                self.go_on_from(number);
            }
            from = to;
        }
    }
    fn go_on_from(&mut self, number: usize) {
        let Some(step) = self.steps.get(number).copied() else { return };
        let (at, count) = (usize::from(step.at), usize::from(step.count));
        if self.all.len() >= PATTERNS {
            return;
        }
        if at == self.query.len() || count == INITIALS {
            let Reached { tokens, key, .. } = self.reached(number);
            let sign = Wanted::of(tokens.as_slice(), self.readings);
            self.all.push(Pattern { query: self.number, tokens, whole: at == self.query.len(), key, sign });
        } else if number < MOST_STEPS {
            self.take(number, &step, at);
        }
    }
    /// The places between two tokens that were come to, those after the fewest tokens first.
    pub(crate) fn places(&self) -> impl Iterator<Item = Reached> {
        (0..self.steps.len().min(MOST_STEPS)).map(|number| self.reached(number))
    }
    /// What was read up to a step.
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

    /// Takes every next token that goes beyond a place.
    fn take(&mut self, number: usize, here: &Step, past: usize) {
        let at = usize::from(here.at);
        let Some(unit) = self.query.get(at).copied() else { return };
        let shift = 64 - LETTER * (u32::from(here.count) + 1);
        let follows = self.follows;
        let mut next = |length: usize, token, letter: u64, may: bool| {
            if may {
                let (at, count) = (here.at + length as u16, here.count + 1);
                self.steps.push(Step { at, count, token, before: number as u16, key: here.key | letter << shift });
            }
        };
        if !is_letter(unit) {
            for letter in initials(self.readings, unit) {
                next(1, Token::Character(unit), letter, follows.may(here.key, letter));
            }
            return;
        }
        let letter = u64::from(unit - u16::from(b'a')) + 1;
        if at + 1 > past {
            next(1, Token::Initial(unit), letter, follows.may(here.key, letter));
        }
        let rest = self.query.get(at..).unwrap_or_default();
        let begun = || self.readings.begun(rest);
        let begun = self.syllables.get_mut(at).map_or_else(begun, |known| *known.get_or_insert_with(begun));
        for (length, part) in (2..).zip(begun.0).take_while(|(_, part)| part.from < part.to) {
            if at + length <= past {
                continue;
            }
            let may = |mut codes: Range<u16>| codes.any(|code| follows.may(here.key, followed_by(code)));
            if length == rest.len() {
                next(length, Token::Broken(part), letter, may(part.from..part.to));
            } else if part.whole {
                next(length, Token::Syllable(part.from), letter, may(part.from..part.from + 1));
            }
        }
    }
}

/// The letters a unit may begin with, that of the common reading first, or what stands for no letter.
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

/// What says of a syllable that it follows: letters have the numbers below.
pub(crate) fn followed_by(code: u16) -> u64 {
    u64::from(code) + 32
}
