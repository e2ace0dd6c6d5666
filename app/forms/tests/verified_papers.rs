//! The papers of entries that an earlier review verified (S19).
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{choice::Choice, eligibility::Proof, materials::Material, profile::EducationDraft};

fn at(level: &str) -> EducationDraft {
    EducationDraft { level: level.into(), ..bachelor() }
}
/// A diploma that is to come in the summer.
fn pending() -> EducationDraft {
    EducationDraft {
        not_yet_awarded: "yes".into(),
        diploma_number: String::new(),
        graduation_month: "2026-07".into(),
        ..bachelor()
    }
}
fn lost() -> EducationDraft {
    EducationDraft { diploma_lost: "yes".into(), ..bachelor() }
}
fn master() -> EducationDraft {
    EducationDraft { level: "apprenticeship".into(), ..Default::default() }
}

const USUAL: &str = "slip identity_document diploma education_report probation_proof employer_licence photo local";
const STUDENT: &str = "slip identity_document diploma_later student_proof probation_proof internship_licence graduate_commitment photo local";

#[test]
fn papers_of_what_an_earlier_review_verified_are_not_asked_for() {
    let kept = "slip identity_document probation_proof employer_licence photo local";
    let practice = "slip identity_document practice_proof employer_licence photo local";
    // Who it is, the category, the entries of which the first so many are verified, what is asked for, what is not.
    for (who, category, educations, certificates, verified, asked, seen) in [
        ("a diploma", "110", vec![bachelor()], vec![], 1, kept, "diploma education_report"),
        ("nothing verified", "110", vec![bachelor()], vec![], 0, USUAL, ""),
        ("one of two", "110", vec![at("graduate"), bachelor()], vec![], 1, USUAL, ""),
        (
            "a certificate besides",
            "110",
            vec![at("college")],
            vec![assistant()],
            2,
            practice,
            "diploma education_report assistant_papers",
        ),
        ("a lost diploma", "110", vec![lost()], vec![], 1, kept, "school_statement education_report"),
        ("studies that go on", "110", vec![pending()], vec![], 1, STUDENT, ""),
        ("师承", "440", vec![master()], vec![], 1, kept, "apprenticeship_certificate"),
        ("a secondary diploma", "210", vec![at("secondary")], vec![], 1, kept, "diploma secondary_report"),
    ] {
        let mut office = Office::new(educations, certificates);
        office.entries.iter_mut().take(verified).for_each(|entry| entry.verified = true);
        let keys = |papers: Vec<Material>| papers.into_iter().map(Material::key).collect::<Vec<_>>().join(" ");
        let until = day("2026-03-10");
        let trusted = office.draft(category).check(&office.context()).unwrap();
        assert_eq!(keys(Material::of(&trusted, until)), asked, "{who}");
        assert_eq!(keys(Material::verified(&trusted, until)), seen, "{who}");
        // A session that asks for everything again.
        office.trusts_verified = false;
        let again = office.draft(category).check(&office.context()).unwrap();
        assert!(Material::verified(&again, until).is_empty(), "{who}");
        assert_eq!(
            Material::of(&again, until).len(),
            Material::of(&trusted, until).len() + Material::verified(&trusted, until).len(),
            "{who}"
        );
    }
}

#[test]
fn a_paper_that_was_verified_is_not_to_be_proven_again() {
    let mut office = Office::new(vec![master()], vec![]);
    let proofs = |office: &Office| office.draft("440").check(&office.context()).unwrap().to_prove;
    assert!(proofs(&office).contains(&Proof::ApprenticeshipPaper));
    office.entries[0].verified = true;
    assert!(!proofs(&office).contains(&Proof::ApprenticeshipPaper));
    assert_eq!(office.draft("440").to_prove(&office.context()), proofs(&office));
}

#[test]
fn a_paper_names_the_diploma_that_is_meant_where_there_are_several() {
    let named = |educations: Vec<EducationDraft>, verified: usize, paper: Material| {
        let mut office = Office::new(educations, Vec::new());
        office.entries.iter_mut().take(verified).for_each(|entry| entry.verified = true);
        let application = office.draft("110").check(&office.context()).unwrap();
        let levels = paper.educations(&application).into_iter().map(|education| education.level.code());
        levels.collect::<Vec<_>>().join(" ")
    };
    let studies = || EducationDraft { level: "graduate".into(), degree: "professional".into(), ..pending() };
    for (who, educations, verified, paper, expect) in [
        ("one diploma", vec![bachelor()], 0, Material::Diploma, ""),
        ("two", vec![at("graduate"), bachelor()], 0, Material::Diploma, "graduate bachelor"),
        ("two, one of them seen", vec![at("graduate"), bachelor()], 1, Material::Diploma, "bachelor"),
        ("two, both of them seen", vec![at("graduate"), bachelor()], 2, Material::Diploma, "graduate bachelor"),
        ("a graduate in course", vec![bachelor(), studies()], 0, Material::Diploma, "bachelor"),
        ("a graduate in course", vec![bachelor(), studies()], 0, Material::StudentProof, "graduate"),
        ("one lost", vec![at("graduate"), lost()], 0, Material::SchoolStatement, "bachelor"),
        ("one lost", vec![at("graduate"), lost()], 0, Material::Diploma, "graduate"),
        ("two", vec![at("graduate"), bachelor()], 0, Material::IdentityDocument, ""),
    ] {
        assert_eq!(named(educations, verified, paper), expect, "{who} {paper:?}");
    }
}
