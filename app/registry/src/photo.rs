//! Photos: judged by their header, decoded in a blocking pool, encoded anew, so that nothing but pixels is kept.
use crate::{Candidate, Error, db::query, db::write};
use forms::{Field, Problem, ids::PhotoId, photo, problem::PhotoProblem, rules::PhotoRule};
use image::{ImageDecoder, codecs::jpeg};
use std::io::Cursor;

/// Judges and re-encodes a file. EXIF, comments and trailing bytes do not survive.
pub(crate) fn clean(bytes: &[u8], rule: &PhotoRule) -> Result<Vec<u8>, PhotoProblem> {
    photo::check(bytes, rule)?;
    let unreadable = |_| PhotoProblem::Unreadable;
    let decoder = jpeg::JpegDecoder::new(Cursor::new(bytes)).map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if width.saturating_mul(height) > photo::MAX_PIXELS {
        return Err(PhotoProblem::TooManyPixels);
    }
    let picture = image::DynamicImage::from_decoder(decoder).map_err(unreadable)?.into_rgb8();
    // The same picture at falling qualities until it fits; the first nearly always does.
    for quality in [88, 80, 70, 55, 40] {
        let mut out = Vec::new();
        jpeg::JpegEncoder::new_with_quality(&mut out, quality).encode_image(&picture).map_err(unreadable)?;
        if out.len() <= rule.max_bytes {
            return Ok(out);
        }
    }
    Err(PhotoProblem::TooLarge)
}

impl Candidate {
    /// Keeps a new photo. Applications already submitted keep the one they were submitted with.
    pub async fn set_photo(&self, bytes: Vec<u8>) -> Result<PhotoId, Error> {
        let registry = self.registry();
        let rule = registry.settings().account_rules.photo;
        let permit = registry.hashing().await?;
        let decoded = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            clean(&bytes, &rule)
        });
        let cleaned = decoded.await.map_err(|_| Error::Task)?;
        let jpeg = cleaned.map_err(|code| Error::Problems(vec![Problem { field: Field::Photo, code: code.into() }]))?;
        let (now, account) = (registry.settings().clock.now(), self.account().uuid());
        let id = registry.settings().entropy.uuid(now);
        write!(registry, [jpeg], conn => {
            query!(conn, execute, "INSERT INTO photo (id, account_id, jpeg, created) VALUES ($1, $2, $3, $4)", id, account, jpeg, now.0)?;
            query!(conn, execute, "UPDATE account SET photo_id = $2 WHERE id = $1", account, id)?;
            // A photo that neither the profile nor an application shows is nobody's business any more.
            query!(
                conn, execute,
                "DELETE FROM photo WHERE account_id = $1 AND id <> $2
                 AND NOT EXISTS (SELECT 1 FROM application WHERE application.photo_id = photo.id)",
                account, id
            )?;
            Ok(PhotoId::from(id))
        })
    }
    /// One of the person's own photos.
    pub async fn photo(&self, id: PhotoId) -> Result<Vec<u8>, Error> {
        let account = self.account().uuid();
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    let row = query!(
                        conn,
                        fetch_optional as (Vec<u8>,),
                        "SELECT jpeg FROM photo WHERE id = $1 AND account_id = $2",
                        id.uuid(),
                        account
                    )?;
                    row.map(|r| r.0).ok_or(Error::NotFound)
                })
            })
            .await
    }
}
