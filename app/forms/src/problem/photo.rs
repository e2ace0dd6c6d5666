//! What can be wrong with a photo.
use super::Code;
use core::fmt;

/// What is wrong with a photo (S30, X12).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoProblem {
    /// No photo yet.
    Missing,
    /// A file was chosen in a form that cannot carry it: without script it is sent by a button of its own.
    NotUploaded,
    /// Not a JPEG file.
    NotJpeg,
    /// More bytes than the rule set allows.
    TooLarge,
    /// Fewer pixels than these, which the rule set asks.
    TooSmall(Pixels),
    /// More pixels than any such photo has.
    TooManyPixels,
    /// A JPEG that cannot be read to its end, or of a kind browsers do not show.
    Unreadable,
    /// Wider than high.
    NotPortrait,
}
impl PhotoProblem {
    /// One of each, with the pixels that a number stands for.
    pub(super) const fn of(number: u32) -> [Self; 8] {
        let pixels = Pixels::of(number);
        [
            Self::Missing,
            Self::NotUploaded,
            Self::NotJpeg,
            Self::TooLarge,
            Self::TooSmall(pixels),
            Self::TooManyPixels,
            Self::Unreadable,
            Self::NotPortrait,
        ]
    }
    /// The key of its sentence under `problem.` in the locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Missing => "photo.missing",
            Self::NotUploaded => "photo.not_uploaded",
            Self::NotJpeg => "photo.not_jpeg",
            Self::TooLarge => "photo.too_large",
            Self::TooSmall(_) => "photo.too_small",
            Self::TooManyPixels => "photo.too_many_pixels",
            Self::Unreadable => "photo.unreadable",
            Self::NotPortrait => "photo.not_portrait",
        }
    }
}
impl From<PhotoProblem> for Code {
    fn from(code: PhotoProblem) -> Code {
        Code::Photo(code)
    }
}

/// Pixels across and down, as people read them: `190 × 254`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pixels(pub u16, pub u16);
impl Pixels {
    /// Both in one number, as a code travels.
    pub(super) const fn number(self) -> u32 {
        ((self.0 as u32) << 16) | self.1 as u32
    }
    const fn of(number: u32) -> Self {
        Self((number >> 16) as u16, number as u16)
    }
}
impl fmt::Display for Pixels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.0, self.1)
    }
}
