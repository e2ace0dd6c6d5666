use super::Date;
use crate::{choice::Sex, problem::ResidentIdProblem, text};
use serde::{Deserialize, Serialize};

/// A resident identity number: 17 digits and a check character (GB 11643-1999, S61). A small x is read as X.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ResidentId(String);

impl ResidentId {
    /// Reads and checks length, characters, day of birth and check character, in this order.
    pub fn parse(raw: &str) -> Result<Self, ResidentIdProblem> {
        let plain = text::joined(raw).to_ascii_uppercase();
        let b = plain.as_bytes();
        if b.len() == 15 && text::all_digits(&plain) {
            return Err(ResidentIdProblem::Fifteen);
        }
        if plain.chars().count() != 18 {
            return Err(ResidentIdProblem::Length);
        }
        if b.len() != 18 || !b[..17].iter().all(u8::is_ascii_digit) || !(b[17].is_ascii_digit() || b[17] == b'X') {
            return Err(ResidentIdProblem::Characters);
        }
        let id = Self(plain);
        if id.day().is_none() {
            return Err(ResidentIdProblem::BirthDate);
        }
        if text::mod_11_2(&id.0.as_bytes()[..17]) != id.0.as_bytes()[17] {
            return Err(ResidentIdProblem::CheckDigit);
        }
        Ok(id)
    }
    fn day(&self) -> Option<Date> {
        let b = self.0.as_bytes();
        let number = |range: core::ops::Range<usize>| b[range].iter().fold(0u16, |n, d| n * 10 + u16::from(d - b'0'));
        Date::new(number(6..10), number(10..12) as u8, number(12..14) as u8)
    }
    /// The day of birth it states.
    pub fn birth_date(&self) -> Date {
        // `parse` has seen that the day exists; the fallback is never taken.
        self.day().unwrap_or(Date::from_unix_days(0))
    }
    /// The sex it states: the 17th digit is odd for men.
    pub fn sex(&self) -> Sex {
        if self.0.as_bytes()[16] % 2 == 1 { Sex::Male } else { Sex::Female }
    }
}
super::text_value!(ResidentId);
super::decode_by_parse!(ResidentId);
