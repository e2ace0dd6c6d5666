//! Pieces that every feature uses: forms and fields, the look-up, saving, waiting, the layout around a page.
mod autosave;
#[cfg(feature = "hydrate")]
mod cached_list;
mod combobox;
mod field;
mod form;
mod layout;
#[cfg(feature = "hydrate")]
mod lazy;
mod loading;
#[cfg(feature = "ssr")]
pub mod static_field;
#[cfg(feature = "ssr")]
pub mod static_page;

pub use autosave::{ConflictNotice, SaveState, Saver};
pub use combobox::LookupField;
pub use field::{CheckField, Choices, Fact, FieldShell, Returned, SelectField, TextField};
pub use form::{DefaultButton, ErrorSummary, Form};
pub use layout::{Footer, Header, WithoutScript};
#[cfg(feature = "hydrate")]
pub use lazy::lazy_view;
pub use loading::{ErrorView, Loading, loaded, page_scope};
