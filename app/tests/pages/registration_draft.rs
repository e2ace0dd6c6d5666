//! Registration that is begun and taken up again in the same browser, over HTTP (X26).
use crate::common::*;
use axum::http::{Method, StatusCode};
use serde_json::json;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

/// The cookie with which an answer names the browser.
fn browser<'a>(app: &'a TestApp, answer: &Answer) -> Holder<'a> {
    Holder { app, cookie: answer.cookie("registration").unwrap() }
}

#[tokio::test]
async fn a_registration_is_given_back_to_the_browser_that_began_it_and_to_no_other() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    assert_eq!(anybody.get("/register").await.cookie("registration"), None, "who only looks gets a cookie");
    let typed = json!({"fields": {"username": "zhao_1", "name": "赵一鸣", "password": "Geheim2026", "recovery_answer": "小学"}});
    let saved = anybody.call("/api/save-registration", typed).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    let cookie = saved.header("set-cookie");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Max-Age=86400"));
    let mine = browser(&app, &saved);
    let page = mine.get("/register").await;
    assert!(
        page.body.contains("赵一鸣") && page.body.contains("value=\"zhao_1\"") && page.body.contains("清空，重新填写")
    );
    assert!(!page.body.contains("Geheim2026") && !page.body.contains("小学"));
    assert!(page.header("cache-control").contains("no-store"), "a cache keeps what somebody typed");
    let other = anybody.get("/register").await;
    assert!(!other.body.contains("赵一鸣") && !other.body.contains("清空，重新填写"));
}

#[tokio::test]
async fn a_registration_that_is_left_or_refused_is_kept_without_script() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let refused = anybody.post("/register", &[("name", "赵一鸣"), ("password", "Geheim2026")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let mine = browser(&app, &refused);
    assert!(mine.get("/register").await.body.contains("value=\"赵一鸣\""));
    // The page that is left posts its form as a draft, right or wrong.
    let body = format!("username=zhao_2&password=Geheim2026&page={}", mine.page().await);
    let left = mine.send(Method::POST, "/register", FORM, body, &[("x-draft", "1")]).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT);
    assert!(mine.get("/register").await.body.contains("value=\"zhao_2\""));
}

#[tokio::test]
async fn whoever_sits_down_next_deletes_what_was_typed_before() {
    let app = TestApp::new().await;
    let saved = app.anonymous().call("/api/save-registration", json!({"fields": {"name": "赵一鸣"}})).await;
    let mine = browser(&app, &saved);
    let afresh = mine.post("/register", &[("afresh", "yes")]).await;
    assert_eq!((afresh.status, afresh.place()), (StatusCode::SEE_OTHER, "/register"));
    assert!(
        afresh.header("set-cookie").starts_with("registration=;") && afresh.header("set-cookie").contains("Max-Age=0")
    );
    // Also for whoever kept the cookie.
    assert!(!mine.get("/register").await.body.contains("赵一鸣"));
}

#[tokio::test]
async fn a_draft_of_a_registration_is_bounded_in_size() {
    let app = TestApp::new().await;
    let long = json!({"fields": {"name": "长".repeat(3000)}});
    let refused = app.anonymous().call("/api/save-registration", long).await;
    assert!(refused.status.is_client_error() && refused.cookie("registration").is_none());
    let huge = json!({"fields": {"name": "x".repeat(20_000)}});
    let refused = app.anonymous().call("/api/save-registration", huge).await;
    assert!(refused.status.is_client_error() && refused.cookie("registration").is_none());
    // A page of another site cannot write.
    let foreign = [("sec-fetch-site", "cross-site")];
    let body = "fields%5Bname%5D=x".to_owned();
    let refused = app.anonymous().send(Method::POST, "/api/save-registration", FORM, body, &foreign).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_new_entry_that_is_reloaded_is_the_one_that_was_begun() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let page = me.page().await;
    let new = format!("/profile/education/new?begun={page}");
    assert_eq!(me.get(&new).await.status, StatusCode::OK, "nothing was begun yet");
    for school in ["北京大学", "清华大学"] {
        let body = format!("version=0&page={page}&school={school}");
        let left = me.send(Method::POST, "/profile/education/new", FORM, body, &[("x-draft", "1")]).await;
        assert_eq!(left.status, StatusCode::NO_CONTENT);
    }
    let entries = me.candidate.profile().await.unwrap().entries;
    assert_eq!(entries.len(), 1, "typing and reloading twice makes two drafts");
    let again = me.get(&new).await;
    assert_eq!(again.place(), format!("/profile/education/{}", entries[0].id));
    assert!(me.get(again.place()).await.body.contains("清华大学"));
    let application = me.begun().await;
    let new = format!("/applications/{application}/entries/education?begun={page}");
    assert_eq!(me.get(&new).await.place(), format!("/applications/{application}/entries/education/{}", entries[0].id));
    // Somebody else's page begins nothing here.
    let other = app.member().await;
    assert_eq!(other.get(&format!("/profile/education/new?begun={page}")).await.status, StatusCode::OK);
}
