//! The papers of an application and the check before submitting, which are drawn from one description of the answers.
use crate::common::*;
use axum::http::StatusCode;
use forms::{
    category::Category,
    ids::ApplicationId,
    journey::Step,
    profile::{CertificateDraft, EducationDraft, EntryDraft, EntryKind, TrainingDraft},
    review::Role,
};
use registry::{Site, demo};

fn education(level: &str, graduation: &str) -> EducationDraft {
    EducationDraft {
        level: level.into(),
        school: "首都医科大学".into(),
        school_region: "11".into(),
        major: "临床医学".into(),
        study_form: "full_time".into(),
        graduation_month: graduation.into(),
        diploma_number: format!("100252{}000123", graduation.replace('-', "")),
        ..Default::default()
    }
}
fn training(kind: &str, start: &str) -> EntryDraft {
    EntryDraft::Training(TrainingDraft {
        training_kind: kind.into(),
        institution: "北京医院".into(),
        start_month: start.into(),
        end_month: "2023-08".into(),
        training_number: "ZP-2023-0001".into(),
        ..Default::default()
    })
}
fn certificate(kind: &str) -> EntryDraft {
    EntryDraft::Certificate(CertificateDraft {
        certificate_kind: kind.into(),
        issue_month: "2017-12".into(),
        certificate_number: "201711210110101199003070".into(),
        registration_month: "2018-03".into(),
        registration_number: "210110101000123".into(),
    })
}
/// Three educations, of which the first is the route, two trainings and two certificates.
fn fullest() -> Vec<EntryDraft> {
    let master = EducationDraft { degree: "professional".into(), ..education("graduate", "2020-06") };
    let abroad = EducationDraft {
        school: "University of Oxford".into(),
        school_region: "99".into(),
        school_country: "GB".into(),
        admission_month: "2008-09".into(),
        diploma_lost: "yes".into(),
        ..education("bachelor", "2013-07")
    };
    let educations = [master, abroad, education("college", "2008-07")].map(EntryDraft::Education);
    let others = [
        training("residency", "2020-09"),
        training("continuing", "2022-01"),
        certificate("assistant"),
        certificate("assistant_township"),
    ];
    educations.into_iter().chain(others).collect()
}
/// Every optional answer of the forms.
const ANSWERS: [(Step, &str, &str); 14] = [
    (Step::Category, "category", "110"),
    (Step::Basic, "temporary_card", "yes"),
    (Step::Basic, "document_until", "2027-01-01"),
    (Step::Basic, "military_identity", "3"),
    (Step::Basic, "home_phone", "０１０－６５１２３４５６"),
    (Step::Basic, "work_phone", "010-85132266-123"),
    (Step::Basic, "address", "北京市东城区东交民巷１号"),
    (Step::Work, "employer_not_medical", "yes"),
    (Step::Work, "probation_start", "2020-07"),
    (Step::Work, "post", "住院医师（１组）"),
    (Step::Work, "title", "physician"),
    (Step::Work, "title_month", "2021-12"),
    (Step::Site, "attempts", ""),
    (Step::Confirm, "extra_subject", "none"),
];

/// A draft with a photo and these entries, whose steps but the last are answered, some as `changes` say.
async fn answered(me: &Member<'_>, entries: Vec<EntryDraft>, changes: &[(Step, &str, &str)]) -> ApplicationId {
    me.candidate.set_photo(demo::portrait().unwrap()).await.unwrap();
    let mut ids: Vec<(EntryKind, String)> = Vec::new();
    for draft in entries {
        let kind = draft.kind();
        // Entries are shown in the order in which they were written.
        me.app.later(1);
        ids.push((kind, me.candidate.save_entry(None, draft, 0, true).await.unwrap().0.to_string()));
    }
    let of = |kind: EntryKind| ids.iter().filter(move |(own, _)| *own == kind).map(|(_, id)| id.as_str());
    let category = changes.iter().find(|(_, name, _)| *name == "category").map_or("110", |(.., code)| *code);
    let session = me.app.registry.exam_sessions().await.unwrap()[0].id;
    let id = me.candidate.begin_application(session, Category::parse(category).unwrap()).await.unwrap();
    for (step, mut pairs) in answers(of(EntryKind::Education).next().unwrap()) {
        if step == Step::Confirm {
            break;
        }
        for (_, name, value) in changes.iter().filter(|change| change.0 == step) {
            pairs.retain(|pair| pair.0 != *name);
            pairs.push((name, value));
        }
        match step {
            Step::Education => pairs.extend(of(EntryKind::Training).map(|id| ("trainings", id))),
            Step::Certificate => pairs.extend(of(EntryKind::Certificate).map(|id| ("certificates", id))),
            _ => {}
        }
        let version = me.candidate.application(id).await.unwrap().row.version.to_string();
        pairs.push(("version", &version));
        let answer = me.post(&format!("/applications/{id}/{}", step.code()), &pairs).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step:?} {}", answer.body);
    }
    id
}
async fn submitted(me: &Member<'_>, id: ApplicationId, extra: &str) {
    let version = me.candidate.application(id).await.unwrap().row.version.to_string();
    let pairs = [("extra_subject", extra), ("declaration", "yes"), ("version", version.as_str())];
    let answer = me.post(&format!("/applications/{id}/confirm"), &pairs).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

/// The texts of all elements of a name, in order, without the tags within.
fn texts(html: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    for part in html.split(&open).skip(1) {
        // Another element may begin with the same letters.
        if !part.starts_with([' ', '>']) {
            continue;
        }
        let inner = part.split_once('>').and_then(|(_, rest)| rest.split_once(&close)).map(|(inner, _)| inner);
        let plain = inner.unwrap().split('<').map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text));
        found.push(plain.collect::<String>());
    }
    found
}
/// Labels and values of the tables of a paper.
fn printed(paper: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for table in paper.split("<table").skip(1).map(|table| table.split("</table>").next().unwrap()) {
        let (head, body) = table.split_once("<tbody").unwrap();
        let columns = texts(head, "th");
        for row in body.split("<tr").skip(1) {
            let (labels, values) = (texts(row, "th"), texts(row, "td"));
            if columns.is_empty() {
                assert_eq!(labels.len(), values.len(), "{row}");
                pairs.extend(labels.into_iter().zip(values));
            } else {
                assert_eq!(columns.len(), 1 + values.len(), "{row}");
                pairs.extend(columns.iter().cloned().zip(labels.into_iter().chain(values)));
            }
        }
    }
    pairs
}
/// Labels and values of the facts of a page.
fn facts(page: &str) -> Vec<(String, String)> {
    texts(page, "dt").into_iter().zip(texts(page, "dd")).collect()
}

#[tokio::test]
async fn the_check_before_submitting_shows_every_answer_of_the_printed_form() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = answered(&me, fullest(), &ANSWERS).await;
    let check = me.get(&format!("/applications/{id}/confirm")).await.body;
    submitted(&me, id, "none").await;
    let form = me.get(&format!("/applications/{id}/form")).await.body;
    let shown = facts(&check);
    let printed = printed(&form);
    assert!(printed.len() > 60, "{printed:?}");
    for (label, value) in printed {
        match label.as_str() {
            // It is answered on this step, in its control.
            "加试科目" => assert!(check.contains("name=\"extra_subject\"") && check.contains(&value), "{value}"),
            // Of an entry, what is blank is left out.
            _ if value == "—" => {}
            _ => assert!(shown.contains(&(label.clone(), value.clone())), "{label}: {value} is not in {shown:?}"),
        }
    }
    let photo = format!("/photos/{}", me.candidate.application(id).await.unwrap().photo.unwrap());
    assert!(check.contains(&photo) && form.contains(&photo));
}

#[tokio::test]
async fn the_check_before_submitting_shows_answers_as_they_will_be_stored() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = answered(&me, fullest(), &ANSWERS).await;
    let check = me.get(&format!("/applications/{id}/confirm")).await.body;
    let shown = facts(&check);
    for (label, value) in [
        ("累计报考次数", "1"),
        ("家庭电话", "010-65123456"),
        ("职务", "住院医师(1组)"),
        ("联系地址", "北京市东城区东交民巷1号"),
    ] {
        assert!(shown.contains(&(label.into(), value.into())), "{label}: {shown:?}");
    }
}

#[tokio::test]
async fn the_check_before_submitting_leads_from_each_group_to_its_step() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = answered(&me, vec![EntryDraft::Education(education("bachelor", "2014-07"))], &[]).await;
    let check = me.get(&format!("/applications/{id}/confirm")).await.body;
    for (title, step) in [
        ("报考类别", "category"),
        ("基本情况", "basic"),
        ("联系方式", "basic"),
        ("工作情况", "work"),
        ("教育经历", "education"),
        ("培训经历", "education"),
        ("证书情况", "certificate"),
        ("考区考点", "site"),
    ] {
        let link = format!("<a href=\"/applications/{id}/{step}?from=confirm\" aria-label=\"修改：{title}\"");
        assert!(check.contains(&link), "{title}: {check}");
    }
    // What was left blank is said, and what this person is not asked is not.
    let shown = facts(&check);
    assert!(check.contains("特别是报考类别、考区和考点") && check.contains("提交后不能直接修改"), "{check}");
    assert!(shown.contains(&("家庭电话".into(), "—".into())), "{shown:?}");
    assert!(!shown.iter().any(|(label, _)| label == "往来大陆通行证号码" || label == "职称获得年月"));
    assert_eq!(check.matches("未选择。").count(), 2);
}

#[tokio::test]
async fn papers_have_a_row_for_each_education() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = answered(&me, fullest(), &ANSWERS).await;
    submitted(&me, id, "none").await;
    for paper in ["form", "slip"] {
        let sheet = me.get(&format!("/applications/{id}/{paper}")).await.body;
        let table = sheet.split("<caption>教育经历").nth(1).unwrap().split("</table>").next().unwrap();
        let rows: Vec<Vec<String>> =
            table.split("<tbody").nth(1).unwrap().split("<tr").skip(1).map(|row| texts(row, "td")).collect();
        let levels: Vec<&str> = rows.iter().map(|row| row[0].as_str()).collect();
        assert_eq!(levels, ["研究生（专业学位）", "本科", "专科（高职）"], "{paper}");
        assert_eq!(rows[1][1], "University of Oxford（境外，英国）", "{paper}");
        assert_eq!(texts(table.split("<tbody").nth(1).unwrap(), "th"), ["报考学历", "其他学历", "其他学历"], "{paper}");
    }
}

/// Where the site 1101 is and how it is reached.
const PLACE: [(&str, &str); 4] = [
    ("考点地址", "东城区东交民巷10号"),
    ("考点电话", "010-00000000"),
    ("接待时间", "工作日 9:00–17:00"),
    ("地图", "https://map.example/17"),
];
async fn tell_place(app: &TestApp) {
    let (_, sites) = app.registry.areas().await.unwrap();
    let [address, phone, hours, map] = PLACE.map(|(_, text)| text.to_owned());
    let site = sites.iter().find(|site| site.code == "1101").unwrap().clone();
    app.registry.put_areas(Vec::new(), vec![Site { address, phone, hours, map, ..site }]).await.unwrap();
}

#[tokio::test]
async fn site_and_last_step_say_where_the_site_is_and_how_it_is_reached() {
    let app = TestApp::new().await;
    let me = app.member().await;
    tell_place(&app).await;
    let id = answered(&me, vec![EntryDraft::Education(education("bachelor", "2014-07"))], &[]).await;
    for step in ["site", "confirm"] {
        let page = me.get(&format!("/applications/{id}/{step}")).await.body.replace("<!>", "");
        for (label, text) in PLACE {
            // A map is opened by a press.
            let shown = match label {
                "地图" => format!("<dt>{label}</dt><dd><a href=\"{text}\""),
                _ => format!("<dt>{label}</dt><dd>{text}</dd>"),
            };
            assert!(page.contains(&shown), "{step}: {label}");
        }
    }
}

#[tokio::test]
async fn the_notice_says_where_to_go_and_has_a_box_for_each_paper() {
    let app = TestApp::new().await;
    let me = app.member().await;
    tell_place(&app).await;
    let id = answered(&me, vec![EntryDraft::Education(education("bachelor", "2014-07"))], &[]).await;
    submitted(&me, id, "none").await;
    let notice = me.get(&format!("/applications/{id}/slip")).await.body;
    let lines = printed(&notice);
    for line in PLACE {
        assert!(lines.contains(&(line.0.into(), line.1.into())), "{line:?} {lines:?}");
    }
    let list = notice.split("<ol class=\"to-bring\">").nth(1).unwrap().split("</ol>").next().unwrap();
    let papers = list.matches("<li>").count();
    assert!(papers > 3 && list.matches("class=\"tick-box\"").count() == papers, "{list}");
}

#[tokio::test]
async fn somebody_with_several_diplomas_is_told_which_one_a_paper_means() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = answered(&me, fullest(), &ANSWERS).await;
    submitted(&me, id, "none").await;
    for path in [format!("/applications/{id}"), format!("/applications/{id}/slip")] {
        let page = me.get(&path).await.body;
        for paper in [
            "毕业证书原件及复印件（研究生 · 首都医科大学、专科（高职） · 首都医科大学）",
            "毕业学校出具的有关证明（毕业证书遗失的）（本科 · University of Oxford）",
        ] {
            assert!(page.contains(paper), "{path} {paper}: {page}");
        }
    }
    let other = app.member().await;
    let id = answered(&other, vec![EntryDraft::Education(education("bachelor", "2014-07"))], &[]).await;
    submitted(&other, id, "none").await;
    let notice = other.get(&format!("/applications/{id}/slip")).await.body;
    assert!(notice.contains("毕业证书原件及复印件") && !notice.contains("毕业证书原件及复印件（"), "{notice}");
}

#[tokio::test]
async fn the_code_of_a_paper_says_which_paper_it_is_on() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = answered(&me, vec![EntryDraft::Education(education("bachelor", "2014-07"))], &[]).await;
    submitted(&me, id, "none").await;
    for (path, paper) in
        [("slip", "《医师资格考试网上报名成功通知单》"), ("form", "《医师资格考试报名暨授予医师资格申请表》")]
    {
        let sheet = me.get(&format!("/applications/{id}/{path}")).await.body;
        let proof = sheet.split("class=\"proof\"").nth(1).unwrap();
        let code = proof.split("class=\"serial\">").nth(1).unwrap().split('<').next().unwrap();
        let page = app.anonymous().get(&format!("/verify/{}", code.replace(' ', ""))).await.body;
        let sentence = format!("这是最新版本：{paper}第 1 版，没有更新的。");
        assert!(page.contains(&sentence) && page.contains(&format!("{paper}（第 1 版）")), "{path} {code}: {page}");
    }
}

#[tokio::test]
async fn an_office_prints_the_form_that_the_candidate_prints() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = answered(&me, fullest(), &ANSWERS).await;
    submitted(&me, id, "none").await;
    app.registry.add_staff("site", "site", Role::SiteReviewer, "1101", "Schreibtisch9").await.unwrap();
    let login = app.anonymous().post("/admin/login", &[("username", "site"), ("password", "Schreibtisch9")]).await;
    let office = Holder { app: &app, cookie: format!("{}; lang=en", login.cookie("staff").unwrap()) };
    let form = office.get(&format!("/admin/review/{id}/form")).await;
    assert_eq!(form.status, StatusCode::OK);
    let own = me.get(&format!("/applications/{id}/form")).await.body;
    assert_eq!(printed(&form.body), printed(&own));
    for part in ["医师资格考试报名暨授予医师资格申请表", "考生签字：", "考点审核（盖章）：", "考区审核（盖章）："]
    {
        assert!(form.body.contains(part), "{part}");
    }
}

#[tokio::test]
async fn papers_of_an_apprentice_have_no_empty_box() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let master = EducationDraft { level: "apprenticeship".into(), ..Default::default() };
    let id = answered(&me, vec![EntryDraft::Education(master)], &[(Step::Category, "category", "440")]).await;
    submitted(&me, id, "none").await;
    for paper in ["form", "slip"] {
        let sheet = me.get(&format!("/applications/{id}/{paper}")).await.body;
        let lines = printed(&sheet);
        assert!(lines.contains(&("学历".into(), "传统医学师承或确有专长人员".into())), "{lines:?}");
        assert!(lines.iter().all(|(_, value)| !value.is_empty() && value != "—"), "{paper}: {lines:?}");
        assert!(!lines.iter().any(|(label, _)| label == "毕业学校" || label == "毕业证书编号"), "{lines:?}");
    }
}
