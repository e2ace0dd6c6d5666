//! Accounts: registration. Log-in and log-out need no script and live in `public`.
pub mod api;
mod register;

pub use register::RegisterPage;
