//! Every way in over HTTP: forms and server functions, as anybody, as the owner, as another candidate.
use app::{
    account::data::Registration,
    error::AppError,
    router::ROUTES,
    routes::{Access, Guide, Page, PageKind},
    transport::{BUILD, Encoded, RuleContext},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use forms::{ids::ApplicationId, materials::Annex};
use http_body_util::BodyExt;
use registry::{DictionaryKind, Listed, PageOwner, demo};
use std::sync::{Arc, atomic::Ordering};
use tower::ServiceExt;

use crate::common::*;

#[tokio::test]
async fn every_server_function_has_a_route_and_every_route_a_function() {
    TestApp::new().await;
    let mut rows: Vec<&str> =
        ROUTES.iter().map(|row| row.path).filter(|path| path.starts_with("/api/") && !path.contains('{')).collect();
    let mut functions: Vec<&str> = leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path).collect();
    rows.sort_unstable();
    functions.sort_unstable();
    assert_eq!(rows, functions);
}

#[tokio::test]
async fn who_is_not_logged_in_is_sent_to_the_log_in() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    for row in ROUTES.iter().filter(|row| row.access == Access::Candidate) {
        let path = filled(row.path, "0190a6f0-0000-7000-8000-000000000001");
        let answer = if row.method == Method::GET {
            anybody.get(&path).await
        } else if path.starts_with("/api/") {
            let json = serde_json::json!({
                "id": "0190a6f0-0000-7000-8000-000000000001", "session": "0190a6f0-0000-7000-8000-000000000001", "category": "110", "step": "basic",
                "kind": "education", "group": "basic", "site": "3301", "fields": {}, "version": 0, "attempt": true, "submit": true,
            });
            let answer = anybody.call(&path, json).await;
            assert!(answer.body.contains("SignedOut"), "{path}: {} {}", answer.status, answer.body);
            continue;
        } else {
            anybody.post(&path, &[]).await
        };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.place().starts_with("/login?next=/"), "{path} {}", answer.place());
    }
}

#[tokio::test]
async fn every_page_for_everybody_describes_itself_to_search_engines() {
    let app = TestApp::new().await;
    let pages = PageKind::ALL.iter().filter(|kind| kind.describe().access == Access::Public);
    let mut described = std::collections::HashSet::new();
    // The log-in of the staff is for nobody who searches.
    for path in pages.map(|kind| kind.pattern()).filter(|path| !path.contains('{') && !path.starts_with("/admin")) {
        let body = app.anonymous().get(path).await.body;
        let text = body.split("name=\"description\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        assert!(text.is_some_and(|text| text.chars().count() > 8), "{path}");
        assert!(described.insert(text.map(str::to_owned)), "{path}: another page says the same");
    }
    assert!(described.len() >= 5);
    // So does each of those that are the same kind of page: by its own text, as far as a description goes.
    app.load_demonstration().await;
    let notices = app.registry.notices().await.unwrap();
    let mut paths: Vec<String> = notices.iter().map(|notice| Page::Notice(notice.id).path()).collect();
    paths.extend(Guide::ALL.into_iter().map(|guide| Page::Guide(guide).path()));
    paths.extend(Annex::ALL.into_iter().map(|annex| Page::AnnexSheet(annex).path()));
    for path in paths {
        let body = app.anonymous().get(&path).await.body;
        let text = body.split("name=\"description\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
        let length = text.unwrap_or_default().chars().count();
        assert!((9..=161).contains(&length), "{path}: {length}");
        assert!(described.insert(text.map(str::to_owned)), "{path}: another page says the same");
    }
}

#[tokio::test]
async fn pages_for_anybody_answer_and_carry_the_headers() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    for path in ["/", "/login", "/register", "/nothing-here"] {
        let answer = anybody.get(path).await;
        let expect = if path == "/nothing-here" { StatusCode::NOT_FOUND } else { StatusCode::OK };
        assert_eq!(answer.status, expect, "{path}");
        let header = |name: &str| answer.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned();
        let policy = header("content-security-policy");
        assert!(
            policy.contains("default-src 'none'")
                && policy.contains("frame-ancestors 'none'")
                && !policy.contains("unsafe-inline"),
            "{policy}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        // Each script of the page has the nonce of its own answer.
        let nonce = policy.split("'nonce-").nth(1).and_then(|r| r.split('\'').next()).unwrap().to_owned();
        assert_eq!(
            answer.body.matches("<script").count(),
            answer.body.matches(&format!("nonce=\"{nonce}\"")).count()
                - answer.body.matches("<link rel=\"modulepreload\"").count().min(1),
            "{path}"
        );
    }
    // Pages that need no script carry nothing to hydrate.
    for path in ["/", "/login"] {
        let body = anybody.get(path).await.body;
        assert!(!body.contains("hydrate") && !body.contains("__RESOLVED"), "{path}");
    }
    assert!(anybody.get("/register").await.body.contains("hydrate"));
}

#[tokio::test]
async fn posts_from_elsewhere_are_refused() {
    let app = TestApp::new().await;
    let me = app.member().await;
    for row in ROUTES.iter().filter(|row| row.method == Method::POST) {
        let path = filled(row.path, "0190a6f0-0000-7000-8000-000000000001");
        for kind in
            ["application/x-www-form-urlencoded", "application/json", "text/plain", "multipart/form-data; boundary=x"]
        {
            let answer =
                me.send(Method::POST, &path, Some(kind), "a=b".into(), &[("sec-fetch-site", "cross-site")]).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} {kind}");
        }
        let mut request = Request::builder()
            .method(Method::POST)
            .uri(&path)
            .header("host", "yikao.test")
            .header("origin", "https://evil.test");
        request = request.header("cookie", &me.cookie).header("content-type", "application/x-www-form-urlencoded");
        let answer = app.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{path} by origin");
    }
}

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
async fn foreign_and_unknown_things_give_the_same_answer() {
    let app = TestApp::new().await;
    let (owner, other) = (app.member().await, app.member().await);
    let id = owner.begun().await.to_string();
    let unknown = "0190a6f0-0000-7000-8000-0000000000ff";
    assert_eq!(owner.get(&format!("/applications/{id}/category")).await.status, StatusCode::OK);
    for path in [
        "/applications/ID",
        "/applications/ID/category",
        "/applications/ID/slip",
        "/photos/ID",
        "/profile/education/ID",
    ] {
        let (foreign, missing) =
            (other.get(&path.replace("ID", &id)).await, other.get(&path.replace("ID", unknown)).await);
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(foreign.still().replace(&id, unknown), missing.still(), "{path}");
    }
    for path in ["/applications/ID/category", "/applications/ID/discard", "/profile/education/ID"] {
        let pairs = [("version", "1"), ("category", "120"), ("level", "none")];
        let (foreign, missing) = (
            other.post(&path.replace("ID", &id), &pairs).await,
            other.post(&path.replace("ID", unknown), &pairs).await,
        );
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{path}");
        assert_eq!(foreign.still().replace(&id, unknown), missing.still(), "{path}");
    }
    for (path, json) in [
        (
            "/api/save-step",
            serde_json::json!({ "id": id, "step": "site", "fields": {}, "version": 1, "attempt": false }),
        ),
        ("/api/submit", serde_json::json!({ "id": id, "version": 1 })),
    ] {
        let foreign = other.call(path, json.clone()).await;
        let missing = other.call(path, serde_json::from_str(&json.to_string().replace(&id, unknown)).unwrap()).await;
        assert!(foreign.body.contains("NotFound"), "{path} {}", foreign.body);
        assert_eq!((foreign.status, foreign.body), (missing.status, missing.body), "{path}");
    }
    let foreign = other.post("/api/wizard", &[("id", &id), ("step", "category")]).await;
    assert!(foreign.body.contains("NotFound"), "{}", foreign.body);
    assert_eq!(owner.candidate.application(ApplicationId::parse(&id).unwrap()).await.unwrap().row.version, 1);
}

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
async fn the_language_is_remembered_and_right_in_the_document() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    assert!(anybody.get("/").await.body.contains("<html lang=\"zh-CN\""));
    let switched = anybody
        .send(
            Method::POST,
            "/language",
            Some("application/x-www-form-urlencoded"),
            "to=en".into(),
            &[("referer", "http://yikao.test/login")],
        )
        .await;
    assert_eq!(
        (switched.status, switched.place(), switched.cookie("lang").unwrap().as_str()),
        (StatusCode::SEE_OTHER, "/login", "lang=en")
    );
    let english = anybody.send(Method::GET, "/register", None, String::new(), &[("cookie", "lang=en")]).await;
    assert!(english.body.contains("<html lang=\"en\"") && english.body.contains("Register"));
}

#[tokio::test]
async fn names_are_looked_up_and_hostile_questions_are_answered() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let found = anybody.get("/api/dictionary/school?q=bjdx").await;
    assert!(found.status == StatusCode::OK && found.body.contains("北京大学"));
    // An answer holds until the dictionaries change; who names their generation need not ask again.
    let (tag, keep) = (found.header("etag").to_owned(), found.header("cache-control").to_owned());
    assert_eq!(
        (tag.as_str(), keep.as_str()),
        (format!("\"{}\"", app.dictionary.number()).as_str(), "public, no-cache")
    );
    let path = format!("/api/dictionary/school?q=bjdx&g={}", app.dictionary.number());
    assert!(anybody.get(&path).await.header("cache-control").contains("immutable"));
    let again = anybody
        .send(Method::GET, "/api/dictionary/school?q=bjdx", None, String::new(), &[("if-none-match", &tag)])
        .await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    app.registry.add_names(DictionaryKind::School, "test", vec![Listed::of("北京电信学院", "11")]).await.unwrap();
    app.dictionary.refresh(&app.registry).await.unwrap();
    let after = anybody
        .send(Method::GET, "/api/dictionary/school?q=bjdx", None, String::new(), &[("if-none-match", &tag)])
        .await;
    assert!(after.status == StatusCode::OK && after.body.contains("北京电信学院") && after.body.contains("北京大学"));
    assert!(!anybody.get(&path).await.header("cache-control").contains("immutable"));
    assert_eq!(anybody.get("/api/dictionary/nothing?q=a").await.status, StatusCode::NOT_FOUND);
    for query in [
        "%00",
        "%25",
        "%FF%FE",
        "%E2%80%AE",
        "%ED%A0%80",
        "%ED%B0%80a",
        "",
        "%F0%9F%98%80",
        "%E5%8C%97%E2%80%8F%E4%BA%AC",
    ] {
        let status = anybody.get(&format!("/api/dictionary/employer?q={query}")).await.status;
        assert!(status == StatusCode::OK || status == StatusCode::BAD_REQUEST, "{query}");
    }
    assert_eq!(
        anybody.get(&format!("/api/dictionary/school?q={}", "a".repeat(10_000))).await.status,
        StatusCode::BAD_REQUEST
    );
}

#[tokio::test]
async fn a_list_is_handed_out_whole_as_long_as_it_is_short() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let path = "/api/dictionary/school/all";
    let first = anybody.get(path).await;
    let tag = first.header("etag").to_owned();
    assert_eq!((first.status, first.header("cache-control")), (StatusCode::OK, "public, no-cache"));
    assert!(first.header("content-type").starts_with("text/plain") && first.header("vary").contains("Accept-Encoding"));
    let (entries, _) = names::full_list::read(&first.body).unwrap();
    assert_eq!(entries.len(), app.dictionary.len(DictionaryKind::School));
    assert_eq!(tag, format!("\"{}\"", names::full_list::tag(&first.body)));
    // Whoever has it is told so and sent nothing; whoever can unpack gets it packed.
    let again = anybody.send(Method::GET, path, None, String::new(), &[("if-none-match", &tag)]).await;
    assert_eq!((again.status, again.body.as_str()), (StatusCode::NOT_MODIFIED, ""));
    let packed = anybody.send(Method::GET, path, None, String::new(), &[("accept-encoding", "gzip, br")]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < first.body.len());
    let many = (0..registry::MAX_FULL_LIST).map(|n| Listed::of(&format!("第{n}医院"), "11")).collect();
    app.registry.add_names(DictionaryKind::Employer, "test", many).await.unwrap();
    app.dictionary.refresh(&app.registry).await.unwrap();
    let long = anybody.get("/api/dictionary/employer/all").await;
    assert_eq!((long.status, long.body.as_str()), (StatusCode::NO_CONTENT, ""));
    assert_eq!(anybody.get("/api/dictionary/post/all").await.status, StatusCode::NOT_FOUND);
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

#[tokio::test]
async fn what_is_searched_for_is_in_no_address() {
    let (app, logins) = TestApp::demonstration().await;
    let anybody = app.anonymous();
    let word = logins.iter().find(|login| login.username == "office_site").unwrap().password.clone();
    let login = anybody.post("/admin/login", &[("username", "office_site"), ("password", &word)]).await;
    let cookie = login.cookie("staff").unwrap();
    let answer = Holder { app: &app, cookie }.post("/admin", &[("find", "aygl")]).await;
    assert_eq!((answer.status, answer.place()), (StatusCode::OK, ""));
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.body;
    assert!(body.contains("阿依古丽.买买提") && !body.contains("find="), "{body}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn pages_drawn_at_the_same_time_do_not_touch_each_other() {
    let app = std::sync::Arc::new(TestApp::new().await);
    let hands: Vec<_> = (0..24)
        .map(|n| {
            let app = app.clone();
            tokio::spawn(async move {
                for path in ["/", "/register", "/login"].into_iter().cycle().skip(n % 3).take(60) {
                    let answer = app.anonymous().get(path).await;
                    assert_eq!(answer.status, StatusCode::OK, "{path}");
                    assert!(answer.body.contains("</footer>"), "{path} is cut off");
                }
            })
        })
        .collect();
    for hand in hands {
        hand.await.unwrap();
    }
}

#[tokio::test]
async fn calls_and_uploads_are_answered_with_an_error_and_never_with_a_page() {
    let app = TestApp::new().await;
    let (anybody, me) = (app.anonymous(), app.member().await);
    let unknown = "0190a6f0-0000-7000-8000-000000000001";
    let data = [("accept", "text/plain")];
    let answers = [
        (anybody.get("/api/nothing").await, "NotFound"),
        (anybody.get("/api/dictionary/nothing").await, "NotFound"),
        (me.post("/api/wizard", &[("id", unknown), ("step", "basic")]).await, "NotFound"),
        (me.post("/api/wizard", &[("id", "none"), ("step", "basic")]).await, "BadRequest"),
        (anybody.post("/api/wizard", &[("id", unknown), ("step", "basic")]).await, "SignedOut"),
        (anybody.send(Method::POST, "/photos", Some("image/jpeg"), String::new(), &data).await, "SignedOut"),
        (me.send(Method::POST, "/photos", Some("text/html"), String::new(), &data).await, "BadRequest"),
    ];
    for (answer, expected) in answers {
        assert_eq!(answer.body, expected, "{}", answer.status);
        assert!(answer.status.is_client_error());
    }
}

#[test]
fn a_value_that_another_build_encoded_is_refused() {
    let rules = RuleContext { today: forms::value::Date::parse("2026-02-01").unwrap(), rules: "2021".to_owned() };
    let text = Encoded::new(&rules).unwrap().into_text();
    assert_eq!(Encoded::from_text(text.clone()).decode(), Ok(rules));
    let other = format!("{}{}", "0".repeat(BUILD.len()), &text[BUILD.len()..]);
    assert_eq!(Encoded::<RuleContext>::from_text(other).decode(), Err(AppError::Outdated));
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

#[tokio::test]
async fn a_client_that_hangs_up_leaves_nothing_behind() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let before = Arc::strong_count(&app.assets);
    for path in ["/register", "/profile/contact"] {
        for polls in 0..60 {
            let request = Request::get(path).header("host", "yikao.test").header("cookie", &me.cookie);
            let mut answer = Box::pin(app.router.clone().oneshot(request.body(Body::empty()).unwrap()));
            for _ in 0..polls {
                if tokio::time::timeout(std::time::Duration::ZERO, &mut answer).await.is_ok() {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_micros(300)).await;
            }
        }
    }
    // What was begun is finished without the client.
    for _ in 0..100 {
        if Arc::strong_count(&app.assets) == before {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(Arc::strong_count(&app.assets), before, "pages that nobody waits for are still held");
}
