//! The power goes at any moment: the server is killed while people submit, offices return, approve and sign, and photos
//! come in. On both engines, nothing that was acknowledged is missing afterwards, nothing is there by half or twice, the
//! audit is whole, and the server serves again. How soon is said and not judged: that is the machine's affair.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may stop at what cannot be, and asks for real time"
)]
use app::{applications::data::ApplyResult, transport::Encoded};
use forms::{
    choice::Choice,
    ids::{ApplicationId, PhotoId},
    review::{Finding, Item, ReviewOutcome, Role},
    status::ApplicationStatus,
};
use rand::RngExt;
use registry::{Candidate, Dictionary, Entropy, Registry, Settings, demo};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::{
    collections::{HashMap, HashSet},
    io,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::Mutex,
};

/// How often the power goes on each engine.
const KILLS: usize = 200;
/// How many people are at it at the same time.
const HANDS: usize = 6;
/// How many applications there are to work on.
const PEOPLE: u32 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_acknowledged_is_lost_when_the_server_is_killed() {
    let postgres = std::env::var("YIKAO_TEST_POSTGRES")
        .expect("YIKAO_TEST_POSTGRES names the throw-away cluster: run `make test`");
    let name = format!("kill{}", Entropy::system().number());
    let admin = format!("postgres://yikao@localhost/postgres?host={postgres}");
    let mut connection = PgConnection::connect(&admin).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    let sqlite = format!("sqlite:{}", dir.path().join("books.db").display());
    tokio::join!(
        survives(dir.path(), sqlite, 3391),
        survives(dir.path(), format!("postgres://yikao@localhost/{name}?host={postgres}"), 3392),
    );
}

/// One person's application, and what was done to it as far as anybody was told.
struct Case {
    id: ApplicationId,
    cookie: String,
    candidate: Candidate,
}
#[derive(Default)]
struct Told {
    /// Deeds that were acknowledged, by application and action of the audit.
    done: HashMap<(ApplicationId, &'static str), i64>,
    /// Deeds of which nothing was heard.
    open: HashMap<(ApplicationId, &'static str), i64>,
    /// Applications whose last deed is one of these: it may still be done.
    late: HashSet<ApplicationId>,
    /// The last photo that was acknowledged, by the place of the application, and whether one was cut off since.
    photos: HashMap<usize, (PhotoId, bool)>,
    /// How many photos were acknowledged.
    pictures: i64,
}
struct Scene {
    port: u16,
    registry: Registry,
    staff: String,
    cases: Vec<Mutex<Case>>,
    told: Mutex<Told>,
}

async fn survives(dir: &Path, url: String, port: u16) {
    let registry = Registry::open(Settings::new(&url, &[7; 32])).await.unwrap();
    let engine = registry.engine();
    demo::load_shipped(&registry).await.unwrap();
    let session = demo::put_session(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    registry.add_staff("desk", "desk", Role::SiteReviewer, "3301", "Schreibtisch9").await.unwrap();
    let token = registry.staff_login("desk", "Schreibtisch9").await.unwrap();
    let mut cases = Vec::new();
    for n in 0..PEOPLE {
        let (candidate, id, _) = demo::ready(&registry, session, &dictionary, n).await.unwrap();
        let login = registry.login(&candidate.about().username, demo::PASSWORD, None).await.unwrap();
        cases.push(Mutex::new(Case { id, cookie: format!("session={}", login.session.expose()), candidate }));
    }
    let key = dir.join(format!("key-{engine}"));
    std::fs::write(&key, "07".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::create_dir_all(dir.join("site/pkg")).unwrap();
    let scene =
        Arc::new(Scene { port, registry, staff: format!("staff={}", token.expose()), cases, told: Mutex::default() });
    let mut slowest = Duration::ZERO;
    for round in 0..KILLS {
        let begun = Instant::now();
        let mut server = start(dir, &key, &url, port);
        while scene.send("GET", "/readyz", "", "", b"").await.map(|(status, _)| status).ok() != Some(200) {
            assert!(begun.elapsed() < Duration::from_secs(60), "{engine}: not served again");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        slowest = slowest.max(begun.elapsed());
        let hands: Vec<_> = (0..HANDS).map(|hand| tokio::spawn(work(scene.clone(), hand))).collect();
        scene.some_deeds().await;
        let moment = rand::rng().random_range(0..30);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        server.kill().unwrap();
        server.wait().unwrap();
        for hand in hands {
            hand.await.unwrap();
        }
        check(&scene, &url, engine, round + 1 == KILLS).await;
    }
    let told = scene.told.lock().await;
    let (done, open) = (told.done.values().sum::<i64>(), told.open.values().sum::<i64>());
    eprintln!(
        "   {engine}: {done} deeds and {} photos acknowledged, {open} deeds cut off, slowest start {slowest:?}",
        told.pictures
    );
    for action in ["application.submit", "application.resubmit", "review.return", "review.approve", "review.sign"] {
        assert!(told.done.keys().any(|(_, done)| *done == action), "{engine}: {action} never happened");
    }
    assert!(told.pictures > 0, "{engine}: no photo came in");
    scene.registry.close().await;
}

fn start(dir: &Path, key: &Path, url: &str, port: u16) -> Child {
    Command::new(env!("CARGO_BIN_EXE_server"))
        .args(["serve"])
        .env("DATABASE_URL", url)
        .env("SEALING_KEY_FILE", key)
        .env("LISTEN", format!("127.0.0.1:{port}"))
        .env("SITE_ROOT", dir.join("site"))
        .env("RUST_LOG", "error")
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

impl Scene {
    /// Waits until some deeds were acknowledged, few or none, so that a slow machine does as many as a fast one.
    async fn some_deeds(&self) {
        let done = || async { self.told.lock().await.done.values().sum::<i64>() };
        let enough = done().await + rand::rng().random_range(0..10);
        let begun = Instant::now();
        while done().await < enough && begun.elapsed() < Duration::from_secs(10) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    /// One request on a connection of its own. An error is an answer that never came.
    async fn send(&self, method: &str, path: &str, kind: &str, cookie: &str, body: &[u8]) -> io::Result<(u16, String)> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await?;
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nsec-fetch-site: same-origin\r\ncontent-type: {kind}\r\ncookie: {cookie}\r\naccept: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            self.port,
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(body).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        let text = String::from_utf8_lossy(&answer);
        let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(cut)?;
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut)?;
        Ok((status, body.to_owned()))
    }
    async fn deed(&self, id: ApplicationId, fields: &str) -> io::Result<bool> {
        let path = format!("/admin/review/{id}");
        let kind = "application/x-www-form-urlencoded";
        let (status, _) = self.send("POST", &path, kind, &self.staff, fields.as_bytes()).await?;
        Ok(status == 303)
    }
    async fn submit(&self, id: ApplicationId, version: i64, cookie: &str) -> io::Result<bool> {
        let json = format!("{{\"id\":\"{id}\",\"version\":{version}}}");
        let (status, body) = self.send("POST", "/api/submit", "application/json", cookie, json.as_bytes()).await?;
        let packed =
            serde_json::from_str::<Encoded<ApplyResult>>(body.trim()).ok().and_then(|packed| packed.decode().ok());
        Ok(status == 200 && matches!(packed, Some(ApplyResult::Accepted(_))))
    }
}

/// Does the next thing to one application after another, until the server is gone.
async fn work(scene: Arc<Scene>, hand: usize) {
    loop {
        let mine = (0..scene.cases.len())
            .filter(|n| n % HANDS == hand)
            .nth(rand::rng().random_range(0..(PEOPLE as usize).div_ceil(HANDS)));
        let Some(n) = mine else { continue };
        let case = scene.cases[n].lock().await;
        if rand::rng().random_range(0..6) == 0 {
            let jpeg = demo::portrait().unwrap();
            match scene.send("POST", "/photos", "image/jpeg", &case.cookie, &jpeg).await {
                Ok((200, body)) => {
                    let id = body.split('"').nth(3).and_then(PhotoId::parse).unwrap();
                    let mut told = scene.told.lock().await;
                    told.photos.insert(n, (id, false));
                    told.pictures += 1;
                    continue;
                }
                Ok(other) => panic!("{other:?}"),
                Err(_) => {
                    if let Some((_, cut)) = scene.told.lock().await.photos.get_mut(&n) {
                        *cut = true;
                    }
                    return;
                }
            }
        }
        let view = case.candidate.application(case.id).await.unwrap();
        let (version, id) = (view.row.version, case.id);
        let (action, answer) = match view.row.status {
            ApplicationStatus::Draft => ("application.submit", scene.submit(id, version, &case.cookie).await),
            ApplicationStatus::Returned => ("application.resubmit", scene.submit(id, version, &case.cookie).await),
            ApplicationStatus::Submitted => {
                let items = Item::of(view.snapshot.as_ref().unwrap());
                let ends = rand::rng().random_range(0..40) == 0;
                let outcome = if ends { ReviewOutcome::Approve } else { ReviewOutcome::Return };
                let mut fields = format!("do=judge&version={version}&outcome={}", outcome.code());
                for item in items.iter().filter(|item| matches!(item, Item::Paper(_))) {
                    fields.push_str(&format!("&finding.{}={}", item.code(), Finding::Pass.code()));
                }
                if !ends {
                    fields.push_str("&finding.paper.diploma=return&reason.paper.diploma=differs");
                }
                let fields = if ends { fields } else { fields.replacen("finding.paper.diploma=pass", "x=x", 1) };
                (if ends { "review.approve" } else { "review.return" }, scene.deed(id, &fields).await)
            }
            ApplicationStatus::SiteApproved => {
                let fields = format!("do=sign&version={version}&yes=yes&paper={}", view.paper);
                ("review.sign", scene.deed(id, &fields).await)
            }
            _ => continue,
        };
        let mut told = scene.told.lock().await;
        match answer {
            Ok(true) => {
                *told.done.entry((id, action)).or_default() += 1;
                told.late.remove(&id);
            }
            // Nobody else works on this application, so nothing refuses what the books allow, but a deed that was cut
            // off: PostgreSQL may finish it after its server is gone and the next one has been asked.
            Ok(false) => {
                assert!(scene.registry.engine() == "postgres", "{action} was refused");
                assert!(told.late.remove(&id), "{action} was refused, and nothing was cut off before");
                drop(told);
                let now = case.candidate.application(id).await.unwrap().row.version;
                assert!(now > version, "{action} was refused, and nothing was done late");
            }
            Err(_) => {
                *told.open.entry((id, action)).or_default() += 1;
                told.late.insert(id);
                return;
            }
        }
    }
}

/// Looks for what is missing, there by half, or there twice.
async fn check(scene: &Scene, url: &str, engine: &str, last: bool) {
    for (what, statement) in [
        ("a lock without its application", "SELECT COUNT(*) FROM entry WHERE locks <> (SELECT COUNT(*) FROM application_entry WHERE entry_id = entry.id)"),
        (
            "half a submission",
            "SELECT COUNT(*) FROM application WHERE status <> 'draft' AND (serial IS NULL OR snapshot_sealed IS NULL OR waiting IS NULL
                OR NOT EXISTS (SELECT 1 FROM paper WHERE application_id = application.id AND version = application.paper))",
        ),
        (
            "papers that were made twice, or without a deed",
            "SELECT COUNT(*) FROM application WHERE paper <> (SELECT COUNT(*) FROM audit WHERE subject = application.id
                AND action IN ('application.submit', 'application.resubmit'))",
        ),
        (
            "a state that its deeds do not lead to",
            "SELECT COUNT(*) FROM application WHERE status = 'returned' AND
                (SELECT COUNT(*) FROM audit WHERE subject = application.id AND action = 'review.return')
                <> 1 + (SELECT COUNT(*) FROM audit WHERE subject = application.id AND action = 'application.resubmit')",
        ),
        (
            "half a signature",
            "SELECT COUNT(*) FROM application WHERE (status = 'signed') <> (EXISTS (SELECT 1 FROM signature WHERE application_id = application.id))",
        ),
    ] {
        assert_eq!(count(url, statement).await, 0, "{engine}: {what}");
    }
    while scene.registry.chain_audit().await.unwrap() > 0 {}
    let findings = scene.registry.verify_audit().await.unwrap();
    assert!(findings.broken.is_empty(), "{engine}: {:?}", findings.broken);
    let told = scene.told.lock().await;
    for ((id, action), done) in &told.done {
        let open = told.open.get(&(*id, *action)).copied().unwrap_or_default();
        let there = scene.registry.audited(action, id.uuid()).await.unwrap();
        assert!(
            (*done..=done + open).contains(&there),
            "{engine}: {action}: {there} in the books, {done} acknowledged, {open} cut off"
        );
    }
    for (n, (id, cut)) in told.photos.iter().filter(|_| last) {
        let candidate = scene.cases[*n].lock().await.candidate.clone();
        let now = candidate.profile().await.unwrap().account.photo.unwrap();
        assert!(candidate.photo(now).await.is_ok(), "{engine}: the profile's photo is missing");
        assert!(now == *id || *cut, "{engine}: the photo that was acknowledged last is not the profile's");
    }
}

/// A number that a statement counts, asked past the program.
async fn count(url: &str, statement: &'static str) -> i64 {
    let (count,): (i64,) = if url.starts_with("sqlite") {
        sqlx::query_as(statement).fetch_one(&mut SqliteConnection::connect(url).await.unwrap()).await.unwrap()
    } else {
        sqlx::query_as(statement).fetch_one(&mut PgConnection::connect(url).await.unwrap()).await.unwrap()
    };
    count
}
