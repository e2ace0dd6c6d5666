//! Exemption from the skills test by a recorded pass (S102, S130, X24).
use super::reviewing::*;
use crate::common::*;
use forms::application::Flag;
use forms::category::Category;
use forms::exemption::{SkillsPass, SkillsPolicy};
use forms::ids::ExamSessionId;
use forms::journey::{Journey, Step};
use forms::problem::ReviewProblem;
use forms::review::{ReviewOutcome, Role};
use forms::status::ApplicationStatus as S;
use forms::timeline::Event;
use registry::*;

fn pass(year: u16) -> SkillsPass {
    SkillsPass { category: Category::parse("110").unwrap(), year }
}
/// The shipped session with that policy.
async fn session(database: &TestDatabase, policy: SkillsPolicy) -> ExamSession {
    let session = ExamSession { skills_policy: policy, ..database.registry.exam_sessions().await.unwrap().remove(0) };
    let categories = database.registry.categories(session.id).await.unwrap();
    database.registry.put_exam_session(session.clone(), categories).await.unwrap();
    session
}
/// Records that somebody passed the year before the session.
async fn record(database: &TestDatabase, me: &Candidate, session: &ExamSession) -> u64 {
    let document = me.profile().await.unwrap().account.identity.document;
    let passes = [SkillsPassOf { document, pass: pass(session.year - 1) }];
    database.registry.record_skills_passes(&passes).await.unwrap()
}
async fn submit(database: &TestDatabase, me: &Candidate, session: ExamSessionId) -> forms::ids::ApplicationId {
    let (id, version) = database.full_draft(me, session).await;
    database.later(1);
    me.submit_application(id, version).await.unwrap();
    id
}

#[test]
fn a_pass_is_found_by_its_document_and_recorded_once() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let session = session(&database, SkillsPolicy::WithoutReview).await;
        // The list comes before the person registers.
        let draft = database.registration();
        let list = format!("document_number,category,year\n{},110,{}\n", draft.document_number, session.year - 1);
        let read = read_skills_passes(list.as_bytes()).unwrap();
        assert_eq!(database.registry.record_skills_passes(&read.passes).await.unwrap(), 1);
        assert_eq!(database.registry.record_skills_passes(&read.passes).await.unwrap(), 0);
        let account = database.registry.register(database.checked(&draft)).await.unwrap();
        let (me, other) = (database.registry.candidate_of(account).await.unwrap(), database.candidate().await);
        let mut exempt = Vec::new();
        for candidate in [&me, &other] {
            let id = candidate.begin_application(session.id, Category::parse("110").unwrap()).await.unwrap();
            exempt.push(candidate.application(id).await.unwrap().exemption().is_some());
        }
        assert_eq!(exempt, [true, false]);
        let stored = database.bytes_of("skills_pass", "document_index").await;
        let number = draft.document_number.as_bytes();
        assert!(stored.iter().all(|index| !index.windows(number.len()).any(|part| part == number)));
    });
}

#[test]
fn a_line_that_is_wrong_is_named_by_its_number() {
    let list = "\u{feff}year,category,document_type,document_number\n\
        2025,110,,110101199003070000\n2025,11,passport,e1234567\n2025,110,passport,E1234567\nlast,110,passport,E1234567\n2025,110,card,1\n";
    let read = read_skills_passes(list.as_bytes()).unwrap();
    let why = [PassRefusal::DocumentNumber, PassRefusal::Category, PassRefusal::Year, PassRefusal::DocumentType];
    assert_eq!(read.refused, [(2, why[0]), (3, why[1]), (5, why[2]), (6, why[3])]);
    assert_eq!(read.passes.len(), 1);
    assert_eq!(read_skills_passes(b"name,year\nx,2025\n"), None);
}

#[test]
fn an_exempt_application_goes_from_the_site_to_the_area_without_a_signature() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let session = session(&database, SkillsPolicy::WithoutReview).await;
        let (me, _) = database.ready().await;
        record(&database, &me, &session).await;
        let id = submit(&database, &me, session.id).await;
        let row = me.application(id).await.unwrap().row;
        assert!((row.status, row.is_reviewed_on_site()) == (S::Submitted, false));
        let site = database.officer(Role::SiteReviewer, "1101").await;
        let area = database.officer(Role::AreaOfficer, "11").await;
        let exempt = Search { flag: Some(Flag::SkillsExempt), ..Search::default() };
        assert_eq!(site.queue(&exempt).await.unwrap().rows.len(), 1);
        let early = refusal(area.approve_area(id, row.version).await);
        assert_eq!(early, ReviewProblem::NotNow.into());
        let record = site.record(id).await.unwrap();
        site.assess(id, row.version, &checklist(&record, "pass", &[]), ReviewOutcome::Approve).await.unwrap();
        let version = me.application(id).await.unwrap().row.version;
        let printed = me.printed_version(id).await.unwrap().version;
        assert_eq!(refusal(site.sign(id, version, printed).await), ReviewProblem::NotNow.into());
        area.approve_area(id, version).await.unwrap();
        assert_eq!(me.application(id).await.unwrap().row.status, S::AreaApproved);
        assert!(me.history(id).await.unwrap().events.iter().any(|event| event.event == Event::ApproveExempt));
    });
}

#[test]
fn where_the_session_asks_a_review_an_exempt_application_is_signed() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let session = session(&database, SkillsPolicy::WithReview).await;
        let (me, _) = database.ready().await;
        record(&database, &me, &session).await;
        let id = submit(&database, &me, session.id).await;
        let row = me.application(id).await.unwrap().row;
        assert!(row.is_reviewed_on_site());
        let site = database.officer(Role::SiteReviewer, "1101").await;
        let record = site.record(id).await.unwrap();
        assert!(record.view.snapshot.as_ref().unwrap().exemption.is_some());
        site.assess(id, row.version, &checklist(&record, "pass", &[]), ReviewOutcome::Approve).await.unwrap();
        let version = me.application(id).await.unwrap().row.version;
        let area = database.officer(Role::AreaOfficer, "11").await;
        assert!(area.approve_area(id, version).await.is_err());
        site.sign(id, version, me.printed_version(id).await.unwrap().version).await.unwrap();
        assert_eq!(me.application(id).await.unwrap().row.status, S::Signed);
    });
}

#[test]
fn who_is_exempt_begins_with_the_answers_of_the_year_before() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let before = session(&database, SkillsPolicy::WithoutReview).await;
        let (me, _) = database.ready().await;
        let old = submit(&database, &me, before.id).await;
        // The next year's session, open at the same time for the sake of the test.
        let next =
            ExamSession { id: ExamSessionId::from(uuid::Uuid::from_u128(77)), year: before.year + 1, ..before.clone() };
        let categories = database.registry.categories(before.id).await.unwrap();
        database.registry.put_exam_session(next.clone(), categories).await.unwrap();
        record(&database, &me, &next).await;
        let id = me.begin_application(next.id, Category::parse("110").unwrap()).await.unwrap();
        let view = me.application(id).await.unwrap();
        let stored = me.application(old).await.unwrap().draft;
        assert_eq!((&view.draft.selection, &view.draft.site.site), (&stored.selection, &stored.site.site));
        let open = view.open();
        let now = Moment(database.now.load(std::sync::atomic::Ordering::SeqCst));
        let context = view.context(now, &open);
        assert_eq!(Journey::of(&view.draft, &context).after(Step::Category), Some(Step::Confirm));
        // Another category is begun from the profile.
        let other = database.candidate().await;
        let plain = other.begin_application(next.id, Category::parse("140").unwrap()).await.unwrap();
        assert!(other.application(plain).await.unwrap().draft.attempted.is_empty());
    });
}
