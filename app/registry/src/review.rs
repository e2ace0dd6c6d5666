//! What offices do with applications: the queue, one record with everything that belongs to it, and the deeds of a review.
//! Everything is scoped to the site or area of the [`Officer`]; a foreign record is not found.
use crate::{
    ApplicationView, Error, ExamSession, Moment, Officer, Registry, Sealer, application, audit,
    db::Conn,
    db::query,
    db::write,
    filter::{Bind, Filter},
    seal,
};
use forms::{
    Context, Field, Problem, Problems,
    account::Identity,
    application::{Application, Flag},
    category::Category,
    choice::{Choice, DocumentType},
    ids::{ApplicationId, EntryId, Serial},
    problem::{AccountProblem, ReviewProblem},
    profile::EntryKind,
    review::{
        CorrectionDraft, CorrectionReason, Finding, FindingReason, Item, ItemFinding, ItemProblem, ReviewAction,
        ReviewDraft, ReviewOutcome, Role, editable_fields,
    },
    status::{ApplicationEvent, ApplicationStatus},
    text,
    value::{Date, IdentityDocument},
};
use pinyin::ToPinyin;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// How long a record stays taken without a sign of life, in seconds.
const CLAIM: i64 = 20 * 60;
/// Rows of one page of the queue.
const PAGE: usize = 50;

/// What staff look for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Applications in this state; those that wait for the office unless said.
    pub status: Option<ApplicationStatus>,
    /// Of this category.
    pub category: Option<Category>,
    /// With this flag.
    pub flag: Option<Flag>,
    /// A name or its beginning, its pinyin initials, a serial, or a whole document number; then the state does not count.
    pub find: String,
    /// The last row of the page before.
    pub after: Option<ApplicationId>,
    /// Only what nobody has taken.
    pub unclaimed: bool,
}

/// Who has taken a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The name that colleagues see.
    pub name: String,
    /// Whether it is the one who asks.
    pub mine: bool,
}

/// A row of the queue.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// The application.
    pub id: ApplicationId,
    /// Its serial.
    pub serial: String,
    /// Who applies.
    pub name: String,
    /// The category's code.
    pub category: String,
    /// The site's code.
    pub site: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// Since when it waits.
    pub waiting: Moment,
    /// What to look at.
    pub flags: Vec<Flag>,
    /// Who is at it.
    pub claim: Option<Claim>,
}

/// A page of the queue.
#[derive(Clone, Debug)]
pub struct Queue {
    /// Its rows, those that wait longest first.
    pub rows: Vec<QueueRow>,
    /// Whether there are more after them.
    pub more: bool,
}

/// Something that happened to an application.
#[derive(Clone, Debug)]
pub struct Event {
    /// When.
    pub at: Moment,
    /// What, as the audit calls it.
    pub action: String,
    /// The office that did it, with the code of its site or area; nothing where the candidate did.
    pub office: Option<(Role, String)>,
}

/// A correction of identity data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CorrectionRow {
    /// Field, before, after, as typed in forms.
    pub changes: Vec<(Field, String, String)>,
    /// Why.
    pub reason: CorrectionReason,
    /// What the code does not say.
    pub note: String,
}

/// What is known about an application besides its answers, to its candidate and to the offices alike.
#[derive(Clone, Debug)]
pub struct Follow {
    /// What happened, the oldest first.
    pub events: Vec<Event>,
    /// What was found about its items, as it stands.
    pub found: Vec<ItemFinding>,
    /// Those of them that were found before the application came back.
    pub again: Vec<Item>,
    /// What was corrected, the oldest first.
    pub corrections: Vec<(Moment, CorrectionRow)>,
    /// The version that was signed, and when.
    pub signature: Option<(i64, Moment)>,
    /// The answers that a returned application may change.
    pub opened: Vec<Field>,
    /// The version of its papers.
    pub paper: i64,
}

/// One record at the desk.
#[derive(Clone, Debug)]
pub struct Record {
    /// The application.
    pub view: ApplicationView,
    /// What is known besides.
    pub follow: Follow,
    /// What was submitted before the last change.
    pub before: Option<Application>,
    /// Since when it waits.
    pub waiting: Moment,
    /// Who is at it.
    pub claim: Option<Claim>,
}

/// What a deed answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// It is done.
    Yes,
    /// It is not, and why.
    No(Refused),
}

/// Why a deed was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Items of a checklist, or the deed as a whole.
    Items(Vec<ItemProblem>),
    /// Fields of a correction.
    Fields(Problems),
}
fn refused(code: ReviewProblem) -> Done {
    Done::No(Refused::Items(vec![ItemProblem { item: None, code: code.into() }]))
}

/// A paper to print.
#[derive(Clone, Debug)]
pub struct Paper {
    /// Its version.
    pub version: i64,
    /// The code by which anybody can ask whether it is the latest.
    pub code: String,
}

/// What a code says about a paper, and nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperState {
    /// It is the latest version of an application that stands.
    Latest,
    /// There is a newer version, or the application is over.
    Old,
    /// No paper has this code.
    Unknown,
}

/// What staff search by.
pub(crate) struct Columns {
    pub(crate) name: String,
    pub(crate) initials: String,
    pub(crate) document: Vec<u8>,
    pub(crate) flags: i64,
}
impl Columns {
    pub(crate) fn of(sealer: &Sealer, application: &Application, exam: &ExamSession) -> Self {
        let document = &application.identity.document;
        let name = application.identity.name.to_string();
        Self {
            initials: initials(&name),
            name,
            document: sealer.index(document.kind().code(), document.number()),
            flags: Flag::bits(&application.flags(Moment(exam.review_closes.0 - 1).date())),
        }
    }
}

/// The pinyin initials of a person's name; letters stand for themselves. Surnames are read as surnames are.
pub fn initials(name: &str) -> String {
    let surname = |c: char| match c {
        '单' => Some('s'),
        '曾' | '查' | '翟' => Some('z'),
        '仇' | '覃' => Some('q'),
        '解' | '洗' => Some('x'),
        '区' => Some('o'),
        '尉' => Some('w'),
        '朴' => Some('p'),
        '缪' => Some('m'),
        '盖' => Some('g'),
        '乐' => Some('y'),
        _ => None,
    };
    let letter = |(at, c): (usize, char)| {
        surname(c)
            .filter(|_| at == 0)
            .or_else(|| c.to_pinyin().and_then(|reading| reading.first_letter().chars().next()))
            .or_else(|| c.is_alphanumeric().then(|| c.to_lowercase().next()).flatten())
    };
    name.chars().enumerate().filter_map(letter).collect()
}

/// The code of a new paper: 128 random bits in Crockford's letters and digits, which nobody reads for another.
fn new_code(registry: &Registry) -> String {
    const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let number = u128::from_be_bytes(registry.settings().entropy.bytes());
    (0..26).rev().map(|place| LETTERS[(number >> (place * 5)) as usize & 31] as char).collect()
}
/// A code as it may be typed: small letters, spaces, and the letters that look like digits.
fn plain_code(typed: &str) -> String {
    let letter = |c: char| match c.to_ascii_uppercase() {
        'O' => Some('0'),
        'I' | 'L' => Some('1'),
        c if c.is_ascii_alphanumeric() => Some(c),
        _ => None,
    };
    typed.chars().take(64).filter_map(letter).collect()
}

/// Gives an application's papers a version and a code.
pub(crate) async fn new_paper(conn: &mut Conn<'_>, registry: &Registry, id: Uuid, version: i64) -> Result<(), Error> {
    let (settings, code) = (registry.settings(), new_code(registry));
    let place: [&[u8]; 3] = [b"paper", id.as_bytes(), &version.to_be_bytes()];
    let sealed = settings.sealer.seal(&settings.entropy, &place, code.as_bytes());
    query!(
        conn,
        execute,
        "INSERT INTO paper (application_id, version, code_hash, code_sealed, made) VALUES ($1, $2, $3, $4, $5)",
        id,
        version,
        seal::token_hash(code.as_bytes()),
        sealed,
        settings.clock.now().0
    )?;
    Ok(())
}
/// Keeps the snapshot that is about to be replaced with the version of the papers that show it.
pub(crate) async fn keep_old(conn: &mut Conn<'_>, id: Uuid, version: i64) -> Result<(), Error> {
    query!(
        conn,
        execute,
        "UPDATE paper SET snapshot_sealed = (SELECT snapshot_sealed FROM application WHERE id = $1)
         WHERE application_id = $1 AND version = $2",
        id,
        version
    )?;
    Ok(())
}

/// Takes the lock of an application from one of its entries.
pub(crate) async fn release(conn: &mut Conn<'_>, id: Uuid, entry: Uuid) -> Result<(), Error> {
    query!(
        conn,
        execute,
        "UPDATE entry SET locks = locks - 1, version = version + 1 WHERE id = $1 AND locks > 0",
        entry
    )?;
    query!(conn, execute, "DELETE FROM application_entry WHERE application_id = $1 AND entry_id = $2", id, entry)?;
    Ok(())
}

/// Takes the locks of an application from its entries: all of them, or those of some groups (X28).
/// What is to be mended or failed is not verified any more.
pub(crate) async fn unlock(
    conn: &mut Conn<'_>,
    id: Uuid,
    kinds: &[EntryKind],
    doubted: &[EntryKind],
) -> Result<(), Error> {
    let held = query!(
        conn,
        fetch_all as (Uuid, String),
        "SELECT entry.id, entry.kind FROM application_entry JOIN entry ON entry.id = entry_id WHERE application_id = $1",
        id
    )?;
    for (entry, kind) in held.iter().filter(|(_, kind)| kinds.iter().any(|k| k.code() == kind)) {
        if doubted.iter().any(|k| k.code() == kind) {
            query!(conn, execute, "UPDATE entry SET verified = NULL WHERE id = $1", *entry)?;
        }
        release(conn, id, *entry).await?;
    }
    Ok(())
}
/// The groups of entries among some answers.
fn kinds_of(fields: &[Field]) -> Vec<EntryKind> {
    let all = [
        (Field::Educations, EntryKind::Education),
        (Field::Trainings, EntryKind::Training),
        (Field::Certificates, EntryKind::Certificate),
    ];
    all.into_iter().filter(|(field, _)| fields.contains(field)).map(|(_, kind)| kind).collect()
}
const KINDS: [EntryKind; 3] = [EntryKind::Education, EntryKind::Training, EntryKind::Certificate];

/// What is known about an application besides its answers.
pub(crate) async fn follow(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<Follow, Error> {
    let sealer = &registry.settings().sealer;
    let events = query!(
        conn,
        fetch_all as (i64, String, Option<String>, Option<String>),
        "SELECT at, action, role, scope FROM audit LEFT JOIN staff ON staff.id = actor WHERE subject = $1 ORDER BY at, audit.id",
        id
    )?;
    let office = |role: Option<String>, scope: Option<String>| Some((Role::parse(&role?).ok()?, scope?));
    let found = query!(
        conn,
        fetch_all as (String, Vec<u8>, i64),
        "SELECT item, sealed, again FROM finding WHERE application_id = $1 ORDER BY item",
        id
    )?;
    let corrections = query!(
        conn,
        fetch_all as (Uuid, i64, Vec<u8>),
        "SELECT id, at, sealed FROM correction WHERE application_id = $1 ORDER BY at, id",
        id
    )?;
    let signature =
        query!(conn, fetch_optional as (i64, i64), "SELECT paper, at FROM signature WHERE application_id = $1", id)?;
    let (paper, opened) =
        query!(conn, fetch_one as (i64, Option<String>), "SELECT paper, opened FROM application WHERE id = $1", id)?;
    Ok(Follow {
        events: events
            .into_iter()
            .map(|(at, action, role, scope)| Event { at: Moment(at), action, office: office(role, scope) })
            .collect(),
        again: found.iter().filter(|(.., again)| *again != 0).filter_map(|(item, ..)| Item::parse(item)).collect(),
        found: found
            .iter()
            .map(|(item, sealed, _)| sealer.open_json(&[b"finding", id.as_bytes(), item.as_bytes()], sealed))
            .collect::<Result<_, _>>()?,
        corrections: corrections
            .iter()
            .map(|(own, at, sealed)| Ok((Moment(*at), sealer.open_json(&[b"correction", own.as_bytes()], sealed)?)))
            .collect::<Result<_, Error>>()?,
        signature: signature.map(|(paper, at)| (paper, Moment(at))),
        opened: opened.unwrap_or_default().split_whitespace().filter_map(Field::parse).collect(),
        paper,
    })
}

/// The paper that is printed now.
pub(crate) async fn paper(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<Paper, Error> {
    let row = query!(
        conn,
        fetch_optional as (i64, Vec<u8>),
        "SELECT paper.version, code_sealed FROM paper JOIN application ON application.id = application_id AND application.paper = paper.version
         WHERE application_id = $1",
        id
    )?;
    let (version, sealed) = row.ok_or(Error::NotFound)?;
    let place: [&[u8]; 3] = [b"paper", id.as_bytes(), &version.to_be_bytes()];
    let code = registry.settings().sealer.open(&place, &sealed)?;
    Ok(Paper { version, code: String::from_utf8_lossy(&code).into_owned() })
}

#[derive(sqlx::FromRow)]
struct ListedRow {
    id: Uuid,
    serial: Option<String>,
    name: Option<String>,
    category: String,
    site: Option<String>,
    status: String,
    waiting: i64,
    flags: i64,
    claimed_by: Option<Uuid>,
    claimed_at: Option<i64>,
    claimed_name: Option<String>,
}

/// Whether a claim still counts.
fn is_fresh(claimed_at: Option<i64>, now: Moment) -> bool {
    claimed_at.is_some_and(|at| Moment(at).plus_seconds(CLAIM) > now)
}

#[derive(sqlx::FromRow)]
struct Held {
    account_id: Uuid,
    session_id: Uuid,
    status: String,
    paper: i64,
    site: Option<String>,
    area: Option<String>,
    waiting: Option<i64>,
    claimed_by: Option<Uuid>,
    claimed_at: Option<i64>,
    claimed_name: Option<String>,
}
impl Held {
    fn status(&self) -> Result<ApplicationStatus, Error> {
        ApplicationStatus::parse(&self.status).map_err(|_| Error::Stored("status"))
    }
}

impl Officer {
    /// The row of an application of this office.
    async fn held(&self, conn: &mut Conn<'_>, id: Uuid) -> Result<Held, Error> {
        let row = query!(
            conn, fetch_optional as Held,
            "SELECT account_id, session_id, status, paper, site, area, waiting, claimed_by, claimed_at, staff.name AS claimed_name
             FROM application LEFT JOIN staff ON staff.id = claimed_by WHERE application.id = $1 AND waiting IS NOT NULL",
            id
        )?;
        row.filter(|row| self.sees(row.site.as_deref(), row.area.as_deref())).ok_or(Error::NotFound)
    }
    fn claim_of(&self, by: Option<Uuid>, at: Option<i64>, name: Option<String>, now: Moment) -> Option<Claim> {
        let by = by.filter(|_| is_fresh(at, now))?;
        Some(Claim { name: name.unwrap_or_default(), mine: by == self.id().uuid() })
    }

    /// A page of the queue, or of what was searched for.
    pub async fn queue(&self, search: &Search) -> Result<Queue, Error> {
        let (me, search) = (self.clone(), search.clone());
        self.registry().read(move |conn| Box::pin(async move { me.list(conn, &search).await })).await
    }
    async fn list(&self, conn: &mut Conn<'_>, search: &Search) -> Result<Queue, Error> {
        let now = self.registry().settings().clock.now();
        let mut filter = Filter::new(
            "SELECT application.id, serial, application.name, category, site, status, waiting, flags, claimed_by, claimed_at, staff.name AS claimed_name
             FROM application LEFT JOIN staff ON staff.id = claimed_by WHERE waiting IS NOT NULL",
        );
        let find = text::half_width(&search.find);
        let (find, end) = (find.trim().to_owned(), '\u{10FFFF}');
        // A serial or a number names one application: it is looked up by itself. As an expression the scope is no way in, or
        // an engine that knows no better would go through everything that a site ever had.
        let pointed = find.chars().any(|c| c.is_ascii_digit());
        let scope = Bind::Text(self.scope().to_owned());
        match (self.role(), pointed) {
            (Role::SiteReviewer, false) => filter.add(" AND site = ?", [scope]),
            (Role::SiteReviewer, true) => filter.add(" AND (site || '') = ?", [scope]),
            (Role::AreaOfficer, false) => filter.add(" AND area = ?", [scope]),
            (Role::AreaOfficer, true) => filter.add(" AND (area || '') = ?", [scope]),
            (Role::Centre, _) => {}
        }
        if let Some(category) = search.category {
            filter.add(" AND category = ?", [Bind::Text(category.to_string())]);
        }
        if let Some(flag) = search.flag {
            let bits = Flag::bits(&[flag]);
            filter.add(" AND (flags / ?) % 2 = 1", [Bind::Number(bits)]);
        }
        if search.unclaimed {
            let stale = Bind::Number(now.plus_seconds(-CLAIM).0);
            filter.add(" AND (claimed_by IS NULL OR claimed_at <= ?)", [stale]);
        }
        let after = match search.after {
            Some(id) => {
                let row = query!(
                    conn,
                    fetch_optional as (i64, Option<String>, Option<String>),
                    "SELECT waiting, name, initials FROM application WHERE id = $1 AND waiting IS NOT NULL",
                    id.uuid()
                )?;
                row.map(|(waiting, name, initials)| {
                    (id.uuid(), waiting, name.unwrap_or_default(), initials.unwrap_or_default())
                })
            }
            None => None,
        };
        if find.is_empty() {
            let status = search.status.unwrap_or(self.role().default_queue_status());
            filter.add(" AND status = ?", [Bind::Text(status.code().to_owned())]);
            if let Some((id, waiting, ..)) = after {
                filter.add(" AND (waiting, application.id) > (?, ?)", [Bind::Number(waiting), Bind::Id(id)]);
            }
            filter.add(" ORDER BY waiting, application.id LIMIT ?", [Bind::Number(PAGE as i64 + 1)]);
        } else if let Some(serial) = Serial::parse(&find) {
            filter.add(" AND serial = ?", [Bind::Text(serial.as_str().to_owned())]);
        } else if pointed {
            // A number alone does not say of which type the document is: it is looked for as each type that it may be.
            let sealer = &self.registry().settings().sealer;
            let kinds = DocumentType::ALL.iter().filter_map(|kind| IdentityDocument::parse(*kind, &find).ok());
            filter.add(" AND document_index IN (?", [Bind::Bytes(Vec::new())]);
            for document in kinds {
                filter.add(", ?", [Bind::Bytes(sealer.index(document.kind().code(), document.number()))]);
            }
            filter.add(") ORDER BY application.id LIMIT ?", [Bind::Number(PAGE as i64 + 1)]);
        } else if find.chars().all(|c| c.is_ascii_alphabetic()) {
            let find = find.to_ascii_lowercase();
            filter.add(
                " AND initials >= ? AND initials < ?",
                [Bind::Text(find.clone()), Bind::Text(format!("{find}{end}"))],
            );
            if let Some((id, _, _, initials)) = after {
                filter.add(" AND (initials, application.id) > (?, ?)", [Bind::Text(initials), Bind::Id(id)]);
            }
            filter.add(" ORDER BY initials, application.id LIMIT ?", [Bind::Number(PAGE as i64 + 1)]);
        } else {
            filter.add(
                " AND application.name >= ? AND application.name < ?",
                [Bind::Text(find.clone()), Bind::Text(format!("{find}{end}"))],
            );
            if let Some((id, _, name, _)) = after {
                filter.add(" AND (application.name, application.id) > (?, ?)", [Bind::Text(name), Bind::Id(id)]);
            }
            filter.add(" ORDER BY application.name, application.id LIMIT ?", [Bind::Number(PAGE as i64 + 1)]);
        }
        let mut rows: Vec<ListedRow> = filter.fetch_all(conn).await?;
        let more = rows.len() > PAGE;
        rows.truncate(PAGE);
        let listed = |row: ListedRow| {
            Ok(QueueRow {
                id: row.id.into(),
                serial: row.serial.unwrap_or_default(),
                name: row.name.unwrap_or_default(),
                category: row.category,
                site: row.site.unwrap_or_default(),
                status: ApplicationStatus::parse(&row.status).map_err(|_| Error::Stored("status"))?,
                waiting: Moment(row.waiting),
                flags: Flag::of_bits(row.flags),
                claim: self.claim_of(row.claimed_by, row.claimed_at, row.claimed_name, now),
            })
        };
        Ok(Queue { rows: rows.into_iter().map(listed).collect::<Result<_, Error>>()?, more })
    }

    /// One record of this office.
    pub async fn record(&self, id: ApplicationId) -> Result<Record, Error> {
        let (me, registry, id) = (self.clone(), self.registry().clone(), id.uuid());
        let now = registry.settings().clock.now();
        let books = registry.clone();
        registry
            .read(move |conn| {
                Box::pin(async move {
                    let held = me.held(conn, id).await?;
                    let view = application::view(conn, &books, held.account_id, id).await?;
                    let before = query!(
                        conn, fetch_optional as (Vec<u8>,),
                        "SELECT snapshot_sealed FROM paper WHERE application_id = $1 AND version = $2 AND snapshot_sealed IS NOT NULL",
                        id, held.paper - 1
                    )?;
                    let sealer = &books.settings().sealer;
                    Ok(Record {
                        view,
                        follow: follow(conn, &books, id).await?,
                        before: before.map(|(sealed,)| sealer.open_json(&application::snapshot_place(&id), &sealed)).transpose()?,
                        waiting: Moment(held.waiting.unwrap_or_default()),
                        claim: me.claim_of(held.claimed_by, held.claimed_at, held.claimed_name, now),
                    })
                })
            })
            .await
    }

    /// The photo that an application was submitted with.
    pub async fn photo(&self, id: ApplicationId) -> Result<Vec<u8>, Error> {
        let (me, id) = (self.clone(), id.uuid());
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    me.held(conn, id).await?;
                    let row = query!(
                        conn,
                        fetch_optional as (Vec<u8>,),
                        "SELECT jpeg FROM photo JOIN application ON photo_id = photo.id WHERE application.id = $1",
                        id
                    )?;
                    Ok(row.ok_or(Error::NotFound)?.0)
                })
            })
            .await
    }

    /// The paper that is printed for signature.
    pub async fn paper(&self, id: ApplicationId) -> Result<Paper, Error> {
        let (me, registry, id) = (self.clone(), self.registry().clone(), id.uuid());
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    me.held(conn, id).await?;
                    paper(conn, &registry, id).await
                })
            })
            .await
    }

    /// Takes a record, unless somebody else has it. `false` gives it back.
    pub async fn claim(&self, id: ApplicationId, take: bool) -> Result<Done, Error> {
        let (me, id, now) = (self.clone(), id.uuid(), self.registry().settings().clock.now());
        write!(self.registry(), [me], conn => {
            let held = me.held(conn, id).await?;
            if !ReviewAction::Claim.is_open(me.role(), held.status()?) {
                return Ok(refused(ReviewProblem::NotNow));
            }
            let (by, at) = if take { (Some(me.id().uuid()), Some(now.0)) } else { (None, None) };
            let done = query!(
                conn, execute,
                "UPDATE application SET claimed_by = $2, claimed_at = $3 WHERE id = $1 AND (claimed_by IS NULL OR claimed_by = $4 OR claimed_at <= $5)",
                id, by, at, me.id().uuid(), now.plus_seconds(-CLAIM).0
            )?;
            Ok(if done == 0 { refused(ReviewProblem::ClaimedByOther) } else { Done::Yes })
        })
    }

    /// Takes the record that has waited longest and that nobody has; says which.
    pub async fn next(&self) -> Result<Option<ApplicationId>, Error> {
        let page = self.queue(&Search { unclaimed: true, ..Search::default() }).await?;
        for row in &page.rows {
            if self.claim(row.id, true).await? == Done::Yes {
                return Ok(Some(row.id));
            }
        }
        Ok(None)
    }

    /// Begins a deed: the record is this office's, in the version that was looked at, in a state in which the deed can be
    /// done, and nobody else has it. Raising the version first makes whoever comes at the same time see a conflict.
    async fn begin(
        &self,
        conn: &mut Conn<'_>,
        id: Uuid,
        version: i64,
        deed: ReviewAction,
    ) -> Result<Result<Held, Done>, Error> {
        let now = self.registry().settings().clock.now();
        let held = self.held(conn, id).await?;
        if !deed.is_open(self.role(), held.status()?) {
            return Ok(Err(refused(ReviewProblem::NotNow)));
        }
        let others = held.claimed_by.is_some_and(|by| by != self.id().uuid()) && is_fresh(held.claimed_at, now);
        if others {
            return Ok(Err(refused(ReviewProblem::ClaimedByOther)));
        }
        let done = query!(
            conn,
            execute,
            "UPDATE application SET version = version + 1, updated = $4, claimed_by = $5, claimed_at = $4
             WHERE id = $1 AND version = $2 AND status = $3 AND (claimed_by IS NULL OR claimed_by = $5 OR claimed_at <= $6)",
            id,
            version,
            &held.status,
            now.0,
            self.id().uuid(),
            now.plus_seconds(-CLAIM).0
        )?;
        if done == 0 {
            return Err(Error::Conflict);
        }
        Ok(Ok(held))
    }

    /// Keeps a checklist and draws its outcome: approval marks what was seen as verified (S20), a return opens the items
    /// and gives back their locks (X28), a rejection ends the application.
    pub async fn judge(
        &self,
        id: ApplicationId,
        version: i64,
        draft: &ReviewDraft,
        outcome: ReviewOutcome,
    ) -> Result<Done, Error> {
        let now = self.registry().settings().clock.now();
        let found = match draft.check(outcome, now.date()) {
            Ok(found) => found,
            Err(problems) => return Ok(Done::No(Refused::Items(problems))),
        };
        let (me, books, id) = (self.clone(), self.registry().clone(), id.uuid());
        write!(self.registry(), [me, books, found], conn => {
            let looked = me.held(conn, id).await?;
            let status = looked.status()?;
            if !outcome.is_open(status) {
                return Ok(refused(ReviewProblem::NotNow));
            }
            // What could not be mended any more is approved or rejected, and not returned.
            if outcome == ReviewOutcome::Return
                && now >= crate::catalogue::exam_session(conn, looked.session_id).await?.review_closes
            {
                return Ok(refused(ReviewProblem::ReviewOver));
            }
            let application = snapshot(conn, &books, id).await?;
            // Only items that this application has are kept, whatever was posted; an approval needs all of its papers.
            let items = Item::of(&application);
            let judged = |item: &Item| found.iter().any(|one| one.item == *item);
            if outcome == ReviewOutcome::Approve
                && let Some(item) = items.iter().find(|item| matches!(item, Item::Paper(_)) && !judged(item))
            {
                let problem = ItemProblem { item: Some(*item), code: ReviewProblem::NotJudged.into() };
                return Ok(Done::No(Refused::Items(vec![problem])));
            }
            if let Err(no) = me.begin(conn, id, version, ReviewAction::Judge).await? {
                return Ok(no);
            }
            keep_findings(conn, &books, id, &found, &items).await?;
            match outcome {
                ReviewOutcome::Save => {}
                ReviewOutcome::Approve => verify_seen(conn, id, &application, &found, now).await?,
                ReviewOutcome::Return => {
                    let open = editable_fields(&found);
                    let kinds = kinds_of(&open);
                    unlock(conn, id, &kinds, &kinds).await?;
                    let names: Vec<&str> = open.iter().map(|field| field.name()).collect();
                    query!(conn, execute, "UPDATE application SET opened = $2 WHERE id = $1", id, names.join(" "))?;
                }
                ReviewOutcome::Reject => {
                    let failed = found.iter().filter(|one| one.finding == Finding::Fail);
                    let doubted: Vec<Field> = failed.flat_map(|one| one.item.editable_fields().iter().copied()).collect();
                    unlock(conn, id, &KINDS, &kinds_of(&doubted)).await?;
                }
            }
            if let Some(after) = outcome.event().and_then(|event| status.after(event)) {
                enter(conn, id, after, now).await?;
            }
            audit::record(conn, &books, me.id().uuid(), action(outcome), id).await?;
            Ok(Done::Yes)
        })
    }

    /// Corrects identity data: the person's and the application's, which gets new papers (S111). The reason and what
    /// changed are shown to the candidate.
    pub async fn correct(&self, id: ApplicationId, version: i64, draft: &CorrectionDraft) -> Result<Done, Error> {
        let (me, books, id) = (self.clone(), self.registry().clone(), id.uuid());
        let draft = draft.clone();
        write!(self.registry(), [me, books, draft], conn => {
            let settings = books.settings();
            let now = settings.clock.now();
            let looked = me.held(conn, id).await?;
            if !ReviewAction::Correct.is_open(me.role(), looked.status()?) {
                return Ok(refused(ReviewProblem::NotNow));
            }
            let before = snapshot(conn, &books, id).await?;
            let exam = crate::catalogue::exam_session(conn, looked.session_id).await?;
            let correction = match draft.check(&Context { today: now.date(), rules: exam.rules }) {
                Ok(correction) => correction,
                Err(problems) => return Ok(Done::No(Refused::Fields(problems))),
            };
            if correction.identity == before.identity {
                let problem = Problem { field: Field::Name, code: ReviewProblem::Unchanged.into() };
                return Ok(Done::No(Refused::Fields(vec![problem])));
            }
            let document = &correction.identity.document;
            let index = settings.sealer.index(document.kind().code(), document.number());
            let (person,) = query!(conn, fetch_one as (Uuid,), "SELECT person_id FROM account WHERE id = $1", looked.account_id)?;
            let other = query!(
                conn, fetch_optional as (Uuid,), "SELECT id FROM person WHERE document_kind = $1 AND document_index = $2 AND id <> $3",
                document.kind().code(), &index, person
            )?;
            if other.is_some() {
                let problem = Problem { field: Field::DocumentNumber, code: AccountProblem::PersonTaken.into() };
                return Ok(Done::No(Refused::Fields(vec![problem])));
            }
            let held = match me.begin(conn, id, version, ReviewAction::Correct).await? {
                Ok(held) => held,
                Err(no) => return Ok(no),
            };
            // The person may have been corrected elsewhere since this application was handed in: only what is corrected here
            // is written.
            let known = crate::account::load(conn, &books, looked.account_id).await?.identity;
            let (own, now_own) = (&before.identity, &correction.identity);
            let same_paper = own.document == now_own.document;
            let person_now = Identity {
                name: if own.name == now_own.name { known.name } else { now_own.name.clone() },
                document: if same_paper { known.document } else { now_own.document.clone() },
                sex: if own.sex == now_own.sex { known.sex } else { now_own.sex },
                birth_date: if own.birth_date == now_own.birth_date { known.birth_date } else { now_own.birth_date },
                ethnic_group: if own.ethnic_group == now_own.ethnic_group { known.ethnic_group } else { now_own.ethnic_group },
            };
            let (kind, number) = (person_now.document.kind().code(), person_now.document.number());
            let sealed = settings.sealer.seal(&settings.entropy, &[b"person", person.as_bytes()], number.as_bytes());
            query!(
                conn, execute,
                "UPDATE person SET document_kind = $2, document_index = $3, document_sealed = $4, name = $5, sex = $6, birth_date = $7, ethnic_group = $8
                 WHERE id = $1",
                person, kind, settings.sealer.index(kind, number), sealed, person_now.name.as_str(), person_now.sex.code(),
                person_now.birth_date.to_string(), person_now.ethnic_group.code()
            )?;
            let changes = CorrectionDraft::of(&correction.identity).changes(&CorrectionDraft::of(&before.identity));
            let row = CorrectionRow { changes, reason: correction.reason, note: correction.note.clone() };
            let own = settings.entropy.uuid(now);
            let sealed = settings.sealer.seal_json(&settings.entropy, &[b"correction", own.as_bytes()], &row)?;
            query!(
                conn, execute, "INSERT INTO correction (id, application_id, at, staff_id, sealed) VALUES ($1, $2, $3, $4, $5)",
                own, id, now.0, me.id().uuid(), sealed
            )?;
            let application = Application { identity: correction.identity.clone(), ..before };
            keep_old(conn, id, held.paper).await?;
            new_paper(conn, &books, id, held.paper + 1).await?;
            let columns = Columns::of(&settings.sealer, &application, &exam);
            let sealed = settings.sealer.seal_json(&settings.entropy, &application::snapshot_place(&id), &application)?;
            query!(
                conn, execute,
                "UPDATE application SET snapshot_sealed = $2, name = $3, initials = $4, document_index = $5, flags = $6, paper = $7 WHERE id = $1",
                id, sealed, columns.name, columns.initials, columns.document, columns.flags, held.paper + 1
            )?;
            audit::record(conn, &books, me.id().uuid(), "review.correct", id).await?;
            Ok(Done::Yes)
        })
    }

    /// Marks an entry of an application as verified, or takes the mark back (S112).
    pub async fn verify(&self, id: ApplicationId, version: i64, entry: EntryId, seen: bool) -> Result<Done, Error> {
        let (me, books, id, entry) = (self.clone(), self.registry().clone(), id.uuid(), entry.uuid());
        write!(self.registry(), [me, books], conn => {
            let now = books.settings().clock.now();
            me.held(conn, id).await?;
            let used = query!(
                conn, fetch_optional as (Uuid,), "SELECT entry_id FROM application_entry WHERE application_id = $1 AND entry_id = $2", id, entry
            )?;
            if used.is_none() {
                return Err(Error::NotFound);
            }
            if let Err(no) = me.begin(conn, id, version, ReviewAction::Verify).await? {
                return Ok(no);
            }
            query!(
                conn, execute, "UPDATE entry SET verified = $2, version = version + 1 WHERE id = $1", entry, seen.then_some(now.0)
            )?;
            let action = if seen { "review.verify" } else { "review.unverify" };
            audit::record(conn, &books, me.id().uuid(), action, id).await?;
            Ok(Done::Yes)
        })
    }

    /// Records that the candidate signed a version of the form. From then on the database refuses a change (S91).
    pub async fn sign(&self, id: ApplicationId, version: i64, paper: i64) -> Result<Done, Error> {
        let (me, books, id) = (self.clone(), self.registry().clone(), id.uuid());
        write!(self.registry(), [me, books], conn => {
            let now = books.settings().clock.now();
            if me.held(conn, id).await?.paper != paper {
                return Ok(refused(ReviewProblem::OldPaper));
            }
            let held = match me.begin(conn, id, version, ReviewAction::Sign).await? {
                Ok(held) => held,
                Err(no) => return Ok(no),
            };
            let after = held.status()?.after(ApplicationEvent::Sign).ok_or(Error::Conflict)?;
            enter(conn, id, after, now).await?;
            query!(
                conn, execute, "INSERT INTO signature (application_id, paper, at, staff_id) VALUES ($1, $2, $3, $4)", id, paper, now.0, me.id().uuid()
            )?;
            audit::record(conn, &books, me.id().uuid(), "review.sign", id).await?;
            Ok(Done::Yes)
        })
    }

    /// Settles an item that was outstanding: it was handed in, or it was not and ends the application (X31).
    pub async fn settle(&self, id: ApplicationId, version: i64, item: Item, handed_in: bool) -> Result<Done, Error> {
        let (me, books, id) = (self.clone(), self.registry().clone(), id.uuid());
        write!(self.registry(), [me, books], conn => {
            let settings = books.settings();
            let now = settings.clock.now();
            me.held(conn, id).await?;
            let open = follow(conn, &books, id).await?.found.into_iter().find(|one| one.item == item && one.finding == Finding::Later);
            let Some(found) = open else { return Err(Error::NotFound) };
            if !handed_in && found.due.is_some_and(|due| now.date() <= due) {
                return Ok(refused(ReviewProblem::NotOverdue));
            }
            let held = match me.begin(conn, id, version, ReviewAction::Settle).await? {
                Ok(held) => held,
                Err(no) => return Ok(no),
            };
            let finding = if handed_in { Finding::Pass } else { Finding::Fail };
            let reason = if handed_in { found.reason } else { Some(FindingReason::Missing) };
            let settled = ItemFinding { finding, reason, ..found };
            put_finding(conn, &books, id, &settled).await?;
            if handed_in {
                // Only what came is looked at: a mark that was taken back elsewhere stays so.
                let application = snapshot(conn, &books, id).await?;
                verify_seen(conn, id, &application, &[settled], now).await?;
                query!(conn, execute, "UPDATE application SET claimed_by = NULL, claimed_at = NULL WHERE id = $1", id)?;
            } else {
                let after = held.status()?.after(ApplicationEvent::Reject).ok_or(Error::Conflict)?;
                enter(conn, id, after, now).await?;
                unlock(conn, id, &KINDS, &kinds_of(item.editable_fields())).await?;
            }
            let action = if handed_in { "review.settle" } else { "review.lapse" };
            audit::record(conn, &books, me.id().uuid(), action, id).await?;
            Ok(Done::Yes)
        })
    }

    /// The area's approval.
    pub async fn approve_area(&self, id: ApplicationId, version: i64) -> Result<Done, Error> {
        let (me, books, id) = (self.clone(), self.registry().clone(), id.uuid());
        write!(self.registry(), [me, books], conn => {
            let now = books.settings().clock.now();
            let held = match me.begin(conn, id, version, ReviewAction::ApproveArea).await? {
                Ok(held) => held,
                Err(no) => return Ok(no),
            };
            let after = held.status()?.after(ApplicationEvent::ApproveAtArea).ok_or(Error::Conflict)?;
            enter(conn, id, after, now).await?;
            audit::record(conn, &books, me.id().uuid(), "review.approve_area", id).await?;
            Ok(Done::Yes)
        })
    }
}

/// Puts an application into a state, from which on it waits for whoever is next, taken by nobody.
async fn enter(conn: &mut Conn<'_>, id: Uuid, status: ApplicationStatus, now: Moment) -> Result<(), Error> {
    query!(
        conn,
        execute,
        "UPDATE application SET status = $2, waiting = $3, claimed_by = NULL, claimed_at = NULL WHERE id = $1",
        id,
        status.code(),
        now.0
    )?;
    Ok(())
}

const fn action(outcome: ReviewOutcome) -> &'static str {
    match outcome {
        ReviewOutcome::Save => "review.save",
        ReviewOutcome::Approve => "review.approve",
        ReviewOutcome::Return => "review.return",
        ReviewOutcome::Reject => "review.reject",
    }
}

/// What was submitted.
async fn snapshot(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<Application, Error> {
    let (sealed,) =
        query!(conn, fetch_one as (Option<Vec<u8>>,), "SELECT snapshot_sealed FROM application WHERE id = $1", id)?;
    let sealed = sealed.ok_or(Error::NotFound)?;
    registry.settings().sealer.open_json(&application::snapshot_place(&id), &sealed)
}

async fn put_finding(conn: &mut Conn<'_>, registry: &Registry, id: Uuid, one: &ItemFinding) -> Result<(), Error> {
    let (settings, item) = (registry.settings(), one.item.code());
    let sealed = settings.sealer.seal_json(&settings.entropy, &[b"finding", id.as_bytes(), item.as_bytes()], one)?;
    query!(
        conn,
        execute,
        "INSERT INTO finding (application_id, item, sealed, due) VALUES ($1, $2, $3, $4)
         ON CONFLICT (application_id, item) DO UPDATE SET sealed = $3, due = $4, again = 0",
        id,
        item,
        sealed,
        one.due.filter(|_| one.finding == Finding::Later).map(|due: Date| due.to_string())
    )?;
    Ok(())
}
async fn keep_findings(
    conn: &mut Conn<'_>,
    registry: &Registry,
    id: Uuid,
    found: &[ItemFinding],
    items: &[Item],
) -> Result<(), Error> {
    query!(conn, execute, "DELETE FROM finding WHERE application_id = $1", id)?;
    for one in found.iter().filter(|one| items.contains(&one.item)) {
        put_finding(conn, registry, id, one).await?;
    }
    Ok(())
}

/// The entries whose papers were found right are verified from now on (S19, S20): those of a kind for which a paper was
/// seen and none comes later. What is not awarded yet has no paper that could have been seen.
async fn verify_seen(
    conn: &mut Conn<'_>,
    id: Uuid,
    application: &Application,
    found: &[ItemFinding],
    now: Moment,
) -> Result<(), Error> {
    let papers = |finding: Finding| -> Vec<Field> {
        let of = found.iter().filter(|one| one.finding == finding && matches!(one.item, Item::Paper(_)));
        of.flat_map(|one| one.item.editable_fields().iter().copied()).collect()
    };
    let later = papers(Finding::Later);
    let seen: Vec<Field> = papers(Finding::Pass).into_iter().filter(|field| !later.contains(field)).collect();
    let kinds = kinds_of(&seen);
    let entries = application
        .educations
        .iter()
        .filter(|(_, education)| kinds.contains(&EntryKind::Education) && !education.not_yet_awarded)
        .map(|(entry, _)| *entry)
        .chain(
            application
                .certificates
                .iter()
                .filter(|_| kinds.contains(&EntryKind::Certificate))
                .map(|(entry, _)| *entry),
        );
    for entry in entries {
        query!(
            conn, execute,
            "UPDATE entry SET verified = $3, version = version + 1
             WHERE id = $1 AND verified IS NULL AND id IN (SELECT entry_id FROM application_entry WHERE application_id = $2)",
            entry.uuid(), id, now.0
        )?;
    }
    Ok(())
}

impl crate::Candidate {
    /// What became of an application: events, findings, corrections, signature.
    pub async fn follow(&self, id: ApplicationId) -> Result<Follow, Error> {
        let (registry, account, id) = (self.registry().clone(), self.account().uuid(), id.uuid());
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    own(conn, account, id).await?;
                    follow(conn, &registry, id).await
                })
            })
            .await
    }
    /// The paper that is printed now.
    pub async fn paper(&self, id: ApplicationId) -> Result<Paper, Error> {
        let (registry, account, id) = (self.registry().clone(), self.account().uuid(), id.uuid());
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    own(conn, account, id).await?;
                    paper(conn, &registry, id).await
                })
            })
            .await
    }
}
async fn own(conn: &mut Conn<'_>, account: Uuid, id: Uuid) -> Result<(), Error> {
    query!(
        conn,
        fetch_optional as (Uuid,),
        "SELECT id FROM application WHERE id = $1 AND account_id = $2",
        id,
        account
    )?
    .map(drop)
    .ok_or(Error::NotFound)
}

impl Registry {
    /// Whether a paper is the latest version (X4). Says nothing else about it.
    pub async fn paper_state(&self, code: &str) -> Result<PaperState, Error> {
        let hash = seal::token_hash(plain_code(code).as_bytes());
        self.read(move |conn| {
            Box::pin(async move {
                let row = query!(
                    conn, fetch_optional as (i64, i64, String),
                    "SELECT paper.version, application.paper, status FROM paper JOIN application ON application.id = application_id WHERE code_hash = $1", hash
                )?;
                Ok(match row {
                    None => PaperState::Unknown,
                    Some((version, latest, status)) => {
                        let stands = ApplicationStatus::parse(&status).is_ok_and(ApplicationStatus::is_printable);
                        if version == latest && stands { PaperState::Latest } else { PaperState::Old }
                    }
                })
            })
        })
        .await
    }

    /// Gives applications of books older than the desk what staff search by, and their papers a code. Done once.
    pub(crate) async fn prepare_desk(&self) -> Result<(), Error> {
        loop {
            let rows = self
                .read(|conn| {
                    Box::pin(async move {
                        if query!(conn, fetch_optional as (String,), "SELECT value FROM setting WHERE name = 'desk'")?.is_some() {
                            return Ok(None);
                        }
                        let rows = query!(
                            conn, fetch_all as (Uuid, Uuid, i64),
                            "SELECT id, session_id, submitted FROM application WHERE waiting IS NULL AND submitted IS NOT NULL AND snapshot_sealed IS NOT NULL LIMIT 200"
                        )?;
                        Ok(Some(rows))
                    })
                })
                .await?;
            let Some(rows) = rows else { return Ok(()) };
            let (books, last) = (self.clone(), rows.is_empty());
            write!(self, [books, rows], conn => {
                let settings = books.settings();
                for (id, session, submitted) in rows {
                    let exam = crate::catalogue::exam_session(conn, session).await?;
                    let columns = Columns::of(&settings.sealer, &snapshot(conn, &books, id).await?, &exam);
                    let changed = query!(
                        conn, execute,
                        "UPDATE application SET name = $2, initials = $3, document_index = $4, flags = $5, waiting = $6, paper = 1 WHERE id = $1 AND waiting IS NULL",
                        id, columns.name, columns.initials, columns.document, columns.flags, submitted
                    )?;
                    // Another node may be at it too.
                    if changed > 0 {
                        new_paper(conn, &books, id, 1).await?;
                    }
                }
                if last {
                    query!(conn, execute, "INSERT INTO setting (name, value) VALUES ('desk', 'ready') ON CONFLICT DO NOTHING")?;
                }
                Ok(())
            })?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_their_initials() {
        for (name, expect) in [
            ("张伟", "zw"),
            ("单雄信", "sxx"),
            ("曾国藩", "zgf"),
            ("买买提.艾力", "mmtal"),
            ("McDonald Ann", "mcdonaldann"),
            ("王?", "w"),
        ] {
            assert_eq!(initials(name), expect, "{name}");
        }
    }
    #[test]
    fn a_code_is_read_as_it_may_be_typed() {
        assert_eq!(plain_code("o1il-9abc zz"), "01119ABCZZ");
    }
}
