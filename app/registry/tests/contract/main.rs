//! What the registry promises, on SQLite and on PostgreSQL. One binary, so that its tests run at the same time.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[path = "../common/mod.rs"]
mod common;

mod accounts;
mod applications;
mod audit;
mod catalogue;
mod demonstration;
mod dictionary;
mod entry_copy;
mod faults;
mod identity_claims;
mod login;
mod name_requests;
mod notices;
mod open_sessions;
mod pages;
mod papers;
mod profile;
mod profile_completion;
mod recovery;
mod registration_draft;
mod review;
mod reviewing;
mod skills_passes;
mod staff;
mod withdrawal;
