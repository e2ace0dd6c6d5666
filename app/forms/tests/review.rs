//! What a reviewer may find, what follows from it, and who may do what when.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Field,
    application::{Application, ApplicationDraft, Flag},
    choice::Choice,
    journey::Step,
    materials::Material,
    review::*,
    rule_set::RULES_2021,
    status::ApplicationStatus,
};

fn application() -> Application {
    let office = Office::new(vec![bachelor()], vec![]);
    office.draft("110").check(&office.context()).unwrap()
}
/// Every paper found right, with some controls changed.
fn list(application: &Application, changes: &[(&str, &str)]) -> ReviewDraft {
    let items = Item::of(application, day("2026-03-10"));
    let papers = items.iter().filter(|item| matches!(item, Item::Paper(_)));
    let mut pairs: Vec<(String, String)> =
        papers.map(|item| (format!("finding.{}", item.code()), "pass".to_owned())).collect();
    pairs.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    ReviewDraft::from_pairs(&items, &pairs)
}
fn codes(draft: &ReviewDraft, outcome: ReviewOutcome) -> Vec<(Option<String>, &'static str)> {
    let problems = draft.check(outcome, day("2026-03-01")).err().unwrap_or_default();
    problems.into_iter().map(|problem| (problem.item.map(Item::code), problem.code.key())).collect()
}

#[test]
fn an_outcome_needs_what_it_says() {
    let a = application();
    let diploma = Some("paper.diploma".to_owned());
    let late = [("finding.paper.diploma", "later"), ("reason.paper.diploma", "not_yet_due")];
    let returned = [("finding.paper.diploma", "return"), ("reason.paper.diploma", "differs")];
    let failed = [("finding.paper.diploma", "fail"), ("reason.paper.diploma", "not_genuine")];
    for (changes, outcome, expect) in [
        (vec![], ReviewOutcome::Approve, vec![]),
        (vec![], ReviewOutcome::Return, vec![(None, "review.nothing_returned")]),
        (vec![], ReviewOutcome::Reject, vec![(None, "review.nothing_failed")]),
        (vec![("finding.paper.diploma", "")], ReviewOutcome::Approve, vec![(diploma.clone(), "review.not_assessed")]),
        (vec![("finding.paper.diploma", "")], ReviewOutcome::Save, vec![]),
        (late.to_vec(), ReviewOutcome::Approve, vec![(diploma.clone(), "review.due_missing")]),
        ([late.as_slice(), &[("due.paper.diploma", "2026-08-20")]].concat(), ReviewOutcome::Approve, vec![]),
        (
            [late.as_slice(), &[("due.paper.diploma", "2026-02-28")]].concat(),
            ReviewOutcome::Approve,
            vec![(diploma.clone(), "review.due_past")],
        ),
        (
            [late.as_slice(), &[("due.paper.diploma", "31.8.")]].concat(),
            ReviewOutcome::Approve,
            vec![(diploma.clone(), "birth.format")],
        ),
        (returned.to_vec(), ReviewOutcome::Return, vec![]),
        (returned.to_vec(), ReviewOutcome::Approve, vec![(None, "review.not_approved")]),
        (
            vec![("finding.paper.diploma", "return")],
            ReviewOutcome::Return,
            vec![(diploma.clone(), "review.reason_missing")],
        ),
        (vec![("finding.paper.diploma", "return")], ReviewOutcome::Save, vec![]),
        (
            vec![("finding.paper.diploma", "return"), ("reason.paper.diploma", "other"), ("note.paper.diploma", "  ")],
            ReviewOutcome::Return,
            vec![(diploma.clone(), "review.note_missing")],
        ),
        (failed.to_vec(), ReviewOutcome::Reject, vec![]),
        (failed.to_vec(), ReviewOutcome::Return, vec![(None, "review.fails_anyway")]),
        (failed.to_vec(), ReviewOutcome::Approve, vec![(None, "review.not_approved")]),
        // What must be seen at the desk is not promised, and an answer does not fail.
        (
            vec![("finding.paper.identity_document", "later")],
            ReviewOutcome::Save,
            vec![(Some("paper.identity_document".into()), "choice.not_allowed")],
        ),
        (
            vec![("finding.answer.mobile", "fail")],
            ReviewOutcome::Save,
            vec![(Some("answer.mobile".into()), "choice.not_allowed")],
        ),
        (vec![("finding.paper.diploma", "perhaps")], ReviewOutcome::Save, vec![(diploma.clone(), "choice.unknown")]),
    ] {
        assert_eq!(codes(&list(&a, &changes), outcome), expect, "{changes:?} {outcome:?}");
    }
    let long = "长".repeat(201);
    let noted = [("note.answer.mobile", long.as_str())];
    assert_eq!(codes(&list(&a, &noted), ReviewOutcome::Save), [(Some("answer.mobile".into()), "text.too_long")]);
}

#[test]
fn a_return_opens_what_was_returned_and_nothing_else() {
    let a = application();
    let changes = [
        ("finding.answer.mobile", "return"),
        ("reason.answer.mobile", "differs"),
        ("finding.paper.diploma", "return"),
        ("reason.paper.diploma", "differs"),
    ];
    let found = list(&a, &changes).check(ReviewOutcome::Return, day("2026-03-01")).unwrap();
    let open = editable_fields(&found);
    assert_eq!(open, [Field::Educations, Field::Mobile, Field::ContactRegion]);
    let before = a.to_draft();
    let mut draft = before.clone();
    let typed = |field: &str, value: &str| (field.to_owned(), value.to_owned());
    draft.apply_editable_fields(Step::Basic, &[typed("mobile", "13900139000"), typed("email", "x@example.com")], &open);
    draft.apply_editable_fields(Step::Work, &[typed("employer", "别的医院")], &open);
    draft.apply_editable_fields(Step::Category, &[typed("category", "210")], &open);
    draft.apply_editable_fields::<String>(Step::Confirm, &[], &open);
    assert_eq!(draft.contact.mobile, "13900139000");
    // A box that was not posted is not ticked: the declaration is made anew.
    assert_eq!(draft.confirm.declaration, "");
    let rest = ApplicationDraft { confirm: before.confirm.clone(), ..draft.clone() };
    let mut expect = before.clone();
    expect.contact.mobile = "13900139000".into();
    expect.contact.contact_region = String::new();
    assert_eq!(rest, expect);
}

#[test]
fn every_item_has_a_name_and_every_opened_answer_a_step() {
    let papers = Material::ALL.iter().copied().map(Item::Paper);
    for item in papers.chain(ANSWERS.iter().copied().map(Item::Answer)) {
        assert_eq!(Item::parse(&item.code()), Some(item));
        assert!(item.findings().contains(&Finding::Return), "{item:?}");
        for field in item.editable_fields() {
            assert!(step_of(*field).is_some(), "{field:?}");
        }
    }
    for answer in ANSWERS {
        assert!(Item::Answer(*answer).editable_fields().contains(answer), "{answer:?}");
    }
    // What registration fixed is corrected by staff, and a category is another application.
    for field in [Field::Name, Field::DocumentNumber, Field::Category, Field::Password] {
        assert_eq!(Item::parse(&format!("answer.{}", field.name())), None);
    }
}

#[test]
fn each_office_has_its_deeds() {
    use ApplicationStatus as S;
    use Role::{AreaOfficer, Centre, SiteReviewer};
    let table = [
        (ReviewAction::Assess, SiteReviewer, vec![S::Submitted, S::Returned, S::SiteApproved]),
        (ReviewAction::Assess, AreaOfficer, vec![S::Signed]),
        (ReviewAction::Correct, SiteReviewer, vec![S::Submitted, S::SiteApproved]),
        (ReviewAction::Verify, SiteReviewer, vec![S::Submitted, S::SiteApproved]),
        (ReviewAction::ChangePaper, SiteReviewer, vec![S::Submitted]),
        (ReviewAction::Sign, SiteReviewer, vec![S::SiteApproved]),
        (ReviewAction::Settle, SiteReviewer, vec![S::SiteApproved, S::Signed, S::AreaApproved]),
        (ReviewAction::Settle, AreaOfficer, vec![S::SiteApproved, S::Signed, S::AreaApproved]),
        (ReviewAction::ApproveArea, AreaOfficer, vec![S::Signed]),
        (ReviewAction::Claim, SiteReviewer, vec![S::Submitted, S::Returned, S::SiteApproved]),
        (ReviewAction::Claim, AreaOfficer, vec![S::Signed]),
        (ReviewAction::Release, SiteReviewer, vec![S::Submitted, S::Returned, S::SiteApproved]),
        (ReviewAction::Release, AreaOfficer, vec![S::Signed]),
    ];
    for action in ReviewAction::ALL {
        for role in [SiteReviewer, AreaOfficer, Centre] {
            let states =
                table.iter().find(|(a, r, _)| a == action && *r == role).map(|row| row.2.clone()).unwrap_or_default();
            for status in S::ALL {
                assert_eq!(
                    action.is_open(role, *status, true),
                    states.contains(status),
                    "{action:?} {role:?} {status:?}"
                );
            }
        }
    }
}

/// S102
#[test]
fn who_is_exempt_from_the_review_on_site_signs_nothing_and_is_approved_by_the_area() {
    use ApplicationStatus as S;
    use Role::{AreaOfficer, SiteReviewer};
    let open = |action: ReviewAction, role, status| action.is_open(role, status, false);
    assert!(!open(ReviewAction::Sign, SiteReviewer, S::SiteApproved));
    assert!(open(ReviewAction::Assess, SiteReviewer, S::Submitted));
    for action in [ReviewAction::Claim, ReviewAction::Assess, ReviewAction::ApproveArea] {
        assert!(open(action, AreaOfficer, S::SiteApproved), "{action:?}");
        assert!(!open(action, AreaOfficer, S::Submitted), "{action:?}");
    }
}

#[test]
fn an_approved_application_is_not_approved_again() {
    use ApplicationStatus::{Returned, Signed, SiteApproved, Submitted};
    // Whatever became of it, its office can end it.
    for status in [Submitted, Returned, SiteApproved, Signed] {
        assert!(ReviewOutcome::Reject.is_open(status));
        assert!(
            [Role::SiteReviewer, Role::AreaOfficer]
                .iter()
                .any(|role| ReviewAction::Assess.is_open(*role, status, true))
        );
    }
    for (outcome, submitted, approved) in [
        (ReviewOutcome::Save, true, false),
        (ReviewOutcome::Approve, true, false),
        (ReviewOutcome::Return, true, true),
        (ReviewOutcome::Reject, true, true),
    ] {
        assert_eq!((outcome.is_open(Submitted), outcome.is_open(SiteApproved)), (submitted, approved), "{outcome:?}");
    }
}

#[test]
fn a_correction_is_checked_as_a_registration_and_says_why() {
    let identity = identity();
    let draft = CorrectionDraft::of(&identity);
    let missing = draft.check(&base()).unwrap_err();
    assert_eq!(missing.iter().map(|p| p.field).collect::<Vec<_>>(), [Field::Reason]);
    let right = CorrectionDraft { name: "章伟".into(), reason: "by_document".into(), ..draft.clone() };
    let correction = right.check(&base()).unwrap();
    assert_eq!(
        (correction.identity.name.to_string().as_str(), correction.reason),
        ("章伟", CorrectionReason::ByDocument)
    );
    assert_eq!(right.changes(&draft), [(Field::Name, identity.name.to_string(), "章伟".to_owned())]);
    let wrong = CorrectionDraft { document_number: "1101011990".into(), ..right.clone() };
    assert_eq!(wrong.check(&base()).unwrap_err()[0].code, DocumentLength.into());
    let noted = CorrectionDraft { note: "长".repeat(201), ..right };
    assert_eq!(noted.check(&base()).unwrap_err()[0].field, Field::Note);
}
use forms::problem::ResidentIdProblem::Length as DocumentLength;

#[test]
fn flags_travel_as_bits() {
    for flag in Flag::ALL {
        assert_eq!(Flag::of_bits(Flag::bits(&[*flag])), [*flag]);
    }
    assert_eq!(Flag::of_bits(Flag::bits(Flag::ALL)), Flag::ALL);
    let mut a = application();
    a.basic.document_until = Some(day("2026-05-01"));
    assert!(!a.flags(day("2026-05-01"), &RULES_2021).contains(&Flag::DocumentExpires));
    assert!(a.flags(day("2026-05-02"), &RULES_2021).contains(&Flag::DocumentExpires));
    let checks = checks(&a, day("2026-05-02"), &RULES_2021);
    assert_eq!(checks.len(), Flag::ALL.iter().filter(|flag| flag.is_check()).count());
    assert!(checks.iter().any(|check| check.flag.code() == "document_expires" && !check.right));
}

#[test]
fn what_no_longer_goes_with_a_mended_answer_opens_too() {
    let wrong = |field| forms::Problem { field, code: forms::Code::REQUIRED };
    let open = all_editable_fields(
        &[Field::MilitaryIdentity],
        &[wrong(Field::Site), wrong(Field::Employer), wrong(Field::Name)],
    );
    assert_eq!(
        open,
        [
            Field::MilitaryIdentity,
            Field::Area,
            Field::Site,
            Field::Employer,
            Field::EmployerId,
            Field::EmployerNotMedical,
        ]
    );
    assert_eq!(all_editable_fields(&[Field::Mobile], &[]), [Field::Mobile]);
}
