//! Personal information: six groups, each a page (S14–S30).
pub mod api;
mod entry;
mod fields;
mod page;
mod photo;

pub use entry::EntryPage;
pub use fields::{BasicFields, ContactFields, WorkFields, entry_facts, entry_title};
pub use page::ProfilePage;
#[cfg(feature = "ssr")]
pub(crate) use page::next_group;
pub(crate) use page::{Conflict, autosave};
pub use photo::PhotoField;

use crate::wire::{ProfileData, Values};
use forms::{
    Draft, Field, Problems,
    account::Identity,
    profile::{BasicDraft, ContactDraft, ProfileContext, WorkDraft},
};

/// The groups in the order of their tabs.
pub const GROUPS: [&str; 6] = ["basic", "contact", "work", "education", "training", "certificate"];

/// The fields of a group that is a single form.
pub fn fields_of(group: &str) -> Option<&'static [Field]> {
    match group {
        "basic" => Some(BasicDraft::FIELDS),
        "contact" => Some(ContactDraft::FIELDS),
        "work" => Some(WorkDraft::FIELDS),
        _ => None,
    }
}

/// Judges a group that is a single form, by the rules of the forms crate.
pub fn judge(group: &str, values: &Values, basis: &crate::wire::Basis, identity: &Identity) -> Problems {
    let context = ProfileContext { base: basis.context(), identity };
    let pairs = || values.iter().map(|(field, text)| (field.name(), text));
    match group {
        "basic" => BasicDraft::from_pairs(pairs()).check(&context).err(),
        "contact" => ContactDraft::from_pairs(pairs()).check(&context).err(),
        "work" => WorkDraft::from_pairs(pairs()).check(&context).err(),
        _ => None,
    }
    .unwrap_or_default()
}

impl ProfileData {
    /// A group that is a single form.
    pub fn group(&self, name: &str) -> Option<&crate::wire::GroupData> {
        match name {
            "basic" => Some(&self.basic),
            "contact" => Some(&self.contact),
            "work" => Some(&self.work),
            _ => None,
        }
    }
}
