//! Reading applications: the list, and one with everything that its forms are checked against.
use super::{
    draft_aad,
    standing::{replaced, status_of},
};
use crate::{
    Area, Candidate, CategoryRow, Error, ExamSession, Moment, Registry, Site, account, catalogue,
    db::{Conn, sql},
    dictionary::completion,
    profile, skills_pass,
    snapshot::snapshot_aad,
};
use forms::{
    Context, Field, Problem,
    account::Identity,
    application::{Application, ApplicationContext, ApplicationDraft, EntryView, Flag},
    category::Category,
    exemption::SkillsExemption,
    ids::{ApplicationId, EntryId, ExamSessionId, PhotoId},
    rule_set::PhotoRule,
    status::ApplicationStatus,
};
use std::sync::Arc;
use uuid::Uuid;

/// An application in a list.
#[derive(Clone, Debug)]
pub struct ApplicationRow {
    pub id: ApplicationId,
    pub session: ExamSessionId,
    pub status: ApplicationStatus,
    /// Raised by each save and each change of state.
    pub version: i64,
    /// The code of the chosen category.
    pub category: String,
    /// From the first submission on (S126).
    pub serial: Option<String>,
    /// The code of the site, from the first submission on.
    pub site: Option<String>,
    /// When it was last submitted.
    pub submitted: Option<Moment>,
    /// When it was last saved or moved to another state.
    pub updated: Moment,
    /// The application that it was begun to replace, which may have ended (X1).
    pub replaces: Option<ApplicationId>,
    /// What an office should look at, as of the last submission.
    pub flags: Vec<Flag>,
}
impl ApplicationRow {
    /// Whether what was submitted is reviewed on site (S102).
    pub fn is_reviewed_on_site(&self) -> bool {
        !self.flags.contains(&Flag::WithoutReview)
    }
}

/// An application with everything that its forms show and are checked against.
#[derive(Clone, Debug)]
pub struct ApplicationView {
    /// What lists show of it.
    pub row: ApplicationRow,
    /// The answers as typed.
    pub draft: ApplicationDraft,
    /// The answers as last submitted.
    pub snapshot: Option<Application>,
    pub identity: Identity,
    /// The entries of the profile.
    pub entries: Vec<EntryView>,
    /// The photo of the snapshot, or else of the profile.
    pub photo: Option<PhotoId>,
    pub exam: ExamSession,
    /// The open categories of the session.
    pub categories: Vec<CategoryRow>,
    /// All areas and sites, by code.
    pub areas: Arc<[Area]>,
    pub sites: Arc<[Site]>,
    /// What a new photo must be for this session and for every one that is open (X12).
    pub photo_rule: PhotoRule,
    /// Earlier attempts by category, as far as the database has them (X22).
    pub history: Vec<(Category, u32)>,
    /// The exemptions from the skills test in the session (S102).
    pub exemptions: Vec<SkillsExemption>,
    /// The fields that may be changed while the application is returned (X28).
    pub editable_fields: Vec<Field>,
    /// The current printed version, 0 before the first submission.
    pub printed_version: i64,
    /// The live application that a draft replaces when it is submitted (X1).
    pub replaces: Option<ApplicationId>,
    /// The page that saved it last.
    pub(crate) page_key: Option<Vec<u8>>,
}
impl ApplicationView {
    /// The categories that may be chosen.
    pub fn open(&self) -> Vec<Category> {
        let mut open: Vec<Category> = self.categories.iter().map(|row| row.code).collect();
        // A category that closed since does not stop what was submitted while it was open.
        open.extend(self.snapshot.as_ref().map(|a| a.category).filter(|own| !open.contains(own)));
        open
    }
    /// The exemption that holds for it: that of what was submitted, or of the chosen category.
    pub fn exemption(&self) -> Option<SkillsExemption> {
        match &self.snapshot {
            Some(submitted) => submitted.exemption,
            None => self.draft.exemption(&self.exemptions),
        }
    }
    /// What the answers are checked against; `open` as [`ApplicationView::open`] returns it.
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
            exemptions: &self.exemptions,
            trusts_verified: self.exam.trusts_verified,
        }
    }
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
    page_key: Option<Vec<u8>>,
    replaces: Option<Uuid>,
    flags: i64,
    #[sqlx(rename = "opened")]
    editable_fields: Option<String>,
    #[sqlx(rename = "paper")]
    printed_version: i64,
}
impl Row {
    fn listed(&self) -> Result<ApplicationRow, Error> {
        Ok(ApplicationRow {
            id: self.id.into(),
            session: self.session_id.into(),
            status: status_of(self.id, &self.status)?,
            version: self.version,
            category: self.category.clone(),
            serial: self.serial.clone(),
            site: self.site.clone(),
            submitted: self.submitted.map(Moment),
            updated: Moment(self.updated),
            replaces: self.replaces.map(ApplicationId::from),
            flags: Flag::of_bits(self.flags),
        })
    }
}

#[derive(sqlx::FromRow)]
struct AttemptRow {
    id: Uuid,
    category: String,
    status: String,
}

/// How often each category was applied for in other sessions, counting live applications.
async fn history(conn: &mut Conn<'_>, account: Uuid, id: Uuid, session: Uuid) -> Result<Vec<(Category, u32)>, Error> {
    let rows = sql!(
        conn,
        fetch_all as AttemptRow,
        "SELECT id, category, status FROM application WHERE account_id = $1 AND id <> $2 AND session_id <> $3 ORDER BY category",
        account,
        id,
        session
    )?;
    let mut history: Vec<(Category, u32)> = Vec::new();
    for row in rows {
        let Ok(category) = Category::parse(&row.category) else { continue };
        if !status_of(row.id, &row.status)?.is_live() {
            continue;
        }
        match history.iter_mut().find(|(known, _)| *known == category) {
            Some((_, count)) => *count += 1,
            None => history.push((category, 1)),
        }
    }
    Ok(history)
}

/// An application of an account.
pub(crate) async fn view(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
    id: Uuid,
) -> Result<ApplicationView, Error> {
    let row = sql!(
        conn, fetch_optional as Row,
        "SELECT id, session_id, status, version, draft_sealed, updated, submitted, serial, category, site, photo_id, snapshot_sealed, opened, paper, page_key, replaces, flags
         FROM application WHERE id = $1 AND account_id = $2",
        id, account
    )?
    .ok_or(Error::NotFound)?;
    let sealer = &registry.settings().sealer;
    let owner = account::load(conn, registry, account).await?;
    let snapshot: Option<Application> =
        row.snapshot_sealed.as_ref().map(|s| sealer.open_json(&snapshot_aad(&row.id), s)).transpose()?;
    let returned: Vec<Field> =
        row.editable_fields.as_deref().unwrap_or_default().split_whitespace().filter_map(Field::parse).collect();
    let catalogue = catalogue::current(conn, registry).await?;
    let exam = catalogue.exam_session(row.session_id)?;
    let mut view = ApplicationView {
        row: row.listed()?,
        draft: sealer.open_json(&draft_aad(&row.id), &row.draft_sealed)?,
        snapshot,
        identity: owner.identity,
        entries: profile::entries(conn, registry, account).await?,
        // If the photo was returned, the application is checked with the newest one of the profile.
        photo: row.photo_id.map(PhotoId::from).filter(|_| !returned.contains(&Field::Photo)).or(owner.photo),
        editable_fields: Vec::new(),
        printed_version: row.printed_version,
        page_key: row.page_key,
        replaces: None,
        exemptions: skills_pass::exemptions_of(conn, account, &exam).await?,
        photo_rule: registry.photo_rule_of(&catalogue)?.strictest(exam.rules.photo),
        areas: catalogue.areas.clone(),
        sites: catalogue.sites.clone(),
        exam,
        categories: catalogue.categories(row.session_id)?,
        history: history(conn, account, id, row.session_id).await?,
    };
    if view.row.status == ApplicationStatus::Draft {
        view.replaces = replaced(conn, account, row.replaces).await?;
    }
    show_copies(&mut view.entries, view.replaces.is_some());
    // Of a returned application only the returned fields change (X28).
    let opened = view.row.status == ApplicationStatus::Returned && returned.contains(&Field::Employer);
    if view.row.status == ApplicationStatus::Draft || opened {
        completion::complete(conn, account, completion::work_slots(&mut view.draft.work)).await?;
    }
    if view.row.status == ApplicationStatus::Returned {
        let open = view.open();
        let wrong = view.draft.check(&view.context(registry.settings().clock.now(), &open)).err().unwrap_or_default();
        let wrong: Vec<Problem> = wrong.into_iter().map(|(_, problem)| problem).collect();
        view.editable_fields = forms::review::all_editable_fields(&returned, &wrong);
    }
    Ok(view)
}

/// Leaves of an entry and its corrected copy only one: the copy for the draft that it was made for, the original for every other
/// application.
fn show_copies(entries: &mut Vec<EntryView>, for_replacement: bool) {
    let known: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
    let copied: Vec<EntryId> = entries.iter().filter_map(|entry| entry.copy_of).collect();
    entries.retain(|entry| match for_replacement {
        true => !copied.contains(&entry.id),
        false => entry.copy_of.is_none_or(|original| !known.contains(&original)),
    });
}

impl Candidate {
    /// All applications, the newest first.
    pub async fn applications(&self) -> Result<Vec<ApplicationRow>, Error> {
        let account = self.account().uuid();
        self.registry()
            .read(move |conn| {
                Box::pin(async move {
                    let rows = sql!(
                        conn, fetch_all as Row,
                        "SELECT id, session_id, status, version, draft_sealed, updated, submitted, serial, category, site, photo_id, snapshot_sealed, opened, paper, page_key, replaces, flags
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
}
