//! The six groups of personal information (S14). The three repeatable ones are entries, each a form of its own.
mod basic;
mod certificate;
mod completion;
mod contact;
mod context;
mod education;
mod entry;
mod training;
mod warning;
mod work;

pub use basic::{Basic, BasicDraft};
pub use certificate::{Certificate, CertificateDraft};
pub use completion::completed;
pub use contact::{Contact, ContactDraft};
pub use context::ProfileContext;
pub use education::{Education, EducationDraft};
pub use entry::{Entry, EntryDraft, EntryKind};
pub use training::{Training, TrainingDraft};
pub use warning::{FieldWarning, id_field, is_missing};
pub use work::{Work, WorkDraft};
