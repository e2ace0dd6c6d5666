use crate::{choice::ContactRegion, problem::PhoneProblem, text};
use serde::{Deserialize, Serialize};

/// A mobile number: 11 digits on the mainland, 6 to 11 elsewhere, the first not 0 (S68, X7).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mobile(String);

impl Mobile {
    /// Reads a number by the format of a region; spaces and hyphens between the digits are dropped.
    pub fn parse_as(region: ContactRegion, raw: &str) -> Result<Self, PhoneProblem> {
        let plain: String = text::half_width(raw).chars().filter(|c| !matches!(c, ' ' | '-')).collect();
        if !text::all_digits(&plain) {
            return Err(PhoneProblem::Characters);
        }
        if plain.starts_with('0') {
            return Err(PhoneProblem::LeadingZero);
        }
        match (region, plain.len()) {
            (ContactRegion::Mainland, 11) | (ContactRegion::Elsewhere, 6..=11) => Ok(Self(plain)),
            (ContactRegion::Mainland, _) => Err(PhoneProblem::MobileMainland),
            (ContactRegion::Elsewhere, _) => Err(PhoneProblem::MobileElsewhere),
        }
    }
    /// Reads a number of any region; used when a stored number is read back.
    pub fn parse(raw: &str) -> Result<Self, PhoneProblem> {
        Self::parse_as(ContactRegion::Elsewhere, raw)
    }
}
super::text_value!(Mobile);
super::decode_by_parse!(Mobile);

/// A landline: area code of 3 to 5 digits, number of 6 to 8, perhaps an extension of 1 to 6, joined by `-` (S67, X7).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Landline(String);

impl Landline {
    /// Reads the number; the several dashes that people type become `-`.
    pub fn parse(raw: &str) -> Result<Self, PhoneProblem> {
        let plain: String = text::half_width(raw)
            .chars()
            .filter(|c| *c != ' ')
            .map(|c| if matches!(c, '—' | '–' | '－' | '−' | '‐') { '-' } else { c })
            .collect();
        if !plain.chars().all(|c| c.is_ascii_digit() || c == '-') {
            return Err(PhoneProblem::Characters);
        }
        let parts: Vec<&str> = plain.split('-').collect();
        let (area, number, extension) = match parts.as_slice() {
            [area, number] => (*area, *number, None),
            [area, number, extension] => (*area, *number, Some(*extension)),
            _ => return Err(PhoneProblem::Landline),
        };
        if !(3..=5).contains(&area.len()) {
            return Err(PhoneProblem::AreaCode);
        }
        if !(6..=8).contains(&number.len()) {
            return Err(PhoneProblem::Number);
        }
        if extension.is_some_and(|e| !(1..=6).contains(&e.len())) {
            return Err(PhoneProblem::Extension);
        }
        Ok(Self(plain))
    }
}
super::text_value!(Landline);
super::decode_by_parse!(Landline);
