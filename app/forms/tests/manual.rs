//! Lists and bounds that the manual states, each as it states them.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Field,
    account::RegistrationDraft,
    application::Flag,
    choice::{CertificateKind, Choice, DocumentType, ExtraSubject, MilitaryIdentity, PostState},
    journey::Step,
    problem::{ApplicationProblem, Code, TextProblem},
    rules::RULES_2021,
};

fn codes<T: Choice>() -> Vec<&'static str> {
    T::ALL.iter().map(|choice| choice.code()).collect()
}

#[test]
fn lists_have_what_the_manual_names() {
    assert_eq!(codes::<PostState>(), ["probation", "employed", "graduating"]);
    assert_eq!(codes::<MilitaryIdentity>(), ["1", "2", "3", "4", "5", "6"]);
    assert_eq!(codes::<ExtraSubject>(), ["none", "military", "prehospital", "pediatrics"]);
    assert_eq!(codes::<CertificateKind>(), ["assistant", "assistant_township", "licensed"]);
    let taken: Vec<&str> = RULES_2021.documents.iter().map(|kind: &DocumentType| kind.code()).collect();
    let military = ["officer", "police", "civilian_cadre", "soldier", "cadet"];
    assert!(taken.contains(&"resident_id") && taken.contains(&"passport"));
    assert!(military.iter().all(|kind| taken.contains(kind)));
    for region in ["taiwan", "hong_kong", "macao"] {
        assert_eq!(taken.iter().filter(|kind| kind.starts_with(region)).count(), 2, "{region}: {taken:?}");
    }
}

#[test]
fn a_recovery_answer_has_four_to_thirty_characters() {
    let check = |answer: &str| {
        let draft = RegistrationDraft { recovery_answer: answer.into(), ..registration() };
        draft.check(&base()).err().map(|problems| (problems[0].field, problems[0].code))
    };
    let refused = |code: Code| Some((Field::RecoveryAnswer, code));
    assert_eq!(check("实验小学"), None);
    assert_eq!(check("实验学"), refused(TextProblem::TooShort(4).into()));
    assert_eq!(check(&"实".repeat(30)), None);
    assert_eq!(check(&"实".repeat(31)), refused(TextProblem::TooLong(30).into()));
}

#[test]
fn every_examination_asks_for_an_education() {
    let office = Office::new(vec![], vec![]);
    for category in ["110", "210", "340", "440"] {
        let problems = office.draft(category).problems(Step::Education, &office.context());
        let asked = problems.iter().any(|p| p.code == Code::from(ApplicationProblem::EducationMissing));
        assert!(asked, "{category}: {problems:?}");
    }
}

#[test]
fn an_area_that_is_neither_of_the_household_nor_of_the_employer_is_flagged() {
    let office = Office::new(vec![bachelor()], vec![]);
    let flagged = |household: &str, employer: &str, area: &str| {
        let mut draft = office.draft("110");
        draft.basic.household_province = household.into();
        draft.work.employer_province = employer.into();
        draft.site.area = area.into();
        draft.site.site = format!("{area}01");
        let application = draft.check(&office.context()).unwrap();
        application.flags(day("2026-03-10"), &RULES_2021).contains(&Flag::ForeignArea)
    };
    assert!(!flagged("11", "33", "11") && !flagged("11", "33", "33") && flagged("11", "33", "44"));
}
