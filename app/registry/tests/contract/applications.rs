//! Drafts and their submission.
use crate::common::*;
use forms::Draft as _;
use forms::category::Category;
use forms::journey::Step;
use forms::problem::{ApplicationProblem, PaperProblem};
use forms::profile::{ContactDraft, EducationDraft, EntryDraft};
use forms::status::ApplicationStatus;
use forms::{Field, Problem};
use registry::*;

/// The first problem for which something was refused.
pub fn problem(result: Result<impl Sized, SubmitError>) -> Problem {
    match result {
        Err(SubmitError::Problems(problems)) => problems[0].1,
        Ok(_) => panic!("submitted"),
        Err(SubmitError::Registry(error)) => panic!("{error:?}"),
    }
}
fn category(code: &str) -> Category {
    Category::parse(code).unwrap()
}
fn at(database: &TestDatabase, moment: i64) {
    database.now.store(moment, std::sync::atomic::Ordering::SeqCst);
}

#[test]
fn a_draft_of_the_session_is_continued() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let id = me.begin_application(session, category("110")).await.unwrap();
        assert_eq!(me.begin_application(session, category("120")).await.unwrap(), id);
        assert_eq!(me.application(id).await.unwrap().draft.category.category, "120");
    });
}

#[test]
fn a_submission_gives_a_serial_and_a_snapshot() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        let serial = me.submit_application(id, version).await.unwrap();
        assert!(serial.as_str().starts_with("2611110"));
        let view = me.application(id).await.unwrap();
        assert_eq!(view.row.status, ApplicationStatus::Submitted);
        assert_eq!(view.row.serial.as_deref(), Some(serial.as_str()));
        let snapshot = view.snapshot.unwrap();
        assert_eq!(snapshot.educations.len(), 1);
        // The lock says whose it is (X28).
        let entry = &me.profile().await.unwrap().entries[0];
        assert_eq!((entry.locks, entry.held_by.as_slice()), (1, [serial.as_str().to_owned()].as_slice()));
        assert_eq!(snapshot.identity, me.about().identity);
        assert_eq!(database.registry.audited("application.submit", id.uuid()).await.unwrap(), 1);
    });
}

#[test]
fn a_session_has_one_live_application_of_a_person() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        me.submit_application(id, version).await.unwrap();
        assert_eq!(
            problem(me.begin_application(session, category("120")).await).code,
            ApplicationProblem::AlreadyApplied.into()
        );
        assert_eq!(me.applications().await.unwrap().len(), 1);
    });
}

#[test]
fn a_submitted_application_is_neither_submitted_nor_saved_nor_discarded() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        me.submit_application(id, version).await.unwrap();
        let version = me.application(id).await.unwrap().row.version;
        assert_eq!(problem(me.submit_application(id, version).await).code, ApplicationProblem::NotDraft.into());
        assert!(matches!(me.save_step(id, Step::Site, vec![], version, false).await, Err(Error::Conflict)));
        assert!(matches!(me.discard(id).await, Err(Error::NotFound)));
    });
}

#[test]
fn edits_of_the_profile_never_change_what_was_submitted() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        me.submit_application(id, version).await.unwrap();
        me.save_contact(ContactDraft { mobile: "13900139000".into(), ..contact() }, 1, true).await.unwrap();
        assert_eq!(me.application(id).await.unwrap().snapshot.unwrap().contact.mobile.as_str(), "13800138000");
    });
}

#[test]
fn another_version_than_the_current_one_is_not_submitted() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        assert_eq!(problem(me.submit_application(id, version - 1).await).code, ApplicationProblem::Conflict.into());
    });
}

#[test]
fn the_last_microsecond_of_the_window_is_in_time_and_the_next_is_not() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        let exam = database.registry.exam_sessions().await.unwrap()[0].clone();
        at(&database, exam.closes.0);
        assert_eq!(problem(me.submit_application(id, version).await).code, ApplicationProblem::WindowClosed.into());
        assert_eq!(
            problem(me.begin_application(session, category("110")).await).code,
            ApplicationProblem::WindowClosed.into()
        );
        at(&database, exam.closes.0 - 1);
        me.submit_application(id, version).await.unwrap();
    });
}

#[test]
fn a_site_that_closed_takes_no_application() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        let site = |open| Site {
            code: "1101".into(),
            area: "11".into(),
            name: "北京市".into(),
            name_en: "Beijing site".into(),
            address: String::new(),
            phone: String::new(),
            hours: String::new(),
            map: String::new(),
            open,
        };
        database.registry.put_areas(vec![], vec![site(false)]).await.unwrap();
        let closed = Problem { field: Field::Site, code: ApplicationProblem::SiteClosed.into() };
        assert_eq!(problem(me.submit_application(id, version).await), closed);
        database.registry.put_areas(vec![], vec![site(true)]).await.unwrap();
        me.submit_application(id, version).await.unwrap();
    });
}

#[test]
fn a_name_that_was_deactivated_after_it_was_chosen_is_a_problem() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        let dictionary = Dictionary::default();
        dictionary.refresh(&database.registry).await.unwrap();
        let hit = dictionary.exact(DictionaryKind::Employer, "北京医院").unwrap();
        let mut work = work();
        (work.employer, work.employer_id) = (hit.name.clone(), hit.id.to_string());
        let pairs: Vec<_> = work.pairs().into_iter().map(|(f, v)| (f.name().to_owned(), v)).collect();
        let version = me.save_step(id, Step::Work, pairs, version, true).await.unwrap().version;
        database.registry.set_name_active(hit.id, false).await.unwrap();
        let unlisted = Problem { field: Field::Employer, code: PaperProblem::NoLongerListed.into() };
        assert_eq!(problem(me.submit_application(id, version).await), unlisted);
        database.registry.set_name_active(hit.id, true).await.unwrap();
        me.submit_application(id, version).await.unwrap();
    });
}

#[test]
fn an_answer_that_was_taken_back_is_a_problem_of_the_submission() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        let version = me.save_step(id, Step::Confirm, vec![], version, true).await.unwrap().version;
        assert_eq!(problem(me.submit_application(id, version).await).field, Field::Declaration);
    });
}

#[test]
fn fifty_parallel_submits_give_one_application() {
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        let tasks: Vec<_> = (0..50)
            .map(|_| {
                let me = me.clone();
                tokio::spawn(async move { me.submit_application(id, version).await })
            })
            .collect();
        let mut accepted = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(_) => accepted += 1,
                Err(SubmitError::Problems(_)) => {}
                Err(SubmitError::Registry(error)) => panic!("{error:?}"),
            }
        }
        assert_eq!(accepted, 1);
        assert_eq!(me.profile().await.unwrap().entries[0].locks, 1);
        assert_eq!(database.registry.audited("application.submit", id.uuid()).await.unwrap(), 1);
    });
}

#[test]
fn an_edit_never_slips_into_a_snapshot() {
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let mut edited_first = 0;
        for _ in 0..20 {
            let (me, session) = database.ready().await;
            let (id, version) = database.full_draft(&me, session).await;
            let entry = me.profile().await.unwrap().entries[0].clone();
            let changed = EducationDraft { diploma_number: "999999999999999999".into(), ..bachelor() };
            let editor = me.clone();
            let edit = tokio::spawn(async move {
                editor.save_entry(Some(entry.id), EntryDraft::Education(changed), entry.version, true).await
            });
            let submitter = me.clone();
            let submit = tokio::spawn(async move { submitter.submit_application(id, version).await });
            let edited = edit.await.unwrap().is_ok();
            submit.await.unwrap().unwrap();
            edited_first += u32::from(edited);
            let locked = me.profile().await.unwrap().entries[0].complete.clone().unwrap();
            let snapshot = me.application(id).await.unwrap().snapshot.unwrap();
            assert_eq!(forms::profile::Entry::Education(snapshot.educations[0].1.clone()), locked, "edited: {edited}");
        }
        eprintln!("   edits that came first: {edited_first} of 20");
    });
}

#[test]
fn nobody_sees_or_changes_what_belongs_to_another() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) = database.full_draft(&me, session).await;
        let other = database.candidate().await;
        assert!(matches!(other.application(id).await, Err(Error::NotFound)));
        assert!(matches!(other.save_step(id, Step::Site, vec![], version, false).await, Err(Error::NotFound)));
        assert!(matches!(other.submit_application(id, version).await, Err(SubmitError::Registry(Error::NotFound))));
        assert!(matches!(other.discard(id).await, Err(Error::NotFound)));
        let entry = me.profile().await.unwrap().entries[0].clone();
        let saved = other.save_entry(Some(entry.id), entry.draft.clone(), entry.version, false).await;
        assert!(matches!(saved, Err(Error::NotFound)));
        assert!(matches!(other.delete_entry(entry.id, entry.version).await, Err(Error::NotFound)));
        assert!(other.applications().await.unwrap().is_empty());
    });
}

#[test]
fn after_a_draft_is_discarded_another_is_begun() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, _) = database.full_draft(&me, session).await;
        me.discard(id).await.unwrap();
        let again = me.begin_application(session, category("210")).await.unwrap();
        assert_ne!(again, id);
        assert_eq!(me.application(id).await.unwrap().row.status, ApplicationStatus::Abandoned);
        assert_eq!(database.registry.audited("application.discard", id.uuid()).await.unwrap(), 1);
    });
}
