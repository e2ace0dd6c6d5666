//! The forms of the annexes, and the pages about one matter.
use crate::common::*;
use app::routes::Guide;
use axum::http::StatusCode;
use flate2::read::ZlibDecoder;
use forms::materials::Annex;
use std::io::Read;

#[tokio::test]
async fn a_stranger_gets_every_annex_as_an_empty_form() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let list = anybody.get("/downloads").await;
    assert_eq!(list.status, StatusCode::OK);
    for annex in Annex::ALL {
        let path = format!("/downloads/{}", annex.code());
        assert!(list.body.contains(&format!("href=\"{path}\"")), "{path}");
        let sheet = anybody.get(&path).await;
        assert!(sheet.status == StatusCode::OK && sheet.body.contains("class=\"a4 annex\""), "{path}");
        assert!(sheet.body.contains("姓名<!></th><td> <!></td>") && !sheet.body.contains("name=\"from\""), "{path}");
        assert!(!sheet.body.contains("type=\"module\""), "{path}");
    }
    for path in ["/downloads/1", "/downloads/7", "/downloads/4?from=profiles"] {
        assert_eq!(anybody.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_ne!(anybody.get("/downloads/4?from=profile").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_annex_is_filled_with_what_its_owner_said_and_nobody_elses() {
    let app = TestApp::new().await;
    let (me, other) = (app.member().await, app.member().await);
    let id = me.begun().await;
    let work = [("post_state", "probation"), ("employer", "北京医院"), ("employer_province", "11"), ("version", "1")];
    assert_eq!(me.post(&format!("/applications/{id}/work"), &work).await.status, StatusCode::SEE_OTHER);
    let number = me.candidate.profile().await.unwrap().account.identity.document.number().to_owned();
    let of = |from: &str| format!("/downloads/2?from={from}");
    // The application is the first choice, since it is what the paper is for.
    for path in ["/downloads/2".to_owned(), of(&id.to_string())] {
        let sheet = me.get(&path).await;
        assert_eq!(sheet.header("cache-control"), "no-store");
        for text in ["张伟", &number, "北京医院", "110 "] {
            assert!(sheet.body.contains(text), "{path}: {text}");
        }
    }
    let profile = me.get(&of("profile")).await.body;
    assert!(profile.contains(&number) && !profile.contains("110 "), "{profile}");
    let empty = me.get(&of("empty")).await.body;
    assert!(!empty.contains(&number) && empty.contains("姓名<!></th><td> <!></td>"), "{empty}");
    for path in [of(&id.to_string()), format!("/downloads/2/pdf?from={id}")] {
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn the_form_for_foreigners_holds_the_employer_and_its_region() {
    let app = TestApp::new().await;
    let person: Vec<(&str, &str)> = vec![
        ("username", "mary_jones"),
        ("name", "Mary Jones"),
        ("document_type", "passport"),
        ("document_number", "P1234567"),
        ("sex", "female"),
        ("birth_date", "1990-05-05"),
        ("password", "Yuan2026"),
        ("password_again", "Yuan2026"),
        ("recovery_question", "小学的名字"),
        ("recovery_answer", "实验小学"),
    ];
    let registered = app.anonymous().post("/register", &person).await;
    assert_eq!(registered.status, StatusCode::SEE_OTHER, "{}", registered.body);
    let login = app.anonymous().post("/login", &[("username", "mary_jones"), ("password", "Yuan2026")]).await;
    let me = Holder { app: &app, cookie: login.cookie("session").unwrap() };
    let work =
        [("post_state", "probation"), ("employer", "上海瑞金医院"), ("employer_province", "31"), ("version", "0")];
    assert_eq!(me.post("/profile/work", &work).await.status, StatusCode::SEE_OTHER);
    let sheet = me.get("/downloads/5?from=profile").await.body;
    for (label, text) in [("姓名", "Mary Jones"), ("实习医院", "上海瑞金医院"), ("医院所在地区", "上海")]
    {
        assert!(sheet.contains(&format!("{label}<!></th><td>{text}<")), "{label}: {sheet}");
    }
    assert!(me.get("/downloads/5?from=empty").await.body.contains("医院所在地区<!></th><td> <!></td>"));
}

/// The streams of a PDF, unpacked.
fn streams(file: &[u8]) -> String {
    let mut all = String::new();
    let mut rest = file;
    let find = |text: &[u8], word: &[u8]| text.windows(word.len()).position(|window| window == word);
    while let Some(at) = find(rest, b"\nstream\n") {
        rest = &rest[at + 8..];
        let mut text = Vec::new();
        if ZlibDecoder::new(rest).read_to_end(&mut text).is_ok() {
            all.push_str(&String::from_utf8_lossy(&text));
        }
    }
    all
}
/// Whether a character is one that readers find: it stands in the map from glyphs to characters.
fn is_found(streams: &str, character: char) -> bool {
    let code = format!("<{:04X}>", u32::from(character));
    streams.to_uppercase().contains(&code)
}

#[tokio::test]
async fn an_annex_in_pdf_has_title_language_and_text_that_can_be_selected() {
    let app = TestApp::new().await;
    let empty = app.anonymous().get("/downloads/6/pdf").await;
    assert_eq!((empty.status, empty.header("content-type")), (StatusCode::OK, "application/pdf"));
    assert_eq!(empty.header("content-disposition"), "attachment; filename=\"annex-6.pdf\"");
    assert!(empty.bytes.starts_with(b"%PDF-1.") && empty.bytes.len() < 400_000, "{}", empty.bytes.len());
    for part in ["/Lang", "zh-CN", "/Title", "595.28 841.89", "/ToUnicode"] {
        assert!(empty.body.contains(part), "{part}");
    }
    let text = streams(&empty.bytes);
    assert!(is_found(&text, '承') && is_found(&text, '诺') && !is_found(&text, '伟'));

    let me = app.member().await;
    let filled = me.get("/downloads/6/pdf").await;
    assert_eq!(filled.header("cache-control"), "private, no-store");
    assert_eq!(filled.header("content-disposition"), "attachment; filename=\"annex-6.pdf\"");
    let text = streams(&filled.bytes);
    assert!(is_found(&text, '张') && is_found(&text, '伟'));
    // An empty form asked for afterwards is empty.
    assert_eq!(app.anonymous().get("/downloads/6/pdf").await.bytes, empty.bytes);
}

#[tokio::test]
async fn law_annexes_and_guides_are_linked_from_the_front_page_and_help() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let (home, help) = (anybody.get("/").await.body, anybody.get("/help").await.body);
    for guide in Guide::ALL {
        let path = format!("/guides/{}", guide.code());
        assert!(home.contains(&format!("href=\"{path}\"")) && help.contains(&format!("href=\"{path}\"")), "{path}");
        for lang in ["zh", "en"] {
            let cookie = format!("lang={lang}");
            let page = Holder { app: &app, cookie }.get(&path).await;
            assert!(page.status == StatusCode::OK && page.body.contains("<h1>"), "{path}");
        }
    }
    assert!(home.contains("href=\"/downloads\"") && help.contains("href=\"/downloads\""));
    let rules = anybody.get("/guides/rules").await.body;
    assert!(rules.contains("国卫医发〔2014〕11号") && rules.contains("2022年3月1日"));
    let taiwan = anybody.get("/guides/taiwan-hong-kong-macao").await.body;
    assert!(taiwan.contains("2007年12月31日") && taiwan.contains("收费") && taiwan.contains("href=\"/downloads/4\""));
    let chsi = anybody.get("/guides/chsi").await.body;
    assert!(chsi.contains("六个月") && chsi.contains("5 月") && chsi.contains("20 个工作日"));
    // Refunds are the area's: its telephone stands there.
    let (areas, _) = app.registry.areas().await.unwrap();
    let refunds = anybody.get("/guides/refunds").await.body;
    for area in areas.iter().filter(|area| !area.phone.is_empty()) {
        assert!(refunds.contains(&area.phone), "{}", area.name);
    }
    assert_eq!(anybody.get("/guides/none").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_verdict_links_to_law_and_rules() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = me.begun().await;
    let rules = "href=\"/guides/rules\"";
    let version = || async { me.candidate.application(id).await.unwrap().row.version.to_string() };
    let entry = |major: &'static str| {
        [
            ("version", "0"),
            ("level", "bachelor"),
            ("school", "首都医科大学"),
            ("major", major),
            ("study_form", "full_time"),
            ("graduation_month", "2014-07"),
            ("diploma_number", "100251201405000123"),
        ]
    };
    // Nursing leads nowhere, medicine leads on with something to prove.
    let mut entries = Vec::new();
    for major in ["护理学", "临床医学"] {
        assert_eq!(me.post("/profile/education/new", &entry(major)).await.status, StatusCode::SEE_OTHER);
        let all = me.candidate.profile().await.unwrap().entries;
        entries.extend(all.into_iter().find(|one| !entries.contains(&one.id)).map(|one| one.id));
    }
    me.candidate.set_photo(registry::demo::portrait().unwrap()).await.unwrap();
    let first = entries[0].to_string();
    for (step, pairs) in &answers(&first)[..3] {
        let at = version().await;
        let pairs: Vec<(&str, &str)> = pairs.iter().copied().chain([("version", at.as_str())]).collect();
        me.post(&format!("/applications/{id}/{}", step.code()), &pairs).await;
    }
    let page = format!("/applications/{id}/education");
    assert!(!me.get(&page).await.body.contains(rules), "nothing is chosen");
    let choose = |at: usize| {
        let entry = entries[at].to_string();
        let (me, page, version) = (&me, &page, version());
        async move { me.post(page, &[("version", &version.await), ("educations", &entry)]).await }
    };
    let refused = choose(0).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains(rules), "{}", refused.body);
    assert_eq!(choose(1).await.status, StatusCode::SEE_OTHER);
}
