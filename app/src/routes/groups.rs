//! Segments of paths that are neither ids nor codes of `forms`.
use crate::{i18n, lang::Lang};
use forms::{journey::Step, profile::EntryKind};

/// A matter that has a page of its own. The texts are in `app/content/guides.*.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guide {
    /// Law and eligibility rules (S141).
    Rules,
    /// Taiwan, Hong Kong and Macao (S103, S144).
    TaiwanHongKongMacao,
    /// Certification of degrees (S105).
    Chsi,
    /// Refunds, as the areas announce them (S98).
    Refunds,
}
impl Guide {
    /// Every guide.
    pub const ALL: [Self; 4] = [Self::Rules, Self::TaiwanHongKongMacao, Self::Chsi, Self::Refunds];
    /// Its segment of the path.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::TaiwanHongKongMacao => "taiwan-hong-kong-macao",
            Self::Chsi => "chsi",
            Self::Refunds => "refunds",
        }
    }
    /// The guide of a segment.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|guide| guide.code() == code)
    }
}

/// A group of the personal information.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProfileGroup {
    Basic,
    Contact,
    Work,
    Education,
    Training,
    Certificate,
}
impl ProfileGroup {
    /// All groups in the order of their tabs.
    pub const ALL: [Self; 6] =
        [Self::Basic, Self::Contact, Self::Work, Self::Education, Self::Training, Self::Certificate];
    /// Its name.
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Basic => i18n::profile_basic(lang),
            Self::Contact => i18n::profile_contact(lang),
            Self::Work => i18n::profile_work(lang),
            Self::Education => i18n::profile_education(lang),
            Self::Training => i18n::profile_training(lang),
            Self::Certificate => i18n::profile_certificate(lang),
        }
    }
    /// Its segment of the path.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Contact => "contact",
            Self::Work => "work",
            Self::Education => EntryKind::Education.code(),
            Self::Training => EntryKind::Training.code(),
            Self::Certificate => EntryKind::Certificate.code(),
        }
    }
    /// The group of a segment.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.code() == code)
    }
    /// The step of the wizard that asks for it.
    pub const fn step(self) -> Step {
        match self {
            Self::Basic | Self::Contact => Step::Basic,
            Self::Work => Step::Work,
            Self::Education | Self::Training => Step::Education,
            Self::Certificate => Step::Certificate,
        }
    }
    /// The kind of its entries, for a repeatable group.
    pub const fn entries(self) -> Option<EntryKind> {
        match self {
            Self::Education => Some(EntryKind::Education),
            Self::Training => Some(EntryKind::Training),
            Self::Certificate => Some(EntryKind::Certificate),
            Self::Basic | Self::Contact | Self::Work => None,
        }
    }
    /// The group that submitting this one leads to; the last one leads to the first.
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|group| *group == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}
impl From<EntryKind> for ProfileGroup {
    fn from(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Education => Self::Education,
            EntryKind::Training => Self::Training,
            EntryKind::Certificate => Self::Certificate,
        }
    }
}
