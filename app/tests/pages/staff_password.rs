//! The own password of somebody of the staff.
use crate::common::*;
use axum::http::StatusCode;
use forms::review::Role;

#[tokio::test]
async fn staff_change_their_password_on_a_page_and_go_on() {
    let app = TestApp::new().await;
    app.registry.add_staff("reviewer", "陈老师", Role::Centre, "", "Schreibtisch9").await.unwrap();
    let login = async |password: &str| {
        app.anonymous().post("/admin/login", &[("username", "reviewer"), ("password", password)]).await
    };
    let office = async || Holder { app: &app, cookie: login("Schreibtisch9").await.cookie("staff").unwrap() };
    let (me, other) = (office().await, office().await);
    let queue = me.get("/admin").await.body;
    assert!(queue.contains("href=\"/admin/password\""), "{queue}");
    assert_eq!(app.member().await.get("/admin/password").await.place(), "/admin/login?next=/admin/password");
    let page = me.get("/admin/password").await.body;
    assert!(!page.contains("type=\"module\"") && page.contains("8–20"), "{page}");
    let change = async |current: &str, new: &str, again: &str| {
        let pairs = [("current_password", current), ("password", new), ("password_again", again)];
        me.post("/admin/password", &pairs).await
    };
    for (current, new, again, problem) in [
        ("", "Aktenordner7", "Aktenordner7", "#f-current_password"),
        ("Schreibtisch8", "Aktenordner7", "Aktenordner7", "#f-current_password"),
        ("Schreibtisch9", "kurz1", "kurz1", "#f-password\""),
        ("Schreibtisch9", "Aktenordner7", "Aktenordner8", "#f-password_again"),
    ] {
        let refused = change(current, new, again).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains(&format!("href=\"{problem}")), "{problem}: {}", refused.body);
        assert!(!refused.body.contains("Aktenordner") && !refused.body.contains("Schreibtisch"), "{}", refused.body);
    }
    let done = change("Schreibtisch9", "Aktenordner7", "Aktenordner7").await;
    assert_eq!((done.status, done.place()), (StatusCode::SEE_OTHER, "/admin/password?done=yes"), "{}", done.body);
    let new = Holder { app: &app, cookie: done.cookie("staff").unwrap() };
    assert!(new.get(done.place()).await.body.contains("密码已修改"));
    assert_eq!(other.get("/admin").await.place(), "/admin/login?next=/admin");
    assert_eq!(login("Schreibtisch9").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(login("Aktenordner7").await.status, StatusCode::SEE_OTHER);
}
