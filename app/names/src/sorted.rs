//! Keys in order, found with little memory touched: over the keys lies every sixteenth of them, over these every sixteenth of those,
//! and so on. What a search reads at each level are neighbours, and all levels but the lowest are small enough to stay near.

/// Keys from one head to the next: two lines of memory of eight bytes each, four of sixteen.
const FAN: usize = 16;

/// Keys in order.
#[derive(Default)]
pub(crate) struct Sorted<K> {
    keys: Vec<K>,
    /// Heads, the lowest level first.
    levels: Vec<Vec<K>>,
}

impl<K: Copy + Ord> Sorted<K> {
    /// Of keys that are in order.
    pub(crate) fn new(keys: Vec<K>) -> Self {
        let mut levels: Vec<Vec<K>> = Vec::new();
        let mut below = &keys;
        while below.len() > FAN {
            levels.push(below.iter().copied().step_by(FAN).collect());
            let Some(last) = levels.last() else { break };
            below = last;
        }
        Self { keys, levels }
    }
    pub(crate) const fn keys(&self) -> &[K] {
        self.keys.as_slice()
    }
    /// Bytes it holds.
    pub(crate) fn bytes(&self) -> usize {
        (self.keys.capacity() + self.levels.iter().map(Vec::capacity).sum::<usize>()) * size_of::<K>()
    }
    /// For each of some bounds how many keys are below it. Level by level for all of them: to wait for the memory of several takes
    /// hardly longer than to wait for one.
    pub(crate) fn below(&self, bounds: &[K], below: &mut [usize]) {
        let mut top = true;
        for level in self.levels.iter().rev().chain([&self.keys]) {
            for (bound, below) in bounds.iter().zip(below.iter_mut()) {
                // So many heads are below it: below them, the last of these is, and the next head is not.
                let begin = if top { 0 } else { below.saturating_sub(1) * FAN };
                let end = if top { level.len() } else { (begin + FAN).min(level.len()) };
                *below = begin + level.get(begin..end).unwrap_or_default().partition_point(|key| key < bound);
            }
            top = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Sorted;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_many_keys_are_below_a_bound(
            mut keys in prop::collection::vec(0..2_000_u64, 0..3_000),
            bounds in prop::collection::vec(0..2_001_u64, 0..9),
        ) {
            keys.sort_unstable();
            let wanted: Vec<usize> = bounds.iter().map(|bound| keys.partition_point(|key| key < bound)).collect();
            let mut below = vec![0; bounds.len()];
            Sorted::new(keys).below(&bounds, &mut below);
            prop_assert_eq!(below, wanted);
        }
    }
}
