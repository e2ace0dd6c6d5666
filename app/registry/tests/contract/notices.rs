//! Notices of the centre, and which of them a candidate opened (S7).
use crate::common::*;

#[test]
fn a_notice_is_unread_until_its_reader_opened_it() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let (me, other) = (database.candidate().await, database.candidate().await);
        for n in 1..=2 {
            let notice = registry::Notice {
                id: uuid::Uuid::from_u128(n).into(),
                published: registry::Moment(database.now.load(std::sync::atomic::Ordering::SeqCst)),
                title_zh: "通知".into(),
                title_en: "Notice".into(),
                body_zh: "内容".into(),
                body_en: "Text".into(),
            };
            database.registry.publish(notice).await.unwrap();
        }
        let notices = database.registry.notices().await.unwrap();
        assert_eq!(me.unread_notices().await.unwrap().len(), notices.len());
        for _ in 0..2 {
            me.read_notice(notices[0].id).await.unwrap();
        }
        let unread = me.unread_notices().await.unwrap();
        assert!(unread.len() == notices.len() - 1 && !unread.contains(&notices[0].id));
        assert_eq!(other.unread_notices().await.unwrap().len(), notices.len());
    });
}
