//! Pieces that every feature uses: forms and fields, the look-up, the frame around a page.
mod combobox;
mod field;
mod form;
mod frame;
#[cfg(feature = "hydrate")]
mod held;

pub use combobox::LookupField;
pub use field::{CheckField, Choices, Fact, FieldShell, Returned, SelectField, TextField};
pub use form::{DefaultButton, ErrorSummary, Form, SaveState, Saving};
pub use frame::{Footer, Header, WithoutScript};
