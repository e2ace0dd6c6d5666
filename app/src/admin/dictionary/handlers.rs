//! Answers of the offices to requests for names, by plain posts.
use super::page::{AnswerForm, dictionary_page};
use crate::{
    error::AppError,
    http::form::parse_query,
    i18n,
    request::{Reply, RequestContext, Route, boxed, endpoint_of},
    routes::{Endpoint, EndpointKind, Page, PageKind},
};
use axum::{extract::Request, http::header};
use forms::{
    Draft, Field, Problem,
    choice::{Choice, NameAnswer},
    ids::NameRequestId,
    name_requests::{AnswerDraft, EvidenceFormat},
    problem::NameRequestProblem,
};
use registry::NameRequestError;

/// The routes of this part.
pub(crate) const ROUTES: &[Route] = &[
    Route::page(PageKind::Dictionary, boxed!(show)),
    Route::form(PageKind::Dictionary, boxed!(submit_answer)),
    Route::get(EndpointKind::Evidence, boxed!(evidence)),
];

/// `GET`: the page before anything was answered, or after an answer with what it did.
async fn show(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let query = parse_query(request.uri()).unwrap_or_default();
    let count: usize = query.last_value("n").parse().unwrap_or_default();
    let lang = context.lang;
    let done = NameAnswer::parse(query.last_value("done")).ok().map(|answer| match answer {
        NameAnswer::Approve => i18n::dictionary_approved(lang, count),
        NameAnswer::Merge => i18n::dictionary_merged(lang, count),
        NameAnswer::Refuse => i18n::dictionary_refused(lang, count),
    });
    Ok(dictionary_page(&context, done, AnswerForm::default()).await?.into())
}

/// An answer to one request or to all that are ticked.
async fn submit_answer(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let form = context.read_form(request).await?;
    let requests = form.values("request").map(NameRequestId::parse).collect::<Option<Vec<_>>>();
    let requests = requests.ok_or(AppError::BadRequest)?;
    let draft = AnswerDraft::from_pairs(form.pairs());
    let nothing = |code: NameRequestProblem| vec![Problem { field: Field::NameAnswer, code: code.into() }];
    let problems = match draft.check() {
        _ if requests.is_empty() => nothing(NameRequestProblem::NothingChosen),
        Err(problems) => problems,
        Ok(answer) => match context.officer()?.answer_names(&requests, &answer).await {
            Ok(count) => {
                let done = NameAnswer::parse(&draft.name_answer).map_or("", Choice::code);
                let query = [("done", done.to_owned()), ("n", count.to_string())];
                return Ok(Reply::SeeOther(Page::Dictionary.with_query(&query)));
            }
            Err(NameRequestError::Overtaken | NameRequestError::Refused(_)) => nothing(NameRequestProblem::Overtaken),
            Err(NameRequestError::Registry(error)) => return Err(error.into()),
        },
    };
    // What was answered meanwhile has no form any more, so the problem is shown with the form below all names.
    let overtaken = problems.iter().any(|problem| problem.field == Field::NameAnswer);
    let batch = overtaken || !form.last_value("batch").is_empty();
    Ok(dictionary_page(&context, None, AnswerForm { requests, draft, problems, batch }).await?.into())
}

/// The file that came with a request.
async fn evidence(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Endpoint::Evidence(id) = endpoint_of(&request)? else { return Err(AppError::NotFound) };
    let (format, bytes) = context.officer()?.name_evidence(id).await?;
    // A file is saved and not opened in the site's own window: what it holds is whatever somebody sent. `nosniff` is on every
    // answer.
    let disposition = match format {
        EvidenceFormat::Jpeg => "attachment; filename=\"evidence.jpg\"",
        EvidenceFormat::Png => "attachment; filename=\"evidence.png\"",
        EvidenceFormat::Pdf => "attachment; filename=\"evidence.pdf\"",
    };
    let headers = [
        (header::CONTENT_TYPE, format.media_type()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok(Reply::response((headers, bytes)))
}
