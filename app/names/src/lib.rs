//! Search for the names of schools, majors and employers.
//!
//! Which names match a query is defined once, in [`matching`], and their order once, in `texts`. A browser searches the list
//! that it holds linearly ([`List::search`]); a server searches an [`Index`] of a million names that gives the same answers.
//!
//! A query matches the beginning of a name, typed as any mixture of characters, pinyin initials and full syllables (北大, bjdx,
//! beijingdaxue, `beijdx`, 北jdx), characters anywhere in it, or the beginning of a later word in the same mixture (`xieheyiyuan`,
//! rmyy). If nothing matches, one typing error is tolerated. Former names find their entry as well (S24, S26, S28, S73).
#[cfg(feature = "index")]
mod continuations;
#[cfg(feature = "index")]
mod fingerprint;
mod fold;
pub mod full_list;
#[cfg(feature = "index")]
mod index;
mod list;
pub mod matching;
#[cfg(feature = "index")]
mod patterns;
mod query;
#[cfg(feature = "index")]
mod range_minimum;
mod readings;
#[cfg(feature = "index")]
mod search_tree;
mod texts;
mod typos;
mod words;

pub use fold::fold;
#[cfg(feature = "index")]
pub use index::Index;
pub use list::{List, search_among};
pub use query::{LONGEST, Query};
pub use readings::Readings;
pub use texts::{Class, MOST, Match, Region, Texts, TextsBuilder, TooMany};
pub use typos::Typos;
