use crate::{Code, problem::TextProblem, text};
use serde::{Deserialize, Serialize};

/// A postal address as wide as at most 30 Han characters: 60 columns (S70, X25).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Address(String);

impl Address {
    /// The greatest width, in half-width columns.
    pub const MAX_WIDTH: u32 = 60;
    /// Reads an address on one line.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let plain = text::half_width(raw).split_whitespace().collect::<Vec<_>>().join(" ");
        if plain.is_empty() {
            return Err(TextProblem::Required.into());
        }
        if text::width(&plain) > Self::MAX_WIDTH as usize {
            return Err(TextProblem::TooWide(Self::MAX_WIDTH).into());
        }
        Ok(Self(plain))
    }
}
super::text_value!(Address);
super::decode_by_parse!(Address);
