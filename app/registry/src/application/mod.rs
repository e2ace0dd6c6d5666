//! Applications of a candidate: drafts as typed, submission, withdrawal and applying again. Moves from state to state are made by
//! [`transition`](crate::transition).
mod draft;
mod entry_copy;
mod error;
mod profile_change;
mod profile_completion;
mod reapply;
mod standing;
mod submit;
mod view;
mod withdraw;

pub use draft::Saved;
pub(crate) use draft::{reopen, unsubmitted_drafts};
pub use error::SubmitError;
pub use profile_change::ProfileChange;
pub(crate) use view::view;
pub use view::{ApplicationRow, ApplicationView};
pub(crate) use withdraw::discard_drafts;

use uuid::Uuid;

/// The associated data of a sealed draft.
fn draft_aad(application: &Uuid) -> [&[u8]; 2] {
    [b"application", application.as_bytes()]
}
