//! Recovering a password: what its form must hold.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::{base, registration, resident};
use forms::{
    Code, Draft, Field, Problem,
    account::RecoveryDraft,
    choice::{Choice, DocumentType},
    problem::{AccountProblem, ChoiceProblem, NameProblem, ResidentIdProblem, TextProblem},
    rule_set::RULES_2022,
};

fn draft() -> RecoveryDraft {
    RecoveryDraft {
        name: "张伟".into(),
        document_type: "resident_id".into(),
        document_number: resident("11010119900307123"),
        recovery_answer: "实验小学".into(),
        password: "Gao2027".into(),
        password_again: "Gao2027".into(),
    }
}

#[test]
fn what_is_right_is_read_as_at_registration() {
    let recovery = draft().check(&base().rules.password).unwrap();
    let registered = registration().check(&base()).unwrap();
    assert_eq!((&recovery.name, &recovery.document), (&registered.identity.name, &registered.identity.document));
    assert_eq!(recovery.answer.expose(), registered.answer.expose());
    assert_eq!(recovery.password.expose(), "Gao2027");
    // Full width, outer spaces and case of the answer, small letters of the number, another dot of the name.
    let loose = RecoveryDraft {
        name: "买买提·阿依".into(),
        document_type: "hong_kong_id".into(),
        document_number: " a123456(3) ".into(),
        recovery_answer: " ＡＢＣＤ ".into(),
        ..draft()
    };
    let recovery = loose.check(&base().rules.password).unwrap();
    assert_eq!((recovery.name.as_str(), recovery.document.number()), ("买买提.阿依", "A1234563"));
    assert_eq!(recovery.answer.expose(), "abcd");
}

#[test]
fn each_mistake_of_the_form_is_told_beside_its_field() {
    let full = draft();
    let number = full.document_number.clone();
    let wrong_digit = if number.ends_with('1') { format!("{}2", &number[..17]) } else { format!("{}1", &number[..17]) };
    let both = |password: &str| RecoveryDraft { password: password.into(), password_again: password.into(), ..draft() };
    let table: [(RecoveryDraft, Field, Code); 12] = [
        (RecoveryDraft { name: String::new(), ..draft() }, Field::Name, Code::REQUIRED),
        (RecoveryDraft { name: "Wang Wei".into(), ..draft() }, Field::Name, NameProblem::Space.into()),
        (RecoveryDraft { document_type: "x".into(), ..draft() }, Field::DocumentType, ChoiceProblem::Unknown.into()),
        (
            RecoveryDraft { document_number: wrong_digit, ..draft() },
            Field::DocumentNumber,
            ResidentIdProblem::CheckDigit.into(),
        ),
        (RecoveryDraft { recovery_answer: " ".into(), ..draft() }, Field::RecoveryAnswer, Code::REQUIRED),
        (
            RecoveryDraft { recovery_answer: "小学".into(), ..draft() },
            Field::RecoveryAnswer,
            TextProblem::TooShort(4).into(),
        ),
        (
            RecoveryDraft { password_again: "Gao2028".into(), ..draft() },
            Field::PasswordAgain,
            AccountProblem::PasswordsDiffer.into(),
        ),
        (RecoveryDraft { password_again: String::new(), ..draft() }, Field::PasswordAgain, Code::REQUIRED),
        (both("Gao2"), Field::Password, TextProblem::TooShort(5).into()),
        (both("Gao-2027"), Field::Password, AccountProblem::PasswordAlphabet.into()),
        (both("abc12345"), Field::Password, AccountProblem::PasswordCommon.into()),
        (both("gaogaogao"), Field::Password, AccountProblem::PasswordMixed.into()),
    ];
    for (draft, field, code) in table {
        assert_eq!(draft.check(&base().rules.password), Err(vec![Problem { field, code }]), "{field:?}");
    }
    let nothing = RecoveryDraft::default().check(&base().rules.password).unwrap_err();
    let fields: Vec<Field> = nothing.iter().map(|problem| problem.field).collect();
    assert!(nothing.iter().all(|problem| problem.code == Code::REQUIRED));
    assert!(RecoveryDraft::FIELDS.iter().all(|field| fields.contains(field)) && fields.len() == 6);
}

#[test]
fn a_new_password_does_not_contain_the_document_number_however_it_was_typed() {
    let number = "E1234567";
    let draft = RecoveryDraft {
        name: "Jane Doe".into(),
        document_type: "passport".into(),
        document_number: "ｅ1234567".into(),
        password: format!("x{number}"),
        password_again: format!("x{number}"),
        ..draft()
    };
    let personal = Problem { field: Field::Password, code: AccountProblem::PasswordPersonal.into() };
    assert_eq!(draft.check(&base().rules.password), Err(vec![personal]));
}

#[test]
fn every_document_is_accepted_whatever_the_rules_are_now() {
    // Registered under the rules of 2021, recovered under those of 2022, which have no military documents.
    let draft = RecoveryDraft {
        document_type: "officer".into(),
        document_number: "军字123456".into(),
        password: "Neues2027".into(),
        password_again: "Neues2027".into(),
        ..draft()
    };
    assert!(!RULES_2022.documents.contains(&DocumentType::Officer));
    assert!(draft.check(&RULES_2022.password).is_ok());
    for kind in DocumentType::ALL {
        let draft = RecoveryDraft { document_type: kind.code().into(), ..draft.clone() };
        let refused = draft.check(&RULES_2022.password).err().unwrap_or_default();
        assert!(refused.iter().all(|problem| problem.field != Field::DocumentType), "{}", kind.code());
    }
}

#[test]
fn an_unusual_number_needs_no_confirmation_again() {
    let draft = RecoveryDraft {
        document_type: "hong_kong_id".into(),
        document_number: "A123456(1)".into(),
        name: "Chan Tai Man".into(),
        ..draft()
    };
    let recovery = draft.check(&base().rules.password).unwrap();
    assert!(recovery.document.is_unusual());
}

#[test]
fn nothing_secret_is_in_what_is_printed() {
    let recovery = draft().check(&base().rules.password).unwrap();
    let printed = format!("{:?} {:?} {:?}", draft(), recovery.answer, recovery.password);
    assert!(!printed.contains("实验小学") && !printed.contains("Gao2027") && !printed.contains("张伟"), "{printed}");
}
