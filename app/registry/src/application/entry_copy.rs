//! Correcting an entry that the application to be replaced still holds (S18, S53, X1).
use super::{
    draft_aad,
    standing::{hold, standing},
    view,
};
use crate::{
    Actor, Candidate, Error, audit,
    db::{sql, transaction},
    entry_lock::{self, entry_aad},
    profile,
};
use forms::{
    application::ApplicationDraft,
    ids::{ApplicationId, EntryId},
    status::ApplicationStatus,
};

impl Candidate {
    /// Makes a copy of an entry that can be edited, for a draft that is to replace an application, and selects it there in the place of
    /// the original. The submitted application keeps the original; once it ended, the copy takes its place. Answers the copy, or
    /// that of before, or the entry itself where nothing locks it. [`Error::NotFound`] for a draft that replaces nothing and for an
    /// entry that it does not have, [`Error::Conflict`] for one that was verified or that another application holds as well.
    pub async fn copy_entry(&self, draft: ApplicationId, entry: EntryId) -> Result<EntryId, Error> {
        let (registry, me) = (self.registry().clone(), self.account());
        let now = registry.settings().clock.now();
        let (fresh, draft) = (registry.settings().entropy.uuid(now), draft.uuid());
        transaction!(self.registry(), [registry], conn => {
            let (account, settings) = (me.uuid(), registry.settings());
            let view = view(conn, &registry, account, draft).await?;
            let replaced = view.replaces.filter(|_| view.row.status == ApplicationStatus::Draft).ok_or(Error::NotFound)?;
            if let Some(made) = view.entries.iter().find(|own| own.copy_of == Some(entry)) {
                return Ok(made.id);
            }
            let known = view.entries.iter().find(|own| own.id == entry).ok_or(Error::NotFound)?;
            if !known.is_read_only() {
                return Ok(entry);
            }
            let is_held = entry_lock::held_by(conn, replaced.uuid()).await?.contains(&entry.uuid());
            if known.verified || known.locks != 1 || !is_held {
                return Err(Error::Conflict);
            }
            // Its end settles the copies that there are.
            let at = standing(conn, account, replaced.uuid()).await?;
            hold(conn, &at).await?;
            if !at.status.is_live() {
                return Err(Error::Conflict);
            }
            profile::check_room(conn, account, fresh).await?;
            let aad = entry_aad(&fresh);
            let sealed = settings.sealer.seal_json(&settings.entropy, &aad, &known.draft)?;
            let valid = known.complete.as_ref().map(|valid| settings.sealer.seal_json(&settings.entropy, &aad, valid));
            sql!(
                conn, execute,
                "INSERT INTO entry (id, account_id, kind, draft_sealed, valid_sealed, version, created, copy_of)
                 VALUES ($1, $2, $3, $4, $5, 1, $6, $7)",
                fresh, account, known.kind().code(), sealed, valid.transpose()?, now.0, entry.uuid()
            )?;
            let stored = sql!(conn, fetch_one as (Vec<u8>,), "SELECT draft_sealed FROM application WHERE id = $1", draft)?.0;
            let mut answers: ApplicationDraft = settings.sealer.open_json(&draft_aad(&draft), &stored)?;
            answers.selection.exchange(known.kind(), entry, fresh.into());
            let sealed = settings.sealer.seal_json(&settings.entropy, &draft_aad(&draft), &answers)?;
            let saved = sql!(
                conn, execute,
                "UPDATE application SET draft_sealed = $2, version = version + 1, updated = $3 WHERE id = $1 AND version = $4",
                draft, sealed, now.0, view.row.version
            )?;
            if saved == 0 {
                return Err(Error::Conflict);
            }
            audit::record(conn, &registry, Actor::Candidate(me), "entry.copy", fresh).await?;
            Ok(fresh.into())
        })
    }
}
