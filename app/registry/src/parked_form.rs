//! Forms that were posted when their session had ended: kept sealed for fifteen minutes, and given back to the account that
//! their page was drawn for.
use crate::{
    Error, Registry,
    db::{sql, transaction},
    seal,
};
use forms::ids::AccountId;

/// How long a form is kept, in seconds.
pub const PARKED_SECONDS: i64 = 900;

/// The associated data of a parked form.
fn aad<'a>(account: &'a AccountId, path_hash: &'a [u8]) -> [&'a [u8]; 3] {
    [b"parked_form", account.as_bytes(), path_hash]
}

/// What was posted after a session had ended.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ParkedForm {
    /// The path that it was posted to.
    pub path: String,
    pub pairs: Vec<(String, String)>,
}

#[derive(sqlx::FromRow)]
struct Row {
    parked: i64,
    path_hash: Vec<u8>,
    sealed: Vec<u8>,
}

impl Registry {
    /// Keeps a form for an account, in place of an earlier one of the same path.
    pub async fn park(&self, account: AccountId, form: &ParkedForm) -> Result<(), Error> {
        let settings = self.settings();
        let now = settings.clock.now();
        let path_hash = seal::token_hash(form.path.as_bytes());
        let sealed = settings.sealer.seal_json(&settings.entropy, &aad(&account, &path_hash), form)?;
        transaction!(self, [path_hash, sealed], conn => {
            sql!(
                conn, execute,
                "INSERT INTO parked_form (account_id, path_hash, parked, expires, sealed) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (account_id, path_hash) DO UPDATE SET parked = excluded.parked, expires = excluded.expires, sealed = excluded.sealed",
                account.uuid(), path_hash, now.0, now.plus_seconds(PARKED_SECONDS).0, sealed
            )?;
            Ok(())
        })
    }

    /// Takes back what was parked for an account, once, the oldest first.
    pub async fn unpark(&self, account: AccountId) -> Result<Vec<ParkedForm>, Error> {
        let now = self.settings().clock.now();
        let rows: Result<Vec<Row>, Error> = transaction!(self, [], conn => {
            Ok(sql!(
                conn, fetch_all as Row,
                "DELETE FROM parked_form WHERE account_id = $1 AND expires > $2 RETURNING parked, path_hash, sealed",
                account.uuid(), now.0
            )?)
        });
        let mut rows = rows?;
        rows.sort_unstable_by_key(|row| row.parked);
        let open = |row: Row| self.settings().sealer.open_json(&aad(&account, &row.path_hash), &row.sealed);
        rows.into_iter().map(open).collect()
    }
}
