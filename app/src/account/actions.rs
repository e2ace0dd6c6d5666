//! What server functions and plain posts of accounts have in common.
use super::data::{Registration, RegistrationData};
use crate::{
    components::help::help_links,
    error::AppError,
    http::{cookies, rate_limit::Peer},
    request::RequestContext,
    transport::FormFields,
};
use forms::{
    Draft, Field, Problem, Problems,
    account::{RecoveryDraft, RegistrationDraft, SecurityDraft},
    identity_claim::{ClaimCode, ClaimCodeDraft, IdentityClaimDraft},
    problem::{AccountProblem, ChoiceProblem, ClaimProblem},
    value::Username,
};
use registry::{
    ClaimError, ClaimStatus, LoginError, LoginSource, REGISTERED_SECONDS, REGISTRATION_SECONDS, Recovered,
    RecoveryError, RegisterError, RegistrationDraftError, RegistrationSave, Site, Token,
};

/// Rules and date for the registration form, and what is kept for this browser.
pub(crate) async fn load_registration(context: &RequestContext) -> Result<RegistrationData, AppError> {
    let draft = match context.registration() {
        Some(token) => context.registry().registration_draft(token).await?,
        None => None,
    };
    let values = draft.map(|draft| draft.pairs().into_iter().collect());
    let help = help_links(context.lang, &["registered", "resident", "name"]);
    Ok(RegistrationData { rule_context: context.rule_context(), values, help })
}

/// Keeps what was typed at registration for this browser. Its cookie is set by the first save and not by looking at the page.
pub(crate) async fn save_registration(context: &RequestContext, fields: &FormFields) -> Result<(), AppError> {
    let page = context.page_key().ok_or(AppError::OtherAccount)?;
    let peer = context.peer();
    if peer.is_some_and(|peer| !context.state.draft_limiter.allow(peer)) {
        return Err(AppError::TooMany);
    }
    let draft = RegistrationDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
    let save = RegistrationSave { page, order: context.order(), address: peer.map(|Peer(address)| address) };
    match context.registry().save_registration(context.registration(), save, draft).await {
        Ok(token) => {
            if let Some(token) = token {
                let name = cookies::registration(context.state.secure);
                context.set_cookie(name, token.expose(), Some(REGISTRATION_SECONDS));
            }
            Ok(())
        }
        Err(RegistrationDraftError::TooLong) => Err(AppError::BadRequest),
        Err(RegistrationDraftError::TooMany) => Err(AppError::TooMany),
        Err(RegistrationDraftError::Registry(error)) => Err(error.into()),
    }
}

/// Deletes what is kept for this browser, and its cookie.
pub(crate) async fn forget_registration(context: &RequestContext) -> Result<(), AppError> {
    if let Some(page) = context.page_key() {
        let address = context.peer().map(|Peer(address)| address);
        let save = RegistrationSave { page, order: i64::MAX, address };
        context.registry().forget_registration(context.registration(), save).await?;
        context.set_cookie(cookies::registration(context.state.secure), "", Some(0));
    }
    Ok(())
}

/// Registers an account (S2–S6).
pub(crate) async fn register_for(context: &RequestContext, fields: &FormFields) -> Result<Registration, AppError> {
    let draft = RegistrationDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
    let registration = match draft.check(&context.rule_context().context()) {
        Ok(registration) => registration,
        Err(problems) => return Ok(Registration::Rejected(problems, None)),
    };
    let username = registration.username.clone();
    match context.registry().register_from(context.page_key(), registration).await {
        Ok(_) => {
            // The account is there; what is left behind expires.
            if let Err(error) = forget_registration(context).await {
                tracing::warn!(%error, "a draft of a registration was not deleted");
            }
            tell_username(context, &username);
            Ok(Registration::Registered)
        }
        Err(RegisterError::Registry(error)) => Err(error.into()),
        Err(error) => {
            let masked =
                if let RegisterError::PersonTaken { masked } = &error { Some((*masked).to_owned()) } else { None };
            Ok(Registration::Rejected(error.problem().into_iter().collect(), masked))
        }
    }
}

/// The log-in page that follows begins with the username, which stands in no address.
pub(crate) fn tell_username(context: &RequestContext, username: &Username) {
    let sealed = context.registry().seal_registered(username);
    context.set_cookie(cookies::registered(context.state.secure), &sealed, Some(REGISTERED_SECONDS));
}

/// Why a recovery was refused after its form was found right. Neither says which part of it is wrong, nor whether there is such an
/// account.
#[derive(Clone, Copy)]
pub(crate) enum RecoveryRefusal {
    Wrong,
    TooOften,
}

/// What came of a recovery.
pub(crate) enum RecoveryResult {
    /// The password is set.
    Done(Recovered),
    /// The form has problems, told beside its fields.
    Rejected(Problems),
    Refused(RecoveryRefusal),
}

/// Sets a new password for whoever knows name, document and answer (S9). What is wrong with the form itself is told first: it
/// depends on nobody's account.
pub(crate) async fn recover(
    context: &RequestContext,
    source: &LoginSource,
    draft: &RecoveryDraft,
) -> Result<RecoveryResult, AppError> {
    let recovery = match draft.check(&context.rule_context().rules().password) {
        Ok(recovery) => recovery,
        Err(problems) => return Ok(RecoveryResult::Rejected(problems)),
    };
    Ok(match context.registry().recover(context.page_key(), &recovery, Some(source)).await {
        Ok(recovered) => RecoveryResult::Done(recovered),
        Err(RecoveryError::Refused) => RecoveryResult::Refused(RecoveryRefusal::Wrong),
        Err(RecoveryError::Throttled) => RecoveryResult::Refused(RecoveryRefusal::TooOften),
        Err(RecoveryError::PasswordPersonal) => RecoveryResult::Rejected(vec![Problem {
            field: Field::Password,
            code: AccountProblem::PasswordPersonal.into(),
        }]),
        Err(RecoveryError::Registry(error)) => return Err(error.into()),
    })
}

/// Why a claim was not taken, or its state not told.
pub(crate) enum ClaimRefusal {
    Rejected(Problems),
    TooOften,
}
impl ClaimRefusal {
    fn of(error: ClaimError) -> Result<Self, AppError> {
        let problem = |field, code| Self::Rejected(vec![Problem { field, code }]);
        Ok(match error {
            ClaimError::NoSuchSite => problem(Field::Site, ChoiceProblem::Unknown.into()),
            ClaimError::NoSuchClaim => problem(Field::ClaimCode, ClaimProblem::Code.into()),
            ClaimError::Throttled => Self::TooOften,
            ClaimError::Registry(error) => return Err(error.into()),
        })
    }
}

/// Takes a claim that somebody else registered one's document (S12), and answers its code and its site.
pub(crate) async fn claim(
    context: &RequestContext,
    source: &LoginSource,
    draft: &IdentityClaimDraft,
) -> Result<Result<(ClaimCode, Site), ClaimRefusal>, AppError> {
    let claim = match draft.check() {
        Ok(claim) => claim,
        Err(problems) => return Ok(Err(ClaimRefusal::Rejected(problems))),
    };
    match context.registry().claim_identity(context.page_key(), &claim, source).await {
        Ok(taken) => Ok(Ok(taken)),
        Err(error) => ClaimRefusal::of(error).map(Err),
    }
}

/// Looks up how far a claim is. A code with a slip and one that nobody has are refused with the same words.
pub(crate) async fn claim_status(
    context: &RequestContext,
    source: &LoginSource,
    draft: &ClaimCodeDraft,
) -> Result<Result<ClaimStatus, ClaimRefusal>, AppError> {
    let code = match draft.check() {
        Ok(code) => code,
        Err(problems) => return Ok(Err(ClaimRefusal::Rejected(problems))),
    };
    match context.registry().claim_status(&code, source).await {
        Ok(status) => Ok(Ok(status)),
        Err(error) => ClaimRefusal::of(error).map(Err),
    }
}

/// Changes the password, the recovery question, or both (S8). Answers the new session if the password changed, which ended
/// all others.
pub(crate) async fn change_security(
    context: &RequestContext,
    source: &LoginSource,
    draft: &SecurityDraft,
) -> Result<Result<Option<Token>, Problems>, AppError> {
    let (candidate, rules) = (context.candidate()?, context.rule_context());
    let about = candidate.about();
    let personal = [about.username.as_str(), about.identity.document.number()];
    let change = match draft.check(&rules.context().rules.password, &personal) {
        Ok(change) => change,
        Err(problems) => return Ok(Err(problems)),
    };
    match candidate.secure(&change, Some(source)).await {
        Ok(token) => Ok(Ok(token)),
        Err(LoginError::Refused(code)) => Ok(Err(vec![Problem { field: Field::CurrentPassword, code: code.into() }])),
        Err(LoginError::Registry(error)) => Err(error.into()),
    }
}
