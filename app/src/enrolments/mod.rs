//! What a person has applied for (S31, S50). One application and its notice are plain pages and live in `public`.
mod list;

pub use list::{ApplicationCard, ExamsPage};
