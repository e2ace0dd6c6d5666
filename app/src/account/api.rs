//! Server functions of accounts.
use crate::{
    error::AppError,
    wire::{Basis, Packed, Posted},
};
use forms::Problem;
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

/// What registering answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Registered {
    /// The account exists now.
    Yes,
    /// It does not, and why. The username of a duplicate is named in part (S12, X20).
    No(Vec<Problem>, Option<String>),
}

/// Rules and date for the registration form.
#[server(endpoint = "basis")]
pub async fn load_basis() -> Result<Packed<Basis>, AppError> {
    crate::door::visitor()?.basis().map(|basis| Packed::new(&basis))
}

/// Whether nobody has a username yet.
#[server(endpoint = "username-is-free")]
pub async fn username_is_free(username: String) -> Result<bool, AppError> {
    let visitor = crate::door::visitor()?;
    match forms::value::Username::parse(&username) {
        Ok(username) => visitor.registry().username_is_free(&username).await.map_err(crate::door::trouble),
        Err(_) => Ok(true),
    }
}

/// Registers an account.
#[server(endpoint = "register", input = Json)]
pub async fn register(fields: Posted) -> Result<Packed<Registered>, AppError> {
    act::register(&crate::door::visitor()?, &fields).await.map(|done| Packed::new(&done))
}

/// What server functions and plain posts have in common.
#[cfg(feature = "ssr")]
pub(crate) mod act {
    use super::*;
    use crate::door::{Visitor, trouble};
    use forms::{Draft, account::RegistrationDraft};
    use registry::RegisterError;

    pub(crate) async fn register(visitor: &Visitor, fields: &Posted) -> Result<Registered, AppError> {
        let draft = RegistrationDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
        let registration = match draft.check(&visitor.basis()?.context()) {
            Ok(registration) => registration,
            Err(problems) => return Ok(Registered::No(problems, None)),
        };
        match visitor.registry().register(registration).await {
            Ok(_) => Ok(Registered::Yes),
            Err(RegisterError::Registry(error)) => Err(trouble(error)),
            Err(error) => {
                let masked =
                    if let RegisterError::PersonTaken { masked } = &error { Some(masked.clone()) } else { None };
                Ok(Registered::No(error.problem().into_iter().collect(), masked))
            }
        }
    }
}
