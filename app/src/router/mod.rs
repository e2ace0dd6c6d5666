//! The router: which routes there are, who may use them, and how what a handler replied becomes a response. Built from the
//! route table, so that a route without an access rule cannot exist.
mod dispatch;
mod files;
mod health;
mod render;
mod resume;
mod table;
mod unavailable;

pub use dispatch::build_router;
pub use table::ROUTES;
