//! What somebody has typed at registration, before there is an account that it could belong to: kept sealed for a day for the
//! browser that holds its token, and deleted by registering, by beginning afresh and by the hourly purge.
//!
//! Anybody may write here, so it is bounded: what one row holds, the rows of a network, and all rows together. Who is turned away
//! registers all the same, since nothing depends on it. Nothing is read without the token, of 256 bits, of which the database
//! holds a hash; passwords and the answer of the recovery question are never kept.
use crate::{
    Error, Network, PageKey, Registry, Token,
    db::{Conn, sql, transaction},
};
use forms::{Draft, account::RegistrationDraft};
use std::net::IpAddr;

/// How long a draft is kept after its last save, in seconds.
pub const REGISTRATION_SECONDS: i64 = 86_400;
/// The most that a draft holds, in bytes of its text: several times what the fields take.
const LONGEST: usize = 4096;
/// How many drafts there may be from an address or a /64: a school with one address registers a class.
const OF_NARROW_NETWORK: i64 = 400;
/// How many from a /24 or a /48.
const OF_WIDE_NETWORK: i64 = 2000;
/// How many in all: some 200 MB.
const OF_ALL: i64 = 50_000;

/// Which save of which page, and from where.
#[derive(Clone, Copy, Debug)]
pub struct RegistrationSave {
    pub page: PageKey,
    /// Of the saves of one page the greatest number stands.
    pub order: i64,
    /// The client's address. Those without one count as one network.
    pub address: Option<IpAddr>,
}

/// Why a draft was not kept.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationDraftError {
    /// It is longer than any that is typed.
    #[error("the draft is too long")]
    TooLong,
    /// The network, or all networks together, have as many as they may.
    #[error("there are too many drafts")]
    TooMany,
    #[error(transparent)]
    Registry(#[from] Error),
}

fn aad(token_hash: &[u8]) -> [&[u8]; 2] {
    [b"registration_draft", token_hash]
}

/// A draft as it is to be stored.
#[derive(Clone)]
struct NewRow {
    token_hash: Vec<u8>,
    sealed: Vec<u8>,
    page: Vec<u8>,
    order: i64,
    expires: i64,
}

impl NewRow {
    /// Replaces what the token has; nothing if it has nothing. A save that was sent earlier changes nothing.
    async fn replace(&self, conn: &mut Conn<'_>, now: i64) -> Result<bool, Error> {
        let known = sql!(
            conn,
            fetch_optional as (i64,),
            "SELECT expires FROM registration_draft WHERE token_hash = $1 AND expires > $2",
            &self.token_hash,
            now
        )?;
        if known.is_none() {
            return Ok(false);
        }
        sql!(
            conn,
            execute,
            "UPDATE registration_draft SET sealed = $2, page_key = $3, page_order = $4, expires = $5
             WHERE token_hash = $1 AND (page_key IS NULL OR page_key <> $3 OR page_order <= $4)",
            &self.token_hash,
            &self.sealed,
            &self.page,
            self.order,
            self.expires
        )?;
        Ok(true)
    }

    /// Stores it for a new token, unless there are as many as there may be.
    async fn insert(&self, conn: &mut Conn<'_>, now: i64, (narrow, wide): (Vec<u8>, Vec<u8>)) -> Result<bool, Error> {
        let (of_narrow, of_wide, all) = sql!(
            conn,
            fetch_one as (i64, i64, i64),
            "SELECT (SELECT COUNT(*) FROM registration_draft WHERE narrow = $1 AND expires > $3),
                (SELECT COUNT(*) FROM registration_draft WHERE wide = $2 AND expires > $3),
                (SELECT COUNT(*) FROM registration_draft)",
            &narrow,
            &wide,
            now
        )?;
        if of_narrow >= OF_NARROW_NETWORK || of_wide >= OF_WIDE_NETWORK || all >= OF_ALL {
            return Ok(false);
        }
        sql!(
            conn,
            execute,
            "INSERT INTO registration_draft (token_hash, sealed, page_key, page_order, narrow, wide, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (token_hash) DO UPDATE SET sealed = excluded.sealed, page_key = excluded.page_key, page_order = excluded.page_order,
                narrow = excluded.narrow, wide = excluded.wide, expires = excluded.expires",
            &self.token_hash, &self.sealed, &self.page, self.order, narrow, wide, self.expires
        )?;
        Ok(true)
    }
}

impl Registry {
    /// The token of the browser in which a page begins a draft. It follows from the page, so that two saves of it that cross each
    /// other begin one draft, and from a key, so that nobody else knows it.
    fn registration_token(&self, page: PageKey) -> Result<Token, Error> {
        let bytes =
            self.settings().sealer.blind_index("registration draft", &page.uuid(&[b"registration"]).to_string());
        Token::of_bytes(&bytes).ok_or(Error::Encode("a token"))
    }

    /// The keyed hashes of the networks of an address.
    fn registration_networks(&self, address: Option<IpAddr>) -> (Vec<u8>, Vec<u8>) {
        let network = address.map(Network::of);
        let text = |of: fn(Network) -> IpAddr| network.map(|network| of(network).to_string()).unwrap_or_default();
        let hashed = |of| self.settings().sealer.blind_index("network of a registration draft", &text(of));
        (hashed(Network::narrow), hashed(Network::wide))
    }

    /// Keeps what was typed, without its secrets, and answers the token under which it is found: `token`, or a new one where that
    /// has nothing. Nothing is kept, and no token given, for a form in which nothing was typed.
    pub async fn save_registration(
        &self,
        token: Option<&Token>,
        save: RegistrationSave,
        draft: RegistrationDraft,
    ) -> Result<Option<Token>, RegistrationDraftError> {
        let draft = draft.without_secrets();
        if draft.pairs().iter().map(|(_, typed)| typed.len()).sum::<usize>() > LONGEST {
            return Err(RegistrationDraftError::TooLong);
        }
        let is_blank = draft == RegistrationDraft::default();
        let now = self.settings().clock.now();
        let row = |token: &Token| {
            let (settings, token_hash) = (self.settings(), token.hash());
            let sealed = settings.sealer.seal_json(&settings.entropy, &aad(&token_hash), &draft)?;
            let (page, expires) = (save.page.bytes(), now.plus_seconds(REGISTRATION_SECONDS).0);
            Ok::<_, Error>(NewRow { token_hash, sealed, page, order: save.order, expires })
        };
        let fresh = self.registration_token(save.page)?;
        // A page sends its next save before the answer to the first has set the cookie.
        for known in token.into_iter().chain([&fresh]) {
            let row = row(known)?;
            if transaction!(self, [row], conn => row.replace(conn, now.0).await)? {
                return Ok(Some(known.clone()));
            }
        }
        if is_blank {
            return Ok(None);
        }
        let (row, networks) = (row(&fresh)?, self.registration_networks(save.address));
        let kept = transaction!(self, [row, networks], conn => row.insert(conn, now.0, networks).await)?;
        if kept { Ok(Some(fresh)) } else { Err(RegistrationDraftError::TooMany) }
    }

    /// What is kept for a token.
    pub async fn registration_draft(&self, token: &Token) -> Result<Option<RegistrationDraft>, Error> {
        let (now, hash) = (self.settings().clock.now(), token.hash());
        let asked = hash.clone();
        let row = self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_optional as (Vec<u8>,),
                    "SELECT sealed FROM registration_draft WHERE token_hash = $1 AND expires > $2",
                    asked,
                    now.0
                )?)
            })
        });
        let Some((sealed,)) = row.await? else { return Ok(None) };
        let draft: RegistrationDraft = self.settings().sealer.open_json(&aad(&hash), &sealed)?;
        Ok((draft != RegistrationDraft::default()).then_some(draft))
    }

    /// Forgets what is kept for a token, and what the page itself began. The row stays, blank, until it expires: a save of the page
    /// that is still on its way finds that it came too late, even if it is the first.
    pub async fn forget_registration(&self, token: Option<&Token>, save: RegistrationSave) -> Result<(), Error> {
        let (settings, now) = (self.settings(), self.settings().clock.now());
        let fresh = self.registration_token(save.page)?;
        let networks = self.registration_networks(save.address);
        for token in token.into_iter().chain([&fresh]) {
            let (token_hash, page) = (token.hash(), save.page.bytes());
            let blank = RegistrationDraft::default();
            let sealed = settings.sealer.seal_json(&settings.entropy, &aad(&token_hash), &blank)?;
            let expires = now.plus_seconds(REGISTRATION_SECONDS).0;
            let row = NewRow { token_hash, sealed, page, order: i64::MAX, expires };
            let (is_own, networks) = (*token == fresh, networks.clone());
            transaction!(self, [row, networks], conn => {
                if !row.replace(conn, now.0).await? && is_own {
                    // Where there are too many already, the save that is on its way is refused as well.
                    row.insert(conn, now.0, networks).await?;
                }
                Ok(())
            })?;
        }
        Ok(())
    }
}
