//! Recovering a password by name, document and the answer to the recovery question, which is never shown (S9, X36).
//!
//! Every failure says the same and costs the same as one about somebody who has no account: a hash is always made. Attempts are
//! counted as those of log-ins are, in budgets of their own, so that neither uses up the other's. Whoever succeeds is known to the
//! account from then on by a cookie: a flood of log-ins does not keep the owner from using the new password.
use crate::{
    Actor, Error, LoginSource, PageKey, Registry, Token,
    account_kind::CANDIDATE,
    audit,
    authentication::{KnownSource, end_all_sessions, forget_sources, known_source, remember_device},
    db::{sql, transaction},
    hashing::Admission,
    throttle::{Budget, refund},
};
use forms::{
    account::Recovery,
    choice::Choice,
    value::{Password, Username},
};
use uuid::Uuid;

/// The kind of the attempts, and a part of the salt of nobody.
const KIND: &str = "recovery";

/// Why a password was not recovered.
#[derive(Debug, thiserror::Error)]
pub enum RecoveryError {
    /// Name, document and answer are not those of an account, whichever of them is wrong.
    #[error("refused")]
    Refused,
    /// It was tried too often, whether or not there is an account.
    #[error("too often")]
    Throttled,
    /// Everything is right, but the new password contains the username. Nobody is told so who did not know the answer.
    #[error("the password contains the username")]
    PasswordPersonal,
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
}

#[derive(Clone, sqlx::FromRow)]
struct Row {
    id: Uuid,
    username: String,
    name: String,
    password_hash: String,
    answer_hash: String,
    recovery_page: Option<Vec<u8>>,
}
impl Row {
    /// Names in Latin letters count without regard to case, as nobody remembers the case of a form of years ago.
    fn is_of(&self, recovery: &Recovery) -> bool {
        self.name.to_lowercase() == recovery.name.as_str().to_lowercase()
    }
}

/// A password that was recovered.
pub struct Recovered {
    /// The cookie by which the account knows this browser.
    pub device: Token,
    /// For the log-in that follows: whoever forgot the password may have forgotten it too.
    pub username: Username,
}

impl Registry {
    /// Sets a new password for whoever knows name, document and answer, and ends every session of the account. A page that sends the same again is answered the same and changes
    /// nothing.
    pub async fn recover(
        &self,
        page: Option<PageKey>,
        recovery: &Recovery,
        source: Option<&LoginSource>,
    ) -> Result<Recovered, RecoveryError> {
        let source = source.cloned().unwrap_or_default();
        let key = format!("{} {}", recovery.document.kind().code(), recovery.document.number());
        let ((row, known), admission) = self.admit(&source, self.look_up_person(recovery, &source)).await?;
        let account = row.as_ref().map(|row| row.id);
        let budgets = self.budgets_of(KIND, &key, &source, &known);
        if !self.take_attempts(&budgets).await? {
            self.audit_failed_login(account, "account.recover_throttled").await?;
            return Err(RecoveryError::Throttled);
        }
        let (stored, salt) = (row.as_ref().map(|row| row.answer_hash.clone()), self.decoy_salt(KIND, &key));
        let right = self.hashing().verify(&admission, &recovery.answer.expose(), stored, salt).await?;
        let Some(row) = row.filter(|row| right && row.is_of(recovery)) else {
            self.audit_failed_login(account, "account.recover_failed").await?;
            return Err(RecoveryError::Refused);
        };
        let rule = &self.settings().account_rules.password;
        if Password::parse(rule, recovery.password.expose(), &[&row.username]).is_err() {
            // It counts as an attempt and the owner reads of it: whoever guessed the answer does not learn so unnoticed.
            self.audit_failed_login(account, "account.recover_failed").await?;
            return Err(RecoveryError::PasswordPersonal);
        }
        let device = known.device_or_new(self);
        self.set_password(&admission, page, recovery, &row, &device, &budgets).await?;
        let username = Username::parse(&row.username).map_err(|_| Error::stored("account", "username", row.id))?;
        Ok(Recovered { device, username })
    }

    /// Looks up whose document it is, and what the account knows of the browser and the network.
    async fn look_up_person(
        &self,
        recovery: &Recovery,
        source: &LoginSource,
    ) -> Result<(Option<Row>, KnownSource), Error> {
        let kind = recovery.document.kind().code();
        let index = self.settings().sealer.blind_index(kind, recovery.document.number());
        let (registry, source) = (self.clone(), source.clone());
        self.read(move |conn| {
            Box::pin(async move {
                let row = sql!(
                    conn,
                    fetch_optional as Row,
                    "SELECT account.id, username, name, password_hash, answer_hash, recovery_page
                     FROM account JOIN person ON person.id = person_id
                     WHERE document_kind = $1 AND document_index = $2 AND disabled IS NULL",
                    kind,
                    index
                )?;
                let id = row.as_ref().map(|row| row.id).unwrap_or_default();
                Ok((row, known_source(conn, &registry, &CANDIDATE, id, source).await?))
            })
        })
        .await
    }

    /// Sets the password of whoever proved to be the owner, unless this page has done so.
    async fn set_password(
        &self,
        admission: &Admission,
        page: Option<PageKey>,
        recovery: &Recovery,
        row: &Row,
        device: &Token,
        budgets: &[Budget],
    ) -> Result<(), Error> {
        let is_done = async |row: &Row| match (page, &row.recovery_page) {
            (Some(page), Some(own)) if page.bytes() == *own => {
                let hash = Some(row.password_hash.clone());
                self.hashing().verify(admission, recovery.password.expose(), hash, [0; 16]).await
            }
            _ => Ok(false),
        };
        if is_done(row).await? {
            return self.know_device(row.id, device, budgets).await;
        }
        let password = self.hash_secret(admission, recovery.password.expose()).await?;
        let (account, now, registry) = (row.id, self.settings().clock.now(), self.clone());
        let (device_hash, page_key, budgets) = (device.hash(), page.map(PageKey::bytes), budgets.to_vec());
        let (known, all) = (row.clone(), budgets.clone());
        let changed: bool = transaction!(self, [registry, known, password, device_hash, page_key, budgets], conn => {
            // Of two posts at the same moment one finds the password as it was.
            let changed = sql!(
                conn, execute,
                "UPDATE account SET password_hash = $2, recovery_page = $3
                 WHERE id = $1 AND password_hash = $4 AND answer_hash = $5 AND disabled IS NULL",
                account, password, page_key, known.password_hash, known.answer_hash
            )?;
            if changed == 0 {
                return Ok(false);
            }
            end_all_sessions(conn, &registry, &CANDIDATE, account).await?;
            forget_sources(conn, &CANDIDATE, account).await?;
            sql!(conn, execute, "DELETE FROM parked_form WHERE account_id = $1", account)?;
            remember_device(conn, &CANDIDATE, account, device_hash, now).await?;
            refund(conn, &budgets).await?;
            audit::record(conn, &registry, Actor::Candidate(account.into()), "account.recover", account).await?;
            Ok(true)
        })?;
        if changed {
            return Ok(());
        }
        let current = self.look_up_person(recovery, &LoginSource::default()).await?.0;
        match current {
            Some(row) if is_done(&row).await? => self.know_device(account, device, &all).await,
            // Something else changed the account at the same moment: nothing was done, and it may be tried again.
            _ => Err(Error::Busy),
        }
    }

    /// Remembers the browser of a post that was sent again, whose first answer was lost.
    async fn know_device(&self, account: Uuid, device: &Token, budgets: &[Budget]) -> Result<(), Error> {
        let (hash, budgets, now) = (device.hash(), budgets.to_vec(), self.settings().clock.now());
        transaction!(self, [hash, budgets], conn => {
            remember_device(conn, &CANDIDATE, account, hash, now).await?;
            refund(conn, &budgets).await
        })
    }
}
