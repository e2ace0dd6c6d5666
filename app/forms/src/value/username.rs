use crate::{
    Code,
    problem::{AccountProblem, TextProblem},
    text,
};
use serde::{Deserialize, Serialize};

/// A username: 4 to 20 letters, digits and underscores, beginning with a letter. Two names that differ only in case
/// are the same (the manual gives no rule, `facts.md` E8; this is ours).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Username(String);

impl Username {
    /// Reads a username.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let plain = text::half_width(raw);
        let b = plain.as_bytes();
        // Signs that no length would mend are told before the length.
        if !b.first().is_some_and(u8::is_ascii_alphabetic) || !b.iter().all(|c| c.is_ascii_alphanumeric() || *c == b'_')
        {
            return Err(AccountProblem::Username.into());
        }
        match b.len() {
            0..4 => Err(TextProblem::TooShort(4).into()),
            4..=20 => Ok(Self(plain)),
            _ => Err(TextProblem::TooLong(20).into()),
        }
    }
    /// The form in which two usernames are compared.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}
super::text_value!(Username);
super::decode_by_parse!(Username);
