//! "这不是我注册的": whoever finds their document registered by somebody else says so to a site, and keeps a code by which the state of
//! the claim is read (S12, S13, X20).
use crate::{
    Code, Field, Problems,
    account::check_person,
    choice::{Choice, DocumentType},
    draft::{Checker, draft},
    problem::ClaimProblem,
    text::{self, CROCKFORD},
    value::{IdentityDocument, Landline, Mobile, PersonName, is_foreign},
};
use core::fmt;

/// The longest account of what happened, in characters.
const REASON: u32 = 300;

draft! {
    /// A claim half filled in.
    IdentityClaimDraft {
        document_type: DocumentType, document_number: DocumentNumber, name: Name,
        telephone: Telephone, site: Site, claim_reason: ClaimReason,
    }
}

/// A claim.
#[derive(Clone, PartialEq, Eq)]
pub struct IdentityClaim {
    /// The document that was registered by somebody else, as is said.
    pub document: IdentityDocument,
    /// The name of whoever claims it.
    pub name: PersonName,
    /// Where they can be reached.
    pub telephone: String,
    /// The code of the site that they will turn to. Whether there is such a site only the registry can tell.
    pub site: String,
    /// What happened, one line.
    pub reason: String,
}
impl fmt::Debug for IdentityClaim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("IdentityClaim(…)")
    }
}

impl IdentityClaimDraft {
    /// Checks the form. Every type of document and every unusual number is accepted, as at the recovery of a password.
    pub fn check(&self) -> Result<IdentityClaim, Problems> {
        let mut form = Checker::new(self);
        let (_, name, document) = check_person(&mut form, DocumentType::ALL, IdentityDocument::parse);
        let telephone = form.required(Field::Telephone, telephone);
        let site = form.required(Field::Site, |code| Ok::<_, Code>(code.trim().to_owned()));
        let reason = form.required(Field::ClaimReason, |raw| text::one_line(raw, REASON));
        let complete = (|| {
            Some(IdentityClaim {
                document: document?,
                name: name?,
                telephone: telephone?,
                site: site?,
                reason: reason?,
            })
        })();
        form.finish(complete)
    }
}

/// A mobile number, or a landline with its area code. One of another country keeps its code, by which the office calls back.
fn telephone(raw: &str) -> Result<String, ClaimProblem> {
    let typed = text::half_width(raw);
    if is_foreign(&typed) {
        return Landline::parse(&typed).map(|number| number.to_string()).map_err(|_| ClaimProblem::Telephone);
    }
    let landline = |_| Landline::parse(raw).map(|number| number.to_string());
    Mobile::parse(raw).map(|number| number.to_string()).or_else(landline).map_err(|_| ClaimProblem::Telephone)
}

draft! {
    /// The form that asks for the state of a claim.
    ClaimCodeDraft { claim_code: ClaimCode }
}
impl ClaimCodeDraft {
    /// Checks the form.
    pub fn check(&self) -> Result<ClaimCode, Problems> {
        let mut form = Checker::new(self);
        let code = form.required(Field::ClaimCode, ClaimCode::parse);
        form.finish(code)
    }
}

/// Characters of a code: 55 random bits and a check character.
const LENGTH: usize = 12;

/// The code by which the state of a claim is read: twelve characters, the last of which checks the others.
///
/// The check is a sum over the field of 32 elements with a weight of its own for each place, so that it notices each single wrong
/// character and each two neighbours that changed places.
#[derive(Clone, PartialEq, Eq)]
pub struct ClaimCode(String);

impl ClaimCode {
    /// The code of 55 bits out of 56.
    pub fn from_random(bytes: [u8; 7]) -> Self {
        let bits = bytes.iter().fold(0_u64, |bits, byte| (bits << 8) | u64::from(*byte));
        let mut values: Vec<u8> = (0..LENGTH as u32 - 1).map(|place| (bits >> (place * 5)) as u8 & 31).collect();
        values.push(doubled(checksum(&values)));
        Self(values.into_iter().map(|value| CROCKFORD[usize::from(value)] as char).collect())
    }
    /// Reads a code as somebody copied it: in any case and with any spaces and hyphens, O for 0, I and L for 1.
    pub fn parse(raw: &str) -> Result<Self, ClaimProblem> {
        let mut values = Vec::new();
        let plain = text::half_width(raw);
        for c in plain.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '—' | '–' | '－' | '−' | '‐'))
        {
            let value = CROCKFORD.iter().position(|own| char::from(*own) == text::crockford(c));
            let value = value.ok_or(ClaimProblem::Code)?;
            values.push(value as u8);
        }
        if values.len() != LENGTH || checksum(&values) != 0 {
            return Err(ClaimProblem::Code);
        }
        Ok(Self(values.into_iter().map(|value| CROCKFORD[usize::from(value)] as char).collect()))
    }
    /// The code as one word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
/// In groups of four.
impl fmt::Display for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, c) in self.0.chars().enumerate() {
            if at > 0 && at % 4 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{c}")?;
        }
        Ok(())
    }
}
/// Whoever knows the code reads the state of the claim, so it is printed into no log.
impl fmt::Debug for ClaimCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClaimCode(…)")
    }
}

/// Twice an element of the field of 32, whose polynomial is x⁵ + x² + 1.
const fn doubled(value: u8) -> u8 {
    (value << 1) ^ if value & 16 == 0 { 0 } else { 0b10_0101 }
}
/// 0 for a code that is right.
fn checksum(values: &[u8]) -> u8 {
    values.iter().fold(0, |sum, value| doubled(sum) ^ value)
}
