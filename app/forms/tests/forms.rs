//! Whole forms: what is asked of whom, and what they are together.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Code, Field,
    category::Category,
    choice::ExtraSubject,
    eligibility::{Proof, Verdict},
    journey::{Journey, Step},
    problem::*,
    profile::{BasicDraft, CertificateDraft, ContactDraft, EducationDraft, ProfileContext, WorkDraft},
};

#[test]
fn travel_permits_are_asked_of_identity_card_holders_from_outside() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    assert!(basic().check(&context).is_ok());
    let other = identity_with("hong_kong_id", "G123456A", "陈大文");
    let context = ProfileContext { base: base(), identity: &other };
    assert_eq!(basic().check(&context), Err(vec![problem(Field::PermitNumber, Code::REQUIRED)]));
    let with = BasicDraft { permit_number: "H0123456789".into(), ..basic() };
    assert!(with.check(&context).is_ok());
}

#[test]
fn contact_formats_follow_the_region_and_the_region_the_document() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    let complete = ContactDraft { contact_region: String::new(), ..contact() }.check(&context).unwrap();
    assert_eq!(complete.contact_region, forms::choice::ContactRegion::Mainland);
    let abroad = ContactDraft {
        contact_region: "elsewhere".into(),
        mobile: "612345".into(),
        postcode: String::new(),
        ..contact()
    };
    assert!(abroad.check(&context).is_ok());
    let missing = ContactDraft { postcode: String::new(), ..contact() };
    assert_eq!(missing.check(&context), Err(vec![problem(Field::Postcode, Code::REQUIRED)]));
}

#[test]
fn a_title_asks_for_its_month() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    let titled = WorkDraft { title: "physician".into(), ..work() };
    assert_eq!(titled.check(&context), Err(vec![problem(Field::TitleMonth, Code::REQUIRED)]));
    assert!(WorkDraft { title: "none".into(), ..work() }.check(&context).is_ok());
    let early = WorkDraft { title_month: "1995-01".into(), ..titled };
    assert_eq!(early.check(&context), Err(vec![problem(Field::TitleMonth, YearMonthProblem::BeforeBirth)]));
}

#[test]
fn education_asks_what_its_level_has() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    let check = |draft: EducationDraft| draft.check(&context);
    assert!(check(bachelor()).is_ok());
    for level in ["apprenticeship", "none"] {
        assert!(check(EducationDraft { level: level.into(), ..Default::default() }).is_ok(), "{level}");
    }
    let blank = EducationDraft { level: "college".into(), ..Default::default() };
    let asked: Vec<Field> = check(blank).unwrap_err().iter().map(|p| p.field).collect();
    assert_eq!(asked, [Field::School, Field::Major, Field::StudyForm, Field::GraduationMonth, Field::DiplomaNumber]);
    let ahead = EducationDraft {
        level: "graduate".into(),
        graduation_month: "2026-07".into(),
        diploma_number: String::new(),
        ..bachelor()
    };
    assert_eq!(
        check(ahead.clone()),
        Err(vec![
            problem(Field::GraduationMonth, PaperProblem::NotYetGraduated),
            problem(Field::DiplomaNumber, Code::REQUIRED)
        ])
    );
    assert!(check(EducationDraft { not_yet_awarded: "yes".into(), ..ahead }).is_ok());
    let backwards = EducationDraft { admission_month: "2014-08".into(), ..bachelor() };
    assert_eq!(check(backwards), Err(vec![problem(Field::GraduationMonth, YearMonthProblem::BeforeStart)]));
}

#[test]
fn certificate_and_registration_are_two_papers() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    assert!(assistant().check(&context).is_ok());
    let backwards = CertificateDraft { registration_month: "2018-10".into(), ..assistant() };
    assert_eq!(backwards.check(&context), Err(vec![problem(Field::RegistrationMonth, YearMonthProblem::BeforeStart)]));
}

#[test]
fn a_full_application_is_accepted_and_survives_the_way_back() {
    let office = Office::new(vec![bachelor()], vec![]);
    let application = office.draft("110").check(&office.context()).unwrap();
    assert_eq!(application.to_prove, [Proof::ProbationYear]);
    assert_eq!(application.attempts, 1);
    assert_eq!(application.to_draft().check(&office.context()), Ok(application));
}

#[test]
fn what_is_checked_before_submitting_is_what_will_be_stored() {
    let office = Office::new(vec![bachelor()], vec![]);
    let mut draft = office.draft("110");
    draft.contact.home_phone = "０５７１－８７００００００".into();
    draft.contact.address = "浙江省杭州市解放路８８号".into();
    draft.work.post = "住院医师（１组）".into();
    draft.site.attempts = String::new();
    draft.confirm.extra_subject = String::new();
    let stored = draft.check(&office.context()).unwrap().to_draft();
    let shown = draft.as_stored(&office.context());
    assert_eq!((&shown.basic, &shown.contact, &shown.work), (&stored.basic, &stored.contact, &stored.work));
    assert_eq!((&shown.site, &shown.confirm), (&stored.site, &stored.confirm));
    assert_eq!((shown.contact.home_phone.as_str(), shown.site.attempts.as_str()), ("0571-87000000", "1"));
    // What is wrong stands as it was typed.
    draft.contact.mobile = "１３８".into();
    assert_eq!(draft.as_stored(&office.context()).contact, draft.contact);
}

#[test]
fn level_education_and_certificate_go_together() {
    let verdict = |level: &str, category: &str, certificate: Option<&str>| {
        let education = EducationDraft { level: level.into(), ..bachelor() };
        let certificates = certificate.map(|kind| CertificateDraft { certificate_kind: kind.into(), ..assistant() });
        let office = Office::new(vec![education], certificates.into_iter().collect());
        let draft = office.draft(category);
        let complete = draft.check(&office.context());
        match draft.verdict(&office.context()) {
            Verdict::Ineligible(reasons) => {
                assert!(complete.is_err_and(|all| all.iter().any(|(_, p)| p.code == reasons[0].code())));
                Err(reasons[0].code())
            }
            Verdict::NeedsProof(proofs) => Ok(proofs),
            Verdict::Eligible => Ok(vec![]),
        }
    };
    use ApplicationProblem as A;
    use Proof::*;
    assert_eq!(verdict("bachelor", "110", None), Ok(vec![ProbationYear]));
    assert_eq!(verdict("graduate", "110", None), Ok(vec![ProbationYear]));
    assert_eq!(verdict("college", "110", None), Err(A::AssistantCertificate.into()));
    assert_eq!(verdict("college", "110", Some("assistant_township")), Err(A::TownshipCertificate.into()));
    assert_eq!(verdict("college", "110", Some("assistant")), Ok(vec![PracticeTwoYears]));
    assert_eq!(verdict("secondary", "110", None), Err(A::AssistantCertificate.into()));
    assert_eq!(verdict("secondary", "110", Some("assistant")), Ok(vec![PracticeFiveYears, SecondaryTransitional]));
    assert_eq!(verdict("none", "110", Some("assistant")), Err(A::EducationLevel.into()));
    assert_eq!(verdict("none", "210", None), Err(A::EducationLevel.into()));
    assert_eq!(verdict("college", "210", None), Ok(vec![ProbationYear]));
    assert_eq!(verdict("secondary", "210", None), Ok(vec![ProbationYear, SecondaryTransitional]));
    assert_eq!(verdict("bachelor", "210", None), Ok(vec![ProbationYear]));
    assert_eq!(verdict("apprenticeship", "440", None), Ok(vec![ApprenticeshipPaper, ProbationYear]));
    assert_eq!(verdict("apprenticeship", "340", None), Err(A::AssistantCertificate.into()));
    assert_eq!(verdict("apprenticeship", "340", Some("assistant")), Ok(vec![ApprenticeshipPaper, PracticeFiveYears]));
    assert_eq!(verdict("apprenticeship", "110", Some("assistant")), Err(A::Apprenticeship.into()));
    assert_eq!(verdict("bachelor", "440", None), Err(A::Apprenticeship.into()));
}

#[test]
fn short_practice_asks_for_the_first_registration_and_stops_nothing() {
    let education = EducationDraft { level: "college".into(), ..bachelor() };
    let young = CertificateDraft { registration_month: "2025-06".into(), ..assistant() };
    let office = Office::new(vec![education], vec![young]);
    assert_eq!(
        office.draft("110").check(&office.context()).unwrap().to_prove,
        [Proof::PracticeTwoYears, Proof::FirstRegistration]
    );
}

#[test]
fn a_graduate_of_this_year_says_so_twice() {
    let pending = EducationDraft {
        level: "graduate".into(),
        graduation_month: "2026-07".into(),
        not_yet_awarded: "yes".into(),
        diploma_number: String::new(),
        ..bachelor()
    };
    let office = Office::new(vec![pending.clone()], vec![]);
    let mut draft = office.draft("110");
    assert_eq!(
        draft.problems(Step::Work, &office.context()),
        [problem(Field::PostState, ApplicationProblem::GraduatingState)]
    );
    draft.work.post_state = "graduating".into();
    assert_eq!(draft.check(&office.context()).unwrap().to_prove, [Proof::DiplomaDue, Proof::ProbationYear]);
    let late = Office::new(vec![EducationDraft { graduation_month: "2026-09".into(), ..pending }], vec![]);
    let mut draft = late.draft("110");
    draft.work.post_state = "graduating".into();
    assert_eq!(
        draft.problems(Step::Education, &late.context()),
        [problem(Field::Educations, PaperProblem::GraduationTooLate)]
    );
}

#[test]
fn extra_subjects_follow_identity_and_category() {
    let office = Office::new(vec![bachelor()], vec![]);
    let check = |identity: &str, category: &str, subject: &str| {
        let mut draft = office.draft(category);
        draft.basic.military_identity = identity.into();
        draft.confirm.extra_subject = subject.into();
        draft.confirm.extra_post = "yes".into();
        draft.check(&office.context()).map(|a| a.extra_subject).map_err(|all| all[0].1.code)
    };
    use ApplicationProblem as A;
    for active in ["1", "2", "4", "5"] {
        assert_eq!(check(active, "110", ""), Ok(ExtraSubject::Military));
        assert_eq!(check(active, "110", "pediatrics"), Err(A::MilitaryExtra.into()));
    }
    for hired in ["3", "6", ""] {
        assert_eq!(check(hired, "110", "military"), Err(A::MilitaryExtraOnly.into()));
        assert_eq!(check(hired, "110", "pediatrics"), Ok(ExtraSubject::Pediatrics));
        assert_eq!(check(hired, "120", "prehospital"), Err(A::ClinicalExtraOnly.into()));
        assert_eq!(check(hired, "120", ""), Ok(ExtraSubject::None));
    }
}

#[test]
fn attempts_count_this_one_and_what_the_books_know() {
    let mut office = Office::new(vec![bachelor()], vec![]);
    office.history = vec![(Category::parse("110").unwrap(), 2)];
    let check = |typed: &str| {
        let mut draft = office.draft("110");
        draft.site.attempts = typed.into();
        draft.check(&office.context()).map(|a| a.attempts).map_err(|all| all[0].1.code)
    };
    assert_eq!(check(""), Ok(3));
    assert_eq!(check("3"), Ok(3));
    assert_eq!(check("４"), Ok(4));
    assert_eq!(check("2"), Err(ApplicationProblem::AttemptsTooFew.into()));
    assert_eq!(check("0"), Err(ApplicationProblem::Attempts.into()));
    assert_eq!(check("x"), Err(ApplicationProblem::Attempts.into()));
    assert_eq!(check("61"), Err(ApplicationProblem::Attempts.into()));
}

#[test]
fn a_site_belongs_to_its_area() {
    let office = Office::new(vec![bachelor()], vec![]);
    let mut draft = office.draft("110");
    draft.site.site = "3301".into();
    assert_eq!(draft.problems(Step::Site, &office.context()), [problem(Field::Site, ApplicationProblem::SiteOfArea)]);
}

#[test]
fn the_photo_is_asked_on_the_second_step() {
    let mut office = Office::new(vec![bachelor()], vec![]);
    office.photo = None;
    assert_eq!(
        office.draft("110").problems(Step::Basic, &office.context()),
        [problem(Field::Photo, PhotoProblem::Missing)]
    );
}

#[test]
fn required_is_said_only_where_next_was_pressed() {
    let office = Office::new(vec![bachelor()], vec![]);
    let mut draft = forms::application::ApplicationDraft::default();
    assert!(Step::ALL.iter().all(|step| draft.visible_problems(*step, &office.context()).is_empty()));
    draft.attempt(Step::Work);
    assert!(!draft.visible_problems(Step::Work, &office.context()).is_empty());
}

#[test]
fn the_journey_goes_to_the_first_step_that_is_not_done() {
    let office = Office::new(vec![bachelor()], vec![]);
    let mut draft = office.draft("110");
    assert_eq!(Journey::of(&draft, &office.context()).next(), Step::Confirm);
    draft.work.employer.clear();
    let journey = Journey::of(&draft, &office.context());
    assert_eq!(journey.next(), Step::Work);
    assert!(journey.may_visit(Step::Basic) && journey.may_visit(Step::Work) && journey.may_visit(Step::Site));
    draft.attempted = vec![Step::Category];
    let journey = Journey::of(&draft, &office.context());
    assert_eq!(journey.next(), Step::Basic);
    assert!(!journey.may_visit(Step::Work));
}

#[test]
fn a_step_takes_its_own_fields_and_leaves_the_others() {
    let office = Office::new(vec![bachelor()], vec![]);
    let mut draft = office.draft("110");
    let before = draft.clone();
    draft.apply_step(Step::Site, &[("area", "33".to_owned()), ("site", "3301".to_owned()), ("mobile", "1".to_owned())]);
    assert_eq!((draft.site.area.as_str(), draft.site.attempts.as_str()), ("33", ""));
    assert_eq!(draft.contact, before.contact);
    let id = office.entries[0].id.to_string();
    draft.apply_step(Step::Education, &[("educations", id.clone()), ("educations", id.clone())]);
    assert_eq!(draft.selection.ids(forms::profile::EntryKind::Education).len(), 1);
    draft.apply_step::<&str>(Step::Education, &[]);
    assert!(draft.selection.ids(forms::profile::EntryKind::Education).is_empty());
}

#[test]
fn states_change_only_as_the_machines_allow() {
    use ApplicationEvent as E;
    use ApplicationStatus as S;
    use forms::{choice::Choice, status::*};
    let table = [
        (S::Draft, E::Submit, S::Submitted),
        (S::Returned, E::Submit, S::Submitted),
        (S::Draft, E::Abandon, S::Abandoned),
        (S::Submitted, E::Abandon, S::Abandoned),
        (S::Returned, E::Abandon, S::Abandoned),
        (S::Submitted, E::Supersede, S::Superseded),
        (S::Returned, E::Supersede, S::Superseded),
        (S::Submitted, E::Return, S::Returned),
        (S::SiteApproved, E::Return, S::Returned),
        (S::Submitted, E::ApproveAtSite, S::SiteApproved),
        (S::Submitted, E::Reject, S::Rejected),
        (S::Returned, E::Reject, S::Rejected),
        (S::SiteApproved, E::Reject, S::Rejected),
        (S::Signed, E::Reject, S::Rejected),
        (S::AreaApproved, E::Reject, S::Rejected),
        (S::SiteApproved, E::Sign, S::Signed),
        (S::Signed, E::ApproveAtArea, S::AreaApproved),
        (S::SiteApproved, E::ApproveExempt, S::AreaApproved),
    ];
    for state in S::ALL {
        for event in E::ALL {
            let expect = table.iter().find(|(s, e, _)| s == state && e == event).map(|row| row.2);
            assert_eq!(state.after(*event), expect, "{state:?} {event:?}");
        }
        assert!(!(state.is_live() && state.is_ended()));
    }
    assert_eq!(PaymentStatus::Paid.after(PaymentEvent::Confirm), Some(PaymentStatus::Paid));
    assert_eq!(PaymentStatus::NotOpen.after(PaymentEvent::Confirm), None);
}

#[test]
fn every_problem_survives_the_way_between_server_and_browser() {
    for key in Code::all_keys() {
        let code = Code::of(key, 7).unwrap();
        assert_eq!(code.key(), key);
        assert_eq!(serde_json::from_str::<Code>(&serde_json::to_string(&code).unwrap()).unwrap(), code);
    }
    assert!(serde_json::from_str::<Code>(r#"["text.nonsense",0]"#).is_err());
}
