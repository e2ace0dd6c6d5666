//! Staff: log-ins, scopes, the queue.
use crate::{common::*, reviewing::*};
use forms::account::PasswordDraft;
use forms::application::Flag;
use forms::ids::ApplicationId;
use forms::problem::{AccountProblem, ReviewProblem};
use forms::review::{ItemProblem, ReviewDraft, ReviewOutcome, Role};
use forms::status::ApplicationStatus;
use registry::*;

#[test]
fn an_account_of_the_staff_needs_an_office_a_free_name_and_a_strong_password() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let add = |name: &'static str, role, scope: &'static str, password: &'static str| {
            let registry = database.registry.clone();
            async move { registry.add_staff(name, "陈老师", role, scope, password).await }
        };
        let nowhere = add("chen", Role::SiteReviewer, "9999", "Schreibtisch9").await;
        assert!(matches!(nowhere, Err(StaffError::NoSuchOffice)));
        assert!(matches!(add("chen", Role::Centre, "11", "Schreibtisch9").await, Err(StaffError::NoSuchOffice)));
        assert!(matches!(add("chen", Role::Centre, "", "kurz1").await, Err(StaffError::Invalid(_))));
        add("chen", Role::SiteReviewer, "1101", "Schreibtisch9").await.unwrap();
        assert!(matches!(add("CHEN", Role::Centre, "", "Schreibtisch9").await, Err(StaffError::Invalid(_))));
        assert_eq!(database.registry.staff().await.unwrap().len(), 1);
    });
}

#[test]
fn staff_log_in_with_their_own_name_and_candidates_with_theirs() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        registry.add_staff("chen", "陈老师", Role::SiteReviewer, "1101", "Schreibtisch9").await.unwrap();
        for name in ["chen", "nobody"] {
            let refused = registry.staff_login(name, "falsch123", None).await;
            assert!(matches!(refused, Err(LoginError::Refused(AccountProblem::WrongLogin))), "{name}");
        }
        let candidate = database.registration();
        registry.register(database.checked(&candidate)).await.unwrap();
        assert!(registry.staff_login(&candidate.username, "Yuan2026", None).await.is_err());
        assert!(registry.login("chen", "Schreibtisch9", None).await.is_err());
        let token = registry.staff_login("Chen", "Schreibtisch9", None).await.unwrap().session;
        let who = registry.officer(&token).await.unwrap().unwrap();
        assert_eq!((who.role(), who.scope(), who.name()), (Role::SiteReviewer, "1101", "陈老师"));
        assert!(registry.candidate(&token).await.unwrap().is_none());
    });
}

#[test]
fn a_log_in_of_the_staff_ends_with_the_log_out_and_with_the_account() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        registry.add_staff("chen", "陈老师", Role::SiteReviewer, "1101", "Schreibtisch9").await.unwrap();
        let token = registry.staff_login("chen", "Schreibtisch9", None).await.unwrap().session;
        database.later(600);
        assert!(registry.officer(&token).await.unwrap().is_some());
        registry.staff_logout(&token).await.unwrap();
        assert!(registry.officer(&token).await.unwrap().is_none());
        let token = registry.staff_login("chen", "Schreibtisch9", None).await.unwrap().session;
        assert!(registry.disable_staff("chen").await.unwrap());
        assert!(!registry.disable_staff("chen").await.unwrap());
        assert!(registry.officer(&token).await.unwrap().is_none());
        assert!(registry.staff_login("chen", "Schreibtisch9", None).await.is_err());
    });
}

#[test]
fn offices_see_their_own() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (_, id) = submitted(&database).await;
        let offices = [
            (officer(&database, "site", Role::SiteReviewer, "1101").await, true),
            (officer(&database, "site_else", Role::SiteReviewer, "3301").await, false),
            (officer(&database, "area", Role::AreaOfficer, "11").await, true),
            (officer(&database, "area_else", Role::AreaOfficer, "33").await, false),
            (officer(&database, "centre", Role::Centre, "").await, true),
        ];
        for (officer, sees) in &offices {
            let submitted = Search { status: Some(ApplicationStatus::Submitted), ..Search::default() };
            assert_eq!(officer.queue(&submitted).await.unwrap().rows.len(), usize::from(*sees));
            assert_eq!(officer.record(id).await.is_ok(), *sees);
            assert_eq!(officer.photo(id).await.is_ok(), *sees);
            if !sees {
                let version = offices[0].0.record(id).await.unwrap().view.row.version;
                assert!(matches!(officer.claim(id, true).await, Err(ReviewError::Registry(Error::NotFound))));
                assert!(matches!(officer.approve_area(id, version).await, Err(ReviewError::Registry(Error::NotFound))));
                assert!(matches!(officer.sign(id, version, 1).await, Err(ReviewError::Registry(Error::NotFound))));
                assert!(matches!(
                    officer.assess(id, version, &ReviewDraft::default(), ReviewOutcome::Save).await,
                    Err(ReviewError::Registry(Error::NotFound))
                ));
            }
        }
        // The centre looks on: no action of a review is its own.
        let version = offices[4].0.record(id).await.unwrap().view.row.version;
        let done = offices[4].0.assess(id, version, &ReviewDraft::default(), ReviewOutcome::Save).await;
        assert!(matches!(done, Err(ReviewError::Refused(_))));
    });
}

/// Three submitted applications of a site, the oldest first, and its reviewer.
async fn three_records(database: &TestDatabase) -> (Officer, Vec<(Candidate, ApplicationId)>) {
    let mut records = Vec::new();
    for _ in 0..3 {
        database.later(60);
        records.push(submitted(database).await);
    }
    (officer(database, "site", Role::SiteReviewer, "1101").await, records)
}

async fn found(reviewer: &Officer, find: &str, search: Search) -> Vec<ApplicationId> {
    let page = reviewer.queue(&Search { find: find.to_owned(), ..search }).await.unwrap();
    page.rows.into_iter().map(|row| row.id).collect()
}

#[test]
fn records_are_found_by_name_initials_serial_and_document_number() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (reviewer, records) = three_records(&database).await;
        let all: Vec<ApplicationId> = records.iter().map(|(_, id)| *id).collect();
        let found = async |text: &str| found(&reviewer, text, Search::default()).await;
        assert_eq!(found("").await, all);
        for (text, count) in [("张", 3), ("张伟", 3), ("伟", 0), ("ZW", 3), ("zhang", 0)] {
            assert_eq!(found(text).await.len(), count, "{text}");
        }
        let view = records[1].0.application(records[1].1).await.unwrap();
        assert_eq!(found(view.row.serial.as_ref().unwrap()).await, [records[1].1]);
        let number = records[2].0.about().identity.document.number().to_owned();
        assert_eq!(found(&number.to_lowercase()).await, [records[2].1]);
        assert_eq!(found(&number[..17]).await.len(), 0);
    });
}

#[test]
fn the_next_page_of_records_begins_after_the_last_one_that_the_office_saw() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (reviewer, records) = three_records(&database).await;
        let all: Vec<ApplicationId> = records.iter().map(|(_, id)| *id).collect();
        let after = async |find: &str, after: Option<ApplicationId>| {
            found(&reviewer, find, Search { after, ..Search::default() }).await
        };
        assert_eq!(after("", Some(all[0])).await, all[1..]);
        assert_eq!(after("张", Some(all[1])).await, all[2..]);
        assert_eq!(after("zw", Some(all[1])).await, all[2..]);
        // A record of another office is no place in the list: it is as one that is not there.
        let elsewhere = officer(&database, "site_else", Role::SiteReviewer, "3301").await;
        assert!(elsewhere.queue(&Search::default()).await.unwrap().rows.is_empty());
        let unknown = ApplicationId::parse("0190a6f0-0000-7000-8000-00000000dead");
        database.behind_the_back("UPDATE application SET site = '3301', area = '33' WHERE serial = (SELECT MAX(serial) FROM application)").await;
        let own = after("", None).await;
        assert_eq!(own.len(), 2);
        let foreign = *all.iter().find(|id| !own.contains(id)).unwrap();
        for find in ["", "张", "zw"] {
            let after_foreign = after(find, Some(foreign)).await;
            assert_eq!(after_foreign, after(find, unknown).await);
            assert_eq!(after_foreign.len(), 2);
        }
    });
}

#[test]
fn records_are_filtered_by_category_flag_and_state() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (reviewer, _) = three_records(&database).await;
        let count = async |search: Search| found(&reviewer, "", search).await.len();
        let other = forms::category::Category::parse("210").unwrap();
        assert_eq!(count(Search { category: Some(other), ..Search::default() }).await, 0);
        assert_eq!(count(Search { flag: Some(Flag::EmployerNotListed), ..Search::default() }).await, 3);
        assert_eq!(count(Search { flag: Some(Flag::RareGlyph), ..Search::default() }).await, 0);
        assert_eq!(count(Search { status: Some(ApplicationStatus::Signed), ..Search::default() }).await, 0);
    });
}

#[test]
fn whatever_is_typed_into_the_search_is_looked_for_and_never_run() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (reviewer, _) = three_records(&database).await;
        for find in ["' OR 1=1 --", "%", "_", "\u{10FFFF}", &"长".repeat(5000), "0", "9".repeat(400).as_str()] {
            assert!(found(&reviewer, find, Search::default()).await.is_empty(), "{find}");
        }
    });
}

#[test]
fn whoever_looks_at_a_record_is_written_down_once_in_ten_minutes() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (_, id) = submitted(&database).await;
        let registry = &database.registry;
        let one = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let two = officer(&database, "area", Role::AreaOfficer, "11").await;
        let elsewhere = officer(&database, "site_else", Role::SiteReviewer, "3301").await;
        let before = one.record(id).await.unwrap().history.events.len();
        database.later(1);
        for _ in 0..3 {
            one.record(id).await.unwrap();
            two.record(id).await.unwrap();
            assert!(elsewhere.record(id).await.is_err());
        }
        assert_eq!(registry.audited("access.view", id.uuid()).await.unwrap(), 2);
        database.later(601);
        one.record(id).await.unwrap();
        let views = registry.audit_by_action("access.view").await.unwrap();
        let who: Vec<_> = views.iter().map(|view| view.actor).collect();
        assert_eq!(who, [Some(Actor::Staff(one.id())), Some(Actor::Staff(two.id())), Some(Actor::Staff(one.id()))]);
        // What was asked for in vain is bounded for each party, and neither is part of the timeline.
        for _ in 0..3 {
            registry.audit_refusal(Actor::Staff(elsewhere.id()), id.uuid()).await.unwrap();
        }
        assert_eq!(registry.audited("access.refused", id.uuid()).await.unwrap(), 1);
        assert_eq!(one.record(id).await.unwrap().history.events.len(), before);
    });
}

#[test]
fn one_record_one_reviewer() {
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (_, id) = submitted(&database).await;
        let one = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let two = officer(&database, "site_two", Role::SiteReviewer, "1101").await;
        let (a, b) = tokio::join!(one.claim(id, true), two.claim(id, true));
        let taken = [a.is_ok(), b.is_ok()];
        assert_eq!(taken.iter().filter(|t| **t).count(), 1);
        let (holder, other) = if taken[0] { (&one, &two) } else { (&two, &one) };
        let seen = other.record(id).await.unwrap();
        assert_eq!(seen.claim, Some(Claim { name: holder.name().to_owned(), mine: false }));
        assert_eq!(other.next().await.unwrap(), None);
        let list = checklist(&seen, "pass", &[]);
        let refused = other.assess(id, seen.view.row.version, &list, ReviewOutcome::Approve).await;
        assert_eq!(
            refusal(refused),
            ActionRefused::Items(vec![ItemProblem { item: None, code: ReviewProblem::ClaimedByOther.into() }])
        );
        // A claim without a sign of life ends by itself, and can be given back before.
        database.later(21 * 60);
        assert_eq!(other.next().await.unwrap(), Some(id));
        other.claim(id, false).await.unwrap();
        assert_eq!(other.record(id).await.unwrap().claim, None);
        // Two deeds upon the same version: one of them sees a conflict.
        let version = holder.record(id).await.unwrap().view.row.version;
        let (a, b) = tokio::join!(
            holder.assess(id, version, &list, ReviewOutcome::Approve),
            holder.assess(id, version, &list, ReviewOutcome::Approve)
        );
        let done = [&a, &b].iter().filter(|r| matches!(r, Ok(()))).count();
        assert_eq!(done, 1, "{a:?} {b:?}");
        assert_eq!(database.registry.audited("review.approve", id.uuid()).await.unwrap(), 1);
    });
}

#[test]
fn applications_from_before_the_review_are_migrated() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, id) = submitted(&database).await;
        database.behind_the_back("DELETE FROM paper").await;
        database
            .behind_the_back("UPDATE application SET waiting = NULL, name = NULL, initials = NULL, paper = 0")
            .await;
        let registry = Registry::open(database.registry.settings().clone()).await.unwrap();
        registry.migrate().await.unwrap();
        assert_eq!(me.printed_version(id).await.unwrap().version, 1);
        let token = {
            registry.add_staff("site", "site", Role::SiteReviewer, "1101", "Schreibtisch9").await.unwrap();
            registry.staff_login("site", "Schreibtisch9", None).await.unwrap().session
        };
        let reviewer = registry.officer(&token).await.unwrap().unwrap();
        assert_eq!(reviewer.queue(&Search { find: "zw".into(), ..Search::default() }).await.unwrap().rows.len(), 1);
        registry.close().await;
    });
}

#[test]
fn staff_change_their_password_by_the_one_they_have_and_every_other_log_in_ends() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let me = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let other = registry.staff_login("site", "Schreibtisch9", None).await.unwrap().session;
        let change = |current: &str, password: &str| {
            let draft = PasswordDraft {
                current_password: current.into(),
                password: password.into(),
                password_again: password.into(),
            };
            draft.check("site")
        };
        assert!(change("Schreibtisch9", "kurz1").is_err(), "too short");
        assert!(change("Schreibtisch9", "Schreibtisch9").is_err(), "the same");
        assert!(change("Schreibtisch9", "mySite2026x").is_err(), "it contains the username");
        let wrong = me.change_password(&change("Schreibtisch8", "Aktenordner7").unwrap()).await;
        assert!(matches!(wrong, Err(LoginError::Refused(AccountProblem::WrongPassword))));
        assert!(registry.officer(&other).await.unwrap().is_some());
        let token = me.change_password(&change("Schreibtisch9", "Aktenordner7").unwrap()).await.unwrap();
        assert!(registry.officer(&other).await.unwrap().is_none());
        assert_eq!(registry.officer(&token).await.unwrap().unwrap().id(), me.id());
        assert!(registry.staff_login("site", "Schreibtisch9", None).await.is_err());
        assert!(registry.staff_login("site", "Aktenordner7", None).await.is_ok());
        assert_eq!(registry.audited("staff.password", me.id().uuid()).await.unwrap(), 1);
        // Guesses are counted.
        let guess = change("Schreibtisch1", "Briefmarke5").unwrap();
        for _ in 0..30 {
            if matches!(me.change_password(&guess).await, Err(LoginError::Refused(AccountProblem::Throttled))) {
                return;
            }
        }
        panic!("every guess was looked at");
    });
}
