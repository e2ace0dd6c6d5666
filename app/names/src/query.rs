use crate::fold;

/// Longest query looked at, in units of its folded form. Longer ones find nothing: no name begins with them.
pub const LONGEST: usize = 60;

/// What somebody typed, folded. It holds at least one unit and at most [`LONGEST`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query(Vec<u16>);

impl Query {
    /// None of a text that holds nothing to look for, or too much.
    pub fn new(text: &str) -> Option<Self> {
        // Four bytes a unit is the most UTF-8 takes; the rest may be brackets, but nobody types hundreds of them.
        if text.len() > LONGEST * 16 {
            return None;
        }
        Self::of(fold(text))
    }
    pub(crate) fn of(units: Vec<u16>) -> Option<Self> {
        (1..=LONGEST).contains(&units.len()).then_some(Self(units))
    }
    /// Its units.
    pub fn units(&self) -> &[u16] {
        &self.0
    }
    /// Whether it is letters only, so that it may stand for sounds alone.
    pub fn is_letters(&self) -> bool {
        self.0.iter().all(|unit| is_letter(*unit))
    }
    /// Whether it holds no letter, so that each unit stands for itself.
    pub fn is_characters(&self) -> bool {
        !self.0.iter().any(|unit| is_letter(*unit))
    }
}

pub(crate) fn is_letter(unit: u16) -> bool {
    u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_lowercase())
}
