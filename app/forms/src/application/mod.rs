//! An application: the answers of the seven steps, and what they must be together.
mod check;
mod complete;
mod context;
mod draft;
mod entries;
mod flag;

pub use complete::{Application, highest};
pub use context::{ApplicationContext, EntryView};
pub use draft::{ApplicationDraft, CategoryDraft, ConfirmDraft, SelectionDraft, SiteDraft};
pub use flag::Flag;
