//! What the pages ask and say by the rules of the manual: over plain posts, from entries to the sheet.
use crate::common::*;
use axum::http::StatusCode;
use forms::{
    ids::ApplicationId,
    journey::Step,
    profile::{EducationDraft, EntryDraft},
};
use registry::demo;

fn bachelor() -> EducationDraft {
    EducationDraft {
        level: "bachelor".into(),
        school: "University of Oxford".into(),
        school_region: "99".into(),
        school_country: "GB".into(),
        major: "临床医学".into(),
        study_form: "full_time".into(),
        graduation_month: "2014-07".into(),
        diploma_number: "Ox[14]".into(),
        old_number: "yes".into(),
        ..Default::default()
    }
}

/// A candidate with a photo, two educations and a draft, whose steps are answered up to `last`, some as `changes` says.
pub async fn answered(me: &Member<'_>, last: Step, changes: &[(Step, &str, &str)]) -> (ApplicationId, Vec<String>) {
    me.candidate.set_photo(demo::portrait().unwrap()).await.unwrap();
    let college = EducationDraft { level: "college".into(), graduation_month: "2011-07".into(), ..bachelor() };
    let mut entries = Vec::new();
    for draft in [bachelor(), college] {
        let (id, _) = me.candidate.save_entry(None, EntryDraft::Education(draft), 0, true).await.unwrap();
        entries.push(id.to_string());
    }
    let id = me.begun().await;
    let steps = answers(&entries[0]);
    for (step, mut pairs) in steps.into_iter().filter(|(step, _)| *step <= last) {
        for (_, name, value) in changes.iter().filter(|change| change.0 == step) {
            pairs.retain(|pair| pair.0 != *name);
            pairs.push((name, value));
        }
        let version = me.candidate.application(id).await.unwrap().row.version.to_string();
        pairs.push(("version", &version));
        let answer = me.post(&format!("/applications/{id}/{}", step.code()), &pairs).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step:?} {}", answer.body);
    }
    (id, entries)
}

#[tokio::test]
async fn one_education_is_chosen_and_the_sheets_show_the_others_too() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let card = [(Step::Basic, "temporary_card", "yes"), (Step::Basic, "document_until", "2027-01-01")];
    let (id, entries) = answered(&me, Step::Confirm, &card).await;
    let view = me.candidate.application(id).await.unwrap();
    let snapshot = view.snapshot.unwrap();
    assert_eq!(snapshot.educations[0].0.to_string(), entries[0]);
    assert_eq!(snapshot.other_educations[0].0.to_string(), entries[1]);
    let page = me.get(&format!("/applications/{id}")).await.body;
    assert!(page.contains("其他学历") && page.contains("University of Oxford（境外，英国）"), "{page}");
    for paper in ["国卫医发〔2014〕11号", "临时身份证原件及复印件", "《国外学历学位认证书》", "须与报考类别一致"]
    {
        assert!(page.contains(paper), "{paper}");
    }
    assert!(!page.contains("本人有效身份证件原件"), "{page}");
    // The papers are in Chinese whatever the language of the screen, and the form has its official title (S149).
    let english = Holder { app: &app, cookie: format!("{}; lang=en", me.cookie) };
    for (path, title) in [("slip", "医师资格考试网上报名成功通知单"), ("form", "医师资格考试报名暨授予医师资格申请表")]
    {
        let sheet = english.get(&format!("/applications/{id}/{path}")).await.body;
        assert!(sheet.contains("<html lang=\"en") && sheet.contains(&format!("<h1>{title}<")), "{path}");
        assert!(sheet.contains("出生日期") && !sheet.contains("Version "), "{path}");
    }
    let slip = me.get(&format!("/applications/{id}/slip")).await.body;
    assert!(slip.contains("临时身份证原件及复印件") && slip.contains("University of Oxford"), "{slip}");
    // The lock says which application holds the entry (X28).
    let profile = me.get("/profile/education").await.body;
    assert_eq!(profile.matches(&format!("已锁定：报名 {} 使用中", view.row.serial.unwrap())).count(), 2, "{profile}");
}

#[tokio::test]
async fn a_subject_that_limits_the_licence_says_so_and_asks_for_the_post() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let subject = [(Step::Confirm, "extra_subject", "pediatrics"), (Step::Confirm, "extra_post", "yes")];
    let (id, _) = answered(&me, Step::Confirm, &subject).await;
    let snapshot = me.candidate.application(id).await.unwrap().snapshot.unwrap();
    assert_eq!(snapshot.extra_subject, forms::choice::ExtraSubject::Pediatrics);
    let other = app.member().await;
    let (id, _) = answered(&other, Step::Site, &[]).await;
    let path = format!("/applications/{id}/confirm");
    let version = other.candidate.application(id).await.unwrap().row.version.to_string();
    let refused =
        other.post(&path, &[("version", &version), ("extra_subject", "pediatrics"), ("declaration", "yes")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("href=\"#f-extra_post\"") && refused.body.contains("限在加试的专业或岗位执业"));
}

#[tokio::test]
async fn the_last_step_speaks_only_of_subjects_that_the_person_may_take() {
    let app = TestApp::new().await;
    // The category, 本人身份, whether 军事医学 is offered, and whether the subjects of a post are (S83, S84).
    for (category, military, offers_military, offers_post) in [
        ("110", "", false, true),
        ("110", "1", true, false),
        ("110", "5", true, false),
        ("110", "3", false, true),
        ("120", "4", true, false),
        ("120", "6", false, false),
        ("120", "", false, false),
    ] {
        let me = app.member().await;
        let changes = [(Step::Category, "category", category), (Step::Basic, "military_identity", military)];
        let (id, _) = answered(&me, Step::Site, &changes).await;
        let page = me.get(&format!("/applications/{id}/confirm")).await.body;
        assert!(page.contains("考生声明"), "{page}");
        let who = format!("{category} {military}");
        assert_eq!(page.contains("value=\"military\""), offers_military, "{who}");
        for text in ["value=\"pediatrics\"", "name=\"extra_post\"", "限在加试的专业或岗位执业"] {
            assert_eq!(page.contains(text), offers_post, "{who}: {text}");
        }
    }
}

#[tokio::test]
async fn pages_ask_what_the_rules_need() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let education = me.get("/profile/education/new").await.body;
    for name in ["school_region", "school_country", "long_track", "old_number", "diploma_lost"] {
        assert!(education.contains(&format!("name=\"{name}\"")), "{name}");
    }
    let posted = me.post("/profile/education/new", &[("version", "0"), ("level", "none")]).await;
    assert_eq!(posted.status, StatusCode::SEE_OTHER);
    let entry = me.candidate.profile().await.unwrap().entries[0].id;
    assert!(me.get(&format!("/profile/education/{entry}")).await.body.contains("无学历人员不能报考任何类别"));
    assert!(me.get("/profile/basic").await.body.contains("name=\"temporary_card\""));
    assert!(me.get("/profile/work").await.body.contains("name=\"employer_not_medical\""));
    let register = app.anonymous().get("/register").await.body;
    assert!(register.contains("name=\"document_confirmed\"") && register.contains("证书按此姓名打印"));
    let catalogue = me.get("/exams/catalogue").await.body;
    assert_eq!(catalogue.matches("实践技能考试、医学综合笔试").count(), 33);
    assert!(catalogue.contains("藏医执业医师") && catalogue.contains("乡村全科执业助理医师"));
    assert!(catalogue.matches("代码以报名公告为准").count() >= 19);
}
