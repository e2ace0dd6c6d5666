//! A short list handed out in full, so that a browser searches it at each key without a request.
use flate2::{Compression, write::GzEncoder};
use names::{Readings, full_list};
use sha2::{Digest, Sha256};
use std::{fmt::Write as _, io::Write};

/// Names, including former ones, of the longest list that is handed out in full: some 100 KB when compressed.
pub const MAX_FULL_LIST: usize = 4_000;

/// A list in the lines of [`full_list`].
pub struct FullList {
    /// Changes with the content; it is also the first line.
    pub tag: String,
    /// The lines.
    pub plain: Vec<u8>,
    /// The lines in gzip (RFC 1952).
    pub packed: Vec<u8>,
}

impl FullList {
    /// Encodes entries, which are sorted; nothing if compression fails.
    pub(super) fn of(mut all: Vec<full_list::Entry>, readings: &Readings) -> Option<Self> {
        all.sort();
        let digest = Sha256::digest(full_list::write("", &all, readings));
        let tag = digest.iter().take(8).fold(String::new(), |mut tag, byte| {
            // Writing to a `String` cannot fail.
            let _ = write!(tag, "{byte:02x}");
            tag
        });
        let plain = full_list::write(&tag, &all, readings).into_bytes();
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(&plain).ok()?;
        Some(Self { tag, packed: packed.finish().ok()?, plain })
    }
}
