//! Server functions of the profile.
#[cfg(feature = "ssr")]
use super::actions;
use super::data::ProfileData;
#[cfg(feature = "ssr")]
use crate::request::request_context;
use crate::{
    browser::PageClient,
    codec::Text,
    error::AppError,
    routes::ProfileGroup,
    transport::{Encoded, FormFields, SaveResult},
};
use forms::{ids::EntryId, profile::EntryKind};
use leptos::prelude::*;

/// The whole profile, with what helps at a group.
#[server(endpoint = "profile", output = Text, client = PageClient)]
pub async fn load_profile(group: ProfileGroup) -> Result<Encoded<ProfileData>, AppError> {
    Encoded::new(&actions::load(&request_context()?, group).await?)
}

/// Saves a group; `submit` is 提交, without it what was typed is stored as a draft.
#[server(endpoint = "save-group", output = Text, client = PageClient)]
pub async fn save_group(
    group: ProfileGroup,
    #[server(default)] fields: FormFields,
    version: i64,
    submit: bool,
) -> Result<Encoded<SaveResult>, AppError> {
    Encoded::new(&actions::save_group(&request_context()?, group, fields, version, submit).await?)
}

/// Saves an entry; a new one without `id`. `submit` is 提交, without it what was typed is stored as a draft.
#[server(endpoint = "save-entry", output = Text, client = PageClient)]
pub async fn save_entry(
    kind: EntryKind,
    #[server(default)] id: Option<EntryId>,
    #[server(default)] fields: FormFields,
    version: i64,
    submit: bool,
) -> Result<Encoded<SaveResult>, AppError> {
    let saved = actions::save_entry(&request_context()?, kind, id, fields, version, submit).await?;
    Encoded::new(&match saved {
        Ok((_, version)) => SaveResult::Saved(version),
        Err(problems) => SaveResult::Problems(problems),
    })
}
