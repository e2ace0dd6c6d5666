//! Log-in and log-out of candidates and staff, registration, recovery and security by plain posts.
use super::{
    actions::{
        RecoveryResult, change_security, claim, claim_status, forget_registration, recover, register_for,
        save_registration, tell_username,
    },
    claim::{claim_page, claim_state_page, claimed_page},
    data::Registration,
    login::{LoginKind, LoginNote, login_page},
    recover::{recover_page, recovered_path},
    register::{AFRESH, SECRETS, registered_path},
    security::{END_OTHERS, END_SESSION, security_page},
    staff_password,
};
use crate::{
    components::Question,
    error::AppError,
    http::{
        cookies,
        form::{FormData, parse_query, read_form, safe_path, to_values},
        rate_limit::Peer,
        user_agent::client_of,
    },
    i18n,
    lang::Lang,
    request::{KEPT_PARAMETER, Reply, RequestContext, Route, boxed},
    routes::{Access, EndpointKind, Page, PageKind, ProfileGroup},
    server_functions::server_function,
    transport::{PAGE_FIELD, SubmissionResult},
};
use axum::extract::Request;
use forms::{
    Draft, Field, Problem, Problems,
    account::{LoginDraft, RecoveryDraft, SecurityDraft},
    identity_claim::{ClaimCodeDraft, IdentityClaimDraft},
    ids::LoginSessionId,
    problem::AccountProblem,
};
use registry::{LoginError, LoginSource, Token};

/// The routes of accounts.
pub(crate) const ROUTES: &[Route] = &[
    Route::page(PageKind::Login, boxed!(show_login)),
    Route::form(PageKind::Login, boxed!(submit_login)).rate_limited(),
    Route::post(EndpointKind::Logout, boxed!(logout)),
    Route::form(PageKind::Register, boxed!(submit_registration)).rate_limited().saving(boxed!(save_draft, 3)),
    Route::page(PageKind::Recover, boxed!(show_recover)),
    Route::form(PageKind::Recover, boxed!(submit_recovery)).rate_limited(),
    Route::page(PageKind::Claim, boxed!(show_claim)),
    Route::form(PageKind::Claim, boxed!(submit_claim)).rate_limited(),
    Route::page(PageKind::ClaimState, boxed!(show_claim_state)),
    Route::form(PageKind::ClaimState, boxed!(submit_claim_state)).rate_limited(),
    Route::page(PageKind::Security, boxed!(show_security)),
    Route::form(PageKind::Security, boxed!(submit_security)),
    Route::page(PageKind::StaffLogin, boxed!(show_staff_login)),
    Route::form(PageKind::StaffLogin, boxed!(submit_staff_login)).rate_limited(),
    Route::post(EndpointKind::StaffLogout, boxed!(staff_logout)),
    Route::page(PageKind::StaffPassword, boxed!(staff_password::show)),
    Route::form(PageKind::StaffPassword, boxed!(staff_password::submit)),
    server_function("/api/registration", Access::Public),
    server_function("/api/username-is-free", Access::RateLimited),
    server_function("/api/register", Access::RateLimited),
    server_function("/api/save-registration", Access::Public).body_limit(REGISTRATION_LIMIT),
];

/// The largest body of a draft of a registration, in bytes.
const REGISTRATION_LIMIT: usize = 16 * 1024;

/// How long a browser is known to have logged in before, in seconds.
const DEVICE_SECONDS: i64 = 365 * 86_400;

async fn show_login(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let query = parse_query(request.uri()).unwrap_or_default();
    let kind = LoginKind::Candidate(if query.values("registered").next().is_some() {
        LoginNote::Registered
    } else if query.values("recovered").next().is_some() {
        LoginNote::Recovered
    } else if context.is_kept(query.last_value(KEPT_PARAMETER)) {
        LoginNote::Kept
    } else {
        LoginNote::Needed
    });
    let prefills_username = matches!(kind, LoginKind::Candidate(LoginNote::Registered | LoginNote::Recovered));
    let registered = prefills_username.then_some(request.headers());
    let username = registered.and_then(|headers| cookies::read(headers, cookies::registered(context.state.secure)));
    let draft = LoginDraft {
        username: username
            .and_then(|sealed| context.registry().open_registered(&sealed))
            .map(|username| username.as_str().to_owned())
            .unwrap_or_default(),
        ..LoginDraft::default()
    };
    Ok(login_page(kind, draft, safe_path(query.last_value("next")), Vec::new()).into())
}

async fn show_staff_login(_: RequestContext, request: Request) -> Result<Reply, AppError> {
    let query = parse_query(request.uri()).unwrap_or_default();
    Ok(login_page(LoginKind::Staff, LoginDraft::default(), safe_path(query.last_value("next")), Vec::new()).into())
}

async fn submit_login(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let secure = context.state.secure;
    let source = login_source(&request, cookies::device(secure));
    let registered = cookies::read(request.headers(), cookies::registered(secure)).is_some();
    let form = read_form(request).await?;
    let next = safe_path(form.last_value("next"));
    let draft = LoginDraft::from_pairs(form.pairs());
    let problems = match draft.check() {
        Err(problems) => problems,
        Ok((username, password)) => match context.registry().login(username, password, Some(&source)).await {
            Ok(login) => {
                end_former(context.token().map(|token| context.registry().logout(token))).await;
                context.set_cookie(cookies::session(secure), login.session.expose(), None);
                context.set_cookie(cookies::device(secure), login.device.expose(), Some(DEVICE_SECONDS));
                if registered {
                    context.set_cookie(cookies::registered(secure), "", Some(0));
                }
                context.begin_session(login.session);
                return Ok(Reply::SeeOther(next.unwrap_or_else(|| {
                    // The first log-in goes to personal information, later ones to the front page (S7).
                    if login.first { Page::Profile(ProfileGroup::Basic).path() } else { Page::Home.path() }
                })));
            }
            Err(LoginError::Refused(code)) => vec![login_problem(code)],
            Err(LoginError::Registry(error)) => return Err(error.into()),
        },
    };
    Ok(login_page(LoginKind::Candidate(LoginNote::Needed), draft, next, problems).into())
}

fn token_in(request: &Request, cookie: &str) -> Option<Token> {
    cookies::read(request.headers(), cookie).and_then(|text| Token::parse(&text))
}

/// Where a log-in comes from.
fn login_source(request: &Request, device: &str) -> LoginSource {
    let address = request.extensions().get::<Peer>().map(|Peer(address)| *address);
    LoginSource { device: token_in(request, device), address, client: client_of(request.headers()) }
}

/// Ends the session that a browser held before its log-in. One that cannot be ended now expires by itself.
async fn end_former(ending: Option<impl Future<Output = Result<(), registry::Error>>>) {
    if let Some(ending) = ending
        && let Err(error) = ending.await
    {
        tracing::warn!(%error, "the session before a log-in could not be ended");
    }
}

/// The field beside which a refused log-in is explained.
fn login_problem(code: AccountProblem) -> Problem {
    let field = if code == AccountProblem::Throttled { Field::Username } else { Field::Password };
    Problem { field, code: code.into() }
}

async fn logout(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    if let Some(token) = context.token() {
        context.registry().logout(token).await?;
    }
    context.set_cookie(cookies::session(context.state.secure), "", Some(0));
    Ok(Reply::see(&Page::Home))
}

/// Keeps what was typed at registration.
async fn save_draft(context: RequestContext, page: Page, form: FormData) -> Result<Page, AppError> {
    save_registration(&context, &form.join_repeated()).await?;
    Ok(page)
}

/// Registers, or begins afresh: somebody else sat at this computer.
async fn submit_registration(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let uri = request.uri().clone();
    let mut form = read_form(request).await?;
    context.note_page(&form.take(PAGE_FIELD));
    match form.last_value(AFRESH) {
        "" => {}
        "yes" => {
            forget_registration(&context).await?;
            return Ok(Reply::see(&Page::Register));
        }
        _ => return Ok(ask_to_forget(context.lang).page(PageKind::Register).into()),
    }
    let fields = form.join_repeated();
    match register_for(&context, &fields).await? {
        Registration::Registered => Ok(Reply::SeeOther(registered_path())),
        Registration::Rejected(problems, masked) => {
            // What was typed comes back in the page in any case.
            if let Err(error) = save_registration(&context, &fields).await {
                tracing::warn!(%error, "a draft of a registration was not kept");
            }
            let mut values = to_values(&fields);
            values.forget(&SECRETS);
            Ok(Reply::with_errors(uri, SubmissionResult { values, problems, masked, conflict: false }))
        }
    }
}

/// Asks whether what this browser keeps of a registration is to be deleted.
fn ask_to_forget(lang: Lang) -> Question {
    Question {
        title: i18n::question_afresh_title(lang),
        lines: vec![i18n::question_afresh_effect(lang).to_owned()],
        post: Page::Register.path(),
        pairs: vec![(AFRESH, "yes".to_owned())],
        button: i18n::question_afresh(lang),
        back: (i18n::question_afresh_back(lang), Page::Register.path()),
    }
}

async fn show_recover(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    Ok(recover_page(&context, RecoveryDraft::default(), Vec::new(), None).into())
}

/// A new password for whoever knows the answer (S9). Whom the page was drawn for does not matter, since everything that
/// proves who somebody is stands in the form; which page it was makes a second try meet the answer of the first.
async fn submit_recovery(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let device = cookies::device(context.state.secure);
    let source = login_source(&request, device);
    let mut form = read_form(request).await?;
    context.note_page(&form.take(PAGE_FIELD));
    let draft = RecoveryDraft::from_pairs(form.pairs());
    Ok(match recover(&context, &source, &draft).await? {
        RecoveryResult::Done(recovered) => {
            context.set_cookie(device, recovered.device.expose(), Some(DEVICE_SECONDS));
            tell_username(&context, &recovered.username);
            Reply::SeeOther(recovered_path())
        }
        RecoveryResult::Rejected(problems) => recover_page(&context, draft, problems, None).into(),
        RecoveryResult::Refused(refusal) => recover_page(&context, draft, Vec::new(), Some(refusal)).into(),
    })
}

async fn show_claim(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    Ok(claim_page(&context, IdentityClaimDraft::default(), None).await?.into())
}

/// A claim of a document. The code must be in no address, so the answer to the post shows it; sent again it is the same one.
async fn submit_claim(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let source = login_source(&request, cookies::device(context.state.secure));
    let mut form = read_form(request).await?;
    context.note_page(&form.take(PAGE_FIELD));
    let draft = IdentityClaimDraft::from_pairs(form.pairs());
    Ok(match claim(&context, &source, &draft).await? {
        Ok((code, site)) => claimed_page(&context, &code, site).await?,
        Err(refusal) => claim_page(&context, draft, Some(refusal)).await?,
    }
    .into())
}

async fn show_claim_state(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    Ok(claim_state_page(&context, ClaimCodeDraft::default(), None, None).await?.into())
}

async fn submit_claim_state(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let source = login_source(&request, cookies::device(context.state.secure));
    let draft = ClaimCodeDraft::from_pairs(read_form(request).await?.pairs());
    Ok(match claim_status(&context, &source, &draft).await? {
        Ok(status) => claim_state_page(&context, draft, None, Some(status)).await?,
        Err(refusal) => claim_state_page(&context, draft, Some(refusal), None).await?,
    }
    .into())
}

async fn show_security(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let query = parse_query(request.uri()).unwrap_or_default();
    Ok(security_page(&context, query.last_value("done"), SecurityDraft::default(), Vec::new()).await?.into())
}

/// A new password or recovery question (S8), or the end of log-ins in other browsers.
async fn submit_security(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let secure = context.state.secure;
    let source = login_source(&request, cookies::device(secure));
    let form = context.read_form(request).await?;
    let done = |done: &str| Ok(Reply::SeeOther(Page::Security.with_query(&[("done", done.to_owned())])));
    if !form.last_value(END_OTHERS).is_empty() {
        let current = context.token().ok_or(AppError::SignedOut)?;
        context.candidate()?.end_other_sessions(current).await?;
        return done("others");
    }
    let session = form.last_value(END_SESSION);
    if !session.is_empty() {
        let session = LoginSessionId::parse(session).ok_or(AppError::NotFound)?;
        context.candidate()?.end_session(session).await?;
        return done("session");
    }
    let draft = SecurityDraft::from_pairs(form.pairs());
    match change_security(&context, &source, &draft).await? {
        Ok(Some(token)) => {
            context.set_cookie(cookies::session(secure), token.expose(), None);
            let both = !draft.recovery_question.trim().is_empty();
            done(if both { "both" } else { "password" })
        }
        Ok(None) => done("recovery"),
        Err(problems) => Ok(security_page(&context, "", draft, problems).await?.into()),
    }
}

async fn submit_staff_login(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let secure = context.state.secure;
    let former = token_in(&request, cookies::staff(secure));
    let source = login_source(&request, cookies::staff_device(secure));
    let form = read_form(request).await?;
    let staff_pages = Page::Queue.path();
    let next = safe_path(form.last_value("next")).filter(|path| path.starts_with(&staff_pages));
    let draft = LoginDraft::from_pairs(form.pairs());
    let problems: Problems = match draft.check() {
        Err(problems) => problems,
        Ok((username, password)) => match context.registry().staff_login(username, password, Some(&source)).await {
            Ok(login) => {
                end_former(former.as_ref().map(|token| context.registry().staff_logout(token))).await;
                context.set_cookie(cookies::staff(secure), login.session.expose(), None);
                context.set_cookie(cookies::staff_device(secure), login.device.expose(), Some(DEVICE_SECONDS));
                return Ok(Reply::SeeOther(next.unwrap_or(staff_pages)));
            }
            Err(LoginError::Refused(code)) => vec![login_problem(code)],
            Err(LoginError::Registry(error)) => return Err(error.into()),
        },
    };
    Ok(login_page(LoginKind::Staff, draft, next, problems).into())
}

async fn staff_logout(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    if let Some(token) = context.token() {
        context.registry().staff_logout(token).await?;
    }
    context.set_cookie(cookies::staff(context.state.secure), "", Some(0));
    Ok(Reply::see(&Page::StaffLogin))
}
