//! Registration, log-ins and passwords over HTTP.
use app::{account::data::Registration, transport::Encoded};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use registry::PageOwner;
use std::sync::atomic::Ordering;
use tower::ServiceExt;

use crate::common::*;

/// What a server function answered.
fn opened<T: serde::de::DeserializeOwned>(answer: &Answer) -> T {
    Encoded::<T>::from_text(answer.body.clone()).decode().unwrap()
}

#[tokio::test]
async fn registering_by_form_and_by_function_is_checked_alike() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let mut person = app.person();
    person[5].1 = "abc".into();
    let pairs: Vec<(&str, &str)> = person.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let by_form = anybody.post("/register", &pairs).await;
    assert_eq!(by_form.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(by_form.body.contains("太短了，至少 5 个字符") && by_form.body.contains("张伟"));
    assert_eq!(by_form.headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
    // Secrets are never echoed, nor is anything put into an address.
    for secret in ["Yuan2026", "实验小学"] {
        assert!(!by_form.body.contains(secret) && !packed_in(&by_form.body).contains(secret), "{secret}");
    }
    assert!(packed_in(&by_form.body).contains("张伟") && by_form.place().is_empty());
    let fields: serde_json::Map<String, serde_json::Value> =
        person.iter().map(|(k, v)| ((*k).to_owned(), v.clone().into())).collect();
    let by_function = anybody.call("/api/register", serde_json::json!({ "fields": fields })).await;
    assert_eq!(by_function.status, StatusCode::OK);
    let Registration::Rejected(problems, None) = opened(&by_function) else { panic!("{}", by_function.body) };
    let keys: Vec<&str> = problems.iter().map(|problem| problem.code.key()).collect();
    assert!(keys.contains(&"text.too_short") && keys.contains(&"account.passwords_differ"), "{keys:?}");
    person[5].1 = "Yuan2026".into();
    let fields: serde_json::Map<String, serde_json::Value> =
        person.iter().map(|(k, v)| ((*k).to_owned(), v.clone().into())).collect();
    let done = anybody.call("/api/register", serde_json::json!({ "fields": fields })).await;
    assert_eq!(opened::<Registration>(&done), Registration::Registered, "{}", done.body);
    // The same person again, by form: the message of S12, which names nothing of the username.
    person[0].1 = "another_name".into();
    let pairs: Vec<(&str, &str)> = person.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let again = anybody.post("/register", &pairs).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("已经以用户名 **** 在网站上完成了注册"), "{}", again.body);
}

#[tokio::test]
async fn a_registration_that_is_sent_again_from_its_page_is_told_the_same_again() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let form = Some("application/x-www-form-urlencoded");
    let page = app.registry.page_token(PageOwner::Nobody);
    let encoded = |prefix: (&str, &str), person: &[(&'static str, String)]| {
        let named = person.iter().map(|(name, value)| (format!("{}{name}{}", prefix.0, prefix.1), value.as_str()));
        form_urlencoded::Serializer::new(String::new()).extend_pairs(named).finish()
    };
    let mut person = app.person();
    let body = format!("{}&page={page}", encoded(("", ""), &person));
    for _ in 0..2 {
        let answer = anybody.send(Method::POST, "/register", form, body.clone(), &[]).await;
        assert_eq!((answer.status, answer.place()), (StatusCode::SEE_OTHER, "/login?registered="));
    }
    let call = encoded(("fields[", "]"), &person);
    let answer = anybody.send(Method::POST, "/api/register", form, call, &[("x-page", &page)]).await;
    assert_eq!(opened::<Registration>(&answer), Registration::Registered, "{}", answer.body);
    // With another password it is somebody else who asks.
    for (name, value) in &mut person {
        if name.starts_with("password") {
            *value = "Anders2026".to_owned();
        }
    }
    let body = format!("{}&page={page}", encoded(("", ""), &person));
    assert_eq!(anybody.send(Method::POST, "/register", form, body, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn log_in_says_the_same_of_a_missing_and_of_a_known_account() {
    let app = TestApp::new().await;
    app.member().await;
    let anybody = app.anonymous();
    let known = anybody.post("/login", &[("username", "person_0"), ("password", "wrong12")]).await;
    let missing = anybody.post("/login", &[("username", "person_9"), ("password", "wrong12")]).await;
    assert_eq!((known.status, missing.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(known.still().replace("person_0", "person_9"), missing.still());
    assert!(known.cookie("session").is_none());
    let cookie =
        anybody.post("/login", &[("username", "person_0"), ("password", "Yuan2026"), ("next", "//evil.test")]).await;
    assert_eq!(cookie.place(), "/");
    let set = cookie
        .headers
        .get_all(header::SET_COOKIE)
        .iter()
        .map(|v| v.to_str().unwrap())
        .find(|c| c.starts_with("session="))
        .unwrap();
    assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax"), "{set}");
}

#[tokio::test]
async fn sessions_of_the_staff_end_at_once() {
    let (app, logins) = TestApp::demonstration().await;
    let anybody = app.anonymous();
    let word = logins.iter().find(|login| login.username == "office_site").unwrap().password.clone();
    let login = || async {
        let answer = anybody.post("/admin/login", &[("username", "office_site"), ("password", &word)]).await;
        assert_eq!((answer.status, answer.place()), (StatusCode::SEE_OTHER, "/admin"));
        answer.cookie("staff").unwrap()
    };
    let open = |cookie: String| {
        let app = &app;
        async move {
            let request = Request::get("/admin").header("host", "yikao.test").header("cookie", cookie);
            app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap().status()
        }
    };
    let (first, second) = (login().await, login().await);
    assert_ne!(first, second);
    // A log-in ends the session that the same browser held.
    let third = login().await;
    let body = format!("username=office_site&password={word}");
    let kind = Some("application/x-www-form-urlencoded");
    anybody.send(Method::POST, "/admin/login", kind, body, &[("cookie", &third)]).await;
    assert_eq!(open(third).await, StatusCode::SEE_OTHER);
    assert_eq!(open(first.clone()).await, StatusCode::OK);
    let out = Request::post("/admin/logout").header("host", "yikao.test").header("sec-fetch-site", "same-origin");
    let out = app.router.clone().oneshot(out.header("cookie", &first).body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(out.status(), StatusCode::SEE_OTHER);
    assert_eq!(open(first).await, StatusCode::SEE_OTHER);
    assert_eq!(open(second.clone()).await, StatusCode::OK);
    assert!(app.registry.disable_staff("office_site").await.unwrap());
    assert_eq!(open(second).await, StatusCode::SEE_OTHER);
    // A wrong password, a name that nobody has, and one that was taken away are answered alike.
    let mut said = Vec::new();
    for (name, password) in [("office_area", "wrong1234"), ("nobody_12", "wrong1234"), ("office_site", word.as_str())] {
        let answer = anybody.post("/admin/login", &[("username", name), ("password", password)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        said.push(answer.still().replace(name, ""));
    }
    assert!(said.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test]
async fn a_new_password_is_asked_for_the_old_one_and_ends_what_was_open() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let anybody = app.anonymous();
    let login = |password: &'static str, cookie: String| {
        let body = format!("username=person_0&password={password}");
        let anybody = &anybody;
        async move {
            let kind = Some("application/x-www-form-urlencoded");
            anybody.send(Method::POST, "/login", kind, body, &[("cookie", &cookie)]).await
        }
    };
    let open = |cookie: String| {
        let anybody = &anybody;
        async move {
            anybody.send(Method::GET, "/exams", None, String::new(), &[("cookie", &cookie)]).await.status
                == StatusCode::OK
        }
    };
    // A log-in ends the session that the same browser held, and no other one.
    let first = login("Yuan2026", String::new()).await.cookie("session").unwrap();
    let second = login("Yuan2026", first.clone()).await.cookie("session").unwrap();
    assert!(!open(first).await && open(second.clone()).await && open(me.cookie.clone()).await);

    let page = me.get("/security").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("hydrate") && page.body.contains("5–12 位"));
    let wrong = me
        .post(
            "/security",
            &[
                ("current_password", "Yuan2025"),
                ("password", "Gao2027"),
                ("password_again", "Gao2027"),
                ("recovery_question", "最喜欢的书？"),
                ("recovery_answer", "曹雪芹红楼梦"),
            ],
        )
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.body.contains("当前密码不对") && wrong.body.contains("href=\"#f-current_password\""));
    assert!(wrong.body.contains("最喜欢的书？") && !wrong.body.contains("Yuan2025") && !wrong.body.contains("Gao2027"));
    let done = me
        .post("/security", &[("current_password", "Yuan2026"), ("password", "Gao2027"), ("password_again", "Gao2027")])
        .await;
    assert_eq!((done.status, done.place()), (StatusCode::SEE_OTHER, "/security?done=password"));
    let new = done.cookie("session").unwrap();
    assert!(!open(me.cookie.clone()).await && !open(second).await && open(new).await);
    assert_eq!(login("Yuan2026", String::new()).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(login("Gao2027", String::new()).await.status, StatusCode::SEE_OTHER);
    // Passwords that were posted too late are kept for nobody.
    let other = app.member().await;
    app.now.fetch_add(7_201 * 1_000_000, Ordering::SeqCst);
    let late = other.post("/security", &[("current_password", "Yuan2026"), ("password", "Gao2027")]).await;
    assert_eq!((late.status, late.place()), (StatusCode::SEE_OTHER, "/login?next=/security"));
}
