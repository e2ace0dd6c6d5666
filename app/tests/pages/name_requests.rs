//! Names that the lists lack, over HTTP: missed in a form, asked for with a file, answered by an office, completed where they were missed.
use crate::common::*;
use app::http::multipart::UPLOAD_LIMIT;
use axum::http::{Method, StatusCode};
use forms::{journey::Step, name_requests::EVIDENCE_BYTES, review::Role};
use registry::{DictionaryKind, PageOwner, RequestState};

/// Somebody of the staff.
async fn office<'a>(app: &'a TestApp, name: &str, role: Role, scope: &str) -> Holder<'a> {
    app.registry.add_staff(name, name, role, scope, "Schreibtisch9").await.unwrap();
    let login = app.anonymous().post("/admin/login", &[("username", name), ("password", "Schreibtisch9")]).await;
    Holder { app, cookie: login.cookie("staff").unwrap() }
}

/// Posts the form of a request as a browser does, with a file or without.
async fn ask(who: &Member<'_>, pairs: &[(&str, &str)], file: Option<(&str, &str)>) -> Answer {
    let part = |head: String, body: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let mut body: String = pairs.iter().map(|(name, value)| part(format!("name=\"{name}\""), value)).collect();
    body += &part("name=\"page\"".into(), &who.page().await);
    let (name, content) = file.unwrap_or_default();
    body += &part(format!("name=\"evidence\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream"), content);
    body += "--b--\r\n";
    who.send(Method::POST, "/names", Some("multipart/form-data; boundary=b"), body, &[]).await
}

const PDF: &str = "%PDF-1.7\nlicence of 京北第一医院\n%%EOF\n";
const HOSPITAL: [(&str, &str); 3] =
    [("name_kind", "employer"), ("missing_name", "京北第一人民医院"), ("missing_region", "11")];

/// Misses the name of a hospital in the group of work.
async fn miss(me: &Member<'_>) -> Answer {
    let work = [
        ("version", "0"),
        ("post_state", "probation"),
        ("employer_province", "11"),
        ("employer", "京北第一人民医院"),
        ("missing", "employer"),
    ];
    me.post("/profile/work", &work).await
}

/// Asks for the hospital with a file, as the page that [`miss`] leads to does.
async fn ask_for_hospital(me: &Member<'_>) -> Answer {
    miss(me).await;
    let pairs: Vec<_> = HOSPITAL.into_iter().chain([("field", "employer"), ("looked", "京北第一人民医院")]).collect();
    ask(me, &pairs, Some(("licence.pdf", PDF))).await
}

async fn request_of(me: &Member<'_>) -> String {
    me.candidate.name_requests().await.unwrap()[0].id.to_string()
}

#[tokio::test]
async fn a_name_is_missed_in_a_form_asked_for_and_completed_there() {
    let app = TestApp::new().await;
    let me = app.member().await;
    // The button of the field posts the whole form: what is typed is kept, and the way leads to where the name can be asked for.
    let missed = miss(&me).await;
    assert_eq!((missed.status, missed.place()), (StatusCode::SEE_OTHER, "/names?field=employer"));
    let page = me.get(missed.place()).await;
    assert!(page.body.contains("value=\"京北第一人民医院\"") && page.body.contains("value=\"11\" selected"));
    assert!(!missed.place().contains('京'), "a name stands in an address");
    let asked = ask_for_hospital(&me).await;
    assert_eq!((asked.status, asked.place()), (StatusCode::SEE_OTHER, "/names?field=employer&done=asked"));
    let page = me.get(asked.place()).await;
    assert!(page.body.contains("href=\"/profile/work\"") && page.body.contains("等待答复"));
    // It is said where it was missed and on the front page.
    for path in ["/profile/work", "/"] {
        assert!(me.get(path).await.body.contains("申请添加这个名称"), "{path}");
    }
    let area = office(&app, "area_here", Role::AreaOfficer, "11").await;
    let target = app.dictionary.exact(DictionaryKind::Employer, "北京医院").unwrap().id.to_string();
    let request = request_of(&me).await;
    let merge = [("request", request.as_str()), ("name_answer", "merge"), ("merge_into", &target)];
    let merged = area.post("/admin/dictionary", &merge).await;
    assert_eq!((merged.status, merged.place()), (StatusCode::SEE_OTHER, "/admin/dictionary?done=merge&n=1"));
    let page = me.get("/profile/work").await;
    assert!(page.body.contains("value=\"北京医院\"") && page.body.contains("用到它的草稿已自动改用"), "{}", page.body);
    assert!(me.get("/").await.body.contains("已并入"));
}

#[tokio::test]
async fn a_request_and_its_file_are_seen_by_the_office_of_its_region_only() {
    let app = TestApp::new().await;
    let me = app.member().await;
    ask_for_hospital(&me).await;
    let area = office(&app, "area_here", Role::AreaOfficer, "11").await;
    let elsewhere = office(&app, "area_else", Role::AreaOfficer, "33").await;
    let queue = area.get("/admin/dictionary").await;
    assert!(queue.body.contains("京北第一人民医院") && queue.body.contains("1 人申请，1 份草稿在等"), "{}", queue.body);
    assert!(!elsewhere.get("/admin/dictionary").await.body.contains("京北第一人民医院"));
    let request = request_of(&me).await;
    let file = format!("/admin/dictionary/{request}/evidence");
    let shown = area.get(&file).await;
    assert_eq!((shown.body.as_str(), shown.header("content-type")), (PDF, "application/pdf"));
    assert!(shown.header("content-disposition").starts_with("attachment"));
    assert!(shown.header("cache-control").contains("no-store"));
    assert_eq!(elsewhere.get(&file).await.status, StatusCode::NOT_FOUND);
    let approve = [("request", request.as_str()), ("name_answer", "approve")];
    assert_eq!(elsewhere.post("/admin/dictionary", &approve).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn an_answer_that_lacks_something_comes_back_and_one_that_is_late_changes_nothing() {
    let app = TestApp::new().await;
    let me = app.member().await;
    ask_for_hospital(&me).await;
    let area = office(&app, "area_here", Role::AreaOfficer, "11").await;
    let request = request_of(&me).await;
    let answer = |answer: &'static str| vec![("request", request.as_str()), ("name_answer", answer)];
    // A refusal needs a reason, which comes back as it was typed where it is too long.
    let without = area.post("/admin/dictionary", &answer("refuse")).await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.body.contains(&format!("#f-refusal_reason-{request}")));
    assert!(without.body.contains("请填写不添加的理由"));
    let long = "长".repeat(201);
    let mut pairs = answer("refuse");
    pairs.push(("refusal_reason", &long));
    assert!(area.post("/admin/dictionary", &pairs).await.body.contains(&long));
    for pairs in [answer("merge"), vec![("name_answer", "approve")]] {
        assert_eq!(area.post("/admin/dictionary", &pairs).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let done = area.post("/admin/dictionary", &answer("approve")).await;
    assert!(area.get(done.place()).await.body.contains("没有等待答复的名称"));
    // Whoever answers after that is told, and nothing changes.
    let late = area.post("/admin/dictionary", &answer("approve")).await;
    assert!(late.status == StatusCode::UNPROCESSABLE_ENTITY && late.body.contains("刚刚有人答复过"));
}

#[tokio::test]
async fn what_may_be_meant_is_chosen_into_the_form_that_it_was_missed_in() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = me.begun().await;
    let step = format!("/applications/{id}/work");
    let version = me.candidate.application(id).await.unwrap().row.version.to_string();
    let typed =
        [("version", version.as_str()), ("employer", "协和医院"), ("employer_province", "11"), ("missing", "employer")];
    let missed = me.post(&step, &typed).await;
    assert_eq!(missed.place(), format!("/names?field=employer&application={id}"));
    let page = me.get(missed.place()).await;
    assert!(page.body.contains("是不是这些") && page.body.contains("北京协和医院"), "{}", page.body);
    let hit = app.dictionary.exact(DictionaryKind::Employer, "北京协和医院").unwrap().id.to_string();
    let application = id.to_string();
    let chosen = me.post("/names", &[("field", "employer"), ("application", &application), ("use", &hit)]).await;
    assert_eq!((chosen.status, chosen.place()), (StatusCode::SEE_OTHER, format!("{step}#f-employer").as_str()));
    let work = me.candidate.application(id).await.unwrap().draft.work;
    assert_eq!(
        (work.employer.as_str(), work.employer_id, work.employer_province.as_str()),
        ("北京协和医院", hit.clone(), "11")
    );
    // A school is no employer, and what is another's is not there.
    let school = app.dictionary.exact(DictionaryKind::School, "北京大学").unwrap().id.to_string();
    let wrong = me.post("/names", &[("field", "employer"), ("application", &application), ("use", &school)]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    let other = app.member().await;
    let theirs = other.post("/names", &[("field", "employer"), ("application", &application), ("use", &hit)]).await;
    assert_eq!(theirs.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get(missed.place()).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_may_be_meant_comes_before_a_request() {
    let app = TestApp::new().await;
    let me = app.member().await;
    // A name that was not looked at yet comes back with what may be meant; sent again, it is asked for.
    let pairs = [("name_kind", "employer"), ("missing_name", "协和医院"), ("missing_region", "11")];
    let first = ask(&me, &pairs, Some(("a.pdf", PDF))).await;
    assert!(first.status == StatusCode::OK && first.body.contains("是不是这些"));
    assert!(me.candidate.name_requests().await.unwrap().is_empty());
    let again: Vec<_> = pairs.into_iter().chain([("looked", "协和医院")]).collect();
    assert_eq!(ask(&me, &again, None).await.status, StatusCode::SEE_OTHER);
    assert_eq!(ask(&me, &again, None).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_request_is_withdrawn_by_whoever_made_it() {
    let app = TestApp::new().await;
    let (me, other) = (app.member().await, app.member().await);
    ask_for_hospital(&me).await;
    let request = request_of(&me).await;
    assert_eq!(other.post("/names", &[("withdraw", &request)]).await.status, StatusCode::NOT_FOUND);
    let withdrawn = me.post("/names", &[("withdraw", &request)]).await;
    assert_eq!(withdrawn.place(), "/names?done=withdrawn");
    assert_eq!(me.candidate.name_requests().await.unwrap()[0].state, RequestState::Withdrawn);
    assert!(!me.get("/").await.body.contains("我的名称申请"));
}

/// The file that a page says it keeps.
fn kept_in(page: &str) -> Option<String> {
    Some(page.split("name=\"kept_file\" value=\"").nth(1)?.split('"').next()?.to_owned())
}

#[tokio::test]
async fn the_file_of_a_request_is_kept_while_what_may_be_meant_is_looked_at() {
    let app = TestApp::new().await;
    let (me, other) = (app.member().await, app.member().await);
    let area = office(&app, "area_here", Role::AreaOfficer, "11").await;
    let pairs = [("name_kind", "employer"), ("missing_name", "协和医院"), ("missing_region", "11")];
    let first = ask(&me, &pairs, Some(("a.pdf", PDF))).await.body;
    assert!(first.contains("您选的文件已为您保留 15 分钟") && !first.contains("请再选一次文件"), "{first}");
    let file = kept_in(&first).unwrap();
    let again: Vec<_> = pairs.into_iter().chain([("looked", "协和医院"), ("kept_file", file.as_str())]).collect();
    // Nobody else's request takes it.
    let theirs = ask(&other, &again, None).await;
    assert_eq!(theirs.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(theirs.body.contains("文件的保留时间已过") && theirs.body.contains("href=\"#f-evidence\""));
    assert!(kept_in(&theirs.body).is_none() && other.candidate.name_requests().await.unwrap().is_empty());
    // It stays while something else is to be mended, and goes with the request.
    let blank: Vec<_> =
        again.iter().map(|(name, value)| (*name, if *name == "missing_region" { "" } else { value })).collect();
    let refused = ask(&me, &blank, None).await;
    assert_eq!((refused.status, kept_in(&refused.body)), (StatusCode::UNPROCESSABLE_ENTITY, Some(file.clone())));
    assert_eq!(ask(&me, &again, None).await.status, StatusCode::SEE_OTHER);
    let request = me.candidate.name_requests().await.unwrap()[0].id;
    assert_eq!(area.get(&format!("/admin/dictionary/{request}/evidence")).await.body, PDF);
    // Another file takes the place of the one that is kept; one that is no good takes it away.
    let pairs = [("name_kind", "employer"), ("missing_name", "京北第一人民医院"), ("missing_region", "")];
    let page = ask(&me, &pairs, Some(("a.pdf", PDF))).await.body;
    let file = kept_in(&page).unwrap();
    let again: Vec<_> = pairs.into_iter().chain([("kept_file", file.as_str())]).collect();
    let replaced = ask(&me, &again, Some(("b.pdf", "%PDF-1.7\nanother\n%%EOF\n"))).await.body;
    assert!(kept_in(&replaced).is_some_and(|other| other != file));
    let wrong = ask(&me, &again, Some(("c.txt", "text"))).await;
    assert!(kept_in(&wrong.body).is_none() && wrong.body.contains("请再选一次文件"), "{}", wrong.body);
    // After a while it has to be chosen again, or the request goes without it.
    let file = kept_in(&replaced).unwrap();
    app.later(901);
    let late: Vec<_> = HOSPITAL.into_iter().chain([("kept_file", file.as_str())]).collect();
    assert!(ask(&me, &late, None).await.body.contains("请再选一次文件"));
    let looked = ("looked", "京北第一人民医院");
    let late: Vec<_> = late.into_iter().chain([looked]).collect();
    assert!(ask(&me, &late, None).await.body.contains("文件的保留时间已过"));
    let without: Vec<_> = HOSPITAL.into_iter().chain([looked]).collect();
    assert_eq!(ask(&me, &without, None).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_entry_written_for_an_application_finds_its_way_back() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = me.begun().await;
    let typed = [
        ("version", "0"),
        ("level", "bachelor"),
        ("school", "京北医学院"),
        ("major", "临床医学"),
        ("missing", "school"),
    ];
    let missed = me.post(&format!("/applications/{id}/entries/education"), &typed).await;
    let entry = me.candidate.profile().await.unwrap().entries[0].id;
    assert_eq!(missed.place(), format!("/names?field=school&kind=education&entry={entry}&application={id}"));
    let back = format!("/applications/{id}/entries/education/{entry}");
    let page = me.get(missed.place()).await;
    assert!(page.body.contains(&format!("href=\"{back}\"")) && page.body.contains("value=\"school\" selected"));
    // The form that is gone back to goes on to the application, and ticks the entry there.
    assert!(me.get(&back).await.body.contains(&format!("action=\"{back}\"")));
    let whole = [
        ("version", "1"),
        ("level", "bachelor"),
        ("school", "京北医学院"),
        ("school_region", "11"),
        ("major", "临床医学"),
        ("study_form", "full_time"),
        ("graduation_month", "2014-07"),
        ("diploma_number", "100251201405000123"),
    ];
    let saved = me.post(&back, &whole).await;
    assert_eq!(
        saved.place(),
        format!("/applications/{id}/{}?saved=education#told", Step::Education.code()),
        "{}",
        saved.body
    );
    assert_eq!(me.candidate.application(id).await.unwrap().draft.selection.educations, entry.to_string());
}

#[tokio::test]
async fn files_are_checked_by_what_they_hold() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let pairs: Vec<_> = HOSPITAL.into_iter().chain([("looked", "京北第一人民医院")]).collect();
    let large = format!("%PDF-1.7\n{}\n%%EOF", "x".repeat(EVIDENCE_BYTES));
    for (content, sentence) in [
        ("<html><script>alert(1)</script>", "请选择 jpg、png 图片或 PDF 文件"),
        ("%PDF-1.7\nbroken off", "文件损坏或不完整"),
        (large.as_str(), "缩小到 1 MB 以内"),
    ] {
        let refused = ask(&me, &pairs, Some(("licence.pdf", content))).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        // What was typed stands there still.
        assert!(refused.body.contains(sentence) && refused.body.contains("value=\"京北第一人民医院\""), "{sentence}");
    }
    assert!(large.len() < UPLOAD_LIMIT && me.candidate.name_requests().await.unwrap().is_empty());
    let empty = ask(&me, &[], None).await;
    assert!(empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.body.contains("#f-name_kind"));
    let broken =
        me.send(Method::POST, "/names", Some("multipart/form-data; boundary=b"), "--b\r\nContent".into(), &[]).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    // Six at a time are one too many, and the page says so.
    for n in 0..6 {
        let name = format!("湘江第{n}医学院");
        let pairs = [("name_kind", "school"), ("missing_name", &name), ("missing_region", "43"), ("looked", &name)];
        let asked = ask(&me, &pairs, None).await;
        assert_eq!(asked.status == StatusCode::SEE_OTHER, n < 5, "{}", asked.body);
        assert_eq!(asked.body.contains("您有五项申请还没有答复"), n == 5);
    }
    // A major is nowhere, and the centre answers for it; a batch is answered at once.
    let centre = office(&app, "centre_here", Role::Centre, "").await;
    let ids: Vec<String> =
        me.candidate.name_requests().await.unwrap().iter().map(|request| request.id.to_string()).collect();
    let mut all: Vec<(&str, &str)> = ids.iter().map(|id| ("request", id.as_str())).collect();
    all.extend([("batch", "yes"), ("name_answer", "refuse"), ("refusal_reason", " ")]);
    let refused = centre.post("/admin/dictionary", &all).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains("href=\"#f-refusal_reason\""));
    assert_eq!(refused.body.matches("form=\"batch\" checked").count(), 5, "{}", refused.body);
    all.pop();
    all.push(("refusal_reason", "查无此校"));
    assert_eq!(centre.post("/admin/dictionary", &all).await.place(), "/admin/dictionary?done=refuse&n=5");
    assert!(me.get("/names").await.body.contains("您申请的名称没有添加：查无此校"));
}

#[tokio::test]
async fn a_request_typed_after_the_session_ended_is_there_after_the_log_in() {
    let app = TestApp::new().await;
    let me = app.member().await;
    app.now.fetch_add(3 * 3600 * 1_000_000, std::sync::atomic::Ordering::SeqCst);
    let pairs: Vec<_> = HOSPITAL.into_iter().chain([("field", "employer"), ("former_name", "京北卫生院")]).collect();
    let parked = ask(&me, &pairs, Some(("licence.pdf", PDF))).await;
    assert_eq!(parked.status, StatusCode::SEE_OTHER);
    assert!(parked.place().starts_with("/login?next=/names&kept="), "{}", parked.place());
    let name = me.candidate.about().username.to_string();
    let login = [("username", name.as_str()), ("password", "Yuan2026"), ("next", "/names")];
    let back = app.anonymous().post("/login", &login).await;
    assert!(back.status == StatusCode::OK && back.cookie("session").is_some(), "{}", back.status);
    for typed in
        ["value=\"京北第一人民医院\"", "value=\"京北卫生院\"", "name=\"field\" value=\"employer\"", "请再选一次文件"]
    {
        assert!(back.body.contains(typed), "{typed}");
    }
    assert!(me.candidate.name_requests().await.unwrap().is_empty());
    // The page is one of the person who has logged in: what it sends counts for them.
    let page = back.body.split("name=\"page\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let owner = app.registry.read_page_token(page).map(|token| token.owner);
    assert_eq!(owner, Some(PageOwner::Candidate(me.candidate.account())));
}

#[tokio::test]
async fn a_name_that_nobody_can_mean_costs_nothing() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let long = "京".repeat(60_000);
    let pairs = [("name_kind", "employer"), ("missing_name", long.as_str()), ("missing_region", "11")];
    let begun = tokio::time::timeout(std::time::Duration::from_secs(20), ask(&me, &pairs, None)).await.unwrap();
    assert!(begun.status == StatusCode::UNPROCESSABLE_ENTITY && begun.body.contains("最多 60 个字符"));
}
