//! Withdrawing and applying again by plain posts: what the pages say, and what they do.
use crate::common::*;
use axum::http::StatusCode;
use forms::{ids::ApplicationId, journey::Step, status::ApplicationStatus};
use registry::{Candidate, Moment, demo};
use std::sync::atomic::Ordering;

/// Somebody whose application waits for its site, and its id.
async fn submitted(app: &TestApp) -> (Holder<'_>, Candidate, ApplicationId) {
    let logins = app.load_demonstration().await;
    logged_in(app, &logins).await
}
async fn logged_in<'a>(app: &'a TestApp, logins: &[demo::DemoLogin]) -> (Holder<'a>, Candidate, ApplicationId) {
    let (me, candidate) = app.log_in(logins, "demo_done").await;
    let row = candidate.applications().await.unwrap().remove(0);
    assert_eq!(row.status, ApplicationStatus::Submitted);
    (me, candidate, row.id)
}
async fn status(candidate: &Candidate, id: ApplicationId) -> ApplicationStatus {
    candidate.application(id).await.unwrap().row.status
}

#[tokio::test]
async fn withdrawing_asks_first_and_says_what_happens() {
    let app = TestApp::new().await;
    let (me, candidate, id) = submitted(&app).await;
    let page = me.get(&format!("/applications/{id}")).await.body;
    assert!(page.contains("重新报考") && page.contains(&format!("/applications/{id}/withdraw")), "{page}");
    let asked = me.get(&format!("/applications/{id}/withdraw")).await;
    assert!(asked.body.contains("不能恢复") && asked.body.contains("不放弃，返回"), "{}", asked.body);
    assert_eq!(status(&candidate, id).await, ApplicationStatus::Submitted);
    for _ in 0..2 {
        let done = me.post(&format!("/applications/{id}/withdraw"), &[]).await;
        assert_eq!(
            (done.status, done.place()),
            (StatusCode::SEE_OTHER, format!("/applications/{id}?withdrawn=").as_str())
        );
    }
    assert!(me.get(&format!("/applications/{id}?withdrawn=")).await.body.contains("报名已放弃"));
    assert_eq!(status(&candidate, id).await, ApplicationStatus::Abandoned);
    let page = me.get(&format!("/applications/{id}")).await.body;
    assert!(page.contains("您已放弃这份报名。在") && !page.contains("打印通知单"), "{page}");
    // There is nothing left to ask about.
    for way in ["withdraw", "reapply", "replace"] {
        assert_eq!(me.get(&format!("/applications/{id}/{way}")).await.place(), format!("/applications/{id}"));
    }
    assert_eq!(me.get(&format!("/applications/{id}/slip")).await.place(), format!("/applications/{id}"));
}

#[tokio::test]
async fn applying_again_shows_what_differs_before_the_old_application_ends() {
    let app = TestApp::new().await;
    let (me, candidate, old) = submitted(&app).await;
    assert!(me.get(&format!("/applications/{old}/reapply")).await.body.contains("原报名一直有效"));
    let begun = me.post(&format!("/applications/{old}/reapply"), &[]).await;
    let new = begun.place().trim_start_matches("/applications/").trim_end_matches("/category").to_owned();
    let id = ApplicationId::parse(&new).unwrap();
    assert!(me.get(&format!("/applications/{new}/category")).await.body.contains("这是重新报考的草稿"));
    assert!(
        me.get("/exams").await.body.contains("取代")
            || packed_in(&me.get("/exams").await.body).contains("重新报考的草稿")
    );
    // A draft that is not complete leads to the step that it lacks.
    assert_eq!(me.get(&format!("/applications/{new}/replace")).await.place(), format!("/applications/{new}"));

    let view = candidate.application(id).await.unwrap();
    let mut pairs: Vec<(String, String)> =
        view.draft.pairs(Step::Basic).into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect();
    for (name, text) in &mut pairs {
        if name == "address" {
            *text = "浙江省杭州市西湖区文三路1号".to_owned();
        }
    }
    let version = candidate.save_step(id, Step::Basic, pairs, view.row.version, true).await.unwrap().version;
    let confirm = candidate.application(id).await.unwrap().draft.pairs(Step::Confirm);
    let version = version.to_string();
    let mut posted: Vec<(&str, &str)> = vec![("version", &version), ("declaration", "yes")];
    posted.extend(
        confirm.iter().filter(|(field, _)| field.name() != "declaration").map(|(f, text)| (f.name(), text.as_str())),
    );
    let confirmed = me.post(&format!("/applications/{new}/confirm"), &posted).await;
    assert_eq!(confirmed.place(), format!("/applications/{new}/replace"), "{}", confirmed.body);
    assert_eq!(
        (status(&candidate, old).await, status(&candidate, id).await),
        (ApplicationStatus::Submitted, ApplicationStatus::Draft)
    );

    let compared = me.get(&format!("/applications/{new}/replace")).await.body;
    assert!(compared.contains("文三路1号") && compared.contains("联系地址"), "{compared}");
    assert!(!compared.contains("邮政编码") && !compared.contains("毕业学校"), "only what differs: {compared}");
    let version = candidate.application(id).await.unwrap().row.version.to_string();
    let done = me.post(&format!("/applications/{new}/replace"), &[("version", &version)]).await;
    assert_eq!(done.place(), format!("/applications/{new}?submitted="), "{}", done.body);
    assert_eq!(
        (status(&candidate, old).await, status(&candidate, id).await),
        (ApplicationStatus::Superseded, ApplicationStatus::Submitted)
    );
    assert!(me.get(&format!("/applications/{old}")).await.body.contains("由您的新报名取代"));
}

#[tokio::test]
async fn who_may_do_neither_is_told_whom_to_ask() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let closes = app.registry.exam_sessions().await.unwrap()[0].closes;
    app.now.store(closes.0, Ordering::SeqCst);
    let (me, candidate, id) = logged_in(&app, &logins).await;
    for way in ["withdraw", "reapply"] {
        let page = me.get(&format!("/applications/{id}/{way}")).await;
        assert!(page.body.contains("请在资格审核期间联系考点"), "{}", page.body);
        assert!(!page.body.contains(&format!("action=\"/applications/{id}/{way}\"")), "no button: {}", page.body);
        let refused = me.post(&format!("/applications/{id}/{way}"), &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("现在不在网上报名时间内"), "{}", refused.body);
    }
    let page = me.get(&format!("/applications/{id}")).await.body;
    assert!(page.contains("网上报名已经截止") && !page.contains("/withdraw"), "{page}");
    app.now.store(Moment(closes.0 - 1).0, Ordering::SeqCst);
    assert_eq!(me.post(&format!("/applications/{id}/withdraw"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(status(&candidate, id).await, ApplicationStatus::Abandoned);
}

#[tokio::test]
async fn a_locked_entry_is_corrected_from_the_step_of_the_draft_that_replaces_its_application() {
    let app = TestApp::new().await;
    let (me, candidate, old) = submitted(&app).await;
    let new = candidate.reapply(old).await.unwrap();
    let page = me.get(&format!("/applications/{new}/education")).await.body;
    let entry = candidate.application(new).await.unwrap().entries.into_iter().find(|entry| entry.locks == 1).unwrap();
    let serial = candidate.application(old).await.unwrap().row.serial.unwrap();
    assert!(page.contains(&format!("name=\"copy\" value=\"{}\"", entry.id)) && page.contains(&serial), "{page}");
    let view = candidate.application(new).await.unwrap();
    let mut posted: Vec<(String, String)> =
        view.draft.pairs(Step::Education).into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect();
    posted.push(("version".into(), view.row.version.to_string()));
    posted.push(("copy".into(), entry.id.to_string()));
    let posted: Vec<(&str, &str)> = posted.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
    let begun = me.post(&format!("/applications/{new}/education"), &posted).await;
    let place = begun.place().to_owned();
    assert!(place.starts_with(&format!("/applications/{new}/entries/")), "{place} {}", begun.body);
    assert_eq!(me.get(&place).await.status, StatusCode::OK);
    let step = me.get(&format!("/applications/{new}/education")).await.body;
    assert!(step.contains("更正稿") && !step.contains(&entry.id.to_string()), "{step}");
    assert!(me.get("/profile/education").await.body.contains("更正稿"));
    // The page of the submitted application does not show it.
    assert!(!me.get(&format!("/applications/{old}/education")).await.body.contains("name=\"copy\""));
}
