//! What server functions and plain posts of accounts have in common.
use super::data::Registration;
use crate::{error::AppError, request::RequestContext, transport::FormFields};
use forms::{
    Draft, Field, Problem, Problems,
    account::{RegistrationDraft, SecurityDraft},
};
use registry::{LoginError, RegisterError, Token};

/// Registers an account (S2–S6).
pub(crate) async fn register(context: &RequestContext, fields: &FormFields) -> Result<Registration, AppError> {
    let draft = RegistrationDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
    let registration = match draft.check(&context.rule_context().context()) {
        Ok(registration) => registration,
        Err(problems) => return Ok(Registration::Rejected(problems, None)),
    };
    match context.registry().register_from(context.page_key(), registration).await {
        Ok(_) => Ok(Registration::Registered),
        Err(RegisterError::Registry(error)) => Err(error.into()),
        Err(error) => {
            let masked =
                if let RegisterError::PersonTaken { masked } = &error { Some((*masked).to_owned()) } else { None };
            Ok(Registration::Rejected(error.problem().into_iter().collect(), masked))
        }
    }
}

/// Changes the password, the recovery question, or both (S8). Answers the new session if the password changed, which ended
/// all others.
pub(crate) async fn change_security(
    context: &RequestContext,
    draft: &SecurityDraft,
) -> Result<Result<Option<Token>, Problems>, AppError> {
    let (candidate, rules) = (context.candidate()?, context.rule_context());
    let about = candidate.about();
    let personal = [about.username.as_str(), about.identity.document.number()];
    let change = match draft.check(&rules.context().rules.password, &personal) {
        Ok(change) => change,
        Err(problems) => return Ok(Err(problems)),
    };
    match candidate.secure(&change).await {
        Ok(token) => Ok(Ok(token)),
        Err(LoginError::Refused(code)) => Ok(Err(vec![Problem { field: Field::CurrentPassword, code: code.into() }])),
        Err(LoginError::Registry(error)) => Err(error.into()),
    }
}
