//! What an office does with an application: what a reviewer finds, item by item, which outcome follows from it, and which
//! office may do which action in which state (S88–S91, S108–S113, X28, X31, X33).
mod action;
mod checklist;
mod correction;
mod finding;
mod item;
mod item_finding;
mod role;

pub use action::{Deed, Outcome};
pub use checklist::{Check, ItemDraft, ItemProblem, ReviewDraft, checks};
pub use correction::{Correction, CorrectionDraft, CorrectionReason};
pub use finding::{Finding, NOTE, Reason};
pub use item::{ANSWERS, Item, step_of};
pub use item_finding::{Found, openable, opened};
pub use role::Role;
