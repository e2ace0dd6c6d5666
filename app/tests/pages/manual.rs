//! What the manual says of a page as a whole, over HTTP as without script.
use crate::common::*;
use axum::http::StatusCode;
use forms::{Field, ids::ApplicationId, journey::Step, profile::EntryDraft, status::ApplicationStatus};
use registry::{Token, demo};

const CONTACT: [(&str, &str); 6] = [
    ("version", "0"),
    ("contact_region", "mainland"),
    ("mobile", "13800138000"),
    ("email", "zhang.wei@example.com"),
    ("address", "北京市东城区东交民巷1号"),
    ("postcode", "100005"),
];

const EDUCATED: [(&str, &str); 4] = [
    ("major", "临床医学"),
    ("study_form", "full_time"),
    ("graduation_month", "2014-07"),
    ("diploma_number", "100251201405000123"),
];

/// Adds an education entry with a month of graduation.
async fn add_education(me: &Member<'_>, level: &str, month: &str, number: &str) {
    let pairs = [
        ("version", "0"),
        ("level", level),
        ("school", "首都医科大学"),
        ("major", "临床医学"),
        ("study_form", "full_time"),
        ("graduation_month", month),
        ("diploma_number", number),
    ];
    assert_eq!(me.post("/profile/education/new", &pairs).await.place(), "/profile/education?saved=education");
}

/// Answers the first step.
async fn consent(me: &Member<'_>, id: ApplicationId) {
    let version = me.candidate.application(id).await.unwrap().row.version.to_string();
    let pairs = [("version", version.as_str()), ("category", "110"), ("consent", "yes")];
    let answer = me.post(&format!("/applications/{id}/category"), &pairs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

/// The text between the first `from` and the next `to`.
pub fn between<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map_or("", |(text, _)| text)
}

#[tokio::test]
async fn the_profile_has_six_groups_each_under_a_tab_of_its_own() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let groups = ["basic", "contact", "work", "education", "training", "certificate"];
    let names = ["基本信息", "联系方式", "工作情况", "教育经历", "培训经历", "证书情况"];
    for (group, name) in groups.iter().zip(names) {
        let page = me.get(&format!("/profile/{group}")).await.body;
        let tabs = between(&page, "class=\"tabs\"", "</nav>");
        assert_eq!(tabs.matches("<a ").count(), 6, "{tabs}");
        let here = between(tabs, &format!("href=\"/profile/{group}\""), "</a>");
        assert!(here.contains("aria-current=\"page\"") && here.contains(name), "{group}: {tabs}");
        assert_eq!(tabs.matches("aria-current").count(), 1, "{tabs}");
    }
}

#[tokio::test]
async fn what_was_registered_of_the_person_is_shown_and_no_form_changes_it() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let before = me.candidate.about().identity.clone();
    let page = me.get("/profile/basic").await.body;
    assert!(page.contains("张伟"), "{page}");
    let identity = ["name", "document_type", "document_number", "sex", "birth_date", "ethnic_group"];
    for name in identity {
        assert!(!page.contains(&format!("name=\"{name}\"")), "{name}");
    }
    let mut posted = vec![("version", "0"), ("household_province", "11")];
    posted.extend(identity.map(|name| (name, "李四")));
    assert_eq!(me.post("/profile/basic", &posted).await.status, StatusCode::SEE_OTHER);
    let after = app
        .registry
        .candidate(&Token::parse(me.cookie.trim_start_matches("session=")).unwrap())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(after.about().identity, before);
}

#[tokio::test]
async fn a_new_application_begins_with_what_the_profile_says() {
    let app = TestApp::new().await;
    let me = app.member().await;
    assert_eq!(me.post("/profile/contact", &CONTACT).await.status, StatusCode::SEE_OTHER);
    let id = me.begun().await;
    consent(&me, id).await;
    let step = me.get(&format!("/applications/{id}/basic")).await.body;
    for (name, value) in &CONTACT[2..] {
        let before = format!("name=\"{name}\"");
        let control = step.split('<').find(|tag| tag.contains(&before)).unwrap_or_default();
        assert!(control.contains(&format!("value=\"{value}\"")), "{control}");
    }
}

#[tokio::test]
async fn entries_are_added_beside_each_other_and_deleted_one_by_one() {
    let app = TestApp::new().await;
    let me = app.member().await;
    add_education(&me, "graduate", "2017-07", "100251201702000123").await;
    add_education(&me, "bachelor", "2014-07", "100251201405000123").await;
    let levels = async |me: &Member<'_>| {
        let entries = me.candidate.profile().await.unwrap().entries;
        let level = |draft: &EntryDraft| match draft {
            EntryDraft::Education(education) => education.level.clone(),
            other => panic!("{other:?}"),
        };
        entries.iter().map(|entry| (level(&entry.draft), entry.id)).collect::<Vec<_>>()
    };
    let both = levels(&me).await;
    assert_eq!(both.len(), 2);
    let (_, graduate) = both.iter().find(|(level, _)| level == "graduate").unwrap();
    let page = me.get("/profile/education").await.body;
    assert!(
        page.contains("href=\"/profile/education/new\"") && page.contains(&format!("/profile/education/{graduate}"))
    );
    // Deleting asks first.
    let version =
        me.candidate.profile().await.unwrap().entries.into_iter().find(|e| e.id == *graduate).unwrap().version;
    let path = format!("/profile/education/{graduate}");
    let delete = async |answer: &str| me.post(&path, &[("version", &version.to_string()), ("delete", answer)]).await;
    let asked = delete("ask").await.body;
    assert!(asked.contains("value=\"yes\""), "{asked}");
    assert_eq!(levels(&me).await.len(), 2);
    let done = delete("yes").await;
    assert!(me.get(done.place()).await.body.contains("已删除。"), "{}", done.place());
    let left = levels(&me).await;
    assert_eq!(left.iter().map(|(level, _)| level.as_str()).collect::<Vec<_>>(), ["bachelor"]);
}

#[tokio::test]
async fn the_way_to_a_new_application_stands_before_all_that_were_made() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let page = me.get("/exams").await.body;
    let (new, all) = (page.find("开始新的报名").unwrap(), page.find("我的报名").unwrap());
    assert!(new < all);
    for row in candidate.applications().await.unwrap() {
        assert!(page[all..].contains(&format!("/applications/{}", row.id)), "{page}");
    }
}

#[tokio::test]
async fn the_catalogue_is_filtered_by_level_and_by_discipline() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let page = async |query: &str| me.get(&format!("/exams/catalogue{query}")).await.body;
    let all = page("").await;
    let assistants = page("?level=assistant").await;
    let dental = page("?level=licensed&discipline=dental").await;
    let shown = |page: &str| page.matches("name=\"category\"").count();
    assert!(shown(&all) > shown(&assistants) && shown(&assistants) > shown(&dental) && shown(&dental) > 0);
    assert!(assistants.contains("临床执业助理医师") && !assistants.contains(">临床执业医师<"), "{assistants}");
    assert!(dental.contains("口腔执业医师") && !dental.contains("中医执业医师"), "{dental}");
    assert!(dental.contains("<option value=\"dental\" selected") && page("?level=none").await.contains("没有"));
}

#[tokio::test]
async fn each_step_has_a_hint_of_its_own_and_leads_back_and_on() {
    let app = TestApp::new().await;
    let me = app.member().await;
    me.candidate.set_photo(demo::portrait().unwrap()).await.unwrap();
    add_education(&me, "bachelor", "2014-07", "100251201405000123").await;
    let entry = me.candidate.profile().await.unwrap().entries[0].id.to_string();
    let id: ApplicationId = me.begun().await;
    let mut hints = Vec::new();
    for (step, mut pairs) in answers(&entry) {
        let page = me.get(&format!("/applications/{id}/{}", step.code())).await.body;
        hints.push(between(&page, "class=\"hint-box\">", "<a").to_owned());
        let back = step.previous().map(|step| format!("href=\"/applications/{id}/{}\"", step.code()));
        assert!(back.is_none_or(|back| page.contains(&back)), "{step:?}: {page}");
        assert!(page.contains(if step.next().is_some() { "下一步" } else { "提交报名" }), "{step:?}: {page}");
        // Of trainings only one kind is ticked (S40).
        assert!(step != Step::Education || page.contains("培训经历只需勾选住院医师规范化培训"));
        let version = me.candidate.application(id).await.unwrap().row.version.to_string();
        pairs.push(("version", &version));
        me.post(&format!("/applications/{id}/{}", step.code()), &pairs).await;
    }
    assert!(hints.iter().all(|hint| !hint.trim().is_empty()));
    let said = hints.len();
    hints.sort();
    hints.dedup();
    assert_eq!(hints.len(), said);
    // Certificate and registration are two papers (S46).
    let certificate = me.get("/profile/certificate/new").await.body;
    assert!(certificate.contains("医师资格证书") && certificate.contains("医师执业证书"), "{certificate}");
}

#[tokio::test]
async fn the_telephones_of_site_and_area_stand_where_people_are_told_to_ask() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let row = candidate.applications().await.unwrap().into_iter().find(|row| row.serial.is_some()).unwrap();
    let (areas, sites) = app.registry.areas().await.unwrap();
    let (mut areas, mut sites) = (areas.to_vec(), sites.to_vec());
    sites.retain(|site| Some(&site.code) == row.site.as_ref());
    areas.retain(|area| area.code == sites[0].area);
    sites[0].phone = "010-58151234".into();
    areas[0].phone = "010-83365678".into();
    app.registry.put_areas(areas, sites).await.unwrap();
    for path in [format!("/applications/{}", row.id), format!("/applications/{}/slip", row.id)] {
        let page = me.get(&path).await.body;
        assert!(page.contains("010-58151234"), "{path}: {page}");
    }
    let whom = me.get(&format!("/applications/{}", row.id)).await.body;
    assert!(whom.contains("010-83365678"), "{whom}");
}

#[tokio::test]
async fn every_page_says_to_browsers_without_script_that_all_can_be_done() {
    let app = TestApp::new().await;
    let me = app.member().await;
    for path in ["/", "/profile/basic", "/exams", "/exams/catalogue"] {
        let page = me.get(path).await.body;
        assert!(between(&page, "<noscript>", "</noscript>").contains("全部报名步骤仍可完成"), "{path}");
    }
}

#[tokio::test]
async fn a_draft_is_discarded_after_a_question_and_the_list_says_so() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = me.begun().await;
    let path = format!("/applications/{id}/discard");
    let asked = me.post(&path, &[]).await;
    assert!(
        asked.body.contains("不放弃，继续填写") && asked.body.contains(&format!("action=\"{path}\"")),
        "{}",
        asked.body
    );
    assert_eq!(me.candidate.application(id).await.unwrap().row.status, ApplicationStatus::Draft);
    let done = me.post(&path, &[("sure", "yes")]).await;
    assert!(me.get(done.place()).await.body.contains("草稿已放弃"));
    assert_eq!(me.candidate.application(id).await.unwrap().row.status, ApplicationStatus::Abandoned);
    // A page that was left open asks about nothing that is no more.
    assert_eq!(me.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_catalogue_says_what_a_person_has_already_and_leads_to_it() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = me.begun().await;
    let page = me.get("/exams/catalogue").await.body;
    let open = format!("href=\"/applications/{id}\"");
    assert!(page.contains("没有提交的草稿：临床执业医师") && page.contains(&open), "{page}");
    assert!(page.contains("name=\"category\""));
    // What was discarded never was an application.
    me.post(&format!("/applications/{id}/discard"), &[("sure", "yes")]).await;
    assert!(!me.get("/exams").await.body.contains(&open));
    let logins = app.load_demonstration().await;
    let (done, candidate) = app.log_in(&logins, "demo_done").await;
    let id = candidate.applications().await.unwrap()[0].id;
    let page = done.get("/exams/catalogue").await.body;
    assert!(page.contains("每人只能报一项") && page.contains(&format!("href=\"/applications/{id}\"")), "{page}");
    // The other session of these tests is open to everybody.
    let sessions = app.registry.exam_sessions().await.unwrap().len();
    assert_eq!(page.matches("name=\"category\"").count(), 33 * (sessions - 1), "{page}");
}

#[tokio::test]
async fn each_group_of_the_profile_is_named_in_the_window_and_leads_to_the_next() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let page = async |path: &str| me.get(path).await.body;
    assert!(page("/profile/contact").await.contains("<title>联系方式 · 个人信息"));
    assert!(page("/profile/education").await.contains("继续：培训经历"));
    assert!(page("/profile/training").await.contains("继续：证书情况"));
    assert!(page("/profile/certificate").await.contains("继续：考试报名"));
    let saved = me.post("/profile/contact", &CONTACT).await;
    assert!(page(saved.place()).await.contains("联系方式已保存。"), "{}", saved.place());
}

#[tokio::test]
async fn what_applying_again_copies_says_nothing_of_mistakes_before_anything_was_tried() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_done").await;
    let old = candidate.applications().await.unwrap()[0].id;
    let begun = me.post(&format!("/applications/{old}/reapply"), &[]).await;
    let last = me.get(&begun.place().replace("/category", "/confirm")).await.body;
    assert!(last.contains("提交报名") && !last.contains("有内容需要改正"), "{last}");
}

#[tokio::test]
async fn the_place_of_a_listed_school_is_that_of_the_list() {
    let app = TestApp::new().await;
    let me = app.member().await;
    // Neither blank nor another: the paper would show a school where it is not.
    for typed in ["", "46"] {
        let pairs = [("version", "0"), ("level", "bachelor"), ("school", "浙江大学"), ("school_region", typed)];
        me.post("/profile/education/new", &[pairs.as_slice(), &EDUCATED].concat()).await;
    }
    let entries = me.candidate.profile().await.unwrap().entries;
    assert_eq!(entries.len(), 2);
    assert!(entries.iter().all(|entry| entry.draft.get(Field::SchoolRegion) == "33"));
}

#[tokio::test]
async fn a_photo_that_was_chosen_and_not_uploaded_is_missed() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let pairs = [("version", "0"), ("household_province", "33"), ("photo", "me.jpg")];
    let refused = me.post("/profile/basic", &pairs).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("按“上传照片”之后再提交"), "{}", refused.body);
    // What was typed beside it is kept.
    assert_eq!(me.candidate.profile().await.unwrap().basic.draft.household_province, "33");
}

#[tokio::test]
async fn a_group_that_was_changed_and_not_submitted_again_has_no_tick() {
    let app = TestApp::new().await;
    let me = app.member().await;
    me.post("/profile/contact", &CONTACT).await;
    let tick = "role=\"img\" aria-label=";
    let page = me.get("/profile/contact").await.body;
    assert!(page.contains(tick) && !page.contains("还没有提交"), "{page}");
    let version = me.candidate.profile().await.unwrap().contact.version;
    let fields = serde_json::json!({
        "contact_region": "mainland", "mobile": "13800138000", "email": "zhang.wei@example.com", "postcode": "100005",
        "address": "北京市东城区东交民巷2号",
    });
    let draft = serde_json::json!({ "group": "contact", "version": version, "submit": false, "fields": fields });
    let saved = me.call("/api/save-group", draft).await;
    assert_eq!(saved.status, StatusCode::OK, "{}", saved.body);
    let page = me.get("/profile/contact").await.body;
    assert!(!page.contains(tick) && page.contains("这一组有修改还没有提交"), "{page}");
}

#[tokio::test]
async fn an_entry_added_beside_the_route_says_that_the_route_stays() {
    let app = TestApp::new().await;
    let logins = app.load_demonstration().await;
    let (me, candidate) = app.log_in(&logins, "demo_draft").await;
    let id = candidate.applications().await.unwrap().remove(0).id;
    let path = format!("/applications/{id}/entries/education");
    let pairs = [
        [("version", "0"), ("level", "bachelor"), ("school", "浙江大学"), ("school_region", "")].as_slice(),
        &EDUCATED,
    ]
    .concat();
    let first = me.post(&path, &pairs).await;
    assert_eq!(
        first.place(),
        format!("/applications/{id}/education?saved=education#told"),
        "the first one is the route"
    );
    let page = me.get(&path).await.body;
    let token = between(&page, "name=\"page\" value=\"", "\"").to_owned();
    let second = me.post(&path, &[pairs.as_slice(), &[("page", token.as_str())]].concat()).await;
    assert_eq!(second.place(), format!("/applications/{id}/education?added=education#told"), "{}", second.body);
    let page = me.get(second.place()).await.body;
    assert!(page.contains("要用新添加的学历报考，请选中它"), "{page}");
}
