//! The server is killed at random moments while candidates submit and upload photos, staff return, reject, approve and sign, and others do
//! what else is done with an account (`deeds`). Afterwards
//! nothing that was acknowledged is missing, nothing was written in part or twice, the audit verifies, and the server starts again. The
//! time that takes is printed and not asserted, since it depends on the machine.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop, and this one measures real time"
)]
#[path = "../common/mod.rs"]
mod common;
mod deeds;

use app::{applications::data::ApplyResult, transport::Encoded};
use common::{Origin, exchange};
use deeds::Deeds;
use forms::{
    Field,
    choice::Choice,
    draft::TICKED,
    ids::{ApplicationId, PhotoId},
    journey::Step,
    review::{Finding, Item, ReviewOutcome, Role},
    status::ApplicationStatus,
};
use rand::RngExt;
use registry::{ApplicationView, Candidate, Dictionary, Entropy, Error, PageOwner, Registry, Settings, demo};
use sqlx::{Connection, PgConnection, SqliteConnection};
use std::{
    collections::{HashMap, HashSet},
    io,
    path::Path,
    process::{Child, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// Simultaneous clients.
const WORKERS: usize = 6;
/// Applications to work on.
const PEOPLE: u32 = 60;

/// How often the server is killed: 300 times with `make soak` (`YIKAO_SOAK` is set), 60 times otherwise.
fn rounds() -> usize {
    if std::env::var_os("YIKAO_SOAK").is_some() { 300 } else { 60 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite_loses_nothing_acknowledged_when_the_server_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    survives(dir.path(), format!("sqlite:{}", dir.path().join("kill.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn postgres_loses_nothing_acknowledged_when_the_server_is_killed() {
    let postgres =
        std::env::var("YIKAO_TEST_POSTGRES").expect("YIKAO_TEST_POSTGRES names the cluster: run `make test`");
    let name = format!("kill{}", Entropy::system().number());
    let admin = format!("postgres://yikao@localhost/postgres?host={postgres}");
    let mut connection = PgConnection::connect(&admin).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    survives(dir.path(), format!("postgres://yikao@localhost/{name}?host={postgres}")).await;
}

/// One candidate's application.
struct Case {
    id: ApplicationId,
    from: Origin,
    candidate: Candidate,
}
#[derive(Default)]
/// What clients know about their requests.
struct Outcomes {
    /// Acknowledged actions, by application and action of the audit.
    acknowledged: HashMap<(ApplicationId, &'static str), i64>,
    /// Actions without an answer.
    unanswered: HashMap<(ApplicationId, &'static str), i64>,
    /// Applications whose last action is one of these: it may still be committed.
    late: HashSet<ApplicationId>,
    /// The last acknowledged photo, by the index of the application, and whether an upload was interrupted since.
    photos: HashMap<usize, (PhotoId, bool)>,
    /// Acknowledged photos.
    photo_count: i64,
}
struct Scene {
    port: u16,
    registry: Registry,
    staff: Origin,
    /// The office of the area.
    area: Origin,
    cases: Vec<Mutex<Case>>,
    outcomes: Mutex<Outcomes>,
    deeds: Deeds,
}

async fn survives(dir: &Path, url: String) {
    let port = common::free_port();
    // The test asks by itself which password holds.
    let settings = Settings { login_budget: i64::MAX, ..Settings::new(&url, &[7; 32]) };
    let registry = Registry::open(settings).await.unwrap();
    let engine = registry.engine();
    demo::load_shipped(&registry).await.unwrap();
    let session = demo::put_session(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    let officer =
        registry.add_staff("site_officer", "site", Role::SiteReviewer, "3301", "Schreibtisch9").await.unwrap();
    let area = registry.add_staff("area_officer", "area", Role::AreaOfficer, "33", "Schreibtisch9").await.unwrap();
    let mut cases = Vec::new();
    for n in 0..PEOPLE {
        let (candidate, id, _) = demo::ready(&registry, session, &dictionary, n).await.unwrap();
        let login = registry.login(&candidate.about().username, demo::PASSWORD, None).await.unwrap();
        let page = registry.page_token(PageOwner::Candidate(candidate.account()));
        let from = Origin { cookie: format!("session={}", login.session.expose()), page };
        cases.push(Mutex::new(Case { id, from, candidate }));
    }
    let office = async |name: &str, id| {
        let token = registry.staff_login(name, "Schreibtisch9", None).await.unwrap().session;
        Origin { cookie: format!("staff={}", token.expose()), page: registry.page_token(PageOwner::Staff(id)) }
    };
    let (staff, area) = (office("site_officer", officer).await, office("area_officer", area).await);
    let deeds = Deeds::new(&registry, session, &dictionary, async |action| audited(&url, action).await).await;
    let scene = Arc::new(Scene { port, registry, staff, area, cases, outcomes: Mutex::default(), deeds });
    let mut slowest = Duration::ZERO;
    let rounds = rounds();
    for round in 0..rounds {
        let begun = Instant::now();
        let mut server = start(dir, &url, port);
        while scene.send("GET", "/readyz", "", &Origin::default(), b"").await.map(|(status, _)| status).ok()
            != Some(200)
        {
            assert!(begun.elapsed() < Duration::from_secs(60), "{engine}: not served again");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        slowest = slowest.max(begun.elapsed());
        let workers: Vec<_> = (0..WORKERS).map(|worker| tokio::spawn(work(scene.clone(), worker))).collect();
        let others: Vec<_> = (0..deeds::PEOPLE)
            .map(|who| {
                let scene = scene.clone();
                tokio::spawn(async move { scene.deeds.work(&scene.registry, scene.port, who).await })
            })
            .collect();
        scene.some_actions().await;
        let moment = rand::rng().random_range(0..30);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        server.kill().unwrap();
        server.wait().unwrap();
        for worker in workers.into_iter().chain(others) {
            worker.await.unwrap();
        }
        check(&scene, &url, engine, round + 1 == rounds).await;
        scene.deeds.check(engine, async |action| audited(&url, action).await).await;
    }
    let outcomes = scene.outcomes.lock().await;
    let acknowledged = outcomes.acknowledged.values().sum::<i64>();
    let unanswered = outcomes.unanswered.values().sum::<i64>();
    eprintln!(
        "   {engine}: {acknowledged} actions and {} photos acknowledged, {unanswered} actions unanswered, slowest start {slowest:?}",
        outcomes.photo_count
    );
    for action in [
        "application.submit",
        "application.resubmit",
        "application.withdraw",
        "review.return",
        "review.reject",
        "review.approve",
        "review.sign",
        "review.approve_area",
    ] {
        assert!(outcomes.acknowledged.keys().any(|(_, known)| *known == action), "{engine}: {action} never happened");
    }
    assert!(outcomes.photo_count > 0, "{engine}: no photo came in");
    scene.deeds.report(&scene.registry, engine).await;
    scene.registry.close().await;
}

fn start(dir: &Path, url: &str, port: u16) -> Child {
    let mut command = common::command(dir, url);
    command.arg("serve").env("LISTEN", format!("127.0.0.1:{port}")).env("RUST_LOG", "error").stdout(Stdio::null());
    command.spawn().unwrap()
}

impl Scene {
    /// Waits until up to nine more actions were acknowledged, so that slow machines do as many as fast ones.
    async fn some_actions(&self) {
        let done = || async { self.outcomes.lock().await.acknowledged.values().sum::<i64>() };
        let enough = done().await + rand::rng().random_range(0..10);
        let begun = Instant::now();
        while done().await < enough && begun.elapsed() < Duration::from_secs(10) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    /// One request on a new connection. An error means that no complete answer came, or none that says what was done.
    async fn send(
        &self,
        method: &str,
        path: &str,
        kind: &str,
        from: &Origin,
        body: &[u8],
    ) -> io::Result<(u16, String)> {
        let answer = exchange(self.port, method, path, kind, from, body).await?;
        // On a busy machine time may be up, and nobody knows whether it was for the commit as well.
        if answer.status == 503 {
            return Err(io::ErrorKind::TimedOut.into());
        }
        Ok((answer.status, answer.body))
    }
    async fn review(&self, id: ApplicationId, office: &Origin, fields: &str) -> io::Result<bool> {
        let path = format!("/admin/review/{id}");
        let fields = format!("{fields}&page={}", office.page);
        let (status, _) = self.send("POST", &path, common::FORM, office, fields.as_bytes()).await?;
        Ok(status == 303)
    }
    async fn submit(&self, id: ApplicationId, version: i64, from: &Origin) -> io::Result<bool> {
        let pairs = format!("id={id}&version={version}");
        let kind = "application/x-www-form-urlencoded";
        let (status, body) = self.send("POST", "/api/submit", kind, from, pairs.as_bytes()).await?;
        let packed = Encoded::<ApplyResult>::from_text(body.trim().to_owned()).decode().ok();
        Ok(status == 200 && matches!(packed, Some(ApplyResult::Accepted(_))))
    }
}

/// The version from which the next action starts: what was returned is declared anew before it is submitted again. Nothing if an action
/// without an answer was committed meanwhile.
async fn ready_version(case: &Case, view: &ApplicationView) -> Option<i64> {
    if view.row.status != ApplicationStatus::Returned {
        return Some(view.row.version);
    }
    let declared = vec![(Field::Declaration.name().to_owned(), TICKED.to_owned())];
    match case.candidate.save_step(case.id, Step::Confirm, declared, view.row.version, true).await {
        Ok(saved) => Some(saved.version),
        Err(Error::Conflict) => None,
        Err(error) => panic!("{error}"),
    }
}

/// Uploads a photo, and says whether the server is still there.
async fn upload(scene: &Scene, n: usize, case: &Case) -> bool {
    let jpeg = demo::portrait().unwrap();
    let mut outcomes = match scene.send("POST", "/photos", "image/jpeg", &case.from, &jpeg).await {
        Ok((200, body)) => {
            let stored = Encoded::<Result<PhotoId, Vec<forms::Problem>>>::from_text(body.trim().to_owned()).decode();
            let mut outcomes = scene.outcomes.lock().await;
            outcomes.photos.insert(n, (stored.unwrap().unwrap(), false));
            outcomes.photo_count += 1;
            return true;
        }
        Ok(other) => panic!("{other:?}"),
        Err(_) => scene.outcomes.lock().await,
    };
    if let Some((_, cut)) = outcomes.photos.get_mut(&n) {
        *cut = true;
    }
    false
}

/// Takes an application to its next state: by which action, and whether it was acknowledged. Nothing for one that has ended.
async fn act(
    scene: &Scene,
    case: &Case,
    view: &ApplicationView,
    version: i64,
) -> Option<(&'static str, io::Result<bool>)> {
    let id = case.id;
    // Little of what happens ends an application, so that some are left in the last round.
    let ends = rand::rng().random_range(0..rounds() * 6 / 5);
    Some(match view.row.status {
        ApplicationStatus::Draft => ("application.submit", scene.submit(id, version, &case.from).await),
        ApplicationStatus::Returned => ("application.resubmit", scene.submit(id, version, &case.from).await),
        ApplicationStatus::Submitted if (8..12).contains(&ends) => {
            let body = format!("page={}", case.from.page);
            let path = format!("/applications/{id}/withdraw");
            let answer = scene.send("POST", &path, common::FORM, &case.from, body.as_bytes()).await;
            ("application.withdraw", answer.map(|(status, _)| status == 303))
        }
        ApplicationStatus::Submitted => {
            let items = Item::of(view.snapshot.as_ref().unwrap(), view.exam.last_review_day());
            let (outcome, action, diploma) = match ends {
                0..4 => (ReviewOutcome::Approve, "review.approve", Finding::Pass),
                4..8 => (ReviewOutcome::Reject, "review.reject", Finding::Fail),
                _ => (ReviewOutcome::Return, "review.return", Finding::Return),
            };
            let mut fields = format!("do=assess&version={version}&outcome={}", outcome.code());
            for item in items.iter().filter(|item| matches!(item, Item::Paper(_))).map(|item| item.code()) {
                let finding = if item == "paper.diploma" { diploma } else { Finding::Pass };
                fields.push_str(&format!("&finding.{item}={}", finding.code()));
            }
            if diploma != Finding::Pass {
                fields.push_str("&reason.paper.diploma=differs");
            }
            (action, scene.review(id, &scene.staff, &fields).await)
        }
        ApplicationStatus::SiteApproved => {
            let fields = format!("do=sign&version={version}&yes=yes&printed_version={}", view.printed_version);
            ("review.sign", scene.review(id, &scene.staff, &fields).await)
        }
        ApplicationStatus::Signed => {
            let fields = format!("do=approve_area&version={version}");
            ("review.approve_area", scene.review(id, &scene.area, &fields).await)
        }
        _ => return None,
    })
}

/// Takes applications to their next state, one after another, until the server is gone.
async fn work(scene: Arc<Scene>, worker: usize) {
    loop {
        let mine = (0..scene.cases.len())
            .filter(|n| n % WORKERS == worker)
            .nth(rand::rng().random_range(0..(PEOPLE as usize).div_ceil(WORKERS)));
        let Some(n) = mine else { continue };
        let case = scene.cases[n].lock().await;
        if rand::rng().random_range(0..6) == 0 {
            if upload(&scene, n, &case).await {
                continue;
            }
            return;
        }
        let view = case.candidate.application(case.id).await.unwrap();
        let id = case.id;
        let Some(version) = ready_version(&case, &view).await else { continue };
        let Some((action, answer)) = act(&scene, &case, &view, version).await else { continue };
        let mut outcomes = scene.outcomes.lock().await;
        match answer {
            Ok(true) => {
                *outcomes.acknowledged.entry((id, action)).or_default() += 1;
                outcomes.late.remove(&id);
            }
            // No other worker touches this application, so only an earlier action without an answer can make this one fail: PostgreSQL
            // may commit it after the server was killed.
            Ok(false) => {
                assert!(scene.registry.engine() == "postgres", "{action} was refused");
                assert!(outcomes.late.remove(&id), "{action} was refused, although no action was unanswered");
                drop(outcomes);
                let now = case.candidate.application(id).await.unwrap().row.version;
                assert!(now > version, "{action} was refused, although nothing was committed late");
            }
            Err(_) => {
                *outcomes.unanswered.entry((id, action)).or_default() += 1;
                outcomes.late.insert(id);
                return;
            }
        }
    }
}

/// Checks that nothing is missing, written in part, or written twice.
async fn check(scene: &Scene, url: &str, engine: &str, last: bool) {
    for (what, statement) in [
        ("a lock without its application", "SELECT COUNT(*) FROM entry WHERE locks <> (SELECT COUNT(*) FROM application_entry WHERE entry_id = entry.id)"),
        (
            "half a submission",
            "SELECT COUNT(*) FROM application WHERE status <> 'draft' AND NOT (status = 'abandoned' AND COALESCE(serial, '') = '' AND snapshot_sealed IS NULL)
                AND (serial IS NULL OR snapshot_sealed IS NULL OR waiting IS NULL
                OR NOT EXISTS (SELECT 1 FROM paper WHERE application_id = application.id AND version = application.paper))",
        ),
        (
            "versions that were issued twice, or without a submission",
            "SELECT COUNT(*) FROM application WHERE paper <> (SELECT COUNT(*) FROM audit WHERE subject = application.id
                AND action IN ('application.submit', 'application.resubmit'))",
        ),
        (
            "a state that its actions do not lead to",
            "SELECT COUNT(*) FROM application WHERE status = 'returned' AND
                (SELECT COUNT(*) FROM audit WHERE subject = application.id AND action = 'review.return')
                <> 1 + (SELECT COUNT(*) FROM audit WHERE subject = application.id AND action = 'application.resubmit')",
        ),
        (
            "half a signature",
            "SELECT COUNT(*) FROM application WHERE (status IN ('signed', 'area_approved')) <> (EXISTS (SELECT 1 FROM signature WHERE application_id = application.id))",
        ),
    ] {
        assert_eq!(count(url, statement).await, 0, "{engine}: {what}");
    }
    while scene.registry.chain_audit().await.unwrap() > 0 {}
    let findings = scene.registry.verify_audit(&[]).await.unwrap();
    assert!(findings.broken.is_empty(), "{engine}: {:?}", findings.broken);
    let outcomes = scene.outcomes.lock().await;
    for ((id, action), acknowledged) in &outcomes.acknowledged {
        let unanswered = outcomes.unanswered.get(&(*id, *action)).copied().unwrap_or_default();
        let there = scene.registry.audited(action, id.uuid()).await.unwrap();
        assert!(
            (*acknowledged..=acknowledged + unanswered).contains(&there),
            "{engine}: {action}: {there} in the audit, {acknowledged} acknowledged, {unanswered} unanswered"
        );
    }
    for (n, (id, cut)) in outcomes.photos.iter().filter(|_| last) {
        let candidate = scene.cases[*n].lock().await.candidate.clone();
        let now = candidate.profile().await.unwrap().account.photo.unwrap();
        assert!(candidate.photo(now).await.is_ok(), "{engine}: the profile's photo is missing");
        assert!(now == *id || *cut, "{engine}: the photo that was acknowledged last is not the profile's");
    }
}

/// How often the audit says that something was done.
async fn audited(url: &str, action: &str) -> i64 {
    count(url, &format!("SELECT COUNT(*) FROM audit WHERE action = '{action}'")).await
}

/// The number that a statement counts, on a connection of its own.
async fn count(url: &str, statement: &str) -> i64 {
    let statement = sqlx::AssertSqlSafe(statement.to_owned());
    let (count,): (i64,) = if url.starts_with("sqlite") {
        sqlx::query_as(statement).fetch_one(&mut SqliteConnection::connect(url).await.unwrap()).await.unwrap()
    } else {
        sqlx::query_as(statement).fetch_one(&mut PgConnection::connect(url).await.unwrap()).await.unwrap()
    };
    count
}
