//! The photo of the demonstration's people.
use crate::Error;

/// A drawn head and shoulders on white, 210 × 280 pixels: nobody's likeness.
pub fn portrait() -> Result<Vec<u8>, Error> {
    let picture = image::RgbImage::from_fn(210, 280, |x, y| {
        let (dx, dy) = (f64::from(x) - 105.0, f64::from(y) - 110.0);
        let head = (dx / 46.0).powi(2) + (dy / 58.0).powi(2) < 1.0;
        let hair = head && dy < -22.0 + (dx / 14.0).powi(2) * 0.6;
        let shoulders = (dx / 92.0).powi(2) + ((f64::from(y) - 280.0) / 104.0).powi(2) < 1.0;
        image::Rgb(match (hair, head, shoulders) {
            (true, ..) => [52, 46, 44],
            (_, true, _) => [232, 200, 178],
            (.., true) => [70, 98, 122],
            _ => [255, 255, 255],
        })
    });
    let mut jpeg = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 85)
        .encode_image(&picture)
        .map_err(|_| Error::Shipped("portrait"))?;
    Ok(jpeg)
}
