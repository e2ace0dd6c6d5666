//! Entries similar to a name that is in no list: for the person who requests it, and for the office that answers.
use super::{Dictionary, DictionaryKind, Hit};
use forms::value::ListedName;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Results at most.
const LIMIT: usize = 5;
/// The least similarity of a result: the share of the longer name that stays unchanged.
const LEAST: f64 = 0.5;
/// The least similarity of a name to one that contains it.
const CONTAINED: f64 = 0.6;
/// Added for the same region, so that it comes first among equal names.
const SAME_REGION: f64 = 0.02;
/// Look-ups at most, which bounds the work.
const PIECES: usize = 40;

impl Dictionary {
    /// At most five entries whose name or former name is similar to a name, the most similar first (S28). They are found by
    /// substrings of the name, the long ones first, and ranked by normalised Levenshtein distance.
    pub fn similar(&self, kind: DictionaryKind, name: &str, region: &str) -> Vec<Hit> {
        let plain = folded(name);
        // No listed name is longer, but the length of a draft is not limited.
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
            strsim::normalized_levenshtein(&plain, &other).max(if within { CONTAINED } else { 0.0 })
        };
        let mut similar: Vec<(f64, Hit)> = found
            .into_values()
            .map(|hit| {
                let best = hit.former.as_deref().map_or(0.0, alike).max(alike(&hit.name));
                (best + if !region.is_empty() && hit.region == region { SAME_REGION } else { 0.0 }, hit)
            })
            .filter(|(best, _)| *best >= LEAST)
            .collect();
        similar.sort_by(|(a, one), (b, other)| b.total_cmp(a).then_with(|| one.id.uuid().cmp(&other.id.uuid())));
        similar.truncate(LIMIT);
        similar.into_iter().map(|(_, hit)| hit).collect()
    }
}

fn folded(name: &str) -> String {
    String::from_utf16_lossy(&names::fold(name))
}

/// The whole name, then its windows of two thirds, a half and a third of its length, at least two characters. A name without
/// Chinese characters is looked up as a whole, since letters also match readings.
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
