//! Where a page starts, what it is called, and what it says comes next.
use crate::common::*;
use axum::http::{Method, StatusCode};
use forms::{ids::ApplicationId, journey::Step, status::ApplicationStatus};
use registry::Candidate;

/// Somebody whose application waits for its site, and its id.
async fn submitted(app: &TestApp) -> (Holder<'_>, Candidate, ApplicationId) {
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let id = candidate.applications().await.unwrap().remove(0).id;
    (me, candidate, id)
}
/// The window's title of a page.
fn title(page: &str) -> &str {
    page.split_once("<title>").unwrap().1.split_once("</title>").unwrap().0
}

#[tokio::test]
async fn each_step_has_a_window_title_of_its_own() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_draft").await;
    let id = candidate.applications().await.unwrap().remove(0).id;
    for (step, expected) in
        [("category", "第 1 步 报考类别 · 填写报名信息"), ("education", "第 4 步 教育和培训 · 填写报名信息")]
    {
        let page = me.get(&format!("/applications/{id}/{step}")).await.body;
        assert!(title(&page).starts_with(expected), "{}", title(&page));
        let refused = me.post(&format!("/applications/{id}/{step}"), &[("version", "0")]).await;
        assert!(title(&refused.body).starts_with(expected), "{}", title(&refused.body));
    }
}

#[tokio::test]
async fn the_page_after_submitting_starts_at_its_confirmation() {
    let app = TestApp::new().await;
    let (me, candidate, old) = submitted(&app).await;
    candidate.withdraw(old).await.unwrap();
    let view = candidate.application(old).await.unwrap();
    let session = view.row.session;
    let id = candidate.begin_application(session, view.draft.chosen_category().unwrap()).await.unwrap();
    let mut version = candidate.application(id).await.unwrap().row.version;
    for step in Step::ALL.into_iter().filter(|step| *step != Step::Confirm) {
        let pairs = view.draft.pairs(step).into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect();
        version = candidate.save_step(id, step, pairs, version, true).await.unwrap().version;
    }
    let version = version.to_string();
    let confirm = [("version", version.as_str()), ("extra_subject", "none"), ("declaration", "yes")];
    let done = me.post(&format!("/applications/{id}/confirm"), &confirm).await;
    assert_eq!(done.place(), format!("/applications/{id}?submitted="), "{}", done.body);
    let page = me.get(done.place()).await.body;
    let serial = candidate.application(id).await.unwrap().row.serial.unwrap();
    let panel = page.split_once("id=\"confirmation\"").unwrap().1.split_once("</section>").unwrap().0;
    assert!(panel.contains("autofocus") && panel.contains("tabindex=\"-1\""), "{panel}");
    assert!(panel.contains(&serial) && panel.contains("请先打印通知单") && panel.contains("/slip"), "{panel}");
    assert!(title(&page).starts_with("报名已提交"), "{}", title(&page));
    assert_eq!(page.matches("class=\"button primary\"").count(), 1, "one main button");
    let later = me.get(&format!("/applications/{id}")).await.body;
    assert!(!later.contains("id=\"confirmation\""), "{later}");
}

#[tokio::test]
async fn the_username_of_a_new_account_stands_in_the_log_in_form() {
    let app = TestApp::new().await;
    let person = app.person();
    let pairs: Vec<(&str, &str)> = person.iter().map(|(k, v)| (*k, v.as_str())).collect();
    let username = &person[0].1;
    let done = app.anonymous().post("/register", &pairs).await;
    let cookie = done.cookie("registered").unwrap();
    assert!(!done.place().contains(username.as_str()) && !cookie.contains(username.as_str()));
    let new = Holder { app: &app, cookie };
    let page = new.get(done.place()).await.body;
    let field =
        |name: &str| page.split_once(&format!("id=\"f-{name}\"")).unwrap().1.split_once('>').unwrap().0.to_owned();
    assert!(field("username").contains(&format!("value=\"{username}\"")) && !field("username").contains("autofocus"));
    assert!(field("password").contains("autofocus"));
    // Nobody else's form is filled, and not for long.
    assert!(!app.anonymous().get(done.place()).await.body.contains(username.as_str()));
    assert!(!new.get("/login").await.body.contains(username.as_str()));
    app.later(601);
    assert!(!new.get(done.place()).await.body.contains(username.as_str()));
}

#[tokio::test]
async fn the_page_after_a_log_in_starts_at_its_content() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, _) = app.log_in(&logins, "demo_done").await;
    for path in ["/", "/profile/basic"] {
        let from = async |referer: &str| me.send(Method::GET, path, None, String::new(), &[("referer", referer)]).await;
        let main = |body: &str| body.split_once("<main").unwrap().1.split_once('>').unwrap().0.contains("autofocus");
        assert!(main(&from("http://yikao.test/login?next=%2F").await.body), "{path}");
        assert!(!main(&from("http://yikao.test/exams").await.body) && !main(&me.get(path).await.body), "{path}");
    }
}

#[tokio::test]
async fn a_missing_answer_is_named() {
    let app = TestApp::new().await;
    let page = app.anonymous().post("/register", &[]).await.body;
    for said in ["请填写用户名。", "请选择证件类型。", "请填写密码找回问题。"] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("请填写这一项") && !page.contains("：请填写"), "{page}");
    let english = Holder { app: &app, cookie: "lang=en".to_owned() };
    let page = english.post("/login", &[]).await.body;
    assert!(page.contains("Please fill in “Username”."), "{page}");
}

#[tokio::test]
async fn a_withdrawn_application_leads_to_a_new_one() {
    let app = TestApp::new().await;
    let (me, candidate, id) = submitted(&app).await;
    let draft = candidate.reapply(id).await.unwrap();
    let asked = me.get(&format!("/applications/{id}/withdraw")).await.body;
    assert!(
        asked.contains("您还有一份重新报考的草稿") && asked.contains(&format!("/applications/{draft}\"")),
        "{asked}"
    );
    candidate.withdraw(id).await.unwrap();
    let page = me.get(&format!("/applications/{id}")).await.body;
    assert!(page.contains("您还有一份没有提交的草稿") && !page.contains("/exams/catalogue"), "{page}");
    let home = me.get("/").await.body;
    assert!(home.contains("您已放弃这份报名") && !home.contains("点“查看”了解进度"), "{home}");
    candidate.discard(draft).await.unwrap();
    for path in ["/".to_owned(), format!("/applications/{id}")] {
        let page = me.get(&path).await.body;
        assert!(page.contains("选择类别，重新报名") && page.contains("/exams/catalogue"), "{path}: {page}");
    }
}

#[tokio::test]
async fn a_verified_paper_tells_its_marks_and_why_it_is_void() {
    let app = TestApp::new().await;
    let (_, candidate, id) = submitted(&app).await;
    let code = candidate.printed_version(id).await.unwrap().code;
    let view = candidate.application(id).await.unwrap();
    let (serial, name) = (view.row.serial.unwrap(), view.identity.name.to_string());
    let asked = async || app.anonymous().get(&format!("/verify/{code}")).await.body;
    let page = asked().await;
    assert!(page.contains("这是最新版本") && page.contains(&serial) && page.contains("通知单或申请表"), "{page}");
    let initial = name.chars().next().unwrap();
    assert!(page.contains(&format!("<dd>{initial}<")) && !page.contains(&name), "{page}");
    candidate.withdraw(id).await.unwrap();
    let page = asked().await;
    assert!(page.contains("考生已放弃这份报名") && page.contains(&serial), "{page}");
    assert_eq!(candidate.application(id).await.unwrap().row.status, ApplicationStatus::Abandoned);
    assert!(page.contains("class=\"summary\""), "void is said loudly: {page}");
    assert_eq!(app.anonymous().get("/verify/000").await.status, StatusCode::OK);
    // A code that no paper has stays in the box, to be compared with the paper.
    let missed = format!("{}000", &code[..code.len() - 3]);
    let page = app.anonymous().get(&format!("/verify/{missed}")).await.body;
    assert!(page.contains("没有这个编码") && page.contains(&format!("value=\"{missed}\"")), "{page}");
}
