//! Log-ins and sessions of candidates.
use crate::{
    Actor, Candidate, Error, Login, LoginError, LoginSource, Moment, Registry, Token, account,
    account_kind::CANDIDATE,
    audit,
    db::{sql, transaction},
    hashing::Lane,
    login::{begin_session, end_all_sessions, forget_sources},
    throttle::{Budget, give_back},
};
use forms::{account::SecurityChange, problem::AccountProblem};

/// Log-ins that the security page shows.
const SHOWN: i64 = 20;

/// What happened at the log-in of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginEvent {
    /// Somebody logged in.
    LoggedIn,
    /// A password was wrong. One is kept of those of the same minute.
    Failed,
    /// Somebody tried so often that no password was looked at. One is kept of those of the same minute.
    Throttled,
    /// The password was changed.
    PasswordChanged,
    /// The password was recovered (S9).
    Recovered,
    /// Somebody tried to recover it, and something was wrong. One is kept of those of the same minute.
    RecoveryFailed,
    /// Somebody tried that so often that no answer was looked at. One is kept of those of the same minute.
    RecoveryThrottled,
    /// The owner ended log-ins in other browsers.
    OthersEnded,
}
impl LoginEvent {
    fn parse(action: &str) -> Option<Self> {
        match action {
            "account.login" => Some(Self::LoggedIn),
            "account.login_failed" => Some(Self::Failed),
            "account.login_throttled" => Some(Self::Throttled),
            "account.password" => Some(Self::PasswordChanged),
            "account.recover" => Some(Self::Recovered),
            "account.recover_failed" => Some(Self::RecoveryFailed),
            "account.recover_throttled" => Some(Self::RecoveryThrottled),
            "account.session_end" | "account.sessions_end" => Some(Self::OthersEnded),
            _ => None,
        }
    }
}

impl Registry {
    /// Logs in. Guesses are counted for the account and the network, and apart for a browser that has logged in to it before.
    /// Without a source, as commands and tests act, the network counts as unknown.
    pub async fn login(
        &self,
        username: &str,
        password: &str,
        source: Option<&LoginSource>,
    ) -> Result<Login, LoginError> {
        let login = self.authenticate(&CANDIDATE, username, password, source).await?;
        Ok(login.map(Into::into))
    }

    /// Who holds a session. Use prolongs it, which is written once in five minutes at most.
    pub async fn candidate(&self, token: &Token) -> Result<Option<Candidate>, Error> {
        let holder = self.holder(&CANDIDATE, token, |conn, registry, id| {
            Box::pin(async move { account::load(conn, &registry, id).await })
        });
        Ok(holder.await?.map(|account| Candidate::new(self.clone(), account)))
    }

    /// Ends a session at once.
    pub async fn logout(&self, token: &Token) -> Result<(), Error> {
        self.end_session(&CANDIDATE, token).await
    }
}

impl Candidate {
    /// What happened at the log-in of this account in the last thirty days, the newest first.
    pub async fn login_events(&self) -> Result<Vec<(Moment, LoginEvent)>, Error> {
        let (account, since) = (self.account().uuid(), self.registry().settings().clock.now().plus_days(-30));
        let rows = self.registry().read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_all as (i64, String),
                    "SELECT at, action FROM audit WHERE subject = $1 AND at > $2
                     AND action IN ('account.login', 'account.login_failed', 'account.login_throttled', 'account.password',
                        'account.recover', 'account.recover_failed', 'account.recover_throttled',
                        'account.session_end', 'account.sessions_end')
                     ORDER BY at DESC, id DESC LIMIT $3",
                    account,
                    since.0,
                    SHOWN
                )?)
            })
        });
        let event = |(at, action): (i64, String)| Some((Moment(at), LoginEvent::parse(&action)?));
        Ok(rows.await?.into_iter().filter_map(event).collect())
    }

    /// Changes what keeps the account safe, for whoever knows its password (S8). A new password ends every session of the
    /// account; the token of a new one comes back for the browser that changed it, which `source` describes.
    pub async fn secure(
        &self,
        change: &SecurityChange,
        source: Option<&LoginSource>,
    ) -> Result<Option<Token>, LoginError> {
        let (registry, id) = (self.registry().clone(), self.account());
        let (settings, account) = (registry.settings(), id.uuid());
        let admission = registry.hashing().admit(Lane::Known(account))?;
        let budgets = [Budget {
            bucket: settings.sealer.blind_index("password attempts", &account.to_string()),
            most: settings.login_budget,
            pauses: true,
        }];
        if !registry.take_attempts(&budgets).await? {
            return Err(LoginError::Refused(AccountProblem::Throttled));
        }
        let (known,) = registry
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(conn, fetch_one as (String,), "SELECT password_hash FROM account WHERE id = $1", account)?)
                })
            })
            .await?;
        if !registry.hashing().verify(&admission, &change.current, Some(known.clone()), [0; 16]).await? {
            return Err(LoginError::Refused(AccountProblem::WrongPassword));
        }
        let password = match &change.password {
            Some(password) => Some(registry.hash_secret(&admission, password.expose()).await?),
            None => None,
        };
        let recovery = match &change.recovery {
            Some((question, answer)) => {
                let aad: [&[u8]; 2] = [b"question", account.as_bytes()];
                let sealed = settings.sealer.seal(&settings.entropy, &aad, question.expose().as_bytes());
                Some((sealed, registry.hash_secret(&admission, &answer.expose()).await?))
            }
            None => None,
        };
        let token = password.is_some().then(|| Token::new(&registry));
        let hash = token.as_ref().map(Token::hash);
        let origin = source.map(LoginSource::origin).unwrap_or_default();
        transaction!(self.registry(), [hash, registry, known, password, recovery, budgets, origin], conn => {
            give_back(conn, &budgets).await?;
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
                end_all_sessions(conn, &registry, &CANDIDATE, account).await?;
                forget_sources(conn, &CANDIDATE, account).await?;
                sql!(conn, execute, "DELETE FROM parked_form WHERE account_id = $1", account)?;
                begin_session(conn, &registry, &CANDIDATE, account, hash, &origin).await?;
                audit::record(conn, &registry, Actor::Candidate(id), "account.password", account).await?;
            }
            Ok(())
        })?;
        Ok(token)
    }
}
