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
fn staff_log_in_and_are_shut_out() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let add = |name: &'static str, role, scope: &'static str, password: &'static str| async move {
            registry.add_staff(name, "陈老师", role, scope, password).await
        };
        assert!(matches!(
            add("chen", Role::SiteReviewer, "9999", "Schreibtisch9").await,
            Err(StaffError::NoSuchOffice)
        ));
        assert!(matches!(add("chen", Role::Centre, "11", "Schreibtisch9").await, Err(StaffError::NoSuchOffice)));
        assert!(matches!(add("chen", Role::Centre, "", "kurz1").await, Err(StaffError::Invalid(_))));
        add("chen", Role::SiteReviewer, "1101", "Schreibtisch9").await.unwrap();
        assert!(matches!(add("CHEN", Role::Centre, "", "Schreibtisch9").await, Err(StaffError::Invalid(_))));
        assert!(matches!(
            registry.staff_login("chen", "falsch123", None).await,
            Err(LoginError::Refused(AccountProblem::WrongLogin))
        ));
        assert!(matches!(
            registry.staff_login("nobody", "falsch123", None).await,
            Err(LoginError::Refused(AccountProblem::WrongLogin))
        ));
        // A candidate's log-in is not one of the staff, nor the other way round.
        let candidate = database.registration();
        registry.register(database.checked(&candidate)).await.unwrap();
        assert!(registry.staff_login(&candidate.username, "Yuan2026", None).await.is_err());
        assert!(registry.login("chen", "Schreibtisch9", None).await.is_err());
        let token = registry.staff_login("Chen", "Schreibtisch9", None).await.unwrap().session;
        let who = registry.officer(&token).await.unwrap().unwrap();
        assert_eq!((who.role(), who.scope(), who.name()), (Role::SiteReviewer, "1101", "陈老师"));
        assert!(registry.candidate(&token).await.unwrap().is_none());
        database.later(600);
        assert!(registry.officer(&token).await.unwrap().is_some());
        registry.staff_logout(&token).await.unwrap();
        assert!(registry.officer(&token).await.unwrap().is_none());
        let token = registry.staff_login("chen", "Schreibtisch9", None).await.unwrap().session;
        assert!(registry.disable_staff("chen").await.unwrap());
        assert!(!registry.disable_staff("chen").await.unwrap());
        assert!(registry.officer(&token).await.unwrap().is_none());
        assert!(registry.staff_login("chen", "Schreibtisch9", None).await.is_err());
        assert_eq!(registry.staff().await.unwrap().len(), 1);
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

#[test]
fn records_are_found() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let mut ids = Vec::new();
        for _ in 0..3 {
            database.later(60);
            ids.push(submitted(&database).await);
        }
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let found = |find: &str, search: Search| {
            let (reviewer, search) = (reviewer.clone(), Search { find: find.to_owned(), ..search });
            async move { reviewer.queue(&search).await.unwrap().rows.into_iter().map(|row| row.id).collect::<Vec<_>>() }
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
        // A record of another office is no place in the list: it is as one that is not there.
        let elsewhere = officer(&database, "site_else", Role::SiteReviewer, "3301").await;
        assert!(elsewhere.queue(&Search::default()).await.unwrap().rows.is_empty());
        let unknown = ApplicationId::parse("0190a6f0-0000-7000-8000-00000000dead");
        database.behind_the_back("UPDATE application SET site = '3301', area = '33' WHERE serial = (SELECT MAX(serial) FROM application)").await;
        let own: Vec<ApplicationId> = found("", Search::default()).await;
        assert_eq!(own.len(), 2);
        let foreign = *all.iter().find(|id| !own.contains(id)).unwrap();
        for find in ["", "张", "zw"] {
            let after_foreign = found(find, Search { after: Some(foreign), ..Search::default() }).await;
            assert_eq!(after_foreign, found(find, Search { after: unknown, ..Search::default() }).await);
            assert_eq!(after_foreign.len(), 2);
        }
        database.behind_the_back("UPDATE application SET site = '1101', area = '11'").await;
        let other = forms::category::Category::parse("210").unwrap();
        assert!(found("", Search { category: Some(other), ..Search::default() }).await.is_empty());
        assert_eq!(found("", Search { flag: Some(Flag::EmployerNotListed), ..Search::default() }).await.len(), 3);
        assert!(found("", Search { flag: Some(Flag::RareGlyph), ..Search::default() }).await.is_empty());
        assert!(found("", Search { status: Some(ApplicationStatus::Signed), ..Search::default() }).await.is_empty());
        // Whatever is typed is looked for and never run.
        for find in ["' OR 1=1 --", "%", "_", "\u{10FFFF}", &"长".repeat(5000), "0", "9".repeat(400).as_str()] {
            assert!(found(find, Search::default()).await.is_empty(), "{find}");
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
