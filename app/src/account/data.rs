//! What the server functions of accounts answer.
use crate::{
    components::HelpLink,
    transport::{RuleContext, Values},
};
use forms::Problem;
use serde::{Deserialize, Serialize};

/// What the registration page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationData {
    pub rule_context: RuleContext,
    /// What was typed in this browser before; nothing if nothing is kept.
    pub values: Option<Values>,
    /// Questions that whoever registers may have.
    pub help: Vec<HelpLink>,
}

/// What registering answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Registration {
    /// The account was created.
    Registered,
    /// It was not, and why. What stands for the username of a duplicate, in the sentence of S12: nothing of it.
    Rejected(Vec<Problem>, Option<String>),
}
