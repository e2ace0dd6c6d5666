//! The review by plain posts: the queue and the actions on a record; photo and form of a record.
use super::{actions, data::ReviewResult, state::done_code};
use crate::{
    applications::print::form::sheet,
    error::AppError,
    request::{Reply, RequestContext, Route, boxed, endpoint_of, page_of},
    routes::{Access, Endpoint, EndpointKind, Page, PageKind},
    server_functions::server_function,
};
use axum::{extract::Request, http::StatusCode};

/// The routes of the review.
pub(crate) const ROUTES: &[Route] = &[
    Route::form(PageKind::Queue, boxed!(submit_queue)),
    Route::form(PageKind::Record, boxed!(submit_action)),
    Route::page(PageKind::RecordForm, boxed!(form)),
    Route::get(EndpointKind::RecordPhoto, boxed!(photo)),
    server_function("/api/review-queue", Access::Staff),
    server_function("/api/review-record", Access::Staff),
    server_function("/api/review-action", Access::Staff),
    server_function("/api/review-next", Access::Staff),
];

/// Claims the next record, or shows what was searched for: a name that is searched for is in no URL.
async fn submit_queue(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let uri = request.uri().clone();
    let fields = context.read_form(request).await?.join_repeated();
    if fields.contains_key("next") {
        let next = context.officer()?.next().await?;
        return Ok(Reply::see(&next.map_or(Page::Queue, Page::Record)));
    }
    Ok(Reply::hydrated_with(uri, StatusCode::OK, ReviewResult { fields, ..ReviewResult::default() }))
}

/// Performs an action on a record.
async fn submit_action(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let (uri, page) = (request.uri().clone(), page_of(&request)?);
    let Page::Record(id) = page else { return Err(AppError::NotFound) };
    let fields = context.read_form(request).await?.join_repeated();
    let result = match actions::perform_for(&context, id, &fields).await {
        Ok(errors) if errors.is_empty() => {
            return Ok(Reply::SeeOther(page.with_query(&[("done", done_code(&fields))])));
        }
        Ok(errors) => ReviewResult { fields, errors, conflict: false },
        Err(AppError::Conflict) => ReviewResult { fields, errors: Vec::new(), conflict: true },
        Err(error) => return Err(error),
    };
    Ok(Reply::hydrated_with(uri, StatusCode::UNPROCESSABLE_ENTITY, result))
}

/// The form as an office prints it for signature.
async fn form(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::RecordForm(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    let officer = context.officer()?;
    let (record, printed) = (officer.record(id).await?, officer.printed_version(id).await?);
    let (photo, back) = (Endpoint::RecordPhoto(id).path(), Page::Record(id).path());
    Ok(sheet(&context, PageKind::RecordForm, record.view, printed, photo, back).await?.into())
}

/// The photo that an application was submitted with.
async fn photo(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Endpoint::RecordPhoto(id) = endpoint_of(&request)? else { return Err(AppError::NotFound) };
    Ok(Reply::jpeg(context.officer()?.photo(id).await?))
}
