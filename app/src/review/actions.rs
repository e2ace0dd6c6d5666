//! What server functions and plain posts of the review have in common.
use super::{
    data::{ControlErrors, EntryLine, FORM_CONTROL, QueueData, RecordData, RowData},
    lines::lines,
};
use crate::{
    applications::summary::{CodeLabels, category_name, correction, events, paper_change},
    error::AppError,
    i18n,
    profile::{entry_facts, entry_title},
    request::RequestContext,
    transport::{FormFields, RuleContext},
};
use forms::{
    Draft,
    application::Flag,
    category::Category,
    choice::Choice,
    ids::{ApplicationId, EntryId},
    materials::Material,
    profile::Entry,
    review::{
        CorrectionDraft, Finding, Item, ItemDraft, ItemFinding, PaperChangeDraft, ReviewAction, ReviewDraft,
        ReviewOutcome, checks,
    },
    status::ApplicationStatus,
};
use registry::{ActionRefused, Moment, ReviewError, Search};

/// How long something waits, in the largest unit that says something.
pub(crate) fn waiting_text(context: &RequestContext, since: Moment) -> String {
    let minutes = (context.now().0 - since.0).max(0) / 60_000_000;
    let lang = context.lang;
    match minutes {
        0..60 => i18n::review_waits_minutes(lang, minutes),
        60..2880 => i18n::review_waits_hours(lang, minutes / 60),
        _ => i18n::review_waits_days(lang, minutes / 1440),
    }
}

pub(crate) async fn queue(context: &RequestContext, asked: FormFields) -> Result<QueueData, AppError> {
    let officer = context.officer()?;
    let of = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
    let search = Search {
        status: ApplicationStatus::parse(of("status")).ok(),
        category: Category::parse(of("category")).ok(),
        flag: Flag::parse(of("flag")).ok(),
        find: of("find").to_owned(),
        after: ApplicationId::parse(of("after")),
        unclaimed: false,
    };
    let page = officer.queue(&search).await?;
    let (areas, sites) = context.registry().areas().await?;
    let labels = CodeLabels { lang: context.lang, areas: &areas, sites: &sites };
    let mut categories: Vec<(String, String)> = Vec::new();
    for session in context.registry().exam_sessions().await? {
        for row in context.registry().categories(session.id).await? {
            let code = row.code.to_string();
            if !categories.iter().any(|(known, _)| *known == code) {
                categories.push((code, context.lang.of(&row.name_zh, &row.name_en).to_owned()));
            }
        }
    }
    let row = |row: registry::QueueRow| RowData {
        id: row.id,
        serial: row.serial,
        name: row.name,
        category: categories
            .iter()
            .find(|(code, _)| *code == row.category)
            .map_or_else(|| row.category.clone(), |(_, name)| name.clone()),
        site: labels.site(&row.site),
        status: row.status,
        waiting_text: waiting_text(context, row.waiting_since),
        flags: row.flags,
        claim: row.claim.map(|claim| (claim.name, claim.mine)),
    };
    Ok(QueueData {
        office: labels.office(officer.role(), officer.scope()),
        rows: page.rows.into_iter().map(row).collect(),
        more: page.more,
        categories,
        asked,
        default_queue_status: officer.role().default_queue_status(),
        reviews: ReviewAction::Claim.is_open(officer.role(), officer.role().default_queue_status(), true),
    })
}

pub(crate) async fn record(context: &RequestContext, id: ApplicationId) -> Result<RecordData, AppError> {
    let (officer, lang) = (context.officer()?, context.lang);
    let record = officer.record(id).await?;
    let (view, history) = (record.view, record.history);
    let (areas, sites) = (view.areas.clone(), view.sites.clone());
    let labels = CodeLabels { lang, areas: &areas, sites: &sites };
    let a = view.snapshot.clone().ok_or(AppError::NotFound)?;
    let last_day = view.exam.last_review_day();
    let category = category_name(lang, &view.categories, a.category).unwrap_or_default();
    let used = a.entry_ids();
    let entry = |entry: forms::application::EntryView| {
        let draft = entry.complete.as_ref().map_or(entry.draft, Entry::to_draft);
        EntryLine {
            id: entry.id,
            title: entry_title(lang, &draft),
            facts: entry_facts(lang, &draft),
            verified: entry.verified,
        }
    };
    let status = view.row.status;
    // What was returned and came back is assessed anew; what was said about it before stands beside it.
    let draft = |found: &ItemFinding| {
        let mut draft = ItemDraft::from(found);
        if found.finding == Finding::Return && history.to_reassess.contains(&found.item) {
            draft.finding = String::new();
        }
        draft
    };
    Ok(RecordData {
        id,
        version: view.row.version,
        printed_version: history.printed_version,
        serial: view.row.serial.unwrap_or_default(),
        name: a.identity.name.to_string(),
        exam: format!("{} · {} {category}", lang.of(&view.exam.name_zh, &view.exam.name_en), a.category),
        status,
        on_site: a.is_reviewed_on_site(),
        role: officer.role(),
        waiting_text: waiting_text(context, record.waiting_since),
        claim: record.claim.map(|claim| (claim.name, claim.mine)),
        groups: lines(&labels, &view.categories, &a, record.before.as_ref()),
        entries: view.entries.into_iter().filter(|e| used.contains(&e.id)).map(entry).collect(),
        checks: checks(&a, last_day, view.exam.rules).into_iter().map(|check| (check.flag, check.right)).collect(),
        proofs: a
            .to_prove
            .iter()
            .filter_map(|proof| i18n::lookup(lang, &format!("proof.{}", proof.key())))
            .map(str::to_owned)
            .collect(),
        papers: Material::of(&a, last_day),
        verified: Material::verified(&a, last_day),
        paper_changes: a.paper_changes.iter().map(|change| paper_change(lang, change)).collect(),
        drafts: history.found.iter().map(draft).collect(),
        outstanding: history.found.iter().filter(|one| one.finding == Finding::Later).cloned().collect(),
        corrections: history.corrections.iter().map(|(at, row)| correction(&labels, *at, row)).collect(),
        events: events(&labels, &history.events),
        identity: CorrectionDraft::of(&a.identity).pairs().into_iter().collect(),
        rule_context: RuleContext { today: context.now().date(), rules: view.exam.rules.name.to_owned() },
    })
}

/// Performs the action that a form of the review asks for.
pub(crate) async fn perform_for(
    context: &RequestContext,
    id: ApplicationId,
    fields: &FormFields,
) -> Result<ControlErrors, AppError> {
    let officer = context.officer()?;
    let of = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let version: i64 = of("version").parse().unwrap_or_default();
    let yes = of("yes") == "yes";
    let done = match ReviewAction::parse(of("do")).map_err(|_| AppError::BadRequest)? {
        action @ (ReviewAction::Claim | ReviewAction::Release) => {
            officer.claim(id, action == ReviewAction::Claim).await
        }
        ReviewAction::Assess => {
            let outcome = ReviewOutcome::parse(of("outcome")).map_err(|_| AppError::BadRequest)?;
            let record = officer.record(id).await?;
            let last_day = record.view.exam.last_review_day();
            let items = record.view.snapshot.as_ref().map(|a| Item::of(a, last_day)).unwrap_or_default();
            let pairs: Vec<(&str, String)> = fields.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
            officer.assess(id, version, &ReviewDraft::from_pairs(&items, &pairs), outcome).await
        }
        ReviewAction::Correct => {
            let draft = CorrectionDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
            officer.correct(id, version, &draft).await
        }
        ReviewAction::ChangePaper => {
            let draft = PaperChangeDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
            officer.change_paper(id, version, &draft).await
        }
        ReviewAction::Verify => {
            let entry = EntryId::parse(of("entry")).ok_or(AppError::BadRequest)?;
            officer.verify(id, version, entry, yes).await
        }
        ReviewAction::Sign if !yes => {
            // The box says that the paper was seen with its signature; without it nothing is recorded.
            officer.record(id).await?;
            return Ok(vec![("yes".to_owned(), forms::problem::ChoiceProblem::MustAgree.into())]);
        }
        ReviewAction::Sign => officer.sign(id, version, of("printed_version").parse().unwrap_or_default()).await,
        ReviewAction::Settle => {
            let item = Item::parse(of("item")).ok_or(AppError::BadRequest)?;
            officer.settle(id, version, item, yes).await
        }
        ReviewAction::ApproveArea => officer.approve_area(id, version).await,
    };
    match done {
        Ok(()) => Ok(ControlErrors::new()),
        Err(ReviewError::Refused(ActionRefused::Items(problems))) => Ok(problems
            .into_iter()
            .map(|problem| (problem.item.map_or_else(|| FORM_CONTROL.to_owned(), Item::code), problem.code))
            .collect()),
        Err(ReviewError::Refused(ActionRefused::Fields(problems))) => {
            Ok(problems.into_iter().map(|problem| (problem.field.name().to_owned(), problem.code)).collect())
        }
        Err(ReviewError::Registry(error)) => Err(error.into()),
    }
}
