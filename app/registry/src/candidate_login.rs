//! Log-ins and sessions of candidates.
use crate::{
    Actor, Candidate, Error, Login, LoginError, LoginSource, Moment, Registry, Token, account,
    account_kind::CANDIDATE,
    audit,
    db::{sql, transaction},
    own_password::{self, KnownPassword, Replacement},
    throttle::refund,
};
use forms::account::SecurityChange;

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
        let known = KnownPassword::check(&registry, &CANDIDATE, account, &change.current).await?;
        let password = match &change.password {
            Some(password) => Some(registry.hash_secret(&known.admission, password.expose()).await?),
            None => None,
        };
        let recovery = match &change.recovery {
            Some((question, answer)) => {
                let aad: [&[u8]; 2] = [b"question", account.as_bytes()];
                let sealed = settings.sealer.seal(&settings.entropy, &aad, question.expose().as_bytes());
                Some((sealed, registry.hash_secret(&known.admission, &answer.expose()).await?))
            }
            None => None,
        };
        let token = password.is_some().then(|| Token::new(&registry));
        let origin = source.map(LoginSource::origin).unwrap_or_default();
        let replacement = token.as_ref().zip(password).map(|(token, new)| Replacement {
            known: known.hash.clone(),
            new,
            session: token.hash(),
            origin,
        });
        let attempt = known.attempt;
        transaction!(self.registry(), [registry, recovery, replacement, attempt], conn => {
            refund(conn, &attempt).await?;
            if let Some((sealed, answer)) = recovery {
                sql!(
                    conn, execute, "UPDATE account SET question_sealed = $2, answer_hash = $3 WHERE id = $1", account, sealed, answer
                )?;
                audit::record(conn, &registry, Actor::Candidate(id), "account.recovery", account).await?;
            }
            if let Some(replacement) = replacement {
                own_password::replace(conn, &registry, &CANDIDATE, account, replacement).await?;
                sql!(conn, execute, "DELETE FROM parked_form WHERE account_id = $1", account)?;
            }
            Ok(())
        })?;
        Ok(token)
    }
}
