//! Sealing of personal data at rest, and the keyed hash that finds a sealed number.
use crate::{Entropy, Error};
use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit,
    aead::{Aead, Payload},
};
use hmac::{Hmac, Mac};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use uuid::Uuid;

/// Seals with ChaCha20-Poly1305. A sealed value is: key id (1 byte), nonce (12), ciphertext and tag. Its associated data names
/// the table and the row, so that a value copied into another row does not open.
#[derive(Clone)]
pub struct Sealer(Arc<Keys>);
struct Keys {
    id: u8,
    cipher: ChaCha20Poly1305,
    index: [u8; 32],
}

impl Sealer {
    /// Derives the keys from a secret of 32 bytes.
    pub fn new(secret: &[u8; 32]) -> Self {
        let derive =
            |purpose: &str| -> [u8; 32] { Sha256::new().chain_update(secret).chain_update(purpose).finalize().into() };
        let cipher = ChaCha20Poly1305::new(&derive("yikao sealing 1").into());
        Self(Arc::new(Keys { id: 1, cipher, index: derive("yikao index 1") }))
    }
    /// The id of the key, which begins each sealed value.
    pub(crate) fn key_id(&self) -> i64 {
        self.0.id.into()
    }
    /// Seals bytes with associated data.
    pub fn seal(&self, entropy: &Entropy, aad: &[&[u8]], plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; 12] = entropy.bytes();
        let aad = aad.concat();
        let mut sealed = vec![self.0.id];
        sealed.extend(nonce);
        // Encryption of less than 256 GB cannot fail.
        sealed.extend(self.0.cipher.encrypt(&nonce.into(), Payload { msg: plain, aad: &aad }).unwrap_or_default());
        sealed
    }
    /// Opens what was sealed with the same associated data.
    pub fn open(&self, aad: &[&[u8]], sealed: &[u8]) -> Result<Vec<u8>, Error> {
        let aad = aad.concat();
        let [id, rest @ ..] = sealed else { return Err(Error::Sealed) };
        let Some((nonce, body)) = rest.split_first_chunk::<12>() else { return Err(Error::Sealed) };
        if *id != self.0.id {
            return Err(Error::Sealed);
        }
        self.0.cipher.decrypt(&(*nonce).into(), Payload { msg: body, aad: &aad }).map_err(|_| Error::Sealed)
    }
    /// Seals a value as JSON.
    pub(crate) fn seal_json<T: Serialize>(
        &self,
        entropy: &Entropy,
        aad: &[&[u8]],
        value: &T,
    ) -> Result<Vec<u8>, Error> {
        let json = serde_json::to_vec(value).map_err(|_| Error::Encode("JSON"))?;
        Ok(self.seal(entropy, aad, &json))
    }
    /// Opens a value sealed as JSON.
    pub(crate) fn open_json<T: DeserializeOwned>(&self, aad: &[&[u8]], sealed: &[u8]) -> Result<T, Error> {
        serde_json::from_slice(&self.open(aad, sealed)?).map_err(|_| unreadable(aad))
    }
    /// A keyed hash over parts whose lengths are fixed or encoded, for one purpose: what is made for another differs.
    pub(crate) fn keyed_hash(&self, purpose: &str, parts: &[&[u8]]) -> Vec<u8> {
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.0.index) else { return Vec::new() };
        let mac = parts.iter().fold(mac.chain_update(purpose).chain_update([0]), |mac, part| mac.chain_update(part));
        mac.finalize().into_bytes().to_vec()
    }
    /// A blind index: the keyed hash by which a sealed value is found.
    pub fn blind_index(&self, purpose: &str, text: &str) -> Vec<u8> {
        let Ok(mac) = Hmac::<Sha256>::new_from_slice(&self.0.index) else { return Vec::new() };
        mac.chain_update(purpose).chain_update([0]).chain_update(text).finalize().into_bytes().to_vec()
    }
}

/// The column that associated data belongs to, and the key of its row.
fn unreadable(aad: &[&[u8]]) -> Error {
    let (label, key): (&[u8], &[&[u8]]) = aad.split_first().map_or((&[], &[]), |(label, key)| (*label, key));
    let (table, column) = match label {
        b"application" => ("application", "draft_sealed"),
        b"snapshot" => ("application", "snapshot_sealed"),
        b"group" => ("profile_group", "draft_sealed"),
        b"entry" => ("entry", "draft_sealed"),
        b"finding" => ("finding", "sealed"),
        b"correction" => ("correction", "sealed"),
        b"parked_form" => ("parked_form", "sealed"),
        b"session" => ("session", "origin_sealed"),
        b"identity_claim" => ("identity_claim", "sealed"),
        _ => ("?", "?"),
    };
    let part = |part: &&[u8]| match Uuid::from_slice(part) {
        Ok(id) => id.to_string(),
        Err(_) => std::str::from_utf8(part).unwrap_or("?").to_owned(),
    };
    Error::stored(table, column, key.iter().map(part).collect::<Vec<_>>().join(" "))
}

/// The hash under which a random token is stored.
pub(crate) fn token_hash(token: &[u8]) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}
