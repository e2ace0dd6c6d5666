//! Whether a query matches a name: the reference definition, simple and slow. Tests compare the index with it.
use crate::{
    Query, Readings, Typos,
    query::is_letter,
    typos::{Kind, find_similar},
    words::later_words,
};

/// A match at the beginning of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Start {
    /// Units of the name that the query covers.
    pub to: usize,
    /// Whether it covers the whole name.
    pub whole: bool,
}

/// Matches a query with the beginning of a name. A unit of the name matches itself; a Han character also matches the initial of one
/// of its readings, or a full syllable. The last syllable may be incomplete, since the user may still be typing.
pub fn match_prefix(name: &[u16], query: &Query, readings: &Readings) -> Option<Start> {
    let query = query.units();
    // Rejects most names early.
    let (typed, unit) = (*query.first()?, *name.first()?);
    if typed != unit && !(is_letter(typed) && readings.begins(unit, typed)) {
        return None;
    }
    let goal = 1u64 << query.len();
    // Simulates an NFA: one bit for each position in the query that can be reached after this many units of the name.
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

/// The index in a name at which it contains a query, unit by unit, other than at its beginning.
pub fn find_inside(name: &[u16], query: &Query) -> Option<usize> {
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

/// The fewest units with which a later word is looked for; fewer would find what nobody means.
pub(crate) const LATER_UNITS: usize = 3;

/// Whether later words are looked for: characters alone are found everywhere in a name anyway.
pub(crate) fn seeks_later_words(query: &Query) -> bool {
    query.units().len() >= LATER_UNITS && !query.is_characters()
}

/// The range of a name, from and to, that begins with a later word and matches a query as the beginning of a name does.
pub fn match_later_word(name: &[u16], query: &Query, readings: &Readings) -> Option<(usize, usize)> {
    if !seeks_later_words(query) {
        return None;
    }
    later_words(name).find_map(|at| Some((at, at + match_prefix(name.get(at..)?, query, readings)?.to)))
}

/// The range of a name, from and to, that matches a query with one typing error. Letters match from the beginning of the name,
/// characters anywhere in it.
pub fn match_with_typo(name: &[u16], typos: &Typos, readings: &Readings) -> Option<(usize, usize)> {
    match typos.kind() {
        Kind::None => None,
        Kind::Characters(query) => find_similar(name, query.units()),
        Kind::Letters(edits) => {
            // Considers only edited queries whose first letter fits; they are sorted.
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
                .find_map(|edited| Some((0, match_prefix(name, edited, readings)?.to)))
        }
    }
}
