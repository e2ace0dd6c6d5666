//! The review of applications by the offices: the queue, and one record with what can be done with it.
#[cfg(feature = "ssr")]
pub(crate) mod actions;
pub mod api;
mod checklist;
pub mod chunk;
mod correction;
pub mod data;
#[cfg(feature = "ssr")]
pub(crate) mod handlers;
#[cfg(feature = "ssr")]
mod lines;
mod paper_change;
mod queue;
mod record;
mod signature;
mod state;

#[cfg(feature = "ssr")]
pub(crate) use actions::waiting_text;
pub use queue::QueuePage;
pub use record::RecordPage;
