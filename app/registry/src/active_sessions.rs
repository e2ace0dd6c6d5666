//! The open sessions of a candidate's account, as the owner sees and ends them.
use crate::{
    Actor, Candidate, Client, Error, Moment, Token, audit,
    authentication::origin_aad,
    client::SessionOrigin,
    db::{sql, transaction},
};
use forms::ids::LoginSessionId;
use uuid::Uuid;

/// A log-in that has not ended.
#[derive(Clone, Debug)]
pub struct OpenSession {
    /// What forms name it by.
    pub id: LoginSessionId,
    pub client: Client,
    /// The network of the log-in, shortened; empty if it is not known.
    pub network: String,
    pub begun: Moment,
    /// When it was last used, to within five minutes.
    pub seen: Moment,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    token_hash: Vec<u8>,
    origin_sealed: Option<Vec<u8>>,
    created: i64,
    seen: i64,
}

impl Candidate {
    /// The open sessions of this account: the one of `current` first, then the one that was used last. A session that began
    /// before origins were noted has none.
    pub async fn open_sessions(&self, current: &Token) -> Result<Vec<OpenSession>, Error> {
        let settings = self.registry().settings();
        let (account, now, current) = (self.account().uuid(), settings.clock.now(), current.hash());
        let oldest = now.plus_seconds(-settings.session_limit_seconds);
        let rows = self.registry().read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_all as Row,
                    "SELECT id, token_hash, origin_sealed, created, seen FROM session
                     WHERE account_id = $1 AND revoked IS NULL AND expires > $2 AND created > $3 AND id IS NOT NULL
                     ORDER BY seen DESC, id",
                    account,
                    now.0,
                    oldest.0
                )?)
            })
        });
        let read = |row: Row| {
            let aad = origin_aad(&row.token_hash);
            let origin: SessionOrigin = match &row.origin_sealed {
                Some(sealed) => settings.sealer.open_json(&aad, sealed)?,
                None => SessionOrigin::default(),
            };
            Ok(OpenSession {
                id: row.id.into(),
                client: origin.client(),
                network: origin.network,
                begun: Moment(row.created),
                seen: Moment(row.seen),
                is_current: row.token_hash == current,
            })
        };
        let mut sessions = rows.await?.into_iter().map(read).collect::<Result<Vec<_>, Error>>()?;
        sessions.sort_by_key(|session| !session.is_current);
        Ok(sessions)
    }

    /// Ends a session of this account. One that is over already is told the same.
    ///
    /// # Errors
    /// [`Error::NotFound`] if it is no session of this account.
    pub async fn end_session(&self, session: LoginSessionId) -> Result<(), Error> {
        let (registry, me, id) = (self.registry().clone(), self.account(), session.uuid());
        let (account, now) = (me.uuid(), registry.settings().clock.now());
        transaction!(self.registry(), [registry], conn => {
            let ended = sql!(
                conn, execute, "UPDATE session SET revoked = $3 WHERE id = $1 AND account_id = $2 AND revoked IS NULL", id, account, now.0
            )?;
            if ended > 0 {
                return audit::record(conn, &registry, Actor::Candidate(me), "account.session_end", account).await;
            }
            let known = sql!(conn, fetch_optional as (i64,), "SELECT created FROM session WHERE id = $1 AND account_id = $2", id, account)?;
            known.map(drop).ok_or(Error::NotFound)
        })
    }

    /// Ends every session of this account but the one of `current`.
    pub async fn end_other_sessions(&self, current: &Token) -> Result<(), Error> {
        let (registry, me, hash) = (self.registry().clone(), self.account(), current.hash());
        let (account, now) = (me.uuid(), registry.settings().clock.now());
        transaction!(self.registry(), [registry, hash], conn => {
            let ended = sql!(
                conn, execute,
                "UPDATE session SET revoked = $3 WHERE account_id = $1 AND token_hash <> $2 AND revoked IS NULL AND expires > $3",
                account, hash, now.0
            )?;
            if ended > 0 {
                audit::record(conn, &registry, Actor::Candidate(me), "account.sessions_end", account).await?;
            }
            Ok(())
        })
    }
}
