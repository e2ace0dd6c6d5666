//! What the desk promises, on SQLite and on PostgreSQL.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at what cannot be")]
mod common;
use common::*;
use forms::{
    Field,
    application::Flag,
    ids::ApplicationId,
    journey::Step,
    problem::*,
    profile::{EducationDraft, EntryDraft},
    review::*,
    status::ApplicationStatus,
};
use registry::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_desk_keeps_its_promises() {
    for engine in ENGINES {
        eprintln!("-- {engine:?}");
        staff_log_in_and_are_shut_out(engine).await;
        offices_see_their_own(engine).await;
        records_are_found(engine).await;
        one_record_one_reviewer(engine).await;
        a_returned_application_opens_what_was_returned(engine).await;
        what_is_returned_after_all_is_not_verified(engine).await;
        identity_is_corrected_with_a_reason(engine).await;
        what_was_signed_stands(engine).await;
        what_never_came_ends_it(engine).await;
        older_books_are_prepared(engine).await;
    }
    let mut only = statements::on_one_engine_only();
    // Filling the books is the contract test's matter.
    only.retain(|sql| sql.contains("staff") || sql.contains("finding") || sql.contains("waiting"));
    assert_eq!(only, Vec::<String>::new());
}

/// An application that was handed in, and its candidate.
async fn submitted(books: &Books) -> (Candidate, ApplicationId) {
    let (me, session) = books.ready().await;
    let (id, version) = books.full_draft(&me, session).await;
    books.later(1);
    me.submit(id, version).await.unwrap();
    books.later(1);
    (me, id)
}
async fn officer(books: &Books, name: &str, role: Role, scope: &str) -> Officer {
    books.registry.add_staff(name, name, role, scope, "Schreibtisch9").await.unwrap();
    let token = books.registry.staff_login(name, "Schreibtisch9").await.unwrap();
    books.registry.officer(&token).await.unwrap().unwrap()
}
/// A checklist with a finding for each paper, and some besides.
fn checklist(record: &Record, finding: &str, others: &[(&str, &str)]) -> ReviewDraft {
    let items = Item::of(record.view.snapshot.as_ref().unwrap());
    let mut pairs: Vec<(String, String)> = items
        .iter()
        .filter(|item| matches!(item, Item::Paper(_)))
        .map(|item| (format!("finding.{}", item.code()), finding.to_owned()))
        .collect();
    pairs.extend(others.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    ReviewDraft::from_pairs(&items, &pairs)
}

async fn staff_log_in_and_are_shut_out(engine: Engine) {
    let books = Books::open(engine).await;
    demo::load_shipped(&books.registry).await.unwrap();
    let registry = &books.registry;
    let add = |name: &'static str, role, scope: &'static str, password: &'static str| async move {
        registry.add_staff(name, "陈老师", role, scope, password).await
    };
    assert!(matches!(add("chen", Role::SiteReviewer, "9999", "Schreibtisch9").await, Err(StaffError::NoSuchOffice)));
    assert!(matches!(add("chen", Role::Centre, "11", "Schreibtisch9").await, Err(StaffError::NoSuchOffice)));
    assert!(matches!(add("chen", Role::Centre, "", "kurz1").await, Err(StaffError::Wrong(_))));
    add("chen", Role::SiteReviewer, "1101", "Schreibtisch9").await.unwrap();
    assert!(matches!(add("CHEN", Role::Centre, "", "Schreibtisch9").await, Err(StaffError::Wrong(_))));
    assert!(matches!(
        registry.staff_login("chen", "falsch123").await,
        Err(LoginError::Refused(AccountProblem::WrongLogin))
    ));
    assert!(matches!(
        registry.staff_login("nobody", "falsch123").await,
        Err(LoginError::Refused(AccountProblem::WrongLogin))
    ));
    // A candidate's log-in is not one of the staff, nor the other way round.
    let candidate = books.registration();
    registry.register(books.checked(&candidate)).await.unwrap();
    assert!(registry.staff_login(&candidate.username, "Yuan2026").await.is_err());
    assert!(registry.login("chen", "Schreibtisch9", None).await.is_err());
    let token = registry.staff_login("Chen", "Schreibtisch9").await.unwrap();
    let who = registry.officer(&token).await.unwrap().unwrap();
    assert_eq!((who.role(), who.scope(), who.name()), (Role::SiteReviewer, "1101", "陈老师"));
    assert!(registry.candidate(&token).await.unwrap().is_none());
    books.later(600);
    assert!(registry.officer(&token).await.unwrap().is_some());
    registry.staff_logout(&token).await.unwrap();
    assert!(registry.officer(&token).await.unwrap().is_none());
    let token = registry.staff_login("chen", "Schreibtisch9").await.unwrap();
    assert!(registry.disable_staff("chen").await.unwrap());
    assert!(!registry.disable_staff("chen").await.unwrap());
    assert!(registry.officer(&token).await.unwrap().is_none());
    assert!(registry.staff_login("chen", "Schreibtisch9").await.is_err());
    assert_eq!(registry.staff().await.unwrap().len(), 1);
}

async fn offices_see_their_own(engine: Engine) {
    let books = Books::open(engine).await;
    let (_, id) = submitted(&books).await;
    let offices = [
        (officer(&books, "site", Role::SiteReviewer, "1101").await, true),
        (officer(&books, "site_else", Role::SiteReviewer, "3301").await, false),
        (officer(&books, "area", Role::AreaOfficer, "11").await, true),
        (officer(&books, "area_else", Role::AreaOfficer, "33").await, false),
        (officer(&books, "centre", Role::Centre, "").await, true),
    ];
    for (officer, sees) in &offices {
        let submitted = Search { status: Some(ApplicationStatus::Submitted), ..Search::default() };
        assert_eq!(officer.queue(&submitted).await.unwrap().rows.len(), usize::from(*sees));
        assert_eq!(officer.record(id).await.is_ok(), *sees);
        assert_eq!(officer.photo(id).await.is_ok(), *sees);
        if !sees {
            let version = offices[0].0.record(id).await.unwrap().view.row.version;
            assert!(matches!(officer.claim(id, true).await, Err(Error::NotFound)));
            assert!(matches!(officer.approve_area(id, version).await, Err(Error::NotFound)));
            assert!(matches!(officer.sign(id, version, 1).await, Err(Error::NotFound)));
            assert!(matches!(
                officer.judge(id, version, &ReviewDraft::default(), ReviewOutcome::Save).await,
                Err(Error::NotFound)
            ));
        }
    }
    // The centre looks on: no deed of a review is its own.
    let version = offices[4].0.record(id).await.unwrap().view.row.version;
    let done = offices[4].0.judge(id, version, &ReviewDraft::default(), ReviewOutcome::Save).await.unwrap();
    assert!(matches!(done, Done::No(_)));
}
async fn records_are_found(engine: Engine) {
    let books = Books::open(engine).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        books.later(60);
        ids.push(submitted(&books).await);
    }
    let desk = officer(&books, "site", Role::SiteReviewer, "1101").await;
    let found = |find: &str, search: Search| {
        let (desk, search) = (desk.clone(), Search { find: find.to_owned(), ..search });
        async move { desk.queue(&search).await.unwrap().rows.into_iter().map(|row| row.id).collect::<Vec<_>>() }
    };
    let all: Vec<ApplicationId> = ids.iter().map(|(_, id)| *id).collect();
    assert_eq!(found("", Search::default()).await, all);
    assert_eq!(found("张", Search::default()).await.len(), 3);
    assert_eq!(found("张伟", Search::default()).await.len(), 3);
    assert_eq!(found("伟", Search::default()).await.len(), 0);
    assert_eq!(found("ZW", Search::default()).await.len(), 3);
    assert_eq!(found("zhang", Search::default()).await.len(), 0);
    let view = ids[1].0.application(ids[1].1).await.unwrap();
    assert_eq!(found(view.row.serial.as_ref().unwrap(), Search::default()).await, [ids[1].1]);
    let number = ids[2].0.about().identity.document.number().to_owned();
    assert_eq!(found(&number.to_lowercase(), Search::default()).await, [ids[2].1]);
    assert_eq!(found(&number[..17], Search::default()).await.len(), 0);
    assert_eq!(found("", Search { after: Some(all[0]), ..Search::default() }).await, all[1..]);
    assert_eq!(found("张", Search { after: Some(all[1]), ..Search::default() }).await, all[2..]);
    assert_eq!(found("zw", Search { after: Some(all[1]), ..Search::default() }).await, all[2..]);
    let other = forms::category::Category::parse("210").unwrap();
    assert!(found("", Search { category: Some(other), ..Search::default() }).await.is_empty());
    assert_eq!(found("", Search { flag: Some(Flag::EmployerNotListed), ..Search::default() }).await.len(), 3);
    assert!(found("", Search { flag: Some(Flag::RareGlyph), ..Search::default() }).await.is_empty());
    assert!(found("", Search { status: Some(ApplicationStatus::Signed), ..Search::default() }).await.is_empty());
    // Whatever is typed is looked for and never run.
    for find in ["' OR 1=1 --", "%", "_", "\u{10FFFF}", &"长".repeat(5000), "0", "9".repeat(400).as_str()] {
        assert!(found(find, Search::default()).await.is_empty(), "{find}");
    }
}

async fn one_record_one_reviewer(engine: Engine) {
    let books = Books::open(engine).await;
    let (_, id) = submitted(&books).await;
    let one = officer(&books, "site", Role::SiteReviewer, "1101").await;
    let two = officer(&books, "site_two", Role::SiteReviewer, "1101").await;
    let (a, b) = tokio::join!(one.claim(id, true), two.claim(id, true));
    let taken = [a.unwrap() == Done::Yes, b.unwrap() == Done::Yes];
    assert_eq!(taken.iter().filter(|t| **t).count(), 1);
    let (holder, other) = if taken[0] { (&one, &two) } else { (&two, &one) };
    let seen = other.record(id).await.unwrap();
    assert_eq!(seen.claim, Some(Claim { name: holder.name().to_owned(), mine: false }));
    assert_eq!(other.next().await.unwrap(), None);
    let list = checklist(&seen, "pass", &[]);
    let refused = other.judge(id, seen.view.row.version, &list, ReviewOutcome::Approve).await.unwrap();
    assert_eq!(
        refused,
        Done::No(Refused::Items(vec![ItemProblem { item: None, code: ReviewProblem::ClaimedByOther.into() }]))
    );
    // A claim without a sign of life ends by itself, and can be given back before.
    books.later(21 * 60);
    assert_eq!(other.next().await.unwrap(), Some(id));
    assert_eq!(other.claim(id, false).await.unwrap(), Done::Yes);
    assert_eq!(other.record(id).await.unwrap().claim, None);
    // Two deeds upon the same version: one of them sees a conflict.
    let version = holder.record(id).await.unwrap().view.row.version;
    let (a, b) = tokio::join!(
        holder.judge(id, version, &list, ReviewOutcome::Approve),
        holder.judge(id, version, &list, ReviewOutcome::Approve)
    );
    let done = [&a, &b].iter().filter(|r| matches!(r, Ok(Done::Yes))).count();
    assert_eq!(done, 1, "{a:?} {b:?}");
    assert_eq!(books.registry.audited("review.approve", id.uuid()).await.unwrap(), 1);
}

async fn a_returned_application_opens_what_was_returned(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, id) = submitted(&books).await;
    let desk = officer(&books, "site", Role::SiteReviewer, "1101").await;
    let record = desk.record(id).await.unwrap();
    let version = record.view.row.version;
    // A return without anything returned, and an approval with something returned, are refused with what to do.
    let nothing = checklist(&record, "pass", &[]);
    assert!(matches!(
        desk.judge(id, version, &nothing, ReviewOutcome::Return).await.unwrap(),
        Done::No(Refused::Items(_))
    ));
    let list = checklist(
        &record,
        "pass",
        &[
            ("finding.paper.diploma", "return"),
            ("reason.paper.diploma", "differs"),
            ("note.paper.diploma", "编号与证书不一致"),
            ("finding.answer.mobile", "return"),
            ("reason.answer.mobile", "other"),
            ("note.answer.mobile", "空号"),
        ],
    );
    assert!(matches!(
        desk.judge(id, version, &list, ReviewOutcome::Approve).await.unwrap(),
        Done::No(Refused::Items(_))
    ));
    assert_eq!(desk.judge(id, version, &list, ReviewOutcome::Save).await.unwrap(), Done::Yes);
    assert!(matches!(desk.judge(id, version, &list, ReviewOutcome::Return).await, Err(Error::Conflict)));
    let paper = me.paper(id).await.unwrap();
    assert_eq!(books.registry.paper_state(&paper.code.to_lowercase()).await.unwrap(), PaperState::Latest);
    books.later(1);
    assert_eq!(desk.judge(id, version + 1, &list, ReviewOutcome::Return).await.unwrap(), Done::Yes);

    let follow = me.follow(id).await.unwrap();
    let mut open = follow.opened.clone();
    open.sort();
    let mut expect = vec![Field::Mobile, Field::ContactRegion, Field::Educations];
    expect.sort();
    assert_eq!(open, expect);
    assert!(
        follow.found.iter().any(|one| one.reason == Some(FindingReason::Differs) && one.note == "编号与证书不一致")
    );
    let view = me.application(id).await.unwrap();
    assert_eq!(view.row.status, ApplicationStatus::Returned);
    // The lock of the returned group is released, and only the returned answers change, whatever is posted.
    let entry = me.profile().await.unwrap().entries[0].clone();
    assert_eq!(entry.locks, 0);
    let mended = EducationDraft { diploma_number: "100251201405000999".into(), ..bachelor() };
    me.save_entry(Some(entry.id), EntryDraft::Education(mended), entry.version, true).await.unwrap();
    let mut version = view.row.version;
    let mut pairs: Vec<(String, String)> =
        view.draft.pairs(Step::Basic).into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect();
    pairs.retain(|(name, _)| name != "mobile" && name != "email");
    pairs.extend([
        ("mobile".to_owned(), "13900139000".to_owned()),
        ("email".to_owned(), "other@example.com".to_owned()),
    ]);
    version = me.save_step(id, Step::Basic, pairs, version, true).await.unwrap().version;
    let closed = vec![("area".to_owned(), "33".to_owned()), ("site".to_owned(), "3301".to_owned())];
    version = me.save_step(id, Step::Site, closed, version, true).await.unwrap().version;
    let serial = view.row.serial.clone().unwrap();
    // The window for applications is over; what was returned may still be mended.
    let exam = view.exam.clone();
    let shift = (exam.closes.0 - books.registry.settings().clock.now().0) / 1_000_000 + 60;
    books.later(shift);
    assert_eq!(me.submit(id, version).await.unwrap().as_str(), serial);
    let after = me.application(id).await.unwrap();
    let snapshot = after.snapshot.unwrap();
    assert_eq!(snapshot.contact.mobile.to_string(), "13900139000");
    assert_eq!(snapshot.contact.email.to_string(), "zhang@example.com");
    assert_eq!(snapshot.site, "1101");
    assert_eq!(me.profile().await.unwrap().entries[0].locks, 1);
    // The reviewer sees what was there before; the older paper says so.
    let record = desk.record(id).await.unwrap();
    assert_eq!(record.before.unwrap().contact.mobile.to_string(), "13800138000");
    assert_eq!((record.follow.paper, record.follow.opened.len()), (2, 0));
    assert_eq!(books.registry.paper_state(&paper.code).await.unwrap(), PaperState::Old);
    assert_eq!(books.registry.paper_state(&me.paper(id).await.unwrap().code).await.unwrap(), PaperState::Latest);
    assert_eq!(books.registry.paper_state("0").await.unwrap(), PaperState::Unknown);
    let actions: Vec<&str> = record.follow.events.iter().map(|event| event.action.as_str()).collect();
    assert_eq!(
        actions,
        ["application.begin", "application.submit", "review.save", "review.return", "application.resubmit"]
    );
    assert_eq!(record.follow.events[3].office, Some((Role::SiteReviewer, "1101".to_owned())));
}

async fn what_is_returned_after_all_is_not_verified(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, id) = submitted(&books).await;
    let desk = officer(&books, "site", Role::SiteReviewer, "1101").await;
    let record = desk.record(id).await.unwrap();
    let version = record.view.row.version;
    assert_eq!(
        desk.judge(id, version, &checklist(&record, "pass", &[]), ReviewOutcome::Approve).await.unwrap(),
        Done::Yes
    );
    assert!(me.profile().await.unwrap().entries[0].verified);
    let again = [("finding.paper.diploma", "return"), ("reason.paper.diploma", "differs")];
    let list = checklist(&record, "pass", &again);
    assert_eq!(desk.judge(id, version + 1, &list, ReviewOutcome::Return).await.unwrap(), Done::Yes);
    let entry = me.profile().await.unwrap().entries[0].clone();
    assert!(!entry.verified && entry.locks == 0 && !entry.is_read_only());
    // Another entry instead: the first one is given back, whatever the application held.
    let (other, _) = me.save_entry(None, EntryDraft::Education(bachelor()), 0, true).await.unwrap();
    let mut view = me.application(id).await.unwrap();
    let pairs = vec![("educations".to_owned(), other.to_string())];
    view.row.version = me.save_step(id, Step::Education, pairs, view.row.version, true).await.unwrap().version;
    me.submit(id, view.row.version).await.unwrap();
    let locks: Vec<i64> = me.profile().await.unwrap().entries.iter().map(|entry| entry.locks).collect();
    assert_eq!(locks, [0, 1]);
    // What was said about it before is known, and to be judged anew.
    let record = desk.record(id).await.unwrap();
    assert!(record.follow.again.contains(&Item::Paper(forms::materials::Material::Diploma)));
    // The site may also end what never comes back.
    let fail = [("finding.paper.diploma", "fail"), ("reason.paper.diploma", "not_genuine")];
    let version = record.view.row.version;
    assert_eq!(
        desk.judge(id, version, &checklist(&record, "pass", &again), ReviewOutcome::Return).await.unwrap(),
        Done::Yes
    );
    let list = checklist(&record, "pass", &fail);
    assert_eq!(desk.judge(id, version + 1, &list, ReviewOutcome::Reject).await.unwrap(), Done::Yes);
    assert_eq!(me.application(id).await.unwrap().row.status, ApplicationStatus::Rejected);
}

async fn identity_is_corrected_with_a_reason(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, id) = submitted(&books).await;
    let (other, _) = submitted(&books).await;
    let desk = officer(&books, "site", Role::SiteReviewer, "1101").await;
    let record = desk.record(id).await.unwrap();
    let before = CorrectionDraft::of(&record.view.snapshot.as_ref().unwrap().identity);
    let version = record.view.row.version;
    let wrong = |draft: CorrectionDraft, field: Field| {
        let desk = desk.clone();
        async move {
            match desk.correct(id, version, &draft).await.unwrap() {
                Done::No(Refused::Fields(problems)) => {
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
        CorrectionDraft { name: "章伟".into(), reason: "by_document".into(), note: "见身份证".into(), ..before };
    assert_eq!(desk.correct(id, version, &right).await.unwrap(), Done::Yes);
    let seen = me.follow(id).await.unwrap();
    assert_eq!(seen.corrections[0].1.changes, [(Field::Name, "张伟".to_owned(), "章伟".to_owned())]);
    assert_eq!((seen.paper, seen.corrections.len()), (2, 1));
    assert_eq!(me.application(id).await.unwrap().snapshot.unwrap().identity.name.to_string(), "章伟");
    assert_eq!(me.profile().await.unwrap().account.identity.name.to_string(), "章伟");
    let found = desk.queue(&Search { find: "章伟".into(), ..Search::default() }).await.unwrap();
    assert_eq!(found.rows.len(), 1);
}

async fn what_was_signed_stands(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, id) = submitted(&books).await;
    let desk = officer(&books, "site", Role::SiteReviewer, "1101").await;
    let area = officer(&books, "area", Role::AreaOfficer, "11").await;
    let record = desk.record(id).await.unwrap();
    let entry = record.view.entries[0].id;
    let version = record.view.row.version;
    assert_eq!(desk.verify(id, version, entry, true).await.unwrap(), Done::Yes);
    assert_eq!(desk.verify(id, version + 1, entry, false).await.unwrap(), Done::Yes);
    assert!(!me.profile().await.unwrap().entries[0].verified);
    let list = checklist(&record, "pass", &[]);
    assert_eq!(desk.judge(id, version + 2, &list, ReviewOutcome::Approve).await.unwrap(), Done::Yes);
    // What was seen is verified (S20).
    assert!(me.profile().await.unwrap().entries[0].verified);
    assert_eq!(
        desk.sign(id, version + 3, 7).await.unwrap(),
        Done::No(Refused::Items(vec![ItemProblem { item: None, code: ReviewProblem::OldPaper.into() }]))
    );
    assert_eq!(desk.sign(id, version + 3, 1).await.unwrap(), Done::Yes);
    // Neither the desk nor somebody at the database changes what was signed.
    let draft = CorrectionDraft {
        name: "章伟".into(),
        reason: "by_document".into(),
        ..CorrectionDraft::of(&record.view.identity)
    };
    assert!(matches!(desk.correct(id, version + 4, &draft).await.unwrap(), Done::No(_)));
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
        assert!(books.try_behind_the_back(statement).await.is_err(), "{statement}");
    }
    books.later(1);
    assert_eq!(area.approve_area(id, version + 4).await.unwrap(), Done::Yes);
    let follow = me.follow(id).await.unwrap();
    assert_eq!(follow.signature.unwrap().0, 1);
    assert_eq!(me.application(id).await.unwrap().row.status, ApplicationStatus::AreaApproved);
    assert_eq!(follow.events.last().unwrap().office, Some((Role::AreaOfficer, "11".to_owned())));
    while books.registry.chain_audit().await.unwrap() > 0 {}
    assert!(books.registry.verify_audit().await.unwrap().broken.is_empty());
}

async fn what_never_came_ends_it(engine: Engine) {
    let books = Books::open(engine).await;
    submitted(&books).await;
    let desk = officer(&books, "site", Role::SiteReviewer, "1101").await;
    let later = [
        ("finding.paper.diploma", "later"),
        ("reason.paper.diploma", "not_yet_due"),
        ("due.paper.diploma", "2026-08-20"),
    ];
    let item = Item::Paper(forms::materials::Material::Diploma);
    for handed_in in [true, false] {
        let (me, id) = submitted(&books).await;
        let record = desk.record(id).await.unwrap();
        let without_day = checklist(&record, "pass", &later[..2]);
        let version = record.view.row.version;
        assert!(matches!(desk.judge(id, version, &without_day, ReviewOutcome::Approve).await.unwrap(), Done::No(_)));
        let list = checklist(&record, "pass", &later);
        assert_eq!(desk.judge(id, version, &list, ReviewOutcome::Approve).await.unwrap(), Done::Yes);
        // What was not seen is not verified.
        assert!(!me.profile().await.unwrap().entries[0].verified);
        assert_eq!(desk.sign(id, version + 1, 1).await.unwrap(), Done::Yes);
        if !handed_in {
            // Not before its day is over.
            assert!(matches!(desk.settle(id, version + 2, item, false).await.unwrap(), Done::No(_)));
            books.later(210 * 86_400);
        }
        let token = books.registry.staff_login("site", "Schreibtisch9").await.unwrap();
        let desk = books.registry.officer(&token).await.unwrap().unwrap();
        assert_eq!(desk.settle(id, version + 2, item, handed_in).await.unwrap(), Done::Yes);
        assert!(matches!(desk.settle(id, version + 3, item, handed_in).await, Err(Error::NotFound)));
        let status = me.application(id).await.unwrap().row.status;
        let entry = me.profile().await.unwrap().entries[0].clone();
        if handed_in {
            // What came was seen.
            assert_eq!((status, entry.locks, entry.verified), (ApplicationStatus::Signed, 1, true));
        } else {
            assert_eq!((status, entry.locks), (ApplicationStatus::Rejected, 0));
        }
    }
    books.later(-210 * 86_400);
    // A rejection at once gives the locks back too.
    let (me, id) = submitted(&books).await;
    let record = desk.record(id).await.unwrap();
    let list =
        checklist(&record, "pass", &[("finding.paper.diploma", "fail"), ("reason.paper.diploma", "not_genuine")]);
    assert_eq!(desk.judge(id, record.view.row.version, &list, ReviewOutcome::Reject).await.unwrap(), Done::Yes);
    assert_eq!(me.profile().await.unwrap().entries[0].locks, 0);
    assert_eq!(me.application(id).await.unwrap().row.status, ApplicationStatus::Rejected);
}

async fn older_books_are_prepared(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, id) = submitted(&books).await;
    books.behind_the_back("DELETE FROM paper").await;
    books.behind_the_back("DELETE FROM setting WHERE name = 'desk'").await;
    books.behind_the_back("UPDATE application SET waiting = NULL, name = NULL, initials = NULL, paper = 0").await;
    let registry = Registry::open(books.registry.settings().clone()).await.unwrap();
    assert_eq!(me.paper(id).await.unwrap().version, 1);
    let token = {
        registry.add_staff("site", "site", Role::SiteReviewer, "1101", "Schreibtisch9").await.unwrap();
        registry.staff_login("site", "Schreibtisch9").await.unwrap()
    };
    let desk = registry.officer(&token).await.unwrap().unwrap();
    assert_eq!(desk.queue(&Search { find: "zw".into(), ..Search::default() }).await.unwrap().rows.len(), 1);
    registry.close().await;
}
