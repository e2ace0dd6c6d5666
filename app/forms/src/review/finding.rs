//! What a reviewer may find, and why.
use crate::{choice::Choice, status::states};

states! {
    /// What a reviewer finds about an item (S110).
    Finding "finding" {
        /// It is right.
        Pass = "pass",
        /// It is handed in later, by a day that is set (X31).
        Later = "later",
        /// The candidate is to mend it.
        Return = "return",
        /// It excludes from the examination.
        Fail = "fail",
    }
}

states! {
    /// Why an item is returned, late or failed; a note may say more.
    FindingReason "reason" {
        /// The paper was not brought.
        Missing = "missing",
        /// It cannot be read.
        Unreadable = "unreadable",
        /// It says something else than the application.
        Differs = "differs",
        /// It is no longer valid.
        Expired = "expired",
        /// Something on it is missing, a seal or a signature for instance.
        Incomplete = "incomplete",
        /// It is another paper than the one that is asked for.
        WrongPaper = "wrong_paper",
        /// The photo is not as asked for (S30).
        BadPhoto = "bad_photo",
        /// It comes later by law: the diploma before the written examination, the proof by 31 August (X31).
        NotYetDue = "not_yet_due",
        /// The conditions are not met.
        NotEligible = "not_eligible",
        /// It is not genuine.
        NotGenuine = "not_genuine",
        /// Another reason, which the note says.
        Other = "other",
    }
}

/// The longest note, in characters.
pub const NOTE: u32 = 200;
