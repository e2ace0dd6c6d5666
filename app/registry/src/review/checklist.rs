//! The checklist of a review and its outcome.
use super::{ActionRefused, ReviewError, settled};
use crate::{
    Actor, Error, Moment, Officer, Registry, application, catalogue,
    db::{Conn, sql, transaction},
    entry_lock::kinds_of,
    snapshot, timeline,
    transition::{self, Guard, Transition},
};
use forms::{
    Field,
    application::Application,
    ids::{ApplicationId, EntryId},
    problem::ReviewProblem,
    profile::EntryKind,
    review::{Finding, Item, ItemFinding, ItemProblem, ReviewAction, ReviewDraft, ReviewOutcome},
    timeline::Event,
    value::Date,
};
use uuid::Uuid;

/// The associated data of a sealed finding.
pub(super) fn finding_aad<'a>(application: &'a Uuid, item: &'a str) -> [&'a [u8]; 3] {
    [b"finding", application.as_bytes(), item.as_bytes()]
}

/// Writes one finding.
pub(super) async fn put_finding(
    conn: &mut Conn<'_>,
    registry: &Registry,
    application: Uuid,
    found: &ItemFinding,
) -> Result<(), Error> {
    let (settings, item) = (registry.settings(), found.item.code());
    let sealed = settings.sealer.seal_json(&settings.entropy, &finding_aad(&application, &item), found)?;
    sql!(
        conn,
        execute,
        "INSERT INTO finding (application_id, item, sealed, due) VALUES ($1, $2, $3, $4)
         ON CONFLICT (application_id, item) DO UPDATE SET sealed = $3, due = $4, again = 0",
        application,
        item,
        sealed,
        found.due.filter(|_| found.finding == Finding::Later).map(|due: Date| due.to_string())
    )?;
    Ok(())
}

/// Replaces the findings of an application. Only items that it has are kept, whatever was posted.
async fn replace_findings(
    conn: &mut Conn<'_>,
    registry: &Registry,
    application: Uuid,
    found: &[ItemFinding],
    items: &[Item],
) -> Result<(), Error> {
    sql!(conn, execute, "DELETE FROM finding WHERE application_id = $1", application)?;
    for one in found.iter().filter(|one| items.contains(&one.item)) {
        put_finding(conn, registry, application, one).await?;
    }
    Ok(())
}

/// Marks the entries as verified whose papers passed (S19, S20): those of a kind of which a paper passed and none is
/// outstanding. A degree that is not awarded yet has no paper that could have been seen.
pub(super) async fn verify_seen(
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
    let educations = application.educations.iter().chain(&application.other_educations);
    let educations = educations.filter(|(_, education)| !education.not_yet_awarded);
    let educations = educations.map(|(entry, _)| (EntryKind::Education, *entry));
    let certificates = application.certificates.iter().map(|(entry, _)| (EntryKind::Certificate, *entry));
    let entries = educations.chain(certificates).filter(|(kind, _)| kinds.contains(kind));
    mark_verified(conn, id, entries.map(|(_, entry)| entry), now).await
}

/// Marks entries that an application uses as verified, unless they are.
async fn mark_verified(
    conn: &mut Conn<'_>,
    id: Uuid,
    entries: impl Iterator<Item = EntryId> + Send,
    now: Moment,
) -> Result<(), Error> {
    for entry in entries {
        sql!(
            conn, execute,
            "UPDATE entry SET verified = $3, version = version + 1
             WHERE id = $1 AND verified IS NULL AND id IN (SELECT entry_id FROM application_entry WHERE application_id = $2)",
            entry.uuid(), id, now.0
        )?;
    }
    Ok(())
}

/// The items with a finding.
fn items_with(found: &[ItemFinding], finding: Finding) -> Vec<Item> {
    found.iter().filter(|one| one.finding == finding).map(|one| one.item).collect()
}

impl Officer {
    /// Keeps a checklist and applies its outcome: approval marks entries whose papers passed as verified (S20), a return opens
    /// the returned items and releases their locks (X28), a rejection ends the application.
    pub async fn assess(
        &self,
        id: ApplicationId,
        version: i64,
        draft: &ReviewDraft,
        outcome: ReviewOutcome,
    ) -> Result<(), ReviewError> {
        let now = self.registry().settings().clock.now();
        let found = draft.check(outcome, now.date()).map_err(ActionRefused::Items)?;
        let (me, id) = (self.clone(), id.uuid());
        transaction!(self.registry(), [me, found], conn => {
            settled(me.assess_row(conn, id, version, &found, outcome).await)
        })?
    }

    async fn assess_row(
        &self,
        conn: &mut Conn<'_>,
        id: Uuid,
        version: i64,
        found: &[ItemFinding],
        outcome: ReviewOutcome,
    ) -> Result<(), ReviewError> {
        let registry = self.registry();
        let now = registry.settings().clock.now();
        let row = self.row(conn, id).await?;
        if !outcome.is_open(row.status()?) {
            return Err(ReviewProblem::NotNow.into());
        }
        let exam = catalogue::exam_session(conn, row.session_id).await?;
        // After the review nothing can be corrected: applications are approved or rejected, and not returned.
        if outcome == ReviewOutcome::Return && registry.decision_time() >= exam.review_closes {
            return Err(ReviewProblem::ReviewOver.into());
        }
        let submitted = snapshot::load(conn, registry, id).await?;
        let items = Item::of(&submitted, exam.last_review_day());
        let is_assessed = |item: &Item| found.iter().any(|one| one.item == *item);
        if outcome == ReviewOutcome::Approve
            && let Some(item) = items.iter().find(|item| matches!(item, Item::Paper(_)) && !is_assessed(item))
        {
            let problem = ItemProblem { item: Some(*item), code: ReviewProblem::NotAssessed.into() };
            return Err(ActionRefused::Items(vec![problem]).into());
        }
        let row = self.begin_action(conn, id, version, ReviewAction::Assess).await?;
        replace_findings(conn, registry, id, found, &items).await?;
        let event = match outcome {
            ReviewOutcome::Save => {
                timeline::record(conn, registry, Actor::Staff(self.id()), &Event::SaveReview, id).await?;
                return Ok(());
            }
            ReviewOutcome::Approve => {
                verify_seen(conn, id, &submitted, found, now).await?;
                // No paper of the list is about trainings: they are looked at among the answers, none of which was returned. One
                // that goes on still gets its last month, so it stays open.
                let ended = submitted.trainings.iter().filter(|(_, training)| training.end_month.is_some());
                let trainings = ended.map(|(entry, _)| *entry);
                mark_verified(conn, id, trainings, now).await?;
                Event::Approve
            }
            ReviewOutcome::Return => {
                application::reopen(conn, registry, id).await?;
                Event::Return { items: items_with(found, Finding::Return) }
            }
            ReviewOutcome::Reject => Event::Reject { items: items_with(found, Finding::Fail) },
        };
        let transition = Transition {
            application: id,
            from: row.status()?,
            guard: Guard::Raised(row.version),
            actor: Actor::Staff(self.id()),
            event: &event,
            submission: None,
        };
        transition::apply(conn, registry, transition).await?;
        Ok(())
    }
}
