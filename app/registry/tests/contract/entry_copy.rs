//! Correcting an entry that a submitted application holds, in a copy for the application that replaces it.
use super::reviewing::*;
use crate::common::*;
use forms::application::EntryView;
use forms::ids::ApplicationId;
use forms::profile::{EducationDraft, EntryDraft, EntryKind};
use forms::review::{ReviewOutcome, Role};
use registry::*;

/// Somebody whose submitted application holds its only entry, that application, and a draft that is to replace it.
async fn replacing(database: &TestDatabase) -> (Candidate, ApplicationId, ApplicationId) {
    let (me, old) = submitted(database).await;
    let new = me.reapply(old).await.unwrap();
    (me, old, new)
}
async fn entries(me: &Candidate) -> Vec<EntryView> {
    me.profile().await.unwrap().entries
}
fn corrected() -> EntryDraft {
    EntryDraft::Education(EducationDraft { diploma_number: "100251201405000777".into(), ..bachelor() })
}
fn number(entry: &EntryView) -> String {
    match &entry.draft {
        EntryDraft::Education(education) => education.diploma_number.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_the_old_application_holds_is_corrected_in_a_copy_that_takes_its_place() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, old, new) = replacing(&database).await;
        let original = entries(&me).await.remove(0);
        let copy = me.copy_entry(new, original.id).await.unwrap();
        assert_eq!(me.copy_entry(new, original.id).await.unwrap(), copy, "one copy, however often it is asked for");
        let view = me.application(new).await.unwrap();
        assert_eq!(view.draft.selection.ids(EntryKind::Education), [copy]);
        assert_eq!(
            view.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(),
            [copy],
            "the draft sees the copy alone"
        );
        let version = view.entries[0].version;
        me.save_entry(Some(copy), corrected(), version, true).await.unwrap();
        let before = me.application(old).await.unwrap();
        assert_eq!(before.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [original.id]);

        let version = declared(&me, new).await;
        me.submit_application(new, version).await.unwrap();
        let left = entries(&me).await;
        assert_eq!(
            left.iter().map(|entry| (entry.id, entry.locks, entry.copy_of)).collect::<Vec<_>>(),
            [(copy, 1, None)]
        );
        assert_eq!(number(&left[0]), "100251201405000777");
        let after = me.application(new).await.unwrap().snapshot.unwrap();
        assert!(after.other_educations.is_empty(), "what was wrong does not travel along");
        assert_eq!(database.registry.audited("entry.copy", copy.uuid()).await.unwrap(), 1);
    });
}

#[test]
fn a_copy_ends_with_the_draft_that_is_discarded() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, _, new) = replacing(&database).await;
        let original = entries(&me).await.remove(0);
        me.copy_entry(new, original.id).await.unwrap();
        assert_eq!(entries(&me).await.len(), 2);
        me.discard(new).await.unwrap();
        let left = entries(&me).await;
        assert_eq!(left.iter().map(|entry| (entry.id, entry.locks)).collect::<Vec<_>>(), [(original.id, 1)]);
    });
}

#[test]
fn a_copy_takes_the_place_of_its_original_when_the_old_application_is_withdrawn() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, old, new) = replacing(&database).await;
        let original = entries(&me).await.remove(0);
        let copy = me.copy_entry(new, original.id).await.unwrap();
        me.withdraw(old).await.unwrap();
        assert_eq!(
            entries(&me).await.iter().map(|entry| (entry.id, entry.copy_of)).collect::<Vec<_>>(),
            [(copy, None)]
        );
        let version = declared(&me, new).await;
        me.submit_application(new, version).await.unwrap();
    });
}

#[test]
fn only_what_the_application_to_be_replaced_holds_is_copied() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, old, new) = replacing(&database).await;
        let original = entries(&me).await.remove(0);
        // An application that was submitted is no draft that replaces it, and other people see neither.
        assert!(matches!(me.copy_entry(old, original.id).await, Err(Error::NotFound)));
        let other = database.candidate().await;
        assert!(matches!(other.copy_entry(new, original.id).await, Err(Error::NotFound)));
        // What nothing locks is edited itself.
        let (free, _) = me.save_entry(None, corrected(), 0, true).await.unwrap();
        assert_eq!(me.copy_entry(new, free).await.unwrap(), free);
        // Once it was approved there is nothing to be replaced.
        let reviewer = officer(&database, "site", Role::SiteReviewer, "1101").await;
        let record = reviewer.record(old).await.unwrap();
        reviewer
            .assess(old, record.view.row.version, &checklist(&record, "pass", &[]), ReviewOutcome::Approve)
            .await
            .unwrap();
        assert!(matches!(me.copy_entry(new, original.id).await, Err(Error::Conflict)));
    });
}
