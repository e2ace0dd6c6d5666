//! Accounts: registration, log-in of candidates and staff, recovery of passwords, claims of documents, security.
#[cfg(feature = "ssr")]
pub(crate) mod actions;
pub mod api;
#[cfg(feature = "ssr")]
pub(crate) mod claim;
pub mod data;
#[cfg(feature = "ssr")]
pub(crate) mod handlers;
#[cfg(feature = "ssr")]
mod login;
#[cfg(feature = "ssr")]
mod recover;
mod register;
#[cfg(feature = "ssr")]
mod security;
#[cfg(feature = "ssr")]
mod staff_password;

pub use register::RegisterPage;
