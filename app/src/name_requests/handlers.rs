//! Requests for names by plain posts: a request with its file, the selection of what was meant, a request withdrawn.
use super::{
    lookup,
    origin::{Origin, choose},
    page::{KEPT_FILE, RequestForm, name_requests_page, similar},
};
use crate::{
    error::AppError,
    http::{
        form::{FormData, parse_query},
        multipart::{UPLOAD_LIMIT, Upload},
        rate_limit::Peer,
    },
    request::{Reply, RequestContext, Route, boxed},
    routes::{Access, Page, PageKind},
};
use axum::{extract::Request, http::Method};
use forms::{
    Draft, Field, Problem,
    ids::{KeptFileId, NameRequestId},
    name_requests::{EVIDENCE_BYTES, EvidenceFormat, NameRequestDraft, evidence},
    problem::NameRequestProblem,
};
use registry::NameRequestError;

/// The routes of requests for names, and of looking names up.
pub(crate) const ROUTES: &[Route] = &[
    Route::page(PageKind::NameRequests, boxed!(show)),
    Route::form(PageKind::NameRequests, boxed!(submit_request))
        .body_limit(UPLOAD_LIMIT)
        .showing_again(|context, form| Box::pin(show_again(context, form))),
    Route::new(Method::GET, "/api/dictionary/{kind}", Access::Static, boxed!(lookup::names)),
    Route::new(Method::GET, "/api/dictionary/{kind}/all", Access::Static, boxed!(lookup::full_list)),
];

/// `GET`: the page before anything was submitted, with what was typed where the name was missed.
async fn show(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let query = parse_query(request.uri()).unwrap_or_default();
    let origin = Origin::parse(&query);
    let done = ["asked", "withdrawn"].into_iter().find(|done| *done == query.last_value("done"));
    // What was asked for a moment ago is not asked for again.
    let draft = match &origin {
        Some(origin) if done.is_none() => origin.typed(&context).await?,
        _ => NameRequestDraft::default(),
    };
    Ok(name_requests_page(&context, RequestForm { origin, draft, done, ..RequestForm::default() }).await?.into())
}

async fn submit_request(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let peer = request.extensions().get::<Peer>().copied();
    let upload = context.read_upload(request, Field::Evidence.name(), EVIDENCE_BYTES).await?;
    if !upload.file.is_empty() && peer.is_some_and(|peer| !context.state.upload_limiter.allow(peer)) {
        return Err(AppError::TooMany);
    }
    let origin = Origin::parse(&upload.form);
    match (upload.form.last_value("withdraw"), upload.form.last_value("use")) {
        ("", "") => ask(&context, origin, upload).await,
        ("", id) => choose(&context, origin.as_ref(), id).await,
        (id, _) => withdraw(&context, id).await,
    }
}

async fn withdraw(context: &RequestContext, id: &str) -> Result<Reply, AppError> {
    let id = NameRequestId::parse(id).ok_or(AppError::NotFound)?;
    match context.candidate()?.withdraw_name(id).await {
        Ok(()) => Ok(Reply::SeeOther(Page::NameRequests.with_query(&[("done", "withdrawn".to_owned())]))),
        // Somebody has answered it meanwhile, which its card says.
        Err(NameRequestError::Overtaken | NameRequestError::Refused(_)) => Ok(Reply::see(&Page::NameRequests)),
        Err(NameRequestError::Registry(error)) => Err(error.into()),
    }
}

/// The form as it was typed before a session ended; its file has to be chosen again.
async fn show_again(context: RequestContext, form: FormData) -> Result<Reply, AppError> {
    let draft = NameRequestDraft::from_pairs(form.pairs());
    let origin = Origin::parse(&form);
    let form = RequestForm { origin, draft, file_again: true, ..RequestForm::default() };
    Ok(name_requests_page(&context, form).await?.into())
}

type EvidenceFile = (EvidenceFormat, Vec<u8>);

/// The file of a request, checked by its bytes; `None` where there is none.
fn evidence_of(upload: &Upload) -> Result<Option<EvidenceFile>, NameRequestProblem> {
    match &upload.file {
        _ if upload.too_large => Err(NameRequestProblem::EvidenceTooLarge),
        bytes if bytes.is_empty() => Ok(None),
        bytes => evidence(bytes).map(|format| Some((format, bytes.clone()))),
    }
}

/// The file that goes with a form that is shown again: the one that came with it, or the one that is kept already.
async fn kept_file(
    context: &RequestContext,
    file: Option<EvidenceFile>,
    earlier: Option<KeptFileId>,
) -> Result<Option<KeptFileId>, AppError> {
    let candidate = context.candidate()?;
    match (file, earlier) {
        (Some((_, bytes)), _) => Ok(Some(candidate.keep_evidence(&bytes).await?)),
        (None, Some(id)) if candidate.keeps_evidence(id).await? => Ok(Some(id)),
        _ => Ok(None),
    }
}

async fn ask(context: &RequestContext, origin: Option<Origin>, upload: Upload) -> Result<Reply, AppError> {
    let draft = NameRequestDraft::from_pairs(upload.form.pairs());
    let wrong = |field: Field, code: NameRequestProblem| Problem { field, code: code.into() };
    let mut earlier = KeptFileId::parse(upload.form.last_value(KEPT_FILE));
    let (mut problems, checked) = match draft.check() {
        Ok(request) => (Vec::new(), Some(request)),
        Err(problems) => (problems, None),
    };
    let file = match evidence_of(&upload) {
        Ok(file) => file,
        Err(code) => {
            problems.push(wrong(Field::Evidence, code));
            // It was to take the place of the earlier one.
            earlier = None;
            None
        }
    };
    let file_again = file.is_none() && (upload.too_large || !upload.file.is_empty());
    // What may be meant instead is seen before a request is taken: a name not compared yet comes back with the list.
    let compared = upload.form.last_value("looked") == draft.missing_name;
    let compare_first = checked.is_some() && !compared && !similar(context, &draft).is_empty();
    if let (Some(request), true, false) = (checked, problems.is_empty(), compare_first) {
        let candidate = context.candidate()?;
        let asked = match (&file, earlier) {
            (None, Some(kept)) => candidate.ask_with_kept_evidence(&request, kept).await,
            _ => candidate.ask_for_name(&request, file.clone()).await,
        };
        match asked {
            Ok(_) => {
                let mut pairs = origin.map(|origin| origin.pairs()).unwrap_or_default();
                pairs.push(("done", "asked".to_owned()));
                return Ok(Reply::SeeOther(Page::NameRequests.with_query(&pairs)));
            }
            Err(NameRequestError::Refused(code @ NameRequestProblem::EvidenceGone)) => {
                problems.push(wrong(Field::Evidence, code));
            }
            Err(NameRequestError::Refused(code)) => problems.push(wrong(Field::MissingName, code)),
            Err(NameRequestError::Overtaken) => return Err(AppError::Conflict),
            Err(NameRequestError::Registry(error)) => return Err(error.into()),
        }
    }
    let kept = kept_file(context, file, earlier).await?;
    let file_again = file_again || (earlier.is_some() && kept.is_none());
    let form = RequestForm { origin, draft, problems, file_again, kept, done: None };
    Ok(name_requests_page(context, form).await?.into())
}
