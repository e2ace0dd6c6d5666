//! What is logged with `RUST_LOG=debug` while somebody registers and submits an application, on both engines. One test, because a
//! process has one log.
#![recursion_limit = "512"]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
mod common;
use axum::http::StatusCode;
use common::*;
use forms::ids::ApplicationId;
use registry::demo;
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);
impl Log {
    /// The text since the last call.
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }
}
impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
impl MakeWriter<'_> for Log {
    type Writer = Self;
    fn make_writer(&self) -> Self {
        self.clone()
    }
}

const EDUCATION: [(&str, &str); 7] = [
    ("version", "0"),
    ("level", "bachelor"),
    ("school", "首都医科大学"),
    ("major", "临床医学"),
    ("study_form", "full_time"),
    ("graduation_month", "2014-07"),
    ("diploma_number", "100251201405000123"),
];
const STEPS: [(&str, &[(&str, &str)]); 7] = [
    ("category", &[("category", "110"), ("consent", "yes")]),
    (
        "basic",
        &[
            ("household_province", "11"),
            ("contact_region", "mainland"),
            ("mobile", "13800138000"),
            ("email", "zhang.wei@example.com"),
            ("address", "北京市东城区东交民巷1号"),
            ("postcode", "100005"),
        ],
    ),
    ("work", &[("post_state", "probation"), ("employer", "北京医院"), ("employer_province", "11")]),
    ("education", &[]),
    ("certificate", &[]),
    ("site", &[("area", "11"), ("site", "1101"), ("attempts", "1")]),
    ("confirm", &[("extra_subject", "none"), ("declaration", "yes")]),
];

/// Registers, logs in, fills in and submits. Returns everything personal or secret that was sent or answered.
async fn register_and_submit(app: &TestApp) -> Vec<String> {
    let typed = app.person();
    let pairs: Vec<(&str, &str)> = typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let anybody = app.anonymous();
    assert_eq!(anybody.post("/register", &pairs).await.status, StatusCode::SEE_OTHER);
    assert_eq!(anybody.post("/register", &pairs).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let wrong = anybody.post("/login", &[("username", &typed[0].1), ("password", "Wrong2026")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);

    let mut recovery = pairs.clone();
    recovery.retain(|(name, _)| !name.starts_with("password"));
    recovery.extend([("password", "Gao2027"), ("password_again", "Gao2027")]);
    assert_eq!(anybody.post("/recover", &recovery).await.status, StatusCode::SEE_OTHER);
    let mut claim = pairs.clone();
    claim.extend([("telephone", "010-66667777"), ("site", "1101"), ("claim_reason", "证件丢失过")]);
    let claimed = anybody.post("/claim", &claim).await;
    assert_eq!(claimed.status, StatusCode::OK);
    let code = claimed.body.split("class=\"claim-code\"").nth(1).unwrap().split("</p>").next().unwrap();
    let code = code.rsplit("</span>").next().unwrap().replace("<!>", "");
    assert_eq!(anybody.post("/claim/state", &[("claim_code", &code)]).await.status, StatusCode::OK);

    let me = app.member().await;
    me.candidate.set_photo(demo::portrait().unwrap()).await.unwrap();
    assert_eq!(me.post("/profile/education/new", &EDUCATION).await.status, StatusCode::SEE_OTHER);
    let entry = me.candidate.profile().await.unwrap().entries[0].id.to_string();
    let session = app.registry.exam_sessions().await.unwrap()[0].id.to_string();
    let begun = me.post("/exams/catalogue", &[("session", &session), ("category", "110")]).await;
    let base = begun.place().trim_end_matches("/category").to_owned();
    let id = ApplicationId::parse(base.rsplit('/').next().unwrap()).unwrap();
    for (step, answers) in STEPS {
        let version = me.candidate.application(id).await.unwrap().row.version.to_string();
        let mut pairs = answers.to_vec();
        pairs.push(("version", &version));
        if step == "education" {
            pairs.push(("educations", &entry));
        }
        let answer = me.post(&format!("{base}/{step}"), &pairs).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step} {}", answer.body);
    }
    let slip = me.get(&format!("{base}/slip")).await;
    assert_eq!(slip.status, StatusCode::OK);
    assert_eq!(me.get("/verify/ABCDEFGHJKLMNPQRSTUVWXYZ").await.status, StatusCode::OK);

    let identity = me.candidate.about();
    let mut secrets: Vec<String> = typed.into_iter().map(|(_, value)| value).filter(|value| value.len() > 4).collect();
    let answers = STEPS.iter().flat_map(|(_, answers)| *answers).chain(&EDUCATION);
    // Codes of choices are no secrets by themselves: what a person wrote is.
    secrets.extend(
        answers
            .map(|(_, value)| (*value).to_owned())
            .filter(|value| value.chars().any(|c| !c.is_ascii_lowercase() && c != '_') && value.len() > 4),
    );
    secrets.extend([
        "resident_id".to_owned(),
        identity.username.clone(),
        identity.identity.document.number().to_owned(),
        me.cookie.split_once('=').unwrap().1.to_owned(),
        "Wrong2026".to_owned(),
        "Gao2027".to_owned(),
        "010-66667777".to_owned(),
        "证件丢失过".to_owned(),
        code.replace('-', ""),
        code,
        "ABCDEFGHJKLMNPQRSTUVWXYZ".to_owned(),
        base.rsplit('/').next().unwrap().to_owned(),
        entry,
    ]);
    secrets
}

#[tokio::test]
async fn the_log_holds_nothing_that_a_person_typed() {
    let log = Log::default();
    tracing_subscriber::fmt().with_max_level(tracing::Level::DEBUG).with_ansi(false).with_writer(log.clone()).init();
    let dir = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}/log.db", dir.path().display());
    for url in [sqlite, postgres("log")] {
        let app = TestApp::with_database(tempfile::tempdir().unwrap(), &url).await;
        log.take();
        let secrets = register_and_submit(&app).await;
        let logged = log.take();
        let answered = "method=POST route=\"/applications/{id}/{step}\" actor=\"candidate\" status=303";
        assert!(logged.contains(answered), "requests are logged: {}", &logged[..logged.len().min(2000)]);
        let line = |part: &str| logged.lines().find(|line| line.contains(part)).map(str::to_owned).unwrap_or_default();
        let insert = line("INSERT INTO account");
        assert!(
            insert.contains("request{") && insert.contains("elapsed"),
            "statements are logged in the request: {insert}"
        );
        for secret in secrets {
            assert!(!logged.contains(&secret), "{secret} is in the log of {url}: {}", line(&secret));
        }
    }
}
