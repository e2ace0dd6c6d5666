//! One entry of any of the three repeatable groups.
use super::{Certificate, CertificateDraft, Education, EducationDraft, ProfileContext, Training, TrainingDraft};
use crate::{Draft, Field, Problems};
use serde::{Deserialize, Serialize};

/// The group of repeatable entries that something belongs to (S17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EntryKind {
    /// 教育经历.
    #[serde(rename = "education")]
    Education,
    /// 培训经历.
    #[serde(rename = "training")]
    Training,
    /// 证书情况.
    #[serde(rename = "certificate")]
    Certificate,
}
impl EntryKind {
    /// The three groups.
    pub const ALL: [Self; 3] = [Self::Education, Self::Training, Self::Certificate];
    /// Its name in paths and in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Education => "education",
            Self::Training => "training",
            Self::Certificate => "certificate",
        }
    }
    /// The group of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
    /// The fields of its form.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Education => EducationDraft::FIELDS,
            Self::Training => TrainingDraft::FIELDS,
            Self::Certificate => CertificateDraft::FIELDS,
        }
    }
}

/// One entry of any of the three groups, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    target_pointer_width = "64",
    expect(
        clippy::large_enum_variant,
        reason = "a profile holds a few dozen at most, and education is the most frequent kind"
    )
)]
pub enum EntryDraft {
    /// 教育经历.
    Education(EducationDraft),
    /// 培训经历.
    Training(TrainingDraft),
    /// 证书情况.
    Certificate(CertificateDraft),
}
/// One entry of any of the three groups, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// 教育经历.
    Education(Education),
    /// 培训经历.
    Training(Training),
    /// 证书情况.
    Certificate(Certificate),
}
impl EntryDraft {
    /// An empty entry.
    pub fn empty(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Education => Self::Education(EducationDraft::default()),
            EntryKind::Training => Self::Training(TrainingDraft::default()),
            EntryKind::Certificate => Self::Certificate(CertificateDraft::default()),
        }
    }
    /// An entry from posted pairs.
    pub fn from_pairs<K: AsRef<str>, V: Into<String>>(
        kind: EntryKind,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        match kind {
            EntryKind::Education => Self::Education(Draft::from_pairs(pairs)),
            EntryKind::Training => Self::Training(Draft::from_pairs(pairs)),
            EntryKind::Certificate => Self::Certificate(Draft::from_pairs(pairs)),
        }
    }
    /// The group it belongs to.
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Education(_) => EntryKind::Education,
            Self::Training(_) => EntryKind::Training,
            Self::Certificate(_) => EntryKind::Certificate,
        }
    }
    /// What was typed in a field.
    pub fn get(&self, field: Field) -> &str {
        match self {
            Self::Education(draft) => draft.get(field),
            Self::Training(draft) => draft.get(field),
            Self::Certificate(draft) => draft.get(field),
        }
    }
    /// The filled fields.
    pub fn pairs(&self) -> Vec<(Field, String)> {
        match self {
            Self::Education(draft) => draft.pairs(),
            Self::Training(draft) => draft.pairs(),
            Self::Certificate(draft) => draft.pairs(),
        }
    }
    /// Checks the entry.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Entry, Problems> {
        match self {
            Self::Education(draft) => draft.check(context).map(Entry::Education),
            Self::Training(draft) => draft.check(context).map(Entry::Training),
            Self::Certificate(draft) => draft.check(context).map(Entry::Certificate),
        }
    }
}
impl Entry {
    /// The entry as a draft again.
    pub fn to_draft(&self) -> EntryDraft {
        match self {
            Self::Education(entry) => EntryDraft::Education(entry.into()),
            Self::Training(entry) => EntryDraft::Training(entry.into()),
            Self::Certificate(entry) => EntryDraft::Certificate(entry.into()),
        }
    }
}
