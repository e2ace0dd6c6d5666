//! Where people are sent to a site or an area: how these are reached, and what they are called (S106).
use crate::common::*;
use axum::http::StatusCode;
use forms::{
    ids::ApplicationId,
    journey::Step,
    review::{Item, ReviewDraft, ReviewOutcome},
    rule_set::RULES_2022,
    status::ApplicationStatus,
};
use registry::{Candidate, ExamSession, Site, demo::DemoLogin};

/// The part of a page about one thing: from its id to the end of its element.
fn part<'a>(page: &'a str, id: &str, end: &str) -> &'a str {
    page.split_once(&format!("id=\"{id}\"")).unwrap_or_else(|| panic!("{id}")).1.split_once(end).unwrap().0
}
fn english<'a>(app: &'a TestApp, cookie: &str) -> Holder<'a> {
    Holder { app, cookie: format!("{cookie}; lang=en") }
}
/// Somebody whose application waits for its site, 3301, and its id.
async fn submitted<'a>(app: &'a TestApp, logins: &[DemoLogin]) -> (Holder<'a>, Candidate, ApplicationId) {
    let (me, candidate) = app.log_in(logins, "demo_done").await;
    let id = candidate.applications().await.unwrap().remove(0).id;
    (me, candidate, id)
}

#[tokio::test]
async fn areas_and_sites_are_listed_with_what_is_known_of_them_and_found_by_words() {
    let (app, _) = TestApp::demonstration().await;
    let page = async |path: &str| {
        let answer = app.anonymous().get(path).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(path != "/sites" || !answer.body.contains("<script"), "{path}");
        answer.body.replace("<!>", "")
    };
    let all = page("/sites").await;
    assert_eq!((all.matches("<details").count(), all.matches("<li id=\"site-").count()), (32, 338));
    assert!(!all.contains("<details open") && !all.contains(" open>"));
    let zhejiang = part(&all, "area-33", "<ul");
    assert!(zhejiang.contains("0571-11111111") && zhejiang.contains("庆春路200号"), "{zhejiang}");
    let hangzhou = part(&all, "site-3301", "</li>");
    for known in ["杭州市", "解放路100号", "0571-00000000", "工作日", "<a href=\"https://www.openstreetmap.org"]
    {
        assert!(hangzhou.contains(known), "{known}: {hangzhou}");
    }
    // What is not known is not shown, and said once where nothing is.
    let ningbo = part(&all, "site-3302", "</li>");
    assert!(!ningbo.contains("<dl") && ningbo.contains("还没有登记地址和电话，请联系考区"), "{ningbo}");
    let hunan = part(&all, "area-43", "</details>");
    assert!(!hunan.contains("<dl") && hunan.matches("还没有登记地址和电话").count() == 1, "{hunan}");
    assert!(part(&all, "area-12", "</details>").contains("天津市"));

    let found = page("/sites?q=hangzhou%20%E6%B5%99%E6%B1%9F").await;
    assert_eq!((found.matches("<details").count(), found.matches("<li id=\"site-").count()), (1, 1), "{found}");
    assert!(found.contains(" open") && found.contains("找到 1 个考点") && found.contains("href=\"/sites\""), "{found}");
    let none = page("/sites?q=zzzz").await;
    assert!(none.contains("没有找到这个考区或考点") && none.contains("全部考区和考点") && !none.contains("<details"));
    assert!(page("/sites?q=%3Cb%3E").await.contains("value=\"&lt;b&gt;\""));
    // It is found from where people look for it.
    for path in ["/", "/help", "/guides/refunds", "/downloads"] {
        assert!(page(path).await.contains("href=\"/sites\""), "{path}");
    }
}

#[tokio::test]
async fn who_is_sent_to_a_site_before_applying_is_led_to_how_it_is_reached() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let main = |body: &str| body.split_once("<main").unwrap().1.split_once("</main>").unwrap().0.to_owned();
    let login = main(&anybody.get("/login").await.body);
    assert!(login.contains("请携带身份证明到考点办理") && login.contains("href=\"/sites\""), "{login}");
    assert!(!main(&anybody.get("/admin/login").await.body).contains("href=\"/sites\""));
    let none = main(&anybody.get("/help?q=zzzz").await.body);
    assert!(none.contains("联系您的考点") && none.contains("href=\"/sites\""), "{none}");
    let help = anybody.get("/help").await.body;
    for question in ["change", "where", "password", "registered", "online-first", "students"] {
        assert!(part(&help, question, "</details>").contains("href=\"/sites\""), "{question}");
    }
    let person = app.person();
    let of = |name: &str| person.iter().find(|(field, _)| *field == name).unwrap().1.as_str();
    let recovery = [
        ("name", of("name")),
        ("document_type", "resident_id"),
        ("document_number", of("document_number")),
        ("recovery_answer", "没有这样的答案"),
        ("password", "Xin20262"),
        ("password_again", "Xin20262"),
    ];
    let refused = anybody.post("/recover", &recovery).await;
    let refused = main(&refused.body);
    assert!(refused.contains("请携带身份证明到考点办理") && refused.contains("href=\"/sites\""), "{refused}");
    assert!(!main(&anybody.get("/recover").await.body).contains("href=\"/sites\""));
}

#[tokio::test]
async fn a_claim_says_all_that_is_known_of_its_site_and_of_the_area() {
    let (app, _) = TestApp::demonstration().await;
    let (anybody, person) = (app.anonymous(), app.person());
    let number = person.iter().find(|(field, _)| *field == "document_number").unwrap().1.as_str();
    let claim = |site: &'static str| {
        [
            ("document_type", "resident_id"),
            ("document_number", number),
            ("name", "张伟"),
            ("telephone", "010-66667777"),
            ("site", site),
            ("claim_reason", "从未注册过"),
        ]
    };
    let done = anybody.post("/claim", &claim("3301")).await.body.replace("<!>", "");
    let code = done.split("class=\"claim-code\"").nth(1).unwrap().split("</p>").next().unwrap();
    let code = code.rsplit("</span>").next().unwrap();
    let state = anybody.post("/claim/state", &[("claim_code", code)]).await.body.replace("<!>", "");
    for page in [&done, &state] {
        for known in [
            "<dt>考点</dt><dd>杭州市</dd>",
            "解放路100号",
            "0571-00000000 / 0571-11111111",
            "工作日 8:30",
            "<dt>地图</dt><dd><a href=\"https://",
            "href=\"/sites\"",
        ] {
            assert!(page.contains(known), "{known}: {page}");
        }
    }
    // A site that has told nothing has its area.
    let done = anybody.post("/claim", &claim("3302")).await.body.replace("<!>", "");
    assert!(done.contains("<dt>考区地址</dt><dd>浙江省杭州市上城区庆春路200号"), "{done}");
    assert!(done.contains("<dt>考点电话</dt><dd>0571-11111111</dd>"), "{done}");
}

#[tokio::test]
async fn a_document_that_is_not_accepted_leads_to_the_sites() {
    let app = TestApp::new().await;
    let mut person = app.person();
    for (field, value) in &mut person {
        match *field {
            "document_type" => *value = "officer".into(),
            "document_number" => *value = "军字第1234567号".into(),
            _ => {}
        }
    }
    person.extend([("sex", "male".to_owned()), ("birth_date", "1990-03-07".to_owned())]);
    let pairs: Vec<(&str, &str)> = person.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let registered = app.anonymous().post("/register", &pairs).await;
    assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.body);
    let login = app.anonymous().post("/login", &[("username", &person[0].1), ("password", "Yuan2026")]).await;
    let me = Holder { app: &app, cookie: login.cookie("session").unwrap() };
    let candidate = app.registry.candidate(&token_of(&me)).await.unwrap().unwrap();
    let exam = app.registry.exam_sessions().await.unwrap().remove(0);
    let categories = app.registry.categories(exam.id).await.unwrap();
    let id = candidate.begin_application(exam.id, categories[0].code).await.unwrap();
    app.registry.put_exam_session(ExamSession { rules: &RULES_2022, ..exam }, categories.clone()).await.unwrap();
    let version = candidate.application(id).await.unwrap().row.version;
    let first = vec![("category".to_owned(), categories[0].code.to_string()), ("consent".to_owned(), "yes".to_owned())];
    candidate.save_step(id, Step::Category, first, version, true).await.unwrap();
    let page = me.get(&format!("/applications/{id}/basic")).await.body;
    let advice = page.split("本次考试不接受您注册时的证件类型").nth(1).unwrap().split("</p>").next().unwrap();
    assert!(advice.contains("href=\"/sites\""), "{advice}");
}

#[tokio::test]
async fn what_an_office_decided_says_whom_to_ask() {
    let (app, logins) = TestApp::demonstration().await;
    let (me, candidate, id) = submitted(&app, &logins).await;
    let page = me.get(&format!("/applications/{id}")).await.body;
    assert!(page.contains("不能按时到场，请联系考点") && page.contains("href=\"/sites\""), "{page}");
    let word = &logins.iter().find(|login| login.username == "office_site").unwrap().password;
    let token = app.registry.staff_login("office_site", word, None).await.unwrap().session;
    let reviewer = app.registry.officer(&token).await.unwrap().unwrap();
    let record = reviewer.record(id).await.unwrap();
    let items = Item::of(record.view.snapshot.as_ref().unwrap(), record.view.exam.last_review_day());
    let papers = items.iter().filter(|item| matches!(item, Item::Paper(_)));
    let mut pairs: Vec<(String, String)> =
        papers.map(|item| (format!("finding.{}", item.code()), "pass".to_owned())).collect();
    pairs.push(("finding.paper.diploma".into(), "fail".into()));
    pairs.push(("reason.paper.diploma".into(), "not_genuine".into()));
    let list = ReviewDraft::from_pairs(&items, &pairs);
    reviewer.assess(id, record.view.row.version, &list, ReviewOutcome::Reject).await.unwrap();
    assert_eq!(candidate.application(id).await.unwrap().row.status, ApplicationStatus::Rejected);
    let page = me.get(&format!("/applications/{id}")).await.body;
    let whom = page.split("对审核结果有疑问，请联系考点").next().unwrap().rsplit("您的考点：").next().unwrap();
    for known in ["杭州市", "解放路100号", "0571-00000000", "0571-11111111"] {
        assert!(whom.contains(known), "{known}: {whom}");
    }
}

#[tokio::test]
async fn sites_and_areas_are_named_in_the_language_of_the_page_and_on_papers_in_chinese() {
    let (app, logins) = TestApp::demonstration().await;
    let (me, _, id) = submitted(&app, &logins).await;
    let (_, sites) = app.registry.areas().await.unwrap();
    assert!(sites.iter().all(|site| !site.name_en.is_empty()));
    let english = english(&app, &me.cookie);
    for (path, named) in [
        ("/claim".to_owned(), "Zhejiang, Hangzhou site"),
        ("/sites".to_owned(), "<summary>Zhejiang"),
        ("/sites".to_owned(), "Hangzhou site"),
        ("/guides/refunds".to_owned(), "<dt>Zhejiang"),
        ("/".to_owned(), "Hangzhou site"),
        ("/exams".to_owned(), "Hangzhou site"),
        (format!("/applications/{id}"), "Your site: Hangzhou site"),
        (format!("/applications/{id}/withdraw"), "Hangzhou site"),
    ] {
        let page = english.get(&path).await.body.replace("<!>", "");
        assert!(page.contains(named) && !page.contains("杭州市<"), "{path}: {page}");
    }
    for paper in ["slip", "form"] {
        let sheet = english.get(&format!("/applications/{id}/{paper}")).await.body;
        assert!(sheet.contains("杭州市") && !sheet.contains("Hangzhou"), "{paper}: {sheet}");
    }
    // The wizard, and the offices.
    let (draft, candidate) = app.log_in(&logins, "demo_draft").await;
    let own = candidate.applications().await.unwrap().remove(0).id;
    let education = candidate.profile().await.unwrap().entries[0].id.to_string();
    for (step, pairs) in
        [(Step::Education, vec![("educations".to_owned(), education)]), (Step::Certificate, Vec::new())]
    {
        let version = candidate.application(own).await.unwrap().row.version;
        candidate.save_step(own, step, pairs, version, true).await.unwrap();
    }
    let site = Holder { app: &app, cookie: format!("{}; lang=en", draft.cookie) };
    let step = site.post(&format!("/applications/{own}/site"), &[("area", "33"), ("sites", "yes")]).await.body;
    assert!(step.contains(">Ningbo site<") && step.contains(">Zhejiang<"), "{step}");
    let word = &logins.iter().find(|login| login.username == "office_site").unwrap().password;
    let office = app.anonymous().post("/admin/login", &[("username", "office_site"), ("password", word)]).await;
    let office = Holder { app: &app, cookie: format!("{}; lang=en", office.cookie("staff").unwrap()) };
    assert!(office.get("/admin").await.body.contains("Hangzhou site"));
    // A site without an English name is called by its own.
    let site = sites.iter().find(|site| site.code == "3301").unwrap().clone();
    app.registry.put_areas(Vec::new(), vec![Site { name_en: String::new(), ..site }]).await.unwrap();
    assert!(english.get("/claim").await.body.contains("Zhejiang, 杭州市"));
}
