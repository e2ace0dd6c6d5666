//! The papers of a review: what an earlier review verified (S19, S112), and what a site changes (S148).
use crate::{common::*, reviewing::*};
use forms::application::EntryView;
use forms::ids::{ApplicationId, ExamSessionId};
use forms::journey::Step;
use forms::materials::Material;
use forms::problem::ReviewProblem;
use forms::profile::{EntryDraft, EntryKind, TrainingDraft};
use forms::review::{Item, PaperChangeDraft, ReviewOutcome, Role};
use registry::*;

fn training() -> TrainingDraft {
    TrainingDraft {
        training_kind: "residency".into(),
        institution: "北京医院".into(),
        start_month: "2015-09".into(),
        end_month: "2018-06".into(),
        ..Default::default()
    }
}
async fn entry(me: &Candidate, kind: EntryKind) -> EntryView {
    me.profile().await.unwrap().entries.into_iter().find(|entry| entry.kind() == kind).unwrap()
}
/// An application of somebody with a diploma and a training, handed in.
async fn apply(database: &TestDatabase, me: &Candidate, session: ExamSessionId) -> ApplicationId {
    let (id, version) = database.full_draft(me, session).await;
    let of = async |kind| entry(me, kind).await.id.to_string();
    let pairs = vec![
        ("educations".to_owned(), of(EntryKind::Education).await),
        ("trainings".to_owned(), of(EntryKind::Training).await),
    ];
    let version = me.save_step(id, Step::Education, pairs, version, true).await.unwrap().version;
    database.later(1);
    me.submit_application(id, version).await.unwrap();
    database.later(1);
    id
}
/// A session of the year after, open at the same time for the sake of the test.
async fn next(database: &TestDatabase, number: u128, trusts_verified: bool) -> ExamSession {
    let before = database.registry.exam_sessions().await.unwrap().remove(0);
    let id = ExamSessionId::from(uuid::Uuid::from_u128(number));
    let session = ExamSession { id, year: before.year + 1, trusts_verified, ..before.clone() };
    let categories = database.registry.categories(before.id).await.unwrap();
    database.registry.put_exam_session(session.clone(), categories).await.unwrap();
    session
}
async fn papers(me: &Candidate, id: ApplicationId) -> (Vec<Material>, Vec<Material>) {
    let view = me.application(id).await.unwrap();
    let (application, day) = (view.snapshot.unwrap(), view.exam.last_review_day());
    (Material::of(&application, day), Material::verified(&application, day))
}
/// Somebody whose entries were verified by the approval of an application.
async fn verified(database: &TestDatabase, reviewer: &Officer, training: TrainingDraft) -> Candidate {
    let (me, session) = database.ready().await;
    me.save_entry(None, EntryDraft::Training(training), 0, true).await.unwrap();
    let id = apply(database, &me, session).await;
    assert!(me.profile().await.unwrap().entries.iter().all(|entry| !entry.verified));
    let record = reviewer.record(id).await.unwrap();
    let list = checklist(&record, "pass", &[]);
    reviewer.assess(id, record.view.row.version, &list, ReviewOutcome::Approve).await.unwrap();
    me
}

#[test]
fn an_approval_verifies_trainings_that_ended() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        for (training, marks) in
            [(training(), [true, true]), (TrainingDraft { end_month: String::new(), ..training() }, [true, false])]
        {
            let me = verified(&database, &reviewer, training).await;
            for (kind, mark) in [EntryKind::Education, EntryKind::Training].into_iter().zip(marks) {
                assert_eq!(entry(&me, kind).await.verified, mark, "{kind:?}");
            }
        }
    });
}

#[test]
fn what_an_earlier_review_verified_is_trusted_unless_the_session_asks_again() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let me = verified(&database, &reviewer, training()).await;
        let trusting = next(&database, 77, true).await;
        let trusted = apply(&database, &me, trusting.id).await;
        let (asked, seen) = papers(&me, trusted).await;
        assert_eq!(seen, [Material::Diploma, Material::EducationReport]);
        assert!(asked.iter().all(|paper| !seen.contains(paper)) && asked.contains(&Material::ProbationProof));
        // The checklist of the review has no item for them, and is complete without.
        let record = reviewer.record(trusted).await.unwrap();
        let list = checklist(&record, "pass", &[]);
        assert!(list.items.iter().all(|item| item.item.code() != "paper.diploma"));
        reviewer.assess(trusted, record.view.row.version, &list, ReviewOutcome::Approve).await.unwrap();
        let asking = next(&database, 78, false).await;
        let again = apply(&database, &me, asking.id).await;
        let (asked, seen) = papers(&me, again).await;
        assert!(asked.contains(&Material::Diploma) && asked.contains(&Material::EducationReport) && seen.is_empty());
    });
}

#[test]
fn a_mark_that_is_withdrawn_asks_for_the_papers_again() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let me = verified(&database, &reviewer, training()).await;
        let session = next(&database, 77, true).await;
        let id = apply(&database, &me, session.id).await;
        let printed = me.printed_version(id).await.unwrap().code;
        let record = reviewer.record(id).await.unwrap();
        let (education, version) = (entry(&me, EntryKind::Education).await.id, record.view.row.version);
        reviewer.verify(id, version, education, false).await.unwrap();
        let (asked, seen) = papers(&me, id).await;
        assert!(asked.contains(&Material::Diploma) && seen.is_empty());
        // The notice lists them, so that the one that was printed is not the latest any more.
        assert_eq!(database.paper_state(&printed).await, PrintedVersionState::Newer);
        // The mark that is given back does not stand for papers that this review asked for.
        reviewer.verify(id, version + 1, education, true).await.unwrap();
        assert!(papers(&me, id).await.0.contains(&Material::Diploma));
        let old = checklist(&record, "pass", &[]);
        let refused = reviewer.assess(id, version + 2, &old, ReviewOutcome::Approve).await;
        assert!(matches!(refused, Err(ReviewError::Refused(ActionRefused::Items(_)))), "{refused:?}");
    });
}

#[test]
fn a_code_says_on_which_paper_it_stands_and_which_version_is_the_latest() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let me = verified(&database, &reviewer, training()).await;
        let session = next(&database, 77, true).await;
        let id = apply(&database, &me, session.id).await;
        let registry = &database.registry;
        let printed = me.printed_version(id).await.unwrap();
        let [notice, form] = [PaperKind::Notice, PaperKind::Form].map(|kind| registry.code_on(&printed, kind));
        let asked = async |code: &str| registry.verified_version(code).await.unwrap();
        for (code, kind) in [(&notice, Some(PaperKind::Notice)), (&form, Some(PaperKind::Form)), (&printed.code, None)]
        {
            let found = asked(&code.to_lowercase()).await.unwrap();
            assert_eq!((found.kind, found.version, found.latest), (kind, 1, 1), "{code}");
        }
        // Neither a mark of another paper nor a code without its end is one.
        let other = if notice.ends_with('0') { "1" } else { "0" };
        let mixed = format!("{}{other}", notice.get(..notice.len() - 1).unwrap());
        for wrong in [&mixed, &notice[..27], &notice[..25], &format!("{notice}0")] {
            assert_eq!(asked(wrong).await.filter(|found| found.kind != Some(PaperKind::Form)), None, "{wrong}");
        }
        let version = reviewer.record(id).await.unwrap().view.row.version;
        reviewer.verify(id, version, entry(&me, EntryKind::Education).await.id, false).await.unwrap();
        let found = asked(&notice).await.unwrap();
        assert_eq!((found.state, found.version, found.latest), (PrintedVersionState::Newer, 1, 2));
    });
}

fn change(code: &str, note: &str) -> PaperChangeDraft {
    PaperChangeDraft { change: code.into(), reason: "other".into(), note: note.into() }
}

#[test]
fn a_site_asks_for_a_paper_or_drops_it_with_a_reason() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let area = officer(&database, "area", Role::AreaOfficer, "11").await;
        let foreign = officer(&database, "foreign", Role::SiteReviewer, "3301").await;
        let (me, id) = submitted(&database).await;
        let printed = me.printed_version(id).await.unwrap().code;
        let version = reviewer.record(id).await.unwrap().view.row.version;
        let ask = change("ask.graduate_commitment", "毕业未满一年");
        assert!(matches!(foreign.change_paper(id, version, &ask).await, Err(ReviewError::Registry(Error::NotFound))));
        assert_eq!(refusal(area.change_paper(id, version, &ask).await), ReviewProblem::NotNow.into());
        assert!(matches!(refusal(reviewer.change_paper(id, version, &change("", "")).await), ActionRefused::Fields(_)));
        // What was found about a paper goes with it.
        let record = reviewer.record(id).await.unwrap();
        reviewer.assess(id, version, &checklist(&record, "pass", &[]), ReviewOutcome::Save).await.unwrap();
        database.later(1);
        reviewer.change_paper(id, version + 1, &ask).await.unwrap();
        database.later(1);
        assert!(matches!(
            reviewer.change_paper(id, version + 1, &change("drop.diploma", "x")).await,
            Err(ReviewError::Registry(Error::Conflict))
        ));
        reviewer.change_paper(id, version + 2, &change("drop.employer_licence", "考区统一提交")).await.unwrap();
        let asked = papers(&me, id).await.0;
        assert!(asked.contains(&Material::GraduateCommitment) && !asked.contains(&Material::EmployerLicence));
        let snapshot = me.application(id).await.unwrap().snapshot.unwrap();
        let notes: Vec<&str> = snapshot.paper_changes.iter().map(|change| change.note.as_str()).collect();
        assert_eq!(notes, ["毕业未满一年", "考区统一提交"]);
        assert_eq!(database.paper_state(&printed).await, PrintedVersionState::Newer);
        let record = reviewer.record(id).await.unwrap();
        let found: Vec<Item> = record.history.found.iter().map(|found| found.item).collect();
        assert!(!found.contains(&Item::Paper(Material::EmployerLicence)) && !found.is_empty());
        let codes: Vec<&str> = record.history.events.iter().map(|event| event.event.code()).collect();
        assert_eq!(codes[codes.len() - 2..], ["review.ask_paper", "review.drop_paper"]);
        while database.registry.chain_audit().await.unwrap() > 0 {}
        assert!(database.registry.verify_audit(&[]).await.unwrap().broken.is_empty());
    });
}

#[test]
fn what_a_site_decided_about_papers_outlives_a_return_and_ends_with_the_approval() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let (me, id) = submitted(&database).await;
        let version = reviewer.record(id).await.unwrap().view.row.version;
        reviewer.change_paper(id, version, &change("ask.graduate_commitment", "应届")).await.unwrap();
        let record = reviewer.record(id).await.unwrap();
        let back = [("finding.answer.mobile", "return"), ("reason.answer.mobile", "differs")];
        reviewer.assess(id, version + 1, &checklist(&record, "pass", &back), ReviewOutcome::Return).await.unwrap();
        // What the candidate has in hand is not changed meanwhile.
        let drop = change("drop.graduate_commitment", "误登记");
        let refused = reviewer.change_paper(id, version + 2, &drop).await;
        assert_eq!(refusal(refused), ReviewProblem::NotNow.into());
        let view = me.application(id).await.unwrap();
        let mut pairs: Vec<(String, String)> =
            view.draft.pairs(Step::Basic).into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect();
        pairs.retain(|(name, _)| name != "mobile");
        pairs.push(("mobile".to_owned(), "13900139000".to_owned()));
        me.save_step(id, Step::Basic, pairs, view.row.version, true).await.unwrap();
        me.submit_application(id, declared(&me, id).await).await.unwrap();
        assert!(papers(&me, id).await.0.contains(&Material::GraduateCommitment));
        let version = reviewer.record(id).await.unwrap().view.row.version;
        let licence = change("drop.employer_licence", "考区统一提交");
        reviewer.change_paper(id, version, &licence).await.unwrap();
        let version = version + 1;
        // What the candidate changed is still told apart from what was there before.
        let record = reviewer.record(id).await.unwrap();
        assert_eq!(record.before.unwrap().contact.mobile.to_string(), "13800138000");
        let record = reviewer.record(id).await.unwrap();
        reviewer.assess(id, version, &checklist(&record, "pass", &[]), ReviewOutcome::Approve).await.unwrap();
        assert_eq!(refusal(reviewer.change_paper(id, version + 1, &drop).await), ReviewProblem::NotNow.into());
        let printed = me.printed_version(id).await.unwrap().version;
        reviewer.sign(id, version + 1, printed).await.unwrap();
        assert_eq!(refusal(reviewer.change_paper(id, version + 2, &drop).await), ReviewProblem::NotNow.into());
    });
}
