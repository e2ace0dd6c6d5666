//! One slip of the keys: a unit too few, one too many, another one, or two the wrong way round.
use crate::Query;
use std::collections::BTreeSet;

/// What a query may have been meant to be.
pub struct Slips(Kind);

pub(crate) enum Kind {
    /// Nothing can be said: a mixture, or too short to tell.
    None,
    /// The queries of letters one slip away, in order.
    Letters(Vec<Query>),
    /// The characters that were typed.
    Characters(Query),
}

/// Shorter ones are one slip away from too much.
const LETTERS: usize = 5;
const CHARACTERS: usize = 3;

impl Slips {
    /// All slips of a query: of letters, which are read from the beginning of a name, or of characters anywhere in it.
    pub fn of(query: &Query) -> Self {
        let typed = query.units();
        Self(if query.is_letters() && typed.len() >= LETTERS {
            let all: BTreeSet<Vec<u16>> =
                (0..=typed.len()).flat_map(|at| edits(typed, at)).filter(|edited| edited != typed).collect();
            Kind::Letters(all.into_iter().filter_map(Query::of).collect())
        } else if of_characters(query) {
            Kind::Characters(query.clone())
        } else {
            Kind::None
        })
    }
    #[cfg(feature = "index")]
    pub(crate) const fn none() -> Self {
        Self(Kind::None)
    }
    pub(crate) const fn kind(&self) -> &Kind {
        &self.0
    }
}

/// Whether slips of characters are looked for.
pub(crate) fn of_characters(query: &Query) -> bool {
    query.is_characters() && query.units().len() >= CHARACTERS
}
/// Whether slips of letters are looked for.
#[cfg(feature = "index")]
pub(crate) fn of_letters(query: &Query) -> bool {
    query.is_letters() && query.units().len() >= LETTERS
}

/// What letters are with one slip at a place: one more before it, another one, none, or it and the next the wrong way round.
pub(crate) fn edits(typed: &[u16], at: usize) -> Vec<Vec<u16>> {
    let (before, after) = typed.split_at(at.min(typed.len()));
    let with = |middle: &[u16], after: &[u16]| [before, middle, after].concat();
    let mut all = Vec::with_capacity(54);
    for letter in u16::from(b'a')..=u16::from(b'z') {
        all.push(with(&[letter], after));
        if let Some((_, rest)) = after.split_first() {
            all.push(with(&[letter], rest));
        }
    }
    if let [first, rest @ ..] = after {
        all.push(with(&[], rest));
        if let [second, rest @ ..] = rest {
            all.push(with(&[*second, *first], rest));
        }
    }
    all
}

/// Where a text holds what is one slip away from the query: from and to.
pub(crate) fn near(text: &[u16], query: &[u16]) -> Option<(usize, usize)> {
    (0..text.len()).find_map(|from| Some((from, from + near_at(text.get(from..)?, query)?)))
}

/// How many units of a text, from its beginning, are one slip away from the query.
pub(crate) fn near_at(text: &[u16], query: &[u16]) -> Option<usize> {
    let alike = text.iter().zip(query).take_while(|(a, b)| a == b).count();
    let (text, query) = (text.get(alike..)?, query.get(alike..)?);
    let rest =
        |text: &[u16], query: &[u16], between: usize| text.starts_with(query).then_some(alike + between + query.len());
    let another = || rest(text.get(1..)?, query.get(1..)?, 1);
    let turned = || match (text, query) {
        ([a, b, text @ ..], [c, d, query @ ..]) if a == d && b == c => rest(text, query, 2),
        _ => None,
    };
    let missing = || rest(text.get(1..)?, query, 1);
    let extra = || rest(text, query.get(1..)?, 0);
    another().or_else(turned).or_else(missing).or_else(extra)
}
