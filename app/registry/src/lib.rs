//! The registry: accounts, profiles, applications, reviews and dictionaries in a database.
//!
//! Each statement is written once and runs on SQLite and on PostgreSQL. Every write goes through [`Registry`]'s one write
//! transaction. What somebody may do are methods of the type that a log-in yields ([`Candidate`], [`Officer`]), scoped to that
//! person or office. The crate knows nothing of HTTP, pages and languages.
//!
//! Modules import from modules below them only; `tests/layers.rs` holds the order.

// The unit tests share the harness of the integration tests, which knows the crate by its name.
#[cfg(test)]
extern crate self as registry;

mod access_audit;
mod account;
mod account_kind;
mod active_sessions;
mod application;
mod audit;
mod audit_chain;
mod authentication;
mod candidate;
mod candidate_login;
mod catalogue;
mod client;
mod clock;
mod db;
mod decoding;
pub mod demo;
mod dictionary;
mod document_release;
mod entry_lock;
mod error;
mod filter;
mod hashing;
mod health;
mod identity_claim;
pub mod job;
mod migrate;
mod name_request;
mod network;
mod notice;
mod opening;
mod own_password;
mod page_token;
mod parked_form;
mod photo;
mod pools;
mod printed_version;
mod profile;
mod profile_group;
mod readiness;
mod recovery;
mod registration_draft;
mod review;
mod seal;
mod settings;
mod skills_pass;
mod snapshot;
mod staff;
mod statement;
mod stored_catalogue;
mod throttle;
mod timeline;
mod token;
mod transition;
mod work_slots;

pub use account::{Account, REGISTERED_SECONDS, RegisterError};
pub use active_sessions::OpenSession;
pub use application::{ApplicationRow, ApplicationView, ProfileChange, Saved, SubmitError};
pub use audit::{Actor, Audited, BATCH as AUDIT_BATCH};
pub use audit_chain::{Broken, ChainHead, Findings};
pub use authentication::{Login, LoginError, LoginSource};
pub use candidate::Candidate;
pub use candidate_login::LoginEvent;
pub use catalogue::{Area, CategoryRow, ExamSession, Site};
pub use client::{Browser, Client, System};
pub use clock::{Clock, Entropy, Moment};
pub use db::{Registry, statements};
pub use dictionary::{
    Dictionary, DictionaryKind, Entry, FileError, FileList, FullList, Hit, Listed, MAX_FULL_LIST, NAMES_ON_PAGE,
    NamePage, Place, PlaceCount, Refusal, Report, read_list,
};
pub use document_release::DocumentRelease;
pub use error::Error;
pub use hashing::HashCost;
pub use health::{Beat, Health, NotReady};
pub use identity_claim::{ClaimError, ClaimState, ClaimStatus, IdentityClaimRow};
pub use name_request::{
    KEPT_FILE_SECONDS, NameRequestError, NameRequestRow, PEOPLE_EXAMINED, RequestState, RequestedName, RequestedNames,
};
pub use network::Network;
pub use notice::Notice;
pub use opening::is_sealed;
pub use page_token::{PageKey, PageOwner, PageToken};
pub use parked_form::{PARKED_SECONDS, ParkedForm};
pub use printed_version::{PaperKind, PrintedVersion, PrintedVersionState, VerifiedVersion};
pub use profile::Profile;
pub use profile_group::{Group, GroupName};
pub use recovery::{Recovered, RecoveryError};
pub use registration_draft::{REGISTRATION_SECONDS, RegistrationDraftError, RegistrationSave};
pub use review::{
    ActionRefused, ApplicationHistory, Claim, CorrectionRow, Queue, QueueRow, Record, ReviewError, Search, Signature,
};
pub use seal::Sealer;
pub use settings::Settings;
pub use skills_pass::{PassList, PassRefusal, SkillsPassOf, read_skills_passes};
pub use snapshot::initials;
pub use staff::{Officer, StaffError, StaffRow};
pub use timeline::TimelineEvent;
pub use token::Token;
