use crate::{
    Code,
    ids::DictionaryId,
    problem::{PaperProblem, TextProblem},
    text,
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// The name of a school, major or employer, with its dictionary entry where it was chosen from the list (X40).
/// Without an entry it is what the person typed, and staff see a flag.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ListedName {
    name: String,
    id: Option<DictionaryId>,
}

impl ListedName {
    /// The longest name, in characters.
    pub const MAX: u32 = 60;
    /// Reads a name and, if there is one, the id of its entry. A typed name holds letters, digits, Han characters
    /// and the brackets that institutions have in their official names; other signs and spaces are refused (S80), unless the
    /// name has no Han character, as those of institutions elsewhere (X42).
    pub fn parse(name: &str, id: &str) -> Result<Self, Code> {
        let plain: String = name
            .trim()
            .chars()
            .map(|c| {
                if matches!(c, '（' | '）') {
                    c
                } else {
                    text::half_width(&c.to_string()).chars().next().unwrap_or(' ')
                }
            })
            .collect();
        if plain.is_empty() {
            return Err(TextProblem::Required.into());
        }
        if plain.chars().count() > Self::MAX as usize {
            return Err(TextProblem::TooLong(Self::MAX).into());
        }
        let id = DictionaryId::parse(id);
        let is_foreign = plain.chars().any(char::is_alphabetic) && !plain.chars().any(text::is_han);
        let allowed = |c: char| {
            c.is_alphanumeric() || matches!(c, '(' | ')' | '（' | '）') || (is_foreign && " .,-'&".contains(c))
        };
        if id.is_none() && !plain.chars().all(allowed) {
            return Err(PaperProblem::NameCharacters.into());
        }
        Ok(Self { name: plain, id })
    }
    /// The same where the institution is on the mainland, whose names are written in Han characters: letters alone are what is typed
    /// to search, and no name.
    pub fn parse_at(name: &str, id: &str, on_mainland: bool) -> Result<Self, Code> {
        let read = Self::parse(name, id)?;
        let is_letters =
            read.id.is_none() && read.name.is_ascii() && read.name.bytes().any(|b| b.is_ascii_alphabetic());
        if on_mainland && is_letters { Err(PaperProblem::SearchLetters.into()) } else { Ok(read) }
    }
    pub fn name(&self) -> &str {
        &self.name
    }
    /// The dictionary entry, if it was chosen from the list.
    pub const fn id(&self) -> Option<DictionaryId> {
        self.id
    }
    /// The id as a draft holds it.
    pub fn id_text(&self) -> String {
        self.id.map(|id| id.to_string()).unwrap_or_default()
    }
}
impl fmt::Display for ListedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
impl fmt::Debug for ListedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.id.is_some() { "ListedName(listed)" } else { "ListedName(typed)" })
    }
}
