//! Rule sets: what differs from year to year, as data. `2021` is the manual; `2022` is the newer table of `facts.md` E3.
use crate::{
    choice::{DocumentType, MilitaryIdentity},
    problem::Pixels,
};
use serde::{Deserialize, Serialize};

/// Everything about the forms that a year may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// Its name, as examination sessions and the platform setting `account_rules` store it (X27).
    pub name: &'static str,
    /// The documents that may be chosen (S59, X10).
    pub documents: &'static [DocumentType],
    /// Passwords (S5, X19).
    pub password: PasswordRule,
    /// Photos (S30, X12).
    pub photo: PhotoRule,
    /// Youngest and oldest completed years of age (S65, X30).
    pub age: (i32, i32),
    /// Identities of military personnel that may be chosen (S81).
    pub military: &'static [MilitaryIdentity],
}

/// What passwords must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRule {
    /// Fewest characters.
    pub min: u32,
    /// Most characters.
    pub max: u32,
    /// Whether other signs than letters and digits are refused.
    pub letters_and_digits_only: bool,
}

/// What photos must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PhotoRule {
    /// Most bytes of the file.
    pub max_bytes: usize,
    /// Fewest pixels across.
    pub min_width: u16,
    /// Fewest pixels down.
    pub min_height: u16,
}
impl PhotoRule {
    /// The fewest pixels across and down.
    pub const fn pixels(self) -> Pixels {
        Pixels(self.min_width, self.min_height)
    }
    /// What is right by both rules (X12).
    pub fn strictest(self, other: Self) -> Self {
        Self {
            max_bytes: self.max_bytes.min(other.max_bytes),
            min_width: self.min_width.max(other.min_width),
            min_height: self.min_height.max(other.min_height),
        }
    }
}

use DocumentType::*;

/// The manual's own rules.
pub const RULES_2021: RuleSet = RuleSet {
    name: "2021",
    documents: &[
        ResidentId,
        Officer,
        Police,
        CivilianCadre,
        Soldier,
        Cadet,
        TaiwanPermit,
        TaiwanId,
        HongKongPermit,
        HongKongId,
        MacaoPermit,
        MacaoId,
        Passport,
    ],
    password: PasswordRule { min: 5, max: 12, letters_and_digits_only: true },
    // The manual states no pixels; a photo narrower than this cannot be printed at small two-inch size.
    photo: PhotoRule { max_bytes: 40_960, min_width: 96, min_height: 128 },
    age: (18, 75),
    military: <MilitaryIdentity as crate::choice::Choice>::ALL,
};

/// The table of 2022, as far as it could be read.
pub const RULES_2022: RuleSet = RuleSet {
    name: "2022",
    documents: &[ResidentId, ResidencePermit, HongKongId, MacaoId, TaiwanId, Passport],
    password: PasswordRule { min: 8, max: 20, letters_and_digits_only: false },
    photo: PhotoRule { max_bytes: 30_720, min_width: 190, min_height: 254 },
    ..RULES_2021
};

/// The rule set of that name.
pub fn rule_set(name: &str) -> Option<&'static RuleSet> {
    [&RULES_2021, &RULES_2022].into_iter().find(|rules| rules.name == name)
}
