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

#[tokio::test]
async fn an_entry_is_shown_as_it_is_understood_and_warns_of_its_number_without_script() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let pairs = [
        ("version", "0"),
        ("level", "bachelor"),
        ("school", "浙江大学"),
        ("school_region", ""),
        ("major", "临床医学"),
        ("study_form", "full_time"),
        ("graduation_month", "2014/7"),
        ("diploma_number", "12345678"),
    ];
    me.post("/profile/education/new", &pairs).await;
    let text = me.get("/profile/education").await.body.replace("<!>", "");
    assert!(text.contains("<span>2014-07</span>") && text.contains("8 位序列号"), "{text}");
}

#[tokio::test]
async fn an_entry_without_education_says_in_every_list_that_no_category_takes_it() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_draft").await;
    let draft = candidate.applications().await.unwrap().remove(0);
    me.post("/profile/education/new", &[("version", "0"), ("level", "none")]).await;
    for path in ["/profile/education".to_owned(), format!("/applications/{}/education", draft.id)] {
        let page = me.get(&path).await.body;
        assert!(page.contains("无学历人员不能报考任何类别"), "{path}: {page}");
    }
}
