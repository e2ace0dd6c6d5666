//! What log-ins and sessions of candidates and of staff have in common: looking an account up, counting attempts, verifying
//! the password, opening a session, keeping it alive, ending it. Accounts, sessions and known browsers of the two are in
//! tables of their own ([`AccountKind`]); who a session stands for is said in `session` and `staff`.
//!
//! Guesses are counted for the account *and* the network that they come from, so that no network uses up what belongs to
//! others; all unknown networks together have a bounded number as well. A browser that logged in to the account before has
//! a budget of its own, and a network from which its owner usually logs in is not counted with the unknown ones: neither can
//! be locked out from elsewhere. Networks are stored as keyed hashes only.
use crate::{
    Actor, Error, Moment, Network, Registry, Token, audit,
    db::{Conn, sql, transaction},
    hashing::{Admission, Lane},
    throttle::{Budget, give_back},
};
use forms::{ids::AccountId, problem::AccountProblem, value::Username};
use std::net::IpAddr;
use uuid::Uuid;

/// How many budgets of one network the unknown networks have together, for one account in an hour.
const UNKNOWN_NETWORKS: i64 = 10;
/// How many budgets of a narrow network its wide network has (a /24 or a /48).
const WIDE_NETWORK: i64 = 2;
/// Browsers that an account remembers, the newest.
const DEVICES: i64 = 16;
/// Networks that an account remembers, the newest.
const NETWORKS: i64 = 8;
/// A session is prolonged this many seconds after it was last.
const SIGN_OF_LIFE: i64 = 300;
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

/// One of the two kinds of accounts: its statements, and what the audit says of it.
pub(crate) struct AccountKind {
    /// A part of the keyed hashes, which differ between the kinds.
    code: &'static str,
    actor: fn(Uuid) -> Actor,
    logged_in: &'static str,
    logged_out: &'static str,
    failed: &'static str,
    throttled: &'static str,
    sql: Statements,
}
struct Statements {
    find: &'static str,
    find_device: &'static str,
    find_network: &'static str,
    logged_in: &'static str,
    begin: &'static str,
    forget_old: &'static str,
    add_device: &'static str,
    keep_devices: &'static str,
    forget_devices: &'static str,
    add_network: &'static str,
    keep_networks: &'static str,
    forget_networks: &'static str,
    holder: &'static str,
    prolong: &'static str,
    end: &'static str,
    end_all: &'static str,
}

/// The statements over the four tables of a kind, whose column `$owner` names the account.
macro_rules! statements {
    ($account:literal, $session:literal, $device:literal, $network:literal, $owner:literal) => {
        Statements {
            find: concat!(
                "SELECT id, password_hash, last_login FROM ",
                $account,
                " WHERE username_key = $1 AND disabled IS NULL"
            ),
            find_device: concat!("SELECT created FROM ", $device, " WHERE ", $owner, " = $1 AND token_hash = $2"),
            find_network: concat!("SELECT seen FROM ", $network, " WHERE ", $owner, " = $1 AND network_hash = $2"),
            logged_in: concat!(
                "UPDATE ",
                $account,
                " SET last_login = $2 WHERE id = $1 AND password_hash = $3 AND disabled IS NULL"
            ),
            begin: concat!(
                "INSERT INTO ",
                $session,
                " (token_hash, ",
                $owner,
                ", created, seen, expires) VALUES ($1, $2, $3, $3, $4)"
            ),
            forget_old: concat!("DELETE FROM ", $session, " WHERE ", $owner, " = $1 AND expires < $2"),
            add_device: concat!(
                "INSERT INTO ",
                $device,
                " (",
                $owner,
                ", token_hash, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING"
            ),
            keep_devices: concat!(
                "DELETE FROM ",
                $device,
                " WHERE ",
                $owner,
                " = $1 AND token_hash NOT IN
                 (SELECT token_hash FROM ",
                $device,
                " WHERE ",
                $owner,
                " = $1 ORDER BY created DESC, token_hash LIMIT $2)"
            ),
            forget_devices: concat!("DELETE FROM ", $device, " WHERE ", $owner, " = $1"),
            add_network: concat!(
                "INSERT INTO ",
                $network,
                " (",
                $owner,
                ", network_hash, seen) VALUES ($1, $2, $3)
                 ON CONFLICT (",
                $owner,
                ", network_hash) DO UPDATE SET seen = $3"
            ),
            keep_networks: concat!(
                "DELETE FROM ",
                $network,
                " WHERE ",
                $owner,
                " = $1 AND network_hash NOT IN
                 (SELECT network_hash FROM ",
                $network,
                " WHERE ",
                $owner,
                " = $1 ORDER BY seen DESC, network_hash LIMIT $2)"
            ),
            forget_networks: concat!("DELETE FROM ", $network, " WHERE ", $owner, " = $1"),
            holder: concat!(
                "SELECT ",
                $owner,
                ", created, seen FROM ",
                $session,
                " WHERE token_hash = $1 AND revoked IS NULL AND expires > $2 AND created > $3"
            ),
            prolong: concat!(
                "UPDATE ",
                $session,
                " SET seen = $2, expires = $3 WHERE token_hash = $1 AND revoked IS NULL"
            ),
            end: concat!(
                "UPDATE ",
                $session,
                " SET revoked = $2 WHERE token_hash = $1 AND revoked IS NULL RETURNING ",
                $owner
            ),
            end_all: concat!("UPDATE ", $session, " SET revoked = $2 WHERE ", $owner, " = $1 AND revoked IS NULL"),
        }
    };
}

/// Candidates.
pub(crate) static CANDIDATE: AccountKind = AccountKind {
    code: "candidate",
    actor: |id| Actor::Candidate(AccountId::from(id)),
    logged_in: "account.login",
    logged_out: "account.logout",
    failed: "account.login_failed",
    throttled: "account.login_throttled",
    sql: statements!("account", "session", "device", "network", "account_id"),
};
/// People of the offices.
pub(crate) static STAFF: AccountKind = AccountKind {
    code: "staff",
    actor: |id| Actor::Staff(id.into()),
    logged_in: "staff.login",
    logged_out: "staff.logout",
    failed: "staff.login_failed",
    throttled: "staff.login_throttled",
    sql: statements!("staff", "staff_session", "staff_device", "staff_network", "staff_id"),
};

#[derive(sqlx::FromRow)]
struct LoginRow {
    id: Uuid,
    password_hash: String,
    last_login: Option<i64>,
}

/// What is known before a password is looked at.
struct Attempt {
    row: Option<LoginRow>,
    /// The browser logged in to this account before.
    device: Option<Token>,
    /// The account's hash of the network.
    network: Vec<u8>,
    /// The owner logged in from there before.
    usual: bool,
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
        let (attempt, admission) = self.admit(kind, &key, &source).await?;
        let account = attempt.row.as_ref().map(|row| row.id);
        let budgets = self.budgets(kind, &key, &source, &attempt);
        if !self.take_attempts(&budgets).await? {
            self.audit_failed_login(account, kind.throttled).await?;
            return Err(LoginError::Refused(AccountProblem::Throttled));
        }
        let stored = attempt.row.as_ref().map(|row| row.password_hash.clone());
        // How long a hash takes depends a little on its salt, so each name that nobody has is given a salt of its own.
        let salt = self.settings().sealer.blind_index("salt of nobody", &format!("{} {key}", kind.code));
        let salt = salt.first_chunk().copied().unwrap_or_default();
        let right = self.hashing().verify(&admission, password, stored, salt).await?;
        let login = match (right, &attempt.row) {
            (true, Some(row)) => self.open_session(kind, row, &attempt, &budgets).await?,
            _ => None,
        };
        if login.is_none() {
            self.audit_failed_login(account, kind.failed).await?;
        }
        login.ok_or(LoginError::Refused(AccountProblem::WrongLogin))
    }

    /// Takes a place for the log-in and looks its account up. A place comes first, before the database is asked anything: a flood
    /// costs no more than the refusal. A browser with a cookie that was issued here is looked up first, since it may be one
    /// that this account knows and has a place of its own.
    async fn admit(
        &self,
        kind: &'static AccountKind,
        key: &str,
        source: &LoginSource,
    ) -> Result<(Attempt, Admission), Error> {
        let issued = source.device.as_ref().filter(|device| device.is_of_device(self));
        let claim = issued.and_then(|device| self.hashing().claim(&device.hash()));
        let place = if claim.is_some() { None } else { Some(self.hashing().admit(Lane::Stranger)?) };
        let attempt = self.look_up(kind, key, source).await?;
        let known = attempt.row.as_ref().filter(|_| attempt.device.is_some()).map(|row| row.id);
        let admission = match (known, place) {
            (Some(account), _) => self.hashing().admit(Lane::Known(account))?,
            (None, Some(place)) => place,
            (None, None) => self.hashing().admit(Lane::Stranger)?,
        };
        Ok((attempt, admission))
    }

    /// Looks an account up, and what it knows of the browser and the network. A missing one is asked the same questions.
    async fn look_up(&self, kind: &'static AccountKind, key: &str, source: &LoginSource) -> Result<Attempt, Error> {
        let (registry, find) = (self.clone(), key.to_owned());
        let LoginSource { device, address } = source.clone();
        let hash = device.as_ref().map(Token::hash).unwrap_or_default();
        self.read(move |conn| {
            Box::pin(async move {
                let row = sql!(conn, fetch_optional as LoginRow, kind.sql.find, find)?;
                let id = row.as_ref().map(|row| row.id).unwrap_or_default();
                let network = registry.network_hash(kind, id, address);
                let known = sql!(conn, fetch_optional as (i64,), kind.sql.find_device, id, hash)?;
                let usual = sql!(conn, fetch_optional as (i64,), kind.sql.find_network, id, &network)?;
                Ok(Attempt { row, device: device.filter(|_| known.is_some()), network, usual: usual.is_some() })
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

    /// What an attempt is counted against.
    fn budgets(&self, kind: &AccountKind, key: &str, source: &LoginSource, attempt: &Attempt) -> Vec<Budget> {
        let most = self.settings().login_budget;
        if most == i64::MAX {
            return Vec::new();
        }
        let budget = |purpose: &str, of: &str, budgets: i64, pauses: bool| Budget {
            bucket: self.settings().sealer.blind_index(purpose, &format!("{} {key} {of}", kind.code)),
            most: most.saturating_mul(budgets),
            pauses,
        };
        if let Some(device) = &attempt.device {
            return vec![budget("attempts of a device", device.expose(), 1, true)];
        }
        let network = source.address.map(Network::of);
        let text = |of: fn(Network) -> IpAddr| network.map(|network| of(network).to_string()).unwrap_or_default();
        let mut budgets = vec![
            budget("attempts of a narrow network", &text(Network::narrow), 1, true),
            budget("attempts of a wide network", &text(Network::wide), WIDE_NETWORK, false),
        ];
        if !attempt.usual {
            budgets.push(budget("attempts of unknown networks", "", UNKNOWN_NETWORKS, false));
        }
        budgets
    }

    /// Opens a session for whoever knew the password of that row; nothing if it is another by now.
    async fn open_session(
        &self,
        kind: &'static AccountKind,
        row: &LoginRow,
        attempt: &Attempt,
        budgets: &[Budget],
    ) -> Result<Option<Login<Uuid>>, Error> {
        let (session, now) = (Token::new(self), self.settings().clock.now());
        let device = attempt.device.clone().unwrap_or_else(|| Token::for_device(self));
        let (account, known, network) = (row.id, row.password_hash.clone(), attempt.network.clone());
        let (hash, device_hash, budgets) = (session.hash(), device.hash(), budgets.to_vec());
        let registry = self.clone();
        let opened = transaction!(self, [registry, known, network, hash, device_hash, budgets], conn => {
            let found = sql!(conn, execute, kind.sql.logged_in, account, now.0, known)?;
            if found == 0 {
                return Ok(false);
            }
            begin_session(conn, &registry, kind, account, hash).await?;
            sql!(conn, execute, kind.sql.forget_old, account, now.plus_days(-FORGOTTEN).0)?;
            sql!(conn, execute, kind.sql.add_device, account, device_hash, now.0)?;
            sql!(conn, execute, kind.sql.keep_devices, account, DEVICES)?;
            sql!(conn, execute, kind.sql.add_network, account, network, now.0)?;
            sql!(conn, execute, kind.sql.keep_networks, account, NETWORKS)?;
            give_back(conn, &budgets).await?;
            audit::record(conn, &registry, (kind.actor)(account), kind.logged_in, account).await?;
            Ok(true)
        });
        let opened: bool = opened?;
        Ok(opened.then(|| Login { session, device, first: row.last_login.is_none(), account }))
    }

    /// Whose account a session is of. A sign of life prolongs it, up to its absolute end.
    pub(crate) async fn holder(&self, kind: &'static AccountKind, token: &Token) -> Result<Option<Uuid>, Error> {
        let (hash, now) = (token.hash(), self.settings().clock.now());
        let (find, oldest) = (hash.clone(), now.plus_seconds(-self.settings().session_limit_seconds));
        let row = self.read(move |conn| {
            Box::pin(async move {
                Ok(sql!(conn, fetch_optional as (Uuid, i64, i64), kind.sql.holder, find, now.0, oldest.0)?)
            })
        });
        let Some((account, created, seen)) = row.await? else { return Ok(None) };
        if now > Moment(seen).plus_seconds(SIGN_OF_LIFE.min(self.settings().session_seconds / 10)) {
            self.prolong(kind, hash, Moment(created));
        }
        Ok(Some(account))
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
    /// When a session ends without a further sign of life.
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

/// Writes a session that begins now.
pub(crate) async fn begin_session(
    conn: &mut Conn<'_>,
    registry: &Registry,
    kind: &AccountKind,
    account: Uuid,
    hash: Vec<u8>,
) -> Result<(), Error> {
    let now = registry.settings().clock.now();
    sql!(conn, execute, kind.sql.begin, hash, account, now.0, registry.session_end(now).0)?;
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
