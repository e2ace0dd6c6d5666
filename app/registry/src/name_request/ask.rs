//! Requests as candidates make, see and withdraw them.
use super::{NameRequestError, NameRequestRow, RequestState, evidence_aad, keep, kind_of};
use crate::{
    Actor, Candidate, DictionaryKind, Error, Moment, audit,
    db::{sql, transaction},
    dictionary,
};
use forms::{
    choice::Choice,
    ids::{KeptFileId, NameRequestId},
    name_requests::{EvidenceFormat, NameRequest, OPEN_REQUESTS, REQUESTS_A_MONTH},
    problem::NameRequestProblem,
};
use uuid::Uuid;

/// Thirty days in microseconds.
const MONTH: i64 = 30 * 86_400 * 1_000_000;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    kind: String,
    name: String,
    region: String,
    former: String,
    created: i64,
    state: String,
    reason: String,
    answered: Option<i64>,
    entry_id: Option<Uuid>,
}
impl TryFrom<Row> for NameRequestRow {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.id.into(),
            kind: kind_of(row.id, &row.kind)?,
            name: row.name,
            region: row.region,
            former: row.former,
            created: Moment(row.created),
            state: RequestState::parse(&row.state).ok_or_else(|| Error::stored("name_request", "state", row.id))?,
            reason: row.reason,
            answered: row.answered.map(Moment),
            leads_to: None,
        })
    }
}

/// Requests of an account: open, of the last month, and open for the same name.
#[derive(sqlx::FromRow)]
struct Counts {
    open: i64,
    recent: i64,
    same: i64,
}

/// A file that comes with a request.
#[derive(Clone)]
enum Evidence {
    New(EvidenceFormat, Vec<u8>),
    /// One that was kept when the request was shown again.
    Kept(KeptFileId),
}

impl Candidate {
    /// Requests a name, optionally with a file that shows it, which [`forms::name_requests::evidence`] has checked. A candidate may have
    /// [`OPEN_REQUESTS`] open requests, [`REQUESTS_A_MONTH`] in a month, and one for each name.
    pub async fn ask_for_name(
        &self,
        request: &NameRequest,
        evidence: Option<(EvidenceFormat, Vec<u8>)>,
    ) -> Result<NameRequestId, NameRequestError> {
        self.ask(request, evidence.map(|(format, bytes)| Evidence::New(format, bytes))).await
    }

    /// The same with a file that was kept ([`Candidate::keep_evidence`]).
    pub async fn ask_with_kept_evidence(
        &self,
        request: &NameRequest,
        file: KeptFileId,
    ) -> Result<NameRequestId, NameRequestError> {
        self.ask(request, Some(Evidence::Kept(file))).await
    }

    async fn ask(&self, request: &NameRequest, evidence: Option<Evidence>) -> Result<NameRequestId, NameRequestError> {
        let (registry, me) = (self.registry().clone(), self.account());
        let account = me.uuid();
        let settings = registry.settings();
        let now = settings.clock.now();
        let (kind, request) = (DictionaryKind::from(request.kind), request.clone());
        let region = request.region.map(Choice::code).unwrap_or_default();
        // A page that sends its request again means the one that it made.
        let id = match self.page() {
            Some(page) => {
                page.uuid(&[b"name_request", account.as_bytes(), kind.code().as_bytes(), request.name.as_bytes()])
            }
            None => settings.entropy.uuid(now),
        };
        let done: Result<(), NameRequestProblem> = transaction!(self.registry(), [registry, request, evidence], conn => {
            // Concurrent requests of an account wait for each other at its row.
            sql!(conn, execute, "UPDATE account SET username = username WHERE id = $1", account)?;
            let made = sql!(
                conn, fetch_optional as (Uuid,), "SELECT id FROM name_request WHERE id = $1 AND account_id = $2", id, account
            )?;
            if made.is_some() {
                return Ok(Ok(()));
            }
            if dictionary::entry_named(conn, kind, &request.name, region).await?.is_some_and(|entry| entry.active) {
                return Ok(Err(NameRequestProblem::AlreadyListed));
            }
            let Counts { open, recent, same } = sql!(
                conn, fetch_one as Counts,
                "SELECT COUNT(CASE WHEN state = 'open' THEN 1 END) AS open, COUNT(CASE WHEN created > $5 THEN 1 END) AS recent,
                    COUNT(CASE WHEN state = 'open' AND kind = $2 AND name = $3 AND region = $4 THEN 1 END) AS same
                 FROM name_request WHERE account_id = $1",
                account, kind.code(), &request.name, region, now.0 - MONTH
            )?;
            if same > 0 {
                return Ok(Err(NameRequestProblem::AlreadyAsked));
            }
            if open >= OPEN_REQUESTS {
                return Ok(Err(NameRequestProblem::TooMany));
            }
            if recent >= REQUESTS_A_MONTH {
                return Ok(Err(NameRequestProblem::TooOften));
            }
            let file = match evidence {
                Some(Evidence::Kept(file)) => match keep::take(conn, &registry, me, (file, id)).await? {
                    None => return Ok(Err(NameRequestProblem::EvidenceGone)),
                    taken => taken,
                },
                Some(Evidence::New(format, bytes)) => {
                    let settings = registry.settings();
                    Some((format.media_type(), settings.sealer.seal(&settings.entropy, &evidence_aad(&id), &bytes)))
                }
                None => None,
            };
            sql!(
                conn, execute,
                "INSERT INTO name_request (id, account_id, kind, name, region, former, created, state, reason)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '')",
                id, account, kind.code(), &request.name, region, request.former.as_deref().unwrap_or_default(), now.0
            )?;
            if let Some((media_type, sealed)) = file {
                sql!(
                    conn, execute, "INSERT INTO name_evidence (request_id, media_type, sealed) VALUES ($1, $2, $3)", id, media_type, sealed
                )?;
            }
            audit::record(conn, &registry, Actor::Candidate(me), "name.ask", id).await?;
            Ok(Ok(()))
        })?;
        done.map(|()| id.into()).map_err(NameRequestError::Refused)
    }

    /// The candidate's requests, the latest first.
    pub async fn name_requests(&self) -> Result<Vec<NameRequestRow>, Error> {
        let account = self.account().uuid();
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    let rows = sql!(
                        conn,
                        fetch_all as Row,
                        "SELECT id, kind, name, region, former, created, state, reason, answered, entry_id FROM name_request
                         WHERE account_id = $1 ORDER BY created DESC, id DESC LIMIT 50",
                        account
                    )?;
                    let mut requests = Vec::new();
                    for row in rows {
                        let leads_to = row.entry_id;
                        let mut request = NameRequestRow::try_from(row)?;
                        if let Some(id) = leads_to {
                            request.leads_to = dictionary::entry(conn, id.into()).await?.map(|(_, entry)| (entry.id, entry.name));
                        }
                        requests.push(request);
                    }
                    Ok(requests)
                })
            })
            .await
    }

    /// Withdraws an open request and deletes its file.
    pub async fn withdraw_name(&self, id: NameRequestId) -> Result<(), NameRequestError> {
        let (registry, me, id) = (self.registry().clone(), self.account(), id.uuid());
        let account = me.uuid();
        let now = registry.settings().clock.now();
        let done: Option<bool> = transaction!(self.registry(), [registry], conn => {
            let done = sql!(
                conn, execute,
                "UPDATE name_request SET state = 'withdrawn', answered = $3 WHERE id = $1 AND account_id = $2 AND state = 'open'",
                id, account, now.0
            )?;
            if done == 0 {
                let known = sql!(
                    conn, fetch_optional as (Uuid,), "SELECT id FROM name_request WHERE id = $1 AND account_id = $2", id, account
                )?;
                return Ok(known.map(|_| false));
            }
            sql!(conn, execute, "DELETE FROM name_evidence WHERE request_id = $1", id)?;
            audit::record(conn, &registry, Actor::Candidate(me), "name.withdraw", id).await?;
            Ok(Some(true))
        })?;
        match done {
            Some(true) => Ok(()),
            Some(false) => Err(NameRequestError::Overtaken),
            None => Err(NameRequestError::Registry(Error::NotFound)),
        }
    }
}
