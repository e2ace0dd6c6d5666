//! Every way in over HTTP: forms and server functions, as anybody, as the owner, as another candidate.
use app::{
    error::AppError,
    router::ROUTES,
    routes::{Access, Guide, Page, PageKind},
    transport::{BUILD, Encoded, RuleContext},
};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use forms::{ids::ApplicationId, materials::Annex};
use registry::{DictionaryKind, Listed};
use std::sync::Arc;
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
