//! What a form of Yikao is and when it is right.
//!
//! The browser and the server run these same lines. The crate refuses to know about frameworks, databases, clocks
//! and randomness: today's date and the rule set are arguments. Numbers such as `S61` and `X11` name the
//! requirements and readings that the rules come from.
#![warn(missing_docs)]

pub mod account;
pub mod application;
pub mod category;
pub mod choice;
pub mod country;
pub mod draft;
pub mod eligibility;
pub mod exemption;
pub mod field;
pub mod identity_claim;
pub mod ids;
pub mod journey;
pub mod materials;
pub mod name_requests;
pub mod photo;
pub mod problem;
pub mod profile;
pub mod region;
pub mod review;
pub mod rule_set;
pub mod status;
pub mod step;
pub mod study;
pub mod text;
mod tidy;
pub mod timeline;
pub mod value;

pub use draft::{Context, Draft};
pub use field::Field;
pub use problem::{Code, Problem, Problems};
pub use tidy::tidy;
