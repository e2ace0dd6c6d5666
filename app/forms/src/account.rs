//! Registration, log-in and what recovers a password.
use crate::{
    Context, Draft, Field, Problems,
    choice::{Choice, DocumentType, EthnicGroup, Sex},
    draft::{Checker, draft},
    problem::{AccountProblem, BirthProblem, ChoiceProblem, DocumentProblem},
    rule_set::{PasswordRule, RULES_2022},
    value::{Date, IdentityDocument, NameScript, Password, PersonName, RecoveryAnswer, RecoveryQuestion, Username},
};
use serde::{Deserialize, Serialize};

draft! {
    /// Registration half filled in (S4). Secrets are cleared by [`RegistrationDraft::without_secrets`] before it is shown again.
    RegistrationDraft {
        username: Username, password: Password, password_again: PasswordAgain,
        document_type: DocumentType, document_number: DocumentNumber, document_confirmed: DocumentConfirmed, name: Name,
        sex: Sex, birth_date: BirthDate, ethnic_group: EthnicGroup,
        recovery_question: RecoveryQuestion, recovery_answer: RecoveryAnswer,
    }
}

/// Who somebody is: fixed at registration, corrected by staff only (S15).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Name.
    pub name: PersonName,
    /// Document.
    pub document: IdentityDocument,
    /// Sex.
    pub sex: Sex,
    /// Day of birth.
    pub birth_date: Date,
    /// Ethnic group.
    pub ethnic_group: EthnicGroup,
}

/// A registration that may be stored, unless username or person are there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registration {
    /// Username.
    pub username: Username,
    /// Who it is.
    pub identity: Identity,
    /// Password.
    pub password: Password,
    /// Recovery question.
    pub question: RecoveryQuestion,
    /// Recovery answer.
    pub answer: RecoveryAnswer,
}

impl RegistrationDraft {
    /// The draft without anything that must never be echoed.
    pub fn without_secrets(mut self) -> Self {
        for field in [Field::Password, Field::PasswordAgain, Field::RecoveryAnswer] {
            self.set(field, String::new());
        }
        self
    }
    /// The draft without sex and birth date where the document states them (S63, S64): what was typed before the type of document
    /// was changed is not asked any more.
    fn without_stated(&self) -> Self {
        let mut draft = self.clone();
        if DocumentType::parse(&self.document_type) == Ok(DocumentType::ResidentId) {
            draft.sex.clear();
            draft.birth_date.clear();
        }
        draft
    }
    /// Checks the whole form.
    pub fn check(&self, context: &Context<'_>) -> Result<Registration, Problems> {
        let draft = self.without_stated();
        let mut form = Checker::new(&draft);
        let username = form.required(Field::Username, Username::parse);
        let identity = check_identity(&mut form, context);
        let personal = [self.username.trim(), self.document_number.trim()];
        let password = check_password(&mut form, &context.rules.password, &personal);
        let recovery = check_recovery(&mut form);
        let complete = (|| {
            let (question, answer) = recovery?;
            Some(Registration { username: username?, identity: identity?, password: password?, question, answer })
        })();
        form.finish(complete)
    }
}

/// Checks a new password and its second entry.
fn check_password<D: Draft>(form: &mut Checker<'_, D>, rule: &PasswordRule, personal: &[&str]) -> Option<Password> {
    let typed = form.draft.get(Field::Password);
    let password = form.required(Field::Password, |raw| Password::parse(rule, raw, personal));
    let again = form
        .required(Field::PasswordAgain, |raw| if raw == typed { Ok(()) } else { Err(AccountProblem::PasswordsDiffer) });
    again.and(password)
}

/// Checks the question and the answer with which a password is recovered (S6).
fn check_recovery<D: Draft>(form: &mut Checker<'_, D>) -> Option<(RecoveryQuestion, RecoveryAnswer)> {
    let asked = form.draft.get(Field::RecoveryQuestion);
    let question = form.required(Field::RecoveryQuestion, RecoveryQuestion::parse);
    let answer = form.required(Field::RecoveryAnswer, |raw| {
        let answer = RecoveryAnswer::parse(raw)?;
        if RecoveryAnswer::parse(asked).is_ok_and(|q| q == answer) {
            Err(AccountProblem::AnswerIsQuestion.into())
        } else {
            Ok::<_, crate::Code>(answer)
        }
    });
    question.zip(answer)
}

draft! {
    /// What an account is kept safe by, to be changed (S8). What is left blank stays as it is.
    SecurityDraft {
        current_password: CurrentPassword, password: Password, password_again: PasswordAgain,
        recovery_question: RecoveryQuestion, recovery_answer: RecoveryAnswer,
    }
}

/// A change of what keeps an account safe. Whether the current password is right only the registry can tell.
#[derive(Clone, PartialEq, Eq)]
pub struct SecurityChange {
    /// The password as it is said to be now.
    pub current: String,
    /// The new password.
    pub password: Option<Password>,
    /// The new question and its answer.
    pub recovery: Option<(RecoveryQuestion, RecoveryAnswer)>,
}

impl SecurityDraft {
    /// Checks the form; `personal` are texts that a password must not contain (username, document number).
    pub fn check(&self, rule: &PasswordRule, personal: &[&str]) -> Result<SecurityChange, Problems> {
        let mut form = Checker::new(self);
        let begun = |fields: &[Field]| fields.iter().any(|field| !crate::text::is_blank(self.get(*field)));
        let new_password = begun(&[Field::Password, Field::PasswordAgain]);
        let new_recovery = begun(&[Field::RecoveryQuestion, Field::RecoveryAnswer]);
        form.required(Field::CurrentPassword, |_| Ok::<_, AccountProblem>(()));
        let password = if new_password { check_password(&mut form, rule, personal) } else { None };
        if password.as_ref().is_some_and(|password| password.expose() == self.current_password) {
            form.fail(Field::Password, AccountProblem::PasswordSame);
        }
        let recovery = if new_recovery { check_recovery(&mut form) } else { None };
        if !new_password && !new_recovery {
            form.fail(Field::Password, AccountProblem::NothingToChange);
        }
        form.finish(Some(SecurityChange { current: self.current_password.clone(), password, recovery }))
    }
}

draft! {
    /// The own password of somebody of the staff, to be changed.
    PasswordDraft { current_password: CurrentPassword, password: Password, password_again: PasswordAgain }
}

/// A new password. Whether the current one is right only the registry can tell.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordChange {
    /// The password as it is said to be now.
    pub current: String,
    /// The new password.
    pub password: Password,
}

/// What a password of the staff must be: the newer table (8–20), since they see other people's data.
pub const fn staff_password_rule() -> &'static PasswordRule {
    &RULES_2022.password
}

impl PasswordDraft {
    /// Checks the form; the password must not contain the username.
    pub fn check(&self, username: &str) -> Result<PasswordChange, Problems> {
        let mut form = Checker::new(self);
        form.required(Field::CurrentPassword, |_| Ok::<_, AccountProblem>(()));
        let password = check_password(&mut form, staff_password_rule(), &[username]);
        if password.as_ref().is_some_and(|password| password.expose() == self.current_password) {
            form.fail(Field::Password, AccountProblem::PasswordSame);
        }
        let change = password.map(|password| PasswordChange { current: self.current_password.clone(), password });
        form.finish(change)
    }
}

/// Checks by which document and under which name somebody is known. `accepted` are the types of documents that may be chosen;
/// `read` reads a number of a type.
pub(crate) fn check_person<D: Draft>(
    form: &mut Checker<'_, D>,
    accepted: &[DocumentType],
    read: impl FnOnce(DocumentType, &str) -> Result<IdentityDocument, crate::Code>,
) -> (Option<DocumentType>, Option<PersonName>, Option<IdentityDocument>) {
    let kind = form.required(Field::DocumentType, |code| match DocumentType::parse(code) {
        Ok(kind) if accepted.contains(&kind) => Ok(kind),
        Ok(_) => Err(ChoiceProblem::NotAllowed),
        Err(problem) => Err(problem),
    });
    let name = form
        .required(Field::Name, |raw| PersonName::parse_as(kind.map_or(NameScript::HanOrLatin, NameScript::of), raw));
    let document = match kind {
        Some(kind) => form.required(Field::DocumentNumber, |raw| read(kind, raw)),
        None => form.required(Field::DocumentNumber, |_| Ok::<_, ChoiceProblem>(())).and(None),
    };
    (kind, name, document)
}

draft! {
    /// The recovery of a password half filled in (S9). The question is not part of it: it would tell who is registered (X36).
    RecoveryDraft {
        name: Name, document_type: DocumentType, document_number: DocumentNumber,
        recovery_answer: RecoveryAnswer, password: Password, password_again: PasswordAgain,
    }
}

/// A recovery. Whether name, document and answer are those of an account only the registry can tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// The name of the person.
    pub name: PersonName,
    /// The document that the person registered with.
    pub document: IdentityDocument,
    /// The answer to the recovery question.
    pub answer: RecoveryAnswer,
    /// The new password.
    pub password: Password,
}

impl RecoveryDraft {
    /// Checks the form. Every type of document is accepted, since the account may be older than the rules in force, and an unusual
    /// number as well, which was confirmed at registration (X43). That the password does not contain the username is left to the registry, which alone knows it.
    pub fn check(&self, rule: &PasswordRule) -> Result<Recovery, Problems> {
        let mut form = Checker::new(self);
        let (_, name, document) = check_person(&mut form, DocumentType::ALL, IdentityDocument::parse);
        let answer = form.required(Field::RecoveryAnswer, RecoveryAnswer::parse);
        let number = document.as_ref().map_or(self.document_number.trim(), IdentityDocument::number);
        let password = check_password(&mut form, rule, &[number]);
        let complete = (|| Some(Recovery { name: name?, document: document?, answer: answer?, password: password? }))();
        form.finish(complete)
    }
}

/// Checks who somebody is, at registration and when staff correct it. Sex and birth date come from the document where it
/// states them (S63, S64); staff who correct it type them as well, and where they differ they are refused. Passport holders default to
/// 其它 (S66). An unusual number is to be confirmed (X43).
pub(crate) fn check_identity<D: Draft>(form: &mut Checker<'_, D>, context: &Context<'_>) -> Option<Identity> {
    let is_confirmed = form.ticked(Field::DocumentConfirmed);
    let read = |kind, raw: &str| match IdentityDocument::parse(kind, raw)? {
        document if document.is_unusual() && !is_confirmed => Err(DocumentProblem::CheckDigit.into()),
        document => Ok(document),
    };
    let (kind, name, document) = check_person(form, context.rules.documents, read);
    let stated = document.as_ref().and_then(IdentityDocument::stated);
    let sex = match stated {
        Some((sex, _)) => form
            .optional(Field::Sex, |code| {
                Sex::parse(code).map_err(crate::Code::from).and_then(|typed| {
                    if typed == sex { Ok(sex) } else { Err(BirthProblem::SexDiffersFromDocument.into()) }
                })
            })
            .map(|typed| typed.unwrap_or(sex)),
        // A resident card states both, so they are asked of nobody whose number is still to be mended.
        None if kind == Some(DocumentType::ResidentId) => None,
        None => form.required(Field::Sex, Sex::parse),
    };
    let in_age = |birth: Date| match birth.age_on(context.today) {
        age if age < context.rules.age.0 => Err(BirthProblem::TooYoung),
        age if age > context.rules.age.1 => Err(BirthProblem::TooOld),
        _ => Ok(birth),
    };
    let birth_date = match stated {
        Some((_, birth)) => {
            let typed = form.optional(Field::BirthDate, |raw| match Date::parse(raw)? {
                typed if typed == birth => Ok(birth),
                _ => Err(BirthProblem::DiffersFromDocument),
            });
            match (typed, in_age(birth)) {
                (Some(_), Ok(birth)) => Some(birth),
                (Some(_), Err(code)) => {
                    // Reported where it can be corrected: the day of birth follows from the number.
                    form.fail(Field::DocumentNumber, code);
                    None
                }
                (None, _) => None,
            }
        }
        None if kind == Some(DocumentType::ResidentId) => None,
        None => form.required(Field::BirthDate, |raw| Date::parse(raw).and_then(in_age)),
    };
    let ethnic_group = match kind {
        Some(DocumentType::Passport) => {
            form.optional(Field::EthnicGroup, EthnicGroup::parse).map(|typed| typed.unwrap_or(EthnicGroup::Other))
        }
        _ => form.required(Field::EthnicGroup, EthnicGroup::parse),
    };
    Some(Identity { name: name?, document: document?, sex: sex?, birth_date: birth_date?, ethnic_group: ethnic_group? })
}

draft! {
    /// The log-in form.
    LoginDraft { username: Username, password: Password }
}
impl LoginDraft {
    /// Both must be there; whether they are right only the registry can tell.
    pub fn check(&self) -> Result<(&str, &str), Problems> {
        let mut form = Checker::new(self);
        let username = form.required(Field::Username, |_| Ok::<_, AccountProblem>(()));
        let password = form.required(Field::Password, |_| Ok::<_, AccountProblem>(()));
        form.finish(username.and(password).map(|()| (self.username.trim(), self.password.as_str())))
    }
}
