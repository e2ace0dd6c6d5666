//! Photos. Header and scans are checked first; then the picture is decoded in a pool of its own and encoded anew, so that nothing
//! but pixels is kept.
use crate::{
    Error, Registry,
    db::{Conn, sql, transaction},
    stored_catalogue::StoredCatalogue,
    throttle::Budget,
};
use forms::{
    Field, Problem,
    ids::{AccountId, PhotoId},
    photo,
    problem::PhotoProblem,
    rule_set::PhotoRule,
};
use image::{ImageDecoder, codecs::jpeg};
use std::io::Cursor;
use uuid::Uuid;

/// Photos that one account may send within an hour, right or wrong.
const UPLOADS: i64 = 240;

/// Checks and re-encodes a file. EXIF, comments and trailing bytes do not survive.
pub(crate) fn clean(bytes: &[u8], rule: &PhotoRule) -> Result<Vec<u8>, PhotoProblem> {
    photo::check(bytes, rule)?;
    photo::check_scans(bytes)?;
    let unreadable = |_| PhotoProblem::Unreadable;
    let decoder = jpeg::JpegDecoder::new(Cursor::new(bytes)).map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if width.saturating_mul(height) > photo::MAX_PIXELS {
        return Err(PhotoProblem::TooManyPixels);
    }
    let picture = image::DynamicImage::from_decoder(decoder).map_err(unreadable)?.into_rgb8();
    // At falling qualities until it fits; the first nearly always does.
    for quality in [88, 80, 70, 55, 40] {
        let mut out = Vec::new();
        jpeg::JpegEncoder::new_with_quality(&mut out, quality).encode_image(&picture).map_err(unreadable)?;
        if out.len() <= rule.max_bytes {
            return Ok(out);
        }
    }
    Err(PhotoProblem::TooLarge)
}

impl Registry {
    /// What a photo must be that is uploaded now: right by the platform's rules and by those of every session that is open, so
    /// that it can be used for any of them (X12).
    pub async fn photo_rule(&self) -> Result<PhotoRule, Error> {
        self.photo_rule_of(&*self.catalogue().await?)
    }
    /// The same by the sessions of a catalogue that was read.
    pub(crate) fn photo_rule_of(&self, catalogue: &StoredCatalogue) -> Result<PhotoRule, Error> {
        let open = catalogue.open_rules(self.settings().clock.now())?;
        Ok(open.iter().map(|rules| rules.photo).fold(self.settings().account_rules.photo, PhotoRule::strictest))
    }
    /// Stores a new photo of an account.
    pub(crate) async fn set_photo(&self, account: AccountId, bytes: Vec<u8>) -> Result<PhotoId, Error> {
        let rule = self.photo_rule().await?;
        let bucket = self.settings().sealer.blind_index("uploads", &account.uuid().to_string());
        if !self.take_attempts(&[Budget { bucket, most: UPLOADS, pauses: false }]).await? {
            return Err(Error::TooOften);
        }
        let cleaned = self.decoding().run(account.uuid(), move || clean(&bytes, &rule)).await?;
        let jpeg = cleaned.map_err(|code| Error::Problems(vec![Problem { field: Field::Photo, code: code.into() }]))?;
        let (now, account) = (self.settings().clock.now(), account.uuid());
        let id = self.settings().entropy.uuid(now);
        transaction!(self, [jpeg], conn => {
            sql!(conn, execute, "INSERT INTO photo (id, account_id, jpeg, created) VALUES ($1, $2, $3, $4)", id, account, jpeg, now.0)?;
            sql!(conn, execute, "UPDATE account SET photo_id = $2 WHERE id = $1", account, id)?;
            // Photos that neither the profile nor an application shows are not kept.
            sql!(
                conn, execute,
                "DELETE FROM photo WHERE account_id = $1 AND id <> $2
                 AND NOT EXISTS (SELECT 1 FROM application WHERE application.photo_id = photo.id)",
                account, id
            )?;
            Ok(PhotoId::from(id))
        })
    }
}

/// A photo of an account.
pub(crate) async fn of_account(conn: &mut Conn<'_>, account: AccountId, photo: PhotoId) -> Result<Vec<u8>, Error> {
    let row = sql!(
        conn,
        fetch_optional as (Vec<u8>,),
        "SELECT jpeg FROM photo WHERE id = $1 AND account_id = $2",
        photo.uuid(),
        account.uuid()
    )?;
    row.map(|(jpeg,)| jpeg).ok_or(Error::NotFound)
}

/// The photo that an application was submitted with.
pub(crate) async fn of_application(conn: &mut Conn<'_>, application: Uuid) -> Result<Vec<u8>, Error> {
    let row = sql!(
        conn,
        fetch_optional as (Vec<u8>,),
        "SELECT jpeg FROM photo JOIN application ON photo_id = photo.id WHERE application.id = $1",
        application
    )?;
    row.map(|(jpeg,)| jpeg).ok_or(Error::NotFound)
}
