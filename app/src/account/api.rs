//! Server functions of accounts.
use super::data::{Registration, RegistrationData};
#[cfg(feature = "ssr")]
use crate::request::request_context;
use crate::{
    browser::PageClient,
    codec::Text,
    error::AppError,
    transport::{Encoded, FormFields, SaveResult},
};
use leptos::prelude::*;

/// Rules and date for the registration form, and what was typed in it before.
#[server(endpoint = "registration", output = Text, client = PageClient)]
pub async fn load_registration() -> Result<Encoded<RegistrationData>, AppError> {
    Encoded::new(&super::actions::load_registration(&request_context()?).await?)
}

/// Keeps what was typed so far for this browser. Answers the version that drafts of other forms have; this one has none.
#[server(endpoint = "save-registration", output = Text, client = PageClient)]
pub async fn save_registration(#[server(default)] fields: FormFields) -> Result<Encoded<SaveResult>, AppError> {
    super::actions::save_registration(&request_context()?, &fields).await?;
    Encoded::new(&SaveResult::Saved(0))
}

/// Whether nobody has a username yet.
#[server(endpoint = "username-is-free", output = Text, client = PageClient)]
pub async fn username_is_free(username: String) -> Result<bool, AppError> {
    let context = request_context()?;
    match forms::value::Username::parse(&username) {
        Ok(username) => Ok(context.registry().username_is_free(&username).await?),
        Err(_) => Ok(true),
    }
}

/// Registers an account.
#[server(endpoint = "register", output = Text, client = PageClient)]
pub async fn register_account(#[server(default)] fields: FormFields) -> Result<Encoded<Registration>, AppError> {
    Encoded::new(&super::actions::register_for(&request_context()?, &fields).await?)
}
