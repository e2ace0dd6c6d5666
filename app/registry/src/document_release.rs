//! Freeing a document number that somebody occupied (S13): the account that holds it is shut, and the person may register.
use crate::{
    Actor, Error, Registry,
    account_kind::CANDIDATE,
    application, audit,
    authentication::{end_all_sessions, forget_sources},
    db::{sql, transaction},
};
use forms::{choice::Choice, value::IdentityDocument};
use uuid::Uuid;

/// What came of freeing a document number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentRelease {
    /// It is free; the account that held it is shut.
    Released,
    /// Nobody holds it.
    NotTaken,
    /// The account that holds it has an application that was handed in: an office decides about it first (S13).
    ApplicationStands,
}

impl Registry {
    /// Frees a document number, as the operator. The account that holds it is shut at once and keeps its rows, which the audit
    /// refers to; its username stays taken. Its drafts are discarded: one that is submitted at the same moment is either seen to stand,
    /// or finds its draft ended.
    pub async fn release_document(&self, document: &IdentityDocument) -> Result<DocumentRelease, Error> {
        // A draft may be saved between reading and discarding it.
        for _ in 0..5 {
            match self.try_release(document).await {
                Err(Error::Conflict) => {}
                other => return other,
            }
        }
        self.try_release(document).await
    }

    async fn try_release(&self, document: &IdentityDocument) -> Result<DocumentRelease, Error> {
        let (settings, registry) = (self.settings(), self.clone());
        let kind = document.kind().code();
        let index = settings.sealer.blind_index(kind, document.number());
        let now = settings.clock.now();
        transaction!(self, [registry, index], conn => {
            let held = sql!(
                conn, fetch_optional as (Uuid, Uuid),
                "SELECT account.id, person.id FROM account JOIN person ON person.id = person_id WHERE document_kind = $1 AND document_index = $2",
                kind, &index
            )?;
            let Some((account, person)) = held else { return Ok(DocumentRelease::NotTaken) };
            if !application::discard_drafts(conn, &registry, Actor::Operator, account).await? {
                return Ok(DocumentRelease::ApplicationStands);
            }
            sql!(conn, execute, "UPDATE account SET disabled = $2 WHERE id = $1", account, now.0)?;
            end_all_sessions(conn, &registry, &CANDIDATE, account).await?;
            forget_sources(conn, &CANDIDATE, account).await?;
            // The index of nobody: the row is found by no number any more, and its own number stays sealed in it.
            let index = registry.settings().sealer.blind_index("released document", &person.to_string());
            sql!(conn, execute, "UPDATE person SET document_index = $2 WHERE id = $1", person, index)?;
            audit::record(conn, &registry, Actor::Operator, "account.release_document", account).await?;
            Ok(DocumentRelease::Released)
        })
    }
}
