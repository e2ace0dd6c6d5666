//! Groups, entries and photos of the profile by plain posts.
use super::{
    actions::{self, begun_entry},
    data::{DELETED_PARAMETER, after_saving},
    fields::entry_title,
};
use crate::{
    components::Question,
    error::AppError,
    http::{
        form::{FormData, safe_path, to_values},
        multipart::{UPLOAD_LIMIT, Upload},
        rate_limit::Peer,
    },
    i18n,
    name_requests::{origin::redirect_to_names, resolve::resolve_names},
    request::{Reply, RequestContext, Route, boxed, endpoint_of, page_of},
    routes::{Access, Endpoint, EndpointKind, Page, PageKind, ProfileGroup},
    server_functions::server_function,
    transport::{Encoded, SaveResult, SubmissionResult},
};
use axum::{
    body::to_bytes,
    extract::Request,
    http::{StatusCode, header},
};
use forms::{
    Field, Problem,
    ids::{EntryId, PhotoId},
    problem::PhotoProblem,
};

/// The routes of the profile.
pub(crate) const ROUTES: &[Route] = &[
    Route::form(PageKind::Profile, boxed!(submit_group)).saving(boxed!(save_group_draft, 3)),
    Route::page(PageKind::Entry, boxed!(show_entry)),
    Route::form(PageKind::Entry, boxed!(submit_entry)).saving(boxed!(save_entry_draft, 3)),
    Route::post(EndpointKind::Photos, boxed!(upload_photo)).body_limit(UPLOAD_LIMIT),
    Route::get(EndpointKind::Photo, boxed!(photo)),
    server_function("/api/profile", Access::Candidate),
    server_function("/api/save-group", Access::Candidate),
    server_function("/api/save-entry", Access::Candidate),
];

/// Saves a group as it was typed.
async fn save_group_draft(context: RequestContext, page: Page, form: FormData) -> Result<Page, AppError> {
    let Page::Profile(group) = page else { return Err(AppError::NotFound) };
    actions::save_group(&context, group, form.join_repeated(), form.version(), false).await?;
    Ok(page)
}

/// 提交 of a group; leads to the next one.
async fn submit_group(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let (uri, page) = (request.uri().clone(), page_of(&request)?);
    let Page::Profile(group) = page else { return Err(AppError::NotFound) };
    let form = context.read_form(request).await?;
    let (mut fields, version) = (form.join_repeated(), form.version());
    // A listed name that was typed is shown as listed again, should something else be wrong.
    resolve_names(&context, &mut fields);
    let values = to_values(&fields);
    if let Some(reply) = redirect_to_names(&context, &page, &form).await {
        return Ok(reply);
    }
    // Of a file that was chosen and not uploaded a plain post has the name alone.
    let is_missed = group == ProfileGroup::Basic
        && !form.last_value(Field::Photo.name()).is_empty()
        && context.candidate()?.profile().await?.account.photo.is_none();
    let saved = if is_missed {
        Ok(SaveResult::Problems(vec![Problem { field: Field::Photo, code: PhotoProblem::NotUploaded.into() }]))
    } else {
        actions::save_group(&context, group, fields.clone(), version, true).await
    };
    let saved = match saved {
        Ok(SaveResult::Problems(problems)) => {
            // What was typed is stored as a draft, wrong as it may be.
            let draft = actions::save_group(&context, group, fields, version, false).await;
            let conflict = draft == Err(AppError::Conflict);
            return Ok(Reply::with_errors(uri, SubmissionResult { values, problems, conflict, masked: None }));
        }
        saved => saved.map(|_| Ok(())),
    };
    Ok(match Reply::from_save(uri, values, saved)? {
        Ok(()) => Reply::SeeOther(after_saving(group, group.next())),
        Err(page) => page,
    })
}

/// `GET`: the page of an entry.
async fn show_entry(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    if let Page::Entry(kind, None) = page_of(&request)?
        && let Some(id) = begun_entry(&context, kind, request.uri()).await?
    {
        return Ok(Reply::see(&Page::Entry(kind, Some(id))));
    }
    Ok(Reply::hydrated(request.uri().clone()))
}

/// Saves an entry as it was typed. A deletion carries no answers: taken for a draft it would blank the entry.
async fn save_entry_draft(context: RequestContext, page: Page, form: FormData) -> Result<Page, AppError> {
    let Page::Entry(kind, id) = page else { return Err(AppError::NotFound) };
    if is_deletion(&form) {
        return Ok(Page::Profile(kind.into()));
    }
    let saved = actions::save_entry(&context, kind, id, form.join_repeated(), form.version(), false).await?;
    match saved {
        Ok((id, _)) => Ok(Page::Entry(kind, Some(id))),
        Err(_) => Err(AppError::BadRequest),
    }
}

fn is_deletion(form: &FormData) -> bool {
    !form.last_value("delete").is_empty()
}

/// Deletes an entry. One that was changed elsewhere meanwhile stays, and the list shows it as it is now.
async fn delete_entry(context: &RequestContext, group: &Page, id: EntryId, version: i64) -> Result<Reply, AppError> {
    match context.candidate()?.delete_entry(id, version).await {
        Ok(()) => Ok(Reply::SeeOther(group.with_query(&[(DELETED_PARAMETER, String::new())]))),
        Err(registry::Error::Conflict) => Ok(Reply::see(group)),
        Err(error) => Err(error.into()),
    }
}

/// Asks whether an entry is to be deleted.
async fn ask_to_delete(context: &RequestContext, page: &Page, id: EntryId, version: i64) -> Result<Reply, AppError> {
    let lang = context.lang;
    let entries = context.candidate()?.profile().await?.entries;
    let entry = entries.into_iter().find(|entry| entry.id == id).ok_or(AppError::NotFound)?;
    let question = Question {
        title: i18n::question_delete_title(lang),
        lines: vec![entry_title(lang, &entry.draft), i18n::question_delete_effect(lang).to_owned()],
        post: page.path(),
        pairs: vec![("version", version.to_string()), ("delete", "yes".to_owned())],
        button: i18n::question_delete(lang),
        back: (i18n::question_delete_back(lang), Page::Profile(entry.kind().into()).path()),
    };
    Ok(question.page(PageKind::Entry).into())
}

/// Submits or deletes an entry.
async fn submit_entry(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let (uri, page) = (request.uri().clone(), page_of(&request)?);
    let Page::Entry(kind, id) = page else { return Err(AppError::NotFound) };
    let form = context.read_form(request).await?;
    let group = Page::Profile(kind.into());
    match (id, form.last_value("delete")) {
        (Some(id), "yes") => return delete_entry(&context, &group, id, form.version()).await,
        (Some(id), "ask") => return ask_to_delete(&context, &page, id, form.version()).await,
        _ => {}
    }
    if let Some(reply) = redirect_to_names(&context, &page, &form).await {
        return Ok(reply);
    }
    let mut fields = form.join_repeated();
    resolve_names(&context, &mut fields);
    let values = to_values(&fields);
    let saved = actions::save_entry(&context, kind, id, fields, form.version(), true).await;
    Ok(match Reply::from_save(uri, values, saved)? {
        Ok(_) => Reply::SeeOther(after_saving(kind.into(), kind.into())),
        Err(page) => page,
    })
}

/// The most that is read of a photo, in bytes: more than any may have, little enough to refuse quickly.
const PHOTO_LIMIT: usize = 64 * 1024;

/// The bytes of a JPEG from the script, or a plain multipart form.
async fn upload_photo(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let peer = request.extensions().get::<Peer>().copied();
    let allowed = peer.is_none_or(|peer| context.state.upload_limiter.allow(peer));
    if kind.starts_with("image/") && !allowed {
        return Err(AppError::TooMany);
    }
    if kind.starts_with("image/") {
        context.accept_page_header(request.headers())?;
        let stored = match to_bytes(request.into_body(), PHOTO_LIMIT).await {
            Ok(bytes) => store_photo(&context, bytes.to_vec()).await?,
            Err(_) => Err(vec![photo_problem(PhotoProblem::TooLarge)]),
        };
        let status = if stored.is_ok() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
        return Ok(Reply::response((status, Encoded::new(&stored)?.into_text())));
    }
    let Upload { form, file, too_large } = context.read_upload(request, "photo", PHOTO_LIMIT).await?;
    let values = to_values(&form.join_repeated());
    let back = safe_path(form.last_value("back")).and_then(|path| Page::from_path(&path));
    let page = back.unwrap_or(Page::Profile(ProfileGroup::Basic));
    let stored = if too_large {
        Ok(Err(vec![photo_problem(PhotoProblem::TooLarge)]))
    } else if file.is_empty() {
        Ok(Err(vec![photo_problem(PhotoProblem::Missing)]))
    } else if !allowed {
        Err(AppError::TooMany)
    } else {
        store_photo(&context, file).await
    };
    // The answers beside the photo came with it: they are saved as the draft of their page, right or wrong.
    let saved = context.save_draft(page.clone(), form).await.is_ok_and(|saved| saved.is_some());
    let problems = match stored? {
        Ok(_) if saved => return Ok(Reply::see(&page)),
        // The photo is stored; the answers beside it met another window's, and are shown to be decided on.
        Ok(_) => Vec::new(),
        Err(problems) => problems,
    };
    let uri = page.path().parse().map_err(|_| AppError::BadRequest)?;
    Ok(Reply::with_errors(uri, SubmissionResult { values, problems, conflict: !saved, masked: None }))
}

fn photo_problem(code: PhotoProblem) -> Problem {
    Problem { field: Field::Photo, code: code.into() }
}

async fn store_photo(context: &RequestContext, bytes: Vec<u8>) -> Result<Result<PhotoId, Vec<Problem>>, AppError> {
    match context.candidate()?.set_photo(bytes).await {
        Ok(id) => Ok(Ok(id)),
        Err(registry::Error::Problems(problems)) => Ok(Err(problems)),
        Err(error) => Err(error.into()),
    }
}

/// A photo of one's own.
async fn photo(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Endpoint::Photo(id) = endpoint_of(&request)? else { return Err(AppError::NotFound) };
    Ok(Reply::jpeg(context.candidate()?.photo(id).await?))
}
