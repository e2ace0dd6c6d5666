//! Where an account is logged in, as its owner sees and ends it at 安全设置.
use crate::common::*;
use axum::http::{Method, StatusCode};

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0 Secret-Plugin/9";
const PHONE: &str = "Mozilla/5.0 (Linux; Android 13; V2199A) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36";

async fn login<'a>(app: &'a TestApp, username: &str, agent: &str) -> Holder<'a> {
    let body = format!("username={username}&password=Yuan2026");
    let answer = app.anonymous().send(Method::POST, "/login", FORM, body, &[("user-agent", agent)]).await;
    Holder { app, cookie: answer.cookie("session").unwrap() }
}
/// The ids of the sessions that a page has buttons for.
fn ids(page: &str) -> Vec<String> {
    let buttons = page.split("name=\"end\" value=\"").skip(1);
    buttons.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}
async fn is_open(holder: &Holder<'_>) -> bool {
    holder.get("/exams").await.status == StatusCode::OK
}

#[tokio::test]
async fn the_owner_reads_in_words_where_the_account_is_logged_in() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let name = me.candidate.about().username.clone();
    let here = login(&app, &name, FIREFOX).await;
    let there = login(&app, &name, PHONE).await;
    let page = here.get("/security").await.body;
    assert!(
        page.contains("Firefox · Linux") && page.contains("Chrome · 安卓") && page.contains("其他浏览器 · 其他系统")
    );
    assert_eq!(page.matches("本次登录").count(), 1);
    assert_eq!(ids(&page).len(), 2);
    // Neither what else the browser said nor a token is in the page, and nothing of it needs the module.
    assert!(!page.contains("Secret-Plugin") && !page.contains("V2199A") && !page.contains("hydrate"));
    for holder in [&here, &there] {
        assert!(!page.contains(holder.cookie.trim_start_matches("session=")));
    }
    // Text from outside is shown in words of ours only.
    let hostile = login(&app, &name, "<b>Firefox/1</b>").await;
    assert!(!hostile.get("/security").await.body.contains("<b>Firefox"));
}

#[tokio::test]
async fn another_log_in_is_ended_from_the_page_and_the_page_says_so() {
    let app = TestApp::new().await;
    let (me, stranger) = (app.member().await, app.member().await);
    let name = me.candidate.about().username.clone();
    let (here, there) = (login(&app, &name, FIREFOX).await, login(&app, &name, PHONE).await);
    let page = me.get("/security").await.body;
    let token = registry::Token::parse(me.cookie.trim_start_matches("session=")).unwrap();
    let phone = me
        .candidate
        .open_sessions(&token)
        .await
        .unwrap()
        .into_iter()
        .find(|s| s.client.system == registry::System::Android)
        .unwrap();
    assert!(ids(&page).contains(&phone.id.to_string()));
    // A session of somebody else is answered as one that is not there.
    let id = phone.id.to_string();
    let foreign = stranger.post("/security", &[("end", &id)]).await;
    let unknown = stranger.post("/security", &[("end", "0190a6f0-0000-7000-8000-00000000dead")]).await;
    assert_eq!((foreign.status, foreign.still()), (StatusCode::NOT_FOUND, unknown.still()));
    assert!(is_open(&there).await);
    for _ in 0..2 {
        let done = me.post("/security", &[("end", &id)]).await;
        assert_eq!((done.status, done.place()), (StatusCode::SEE_OTHER, "/security?done=session"));
        assert!(me.get(done.place()).await.body.contains("那个登录已经结束"));
    }
    assert!(!is_open(&there).await && is_open(&here).await);
    let done = me.post("/security", &[("end_others", "yes")]).await;
    assert_eq!(done.place(), "/security?done=others");
    let page = me.get(done.place()).await.body;
    assert!(page.contains("其他设备上的登录都已结束") && ids(&page).is_empty() && !page.contains("end_others"));
    assert!(!is_open(&here).await);
    assert_eq!(me.get("/exams").await.status, StatusCode::OK);
    assert_eq!(stranger.get("/exams").await.status, StatusCode::OK);
    for (action, times) in [("account.session_end", 1), ("account.sessions_end", 1)] {
        assert_eq!(app.registry.audited(action, me.candidate.account().uuid()).await.unwrap(), times, "{action}");
    }
}

#[tokio::test]
async fn a_changed_password_leaves_the_session_of_the_browser_that_changed_it() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let name = me.candidate.about().username.clone();
    let phone = login(&app, &name, PHONE).await;
    let page = phone.page().await;
    let body = format!("current_password=Yuan2026&password=Gao2027&password_again=Gao2027&page={page}");
    let done = phone.send(Method::POST, "/security", FORM, body, &[("user-agent", PHONE)]).await;
    assert_eq!(done.place(), "/security?done=password");
    let new = Holder { app: &app, cookie: done.cookie("session").unwrap() };
    let page = new.get("/security").await.body;
    assert!(page.contains("Chrome · 安卓") && ids(&page).is_empty() && !page.contains("其他浏览器"), "{page}");
}
