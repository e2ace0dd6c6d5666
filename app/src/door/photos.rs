//! `POST /photos`: the bytes of a JPEG from a page that is awake, or a plain multipart form. `GET /photos/:id` shows one.
use super::{
    Visitor, page,
    posts::{self, safe_path},
    see_other,
    uploads::{self, Upload},
};
use crate::{
    error::AppError,
    wire::{Outcome, Packed},
};
use axum::{
    body::to_bytes,
    extract::Request,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use forms::{
    Field, Problem,
    ids::{ApplicationId, PhotoId},
    problem::PhotoProblem,
};

/// The most that is read of an upload: more than any photo may have, little enough to refuse quickly.
const LIMIT: usize = 64 * 1024;

pub(super) async fn upload(visitor: Visitor, request: Request) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
    if kind.starts_with("image/") {
        let kept = match to_bytes(request.into_body(), LIMIT).await {
            Ok(bytes) => keep(&visitor, bytes.to_vec()).await,
            Err(_) => Ok(Err(vec![too_large()])),
        };
        return match kept {
            Ok(result @ Ok(_)) => Packed::new(&result).into_text().into_response(),
            Ok(result) => (StatusCode::UNPROCESSABLE_ENTITY, Packed::new(&result).into_text()).into_response(),
            Err(error) => crate::public::trouble(&visitor, &error),
        };
    }
    let Upload { pairs, file, too_large: large } = match uploads::upload(request, "photo", LIMIT).await {
        Ok(upload) => upload,
        Err(error) => return crate::public::trouble(&visitor, &error),
    };
    let fields = posts::posted(&pairs);
    let back = fields.get("back").and_then(|path| safe_path(path)).unwrap_or_else(|| crate::routes::profile("basic"));
    let kept = if large {
        Ok(Err(vec![too_large()]))
    } else if file.is_empty() {
        Ok(Err(vec![Problem { field: Field::Photo, code: PhotoProblem::Missing.into() }]))
    } else {
        keep(&visitor, file).await
    };
    // The answers beside the photo came with it: they are kept as the draft of their page, right or wrong.
    let beside = posts::keep(&visitor, &back, &pairs).await;
    match kept {
        Ok(Ok(_)) if beside.is_some() => see_other(&back),
        // The photo is kept; the answers beside it met another window's, and are shown to be decided on.
        Ok(Ok(_)) => match back.parse() {
            Ok(uri) => {
                page(
                    visitor,
                    uri,
                    Some(Outcome { values: posts::typed(&fields), conflict: true, ..Outcome::default() }),
                )
                .await
            }
            Err(_) => crate::public::trouble(&visitor, &AppError::BadRequest),
        },
        Ok(Err(problems)) => match back.parse() {
            Ok(uri) => {
                page(
                    visitor,
                    uri,
                    Some(Outcome { values: posts::typed(&fields), problems, conflict: beside.is_none(), masked: None }),
                )
                .await
            }
            Err(_) => crate::public::trouble(&visitor, &AppError::BadRequest),
        },
        Err(error) => crate::public::trouble(&visitor, &error),
    }
}

fn too_large() -> Problem {
    Problem { field: Field::Photo, code: PhotoProblem::TooLarge.into() }
}

async fn keep(visitor: &Visitor, bytes: Vec<u8>) -> Result<Result<PhotoId, Vec<Problem>>, AppError> {
    match visitor.candidate()?.set_photo(bytes).await {
        Ok(id) => Ok(Ok(id)),
        Err(registry::Error::Problems(problems)) => Ok(Err(problems)),
        Err(error) => Err(super::trouble(error)),
    }
}

/// The photo of a record at the desk.
pub(super) async fn of_record(visitor: Visitor, request: Request) -> Response {
    let id = request.uri().path().split('/').nth(3).and_then(ApplicationId::parse);
    let photo = match (id, visitor.officer()) {
        (Some(id), Ok(officer)) => officer.photo(id).await.map_err(super::trouble),
        _ => Err(AppError::NotFound),
    };
    shown(&visitor, photo)
}

pub(super) async fn show(visitor: Visitor, request: Request) -> Response {
    let id = request.uri().path().rsplit('/').next().and_then(PhotoId::parse);
    let photo = match (id, visitor.candidate()) {
        (Some(id), Ok(candidate)) => candidate.photo(id).await.map_err(super::trouble),
        _ => Err(AppError::NotFound),
    };
    shown(&visitor, photo)
}

fn shown(visitor: &Visitor, photo: Result<Vec<u8>, AppError>) -> Response {
    match photo {
        Ok(jpeg) => {
            ([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, no-store")], jpeg).into_response()
        }
        Err(error) => crate::public::trouble(visitor, &error),
    }
}
