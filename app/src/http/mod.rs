//! What the server does with HTTP itself: forms, cookies, headers, budgets of addresses, files of the built site.
pub mod assets;
pub mod cookies;
pub mod form;
pub mod multipart;
pub mod rate_limit;
pub mod security_headers;
pub mod text;
pub(crate) mod user_agent;
