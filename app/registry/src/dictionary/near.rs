//! Entries that may be what somebody means by a name that is in no list: for the person who asks, and for the office that answers.
use super::{Dictionary, DictionaryKind, Hit};
use forms::value::ListedName;
use std::collections::BTreeMap;
use uuid::Uuid;

/// The most that are shown.
const MOST: usize = 5;
/// How alike two names must be to be shown beside each other: the share of the longer one that need not be changed.
const ALIKE: f64 = 0.5;
/// How alike a name is to one that holds it whole, at the least.
const WITHIN: f64 = 0.6;
/// What the region of the person adds: enough to put one's own before another's of the same name.
const HOME: f64 = 0.02;
/// Pieces of a name that are looked for, which bounds the work.
const PIECES: usize = 40;

impl Dictionary {
    /// At most five entries whose name, or a name they had, is like a name, the most alike first (S28: what was merged or renamed).
    /// They are found by pieces of the name, the long ones first, and compared by the characters that differ (Levenshtein).
    pub fn near(&self, kind: DictionaryKind, name: &str, region: &str) -> Vec<Hit> {
        let plain = folded(name);
        // No listed name is longer, and nobody is held to that before a draft is judged.
        if plain.chars().count() > ListedName::MAX as usize {
            return Vec::new();
        }
        let mut found: BTreeMap<Uuid, Hit> = BTreeMap::new();
        for piece in pieces(&plain) {
            for hit in self.search(kind, &piece, region) {
                found.entry(hit.id.uuid()).or_insert(hit);
            }
        }
        let alike = |other: &str| {
            let other = folded(other);
            let within = !plain.is_empty() && (other.contains(&plain) || plain.contains(&other));
            strsim::normalized_levenshtein(&plain, &other).max(if within { WITHIN } else { 0.0 })
        };
        let mut near: Vec<(f64, Hit)> = found
            .into_values()
            .map(|hit| {
                let best = hit.former.as_deref().map_or(0.0, alike).max(alike(&hit.name));
                (best + if !region.is_empty() && hit.region == region { HOME } else { 0.0 }, hit)
            })
            .filter(|(best, _)| *best >= ALIKE)
            .collect();
        near.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.id.uuid().cmp(&other.id.uuid())));
        near.truncate(MOST);
        near.into_iter().map(|(_, hit)| hit).collect()
    }
}

fn folded(name: &str) -> String {
    String::from_utf16_lossy(&names::fold(name))
}

/// The whole name, then what is left of it without its ends: two thirds, a half, a third, of at least two characters. A name
/// without Chinese characters is looked for as a whole, since its letters stand for sounds as well.
fn pieces(plain: &str) -> Vec<String> {
    let characters: Vec<char> = plain.chars().collect();
    let mut pieces = vec![plain.to_owned()];
    if plain.is_ascii() {
        return pieces;
    }
    for share in [4, 3, 2] {
        let length = (characters.len() * share / 6 + usize::from(share == 4)).max(2);
        for window in characters.windows(length) {
            let piece: String = window.iter().collect();
            if !pieces.contains(&piece) {
                pieces.push(piece);
            }
        }
    }
    pieces.truncate(PIECES);
    pieces
}
