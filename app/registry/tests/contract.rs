//! What the books promise, on SQLite and on PostgreSQL. One test runs the whole story on both, so that it can ask at the
//! end which statements ran on one engine only.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may stop at what cannot be")]
mod common;
use common::*;
use forms::{
    Draft, Field, Problem,
    account::SecurityDraft,
    category::Category,
    choice::{Choice, NameKind},
    ids::NameRequestId,
    journey::Step,
    name_requests::{Answer, NameRequestDraft, evidence},
    problem::*,
    profile::{ContactDraft, EducationDraft, EntryDraft, WorkDraft},
    review::Role,
    rules::rule_set,
    status::ApplicationStatus,
};
use registry::*;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn both_engines_keep_the_same_promises() {
    for engine in ENGINES {
        eprintln!("-- {engine:?}");
        accounts_are_unique_and_log_in(engine).await;
        attempts_are_limited_without_locking_out_the_owner(engine).await;
        sessions_end(engine).await;
        a_new_password_ends_every_session(engine).await;
        profiles_keep_what_was_typed(engine).await;
        entries_lock_while_they_are_used(engine).await;
        photos_are_cleaned(engine).await;
        applications_are_submitted_once(engine).await;
        submissions_are_judged_again(engine).await;
        fifty_parallel_submits_give_one_application(engine).await;
        an_edit_never_slips_into_a_snapshot(engine).await;
        the_audit_is_a_chain(engine).await;
        nobody_sees_what_belongs_to_another(engine).await;
        names_are_found(engine).await;
        lists_are_imported(engine).await;
        missing_names_are_asked_for(engine).await;
        answers_complete_what_was_typed(engine).await;
        changes_at_the_same_time_are_all_kept(engine).await;
        the_demonstration_loads(engine).await;
        rows_moved_elsewhere_do_not_open(engine).await;
    }
    assert_eq!(statements::on_one_engine_only(), Vec::<String>::new());
    assert!(statements::count() > 40, "the book of statements was not kept");
}

async fn accounts_are_unique_and_log_in(engine: Engine) {
    let books = Books::open(engine).await;
    let draft = books.registration();
    books.registry.register(books.checked(&draft)).await.unwrap();
    let mut same_name = books.registration();
    same_name.username = draft.username.to_uppercase();
    assert!(matches!(books.registry.register(books.checked(&same_name)).await, Err(RegisterError::UsernameTaken)));
    // The person of the refused registration did not stay behind.
    same_name.username = "somebody".into();
    books.registry.register(books.checked(&same_name)).await.unwrap();
    let mut same_person = draft.clone();
    same_person.username = "other_name".into();
    match books.registry.register(books.checked(&same_person)).await {
        Err(RegisterError::PersonTaken { masked }) => assert_eq!(masked, "pe*****0"),
        other => panic!("{other:?}"),
    }
    assert!(!books.registry.username_is_free(&forms::value::Username::parse("PERSON_0").unwrap()).await.unwrap());
    let login = books.registry.login("Person_0", "Yuan2026", None).await.unwrap();
    assert!(login.first);
    assert!(!books.registry.login("person_0", "Yuan2026", None).await.unwrap().first);
    let who = books.registry.candidate(&login.session).await.unwrap().unwrap();
    assert_eq!(who.about().identity.document.number(), draft.document_number);
    assert!(matches!(
        books.registry.login("person_0", "yuan2026", None).await,
        Err(LoginError::Refused(AccountProblem::WrongLogin))
    ));
    assert!(matches!(
        books.registry.login("nobody", "Yuan2026", None).await,
        Err(LoginError::Refused(AccountProblem::WrongLogin))
    ));
    assert_eq!(books.registry.audited("account.register", who.account().uuid()).await.unwrap(), 1);
}

async fn attempts_are_limited_without_locking_out_the_owner(engine: Engine) {
    let books = Books::open(engine).await;
    books.registry.register(books.checked(&books.registration())).await.unwrap();
    let device = books.registry.login("person_0", "Yuan2026", None).await.unwrap().device;
    for _ in 0..books.registry.settings().login_budget {
        assert!(matches!(
            books.registry.login("person_0", "wrong1", None).await,
            Err(LoginError::Refused(AccountProblem::WrongLogin))
        ));
    }
    assert!(matches!(
        books.registry.login("person_0", "Yuan2026", None).await,
        Err(LoginError::Refused(AccountProblem::Throttled))
    ));
    assert!(books.registry.login("person_0", "Yuan2026", Some(&device)).await.is_ok());
    books.later(3601);
    assert!(books.registry.login("person_0", "Yuan2026", None).await.is_ok());
}

async fn sessions_end(engine: Engine) {
    let books = Books::open(engine).await;
    let account = books.registry.register(books.checked(&books.registration())).await.unwrap();
    let other = books.candidate().await;
    let token = books.registry.login("person_0", "Yuan2026", None).await.unwrap().session;
    books.later(3600);
    assert!(books.registry.candidate(&token).await.unwrap().is_some());
    // The sign of life prolonged it.
    books.later(7000);
    assert!(books.registry.candidate(&token).await.unwrap().is_some());
    books.later(7201);
    assert!(books.registry.candidate(&token).await.unwrap().is_none());
    assert_eq!(books.registry.former_owner(&token).await.unwrap(), Some(account));
    let post = Parked { path: "/profile/contact".into(), pairs: vec![("mobile".into(), "138".into())] };
    let parked = books.registry.park(account, &post).await.unwrap();
    assert_eq!(books.registry.unpark(other.account(), &parked).await.unwrap(), None);
    assert_eq!(books.registry.unpark(account, &parked).await.unwrap(), Some(post.clone()));
    assert_eq!(books.registry.unpark(account, &parked).await.unwrap(), None);
    let parked = books.registry.park(account, &post).await.unwrap();
    books.later(901);
    assert_eq!(books.registry.unpark(account, &parked).await.unwrap(), None);
    let token = books.registry.login("person_0", "Yuan2026", None).await.unwrap().session;
    books.registry.logout(&token).await.unwrap();
    assert!(books.registry.candidate(&token).await.unwrap().is_none());
    assert_eq!(books.registry.former_owner(&token).await.unwrap(), None);
}

async fn a_new_password_ends_every_session(engine: Engine) {
    let books = Books::open(engine).await;
    books.registry.register(books.checked(&books.registration())).await.unwrap();
    let login = |password: &'static str| books.registry.login("person_0", password, None);
    let (here, there) = (login("Yuan2026").await.unwrap().session, login("Yuan2026").await.unwrap().session);
    let me = books.registry.candidate(&here).await.unwrap().unwrap();
    let change = |current: &str, password: &str, question: &str| {
        let draft = SecurityDraft {
            current_password: current.into(),
            password: password.into(),
            password_again: password.into(),
            recovery_question: question.into(),
            recovery_answer: question.replace('？', "！"),
        };
        draft.check(&rule_set("2021").unwrap().password, &[]).unwrap()
    };
    assert!(matches!(
        me.secure(&change("Yuan2025", "Gao2027", "")).await,
        Err(LoginError::Refused(AccountProblem::WrongPassword))
    ));
    assert!(books.registry.candidate(&there).await.unwrap().is_some());
    // A question alone ends nothing.
    assert!(me.secure(&change("Yuan2026", "", "最喜欢的书？")).await.unwrap().is_none());
    assert!(books.registry.candidate(&there).await.unwrap().is_some());
    // Two changes at the same time: one of them is done.
    let (one, other) = (change("Yuan2026", "Gao2027", ""), change("Yuan2026", "Gao2028", ""));
    let (one, other) = tokio::join!(me.secure(&one), me.secure(&other));
    let (new, password) = match (one, other) {
        (Ok(Some(token)), Err(_)) => (token, "Gao2027"),
        (Err(_), Ok(Some(token))) => (token, "Gao2028"),
        (one, other) => panic!("{} {}", one.is_ok(), other.is_ok()),
    };
    for token in [&here, &there] {
        assert!(books.registry.candidate(token).await.unwrap().is_none());
    }
    assert!(books.registry.candidate(&new).await.unwrap().is_some());
    assert!(matches!(login("Yuan2026").await, Err(LoginError::Refused(AccountProblem::WrongLogin))));
    assert!(login(password).await.is_ok());
    let account = me.account().uuid();
    assert_eq!(books.registry.audited("account.password", account).await.unwrap(), 1);
    assert_eq!(books.registry.audited("account.recovery", account).await.unwrap(), 1);
    // Guesses with a stolen session are counted.
    let me = books.registry.candidate(&new).await.unwrap().unwrap();
    for _ in 0..books.registry.settings().login_budget {
        assert!(me.secure(&change("Wrong1", "Gao2029", "")).await.is_err());
    }
    assert!(matches!(
        me.secure(&change(password, "Gao2029", "")).await,
        Err(LoginError::Refused(AccountProblem::Throttled))
    ));
}

async fn profiles_keep_what_was_typed(engine: Engine) {
    let books = Books::open(engine).await;
    let me = books.candidate().await;
    let half = ContactDraft { mobile: "１３８".into(), ..Default::default() };
    assert_eq!(me.save_contact(half.clone(), 0, false).await.unwrap(), 1);
    let profile = me.profile().await.unwrap();
    assert_eq!((profile.contact.draft, profile.contact.version, profile.contact.valid), (half.clone(), 1, None));
    // The other window saved the first version; this one must not overwrite it.
    assert!(matches!(me.save_contact(half.clone(), 0, false).await, Err(Error::Conflict)));
    assert!(matches!(me.save_contact(half.clone(), 7, false).await, Err(Error::Conflict)));
    assert!(matches!(me.save_contact(half, 1, true).await, Err(Error::Problems(p)) if p[0].field == Field::Mobile));
    assert_eq!(me.save_contact(contact(), 1, true).await.unwrap(), 2);
    let again = ContactDraft { address: String::new(), ..contact() };
    assert_eq!(me.save_contact(again.clone(), 2, false).await.unwrap(), 3);
    let profile = me.profile().await.unwrap();
    assert_eq!((profile.contact.draft, profile.contact.valid), (again, Some(contact())));
    me.save_basic(basic(), 0, true).await.unwrap();
    me.save_work(work(), 0, true).await.unwrap();
    assert_eq!(me.profile().await.unwrap().work.valid, Some(work()));
}

async fn entries_lock_while_they_are_used(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, session) = books.ready().await;
    let (id, version) = me.save_entry(None, EntryDraft::Education(EducationDraft::default()), 0, false).await.unwrap();
    assert!(matches!(
        me.save_entry(Some(id), EntryDraft::Education(EducationDraft::default()), version, true).await,
        Err(Error::Problems(_))
    ));
    let (_, version) = me.save_entry(Some(id), EntryDraft::Education(bachelor()), version, true).await.unwrap();
    assert!(matches!(me.delete_entry(id, version - 1).await, Err(Error::Conflict)));
    me.delete_entry(id, version).await.unwrap();
    assert!(matches!(me.delete_entry(id, version).await, Err(Error::NotFound)));
    let (application, version) = books.full_draft(&me, session).await;
    me.submit(application, version).await.unwrap();
    let entry = me.profile().await.unwrap().entries[0].clone();
    assert_eq!(entry.locks, 1);
    assert!(matches!(
        me.save_entry(Some(entry.id), entry.draft.clone(), entry.version, true).await,
        Err(Error::Conflict)
    ));
    assert!(matches!(me.delete_entry(entry.id, entry.version).await, Err(Error::Conflict)));
}

async fn photos_are_cleaned(engine: Engine) {
    let books = Books::open(engine).await;
    let me = books.candidate().await;
    let mut jpeg = demo::portrait().unwrap();
    jpeg.extend(b"and something hidden");
    let id = me.set_photo(jpeg.clone()).await.unwrap();
    let kept = me.photo(id).await.unwrap();
    assert!(!kept.windows(6).any(|w| w == b"hidden"));
    assert!(kept.len() <= 40_960);
    assert_eq!(me.profile().await.unwrap().account.photo, Some(id));
    let refused = |bytes: Vec<u8>| {
        let me = me.clone();
        async move {
            match me.set_photo(bytes).await {
                Err(Error::Problems(problems)) => problems[0].code,
                other => panic!("{other:?}"),
            }
        }
    };
    assert_eq!(refused(b"GIF89a".to_vec()).await, PhotoProblem::NotJpeg.into());
    jpeg.truncate(400);
    assert_eq!(refused(jpeg).await, PhotoProblem::Unreadable.into());
    assert_eq!(refused(vec![]).await, PhotoProblem::NotJpeg.into());
    let other = books.candidate().await;
    assert!(matches!(other.photo(id).await, Err(Error::NotFound)));
}

async fn applications_are_submitted_once(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, session) = books.ready().await;
    let (id, version) = books.full_draft(&me, session).await;
    // The same draft is taken up again, not a second one begun.
    assert_eq!(me.begin(session, Category::parse("110").unwrap()).await.unwrap(), id);
    let serial = me.submit(id, version + 1).await.unwrap();
    assert!(serial.as_str().starts_with("2611110"));
    let view = me.application(id).await.unwrap();
    assert_eq!(view.row.status, ApplicationStatus::Submitted);
    assert_eq!(view.row.serial.as_deref(), Some(serial.as_str()));
    let snapshot = view.snapshot.unwrap();
    assert_eq!(snapshot.educations.len(), 1);
    assert_eq!(snapshot.identity, me.about().identity);
    let refused = me.submit(id, view.row.version).await;
    assert!(matches!(refused, Err(SubmitError::Problems(p)) if p[0].1.code == ApplicationProblem::NotDraft.into()));
    let second = me.begin(session, Category::parse("120").unwrap()).await;
    assert!(
        matches!(second, Err(SubmitError::Problems(p)) if p[0].1.code == ApplicationProblem::AlreadyApplied.into())
    );
    assert!(matches!(me.save_step(id, Step::Site, vec![], view.row.version, false).await, Err(Error::Conflict)));
    assert!(matches!(me.discard(id).await, Err(Error::NotFound)));
    assert_eq!(me.applications().await.unwrap().len(), 1);
    assert_eq!(books.registry.audited("application.submit", id.uuid()).await.unwrap(), 1);
    // Profile edits never change what was submitted (X1).
    me.save_contact(ContactDraft { mobile: "13900139000".into(), ..contact() }, 1, true).await.unwrap();
    assert_eq!(me.application(id).await.unwrap().snapshot.unwrap().contact.mobile.as_str(), "13800138000");
}

async fn submissions_are_judged_again(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, session) = books.ready().await;
    let (id, version) = books.full_draft(&me, session).await;
    let code = |result: Result<_, SubmitError>| match result {
        Err(SubmitError::Problems(problems)) => problems[0].1,
        Ok(_) => panic!("submitted"),
        Err(SubmitError::Books(error)) => panic!("{error:?}"),
    };
    assert_eq!(code(me.submit(id, version - 1).await).code, ApplicationProblem::Conflict.into());
    let exam = books.registry.exam_sessions().await.unwrap()[0].clone();
    let noon = books.now.load(std::sync::atomic::Ordering::SeqCst);
    // The last microsecond is in time, the next is not (X38).
    books.now.store(exam.closes.0, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(code(me.submit(id, version).await).code, ApplicationProblem::WindowClosed.into());
    assert_eq!(
        code(me.begin(session, Category::parse("110").unwrap()).await.map(|_| forms::ids::Serial::new(0, "", "", 0)))
            .code,
        ApplicationProblem::WindowClosed.into()
    );
    books.now.store(noon, std::sync::atomic::Ordering::SeqCst);
    let site = |open| Site {
        code: "1101".into(),
        area: "11".into(),
        name: "北京市".into(),
        address: String::new(),
        phone: String::new(),
        open,
    };
    books.registry.put_areas(vec![], vec![site(false)]).await.unwrap();
    assert_eq!(
        code(me.submit(id, version).await),
        Problem { field: Field::Site, code: ApplicationProblem::SiteClosed.into() }
    );
    books.registry.put_areas(vec![], vec![site(true)]).await.unwrap();
    // A dictionary entry taken out of use between choosing and submitting.
    let dictionary = Dictionary::default();
    dictionary.refresh(&books.registry).await.unwrap();
    let hit = dictionary.exact(DictionaryKind::Employer, "北京医院").unwrap();
    let mut work = work();
    (work.employer, work.employer_id) = (hit.name.clone(), hit.id.to_string());
    let pairs: Vec<_> = work.pairs().into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect();
    let version = me.save_step(id, Step::Work, pairs, version, true).await.unwrap().version;
    books.registry.set_name_active(hit.id, false).await.unwrap();
    assert_eq!(
        code(me.submit(id, version).await),
        Problem { field: Field::Employer, code: PaperProblem::NoLongerListed.into() }
    );
    books.registry.set_name_active(hit.id, true).await.unwrap();
    let version = me.save_step(id, Step::Confirm, vec![], version, true).await.unwrap().version;
    assert_eq!(code(me.submit(id, version).await).field, Field::Declaration);
    books.now.store(exam.closes.0 - 1, std::sync::atomic::Ordering::SeqCst);
    let version = me
        .save_step(id, Step::Confirm, vec![("declaration".into(), "yes".into())], version, true)
        .await
        .unwrap()
        .version;
    me.submit(id, version).await.unwrap();
}

async fn fifty_parallel_submits_give_one_application(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, session) = books.ready().await;
    let (id, version) = books.full_draft(&me, session).await;
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let me = me.clone();
            tokio::spawn(async move { me.submit(id, version).await })
        })
        .collect();
    let mut accepted = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => accepted += 1,
            Err(SubmitError::Problems(_)) => {}
            Err(SubmitError::Books(error)) => panic!("{error:?}"),
        }
    }
    assert_eq!(accepted, 1);
    assert_eq!(me.profile().await.unwrap().entries[0].locks, 1);
    assert_eq!(books.registry.audited("application.submit", id.uuid()).await.unwrap(), 1);
}

async fn the_audit_is_a_chain(engine: Engine) {
    let books = Books::open(engine).await;
    let registry = &books.registry;
    assert_eq!(
        (registry.chain_audit().await.unwrap(), registry.verify_audit().await.unwrap()),
        (0, Findings::default())
    );
    for _ in 0..4 {
        registry.register(books.checked(&books.registration())).await.unwrap();
    }
    assert_eq!(registry.chain_audit().await.unwrap(), 4);
    // Two nodes chain at once while people go on registering.
    let (first, second) = (registry.clone(), registry.clone());
    for _ in 0..2 {
        registry.register(books.checked(&books.registration())).await.unwrap();
    }
    let (one, two) = tokio::join!(first.chain_audit(), second.chain_audit());
    assert_eq!(one.unwrap_or(0) + two.unwrap_or(0), 2);
    let whole = registry.verify_audit().await.unwrap();
    assert_eq!((whole.rows, whole.broken.as_slice()), (6, [].as_slice()));
    assert_eq!(whole.head.as_ref().unwrap().0, 6);
    // Each row that is changed is named, and only that one; what is cut out is missed.
    books.behind_the_back("UPDATE audit SET action = 'account.nothing' WHERE place = 2").await;
    books.behind_the_back("DELETE FROM audit WHERE place = 4").await;
    let broken = registry.verify_audit().await.unwrap().broken;
    assert!(
        matches!(broken.as_slice(), [Broken::Changed { place: 2, .. }, Broken::Missing { place: 4, count: 1 }]),
        "{broken:?}"
    );
    // The end cut off leaves a chain without a fault, and another head.
    books.behind_the_back("DELETE FROM audit WHERE place > 4").await;
    assert_ne!(registry.verify_audit().await.unwrap().head, whole.head);
}

async fn an_edit_never_slips_into_a_snapshot(engine: Engine) {
    let books = Books::open(engine).await;
    let mut edited_first = 0;
    for _ in 0..20 {
        let (me, session) = books.ready().await;
        let (id, version) = books.full_draft(&me, session).await;
        let entry = me.profile().await.unwrap().entries[0].clone();
        let changed = EducationDraft { diploma_number: "999999999999999999".into(), ..bachelor() };
        let editor = me.clone();
        let edit = tokio::spawn(async move {
            editor.save_entry(Some(entry.id), EntryDraft::Education(changed), entry.version, true).await
        });
        let submitter = me.clone();
        let submit = tokio::spawn(async move { submitter.submit(id, version).await });
        let edited = edit.await.unwrap().is_ok();
        submit.await.unwrap().unwrap();
        edited_first += u32::from(edited);
        let locked = me.profile().await.unwrap().entries[0].complete.clone().unwrap();
        let snapshot = me.application(id).await.unwrap().snapshot.unwrap();
        assert_eq!(forms::profile::Entry::Education(snapshot.educations[0].1.clone()), locked, "edited: {edited}");
    }
    eprintln!("   edits that came first: {edited_first} of 20");
}

async fn nobody_sees_what_belongs_to_another(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, session) = books.ready().await;
    let (id, version) = books.full_draft(&me, session).await;
    let other = books.candidate().await;
    assert!(matches!(other.application(id).await, Err(Error::NotFound)));
    assert!(matches!(other.save_step(id, Step::Site, vec![], version, false).await, Err(Error::NotFound)));
    assert!(matches!(other.submit(id, version).await, Err(SubmitError::Books(Error::NotFound))));
    assert!(matches!(other.discard(id).await, Err(Error::NotFound)));
    let entry = me.profile().await.unwrap().entries[0].clone();
    assert!(matches!(
        other.save_entry(Some(entry.id), entry.draft.clone(), entry.version, false).await,
        Err(Error::NotFound)
    ));
    assert!(matches!(other.delete_entry(entry.id, entry.version).await, Err(Error::NotFound)));
    assert!(other.applications().await.unwrap().is_empty());
    me.discard(id).await.unwrap();
    let again = me.begin(session, Category::parse("210").unwrap()).await.unwrap();
    assert_ne!(again, id);
}

async fn names_are_found(engine: Engine) {
    let books = Books::open(engine).await;
    demo::load_shipped(&books.registry).await.unwrap();
    // A second time adds nothing.
    assert_eq!(
        books.registry.add_names(DictionaryKind::School, "shipped", vec![Listed::of("北京大学", "11")]).await.unwrap(),
        0
    );
    let dictionary = Dictionary::default();
    dictionary.refresh(&books.registry).await.unwrap();
    assert!(dictionary.len(DictionaryKind::School) > 200);
    let first =
        |kind, query: &str| dictionary.search(kind, query, "").first().map(|hit| hit.name.clone()).unwrap_or_default();
    use DictionaryKind::{Employer, Major, School};
    for (kind, query, expect) in [
        (School, "bjdx", "北京大学"),
        (School, "BJDX", "北京大学"),
        (School, "beijingdaxue", "北京大学"),
        (School, "beijdx", "北京大学"),
        (School, "北jdx", "北京大学"),
        (School, "北京大学", "北京大学"),
        (School, "cqdx", "重庆大学"),
        (School, "xmdx", "厦门大学"),
        (School, "协和医", "北京协和医学院"),
        (Employer, "lasrmyy", "六安市人民医院"),
        (Employer, "bjxhyy", "北京协和医院"),
        (Major, "zyx", "中医学"),
        // Official names keep their signs.
        (Major, "临床医学儿科", "临床医学（儿科医学、精神病学、放射医学、麻醉学、医学影像学）"),
    ] {
        assert_eq!(first(kind, query), expect, "{query}");
    }
    assert!(dictionary.search(School, "", "").is_empty());
    assert!(dictionary.search(School, &"a".repeat(10_000), "").is_empty());
    assert!(dictionary.search(School, "y", "").len() <= 20);
    assert_eq!(dictionary.search(Employer, "rmyy", "42").first(), None);
    assert_eq!(dictionary.search(School, "zhongnandaxue", "43").first().map(|h| h.region.clone()), Some("43".into()));
    // A list that is handed out whole gives the same answers where it is held, also of what changed since it was indexed.
    let changed = dictionary.exact(School, "清华大学").unwrap().id;
    books.registry.set_name_active(changed, false).await.unwrap();
    let before = dictionary.whole(School).unwrap().tag.clone();
    dictionary.refresh(&books.registry).await.unwrap();
    let whole = dictionary.whole(School).unwrap();
    assert_ne!(whole.tag, before);
    assert_eq!(dictionary.whole(School).unwrap().tag, whole.tag);
    let (entries, list) = names::full_list::read(std::str::from_utf8(&whole.plain).unwrap()).unwrap();
    assert_eq!(entries.len(), dictionary.len(School));
    for query in [
        "bjdx",
        "qinghua",
        "qhdx",
        "中医",
        "大学",
        "d",
        "zhejiangdaxeu",
        "北京中意药大学",
        "复旦",
        "医",
        "xiangnanxueyuan",
    ] {
        for region in ["", "11", "43"] {
            let asked: Vec<_> = dictionary
                .search(School, query, region)
                .into_iter()
                .map(|hit| (hit.id.to_string(), hit.marked))
                .collect();
            let found = list.search(&names::Query::new(query).unwrap(), names::Region::parse(region));
            let found: Vec<_> = found.iter().map(|f| (entries[f.entry as usize].id.clone(), (f.from, f.to))).collect();
            assert_eq!(found, asked, "{query} {region}");
        }
    }
    books.registry.set_name_active(changed, true).await.unwrap();
    // What may be meant by a name that is in no list.
    for (kind, name, region, expect) in [
        (Employer, "协和医院", "11", "北京协和医院"),
        (Employer, "上海复旦大学附属中山医院", "31", "复旦大学附属中山医院"),
        (Employer, "北京大学第三附属医院", "11", "北京大学第三医院"),
        (Major, "临床医学五年制", "", "临床医学"),
        (School, "北京 协和医学院（本部）", "", "北京协和医学院"),
    ] {
        assert_eq!(dictionary.near(kind, name, region).first().map(|hit| hit.name.as_str()), Some(expect), "{name}");
    }
    for (kind, name) in [(School, ""), (School, "（）"), (Employer, "Qwerty Hospital"), (School, &"京".repeat(500))]
    {
        assert!(dictionary.near(kind, name, "").is_empty(), "{name}");
    }
    let (areas, sites) = books.registry.areas().await.unwrap();
    assert_eq!((areas.len(), sites.len()), (32, 338));
}

async fn lists_are_imported(engine: Engine) {
    use DictionaryKind::School;
    let books = Books::open(engine).await;
    let registry = &books.registry;
    let regions = [("北京市", "11"), ("湖南省", "43")].map(|(name, code)| (name.to_owned(), code.to_owned())).into();
    let list = |text: &str| read_list(text.as_bytes(), &regions).unwrap();
    let first = "\u{feff}name,region,former\n北京医科大学,北京市,\n北京大学,11,京师大学堂\n湘雅医学院,湖南省,\n中南大学,湖南省,\n";
    let report = registry.import_names(School, "test", list(first).list, |_, _| {}).await.unwrap();
    assert_eq!((report.added, report.changed, report.merged, report.unchanged), (4, 0, 0, 0));
    let dictionary = Dictionary::default();
    dictionary.refresh(registry).await.unwrap();
    let found = |query: &str| dictionary.search(School, query, "").into_iter().next();
    let by_former = found("京师大学堂").unwrap();
    assert_eq!((by_former.name.as_str(), by_former.former.as_deref()), ("北京大学", Some("京师大学堂")));
    assert_eq!(by_former.marked, (0, 5));
    let id = by_former.id;
    // What is written and not yet let count is seen by nobody, and does not stand in the way of the next try.
    let number = dictionary.number();
    let half = list("name,region\n长沙医学院,43\n");
    registry.begin_import(School, "broken off", half.list.clone()).await.unwrap();
    dictionary.refresh(registry).await.unwrap();
    assert_eq!((dictionary.number(), found("长沙医学院")), (number, None));
    assert_eq!(registry.import_names(School, "again", half.list, |_, _| {}).await.unwrap().added, 1);
    // The second list merges, changes, repeats and errs, line by line.
    let second = "name,region,former,weight,merged_into,active\n北京医科大学,11,,,北京大学,\n湘雅医学院,43,,,中南大学,\n中南大学,43,,9,,\n\
                  长沙医学院,43,,,,no\n北京大学,11,,,,\n北京大学,11,,,,\n（）,11,,,,\n没有地方,99,,,,\n太重,11,,900,,\n去哪里,11,,,不存在大学,\n";
    let FileList { list, refused } = list(second);
    assert_eq!(refused, [(9, Refusal::UnknownRegion), (10, Refusal::WrongWeight)]);
    let mut heard = Vec::new();
    let report = registry.import_names(School, "test", list, |done, total| heard.push((done, total))).await.unwrap();
    assert_eq!((report.added, report.changed, report.merged, report.unchanged), (0, 3, 2, 0));
    assert_eq!(report.refused, [(7, Refusal::Twice), (8, Refusal::NoName), (11, Refusal::UnknownTarget)]);
    assert_eq!(heard, [(5, 5)]);
    // The change is seen beside the index, and again in an index that is built anew.
    for dictionary in [dictionary.clone(), Dictionary::default()] {
        dictionary.refresh(registry).await.unwrap();
        let found = |query: &str| dictionary.search(School, query, "").into_iter().next();
        let merged = found("北京医科大学").unwrap();
        assert_eq!((merged.id, merged.name.as_str(), merged.former.as_deref()), (id, "北京大学", Some("北京医科大学")));
        assert_eq!(found("bjykdx").map(|hit| hit.id), Some(id));
        assert_eq!(found("xyyxy").map(|hit| hit.name), Some("中南大学".into()));
        assert_eq!(found("长沙医学院"), None);
        assert_eq!(found("zndx").map(|hit| hit.name), Some("中南大学".into()));
        assert_eq!(found("中男大学").map(|hit| (hit.name, hit.slip)), Some(("中南大学".into(), true)));
        assert_eq!(dictionary.len(School), 2);
        assert!(dictionary.named(School, "北京医科大学").is_empty() && dictionary.exact(School, "北京大学").is_some());
    }
    // Saying the same again writes nothing.
    let number = registry.dictionary_number().await.unwrap();
    let same = read_list("name,region,weight\n中南大学,43,9\n".as_bytes(), &regions).unwrap().list;
    assert_eq!(registry.import_names(School, "test", same, |_, _| {}).await.unwrap().unchanged, 1);
    assert_eq!(registry.dictionary_number().await.unwrap(), number);
    // Two that change something at the same time both count.
    let (a, b) = tokio::join!(
        registry.set_name_active(id, false),
        registry.add_names(School, "test", vec![Listed::of("湖南医科大学", "43")])
    );
    a.unwrap();
    assert_eq!(b.unwrap(), 1);
    dictionary.refresh(registry).await.unwrap();
    assert_eq!(
        (dictionary.exact(School, "北京大学"), dictionary.exact(School, "湖南医科大学").is_some()),
        (None, true)
    );
    // What was given up is cleared away by the next import.
    books.now.fetch_add(3_600_000_000, std::sync::atomic::Ordering::SeqCst);
    registry.add_names(School, "test", vec![Listed::of("湖南中医药大学", "43")]).await.unwrap();
    assert_eq!(registry.imports_under_way().await.unwrap(), 0);
    for wrong in ["region\n11\n", ""] {
        assert_eq!(read_list(wrong.as_bytes(), &regions), Err(FileError::NoNames));
    }
    assert_eq!(read_list(b"name\n\xff\xfe\n", &regions), Err(FileError::Line(2)));
}

async fn missing_names_are_asked_for(engine: Engine) {
    use DictionaryKind::{Employer, School};
    let books = Books::open(engine).await;
    let registry = &books.registry;
    demo::load_shipped(registry).await.unwrap();
    let (me, other) = (books.candidate().await, books.candidate().await);
    let request = |kind: NameKind, name: &str, region: &str, former: &str| {
        let draft = NameRequestDraft {
            name_kind: kind.code().into(),
            missing_name: name.into(),
            missing_region: region.into(),
            former_name: former.into(),
        };
        draft.check().unwrap()
    };
    let school = |name: &str, region: &str| request(NameKind::School, name, region, "");
    // What is there is not asked for, nor the same twice, nor more than five at a time; what others ask for is theirs.
    let refused = |result: Result<_, NamingError>| match result {
        Err(NamingError::Refused(problem)) => problem,
        other => panic!("{other:?}"),
    };
    let pdf = b"%PDF-1.7\n%%EOF\n".to_vec();
    let format = evidence(&pdf).unwrap();
    assert_eq!(refused(me.ask_for_name(&school("北京大学", "11"), None).await), NameRequestProblem::AlreadyListed);
    let first = request(NameKind::School, "京北医学院", "11", "京北卫校");
    let first = me.ask_for_name(&first, Some((format, pdf.clone()))).await.unwrap();
    assert_eq!(refused(me.ask_for_name(&school("京北医学院", "11"), None).await), NameRequestProblem::AlreadyAsked);
    for n in 0..4 {
        books.later(1);
        me.ask_for_name(&school(&format!("湘江第{n}医学院"), "43"), None).await.unwrap();
    }
    assert_eq!(refused(me.ask_for_name(&school("湘江第九医学院", "43"), None).await), NameRequestProblem::TooMany);
    let theirs = other.ask_for_name(&request(NameKind::Employer, "京北第一医院", "11", ""), None).await.unwrap();
    books.later(1);
    other.ask_for_name(&school("湘江第0医学院", "43"), Some((format, pdf.clone()))).await.unwrap();
    assert_eq!((me.name_requests().await.unwrap().len(), other.name_requests().await.unwrap()[1].id), (5, theirs));

    // An area answers its own, the centre all, a site none; what is somebody else's is not there, nor is its file.
    let (area, elsewhere, centre, site) = (
        books.officer(Role::AreaOfficer, "11").await,
        books.officer(Role::AreaOfficer, "43").await,
        books.officer(Role::Centre, "").await,
        books.officer(Role::SiteReviewer, "3301").await,
    );
    let seen = |missing: Result<MissingNames, Error>| {
        let missing = missing.unwrap();
        assert_eq!(missing.names.len(), missing.all);
        missing.all
    };
    assert_eq!(
        (seen(area.missing_names().await), seen(elsewhere.missing_names().await), seen(centre.missing_names().await)),
        (2, 4, 6)
    );
    assert_eq!(seen(site.missing_names().await), 0);
    for officer in [&elsewhere, &site] {
        let answer = officer.answer_names(&[first], &Answer::Approve).await;
        assert!(matches!(answer, Err(NamingError::Books(Error::NotFound))));
        assert!(matches!(officer.name_evidence(first).await, Err(Error::NotFound)));
    }
    assert_eq!(area.name_evidence(first).await.unwrap(), (format, pdf));
    assert!(matches!(centre.name_evidence(theirs).await, Err(Error::NotFound)));
    let missing = area.missing_names().await.unwrap().names[0].clone();
    assert_eq!((missing.id, missing.name.as_str(), missing.people), (first, "京北医学院", 1));
    assert_eq!(
        (missing.former, missing.evidence, missing.waiting),
        (vec!["京北卫校".into()], vec![(first, format)], 0)
    );
    // Whoever asks for the same name is answered with the others, and counted.
    let same = elsewhere.missing_names().await.unwrap().names[0].clone();
    assert_eq!((same.name.as_str(), same.people, same.evidence.len()), ("湘江第0医学院", 2, 1));
    // A batch is answered as a whole or not at all.
    let missing = NameRequestId::from(registry.settings().entropy.uuid(Moment(NOON)));
    assert!(area.answer_names(&[first, missing], &Answer::Approve).await.is_err());
    assert_eq!(seen(area.missing_names().await), 2);

    let dictionary = Dictionary::default();
    dictionary.refresh(registry).await.unwrap();
    assert_eq!(dictionary.exact(School, "京北医学院"), None);
    assert_eq!(area.answer_names(&[first], &Answer::Approve).await.unwrap(), 1);
    dictionary.refresh(registry).await.unwrap();
    let hit = dictionary.exact(School, "京北医学院").unwrap();
    assert_eq!(dictionary.search(School, "京北卫校", "11")[0].id, hit.id);
    let row = me.name_requests().await.unwrap().into_iter().find(|row| row.id == first).unwrap();
    assert_eq!((row.state, row.leads_to), (RequestState::Approved, Some((hit.id, "京北医学院".into()))));
    // Another name of what is there; an entry of another kind is none.
    let there = dictionary.exact(Employer, "北京协和医院").unwrap().id;
    assert!(matches!(area.answer_names(&[theirs], &Answer::Merge(hit.id)).await, Err(NamingError::Overtaken)));
    area.answer_names(&[theirs], &Answer::Merge(there)).await.unwrap();
    dictionary.refresh(registry).await.unwrap();
    let found = dictionary.search(Employer, "京北第一医院", "");
    assert_eq!((found[0].id, found[0].former.as_deref()), (there, Some("京北第一医院")));
    // An answer is given once, and what is answered is not taken back.
    assert!(matches!(centre.answer_names(&[theirs], &Answer::Approve).await, Err(NamingError::Overtaken)));
    assert!(matches!(other.withdraw_name(theirs).await, Err(NamingError::Overtaken)));
    // What is open is taken back by whoever asked, with its file, and by nobody else.
    let open = |rows: Vec<NameRequestRow>| rows.into_iter().find(|row| row.state == RequestState::Open).unwrap().id;
    let own = open(other.name_requests().await.unwrap());
    assert!(matches!(me.withdraw_name(own).await, Err(NamingError::Books(Error::NotFound))));
    other.withdraw_name(own).await.unwrap();
    assert!(matches!(elsewhere.name_evidence(own).await, Err(Error::NotFound)));
    assert_eq!(elsewhere.missing_names().await.unwrap().names[0].people, 1);
    let open: Vec<_> = elsewhere.missing_names().await.unwrap().names.iter().map(|missing| missing.id).collect();
    assert_eq!(centre.answer_names(&open, &Answer::Refuse("查无此校".into())).await.unwrap(), 4);
    let rows = me.name_requests().await.unwrap();
    assert_eq!(rows.iter().filter(|row| row.state == RequestState::Refused && row.reason == "查无此校").count(), 4);
    assert_eq!(seen(centre.missing_names().await), 0);
    // What was refused may be asked for again, but not for ever: each request is read by somebody.
    for n in 0..15 {
        let id = me.ask_for_name(&school("湘江第九医学院", "43"), None).await.unwrap_or_else(|e| panic!("{n} {e:?}"));
        me.withdraw_name(id).await.unwrap();
    }
    assert_eq!(refused(me.ask_for_name(&school("湘江第九医学院", "43"), None).await), NameRequestProblem::TooOften);
    books.later(31 * 86_400);
    me.ask_for_name(&school("湘江第九医学院", "43"), None).await.unwrap();
}

async fn answers_complete_what_was_typed(engine: Engine) {
    let books = Books::open(engine).await;
    let (me, session) = books.ready().await;
    let ask = |kind: NameKind, name: &str| NameRequestDraft {
        name_kind: kind.code().into(),
        missing_name: name.into(),
        missing_region: "11".into(),
        ..Default::default()
    };
    // The group, an entry and an application hold names that no list has; a second person typed one of them and never asked.
    // Digits may be typed wide: a request holds them as they are judged, and means the same name.
    let typed = WorkDraft { employer: "京北第１医院".into(), employer_id: String::new(), ..work() };
    let version = me.profile().await.unwrap().work.version;
    me.save_work(typed.clone(), version, true).await.unwrap();
    let entry = me.profile().await.unwrap().entries[0].clone();
    let school = EducationDraft { school: "京北医学院".into(), school_id: String::new(), ..bachelor() };
    me.save_entry(Some(entry.id), EntryDraft::Education(school), entry.version, true).await.unwrap();
    let (application, version) = books.full_draft(&me, session).await;
    let pairs: Vec<_> = typed.pairs().into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect();
    let version = me.save_step(application, Step::Work, pairs, version, true).await.unwrap().version;
    let (other, _) = books.ready().await;
    let theirs = other.profile().await.unwrap().work.version;
    other.save_work(typed, theirs, false).await.unwrap();

    let employer = me.ask_for_name(&ask(NameKind::Employer, "京北第１医院").check().unwrap(), None).await.unwrap();
    books.later(1);
    let school = me.ask_for_name(&ask(NameKind::School, "京北医学院").check().unwrap(), None).await.unwrap();
    let area = books.officer(Role::AreaOfficer, "11").await;
    let waiting: Vec<_> = area.missing_names().await.unwrap().names.iter().map(|missing| missing.waiting).collect();
    assert_eq!(waiting, [2, 1]);

    let dictionary = Dictionary::default();
    dictionary.refresh(&books.registry).await.unwrap();
    let there = dictionary.exact(DictionaryKind::Employer, "北京医院").unwrap();
    area.answer_names(&[employer], &Answer::Merge(there.id)).await.unwrap();
    area.answer_names(&[school], &Answer::Approve).await.unwrap();
    let profile = me.profile().await.unwrap();
    let valid = profile.work.valid.unwrap();
    for work in [profile.work.draft, valid, me.application(application).await.unwrap().draft.work] {
        assert_eq!((work.employer, work.employer_id), ("北京医院".to_owned(), there.id.to_string()));
    }
    let EntryDraft::Education(draft) = &profile.entries[0].draft else { panic!("no education") };
    assert!(draft.school == "京北医学院" && !draft.school_id.is_empty());
    // Another name counts for whoever asked: for others it is what they typed, and the list shows them where it leads.
    assert_eq!(other.profile().await.unwrap().work.draft.employer, "京北第１医院");
    assert!(area.missing_names().await.unwrap().names.is_empty());

    // The same name elsewhere is another institution: each is led to the one that was asked for.
    let school = EducationDraft { school: "京北医学院".into(), school_id: String::new(), ..bachelor() };
    let entry = other.profile().await.unwrap().entries[0].clone();
    other.save_entry(Some(entry.id), EntryDraft::Education(school), entry.version, false).await.unwrap();
    let elsewhere = NameRequestDraft { missing_region: "44".into(), ..ask(NameKind::School, "京北医学院") };
    let elsewhere = other.ask_for_name(&elsewhere.check().unwrap(), None).await.unwrap();
    books.officer(Role::AreaOfficer, "44").await.answer_names(&[elsewhere], &Answer::Approve).await.unwrap();
    let chosen = |profile: &Profile| match &profile.entries[0].draft {
        EntryDraft::Education(draft) => draft.school_id.clone(),
        _ => panic!("no education"),
    };
    let (mine, theirs) = (chosen(&me.profile().await.unwrap()), chosen(&other.profile().await.unwrap()));
    assert!(!mine.is_empty() && !theirs.is_empty() && mine != theirs);

    // What was saved before is submitted as it reads now.
    me.submit(application, version).await.unwrap();
    let snapshot = me.application(application).await.unwrap().snapshot.unwrap();
    assert_eq!(snapshot.work.employer.id(), Some(there.id));
    let school = snapshot.educations[0].1.school.clone().unwrap();
    assert!(school.name() == "京北医学院" && school.id().is_some());
    // An entry that is used stays as it was seen, whatever becomes of the dictionary.
    books.registry.set_name_active(school.id().unwrap(), false).await.unwrap();
    assert_eq!(me.application(application).await.unwrap().snapshot.unwrap().educations[0].1.school, Some(school));
}

async fn changes_at_the_same_time_are_all_kept(engine: Engine) {
    use DictionaryKind::Employer;
    let books = Books::open(engine).await;
    let registry = &books.registry;
    demo::load_shipped(registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(registry).await.unwrap();
    let there = dictionary.exact(Employer, "北京医院").unwrap().id;
    let area = books.officer(Role::AreaOfficer, "11").await;
    let mut asked = Vec::new();
    for n in 0..9 {
        let draft = NameRequestDraft {
            name_kind: "employer".into(),
            missing_name: format!("京北第{n}诊所"),
            missing_region: "11".into(),
            ..Default::default()
        };
        let me = books.candidate().await;
        asked.push(me.ask_for_name(&draft.check().unwrap(), None).await.unwrap());
    }
    let (last, first) = asked.split_last().unwrap();
    let tasks: Vec<_> = first
        .iter()
        .map(|id| {
            let (area, id) = (area.clone(), *id);
            tokio::spawn(async move { area.answer_names(&[id], &Answer::Merge(there)).await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), 1);
    }
    // An import that changes the same entry, and meanwhile somebody else does: the list is compared anew with what it became.
    let list = vec![Listed { weight: 9, ..Listed::of("北京医院", "11") }];
    let mut between = Some(*last);
    let report = registry
        .import_names(Employer, "test", list, |_, _| {
            let Some(id) = between.take() else { return };
            let answer = async { area.answer_names(&[id], &Answer::Merge(there)).await };
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(answer)).unwrap();
        })
        .await
        .unwrap();
    assert_eq!((report.changed, registry.imports_under_way().await.unwrap()), (1, 0));
    let (_, stands) = registry.dictionary_entry(there).await.unwrap().unwrap();
    assert_eq!((stands.weight, stands.former.len()), (9, 9), "{:?}", stands.former);
}

async fn the_demonstration_loads(engine: Engine) {
    let books = Books::open(engine).await;
    assert!(
        !demo::is_loaded(&books.registry).await.unwrap() && !demo::is_demonstration(&books.registry).await.unwrap()
    );
    let logins = demo::load(&books.registry).await.unwrap();
    assert!(demo::is_loaded(&books.registry).await.unwrap());
    assert!(demo::is_demonstration(&books.registry).await.unwrap());
    let mut states = Vec::new();
    for login in logins.iter().filter(|login| login.role.is_none()) {
        let session = books.registry.login(&login.username, &login.password, None).await.unwrap().session;
        let candidate = books.registry.candidate(&session).await.unwrap().unwrap();
        states.push(candidate.applications().await.unwrap().first().map(|row| row.status));
    }
    assert_eq!(states, [None, Some(ApplicationStatus::Draft), Some(ApplicationStatus::Submitted)]);
    let notices = books.registry.notices().await.unwrap();
    assert_eq!(notices.len(), 3);
    assert_eq!(books.registry.notice(notices[0].id).await.unwrap().title_zh, notices[0].title_zh);
    let exam = &books.registry.exam_sessions().await.unwrap()[0];
    assert!(books.registry.categories(exam.id).await.unwrap().len() >= 12);
}

async fn rows_moved_elsewhere_do_not_open(engine: Engine) {
    let books = Books::open(engine).await;
    let sealer = &books.registry.settings().sealer;
    let entropy = &books.registry.settings().entropy;
    let sealed = sealer.seal(entropy, &[b"person", b"1"], b"11010519491231002X");
    assert_eq!(sealer.open(&[b"person", b"1"], &sealed).unwrap(), b"11010519491231002X");
    assert!(sealer.open(&[b"person", b"2"], &sealed).is_err());
    assert!(Sealer::new(&[8; 32]).open(&[b"person", b"1"], &sealed).is_err());
    assert!(!sealed.windows(4).any(|w| w == b"1949"));
}
