//! "这不是我注册的" over HTTP: who may say so, the code, and how far it is.
use crate::common::*;
use app::{router::ROUTES, routes::Access};
use axum::http::{Method, StatusCode};
use forms::identity_claim::ClaimCode;
use registry::PageOwner;
use sqlx::Connection;

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

fn claim_of(number: &str) -> Vec<(&'static str, String)> {
    [
        ("document_type", "resident_id"),
        ("document_number", number),
        ("name", "张伟"),
        ("telephone", "010-66667777"),
        ("site", "1101"),
        ("claim_reason", "从未注册过"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec()
}
fn pairs<'a>(fields: &'a [(&'static str, String)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().map(|(name, value)| (*name, value.as_str())).collect()
}
fn number_of<'a>(person: &'a [(&'static str, String)]) -> &'a str {
    &person.iter().find(|(name, _)| *name == "document_number").unwrap().1
}
/// The code that a page shows.
fn code_in(body: &str) -> ClaimCode {
    let shown = body.split("class=\"claim-code\"").nth(1).unwrap().split("</p>").next().unwrap();
    let text = shown.rsplit("</span>").next().unwrap().replace("<!>", "");
    ClaimCode::parse(&text).unwrap_or_else(|_| panic!("{shown}"))
}

#[tokio::test]
async fn the_sentence_about_a_duplicate_leads_to_the_claim_without_what_was_typed() {
    let app = TestApp::new().await;
    let mut person = app.person();
    let anybody = app.anonymous();
    assert!(!anybody.get("/register").await.body.contains("href=\"/claim\""));
    assert_eq!(anybody.post("/register", &pairs(&person)).await.status, StatusCode::SEE_OTHER);
    person[0].1 = "another_name".into();
    let refused = anybody.post("/register", &pairs(&person)).await;
    // As the manual has it, its brackets too (S12).
    let sentence = "已经以用户名 **** 在网站上完成了注册，请勿重复注册用户信息。(若用户名 **** 非您本人注册，请您在资格审核期间，携本人身份证明和相关报名材料到资格审核现场处理。)";
    assert!(refused.body.contains(sentence), "{}", refused.body);
    assert!(refused.body.contains("href=\"/claim\""));
    let page = anybody.get("/claim").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.body.contains("hydrate") && page.body.contains("北京市 "));
    assert!(anybody.get("/claim/state").await.body.contains("name=\"claim_code\""));
    for path in ["/claim", "/claim/state"] {
        let route = ROUTES.iter().find(|route| route.method == Method::POST && route.path == path).unwrap();
        assert_eq!(route.access, Access::RateLimited);
    }
}

#[tokio::test]
async fn a_claim_answers_its_code_and_says_nothing_of_who_is_registered() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let (registered, missing) = (app.person(), app.person());
    anybody.post("/register", &pairs(&registered)).await;
    let mut said = Vec::new();
    for person in [&registered, &missing] {
        let answer = anybody.post("/claim", &pairs(&claim_of(number_of(person)))).await;
        assert_eq!((answer.status, answer.place(), answer.header("cache-control")), (StatusCode::OK, "", "no-store"));
        let code = code_in(&answer.body);
        // Nothing that was typed comes back.
        assert!(!answer.body.contains(number_of(person)) && !answer.body.contains("010-66667777"));
        said.push(answer.still().replace(&code.to_string(), "CODE"));
        // The state of it, by the code as somebody copied it.
        let typed = code.to_string().to_lowercase().replace('-', " ");
        let state = anybody.post("/claim/state", &[("claim_code", &typed)]).await;
        assert_eq!((state.status, state.place()), (StatusCode::OK, ""));
        assert!(state.body.contains("已收到，考点还没有开始处理") && !state.body.contains("张伟"), "{}", state.body);
    }
    assert_eq!(said[0], said[1]);
}

#[tokio::test]
async fn a_claim_that_is_sent_again_from_its_page_has_the_same_code() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let person = app.person();
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(claim_of(number_of(&person)))
        .append_pair("page", &app.registry.page_token(PageOwner::Nobody))
        .finish();
    let first = anybody.send(Method::POST, "/claim", FORM, body.clone(), &[]).await;
    let again = anybody.send(Method::POST, "/claim", FORM, body, &[]).await;
    assert!(code_in(&first.body) == code_in(&again.body));
    let fresh = anybody.post("/claim", &pairs(&claim_of(number_of(&person)))).await;
    assert!(code_in(&fresh.body) != code_in(&first.body));
}

#[tokio::test]
async fn what_is_wrong_is_told_beside_its_field_and_what_was_typed_stays() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let right = claim_of(number_of(&app.person()));
    for (field, typed, sentence) in [
        ("telephone", "12345", "请填写手机号码，或带区号的固定电话"),
        ("site", "9999", "请从列表中选择"),
        ("claim_reason", "", "请填写情况说明"),
        ("document_number", "110101199003070000", "不是有效的身份证号码"),
    ] {
        let mut wrong = right.clone();
        wrong.iter_mut().find(|(name, _)| *name == field).unwrap().1 = typed.to_owned();
        let answer = anybody.post("/claim", &pairs(&wrong)).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains(sentence) && answer.body.contains(&format!("href=\"#f-{field}\"")), "{field}");
        assert!(answer.body.contains("value=\"张伟\"") && !answer.body.contains("claim-code"));
    }
    // A slip in the code and a code that nobody has are the same.
    let mut said = Vec::new();
    for typed in [ClaimCode::from_random([9; 7]).to_string(), "ABCD-EFGH-JKMN".to_owned()] {
        let answer = anybody.post("/claim/state", &[("claim_code", &typed)]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        said.push(answer.still().replace(&typed, "CODE"));
    }
    assert!(said[0] == said[1] && said[0].contains("没有这个编码，请逐字核对"));
}

#[tokio::test]
async fn many_claims_and_many_codes_have_to_wait() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let right = claim_of(number_of(&app.person()));
    for n in 0..7_u8 {
        let code = ClaimCode::from_random([n; 7]).to_string();
        let (taken, asked) = (
            anybody.post("/claim", &pairs(&right)).await,
            anybody.post("/claim/state", &[("claim_code", &code)]).await,
        );
        assert_eq!(taken.status == StatusCode::OK, n < 5, "{n}");
        for answer in [&taken, &asked] {
            assert_eq!(answer.body.contains("次数太多了，请稍后再试"), n >= 5, "{n}: {}", answer.body);
        }
    }
}

#[tokio::test]
async fn what_an_office_answered_is_read_by_whoever_has_the_code() {
    let app = TestApp::new().await;
    let anybody = app.anonymous();
    let code = code_in(&anybody.post("/claim", &pairs(&claim_of(number_of(&app.person())))).await.body).to_string();
    // What offices do about claims is not built yet, so it is done past the program.
    let mut database = sqlx::SqliteConnection::connect(&app.registry.settings().database_url).await.unwrap();
    for (set, sentence) in [
        ("UPDATE identity_claim SET state = 'handled'", "考点正在处理"),
        ("UPDATE identity_claim SET state = 'done'", "已处理完毕"),
        ("UPDATE identity_claim SET state = 'refused', answer = '<b>请先补办证件'", "考点没有受理"),
    ] {
        sqlx::query(set).execute(&mut database).await.unwrap();
        let answer = anybody.post("/claim/state", &[("claim_code", &code)]).await;
        assert!(answer.body.contains(sentence), "{}", answer.body);
        assert_eq!(answer.body.contains("请先补办证件"), set.contains("refused"));
        assert!(!answer.body.contains("<b>请先"));
    }
}
