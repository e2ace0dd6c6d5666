//! Server functions of applications.
#[cfg(feature = "ssr")]
use super::actions;
use super::data::{ApplyResult, ExamsData, WizardData};
#[cfg(feature = "ssr")]
use crate::request::request_context;
use crate::{
    browser::PageClient,
    codec::Text,
    error::AppError,
    profile::data::ProfileData,
    transport::{Encoded, FormFields},
};
use forms::{
    category::Category,
    ids::{ApplicationId, ExamSessionId},
    journey::Step,
    profile::EntryKind,
};
use leptos::prelude::*;

/// Sessions, categories and the person's applications.
#[server(endpoint = "exams", output = Text, client = PageClient)]
pub async fn load_exams() -> Result<Encoded<ExamsData>, AppError> {
    Encoded::new(&actions::exams(&request_context()?).await?)
}

/// Everything the wizard shows on a step.
#[server(endpoint = "wizard", output = Text, client = PageClient)]
pub async fn load_wizard(id: ApplicationId, step: Step) -> Result<Encoded<WizardData>, AppError> {
    Encoded::new(&actions::wizard(&request_context()?, id, step).await?)
}

/// Where a site is and how it is reached, each with its label (S106).
#[server(endpoint = "site", output = Text, client = PageClient)]
pub async fn load_site(site: String) -> Result<Encoded<Vec<(String, String)>>, AppError> {
    Encoded::new(&actions::site(&request_context()?, &site).await?)
}

/// The profile for an entry that is written for an application of this person.
#[server(endpoint = "application-entry", output = Text, client = PageClient)]
pub async fn load_application_entry(id: ApplicationId, kind: EntryKind) -> Result<Encoded<ProfileData>, AppError> {
    let context = request_context()?;
    context.candidate()?.application(id).await?;
    Encoded::new(&crate::profile::actions::load(&context, kind.into()).await?)
}

/// Begins an application, or takes up the draft of the session again.
#[server(endpoint = "begin", output = Text, client = PageClient)]
pub async fn begin_application(session: ExamSessionId, category: Category) -> Result<Encoded<ApplyResult>, AppError> {
    Encoded::new(&actions::begin_for(&request_context()?, session, category).await?)
}

/// Saves a step; `attempt` is "next". Answers the new version.
#[server(endpoint = "save-step", output = Text, client = PageClient)]
pub async fn save_wizard_step(
    id: ApplicationId,
    step: Step,
    #[server(default)] fields: FormFields,
    version: i64,
    attempt: bool,
) -> Result<Encoded<i64>, AppError> {
    Encoded::new(&actions::save_step_for(&request_context()?, id, step, fields, version, attempt).await?)
}

#[server(endpoint = "submit", output = Text, client = PageClient)]
pub async fn submit_application(id: ApplicationId, version: i64) -> Result<Encoded<ApplyResult>, AppError> {
    Encoded::new(&actions::submit_for(&request_context()?, id, version).await?)
}
