//! What the server functions of accounts answer.
use forms::Problem;
use serde::{Deserialize, Serialize};

/// What registering answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Registration {
    /// The account was created.
    Registered,
    /// It was not, and why. What stands for the username of a duplicate, in the sentence of S12: nothing of it.
    Rejected(Vec<Problem>, Option<String>),
}
