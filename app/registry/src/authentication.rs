//! What log-ins and sessions of candidates and of staff have in common: looking an account up, counting attempts, verifying
//! the password, opening a session, keeping it alive, ending it. Accounts, sessions and known browsers of the two are in
//! tables of their own ([`AccountKind`]); who a session stands for is said in `candidate_login` and `staff`.
//!
//! Guesses are counted for the account *and* the network that they come from, so that no network uses up what belongs to
//! others; all unknown networks together have a bounded number as well. A browser that logged in to the account before has
//! a budget of its own, and a network from which its owner usually logs in is not counted with the unknown ones: neither can
//! be locked out from elsewhere. Networks are stored as keyed hashes; beside a session, shortened and sealed.
use crate::{
    Error, Moment, Network, Registry, Token,
    account_kind::AccountKind,
    audit,
    client::{Client, SessionOrigin},
    db::{Conn, sql, transaction},
    hashing::{Admission, Lane},
    throttle::{Attempted, Budget, refund},
};
use forms::{ids::AccountId, problem::AccountProblem, value::Username};
use futures::future::BoxFuture;
use std::net::IpAddr;
use uuid::Uuid;

/// Browsers that an account remembers, the newest.
const DEVICES: i64 = 16;
/// Networks that an account remembers, the newest.
const NETWORKS: i64 = 8;
/// A session is prolonged this many seconds after it was last.
const PROLONG_AFTER: i64 = 300;
/// Days after which a session that is over is deleted at the next log-in.
const FORGOTTEN: i64 = 1;

/// Why a log-in was refused.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Wrong, or too often.
    #[error("refused")]
    Refused(AccountProblem),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
}

/// Where a log-in comes from.
#[derive(Clone, Default)]
pub struct LoginSource {
    /// The cookie that says this browser was here before.
    pub device: Option<Token>,
    /// The client's address. Log-ins without one count as one network.
    pub address: Option<IpAddr>,
    /// What the browser calls itself, roughly.
    pub client: Client,
}

impl LoginSource {
    /// What a session notes of it.
    pub(crate) fn origin(&self) -> SessionOrigin {
        let network = self.address.map(|address| Network::of(address).shortened());
        SessionOrigin::new(self.client, network.unwrap_or_default())
    }
}

/// A log-in that succeeded.
pub struct Login<Id = AccountId> {
    /// For the session cookie.
    pub session: Token,
    /// For the cookie that says this browser was here before.
    pub device: Token,
    /// Whether the account was never logged in to before (S7).
    pub first: bool,
    /// Whose it is.
    pub account: Id,
}
impl<Id> Login<Id> {
    pub(crate) fn map<Other>(self, of: impl FnOnce(Id) -> Other) -> Login<Other> {
        Login { session: self.session, device: self.device, first: self.first, account: of(self.account) }
    }
}

#[derive(sqlx::FromRow)]
struct LoginRow {
    id: Uuid,
    password_hash: String,
    last_login: Option<i64>,
}

/// Reads the account that a session belongs to.
pub(crate) type LoadHolder<T> = for<'c> fn(&'c mut Conn<'_>, Registry, Uuid) -> BoxFuture<'c, Result<T, Error>>;

/// What an account knows of where an attempt comes from.
pub(crate) struct KnownSource {
    /// The account; nil where there is none.
    account: Uuid,
    /// The cookie, if the browser logged in to this account before.
    device: Option<Token>,
    /// The account's hash of the network.
    network: Vec<u8>,
    /// Whether the owner logged in from there before.
    is_usual: bool,
}
impl KnownSource {
    /// The cookie by which the account knows the browser from now on.
    pub(crate) fn device_or_new(&self, registry: &Registry) -> Token {
        self.device.clone().unwrap_or_else(|| Token::for_device(registry))
    }
}

impl Registry {
    /// Logs in to an account of a kind. Whether there is one costs and says the same.
    pub(crate) async fn authenticate(
        &self,
        kind: &'static AccountKind,
        username: &str,
        password: &str,
        source: Option<&LoginSource>,
    ) -> Result<Login<Uuid>, LoginError> {
        let source = source.cloned().unwrap_or_default();
        // Only what can be a username is looked for; whatever else was typed costs as much and finds nobody.
        let key = Username::parse(username).map(|username| username.key()).unwrap_or_default();
        let ((row, known), admission) = self.admit(&source, self.look_up(kind, &key, &source)).await?;
        let account = row.as_ref().map(|row| row.id);
        let budgets = self.budgets_of(kind.code, &key, &source, &known);
        if !self.take_attempts(&budgets).await? {
            self.audit_failed_login(account, kind.throttled).await?;
            return Err(LoginError::Refused(AccountProblem::Throttled));
        }
        let stored = row.as_ref().map(|row| row.password_hash.clone());
        let right = self.hashing().verify(&admission, password, stored, self.decoy_salt(kind.code, &key)).await?;
        let login = match (right, &row) {
            (true, Some(row)) => self.create_session(kind, row, &known, &source, &budgets).await?,
            _ => None,
        };
        if login.is_none() {
            self.audit_failed_login(account, kind.failed).await?;
        }
        login.ok_or(LoginError::Refused(AccountProblem::WrongLogin))
    }

    /// Takes a place for an attempt and looks its account up. A place comes first, before the database is asked anything: a flood
    /// costs no more than the refusal. A browser with a cookie that was issued here is looked up first, since it may be one
    /// that the account knows and has a place of its own.
    pub(crate) async fn admit<T>(
        &self,
        source: &LoginSource,
        look_up: impl Future<Output = Result<(T, KnownSource), Error>>,
    ) -> Result<((T, KnownSource), Admission), Error> {
        let issued = source.device.as_ref().filter(|device| device.is_of_device(self));
        let claim = issued.and_then(|device| self.hashing().claim(&device.hash()));
        let place = if claim.is_some() { None } else { Some(self.hashing().admit(Lane::Stranger)?) };
        let found = look_up.await?;
        let known = &found.1;
        let admission = match (&known.device, place) {
            (Some(_), _) => self.hashing().admit(Lane::Known(known.account))?,
            (None, Some(place)) => place,
            (None, None) => self.hashing().admit(Lane::Stranger)?,
        };
        Ok((found, admission))
    }

    /// What an attempt is counted against, by what the account knows of where it comes from.
    pub(crate) fn budgets_of(
        &self,
        kind: &'static str,
        key: &str,
        source: &LoginSource,
        known: &KnownSource,
    ) -> Vec<Budget> {
        let (device, is_usual) = (known.device.as_ref(), known.is_usual);
        self.budgets(&Attempted { kind, key, address: source.address, device, is_usual })
    }

    /// The salt of the hash that is made where nobody is found. How long a hash takes depends a little on its salt, so each name
    /// that nobody has is given one of its own.
    pub(crate) fn decoy_salt(&self, kind: &str, key: &str) -> [u8; 16] {
        let salt = self.settings().sealer.blind_index("salt of nobody", &format!("{kind} {key}"));
        salt.first_chunk().copied().unwrap_or_default()
    }

    /// Looks an account up, and what it knows of the browser and the network. A missing one is asked the same questions.
    async fn look_up(
        &self,
        kind: &'static AccountKind,
        key: &str,
        source: &LoginSource,
    ) -> Result<(Option<LoginRow>, KnownSource), Error> {
        let (registry, find) = (self.clone(), key.to_owned());
        let source = source.clone();
        self.read(move |conn| {
            Box::pin(async move {
                let row = sql!(conn, fetch_optional as LoginRow, kind.sql.find, find)?;
                let id = row.as_ref().map(|row| row.id).unwrap_or_default();
                Ok((row, known_source(conn, &registry, kind, id, source).await?))
            })
        })
        .await
    }

    /// An account's keyed hash of a network. That of another account differs, so that the table tells nothing about who is
    /// where with whom.
    fn network_hash(&self, kind: &AccountKind, account: Uuid, address: Option<IpAddr>) -> Vec<u8> {
        let wide = address.map(|address| Network::of(address).wide().to_string()).unwrap_or_default();
        self.settings().sealer.blind_index("usual network", &format!("{} {account} {wide}", kind.code))
    }

    /// Opens a session for whoever knew the password of that row; nothing if it is another by now.
    async fn create_session(
        &self,
        kind: &'static AccountKind,
        row: &LoginRow,
        known: &KnownSource,
        source: &LoginSource,
        budgets: &[Budget],
    ) -> Result<Option<Login<Uuid>>, Error> {
        let (session, now) = (Token::new(self), self.settings().clock.now());
        let device = known.device_or_new(self);
        let (account, password, network) = (row.id, row.password_hash.clone(), known.network.clone());
        let (hash, device_hash, budgets) = (session.hash(), device.hash(), budgets.to_vec());
        let (registry, origin) = (self.clone(), source.origin());
        let opened = transaction!(self, [registry, password, network, hash, device_hash, budgets, origin], conn => {
            let found = sql!(conn, execute, kind.sql.logged_in, account, now.0, password)?;
            if found == 0 {
                return Ok(false);
            }
            begin_session(conn, &registry, kind, account, hash, &origin).await?;
            sql!(conn, execute, kind.sql.forget_old, account, now.plus_days(-FORGOTTEN).0)?;
            remember_device(conn, kind, account, device_hash, now).await?;
            sql!(conn, execute, kind.sql.add_network, account, network, now.0)?;
            sql!(conn, execute, kind.sql.keep_networks, account, NETWORKS)?;
            refund(conn, &budgets).await?;
            audit::record(conn, &registry, (kind.actor)(account), kind.logged_in, account).await?;
            Ok(true)
        });
        let opened: bool = opened?;
        Ok(opened.then(|| Login { session, device, first: row.last_login.is_none(), account }))
    }

    /// Whose account a session is of, as `load` reads it. Use prolongs it, up to its absolute end.
    pub(crate) async fn holder<T: Send + 'static>(
        &self,
        kind: &'static AccountKind,
        token: &Token,
        load: LoadHolder<T>,
    ) -> Result<Option<T>, Error> {
        let (hash, now) = (token.hash(), self.settings().clock.now());
        let (find, oldest) = (hash.clone(), now.plus_seconds(-self.settings().session_limit_seconds));
        let registry = self.clone();
        let row = self.read(move |conn| {
            Box::pin(async move {
                let row = sql!(conn, fetch_optional as (Uuid, i64, i64), kind.sql.holder, find, now.0, oldest.0)?;
                let Some((account, created, seen)) = row else { return Ok(None) };
                Ok(Some((load(conn, registry, account).await?, created, seen)))
            })
        });
        let Some((holder, created, seen)) = row.await? else { return Ok(None) };
        if now > Moment(seen).plus_seconds(PROLONG_AFTER.min(self.settings().session_seconds / 10)) {
            self.prolong(kind, hash, Moment(created));
        }
        Ok(Some(holder))
    }
    /// In the background: reading a page waits for no writer.
    fn prolong(&self, kind: &'static AccountKind, hash: Vec<u8>, created: Moment) {
        let now = self.settings().clock.now();
        let expires = self.session_end(created);
        self.write_in_background(move |conn| {
            let hash = hash.clone();
            Box::pin(async move {
                sql!(conn, execute, kind.sql.prolong, hash, now.0, expires.0)?;
                Ok(())
            })
        });
    }
    /// When a session ends that is not used any more.
    fn session_end(&self, created: Moment) -> Moment {
        let settings = self.settings();
        let idle = settings.clock.now().plus_seconds(settings.session_seconds);
        idle.min(created.plus_seconds(settings.session_limit_seconds))
    }

    /// Ends a session at once.
    pub(crate) async fn end_session(&self, kind: &'static AccountKind, token: &Token) -> Result<(), Error> {
        let (hash, now, registry) = (token.hash(), self.settings().clock.now(), self.clone());
        transaction!(self, [hash, registry], conn => {
            let ended = sql!(conn, fetch_optional as (Uuid,), kind.sql.end, hash, now.0)?;
            if let Some((account,)) = ended {
                audit::record(conn, &registry, (kind.actor)(account), kind.logged_out, account).await?;
            }
            Ok(())
        })
    }
}

/// Looks up what an account knows of a browser and a network. One that is missing (nil) is asked the same questions.
pub(crate) async fn known_source(
    conn: &mut Conn<'_>,
    registry: &Registry,
    kind: &AccountKind,
    account: Uuid,
    source: LoginSource,
) -> Result<KnownSource, Error> {
    let hash = source.device.as_ref().map(Token::hash).unwrap_or_default();
    let network = registry.network_hash(kind, account, source.address);
    let known = sql!(conn, fetch_optional as (i64,), kind.sql.find_device, account, hash)?;
    let usual = sql!(conn, fetch_optional as (i64,), kind.sql.find_network, account, &network)?;
    Ok(KnownSource { account, device: source.device.filter(|_| known.is_some()), network, is_usual: usual.is_some() })
}

/// Remembers a browser as one whose attempts are counted apart.
pub(crate) async fn remember_device(
    conn: &mut Conn<'_>,
    kind: &AccountKind,
    account: Uuid,
    hash: Vec<u8>,
    now: Moment,
) -> Result<(), Error> {
    sql!(conn, execute, kind.sql.add_device, account, hash, now.0)?;
    sql!(conn, execute, kind.sql.keep_devices, account, DEVICES)?;
    Ok(())
}

/// The associated data of what a session notes of its origin.
pub(crate) fn origin_aad(hash: &[u8]) -> [&[u8]; 2] {
    [b"session", hash]
}

/// Writes a session that begins now.
pub(crate) async fn begin_session(
    conn: &mut Conn<'_>,
    registry: &Registry,
    kind: &AccountKind,
    account: Uuid,
    hash: Vec<u8>,
    origin: &SessionOrigin,
) -> Result<(), Error> {
    let settings = registry.settings();
    let now = settings.clock.now();
    sql!(conn, execute, kind.sql.begin, &hash, account, now.0, registry.session_end(now).0)?;
    if let Some(describe) = kind.describe_session {
        let sealed = settings.sealer.seal_json(&settings.entropy, &origin_aad(&hash), origin)?;
        sql!(conn, execute, describe, &hash, settings.entropy.uuid(now), sealed)?;
    }
    Ok(())
}

/// Ends every session of an account.
pub(crate) async fn end_all_sessions(
    conn: &mut Conn<'_>,
    registry: &Registry,
    kind: &AccountKind,
    account: Uuid,
) -> Result<(), Error> {
    sql!(conn, execute, kind.sql.end_all, account, registry.settings().clock.now().0)?;
    Ok(())
}

/// Forgets the browsers and networks of an account, which may have been somebody else's: they have to prove themselves anew.
pub(crate) async fn forget_sources(conn: &mut Conn<'_>, kind: &AccountKind, account: Uuid) -> Result<(), Error> {
    sql!(conn, execute, kind.sql.forget_devices, account)?;
    sql!(conn, execute, kind.sql.forget_networks, account)?;
    Ok(())
}
