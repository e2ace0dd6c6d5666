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
    eligibility::Proof,
    journey::Step,
    problem::{AccountProblem, ApplicationProblem, Code, DocumentProblem, PaperProblem, TextProblem},
    profile::{BasicDraft, EducationDraft, EntryDraft, EntryKind, TrainingDraft, WorkDraft},
    rule_set::RULES_2021,
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

#[test]
fn letters_to_search_by_are_no_name_of_an_institution_of_the_mainland() {
    let me = identity();
    let context = forms::profile::ProfileContext { base: base(), identity: &me };
    let letters = |problems: Result<(), forms::Problems>| {
        let problems = problems.err().unwrap_or_default();
        problems.into_iter().map(|p| (p.field, p.code)).collect::<Vec<_>>()
    };
    let refused = |field| vec![(field, Code::from(PaperProblem::SearchLetters))];
    let employer = |name: &str, province: &str| {
        let draft = WorkDraft { employer: name.into(), employer_province: province.into(), ..work() };
        letters(draft.check(&context).map(drop))
    };
    assert_eq!(employer("hzsdyrmyy", "33"), refused(Field::Employer));
    assert_eq!(employer("北医三院国际部B区", "11"), []);
    assert_eq!(employer("Queen Mary Hospital", "81"), []);
    let education = |draft: EducationDraft| letters(draft.check(&context).map(drop));
    assert_eq!(education(EducationDraft { major: "lcyx".into(), ..bachelor() }), refused(Field::Major));
    assert_eq!(education(EducationDraft { school: "zjykdx".into(), ..bachelor() }), refused(Field::School));
    let training = TrainingDraft {
        training_kind: "residency".into(),
        institution: "hzsdyrmyy".into(),
        start_month: "2020-01".into(),
        ..Default::default()
    };
    assert_eq!(letters(training.check(&context).map(drop)), refused(Field::Institution));
    let abroad = EducationDraft {
        school: "Trinity College Dublin".into(),
        school_region: "99".into(),
        school_country: "IE".into(),
        major: "Medicine".into(),
        ..bachelor()
    };
    assert_eq!(education(abroad), []);
}

#[test]
fn an_expired_document_is_refused_with_what_to_do() {
    let me = identity();
    let context = forms::profile::ProfileContext { base: base(), identity: &me };
    let until = |day: &str| {
        let draft = BasicDraft { document_until: day.into(), ..basic() };
        draft.check(&context).err().map(|problems| (problems[0].field, problems[0].code))
    };
    assert_eq!(until("2026-01-31"), Some((Field::DocumentUntil, DocumentProblem::Expired.into())));
    assert_eq!(until("2026-02-01"), None);
    assert_eq!(until(""), None);
}

#[test]
fn a_resident_number_that_is_wrong_asks_for_no_sex_and_birth() {
    let draft = RegistrationDraft { document_number: "110101199003070031".into(), ..registration() };
    let fields: Vec<Field> = draft.check(&base()).unwrap_err().iter().map(|p| p.field).collect();
    assert_eq!(fields, [Field::DocumentNumber]);
    let han = RegistrationDraft { username: "军官B".into(), ..registration() };
    assert_eq!(han.check(&base()).unwrap_err()[0].code, Code::from(AccountProblem::Username));
}

#[test]
fn what_was_typed_before_the_document_stated_it_is_not_asked_any_more() {
    let changed = RegistrationDraft { sex: "female".into(), birth_date: "1993-02".into(), ..registration() };
    assert_eq!(changed.check(&base()).unwrap().identity, identity());
}

#[test]
fn names_that_no_list_has_are_flagged_for_staff() {
    let mut office = Office::new(vec![bachelor()], vec![]);
    let training = TrainingDraft {
        training_kind: "residency".into(),
        institution: "北京同仁医院".into(),
        start_month: "2020-01".into(),
        ..Default::default()
    };
    let training = entry(7, EntryDraft::Training(training), &office.identity);
    let id = training.id;
    office.entries.push(training);
    let mut draft = office.draft("110");
    draft.selection.choose(EntryKind::Training, id, true);
    let application = draft.check(&office.context()).unwrap();
    let names = [Flag::EmployerNotListed, Flag::SchoolNotListed, Flag::MajorNotListed, Flag::InstitutionNotListed];
    let flags = |application: &forms::application::Application| application.flags(day("2026-03-10"), &RULES_2021);
    assert!(names.iter().all(|flag| flags(&application).contains(flag)), "{:?}", flags(&application));
    draft.selection.choose(EntryKind::Training, id, false);
    let without = draft.check(&office.context()).unwrap();
    assert!(!flags(&without).contains(&Flag::InstitutionNotListed));
}

#[test]
fn residents_of_taiwan_hong_kong_and_macao_are_told_their_conditions() {
    let proofs = |identity| {
        let office = Office::of(identity, vec![bachelor()], vec![]);
        office.draft("110").to_prove(&office.context())
    };
    let neighbour = identity_with("hong_kong_id", "G123456A", "陈大文");
    assert!(proofs(neighbour).contains(&Proof::NeighbourConditions));
    assert!(!proofs(identity()).contains(&Proof::NeighbourConditions));
}
