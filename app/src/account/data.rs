//! What the server functions of accounts answer.
use forms::Problem;
use serde::{Deserialize, Serialize};

/// What registering answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Registration {
    /// The account was created.
    Registered,
    /// It was not, and why. The username of a duplicate is named in part (S12, X20).
    Rejected(Vec<Problem>, Option<String>),
}
