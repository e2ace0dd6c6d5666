//! The office's books: who people are, what they filled in, what they applied for, and what was done about it.
//!
//! Each statement is written once and runs on SQLite and on PostgreSQL. Everything that writes goes through
//! [`Registry::write`]; what a person may do are methods of the type that a log-in yields ([`Candidate`]), already scoped
//! to that person. The crate refuses to know about HTTP, pages and languages.
#![warn(missing_docs)]

// The unit tests share the harness of the integration tests, which knows the crate by its name.
#[cfg(test)]
extern crate self as registry;

mod account;
mod application;
mod audit;
mod catalogue;
mod clock;
mod db;
pub mod demo;
mod dictionary;
mod error;
mod filter;
pub mod job;
mod naming;
mod notice;
mod photo;
mod profile;
mod review;
mod seal;
mod session;
mod staff;
mod throttle;

pub use account::{Account, RegisterError};
pub use application::{ApplicationRow, ApplicationView, Saved, SubmitError};
pub use audit::{BATCH as AUDIT_BATCH, Broken, Findings};
pub use catalogue::{Area, CategoryRow, ExamSession, Site};
pub use clock::{Clock, Entropy, Moment};
pub use db::{Registry, Settings, statements};
pub use dictionary::{
    Dictionary, DictionaryKind, Entry, FileError, FileList, Hit, LONGEST_WHOLE, Listed, Refusal, Report, WholeList,
    read_list,
};
pub use error::Error;
pub use naming::{MissingName, MissingNames, NameRequestRow, NamingError, PEOPLE_LOOKED_AT, RequestState};
pub use notice::Notice;
pub use profile::{Group, GroupName, Profile};
pub use review::{
    Claim, CorrectionRow, Done, Event, Follow, Paper, PaperState, Queue, QueueRow, Record, Refused, Search, initials,
};
pub use seal::Sealer;
pub use session::{Candidate, Login, LoginError, Parked, Token};
pub use staff::{Officer, StaffError, StaffRow};
