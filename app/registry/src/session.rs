//! Log-ins and sessions of candidates.
use crate::{
    Actor, Candidate, Error, Moment, Registry, audit,
    db::{Conn, sql, transaction},
    seal,
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use forms::{account::SecurityChange, ids::AccountId, problem::AccountProblem, text, value::Username};
use uuid::Uuid;

/// A random token of 256 bits, as it stands in a cookie. Only its hash is stored.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);
impl Token {
    pub(crate) fn new(registry: &Registry) -> Self {
        Self(BASE64_URL_SAFE_NO_PAD.encode(registry.settings().entropy.bytes::<32>()))
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

#[derive(sqlx::FromRow)]
struct LoginRow {
    id: Uuid,
    password_hash: String,
    last_login: Option<i64>,
}

/// A log-in that succeeded.
pub struct Login {
    /// For the session cookie.
    pub session: Token,
    /// For the cookie that says this browser was here before.
    pub device: Token,
    /// Whether the account was never logged in to before (S7).
    pub first: bool,
    /// Whose it is.
    pub account: AccountId,
}

impl Registry {
    /// Logs in. Guesses are counted for the account, and apart for a browser that has logged in to it before.
    pub async fn login(&self, username: &str, password: &str, device: Option<&Token>) -> Result<Login, LoginError> {
        let settings = self.settings();
        let key = text::half_width(username).to_ascii_lowercase();
        // Only what can be a username is looked for; whatever else was typed costs as much and finds nobody.
        let find = Username::parse(username).map(|u| u.key()).unwrap_or_default();
        let row = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn,
                        fetch_optional as LoginRow,
                        "SELECT id, password_hash, last_login FROM account WHERE username_key = $1",
                        find
                    )?)
                })
            })
            .await?;
        let known = match (&row, device) {
            (Some(row), Some(device)) => self.knows_device(row.id, device).await?.then(|| device.clone()),
            _ => None,
        };
        let bucket = match &known {
            Some(device) => settings.sealer.blind_index("device attempts", device.expose()),
            None => settings.sealer.blind_index("login attempts", &key),
        };
        if !self.take_attempt(bucket.clone(), settings.login_budget).await? {
            return Err(LoginError::Refused(AccountProblem::Throttled));
        }
        let hash = row.as_ref().map(|row| row.password_hash.clone());
        if !self.verify_secret(&key, password, hash.clone()).await? {
            return Err(LoginError::Refused(AccountProblem::WrongLogin));
        }
        let Some(LoginRow { id: account, last_login, .. }) = row else {
            return Err(LoginError::Refused(AccountProblem::WrongLogin));
        };
        self.clear_attempts(bucket).await?;
        // A password that was changed in the meantime opens nothing any more.
        let Some(session) = self.open_session(account, hash.unwrap_or_default()).await? else {
            return Err(LoginError::Refused(AccountProblem::WrongLogin));
        };
        let device = match known {
            Some(device) => device,
            None => self.remember_device(account).await?,
        };
        Ok(Login { session, device, first: last_login.is_none(), account: account.into() })
    }

    async fn knows_device(&self, account: Uuid, device: &Token) -> Result<bool, Error> {
        let hash = device.hash();
        self.read(move |conn| {
            Box::pin(async move {
                let row = sql!(
                    conn,
                    fetch_optional as (i64,),
                    "SELECT created FROM device WHERE account_id = $1 AND token_hash = $2",
                    account,
                    hash
                )?;
                Ok(row.is_some())
            })
        })
        .await
    }
    async fn remember_device(&self, account: Uuid) -> Result<Token, Error> {
        let token = Token::new(self);
        let (hash, now) = (token.hash(), self.settings().clock.now());
        transaction!(self, [hash], conn => {
            sql!(
                conn, execute, "INSERT INTO device (account_id, token_hash, created) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                account, hash, now.0
            )?;
            Ok(())
        })?;
        Ok(token)
    }
    /// Opens a session for whoever knew the password with that hash; nothing if it is another by now.
    async fn open_session(&self, account: Uuid, known: String) -> Result<Option<Token>, Error> {
        let token = Token::new(self);
        let now = self.settings().clock.now();
        let (hash, registry) = (token.hash(), self.clone());
        let opened: Result<bool, Error> = transaction!(self, [hash, known, registry], conn => {
            let found = sql!(
                conn, execute, "UPDATE account SET last_login = $2 WHERE id = $1 AND password_hash = $3", account, now.0, known
            )?;
            if found == 0 {
                return Ok(false);
            }
            begin_session(conn, &registry, account, hash).await?;
            // Rows of sessions long over are of use to nobody.
            sql!(conn, execute, "DELETE FROM session WHERE account_id = $1 AND expires < $2", account, now.plus_days(-1).0)?;
            Ok(true)
        });
        Ok(opened?.then_some(token))
    }

    /// Who holds a session. A sign of life prolongs it, written down once in five minutes at most.
    pub async fn candidate(&self, token: &Token) -> Result<Option<Candidate>, Error> {
        let (hash, now) = (token.hash(), self.settings().clock.now());
        let find = hash.clone();
        let row = self
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn, fetch_optional as (Uuid, i64),
                        "SELECT account_id, seen FROM session WHERE token_hash = $1 AND revoked IS NULL AND expires > $2", find, now.0
                    )?)
                })
            })
            .await?;
        let Some((account, seen)) = row else { return Ok(None) };
        if now > Moment(seen).plus_seconds(300) {
            let expires = now.plus_seconds(self.settings().session_seconds);
            // In the background: reading a page waits for no writer.
            self.write_in_background(move |conn| {
                let hash = hash.clone();
                Box::pin(async move {
                    sql!(
                        conn,
                        execute,
                        "UPDATE session SET seen = $2, expires = $3 WHERE token_hash = $1 AND revoked IS NULL",
                        hash,
                        now.0,
                        expires.0
                    )?;
                    Ok(())
                })
            });
        }
        Ok(Some(Candidate::new(self.clone(), self.account_by_id(account).await?)))
    }

    /// Ends a session at once.
    pub async fn logout(&self, token: &Token) -> Result<(), Error> {
        let (hash, now) = (token.hash(), self.settings().clock.now());
        transaction!(self, [hash], conn => {
            sql!(conn, execute, "UPDATE session SET revoked = $2 WHERE token_hash = $1 AND revoked IS NULL", hash, now.0)?;
            Ok(())
        })
    }
}

/// Writes a session that begins now.
async fn begin_session(conn: &mut Conn<'_>, registry: &Registry, account: Uuid, hash: Vec<u8>) -> Result<(), Error> {
    let now = registry.settings().clock.now();
    let expires = now.plus_seconds(registry.settings().session_seconds);
    sql!(
        conn,
        execute,
        "INSERT INTO session (token_hash, account_id, created, seen, expires) VALUES ($1, $2, $3, $3, $4)",
        hash,
        account,
        now.0,
        expires.0
    )?;
    Ok(())
}

impl Candidate {
    /// Changes what keeps the account safe, for whoever knows its password (S8). A new password ends every session of the
    /// account; the token of a new one comes back for the browser that changed it.
    pub async fn secure(&self, change: &SecurityChange) -> Result<Option<Token>, LoginError> {
        let (registry, id) = (self.registry().clone(), self.account());
        let (settings, account) = (registry.settings(), id.uuid());
        let bucket = settings.sealer.blind_index("password attempts", &account.to_string());
        if !registry.take_attempt(bucket.clone(), settings.login_budget).await? {
            return Err(LoginError::Refused(AccountProblem::Throttled));
        }
        let (known,) = registry
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(conn, fetch_one as (String,), "SELECT password_hash FROM account WHERE id = $1", account)?)
                })
            })
            .await?;
        if !registry.verify_secret(&self.about().username, &change.current, Some(known.clone())).await? {
            return Err(LoginError::Refused(AccountProblem::WrongPassword));
        }
        registry.clear_attempts(bucket).await?;
        let password = match &change.password {
            Some(password) => Some(registry.hash_secret(password.expose()).await?),
            None => None,
        };
        let recovery = match &change.recovery {
            Some((question, answer)) => {
                let aad: [&[u8]; 2] = [b"question", account.as_bytes()];
                let sealed = settings.sealer.seal(&settings.entropy, &aad, question.expose().as_bytes());
                Some((sealed, registry.hash_secret(&answer.expose()).await?))
            }
            None => None,
        };
        let token = password.is_some().then(|| Token::new(&registry));
        let (hash, now) = (token.as_ref().map(Token::hash), settings.clock.now());
        transaction!(self.registry(), [hash, registry, known, password, recovery], conn => {
            if let Some((sealed, answer)) = recovery {
                sql!(
                    conn, execute, "UPDATE account SET question_sealed = $2, answer_hash = $3 WHERE id = $1", account, sealed, answer
                )?;
                audit::record(conn, &registry, Actor::Candidate(id), "account.recovery", account).await?;
            }
            if let (Some(password), Some(hash)) = (password, hash) {
                let changed = sql!(
                    conn, execute, "UPDATE account SET password_hash = $3 WHERE id = $1 AND password_hash = $2", account, known, password
                )?;
                if changed == 0 {
                    return Err(Error::Conflict);
                }
                sql!(conn, execute, "UPDATE session SET revoked = $2 WHERE account_id = $1 AND revoked IS NULL", account, now.0)?;
                // A browser that was known may have been somebody else's: it has to prove itself anew.
                sql!(conn, execute, "DELETE FROM device WHERE account_id = $1", account)?;
                sql!(conn, execute, "DELETE FROM parked_form WHERE account_id = $1", account)?;
                begin_session(conn, &registry, account, hash).await?;
                audit::record(conn, &registry, Actor::Candidate(id), "account.password", account).await?;
            }
            Ok(())
        })?;
        Ok(token)
    }
}
