//! Applications by plain posts: begin, steps, submission, entries written on the way, withdrawal of a draft; and the plain pages
//! of an application.
use super::{
    actions::{self, exam_data},
    comparison,
    data::{ADDED_PARAMETER, ApplyResult, COPY_PARAMETER, DISCARDED_PARAMETER, SHOW_SITES, submitted},
    page, print, summary, withdrawal,
};
use crate::{
    components::Question,
    error::AppError,
    http::form::{FormData, to_values},
    i18n,
    lang::Lang,
    name_requests::{origin::redirect_to_names, resolve::resolve_names},
    profile::{
        actions::{EntrySaved, save_entry},
        handlers::begun_entry,
    },
    request::{Reply, RequestContext, Route, boxed, endpoint_of, page_of},
    routes::{Access, Endpoint, EndpointKind, Page, PageKind, change_answer},
    server_functions::server_function,
    transport::SubmissionResult,
};
use axum::extract::Request;
use forms::{
    application::EntryView,
    category::Category,
    ids::{ApplicationId, EntryId, ExamSessionId},
    journey::Step,
    profile::EntryKind,
    status::ApplicationStatus,
};
use registry::ApplicationView;

/// The routes of applications.
pub(crate) const ROUTES: &[Route] = &[
    Route::form(PageKind::Catalogue, boxed!(submit_catalogue)),
    Route::page(PageKind::Application, boxed!(page::application)),
    Route::page(PageKind::Withdraw, boxed!(withdrawal::show)),
    Route::form(PageKind::Withdraw, boxed!(withdrawal::submit_withdrawal)),
    Route::page(PageKind::Reapply, boxed!(withdrawal::show)),
    Route::form(PageKind::Reapply, boxed!(withdrawal::submit_reapplication)),
    Route::page(PageKind::Replace, boxed!(comparison::show)),
    Route::form(PageKind::Replace, boxed!(comparison::submit_replacement)),
    Route::page(PageKind::Slip, boxed!(print::notice::notice)),
    Route::page(PageKind::Form, boxed!(print::form::form)),
    Route::form(PageKind::Step, boxed!(submit_step)).saving(boxed!(save_step_draft, 3)),
    Route::page(PageKind::ApplicationEntry, boxed!(show_entry)),
    Route::form(PageKind::ApplicationEntry, boxed!(submit_entry)).saving(boxed!(save_entry_draft, 3)),
    Route::form(PageKind::SavedApplicationEntry, boxed!(submit_entry)).saving(boxed!(save_entry_draft, 3)),
    Route::post(EndpointKind::DiscardDraft, boxed!(discard)),
    server_function("/api/exams", Access::Candidate),
    server_function("/api/wizard", Access::Candidate),
    server_function("/api/site", Access::Candidate),
    server_function("/api/application-entry", Access::Candidate),
    server_function("/api/begin", Access::Candidate),
    server_function("/api/save-step", Access::Candidate),
    server_function("/api/submit", Access::Candidate),
];

/// The field that answers whether the category of a draft is to be changed.
const CHANGE: &str = "change";

/// Asks whether the category of a draft is to be changed.
fn ask_to_change(lang: Lang, draft: &ApplicationView, category: Category) -> Question {
    let name = |category| summary::category_name(lang, &draft.categories, category).unwrap_or_default();
    let old = draft.draft.chosen_category().map(name).unwrap_or_default();
    Question {
        title: i18n::question_category_title(lang),
        lines: vec![
            i18n::question_category_effect(lang, old, name(category)),
            i18n::question_category_kept(lang).to_owned(),
        ],
        post: Page::Catalogue.path(),
        pairs: vec![
            ("session", draft.row.session.to_string()),
            ("category", category.to_string()),
            (CHANGE, "yes".to_owned()),
        ],
        button: i18n::question_category(lang),
        back: (i18n::question_category_back(lang), Page::Application(draft.row.id).path()),
    }
}

async fn submit_catalogue(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let uri = request.uri().clone();
    let form = context.read_form(request).await?;
    let session = ExamSessionId::parse(form.last_value("session")).ok_or(AppError::BadRequest)?;
    let category = Category::parse(form.last_value("category")).map_err(|_| AppError::BadRequest)?;
    if form.last_value(CHANGE) != "yes"
        && let Some(draft) = actions::draft_of_another(&context, session, category).await?
    {
        return Ok(ask_to_change(context.lang, &draft, category).page(PageKind::Catalogue).into());
    }
    match actions::begin_or_change(&context, session, category).await? {
        ApplyResult::Accepted(id) => Ok(Reply::see(&Page::Step(id, Step::Category))),
        ApplyResult::Rejected(problems) => {
            let problems = problems.into_iter().map(|(_, problem)| problem).collect();
            Ok(Reply::with_errors(uri, SubmissionResult { problems, ..SubmissionResult::default() }))
        }
    }
}

/// Saves a step as it was typed.
async fn save_step_draft(context: RequestContext, page: Page, form: FormData) -> Result<Page, AppError> {
    let Page::Step(id, step) = page else { return Err(AppError::NotFound) };
    actions::save_step_for(&context, id, step, form.join_repeated(), form.version(), false).await?;
    Ok(page)
}

/// Saves a step and goes on to the next one, back to the last one, or, from the last one, submits the application.
async fn submit_step(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let (uri, page) = (request.uri().clone(), page_of(&request)?);
    let Page::Step(id, step) = page else { return Err(AppError::NotFound) };
    let form = context.read_form(request).await?;
    if let Some(reply) = redirect_to_names(&context, &page, &form).await {
        return Ok(reply);
    }
    let mut fields = form.join_repeated();
    // A listed name that was typed is shown as listed again, should something else be wrong.
    resolve_names(&context, &mut fields);
    let values = to_values(&fields);
    let adds = EntryKind::parse(form.last_value("add"));
    // Without script the sites of another area are shown by a button.
    let shows_sites = !form.last_value(SHOW_SITES).is_empty();
    let copies = EntryId::parse(form.last_value(COPY_PARAMETER));
    let attempt = adds.is_none() && copies.is_none() && !shows_sites;
    let saved = match actions::save_step_for(&context, id, step, fields, form.version(), attempt).await {
        Ok(version) => version,
        Err(AppError::Conflict) => return Ok(Reply::with_errors(uri, SubmissionResult::conflicting(values))),
        Err(error) => return Err(error),
    };
    if let Some(kind) = adds {
        return Ok(Reply::see(&Page::ApplicationEntry(id, kind)));
    }
    if let Some(entry) = copies {
        return copy_entry(&context, id, entry).await;
    }
    if shows_sites {
        return Ok(Reply::SeeOther(uri.to_string()));
    }
    let data = actions::wizard(&context, id, step).await?;
    let problems = data.draft.problems(step, &data.context());
    if !problems.is_empty() {
        return Ok(Reply::with_errors(uri, SubmissionResult::refused(values, problems)));
    }
    let returns = step != Step::Confirm && uri.query().is_some_and(|query| query.contains("from=confirm"));
    if let Some(next) = if returns { Some(Step::Confirm) } else { data.journey.after(step) } {
        return Ok(Reply::see(&Page::Step(id, next)));
    }
    if data.replaces {
        return Ok(Reply::see(&Page::Replace(id)));
    }
    match actions::submit_for(&context, id, saved).await? {
        ApplyResult::Accepted(id) => Ok(Reply::SeeOther(submitted(id))),
        ApplyResult::Rejected(problems) => {
            let problems = problems.into_iter().map(|(_, problem)| problem).collect();
            Ok(Reply::with_errors(uri, SubmissionResult::refused(values, problems)))
        }
    }
}

/// Leads to a copy of a locked entry, which is corrected there.
async fn copy_entry(context: &RequestContext, id: ApplicationId, entry: EntryId) -> Result<Reply, AppError> {
    let candidate = context.candidate()?;
    let copy = candidate.copy_entry(id, entry).await?;
    let view = candidate.application(id).await?;
    let kind = view.entries.iter().find(|own| own.id == copy).map(EntryView::kind).ok_or(AppError::NotFound)?;
    Ok(Reply::see(&Page::SavedApplicationEntry(id, kind, copy)))
}

/// The application, kind and entry of a page on which an entry is written for an application.
fn entry_of(page: &Page) -> Result<(ApplicationId, EntryKind, Option<EntryId>), AppError> {
    match page {
        Page::ApplicationEntry(id, kind) => Ok((*id, *kind, None)),
        Page::SavedApplicationEntry(id, kind, entry) => Ok((*id, *kind, Some(*entry))),
        _ => Err(AppError::NotFound),
    }
}

/// `GET`: the page of a new entry for an application, or of the one that was begun there.
async fn show_entry(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    if let Page::ApplicationEntry(id, kind) = page_of(&request)?
        && let Some(entry) = begun_entry(&context, kind, request.uri()).await?
    {
        return Ok(Reply::see(&Page::SavedApplicationEntry(id, kind, entry)));
    }
    Ok(Reply::hydrated(request.uri().clone()))
}

/// Saves an entry as it was typed.
async fn save_entry_draft(context: RequestContext, page: Page, form: FormData) -> Result<Page, AppError> {
    let (id, kind, entry) = entry_of(&page)?;
    match save_entry(&context, kind, entry, form.join_repeated(), form.version(), false).await? {
        EntrySaved::Saved { id: entry, .. } => Ok(Page::SavedApplicationEntry(id, kind, entry)),
        EntrySaved::Problems(_) => Err(AppError::BadRequest),
    }
}

/// Submits an entry that is written for an application, and selects it there (S43).
async fn submit_entry(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let (uri, page) = (request.uri().clone(), page_of(&request)?);
    let (id, kind, entry) = entry_of(&page)?;
    // Whose application it is decides before anything is written.
    let view = context.candidate()?.application(id).await?;
    let form = context.read_form(request).await?;
    if let Some(reply) = redirect_to_names(&context, &page, &form).await {
        return Ok(reply);
    }
    let mut fields = form.join_repeated();
    resolve_names(&context, &mut fields);
    let values = to_values(&fields);
    match save_entry(&context, kind, entry, fields, form.version(), true).await {
        Ok(EntrySaved::Saved { id: entry, .. }) => {
            // The route that was chosen before stays: that is said.
            let route = view.draft.selection.ids(kind);
            let stays = kind == EntryKind::Education && !route.is_empty() && !route.contains(&entry);
            let returned = view.row.status == ApplicationStatus::Returned;
            let step = actions::select_entry(&context, view, kind, entry).await?;
            // What was returned is mended one by one, each with the way back to the last step.
            if returned {
                return Ok(Reply::SeeOther(change_answer(id, step)));
            }
            let step = Page::Step(id, step);
            if stays {
                return Ok(Reply::SeeOther(step.with_query(&[(ADDED_PARAMETER, kind.code().to_owned())])));
            }
            Ok(Reply::see(&step))
        }
        Ok(EntrySaved::Problems(problems)) => Ok(Reply::with_errors(uri, SubmissionResult::refused(values, problems))),
        Err(AppError::Conflict) => Ok(Reply::with_errors(uri, SubmissionResult::conflicting(values))),
        Err(error) => Err(error),
    }
}

/// Discards a draft, after a page that asks.
async fn discard(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Endpoint::DiscardDraft(id) = endpoint_of(&request)? else { return Err(AppError::NotFound) };
    let form = context.read_form(request).await?;
    if form.last_value("sure") == "yes" {
        context.candidate()?.discard(id).await?;
        return Ok(Reply::SeeOther(Page::Exams.with_query(&[(DISCARDED_PARAMETER, String::new())])));
    }
    let (lang, view) = (context.lang, context.candidate()?.application(id).await?);
    if view.row.status != ApplicationStatus::Draft {
        return Err(AppError::NotFound);
    }
    let closes = exam_data(lang, &view.exam, context.now()).closes;
    let question = Question {
        title: i18n::question_discard_title(lang),
        lines: vec![i18n::question_discard_effect(lang, closes)],
        post: Endpoint::DiscardDraft(id).path(),
        pairs: vec![("sure", "yes".to_owned())],
        button: i18n::question_discard(lang),
        back: (i18n::question_discard_back(lang), Page::Application(id).path()),
    };
    Ok(question.page(PageKind::Step).into())
}
