//! Reviews: returns, corrections, signatures, outstanding items.
use crate::{common::*, reviewing::*};
use forms::Field;
use forms::ids::ApplicationId;
use forms::journey::Step;
use forms::problem::ReviewProblem;
use forms::profile::{EducationDraft, EntryDraft};
use forms::review::{CorrectionDraft, FindingReason, Item, ItemFinding, ItemProblem, ReviewOutcome, Role};
use forms::status::ApplicationStatus;
use registry::*;

/// The diploma and the telephone are to be corrected.
const RETURNED: [(&str, &str); 6] = [
    ("finding.paper.diploma", "return"),
    ("reason.paper.diploma", "differs"),
    ("note.paper.diploma", "编号与证书不一致"),
    ("finding.answer.mobile", "return"),
    ("reason.answer.mobile", "other"),
    ("note.answer.mobile", "空号"),
];

/// Somebody whose application was saved and returned, and its reviewer.
async fn returned(database: &TestDatabase) -> (Candidate, ApplicationId, Officer) {
    let (me, id) = submitted(database).await;
    let reviewer = officer(database, "site", Role::SiteReviewer, "1101").await;
    let record = reviewer.record(id).await.unwrap();
    let (version, list) = (record.view.row.version, checklist(&record, "pass", &RETURNED));
    reviewer.assess(id, version, &list, ReviewOutcome::Save).await.unwrap();
    database.later(1);
    reviewer.assess(id, version + 1, &list, ReviewOutcome::Return).await.unwrap();
    (me, id, reviewer)
}

/// Corrects what was returned: the number of the diploma and the telephone. Other answers are posted as well.
async fn correct(me: &Candidate, id: ApplicationId) {
    let entry = me.profile().await.unwrap().entries[0].clone();
    let corrected = EducationDraft { diploma_number: "100251201405000999".into(), ..bachelor() };
    me.save_entry(Some(entry.id), EntryDraft::Education(corrected), entry.version, true).await.unwrap();
    let view = me.application(id).await.unwrap();
    let mut pairs: Vec<(String, String)> =
        view.draft.pairs(Step::Basic).into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect();
    pairs.retain(|(name, _)| name != "mobile" && name != "email");
    pairs.extend([
        ("mobile".to_owned(), "13900139000".to_owned()),
        ("email".to_owned(), "other@example.com".to_owned()),
    ]);
    let version = me.save_step(id, Step::Basic, pairs, view.row.version, true).await.unwrap().version;
    let closed = vec![("area".to_owned(), "33".to_owned()), ("site".to_owned(), "3301".to_owned())];
    me.save_step(id, Step::Site, closed, version, true).await.unwrap();
}

#[test]
fn an_outcome_that_its_findings_contradict_is_refused() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (_, id) = submitted(&database).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let record = reviewer.record(id).await.unwrap();
        let version = record.view.row.version;
        let (nothing, list) = (checklist(&record, "pass", &[]), checklist(&record, "pass", &RETURNED));
        for (list, outcome) in [(&nothing, ReviewOutcome::Return), (&list, ReviewOutcome::Approve)] {
            let refused = reviewer.assess(id, version, list, outcome).await;
            assert!(matches!(refused, Err(ReviewError::Refused(ActionRefused::Items(_)))), "{outcome:?}");
        }
        reviewer.assess(id, version, &list, ReviewOutcome::Save).await.unwrap();
        let late = reviewer.assess(id, version, &list, ReviewOutcome::Return).await;
        assert!(matches!(late, Err(ReviewError::Registry(Error::Conflict))));
    });
}

#[test]
fn a_returned_application_opens_what_was_returned() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id, _) = returned(&database).await;
        let history = me.history(id).await.unwrap();
        let mut open = history.editable_fields.clone();
        open.sort();
        let mut expect = vec![Field::Mobile, Field::ContactRegion, Field::Educations];
        expect.sort();
        assert_eq!(open, expect);
        let said = |one: &ItemFinding| one.reason == Some(FindingReason::Differs) && one.note == "编号与证书不一致";
        assert!(history.found.iter().any(said));
        assert_eq!(me.application(id).await.unwrap().row.status, ApplicationStatus::Returned);
        // The lock of the returned group is released.
        assert_eq!(me.profile().await.unwrap().entries[0].locks, 0);
    });
}

#[test]
fn only_what_was_returned_changes_and_may_be_corrected_after_the_window() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id, _) = returned(&database).await;
        correct(&me, id).await;
        let view = me.application(id).await.unwrap();
        let shift = (view.exam.closes.0 - database.registry.settings().clock.now().0) / 1_000_000 + 60;
        database.later(shift);
        // What was declared was declared of other answers.
        let serial = me.submit_application(id, declared(&me, id).await).await.unwrap();
        assert_eq!(Some(serial.as_str()), view.row.serial.as_deref());
        let snapshot = me.application(id).await.unwrap().snapshot.unwrap();
        assert_eq!(snapshot.contact.mobile.to_string(), "13900139000");
        assert_eq!(snapshot.contact.email.to_string(), "zhang@example.com");
        assert_eq!(snapshot.site, "1101");
        assert_eq!(me.profile().await.unwrap().entries[0].locks, 1);
    });
}

#[test]
fn the_reviewer_sees_what_a_resubmission_changed_and_the_older_paper_says_so() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id, reviewer) = returned(&database).await;
        let paper = me.printed_version(id).await.unwrap();
        assert_eq!(database.paper_state(&paper.code.to_lowercase()).await, PrintedVersionState::Latest);
        database.later(1);
        correct(&me, id).await;
        me.submit_application(id, declared(&me, id).await).await.unwrap();
        let record = reviewer.record(id).await.unwrap();
        assert_eq!(record.before.unwrap().contact.mobile.to_string(), "13800138000");
        assert_eq!((record.history.printed_version, record.history.editable_fields.len()), (2, 0));
        assert_eq!(database.paper_state(&paper.code).await, PrintedVersionState::Newer);
        let newer = me.printed_version(id).await.unwrap();
        assert_eq!(database.paper_state(&newer.code).await, PrintedVersionState::Latest);
        assert_eq!(database.registry.verified_version("0").await.unwrap(), None);
        let actions: Vec<&str> = record.history.events.iter().map(|event| event.event.code()).collect();
        let expect =
            ["application.begin", "application.submit", "review.save", "review.return", "application.resubmit"];
        assert_eq!(actions, expect);
        assert_eq!(record.history.events[3].office, Some((Role::SiteReviewer, "1101".to_owned())));
    });
}

#[test]
fn a_returned_application_is_declared_anew() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let record = reviewer.record(id).await.unwrap();
        let returned =
            [("finding.answer.mobile", "return"), ("reason.answer.mobile", "other"), ("note.answer.mobile", "空号")];
        let list = checklist(&record, "pass", &returned);
        reviewer.assess(id, record.view.row.version, &list, ReviewOutcome::Return).await.unwrap();
        let view = me.application(id).await.unwrap();
        assert_eq!(view.draft.confirm.declaration, "");
        assert!(!view.draft.attempted.contains(&Step::Confirm));
        assert!(view.draft.attempted.contains(&Step::Site));
        let Err(SubmitError::Problems(problems)) = me.submit_application(id, view.row.version).await else {
            panic!("it was submitted")
        };
        assert!(problems.iter().any(|(step, problem)| *step == Step::Confirm && problem.field == Field::Declaration));
    });
}

#[test]
fn what_is_returned_after_all_is_not_verified() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let record = reviewer.record(id).await.unwrap();
        let version = record.view.row.version;
        reviewer.assess(id, version, &checklist(&record, "pass", &[]), ReviewOutcome::Approve).await.unwrap();
        assert!(me.profile().await.unwrap().entries[0].verified);
        let again = [("finding.paper.diploma", "return"), ("reason.paper.diploma", "differs")];
        let list = checklist(&record, "pass", &again);
        reviewer.assess(id, version + 1, &list, ReviewOutcome::Return).await.unwrap();
        let entry = me.profile().await.unwrap().entries[0].clone();
        assert!(!entry.verified && entry.locks == 0 && !entry.is_read_only());
        // Another entry instead: the first one was given back, and travels along with the next submission (S139).
        let (other, _) = me.save_entry(None, EntryDraft::Education(bachelor()), 0, true).await.unwrap();
        let version = me.application(id).await.unwrap().row.version;
        let pairs = vec![("educations".to_owned(), other.to_string())];
        me.save_step(id, Step::Education, pairs, version, true).await.unwrap();
        me.submit_application(id, declared(&me, id).await).await.unwrap();
        let locks: Vec<i64> = me.profile().await.unwrap().entries.iter().map(|entry| entry.locks).collect();
        assert_eq!(locks, [1, 1]);
        let snapshot = me.application(id).await.unwrap().snapshot.unwrap();
        assert_eq!((snapshot.educations[0].0, snapshot.other_educations[0].0), (other, entry.id));
        // What was said about it before is known, and to be assessed anew.
        let record = reviewer.record(id).await.unwrap();
        assert!(record.history.to_reassess.contains(&Item::Paper(forms::materials::Material::Diploma)));
        // The site may also end what never comes back.
        let fail = [("finding.paper.diploma", "fail"), ("reason.paper.diploma", "not_genuine")];
        let version = record.view.row.version;
        reviewer.assess(id, version, &checklist(&record, "pass", &again), ReviewOutcome::Return).await.unwrap();
        let list = checklist(&record, "pass", &fail);
        reviewer.assess(id, version + 1, &list, ReviewOutcome::Reject).await.unwrap();
        assert_eq!(me.application(id).await.unwrap().row.status, ApplicationStatus::Rejected);
    });
}

#[test]
fn identity_is_corrected_with_a_reason() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        let (other, _) = submitted(&database).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let record = reviewer.record(id).await.unwrap();
        let before = CorrectionDraft::of(&record.view.snapshot.as_ref().unwrap().identity);
        let version = record.view.row.version;
        let wrong = |draft: CorrectionDraft, field: Field| {
            let reviewer = reviewer.clone();
            async move {
                match reviewer.correct(id, version, &draft).await {
                    Err(ReviewError::Refused(ActionRefused::Fields(problems))) => {
                        assert!(problems.iter().any(|p| p.field == field), "{problems:?}")
                    }
                    other => panic!("{other:?}"),
                }
            }
        };
        wrong(CorrectionDraft { reason: "by_document".into(), ..before.clone() }, Field::Name).await;
        wrong(CorrectionDraft { name: "章伟".into(), ..before.clone() }, Field::Reason).await;
        wrong(
            CorrectionDraft { document_number: "110101".into(), reason: "by_document".into(), ..before.clone() },
            Field::DocumentNumber,
        )
        .await;
        let taken = other.about().identity.document.number().to_owned();
        let whole = CorrectionDraft { sex: String::new(), birth_date: String::new(), ..before.clone() };
        wrong(CorrectionDraft { document_number: taken, reason: "by_document".into(), ..whole }, Field::DocumentNumber)
            .await;
        let right =
            CorrectionDraft {
                name: "章伟".into(), reason: "by_document".into(), note: "见身份证".into(), ..before
            };
        reviewer.correct(id, version, &right).await.unwrap();
        let seen = me.history(id).await.unwrap();
        assert_eq!(seen.corrections[0].1.changes, [(Field::Name, "张伟".to_owned(), "章伟".to_owned())]);
        assert_eq!((seen.printed_version, seen.corrections.len()), (2, 1));
        assert_eq!(me.application(id).await.unwrap().snapshot.unwrap().identity.name.to_string(), "章伟");
        assert_eq!(me.profile().await.unwrap().account.identity.name.to_string(), "章伟");
        let found = reviewer.queue(&Search { find: "章伟".into(), ..Search::default() }).await.unwrap();
        assert_eq!(found.rows.len(), 1);
    });
}

#[test]
fn what_was_signed_stands() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let area = officer(&database, "area", Role::AreaOfficer, "11").await;
        let record = reviewer.record(id).await.unwrap();
        let entry = record.view.entries[0].id;
        let version = record.view.row.version;
        reviewer.verify(id, version, entry, true).await.unwrap();
        reviewer.verify(id, version + 1, entry, false).await.unwrap();
        assert!(!me.profile().await.unwrap().entries[0].verified);
        let list = checklist(&record, "pass", &[]);
        reviewer.assess(id, version + 2, &list, ReviewOutcome::Approve).await.unwrap();
        // What was seen is verified (S20).
        assert!(me.profile().await.unwrap().entries[0].verified);
        assert_eq!(
            refusal(reviewer.sign(id, version + 3, 7).await),
            ActionRefused::Items(vec![ItemProblem { item: None, code: ReviewProblem::OldPaper.into() }])
        );
        reviewer.sign(id, version + 3, 1).await.unwrap();
        // Neither an office nor somebody at the database changes what was signed.
        let draft = CorrectionDraft {
            name: "章伟".into(),
            reason: "by_document".into(),
            ..CorrectionDraft::of(&record.view.identity)
        };
        assert!(matches!(reviewer.correct(id, version + 4, &draft).await, Err(ReviewError::Refused(_))));
        for statement in [
            "UPDATE application SET name = 'x'",
            "UPDATE application SET status = 'draft'",
            "UPDATE application SET snapshot_sealed = NULL",
            "DELETE FROM application",
            "UPDATE paper SET made = 1",
            "DELETE FROM paper",
            "DELETE FROM signature",
            "UPDATE signature SET paper = 2",
        ] {
            assert!(database.try_behind_the_back(statement).await.is_err(), "{statement}");
        }
        database.later(1);
        area.approve_area(id, version + 4).await.unwrap();
        let history = me.history(id).await.unwrap();
        assert_eq!(history.signature.unwrap().printed_version, 1);
        assert_eq!(me.application(id).await.unwrap().row.status, ApplicationStatus::AreaApproved);
        assert_eq!(history.events.last().unwrap().office, Some((Role::AreaOfficer, "11".to_owned())));
        while database.registry.chain_audit().await.unwrap() > 0 {}
        assert!(database.registry.verify_audit(&[]).await.unwrap().broken.is_empty());
    });
}

const LATER: [(&str, &str); 3] =
    [("finding.paper.diploma", "later"), ("reason.paper.diploma", "not_yet_due"), ("due.paper.diploma", "2026-08-20")];
const DIPLOMA: Item = Item::Paper(forms::materials::Material::Diploma);

/// Somebody whose record was approved and signed, with a diploma that is to come by a day; the version of the record.
async fn signed_with_outstanding(database: &TestDatabase, reviewer: &Officer) -> (Candidate, ApplicationId, i64) {
    let (me, id) = submitted(database).await;
    let record = reviewer.record(id).await.unwrap();
    let version = record.view.row.version;
    let list = checklist(&record, "pass", &LATER);
    reviewer.assess(id, version, &list, ReviewOutcome::Approve).await.unwrap();
    reviewer.sign(id, version + 1, 1).await.unwrap();
    (me, id, version + 2)
}

#[test]
fn what_is_to_come_needs_a_day_and_is_not_verified_until_it_came() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let record = reviewer.record(id).await.unwrap();
        let version = record.view.row.version;
        let without_day = checklist(&record, "pass", &LATER[..2]);
        let refused = reviewer.assess(id, version, &without_day, ReviewOutcome::Approve).await;
        assert!(matches!(refused, Err(ReviewError::Refused(_))));
        let list = checklist(&record, "pass", &LATER);
        reviewer.assess(id, version, &list, ReviewOutcome::Approve).await.unwrap();
        assert!(!me.profile().await.unwrap().entries[0].verified);
    });
}

#[test]
fn what_came_by_its_day_is_seen_once() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let (me, id, version) = signed_with_outstanding(&database, &reviewer).await;
        reviewer.settle(id, version, DIPLOMA, true).await.unwrap();
        let again = reviewer.settle(id, version + 1, DIPLOMA, true).await;
        assert!(matches!(again, Err(ReviewError::Registry(Error::NotFound))));
        let entry = me.profile().await.unwrap().entries[0].clone();
        let status = me.application(id).await.unwrap().row.status;
        assert_eq!((status, entry.locks, entry.verified), (ApplicationStatus::Signed, 1, true));
    });
}

#[test]
fn what_never_came_ends_it() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let (me, id, version) = signed_with_outstanding(&database, &reviewer).await;
        // Not before its day is over.
        assert!(matches!(reviewer.settle(id, version, DIPLOMA, false).await, Err(ReviewError::Refused(_))));
        database.later(210 * 86_400);
        let token = database.registry.staff_login("site", "Schreibtisch9", None).await.unwrap().session;
        let reviewer = database.registry.officer(&token).await.unwrap().unwrap();
        reviewer.settle(id, version, DIPLOMA, false).await.unwrap();
        let again = reviewer.settle(id, version + 1, DIPLOMA, false).await;
        assert!(matches!(again, Err(ReviewError::Registry(Error::NotFound))));
        let locks = me.profile().await.unwrap().entries[0].locks;
        assert_eq!((me.application(id).await.unwrap().row.status, locks), (ApplicationStatus::Rejected, 0));
    });
}

#[test]
fn a_rejection_gives_the_locks_back() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let record = reviewer.record(id).await.unwrap();
        let list =
            checklist(&record, "pass", &[("finding.paper.diploma", "fail"), ("reason.paper.diploma", "not_genuine")]);
        reviewer.assess(id, record.view.row.version, &list, ReviewOutcome::Reject).await.unwrap();
        let locks = me.profile().await.unwrap().entries[0].locks;
        assert_eq!((me.application(id).await.unwrap().row.status, locks), (ApplicationStatus::Rejected, 0));
    });
}
