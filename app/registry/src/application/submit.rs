//! Submission: everything is checked again in the transaction that writes it.
use super::{
    ApplicationView,
    error::{SubmitError, retrying},
    profile_completion::complete_profile,
    standing::{Standing, live_of, standing},
    view,
    withdraw::end,
};
use crate::{
    Actor, Candidate, Error, Registry, catalogue,
    db::{Conn, sql, transaction},
    dictionary, entry_lock,
    snapshot::{SearchColumns, snapshot_aad},
    transition::{self, Guard, Submission, Transition},
};
use forms::{
    Code, Field, Problem,
    application::Application,
    ids::{AccountId, ApplicationId, Serial},
    journey::Step,
    problem::{ApplicationProblem, PaperProblem, WithdrawalProblem},
    status::{ApplicationEvent, ApplicationStatus, Withdrawal},
    timeline::Event,
};
use uuid::Uuid;

impl Candidate {
    /// Submits an application at the version that was read, and returns its serial (S126). Checked are the window, uniqueness
    /// (S123, X29), the answers and eligibility, the photo, the site, and the chosen dictionary entries. The profile entries
    /// are locked at the versions that were checked (S18), and the snapshot is taken (S124). The page that submitted it gets the same
    /// answer again.
    pub async fn submit_application(&self, id: ApplicationId, version: i64) -> Result<Serial, SubmitError> {
        // An entry may be edited between reading and locking it: its new version is checked.
        retrying(|| self.clone().submit_once(id, version)).await
    }

    async fn submit_once(self, id: ApplicationId, version: i64) -> Result<Serial, SubmitError> {
        let (me, id) = (self.clone(), id.uuid());
        transaction!(self.registry(), [me], conn => {
            match try_submit(conn, &me, id, version).await {
                Ok(serial) => Ok(Ok(serial)),
                Err(error) => error.or_refused(),
            }
        })?
    }
}

async fn try_submit(conn: &mut Conn<'_>, me: &Candidate, id: Uuid, version: i64) -> Result<Serial, SubmitError> {
    let (registry, account) = (me.registry(), me.account());
    let settings = registry.settings();
    // What arrived in time counts, even if it waited for others until after the end.
    let now = registry.decision_time();
    let view = view(conn, registry, account.uuid(), id).await?;
    let own = view.page_key.is_some() && view.page_key == me.page_key();
    if own
        && view.row.status.after(ApplicationEvent::Submit).is_none()
        && let Some(serial) = view.row.serial.as_deref().and_then(Serial::parse)
    {
        return Ok(serial);
    }
    let version = if own { view.row.version } else { version };
    let replaced = check_state(conn, registry, account, &view, version).await?;
    let open = view.open();
    let mut application = view.draft.check(&view.context(now, &open)).map_err(SubmitError::Problems)?;
    let resubmitted = view.row.status == ApplicationStatus::Returned;
    let before = view.snapshot.as_ref().filter(|_| resubmitted);
    // What the office decided about papers is no answer, and stands (S148).
    application.paper_changes = before.map(|before| before.paper_changes.clone()).unwrap_or_default();
    check_photo(conn, account, &view, &application).await?;
    check_site(conn, &application, before).await?;
    check_names(conn, &application, before).await?;
    // The new application locks its entries before the old one gives them up: none of them is free in between.
    lock_entries(conn, registry, &view, &application).await?;
    complete_profile(conn, me, &view.identity, &view.draft).await?;
    if let Some(replaced) = replaced {
        end(conn, registry, Actor::Candidate(account), &replaced, &Event::Supersede).await?;
    }
    let serial = view.row.serial.as_deref().and_then(Serial::parse).unwrap_or_else(|| {
        let category = application.category.to_string();
        Serial::new(view.exam.year, &application.area, &category, settings.entropy.number())
    });
    // What was found before is to be checked again.
    sql!(conn, execute, "UPDATE finding SET again = 1 WHERE application_id = $1", id).map_err(Error::from)?;
    let submission = Submission {
        serial: serial.as_str().to_owned(),
        category: application.category.to_string(),
        area: application.area.clone(),
        site: application.site.clone(),
        photo: application.photo.uuid(),
        snapshot_sealed: settings.sealer.seal_json(&settings.entropy, &snapshot_aad(&id), &application)?,
        columns: SearchColumns::of(&settings.sealer, &application, &view.exam),
        printed_version: view.printed_version,
    };
    let transition = Transition {
        application: id,
        from: view.row.status,
        guard: Guard::Raise(version),
        actor: Actor::Candidate(account),
        event: if resubmitted { &Event::Resubmit } else { &Event::Submit },
        submission: Some(submission),
    };
    transition::apply(conn, registry, transition).await?;
    Ok(serial)
}

/// State, version, window and uniqueness. A returned application may be submitted as long as it can be reviewed, and keeps
/// its place meanwhile. Answers the application that is replaced, which has to end with the submission (X1).
async fn check_state(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: AccountId,
    view: &ApplicationView,
    version: i64,
) -> Result<Option<Standing>, SubmitError> {
    let now = registry.decision_time();
    let refuse = |code: Code| Err(SubmitError::one(Step::Confirm, Field::Form, code));
    if view.row.status.after(ApplicationEvent::Submit).is_none() {
        return refuse(ApplicationProblem::NotDraft.into());
    }
    if view.row.version != version {
        return refuse(ApplicationProblem::Conflict.into());
    }
    if view.row.status == ApplicationStatus::Returned {
        return if now < view.exam.review_closes { Ok(None) } else { refuse(ApplicationProblem::ReviewClosed.into()) };
    }
    if !view.exam.is_open(now) {
        return refuse(ApplicationProblem::WindowClosed.into());
    }
    match (live_of(conn, account.uuid(), view.exam.id.uuid()).await?, view.replaces) {
        (None, _) => Ok(None),
        (Some(live), Some(replaced)) if live == replaced.uuid() => {
            let at = standing(conn, account.uuid(), live).await?;
            match at.status.withdrawal(true) {
                Some(Withdrawal::Allowed) => Ok(Some(at)),
                _ => refuse(WithdrawalProblem::ReplacedApproved.into()),
            }
        }
        (Some(_), _) => refuse(ApplicationProblem::AlreadyApplied.into()),
    }
}

/// The photo was checked by the platform's rules when it was uploaded; the session may ask for more (X12, X27).
async fn check_photo(
    conn: &mut Conn<'_>,
    account: AccountId,
    view: &ApplicationView,
    application: &Application,
) -> Result<(), SubmitError> {
    let (jpeg,) = sql!(
        conn,
        fetch_one as (Vec<u8>,),
        "SELECT jpeg FROM photo WHERE id = $1 AND account_id = $2",
        application.photo.uuid(),
        account.uuid()
    )
    .map_err(Error::from)?;
    match forms::photo::check(&jpeg, &view.exam.rules.photo) {
        Ok(_) => Ok(()),
        Err(code) => {
            Err(SubmitError::Problems(vec![(Step::Basic, Problem { field: Field::Photo, code: code.into() })]))
        }
    }
}

/// A site that closed since keeps what was submitted to it before.
async fn check_site(
    conn: &mut Conn<'_>,
    application: &Application,
    before: Option<&Application>,
) -> Result<(), SubmitError> {
    let taken = |site: &crate::Site| site.open || before.is_some_and(|a| a.site == site.code);
    match catalogue::site(conn, application.site.clone()).await? {
        Some(site) if taken(&site) && site.area == application.area => Ok(()),
        _ => Err(SubmitError::one(Step::Site, Field::Site, ApplicationProblem::SiteClosed)),
    }
}

/// The chosen names are still in use, unless they were submitted before.
async fn check_names(
    conn: &mut Conn<'_>,
    application: &Application,
    before: Option<&Application>,
) -> Result<(), SubmitError> {
    let known: Vec<_> = before.iter().flat_map(|a| a.dictionary_ids()).map(|(.., entry)| entry).collect();
    let mut unlisted = Vec::new();
    for (step, field, entry) in application.dictionary_ids().into_iter().filter(|(.., entry)| !known.contains(entry)) {
        if !dictionary::entry(conn, entry).await?.is_some_and(|(_, entry)| entry.active) {
            unlisted.push((step, Problem { field, code: PaperProblem::NoLongerListed.into() }));
        }
    }
    if unlisted.is_empty() { Ok(()) } else { Err(SubmitError::Problems(unlisted)) }
}

/// Locks the entries that the application uses and releases those that it no longer uses. What a returned application
/// still holds was not returned; the other locks are taken anew (X28).
async fn lock_entries(
    conn: &mut Conn<'_>,
    registry: &Registry,
    view: &ApplicationView,
    application: &Application,
) -> Result<(), Error> {
    let id = view.row.id.uuid();
    let held = entry_lock::held_by(conn, id).await?;
    let used = application.entry_ids();
    for entry in held.iter().filter(|entry| !used.iter().any(|own| own.uuid() == **entry)) {
        entry_lock::release(conn, id, *entry).await?;
    }
    for entry in view.entries.iter().filter(|entry| used.contains(&entry.id) && !held.contains(&entry.id.uuid())) {
        entry_lock::lock(conn, registry, id, entry).await?;
    }
    Ok(())
}
