//! Answers of offices.
use super::{NameRequestError, RequestState, evidence_aad, kind_of};
use crate::{
    Actor, Entry, Error, Officer, Registry, audit,
    db::{Conn, sql, transaction},
    dictionary,
};
use forms::{
    ids::{NameRequestId, StaffId},
    name_requests::{Answer, EvidenceFormat},
    review::Role,
};
use uuid::Uuid;

impl Officer {
    /// Which requests this office answers: all of them, or those of an area. A site answers none.
    pub(super) fn answers(&self) -> Result<(bool, String), Error> {
        match self.role() {
            Role::SiteReviewer => Err(Error::NotFound),
            role => Ok((role == Role::Centre, self.scope().to_owned())),
        }
    }

    /// The file of a request that this office answers.
    pub async fn name_evidence(&self, id: NameRequestId) -> Result<(EvidenceFormat, Vec<u8>), Error> {
        let (all, area) = self.answers()?;
        let (registry, id) = (self.registry().clone(), id.uuid());
        let found = self
            .registry()
            .read(move |conn| {
                Box::pin(async move {
                    Ok(sql!(
                        conn,
                        fetch_optional as (String, Vec<u8>),
                        "SELECT e.media_type, e.sealed FROM name_evidence e JOIN name_request r ON r.id = e.request_id
                         WHERE r.id = $1 AND ($2 OR r.region = $3)",
                        id,
                        all,
                        area
                    )?)
                })
            })
            .await?;
        let (media_type, sealed) = found.ok_or(Error::NotFound)?;
        let format =
            EvidenceFormat::parse(&media_type).ok_or_else(|| Error::stored("name_evidence", "media_type", id))?;
        Ok((format, registry.settings().sealer.open(&evidence_aad(&id), &sealed)?))
    }

    /// Answers requested names, all of them or none. Each is identified by one of its requests; the other requests for it are
    /// answered as well. A name that is added or merged is visible in the dictionary at once. Returns the number of answered
    /// requests.
    pub async fn answer_names(&self, requests: &[NameRequestId], answer: &Answer) -> Result<usize, NameRequestError> {
        let (all, area) = self.answers()?;
        let (registry, me) = (self.registry().clone(), self.id());
        let (requests, answer) = (requests.to_vec(), answer.clone());
        transaction!(self.registry(), [registry, area, requests, answer], conn => {
            let mut done = 0;
            for id in requests {
                // An error rolls back what was answered before it.
                done += answer_one(conn, &registry, me, (all, &area), id.uuid(), &answer).await?;
            }
            Ok(done)
        })
        .map_err(|error| if matches!(error, Error::Conflict) { NameRequestError::Overtaken } else { error.into() })
    }
}

#[derive(sqlx::FromRow)]
struct Asked {
    kind: String,
    name: String,
    region: String,
    former: String,
}

/// Answers all open requests for a name; [`Error::Conflict`] if there is none any more, or the entry cannot take it.
async fn answer_one(
    conn: &mut Conn<'_>,
    registry: &Registry,
    me: StaffId,
    (all, area): (bool, &str),
    id: Uuid,
    answer: &Answer,
) -> Result<usize, Error> {
    let number = dictionary::latest(conn).await?;
    let row = sql!(
        conn,
        fetch_optional as Asked,
        "SELECT kind, name, region, former FROM name_request WHERE id = $1 AND ($2 OR region = $3)",
        id,
        all,
        area
    )?;
    let Asked { kind: code, name, region, former } = row.ok_or(Error::NotFound)?;
    let kind = kind_of(id, &code)?;
    let settings = registry.settings();
    let now = settings.clock.now();
    let (state, reason, leads_to) = match answer {
        Answer::Refuse(reason) => (RequestState::Refused, reason.as_str(), None),
        Answer::Approve => {
            let mut leads_to = match dictionary::entry_named(conn, kind, &name, &region).await? {
                Some(known) => known,
                None => Entry::new(kind, &name, &region),
            };
            (leads_to.active, leads_to.merged_into) = (true, None);
            (RequestState::Approved, "", Some(leads_to))
        }
        Answer::Merge(target) => match dictionary::entry(conn, *target).await? {
            Some((of, mut leads_to)) if of == kind && leads_to.active => {
                leads_to.add_alias(&name);
                (RequestState::Merged, "", Some(leads_to))
            }
            _ => return Err(Error::Conflict),
        },
    };
    let answered = sql!(
        conn,
        fetch_all as (Uuid, String),
        "UPDATE name_request SET state = $4, reason = $5, entry_id = $6, answered = $7, answered_by = $8
         WHERE kind = $1 AND name = $2 AND region = $3 AND state = 'open' RETURNING id, former",
        &code,
        &name,
        &region,
        state.code(),
        reason,
        leads_to.as_ref().map(|entry| entry.id.uuid()),
        now.0,
        me.uuid()
    )?;
    if !answered.iter().any(|(one, _)| *one == id) {
        return Err(Error::Conflict);
    }
    if let Some(mut leads_to) = leads_to {
        // Of the former names that people gave, those count that came with the request which was looked at.
        leads_to.add_alias(&former);
        dictionary::change(conn, kind, ("request", settings.entropy.uuid(now), now), number, &[leads_to]).await?;
    }
    let action = match answer {
        Answer::Approve => "name.approve",
        Answer::Merge(_) => "name.merge",
        Answer::Refuse(_) => "name.refuse",
    };
    for (request, _) in &answered {
        audit::record(conn, registry, Actor::Staff(me), action, *request).await?;
    }
    Ok(answered.len())
}
