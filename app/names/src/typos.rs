//! Typing errors: one unit missing, extra, wrong, or swapped with the next (Damerau–Levenshtein distance 1).
use crate::Query;
use std::collections::BTreeSet;

/// The queries that differ from a query by one typing error.
pub struct Typos(Kind);

pub(crate) enum Kind {
    /// The query is mixed, or too short to tell.
    None,
    /// All queries of letters at distance one, sorted.
    Letters(Vec<Query>),
    /// The characters as typed; names are compared with them by [`find_similar`].
    Characters(Query),
}

/// The shortest queries for which typing errors are considered; shorter ones would match too much.
const LETTERS: usize = 5;
const CHARACTERS: usize = 3;

impl Typos {
    /// Prepares the search for a query: letters match from the beginning of a name, characters anywhere in it.
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

/// Whether typing errors in characters are considered.
pub(crate) fn of_characters(query: &Query) -> bool {
    query.is_characters() && query.units().len() >= CHARACTERS
}
/// Whether typing errors in letters are considered.
#[cfg(feature = "index")]
pub(crate) fn of_letters(query: &Query) -> bool {
    query.is_letters() && query.units().len() >= LETTERS
}

/// The texts at distance one by an edit at index `at`: a letter inserted before it, replaced, deleted, or swapped with the next.
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

/// The first range of a text, from and to, that is at distance one from the query.
pub(crate) fn find_similar(text: &[u16], query: &[u16]) -> Option<(usize, usize)> {
    (0..text.len()).find_map(|from| Some((from, from + similar_prefix_len(text.get(from..)?, query)?)))
}

/// The length of the prefix of a text that is at distance one from the query.
pub(crate) fn similar_prefix_len(text: &[u16], query: &[u16]) -> Option<usize> {
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
