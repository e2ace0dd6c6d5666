use crate::{
    Class, Found, MOST, Query, Readings, Region, Slips, Texts,
    matching::{inside, nearly, starts},
};
use std::sync::Arc;

/// A list that is looked through from one end to the other: what a browser holds, and what the index is compared with.
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
    /// Of texts and the readings of their characters.
    pub const fn new(texts: Texts, readings: Arc<Readings>) -> Self {
        Self { texts, readings }
    }
    /// The readings of their characters.
    pub fn readings(&self) -> &Readings {
        &self.readings
    }
    /// Its texts.
    pub const fn texts(&self) -> &Texts {
        &self.texts
    }

    /// At most [`MOST`] entries, each once: by how well they are found, then those of the region, then in their standing order.
    pub fn search(&self, query: &Query, region: Region) -> Vec<Found> {
        let letters = query.is_letters();
        let found = self.pass(region, |text, units| {
            let whole = |start: crate::matching::Start| {
                let class = if start.whole { Class::Whole } else { Class::Start };
                (class, 0, start.to)
            };
            let within = || inside(units, query).map(|from| (Class::Inside, from, from + query.units().len()));
            let within = || if letters && !self.texts.has_letters(text) { None } else { within() };
            starts(units, query, &self.readings).map(whole).or_else(within)
        });
        if !found.is_empty() {
            return found;
        }
        let slips = Slips::of(query);
        self.pass(region, |_, units| nearly(units, &slips, &self.readings).map(|(from, to)| (Class::Slip, from, to)))
    }

    /// One pass over all texts in their order, kept apart by class and region; of each at most as many as an answer holds.
    fn pass(&self, region: Region, judge: impl Fn(u32, &[u16]) -> Option<(Class, usize, usize)>) -> Vec<Found> {
        let mut kept: [[Vec<Pick>; 2]; 4] = Default::default();
        for text in 0..self.texts.len() as u32 {
            let Some((class, from, to)) = judge(text, self.texts.units(text)) else { continue };
            let away = region == Region::default() || self.texts.region(text) != region;
            let Some(kept) = kept.get_mut(class as usize).and_then(|both| both.get_mut(usize::from(away))) else {
                continue;
            };
            if kept.len() < MOST && kept.iter().all(|pick| self.texts.entry(pick.text) != self.texts.entry(text)) {
                kept.push(Pick { text, class, from, to });
            }
        }
        let mut found: Vec<Found> = Vec::new();
        for pick in kept.into_iter().flatten().flatten() {
            if found.len() < MOST && found.iter().all(|f| f.entry != self.texts.entry(pick.text)) {
                found.push(self.texts.found(pick.text, pick.class, pick.from, pick.to));
            }
        }
        found
    }
}
