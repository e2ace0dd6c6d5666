//! An annex in PDF.
use super::{
    content::{AnnexText, annex_text},
    prefill::{Prefill, Source},
};
use crate::{
    error::AppError,
    pdf::{Cell, PdfFont, write},
    request::RequestContext,
};
use forms::materials::Annex;
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

/// The empty forms, which are the same for everybody and are written once.
static EMPTY: Mutex<Option<HashMap<&'static str, Vec<u8>>>> = Mutex::new(None);

fn empty(annex: Annex) -> Option<Vec<u8>> {
    EMPTY.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?.get(annex.code()).cloned()
}
fn keep_empty(annex: Annex, file: &[u8]) {
    let mut kept = EMPTY.lock().unwrap_or_else(PoisonError::into_inner);
    kept.get_or_insert_default().insert(annex.code(), file.to_vec());
}

/// Writes an annex, beside the threads that answer, and a few at a time.
///
/// # Errors
/// [`AppError::NotFound`] where there is no font to write it with.
pub(super) async fn annex_pdf(
    context: &RequestContext,
    annex: Annex,
    source: Source,
    prefill: Prefill,
) -> Result<Vec<u8>, AppError> {
    let text = annex_text(annex).ok_or(AppError::NotFound)?;
    let font = context.state.pdf_font.clone().ok_or(AppError::NotFound)?;
    if let Some(file) = empty(annex).filter(|_| source == Source::Empty) {
        return Ok(file);
    }
    let place = context.state.pdf_writers.clone().acquire_owned().await.map_err(|_| AppError::Unavailable)?;
    let written = tokio::task::spawn_blocking(move || {
        let file = paper(&font, annex, text, &prefill);
        drop(place);
        file
    });
    let file = match written.await {
        Ok(Ok(file)) => file,
        Ok(Err(error)) => {
            tracing::error!(%error, "a paper could not be written in PDF");
            return Err(AppError::Unavailable);
        }
        Err(error) => {
            tracing::error!(%error, "writing a paper in PDF broke off");
            return Err(AppError::Unavailable);
        }
    };
    if source == Source::Empty {
        keep_empty(annex, &file);
    }
    Ok(file)
}

fn paper(font: &PdfFont, annex: Annex, text: &AnnexText, prefill: &Prefill) -> std::io::Result<Vec<u8>> {
    const BODY: f32 = 10.5;
    let footer = format!("附{}　{}", annex.code(), text.title);
    write(font, &text.title, &footer, |sheet| {
        sheet.centred(10.0, &format!("附 {}", annex.code()));
        sheet.centred(16.0, &text.title);
        sheet.skip(12.0);
        for row in &text.rows {
            let cells: Vec<Cell<'_>> = row
                .iter()
                .map(|cell| Cell {
                    label: &cell.label,
                    value: cell.field().and_then(|field| prefill.get(&field)).map_or("", String::as_str),
                })
                .collect();
            sheet.row(BODY, &cells);
        }
        if !text.text.is_empty() {
            sheet.skip(8.0);
        }
        for paragraph in &text.text {
            sheet.paragraph(BODY, paragraph);
        }
        if !text.text.is_empty() {
            sheet.skip(8.0);
        }
        for writing in &text.boxes {
            sheet.writing_box(BODY, &writing.label, writing.lines, &writing.signatures);
        }
        sheet.skip(6.0);
        for note in &text.notes {
            sheet.paragraph(9.0, note);
        }
    })
}
