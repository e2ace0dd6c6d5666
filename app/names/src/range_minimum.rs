//! Range minimum with a filter by region: finds the smallest text numbers within any range of an array without reading all of it.
//! For each block of the array, and each group of blocks, a tree holds the smallest number of each region.
use crate::Region;
use std::{cmp::Reverse, collections::BinaryHeap};

/// Items of a block, and children of an inner node.
const BLOCK: usize = 128;
const GROUP: usize = 16;
const NONE: u32 = u32::MAX;
/// The most items of a leaf: a range that contains no whole block lies across at most two.
pub(crate) const MAX_LEAF: usize = BLOCK * 2;

/// Which regions are searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    All,
    In(Region),
    NotIn(Region),
}

impl Scope {
    pub(crate) fn holds(self, region: Region) -> bool {
        match self {
            Self::All => true,
            Self::In(wanted) => region == wanted,
            Self::NotIn(other) => region != other,
        }
    }
}

/// The minima of an array.
#[derive(Default)]
pub(crate) struct RangeMinimum {
    /// The column of each region, by its number.
    columns: Vec<u8>,
    /// How many regions occur; one more column is for all of them together.
    regions: usize,
    /// From blocks upwards; column-major.
    levels: Vec<Level>,
}
#[derive(Default)]
struct Level {
    nodes: usize,
    smallest: Vec<u32>,
}
impl Level {
    fn of(&self, column: usize, node: usize) -> u32 {
        self.smallest.get(column * self.nodes + node).copied().unwrap_or(NONE)
    }
}

impl RangeMinimum {
    /// Builds the minima of an array given by its length and the text number at each index.
    pub(crate) fn new(length: usize, number: impl Fn(usize) -> u32, region: impl Fn(u32) -> Region) -> Self {
        let mut columns = vec![u8::MAX; 256];
        let mut regions = 0;
        // The first pass counts the columns.
        for place in 0..length {
            if let Some(column) = columns.get_mut(usize::from(region(number(place)).0))
                && *column == u8::MAX
            {
                *column = regions as u8;
                regions += 1;
            }
        }
        let nodes = length.div_ceil(BLOCK);
        let mut smallest = vec![NONE; (regions + 1) * nodes];
        for place in 0..length {
            let number = number(place);
            let column = columns.get(usize::from(region(number).0)).copied().unwrap_or_default();
            for column in [usize::from(column), regions] {
                if let Some(slot) = smallest.get_mut(column * nodes + place / BLOCK) {
                    *slot = (*slot).min(number);
                }
            }
        }
        let mut levels = vec![Level { nodes, smallest }];
        while let Some(below) = levels.last().filter(|level| level.nodes > 1) {
            let nodes = below.nodes.div_ceil(GROUP);
            let columns = below.smallest.chunks(below.nodes);
            let smallest =
                columns.flat_map(|c| c.chunks(GROUP).map(|g| g.iter().copied().min().unwrap_or(NONE))).collect();
            levels.push(Level { nodes, smallest });
        }
        Self { columns, regions, levels }
    }

    fn column(&self, scope: Scope) -> Option<usize> {
        match scope {
            Scope::All | Scope::NotIn(_) => Some(self.regions),
            Scope::In(region) => self
                .columns
                .get(usize::from(region.0))
                .filter(|column| **column != u8::MAX)
                .map(|column| usize::from(*column)),
        }
    }
    /// Size in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.levels.iter().map(|level| level.smallest.capacity() * 4).sum::<usize>() + self.columns.capacity()
    }
}

/// A work item: a node of the tree of a source, or a part of its array that no whole block covers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Open {
    smallest: u32,
    source: u32,
    level: u8,
    from: u32,
    to: u32,
}
/// The level of a part that no whole block covers.
const PIECE: u8 = u8::MAX;

/// A best-first traversal of several ranges: nodes with the smallest minimum come first.
#[derive(Default)]
pub(crate) struct BestFirst(BinaryHeap<Reverse<Open>>);

impl BestFirst {
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
    /// Adds a range of an array.
    pub(crate) fn add(&mut self, source: usize, ranked: &RangeMinimum, scope: Scope, from: usize, to: usize) {
        let Some(column) = ranked.column(scope) else { return };
        let source = source as u32;
        let mut piece = |from: usize, to: usize| {
            if from < to {
                self.0.push(Reverse(Open { smallest: 0, source, level: PIECE, from: from as u32, to: to as u32 }));
            }
        };
        let (mut first, mut last) = (from.div_ceil(BLOCK), to / BLOCK);
        if first >= last {
            return piece(from, to);
        }
        piece(from, first * BLOCK);
        piece(last * BLOCK, to);
        // Ascends while the range contains whole groups.
        for (height, level) in ranked.levels.iter().enumerate() {
            let (up, down) = (first.div_ceil(GROUP), last / GROUP);
            let top = up >= down || height + 1 == ranked.levels.len();
            let nodes = if top { first..last } else { first..up * GROUP };
            let rest = if top { 0..0 } else { down * GROUP..last };
            for node in nodes.chain(rest) {
                let smallest = level.of(column, node);
                if smallest != NONE {
                    let (from, to) = (node as u32, node as u32 + 1);
                    self.0.push(Reverse(Open { smallest, source, level: height as u8, from, to }));
                }
            }
            if top {
                return;
            }
            (first, last) = (up, down);
        }
    }

    /// The next leaf that may contain numbers below a limit: its source and its range in the array of that source.
    pub(crate) fn next<'a>(
        &mut self,
        scope: Scope,
        limit: u32,
        length: impl Fn(usize) -> usize,
        ranked: impl Fn(usize) -> &'a RangeMinimum,
    ) -> Option<(usize, usize, usize)> {
        while let Some(Reverse(open)) = self.0.pop() {
            if open.smallest >= limit {
                return None;
            }
            let source = open.source as usize;
            if open.level == PIECE {
                return Some((source, open.from as usize, open.to as usize));
            }
            let node = open.from as usize;
            if open.level == 0 {
                return Some((source, node * BLOCK, ((node + 1) * BLOCK).min(length(source))));
            }
            let ranked = ranked(source);
            let (height, Some(column)) = (usize::from(open.level) - 1, ranked.column(scope)) else { continue };
            let Some(level) = ranked.levels.get(height) else { continue };
            for node in node * GROUP..((node + 1) * GROUP).min(level.nodes) {
                let smallest = level.of(column, node);
                if smallest < limit {
                    let (from, to) = (node as u32, node as u32 + 1);
                    self.0.push(Reverse(Open { smallest, level: height as u8, from, to, ..open }));
                }
            }
        }
        None
    }
}
