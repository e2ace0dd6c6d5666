//! Answers of a submission that the profile does not have yet (S34).
use crate::common::*;
use forms::category::Category;
use forms::ids::{ApplicationId, ExamSessionId};
use forms::journey::Step;
use forms::profile::{ContactDraft, EntryDraft, WorkDraft};
use registry::*;

/// Somebody with a diploma and a photo, whose profile says nothing else.
async fn newcomer(database: &TestDatabase) -> (Candidate, ExamSessionId) {
    let me = database.candidate().await;
    me.save_entry(None, EntryDraft::Education(bachelor()), 0, true).await.unwrap();
    me.set_photo(demo::portrait().unwrap()).await.unwrap();
    (me, database.registry.exam_sessions().await.unwrap()[0].id)
}
fn pairs<D: forms::Draft>(draft: &D) -> Vec<(String, String)> {
    draft.pairs().into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect()
}
/// A draft whose contact and work are answered in the wizard.
async fn answered(
    database: &TestDatabase,
    me: &Candidate,
    session: ExamSessionId,
    (contact, work): (ContactDraft, WorkDraft),
) -> (ApplicationId, i64) {
    let (id, mut version) = database.full_draft(me, session).await;
    let basics = [pairs(&basic()), pairs(&contact)].concat();
    for (step, pairs) in [(Step::Basic, basics), (Step::Work, pairs(&work))] {
        version = me.save_step(id, step, pairs, version, true).await.unwrap().version;
    }
    (id, version)
}
async fn completions(database: &TestDatabase, me: &Candidate) -> i64 {
    database.registry.audited("profile.complete", me.account().uuid()).await.unwrap()
}

#[test]
fn answers_that_the_profile_lacks_reach_it_with_the_submission() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = newcomer(&database).await;
        let (id, version) = answered(&database, &me, session, (contact(), work())).await;
        // A submission that is refused writes nothing.
        let undeclared = me.save_step(id, Step::Confirm, vec![], version, true).await.unwrap().version;
        assert!(matches!(me.submit_application(id, undeclared).await, Err(SubmitError::Problems(_))));
        let before = me.profile().await.unwrap();
        assert_eq!((before.contact.version, before.work.version, completions(&database, &me).await), (0, 0, 0));
        let declared = vec![("declaration".to_owned(), "yes".to_owned())];
        let version = me.save_step(id, Step::Confirm, declared, undeclared, true).await.unwrap().version;
        database.later(1);
        me.submit_application(id, version).await.unwrap();
        let profile = me.profile().await.unwrap();
        assert_eq!((profile.contact.valid, profile.contact.draft), (Some(contact()), contact()));
        let valid = profile.work.valid.unwrap();
        assert_eq!((valid.employer.as_str(), valid.post_state.as_str()), ("京北社区诊所", "probation"));
        // Identity and what goes with the document are not taken over.
        assert_eq!((profile.basic.version, completions(&database, &me).await), (0, 2));
        // It is no change since the submission (X1).
        assert!(me.profile_change(id).await.unwrap().is_empty());
        // The next application begins with it.
        let other = database.registry.exam_sessions().await.unwrap().remove(0);
        let next =
            ExamSession { id: ExamSessionId::from(uuid::Uuid::from_u128(77)), year: other.year + 1, ..other.clone() };
        let categories = database.registry.categories(other.id).await.unwrap();
        database.registry.put_exam_session(next.clone(), categories).await.unwrap();
        let begun = me.begin_application(next.id, Category::parse("110").unwrap()).await.unwrap();
        let draft = me.application(begun).await.unwrap().draft;
        assert_eq!((draft.contact, draft.work.employer_province.as_str()), (contact(), "11"));
    });
}

#[test]
fn a_submission_overwrites_nothing_of_the_profile() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = newcomer(&database).await;
        let own = ContactDraft { mobile: "13900139000".into(), ..contact() };
        me.save_contact(own.clone(), 0, true).await.unwrap();
        // Typed, and never submitted there.
        let typed = WorkDraft { employer: "北京医院".into(), ..Default::default() };
        me.save_work(typed, 0, false).await.unwrap();
        let said = ContactDraft { home_phone: "010-66667777".into(), ..contact() };
        let (id, version) = answered(&database, &me, session, (said, work())).await;
        database.later(1);
        me.submit_application(id, version).await.unwrap();
        let profile = me.profile().await.unwrap();
        let expected = ContactDraft { home_phone: "010-66667777".into(), ..own };
        assert_eq!((profile.contact.valid, profile.contact.draft), (Some(expected.clone()), expected));
        // What is said of another employer is not put beside this one, so the group is not complete.
        let draft = profile.work.draft;
        assert_eq!(
            (draft.employer.as_str(), draft.employer_province.as_str(), draft.post_state.as_str()),
            ("北京医院", "", "probation")
        );
        assert!(profile.work.valid.is_none());
        assert!(me.profile_change(id).await.unwrap().is_empty());
        // Nothing is left to be completed by the next submission.
        let written = completions(&database, &me).await;
        let again = me.reapply(id).await.unwrap();
        let version = me.application(again).await.unwrap().row.version;
        let declared = vec![("declaration".to_owned(), "yes".to_owned())];
        let version = me.save_step(again, Step::Confirm, declared, version, true).await.unwrap().version;
        me.submit_application(again, version).await.unwrap();
        assert_eq!(completions(&database, &me).await, written);
    });
}
