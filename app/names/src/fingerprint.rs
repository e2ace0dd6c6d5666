//! Fingerprints of texts: four bits for each of the first eight units, stored beside the number of the text. Most texts that do
//! not match are rejected by their fingerprint, without a cache miss for their units.
use crate::{Readings, patterns::Token};

/// What the fingerprint of a matching text must be, for those of the first units that the query determines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct FingerprintMask {
    bits: u32,
    /// The same, except where the last unit may be either of two syllables: `shan` may be 山 or the beginning of 上 (shang).
    other: u32,
    /// The upper bit of each unit that is compared.
    asked: u32,
}
impl FingerprintMask {
    pub(crate) fn of(tokens: &[Token], readings: &Readings) -> Self {
        let mut wanted = Self::default();
        for (at, token) in tokens.iter().enumerate().take(FINGERPRINT_UNITS) {
            let syllable = |code: u16| u32::from(code % 15);
            let (bits, other) = match token {
                Token::Character(unit) => (unit_bits(*unit, readings), unit_bits(*unit, readings)),
                Token::Syllable(code) => (syllable(*code), syllable(*code)),
                Token::Broken(part) if part.to - part.from <= 2 => (syllable(part.from), syllable(part.to - 1)),
                Token::Initial(_) | Token::Broken(_) => continue,
            };
            wanted.bits |= bits << (4 * at);
            wanted.other |= other << (4 * at);
            wanted.asked |= 8 << (4 * at);
        }
        wanted
    }
    /// Whether a text with that fingerprint may match: each compared unit is equal, or has several readings.
    pub(crate) const fn may_match(self, fingerprint: u32) -> bool {
        // Sets the upper bit of each group of four bits that is zero.
        const fn zero(x: u32) -> u32 {
            !(((x & 0x7777_7777) + 0x7777_7777) | x | 0x7777_7777)
        }
        (zero(fingerprint ^ self.bits) | zero(fingerprint ^ self.other) | zero(!fingerprint)) & self.asked == self.asked
    }
}
/// Units of a text that are in its fingerprint.
pub(crate) const FINGERPRINT_UNITS: usize = 8;
/// The four bits of a unit: a hash of its only reading, or of itself if it has none; all ones if it has several readings.
pub(crate) fn unit_bits(unit: u16, readings: &Readings) -> u32 {
    match readings.spelling(unit).map(|spelling| &*spelling.all) {
        None => u32::from(unit % 15),
        Some([only]) => u32::from(only % 15),
        Some(_) => 15,
    }
}

/// The fingerprint of a text.
pub(crate) fn fingerprint(units: &[u16], readings: &Readings) -> u32 {
    (0..).zip(units).take(FINGERPRINT_UNITS).fold(0, |all, (at, unit)| all | unit_bits(*unit, readings) << (4 * at))
}
