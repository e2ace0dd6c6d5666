//! What finds a name: the definition, slow and plain. The index is held to it by the tests.
use crate::{
    Query, Readings, Slips,
    query::is_letter,
    slips::{Kind, near},
};

/// A query read along the beginning of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Units of the name the query covers.
    pub to: usize,
    /// Whether it covers the whole name.
    pub whole: bool,
}

/// Reads a query along a name from its beginning: each unit by itself, each Han character by the first letter of one of its
/// readings or by a whole syllable; the last syllable may be broken off, for somebody who is still typing.
pub fn starts(name: &[u16], query: &Query, readings: &Readings) -> Option<Start> {
    let query = query.units();
    // Most names begin with something else: that is seen at once.
    let (typed, unit) = (*query.first()?, *name.first()?);
    if typed != unit && !(is_letter(typed) && readings.begins(unit, typed)) {
        return None;
    }
    let goal = 1u64 << query.len();
    // The places in the query that can be reached after so many units of the name, one bit each: no path is walked twice.
    let mut reached = 1u64;
    let mut first = None;
    for (place, unit) in name.iter().enumerate() {
        let (mut next, mut broken_off) = (0u64, false);
        let spelling = readings.spelling(*unit);
        let mut open = reached & !goal;
        while open != 0 {
            let at = open.trailing_zeros() as usize;
            open &= open - 1;
            let Some(rest) = query.get(at..) else { break };
            let Some(next_typed) = rest.first() else { break };
            if next_typed == unit {
                next |= 1 << (at + 1);
            }
            let (true, Some(spelling)) = (is_letter(*next_typed), spelling) else { continue };
            if spelling.initials & 1 << (next_typed - u16::from(b'a')) == 0 {
                continue;
            }
            next |= 1 << (at + 1);
            for code in &spelling.syllables {
                let letters = readings.letters(*code);
                let alike = rest.iter().zip(letters).take_while(|(a, b)| **a == u16::from(**b)).count();
                if alike == letters.len() {
                    next |= 1 << (at + alike);
                } else if alike == rest.len() {
                    broken_off = true;
                }
            }
        }
        if first.is_none() && (broken_off || next & goal != 0) {
            first = Some(place + 1);
        }
        reached = next;
        if next & !goal == 0 {
            let whole = next & goal != 0 && place + 1 == name.len();
            return first.map(|to| Start { to: if whole { name.len() } else { to }, whole });
        }
    }
    let whole = reached & goal != 0;
    first.map(|to| Start { to: if whole { name.len() } else { to }, whole })
}

/// Where a name holds a query, unit by unit, other than at its beginning.
pub fn inside(name: &[u16], query: &Query) -> Option<usize> {
    let (first, rest) = query.units().split_first()?;
    let (_, mut after) = name.split_first()?;
    let mut from = 1;
    loop {
        let at = after.iter().position(|unit| unit == first)?;
        after = after.get(at + 1..)?;
        from += at;
        if after.starts_with(rest) {
            return Some(from);
        }
        from += 1;
    }
}

/// Where a name would hold a query if one key had not slipped: from and to. Letters are read from the beginning of the name;
/// characters stand anywhere in it.
pub fn nearly(name: &[u16], slips: &Slips, readings: &Readings) -> Option<(usize, usize)> {
    match slips.kind() {
        Kind::None => None,
        Kind::Characters(query) => near(name, query.units()),
        Kind::Letters(edits) => {
            // Only those that begin as the name does.
            let first = *name.first()?;
            let initials = readings.spelling(first).map_or(0, |spelling| spelling.initials);
            let own = if is_letter(first) { 1 << (first - u16::from(b'a')) } else { 0 };
            let begun = |edited: &Query| edited.units().first().copied().unwrap_or_default();
            (u16::from(b'a')..=u16::from(b'z'))
                .filter(|letter| (initials | own) >> (letter - u16::from(b'a')) & 1 == 1)
                .flat_map(|letter| {
                    let from = edits.partition_point(|edited| begun(edited) < letter);
                    edits.iter().skip(from).take_while(move |edited| begun(edited) == letter)
                })
                .find_map(|edited| Some((0, starts(name, edited, readings)?.to)))
        }
    }
}
