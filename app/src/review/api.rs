//! Server functions of the review.
#[cfg(feature = "ssr")]
use super::actions;
use super::data::{ControlErrors, QueueData, RecordData};
#[cfg(feature = "ssr")]
use crate::request::request_context;
use crate::{
    browser::PageClient,
    codec::Text,
    error::AppError,
    transport::{Encoded, FormFields},
};
use forms::ids::ApplicationId;
use leptos::prelude::*;

/// A page of the queue.
#[server(endpoint = "review-queue", output = Text, client = PageClient)]
pub async fn load_queue(#[server(default)] fields: FormFields) -> Result<Encoded<QueueData>, AppError> {
    Encoded::new(&actions::queue(&request_context()?, fields).await?)
}

/// One record.
#[server(endpoint = "review-record", output = Text, client = PageClient)]
pub async fn load_record(id: ApplicationId) -> Result<Encoded<RecordData>, AppError> {
    Encoded::new(&actions::record(&request_context()?, id).await?)
}

/// An action on a record: the fields that its form would have posted.
#[server(endpoint = "review-action", output = Text, client = PageClient)]
pub async fn perform_review_action(
    id: ApplicationId,
    #[server(default)] fields: FormFields,
) -> Result<Encoded<ControlErrors>, AppError> {
    Encoded::new(&actions::perform_for(&request_context()?, id, &fields).await?)
}

/// Claims the record that has waited longest.
#[server(endpoint = "review-next", output = Text, client = PageClient)]
pub async fn claim_next() -> Result<Encoded<Option<ApplicationId>>, AppError> {
    Encoded::new(&request_context()?.officer()?.next().await?)
}
