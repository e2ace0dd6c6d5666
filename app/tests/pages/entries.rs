//! How an entry is shown in a list of them.
use crate::common::*;

#[tokio::test]
async fn the_answers_of_an_entry_stand_beside_the_names_of_their_fields() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_draft").await;
    let draft = candidate.applications().await.unwrap().remove(0);
    for path in ["/profile/education".to_owned(), format!("/applications/{}/education", draft.id)] {
        let page = me.get(&path).await.body;
        // Comments that mark where the browser goes on are no text.
        let text = page.replace("<!>", "");
        for line in [("毕业专业", "临床医学"), ("毕业证书编号", "103351201705000123")] {
            let beside = format!("<span>{}</span> <span>{}</span>", line.0, line.1);
            assert!(text.contains(&beside), "{beside} is not in {path}: {text}");
        }
    }
}
