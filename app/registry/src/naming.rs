//! Names that are missing from the dictionaries: asked for by candidates, answered by the offices (S27, S28, S118).
use crate::{
    Candidate, DictionaryKind, Entry, Error, Moment, Officer, Registry, audit,
    db::{Conn, query, write},
    dictionary::{change, entry, entry_named, latest, only_listed_as},
    profile,
};
use forms::{
    choice::{Choice, NameKind},
    ids::{DictionaryId, NameRequestId},
    name_requests::{Answer, EvidenceFormat, NameRequest, OPEN_REQUESTS, REQUESTS_A_MONTH},
    problem::NameRequestProblem,
    profile::{EntryDraft, WorkDraft},
    review::Role,
    value::ListedName,
};
use uuid::Uuid;

/// Thirty days in microseconds.
const MONTH: i64 = 30 * 86_400 * 1_000_000;
/// Names that an office sees on a page.
const NAMES_A_PAGE: i64 = 30;
/// Former names and files that are shown of a name.
const SHOWN_OF_A_NAME: i64 = 10;
/// So many of the people who miss a name have their drafts looked at: they are sealed, and each is opened for it.
pub const PEOPLE_LOOKED_AT: i64 = 20;

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
    /// The person took it back.
    Withdrawn,
}
impl RequestState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Open, Self::Approved, Self::Merged, Self::Refused, Self::Withdrawn];
    /// Its name in storage and in the locales.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Merged => "merged",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
    fn parse(code: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|s| s.code() == code).ok_or(Error::Stored("state of a request for a name"))
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
    /// When it was answered.
    pub answered: Option<Moment>,
    /// The entry that the name now leads to, with the name that counts there.
    pub leads_to: Option<(DictionaryId, String)>,
}

/// A name that people miss, as an office sees it: all their open requests are answered together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingName {
    /// The oldest request, which stands for all of them.
    pub id: NameRequestId,
    /// What it is the name of.
    pub kind: DictionaryKind,
    /// The name.
    pub name: String,
    /// Two digits of the provincial unit, or nothing.
    pub region: String,
    /// Since when it is missed.
    pub since: Moment,
    /// How many people asked for it.
    pub people: usize,
    /// Former names that they gave, ten at most.
    pub former: Vec<String>,
    /// Requests that came with a file, and its format; the oldest ten.
    pub evidence: Vec<(NameRequestId, EvidenceFormat)>,
    /// Groups, entries and applications not handed in yet that hold the name as typed, of the first of these people, as many as
    /// [`PEOPLE_LOOKED_AT`] says.
    pub waiting: usize,
}

/// The missing names that an office answers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissingNames {
    /// Those of this page, the oldest first.
    pub names: Vec<MissingName>,
    /// How many there are in all.
    pub all: usize,
}

/// Why a request was not taken, or not answered.
#[derive(Debug, thiserror::Error)]
pub enum NamingError {
    /// The person may not ask for that now.
    #[error("the request is refused")]
    Refused(NameRequestProblem),
    /// Somebody has answered it, or the entry is not of its kind or out of use.
    #[error("the request cannot be answered so any more")]
    Overtaken,
    /// The books.
    #[error(transparent)]
    Books(#[from] Error),
}

type Row = (Uuid, String, String, String, String, i64, String, String, Option<i64>, Option<Uuid>);

impl NameRequestRow {
    fn from_row(row: Row) -> Result<(Self, Option<Uuid>), Error> {
        let (id, kind, name, region, former, created, state, reason, answered, entry) = row;
        let row = Self {
            id: id.into(),
            kind: kind_of(&kind)?,
            name,
            region,
            former,
            created: Moment(created),
            state: RequestState::parse(&state)?,
            reason,
            answered: answered.map(Moment),
            leads_to: None,
        };
        Ok((row, entry))
    }
}

fn kind_of(code: &str) -> Result<DictionaryKind, Error> {
    DictionaryKind::parse(code).ok_or(Error::Stored("kind of a request for a name"))
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

fn evidence_place(request: &Uuid) -> [&[u8]; 2] {
    [b"name evidence", request.as_bytes()]
}

impl Candidate {
    /// Asks for a name, with a file that shows it where there is one; the file was judged by [`forms::name_requests::evidence`]. How many
    /// requests of a person may be open, and how many there may be in a month, the forms crate says; each name is asked for once.
    pub async fn ask_for_name(
        &self,
        request: &NameRequest,
        evidence: Option<(EvidenceFormat, Vec<u8>)>,
    ) -> Result<NameRequestId, NamingError> {
        let (books, account) = (self.registry().clone(), self.about().id.uuid());
        let settings = books.settings();
        let now = settings.clock.now();
        let id = settings.entropy.uuid(now);
        let (kind, request) = (DictionaryKind::from(request.kind), request.clone());
        let region = request.region.map(Choice::code).unwrap_or_default();
        let seal = |bytes: Vec<u8>| settings.sealer.seal(&settings.entropy, &evidence_place(&id), &bytes);
        let evidence = evidence.map(|(format, bytes)| (format.media_type(), seal(bytes)));
        let done: Result<(), NameRequestProblem> = write!(self.registry(), [books, request, evidence], conn => {
            if entry_named(conn, kind, &request.name, region).await?.is_some_and(|entry| entry.active) {
                return Ok(Err(NameRequestProblem::AlreadyListed));
            }
            // Two requests at the same moment wait for each other at the account's row.
            query!(conn, execute, "UPDATE account SET username = username WHERE id = $1", account)?;
            let (open, recent, same) = query!(
                conn, fetch_one as (i64, i64, i64),
                "SELECT COUNT(CASE WHEN state = 'open' THEN 1 END), COUNT(CASE WHEN created > $5 THEN 1 END),
                    COUNT(CASE WHEN state = 'open' AND kind = $2 AND name = $3 AND region = $4 THEN 1 END)
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
            query!(
                conn, execute,
                "INSERT INTO name_request (id, account_id, kind, name, region, former, created, state, reason)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', '')",
                id, account, kind.code(), &request.name, region, request.former.as_deref().unwrap_or_default(), now.0
            )?;
            if let Some((media_type, sealed)) = evidence {
                query!(
                    conn, execute, "INSERT INTO name_evidence (request_id, media_type, sealed) VALUES ($1, $2, $3)", id, media_type, sealed
                )?;
            }
            audit::record(conn, &books, account, "name.ask", id).await?;
            Ok(Ok(()))
        })?;
        done.map(|()| id.into()).map_err(NamingError::Refused)
    }

    /// The person's requests, the latest first.
    pub async fn name_requests(&self) -> Result<Vec<NameRequestRow>, Error> {
        let account = self.about().id.uuid();
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    let rows = query!(
                        conn,
                        fetch_all as Row,
                        "SELECT id, kind, name, region, former, created, state, reason, answered, entry_id FROM name_request
                         WHERE account_id = $1 ORDER BY created DESC, id DESC LIMIT 50",
                        account
                    )?;
                    let mut requests = Vec::new();
                    for row in rows {
                        let (mut request, leads_to) = NameRequestRow::from_row(row)?;
                        if let Some(id) = leads_to {
                            request.leads_to = entry(conn, id.into()).await?.map(|(_, entry)| (entry.id, entry.name));
                        }
                        requests.push(request);
                    }
                    Ok(requests)
                })
            })
            .await
    }

    /// Takes a request back that nobody has answered. Its file goes with it.
    pub async fn withdraw_name(&self, id: NameRequestId) -> Result<(), NamingError> {
        let (books, account, id) = (self.registry().clone(), self.about().id.uuid(), id.uuid());
        let now = books.settings().clock.now();
        let done: Option<bool> = write!(self.registry(), [books], conn => {
            let done = query!(
                conn, execute,
                "UPDATE name_request SET state = 'withdrawn', answered = $3 WHERE id = $1 AND account_id = $2 AND state = 'open'",
                id, account, now.0
            )?;
            if done == 0 {
                let known = query!(
                    conn, fetch_optional as (Uuid,), "SELECT id FROM name_request WHERE id = $1 AND account_id = $2", id, account
                )?;
                return Ok(known.map(|_| false));
            }
            query!(conn, execute, "DELETE FROM name_evidence WHERE request_id = $1", id)?;
            audit::record(conn, &books, account, "name.withdraw", id).await?;
            Ok(Some(true))
        })?;
        match done {
            Some(true) => Ok(()),
            Some(false) => Err(NamingError::Overtaken),
            None => Err(NamingError::Books(Error::NotFound)),
        }
    }
}

impl Officer {
    /// Which requests this office answers: all of them, or those of an area. A site answers none.
    fn answers(&self) -> Result<(bool, String), Error> {
        match self.role() {
            Role::SiteReviewer => Err(Error::NotFound),
            role => Ok((role == Role::Centre, self.scope().to_owned())),
        }
    }

    /// The names that are missed and that this office answers, those first that have waited longest: of its own area, or all of them
    /// at the centre, which also answers for majors and for places that no area looks after. Sites answer none.
    pub async fn missing_names(&self) -> Result<MissingNames, Error> {
        let Ok((all, area)) = self.answers() else { return Ok(MissingNames::default()) };
        let books = self.registry().clone();
        self.registry().read(move |conn| Box::pin(async move { missing_names(conn, &books, all, area).await })).await
    }

    /// The file that came with a request which this office answers.
    pub async fn name_evidence(&self, id: NameRequestId) -> Result<(EvidenceFormat, Vec<u8>), Error> {
        let (all, area) = self.answers()?;
        let (books, id) = (self.registry().clone(), id.uuid());
        let found = self
            .registry()
            .read(move |conn| {
                Box::pin(async move {
                    Ok(query!(
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
        let format = EvidenceFormat::parse(&media_type).ok_or(Error::Stored("format of a file"))?;
        Ok((format, books.settings().sealer.open(&evidence_place(&id), &sealed)?))
    }

    /// Answers names that are missed, all of them or none; each is named by one of its requests, and whoever else asked for it is
    /// answered too. A name that is added or merged is seen in the dictionary at once. Says how many requests were answered.
    pub async fn answer_names(&self, requests: &[NameRequestId], answer: &Answer) -> Result<usize, NamingError> {
        let (all, area) = self.answers()?;
        let (books, me) = (self.registry().clone(), self.id().uuid());
        let (requests, answer) = (requests.to_vec(), answer.clone());
        write!(self.registry(), [books, area, requests, answer], conn => {
            let mut done = 0;
            for id in requests {
                // An error undoes what was answered before it in the same batch.
                done += answer_one(conn, &books, me, (all, &area), id.uuid(), &answer).await?;
            }
            Ok(done)
        })
        .map_err(|error| if matches!(error, Error::Conflict) { NamingError::Overtaken } else { error.into() })
    }
}

/// Answers all open requests for a name; [`Error::Conflict`] where there is none any more, or the entry cannot take it.
async fn answer_one(
    conn: &mut Conn<'_>,
    books: &Registry,
    me: Uuid,
    (all, area): (bool, &str),
    id: Uuid,
    answer: &Answer,
) -> Result<usize, Error> {
    let number = latest(conn).await?;
    let row = query!(
        conn,
        fetch_optional as (String, String, String, String),
        "SELECT kind, name, region, former FROM name_request WHERE id = $1 AND ($2 OR region = $3)",
        id,
        all,
        area
    )?;
    let (kind, name, region, former) = row.ok_or(Error::NotFound)?;
    let (code, kind) = (kind.as_str(), kind_of(&kind)?);
    let settings = books.settings();
    let now = settings.clock.now();
    let (state, reason, leads_to) = match answer {
        Answer::Refuse(reason) => (RequestState::Refused, reason.as_str(), None),
        Answer::Approve => {
            let mut leads_to = match entry_named(conn, kind, &name, &region).await? {
                Some(known) => known,
                None => Entry::new(kind, &name, &region),
            };
            (leads_to.active, leads_to.merged_into) = (true, None);
            (RequestState::Approved, "", Some(leads_to))
        }
        Answer::Merge(target) => match entry(conn, *target).await? {
            Some((of, mut leads_to)) if of == kind && leads_to.active => {
                leads_to.also_called(&name);
                (RequestState::Merged, "", Some(leads_to))
            }
            _ => return Err(Error::Conflict),
        },
    };
    let answered = query!(
        conn,
        fetch_all as (Uuid, String),
        "UPDATE name_request SET state = $4, reason = $5, entry_id = $6, answered = $7, answered_by = $8
         WHERE kind = $1 AND name = $2 AND region = $3 AND state = 'open' RETURNING id, former",
        code,
        &name,
        &region,
        state.code(),
        reason,
        leads_to.as_ref().map(|entry| entry.id.uuid()),
        now.0,
        me
    )?;
    if !answered.iter().any(|(one, _)| *one == id) {
        return Err(Error::Conflict);
    }
    if let Some(mut leads_to) = leads_to {
        // Of the former names that people gave, those count that came with the request which was looked at.
        leads_to.also_called(&former);
        change(conn, kind, ("request", settings.entropy.uuid(now), now), number, &[leads_to]).await?;
    }
    let action = match answer {
        Answer::Approve => "name.approve",
        Answer::Merge(_) => "name.merge",
        Answer::Refuse(_) => "name.refuse",
    };
    for (request, _) in &answered {
        audit::record(conn, books, me, action, *request).await?;
    }
    Ok(answered.len())
}

async fn missing_names(conn: &mut Conn<'_>, books: &Registry, all: bool, area: String) -> Result<MissingNames, Error> {
    let (count,) = query!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM (SELECT DISTINCT kind, name, region FROM name_request WHERE state = 'open' AND ($1 OR region = $2)) AS missed",
        all,
        &area
    )?;
    let rows = query!(
        conn,
        fetch_all as (Uuid, String, String, String, i64, i64),
        "SELECT id, kind, name, region, created, people FROM (
            SELECT id, kind, name, region, created, COUNT(*) OVER (PARTITION BY kind, name, region) AS people,
                ROW_NUMBER() OVER (PARTITION BY kind, name, region ORDER BY created, id) AS place
            FROM name_request WHERE state = 'open' AND ($1 OR region = $2)
         ) AS missed WHERE place = 1 ORDER BY created, id LIMIT $3",
        all,
        &area,
        NAMES_A_PAGE
    )?;
    let mut names = Vec::new();
    for (id, kind, name, region, since, people) in rows {
        let asked = query!(
            conn,
            fetch_all as (Uuid,),
            "SELECT account_id FROM name_request WHERE kind = $1 AND name = $2 AND region = $3 AND state = 'open' ORDER BY created, id LIMIT $4",
            &kind,
            &name,
            &region,
            PEOPLE_LOOKED_AT
        )?;
        let former = query!(
            conn,
            fetch_all as (String,),
            "SELECT DISTINCT former FROM name_request WHERE kind = $1 AND name = $2 AND region = $3 AND state = 'open' AND former <> ''
             ORDER BY former LIMIT $4",
            &kind,
            &name,
            &region,
            SHOWN_OF_A_NAME
        )?;
        let evidence = query!(
            conn,
            fetch_all as (Uuid, String),
            "SELECT r.id, e.media_type FROM name_request r JOIN name_evidence e ON e.request_id = r.id
             WHERE r.kind = $1 AND r.name = $2 AND r.region = $3 AND r.state = 'open' ORDER BY r.created, r.id LIMIT $4",
            &kind,
            &name,
            &region,
            SHOWN_OF_A_NAME
        )?;
        let kind = kind_of(&kind)?;
        let mut waiting = 0;
        for (account,) in asked {
            waiting += waiting_drafts(conn, books, account, kind, &name).await?;
        }
        let file = |(id, media_type): (Uuid, String)| Some((id.into(), EvidenceFormat::parse(&media_type)?));
        names.push(MissingName {
            id: id.into(),
            kind,
            region,
            since: Moment(since),
            people: usize::try_from(people).unwrap_or_default(),
            former: former.into_iter().map(|(former,)| former).collect(),
            evidence: evidence.into_iter().filter_map(file).collect(),
            waiting,
            name,
        });
    }
    Ok(MissingNames { names, all: usize::try_from(count).unwrap_or_default() })
}

/// How many of a person's drafts hold a name as typed, without an entry.
async fn waiting_drafts(
    conn: &mut Conn<'_>,
    books: &Registry,
    account: Uuid,
    kind: DictionaryKind,
    name: &str,
) -> Result<usize, Error> {
    let holds =
        |slots: Vec<Slot<'_>>| slots.iter().any(|slot| slot.kind == kind && slot.unlisted().as_deref() == Some(name));
    let mut known = profile::stored(conn, books, account).await?;
    let mut waiting = usize::from(holds(work_slots(&mut known.work.draft)));
    for entry in known.entries.iter_mut().filter(|entry| !entry.is_read_only()) {
        waiting += usize::from(holds(entry_slots(&mut entry.draft)));
    }
    for mut draft in crate::application::unsent(conn, books, account).await? {
        waiting += usize::from(holds(work_slots(&mut draft.work)));
    }
    Ok(waiting)
}

/// A name in a draft, with the id of its entry.
pub(crate) struct Slot<'a> {
    kind: DictionaryKind,
    name: &'a mut String,
    id: &'a mut String,
}

impl Slot<'_> {
    /// The name as a request would hold it, if it was typed and not chosen from the list.
    fn unlisted(&self) -> Option<String> {
        let typed = || ListedName::parse(self.name, "").ok().map(|name| name.name().to_owned());
        self.id.is_empty().then(typed).flatten()
    }
}

/// The names of 工作情况.
pub(crate) fn work_slots(work: &mut WorkDraft) -> Vec<Slot<'_>> {
    vec![Slot { kind: DictionaryKind::Employer, name: &mut work.employer, id: &mut work.employer_id }]
}
/// The names of an entry.
pub(crate) fn entry_slots(entry: &mut EntryDraft) -> Vec<Slot<'_>> {
    match entry {
        EntryDraft::Education(e) => vec![
            Slot { kind: DictionaryKind::School, name: &mut e.school, id: &mut e.school_id },
            Slot { kind: DictionaryKind::Major, name: &mut e.major, id: &mut e.major_id },
        ],
        EntryDraft::Training(t) => {
            vec![Slot { kind: DictionaryKind::Employer, name: &mut t.institution, id: &mut t.institution_id }]
        }
        EntryDraft::Certificate(_) => Vec::new(),
    }
}

/// Completes names that were typed while they were missing and that are in the dictionaries by now: those that stand there as
/// they were typed, and those of which an office answered this person that they are another name of an entry.
pub(crate) async fn complete(conn: &mut Conn<'_>, account: Uuid, slots: Vec<Slot<'_>>) -> Result<(), Error> {
    for slot in slots {
        let Some(typed) = slot.unlisted() else { continue };
        if let Some((id, name)) = leads_to(conn, account, slot.kind, &typed).await? {
            (*slot.id, *slot.name) = (id.to_string(), name);
        }
    }
    Ok(())
}

/// The same for a name that was judged already.
pub(crate) async fn complete_name(
    conn: &mut Conn<'_>,
    account: Uuid,
    kind: DictionaryKind,
    name: &mut ListedName,
) -> Result<(), Error> {
    if name.id().is_none()
        && let Some((id, listed)) = leads_to(conn, account, kind, name.name()).await?
        && let Ok(listed) = ListedName::parse(&listed, &id.to_string())
    {
        *name = listed;
    }
    Ok(())
}

async fn leads_to(
    conn: &mut Conn<'_>,
    account: Uuid,
    kind: DictionaryKind,
    typed: &str,
) -> Result<Option<(DictionaryId, String)>, Error> {
    // What this person was answered comes first: the same name may stand for another institution elsewhere.
    let answered = query!(
        conn,
        fetch_optional as (Uuid,),
        "SELECT entry_id FROM name_request WHERE account_id = $1 AND kind = $2 AND name = $3 AND entry_id IS NOT NULL
         ORDER BY answered DESC LIMIT 1",
        account,
        kind.code(),
        typed
    )?;
    if let Some((id,)) = answered
        && let Some((_, stands)) = entry(conn, id.into()).await?.filter(|(_, entry)| entry.active)
    {
        return Ok(Some((stands.id, stands.name)));
    }
    Ok(only_listed_as(conn, kind, typed).await?.map(|entry| (entry.id, entry.name)))
}
