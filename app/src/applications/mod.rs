//! Applications: the catalogue, the wizard of seven steps, the list, one application and its print sheets (S31–S54).
#[cfg(feature = "ssr")]
pub(crate) mod actions;
pub mod answers;
pub mod api;
#[cfg(feature = "ssr")]
mod card;
mod catalogue;
pub mod chunks;
#[cfg(feature = "ssr")]
mod comparison;
pub mod data;
mod entry;
#[cfg(feature = "ssr")]
pub(crate) mod handlers;
mod list;
#[cfg(feature = "ssr")]
mod page;
#[cfg(feature = "ssr")]
pub(crate) mod print;
mod step_page;
mod steps;
#[cfg(feature = "ssr")]
pub mod summary;
mod timeline;
#[cfg(feature = "ssr")]
mod withdrawal;
mod wizard;
mod wizard_form;

pub use catalogue::CataloguePage;
pub use entry::ApplicationEntryPage;
pub use list::{ApplicationCard, ExamsPage};
pub use step_page::WizardPage;
pub use timeline::{Corrections, Timeline};
