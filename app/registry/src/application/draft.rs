//! Drafts: begun from the profile, saved step by step.
use super::{
    SubmitError, draft_aad,
    profile_change::with_profile,
    standing::{live_of, status_of},
    view,
};
use crate::{
    Actor, Candidate, Error, ExamSession, Moment, Registry, catalogue,
    db::{Conn, sql, transaction},
    profile,
    profile_group::is_overtaken,
    skills_pass, timeline,
};
use forms::{
    Field, Problem,
    application::ApplicationDraft,
    category::Category,
    choice::Choice,
    exemption::of_category,
    ids::{AccountId, ApplicationId, ExamSessionId},
    journey::Step,
    problem::ApplicationProblem,
    profile::{BasicDraft, ContactDraft, WorkDraft},
    status::{ApplicationEvent, ApplicationStatus},
    timeline::Event,
};
use uuid::Uuid;

/// What saving a step answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saved {
    /// The new version.
    pub version: i64,
    /// The answers as they are now.
    pub draft: ApplicationDraft,
}

#[derive(sqlx::FromRow)]
struct DraftRow {
    id: Uuid,
    status: String,
    version: i64,
    draft_sealed: Vec<u8>,
    page_key: Option<Vec<u8>>,
    page_order: i64,
}

/// The drafts of an account that can be submitted: new ones, and returned ones.
pub(crate) async fn unsubmitted_drafts(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
) -> Result<Vec<ApplicationDraft>, Error> {
    let rows = sql!(
        conn,
        fetch_all as DraftRow,
        "SELECT id, status, version, draft_sealed, page_key, page_order FROM application WHERE account_id = $1",
        account
    )?;
    let mut drafts = Vec::new();
    for row in rows {
        if status_of(row.id, &row.status)?.after(ApplicationEvent::Submit).is_some() {
            drafts.push(registry.settings().sealer.open_json(&draft_aad(&row.id), &row.draft_sealed)?);
        }
    }
    Ok(drafts)
}

/// Writes a draft: that of the year before where the candidate is exempt, or else one that is filled from the profile.
async fn insert(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: AccountId,
    exam: &ExamSession,
    (id, category, now): (Uuid, Category, Moment),
) -> Result<(), Error> {
    let settings = registry.settings();
    let draft = match exempt(conn, registry, account.uuid(), exam, category).await? {
        Some(draft) => draft,
        None => of_profile(conn, registry, account.uuid(), category).await?,
    };
    let sealed = settings.sealer.seal_json(&settings.entropy, &draft_aad(&id), &draft)?;
    sql!(
        conn,
        execute,
        "INSERT INTO application (id, account_id, session_id, status, version, draft_sealed, created, updated, category)
         VALUES ($1, $2, $3, $4, 1, $5, $6, $6, $7)",
        id,
        account.uuid(),
        exam.id.uuid(),
        ApplicationStatus::Draft.code(),
        sealed,
        now.0,
        category.to_string()
    )?;
    timeline::record(conn, registry, Actor::Candidate(account), &Event::Begin, id).await
}

/// A draft filled from the profile (S34).
async fn of_profile(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
    category: Category,
) -> Result<ApplicationDraft, Error> {
    let known = profile::load(conn, registry, account).await?;
    let basic: BasicDraft = known.basic.valid.unwrap_or(known.basic.draft);
    let contact: ContactDraft = known.contact.valid.unwrap_or(known.contact.draft);
    let work: WorkDraft = known.work.valid.unwrap_or(known.work.draft);
    Ok(ApplicationDraft::prefilled(category, basic, contact, work))
}

/// The answers of the application with which the candidate passed the skills test, where that exempts them in this session: they
/// were checked then, so the wizard leads on to what is new (S102). Nothing where there is no exemption or no such application.
async fn exempt(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
    exam: &ExamSession,
    category: Category,
) -> Result<Option<ApplicationDraft>, Error> {
    if of_category(&skills_pass::exemptions_of(conn, account, exam).await?, category).is_none() {
        return Ok(None);
    }
    let rows = sql!(
        conn,
        fetch_all as (Uuid, String),
        "SELECT id, status FROM application WHERE account_id = $1 AND session_id <> $2 AND category = $3 AND submitted IS NOT NULL
         ORDER BY submitted DESC",
        account,
        exam.id.uuid(),
        category.to_string()
    )?;
    for (id, status) in rows {
        if status_of(id, &status)?.is_live() {
            return Ok(Some(with_profile(conn, registry, account, id).await?.0.for_later_year()));
        }
    }
    Ok(None)
}

/// Opens the answers of an application that was returned: its last step is to be gone through again, where the declaration is
/// made anew over what will have changed (X28).
pub(crate) async fn reopen(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<(), Error> {
    let settings = registry.settings();
    let sealed = sql!(conn, fetch_one as (Vec<u8>,), "SELECT draft_sealed FROM application WHERE id = $1", id)?.0;
    let mut draft: ApplicationDraft = settings.sealer.open_json(&draft_aad(&id), &sealed)?;
    draft.confirm.declaration.clear();
    draft.attempted.retain(|step| *step != Step::Confirm);
    let sealed = settings.sealer.seal_json(&settings.entropy, &draft_aad(&id), &draft)?;
    sql!(conn, execute, "UPDATE application SET draft_sealed = $2 WHERE id = $1", id, sealed)?;
    Ok(())
}

/// Gives a draft another category.
async fn change_category(
    conn: &mut Conn<'_>,
    registry: &Registry,
    row: &DraftRow,
    category: Category,
    now: Moment,
) -> Result<(), Error> {
    let settings = registry.settings();
    let mut draft: ApplicationDraft = settings.sealer.open_json(&draft_aad(&row.id), &row.draft_sealed)?;
    draft.category.category = category.to_string();
    let sealed = settings.sealer.seal_json(&settings.entropy, &draft_aad(&row.id), &draft)?;
    sql!(
        conn,
        execute,
        "UPDATE application SET draft_sealed = $2, category = $3, version = version + 1, updated = $4 WHERE id = $1",
        row.id,
        sealed,
        category.to_string(),
        now.0
    )?;
    Ok(())
}

impl Candidate {
    /// Begins an application: a draft filled from the profile (S34). An existing draft of the session is continued with the
    /// new category; a live application of the session is a problem (X29).
    pub async fn begin_application(
        &self,
        session: ExamSessionId,
        category: Category,
    ) -> Result<ApplicationId, SubmitError> {
        let (account, registry, session) = (self.account(), self.registry().clone(), session.uuid());
        let now = registry.settings().clock.now();
        let fresh = registry.settings().entropy.uuid(now);
        let begun: Result<Result<Uuid, ApplicationProblem>, Error> = transaction!(self.registry(), [registry], conn => {
            let exam = catalogue::exam_session(conn, session).await?;
            if !exam.is_open(registry.decision_time()) {
                return Ok(Err(ApplicationProblem::WindowClosed));
            }
            if !catalogue::current(conn, &registry).await?.categories(session)?.iter().any(|row| row.code == category) {
                return Ok(Err(ApplicationProblem::CategoryClosed));
            }
            if live_of(conn, account.uuid(), session).await?.is_some() {
                return Ok(Err(ApplicationProblem::AlreadyApplied));
            }
            let existing = sql!(
                conn, fetch_optional as DraftRow,
                "SELECT id, status, version, draft_sealed, page_key, page_order FROM application WHERE account_id = $1 AND session_id = $2 AND status = $3",
                account.uuid(), session, ApplicationStatus::Draft.code()
            )?;
            if let Some(row) = existing {
                change_category(conn, &registry, &row, category, now).await?;
                return Ok(Ok(row.id));
            }
            insert(conn, &registry, account, &exam, (fresh, category, now)).await?;
            Ok(Ok(fresh))
        });
        begun?.map(ApplicationId::from).map_err(|code| {
            SubmitError::Problems(vec![(Step::Category, Problem { field: Field::Category, code: code.into() })])
        })
    }

    /// Saves the posted fields of a step into the version that was read; [`Error::Conflict`] for another version. `attempt`
    /// is set by "next": from then on missing answers of the step are problems. Saving needs neither an open window nor
    /// valid answers. Of a returned application only the returned fields change (X28).
    pub async fn save_step(
        &self,
        id: ApplicationId,
        step: Step,
        pairs: Vec<(String, String)>,
        version: i64,
        attempt: bool,
    ) -> Result<Saved, Error> {
        let (account, registry, id) = (self.account().uuid(), self.registry().clone(), id.uuid());
        let (now, page, order) = (registry.settings().clock.now(), self.page_key(), self.order());
        transaction!(self.registry(), [registry, pairs, page], conn => {
            let settings = registry.settings();
            let row = sql!(
                conn, fetch_optional as DraftRow,
                "SELECT id, status, version, draft_sealed, page_key, page_order FROM application WHERE id = $1 AND account_id = $2", id, account
            )?
            .ok_or(Error::NotFound)?;
            let status = status_of(id, &row.status)?;
            let own = page.is_some() && row.page_key == page;
            let stored: ApplicationDraft = settings.sealer.open_json(&draft_aad(&id), &row.draft_sealed)?;
            // An earlier save of the page that arrives late. A step is left only once its last save was answered.
            if is_overtaken((row.page_key.clone(), row.page_order), (&page, order)) && !attempt {
                return Ok(Saved { version: row.version, draft: stored });
            }
            let mut draft = stored.clone();
            draft.apply_step(step, &pairs);
            // What was posted as it was typed may be stored as it was understood.
            let is_stored = draft.clone().tidied() == stored.clone().tidied();
            // Another page wrote since. If these answers are stored already there is nothing to decide: somebody who went back
            // and forth while typing meets their own save.
            if row.version != version && !own && !is_stored {
                return Err(Error::Conflict);
            }
            if status.after(ApplicationEvent::Submit).is_none() {
                // The page that submitted it sends the same step again, because the answer was lost.
                return if own && is_stored { Ok(Saved { version: row.version, draft }) } else { Err(Error::Conflict) };
            }
            if status == ApplicationStatus::Returned {
                let editable = view(conn, &registry, account, id).await?.editable_fields;
                draft = stored;
                draft.apply_editable_fields(step, &pairs, &editable);
            }
            if attempt {
                draft.attempt(step);
            }
            // The column holds a valid category or nothing.
            let chosen = draft.chosen_category().map(|category| category.to_string()).unwrap_or_default();
            let sealed = settings.sealer.seal_json(&settings.entropy, &draft_aad(&id), &draft)?;
            let saved = sql!(
                conn, execute,
                "UPDATE application SET draft_sealed = $2, category = $3, version = version + 1, updated = $4, page_key = $7, page_order = $8
                 WHERE id = $1 AND version = $5 AND status = $6",
                id, sealed, chosen, now.0, row.version, status.code(), page, order
            )?;
            if saved == 0 {
                return Err(Error::Conflict);
            }
            Ok(Saved { version: row.version + 1, draft })
        })
    }
}
