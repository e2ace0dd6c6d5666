//! How a name is found. What finds a name is defined once, in [`matching`], and ordered once, in [`texts`]: the browser looks
//! through a list it holds with a [`scan`](List::search), a server through an [`Index`] of a million that gives the same answers.
//!
//! A name is found by its beginning, read in any mixture of characters, initials and full syllables (北大, bjdx, beijingdaxue,
//! `beijdx`, 北jdx), by characters anywhere in it, and, where nothing is found, with one slip of the keys. Former names find their
//! entry as well (S24, S26, S28, S73).
mod fold;
#[cfg(feature = "index")]
mod follows;
#[cfg(feature = "index")]
mod index;
mod list;
pub mod matching;
#[cfg(feature = "index")]
mod patterns;
mod query;
#[cfg(feature = "index")]
mod ranked;
mod readings;
#[cfg(feature = "index")]
mod signs;
mod slips;
#[cfg(feature = "index")]
mod sorted;
mod texts;
pub mod whole;

pub use fold::fold;
#[cfg(feature = "index")]
pub use index::Index;
pub use list::List;
pub use query::{LONGEST, Query};
pub use readings::Readings;
pub use slips::Slips;
pub use texts::{Class, Found, MOST, Region, Texts, TextsBuilder, TooMany};
