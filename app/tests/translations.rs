//! Every code of the forms crate has its sentence in both languages.
#![recursion_limit = "512"]
use app::{
    i18n as text,
    lang::Lang::{self, En, Zh},
};
use forms::{
    Code, Field,
    application::Flag,
    choice::*,
    country::Country,
    eligibility::Proof,
    materials::Material,
    profile::FieldWarning,
    review::{CorrectionReason, Finding, FindingReason, PaperReason, ReviewOutcome, Role},
    status::ApplicationStatus,
};
use registry::{Browser, RequestState, System};

fn both(key: &str) -> [&'static str; 2] {
    [Zh, En].map(|lang: Lang| text::lookup(lang, key).unwrap_or_default())
}
fn check(key: &str) {
    assert!(both(key).iter().all(|sentence| !sentence.is_empty()), "no sentence for {key}");
}
fn list<T: Choice>() {
    T::ALL.iter().for_each(|value| check(&format!("choice.{}.{}", T::LIST, value.code())));
}

#[test]
fn every_problem_has_its_sentence() {
    for key in Code::all_keys() {
        check(&format!("problem.{key}"));
        let number = Code::of(key, 7).and_then(Code::number).is_some();
        assert_eq!(both(&format!("problem.{key}"))[0].contains("{n}"), number, "{key}");
    }
}
#[test]
fn every_field_has_its_label() {
    Field::ALL.iter().for_each(|field| check(&format!("field.{}", field.name())));
}
#[test]
fn every_value_of_every_list_has_its_label() {
    list::<NameKind>();
    list::<NameAnswer>();
    list::<DocumentType>();
    list::<Sex>();
    list::<ContactRegion>();
    list::<Province>();
    list::<Country>();
    list::<EthnicGroup>();
    list::<MilitaryIdentity>();
    list::<PostState>();
    list::<Title>();
    list::<EducationLevel>();
    list::<Degree>();
    list::<StudyForm>();
    list::<TrainingKind>();
    list::<CertificateKind>();
    list::<ExtraSubject>();
    list::<ApplicationStatus>();
    list::<Flag>();
    list::<Role>();
    list::<Finding>();
    list::<FindingReason>();
    list::<ReviewOutcome>();
    list::<CorrectionReason>();
    list::<PaperReason>();
    Browser::ALL.iter().for_each(|browser| check(&format!("choice.browser.{}", browser.code())));
    System::ALL.iter().for_each(|system| check(&format!("choice.system.{}", system.code())));
    RequestState::ALL.iter().for_each(|state| check(&format!("choice.request_state.{}", state.code())));
}
#[test]
fn every_advice_proof_and_material_has_its_sentence() {
    FieldWarning::ALL.iter().for_each(|advice| check(&format!("field_warning.{}", advice.key())));
    Proof::ALL.iter().for_each(|proof| check(&format!("proof.{}", proof.key())));
    Material::ALL.iter().for_each(|material| check(&format!("material.{}", material.key())));
}
