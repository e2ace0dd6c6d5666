//! Random tokens, as they stand in cookies. Only their hashes are stored.
use crate::{Registry, seal};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// A token of 256 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);
impl Token {
    /// One of 256 random bits.
    pub(crate) fn new(registry: &Registry) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(registry.settings().entropy.bytes::<32>()))
    }
    /// One of 128 random bits for a browser that logged in, with a keyed hash of them: whether it was issued here is seen
    /// before the database is asked for it.
    pub(crate) fn for_device(registry: &Registry) -> Self {
        let random = registry.settings().entropy.bytes::<16>();
        Self(BASE64_URL_SAFE_NO_PAD.encode([random, device_tag(registry, &random)].concat()))
    }
    /// One of 256 bits that were made elsewhere; nothing for another number of bits.
    pub(crate) fn of_bytes(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == 32).then(|| Self(BASE64_URL_SAFE_NO_PAD.encode(bytes)))
    }
    /// Whether it was made by [`Token::for_device`].
    pub(crate) fn is_of_device(&self, registry: &Registry) -> bool {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&self.0).unwrap_or_default();
        let Some((random, tag)) = bytes.split_first_chunk::<16>() else { return false };
        let expected = device_tag(registry, random);
        // All bytes are compared, so that the time says nothing about the first that differs.
        tag.len() == expected.len() && tag.iter().zip(expected).fold(0, |differ, (a, b)| differ | (a ^ b)) == 0
    }
    /// Reads a cookie's value.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')))
            .then(|| Self(text.to_owned()))
    }
    /// The cookie's value.
    pub fn expose(&self) -> &str {
        &self.0
    }
    pub(crate) fn hash(&self) -> Vec<u8> {
        seal::token_hash(self.0.as_bytes())
    }
}

fn device_tag(registry: &Registry, random: &[u8; 16]) -> [u8; 16] {
    let tag = registry.settings().sealer.blind_index("device cookie", &BASE64_URL_SAFE_NO_PAD.encode(random));
    tag.first_chunk().copied().unwrap_or_default()
}
