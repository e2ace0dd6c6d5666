//! A photo, checked by its first bytes alone: the browser says what is wrong before anything is sent, and the server
//! decodes nothing that this has refused. A file of 40 KB may declare 65 535 × 65 535 pixels.
use crate::{problem::PhotoProblem, rule_set::PhotoRule};

/// The most pixels that are ever decoded.
pub const MAX_PIXELS: u32 = 4_000_000;

/// Width and height in pixels, as the frame header states them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Pixels across.
    pub width: u16,
    /// Pixels down.
    pub height: u16,
}

/// Reads the frame header of a baseline or progressive JPEG, grey or colour.
pub fn frame(bytes: &[u8]) -> Result<Frame, PhotoProblem> {
    if !bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        return Err(PhotoProblem::NotJpeg);
    }
    let mut at = 2;
    loop {
        // Any number of fill bytes may stand before a marker.
        let marker = loop {
            match bytes.get(at..at + 2) {
                Some([0xFF, 0xFF]) => at += 1,
                Some([0xFF, marker]) => break *marker,
                _ => return Err(PhotoProblem::Unreadable),
            }
        };
        let segment = bytes.get(at + 2..).ok_or(PhotoProblem::Unreadable)?;
        let &[high, low, ..] = segment else { return Err(PhotoProblem::Unreadable) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        match marker {
            0xC0..=0xC2 => {
                let &[_, _, precision, h1, h0, w1, w0, components, ..] = segment else {
                    return Err(PhotoProblem::Unreadable);
                };
                if precision != 8 || !matches!(components, 1 | 3) {
                    return Err(PhotoProblem::Unreadable);
                }
                return Ok(Frame { width: u16::from_be_bytes([w1, w0]), height: u16::from_be_bytes([h1, h0]) });
            }
            // Lossless, arithmetic and hierarchical frames, image data before a frame, end of image.
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF | 0xD9 | 0xDA => return Err(PhotoProblem::Unreadable),
            _ if length < 2 => return Err(PhotoProblem::Unreadable),
            _ => at += 2 + length,
        }
    }
}

/// Checks a file by the rule set, without decoding it.
pub fn check(bytes: &[u8], rule: &PhotoRule) -> Result<Frame, PhotoProblem> {
    let frame = frame(bytes)?;
    if bytes.len() > rule.max_bytes {
        return Err(PhotoProblem::TooLarge);
    }
    check_frame(frame, rule)
}

/// Checks the pixels alone, for a file that will be made smaller.
pub fn check_frame(frame: Frame, rule: &PhotoRule) -> Result<Frame, PhotoProblem> {
    if u32::from(frame.width) * u32::from(frame.height) > MAX_PIXELS {
        return Err(PhotoProblem::TooManyPixels);
    }
    if frame.width < rule.min_width || frame.height < rule.min_height {
        return Err(PhotoProblem::TooSmall(rule.pixels()));
    }
    if frame.width >= frame.height {
        return Err(PhotoProblem::NotPortrait);
    }
    Ok(frame)
}

/// The most scans of a picture that is decoded. Encoders write ten for a progressive picture in colour; each costs as much
/// as the whole picture, however few bytes it has.
pub const MAX_SCANS: usize = 16;

/// Checks that a JPEG has no more than [`MAX_SCANS`] scans and that it is whole: its end is there, after a scan. Bytes behind
/// the end do not matter. The server asks this before it decodes; a browser, whose own decoder has seen the file, need not.
pub fn check_scans(bytes: &[u8]) -> Result<(), PhotoProblem> {
    let mut at = 2;
    let mut scans = 0;
    loop {
        // Compressed data hold no marker but restarts, and a zero behind each byte that looks like the beginning of one.
        let marker = loop {
            match bytes.get(at..at + 2) {
                Some([0xFF, 0xFF]) => at += 1,
                Some([0xFF, 0x00 | 0xD0..=0xD7]) if scans > 0 => at += 2,
                Some([0xFF, marker]) => break *marker,
                Some(_) if scans > 0 => at += 1,
                _ => return Err(PhotoProblem::Unreadable),
            }
        };
        match marker {
            0xD9 if scans > 0 => return Ok(()),
            0xDA => {
                scans += 1;
                if scans > MAX_SCANS {
                    return Err(PhotoProblem::Unreadable);
                }
            }
            _ => {}
        }
        let Some(&[high, low]) = bytes.get(at + 2..at + 4) else { return Err(PhotoProblem::Unreadable) };
        let length = usize::from(u16::from_be_bytes([high, low]));
        if length < 2 {
            return Err(PhotoProblem::Unreadable);
        }
        at += 2 + length;
    }
}
