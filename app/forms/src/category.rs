//! Examination categories: three digits, the first of which says the level (`facts.md` E1). Their names are data.
use crate::{problem::ApplicationProblem, text};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A category code such as 110.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Category([u8; 3]);

/// The level of an examination (S99).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ExamLevel {
    /// 执业医师.
    Licensed,
    /// 执业助理医师.
    Assistant,
}

/// The branch of medicine of a category (S99).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Discipline {
    /// 临床.
    Clinical,
    /// 口腔.
    Dental,
    /// 公共卫生.
    PublicHealth,
    /// 中医, 民族医, 中西医结合.
    Chinese,
}

impl ExamLevel {
    /// The code used in filters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Licensed => "licensed",
            Self::Assistant => "assistant",
        }
    }
}
impl Discipline {
    /// The code used in filters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Clinical => "clinical",
            Self::Dental => "dental",
            Self::PublicHealth => "public_health",
            Self::Chinese => "chinese",
        }
    }
}

impl Category {
    /// Reads three digits of which the first is 1 to 4.
    pub fn parse(raw: &str) -> Result<Self, ApplicationProblem> {
        let plain = text::half_width(raw);
        match plain.as_bytes() {
            [a @ b'1'..=b'4', b @ b'0'..=b'9', c @ b'0'..=b'9'] => Ok(Self([*a, *b, *c])),
            _ => Err(ApplicationProblem::CategoryClosed),
        }
    }
    /// 1 and 3 are for physicians, 2 and 4 for assistants.
    pub const fn level(self) -> ExamLevel {
        if matches!(self.0[0], b'1' | b'3') { ExamLevel::Licensed } else { ExamLevel::Assistant }
    }
    /// 3 and 4 are for people who learned from a master or have a proven speciality (师承, 确有专长).
    pub const fn is_apprenticeship(self) -> bool {
        matches!(self.0[0], b'3' | b'4')
    }
    /// The branch of medicine.
    pub const fn discipline(self) -> Discipline {
        match (self.0[0], self.0[1], self.0[2]) {
            (b'1' | b'2', b'1', b'0') | (b'2', b'9', b'0') => Discipline::Clinical,
            (b'1' | b'2', b'2', b'0') => Discipline::Dental,
            (b'1' | b'2', b'3', b'0') => Discipline::PublicHealth,
            _ => Discipline::Chinese,
        }
    }
    /// 乡村全科执业助理医师. Its code was not found (`facts.md` E1): 290 is this project's own until the office enters the real one.
    pub const fn is_rural(self) -> bool {
        matches!(self.0, [b'2', b'9', b'0'])
    }
    /// 临床执业医师, the only category with the extra subjects of 院前急救 and 儿科 (S83).
    pub const fn is_clinical_licensed(self) -> bool {
        matches!(self.0, [b'1', b'1', b'0'])
    }
}
impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|d| write!(f, "{}", *d as char))
    }
}
impl fmt::Debug for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Category({self})")
    }
}
impl From<Category> for String {
    fn from(category: Category) -> String {
        category.to_string()
    }
}
impl TryFrom<String> for Category {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).map_err(ApplicationProblem::key)
    }
}
