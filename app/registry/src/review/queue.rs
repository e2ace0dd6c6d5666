//! The queue of an office, and its search.
use super::{
    Claim, ReviewError,
    claim::{CLAIM_SECONDS, ClaimColumns},
};
use crate::{
    Error, Moment, Officer,
    db::{Conn, sql},
    filter::{Bind, Filter},
};
use forms::{
    application::Flag,
    category::Category,
    choice::{Choice, DocumentType},
    ids::{ApplicationId, Serial},
    status::ApplicationStatus,
    text,
    value::IdentityDocument,
};
use uuid::Uuid;

/// Rows of a page.
const PAGE: usize = 50;

/// What staff search for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Applications in this state; by default those that wait for the office.
    pub status: Option<ApplicationStatus>,
    pub category: Option<Category>,
    pub flag: Option<Flag>,
    /// A name or its beginning, its pinyin initials, a serial, or a whole document number; then the state is ignored.
    pub find: String,
    /// The last row of the page before.
    pub after: Option<ApplicationId>,
    /// Only records that nobody has claimed.
    pub unclaimed: bool,
}

/// A row of the queue.
#[derive(Clone, Debug)]
pub struct QueueRow {
    pub id: ApplicationId,
    pub serial: String,
    /// The name of the person.
    pub name: String,
    /// The code of the category.
    pub category: String,
    /// The code of the site.
    pub site: String,
    pub status: ApplicationStatus,
    /// Since when it has waited.
    pub waiting_since: Moment,
    pub flags: Vec<Flag>,
    pub claim: Option<Claim>,
}

/// A page of the queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Those that have waited longest come first, or in the order of the search.
    pub rows: Vec<QueueRow>,
    /// Whether more rows follow.
    pub more: bool,
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    id: Uuid,
    serial: Option<String>,
    name: Option<String>,
    category: String,
    site: Option<String>,
    status: String,
    #[sqlx(rename = "waiting")]
    waiting_since: i64,
    flags: i64,
    #[sqlx(flatten)]
    claim: ClaimColumns,
}

/// The last row of the page before, with what the pages are ordered by.
#[derive(sqlx::FromRow)]
struct After {
    id: Uuid,
    site: Option<String>,
    area: Option<String>,
    #[sqlx(rename = "waiting")]
    waiting_since: i64,
    name: Option<String>,
    initials: Option<String>,
}

/// What a search term is.
enum Term {
    /// None: the queue itself.
    Blank,
    Serial(Serial),
    /// A document number, or anything else with a digit.
    Number(String),
    /// The beginning of pinyin initials, in lower case.
    Initials(String),
    /// The beginning of a name.
    Name(String),
}
impl Term {
    fn parse(typed: &str) -> Self {
        let term = text::half_width(typed);
        let term = term.trim().to_owned();
        if term.is_empty() {
            Self::Blank
        } else if let Some(serial) = Serial::parse(&term) {
            Self::Serial(serial)
        } else if term.chars().any(|c| c.is_ascii_digit()) {
            Self::Number(term)
        } else if term.chars().all(|c| c.is_ascii_alphabetic()) {
            Self::Initials(term.to_ascii_lowercase())
        } else {
            Self::Name(term)
        }
    }
    /// Whether it is looked up in an index of its own.
    const fn names_one_record(&self) -> bool {
        matches!(self, Self::Serial(_) | Self::Number(_))
    }
}

/// The bounds of the texts that begin with a prefix: from the first value, before the second.
fn prefix(text: String) -> [Bind; 2] {
    let end = format!("{text}\u{10FFFF}");
    [Bind::Text(text), Bind::Text(end)]
}
const LIMIT: Bind = Bind::Number(PAGE as i64 + 1);

impl Officer {
    /// A page of the queue, or of the results of a search.
    pub async fn queue(&self, search: &Search) -> Result<Queue, Error> {
        let (me, search) = (self.clone(), search.clone());
        self.registry().read(move |conn| Box::pin(async move { me.list(conn, &search).await })).await
    }

    /// Claims the record that has waited longest and that nobody has, and returns it.
    pub async fn next(&self) -> Result<Option<ApplicationId>, Error> {
        let page = self.queue(&Search { unclaimed: true, ..Search::default() }).await?;
        for row in &page.rows {
            match self.claim(row.id, true).await {
                Ok(()) => return Ok(Some(row.id)),
                Err(ReviewError::Refused(_)) => {}
                Err(ReviewError::Registry(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    async fn list(&self, conn: &mut Conn<'_>, search: &Search) -> Result<Queue, Error> {
        let now = self.registry().settings().clock.now();
        let mut filter = Filter::new(
            "SELECT application.id, serial, application.name, category, site, status, waiting, flags, claimed_by, claimed_at, staff.name AS claimed_name
             FROM application LEFT JOIN staff ON staff.id = claimed_by WHERE waiting IS NOT NULL",
        );
        let term = Term::parse(&search.find);
        self.add_scope(&mut filter, term.names_one_record());
        if let Some(category) = search.category {
            filter.add(" AND category = ?", [Bind::Text(category.to_string())]);
        }
        if let Some(flag) = search.flag {
            filter.add(" AND (flags / ?) % 2 = 1", [Bind::Number(Flag::bits(&[flag]))]);
        }
        if search.unclaimed {
            let stale = Bind::Number(now.plus_seconds(-CLAIM_SECONDS).0);
            filter.add(" AND (claimed_by IS NULL OR claimed_at <= ?)", [stale]);
        }
        let after = match search.after {
            Some(id) => self.after(conn, id).await?,
            None => None,
        };
        self.add_term(&mut filter, term, search.status, after);
        let mut rows: Vec<ListedRow> = filter.fetch_all(conn).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let listed = |row: ListedRow| {
            let status = ApplicationStatus::parse(&row.status);
            Ok(QueueRow {
                id: row.id.into(),
                serial: row.serial.unwrap_or_default(),
                name: row.name.unwrap_or_default(),
                category: row.category,
                site: row.site.unwrap_or_default(),
                status: status.map_err(|_| Error::stored("application", "status", row.id))?,
                waiting_since: Moment(row.waiting_since),
                flags: Flag::of_bits(row.flags),
                claim: row.claim.seen_by(self, now),
            })
        };
        Ok(Queue { rows: rows.into_iter().map(listed).collect::<Result<_, Error>>()?, more })
    }

    /// Restricts a list to a term, and orders it by the index that finds the term.
    fn add_term(&self, filter: &mut Filter, term: Term, status: Option<ApplicationStatus>, after: Option<After>) {
        match term {
            Term::Blank => {
                let status = status.unwrap_or(self.role().default_queue_status());
                filter.add(" AND status = ?", [Bind::Text(status.code().to_owned())]);
                if let Some(after) = after {
                    let binds = [Bind::Number(after.waiting_since), Bind::Id(after.id)];
                    filter.add(" AND (waiting, application.id) > (?, ?)", binds);
                }
                filter.add(" ORDER BY waiting, application.id LIMIT ?", [LIMIT]);
            }
            Term::Serial(serial) => filter.add(" AND serial = ?", [Bind::Text(serial.as_str().to_owned())]),
            Term::Number(number) => {
                // A number does not say of which type the document is: it is looked for as each type that it may be.
                let sealer = &self.registry().settings().sealer;
                let kinds = DocumentType::ALL.iter().filter_map(|kind| IdentityDocument::parse(*kind, &number).ok());
                filter.add(" AND document_index IN (?", [Bind::Bytes(Vec::new())]);
                for document in kinds {
                    let index = sealer.blind_index(document.kind().code(), document.number());
                    filter.add(", ?", [Bind::Bytes(index)]);
                }
                filter.add(") ORDER BY application.id LIMIT ?", [LIMIT]);
            }
            Term::Initials(initials) => {
                filter.add(" AND initials >= ? AND initials < ?", prefix(initials));
                if let Some(After { id, initials, .. }) = after {
                    let binds = [Bind::Text(initials.unwrap_or_default()), Bind::Id(id)];
                    filter.add(" AND (initials, application.id) > (?, ?)", binds);
                }
                filter.add(" ORDER BY initials, application.id LIMIT ?", [LIMIT]);
            }
            Term::Name(name) => {
                filter.add(" AND application.name >= ? AND application.name < ?", prefix(name));
                if let Some(After { id, name, .. }) = after {
                    let binds = [Bind::Text(name.unwrap_or_default()), Bind::Id(id)];
                    filter.add(" AND (application.name, application.id) > (?, ?)", binds);
                }
                filter.add(" ORDER BY application.name, application.id LIMIT ?", [LIMIT]);
            }
        }
    }

    /// The last row of the page before. One of another office is as one that is not there.
    async fn after(&self, conn: &mut Conn<'_>, id: ApplicationId) -> Result<Option<After>, Error> {
        let row = sql!(
            conn,
            fetch_optional as After,
            "SELECT id, site, area, waiting, name, initials FROM application WHERE id = $1 AND waiting IS NOT NULL",
            id.uuid()
        )?;
        Ok(row.filter(|row| self.sees(row.site.as_deref(), row.area.as_deref())))
    }
}
