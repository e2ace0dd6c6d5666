use crate::fold;

/// The longest query that is searched for, in folded units. Longer queries match nothing.
pub const LONGEST: usize = 60;

/// A folded query of one to [`LONGEST`] units.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<u16>);

impl Query {
    /// Folds a text. `None` if nothing remains, or more than [`LONGEST`] units.
    pub fn new(text: &str) -> Option<Self> {
        // A UTF-16 unit takes at most four bytes of UTF-8; the rest leaves room for characters that folding drops.
        if text.len() > LONGEST * 16 {
            return None;
        }
        Self::of(fold(text))
    }
    pub(crate) fn of(units: Vec<u16>) -> Option<Self> {
        (1..=LONGEST).contains(&units.len()).then_some(Self(units))
    }
    pub fn units(&self) -> &[u16] {
        &self.0
    }
    /// Whether it is Latin letters only, and so may be pinyin.
    pub fn is_letters(&self) -> bool {
        self.0.iter().all(|unit| is_letter(*unit))
    }
    /// Whether it has no Latin letter, so that each unit matches itself only.
    pub fn is_characters(&self) -> bool {
        !self.0.iter().any(|unit| is_letter(*unit))
    }
}

pub(crate) fn is_letter(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_lowercase())
}
