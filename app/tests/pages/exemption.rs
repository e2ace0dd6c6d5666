//! What the pages say to who is exempt from the skills test (S102, S130).
use crate::common::*;
use forms::{category::Category, exemption::SkillsPass};
use registry::SkillsPassOf;

#[tokio::test]
async fn who_is_exempt_is_told_so_from_the_first_step_to_the_notice() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let row = candidate.applications().await.unwrap().remove(0);
    let year = app.registry.exam_sessions().await.unwrap()[0].year - 1;
    let told = format!("{year} 年国家实践技能考试基地");
    assert!(!me.get("/exams").await.body.contains("不需要到现场审核"));
    // The pass was recorded after the first application: applying again takes it into account.
    let document = candidate.profile().await.unwrap().account.identity.document;
    let pass = SkillsPass { category: Category::parse(&row.category).unwrap(), year };
    app.registry.record_skills_passes(&[SkillsPassOf { document, pass }]).await.unwrap();
    let begun = me.post(&format!("/applications/{}/reapply", row.id), &[]).await;
    let new = begun.place().trim_start_matches("/applications/").trim_end_matches("/category").to_owned();
    let step = me.get(&format!("/applications/{new}/category")).await.body;
    assert!(step.contains(&told) && step.contains("也不需要到现场审核"), "{step}");
    let id = forms::ids::ApplicationId::parse(&new).unwrap();
    let version = candidate.application(id).await.unwrap().row.version;
    let answers = vec![("declaration".to_owned(), "yes".to_owned())];
    let version = candidate.save_step(id, forms::journey::Step::Confirm, answers, version, true).await.unwrap().version;
    candidate.submit_application(id, version).await.unwrap();
    let page = me.get(&format!("/applications/{new}")).await.body;
    assert!(page.contains("您不需要到现场") && !page.contains("需要携带的材料"), "{page}");
    assert!(me.get("/exams").await.body.contains("不需要到现场审核"));
    let notice = me.get(&format!("/applications/{new}/slip")).await.body;
    assert!(
        notice.contains("无需进行现场审核，直接参加医学综合考试") && !notice.contains("需要携带的材料"),
        "{notice}"
    );
}
