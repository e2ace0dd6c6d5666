//! Forms with a file.
use super::{
    form::{FORM_LIMIT, FormData, read_form},
    text::clean,
};
use crate::error::AppError;
use axum::{
    extract::{FromRequest, Multipart, Request},
    http::header,
};

/// The largest body that is read of an upload, in bytes; what is kept of it is far smaller.
pub const UPLOAD_LIMIT: usize = 8 * 1024 * 1024;

/// The most parts of an upload. The largest form with a file has some thirty.
pub const MOST_PARTS: usize = 64;

/// A posted form that may hold a file.
#[derive(Default)]
pub struct Upload {
    /// The values beside the file.
    pub form: FormData,
    /// The file; empty where none was chosen or it was too large.
    pub file: Vec<u8>,
    /// Whether it had more bytes than it may have. It was read to its end, so that the page can say so.
    pub too_large: bool,
}

/// Reads a form as a browser sends it: multipart where it holds a file, URL-encoded otherwise. Files of other names are
/// skipped.
///
/// # Errors
/// [`AppError::BadRequest`] if the form is incomplete, malformed, of more than [`MOST_PARTS`], or its values are longer than
/// [`FORM_LIMIT`].
pub async fn read_upload(request: Request, file: &str, limit: usize) -> Result<Upload, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("multipart/") {
        return read_form(request).await.map(|form| Upload { form, ..Upload::default() });
    }
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| AppError::BadRequest)?;
    let mut upload = Upload::default();
    let (mut read, mut parts) = (0, 0);
    while let Some(mut field) = form.next_field().await.map_err(|_| AppError::BadRequest)? {
        parts += 1;
        if parts > MOST_PARTS {
            return Err(AppError::BadRequest);
        }
        let name = clean(field.name().unwrap_or_default().to_owned());
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
        // The limit holds for the values together, however many parts there are.
        let text = field.text().await.map_err(|_| AppError::BadRequest)?;
        read += name.len() + text.len();
        if read > FORM_LIMIT {
            return Err(AppError::BadRequest);
        }
        upload.form.0.push((name, clean(text)));
    }
    if upload.too_large {
        upload.file.clear();
    }
    Ok(upload)
}
