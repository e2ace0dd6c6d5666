//! The papers of a review on the pages: what need not be shown again (S19), what a site changed (S148), what they are about (S138).
use crate::common::*;
use axum::http::StatusCode;
use forms::{
    ids::{ApplicationId, ExamSessionId},
    journey::Step,
    materials::Material,
    review::{ReviewDraft, ReviewOutcome},
};
use registry::{Candidate, ExamSession, demo::DemoLogin};

/// Somebody of the offices of the demonstration, logged in.
async fn staff<'a>(app: &'a TestApp, logins: &[DemoLogin], name: &str) -> Holder<'a> {
    let login = logins.iter().find(|login| login.username == name).unwrap();
    let pairs = [("username", name), ("password", login.password.as_str())];
    let cookie = app.anonymous().post("/admin/login", &pairs).await.cookie("staff").unwrap();
    Holder { app, cookie }
}
/// Approves what waits at the site of the demonstration.
async fn approve(app: &TestApp, site: &Holder<'_>, id: ApplicationId) {
    let officer = app.registry.officer(&token_of(site)).await.unwrap().unwrap();
    let record = officer.record(id).await.unwrap();
    let items = forms::review::Item::of(record.view.snapshot.as_ref().unwrap(), record.view.exam.last_review_day());
    let pairs: Vec<(String, String)> =
        items.iter().map(|item| (format!("finding.{}", item.code()), "pass".to_owned())).collect();
    let papers: Vec<_> = pairs.into_iter().filter(|(name, _)| name.starts_with("finding.paper.")).collect();
    let draft = ReviewDraft::from_pairs(&items, &papers);
    officer.assess(id, record.view.row.version, &draft, ReviewOutcome::Approve).await.unwrap();
}
/// Applies in a session of the year after, with the same answers.
async fn apply_again(app: &TestApp, me: &Candidate, before: ApplicationId, trusts_verified: bool) -> ApplicationId {
    let old = me.application(before).await.unwrap();
    let id = ExamSessionId::from(uuid::Uuid::from_u128(77 + u128::from(trusts_verified)));
    let session = ExamSession { id, year: old.exam.year + 1, trusts_verified, ..old.exam.clone() };
    app.registry.put_exam_session(session, old.categories.clone()).await.unwrap();
    let new = me.begin_application(id, old.draft.chosen_category().unwrap()).await.unwrap();
    let mut version = me.application(new).await.unwrap().row.version;
    for step in Step::ALL {
        let mut pairs: Vec<(String, String)> =
            old.draft.pairs(step).into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect();
        pairs.retain(|(name, _)| name != "attempts");
        version = me.save_step(new, step, pairs, version, true).await.unwrap().version;
    }
    app.later(1);
    me.submit_application(new, version).await.unwrap();
    new
}

#[tokio::test]
async fn papers_that_were_verified_are_named_as_such_to_the_candidate_and_the_site() {
    let (app, logins) = TestApp::demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let site = staff(&app, &logins, "office_site").await;
    let first = candidate.applications().await.unwrap().remove(0).id;
    let diploma = "毕业证书原件及复印件";
    assert!(!me.get(&format!("/applications/{first}")).await.body.contains("不用再带的材料"));
    approve(&app, &site, first).await;
    let trusted = apply_again(&app, &candidate, first, true).await;
    let page = me.get(&format!("/applications/{trusted}")).await.body;
    let (asked, seen) = page.split_once("不用再带的材料").unwrap();
    assert!(!asked.contains(diploma) && seen.contains(diploma) && seen.contains("以前的审核中已验证"), "{page}");
    let notice = me.get(&format!("/applications/{trusted}/slip")).await.body;
    let (asked, seen) = notice.split_once("以前的审核中已验证，不用再带：").unwrap();
    assert!(!asked.contains(diploma) && seen.contains(diploma), "{notice}");
    let record = site.get(&format!("/admin/review/{trusted}")).await.body;
    assert!(record.contains("以前的审核中已验证，不必再看") && !record.contains("finding.paper.diploma"), "{record}");
    // The session may ask for everything again.
    let asking = apply_again(&app, &candidate, first, false).await;
    let page = me.get(&format!("/applications/{asking}")).await.body;
    assert!(page.contains(diploma) && !page.contains("不用再带的材料"), "{page}");
    assert!(site.get(&format!("/admin/review/{asking}")).await.body.contains("finding.paper.diploma"));
}

#[tokio::test]
async fn a_site_changes_the_list_of_papers_and_the_candidate_reads_why() {
    let (app, logins) = TestApp::demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let site = staff(&app, &logins, "office_site").await;
    let id = candidate.applications().await.unwrap().remove(0).id;
    let (path, commitment) = (format!("/admin/review/{id}"), "报考承诺书");
    assert!(!me.get(&format!("/applications/{id}/slip")).await.body.contains(commitment));
    let form = site.get(&path).await.body;
    assert!(form.contains("id=\"change-paper\"") && form.contains("value=\"ask.graduate_commitment\""), "{form}");
    // Without a reason nothing happens, and what was chosen stays.
    let post = async |who: &Holder<'_>, change: &str, reason: &str, note: &str| {
        let version = candidate.application(id).await.unwrap().row.version.to_string();
        let pairs = [
            ("do", "change_paper"),
            ("version", version.as_str()),
            ("paper_change", change),
            ("paper_reason", reason),
            ("paper_note", note),
        ];
        who.post(&path, &pairs).await
    };
    let refused = post(&site, "ask.graduate_commitment", "", "毕业未满一年").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#f-paper_reason\"") && refused.body.contains("毕业未满一年"));
    // Another site does not find it, area and centre are told that it is not theirs to do.
    for (name, status) in [
        ("office_elsewhere", StatusCode::NOT_FOUND),
        ("office_area", StatusCode::UNPROCESSABLE_ENTITY),
        ("office_centre", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let office = staff(&app, &logins, name).await;
        assert_eq!(post(&office, "ask.graduate_commitment", "recent_graduate", "").await.status, status, "{name}");
        assert!(!office.get(&path).await.body.contains("id=\"change-paper\""), "{name}");
    }
    assert_eq!(post(&me, "ask.graduate_commitment", "recent_graduate", "").await.status, StatusCode::SEE_OTHER);
    assert!(candidate.application(id).await.unwrap().snapshot.unwrap().paper_changes.is_empty());

    let done = post(&site, "ask.graduate_commitment", "recent_graduate", "毕业未满一年").await;
    assert_eq!((done.status, done.place()), (StatusCode::SEE_OTHER, format!("{path}?done=change_paper").as_str()));
    let dropped = post(&site, "drop.employer_licence", "local_rule", "").await;
    assert_eq!(dropped.status, StatusCode::SEE_OTHER);
    let page = me.get(&format!("/applications/{id}")).await.body;
    for said in
        ["考点对材料清单的更改", "属于应届毕业生：毕业未满一年", "考区、考点的规定", "增加一项材料", "免交一项材料"]
    {
        assert!(page.contains(said), "{said} {page}");
    }
    let notice = me.get(&format!("/applications/{id}/slip")).await.body;
    assert!(notice.contains(commitment) && !notice.contains("医疗机构执业许可证"), "{notice}");
    let record = site.get(&path).await.body;
    assert!(record.contains("finding.paper.graduate_commitment") && !record.contains("finding.paper.employer_licence"));
    assert!(record.contains("value=\"drop.graduate_commitment\"") && record.contains("属于应届毕业生：毕业未满一年"));
    // The same through the function that the script calls.
    let version = candidate.application(id).await.unwrap().row.version.to_string();
    let fields = serde_json::json!({
        "do": "change_paper", "version": version, "paper_change": "drop.graduate_commitment", "paper_reason": "not_recent_graduate",
    });
    let called = site.call("/api/review-action", serde_json::json!({ "id": id.to_string(), "fields": fields })).await;
    assert_eq!(called.status, StatusCode::OK, "{}", called.body);
    let view = candidate.application(id).await.unwrap();
    let papers = Material::of(&view.snapshot.unwrap(), view.exam.last_review_day());
    assert!(!papers.contains(&Material::GraduateCommitment));
    // Nothing is changed once the site decided, and nothing after the signature (S91).
    approve(&app, &site, id).await;
    assert_eq!(post(&site, "ask.graduate_commitment", "other", "x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!site.get(&path).await.body.contains("id=\"change-paper\""));
}

#[tokio::test]
async fn declaration_and_checklist_ask_for_practice_of_the_category_applied_for() {
    let (app, logins) = TestApp::demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let site = staff(&app, &logins, "office_site").await;
    let first = candidate.applications().await.unwrap().remove(0).id;
    let again = me.post(&format!("/applications/{first}/reapply"), &[]).await;
    let draft = again.place().trim_start_matches("/applications/").trim_end_matches("/category").to_owned();
    let path = format!("/applications/{draft}/confirm");
    let english = Holder { app: &app, cookie: format!("{}; lang=en", me.cookie) };
    for (who, declared) in [
        (&me, "实习和工作实践内容与报考类别一致"),
        (&english, "internship and practice were in the category I apply for"),
    ] {
        let page = who.get(&path).await.body;
        let declaration = page.split_once("class=\"terms\"").unwrap().1;
        assert!(declaration.contains(declared), "{page}");
    }
    let record = site.get(&format!("/admin/review/{first}")).await.body;
    assert!(record.contains("实习和实践内容须与报考类别一致"), "{record}");
}
