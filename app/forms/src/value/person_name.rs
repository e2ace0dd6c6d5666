use crate::{
    Code,
    choice::DocumentType,
    problem::{NameProblem, TextProblem},
    text,
};
use serde::{Deserialize, Serialize};

/// A person's name, at most 28 characters (S56–S58).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PersonName(String);

/// In which letters a name may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameScript {
    /// Han characters, `.` inside and `?` for a missing glyph (S56, X8).
    Han,
    /// Han or Latin letters with diacritics, single spaces, `-`, `'` and `.` (S58, X9).
    HanOrLatin,
}

impl NameScript {
    /// The script that goes with a document.
    pub const fn of(kind: DocumentType) -> Self {
        if kind.is_mainland() { Self::Han } else { Self::HanOrLatin }
    }
}

impl PersonName {
    /// The longest name, in characters.
    pub const MAX: u32 = 28;

    /// Reads a name; full-width signs and the several middle dots become `.` and `?` (X8).
    pub fn parse_as(script: NameScript, raw: &str) -> Result<Self, Code> {
        let plain: String = text::half_width(raw)
            .chars()
            .map(|c| if matches!(c, '·' | '•' | '・' | '‧' | '．') { '.' } else { c })
            .collect();
        if plain.is_empty() {
            return Err(TextProblem::Required.into());
        }
        if plain.chars().count() > Self::MAX as usize {
            return Err(TextProblem::TooLong(Self::MAX).into());
        }
        let han_only = plain.chars().all(|c| text::is_han(c) || matches!(c, '.' | '?'));
        if han_only {
            // A dot joins two parts of a name, so it stands neither first nor last, nor beside another.
            if plain.starts_with('.') || plain.ends_with('.') || plain.contains("..") {
                return Err(NameProblem::Dot.into());
            }
            return Ok(Self(plain));
        }
        if script == NameScript::Han {
            let problem = if plain.contains(char::is_whitespace) { NameProblem::Space } else { NameProblem::NotHan };
            return Err(problem.into());
        }
        let allowed = |c: char| {
            (c.is_alphabetic() && !is_other_letter(c))
                || text::is_han(c)
                || matches!(c, ' ' | '-' | '\'' | '.' | '’' | '?')
        };
        if !plain.chars().all(allowed) || !plain.chars().any(char::is_alphabetic) {
            return Err(NameProblem::Characters.into());
        }
        if plain.contains("  ") {
            return Err(NameProblem::Space.into());
        }
        Ok(Self(plain.replace('’', "'")))
    }
    /// Reads a name in any script that some person may have; used when a stored name is read back.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        Self::parse_as(NameScript::HanOrLatin, raw)
    }
    /// Whether a glyph is missing and staff have to complete it (S92).
    pub fn has_rare_glyph(&self) -> bool {
        self.0.contains('?')
    }
    /// The name with a capital initial for each word and small letters after it, where that differs: a suggestion,
    /// never a demand (X9: McDonald). Nothing is suggested for a name with accents, since the tables that know their
    /// capitals cost the browser several kilobytes.
    pub fn suggested_case(&self) -> Option<String> {
        if !self.0.is_ascii() {
            return None;
        }
        let mut at_start = true;
        let suggested: String = self
            .0
            .chars()
            .map(|c| {
                let cased = if at_start { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() };
                at_start = matches!(c, ' ' | '-' | '\'');
                cased
            })
            .collect();
        (suggested != self.0).then_some(suggested)
    }
}

/// Letters of scripts other than Latin and Han.
const fn is_other_letter(c: char) -> bool {
    !matches!(c, 'A'..='Z' | 'a'..='z' | '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}') && !text::is_han(c)
}

super::text_value!(PersonName);
impl TryFrom<String> for PersonName {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).map_err(Code::key)
    }
}
