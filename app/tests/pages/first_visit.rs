//! What a browser says of whoever comes for the first time.
use crate::common::*;
use axum::http::Method;

#[tokio::test]
async fn a_first_visit_is_answered_in_the_language_of_the_browser_until_another_is_chosen() {
    let app = TestApp::new().await;
    let stranger = app.anonymous();
    for (accepted, tag) in [("en-GB,en;q=0.9", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"), ("fr", "zh-CN")] {
        let page = stranger.send(Method::GET, "/", None, String::new(), &[("accept-language", accepted)]).await.body;
        assert!(page.contains(&format!("<html lang=\"{tag}\"")), "{accepted}");
    }
    // What was chosen counts more.
    let chosen = Holder { app: &app, cookie: "lang=zh".to_owned() };
    let page = chosen.send(Method::GET, "/register", None, String::new(), &[("accept-language", "en")]).await.body;
    assert!(page.contains("<html lang=\"zh-CN\""));
}
