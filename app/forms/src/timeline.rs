//! What can happen to an application and is kept in its history: the timeline that candidates and offices read.
//!
//! [`Event`] is closed: whoever shows or writes events matches on it, so a new event without a sentence does not compile.
//! The registry stores [`Event::code`] in the audit, whose hash chain covers it; a code is therefore never renamed.
use crate::{Field, ids::EntryId, review::Item, status::ApplicationEvent};
use serde::{Deserialize, Serialize};

/// The enum, its list, and its codes, from one table. After `=` stands the value of data that is not known.
macro_rules! events {
    ($($(#[$meta:meta])* $variant:ident $({ $($(#[$field_meta:meta])* $field:ident: $type:ty = $unknown:expr),* $(,)? })? => $code:literal),* $(,)?) => {
        /// Something that happened to an application, with its data. The audit keeps the code alone, so an event that was
        /// read from there by [`Event::parse`] has empty data.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Event { $($(#[$meta])* $variant $({ $($(#[$field_meta])* $field: $type),* })?),* }
        impl Event {
            /// Every event, with empty data.
            pub const ALL: &'static [Self] = &[$(Self::$variant $({ $($field: $unknown),* })?),*];
            /// Every code, in the order of [`Event::ALL`].
            pub const CODES: &'static [&'static str] = &[$($code),*];
            /// The code under which the audit stores it and, after `event.`, the key of its sentence.
            pub const fn code(&self) -> &'static str {
                match self { $(Self::$variant { .. } => $code),* }
            }
            /// The event of that code, with empty data.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant $({ $($field: $unknown),* })?),)* _ => None }
            }
        }
    };
}

events! {
    /// The candidate began a draft.
    Begin => "application.begin",
    /// The candidate submitted it for the first time.
    Submit => "application.submit",
    /// The candidate submitted it again after a return.
    Resubmit => "application.resubmit",
    /// The candidate discarded a draft.
    Discard => "application.discard",
    /// The candidate withdrew what was submitted (S52).
    Withdraw => "application.withdraw",
    /// A newer application of the candidate took its place (S53, X1).
    Supersede => "application.supersede",
    /// A reviewer saved findings without an outcome.
    SaveReview => "review.save",
    /// The site approved it.
    Approve => "review.approve",
    /// The site returned it to the candidate (S110).
    Return {
        /// The items that were returned.
        items: Vec<Item> = Vec::new(),
    } => "review.return",
    /// The site or the area rejected it.
    Reject {
        /// The items that failed.
        items: Vec<Item> = Vec::new(),
    } => "review.reject",
    /// The site corrected identity data (S111).
    Correct {
        /// The fields that were changed.
        fields: Vec<Field> = Vec::new(),
    } => "review.correct",
    /// The site marked an entry as verified (S112).
    Verify {
        /// Which entry.
        entry: Option<EntryId> = None,
    } => "review.verify",
    /// The site withdrew that mark.
    Unverify {
        /// Which entry.
        entry: Option<EntryId> = None,
    } => "review.unverify",
    /// The site asked for a paper that does not follow from the answers (S148).
    AskPaper {
        /// Which paper.
        item: Option<Item> = None,
    } => "review.ask_paper",
    /// The site dropped a paper.
    DropPaper {
        /// Which paper.
        item: Option<Item> = None,
    } => "review.drop_paper",
    /// The signature was recorded (S113).
    Sign => "review.sign",
    /// An outstanding item was handed in (X31).
    Settle {
        item: Option<Item> = None,
    } => "review.settle",
    /// An outstanding item was not handed in by its day, which rejects the application (X31).
    Lapse {
        item: Option<Item> = None,
    } => "review.lapse",
    /// The area approved it.
    ApproveArea => "review.approve_area",
    /// The area approved one of a candidate who is exempt and signs nothing on site (S102).
    ApproveExempt => "review.approve_exempt",
}

impl Event {
    /// The change of state that comes with it, if any.
    pub const fn transition(&self) -> Option<ApplicationEvent> {
        use ApplicationEvent as E;
        match self {
            Self::Begin | Self::SaveReview | Self::Correct { .. } | Self::Verify { .. } => None,
            Self::Unverify { .. } | Self::Settle { .. } | Self::AskPaper { .. } | Self::DropPaper { .. } => None,
            Self::Submit | Self::Resubmit => Some(E::Submit),
            Self::Discard | Self::Withdraw => Some(E::Abandon),
            Self::Supersede => Some(E::Supersede),
            Self::Approve => Some(E::ApproveAtSite),
            Self::Return { .. } => Some(E::Return),
            Self::Reject { .. } | Self::Lapse { .. } => Some(E::Reject),
            Self::Sign => Some(E::Sign),
            Self::ApproveArea => Some(E::ApproveAtArea),
            Self::ApproveExempt => Some(E::ApproveExempt),
        }
    }
}
