//! A static 16-ary search tree over sorted keys. Each level holds every sixteenth key of the level below. A search reads one run
//! of neighbouring keys at each level, and all levels but the lowest fit in the cache.

/// Keys of a node: two cache lines for keys of eight bytes, four for keys of sixteen.
const FAN: usize = 16;

/// Sorted keys with their search tree.
#[derive(Default)]
pub(crate) struct SearchTree<K> {
    keys: Vec<K>,
    /// The inner levels, the lowest first.
    levels: Vec<Vec<K>>,
}

impl<K: Copy + Ord> SearchTree<K> {
    /// Builds the tree; `keys` must be sorted.
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
    /// Size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        (self.keys.capacity() + self.levels.iter().map(Vec::capacity).sum::<usize>()) * size_of::<K>()
    }
    /// Writes to `below` how many keys are less than each bound. All bounds descend one level at a time, so that their cache misses
    /// overlap.
    pub(crate) fn count_below(&self, bounds: &[K], below: &mut [usize]) {
        let mut top = true;
        for level in self.levels.iter().rev().chain([&self.keys]) {
            for (bound, below) in bounds.iter().zip(below.iter_mut()) {
                // The boundary lies in the child of the last key that is less than the bound.
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
    use super::SearchTree;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn counts_below_bounds_equal_those_of_a_binary_search(
            mut keys in prop::collection::vec(0..2_000_u64, 0..3_000),
            bounds in prop::collection::vec(0..2_001_u64, 0..9),
        ) {
            keys.sort_unstable();
            let wanted: Vec<usize> = bounds.iter().map(|bound| keys.partition_point(|key| key < bound)).collect();
            let mut below = vec![0; bounds.len()];
            SearchTree::new(keys).count_below(&bounds, &mut below);
            prop_assert_eq!(below, wanted);
        }
    }
}
