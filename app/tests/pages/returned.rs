//! What was returned: what of it is mended, and what waits until then.
use super::manual::between;
use crate::common::*;
use forms::{
    Field,
    ids::ApplicationId,
    journey::Step,
    profile::{EducationDraft, EntryDraft},
    review::{Item, ReviewDraft, ReviewOutcome},
};
use registry::{Token, demo};

#[tokio::test]
async fn what_was_returned_is_to_be_mended_before_anything_is_printed() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let row = candidate.applications().await.unwrap().into_iter().find(|row| row.serial.is_some()).unwrap();
    let main = async || {
        let page = me.get("/exams").await.body;
        let (_, cards) = page.split_once("我的报名").unwrap();
        between(cards, "class=\"button primary\">", "<").to_owned()
    };
    assert_eq!(main().await, "打印通知单");
    return_application(&app, &logins, row.id).await;
    assert_eq!(main().await, "去修改");
}

/// The demonstration's reviewer returns the mobile number and the diploma.
async fn return_application(app: &TestApp, logins: &[demo::DemoLogin], id: ApplicationId) {
    let officer = app.registry.officer(&staff_token(app, logins).await).await.unwrap().unwrap();
    let record = officer.record(id).await.unwrap();
    let items = Item::of(record.view.snapshot.as_ref().unwrap(), record.view.exam.last_review_day());
    let of = |item: &str| {
        [("finding", "return"), ("reason", "other"), ("note", "看不清")]
            .map(|(part, value)| (format!("{part}.{item}"), value.to_owned()))
    };
    let pairs = [of("answer.mobile"), of("paper.diploma")].concat();
    let draft = ReviewDraft::from_pairs(&items, pairs);
    officer.assess(id, record.view.row.version, &draft, ReviewOutcome::Return).await.unwrap();
}

#[tokio::test]
async fn the_last_step_says_what_of_the_returned_answers_was_mended() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let id = candidate.applications().await.unwrap().into_iter().find(|row| row.serial.is_some()).unwrap().id;
    return_application(&app, &logins, id).await;
    let returned = async || {
        let page = me.get(&format!("/applications/{id}/confirm")).await.body.replace("<!>", "");
        let list = between(&page, "退回的内容</h2>", "</ul>").to_owned();
        list.split("<li>").skip(1).map(|line| (line.contains("已修改"), line.contains("尚未修改"))).collect::<Vec<_>>()
    };
    assert_eq!(returned().await, [(false, true), (false, true)]);
    // A number is told by itself; an entry keeps its id and is told by its answers.
    let view = candidate.application(id).await.unwrap();
    let basic = view.draft.pairs(Step::Basic).into_iter().map(|(field, text)| match field {
        Field::Mobile => ("mobile".to_owned(), "13900139000".to_owned()),
        _ => (field.name().to_owned(), text),
    });
    candidate.save_step(id, Step::Basic, basic.collect(), view.row.version, true).await.unwrap();
    assert_eq!(returned().await.iter().filter(|line| **line == (true, false)).count(), 1);
    let route = &view.draft.selection.educations;
    let entries = candidate.profile().await.unwrap().entries;
    let entry = entries.into_iter().find(|entry| entry.id.to_string() == *route).unwrap();
    let EntryDraft::Education(draft) = entry.draft else { panic!("it is no education") };
    let draft = EducationDraft { diploma_number: "103351202305000456".to_owned(), ..draft };
    candidate.save_entry(Some(entry.id), EntryDraft::Education(draft), entry.version, true).await.unwrap();
    assert_eq!(returned().await, [(true, false), (true, false)]);
    // They are called as where they were returned.
    let page = me.get(&format!("/applications/{id}/confirm")).await.body.replace("<!>", "");
    let list = between(&page, "退回的内容</h2>", "</ul>");
    assert!(list.contains("毕业证书原件及复印件：") && list.contains("手机号码："), "{list}");
}

/// The session of the demonstration's reviewer.
async fn staff_token(app: &TestApp, logins: &[demo::DemoLogin]) -> Token {
    let login = logins.iter().find(|login| login.username == "office_site").unwrap();
    let pairs = [("username", login.username.as_str()), ("password", login.password.as_str())];
    let cookie = app.anonymous().post("/admin/login", &pairs).await.cookie("staff").unwrap();
    token_of(&Holder { app, cookie })
}
