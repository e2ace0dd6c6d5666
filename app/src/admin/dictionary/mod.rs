//! Requests for names that the dictionaries lack, as the offices answer them.
pub(crate) mod handlers;
mod page;
