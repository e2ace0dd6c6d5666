//! What the answers of an application are checked against.
use crate::{
    Context,
    account::Identity,
    category::Category,
    exemption::SkillsExemption,
    ids::{EntryId, PhotoId},
    profile::{Entry, EntryDraft, EntryKind},
    value::Date,
};
use core::fmt;
use serde::{Deserialize, Serialize};

/// What an entry of the profile is to an application.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// Its id.
    pub id: EntryId,
    /// As typed.
    pub draft: EntryDraft,
    /// The last valid version, if it was ever complete.
    pub complete: Option<Entry>,
    /// How many live applications use it (S18).
    pub locks: i64,
    /// The serials of those applications (X28).
    pub held_by: Vec<String>,
    /// Whether staff have seen the paper (S19).
    pub verified: bool,
    /// The entry that it is a corrected copy of (X1).
    pub copy_of: Option<EntryId>,
    /// Its version, raised by each edit.
    pub version: i64,
}
impl fmt::Debug for EntryView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryView({}, {:?})", self.id, self.draft.kind())
    }
}
impl EntryView {
    /// Its group.
    pub const fn kind(&self) -> EntryKind {
        self.draft.kind()
    }
    /// Used entries and verified ones are read-only (S18, X2).
    pub const fn is_read_only(&self) -> bool {
        self.locks > 0 || self.verified
    }
}

/// What the answers are checked against.
#[derive(Clone, Copy, Debug)]
pub struct ApplicationContext<'a> {
    /// Today and the session's rule set.
    pub base: Context<'a>,
    /// Who applies.
    pub identity: &'a Identity,
    /// The entries of the profile.
    pub entries: &'a [EntryView],
    /// The photo, if there is one.
    pub photo: Option<PhotoId>,
    /// Year of the examination.
    pub exam_year: u16,
    /// The day on which ages are counted (X23).
    pub reference_date: Date,
    /// The categories open in the session.
    pub open: &'a [Category],
    /// Attempts at each category that are stored, this one not counted (X22).
    pub history: &'a [(Category, u32)],
    /// The exemptions from the skills test that the person has in this session (S102).
    pub exemptions: &'a [SkillsExemption],
    /// Whether the session trusts what an earlier review verified (S19).
    pub trusts_verified: bool,
}
impl ApplicationContext<'_> {
    /// Whether the papers of an entry were seen at an earlier review and need not be shown again (S19).
    pub fn trusts(&self, entry: EntryId) -> bool {
        self.trusts_verified && self.entries.iter().any(|known| known.id == entry && known.verified)
    }
}
