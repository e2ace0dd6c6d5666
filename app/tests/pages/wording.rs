//! What pages say: dates in one way, what was saved, what was not kept, what depends on script, which paper is meant.
use crate::common::*;
use axum::http::StatusCode;
use forms::{category::Category, journey::Step};

/// How often a text stands in a page.
fn count(page: &str, text: &str) -> usize {
    page.matches(text).count()
}

/// Whether a day or month is written with a 年 behind its year.
fn has_year_sign(page: &str) -> bool {
    page.match_indices('年').any(|(at, _)| {
        let digits = page[..at].chars().rev().take_while(char::is_ascii_digit).count();
        let follows = page[at..].chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        digits == 4 && follows
    })
}

#[tokio::test]
async fn dates_are_written_in_one_way_and_are_not_broken_at_their_hyphens() {
    let app = TestApp::new().await;
    let me = app.member().await;
    me.begun().await;
    for (path, dates) in [("/", 5), ("/exams", 2), ("/exams/catalogue", 2), ("/security", 3)] {
        for lang in ["zh", "en"] {
            let reader = Holder { app: &app, cookie: format!("{}; lang={lang}", me.cookie) };
            let page = reader.get(path).await.body;
            assert!(!has_year_sign(&page), "{path} {lang}");
            let text = page.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
            assert!(count(text, "<time>20") >= dates, "{path} {lang} {text}");
            // Outside of such an element no day stands in running text.
            for part in text.split("<time>").map(|part| part.split_once("</time>").map_or(part, |it| it.1)) {
                let days = part.match_indices("-0").filter(|(at, _)| {
                    part.get(at.saturating_sub(4)..*at).is_some_and(|year| year.bytes().all(|b| b.is_ascii_digit()))
                });
                assert_eq!(days.count(), 0, "{path} {lang} {part}");
            }
        }
    }
}

const CONTACT: [(&str, &str); 5] = [
    ("contact_region", "mainland"),
    ("mobile", "13800138000"),
    ("email", "zhang@example.com"),
    ("address", "北京市东城区东交民巷1号"),
    ("postcode", "100005"),
];

#[tokio::test]
async fn the_page_after_a_save_starts_at_what_was_saved_until_something_is_wrong() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let saved = me.post("/profile/contact", &[&CONTACT[..], &[("version", "0")]].concat()).await;
    assert_eq!((saved.status, saved.place()), (StatusCode::SEE_OTHER, "/profile/work?saved=contact"));
    let page = me.get(saved.place()).await.body;
    let message = page.split("id=\"done\"").nth(1).unwrap().split("</p>").next().unwrap();
    for part in ["role=\"status\"", "tabindex=\"-1\"", "autofocus", "联系方式已保存。"] {
        assert!(message.contains(part), "{part}: {message}");
    }
    assert_eq!(count(&page, " autofocus"), 1);
    let refused = me.post(saved.place(), &[("post_state", ""), ("version", "0")]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!refused.body.contains("联系方式已保存") && refused.body.contains("id=\"summary\""), "{}", refused.body);
    // A list of entries has no form: what was saved or deleted is said there alike.
    for (query, sentence) in [("saved=training", "培训经历已保存。"), ("deleted=", "已删除。")] {
        let page = me.get(&format!("/profile/training?{query}")).await.body;
        assert_eq!((count(&page, sentence), count(&page, " autofocus")), (1, 1), "{query}");
    }
}

#[tokio::test]
async fn a_refused_registration_says_that_password_and_answer_were_not_kept() {
    let app = TestApp::new().await;
    let person = app.person();
    let send = async |changes: &[(&str, &str)]| {
        let value = |name: &str, own: &str| {
            changes.iter().find(|change| change.0 == name).map_or(own.to_owned(), |change| change.1.to_owned())
        };
        let pairs: Vec<(&str, String)> = person.iter().map(|(name, own)| (*name, value(name, own))).collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let answer = app.anonymous().post("/register", &pairs).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        answer.body
    };
    let why = "为安全起见，密码和密码找回答案没有保留，请重新填写。";
    let page = send(&[("username", "1")]).await;
    assert_eq!(count(&page, why), 1);
    // In the summary and beside each of the three.
    assert_eq!(count(&page, "没有保留，请重新填写。") - 1, 6);
    assert!(!page.contains("请填写密码") && !page.contains("Yuan2026") && !page.contains("实验小学"), "{page}");
    // What is wrong with the password itself is said, and not that it was left out.
    let page = send(&[("password", "short"), ("password_again", "other")]).await;
    assert!(page.contains("密码：密码要同时有字母和数字。") && page.contains("两次输入的密码不一致"), "{page}");
    // Who did leave it out is told so.
    let page = send(&[("password", ""), ("password_again", "")]).await;
    assert!(page.contains("请填写密码。") && count(&page, why) == 1, "{page}");
    let fresh = app.anonymous().get("/register").await.body;
    assert!(!fresh.contains("没有保留"), "{fresh}");
}

#[tokio::test]
async fn the_hint_of_a_name_says_how_it_is_written_with_each_kind_of_document() {
    let app = TestApp::new().await;
    let hint = async |kind: &str| {
        let page = app.anonymous().post("/register", &[("document_type", kind)]).await.body;
        page.split("id=\"h-name\"").nth(1).unwrap().split("</p>").next().unwrap().to_owned()
    };
    for kind in ["hong_kong_id", "macao_permit", "taiwan_id"] {
        let hint = hint(kind).await;
        for part in ["繁体或简体", "Chan Tai Man", "每个词首字母大写", "证书按此姓名打印"] {
            assert!(hint.contains(part), "{kind} {part}: {hint}");
        }
    }
    assert!(hint("resident_id").await.contains("少数民族姓名") && hint("passport").await.contains("与护照一致"));
}

#[tokio::test]
async fn a_sentence_about_what_script_does_is_hidden_where_there_is_none() {
    let app = TestApp::new().await;
    let me = app.member().await;
    for (path, sentence) in [
        ("/profile/basic", "输入停顿一秒后自动保存草稿。"),
        ("/profile/work", "输入停顿一秒后自动保存草稿。"),
        ("/profile/basic", "更大的照片会先在本机压缩。"),
    ] {
        let page = me.get(path).await.body;
        assert!(page.contains(&format!("<span hidden>{sentence}")), "{path} {sentence}");
        assert_eq!(count(&page, sentence), 1, "{path}");
    }
    let home = app.anonymous().get("/").await.body;
    assert!(home.contains("保存在您的账号里") && !home.contains("自动保存"), "{home}");
}

#[tokio::test]
async fn choosing_another_category_asks_before_the_category_of_a_draft_is_changed() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = me.begun().await;
    let email = [("email", "zhang@example.com"), ("mobile", "12"), ("version", "1")];
    me.post(&format!("/applications/{id}/basic"), &email).await;
    let session = app.registry.exam_sessions().await.unwrap()[0].id.to_string();
    let draft = async || me.candidate.application(id).await.unwrap();
    let before = draft().await;
    let choose = async |code: &str, sure: &str| {
        let pairs = [("session", session.as_str()), ("category", code), ("change", sure)];
        me.post("/exams/catalogue", &pairs).await
    };
    let question = choose("120", "").await;
    assert_eq!(question.status, StatusCode::OK);
    let name = |code: &str| {
        let category = Category::parse(code).unwrap();
        before.categories.iter().find(|row| row.code == category).unwrap().name_zh.clone()
    };
    for part in [
        format!("报考类别是“{}”。要改为“{}”吗？", name("110"), name("120")),
        "已经填写的内容都保留".into(),
        format!("href=\"/applications/{id}\""),
        "name=\"change\" value=\"yes\"".into(),
    ] {
        assert!(question.body.contains(&part), "{part}: {}", question.body);
    }
    // The module, which does not know of a draft that another window began, changes nothing either.
    let call = me.call("/api/begin", serde_json::json!({ "session": session, "category": "120" })).await;
    assert_eq!(call.status, StatusCode::CONFLICT, "{}", call.body);
    assert_eq!((draft().await.row.version, draft().await.draft), (before.row.version, before.draft.clone()));
    // The same category leads into the draft, and so does the answer.
    let step = format!("/applications/{id}/{}", Step::Category.code());
    for (code, sure) in [("110", ""), ("120", "yes")] {
        let answer = choose(code, sure).await;
        assert_eq!((answer.status, answer.place()), (StatusCode::SEE_OTHER, step.as_str()));
    }
    let after = draft().await.draft;
    assert_eq!(after.chosen_category(), Some(Category::parse("120").unwrap()));
    assert_eq!((after.contact, after.basic), (before.draft.contact, before.draft.basic));
}

#[tokio::test]
async fn a_category_whose_code_is_not_final_says_so_in_words_that_ask_for_nothing() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let rows = me.candidate.application(me.begun().await).await.unwrap().categories;
    let unconfirmed = rows.iter().filter(|row| !row.confirmed).count();
    let page = me.get("/exams/catalogue").await.body;
    assert!(unconfirmed > 0 && unconfirmed < rows.len());
    assert_eq!(count(&page, "代码以报名公告为准，不影响报名"), unconfirmed);
    assert!(!page.contains("待确认") && !page.contains("mark-open"), "{page}");
}
