//! A sign of a text: half a byte of each of its first units, beside the number of the text, so that most texts that are not meant
//! are passed over without a look at them.
use crate::{Readings, patterns::Token};

/// What a text must be signed with: of some of the first units what [`signed`] says of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    sign: u32,
    /// The same, but for the last unit where that may be one of two syllables, as 山 and 上 to somebody who typed shan.
    other: u32,
    /// The upper bit of each unit that is asked for.
    asked: u32,
}
impl Wanted {
    pub(crate) fn of(tokens: &[Token], readings: &Readings) -> Self {
        let mut wanted = Self::default();
        for (at, token) in tokens.iter().enumerate().take(SIGNED) {
            let syllable = |code: u16| u32::from(code % 15);
            let (sign, other) = match token {
                Token::Character(unit) => (signed(*unit, readings), signed(*unit, readings)),
                Token::Syllable(code) => (syllable(*code), syllable(*code)),
                Token::Broken(part) if part.to - part.from <= 2 => (syllable(part.from), syllable(part.to - 1)),
                Token::Initial(_) | Token::Broken(_) => continue,
            };
            wanted.sign |= sign << (4 * at);
            wanted.other |= other << (4 * at);
            wanted.asked |= 8 << (4 * at);
        }
        wanted
    }
    /// Whether a text with that sign may be meant: what the units are that are asked for, or that they are read in several ways.
    pub(crate) const fn may_be(self, sign: u32) -> bool {
        // The upper bit of each four that are all zero.
        const fn zero(x: u32) -> u32 {
            !(((x & 0x7777_7777) + 0x7777_7777) | x | 0x7777_7777)
        }
        (zero(sign ^ self.sign) | zero(sign ^ self.other) | zero(!sign)) & self.asked == self.asked
    }
}
/// Units of a text that are in its sign.
pub(crate) const SIGNED: usize = 8;
/// Four bits of a unit: something of its reading, all ones of one that is read in several ways.
pub(crate) fn signed(unit: u16, readings: &Readings) -> u32 {
    match readings.spelling(unit).map(|spelling| &*spelling.all) {
        None => u32::from(unit % 15),
        Some([only]) => u32::from(only % 15),
        Some(_) => 15,
    }
}

/// The sign of a text.
pub(crate) fn sign(units: &[u16], readings: &Readings) -> u32 {
    (0..).zip(units).take(SIGNED).fold(0, |all, (at, unit)| all | signed(*unit, readings) << (4 * at))
}
