use super::{Date, ResidentId};
use crate::{
    Code,
    choice::{DocumentType, Sex},
    problem::DocumentProblem,
    text,
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// An identity document: its type and its number, normalised to half-width capitals without brackets (S59–S62).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct IdentityDocument {
    kind: DocumentType,
    number: String,
}

#[derive(Serialize, Deserialize)]
struct Stored {
    kind: DocumentType,
    number: String,
}

impl IdentityDocument {
    /// Reads a number by the rules of its type. Spaces and dashes, which S60 does not want stored, are dropped.
    pub fn parse(kind: DocumentType, raw: &str) -> Result<Self, Code> {
        let mut plain = text::joined(raw).to_ascii_uppercase();
        if matches!(kind, DocumentType::HongKongId | DocumentType::MacaoId) {
            // The check character is printed in brackets on these cards (X39).
            plain.retain(|c| !matches!(c, '(' | ')' | '（' | '）'));
        }
        let number = match kind {
            DocumentType::ResidentId | DocumentType::ResidencePermit => ResidentId::parse(&plain)?.as_str().to_owned(),
            _ => {
                Self::check_other(kind, &plain)?;
                plain
            }
        };
        Ok(Self { kind, number })
    }

    fn check_other(kind: DocumentType, plain: &str) -> Result<(), DocumentProblem> {
        let b = plain.as_bytes();
        let length = plain.chars().count();
        if kind.is_military() {
            let allowed = plain.chars().all(|c| c.is_ascii_alphanumeric() || text::is_han(c));
            return match (allowed, length) {
                (false, _) => Err(DocumentProblem::Characters),
                (true, 1..=20) => Ok(()),
                _ => Err(DocumentProblem::Military),
            };
        }
        if !text::all_alphanumeric(plain) {
            return Err(DocumentProblem::Characters);
        }
        let permit_of = |letter: u8| length == 11 && b[0] == letter && text::all_digits(&plain[1..]);
        let (right, problem) = match kind {
            DocumentType::TaiwanPermit => (length == 10, DocumentProblem::TaiwanPermit),
            DocumentType::TaiwanId => (length == 10, DocumentProblem::TaiwanId),
            DocumentType::HongKongPermit => (permit_of(b'H'), DocumentProblem::HongKongPermit),
            DocumentType::MacaoPermit => (permit_of(b'M'), DocumentProblem::MacaoPermit),
            DocumentType::HongKongId => (matches!(length, 8 | 9), DocumentProblem::HongKongId),
            DocumentType::MacaoId => (length == 8, DocumentProblem::MacaoId),
            _ => ((6..=20).contains(&length), DocumentProblem::Passport),
        };
        if right { Ok(()) } else { Err(problem) }
    }

    /// Whether the number has the right length and a first or check character that such cards do not have. The manual states
    /// lengths only, so the person may confirm it, and staff compare it with the card (X43).
    pub fn is_unusual(&self) -> bool {
        let b = self.number.as_bytes();
        match self.kind {
            DocumentType::TaiwanId => !taiwan_check(b),
            DocumentType::HongKongId => !hong_kong_check(b),
            DocumentType::MacaoId => !(text::all_digits(&self.number) && matches!(b[0], b'1' | b'5' | b'7')),
            _ => false,
        }
    }

    /// Its type.
    pub const fn kind(&self) -> DocumentType {
        self.kind
    }
    pub fn number(&self) -> &str {
        &self.number
    }
    /// Sex and day of birth, where the number states them (S63, S64).
    pub fn stated(&self) -> Option<(Sex, Date)> {
        if !self.kind.states_sex_and_birth() {
            return None;
        }
        ResidentId::parse(&self.number).ok().map(|id| (id.sex(), id.birth_date()))
    }
    /// The code of a division that a resident number begins with (GB 11643-1999): where it was given.
    pub fn region(&self) -> Option<&str> {
        self.number.get(..6).filter(|_| self.kind == DocumentType::ResidentId)
    }
    /// The number with all but the first and the last characters hidden, for lists and screens.
    pub fn masked(&self) -> String {
        let all: Vec<char> = self.number.chars().collect();
        let (head, tail) = match all.len() {
            0..=4 => (1, 0),
            5..=9 => (1, 2),
            10..=14 => (2, 2),
            _ => (3, 4),
        };
        all.iter().enumerate().map(|(i, c)| if i < head || i + tail >= all.len() { *c } else { '*' }).collect()
    }
}

/// Letters stand for 10–35 in this order; weights 1 9 8 7 6 5 4 3 2 1 1, sum divisible by ten.
fn taiwan_check(b: &[u8]) -> bool {
    const ORDER: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    if !b[1..].iter().all(u8::is_ascii_digit) || !matches!(b[1], b'1' | b'2' | b'8' | b'9') {
        return false;
    }
    let Some(letter) = ORDER.iter().position(|l| *l == b[0]).map(|i| i as u32 + 10) else { return false };
    let digits: u32 = b[1..].iter().zip([8, 7, 6, 5, 4, 3, 2, 1, 1]).map(|(d, w)| u32::from(d - b'0') * w).sum();
    (letter / 10 + letter % 10 * 9 + digits).is_multiple_of(10)
}

/// One or two letters, six digits, a check character; a missing first letter counts as 36; weights 9 to 1, sum divisible by 11.
fn hong_kong_check(b: &[u8]) -> bool {
    let (letters, rest) = b.split_at(b.len() - 7);
    let (digits, check) = rest.split_at(6);
    if !letters.iter().all(u8::is_ascii_uppercase) || !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let value = |c: u8| if c.is_ascii_digit() { u32::from(c - b'0') } else { u32::from(c - b'A') + 10 };
    let check = match check[0] {
        b'A' => 10,
        d if d.is_ascii_digit() => u32::from(d - b'0'),
        _ => return false,
    };
    let padded = core::iter::repeat_n(36, 2 - letters.len()).chain(letters.iter().chain(digits).map(|c| value(*c)));
    let sum: u32 = padded.zip((2..=9).rev()).map(|(v, w)| v * w).sum();
    (sum + check).is_multiple_of(11)
}

impl fmt::Debug for IdentityDocument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IdentityDocument({:?}, …)", self.kind)
    }
}
impl TryFrom<Stored> for IdentityDocument {
    type Error = &'static str;
    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        Self::parse(stored.kind, &stored.number).map_err(Code::key)
    }
}
impl From<IdentityDocument> for Stored {
    fn from(document: IdentityDocument) -> Stored {
        Stored { kind: document.kind, number: document.number }
    }
}
