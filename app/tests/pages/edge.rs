//! What comes from outside, and what is answered when it cannot be taken: hostile text on every way in, bounds of forms, headers
//! of refusals, and what is written down about them.
use crate::common::*;
use app::{request::Route, router::ROUTES, routes::Access};
use axum::http::{Method, StatusCode};
use forms::{Field, category::Category, review::Role, status::ApplicationStatus};
use registry::{Actor, HashCost, PageOwner, Settings, Token};

/// What nobody types, URL-encoded: controls, half a surrogate pair, bytes that are no UTF-8, byte order mark, marks of
/// direction, characters that are none, ends of lines.
const HOSTILE: &str = "a%00b%01%1B%7F%C2%85%ED%A0%80%FF%FE%C0%80%EF%BB%BF%E2%80%AE%E2%81%A6%EF%BF%BF%F4%90%80%80%0D%0A%09%F0%9F%98%80'%25_\\";
const UNKNOWN: &str = "0190a6f0-0000-7000-8000-00000000dead";

struct Requester<'a> {
    app: &'a TestApp,
    cookie: Option<String>,
}
impl Client for Requester<'_> {
    fn app(&self) -> &TestApp {
        self.app
    }
    fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }
}

/// Names that forms and server functions read beside the fields.
const NAMES: [&str; 24] = [
    "find",
    "after",
    "status",
    "category",
    "flag",
    "do",
    "outcome",
    "item",
    "entry",
    "next",
    "back",
    "use",
    "withdraw",
    "looked",
    "end",
    "end_others",
    "for",
    "field",
    "answer",
    "reason",
    "code",
    "done",
    "q",
    "region",
];

/// A body that holds a text under every name.
fn everywhere(text: &str, is_function: bool, id: &str) -> String {
    let names = Field::ALL.iter().map(|field| field.name()).chain(NAMES);
    let wrap = |name: &str| if is_function { format!("fields[{name}]={text}") } else { format!("{name}={text}") };
    let mut pairs: Vec<String> = names.map(wrap).collect();
    if is_function {
        for (name, value) in [
            ("id", id),
            ("session", id),
            ("category", "110"),
            ("step", "basic"),
            ("kind", "education"),
            ("group", "basic"),
            ("version", "1"),
            ("attempt", "true"),
            ("submit", "false"),
            ("username", text),
        ] {
            pairs.push(format!("{name}={value}"));
        }
    } else {
        pairs.push("version=1".to_owned());
    }
    pairs.join("&")
}

fn path_of(route: &Route, id: &str) -> String {
    filled(route.path, id).replace("{code}", "00000")
}

/// The draft of whoever walks, begun if there is none.
async fn drafted(app: &TestApp, candidate: &Requester<'_>) -> String {
    let token = Token::parse(candidate.cookie.as_deref().unwrap().trim_start_matches("session=")).unwrap();
    let me = app.registry.candidate(&token).await.unwrap().unwrap();
    let drafts = me.applications().await.unwrap();
    let draft = drafts.iter().find(|one| one.status == ApplicationStatus::Draft).map(|one| one.id);
    let session = app.registry.exam_sessions().await.unwrap()[0].id;
    let category = Category::parse("110").unwrap();
    match draft {
        Some(id) => id.to_string(),
        None => me.begin_application(session, category).await.unwrap().to_string(),
    }
}

/// Walks through every route with hostile texts; `record` is one that the officer may see.
async fn walk(app: &TestApp, candidate: &Requester<'_>, officer: &Requester<'_>, record: &str) {
    let long = "%E9%95%BF".repeat(3_400);
    let foreign =
        |answer: &Answer| answer.body.contains("OtherAccount") || answer.body.contains("这个页面属于另一个账号");
    for route in ROUTES.iter().filter(|route| !matches!(route.path, "/logout" | "/admin/logout")) {
        let requester = if route.access == Access::Staff { officer } else { candidate };
        // What is walked through may discard the draft, or end it.
        let application = drafted(app, candidate).await;
        let path = path_of(route, if route.access == Access::Staff { record } else { &application });
        for text in [HOSTILE, &long] {
            let what = format!("{} {} {}", route.method, route.path, text.len());
            let answer = if route.method == Method::GET {
                let query = NAMES.map(|name| format!("{name}={text}")).join("&");
                // A head has 64 KB; ten of the long ones are enough.
                let query: String =
                    query.split('&').take(if text.len() > 1_000 { 2 } else { 22 }).collect::<Vec<_>>().join("&");
                requester.send(Method::GET, &format!("{path}?{query}"), None, String::new(), &[]).await
            } else {
                let is_function = route.path.starts_with("/api/");
                let mut body = everywhere(text, is_function, &application);
                if text.len() > 1_000 {
                    // Under the bound of a body, with the text under a few names only.
                    body = body.split('&').filter(|pair| pair.len() < 100).collect::<Vec<_>>().join("&");
                    let long = [Field::Name, Field::MissingName, Field::FormerName].map(|field| field.name());
                    for name in long.into_iter().chain(["find", "reason"]) {
                        let name = if is_function { format!("fields[{name}]") } else { name.to_owned() };
                        body.push_str(&format!("&{name}={text}"));
                    }
                }
                if !is_function {
                    body.push_str(&format!("&page={}", requester.page().await));
                }
                requester.send(Method::POST, &path, Some("application/x-www-form-urlencoded"), body, &[]).await
            };
            assert!(!answer.status.is_server_error(), "{what}: {} {}", answer.status, answer.body);
            assert!(!foreign(&answer), "{what} was refused before anything was read");
            assert_ne!(requester.page_owner().await, PageOwner::Nobody, "{what} ended the session of who walks");
        }
        // The same where the path names something.
        let hostile = route
            .path
            .replace("{id}", "%00")
            .replace("{entry}", "%00")
            .replace("{code}", "a%00")
            .replace("{kind}", "%1B");
        if hostile != route.path {
            let hostile = filled(&hostile, UNKNOWN);
            let answer = requester.send(route.method.clone(), &hostile, None, String::new(), &[]).await;
            assert!(answer.status.is_client_error() || answer.status.is_redirection(), "{hostile}: {}", answer.status);
        }
        // Bytes that are not encoded at all, and a multipart form.
        if route.method == Method::POST {
            let page = requester.page().await;
            let part =
                "--x\r\ncontent-disposition: form-data; name=\"missing_name\"\r\n\r\na\0b\u{202E}\u{FEFF}\r\n--x--\r\n";
            for (kind, body) in [
                ("application/x-www-form-urlencoded", format!("find=\0\u{85}&\0=\0&page={page}")),
                (
                    "multipart/form-data; boundary=x",
                    format!("--x\r\ncontent-disposition: form-data; name=\"page\"\r\n\r\n{page}\r\n{part}"),
                ),
            ] {
                let answer = requester.send(Method::POST, &path, Some(kind), body, &[]).await;
                assert!(!answer.status.is_server_error(), "{} {kind}: {} {}", route.path, answer.status, answer.body);
                assert!(!foreign(&answer), "{} {kind} was refused before anything was read", route.path);
            }
        }
    }
    assert!(app.registry.exam_sessions().await.is_ok());
}

/// The demonstration, a candidate with a draft, a reviewer with a queue.
async fn hostile_text_on(app: TestApp, logins: Vec<registry::demo::DemoLogin>) {
    let word = |name: &str| logins.iter().find(|login| login.username == name).unwrap().password.clone();
    let anybody = app.anonymous();
    let login = anybody.post("/login", &[("username", "demo_draft"), ("password", &word("demo_draft"))]).await;
    let candidate = Requester { app: &app, cookie: login.cookie("session") };
    let login = anybody.post("/admin/login", &[("username", "office_site"), ("password", &word("office_site"))]).await;
    let officer = Requester { app: &app, cookie: login.cookie("staff") };
    assert!(candidate.cookie.is_some() && officer.cookie.is_some());
    let token = Token::parse(officer.cookie.as_deref().unwrap().trim_start_matches("staff=")).unwrap();
    let staff = app.registry.officer(&token).await.unwrap().unwrap();
    let record = staff.queue(&registry::Search::default()).await.unwrap().rows[0].id.to_string();
    walk(&app, &candidate, &officer, &record).await;
}

#[tokio::test]
async fn hostile_text_is_no_error_of_the_server_on_sqlite() {
    let (app, logins) = TestApp::demonstration().await;
    hostile_text_on(app, logins).await;
}

#[tokio::test]
async fn hostile_text_is_no_error_of_the_server_on_postgres() {
    let app = TestApp::with_database(tempfile::tempdir().unwrap(), &postgres("edge")).await;
    let logins = app.load_demonstration().await;
    hostile_text_on(app, logins).await;
}

#[tokio::test]
async fn a_form_has_a_thousand_pairs_at_most_and_an_upload_64_parts() {
    let app = TestApp::new().await;
    let member = app.member().await;
    let form = "application/x-www-form-urlencoded";
    for path in ["/login", "/api/registration", "/profile/contact"] {
        let pairs = |count: usize| (0..count).map(|n| format!("a{n}=1")).collect::<Vec<_>>().join("&");
        let taken = member.send(Method::POST, path, Some(form), pairs(1_000), &[]).await;
        assert_ne!(taken.status, StatusCode::BAD_REQUEST, "{path}");
        let refused = member.send(Method::POST, path, Some(form), pairs(1_001), &[]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path}");
    }
    let page = member.page().await;
    let parts = |count: usize| {
        let part = "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
        let page = format!("--x\r\ncontent-disposition: form-data; name=\"page\"\r\n\r\n{page}\r\n");
        format!("{page}{}--x--\r\n", part.repeat(count - 1))
    };
    let kind = "multipart/form-data; boundary=x";
    let taken = member.send(Method::POST, "/photos", Some(kind), parts(64), &[]).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    let refused = member.send(Method::POST, "/photos", Some(kind), parts(65), &[]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn every_refusal_carries_the_security_headers_and_is_not_stored() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let form = Some("application/x-www-form-urlencoded");
    let large = "a".repeat(300 * 1024);
    let length = large.len().to_string();
    let refusals = [
        (404, anybody.get("/nothing/here").await),
        (404, anybody.get(&format!("/admin/nothing/{UNKNOWN}")).await),
        (405, anybody.send(Method::DELETE, "/login", None, String::new(), &[]).await),
        (405, anybody.send(Method::PUT, "/profile/basic", None, String::new(), &[]).await),
        (403, anybody.send(Method::POST, "/login", form, String::new(), &[("sec-fetch-site", "cross-site")]).await),
        (413, anybody.send(Method::POST, "/login", form, large, &[("content-length", &length)]).await),
        (400, anybody.send(Method::POST, "/login", Some("text/plain"), String::new(), &[]).await),
    ];
    // Under a person's own paths, where a cached page would say to the next person that there is nothing.
    let member = app.member().await;
    app.registry.add_staff("centre", "centre", Role::Centre, "", "Schreibtisch9").await.unwrap();
    let login = anybody.post("/admin/login", &[("username", "centre"), ("password", "Schreibtisch9")]).await;
    let officer = Requester { app: &app, cookie: login.cookie("staff") };
    let mut refusals = Vec::from(refusals);
    for path in ["/applications/{}", "/applications/{}/basic", "/profile/education/{}", "/photos/{}"] {
        refusals.push((404, member.get(&path.replace("{}", UNKNOWN)).await));
    }
    refusals.push((404, officer.get(&format!("/admin/review/{UNKNOWN}")).await));
    for (status, answer) in refusals {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.body);
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-store"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(answer.header(name), value, "{status} {name}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{status}");
    }
}

#[tokio::test]
async fn a_refused_deed_on_somebody_elses_record_is_audited_and_answered_like_one_that_is_not_there() {
    let app = TestApp::new().await;
    let (owner, other) = (app.member().await, app.member().await);
    let record = owner.begun().await;
    app.registry.add_staff("elsewhere", "elsewhere", Role::SiteReviewer, "3301", "Schreibtisch9").await.unwrap();
    let login = app.anonymous().post("/admin/login", &[("username", "elsewhere"), ("password", "Schreibtisch9")]).await;
    let officer = Requester { app: &app, cookie: login.cookie("staff") };
    let refused = async |who: &str| {
        let rows = app.registry.audit_of(record.uuid()).await.unwrap();
        rows.iter().filter(|row| row.action == "access.refused" && format!("{:?}", row.actor).contains(who)).count()
    };
    for round in 1..=2 {
        let answer = other.post(&format!("/applications/{record}/basic"), &[("version", "1")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let staff = officer.post(&format!("/admin/review/{record}"), &[("do", "claim"), ("version", "1")]).await;
        assert_eq!(staff.status, StatusCode::NOT_FOUND);
        assert_eq!((refused("Candidate").await, refused("Staff").await), (round, round));
        // Again within the minute: no further row. A server function counts as a form does.
        let body = format!("id={record}&step=basic&version=1&attempt=true&fields[version]=1");
        let answer =
            other.send(Method::POST, "/api/save-step", Some("application/x-www-form-urlencoded"), body, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
        assert_eq!(refused("Candidate").await, round);
        app.later(61);
    }
    let actors = app.registry.audit_by_action("access.refused").await.unwrap();
    assert!(actors.iter().any(|row| row.actor == Some(Actor::Candidate(other.candidate.account()))));
    // Its owner is refused nothing.
    assert_eq!(owner.get(&format!("/applications/{record}/basic")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_server_function_that_is_refused_is_audited_by_itself() {
    let app = TestApp::new().await;
    let (owner, other) = (app.member().await, app.member().await);
    let record = owner.begun().await;
    let body = format!("id={record}&step=basic&version=1&attempt=true&fields[version]=1");
    let answer = other.send(Method::POST, "/api/save-step", Some("application/x-www-form-urlencoded"), body, &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.body);
    assert_eq!(app.registry.audited("access.refused", record.uuid()).await.unwrap(), 1);
}

#[tokio::test]
async fn a_log_in_leads_to_no_path_that_a_browser_reads_as_another() {
    let app = TestApp::new().await;
    let person = app.person();
    let pairs: Vec<(&str, &str)> = person.iter().map(|(k, v)| (*k, v.as_str())).collect();
    app.anonymous().post("/register", &pairs).await;
    app.registry.add_staff("office", "office", Role::Centre, "", "Schreibtisch9").await.unwrap();
    let name = person[0].1.as_str();
    for next in ["/admin/../../x", "/admin/%2e%2e/x", "/admin//x", "//evil.example"] {
        let login =
            app.anonymous().post("/login", &[("username", name), ("password", "Yuan2026"), ("next", next)]).await;
        assert!(["/", "/profile/basic"].contains(&login.place()), "{next}: {}", login.place());
        let login = app
            .anonymous()
            .post("/admin/login", &[("username", "office"), ("password", "Schreibtisch9"), ("next", next)])
            .await;
        assert_eq!(login.place(), "/admin", "{next}");
        let page = app.anonymous().get(&format!("/login?next={}", next.replace('%', "%25"))).await;
        assert!(!page.body.contains("name=\"next\""), "{next}");
    }
}

#[tokio::test]
async fn staff_browsers_are_known_and_the_owner_reads_of_failures() {
    let app = TestApp::new().await;
    app.registry.add_staff("office", "office", Role::Centre, "", "Schreibtisch9").await.unwrap();
    let login = app.anonymous().post("/admin/login", &[("username", "office"), ("password", "Schreibtisch9")]).await;
    let device = login.cookie("staff-device").unwrap();
    let guess = |cookie: Option<String>, password: &'static str| {
        let requester = Requester { app: &app, cookie };
        async move { requester.post("/admin/login", &[("username", "office"), ("password", password)]).await }
    };
    for _ in 0..5 {
        assert_eq!(guess(None, "wrong123").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(guess(None, "Schreibtisch9").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(guess(Some(device), "Schreibtisch9").await.status, StatusCode::SEE_OTHER);

    let member = app.member().await;
    let name = member.candidate.about().username.clone();
    app.anonymous().post("/login", &[("username", &name), ("password", "wrong1")]).await;
    let page = member.get("/security").await.body;
    assert!(page.contains("密码错误") && page.contains("登录成功"), "{page}");
}

#[tokio::test]
async fn what_cannot_be_answered_in_time_is_told_to_come_back_in_seconds() {
    let app = TestApp::with_settings(|settings| Settings {
        hashing_threads: 1,
        hashing_slots: 1,
        hash_cost: HashCost { memory: 8 * 1024, passes: 4 },
        ..settings
    })
    .await;
    let anybody = app.anonymous();
    let anybody = &anybody;
    let guesses = (0..24).map(|n| async move {
        anybody.post("/login", &[("username", &format!("nobody_{n}")), ("password", "wrong1")]).await
    });
    let answers = futures::future::join_all(guesses).await;
    let busy: Vec<&Answer> = answers.iter().filter(|a| a.status == StatusCode::SERVICE_UNAVAILABLE).collect();
    assert!(!busy.is_empty() && busy.len() < answers.len());
    for answer in busy {
        assert_eq!(answer.header("retry-after"), "5");
        assert!(answer.body.contains("忙不过来"), "{}", answer.body);
    }
}

#[tokio::test]
async fn an_upload_that_is_one_too_many_is_told_so_and_what_was_typed_beside_it_is_kept() {
    let app = TestApp::new().await;
    let member = app.member().await;
    let script = async |bytes: &str| {
        member.send(Method::POST, "/photos", Some("image/jpeg"), bytes.to_owned(), &[("accept", "text/plain")]).await
    };
    let mut taken = 0;
    while script("GIF89a").await.status == StatusCode::UNPROCESSABLE_ENTITY {
        taken += 1;
        assert!(taken <= 240);
    }
    let refused = script("GIF89a").await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "60"));
    let field =
        |name: &str, value: &str| format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    let body = [
        field("page", &member.page().await),
        field("back", "/profile/contact"),
        field("version", "0"),
        field("mobile", "13800138000"),
        "--x\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\nGIF89a\r\n--x--\r\n"
            .to_owned(),
    ];
    let kind = Some("multipart/form-data; boundary=x");
    let refused = member.send(Method::POST, "/photos", kind, body.concat(), &[]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(member.get("/profile/contact").await.body.contains("13800138000"));
}

#[tokio::test]
async fn a_page_that_would_wait_too_long_for_its_turn_is_told_so_and_the_answer_to_a_form_is_not() {
    let app = TestApp::new().await;
    let member = app.member().await;
    let pages = app.renderings.available_permits();
    let all = app.renderings.clone().acquire_many_owned(pages as u32).await.unwrap();
    let refused = member.get("/profile/contact").await;
    assert_eq!((refused.status, refused.header("retry-after")), (StatusCode::SERVICE_UNAVAILABLE, "5"));
    assert!(refused.body.contains("忙不过来"), "{}", refused.body);
    // Plain pages cost little and are drawn all the same.
    assert_eq!(member.get("/login").await.status, StatusCode::OK);
    let later = async {
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        drop(all);
    };
    let (answer, ()) = tokio::join!(member.post("/profile/contact", &[("version", "0"), ("mobile", "1")]), later);
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("value=\"1\""), "what was typed is in the page");
    assert_eq!(member.get("/profile/contact").await.status, StatusCode::OK);
}
