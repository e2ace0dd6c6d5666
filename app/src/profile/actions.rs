//! What server functions and plain posts of the profile have in common.
use super::data::{GroupData, ProfileData};
use crate::{
    components::{HelpLink, help::help_of_step},
    error::AppError,
    http::form::parse_query,
    lang::Lang,
    name_requests::resolve::{employer_region, notes, resolve_names},
    request::RequestContext,
    routes::ProfileGroup,
    transport::{BEGUN_PARAMETER, FormFields, RuleContext, SaveResult, Values},
};
use axum::http::Uri;
use forms::{
    Draft, Problems,
    ids::EntryId,
    profile::{BasicDraft, ContactDraft, EntryDraft, EntryKind, WorkDraft},
};
use registry::{Error, Group};

fn group_data<D: Draft>(group: &Group<D>) -> GroupData {
    GroupData {
        values: group.draft.pairs().into_iter().collect::<Values>(),
        version: group.version,
        valid: group.valid.is_some(),
        unsaved: group.valid.as_ref().is_some_and(|valid| valid.pairs() != group.draft.pairs()),
    }
}

/// The questions that are asked at a group: of the two that share a step with another one there are none.
fn help_of_group(lang: Lang, group: ProfileGroup) -> Vec<HelpLink> {
    match group {
        ProfileGroup::Contact | ProfileGroup::Training => Vec::new(),
        _ => help_of_step(lang, group.step()),
    }
}

/// The whole profile, with the questions that are asked at a group.
pub(crate) async fn load(context: &RequestContext, group: ProfileGroup) -> Result<ProfileData, AppError> {
    let candidate = context.candidate()?;
    let profile = candidate.profile().await?;
    let rules = candidate.context();
    Ok(ProfileData {
        rule_context: RuleContext { today: rules.today, rules: rules.rules.name.to_owned() },
        identity: profile.account.identity,
        photo: profile.account.photo,
        photo_rule: context.registry().photo_rule().await?,
        employer_region: employer_region(context, &profile.work.draft),
        basic: group_data(&profile.basic),
        contact: group_data(&profile.contact),
        work: group_data(&profile.work),
        entries: profile.entries,
        names: notes(context, &candidate.name_requests().await?),
        help: help_of_group(context.lang, group),
    })
}

/// Saves a group that is a single form; `submit` asks for it to be right.
pub(crate) async fn save_group(
    context: &RequestContext,
    group: ProfileGroup,
    mut fields: FormFields,
    version: i64,
    submit: bool,
) -> Result<SaveResult, AppError> {
    let candidate = context.candidate()?;
    resolve_names(context, &mut fields);
    let saved = match group {
        ProfileGroup::Basic => candidate.save_basic(BasicDraft::from_pairs(&fields), version, submit).await,
        ProfileGroup::Contact => candidate.save_contact(ContactDraft::from_pairs(&fields), version, submit).await,
        ProfileGroup::Work => candidate.save_work(WorkDraft::from_pairs(&fields), version, submit).await,
        ProfileGroup::Education | ProfileGroup::Training | ProfileGroup::Certificate => {
            return Err(AppError::NotFound);
        }
    };
    match saved {
        Ok(version) => Ok(SaveResult::Saved(version)),
        Err(Error::Problems(problems)) => Ok(SaveResult::Problems(problems)),
        Err(error) => Err(error.into()),
    }
}

/// Saves an entry, a new one without `id`; `submit` asks for it to be right. Gives the id and version under which it is stored, or why
/// it was refused.
pub(crate) async fn save_entry(
    context: &RequestContext,
    kind: EntryKind,
    id: Option<EntryId>,
    mut fields: FormFields,
    version: i64,
    submit: bool,
) -> Result<Result<(EntryId, i64), Problems>, AppError> {
    resolve_names(context, &mut fields);
    let draft = EntryDraft::from_pairs(kind, fields);
    match context.candidate()?.save_entry(id, draft, version, submit).await {
        Ok(saved) => Ok(Ok(saved)),
        Err(Error::Problems(problems)) => Ok(Err(problems)),
        Err(error) => Err(error.into()),
    }
}

/// The entry that a page without one began, if that page is reloaded: what was typed there is saved by then.
pub(crate) async fn begun_entry(
    context: &RequestContext,
    kind: EntryKind,
    uri: &Uri,
) -> Result<Option<EntryId>, AppError> {
    let begun = parse_query(uri).unwrap_or_default().take(BEGUN_PARAMETER);
    if begun.is_empty() {
        return Ok(None);
    }
    Ok(context.candidate()?.begun_entry(&begun, kind).await?)
}
