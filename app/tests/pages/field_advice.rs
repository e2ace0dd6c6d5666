//! What a form says beside its answers: what is listed, what contradicts, and what is asked of whom.
use crate::common::*;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use forms::{journey::Step, rule_set::RULES_2022};
use http_body_util::BodyExt;
use registry::ExamSession;
use tower::ServiceExt;

/// The markup of a control.
fn control<'a>(page: &'a str, name: &str) -> &'a str {
    page.split(&format!("name=\"{name}\"")).nth(1).and_then(|rest| rest.split('>').next()).unwrap_or_default()
}

#[tokio::test]
async fn a_listed_name_stays_listed_when_another_answer_is_wrong() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let work = [("version", "0"), ("employer", "北京协和医院"), ("employer_province", "11"), ("post_state", "")];
    let page = me.post("/profile/work", &work).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.body.contains("请选择在岗情况") && !page.body.contains("不在字典中"), "{}", page.body);
    assert!(!control(&page.body, "employer_id").contains("value=\"\""), "{}", control(&page.body, "employer_id"));
    let school = [("version", "0"), ("level", "bachelor"), ("school", "北京大学"), ("school_region", "11")];
    let page = me.post("/profile/education/new", &school).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!page.body.contains("不在字典中"), "{}", page.body);
    let page = me.post("/profile/work", &[("version", "1"), ("employer", "某某无名诊所")]).await;
    assert!(page.body.contains("不在字典中"), "{}", page.body);
}

#[tokio::test]
async fn an_employer_in_another_region_is_said_and_not_refused() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let work =
        |state| [("version", "0"), ("employer", "北京协和医院"), ("employer_province", "33"), ("post_state", state)];
    let page = me.post("/profile/work", &work("")).await.body;
    assert!(page.contains("所选单位不在这个地区"), "{page}");
    let mut right = work("employed");
    right[0].1 = "1";
    assert_eq!(me.post("/profile/work", &right).await.status, StatusCode::SEE_OTHER);
    assert!(me.get("/profile/work").await.body.contains("所选单位不在这个地区"));
}

#[tokio::test]
async fn without_script_a_button_shows_the_sites_of_the_chosen_area() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_draft").await;
    let id = candidate.applications().await.unwrap().remove(0).id;
    let path = format!("/applications/{id}/site");
    let version = candidate.application(id).await.unwrap().row.version.to_string();
    let chosen = [("version", version.as_str()), ("area", "33"), ("attempts", "2"), ("sites", "yes")];
    let shown = me.post(&path, &chosen).await;
    assert_eq!((shown.status, shown.place()), (StatusCode::SEE_OTHER, path.as_str()), "{}", shown.body);
    let draft = candidate.application(id).await.unwrap().draft;
    assert_eq!((draft.site.area.as_str(), draft.site.attempts.as_str()), ("33", "2"));
    assert!(!draft.attempted.contains(&Step::Site), "nothing is wrong yet");
}

#[tokio::test]
async fn hints_are_those_of_the_person() {
    let app = TestApp::new().await;
    let register = async |kind: &str| app.anonymous().post("/register", &[("document_type", kind)]).await.body;
    let (foreigner, resident) = (register("passport").await, register("resident_id").await);
    assert!(foreigner.contains("Mary Jones") && !foreigner.contains("请选择民族"), "{foreigner}");
    assert!(!resident.contains("Mary Jones") && resident.contains("请选择民族"), "{resident}");
    // The certificate will be printed with this name (S135).
    assert!(foreigner.contains("证书按此姓名打印") && resident.contains("证书按此姓名打印"));
    let me = app.member().await;
    let elsewhere = me.post("/profile/contact", &[("version", "0"), ("contact_region", "elsewhere")]).await.body;
    assert!(elsewhere.contains("不含国家或地区代码") && !elsewhere.contains("大陆手机号码 11 位。"), "{elsewhere}");
    let optional = |page: &str| {
        page.split("for=\"f-postcode\"").nth(1).unwrap().split("</label>").next().unwrap().contains("选填")
    };
    assert!(optional(&elsewhere));
    let here = me.post("/profile/contact", &[("version", "1"), ("contact_region", "mainland")]).await.body;
    assert!(here.contains("大陆手机号码 11 位。") && !optional(&here), "{here}");
}

#[tokio::test]
async fn hint_and_refusal_of_a_photo_say_how_many_pixels_the_strictest_rules_ask() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let english = Holder { app: &app, cookie: format!("{}; lang=en", me.cookie) };
    let hint = me.get("/profile/basic").await.body.replace("<!>", "");
    assert!(hint.contains("不超过 40 KB，不小于 96 × 128 像素"), "{hint}");
    let exam = app.registry.exam_sessions().await.unwrap().remove(0);
    let categories = app.registry.categories(exam.id).await.unwrap();
    app.registry.put_exam_session(ExamSession { rules: &RULES_2022, ..exam }, categories).await.unwrap();
    let hint = me.get("/profile/basic").await.body.replace("<!>", "");
    assert!(hint.contains("不超过 30 KB，不小于 190 × 254 像素"), "{hint}");
    let hint = english.get("/profile/basic").await.body.replace("<!>", "");
    assert!(hint.contains("at most 30 KB and at least 190 × 254 pixels"), "{hint}");
    // The head of a picture of 180 × 240 pixels: more is not read of one that is refused.
    let head = [0xFF, 0xD8, 0xFF, 0xC0, 0, 17, 8, 0, 240, 0, 180, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    for (who, said) in [(&me.cookie, "至少 190 × 254 像素"), (&english.cookie, "it needs at least 190 × 254")] {
        let page = me.page().await;
        let mut body = format!("--x\r\nContent-Disposition: form-data; name=\"page\"\r\n\r\n{page}\r\n").into_bytes();
        let file = "--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
        body.extend([file.as_bytes(), &head, b"\r\n--x--\r\n"].concat());
        let request = Request::builder().method(Method::POST).uri("/photos").header("host", "yikao.test");
        let request = request.header("sec-fetch-site", "same-origin").header("cookie", who.as_str());
        let request = request.header("content-type", "multipart/form-data; boundary=x").body(Body::from(body)).unwrap();
        let answer = app.router.clone().oneshot(request).await.unwrap();
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let answer = answer.into_body().collect().await.unwrap().to_bytes();
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.contains(said), "{answer}");
    }
}
