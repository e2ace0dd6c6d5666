//! Applications: drafts as typed, the moment of submission, and the snapshot that nobody changes afterwards (S124).
use crate::{
    Candidate, CategoryRow, Error, ExamSession, Moment, Registry, account, audit, catalogue, db::Conn, db::query,
    db::write, naming, profile, review,
};
use forms::{
    Context, Field, Problem,
    account::Identity,
    application::{Application, ApplicationContext, ApplicationDraft, EntryView},
    category::Category,
    choice::Choice,
    ids::{ApplicationId, ExamSessionId, PhotoId, Serial},
    journey::Step,
    problem::{ApplicationProblem, PaperProblem},
    profile::{BasicDraft, ContactDraft, WorkDraft},
    status::{ApplicationEvent, ApplicationStatus},
};
use uuid::Uuid;

/// An application in a list.
#[derive(Clone, Debug)]
pub struct ApplicationRow {
    /// Its id.
    pub id: ApplicationId,
    /// The examination session.
    pub session: ExamSessionId,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// Raised by each save and each change of state.
    pub version: i64,
    /// The category chosen, as a code.
    pub category: String,
    /// Serial, once submitted (S126).
    pub serial: Option<String>,
    /// Area and site, once submitted.
    pub site: Option<String>,
    /// When it was submitted.
    pub submitted: Option<Moment>,
    /// When it was last saved.
    pub updated: Moment,
}

/// Everything that the wizard shows and judges by.
#[derive(Clone, Debug)]
pub struct ApplicationView {
    /// The list's facts.
    pub row: ApplicationRow,
    /// The answers as typed.
    pub draft: ApplicationDraft,
    /// What was submitted.
    pub snapshot: Option<Application>,
    /// Who applies.
    pub identity: Identity,
    /// The profile's entries.
    pub entries: Vec<EntryView>,
    /// The photo: of the snapshot where there is one, otherwise of the profile.
    pub photo: Option<PhotoId>,
    /// The session.
    pub exam: ExamSession,
    /// Its categories.
    pub categories: Vec<CategoryRow>,
    /// Attempts that the books know (X22).
    pub history: Vec<(Category, u32)>,
    /// The answers that may be changed while the application is returned (X28).
    pub opened: Vec<Field>,
    /// The version of its papers.
    pub paper: i64,
}
impl ApplicationView {
    /// The codes of the open categories.
    pub fn open(&self) -> Vec<Category> {
        let mut open: Vec<Category> = self.categories.iter().map(|row| row.code).collect();
        // A category that closed since does not stop what was handed in while it was open.
        open.extend(self.snapshot.as_ref().map(|a| a.category).filter(|own| !open.contains(own)));
        open
    }
    /// What the answers are judged against.
    pub fn context<'a>(&'a self, now: Moment, open: &'a [Category]) -> ApplicationContext<'a> {
        ApplicationContext {
            base: Context { today: now.date(), rules: self.exam.rules },
            identity: &self.identity,
            entries: &self.entries,
            photo: self.photo,
            exam_year: self.exam.year,
            reference_date: self.exam.reference_date,
            open,
            history: &self.history,
        }
    }
}

/// What a save of a step answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The new version.
    pub version: i64,
    /// The answers as they are now.
    pub draft: ApplicationDraft,
}

/// Why an application was not submitted.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The answers are not right.
    #[error("the application has problems")]
    Problems(Vec<(Step, Problem)>),
    /// The books failed.
    #[error(transparent)]
    Books(#[from] Error),
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    session_id: Uuid,
    status: String,
    version: i64,
    draft_sealed: Vec<u8>,
    updated: i64,
    submitted: Option<i64>,
    serial: Option<String>,
    category: String,
    site: Option<String>,
    photo_id: Option<Uuid>,
    snapshot_sealed: Option<Vec<u8>>,
    opened: Option<String>,
    paper: i64,
}
impl Row {
    fn listed(&self) -> Result<ApplicationRow, Error> {
        Ok(ApplicationRow {
            id: self.id.into(),
            session: self.session_id.into(),
            status: ApplicationStatus::parse(&self.status).map_err(|_| Error::Stored("status"))?,
            version: self.version,
            category: self.category.clone(),
            serial: self.serial.clone(),
            site: self.site.clone(),
            submitted: self.submitted.map(Moment),
            updated: Moment(self.updated),
        })
    }
}

fn draft_place(id: &Uuid) -> [&[u8]; 2] {
    [b"application", id.as_bytes()]
}
pub(crate) fn snapshot_place(id: &Uuid) -> [&[u8]; 2] {
    [b"snapshot", id.as_bytes()]
}

pub(crate) async fn view(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
    id: Uuid,
) -> Result<ApplicationView, Error> {
    let row = query!(
        conn, fetch_optional as Row,
        "SELECT id, session_id, status, version, draft_sealed, updated, submitted, serial, category, site, photo_id, snapshot_sealed, opened, paper
         FROM application WHERE id = $1 AND account_id = $2",
        id, account
    )?
    .ok_or(Error::NotFound)?;
    let sealer = &registry.settings().sealer;
    let owner = account::load(conn, registry, account).await?;
    let snapshot: Option<Application> =
        row.snapshot_sealed.as_ref().map(|s| sealer.open_json(&snapshot_place(&row.id), s)).transpose()?;
    let history = query!(
        conn, fetch_all as (String, i64),
        "SELECT category, COUNT(*) FROM application
         WHERE account_id = $1 AND id <> $2 AND session_id <> $3 AND status IN ('submitted', 'returned', 'site_approved', 'signed', 'area_approved')
         GROUP BY category",
        account, id, row.session_id
    )?;
    let returned: Vec<Field> =
        row.opened.as_deref().unwrap_or_default().split_whitespace().filter_map(Field::parse).collect();
    let mut view = ApplicationView {
        row: row.listed()?,
        draft: sealer.open_json(&draft_place(&row.id), &row.draft_sealed)?,
        snapshot,
        identity: owner.identity,
        entries: profile::entries(conn, registry, account).await?,
        // A returned application whose photo was returned is judged with the profile's newest one.
        photo: row.photo_id.map(PhotoId::from).filter(|_| !returned.contains(&Field::Photo)).or(owner.photo),
        opened: Vec::new(),
        paper: row.paper,
        exam: catalogue::exam_session(conn, row.session_id).await?,
        categories: catalogue::categories(conn, row.session_id).await?,
        history: history
            .into_iter()
            .filter_map(|(code, n)| Some((Category::parse(&code).ok()?, u32::try_from(n).ok()?)))
            .collect(),
    };
    // Of a returned application only what was opened changes (X28).
    let opened = view.row.status == ApplicationStatus::Returned && returned.contains(&Field::Employer);
    if view.row.status == ApplicationStatus::Draft || opened {
        naming::complete(conn, account, naming::work_slots(&mut view.draft.work)).await?;
    }
    if view.row.status == ApplicationStatus::Returned {
        let open = view.open();
        let wrong = view.draft.check(&view.context(registry.settings().clock.now(), &open)).err().unwrap_or_default();
        let wrong: Vec<Problem> = wrong.into_iter().map(|(_, problem)| problem).collect();
        view.opened = forms::review::all_editable_fields(&returned, &wrong);
    }
    Ok(view)
}

/// The drafts of what a person has not handed in, or has to hand in again.
pub(crate) async fn unsent(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
) -> Result<Vec<ApplicationDraft>, Error> {
    let rows = query!(
        conn,
        fetch_all as (Uuid, Vec<u8>),
        "SELECT id, draft_sealed FROM application WHERE account_id = $1 AND status IN ('draft', 'returned')",
        account
    )?;
    rows.into_iter().map(|(id, sealed)| registry.settings().sealer.open_json(&draft_place(&id), &sealed)).collect()
}

impl Candidate {
    /// All applications, the newest first.
    pub async fn applications(&self) -> Result<Vec<ApplicationRow>, Error> {
        let account = self.account().uuid();
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    let rows = query!(
                        conn, fetch_all as Row,
                        "SELECT id, session_id, status, version, draft_sealed, updated, submitted, serial, category, site, photo_id, snapshot_sealed, opened, paper
                         FROM application WHERE account_id = $1 ORDER BY id DESC",
                        account
                    )?;
                    rows.iter().map(Row::listed).collect()
                })
            })
            .await
    }

    /// One application with everything that belongs to it.
    pub async fn application(&self, id: ApplicationId) -> Result<ApplicationView, Error> {
        let (registry, account) = (self.registry().clone(), self.account().uuid());
        self.registry().read(move |conn| Box::pin(async move { view(conn, &registry, account, id.uuid()).await })).await
    }

    /// Begins an application: a draft filled from the profile (S34). A draft of the session that is there already is
    /// taken up again, with the new category; where a live application stands, its problem comes back (X29).
    pub async fn begin(&self, session: ExamSessionId, category: Category) -> Result<ApplicationId, SubmitError> {
        let registry = self.registry();
        let (account, books) = (self.account().uuid(), registry.clone());
        let now = registry.settings().clock.now();
        let fresh = registry.settings().entropy.uuid(now);
        let result: Result<Result<Uuid, ApplicationProblem>, Error> = write!(registry, [books], conn => {
            let exam = catalogue::exam_session(conn, session.uuid()).await?;
            if !exam.is_open(now) {
                return Ok(Err(ApplicationProblem::WindowClosed));
            }
            if !catalogue::categories(conn, session.uuid()).await?.iter().any(|row| row.code == category) {
                return Ok(Err(ApplicationProblem::CategoryClosed));
            }
            if is_live(conn, account, session.uuid()).await? {
                return Ok(Err(ApplicationProblem::AlreadyApplied));
            }
            let settings = books.settings();
            let standing = query!(
                conn, fetch_optional as (Uuid, Vec<u8>),
                "SELECT id, draft_sealed FROM application WHERE account_id = $1 AND session_id = $2 AND status = 'draft'", account, session.uuid()
            )?;
            if let Some((id, sealed)) = standing {
                let mut draft: ApplicationDraft = settings.sealer.open_json(&draft_place(&id), &sealed)?;
                draft.category.category = category.to_string();
                let sealed = settings.sealer.seal_json(&settings.entropy, &draft_place(&id), &draft)?;
                query!(
                    conn, execute, "UPDATE application SET draft_sealed = $2, category = $3, version = version + 1, updated = $4 WHERE id = $1",
                    id, sealed, category.to_string(), now.0
                )?;
                return Ok(Ok(id));
            }
            let known = profile::load(conn, &books, account).await?;
            let basic: BasicDraft = known.basic.valid.unwrap_or(known.basic.draft);
            let contact: ContactDraft = known.contact.valid.unwrap_or(known.contact.draft);
            let work: WorkDraft = known.work.valid.unwrap_or(known.work.draft);
            let draft = ApplicationDraft::prefilled(category, basic, contact, work);
            let sealed = settings.sealer.seal_json(&settings.entropy, &draft_place(&fresh), &draft)?;
            query!(
                conn, execute,
                "INSERT INTO application (id, account_id, session_id, status, version, draft_sealed, created, updated, category)
                 VALUES ($1, $2, $3, 'draft', 1, $4, $5, $5, $6)",
                fresh, account, session.uuid(), sealed, now.0, category.to_string()
            )?;
            audit::record(conn, &books, account, "application.begin", fresh).await?;
            Ok(Ok(fresh))
        });
        match result? {
            Ok(id) => Ok(id.into()),
            Err(code) => Err(SubmitError::Problems(vec![(
                Step::Category,
                Problem { field: Field::Category, code: code.into() },
            )])),
        }
    }

    /// Saves the posted fields of a step into the version that was read. `attempt` is "next": from then on "required" is
    /// said there. Saving needs no window and no right answers.
    pub async fn save_step(
        &self,
        id: ApplicationId,
        step: Step,
        pairs: Vec<(String, String)>,
        version: i64,
        attempt: bool,
    ) -> Result<Saved, Error> {
        let registry = self.registry();
        let (account, books, now) = (self.account().uuid(), registry.clone(), registry.settings().clock.now());
        write!(registry, [books, pairs], conn => {
            let id = id.uuid();
            let settings = books.settings();
            let row = query!(
                conn, fetch_optional as (Vec<u8>, i64, String),
                "SELECT draft_sealed, version, status FROM application WHERE id = $1 AND account_id = $2", id, account
            )?;
            let (sealed, current, status) = row.ok_or(Error::NotFound)?;
            let returned = status == ApplicationStatus::Returned.code();
            if (status != "draft" && !returned) || current != version {
                return Err(Error::Conflict);
            }
            let mut draft: ApplicationDraft = settings.sealer.open_json(&draft_place(&id), &sealed)?;
            if returned {
                let opened = view(conn, &books, account, id).await?.opened;
                draft.apply_editable_fields(step, &pairs, &opened);
            } else {
                draft.apply_step(step, &pairs);
            }
            if attempt {
                draft.attempt(step);
            }
            // Only a category that is one stands beside the sealed draft.
            let chosen = draft.chosen_category().map(|category| category.to_string()).unwrap_or_default();
            let sealed = settings.sealer.seal_json(&settings.entropy, &draft_place(&id), &draft)?;
            let done = query!(
                conn, execute,
                "UPDATE application SET draft_sealed = $2, category = $3, version = version + 1, updated = $4
                 WHERE id = $1 AND version = $5 AND status IN ('draft', 'returned')",
                id, sealed, chosen, now.0, version
            )?;
            if done == 0 {
                return Err(Error::Conflict);
            }
            Ok(Saved { version: version + 1, draft })
        })
    }

    /// Submits: everything is judged again in the transaction that writes it. Window, uniqueness (S123, X29),
    /// eligibility, site, dictionary; then the entries are locked at the very versions that were judged (S18), the snapshot
    /// is taken (S124) and the serial given (S126).
    pub async fn submit(&self, id: ApplicationId, version: i64) -> Result<Serial, SubmitError> {
        let registry = self.registry();
        let mut tries = 0;
        loop {
            match self.try_submit(id, version).await? {
                Attempt::Done(serial) => return Ok(serial),
                Attempt::Refused(problems) => return Err(SubmitError::Problems(problems)),
                // An entry was edited between reading and locking it: judge the new one.
                Attempt::Again if tries < 5 => tries += 1,
                Attempt::Again => {
                    tracing::warn!(
                        engine = registry.engine(),
                        "an application's entries kept changing while it was submitted"
                    );
                    return Err(Error::Conflict.into());
                }
            }
        }
    }

    async fn try_submit(&self, id: ApplicationId, version: i64) -> Result<Attempt, Error> {
        let registry = self.registry();
        let (account, books, id) = (self.account().uuid(), registry.clone(), id.uuid());
        write!(registry, [books], conn => {
            let settings = books.settings();
            let now = settings.clock.now();
            let view = view(conn, &books, account, id).await?;
            let refuse = |step, field, code: ApplicationProblem| Ok(Attempt::Refused(vec![(step, Problem { field, code: code.into() })]));
            let Some(after) = view.row.status.after(ApplicationEvent::Submit) else {
                return refuse(Step::Confirm, Field::Whole, ApplicationProblem::NotDraft);
            };
            if view.row.version != version {
                return refuse(Step::Confirm, Field::Whole, ApplicationProblem::Conflict);
            }
            // What was returned may be mended as long as it can be reviewed, and holds its place meanwhile.
            let returned = view.row.status == ApplicationStatus::Returned;
            if returned && now >= view.exam.review_closes {
                return refuse(Step::Confirm, Field::Whole, ApplicationProblem::ReviewClosed);
            }
            if !returned && !view.exam.is_open(now) {
                return refuse(Step::Confirm, Field::Whole, ApplicationProblem::WindowClosed);
            }
            if !returned && is_live(conn, account, view.exam.id.uuid()).await? {
                return refuse(Step::Confirm, Field::Whole, ApplicationProblem::AlreadyApplied);
            }
            let open = view.open();
            let application = match view.draft.check(&view.context(now, &open)) {
                Ok(application) => application,
                Err(problems) => return Ok(Attempt::Refused(problems)),
            };
            let before = view.snapshot.clone().filter(|_| returned);
            let known: Vec<_> = before.iter().flat_map(|a| a.dictionary_ids()).map(|(.., entry)| entry).collect();
            // The profile's photo was judged by the platform's rules; the session may ask for more (X12, X27).
            let (jpeg,) = query!(
                conn, fetch_one as (Vec<u8>,), "SELECT jpeg FROM photo WHERE id = $1 AND account_id = $2", application.photo.uuid(), account
            )?;
            if let Err(code) = forms::photo::check(&jpeg, &view.exam.rules.photo) {
                return Ok(Attempt::Refused(vec![(Step::Basic, Problem { field: Field::Photo, code: code.into() })]));
            }
            match catalogue::site(conn, application.site.clone()).await? {
                // A site that closed since keeps what it had taken.
                Some(site) if (site.open || before.as_ref().is_some_and(|a| a.site == site.code)) && site.area == application.area => {}
                _ => return refuse(Step::Site, Field::Site, ApplicationProblem::SiteClosed),
            }
            let mut unlisted = Vec::new();
            for (step, field, entry) in application.dictionary_ids().into_iter().filter(|(.., entry)| !known.contains(entry)) {
                if !crate::dictionary::entry(conn, entry).await?.is_some_and(|(_, entry)| entry.active) {
                    unlisted.push((step, Problem { field, code: PaperProblem::NoLongerListed.into() }));
                }
            }
            if !unlisted.is_empty() {
                return Ok(Attempt::Refused(unlisted));
            }
            let held: Vec<Uuid> = query!(
                conn, fetch_all as (Uuid,), "SELECT entry_id FROM application_entry WHERE application_id = $1", id
            )?.into_iter().map(|(entry,)| entry).collect();
            let used = application.entry_ids();
            for entry in held.iter().filter(|entry| !used.iter().any(|own| own.uuid() == **entry)) {
                review::release(conn, id, *entry).await?;
            }
            // What a returned application still holds was not returned; the locks of the rest are taken anew (X28).
            for entry in view.entries.iter().filter(|entry| used.contains(&entry.id) && !held.contains(&entry.id.uuid())) {
                // It is kept as it was judged: a name of it may have been completed since it was saved.
                let key = entry.id.uuid();
                let place: [&[u8]; 2] = [b"entry", key.as_bytes()];
                let draft = settings.sealer.seal_json(&settings.entropy, &place, &entry.draft)?;
                let valid = settings.sealer.seal_json(&settings.entropy, &place, &entry.complete)?;
                let locked = query!(
                    conn, execute,
                    "UPDATE entry SET locks = locks + 1, version = version + 1, draft_sealed = $3, valid_sealed = $4
                     WHERE id = $1 AND version = $2 AND deleted IS NULL",
                    key, entry.version, draft, valid
                )?;
                if locked == 0 {
                    return Err(Error::Conflict);
                }
                query!(
                    conn, execute, "INSERT INTO application_entry (application_id, entry_id) VALUES ($1, $2) ON CONFLICT DO NOTHING",
                    id, entry.id.uuid()
                )?;
            }
            let serial = match view.row.serial.as_deref().and_then(Serial::parse) {
                Some(serial) => serial,
                None => Serial::new(view.exam.year, &application.area, &application.category.to_string(), settings.entropy.number()),
            };
            query!(conn, execute, "UPDATE finding SET again = 1 WHERE application_id = $1", id)?;
            review::keep_old(conn, id, view.paper).await?;
            let paper = view.paper + 1;
            review::new_paper(conn, &books, id, paper).await?;
            let columns = review::Columns::of(&settings.sealer, &application, &view.exam);
            let snapshot = settings.sealer.seal_json(&settings.entropy, &snapshot_place(&id), &application)?;
            let done = query!(
                conn, execute,
                "UPDATE application SET status = $2, version = version + 1, updated = $3, submitted = $3, serial = $4, category = $5, area = $6, site = $7,
                    photo_id = $8, snapshot_sealed = $9, name = $12, initials = $13, document_index = $14, flags = $15, waiting = $3, paper = $16, opened = NULL
                 WHERE id = $1 AND status = $11 AND version = $10",
                id, after.code(), now.0, serial.as_str(), application.category.to_string(), application.area, application.site,
                application.photo.uuid(), snapshot, version, view.row.status.code(), columns.name, columns.initials, columns.document, columns.flags, paper
            )?;
            if done == 0 {
                return Err(Error::Conflict);
            }
            audit::record(conn, &books, account, if returned { "application.resubmit" } else { "application.submit" }, id).await?;
            Ok(Attempt::Done(serial))
        })
        .or_else(|error| if matches!(error, Error::Conflict) { Ok(Attempt::Again) } else { Err(error) })
    }

    /// Throws a draft away, so that the session can be begun anew.
    pub async fn discard(&self, id: ApplicationId) -> Result<(), Error> {
        let registry = self.registry();
        let (account, books, now) = (self.account().uuid(), registry.clone(), registry.settings().clock.now());
        write!(registry, [books], conn => {
            let done = query!(
                conn, execute,
                "UPDATE application SET status = 'abandoned', version = version + 1, updated = $3 WHERE id = $1 AND account_id = $2 AND status = 'draft'",
                id.uuid(), account, now.0
            )?;
            if done == 0 {
                return Err(Error::NotFound);
            }
            audit::record(conn, &books, account, "application.discard", id.uuid()).await
        })
    }
}

enum Attempt {
    Done(Serial),
    Refused(Vec<(Step, Problem)>),
    Again,
}

async fn is_live(conn: &mut Conn<'_>, account: Uuid, session: Uuid) -> Result<bool, Error> {
    let row = query!(
        conn,
        fetch_optional as (Uuid,),
        "SELECT id FROM application WHERE account_id = $1 AND session_id = $2 AND status IN ('submitted', 'returned', 'site_approved', 'signed', 'area_approved')",
        account,
        session
    )?;
    Ok(row.is_some())
}
