//! A file that came with a request that is shown again: browsers do not choose it a second time, so it is kept here, sealed, until the
//! request is sent or a short time is over. An account has one.
use super::evidence_aad;
use crate::{
    Candidate, Error, Registry,
    db::{Conn, sql, transaction},
};
use forms::{
    ids::{AccountId, KeptFileId},
    name_requests::evidence,
};
use uuid::Uuid;

/// How long a file is kept, in seconds.
pub const KEPT_FILE_SECONDS: i64 = 900;

fn aad<'a>(account: &'a AccountId, id: &'a KeptFileId) -> [&'a [u8]; 3] {
    [b"kept evidence", account.as_bytes(), id.as_bytes()]
}

/// Takes a file to a request: its media type, and its content sealed anew; nothing where it is not kept any more.
pub(super) async fn take(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: AccountId,
    (id, request): (KeptFileId, Uuid),
) -> Result<Option<(&'static str, Vec<u8>)>, Error> {
    let settings = registry.settings();
    let taken = sql!(
        conn,
        fetch_optional as (Vec<u8>,),
        "DELETE FROM kept_evidence WHERE account_id = $1 AND id = $2 AND expires > $3 RETURNING sealed",
        account.uuid(),
        id.uuid(),
        settings.clock.now().0
    )?;
    let Some((sealed,)) = taken else { return Ok(None) };
    let bytes = settings.sealer.open(&aad(&account, &id), &sealed)?;
    let format = evidence(&bytes).map_err(|_| Error::stored("kept_evidence", "sealed", id.uuid()))?;
    Ok(Some((format.media_type(), settings.sealer.seal(&settings.entropy, &evidence_aad(&request), &bytes))))
}

impl Candidate {
    /// Keeps a file that [`evidence`] has checked, in the place of an earlier one.
    pub async fn keep_evidence(&self, bytes: &[u8]) -> Result<KeptFileId, Error> {
        let (account, settings) = (self.account(), self.registry().settings());
        let now = settings.clock.now();
        let id = KeptFileId::from(settings.entropy.uuid(now));
        let sealed = settings.sealer.seal(&settings.entropy, &aad(&account, &id), bytes);
        let expires = now.plus_seconds(KEPT_FILE_SECONDS).0;
        transaction!(self.registry(), [sealed], conn => {
            sql!(
                conn, execute,
                "INSERT INTO kept_evidence (account_id, id, sealed, expires) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (account_id) DO UPDATE SET id = excluded.id, sealed = excluded.sealed, expires = excluded.expires",
                account.uuid(), id.uuid(), sealed, expires
            )?;
            Ok(())
        })?;
        Ok(id)
    }

    /// Whether a file is still kept.
    pub async fn keeps_evidence(&self, id: KeptFileId) -> Result<bool, Error> {
        let (account, now) = (self.account().uuid(), self.registry().settings().clock.now());
        let found = self.registry().read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_optional as (i64,),
                    "SELECT expires FROM kept_evidence WHERE account_id = $1 AND id = $2 AND expires > $3",
                    account,
                    id.uuid(),
                    now.0
                )?)
            })
        });
        Ok(found.await?.is_some())
    }
}
