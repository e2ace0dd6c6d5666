//! Server functions of the review.
#[cfg(feature = "ssr")]
use super::actions;
use super::data::{ControlErrors, QueueData, RecordData};
#[cfg(feature = "ssr")]
use crate::request::request_context;
use crate::{
    error::AppError,
    transport::{Encoded, FormFields},
};
use forms::ids::ApplicationId;
use leptos::{prelude::*, server_fn::codec::Json};

/// A page of the queue.
#[server(endpoint = "review-queue", input = Json)]
pub async fn load_queue(#[server(default)] fields: FormFields) -> Result<Encoded<QueueData>, AppError> {
    Encoded::new(&actions::queue(&request_context()?, fields).await?)
}

/// One record.
#[server(endpoint = "review-record")]
pub async fn load_record(id: ApplicationId) -> Result<Encoded<RecordData>, AppError> {
    Encoded::new(&actions::record(&request_context()?, id).await?)
}

/// An action on a record: the fields that its form would have posted.
#[server(endpoint = "review-action", input = Json)]
pub async fn perform(
    id: ApplicationId,
    #[server(default)] fields: FormFields,
) -> Result<Encoded<ControlErrors>, AppError> {
    Encoded::new(&actions::perform(&request_context()?, id, &fields).await?)
}

/// Claims the record that has waited longest.
#[server(endpoint = "review-next")]
pub async fn claim_next() -> Result<Option<ApplicationId>, AppError> {
    Ok(request_context()?.officer()?.next().await?)
}
