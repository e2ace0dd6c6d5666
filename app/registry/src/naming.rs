//! Names that are missing from the dictionaries: asked for by candidates, answered by the offices (S27, S28, S118).
use crate::{
    Candidate, DictionaryKind, Entry, Error, Moment, Officer, Registry, audit,
    db::{Conn, query, write},
    dictionary::{change, entry, entry_named},
};
use forms::{
    choice::{Choice, NameKind},
    ids::{DictionaryId, NameRequestId},
    naming::{NameRequest, OPEN_REQUESTS},
    problem::NamingProblem,
    review::Role,
};
use uuid::Uuid;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Nobody has answered yet.
    Open,
    /// The name is in the dictionary.
    Approved,
    /// It is another name of an entry that was there.
    Merged,
    /// It was not added, for a reason.
    Refused,
}
impl RequestState {
    /// Its name in storage and in the locales.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Merged => "merged",
            Self::Refused => "refused",
        }
    }
    fn parse(code: &str) -> Result<Self, Error> {
        let all = [Self::Open, Self::Approved, Self::Merged, Self::Refused];
        all.into_iter().find(|state| state.code() == code).ok_or(Error::Stored("state of a request for a name"))
    }
}

/// A request with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRequestRow {
    /// Its id.
    pub id: NameRequestId,
    /// What it is the name of.
    pub kind: DictionaryKind,
    /// The name.
    pub name: String,
    /// Two digits of the provincial unit, or nothing.
    pub region: String,
    /// The name it had before, or nothing.
    pub former: String,
    /// When it was asked for.
    pub created: Moment,
    /// What became of it.
    pub state: RequestState,
    /// Why it was refused.
    pub reason: String,
    /// The entry that the name now leads to.
    pub entry: Option<DictionaryId>,
}

/// What an office answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The name is added.
    Approve,
    /// It is another name of an entry.
    Merge(DictionaryId),
    /// It is not added, and why.
    Refuse(String),
}

/// Why a request was not taken, or not answered.
#[derive(Debug, thiserror::Error)]
pub enum NamingError {
    /// The person may not ask for that now.
    #[error("the request is refused")]
    Refused(NamingProblem),
    /// Somebody has answered it, or the entry is not of its kind or out of use.
    #[error("the request cannot be answered so any more")]
    Overtaken,
    /// The books.
    #[error(transparent)]
    Books(#[from] Error),
}

type Row = (Uuid, String, String, String, String, i64, String, String, Option<Uuid>);

impl NameRequestRow {
    fn from_row((id, kind, name, region, former, created, state, reason, entry): Row) -> Result<Self, Error> {
        Ok(Self {
            id: id.into(),
            kind: DictionaryKind::parse(&kind).ok_or(Error::Stored("kind of a request for a name"))?,
            name,
            region,
            former,
            created: Moment(created),
            state: RequestState::parse(&state)?,
            reason,
            entry: entry.map(Into::into),
        })
    }
}

impl From<NameKind> for DictionaryKind {
    fn from(kind: NameKind) -> Self {
        match kind {
            NameKind::School => Self::School,
            NameKind::Major => Self::Major,
            NameKind::Employer => Self::Employer,
        }
    }
}

/// What a transaction found.
enum Outcome<T> {
    Done(T),
    Refused(NamingProblem),
    Overtaken,
}
impl<T> Outcome<T> {
    fn into_result(self) -> Result<T, NamingError> {
        match self {
            Self::Done(done) => Ok(done),
            Self::Refused(problem) => Err(NamingError::Refused(problem)),
            Self::Overtaken => Err(NamingError::Overtaken),
        }
    }
}

impl Candidate {
    /// Asks for a name. As many of a person's requests may be open as [`OPEN_REQUESTS`] says, and each name once.
    pub async fn ask_for_name(&self, request: &NameRequest) -> Result<NameRequestId, NamingError> {
        let (books, account) = (self.registry().clone(), self.about().id.uuid());
        let now = books.settings().clock.now();
        let id = books.settings().entropy.uuid(now);
        let (kind, request) = (DictionaryKind::from(request.kind), request.clone());
        let region = request.region.map(Choice::code).unwrap_or_default();
        write!(self.registry(), [books, request], conn => {
            if entry_named(conn, kind, &request.name, region).await?.is_some_and(|entry| entry.active) {
                return Ok(Outcome::Refused(NamingProblem::AlreadyListed));
            }
            // Two requests at the same moment wait for each other at the account's row.
            query!(conn, execute, "UPDATE account SET username = username WHERE id = $1", account)?;
            let (open, same) = query!(
                conn, fetch_one as (i64, i64),
                "SELECT COUNT(*), COUNT(CASE WHEN kind = $2 AND name = $3 AND region = $4 THEN 1 END) FROM name_request \
                 WHERE account_id = $1 AND state = 'open'",
                account, kind.code(), &request.name, region
            )?;
            if same > 0 {
                return Ok(Outcome::Refused(NamingProblem::AlreadyAsked));
            }
            if open >= OPEN_REQUESTS {
                return Ok(Outcome::Refused(NamingProblem::TooMany));
            }
            query!(
                conn, execute,
                "INSERT INTO name_request (id, account_id, kind, name, region, former, created, state, reason) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '')",
                id, account, kind.code(), &request.name, region, request.former.as_deref().unwrap_or_default(), now.0
            )?;
            audit::record(conn, &books, account, "name.ask", id).await?;
            Ok(Outcome::Done(id.into()))
        })?.into_result()
    }

    /// The person's requests, the latest first.
    pub async fn name_requests(&self) -> Result<Vec<NameRequestRow>, Error> {
        let account = self.about().id.uuid();
        let rows = self
            .registry()
            .read(move |conn| {
                Box::pin(async move {
                    Ok(query!(
                        conn,
                        fetch_all as Row,
                        "SELECT id, kind, name, region, former, created, state, reason, entry_id FROM name_request \
                 WHERE account_id = $1 ORDER BY created DESC, id DESC LIMIT 50",
                        account
                    )?)
                })
            })
            .await?;
        rows.into_iter().map(NameRequestRow::from_row).collect()
    }
}

impl Officer {
    /// Open requests that this office answers, the oldest first: of its own area, or all of them at the centre. Sites answer none.
    pub async fn name_requests(&self) -> Result<Vec<NameRequestRow>, Error> {
        let (all, area) = (self.role() == Role::Centre, self.scope().to_owned());
        if self.role() == Role::SiteReviewer {
            return Ok(Vec::new());
        }
        let rows = self
            .registry()
            .read(move |conn| {
                Box::pin(async move {
                    Ok(query!(
                        conn,
                        fetch_all as Row,
                        "SELECT id, kind, name, region, former, created, state, reason, entry_id FROM name_request \
                 WHERE state = 'open' AND ($1 OR region = $2) ORDER BY created, id LIMIT 100",
                        all,
                        area
                    )?)
                })
            })
            .await?;
        rows.into_iter().map(NameRequestRow::from_row).collect()
    }

    /// Answers requests, all of them or none. A name that is added or merged is seen in the dictionary at once.
    pub async fn answer_names(&self, requests: &[NameRequestId], answer: &Answer) -> Result<(), NamingError> {
        let (books, me) = (self.registry().clone(), self.id().uuid());
        let (all, area) = (self.role() == Role::Centre, self.scope().to_owned());
        if self.role() == Role::SiteReviewer {
            return Err(NamingError::Books(Error::NotFound));
        }
        let (requests, answer) = (requests.to_vec(), answer.clone());
        write!(self.registry(), [books, area, requests, answer], conn => {
            for id in requests {
                match answer_one(conn, &books, me, (all, &area), id, &answer).await? {
                    Outcome::Done(()) => {}
                    // An error, so that what was answered before it in the same batch is undone.
                    Outcome::Refused(_) | Outcome::Overtaken => return Err(Error::Conflict),
                }
            }
            Ok(())
        })
        .map_err(|error| if matches!(error, Error::Conflict) { NamingError::Overtaken } else { error.into() })
    }
}

async fn answer_one(
    conn: &mut Conn<'_>,
    books: &Registry,
    me: Uuid,
    (all, area): (bool, &str),
    id: NameRequestId,
    answer: &Answer,
) -> Result<Outcome<()>, Error> {
    let row = query!(
        conn,
        fetch_optional as Row,
        "SELECT id, kind, name, region, former, created, state, reason, entry_id FROM name_request \
         WHERE id = $1 AND ($2 OR region = $3)",
        id.uuid(),
        all,
        area
    )?;
    let request = NameRequestRow::from_row(row.ok_or(Error::NotFound)?)?;
    let settings = books.settings();
    let now = settings.clock.now();
    let (state, reason, stands) = match answer {
        Answer::Refuse(reason) => (RequestState::Refused, reason.as_str(), None),
        Answer::Approve => {
            let mut stands = match entry_named(conn, request.kind, &request.name, &request.region).await? {
                Some(stands) => stands,
                None => Entry::new(request.kind, &request.name, &request.region),
            };
            (stands.active, stands.merged_into) = (true, None);
            stands.also_called(&request.former);
            (RequestState::Approved, "", Some(stands))
        }
        Answer::Merge(target) => match entry(conn, *target).await? {
            Some((kind, mut stands)) if kind == request.kind && stands.active => {
                stands.also_called(&request.name);
                stands.also_called(&request.former);
                (RequestState::Merged, "", Some(stands))
            }
            _ => return Ok(Outcome::Overtaken),
        },
    };
    let done = query!(
        conn,
        execute,
        "UPDATE name_request SET state = $2, reason = $3, entry_id = $4, answered = $5, answered_by = $6 \
         WHERE id = $1 AND state = 'open'",
        id.uuid(),
        state.code(),
        reason,
        stands.as_ref().map(|entry| entry.id.uuid()),
        now.0,
        me
    )?;
    if done == 0 {
        return Ok(Outcome::Overtaken);
    }
    if let Some(stands) = stands {
        change(conn, request.kind, "request", settings.entropy.uuid(now), now, &[stands]).await?;
    }
    let action = match answer {
        Answer::Approve => "name.approve",
        Answer::Merge(_) => "name.merge",
        Answer::Refuse(_) => "name.refuse",
    };
    audit::record(conn, books, me, action, id.uuid()).await?;
    Ok(Outcome::Done(()))
}
