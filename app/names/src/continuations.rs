//! A Bloom-like filter of continuations: after a sequence of initials at the beginning of any name, which letter and which
//! syllable may come next. It prunes the interpretations of a query to those that occur among the names, without a search of the
//! index for each.
use std::sync::atomic::{AtomicU64, Ordering};

/// A blocked filter without false negatives. All continuations of the same initials share one 64-byte cache line, so testing all
/// next tokens costs one memory access.
pub(crate) struct ContinuationFilter {
    lines: Vec<Line>,
    /// Right shift that reduces a 64-bit hash to a line number.
    shift: u32,
}

#[derive(Default)]
#[repr(align(64))]
struct Line([AtomicU64; 8]);

/// Multipliers of the hash: odd, with evenly distributed bits.
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;
const FURTHER: u64 = 0xc2b2_ae3d_27d4_eb4f;

impl ContinuationFilter {
    /// An empty filter for a number of texts. A text inserts about 30 pairs; the size keeps the lines less than half full, above
    /// which there are too many false positives.
    pub(crate) fn new(texts: usize) -> Self {
        let lines = (texts / 8).next_power_of_two().max(1 << 12);
        Self { lines: (0..lines).map(|_| Line::default()).collect(), shift: 64 - lines.trailing_zeros() }
    }
    fn locate(&self, before: u64, symbol: u64) -> (Option<&AtomicU64>, u64) {
        // The initials are in the upper bits; the shift and the multiplication mix them into the lower ones.
        let spread = (before ^ before >> 31).wrapping_mul(SPREAD);
        let bit = (symbol.wrapping_mul(FURTHER) ^ spread).wrapping_mul(SPREAD) >> 55;
        let line = self.lines.get((spread >> self.shift) as usize);
        (line.and_then(|line| line.0.get(bit as usize / 64)), 1 << (bit % 64))
    }
    /// Records that a letter or a syllable (`symbol`) follows these initials.
    pub(crate) fn insert(&self, before: u64, symbol: u64) {
        if let (Some(word), bit) = self.locate(before, symbol) {
            word.fetch_or(bit, Ordering::Relaxed);
        }
    }
    /// Whether the symbol may follow these initials; a false positive is possible.
    pub(crate) fn may_contain(&self, before: u64, symbol: u64) -> bool {
        let (word, bit) = self.locate(before, symbol);
        word.is_some_and(|word| word.load(Ordering::Relaxed) & bit != 0)
    }
    /// Prefetches the lines of several sequences, so that their cache misses overlap.
    pub(crate) fn prefetch(&self, before: impl Iterator<Item = u64>) {
        let first = |before| self.locate(before, 0).0.map_or(0, |word| word.load(Ordering::Relaxed));
        std::hint::black_box(before.map(first).fold(0, std::ops::BitXor::bitxor));
    }
    /// Size in bytes.
    pub(crate) const fn bytes(&self) -> usize {
        self.lines.capacity() * size_of::<Line>()
    }
}
