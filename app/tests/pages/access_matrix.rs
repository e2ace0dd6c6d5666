//! Every way in, as everybody: what the route table says is what happens, and what belongs to another is answered as what
//! does not exist. The ways are the table's own, so that a new one is in the matrix by being there.
use crate::common::*;
use app::{request::Route, router::ROUTES, routes::Access};
use axum::http::{Method, StatusCode};
use forms::{
    choice::Choice,
    ids::ApplicationId,
    name_requests::{NameRequestDraft, evidence},
    review::{ReviewAction, Role},
    status::ApplicationStatus,
};
use registry::{Search, Token, demo::DemoLogin};
use serde_json::json;

/// Somebody with a cookie, or without.
struct Requester<'a> {
    app: &'a TestApp,
    name: &'static str,
    cookie: Option<String>,
    /// The office; nothing for candidates and strangers.
    role: Option<Role>,
    /// Whether the application of the matrix is theirs, or their office's.
    owns: bool,
}
impl Client for Requester<'_> {
    fn app(&self) -> &TestApp {
        self.app
    }
    fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }
}

/// What a path or a call names.
#[derive(Clone)]
struct Objects {
    application: String,
    entry: String,
    photo: String,
    notice: String,
    request: String,
}
const UNKNOWN: &str = "0190a6f0-0000-7000-8000-00000000dead";

impl Requester<'_> {
    fn is_candidate(&self) -> bool {
        self.cookie.is_some() && self.role.is_none()
    }
    async fn request(&self, row: &Route, objects: &Objects) -> Answer {
        let id = match row.path {
            path if path.starts_with("/photos") => &objects.photo,
            path if path.starts_with("/notices") => &objects.notice,
            path if path.starts_with("/admin/dictionary") => &objects.request,
            _ => &objects.application,
        };
        let path = row
            .path
            .replace("{id}", id)
            .replace("{group}", "education")
            .replace("{entry}", &objects.entry)
            .replace("{step}", "basic")
            .replace("{kind}", if row.path.contains("entries") { "education" } else { "school" })
            .replace("{code}", "00000")
            .replace("{annex}", "4")
            .replace("{guide}", "rules")
            .replace("{file}", "none.js");
        if row.method == Method::GET {
            return self.get(&path).await;
        }
        if !path.starts_with("/api/") {
            return self
                .post(&path, &[("version", "1"), ("do", "assess"), ("outcome", "save"), ("password", "x")])
                .await;
        }
        let json = json!({
            "id": objects.application, "session": UNKNOWN, "category": "110", "step": "basic", "kind": "education", "group": "basic", "site": "3301",
            "fields": { "do": "assess", "outcome": "save", "version": "1" }, "version": 1, "attempt": true, "submit": true, "username": "nobody_1",
        });
        self.call(&path, json).await
    }
}

#[expect(clippy::too_many_lines, reason = "the people, the things and the cells of one table")]
#[tokio::test]
async fn every_way_in_as_everybody() {
    let (app, logins) = TestApp::demonstration().await;
    app.registry.add_staff("area_else", "area_else", Role::AreaOfficer, "11", "Schreibtisch9").await.unwrap();
    let word = |name: &str| {
        let known = logins.iter().find(|login: &&DemoLogin| login.username == name);
        known.map_or_else(|| "Schreibtisch9".to_owned(), |login| login.password.clone())
    };
    let anybody = app.anonymous();
    let mut requesters = vec![Requester { app: &app, name: "anonymous", cookie: None, role: None, owns: false }];
    for (name, owns) in [("demo_done", true), ("demo_draft", false)] {
        let login = anybody.post("/login", &[("username", name), ("password", &word(name))]).await;
        requesters.push(Requester { app: &app, name, cookie: login.cookie("session"), role: None, owns });
    }
    for (name, owns, role) in [
        ("office_site", true, Role::SiteReviewer),
        ("office_elsewhere", false, Role::SiteReviewer),
        ("office_area", true, Role::AreaOfficer),
        ("area_else", false, Role::AreaOfficer),
        ("office_centre", true, Role::Centre),
    ] {
        let login = anybody.post("/admin/login", &[("username", name), ("password", &word(name))]).await;
        requesters.push(Requester { app: &app, name, cookie: login.cookie("staff"), role: Some(role), owns });
    }
    assert!(requesters[1..].iter().all(|requester| requester.cookie.is_some()));

    let token = requesters[1].cookie.as_deref().and_then(|cookie| Token::parse(cookie.trim_start_matches("session=")));
    let owner = app.registry.candidate(&token.unwrap()).await.unwrap().unwrap();
    let profile = owner.profile().await.unwrap();
    // A name of the owner's province, with a file: its area and the centre answer, sites never do.
    let draft = NameRequestDraft {
        name_kind: "employer".into(),
        missing_name: "钱江第一医院".into(),
        missing_region: "33".into(),
        former_name: String::new(),
    };
    let pdf = b"%PDF-1.7\n%%EOF".to_vec();
    let file = Some((evidence(&pdf).unwrap(), pdf));
    let request = owner.ask_for_name(&draft.check().unwrap(), file).await.unwrap().to_string();
    let known = Objects {
        application: owner.applications().await.unwrap()[0].id.to_string(),
        entry: profile.entries[0].id.to_string(),
        photo: profile.account.photo.unwrap().to_string(),
        notice: app.registry.notices().await.unwrap()[0].id.to_string(),
        request,
    };
    let unknown = Objects {
        application: UNKNOWN.into(),
        entry: UNKNOWN.into(),
        photo: UNKNOWN.into(),
        notice: UNKNOWN.into(),
        request: UNKNOWN.into(),
    };

    let mut cells = 0;
    for row in ROUTES.iter().filter(|row| !matches!(row.path, "/logout" | "/admin/logout")) {
        let names = row.path.contains("{id}")
            || row.path.contains("{entry}")
            || [
                "/api/wizard",
                "/api/save-step",
                "/api/submit",
                "/api/review-record",
                "/api/review-action",
                "/api/application-entry",
            ]
            .contains(&row.path);
        for requester in &requesters {
            // What its owner withdraws is not there for the others any more (app/tests/withdrawal.rs).
            if requester.owns
                && requester.is_candidate()
                && row.method == Method::POST
                && row.path.ends_with("/withdraw")
            {
                continue;
            }
            cells += 1;
            let cell = format!("{} {} as {}", row.method, row.path, requester.name);
            let answer = requester.request(row, &known).await;
            assert_ne!(answer.status, StatusCode::INTERNAL_SERVER_ERROR, "{cell}: {}", answer.body);
            let may = match row.access {
                Access::Static | Access::Public | Access::RateLimited => true,
                Access::Candidate => requester.is_candidate(),
                Access::Staff => requester.role.is_some(),
            };
            if !may {
                let login = if row.access == Access::Staff { "/admin/login?next=/" } else { "/login?next=/" };
                let refused = if row.path.starts_with("/api/") {
                    answer.body.contains("SignedOut")
                } else {
                    answer.status == StatusCode::SEE_OTHER && answer.place().starts_with(login)
                };
                assert!(refused, "{cell}: {} {} {}", answer.status, answer.place(), answer.body);
                continue;
            }
            if !matches!(row.access, Access::Candidate | Access::Staff) || !names {
                continue;
            }
            // A foreign object is answered as one that does not exist.
            let nothing = requester.request(row, &unknown).await;
            let owns =
                requester.owns && (requester.role != Some(Role::SiteReviewer) || !row.path.contains("dictionary"));
            if owns {
                // An entry that the application uses is read-only, so its form is shown to nobody (S18).
                if row.path.ends_with("{entry}") {
                    continue;
                }
                // What is replaced is compared on the page of the draft; here it leads to the application.
                if row.method == Method::GET && !row.path.ends_with("/replace") {
                    assert_eq!(answer.status, StatusCode::OK, "{cell}: {}", answer.body);
                }
                // What only a draft allows is refused like what does not exist; nothing else is.
                if !row.path.ends_with("/discard") {
                    assert!(answer.status != nothing.status || answer.still() != nothing.still(), "{cell}");
                }
            } else {
                assert_eq!((answer.status, answer.still()), (nothing.status, nothing.still()), "{cell}");
            }
        }
    }
    assert!(cells > 300, "{cells}");
    // Nor does any action of a review tell an office that a record of another one is there.
    for requester in requesters.iter().filter(|requester| requester.role.is_some() && !requester.owns) {
        for action in ReviewAction::ALL {
            let post = async |id: &str| {
                let fields = [
                    ("version", "1"),
                    ("do", action.code()),
                    ("outcome", "save"),
                    ("yes", "yes"),
                    ("entry", known.entry.as_str()),
                    ("item", "paper.diploma"),
                    ("paper_change", "ask.graduate_commitment"),
                    ("paper_reason", "recent_graduate"),
                ];
                requester.post(&format!("/admin/review/{id}"), &fields).await
            };
            let (answer, nothing) = (post(&known.application).await, post(UNKNOWN).await);
            assert_eq!(
                (answer.status, answer.still()),
                (nothing.status, nothing.still()),
                "{action:?} {}",
                requester.name
            );
        }
    }
    // Nothing of it reached the record: it is as it was handed in, and waits for its own site only.
    let view = owner.application(ApplicationId::parse(&known.application).unwrap()).await.unwrap();
    assert_eq!(view.row.status.code(), "submitted");
    for requester in requesters.iter().filter(|requester| requester.role.is_some()) {
        let token = requester.cookie.as_deref().and_then(|cookie| Token::parse(cookie.trim_start_matches("staff=")));
        let officer = app.registry.officer(&token.unwrap()).await.unwrap().unwrap();
        let rows = officer
            .queue(&Search { status: Some(ApplicationStatus::Submitted), ..Search::default() })
            .await
            .unwrap()
            .rows
            .len();
        assert_eq!(rows, usize::from(requester.owns), "{}", requester.name);
    }
}
