//! What may follow what: after the initials of the first units of any name, with which letter the next may begin and with which
//! syllable it may be read. Of the many ways to read what was typed this leaves those that names are read, without looking for
//! each of them among a million.
use std::sync::atomic::{AtomicU64, Ordering};

/// A filter: it never denies what it was told, and now and then grants what it was not. All that follows the same initials is in
/// one line of memory, so that every next token costs one look together.
pub(crate) struct Follows {
    lines: Vec<Line>,
    /// What is left of a product when only the number of a line is wanted.
    shift: u32,
}

#[derive(Default)]
#[repr(align(64))]
struct Line([AtomicU64; 8]);

/// Odd numbers of many ones and zeros, to spread what lies close together.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
const FURTHER: u64 = 0xc2b2_ae3d_27d4_eb4f;

impl Follows {
    /// For so many texts; nothing follows anything yet. Long names of few beginnings tell it some 30 things each, of which a line
    /// that is half full grants too much that is not there.
    pub(crate) fn new(texts: usize) -> Self {
        let lines = (texts / 8).next_power_of_two().max(1 << 12);
        Self { lines: (0..lines).map(|_| Line::default()).collect(), shift: 64 - lines.trailing_zeros() }
    }
    fn place(&self, before: u64, what: u64) -> (Option<&AtomicU64>, u64) {
        // The initials stand in the upper bits: what they are multiplied with first brings them down.
        let spread = (before ^ before >> 31).wrapping_mul(SPREAD);
        let bit = (what.wrapping_mul(FURTHER) ^ spread).wrapping_mul(SPREAD) >> 55;
        let line = self.lines.get((spread >> self.shift) as usize);
        (line.and_then(|line| line.0.get(bit as usize / 64)), 1 << (bit % 64))
    }
    /// A letter or a syllable follows these initials.
    pub(crate) fn tell(&self, before: u64, what: u64) {
        if let (Some(word), bit) = self.place(before, what) {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }
    /// Whether it may.
    pub(crate) fn may(&self, before: u64, what: u64) -> bool {
        let (word, bit) = self.place(before, what);
        word.is_some_and(|word| word.load(Ordering::Relaxed) & bit != 0)
    }
    /// Asks the memory for what follows several at once, so that to look at one after the other does not wait for each.
    pub(crate) fn touch(&self, before: impl Iterator<Item = u64>) {
        let first = |before| self.place(before, 0).0.map_or(0, |word| word.load(Ordering::Relaxed));
        std::hint::black_box(before.map(first).fold(0, std::ops::BitXor::bitxor));
    }
    /// Bytes it holds.
    pub(crate) const fn bytes(&self) -> usize {
        self.lines.capacity() * size_of::<Line>()
    }
}
