//! Posts about names that the lists lack: a request with its file, the choice of what was meant, a request taken back; and the
//! answers of the offices.
use super::{
    Visitor, see_other,
    uploads::{Upload, upload},
};
use crate::{
    error::AppError,
    naming::Origin,
    pairs::value,
    public::{self, Answered, Naming},
    routes,
};
use axum::{extract::Request, http::StatusCode, response::Response};
use forms::{
    Draft, Field, Problem,
    choice::{Choice, NameAnswer},
    ids::{DictionaryId, NameRequestId},
    naming::{AnswerDraft, EVIDENCE_BYTES, NameRequestDraft, evidence},
    problem::NamingProblem,
};
use registry::NameRequestError;

/// A form of the page for names that are missing.
pub(super) async fn names(visitor: Visitor, request: Request) -> Response {
    let upload = match upload(request, Field::Evidence.name(), EVIDENCE_BYTES).await {
        Ok(upload) => upload,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let origin = Origin::parse(&upload.pairs);
    let done = match (value(&upload.pairs, "withdraw"), value(&upload.pairs, "use")) {
        ("", "") => return ask(visitor, origin, upload).await,
        ("", id) => choose(&visitor, origin.as_ref(), id).await,
        (id, _) => withdraw(&visitor, id).await,
    };
    match done {
        Ok(place) => see_other(&place),
        Err(error) => public::trouble(&visitor, &error),
    }
}

/// Where the person sees what became of it.
async fn withdraw(visitor: &Visitor, id: &str) -> Result<String, AppError> {
    let id = NameRequestId::parse(id).ok_or(AppError::NotFound)?;
    match visitor.candidate()?.withdraw_name(id).await {
        Ok(()) => Ok(routes::names([("done", "withdrawn".to_owned())])),
        // Somebody has answered it meanwhile, which its card says.
        Err(NameRequestError::Overtaken | NameRequestError::Refused(_)) => Ok(routes::NAMES.to_owned()),
        Err(NameRequestError::Registry(error)) => Err(super::trouble(error)),
    }
}

async fn choose(visitor: &Visitor, origin: Option<&Origin>, id: &str) -> Result<String, AppError> {
    let (origin, id) = (origin.ok_or(AppError::BadRequest)?, DictionaryId::parse(id).ok_or(AppError::NotFound)?);
    let known = visitor.registry().dictionary_entry(id).await.map_err(super::trouble)?;
    let (kind, entry) = known.filter(|(_, entry)| entry.active).ok_or(AppError::NotFound)?;
    if kind != origin.kind().into() {
        return Err(AppError::BadRequest);
    }
    origin.choose(visitor, &entry).await.map(|()| origin.path())
}

/// The form as it was typed before a session ended; its file has to be chosen again.
pub(super) async fn again(visitor: &Visitor, pairs: &[(String, String)]) -> Response {
    let draft = NameRequestDraft::from_pairs(pairs.iter().map(|(k, v)| (k, v.clone())));
    let origin = Origin::parse(pairs);
    public::names_page(visitor, Naming { origin, draft, file_again: true, ..Naming::default() }).await
}

async fn ask(visitor: Visitor, origin: Option<Origin>, upload: Upload) -> Response {
    let draft = NameRequestDraft::from_pairs(upload.pairs.iter().map(|(k, v)| (k, v.clone())));
    let wrong = |code: NamingProblem| Problem { field: Field::Evidence, code: code.into() };
    let file = match &upload.file {
        _ if upload.too_large => Err(wrong(NamingProblem::EvidenceTooLarge)),
        bytes if bytes.is_empty() => Ok(None),
        bytes => evidence(bytes).map(|format| Some((format, bytes.clone()))).map_err(wrong),
    };
    let sent_a_file = upload.too_large || !upload.file.is_empty();
    let (mut problems, checked) = match draft.check() {
        Ok(request) => (Vec::new(), Some(request)),
        Err(problems) => (problems, None),
    };
    // What may be meant instead is seen before a request is taken: a name that was not looked at yet comes back with the list.
    let looked = value(&upload.pairs, "looked") == draft.missing_name;
    let look_first = checked.is_some() && !looked && !public::near(&visitor, &draft).is_empty();
    problems.extend(file.as_ref().err().copied());
    if let (Some(request), Ok(file), true, false) = (checked, file, problems.is_empty(), look_first) {
        let asked = match visitor.candidate() {
            Ok(candidate) => candidate.ask_for_name(&request, file).await,
            Err(error) => return public::trouble(&visitor, &error),
        };
        match asked {
            Ok(_) => {
                let pairs = origin.map(|origin| origin.pairs()).unwrap_or_default();
                return see_other(&routes::names(pairs.into_iter().chain([("done", "asked".to_owned())])));
            }
            Err(NameRequestError::Refused(code)) => {
                problems.push(Problem { field: Field::MissingName, code: code.into() });
            }
            Err(NameRequestError::Overtaken) => return public::trouble(&visitor, &AppError::Conflict),
            Err(NameRequestError::Registry(error)) => return public::trouble(&visitor, &super::trouble(error)),
        }
    }
    let failed = !problems.is_empty();
    let naming = Naming { origin, draft, problems, file_again: sent_a_file, done: None };
    let mut response = public::names_page(&visitor, naming).await;
    if failed && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// An answer of an office.
pub(super) async fn answer(visitor: Visitor, request: Request) -> Response {
    let pairs = match super::posts::pairs(request).await {
        Ok(pairs) => pairs,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let chosen = pairs.iter().filter(|(name, _)| name == "request").map(|(_, id)| NameRequestId::parse(id));
    let Some(requests) = chosen.collect::<Option<Vec<_>>>() else {
        return public::trouble(&visitor, &AppError::BadRequest);
    };
    let draft = AnswerDraft::from_pairs(pairs.iter().map(|(k, v)| (k, v.clone())));
    let nothing = |code: NamingProblem| vec![Problem { field: Field::NameAnswer, code: code.into() }];
    let problems = match draft.check() {
        _ if requests.is_empty() => nothing(NamingProblem::NothingChosen),
        Err(problems) => problems,
        Ok(answer) => match visitor.officer() {
            Ok(officer) => match officer.answer_names(&requests, &answer).await {
                Ok(count) => {
                    let done = NameAnswer::parse(&draft.name_answer).map_or("", Choice::code);
                    return see_other(&format!("{}?done={done}&n={count}", routes::DESK_NAMES));
                }
                Err(NameRequestError::Overtaken | NameRequestError::Refused(_)) => nothing(NamingProblem::Overtaken),
                Err(NameRequestError::Registry(error)) => return public::trouble(&visitor, &super::trouble(error)),
            },
            Err(error) => return public::trouble(&visitor, &error),
        },
    };
    // What was answered meanwhile has no form any more, so what is wrong stands with the form below all names.
    let overtaken = problems.iter().any(|problem| problem.field == Field::NameAnswer);
    let batch = overtaken || !value(&pairs, "batch").is_empty();
    public::missing_page(&visitor, None, Answered { requests, draft, problems, batch }).await
}
