//! A name that a look-up offers.

/// A name that a look-up offers, as the server or a cached list found it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Suggestion {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) region: String,
    pub(super) former: Option<String>,
    pub(super) marked: (usize, usize),
    pub(super) slip: bool,
    pub(super) includes: Vec<String>,
}
