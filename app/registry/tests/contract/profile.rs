//! The profile: groups, entries, the photo.
use crate::common::*;
use forms::Field;
use forms::problem::PhotoProblem;
use forms::profile::{ContactDraft, EducationDraft, EntryDraft};
use registry::*;

#[test]
fn profiles_keep_what_was_typed() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let me = database.candidate().await;
        let half = ContactDraft { mobile: "１３８".into(), ..Default::default() };
        assert_eq!(me.save_contact(half.clone(), 0, false).await.unwrap(), 1);
        let profile = me.profile().await.unwrap();
        assert_eq!((profile.contact.draft, profile.contact.version, profile.contact.valid), (half.clone(), 1, None));
        // The other window saved the first version; this one must not overwrite it.
        let other = ContactDraft { mobile: "139".into(), ..Default::default() };
        assert!(matches!(me.save_contact(other.clone(), 0, false).await, Err(Error::Conflict)));
        assert!(matches!(me.save_contact(other, 7, false).await, Err(Error::Conflict)));
        assert!(matches!(me.save_contact(half, 1, true).await, Err(Error::Problems(p)) if p[0].field == Field::Mobile));
        assert_eq!(me.save_contact(contact(), 1, true).await.unwrap(), 2);
        let again = ContactDraft { address: String::new(), ..contact() };
        assert_eq!(me.save_contact(again.clone(), 2, false).await.unwrap(), 3);
        let profile = me.profile().await.unwrap();
        assert_eq!((profile.contact.draft, profile.contact.valid), (again, Some(contact())));
        me.save_basic(basic(), 0, true).await.unwrap();
        me.save_work(work(), 0, true).await.unwrap();
        assert_eq!(me.profile().await.unwrap().work.valid, Some(work()));
    });
}

#[test]
fn entries_lock_while_they_are_used() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, session) = database.ready().await;
        let (id, version) =
            me.save_entry(None, EntryDraft::Education(EducationDraft::default()), 0, false).await.unwrap();
        assert!(matches!(
            me.save_entry(Some(id), EntryDraft::Education(EducationDraft::default()), version, true).await,
            Err(Error::Problems(_))
        ));
        let (_, version) = me.save_entry(Some(id), EntryDraft::Education(bachelor()), version, true).await.unwrap();
        assert!(matches!(me.delete_entry(id, version - 1).await, Err(Error::Conflict)));
        me.delete_entry(id, version).await.unwrap();
        assert!(matches!(me.delete_entry(id, version).await, Err(Error::NotFound)));
        let (application, version) = database.full_draft(&me, session).await;
        me.submit_application(application, version).await.unwrap();
        let entry = me.profile().await.unwrap().entries[0].clone();
        assert_eq!(entry.locks, 1);
        assert!(matches!(
            me.save_entry(Some(entry.id), entry.draft.clone(), entry.version, true).await,
            Err(Error::Conflict)
        ));
        assert!(matches!(me.delete_entry(entry.id, entry.version).await, Err(Error::Conflict)));
    });
}

#[test]
fn half_a_photo_and_one_of_many_scans_are_refused_before_they_are_decoded() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let me = database.candidate().await;
        let whole = demo::portrait().unwrap();
        let scan = whole.windows(2).position(|pair| pair == [0xFF, 0xDA]).unwrap();
        let half = whole[..scan + (whole.len() - scan) / 2].to_vec();
        let mut many = whole[..whole.len() - 2].to_vec();
        for _ in 0..20 {
            many.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 7]);
        }
        many.extend([0xFF, 0xD9]);
        for bytes in [half, whole[..whole.len() - 2].to_vec(), many] {
            match me.set_photo(bytes).await {
                Err(Error::Problems(problems)) => assert_eq!(problems[0].code, PhotoProblem::Unreadable.into()),
                other => panic!("{other:?}"),
            }
        }
        me.set_photo(whole).await.unwrap();
    });
}

#[test]
fn uploads_of_an_account_are_bounded_and_those_of_others_are_not_its() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, other) = (database.candidate().await, database.candidate().await);
        let mut taken = 0;
        while !matches!(me.set_photo(b"GIF89a".to_vec()).await, Err(Error::TooOften)) {
            taken += 1;
            assert!(taken <= 240);
        }
        assert_eq!(taken, 240);
        other.set_photo(demo::portrait().unwrap()).await.unwrap();
        database.later(3601);
        me.set_photo(demo::portrait().unwrap()).await.unwrap();
    });
}

#[test]
fn photos_are_cleaned() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let me = database.candidate().await;
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
        let other = database.candidate().await;
        assert!(matches!(other.photo(id).await, Err(Error::NotFound)));
    });
}

#[test]
fn a_photo_is_checked_by_the_strictest_open_rules() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let exam = registry.exam_sessions().await.unwrap()[0].clone();
        let photo = |name: &str| forms::rule_set::rule_set(name).unwrap().photo;
        assert_eq!(registry.photo_rule().await.unwrap(), photo("2021"));
        let rules = forms::rule_set::rule_set("2022").unwrap();
        registry.put_exam_session(ExamSession { rules, ..exam.clone() }, vec![]).await.unwrap();
        assert_eq!(registry.photo_rule().await.unwrap(), photo("2022"));
        let later = exam.closes.0 - registry.settings().clock.now().0;
        database.later(later / 1_000_000);
        assert_eq!(registry.photo_rule().await.unwrap(), photo("2021"));
    });
}
