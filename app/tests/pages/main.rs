//! Pages, forms and server functions over HTTP. One binary, so that it is linked once and its tests run at the same time.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#![recursion_limit = "512"]
#[path = "../common/mod.rs"]
mod common;

mod access_matrix;
mod contacts;
mod deadline;
mod downloads;
mod edge;
mod employer_picker;
mod entries;
mod exemption;
mod field_advice;
mod first_visit;
mod guidance;
mod help;
mod home;
mod http;
mod identity_claims;
mod manual;
mod name_requests;
mod open_sessions;
mod page_owner;
mod papers;
mod printed_papers;
mod profile_completion;
mod recovery;
mod registration_draft;
mod rules;
mod staff_password;
mod withdrawal;
mod wording;
