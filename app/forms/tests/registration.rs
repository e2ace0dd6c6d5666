//! Registration, and what keeps an account safe: what is asked of whom.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Code, Draft, Field,
    account::{RegistrationDraft, SecurityDraft},
    choice::Sex,
    problem::*,
};

#[test]
fn a_resident_number_states_sex_and_birth() {
    let identity = identity();
    assert_eq!((identity.sex, identity.birth_date), (Sex::Male, day("1990-03-07")));
    let differs = RegistrationDraft { sex: "female".into(), birth_date: "1990-03-08".into(), ..registration() };
    // Of who registers neither is asked, so that what was typed before does not count.
    assert_eq!(differs.check(&base()).unwrap().identity, identity);
}

#[test]
fn registration_asks_for_everything_and_says_so_once() {
    let problems = RegistrationDraft::default().check(&base()).unwrap_err();
    let fields: Vec<Field> = problems.iter().map(|p| p.field).collect();
    // The box that confirms an unusual number is asked of nobody else.
    assert_eq!(fields.len(), RegistrationDraft::FIELDS.len() - 1);
    assert!(problems.iter().all(|p| p.code == Code::REQUIRED));
}

#[test]
fn people_of_other_documents_say_sex_and_birth_themselves() {
    let draft = RegistrationDraft {
        document_type: "hong_kong_id".into(),
        document_number: "G123456(A)".into(),
        name: "Chan Tai Man".into(),
        ..registration()
    };
    assert_eq!(
        draft.check(&base()),
        Err(vec![problem(Field::Sex, Code::REQUIRED), problem(Field::BirthDate, Code::REQUIRED)])
    );
    let passport = RegistrationDraft {
        document_type: "passport".into(),
        document_number: "E1234567".into(),
        name: "Mary".into(),
        sex: "female".into(),
        birth_date: "1990-01-01".into(),
        ethnic_group: String::new(),
        ..registration()
    };
    assert_eq!(passport.check(&base()).unwrap().identity.ethnic_group, forms::choice::EthnicGroup::Other);
}

#[test]
fn ages_of_eighteen_to_seventy_five_may_register() {
    let born = |birth: &str| {
        let draft = RegistrationDraft {
            document_type: "passport".into(),
            document_number: "E1234567".into(),
            sex: "male".into(),
            birth_date: birth.into(),
            ..registration()
        };
        draft.check(&base()).err().map(|p| p[0].code)
    };
    assert_eq!(born("2008-02-01"), None);
    assert_eq!(born("2008-02-02"), Some(BirthProblem::TooYoung.into()));
    assert_eq!(born("1950-02-02"), None);
    assert_eq!(born("1950-02-01"), Some(BirthProblem::TooOld.into()));
    let minor = RegistrationDraft { document_number: resident("11010120120307123"), ..registration() };
    assert_eq!(minor.check(&base()), Err(vec![problem(Field::DocumentNumber, BirthProblem::TooYoung)]));
}

#[test]
fn what_keeps_an_account_safe_is_changed_in_parts() {
    let full = SecurityDraft {
        current_password: "Yuan2026".into(),
        password: "Gao2027".into(),
        password_again: "Gao2027".into(),
        recovery_question: "小学的名字".into(),
        recovery_answer: "实验小学".into(),
    };
    let check = |draft: &SecurityDraft| draft.check(&base().rules.password, &["person_0", "110101199003073919"]);
    let change = check(&full).unwrap();
    assert!(change.password.is_some() && change.recovery.is_some() && change.current == "Yuan2026");
    let only = |fields: &[Field]| {
        let mut draft = SecurityDraft { current_password: "Yuan2026".into(), ..SecurityDraft::default() };
        fields.iter().for_each(|field| draft.set(*field, full.get(*field).to_owned()));
        draft
    };
    let change = check(&only(&[Field::Password, Field::PasswordAgain])).unwrap();
    assert!(change.password.is_some() && change.recovery.is_none());
    let change = check(&only(&[Field::RecoveryQuestion, Field::RecoveryAnswer])).unwrap();
    assert!(change.password.is_none() && change.recovery.is_some());
    for (draft, field, code) in [
        (only(&[]), Field::Password, AccountProblem::NothingToChange.into()),
        (only(&[Field::Password]), Field::PasswordAgain, Code::REQUIRED),
        (only(&[Field::RecoveryAnswer]), Field::RecoveryQuestion, Code::REQUIRED),
        (SecurityDraft { current_password: String::new(), ..full.clone() }, Field::CurrentPassword, Code::REQUIRED),
        (
            SecurityDraft { password_again: "Gao2028".into(), ..full.clone() },
            Field::PasswordAgain,
            AccountProblem::PasswordsDiffer.into(),
        ),
        (
            SecurityDraft { current_password: "Gao2027".into(), ..full.clone() },
            Field::Password,
            AccountProblem::PasswordSame.into(),
        ),
        (
            SecurityDraft { recovery_answer: "小学的名字".into(), ..full.clone() },
            Field::RecoveryAnswer,
            AccountProblem::AnswerIsQuestion.into(),
        ),
    ] {
        assert_eq!(check(&draft).err(), Some(vec![problem(field, code)]));
    }
    let own = SecurityDraft { password: "xperson_01".into(), password_again: "xperson_01".into(), ..full };
    let rule = &forms::rule_set::rule_set("2022").unwrap().password;
    assert_eq!(
        own.check(rule, &["person_0"]).err(),
        Some(vec![problem(Field::Password, AccountProblem::PasswordPersonal)])
    );
}

#[test]
fn secrets_are_compared_and_never_shown() {
    let draft =
        RegistrationDraft {
            password_again: "Yuan2027".into(), recovery_answer: "小学的名字".into(), ..registration()
        };
    let expect = vec![
        problem(Field::PasswordAgain, AccountProblem::PasswordsDiffer),
        problem(Field::RecoveryAnswer, AccountProblem::AnswerIsQuestion),
    ];
    assert_eq!(draft.check(&base()), Err(expect));
    let shown = registration().without_secrets();
    assert!(shown.password.is_empty() && shown.password_again.is_empty() && shown.recovery_answer.is_empty());
    assert_eq!(shown.name, "张伟");
    assert!(!format!("{:?}", registration()).contains("张伟"));
}

#[test]
fn rule_set_2022_has_no_military_documents() {
    let context = forms::Context { rules: &forms::rule_set::RULES_2022, ..base() };
    let officer = RegistrationDraft {
        document_type: "officer".into(),
        password: "Yuan2026!".into(),
        password_again: "Yuan2026!".into(),
        ..registration()
    };
    let problems = officer.check(&context).unwrap_err();
    assert_eq!(problems[0], problem(Field::DocumentType, ChoiceProblem::NotAllowed));
}
