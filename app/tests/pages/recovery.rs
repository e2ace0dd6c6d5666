//! 找回密码 over HTTP: what it says to whom, what it ends, what it keeps to itself.
use crate::common::*;
use app::{router::ROUTES, routes::Access};
use axum::http::{Method, StatusCode};
use registry::PageOwner;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

type Fields = Vec<(&'static str, String)>;

/// A recovery for whoever registered with these fields.
fn recovery_of(person: &[(&'static str, String)]) -> Fields {
    let kept = ["name", "document_type", "document_number", "recovery_answer"];
    let mut fields: Fields = person.iter().filter(|(name, _)| kept.contains(name)).cloned().collect();
    fields.extend([("password", "Gao2027".to_owned()), ("password_again", "Gao2027".to_owned())]);
    fields
}
fn with(fields: &Fields, name: &'static str, value: &str) -> Fields {
    fields.iter().map(|(own, old)| (*own, if *own == name { value.to_owned() } else { old.clone() })).collect()
}
fn value<'a>(fields: &'a Fields, name: &str) -> &'a str {
    &fields.iter().find(|(own, _)| *own == name).unwrap().1
}
fn pairs(fields: &Fields) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
async fn registered(app: &TestApp) -> Fields {
    let person = app.person();
    assert_eq!(app.anonymous().post("/register", &pairs(&person)).await.status, StatusCode::SEE_OTHER);
    person
}
async fn login(app: &TestApp, username: &str, password: &str) -> Answer {
    app.anonymous().post("/login", &[("username", username), ("password", password)]).await
}

#[tokio::test]
async fn recovery_is_offered_below_the_log_in_of_candidates_and_needs_no_module() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    assert!(anybody.get("/login").await.body.contains("href=\"/recover\""));
    assert!(!anybody.get("/admin/login").await.body.contains("/recover"));
    let page = anybody.get("/recover").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        !page.body.contains("hydrate") && !page.body.contains("__RESOLVED") && !page.body.contains("type=\"module\"")
    );
    // The question is neither asked nor shown.
    assert!(!page.body.contains("recovery_question") && page.body.contains("这里不显示问题"));
    let route = ROUTES.iter().find(|route| route.method == Method::POST && route.path == "/recover").unwrap();
    assert_eq!(route.access, Access::RateLimited);
    // Somebody who is logged in may use it as well.
    assert_eq!(app.member().await.get("/recover").await.status, StatusCode::OK);
}

#[tokio::test]
async fn every_failure_is_the_same_page_as_that_of_nobody() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let right = recovery_of(&registered(&app).await);
    let nobody = recovery_of(&app.person());
    let number = value(&nobody, "document_number").to_owned();
    let said = async |fields: &Fields| {
        let answer = anybody.post("/recover", &pairs(fields)).await;
        assert_eq!((answer.status, answer.header("cache-control")), (StatusCode::UNPROCESSABLE_ENTITY, "no-store"));
        assert!(answer.body.contains("没有姓名、证件和答案都相符的账号") && answer.cookie("device").is_none());
        // What was typed stays, apart from what is secret; that aside every answer is the same.
        let (name, number) = (value(fields, "name"), value(fields, "document_number"));
        assert!(
            answer.body.contains(&format!("value=\"{name}\"")) && answer.body.contains(&format!("value=\"{number}\""))
        );
        for secret in [value(fields, "recovery_answer"), "Gao2027"] {
            assert!(!answer.body.contains(secret), "{secret}");
        }
        (answer.still().replace(number, "NUMBER").replace(name, "NAME"), answer.headers.len())
    };
    let missing = said(&nobody).await;
    for wrong in [
        with(&right, "recovery_answer", "另一所小学"),
        with(&right, "name", "王小伟"),
        with(&right, "document_number", &number),
        with(&with(&right, "name", "王小伟"), "recovery_answer", "另一所小学"),
    ] {
        assert_eq!(said(&wrong).await, missing);
    }
}

#[tokio::test]
async fn mistakes_of_the_form_are_told_beside_their_fields_whoever_it_is() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let right = recovery_of(&registered(&app).await);
    let number = value(&right, "document_number").to_owned();
    let other = if number.ends_with('1') { "2" } else { "1" };
    for (fields, field, sentence) in [
        (
            with(&right, "document_number", &format!("{}{other}", &number[..17])),
            "document_number",
            "不是有效的身份证号码",
        ),
        (with(&with(&right, "password", "Gao"), "password_again", "Gao"), "password", "太短了，至少 5 个字符"),
        (with(&right, "password_again", "Gao2028"), "password_again", "两次输入的密码不一致"),
        (with(&right, "recovery_answer", ""), "recovery_answer", "请填写密码找回答案"),
        (with(&right, "name", ""), "name", "请填写姓名"),
    ] {
        let answer = anybody.post("/recover", &pairs(&fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(&format!("href=\"#f-{field}\"")), "{field}: {}", answer.body);
        assert!(answer.body.contains(sentence), "{field}: {}", answer.body);
        assert!(!answer.body.contains("没有姓名、证件和答案都相符的账号") && !answer.body.contains("Gao2027"));
    }
    // None of them was an attempt.
    assert_eq!(anybody.post("/recover", &pairs(&right)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_recovered_password_ends_every_session_and_is_told_to_the_owner() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let person = registered(&app).await;
    let (name, right) = (value(&person, "username").to_owned(), recovery_of(&person));
    let other = app.member().await;
    let mut open = Vec::new();
    for _ in 0..2 {
        open.push(Holder { app: &app, cookie: login(&app, &name, "Yuan2026").await.cookie("session").unwrap() });
    }
    anybody.post("/recover", &pairs(&with(&right, "recovery_answer", "另一所小学"))).await;
    let done = anybody.post("/recover", &pairs(&right)).await;
    assert_eq!((done.status, done.place()), (StatusCode::SEE_OTHER, "/login?recovered="));
    assert!(done.cookie("device").is_some() && done.cookie("session").is_none());
    assert!(anybody.get(done.place()).await.body.contains("密码已修改，请用新密码登录。"));
    // Whoever forgot the password may have forgotten the username: it stands in the form, for this browser alone.
    let known = Holder { app: &app, cookie: done.cookie("registered").unwrap() };
    let field = |page: &str| page.split_once("id=\"f-username\"").unwrap().1.split_once('>').unwrap().0.to_owned();
    assert!(field(&known.get(done.place()).await.body).contains(&format!("value=\"{name}\"")));
    assert!(!field(&anybody.get(done.place()).await.body).contains(&name));
    for holder in &open {
        assert_eq!(holder.get("/exams").await.place(), "/login?next=/exams");
    }
    assert_eq!(other.get("/exams").await.status, StatusCode::OK);
    assert_eq!(login(&app, &name, "Yuan2026").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let again = login(&app, &name, "Gao2027").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    let page = Holder { app: &app, cookie: again.cookie("session").unwrap() }.get("/security").await.body;
    assert!(page.contains("用“找回密码”设置了新密码") && page.contains("“找回密码”填写的内容不符"), "{page}");
}

#[tokio::test]
async fn a_page_that_is_sent_again_gets_the_first_answer_and_ends_nothing_more() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let person = registered(&app).await;
    let page = app.registry.page_token(PageOwner::Nobody);
    let encoded = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(recovery_of(&person))
        .append_pair("page", &page)
        .finish();
    let post = || anybody.send(Method::POST, "/recover", FORM, encoded.clone(), &[]);
    assert_eq!(post().await.place(), "/login?recovered=");
    let session = login(&app, value(&person, "username"), "Gao2027").await.cookie("session").unwrap();
    assert_eq!(post().await.place(), "/login?recovered=");
    assert_eq!(Holder { app: &app, cookie: session }.get("/exams").await.status, StatusCode::OK);
}

#[tokio::test]
async fn too_many_recoveries_wait_and_keep_nobody_from_the_log_in() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let person = registered(&app).await;
    let right = recovery_of(&person);
    let wrong = with(&right, "recovery_answer", "另一所小学");
    for _ in 0..5 {
        assert!(anybody.post("/recover", &pairs(&wrong)).await.body.contains("没有姓名、证件和答案都相符的账号"));
    }
    for fields in [&wrong, &right] {
        let answer = anybody.post("/recover", &pairs(fields)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("尝试次数太多，请稍后再试") && !answer.body.contains("Gao2027"));
    }
    let name = value(&person, "username");
    let session = login(&app, name, "Yuan2026").await.cookie("session").unwrap();
    let page = Holder { app: &app, cookie: session }.get("/security").await.body;
    assert!(page.contains("“找回密码”尝试次数太多，被拒绝"));
    // And the other way round.
    for _ in 0..6 {
        login(&app, name, "wrong12").await;
    }
    assert_eq!(login(&app, name, "Yuan2026").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    app.later(2);
    assert_eq!(anybody.post("/recover", &pairs(&right)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_password_that_contains_the_username_is_refused_beside_its_field() {
    let app = TestApp::new().await;
    let mut person = app.person();
    person[0].1 = "zhangwei".into();
    app.anonymous().post("/register", &pairs(&person)).await;
    let right = recovery_of(&person);
    let personal = with(&with(&right, "password", "zhangwei88"), "password_again", "zhangwei88");
    let answer = app.anonymous().post("/recover", &pairs(&personal)).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("密码中不要包含用户名或证件号码") && answer.body.contains("href=\"#f-password\""));
    // Whoever does not know the answer is not told.
    let guessed = app.anonymous().post("/recover", &pairs(&with(&personal, "recovery_answer", "另一所小学"))).await;
    assert!(!guessed.body.contains("密码中不要包含用户名") && guessed.body.contains("没有姓名、证件和答案都相符"));
}
