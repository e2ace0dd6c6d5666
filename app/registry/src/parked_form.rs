//! Forms that were posted after their session had ended: kept sealed for fifteen minutes, and given back to the same account.
use crate::{
    Error, Registry, Token,
    db::{sql, transaction},
};
use forms::ids::AccountId;
use uuid::Uuid;

/// What was posted after a session had ended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ParkedForm {
    pub path: String,
    pub pairs: Vec<(String, String)>,
}

impl Registry {
    /// Whose session a token was, even when it is over, unless the owner ended it.
    pub async fn former_owner(&self, token: &Token) -> Result<Option<AccountId>, Error> {
        let hash = token.hash();
        self.read(move |conn| {
            Box::pin(async move {
                let row = sql!(
                    conn,
                    fetch_optional as (Uuid,),
                    "SELECT account_id FROM session WHERE token_hash = $1 AND revoked IS NULL",
                    hash
                )?;
                Ok(row.map(|r| r.0.into()))
            })
        })
        .await
    }

    /// Keeps a post for fifteen minutes, sealed, for an account.
    pub async fn park(&self, account: AccountId, parked: &ParkedForm) -> Result<Token, Error> {
        let settings = self.settings();
        let (token, now) = (Token::new(self), settings.clock.now());
        let hash = token.hash();
        let sealed = settings.sealer.seal_json(&settings.entropy, &[b"parked", &hash], parked)?;
        transaction!(self, [hash, sealed], conn => {
            sql!(conn, execute, "DELETE FROM parked WHERE expires < $1 OR account_id = $2", now.0, account.uuid())?;
            sql!(
                conn, execute, "INSERT INTO parked (token_hash, account_id, expires, sealed) VALUES ($1, $2, $3, $4)",
                hash, account.uuid(), now.plus_seconds(900).0, sealed
            )?;
            Ok(())
        })?;
        Ok(token)
    }

    /// Takes back what was parked, once, and only for the same account.
    pub async fn unpark(&self, account: AccountId, token: &Token) -> Result<Option<ParkedForm>, Error> {
        let (hash, now) = (token.hash(), self.settings().clock.now());
        let find = hash.clone();
        let row: Result<Option<(Vec<u8>,)>, Error> = transaction!(self, [find], conn => {
            Ok(sql!(
                conn, fetch_optional as (Vec<u8>,), "DELETE FROM parked WHERE token_hash = $1 AND account_id = $2 AND expires > $3 RETURNING sealed",
                find, account.uuid(), now.0
            )?)
        });
        row?.map(|(sealed,)| self.settings().sealer.open_json(&[b"parked", &hash], &sealed)).transpose()
    }
}
