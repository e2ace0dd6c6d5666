//! Whom a page was drawn for: what is sent from it counts for that account alone.
use crate::common::*;
use app::{router::ROUTES, routes::Access};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};
use forms::{
    Field,
    ids::ApplicationId,
    journey::Step,
    profile::{EducationDraft, EntryDraft},
};
use registry::{PageOwner, demo};
use tower::ServiceExt;

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

#[tokio::test]
async fn a_photo_from_a_page_of_another_account_replaces_none() {
    let app = TestApp::new().await;
    let (mine, theirs) = (app.member().await, app.member().await);
    let jpeg = demo::portrait().unwrap();
    mine.candidate.set_photo(jpeg.clone()).await.unwrap();
    let photo = async || mine.candidate.profile().await.unwrap().account.photo.unwrap();
    let before = photo().await;
    let upload = async |page: &str, as_form: bool| {
        let mut body = format!("--x\r\nContent-Disposition: form-data; name=\"page\"\r\n\r\n{page}\r\n").into_bytes();
        body.extend(b"--x\r\nContent-Disposition: form-data; name=\"back\"\r\n\r\n/profile/contact\r\n--x\r\nContent-Disposition: form-data; name=\"mobile\"\r\n\r\n13900139000\r\n--x\r\nContent-Disposition: form-data; name=\"version\"\r\n\r\n0\r\n--x\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\n\r\n");
        body.extend(&jpeg);
        body.extend(b"\r\n--x--\r\n");
        let (kind, body) =
            if as_form { ("multipart/form-data; boundary=x", body) } else { ("image/jpeg", jpeg.clone()) };
        let request = Request::post("/photos")
            .header("host", "yikao.test")
            .header("sec-fetch-site", "same-origin")
            .header("cookie", &mine.cookie)
            .header("x-page", page)
            .header("content-type", kind);
        app.router.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap().status()
    };
    let page_of = |owner| app.registry.page_token(owner);
    for as_form in [false, true] {
        for page in
            [page_of(PageOwner::Candidate(theirs.candidate.account())), page_of(PageOwner::Nobody), String::new()]
        {
            assert_eq!(upload(&page, as_form).await, StatusCode::CONFLICT, "as a form: {as_form}");
        }
        assert_eq!(photo().await, before, "as a form: {as_form}");
    }
    assert!(theirs.candidate.profile().await.unwrap().account.photo.is_none());
    assert!(mine.candidate.profile().await.unwrap().contact.draft.mobile.is_empty(), "what came beside the photo");
    // The same from a page of one's own.
    let own = mine.page().await;
    assert_eq!(upload(&own, false).await, StatusCode::OK);
    assert_ne!(photo().await, before);
    assert_eq!(upload(&own, true).await, StatusCode::SEE_OTHER);
    assert_eq!(mine.candidate.profile().await.unwrap().contact.draft.mobile, "13900139000");
}

/// Posts from a page of somebody's whose session and cookie are gone.
async fn late(me: &Member<'_>, path: &str, pairs: &[(&str, &str)]) {
    let page = Stale { app: me.app, cookie: "", owner: Some(PageOwner::Candidate(me.candidate.account())) };
    let late = page.post(path, pairs).await;
    assert!(late.place().starts_with(&format!("/login?next={path}&kept=")), "{path}: {}", late.place());
}

/// Logs somebody in anew.
async fn back(me: &Member<'_>, password: &str) -> Answer {
    let name = me.candidate.about().username.clone();
    me.app.anonymous().post("/login", &[("username", name.as_str()), ("password", password)]).await
}

/// An application whose second step is open.
async fn past_the_first_step(me: &Member<'_>) -> ApplicationId {
    let id = me.begun().await;
    let pairs = [("version", "1"), ("category", "110"), ("consent", "yes")];
    let next = me.post(&format!("/applications/{id}/category"), &pairs).await;
    assert_eq!(next.place(), format!("/applications/{id}/basic"), "{}", next.body);
    id
}

/// What the hidden field of a form holds.
fn hidden<'a>(page: &'a Answer, name: &str) -> &'a str {
    let field = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
    field.and_then(|rest| rest.split('"').next()).unwrap_or_default()
}

#[tokio::test]
async fn steps_and_entries_that_are_posted_after_their_session_ended_wait_for_the_log_in() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let application = past_the_first_step(&me).await;
    let own = EntryDraft::Education(EducationDraft { level: "bachelor".into(), ..Default::default() });
    let (entry, version) = me.candidate.save_entry(None, own, 0, false).await.unwrap();
    let version = version.to_string();
    let of_step = me.candidate.application(application).await.unwrap().row.version.to_string();
    for (path, version, field, typed, leads_to) in [
        (format!("/applications/{application}/basic"), of_step.as_str(), "mobile", "13800138001", None),
        (format!("/profile/education/{entry}"), version.as_str(), "school", "第一所学校", None),
        ("/profile/education/new".to_owned(), "0", "school", "第二所学校", Some("/profile/education/".to_owned())),
        (
            format!("/applications/{application}/entries/education"),
            "0",
            "school",
            "第三所学校",
            Some(format!("/applications/{application}/entries/education/")),
        ),
    ] {
        late(&me, &path, &[("version", version), (field, typed)]).await;
        let given_back = back(&me, "Yuan2026").await;
        assert_eq!(given_back.status, StatusCode::SEE_OTHER, "{path}");
        match leads_to {
            // A new entry has an address now.
            Some(begins) => assert!(given_back.place().starts_with(&begins), "{path}: {}", given_back.place()),
            None => assert_eq!(given_back.place(), path),
        }
        let me_again = Holder { app: &app, cookie: given_back.cookie("session").unwrap() };
        let shown = me_again.get(given_back.place()).await;
        assert!(shown.body.contains(&format!("value=\"{typed}\"")), "{path}: {typed} is not in {}", given_back.place());
    }
    // An entry that was begun for the application, on its own page.
    let third = me.candidate.profile().await.unwrap().entries;
    let third = third.iter().find(|entry| entry.draft.get(Field::School) == "第三所学校").unwrap();
    let path = format!("/applications/{application}/entries/education/{}", third.id);
    late(&me, &path, &[("version", &third.version.to_string()), ("school", "第四所学校")]).await;
    assert_eq!(back(&me, "Yuan2026").await.place(), path);
    let schools: Vec<String> = (me.candidate.profile().await.unwrap().entries.iter())
        .map(|entry| entry.draft.get(Field::School).to_owned())
        .collect();
    for (school, count) in [("第一所学校", 1), ("第二所学校", 1), ("第三所学校", 0), ("第四所学校", 1)]
    {
        assert_eq!(schools.iter().filter(|one| *one == school).count(), count, "{school} of {schools:?}");
    }
    let draft = me.candidate.application(application).await.unwrap().draft;
    assert!(draft.pairs(Step::Basic).contains(&(Field::Mobile, "13800138001".to_owned())));
}

#[tokio::test]
async fn what_is_posted_from_a_conflict_page_after_the_session_ended_waits_for_the_log_in() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let application = past_the_first_step(&me).await;
    let own = EntryDraft::Education(EducationDraft { level: "bachelor".into(), ..Default::default() });
    let (entry, _) = me.candidate.save_entry(None, own.clone(), 0, false).await.unwrap();
    me.candidate.save_entry(Some(entry), own, 1, false).await.unwrap();
    me.post("/profile/contact", &[("version", "0"), ("mobile", "1")]).await;
    for (path, field) in [
        ("/profile/contact".to_owned(), "address"),
        (format!("/applications/{application}/basic"), "address"),
        (format!("/profile/education/{entry}"), "school"),
    ] {
        // An entry is right in all but the version; the others ignore its fields.
        let pairs = |version| {
            let mut pairs = vec![("version", version), (field, "这边的内容"), ("level", "bachelor")];
            pairs.extend([("school_region", "11"), ("major", "临床医学"), ("study_form", "full_time")]);
            pairs.extend([("graduation_month", "2014-07"), ("diploma_number", "100251201405000123")]);
            pairs
        };
        // Another window saved first; the person presses the button again, but the session is over.
        let conflict = me.post(&path, &pairs("0")).await;
        assert_eq!(conflict.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(conflict.body.contains("内容在别处被修改"), "{path}");
        late(&me, &path, &pairs(hidden(&conflict, "version"))).await;
        assert_eq!(back(&me, "Yuan2026").await.place(), path);
        assert!(me.get(&path).await.body.contains("value=\"这边的内容\""), "{path}");
    }
}

#[tokio::test]
async fn what_was_changed_elsewhere_before_the_log_in_is_not_written_over_and_not_lost() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let application = past_the_first_step(&me).await;
    let of_step = me.candidate.application(application).await.unwrap().row.version.to_string();
    me.post("/profile/contact", &[("version", "0"), ("address", "另一个窗口")]).await;
    let step = format!("/applications/{application}/basic");
    me.post(&step, &[("version", &of_step), ("address", "另一个窗口")]).await;
    for (path, version) in [("/profile/contact", "0"), (&step, &of_step)] {
        late(&me, path, &[("version", version), ("address", "这个<窗口>")]).await;
        let given_back = back(&me, "Yuan2026").await;
        assert_eq!(given_back.status, StatusCode::OK, "{path}");
        assert!(given_back.body.contains("没有丢失"), "{path}: {}", given_back.body);
        assert!(given_back.body.contains(&format!("action=\"{path}\"")), "{path}");
        let cookie = given_back.cookie("session").unwrap();
        assert!(me.get(path).await.body.contains("另一个窗口"), "{path}: written over");
        assert_eq!(hidden(&given_back, "address"), "这个&lt;窗口&gt;");
        // Its button leads to the page with what was typed, where the person decides.
        let page = hidden(&given_back, "page");
        let pairs = format!("page={page}&version={version}&address=%E8%BF%99%E4%B8%AA%3C%E7%AA%97%E5%8F%A3%3E");
        let kind = Some("application/x-www-form-urlencoded");
        let opened = Holder { app: &app, cookie }.send(Method::POST, path, kind, pairs, &[]).await;
        assert_eq!(opened.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(opened.body.contains("内容在别处被修改"), "{path}");
        assert!(opened.body.contains("value=\"这个&lt;窗口&gt;\""), "{path}: {}", opened.body);
    }
}

#[tokio::test]
async fn what_was_typed_while_the_password_was_changed_elsewhere_waits_for_the_new_one() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let elsewhere = Holder { app: &app, cookie: back(&me, "Yuan2026").await.cookie("session").unwrap() };
    let change = [("current_password", "Yuan2026"), ("password", "Gao2027"), ("password_again", "Gao2027")];
    assert_eq!(elsewhere.post("/security", &change).await.place(), "/security?done=password");
    // The page still has its cookie, whose session is over.
    let late = me.post("/profile/contact", &[("version", "0"), ("mobile", "13800138000")]).await;
    assert!(late.place().starts_with("/login?next=/profile/contact&kept="), "{}", late.place());
    let autosaved = me
        .send(
            Method::POST,
            "/profile/work",
            Some("application/x-www-form-urlencoded"),
            format!("version=0&employer=a&page={}", me.page().await),
            &[("x-draft", "1")],
        )
        .await;
    assert_eq!(autosaved.status, StatusCode::UNAUTHORIZED);
    assert_eq!(back(&me, "Yuan2026").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(me.candidate.profile().await.unwrap().contact.draft.mobile.is_empty(), "given to whoever guessed");
    assert_eq!(back(&me, "Gao2027").await.place(), "/profile/work");
    let profile = me.candidate.profile().await.unwrap();
    assert_eq!((profile.contact.draft.mobile.as_str(), profile.work.draft.employer.as_str()), ("13800138000", "a"));
}
