//! Forms that are posted without script: the way to a submitted application, what comes back, and what is kept.
use app::transport::Encoded;
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use forms::ids::ApplicationId;
use http_body_util::BodyExt;
use registry::demo;
use std::sync::atomic::Ordering;
use tower::ServiceExt;

use crate::common::*;

#[tokio::test]
async fn what_was_typed_comes_back_and_cannot_break_out() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let nasty = "\"><script>alert(1)</script><textarea>' onfocus=x";
    let answer = me
        .post(
            "/profile/contact",
            &[("version", "0"), ("contact_region", "mainland"), ("address", nasty), ("mobile", "12")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.body.contains("<script>alert") && !answer.body.contains("<textarea>"));
    assert!(answer.body.contains("大陆手机号码为 11 位") && answer.body.contains("value=\"12\""));
    // It is stored too, as it was typed.
    let profile = me.candidate.profile().await.unwrap();
    assert_eq!((profile.contact.draft.address.as_str(), profile.contact.draft.mobile.as_str()), (nasty, "12"));
    let page = me.get("/profile/contact").await;
    assert!(!page.body.contains("<script>alert"), "{}", page.body);
    assert_eq!(page.headers.get(header::CACHE_CONTROL).unwrap(), "no-store");
}

#[tokio::test]
async fn the_whole_way_works_by_plain_posts() {
    let app = TestApp::new().await;
    let me = app.member().await;
    me.candidate.set_photo(demo::portrait().unwrap()).await.unwrap();
    let saved = me
        .post(
            "/profile/education/new",
            &[
                ("version", "0"),
                ("level", "bachelor"),
                ("school", "首都医科大学"),
                ("major", "临床医学"),
                ("study_form", "full_time"),
                ("graduation_month", "2014-07"),
                ("diploma_number", "100251201405000123"),
            ],
        )
        .await;
    assert_eq!((saved.status, saved.place()), (StatusCode::SEE_OTHER, "/profile/education?saved=education"));
    let entry = me.candidate.profile().await.unwrap().entries[0].clone();
    // A typed name that stands in the list counts as chosen from it.
    let forms::profile::EntryDraft::Education(education) = &entry.draft else { panic!("{entry:?}") };
    assert!(!education.school_id.is_empty());
    let session = app.registry.exam_sessions().await.unwrap()[0].id.to_string();
    let begun = me.post("/exams/catalogue", &[("session", &session), ("category", "110")]).await;
    assert_eq!(begun.status, StatusCode::SEE_OTHER);
    let base = begun.place().trim_end_matches("/category").to_owned();
    let id = ApplicationId::parse(base.rsplit('/').next().unwrap()).unwrap();
    let entry_id = entry.id.to_string();
    let steps = answers(&entry_id);
    for (step, mut pairs) in steps {
        // An empty step is refused first, with its reasons, and what was typed there is nothing.
        let version = me.candidate.application(id).await.unwrap().row.version.to_string();
        pairs.push(("version", &version));
        let answer = me.post(&format!("{base}/{}", step.code()), &pairs).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step:?} {}", answer.body);
        let expect = step.next().map_or(format!("{base}?submitted="), |next| format!("{base}/{}", next.code()));
        assert_eq!(answer.place(), expect);
    }
    let slip = me.get(&format!("{base}/slip")).await;
    assert_eq!(slip.status, StatusCode::OK);
    let serial = me.candidate.application(id).await.unwrap().row.serial.unwrap();
    assert!(slip.body.contains(&serial) && slip.body.contains("北京医院") && slip.body.contains("/photos/"));
    // Nobody else's list or sheet shows the whole number, the candidate's own list neither.
    let number = me.candidate.about().identity.document.number().to_owned();
    assert!(
        slip.body.contains(&number)
            && !me.get(&base).await.body.contains(&number)
            && !me.get("/").await.body.contains(&number)
    );
}

#[tokio::test]
async fn a_step_that_is_not_right_comes_back_with_its_reasons() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = me.begun().await;
    let answer = me.post(&format!("/applications/{id}/category"), &[("version", "1"), ("category", "110")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("请勾选后继续") && answer.body.contains("role=\"alert\""));
    // The second window posts an older version: both are told, nothing is lost.
    let late = me
        .post(&format!("/applications/{id}/category"), &[("version", "1"), ("category", "120"), ("consent", "yes")])
        .await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(late.body.contains("内容在别处被修改"));
    assert_eq!(me.candidate.application(id).await.unwrap().draft.category.category, "110");
}

#[tokio::test]
async fn what_was_posted_after_the_session_ended_is_given_back_to_its_owner_only() {
    let app = TestApp::new().await;
    let (me, other) = (app.member().await, app.member().await);
    let _ = &other;
    app.now.fetch_add(7_201 * 1_000_000, Ordering::SeqCst);
    let late = me.post("/profile/contact", &[("version", "0"), ("mobile", "13800138000"), ("address", "北京")]).await;
    assert_eq!(late.status, StatusCode::SEE_OTHER);
    let (kept, sentence) = (late.place().to_owned(), "刚才填写的内容已为您保留十五分钟");
    assert!(kept.starts_with("/login?next=/profile/contact&kept="), "{kept}");
    assert!(app.anonymous().get(&kept).await.body.contains(sentence));
    // An address that was made up promises nothing, and neither does one that is fifteen minutes old.
    assert!(!app.anonymous().get("/login?next=/profile/contact&kept=1").await.body.contains(sentence));
    app.now.fetch_add(901 * 1_000_000, Ordering::SeqCst);
    assert!(!app.anonymous().get(&kept).await.body.contains(sentence));
    app.now.fetch_sub(901 * 1_000_000, Ordering::SeqCst);
    let anybody = app.anonymous();
    let login = |name: &'static str| {
        let anybody = &anybody;
        async move {
            anybody.post("/login", &[("username", name), ("password", "Yuan2026"), ("next", "/profile/contact")]).await
        }
    };
    assert_eq!(login("person_0").await.place(), "/profile/contact");
    assert_eq!(me.candidate.profile().await.unwrap().contact.draft.mobile, "13800138000");
    app.now.fetch_add(7_201 * 1_000_000, Ordering::SeqCst);
    // A deletion that came too late deletes nothing and blanks nothing.
    let (entry, version) = me
        .candidate
        .save_entry(
            None,
            forms::profile::EntryDraft::Education(forms::profile::EducationDraft {
                level: "none".into(),
                ..Default::default()
            }),
            0,
            true,
        )
        .await
        .unwrap();
    let deletion =
        me.post(&format!("/profile/education/{entry}"), &[("version", &version.to_string()), ("delete", "yes")]).await;
    assert_eq!(deletion.status, StatusCode::SEE_OTHER);
    assert_eq!(login("person_0").await.place(), "/profile/education");
    assert_eq!(me.candidate.profile().await.unwrap().entries[0].draft.get(forms::Field::Level), "none");
    me.post("/profile/contact", &[("version", "1"), ("mobile", "13900139000"), ("address", "北京")]).await;
    me.post("/profile/work", &[("version", "0"), ("employer", "京北社区诊所")]).await;
    login("person_1").await;
    assert!(other.candidate.profile().await.unwrap().contact.draft.mobile.is_empty());
    // Everything that is kept comes back; the last page is shown.
    assert_eq!(login("person_0").await.place(), "/profile/work");
    let profile = me.candidate.profile().await.unwrap();
    assert_eq!(
        (profile.contact.draft.mobile.as_str(), profile.work.draft.employer.as_str()),
        ("13900139000", "京北社区诊所")
    );
}

#[tokio::test]
async fn photos_are_taken_as_bytes_and_as_forms_and_large_ones_are_refused_with_a_word() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let jpeg = demo::portrait().unwrap();
    let page = me.page().await;
    let multipart = |bytes: &[u8]| {
        let mut body = format!("--x\r\nContent-Disposition: form-data; name=\"page\"\r\n\r\n{page}\r\n").into_bytes();
        body.extend(b"--x\r\nContent-Disposition: form-data; name=\"back\"\r\n\r\n/profile/basic\r\n--x\r\nContent-Disposition: form-data; name=\"household_province\"\r\n\r\n33\r\n--x\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n0\r\n--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n");
        body.extend(bytes);
        body.extend(b"\r\n--x--\r\n");
        body
    };
    let send = |kind: &'static str, body: Vec<u8>| {
        let request = Request::builder()
            .method(Method::POST)
            .uri("/photos")
            .header("host", "yikao.test")
            .header("sec-fetch-site", "same-origin");
        let request = request
            .header("cookie", me.cookie.clone())
            .header("x-page", &page)
            .header("content-type", kind)
            .body(Body::from(body))
            .unwrap();
        let router = app.router.clone();
        async move {
            let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
            (parts.status, String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned())
        }
    };
    let (status, body) = send("image/jpeg", jpeg.clone()).await;
    let kept = Encoded::<Result<forms::ids::PhotoId, Vec<forms::Problem>>>::from_text(body.clone()).decode();
    assert!(status == StatusCode::OK && matches!(kept, Ok(Ok(_))), "{status} {body}");
    assert_eq!(send("multipart/form-data; boundary=x", multipart(&jpeg)).await.0, StatusCode::SEE_OTHER);
    // The answers of the page came with the photo and are kept.
    assert_eq!(me.candidate.profile().await.unwrap().basic.draft.household_province, "33");
    let (status, body) = send("multipart/form-data; boundary=x", multipart(b"GIF89a")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("请选择 jpg 格式"), "{status}");
    assert_eq!(send("image/jpeg", vec![0xFF; 70_000]).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    // Without a boundary nothing panics.
    assert_eq!(send("multipart/form-data", multipart(&jpeg)).await.0, StatusCode::BAD_REQUEST);
    // A photo straight from a phone is answered with a word, and the answers beside it are kept.
    let (status, body) =
        send("multipart/form-data; boundary=x", multipart(&[&jpeg[..], &vec![0; 3_000_000]].concat())).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && body.contains("照片文件太大"), "{status}");
    let (status, _) = send("multipart/form-data; boundary=x", vec![b'x'; 10_000_000]).await;
    assert!(status.is_client_error(), "{status}");
}

#[tokio::test]
async fn a_form_that_is_left_is_kept_as_a_draft_as_it_was_typed() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let page = me.page().await;
    let leave = |version: &'static str, mobile: &'static str, page: String| {
        let me = &me;
        async move {
            let body = format!("version={version}&mobile={mobile}&page={page}");
            me.send(
                Method::POST,
                "/profile/contact",
                Some("application/x-www-form-urlencoded"),
                body,
                &[("x-draft", "1")],
            )
            .await
        }
    };
    assert_eq!(leave("0", "138", page.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(me.candidate.profile().await.unwrap().contact.draft.mobile, "138");
    // The same page leaves again: it follows its own version. Another page is told.
    assert_eq!(leave("0", "1380", page).await.status, StatusCode::NO_CONTENT);
    let conflict = leave("0", "139", me.page().await).await;
    assert_eq!((conflict.status, conflict.body.as_str()), (StatusCode::CONFLICT, "Conflict"));
    assert_eq!(me.candidate.profile().await.unwrap().contact.draft.mobile, "1380");
    // After the session ended it waits for the log-in.
    app.now.fetch_add(7_201 * 1_000_000, Ordering::SeqCst);
    let late = leave("0", "1390", me.page().await).await;
    assert_eq!((late.status, late.body.as_str()), (StatusCode::UNAUTHORIZED, "SignedOut"));
    assert_eq!(app.registry.unpark(me.candidate.account()).await.unwrap().len(), 1);
}
