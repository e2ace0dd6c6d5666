//! Forms posted without script: success is a 303, failure the same page again with what was typed (422).
use super::{
    Visitor, cookies, page, see_other, server_function,
    uploads::{Upload, upload},
};
use crate::{
    account::api::{Registered, act as account},
    apply::api::{Applied, act as apply},
    desk::{DeskOutcome, api::act as desk},
    error::AppError,
    lang::Lang,
    naming::Origin,
    pairs::{Pairs, value},
    profile::api::act as profile,
    public, routes,
    wire::{Outcome, Posted, Save, Values},
};
use axum::{
    body::to_bytes,
    extract::Request,
    http::{HeaderMap, Method, StatusCode, Uri, header},
    response::Response,
};
use forms::{
    Draft, Field, Problem, Problems,
    account::{LoginDraft, SecurityDraft},
    category::Category,
    ids::{ApplicationId, EntryId, ExamSessionId},
    journey::Step,
    problem::AccountProblem,
    profile::EntryKind,
};
use leptos::prelude::provide_context;
use registry::{LoginError, Parked, Token};

/// The pairs of a posted form.
pub(super) async fn pairs(request: Request) -> Result<Pairs, AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(AppError::BadRequest);
    }
    let bytes = to_bytes(request.into_body(), super::FORM_LIMIT).await.map_err(|_| AppError::BadRequest)?;
    serde_urlencoded::from_bytes(&bytes).map_err(|_| AppError::BadRequest)
}

/// Repeated names are the boxes of one selection: their values are joined by spaces.
pub(super) fn posted(pairs: &[(String, String)]) -> Posted {
    let mut fields = Posted::new();
    for (name, value) in pairs {
        fields.entry(name.clone()).and_modify(|all| *all = format!("{all} {value}")).or_insert_with(|| value.clone());
    }
    fields
}
fn version(pairs: &[(String, String)]) -> i64 {
    value(pairs, "version").parse().unwrap_or_default()
}
pub(super) fn typed(fields: &Posted) -> Values {
    fields.iter().filter_map(|(name, value)| Some((Field::parse(name)?, value.clone()))).collect()
}
/// The parts of a path after the first.
fn part(uri: &Uri, index: usize) -> &str {
    uri.path().split('/').nth(index).unwrap_or_default()
}

/// A path of this site, or nothing: never another site, never an absolute address.
pub(super) fn safe_path(path: &str) -> Option<String> {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && !path.contains(['\\', '?', '#'])
        && path.bytes().all(|b| b.is_ascii_graphic());
    inside.then(|| path.to_owned())
}

/// Draws a page that wakes in the browser.
pub(super) async fn draw(visitor: Visitor, request: Request) -> Response {
    page(visitor, request.uri().clone(), None).await
}

async fn again(visitor: Visitor, uri: Uri, outcome: Outcome) -> Response {
    page(visitor, uri, Some(outcome)).await
}

/// Nobody is logged in where somebody must be. A page sends to the log-in; a form is parked first; an `/api` call says so.
pub(super) async fn signed_out(visitor: &Visitor, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") {
        // The server function itself says that nobody is there, in its own encoding.
        return server_function(visitor.clone(), request).await;
    }
    let target = if request.method() == Method::GET { path.clone() } else { path_to_return(&path) };
    let mut response = see_other(&format!("{}?next={target}", routes::LOGIN));
    // Passwords are kept for nobody.
    if request.method() == Method::POST
        && path != routes::SECURITY
        && let (Some(token), Ok(Upload { pairs, .. })) = (&visitor.token, upload(request, "", 0).await)
        && let Ok(Some(owner)) = visitor.registry().former_owner(token).await
        && let Ok(parked) = visitor.registry().park(owner, &Parked { path, pairs }).await
    {
        let secure = visitor.state.secure;
        cookies::set(response.headers_mut(), cookies::parked(secure), parked.expose(), Some(900), secure);
    }
    response
}

/// A name was missed in a form: what is typed is kept, right or wrong, and the way leads to where it can be asked for. Nothing where
/// it could not be kept, so that the form itself says why.
async fn missed(visitor: &Visitor, uri: &Uri, pairs: &[(String, String)]) -> Option<Response> {
    let field = value(pairs, "missing");
    if field.is_empty() {
        return None;
    }
    let kept = keep(visitor, uri.path(), pairs).await?;
    let application = uri.query().and_then(|query| query.strip_prefix("for=")).and_then(ApplicationId::parse);
    let origin = Origin::of(field, &kept, application)?;
    Some(see_other(&routes::names(origin.pairs())))
}

/// Where a person looks for what was posted to a path.
fn path_to_return(path: &str) -> String {
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "photos"] => routes::profile("basic"),
        ["", "applications", id, "discard"] => format!("/applications/{id}"),
        _ => path.to_owned(),
    }
}

pub(super) async fn login(visitor: Visitor, request: Request) -> Response {
    let device =
        cookies::read(request.headers(), cookies::device(visitor.state.secure)).and_then(|text| Token::parse(&text));
    let parked =
        cookies::read(request.headers(), cookies::parked(visitor.state.secure)).and_then(|text| Token::parse(&text));
    let pairs = match pairs(request).await {
        Ok(pairs) => pairs,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let next = safe_path(value(&pairs, "next"));
    let draft = LoginDraft::from_pairs(pairs.iter().map(|(k, v)| (k, v.clone())));
    let refused = match draft.check() {
        Err(problems) => problems,
        Ok((username, password)) => match visitor.registry().login(username, password, device.as_ref()).await {
            Ok(login) => {
                end_former(visitor.token.as_ref().map(|token| visitor.registry().logout(token))).await;
                let given_back = give_back(&visitor, &login.session, parked).await;
                let mut response = match (given_back, next, login.first) {
                    (Some(response), ..) => response,
                    (None, Some(path), _) => see_other(&path),
                    // The first log-in goes to personal information, later ones to the front page (S7).
                    (None, None, true) => see_other(&routes::profile("basic")),
                    (None, None, false) => see_other(routes::HOME),
                };
                let (headers, secure) = (response.headers_mut(), visitor.state.secure);
                cookies::set(headers, cookies::session(secure), login.session.expose(), None, secure);
                cookies::set(headers, cookies::device(secure), login.device.expose(), Some(365 * 86_400), secure);
                cookies::set(headers, cookies::parked(secure), "", Some(0), secure);
                return response;
            }
            Err(LoginError::Refused(code)) => vec![login_problem(code)],
            Err(LoginError::Registry(error)) => return public::trouble(&visitor, &super::trouble(error)),
        },
    };
    let mut response =
        public::login_page(&visitor, &public::CANDIDATES, &draft.username, next.as_deref(), false, &refused);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

/// Ends the session that a browser held before its log-in. What cannot be ended now ends by itself.
async fn end_former(ending: Option<impl Future<Output = Result<(), registry::Error>>>) {
    if let Some(ending) = ending
        && let Err(error) = ending.await
    {
        tracing::warn!(%error, "the session before a log-in could not be ended");
    }
}

/// Puts what was parked into the draft of the page it was posted to, and leads there. What has no draft is shown as it was typed.
async fn give_back(visitor: &Visitor, session: &Token, parked: Option<Token>) -> Option<Response> {
    let candidate = visitor.registry().candidate(session).await.ok()??;
    let parked = visitor.registry().unpark(candidate.account(), &parked?).await.ok()??;
    let visitor = Visitor { candidate: Some(candidate), ..visitor.clone() };
    if parked.path == routes::NAMES {
        return Some(super::naming::again(&visitor, &parked.pairs).await);
    }
    keep(&visitor, &parked.path, &parked.pairs).await.map(|place| see_other(&place))
}

/// Keeps what was typed into a page as its draft, right or wrong, and says where it can be seen.
pub(super) async fn keep(visitor: &Visitor, path: &str, pairs: &[(String, String)]) -> Option<String> {
    // A deletion carries no answers; taken for a draft it would blank the entry.
    if !value(pairs, "delete").is_empty() {
        return path.rsplit_once('/').map(|(group, _)| group.to_owned());
    }
    let (fields, version) = (posted(pairs), version(pairs));
    let saved = match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "profile", group] => profile::save_group(visitor, group, fields, version, false).await.is_ok(),
        ["", "profile", kind, entry] => {
            let kind = EntryKind::parse(kind)?;
            let kept = profile::save_entry(visitor, kind, EntryId::parse(entry), fields, version, false).await;
            return kept.ok()?.1.map(|id| routes::entry(kind, &id.to_string()));
        }
        ["", "applications", id, step] => match (ApplicationId::parse(id), Step::parse(step)) {
            (Some(id), Some(step)) => apply::save_step(visitor, id, step, fields, version, false).await.is_ok(),
            _ => false,
        },
        _ => false,
    };
    saved.then(|| path_to_return(path))
}

/// A new password or recovery question (S8).
pub(super) async fn security(visitor: Visitor, request: Request) -> Response {
    let pairs = match pairs(request).await {
        Ok(pairs) => pairs,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let draft = SecurityDraft::from_pairs(pairs.iter().map(|(k, v)| (k, v.clone())));
    let refused = match change_security(&visitor, &draft).await {
        Ok(Ok(token)) => {
            let done = if token.is_some() { "password" } else { "recovery" };
            let mut response = see_other(&format!("{}?done={done}", routes::SECURITY));
            let secure = visitor.state.secure;
            if let Some(token) = token {
                cookies::set(response.headers_mut(), cookies::session(secure), token.expose(), None, secure);
            }
            return response;
        }
        Ok(Err(problems)) => problems,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let mut response = public::security_page(&visitor, "", &draft.recovery_question, &refused);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}
async fn change_security(
    visitor: &Visitor,
    draft: &SecurityDraft,
) -> Result<Result<Option<Token>, Problems>, AppError> {
    let (candidate, basis) = (visitor.candidate()?, visitor.basis()?);
    let about = candidate.about();
    let personal = [about.username.as_str(), about.identity.document.number()];
    let change = match draft.check(&basis.context().rules.password, &personal) {
        Ok(change) => change,
        Err(problems) => return Ok(Err(problems)),
    };
    match candidate.secure(&change).await {
        Ok(token) => Ok(Ok(token)),
        Err(LoginError::Refused(code)) => Ok(Err(vec![Problem { field: Field::CurrentPassword, code: code.into() }])),
        Err(LoginError::Registry(error)) => Err(super::trouble(error)),
    }
}

pub(super) async fn logout(visitor: Visitor, _: Request) -> Response {
    if let Some(token) = &visitor.token
        && let Err(error) = visitor.registry().logout(token).await
    {
        return public::trouble(&visitor, &super::trouble(error));
    }
    let mut response = see_other(routes::HOME);
    let secure = visitor.state.secure;
    cookies::set(response.headers_mut(), cookies::session(secure), "", Some(0), secure);
    response
}

pub(super) async fn language(visitor: Visitor, request: Request) -> Response {
    let back = referring_path(request.headers()).unwrap_or_else(|| routes::HOME.to_owned());
    let pairs = pairs(request).await.unwrap_or_default();
    let mut response = see_other(&back);
    cookies::set(
        response.headers_mut(),
        Lang::COOKIE,
        Lang::parse(value(&pairs, "to")).code(),
        Some(365 * 86_400),
        visitor.state.secure,
    );
    response
}

/// The path of the page that a form was posted from.
fn referring_path(headers: &HeaderMap) -> Option<String> {
    let uri: Uri = headers.get(header::REFERER)?.to_str().ok()?.parse().ok()?;
    safe_path(uri.path())
}

pub(super) async fn register(visitor: Visitor, request: Request) -> Response {
    let uri = request.uri().clone();
    let fields = match pairs(request).await {
        Ok(pairs) => posted(&pairs),
        Err(error) => return public::trouble(&visitor, &error),
    };
    match account::register(&visitor, &fields).await {
        Ok(Registered::Yes) => see_other(&format!("{}?registered", routes::LOGIN)),
        Ok(Registered::No(problems, masked)) => {
            let mut values = typed(&fields);
            values.forget(&[Field::Password, Field::PasswordAgain, Field::RecoveryAnswer]);
            again(visitor, uri, Outcome { values, problems, masked, conflict: false }).await
        }
        Err(error) => public::trouble(&visitor, &error),
    }
}

pub(super) async fn group(visitor: Visitor, request: Request) -> Response {
    let uri = request.uri().clone();
    let group = part(&uri, 2).to_owned();
    let pairs = match pairs(request).await {
        Ok(pairs) => pairs,
        Err(error) => return public::trouble(&visitor, &error),
    };
    if let Some(response) = missed(&visitor, &uri, &pairs).await {
        return response;
    }
    let (fields, version) = (posted(&pairs), version(&pairs));
    let values = typed(&fields);
    match profile::save_group(&visitor, &group, fields.clone(), version, true).await {
        Ok(Save::Saved(_)) => see_other(&routes::profile(crate::profile::next_group(&group))),
        Ok(Save::Problems(problems)) => {
            // What was typed is kept in the books as well, wrong as it may be.
            let conflict =
                profile::save_group(&visitor, &group, fields, version, false).await == Err(AppError::Conflict);
            again(visitor, uri, Outcome { values, problems, conflict, masked: None }).await
        }
        Err(AppError::Conflict) => again(visitor, uri, Outcome { values, conflict: true, ..Outcome::default() }).await,
        Err(error) => public::trouble(&visitor, &error),
    }
}

pub(super) async fn entry(visitor: Visitor, request: Request) -> Response {
    let uri = request.uri().clone();
    let (Some(kind), entry) = (EntryKind::parse(part(&uri, 2)), part(&uri, 3).to_owned()) else {
        return public::trouble(&visitor, &AppError::NotFound);
    };
    let id = EntryId::parse(&entry);
    if id.is_none() && entry != "new" {
        return public::trouble(&visitor, &AppError::NotFound);
    }
    let pairs = match pairs(request).await {
        Ok(pairs) => pairs,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let (fields, version) = (posted(&pairs), version(&pairs));
    if let (Some(id), "yes") = (id, value(&pairs, "delete")) {
        let done = match visitor.candidate() {
            Ok(candidate) => candidate.delete_entry(id, version).await.map_err(super::trouble),
            Err(error) => Err(error),
        };
        return match done {
            Ok(()) | Err(AppError::Conflict) => see_other(&routes::profile(kind.code())),
            Err(error) => public::trouble(&visitor, &error),
        };
    }
    if let Some(response) = missed(&visitor, &uri, &pairs).await {
        return response;
    }
    let values = typed(&fields);
    match profile::save_entry(&visitor, kind, id, fields, version, true).await {
        Ok((Save::Saved(_), new)) => {
            let application = uri.query().and_then(|q| q.strip_prefix("for=")).and_then(ApplicationId::parse);
            match (application, new) {
                (Some(application), Some(new)) => see_other(&tick(&visitor, application, kind, new).await),
                _ => see_other(&routes::profile(kind.code())),
            }
        }
        Ok((Save::Problems(problems), _)) => {
            again(visitor, uri, Outcome { values, problems, ..Outcome::default() }).await
        }
        Err(AppError::Conflict) => again(visitor, uri, Outcome { values, conflict: true, ..Outcome::default() }).await,
        Err(error) => public::trouble(&visitor, &error),
    }
}

/// Ticks an entry just added on the way through the wizard (S43), and says where the way goes on.
async fn tick(visitor: &Visitor, application: ApplicationId, kind: EntryKind, entry: EntryId) -> String {
    let step = if kind == EntryKind::Certificate { Step::Certificate } else { Step::Education };
    let path = routes::step(application, step);
    let Ok(view) = apply::wizard(visitor, application).await else { return routes::profile(kind.code()) };
    let mut selection = view.draft.selection.clone();
    selection.choose(kind, entry, true);
    let fields = selection.pairs().into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect();
    if let Err(error) = apply::save_step(visitor, application, step, fields, view.version, false).await {
        tracing::warn!(%error, "an entry added in the wizard could not be ticked");
    }
    path
}

pub(super) async fn begin(visitor: Visitor, request: Request) -> Response {
    let uri = request.uri().clone();
    let pairs = match pairs(request).await {
        Ok(pairs) => pairs,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let (Some(session), Ok(category)) =
        (ExamSessionId::parse(value(&pairs, "session")), Category::parse(value(&pairs, "category")))
    else {
        return public::trouble(&visitor, &AppError::BadRequest);
    };
    match apply::begin(&visitor, session, category).await {
        Ok(Applied::Yes(id)) => see_other(&routes::step(id, Step::Category)),
        Ok(Applied::No(problems)) => {
            again(
                visitor,
                uri,
                Outcome { problems: problems.into_iter().map(|(_, p)| p).collect(), ..Outcome::default() },
            )
            .await
        }
        Err(error) => public::trouble(&visitor, &error),
    }
}

pub(super) async fn step(visitor: Visitor, request: Request) -> Response {
    let uri = request.uri().clone();
    let (Some(id), Some(step)) = (ApplicationId::parse(part(&uri, 2)), Step::parse(part(&uri, 3))) else {
        return public::trouble(&visitor, &AppError::NotFound);
    };
    let pairs = match pairs(request).await {
        Ok(pairs) => pairs,
        Err(error) => return public::trouble(&visitor, &error),
    };
    if let Some(response) = missed(&visitor, &uri, &pairs).await {
        return response;
    }
    let (fields, version) = (posted(&pairs), version(&pairs));
    let values = typed(&fields);
    let adds = EntryKind::parse(value(&pairs, "add"));
    let saved = match apply::save_step(&visitor, id, step, fields, version, adds.is_none()).await {
        Ok(saved) => saved,
        Err(AppError::Conflict) => {
            return again(visitor, uri, Outcome { values, conflict: true, ..Outcome::default() }).await;
        }
        Err(error) => return public::trouble(&visitor, &error),
    };
    if let Some(kind) = adds {
        return see_other(&routes::entry_for(kind, "new", id));
    }
    let data = match apply::wizard(&visitor, id).await {
        Ok(data) => data,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let problems = data.draft.problems(step, &data.context());
    if !problems.is_empty() {
        return again(visitor, uri, Outcome { values, problems, ..Outcome::default() }).await;
    }
    let returns = step != Step::Confirm && uri.query().is_some_and(|query| query.contains("from=confirm"));
    match if returns { Some(Step::Confirm) } else { step.next() } {
        Some(next) => see_other(&routes::step(id, next)),
        None => match apply::submit(&visitor, id, saved).await {
            Ok(Applied::Yes(id)) => see_other(&routes::application(id)),
            Ok(Applied::No(problems)) => {
                again(
                    visitor,
                    uri,
                    Outcome { values, problems: problems.into_iter().map(|(_, p)| p).collect(), ..Outcome::default() },
                )
                .await
            }
            Err(error) => public::trouble(&visitor, &error),
        },
    }
}

pub(super) async fn discard(visitor: Visitor, request: Request) -> Response {
    let done = match (ApplicationId::parse(part(request.uri(), 2)), visitor.candidate()) {
        (Some(id), Ok(candidate)) => candidate.discard(id).await.map_err(super::trouble),
        _ => Err(AppError::NotFound),
    };
    match done {
        Ok(()) => see_other(routes::EXAMS),
        Err(error) => public::trouble(&visitor, &error),
    }
}

/// Nobody of the staff is logged in where somebody must be.
pub(super) async fn staff_signed_out(visitor: &Visitor, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    if path.starts_with("/api/") {
        return server_function(visitor.clone(), request).await;
    }
    // What was posted is gone with the session; its page is where to go on.
    let next = if request.method() == Method::GET || path.contains("/review/") { path.as_str() } else { routes::DESK };
    see_other(&format!("{}?next={next}", routes::DESK_LOGIN))
}

pub(super) async fn staff_login(visitor: Visitor, request: Request) -> Response {
    let former =
        cookies::read(request.headers(), cookies::staff(visitor.state.secure)).and_then(|text| Token::parse(&text));
    let pairs = match pairs(request).await {
        Ok(pairs) => pairs,
        Err(error) => return public::trouble(&visitor, &error),
    };
    let next = safe_path(value(&pairs, "next")).filter(|path| path.starts_with(routes::DESK));
    let draft = LoginDraft::from_pairs(pairs.iter().map(|(k, v)| (k, v.clone())));
    let refused = match draft.check() {
        Err(problems) => problems,
        Ok((username, password)) => match visitor.registry().staff_login(username, password).await {
            Ok(token) => {
                end_former(former.as_ref().map(|token| visitor.registry().staff_logout(token))).await;
                let mut response = see_other(next.as_deref().unwrap_or(routes::DESK));
                let secure = visitor.state.secure;
                cookies::set(response.headers_mut(), cookies::staff(secure), token.expose(), None, secure);
                return response;
            }
            Err(LoginError::Refused(code)) => vec![login_problem(code)],
            Err(LoginError::Registry(error)) => return public::trouble(&visitor, &super::trouble(error)),
        },
    };
    let mut response = public::login_page(&visitor, &public::STAFF, &draft.username, next.as_deref(), false, &refused);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    response
}

/// Beside which field it stands that a log-in was refused.
fn login_problem(code: AccountProblem) -> Problem {
    let field = if code == AccountProblem::Throttled { Field::Username } else { Field::Password };
    Problem { field, code: code.into() }
}

pub(super) async fn staff_logout(visitor: Visitor, _: Request) -> Response {
    if let Some(token) = &visitor.token
        && let Err(error) = visitor.registry().staff_logout(token).await
    {
        return public::trouble(&visitor, &super::trouble(error));
    }
    let mut response = see_other(routes::DESK_LOGIN);
    let secure = visitor.state.secure;
    cookies::set(response.headers_mut(), cookies::staff(secure), "", Some(0), secure);
    response
}

/// The queue: takes the next record, or shows what was searched for. A name that is searched for is in no address.
pub(super) async fn desk(visitor: Visitor, request: Request) -> Response {
    let uri = request.uri().clone();
    let fields = match pairs(request).await {
        Ok(pairs) => posted(&pairs),
        Err(error) => return public::trouble(&visitor, &error),
    };
    if fields.contains_key("next") {
        let next = match visitor.officer() {
            Ok(officer) => officer.next().await.map_err(super::trouble),
            Err(error) => Err(error),
        };
        return match next {
            Ok(Some(id)) => see_other(&routes::review(id)),
            Ok(None) => see_other(routes::DESK),
            Err(error) => public::trouble(&visitor, &error),
        };
    }
    let outcome = DeskOutcome { fields, ..DeskOutcome::default() };
    super::page_with(visitor, uri, false, move || provide_context(outcome.clone())).await
}

/// A deed at the desk.
pub(super) async fn deed(visitor: Visitor, request: Request) -> Response {
    let uri = request.uri().clone();
    let Some(id) = ApplicationId::parse(part(&uri, 3)) else {
        return public::trouble(&visitor, &AppError::NotFound);
    };
    let fields = match pairs(request).await {
        Ok(pairs) => posted(&pairs),
        Err(error) => return public::trouble(&visitor, &error),
    };
    let outcome = match desk::deed(&visitor, id, &fields).await {
        Ok(wrong) if wrong.is_empty() => {
            return see_other(&format!("{}?done={}", routes::review(id), crate::desk::done_code(&fields)));
        }
        Ok(wrong) => DeskOutcome { fields, wrong, conflict: false },
        Err(AppError::Conflict) => DeskOutcome { fields, wrong: Vec::new(), conflict: true },
        Err(error) => return public::trouble(&visitor, &error),
    };
    super::page_with(visitor, uri, true, move || provide_context(outcome.clone())).await
}
