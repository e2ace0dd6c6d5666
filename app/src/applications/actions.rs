//! What server functions and plain posts of applications have in common.
use super::{
    card,
    data::{
        ApplicationData, ApplyResult, AreaData, CategoryData, ExamData, ExamsData, ReturnedAnswer, WizardData,
        step_of_entries,
    },
    summary::{item_name, why},
};
use crate::{
    components::{
        help::help_of_step,
        places::{area_name, site_facts, site_name},
    },
    error::AppError,
    i18n::{self, moment_text},
    lang::Lang,
    name_requests::resolve::{employer_region, notes, resolve_names},
    request::RequestContext,
    transport::{FormFields, RuleContext},
};
use forms::{
    Draft, Field,
    application::ApplicationContext,
    category::Category,
    exemption::SkillsExemption,
    ids::{ApplicationId, EntryId, ExamSessionId},
    journey::{Journey, Step},
    profile::EntryKind,
    review::{Finding, ItemFinding},
    status::ApplicationStatus,
};
use registry::{ApplicationRow, ApplicationView, CategoryRow, ExamSession, Moment, SubmitError};

pub(crate) fn exam_data(lang: Lang, exam: &ExamSession, now: Moment) -> ExamData {
    let text = |moment: Moment| moment_text(moment.date(), moment.time());
    // "24:00" is the next midnight, exclusive (X38): people read the minute before it.
    let last = Moment(exam.closes.0 - 1);
    ExamData {
        id: exam.id,
        name: lang.of(&exam.name_zh, &exam.name_en).to_owned(),
        year: exam.year,
        open: exam.is_open(now),
        opens: text(exam.opens),
        closes: text(last),
        left: exam.closes.seconds_after(now),
        review: (exam.review_opens.date().to_string(), exam.last_review_day().to_string()),
    }
}
/// What an exemption means to the person who has it.
fn exemption_text(lang: Lang, exemption: SkillsExemption) -> String {
    match (exemption.review_on_site, exemption.pass.year) {
        (true, year) => i18n::exemption_with_review(lang, year),
        (false, year) => {
            [i18n::exemption_without_review(lang, year).as_str(), i18n::exemption_wizard(lang)].join(lang.of("", " "))
        }
    }
}
pub(crate) fn categories_data(lang: Lang, rows: &[CategoryRow]) -> Vec<CategoryData> {
    let data = |row: &CategoryRow| CategoryData {
        code: row.code,
        name: lang.of(&row.name_zh, &row.name_en).to_owned(),
        confirmed: row.confirmed,
    };
    rows.iter().map(data).collect()
}

pub(crate) async fn exams(context: &RequestContext) -> Result<ExamsData, AppError> {
    let (registry, lang, now) = (context.registry(), context.lang, context.now());
    let sessions = registry.exam_sessions().await?;
    let (_, sites) = registry.areas().await?;
    let mut exams = Vec::new();
    for session in &sessions {
        let rows = registry.categories(session.id).await?;
        exams.push((exam_data(lang, session, now), categories_data(lang, &rows)));
    }
    let candidate = context.candidate()?;
    let mut own = candidate.applications().await?;
    own.retain(is_listed);
    let mut notes = Vec::new();
    for row in &own {
        let open = exams.iter().any(|(exam, _)| exam.id == row.session && exam.open);
        notes.push(card::notes(context, row, &own, open).await?);
    }
    let taken = taken(&own);
    let data = |(row, notes): (ApplicationRow, Vec<String>)| {
        let exam = exams.iter().find(|(exam, _)| exam.id == row.session);
        let category = exam.and_then(|(_, all)| all.iter().find(|c| c.code.to_string() == row.category));
        let labels = ApplicationLabels {
            category: category.map(|c| c.name.clone()).unwrap_or_default(),
            site: name_of_site(lang, &row, &sites),
        };
        application_data(row, exam.map(|(exam, _)| exam), labels, (&taken, notes))
    };
    Ok(ExamsData { applications: own.into_iter().zip(notes).map(data).collect(), exams })
}

/// Whether the lists show it: a draft that was discarded never was an application.
pub(super) fn is_listed(row: &ApplicationRow) -> bool {
    row.status != ApplicationStatus::Abandoned || row.serial.is_some()
}

/// The sessions in which there is an application, or a draft.
fn taken(own: &[ApplicationRow]) -> Vec<ExamSessionId> {
    own.iter().filter(|row| !row.status.is_ended()).map(|row| row.session).collect()
}

/// Names that an application holds the codes of.
struct ApplicationLabels {
    category: String,
    site: Option<String>,
}

fn name_of_site(lang: Lang, row: &ApplicationRow, sites: &[registry::Site]) -> Option<String> {
    sites.iter().find(|site| Some(&site.code) == row.site.as_ref()).map(|site| site_name(lang, site))
}

fn application_data(
    row: ApplicationRow,
    exam: Option<&ExamData>,
    labels: ApplicationLabels,
    (taken, notes): (&[ExamSessionId], Vec<String>),
) -> ApplicationData {
    let text = |moment: Moment| moment_text(moment.date(), moment.time());
    let open = exam.is_some_and(|exam| exam.open);
    ApplicationData {
        on_site: row.is_reviewed_on_site(),
        id: row.id,
        session: row.session,
        exam: exam.map(|exam| exam.name.clone()).unwrap_or_default(),
        category: labels.category,
        status: row.status,
        serial: row.serial,
        site: labels.site,
        submitted: row.submitted.map(text),
        updated: text(row.updated),
        closes: exam.map(|exam| exam.closes.clone()).unwrap_or_default(),
        review_until: exam.map(|exam| exam.review.1.clone()).unwrap_or_default(),
        left: exam.map(|exam| exam.left).unwrap_or_default(),
        open,
        may_begin: row.status == ApplicationStatus::Abandoned && open && !taken.contains(&row.session),
        withdrawal: row.status.withdrawal(open),
        notes,
    }
}

/// One application as a list shows it.
pub(super) async fn own_application(
    context: &RequestContext,
    view: &ApplicationView,
    own: &[ApplicationRow],
    sites: &[registry::Site],
) -> Result<ApplicationData, AppError> {
    let (lang, row) = (context.lang, view.row.clone());
    let exam = exam_data(lang, &view.exam, context.now());
    let notes = card::notes(context, &row, own, exam.open).await?;
    let category = view.categories.iter().find(|category| category.code.to_string() == row.category);
    let labels = ApplicationLabels {
        category: category.map(|c| lang.of(&c.name_zh, &c.name_en).to_owned()).unwrap_or_default(),
        site: name_of_site(lang, &row, sites),
    };
    Ok(application_data(row, Some(&exam), labels, (&taken(own), notes)))
}

/// An answer that was returned, and whether it was mended since; nothing of what is only to be brought again. The reason stands beside
/// the answer itself, not beside those that change with it.
fn returned_answer(
    lang: Lang,
    view: &ApplicationView,
    context: &ApplicationContext<'_>,
    one: &ItemFinding,
) -> Option<ReturnedAnswer> {
    let fields = one.item.editable_fields();
    let differs =
        |field: &Field| view.snapshot.as_ref().is_some_and(|before| view.draft.differs(*field, context, before));
    Some(ReturnedAnswer {
        field: *fields.first()?,
        label: item_name(lang, one.item).to_owned(),
        reason: why(lang, one),
        mended: fields.iter().any(differs),
    })
}

/// Where a site is and how it is reached, each with its label; [`AppError::NotFound`] for a code that no site has.
pub(crate) async fn site(context: &RequestContext, code: &str) -> Result<Vec<(String, String)>, AppError> {
    let (areas, sites) = context.registry().areas().await?;
    let site = sites.iter().find(|site| site.code == code).ok_or(AppError::NotFound)?;
    Ok(labelled_site_facts(context.lang, Some(site), &areas))
}

fn labelled_site_facts(lang: Lang, site: Option<&registry::Site>, areas: &[registry::Area]) -> Vec<(String, String)> {
    let area = site.and_then(|site| areas.iter().find(|area| area.code == site.area));
    site_facts(lang, site, area, "").into_iter().map(|(label, text)| (label.to_owned(), text)).collect()
}

/// What the wizard shows on a step. Areas, and categories that were not chosen, go only to the steps that offer them: they are most of
/// the bytes of a page.
pub(crate) async fn wizard(context: &RequestContext, id: ApplicationId, step: Step) -> Result<WizardData, AppError> {
    let view = context.candidate()?.application(id).await?;
    let lang = context.lang;
    let chosen = view.sites.iter().find(|site| site.code == view.draft.site.site);
    let site_facts = labelled_site_facts(lang, chosen, &view.areas);
    let area = |area: &registry::Area| AreaData {
        sites: view
            .sites
            .iter()
            .filter(|s| s.area == area.code && s.open)
            .map(|s| (s.code.clone(), site_name(lang, s)))
            .collect(),
        name: area_name(lang, area),
        code: area.code.clone(),
    };
    let found = match view.row.status {
        ApplicationStatus::Returned => context.candidate()?.history(id).await?.found,
        _ => Vec::new(),
    };
    let exam = exam_data(lang, &view.exam, context.now());
    let notice = match (view.row.status, view.replaces) {
        (ApplicationStatus::Returned, _) => i18n::application_returned_note(lang, exam.review.1.as_str()),
        (_, Some(_)) => i18n::withdrawal_wizard_note(lang, exam.closes.as_str()),
        _ => String::new(),
    };
    let exempt = view.exemption().map(|exemption| exemption_text(lang, exemption)).unwrap_or_default();
    let (open, category) = (view.open(), view.draft.chosen_category());
    let is_sent = |area: &registry::Area| match step {
        Step::Site => true,
        Step::Confirm => area.code == view.draft.site.area,
        _ => false,
    };
    let known = view.context(context.now(), &open);
    let returned = found
        .iter()
        .filter(|one| one.finding == Finding::Return)
        .filter_map(|one| returned_answer(lang, &view, &known, one))
        .collect();
    let journey = Journey::of(&view.draft, &known);
    Ok(WizardData {
        id,
        journey,
        exempt,
        exemptions: view.exemptions.clone(),
        trusts_verified: view.exam.trusts_verified,
        notice,
        replaces: view.replaces.is_some(),
        returned,
        editable_fields: view.editable_fields.clone(),
        version: view.row.version,
        status: view.row.status,
        rule_context: RuleContext { today: context.now().date(), rules: view.exam.rules.name.to_owned() },
        exam,
        reference_date: view.exam.reference_date,
        categories: categories_data(lang, &view.categories)
            .into_iter()
            .filter(|row| step == Step::Category || Some(row.code) == category)
            .collect(),
        open,
        areas: view.areas.iter().filter(|area| is_sent(area)).map(area).collect(),
        site_facts,
        employer_region: employer_region(context, &view.draft.work),
        draft: view.draft,
        identity: view.identity,
        entries: view.entries,
        photo: view.photo,
        photo_rule: view.photo_rule,
        history: view.history,
        names: notes(context, &context.candidate()?.name_requests().await?),
        help: help_of_step(lang, step),
    })
}

fn applied<T>(result: Result<T, SubmitError>, id: impl FnOnce(T) -> ApplicationId) -> Result<ApplyResult, AppError> {
    match result {
        Ok(done) => Ok(ApplyResult::Accepted(id(done))),
        Err(SubmitError::Problems(problems)) => Ok(ApplyResult::Rejected(problems)),
        Err(SubmitError::Registry(error)) => Err(error.into()),
    }
}

/// The draft of a session whose category is another one than what was chosen now. Its category is not changed unasked.
pub(super) async fn draft_of_another(
    context: &RequestContext,
    session: ExamSessionId,
    category: Category,
) -> Result<Option<ApplicationView>, AppError> {
    let candidate = context.candidate()?;
    let is_draft = |row: &&ApplicationRow| row.session == session && row.status == ApplicationStatus::Draft;
    let Some(draft) = candidate.applications().await?.iter().find(is_draft).map(|row| row.id) else { return Ok(None) };
    let view = candidate.application(draft).await?;
    let is_other = view.draft.chosen_category().is_some_and(|chosen| chosen != category);
    Ok((is_other && view.exam.is_open(context.now())).then_some(view))
}

/// Begins an application, or leads into the draft that there is already. [`AppError::Conflict`] if that is for another category,
/// as when another window began it: this window does not know what it would change.
pub(crate) async fn begin_for(
    context: &RequestContext,
    session: ExamSessionId,
    category: Category,
) -> Result<ApplyResult, AppError> {
    match draft_of_another(context, session, category).await? {
        Some(_) => Err(AppError::Conflict),
        None => begin_or_change(context, session, category).await,
    }
}

/// The same after the person was asked whether the category of a draft is to be changed.
pub(super) async fn begin_or_change(
    context: &RequestContext,
    session: ExamSessionId,
    category: Category,
) -> Result<ApplyResult, AppError> {
    applied(context.candidate()?.begin_application(session, category).await, |id| id)
}

pub(crate) async fn save_step_for(
    context: &RequestContext,
    id: ApplicationId,
    step: Step,
    mut fields: FormFields,
    version: i64,
    attempt: bool,
) -> Result<i64, AppError> {
    resolve_names(context, &mut fields);
    let saved = context.candidate()?.save_step(id, step, fields.into_iter().collect(), version, attempt).await?;
    Ok(saved.version)
}

pub(crate) async fn submit_for(
    context: &RequestContext,
    id: ApplicationId,
    version: i64,
) -> Result<ApplyResult, AppError> {
    applied(context.candidate()?.submit_application(id, version).await, |_| id)
}

/// Selects an entry just added in the wizard (S43), and says on which step that is.
pub(crate) async fn select_entry(
    context: &RequestContext,
    view: ApplicationView,
    kind: EntryKind,
    entry: EntryId,
) -> Result<Step, AppError> {
    let step = step_of_entries(kind);
    let id = view.row.id;
    let mut selection = view.draft.selection.clone();
    // The route that was chosen before stays: further education travels along (X41).
    if kind != EntryKind::Education || selection.ids(kind).is_empty() {
        selection.choose(kind, entry, true);
    }
    let fields = selection.pairs().into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect();
    // The entry is stored either way: where the selection met another window's, the candidate ticks it there.
    if let Err(error) = save_step_for(context, id, step, fields, view.row.version, false).await {
        tracing::warn!(%error, "an entry added in the wizard could not be selected");
    }
    Ok(step)
}
