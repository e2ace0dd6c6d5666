//! The token of a page: whom it was drawn for, and which page it is.
//!
//! Every page carries one; its forms, server functions and uploads bring it back. It is sealed, so it names nobody to a
//! reader, cannot be made up, and is another one for each page. Two rules rest on it: what a page sends counts only for the
//! account that it was drawn for, and a version conflict exists only between two pages. A page that sends again because an
//! answer was lost meets its own write, and the second try gets the first answer.
use crate::{Moment, Registry, clock::uuid_of};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use forms::ids::{AccountId, StaffId};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Whom a page was drawn for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageOwner {
    /// Somebody who was not logged in.
    Nobody,
    Candidate(AccountId),
    Staff(StaffId),
}
impl PageOwner {
    fn parts(self) -> (u8, Uuid) {
        match self {
            Self::Nobody => (0, Uuid::nil()),
            Self::Candidate(id) => (1, id.uuid()),
            Self::Staff(id) => (2, id.uuid()),
        }
    }
    fn from_parts(kind: u8, id: Uuid) -> Option<Self> {
        match kind {
            0 => Some(Self::Nobody),
            1 => Some(Self::Candidate(id.into())),
            2 => Some(Self::Staff(id.into())),
            _ => None,
        }
    }
}

/// Which page something was sent from: the idempotency key of its creations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageKey {
    drawn: Moment,
    digest: [u8; 32],
}
impl PageKey {
    /// The value of the `page_key` columns.
    pub(crate) fn bytes(self) -> Vec<u8> {
        self.digest.split_at(16).0.to_vec()
    }
    /// The id of what this page creates, the same for every try: a UUIDv7 of the moment at which the page was drawn. `purpose`
    /// tells apart what one page may create.
    pub(crate) fn uuid(self, purpose: &[&[u8]]) -> Uuid {
        let digest = purpose.iter().fold(Sha256::new_with_prefix(self.digest), |hash, part| {
            hash.chain_update((part.len() as u64).to_be_bytes()).chain_update(part)
        });
        let digest: [u8; 32] = digest.finalize().into();
        uuid_of(self.drawn, digest.first_chunk().copied().unwrap_or_default())
    }
}

/// A token that was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageToken {
    pub owner: PageOwner,
    /// When the page was drawn.
    pub drawn: Moment,
    pub key: PageKey,
}

const AAD: &[&[u8]] = &[b"page"];

impl Registry {
    /// The token of a page that is drawn now: 72 characters of the URL-safe base64 alphabet.
    pub fn page_token(&self, owner: PageOwner) -> String {
        let settings = self.settings();
        let (kind, id) = owner.parts();
        let drawn = settings.clock.now();
        let plain = [&[kind], id.as_bytes().as_slice(), &drawn.0.to_be_bytes()].concat();
        BASE64_URL_SAFE_NO_PAD.encode(settings.sealer.seal(&settings.entropy, AAD, &plain))
    }
    /// Reads a token; nothing if this installation did not write it.
    pub fn read_page_token(&self, text: &str) -> Option<PageToken> {
        let sealed = BASE64_URL_SAFE_NO_PAD.decode(text).ok()?;
        let plain = self.settings().sealer.open(AAD, &sealed).ok()?;
        let (kind, rest) = plain.split_first()?;
        let (id, drawn) = rest.split_first_chunk::<16>()?;
        let drawn = Moment(i64::from_be_bytes(drawn.try_into().ok()?));
        let key = PageKey { drawn, digest: Sha256::digest(&sealed).into() };
        Some(PageToken { owner: PageOwner::from_parts(*kind, Uuid::from_bytes(*id))?, drawn, key })
    }
}
