use crate::{
    Class, MOST, Match, Query, Readings, Region, Texts, Typos,
    matching::{find_inside, match_later_word, match_prefix, match_with_typo},
};
use std::sync::Arc;

/// A list that is searched linearly: the one a browser holds, and the reference for the tests of the index.
pub struct List {
    texts: Texts,
    readings: Arc<Readings>,
}

struct Pick {
    text: u32,
    class: Class,
    from: usize,
    to: usize,
}

impl List {
    pub const fn new(texts: Texts, readings: Arc<Readings>) -> Self {
        Self { texts, readings }
    }
    pub fn readings(&self) -> &Readings {
        &self.readings
    }
    pub const fn texts(&self) -> &Texts {
        &self.texts
    }

    /// At most [`MOST`] entries, each once, ordered by class of match, then those of the region first, then by rank.
    pub fn search(&self, query: &Query, region: Region) -> Vec<Match> {
        search_among(&self.texts, &self.readings, 0..self.texts.len() as u32, query, region)
    }
}

/// The same among some of the texts, which are named in their order.
pub fn search_among(
    texts: &Texts,
    readings: &Readings,
    among: impl Iterator<Item = u32> + Clone,
    query: &Query,
    region: Region,
) -> Vec<Match> {
    let letters = query.is_letters();
    let found = pass(texts, among.clone(), region, |text, units| {
        let whole = |start: crate::matching::Start| {
            let class = if start.whole { Class::Whole } else { Class::Start };
            (class, 0, start.to)
        };
        let within = || find_inside(units, query).map(|from| (Class::Inside, from, from + query.units().len()));
        let within = || if letters && !texts.has_letters(text) { None } else { within() };
        let later = || match_later_word(units, query, readings).map(|(from, to)| (Class::Later, from, to));
        match_prefix(units, query, readings).map(whole).or_else(within).or_else(later)
    });
    if !found.is_empty() {
        return found;
    }
    let typos = Typos::of(query);
    pass(texts, among, region, |_, units| {
        match_with_typo(units, &typos, readings).map(|(from, to)| (Class::Typo, from, to))
    })
}

/// Scans texts in their order, and collects at most [`MOST`] for each class and each side of the region.
fn pass(
    texts: &Texts,
    among: impl Iterator<Item = u32>,
    region: Region,
    examine: impl Fn(u32, &[u16]) -> Option<(Class, usize, usize)>,
) -> Vec<Match> {
    let mut kept: [[Vec<Pick>; 2]; 5] = Default::default();
    for text in among {
        let Some((class, from, to)) = examine(text, texts.units(text)) else { continue };
        let away = region == Region::default() || texts.region(text) != region;
        let Some(kept) = kept.get_mut(class as usize).and_then(|both| both.get_mut(usize::from(away))) else {
            continue;
        };
        if kept.len() < MOST && kept.iter().all(|pick| texts.entry(pick.text) != texts.entry(text)) {
            kept.push(Pick { text, class, from, to });
        }
    }
    let mut found: Vec<Match> = Vec::new();
    for pick in kept.into_iter().flatten().flatten() {
        if found.len() < MOST && found.iter().all(|f| f.entry != texts.entry(pick.text)) {
            found.push(texts.found(pick.text, pick.class, pick.from, pick.to));
        }
    }
    found
}
