//! Changes of the list of papers by an office (S148).
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Field,
    application::Application,
    materials::Material,
    review::{Item, PaperChange, PaperChangeDraft, PaperReason, ReviewAction, Role},
    status::ApplicationStatus,
};

fn application() -> Application {
    let office = Office::new(vec![bachelor()], vec![]);
    office.draft("110").check(&office.context()).unwrap()
}
fn papers(application: &Application) -> Vec<Material> {
    Material::of(application, day("2026-03-10"))
}
fn typed(change: &str, reason: &str, note: &str) -> PaperChangeDraft {
    PaperChangeDraft { change: change.into(), reason: reason.into(), note: note.into() }
}

#[test]
fn a_change_of_papers_needs_a_reason_and_changes_something() {
    let asked = papers(&application());
    let long = "长".repeat(201);
    for (change, reason, note, expect) in [
        ("ask.graduate_commitment", "recent_graduate", "", vec![]),
        ("drop.employer_licence", "other", "单位已由考区统一提交", vec![]),
        ("", "", "", vec![(Field::PaperChange, "text.required"), (Field::PaperReason, "text.required")]),
        ("drop.graduate_commitment", "other", "x", vec![(Field::PaperChange, "review.paper_unchanged")]),
        ("ask.diploma", "doubt", "", vec![(Field::PaperChange, "review.paper_unchanged")]),
        ("drop.diploma", "other", " ", vec![(Field::PaperNote, "review.note_missing")]),
        ("drop.diploma", "shown_otherwise", &long, vec![(Field::PaperNote, "text.too_long")]),
        ("drop.diploma", "doubt", "", vec![(Field::PaperReason, "review.reason_of_other")]),
        // What belongs to every review stays, and what is no paper is none.
        ("drop.slip", "local_rule", "", vec![(Field::PaperChange, "choice.unknown")]),
        ("drop.identity_document", "local_rule", "", vec![(Field::PaperChange, "choice.unknown")]),
        ("keep.diploma", "local_rule", "", vec![(Field::PaperChange, "choice.unknown")]),
        (
            "drop.passport",
            "perhaps",
            "",
            vec![(Field::PaperChange, "choice.unknown"), (Field::PaperReason, "choice.unknown")],
        ),
    ] {
        let found = typed(change, reason, note).check(&asked, day("2026-02-20")).err().unwrap_or_default();
        let found: Vec<_> = found.into_iter().map(|problem| (problem.field, problem.code.key())).collect();
        assert_eq!(found, expect, "{change} {reason}");
    }
}

#[test]
fn the_last_change_of_a_paper_decides_whatever_follows_from_the_answers() {
    let mut application = application();
    let paper = Material::GraduateCommitment;
    for (change, asked) in [("ask", true), ("drop", false), ("ask", true)] {
        let before = papers(&application);
        let draft = typed(&format!("{change}.{}", paper.key()), "local_rule", "");
        application.paper_changes.push(draft.check(&before, day("2026-02-20")).unwrap());
        assert_eq!(papers(&application).contains(&paper), asked);
        // The checklist has the same papers, in the manual's order.
        let items: Vec<Item> = papers(&application).into_iter().map(Item::Paper).collect();
        assert_eq!(Item::of(&application, day("2026-03-10"))[..items.len()], items);
    }
    let json = serde_json::to_string(&application).unwrap();
    assert_eq!(serde_json::from_str::<Application>(&json).unwrap(), application);
}

#[test]
fn a_verified_paper_may_be_asked_for_and_a_dropped_one_is_not_called_verified() {
    let mut office = Office::new(vec![bachelor()], vec![]);
    office.entries[0].verified = true;
    let mut application = office.draft("110").check(&office.context()).unwrap();
    let change = |paper, asked| PaperChange {
        paper,
        asked,
        reason: PaperReason::Doubt,
        note: String::new(),
        day: day("2026-02-20"),
    };
    application.paper_changes = vec![change(Material::Diploma, true), change(Material::EducationReport, false)];
    assert!(papers(&application).contains(&Material::Diploma));
    assert_eq!(Material::verified(&application, day("2026-03-10")), []);
}

#[test]
fn only_the_site_changes_papers_and_only_before_it_decided() {
    use forms::choice::Choice;
    for role in Role::ALL {
        for status in ApplicationStatus::ALL {
            for on_site in [true, false] {
                let expect = *role == Role::SiteReviewer && *status == ApplicationStatus::Submitted && on_site;
                assert_eq!(ReviewAction::ChangePaper.is_open(*role, *status, on_site), expect, "{role:?} {status:?}");
            }
        }
    }
}

#[test]
fn every_change_that_is_offered_is_accepted() {
    let asked = papers(&application());
    let offered = PaperChangeDraft::choices(&asked);
    assert_eq!(offered.len(), Material::ALL.len() - 5);
    for (paper, ask) in offered {
        let draft = typed(&PaperChangeDraft::code(paper, ask), "local_rule", "");
        let change = draft.check(&asked, day("2026-02-20")).unwrap();
        assert_eq!((change.paper, change.asked), (paper, ask));
    }
}
