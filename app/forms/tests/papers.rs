//! The papers of a review, for constructed applicants of every kind (S88–S90.11, S136, S137, S140, S142–S148, X32).
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    account::Identity,
    application::ApplicationDraft,
    materials::Material,
    profile::{CertificateDraft, EducationDraft},
};

/// Somebody who applies, and the papers that are expected of them, by their keys in the manual's order.
struct Applicant {
    who: &'static str,
    category: &'static str,
    identity: Identity,
    /// The first is the route, the others travel along.
    educations: Vec<EducationDraft>,
    certificates: Vec<CertificateDraft>,
    answers: Vec<(&'static str, &'static str)>,
    papers: &'static str,
}
impl Applicant {
    fn check(self) {
        let office = Office::of(self.identity, self.educations, self.certificates);
        assert!(office.entries.iter().all(|entry| entry.complete.is_some()), "{}: an entry is wrong", self.who);
        let mut draft = office.draft(self.category);
        for (name, value) in &self.answers {
            answer(&mut draft, name, value);
        }
        let application =
            draft.check(&office.context()).unwrap_or_else(|problems| panic!("{}: {problems:?}", self.who));
        let papers: Vec<&str> = Material::of(&application, day("2026-03-10")).into_iter().map(Material::key).collect();
        assert_eq!(papers.join(" "), self.papers, "{}", self.who);
        // What travelled through storage asks for the same papers.
        let json = serde_json::to_string(&application).unwrap();
        assert_eq!(
            serde_json::from_str::<forms::application::Application>(&json).unwrap(),
            application,
            "{}",
            self.who
        );
    }
}
fn answer(draft: &mut ApplicationDraft, name: &str, value: &str) {
    use forms::Draft;
    let field = forms::Field::parse(name).unwrap();
    draft.basic.set(field, value.into());
    draft.work.set(field, value.into());
    draft.site.set(field, value.into());
}

fn at(level: &str) -> EducationDraft {
    EducationDraft { level: level.into(), ..bachelor() }
}
fn graduated(education: EducationDraft, month: &str) -> EducationDraft {
    EducationDraft { graduation_month: month.into(), ..education }
}
fn pending(education: EducationDraft, month: &str) -> EducationDraft {
    EducationDraft { not_yet_awarded: "yes".into(), diploma_number: String::new(), ..graduated(education, month) }
}
fn lost(education: EducationDraft) -> EducationDraft {
    EducationDraft { diploma_lost: "yes".into(), ..education }
}
fn from(region: &str, school: &str, education: EducationDraft) -> EducationDraft {
    let school_country = if region == "99" { "GB" } else { "" }.into();
    EducationDraft { school_region: region.into(), school_country, school: school.into(), ..education }
}
fn long_track(education: EducationDraft) -> EducationDraft {
    EducationDraft { long_track: "yes".into(), ..education }
}
fn degree(kind: &str, admitted: &str, month: &str) -> EducationDraft {
    EducationDraft { degree: kind.into(), admission_month: admitted.into(), ..graduated(at("graduate"), month) }
}
fn master() -> EducationDraft {
    EducationDraft { level: "apprenticeship".into(), ..Default::default() }
}
fn township() -> CertificateDraft {
    CertificateDraft { certificate_kind: "assistant_township".into(), ..assistant() }
}
fn registered(month: &str) -> CertificateDraft {
    CertificateDraft { registration_month: month.into(), ..assistant() }
}
fn named(name: &str) -> Identity {
    Identity { name: forms::value::PersonName::parse(name).unwrap(), ..identity() }
}

const USUAL: &str = "slip identity_document diploma education_report probation_proof employer_licence photo local";
const ASSISTANT: &str =
    "slip identity_document diploma education_report assistant_papers practice_proof employer_licence photo local";
const STUDENT: &str = "slip identity_document diploma_later student_proof probation_proof internship_licence graduate_commitment photo local";
const STUDENT_WITH_DEGREE: &str = "slip identity_document diploma diploma_later education_report student_proof \
                                   probation_proof internship_licence graduate_commitment photo local";
const DEGREE_AND_STUDIES: &str = "slip identity_document diploma education_report student_proof probation_proof \
                                  internship_licence graduate_commitment photo local";
const MILITARY: &str =
    "slip identity_document diploma education_report probation_proof employer_licence military_approval photo local";
const NEIGHBOUR: &str = "slip identity_document diploma education_report probation_proof internship_hk_mo_tw \
                         employer_licence photo local";
const NEIGHBOUR_SCHOOL: &str = "slip identity_document diploma foreign_degree probation_proof internship_hk_mo_tw \
                                employer_licence photo local";

/// Who it is, the category, the educations with the route first, the certificates, the papers.
type Row = (&'static str, &'static str, Vec<EducationDraft>, Vec<CertificateDraft>, &'static str);

/// Applicants with a resident identity card.
fn on_the_mainland(rows: Vec<Row>, answers: &[(&'static str, &'static str)]) {
    for (who, category, educations, certificates, papers) in rows {
        let answers = answers.to_vec();
        Applicant { who, category, identity: identity(), educations, certificates, answers, papers }.check();
    }
}

#[test]
fn papers_follow_education_and_certificate() {
    let commitment = "slip identity_document diploma education_report probation_proof employer_licence graduate_commitment \
                      photo local";
    let secondary = "slip identity_document diploma secondary_report probation_proof employer_licence photo local";
    on_the_mainland(
        vec![
            ("bachelor", "110", vec![bachelor()], vec![], USUAL),
            ("bachelor, dental", "120", vec![bachelor()], vec![], USUAL),
            ("bachelor as assistant", "210", vec![bachelor()], vec![], USUAL),
            ("bachelor who is an assistant", "110", vec![bachelor()], vec![assistant()], ASSISTANT),
            ("bachelor with a certificate, again as assistant", "210", vec![bachelor()], vec![assistant()], USUAL),
            ("bachelor with a township certificate", "110", vec![bachelor()], vec![township()], USUAL),
            ("bachelor of last summer", "110", vec![graduated(bachelor(), "2025-07")], vec![], commitment),
            ("bachelor of a year ago", "110", vec![graduated(bachelor(), "2025-03")], vec![], USUAL),
            ("bachelor of this summer", "110", vec![pending(bachelor(), "2026-07")], vec![], STUDENT),
            ("academic degree of old", "110", vec![degree("academic", "2013-09", "2016-07")], vec![], USUAL),
            ("academic degree of late", "110", vec![degree("academic", "2019-09", "2022-07")], vec![], USUAL),
            ("professional degree", "110", vec![degree("professional", "2019-09", "2022-07")], vec![], USUAL),
            ("three degrees", "110", vec![at("graduate"), bachelor(), at("college")], vec![], USUAL),
            ("college and assistant", "110", vec![at("college")], vec![assistant()], ASSISTANT),
            (
                "college and young registration",
                "110",
                vec![at("college")],
                vec![registered("2025-06")],
                "slip identity_document diploma education_report assistant_papers practice_proof first_registration \
                 employer_licence photo local",
            ),
            ("college", "210", vec![at("college")], vec![], USUAL),
            ("college of this summer", "210", vec![pending(at("college"), "2026-07")], vec![], STUDENT),
            ("secondary", "210", vec![at("secondary")], vec![], secondary),
            (
                "secondary and assistant",
                "110",
                vec![at("secondary")],
                vec![assistant()],
                "slip identity_document diploma secondary_report assistant_papers practice_proof employer_licence photo local",
            ),
            (
                "college after secondary",
                "210",
                vec![at("college"), at("secondary")],
                vec![],
                "slip identity_document diploma education_report secondary_report probation_proof employer_licence photo local",
            ),
        ],
        &[],
    );
}

#[test]
fn papers_for_lost_and_foreign_diplomas() {
    on_the_mainland(
        vec![
            (
                "lost diploma",
                "110",
                vec![lost(bachelor())],
                vec![],
                "slip identity_document school_statement education_report probation_proof employer_licence photo local",
            ),
            (
                "lost secondary diploma",
                "210",
                vec![lost(at("secondary"))],
                vec![],
                "slip identity_document school_statement secondary_report probation_proof employer_licence photo local",
            ),
            (
                "one of two diplomas lost",
                "110",
                vec![at("graduate"), lost(bachelor())],
                vec![],
                "slip identity_document diploma school_statement education_report probation_proof employer_licence photo local",
            ),
            (
                "foreign degree of a resident",
                "110",
                vec![from("99", "University of Oxford", bachelor())],
                vec![],
                "slip identity_document diploma foreign_degree probation_proof employer_licence photo local",
            ),
            (
                "foreign degree of this summer",
                "110",
                vec![pending(from("99", "University of Oxford", bachelor()), "2026-07")],
                vec![],
                STUDENT,
            ),
            (
                "foreign degree after one of the mainland",
                "110",
                vec![from("81", "香港大学", at("graduate")), bachelor()],
                vec![],
                "slip identity_document diploma education_report foreign_degree probation_proof employer_licence photo local",
            ),
        ],
        &[],
    );
}

#[test]
fn papers_of_apprentices() {
    on_the_mainland(
        vec![
            (
                "师承",
                "440",
                vec![master()],
                vec![],
                "slip identity_document probation_proof employer_licence apprenticeship_certificate photo local",
            ),
            (
                "师承, Mongolian medicine",
                "443",
                vec![master()],
                vec![],
                "slip identity_document probation_proof employer_licence apprenticeship_certificate photo local",
            ),
            (
                "师承 who is an assistant",
                "340",
                vec![master()],
                vec![assistant()],
                "slip identity_document assistant_papers practice_proof employer_licence apprenticeship_certificate photo local",
            ),
            (
                "专长 with a bachelor's degree",
                "440",
                vec![master(), bachelor()],
                vec![],
                "slip identity_document diploma education_report probation_proof employer_licence \
                 apprenticeship_certificate photo local",
            ),
        ],
        &[],
    );
    on_the_mainland(
        vec![(
            "专长 whose master is no institution",
            "440",
            vec![master()],
            vec![],
            "slip identity_document probation_proof apprenticeship_certificate photo local",
        )],
        &[("employer_not_medical", "yes")],
    );
}

#[test]
fn papers_of_students() {
    let studying = pending(at("graduate"), "2026-07");
    on_the_mainland(
        vec![
            ("graduate in course", "110", vec![studying.clone()], vec![], STUDENT),
            (
                "graduate in course with a degree",
                "110",
                vec![studying.clone(), bachelor()],
                vec![],
                STUDENT_WITH_DEGREE,
            ),
            ("by the bachelor's degree", "110", vec![bachelor(), studying], vec![], DEGREE_AND_STUDIES),
            ("long track", "110", vec![pending(long_track(bachelor()), "2026-07")], vec![], STUDENT),
        ],
        &[("post_state", "graduating")],
    );
    on_the_mainland(
        vec![(
            "long track for some years yet",
            "110",
            vec![bachelor(), pending(long_track(at("graduate")), "2028-07")],
            vec![],
            "slip identity_document diploma education_report student_proof probation_proof internship_licence photo local",
        )],
        &[],
    );
}

#[test]
fn papers_follow_the_answers() {
    let name =
        "slip identity_document name_statement diploma education_report probation_proof employer_licence photo local";
    let temporary = "slip temporary_card diploma education_report probation_proof employer_licence photo local";
    let both =
        "slip temporary_card name_statement diploma education_report probation_proof employer_licence photo local";
    let no_institution = "slip identity_document diploma education_report probation_proof photo local";
    let elsewhere =
        "slip identity_document diploma education_report probation_proof employer_licence photo recommendation local";
    let card = vec![("temporary_card", "yes"), ("document_until", "2026-05-01")];
    for (who, identity, answers, papers) in [
        ("a name with a missing glyph", named("张?"), vec![], name),
        ("a temporary card", identity(), card.clone(), temporary),
        ("both", named("张?"), card, both),
        ("active cadre", identity(), vec![("military_identity", "1")], MILITARY),
        ("active non-commissioned officer of the police", identity(), vec![("military_identity", "5")], MILITARY),
        ("hired by the army", identity(), vec![("military_identity", "3")], USUAL),
        ("hired by the police", identity(), vec![("military_identity", "6")], USUAL),
        ("no medical institution", identity(), vec![("employer_not_medical", "yes")], no_institution),
        ("another area", identity(), vec![("area", "33"), ("site", "3301")], elsewhere),
    ] {
        let (educations, certificates) = (vec![bachelor()], vec![]);
        Applicant { who, category: "110", identity, educations, certificates, answers, papers }.check();
    }
}

#[test]
fn papers_follow_the_document() {
    let hong_kong = || identity_with("hong_kong_id", "G123456A", "陈大文");
    let macao = || identity_with("macao_id", "1234567(0)", "陈大文");
    let taiwan = || identity_with("taiwan_id", "A123456789", "陈大文");
    let passport = || identity_with("passport", "E1234567", "Mary Jones");
    let with = |household, permit| vec![("household_province", household), ("permit_number", permit)];
    let foreigner =
        "slip identity_document diploma foreign_degree probation_proof internship_foreign employer_licence photo local";
    let foreigner_here = "slip identity_document diploma education_report probation_proof internship_foreign \
                          employer_licence photo local";
    for (who, identity, school, answers, papers) in [
        ("Hong Kong", hong_kong(), bachelor(), with("81", "H0123456789"), NEIGHBOUR),
        (
            "Hong Kong, own school",
            hong_kong(),
            from("81", "香港大学", bachelor()),
            with("81", "H0123456789"),
            NEIGHBOUR_SCHOOL,
        ),
        ("Macao", macao(), bachelor(), with("82", "M0123456789"), NEIGHBOUR),
        (
            "Macao, own school",
            macao(),
            from("82", "澳门科技大学", bachelor()),
            with("82", "M0123456789"),
            NEIGHBOUR_SCHOOL,
        ),
        ("Taiwan", taiwan(), bachelor(), with("71", "0123456789"), NEIGHBOUR),
        (
            "Taiwan, own school",
            taiwan(),
            from("71", "台湾大学", bachelor()),
            with("71", "0123456789"),
            NEIGHBOUR_SCHOOL,
        ),
        (
            "by the permit of Hong Kong",
            identity_with("hong_kong_permit", "H0123456789", "陈大文"),
            bachelor(),
            with("81", ""),
            NEIGHBOUR,
        ),
        (
            "by the permit of Taiwan",
            identity_with("taiwan_permit", "0123456789", "陈大文"),
            bachelor(),
            with("71", ""),
            NEIGHBOUR,
        ),
        ("passport", passport(), bachelor(), with("99", ""), foreigner_here),
        ("passport, own school", passport(), from("99", "University of Oxford", bachelor()), with("99", ""), foreigner),
        (
            "officer's document",
            identity_with("officer", "政字第1234567", "张伟"),
            bachelor(),
            vec![("military_identity", "1")],
            MILITARY,
        ),
        (
            "soldier's document, hired",
            identity_with("soldier", "士字第1234567", "张伟"),
            bachelor(),
            vec![("military_identity", "3")],
            USUAL,
        ),
    ] {
        let (educations, certificates) = (vec![school], vec![]);
        Applicant { who, category: "110", identity, educations, certificates, answers, papers }.check();
    }
}

#[test]
fn the_recommendation_is_not_asked_of_households_outside_the_mainland() {
    for (household, permit) in [("71", "0123456789"), ("81", "H0123456789"), ("82", "M0123456789"), ("99", "")] {
        let asked = Material::Recommendation;
        let identity = match household {
            "71" => identity_with("taiwan_id", "A123456789", "陈大文"),
            "81" => identity_with("hong_kong_id", "G123456A", "陈大文"),
            "82" => identity_with("macao_id", "1234567(0)", "陈大文"),
            _ => identity_with("passport", "E1234567", "Mary Jones"),
        };
        let office = Office::of(identity, vec![bachelor()], vec![]);
        let mut draft = office.draft("110");
        for (name, value) in [("household_province", household), ("permit_number", permit)] {
            answer(&mut draft, name, value);
        }
        let application = draft.check(&office.context()).unwrap();
        assert!(!Material::of(&application, day("2026-03-10")).contains(&asked), "{household}");
    }
}

#[test]
fn a_paper_that_is_listed_is_not_asked_for_again() {
    use forms::eligibility::Proof;
    let office = Office::of(identity(), vec![pending(bachelor(), "2026-07")], vec![]);
    let application = office.draft("110").check(&office.context()).unwrap();
    assert!(application.to_prove.contains(&Proof::DiplomaDue));
    let papers = Material::of(&application, day("2026-03-10"));
    assert!(
        papers.iter().any(|paper| paper.proves() == Some(Proof::DiplomaDue)) && !papers.contains(&Material::Diploma)
    );
}
