//! The page of questions and answers.
use crate::common::*;
use axum::http::StatusCode;

#[tokio::test]
async fn questions_are_found_by_words_and_by_step_without_script() {
    let app = TestApp::new().await;
    let page = |path: &'static str| {
        let app = &app;
        async move {
            let answer = app.anonymous().get(path).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(!answer.body.contains("type=\"module\""), "{path}");
            answer.body
        }
    };
    let questions = |body: &str| body.matches("<details").count();
    let all = page("/help").await;
    assert!(questions(&all) >= 25);
    assert!(!all.contains("<details open") && !all.contains(" open>"));
    // Several words, in any case.
    let found = page("/help?q=jpg%20%E7%85%A7%E7%89%87").await;
    assert!(questions(&found) == 1 && found.contains("id=\"photo\""), "{found}");
    let step = page("/help?step=site").await;
    assert!(questions(&step) >= 1 && step.contains("id=\"where\"") && !step.contains("id=\"photo\""));
    let none = page("/help?q=zzzz").await;
    assert!(questions(&none) == 0 && none.contains("没有找到相关的问题") && none.contains("全部问题"));
    // What was typed stays typed, and is text.
    assert!(page("/help?q=%3Cb%3E").await.contains("value=\"&lt;b&gt;\""));
}

#[tokio::test]
async fn questions_of_a_step_stand_beside_it_and_beside_the_group_of_the_profile() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_draft").await;
    let id = candidate.applications().await.unwrap().remove(0).id;
    let beside = async |path: String| {
        let page = me.get(&path).await.body;
        page.split_once("<aside").unwrap().1.split_once("</aside>").unwrap().0.to_owned()
    };
    let (work, education) =
        (beside("/profile/work".into()).await, beside(format!("/applications/{id}/education")).await);
    assert!(!work.contains("/help#photo") && !education.contains("/help#photo"), "{work} {education}");
    for path in ["/profile/basic".to_owned(), format!("/applications/{id}/basic")] {
        assert!(beside(path).await.contains("/help#photo"));
    }
    assert_eq!(beside("/profile/education/new".into()).await, education);
}
