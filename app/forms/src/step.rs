//! The steps of the wizard.
use serde::{Deserialize, Serialize};

/// A step of the wizard (X3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// 选择报考类别, with consent.
    Category,
    /// 基本情况.
    Basic,
    /// 工作情况.
    Work,
    /// 教育和培训经历.
    Education,
    /// 证书.
    Certificate,
    /// 考区考点.
    Site,
    /// 确认.
    Confirm,
}

impl Step {
    /// The steps in their order.
    pub const ALL: [Self; 7] =
        [Self::Category, Self::Basic, Self::Work, Self::Education, Self::Certificate, Self::Site, Self::Confirm];
    /// Its name in paths.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Basic => "basic",
            Self::Work => "work",
            Self::Education => "education",
            Self::Certificate => "certificate",
            Self::Site => "site",
            Self::Confirm => "confirm",
        }
    }
    /// The step of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }
    /// Its number, from 1.
    pub const fn number(self) -> usize {
        self as usize + 1
    }
    /// The step before it.
    pub fn previous(self) -> Option<Self> {
        (self as usize).checked_sub(1).map(|i| Self::ALL[i])
    }
    /// The step after it.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }
}
