use crate::{
    Code,
    choice::ContactRegion,
    problem::{ContactProblem, TextProblem},
    text,
};
use serde::{Deserialize, Serialize};

/// An e-mail address of 5 to 60 characters (S69).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

impl Email {
    /// Reads an address: something, `@`, a host with a dot. Whether it exists only a letter can tell.
    pub fn parse(raw: &str) -> Result<Self, Code> {
        let plain = text::half_width(raw);
        match plain.chars().count() {
            0..5 => return Err(TextProblem::TooShort(5).into()),
            5..=60 => {}
            _ => return Err(TextProblem::TooLong(60).into()),
        }
        let Some((local, host)) = plain.split_once('@') else { return Err(ContactProblem::Email.into()) };
        let label = |l: &str| {
            !l.is_empty()
                && !l.starts_with('-')
                && !l.ends_with('-')
                && l.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let local_ok = !local.is_empty()
            && !local.starts_with('.')
            && !local.ends_with('.')
            && local.chars().all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
        if !local_ok || !host.contains('.') || !host.split('.').all(label) {
            return Err(ContactProblem::Email.into());
        }
        Ok(Self(plain))
    }
}
super::text_value!(Email);
super::decode_by_parse!(Email);

/// A postcode: six digits on the mainland, three to six letters or digits elsewhere (S71).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Postcode(String);

impl Postcode {
    /// Reads a postcode by the format of a region.
    pub fn parse_as(region: ContactRegion, raw: &str) -> Result<Self, ContactProblem> {
        let plain = text::joined(raw).to_ascii_uppercase();
        match region {
            ContactRegion::Mainland if plain.len() == 6 && text::all_digits(&plain) => Ok(Self(plain)),
            ContactRegion::Mainland => Err(ContactProblem::PostcodeMainland),
            ContactRegion::Elsewhere if (3..=6).contains(&plain.len()) && text::all_alphanumeric(&plain) => {
                Ok(Self(plain))
            }
            ContactRegion::Elsewhere => Err(ContactProblem::PostcodeElsewhere),
        }
    }
    /// Reads a postcode of any region; used when a stored one is read back.
    pub fn parse(raw: &str) -> Result<Self, ContactProblem> {
        Self::parse_as(ContactRegion::Elsewhere, raw)
    }
}
super::text_value!(Postcode);
super::decode_by_parse!(Postcode);
