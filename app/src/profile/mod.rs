//! Personal information: six groups, each a page (S14–S30).
#[cfg(feature = "ssr")]
pub(crate) mod actions;
pub mod api;
pub mod data;
mod entry;
mod fields;
#[cfg(feature = "ssr")]
pub(crate) mod handlers;
mod page;
mod photo;

pub use entry::{EntryForm, EntryPage};
pub use fields::{
    BasicFields, ContactFields, EntryFields, EntryLines, WorkFields, entry_facts, entry_none, entry_title,
};
pub use page::ProfilePage;
pub use photo::PhotoField;
