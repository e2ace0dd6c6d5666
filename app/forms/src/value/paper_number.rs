use crate::{
    Code,
    problem::{PaperProblem, TextProblem},
    text,
};
use serde::{Deserialize, Serialize};

/// A number as it stands on a paper that follows no rule of the mainland: letters of any script, digits, and the signs and single
/// spaces between them, 1 to 40 characters with at least one letter or digit. Nothing of it is changed but its width.
fn as_printed(raw: &str) -> Result<String, Code> {
    let line = text::one_line(&text::half_width(raw), 40)?;
    // What is a letter in some script is told without the tables of Unicode, which cost the browser kilobytes.
    let is_letter = |c: char| {
        c.is_ascii_alphanumeric()
            || (c >= '\u{C0}'
                && !matches!(c, '\u{2000}'..='\u{2BFF}' | '\u{E000}'..='\u{F8FF}' | '\u{1F000}'..='\u{1FBFF}'))
    };
    let is_sign = |c: char| text::is_dash(c) || " ./()[]#&:,_+*№º°'".contains(c);
    let allowed = line.chars().all(|c| is_letter(c) || is_sign(c));
    if allowed && line.chars().any(is_letter) { Ok(line) } else { Err(PaperProblem::AsPrinted.into()) }
}

/// The number of a diploma: 1 to 18 digits; 17 and 18 are usual (S77, X14). Old ones may have other signs (X47), and those of
/// schools outside the mainland look as their schools write them (S145).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DiplomaNumber(String);

impl DiplomaNumber {
    /// Reads a number; spaces and dashes in it are dropped.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let plain = text::joined(raw);
        if !text::all_digits(&plain) {
            return Err(PaperProblem::DigitsOnly.into());
        }
        if plain.len() > 18 {
            return Err(TextProblem::TooLong(18).into());
        }
        Ok(Self(plain))
    }
    /// Reads an old number: 1 to 30 letters, digits, Han characters and brackets (X47).
    pub fn parse_old(raw: &str) -> Result<Self, Code> {
        let plain = text::half_width(raw);
        if plain.chars().count() > 30 {
            return Err(TextProblem::TooLong(30).into());
        }
        let allowed = |c: char| c.is_ascii_alphanumeric() || text::is_han(c) || "()[]〔〕".contains(c);
        if plain.is_empty() || !plain.chars().all(allowed) {
            return Err(PaperProblem::LettersAndDigits.into());
        }
        Ok(Self(plain))
    }
    /// Reads the number of a school outside the mainland, as it stands on the diploma.
    pub fn parse_elsewhere(raw: &str) -> Result<Self, Code> {
        as_printed(raw).map(Self)
    }
    /// Whether it is none that is given today, so that staff look at it (X47).
    pub fn is_old(&self) -> bool {
        Self::parse(&self.0).is_err()
    }
    /// Eight digits are the serial number printed on the paper, not its registration number (FAQ 二.6).
    pub fn looks_like_serial(&self) -> bool {
        self.0.len() == 8
    }
    /// Whether it is as long as registration numbers usually are.
    pub fn has_usual_length(&self) -> bool {
        matches!(self.0.len(), 17 | 18)
    }
}
super::text_value!(DiplomaNumber);
impl TryFrom<String> for DiplomaNumber {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse_elsewhere(&raw).map_err(Code::key)
    }
}

/// The number of a certificate or a registration: 1 to 30 letters and digits (S46, S86); of a training, whose certificates
/// follow no common rule, as it stands on the paper.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PaperNumber(String);

impl PaperNumber {
    /// Reads a number; spaces and dashes in it are dropped.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let plain = text::joined(raw).to_ascii_uppercase();
        if !text::all_alphanumeric(&plain) {
            return Err(PaperProblem::LettersAndDigits.into());
        }
        if plain.len() > 30 {
            return Err(TextProblem::TooLong(30).into());
        }
        Ok(Self(plain))
    }
    /// Reads the number of a training's certificate, as it stands there.
    pub fn parse_training(raw: &str) -> Result<Self, Code> {
        as_printed(raw).map(Self)
    }
    /// Whether it is as long as a physician's certificate number: 24 or 27 (facts E6; a warning only).
    pub fn has_certificate_length(&self) -> bool {
        matches!(self.0.len(), 24 | 27)
    }
    /// Whether it is as long as a practice registration number: 15 (facts E6; a warning only).
    pub fn has_registration_length(&self) -> bool {
        self.0.len() == 15
    }
}
super::text_value!(PaperNumber);
impl TryFrom<String> for PaperNumber {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse_training(&raw).map_err(Code::key)
    }
}
