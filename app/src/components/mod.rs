//! Pieces that every feature uses: forms and fields, the look-up, saving, waiting, the layout around a page.
mod autosave;
#[cfg(feature = "hydrate")]
mod cached_list;
mod combobox;
mod dated;
mod deadline;
mod error_summary;
mod field;
mod form;
#[cfg(feature = "ssr")]
pub mod help;
mod help_links;
mod layout;
#[cfg(feature = "hydrate")]
mod lazy;
mod loading;
mod page_field;
#[cfg(feature = "ssr")]
pub mod places;
#[cfg(feature = "ssr")]
mod question;
mod select;
#[cfg(feature = "ssr")]
pub mod static_page;

pub use autosave::{ConflictNotice, SaveState, Saver};
pub use combobox::LookupField;
pub use dated::dated;
pub use deadline::Deadline;
pub use error_summary::{ErrorSummary, Summary};
pub use field::{CheckField, Fact, FieldFrame, FieldMessage, Message, Returned, TextField};
pub use form::{DefaultButton, Form};
pub use help_links::{HelpLink, HelpLinks};
pub use layout::{Footer, Header, OnceHydrated, UntilHydrated, WithoutScript};
#[cfg(feature = "hydrate")]
pub use lazy::{ChunkError, lazy_view};
pub use loading::{ErrorView, Loading, loaded, page_scope};
pub use page_field::PageField;
#[cfg(feature = "ssr")]
pub use question::Question;
#[cfg(not(feature = "hydrate"))]
/// The server has all code: no chunk is ever missing.
pub type ChunkError = std::convert::Infallible;
pub use select::{Choices, FilterSelect, SelectField};
