//! What an office does with an application: what a reviewer finds, item by item, which outcome follows from it, and which
//! office may do which action in which state (S88–S91, S108–S113, X28, X31, X33).
mod action;
mod checklist;
mod correction;
mod finding;
mod item;
mod item_finding;
mod paper_change;
mod role;

pub use action::{ReviewAction, ReviewOutcome};
pub use checklist::{Check, ItemDraft, ItemProblem, ReviewDraft, checks};
pub use correction::{Correction, CorrectionDraft, CorrectionReason};
pub use finding::{Finding, FindingReason, NOTE};
pub use item::{ANSWERS, Item, step_of};
pub use item_finding::{ItemFinding, all_editable_fields, editable_fields};
pub use paper_change::{PaperChange, PaperChangeDraft, PaperReason};
pub use role::Role;
