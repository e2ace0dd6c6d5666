//! One kind of value a file: private field, `parse`, and a decoder that goes through it.

mod address;
mod contact;
mod date;
mod identity_document;
mod listed_name;
mod paper_number;
mod person_name;
mod phone;
mod resident_id;
mod secret;
mod username;
mod year_month;

pub use address::Address;
pub use contact::{Email, Postcode};
pub use date::Date;
pub use identity_document::IdentityDocument;
pub use listed_name::ListedName;
pub use paper_number::{DiplomaNumber, PaperNumber};
pub use person_name::{NameScript, PersonName};
pub(crate) use phone::is_foreign;
pub use phone::{Landline, Mobile};
pub use resident_id::ResidentId;
pub use secret::{Password, RecoveryAnswer, RecoveryQuestion};
pub use username::Username;
pub use year_month::YearMonth;

/// Gives a newtype over text its accessor, `Display`, and serde through `parse`, so that no decoder walks round it.
macro_rules! text_value {
    ($name:ident) => {
        impl $name {
            /// The normalised text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }
        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.0
            }
        }
    };
}
macro_rules! decode_by_parse {
    ($name:ident) => {
        impl TryFrom<String> for $name {
            type Error = &'static str;
            fn try_from(raw: String) -> Result<Self, Self::Error> {
                Self::parse(&raw).map_err(|code| crate::Code::from(code).key())
            }
        }
    };
}
pub(crate) use {decode_by_parse, text_value};
