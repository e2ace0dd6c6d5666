//! What the front page says to whoever has not begun (S1), and to who is logged in (S7, S132, S136).
use crate::common::*;
use forms::journey::Step;
use std::sync::atomic::Ordering;

#[tokio::test]
async fn notices_are_marked_until_they_were_opened() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, _) = app.log_in(&logins, "demo_done").await;
    let notices = app.registry.notices().await.unwrap();
    let all = notices.len();
    assert!(me.get("/").await.body.contains(&format!("（{all} 条未读）")));
    // A stranger has read nothing and is told nothing.
    assert!(!app.anonymous().get("/").await.body.contains("未读"));
    for _ in 0..2 {
        me.get(&format!("/notices/{}", notices[0].id)).await;
    }
    assert!(me.get("/").await.body.contains(&format!("（{} 条未读）", all - 1)));
    let (other, _) = app.log_in(&logins, "demo_new").await;
    assert!(other.get("/").await.body.contains(&format!("（{all} 条未读）")));
}

#[tokio::test]
async fn a_draft_says_which_steps_it_lacks_and_how_long_there_is() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_draft").await;
    let row = candidate.applications().await.unwrap().remove(0);
    let page = me.get("/").await.body;
    assert!(page.contains("还没有填完：") && page.contains("还剩 ") && page.contains("天"), "{page}");
    let view = candidate.application(row.id).await.unwrap();
    let none = vec![("mobile".to_owned(), String::new())];
    candidate.save_step(row.id, Step::Basic, none, view.row.version, true).await.unwrap();
    assert!(me.get("/").await.body.contains("基本情况"));
    // An hour before the end hours and minutes are counted, after it nothing.
    let closes = app.registry.exam_sessions().await.unwrap()[0].closes;
    app.now.store(closes.plus_seconds(-3600).0, Ordering::SeqCst);
    let (me, _) = app.log_in(&logins, "demo_draft").await;
    let page = me.get("/").await.body;
    assert!(page.contains("data-left=\"3600\"") && page.contains("还剩 1 小时 0 分"), "{page}");
    app.now.store(closes.0, Ordering::SeqCst);
    let page = me.get("/").await.body;
    assert!(!page.contains("data-left") && page.contains("视为未报名"), "{page}");
}

#[tokio::test]
async fn who_used_a_temporary_card_is_reminded_of_the_new_one() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    assert!(!me.get("/").await.body.contains("尽快换领"));
    let old = candidate.applications().await.unwrap().remove(0);
    let id = candidate.reapply(old.id).await.unwrap();
    let view = candidate.application(id).await.unwrap();
    let until = view.exam.review_closes.plus_days(30).date().to_string();
    let mut answers: Vec<(String, String)> =
        view.draft.pairs(Step::Basic).into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect();
    answers.retain(|(name, _)| name != "document_until");
    answers.extend([("temporary_card".into(), "yes".into()), ("document_until".into(), until)]);
    let version = candidate.save_step(id, Step::Basic, answers, view.row.version, true).await.unwrap().version;
    let declared = vec![("declaration".to_owned(), "yes".to_owned())];
    let version = candidate.save_step(id, Step::Confirm, declared, version, true).await.unwrap().version;
    candidate.submit_application(id, version).await.unwrap();
    assert!(me.get("/").await.body.contains("请尽快换领居民身份证"));
}

#[tokio::test]
async fn notices_and_materials_stand_before_the_way_in() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    for (language, start) in [("zh", "开始报名"), ("en", "Start")] {
        let page = Holder { app: &app, cookie: format!("lang={language}") }.get("/").await.body;
        let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what} is not in {page}"));
        let main = at("<main");
        let after = |what: &str| main + page[main..].find(what).unwrap_or_else(|| panic!("{what} is not in {page}"));
        let button = after(start);
        for notice in app.registry.notices().await.unwrap() {
            assert!(after(&format!("href=\"/notices/{}\"", notice.id)) < button);
        }
        for link in ["/downloads", "/help", "/guides/rules"] {
            assert!(after(&format!("href=\"{link}\"")) < button, "{link} comes after the button");
        }
        assert!(after("href=\"/register\"") < button && button < after("href=\"/login\""));
    }
    // Who is logged in has begun.
    let (me, _) = app.log_in(&logins, "demo_new").await;
    assert!(!me.get("/").await.body.contains("开始报名"));
}

#[tokio::test]
async fn only_the_newest_notices_stand_before_the_way_in_the_others_are_unfolded() {
    let app = TestApp::new().await;
    app.load_demonstration().await;
    assert!(!app.anonymous().get("/").await.body.contains("更早的通知"));
    let oldest = app.registry.notices().await.unwrap().pop().unwrap();
    for days in 1..=2 {
        let id = forms::ids::NoticeId::from(uuid::Uuid::from_u128(days as u128));
        let published = oldest.published.plus_days(-days);
        app.registry.publish(registry::Notice { id, published, ..oldest.clone() }).await.unwrap();
    }
    let page = app.anonymous().get("/").await.body;
    let (before, folded) = page.split_once("<details").unwrap();
    assert!(folded.contains("更早的通知（2）") && !folded.starts_with(" open"));
    assert_eq!(before.matches("href=\"/notices/").count(), 3);
    assert_eq!(folded.matches("href=\"/notices/").count(), 2);
}
