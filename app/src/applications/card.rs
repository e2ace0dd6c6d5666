//! What the card of an application says besides its state: what is missing, what has to be brought later, what changed (S7).
use super::summary::item_name;
use crate::{error::AppError, i18n, lang::Lang, request::RequestContext, routes::ProfileGroup};
use forms::{
    Field,
    application::Flag,
    journey::{Journey, Step},
    review::Finding,
    status::{ApplicationStatus, Withdrawal},
};
use registry::{ApplicationRow, ApplicationView, Candidate, GroupName, Moment};

/// The notes of an application. `own` are all of the candidate's, `open` says whether the window of its session is open.
pub(super) async fn notes(
    context: &RequestContext,
    row: &ApplicationRow,
    own: &[ApplicationRow],
    open: bool,
) -> Result<Vec<String>, AppError> {
    let (lang, candidate) = (context.lang, context.candidate()?);
    let mut notes = Vec::new();
    if row.status == ApplicationStatus::Draft && open {
        let replaced = own.iter().find(|other| Some(other.id) == row.replaces && other.status.is_live());
        notes.extend(
            replaced.map(|old| i18n::withdrawal_card_replaces(lang, old.serial.as_deref().unwrap_or_default())),
        );
        notes.push(missing(lang, &candidate.application(row.id).await?, context.now()));
    }
    if row.status == ApplicationStatus::Submitted && !row.is_reviewed_on_site() {
        notes.push(i18n::exemption_card(lang).to_owned());
    }
    let is_pending = matches!(row.status, ApplicationStatus::Submitted | ApplicationStatus::Returned);
    for flag in row.flags.iter().filter(|_| is_pending && row.is_reviewed_on_site()) {
        match flag {
            // The duty to renew it is said when it is chosen; this is the reminder (S136).
            Flag::TemporaryCard => notes.push(i18n::card_temporary_card(lang).to_owned()),
            Flag::DocumentExpires => notes.push(i18n::card_document_expires(lang).to_owned()),
            _ => {}
        }
    }
    // Offices change papers and identity data, which makes a new version of what is printed.
    if row.status == ApplicationStatus::Submitted {
        let version = candidate.printed_version(row.id).await?.version;
        notes.extend((version > 1).then(|| i18n::card_reprint(lang, version)));
    }
    if row.status.is_live() && !is_pending {
        let found = candidate.history(row.id).await?.found;
        let later = found.into_iter().filter(|one| one.finding == Finding::Later);
        notes.extend(later.map(|one| {
            let day = one.due.map(|due| due.to_string()).unwrap_or_default();
            i18n::card_outstanding(lang, item_name(lang, one.item), day)
        }));
    }
    if let Some(withdrawal @ (Withdrawal::Allowed | Withdrawal::WindowClosed)) = row.status.withdrawal(open) {
        let changed = profile_change(lang, &candidate, row).await?;
        notes.extend(changed.map(|parts| match withdrawal {
            Withdrawal::Allowed => i18n::withdrawal_card_changed(lang, parts),
            _ => i18n::withdrawal_card_changed_late(lang, parts),
        }));
    }
    Ok(notes)
}

/// The steps of a draft that are not complete.
fn missing(lang: Lang, view: &ApplicationView, now: Moment) -> String {
    let open = view.open();
    let journey = Journey::of(&view.draft, &view.context(now, &open));
    let missing = Step::ALL.into_iter().filter(|step| *step != Step::Confirm && !journey.is_completed(*step));
    let titles: Vec<&str> = missing.map(|step| i18n::step_title(lang, step)).collect();
    if titles.is_empty() {
        return i18n::card_ready(lang).to_owned();
    }
    i18n::card_missing(lang, titles.join(lang.of("、", ", ")))
}

/// What of the profile was changed since it was submitted, in words (X1).
async fn profile_change(lang: Lang, candidate: &Candidate, row: &ApplicationRow) -> Result<Option<String>, AppError> {
    let change = candidate.profile_change(row.id).await?;
    let group = |group: &GroupName| match group {
        GroupName::Basic => i18n::profile_basic(lang),
        GroupName::Contact => i18n::profile_contact(lang),
        GroupName::Work => i18n::profile_work(lang),
    };
    let photo = change.photo.then(|| i18n::label(lang, Field::Photo));
    let entries = change.entries.iter().map(|kind| ProfileGroup::from(*kind).title(lang));
    let parts: Vec<&str> = change.groups.iter().map(group).chain(photo).chain(entries).collect();
    Ok((!change.is_empty()).then(|| parts.join(i18n::withdrawal_and(lang))))
}
