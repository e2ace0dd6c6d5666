//! Server functions of accounts.
use super::data::Registration;
#[cfg(feature = "ssr")]
use crate::request::request_context;
use crate::{
    browser::PageClient,
    codec::Text,
    error::AppError,
    transport::{Encoded, FormFields, RuleContext},
};
use leptos::prelude::*;

/// Rules and date for the registration form.
#[server(endpoint = "rules", output = Text, client = PageClient)]
pub async fn load_rules() -> Result<Encoded<RuleContext>, AppError> {
    Encoded::new(&request_context()?.rule_context())
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
pub async fn register(#[server(default)] fields: FormFields) -> Result<Encoded<Registration>, AppError> {
    Encoded::new(&super::actions::register(&request_context()?, &fields).await?)
}
