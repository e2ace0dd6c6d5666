//! The token of a page: whose it is, and what a page that sends something twice meets.
use crate::common::*;
use forms::account::RegistrationDraft;
use forms::choice::Choice as _;
use forms::choice::NameKind;
use forms::journey::Step;
use forms::name_requests::{NameRequest, NameRequestDraft};
use forms::profile::{ContactDraft, EducationDraft, EntryDraft, EntryKind};
use registry::*;

/// The candidate on a page that is drawn now.
fn on_page(database: &TestDatabase, me: &Candidate) -> Candidate {
    let text = database.registry.page_token(PageOwner::Candidate(me.account()));
    me.clone().on_page(database.registry.read_page_token(&text).unwrap().key)
}

#[test]
fn a_page_token_names_its_owner_to_this_installation_alone() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let me = database.candidate().await;
        let owner = PageOwner::Candidate(me.account());
        let (first, second) = (database.registry.page_token(owner), database.registry.page_token(owner));
        assert_ne!(first, second, "each page has a token of its own");
        let read = |text: &str| database.registry.read_page_token(text);
        assert_eq!(read(&first).unwrap().owner, owner);
        assert_ne!(read(&first).unwrap().key, read(&second).unwrap().key);
        let other = TestDatabase::with_secret(engine, [8; 32]).await;
        assert_eq!(read(&other.registry.page_token(owner)), None);
        let mut forged = first.into_bytes();
        forged[20] ^= 1;
        assert_eq!(read(&String::from_utf8_lossy(&forged)), None);
        assert_eq!(read(""), None);
    });
}

#[test]
fn a_save_conflicts_with_another_page_and_not_with_its_own() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let me = database.candidate().await;
        let (one, other) = (on_page(&database, &me), on_page(&database, &me));
        assert_eq!(one.save_contact(contact(), 0, false).await.unwrap(), 1);
        // The answer was lost: the page sends it again with the version that it knows.
        assert_eq!(one.save_contact(contact(), 0, true).await.unwrap(), 2);
        let changed = ContactDraft { address: "上海市".into(), ..contact() };
        assert!(matches!(other.save_contact(changed.clone(), 0, false).await, Err(Error::Conflict)));
        assert_eq!(other.save_contact(changed, 2, false).await.unwrap(), 3);
        assert!(matches!(one.save_contact(contact(), 2, false).await, Err(Error::Conflict)));
        // Without a page the version decides.
        assert!(matches!(me.save_contact(contact(), 2, false).await, Err(Error::Conflict)));
    });
}

#[test]
fn a_page_that_saves_what_is_stored_already_meets_no_conflict() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        // Somebody went back while typing: the page before saved when it was left, and this one was drawn a moment earlier.
        let (left, shown) = (on_page(&database, &me), on_page(&database, &me));
        let typed = ContactDraft { address: "上海市".into(), ..contact() };
        let before = me.profile().await.unwrap().contact.version;
        let saved = left.save_contact(typed.clone(), before, false).await.unwrap();
        assert_eq!(shown.save_contact(typed.clone(), before, true).await.unwrap(), saved + 1);
        // The page goes on from there.
        assert_eq!(shown.save_contact(contact(), before, false).await.unwrap(), saved + 2);
        assert!(matches!(left.save_contact(typed, saved, false).await.unwrap_err(), Error::Conflict));

        let (left, shown) = (on_page(&database, &me), on_page(&database, &me));
        let entry =
            |number: &str| EntryDraft::Education(EducationDraft { diploma_number: number.into(), ..bachelor() });
        let (id, version) = left.save_entry(None, entry("1"), 0, false).await.unwrap();
        let saved = left.save_entry(Some(id), entry("2"), version, false).await.unwrap();
        assert_eq!(shown.save_entry(Some(id), entry("2"), version, false).await.unwrap(), (id, saved.1 + 1));
        assert!(matches!(left.save_entry(Some(id), entry("3"), saved.1, false).await.unwrap_err(), Error::Conflict));

        let (left, shown) = (on_page(&database, &me), on_page(&database, &me));
        let (id, version) = database.full_draft(&me, session).await;
        let site = |site: &str| vec![("area".to_owned(), "11".to_owned()), ("site".to_owned(), site.to_owned())];
        left.save_step(id, Step::Site, site("1101"), version, false).await.unwrap();
        shown.save_step(id, Step::Site, site("1101"), version, false).await.unwrap();
        assert!(matches!(
            left.save_step(id, Step::Site, site("1102"), version, false).await.unwrap_err(),
            Error::Conflict
        ));
    });
}

#[test]
fn a_step_that_is_posted_again_as_it_was_typed_meets_no_conflict_with_how_it_was_understood() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        let view = me.application(id).await.unwrap();
        let typed = |mobile: &str| -> Vec<(String, String)> {
            let pairs = view.draft.pairs(Step::Basic).into_iter().map(|(field, text)| (field.name().to_owned(), text));
            pairs.filter(|(name, _)| name != "mobile").chain([("mobile".to_owned(), mobile.to_owned())]).collect()
        };
        // Without script nothing is tidied in the page, and going back posts it as another page.
        let (first, again) = (on_page(&database, &me), on_page(&database, &me));
        let saved = first.save_step(id, Step::Basic, typed("+86 139 1234 5678"), version, true).await.unwrap();
        assert_eq!(saved.draft.contact.mobile, "13912345678");
        again.save_step(id, Step::Basic, typed("+86 139 1234 5678"), version, true).await.unwrap();
        let other = again.save_step(id, Step::Basic, typed("13912345679"), version, true).await;
        assert!(other.is_ok(), "the page's own save");
        let third = on_page(&database, &me).save_step(id, Step::Basic, typed("13912345670"), version, true).await;
        assert!(matches!(third, Err(Error::Conflict)));
    });
}

#[test]
fn a_registration_that_is_sent_again_gets_the_first_answer() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let key = || Some(public_page(&database.registry));
        let (page, draft) = (key(), database.registration());
        let registered = database.registry.register_from(page, database.checked(&draft)).await.unwrap();
        assert_eq!(database.registry.register_from(page, database.checked(&draft)).await.unwrap(), registered);
        assert_eq!(database.count("SELECT COUNT(*) FROM audit WHERE action = 'account.register'").await, 1);
        // Another password, other answers and another page are refused as ever.
        let other =
            RegistrationDraft { password: "Anders2026".into(), password_again: "Anders2026".into(), ..draft.clone() };
        assert!(database.registry.register_from(page, database.checked(&other)).await.is_err());
        let other = RegistrationDraft { username: "somebody_else".into(), ..draft.clone() };
        assert!(database.registry.register_from(page, database.checked(&other)).await.is_err());
        assert!(database.registry.register_from(key(), database.checked(&draft)).await.is_err());
        // The same page may register somebody else: a person without a computer of their own.
        let next = database.registry.register_from(page, database.checked(&database.registration())).await.unwrap();
        assert_ne!(next, registered);
    });
}

#[test]
fn fifty_copies_of_a_new_entry_make_one() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let me = database.candidate().await;
        let page = on_page(&database, &me);
        let copies = (0..50).map(|_| {
            let page = page.clone();
            tokio::spawn(async move { page.save_entry(None, EntryDraft::Education(bachelor()), 0, true).await })
        });
        let mut ids = Vec::new();
        for copy in copies.collect::<Vec<_>>() {
            ids.push(copy.await.unwrap().unwrap().0);
        }
        ids.dedup();
        assert_eq!(ids.len(), 1);
        assert_eq!(me.profile().await.unwrap().entries.len(), 1);
        // What was typed after the first try counts.
        let later = EducationDraft { diploma_number: "100251201405000999".into(), ..bachelor() };
        page.save_entry(None, EntryDraft::Education(later.clone()), 0, true).await.unwrap();
        assert_eq!(me.profile().await.unwrap().entries[0].draft, EntryDraft::Education(later));
        // Another page makes another one.
        on_page(&database, &me).save_entry(None, EntryDraft::Education(bachelor()), 0, true).await.unwrap();
        assert_eq!(me.profile().await.unwrap().entries.len(), 2);
    });
}

#[test]
fn a_page_that_submits_again_gets_the_first_answer() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let page = on_page(&database, &me);
        let (id, version) = database.full_draft(&page, session).await;
        let confirm = || vec![("declaration".to_owned(), "yes".to_owned())];
        let serial = page.submit_application(id, version).await.unwrap();
        // The answer was lost. The page sends the step and the submission again.
        let again = page.save_step(id, Step::Confirm, confirm(), version, true).await.unwrap();
        assert_eq!(page.submit_application(id, again.version).await.unwrap(), serial);
        assert_eq!(database.count("SELECT COUNT(*) FROM audit WHERE action = 'application.submit'").await, 1);
        // A step with other answers, and another page, are told.
        let step = page.save_step(id, Step::Site, vec![("site".into(), "1102".into())], version, true).await;
        assert!(matches!(step, Err(Error::Conflict)));
        let other = on_page(&database, &me);
        assert!(matches!(other.save_step(id, Step::Confirm, confirm(), version, true).await, Err(Error::Conflict)));
        assert!(matches!(other.submit_application(id, version).await, Err(SubmitError::Problems(_))));
    });
}

#[test]
fn a_page_that_requests_a_name_again_gets_the_first_answer() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let me = database.candidate().await;
        let request: NameRequest = NameRequestDraft {
            name_kind: NameKind::School.code().into(),
            missing_name: "京北医学院".into(),
            missing_region: "11".into(),
            former_name: String::new(),
        }
        .check()
        .unwrap();
        let page = on_page(&database, &me);
        let id = page.ask_for_name(&request, None).await.unwrap();
        assert_eq!(page.ask_for_name(&request, None).await.unwrap(), id);
        assert!(on_page(&database, &me).ask_for_name(&request, None).await.is_err());
        assert_eq!(me.name_requests().await.unwrap().len(), 1);
    });
}

#[test]
fn an_older_save_of_a_page_that_arrives_late_does_not_replace_a_newer_one() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let page = on_page(&database, &me);
        let typed = |address: &str| ContactDraft { address: address.into(), ..contact() };
        let version = me.profile().await.unwrap().contact.version;
        let newest = page.clone().in_order(20).save_contact(typed("新的"), version, false).await.unwrap();
        assert_eq!(page.clone().in_order(10).save_contact(typed("旧的"), version, false).await.unwrap(), newest);
        assert_eq!(me.profile().await.unwrap().contact.draft.address, "新的");
        // It is no submission either, which the page is told.
        let late = page.clone().in_order(10).save_contact(typed("旧的"), version, true).await;
        assert!(matches!(late, Err(Error::Conflict)));
        // A save without a number is the last one of its page, and other pages number by themselves.
        page.save_contact(typed("最后"), version, false).await.unwrap();
        let other = on_page(&database, &me).in_order(1);
        let version = me.profile().await.unwrap().contact.version;
        other.save_contact(typed("另一页"), version, false).await.unwrap();
        assert_eq!(me.profile().await.unwrap().contact.draft.address, "另一页");

        let entry =
            |number: &str| EntryDraft::Education(EducationDraft { diploma_number: number.into(), ..bachelor() });
        let (begun, _) = page.clone().in_order(20).save_entry(None, entry("2"), 0, false).await.unwrap();
        page.clone().in_order(10).save_entry(None, entry("1"), 0, false).await.unwrap();
        let entries = me.profile().await.unwrap().entries;
        let stored = entries.iter().find(|entry| entry.id == begun).unwrap();
        let EntryDraft::Education(education) = &stored.draft else { panic!("another kind") };
        assert_eq!(education.diploma_number, "2");

        let (id, version) = database.full_draft(&me, session).await;
        let phone = |number: &str| vec![("mobile".to_owned(), number.to_owned())];
        page.clone().in_order(20).save_step(id, Step::Basic, phone("13900000002"), version, false).await.unwrap();
        page.clone().in_order(10).save_step(id, Step::Basic, phone("13900000001"), version, false).await.unwrap();
        let mobile = me.application(id).await.unwrap().draft.contact.mobile;
        assert_eq!(mobile, "13900000002");
    });
}

#[test]
fn an_entry_is_found_by_the_page_that_began_it_and_by_its_owner_alone() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, other) = (database.candidate().await, database.candidate().await);
        let token = database.registry.page_token(PageOwner::Candidate(me.account()));
        let page = me.clone().on_page(database.registry.read_page_token(&token).unwrap().key);
        assert_eq!(me.begun_entry(&token, EntryKind::Education).await.unwrap(), None);
        let (id, version) = page.save_entry(None, EntryDraft::Education(bachelor()), 0, false).await.unwrap();
        assert_eq!(me.begun_entry(&token, EntryKind::Education).await.unwrap(), Some(id));
        assert_eq!(me.begun_entry(&token, EntryKind::Training).await.unwrap(), None);
        assert_eq!(other.begun_entry(&token, EntryKind::Education).await.unwrap(), None);
        assert_eq!(me.begun_entry("made up", EntryKind::Education).await.unwrap(), None);
        me.delete_entry(id, version).await.unwrap();
        assert_eq!(me.begun_entry(&token, EntryKind::Education).await.unwrap(), None);
    });
}
