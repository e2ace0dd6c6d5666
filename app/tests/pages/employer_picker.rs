//! An employer found by province and city instead of typed, over HTTP as without script (S26).
use crate::common::*;
use axum::http::StatusCode;
use forms::journey::Step;
use registry::DictionaryKind;

/// The value of the button that chooses a name.
fn choice_of(page: &Answer, name: &str) -> String {
    let before = page.body.split(&format!(">{name}<")).next().unwrap();
    before.rsplit("name=\"use\" value=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

const TYPED: [(&str, &str); 5] =
    [("version", "0"), ("post_state", "probation"), ("employer", "郑州"), ("post", "科员"), ("pick", "employer")];

#[tokio::test]
async fn an_employer_chosen_by_its_place_comes_back_with_its_region_and_nothing_typed_is_lost() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let left = me.post("/profile/work", &TYPED).await;
    assert_eq!((left.status, left.place()), (StatusCode::SEE_OTHER, "/employers?field=employer"));
    let provinces = me.get(left.place()).await;
    assert!(provinces.body.contains("/employers?field=employer&amp;province=41") && provinces.body.contains("河南"));
    let cities = me.get("/employers?field=employer&province=41").await;
    assert!(cities.body.contains("郑州市") && cities.body.contains("&amp;city=4101"), "{}", cities.body);
    let names = me.get("/employers?field=employer&province=41&city=4101").await;
    assert!(!names.body.contains("洛阳") && names.body.contains("郑州市中心医院"));
    let id = choice_of(&names, "郑州市中心医院");
    let chosen = me.post("/employers", &[("field", "employer"), ("use", &id)]).await;
    assert_eq!((chosen.status, chosen.place()), (StatusCode::SEE_OTHER, "/profile/work#f-employer"));
    let work = me.candidate.profile().await.unwrap().work.draft;
    assert_eq!((work.employer.as_str(), work.employer_province.as_str()), ("郑州市中心医院", "41"));
    assert_eq!((work.employer_id, work.post, work.post_state), (id, "科员".to_owned(), "probation".to_owned()));
}

#[tokio::test]
async fn the_wizard_and_a_new_entry_choose_an_employer_the_same_way() {
    let app = TestApp::new().await;
    let me = app.member().await;
    let id = me.begun().await;
    let version = me.candidate.application(id).await.unwrap().row.version.to_string();
    let step = format!("/applications/{id}/work");
    let left = me.post(&step, &[("version", &version), ("employer_province", "11"), ("pick", "employer")]).await;
    assert_eq!(left.place(), format!("/employers?field=employer&application={id}"));
    // It opens where the form says that the employer is. Beijing is one city.
    let names = me.get(left.place()).await;
    let hospital = choice_of(&names, "北京协和医院");
    let application = id.to_string();
    let chosen =
        me.post("/employers", &[("field", "employer"), ("application", &application), ("use", &hospital)]).await;
    assert_eq!(chosen.place(), format!("{step}#f-employer"));
    let draft = me.candidate.application(id).await.unwrap().draft;
    let pairs = draft.pairs(Step::Work);
    assert!(pairs.iter().any(|(field, typed)| field.name() == "employer_id" && *typed == hospital));

    let typed = [("version", "0"), ("start_month", "2020-01"), ("pick", "institution")];
    let left = me.post("/profile/training/new", &typed).await;
    assert!(left.place().starts_with("/employers?field=institution&kind=training&entry="), "{}", left.place());
    let query = left.place().split_once("entry=").unwrap().1.to_owned();
    let chosen = me
        .post("/employers", &[("field", "institution"), ("kind", "training"), ("entry", &query), ("use", &hospital)])
        .await;
    assert_eq!(chosen.place(), format!("/profile/training/{query}#f-institution"));
    let page = me.get(chosen.place()).await;
    assert!(page.body.contains("value=\"北京协和医院\"") && page.body.contains("value=\"2020-01\""));
}

#[tokio::test]
async fn a_search_inside_a_place_finds_by_characters_pinyin_and_initials_and_stands_in_no_address() {
    let app = TestApp::new().await;
    let me = app.member().await;
    for query in ["郑州市中心", "zzszxyy", "zhengzhoushizhongxin"] {
        let pairs = [("field", "employer"), ("province", "41"), ("city", "4101"), ("query", query)];
        let found = me.post("/employers", &pairs).await;
        assert_eq!((found.status, found.place()), (StatusCode::OK, ""));
        assert!(found.body.contains("郑州市中心医院") && found.body.contains("找到"), "{query}");
        assert!(!found.body.contains(&format!("query={query}")));
    }
    // What is elsewhere is not found here, and the page says what to do.
    let nowhere =
        me.post("/employers", &[("field", "employer"), ("province", "43"), ("query", "郑州市中心医院")]).await;
    assert!(nowhere.body.contains("没有找到这个单位") && nowhere.body.contains("href=\"/names?field=employer\""));
    assert!(nowhere.body.contains("value=\"郑州市中心医院\""), "what was searched for is lost");
}

#[tokio::test]
async fn an_employer_is_chosen_only_into_a_form_of_ones_own() {
    let app = TestApp::new().await;
    let (me, other) = (app.member().await, app.member().await);
    let id = me.begun().await.to_string();
    let hospital = app.dictionary.exact(DictionaryKind::Employer, "北京协和医院").unwrap().id.to_string();
    let school = app.dictionary.exact(DictionaryKind::School, "北京大学").unwrap().id.to_string();
    for (field, place) in [("employer", id.as_str()), ("school", ""), ("post", "")] {
        let pairs = [("field", field), ("application", place), ("use", hospital.as_str())];
        assert_eq!(other.post("/employers", &pairs).await.status, StatusCode::NOT_FOUND, "{field}");
        let path = format!("/employers?field={field}&application={place}");
        assert_eq!(other.get(&path).await.status, StatusCode::NOT_FOUND, "{field}");
    }
    let wrong = me.post("/employers", &[("field", "employer"), ("use", &school)]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}
