//! Whom a page was drawn for: what is sent from it counts for that account alone.
use crate::common::*;
use app::{router::ROUTES, routes::Access};
use axum::http::{Method, StatusCode};
use registry::PageOwner;

/// Forms that anybody may send from any page: they read and write nothing of an account.
const FREE: [&str; 5] = ["/language", "/logout", "/admin/logout", "/login", "/admin/login"];

/// Each form that is posted carries the token of its page.
fn assert_forms_carry_it(path: &str, html: &str) -> usize {
    let forms = html.split("<form").skip(1).filter(|form| form.starts_with(" ") && form.contains("method=\"post\""));
    let mut checked = 0;
    for form in forms {
        let form = form.split("</form>").next().unwrap();
        if FREE.iter().any(|free| form.contains(&format!("action=\"{free}\""))) {
            continue;
        }
        assert!(form.contains("name=\"page\" value=\""), "{path}: <form{}", &form[..form.len().min(120)]);
        checked += 1;
    }
    checked
}

#[tokio::test]
async fn every_form_of_every_page_says_whom_it_was_drawn_for() {
    let (app, logins) = TestApp::demonstration().await;
    let word = |name: &str| logins.iter().find(|login| login.username == name).unwrap().password.clone();
    let mut forms = 0;
    for (name, login, access) in [
        ("demo_draft", "/login", Access::Candidate),
        ("demo_done", "/login", Access::Candidate),
        ("office_site", "/admin/login", Access::Staff),
        ("office_area", "/admin/login", Access::Staff),
    ] {
        let answer = app.anonymous().post(login, &[("username", name), ("password", &word(name))]).await;
        let cookie = answer.cookie("session").or(answer.cookie("staff")).unwrap();
        let who = Holder { app: &app, cookie };
        let application = if access == Access::Candidate {
            app.registry.candidate(&token_of(&who)).await.unwrap().unwrap().applications().await.unwrap()[0]
                .id
                .to_string()
        } else {
            let officer = app.registry.officer(&token_of(&who)).await.unwrap().unwrap();
            let queue = officer.queue(&registry::Search::default()).await.unwrap();
            queue.rows.first().map(|row| row.id.to_string()).unwrap_or_default()
        };
        for route in ROUTES.iter().filter(|route| route.method == Method::GET && route.access == access) {
            for step in ["category", "site", "confirm"] {
                let path = filled_for(route.path, &application, step);
                let page = who.get(&path).await;
                if page.header("content-type").starts_with("text/html") {
                    forms += assert_forms_carry_it(&path, &page.body);
                }
                if !route.path.contains("{step}") {
                    break;
                }
            }
        }
    }
    assert!(forms > 30, "only {forms} forms were found");
}

const UNKNOWN: &str = "0190a6f0-0000-7000-8000-00000000dead";

fn filled_for(pattern: &str, application: &str, step: &str) -> String {
    pattern
        .replace("{id}", application)
        .replace("{step}", step)
        .replace("{group}", "education")
        .replace("{entry}", if pattern.contains("entries") { UNKNOWN } else { "new" })
        .replace("{kind}", "education")
}

/// Sends what a page of `owner` would with the cookie of somebody else.
struct Stale<'a> {
    app: &'a TestApp,
    cookie: &'a str,
    owner: Option<PageOwner>,
}
impl Client for Stale<'_> {
    fn app(&self) -> &TestApp {
        self.app
    }
    fn cookie(&self) -> Option<&str> {
        Some(self.cookie)
    }
    async fn page(&self) -> String {
        self.owner.map(|owner| self.app.registry.page_token(owner)).unwrap_or_default()
    }
}

#[tokio::test]
async fn a_page_of_another_account_changes_nothing_and_keeps_nothing() {
    let app = TestApp::new().await;
    let (mine, theirs) = (app.member().await, app.member().await);
    let application = mine.begun().await;
    let before = (mine.candidate.profile().await.unwrap(), mine.candidate.application(application).await.unwrap());
    for owner in [Some(PageOwner::Candidate(theirs.candidate.account())), Some(PageOwner::Nobody), None] {
        let stale = Stale { app: &app, cookie: &mine.cookie, owner };
        let mut tried = 0;
        for route in ROUTES.iter().filter(|route| route.method == Method::POST && route.access == Access::Candidate) {
            let path = filled_for(route.path, &application.to_string(), "basic");
            let pairs = [("version", "0"), ("level", "none"), ("mobile", "13900139000"), ("household_province", "33")];
            let answer = if path.starts_with("/api/") {
                stale.call(&path, serde_json::json!({ "id": application, "group": "contact", "fields": { "mobile": "1" }, "version": 0 })).await
            } else {
                stale.post(&path, &pairs).await
            };
            assert_eq!(answer.status, StatusCode::CONFLICT, "{path}: {}", answer.body);
            let said = if path.starts_with("/api/") { "OtherAccount" } else { "这个页面属于另一个账号" };
            assert!(answer.body.contains(said), "{path}: {}", answer.body);
            assert!(!answer.body.contains("13900139000"), "{path}");
            tried += 1;
        }
        assert!(tried > 15, "{tried}");
    }
    let after = (mine.candidate.profile().await.unwrap(), mine.candidate.application(application).await.unwrap());
    assert_eq!(before.0.entries.len(), after.0.entries.len());
    assert_eq!((before.0.contact.version, before.0.basic.version), (after.0.contact.version, after.0.basic.version));
    assert_eq!((before.1.row.version, before.1.row.status), (after.1.row.version, after.1.row.status));
    assert!(app.registry.unpark(theirs.candidate.account()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_page_of_another_officer_is_refused() {
    let (app, logins) = TestApp::demonstration().await;
    let login = logins.iter().find(|login| login.username == "office_site").unwrap();
    let answer =
        app.anonymous().post("/admin/login", &[("username", "office_site"), ("password", &login.password)]).await;
    let cookie = answer.cookie("staff").unwrap();
    let other =
        app.registry.add_staff("other_1", "其他", forms::review::Role::Centre, "", "Schreibtisch9").await.unwrap();
    let stale = Stale { app: &app, cookie: &cookie, owner: Some(PageOwner::Staff(other)) };
    for route in ROUTES.iter().filter(|route| route.method == Method::POST && route.access == Access::Staff) {
        if route.path == "/admin/logout" {
            continue;
        }
        let path = filled_for(route.path, UNKNOWN, "basic");
        let answer = stale.post(&path, &[("version", "1"), ("do", "claim")]).await;
        assert_eq!(answer.status, StatusCode::CONFLICT, "{path}: {}", answer.body);
    }
}

#[tokio::test]
async fn what_a_page_sends_after_its_session_ended_waits_for_its_own_account() {
    let app = TestApp::new().await;
    let (me, other) = (app.member().await, app.member().await);
    // The cookie is gone as well: the page alone says whose it was.
    let page = Stale { app: &app, cookie: "", owner: Some(PageOwner::Candidate(me.candidate.account())) };
    let late = page.post("/profile/contact", &[("version", "0"), ("mobile", "13800138000")]).await;
    assert!(late.place().starts_with("/login?next=/profile/contact&kept="), "{}", late.place());
    let login = |name: String| {
        let anybody = app.anonymous();
        async move { anybody.post("/login", &[("username", name.as_str()), ("password", "Yuan2026")]).await }
    };
    login(other.candidate.about().username.clone()).await;
    assert!(other.candidate.profile().await.unwrap().contact.draft.mobile.is_empty());
    login(me.candidate.about().username.clone()).await;
    assert_eq!(me.candidate.profile().await.unwrap().contact.draft.mobile, "13800138000");
    // What a made-up page sends is kept for nobody, and nothing is promised.
    let forged = Stale { app: &app, cookie: "", owner: None }.post("/profile/contact", &[("mobile", "1")]).await;
    assert_eq!(forged.place(), "/login?next=/profile/contact");
}
