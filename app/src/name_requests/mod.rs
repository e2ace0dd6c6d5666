//! Names that are missing from the dictionaries: where one was missed, the request for it, what became of it, and the look-up
//! of names.
#[cfg(feature = "ssr")]
pub(crate) mod handlers;
#[cfg(feature = "ssr")]
mod lookup;
#[cfg(feature = "ssr")]
pub mod origin;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub(crate) mod picker;
#[cfg(feature = "ssr")]
pub(crate) mod resolve;
