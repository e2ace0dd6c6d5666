//! What the profile lacks is completed by the wizard (S34).
use super::rules::answered;
use crate::common::*;
use forms::journey::Step;

#[tokio::test]
async fn what_was_first_said_in_the_wizard_stands_in_the_profile_after_the_submission() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let (id, _) = answered(&me, Step::Site, &[]).await;
    let hint = "个人信息里还空着的联系方式和工作情况，提交报名时会用这里填的补上";
    assert!(me.get(&format!("/applications/{id}/basic")).await.body.contains(hint));
    let typed = ["value=\"13800138000\"", "value=\"北京市东城区东交民巷1号\""];
    let before = me.get("/profile/contact").await.body;
    assert!(typed.iter().all(|value| !before.contains(value)), "{before}");
    let version = me.candidate.application(id).await.unwrap().row.version.to_string();
    let declared = [("version", version.as_str()), ("extra_subject", "none"), ("declaration", "yes")];
    app.later(1);
    let done = me.post(&format!("/applications/{id}/confirm"), &declared).await;
    assert_eq!(done.place(), format!("/applications/{id}?submitted="), "{}", done.body);
    app.later(1);
    let contact = me.get("/profile/contact").await.body;
    assert!(typed.iter().all(|value| contact.contains(value)), "{contact}");
    assert!(me.get("/profile/work").await.body.contains("value=\"北京医院\""));
    // The card says nothing of a change of the profile (X1), until there is one.
    let changed = "提交之后您修改过";
    let exams = me.get("/exams").await.body;
    assert!(!exams.contains(changed) && !packed_in(&exams).contains(changed), "{exams}");
    let profile = me.candidate.profile().await.unwrap();
    let moved = forms::profile::ContactDraft { mobile: "13900139000".into(), ..profile.contact.draft };
    me.candidate.save_contact(moved, profile.contact.version, true).await.unwrap();
    let exams = me.get("/exams").await.body;
    assert!(exams.contains(changed) || packed_in(&exams).contains(changed), "{exams}");
}
