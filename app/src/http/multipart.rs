//! Forms with a file.
use crate::{error::AppError, pairs::Pairs};
use axum::{
    extract::{FromRequest, Multipart, Request},
    http::header,
};

/// What a form with a file held.
#[derive(Default)]
pub(super) struct Upload {
    /// The answers beside the file.
    pub pairs: Pairs,
    /// The file; nothing where none was chosen or it was too large.
    pub file: Vec<u8>,
    /// Whether it had more bytes than it may have. It was read to its end, so that the page can say so.
    pub too_large: bool,
}

/// Reads a form as it comes from a browser: in parts where it holds a file, otherwise as any form. Half a form is none. Files of other
/// names are read past.
pub(super) async fn upload(request: Request, file: &str, limit: usize) -> Result<Upload, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/") {
        return super::posts::pairs(request).await.map(|pairs| Upload { pairs, ..Upload::default() });
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| AppError::BadRequest)?;
    let mut upload = Upload::default();
    let mut read = 0;
    while let Some(mut field) = form.next_field().await.map_err(|_| AppError::BadRequest)? {
        let name = field.name().unwrap_or_default().to_owned();
        let wanted = name == file;
        if wanted || field.file_name().is_some() {
            while let Some(chunk) = field.chunk().await.map_err(|_| AppError::BadRequest)? {
                if !wanted {
                    continue;
                }
                if upload.file.len() + chunk.len() > limit {
                    upload.too_large = true;
                } else {
                    upload.file.extend_from_slice(&chunk);
                }
            }
            continue;
        }
        // The answers are a form's, however many parts it says it has.
        let text = field.text().await.map_err(|_| AppError::BadRequest)?;
        read += name.len() + text.len();
        if read > super::FORM_LIMIT {
            return Err(AppError::BadRequest);
        }
        upload.pairs.push((name, text));
    }
    if upload.too_large {
        upload.file.clear();
    }
    Ok(upload)
}
