//! Floods of guesses and of uploads against the server's binary: whoever comes with a browser that is known logs in, everybody else is told
//! at once to come back, and memory stays what it was. With `YIKAO_SOAK` a thousand guesses wait at any time and log-ins are timed;
//! otherwise fewer do and only what is answered is looked at. Times are printed.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop, and this one measures real time"
)]
mod common;

use common::resident;
use forms::account::RegistrationDraft;
use registry::{PageOwner, Registry, Settings, demo};
use std::{
    collections::BTreeMap,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::sleep,
};

const PASSWORD: &str = "Yuan2026";
/// The most memory that the server may have, in KiB.
const MEMORY: u64 = 150 * 1024;

/// 256 MB, in KiB.
const SMALL_MACHINE: u64 = 256 * 1024;

/// Starts the server; with `data` KiB of private memory at most, its stacks and what it has only reserved included. That is a limit that
/// every user may set, and a harder one than a control group's, which counts what is resident.
fn start(dir: &Path, url: &str, port: u16, data: Option<u64>) -> Child {
    let mut command = common::command(dir, url);
    if let Some(data) = data {
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit -d {data} && exec \"$0\" \"$@\"")]).arg(command.get_program());
        for (name, value) in command.get_envs() {
            limited.env(name, value.unwrap_or_default());
        }
        command = limited;
    }
    command.arg("serve").env("LISTEN", format!("127.0.0.1:{port}")).env("RUST_LOG", "error").stdout(Stdio::null());
    command.spawn().unwrap()
}

/// Sends a request and returns the status.
async fn send(port: u16, head: &str, body: &[u8]) -> std::io::Result<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let head =
        format!("{head}host: x\r\norigin: http://x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let status = answer.get(9..12).and_then(|status| str::from_utf8(status).ok()?.parse().ok()).unwrap_or_default();
    assert!(status != 503 || String::from_utf8_lossy(&answer).to_lowercase().contains("retry-after: 5"));
    Ok(status)
}

/// Posts a log-in and returns the status.
async fn log_in(port: u16, name: &str, password: &str, from: &str, cookie: &str) -> std::io::Result<u16> {
    let head = format!(
        "POST /login HTTP/1.1\r\nx-forwarded-for: {from}\r\ncookie: {cookie}\r\ncontent-type: application/x-www-form-urlencoded\r\n"
    );
    send(port, &head, format!("username={name}&password={password}").as_bytes()).await
}

/// How long a known browser may take. A build without optimisation shares the cores with a thousand clients that it answers
/// ten times more slowly.
fn patience() -> Duration {
    Duration::from_secs(if std::env::var_os("YIKAO_SERVER").is_some() { 1 } else { 5 })
}

/// A server, and somebody who has logged in to it before.
struct Honest {
    server: Child,
    port: u16,
    device: String,
    session: String,
    /// The token of a page of theirs.
    page: String,
    _dir: tempfile::TempDir,
}
impl Honest {
    async fn on_sqlite(port: u16, data: Option<u64>) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", dir.path().join("flood.db").display());
        Self::new(dir, url, port, data).await
    }
    async fn on_postgres(port: u16) -> Self {
        Self::new(tempfile::tempdir().unwrap(), common::postgres("flood").await, port, None).await
    }
    async fn new(dir: tempfile::TempDir, url: String, port: u16, data: Option<u64>) -> Self {
        let registry = Registry::open(Settings::new(&url, &[7; 32])).await.unwrap();
        demo::load_shipped(&registry).await.unwrap();
        let draft = RegistrationDraft {
            username: "honest".into(),
            name: "张伟".into(),
            document_type: "resident_id".into(),
            document_number: "110101199003070003".into(),
            ethnic_group: "01".into(),
            password: PASSWORD.into(),
            password_again: PASSWORD.into(),
            recovery_question: "小学的名字".into(),
            recovery_answer: "实验小学".into(),
            ..RegistrationDraft::default()
        };
        let (today, rules) = (registry.settings().clock.now().date(), registry.settings().account_rules);
        let account = registry.register(draft.check(&forms::Context { today, rules }).unwrap()).await.unwrap();
        let login = registry.login("honest", PASSWORD, None).await.unwrap();
        let device = format!("device={}", login.device.expose());
        let session = format!("session={}", login.session.expose());
        let page = registry.page_token(PageOwner::Candidate(account));
        registry.close().await;
        let server = start(dir.path(), &url, port, data);
        while log_in(port, "honest", PASSWORD, "198.51.100.7", &device).await.ok() != Some(303) {
            sleep(Duration::from_millis(50)).await;
        }
        Self { server, port, device, session, page, _dir: dir }
    }
    /// Logs in with the browser that is known, and returns how long that took.
    async fn log_in(&self) -> Duration {
        let begun = Instant::now();
        let status = log_in(self.port, "honest", PASSWORD, "198.51.100.7", &self.device).await.unwrap();
        assert_eq!(status, 303);
        begun.elapsed()
    }
}
impl Drop for Honest {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_uploads_at_once_of_one_account_keep_no_log_in_waiting_on_sqlite() {
    uploads(Honest::on_sqlite(3394, None).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twenty_uploads_at_once_of_one_account_keep_no_log_in_waiting_on_postgres() {
    uploads(Honest::on_postgres(3396).await).await;
}

async fn uploads(honest: Honest) {
    let soak = common::soak();
    let port = honest.port;
    let stopped = Arc::new(AtomicBool::new(false));
    let answers: Arc<Mutex<BTreeMap<u16, usize>>> = Arc::default();
    let portrait = demo::portrait().unwrap();
    let uploads: Vec<_> = (0..20)
        .map(|_| {
            let (stopped, answers, portrait) = (stopped.clone(), answers.clone(), portrait.clone());
            let head = format!(
                "POST /photos HTTP/1.1\r\ncookie: {}\r\nx-page: {}\r\naccept: text/plain\r\ncontent-type: image/jpeg\r\n",
                honest.session, honest.page
            );
            tokio::spawn(async move {
                while !stopped.load(Ordering::Relaxed) {
                    let status = send(port, &head, &portrait).await.unwrap_or_default();
                    *answers.lock().unwrap().entry(status).or_default() += 1;
                    sleep(Duration::from_millis(if status == 200 { 0 } else { 200 })).await;
                }
            })
        })
        .collect();
    let mut times = Vec::new();
    for _ in 0..if soak { 20 } else { 5 } {
        sleep(Duration::from_millis(100)).await;
        times.push(honest.log_in().await);
    }
    stopped.store(true, Ordering::Relaxed);
    for upload in uploads {
        upload.await.unwrap();
    }
    times.sort_unstable();
    let longest = times[times.len() - 1];
    let answers = answers.lock().unwrap();
    eprintln!(
        "   twenty uploads at once: a log-in takes {:.0?}, {longest:.0?} at most; answers {answers:?}",
        times[times.len() / 2]
    );
    // Some were taken, and what was too much was told so.
    assert!(answers.contains_key(&200) && answers.contains_key(&503), "{answers:?}");
    assert!(!soak || longest <= patience(), "{longest:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_guesses_keeps_no_known_browser_out_and_takes_no_memory_on_sqlite() {
    flood(&mut Honest::on_sqlite(3393, None).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_guesses_keeps_no_known_browser_out_and_takes_no_memory_on_postgres() {
    flood(&mut Honest::on_postgres(3395).await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_guesses_is_turned_away_by_a_server_of_256_megabytes_which_lives_on() {
    let mut honest = Honest::on_sqlite(3398, Some(SMALL_MACHINE)).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", honest.server.id())).unwrap();
    let limit = limits.lines().find(|line| line.starts_with("Max data size")).unwrap();
    assert_eq!(limit.split_whitespace().nth(3), Some((SMALL_MACHINE * 1024).to_string().as_str()), "{limit}");
    flood(&mut honest).await;
}

async fn flood(honest: &mut Honest) {
    let soak = common::soak();
    let (guessers, log_ins) = if soak { (1_000, 40) } else { (150, 8) };
    let port = honest.port;
    let server = &honest.server;
    let before = resident(server);
    let stopped = Arc::new(AtomicBool::new(false));
    let answers: Arc<Mutex<BTreeMap<u16, usize>>> = Arc::default();
    let flood: Vec<_> = (0..guessers)
        .map(|n| {
            let (stopped, answers) = (stopped.clone(), answers.clone());
            tokio::spawn(async move {
                let from = format!("10.{}.{}.1", n / 250, n % 250);
                for guess in 0.. {
                    if stopped.load(Ordering::Relaxed) {
                        break;
                    }
                    // A name of its own for each guess: one that was tried often is refused without a hash.
                    let name = format!("guess_{n}_{guess}");
                    let status = log_in(port, &name, "wrong1", &from, "").await.unwrap_or_default();
                    *answers.lock().unwrap().entry(status).or_default() += 1;
                    // Faster than anybody is told to come back, slow enough that the clients leave the server some time.
                    sleep(Duration::from_millis(if status == 503 { 1_000 } else { 10 })).await;
                }
            })
        })
        .collect();
    while answers.lock().unwrap().get(&503).copied().unwrap_or_default() < guessers / 10 {
        sleep(Duration::from_millis(20)).await;
    }
    let (mut times, mut most) = (Vec::new(), 0);
    for _ in 0..log_ins {
        times.push(honest.log_in().await);
        most = most.max(resident(server));
        sleep(Duration::from_millis(100)).await;
    }
    stopped.store(true, Ordering::Relaxed);
    for guesser in flood {
        guesser.await.unwrap();
    }
    most = most.max(resident(server));
    times.sort_unstable();
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    eprintln!(
        "   {guessers} guessers: a known browser logs in in {median:.0?}, {longest:.0?} at most; memory {} MB, {} MB at most; answers {:?}",
        before / 1024,
        most / 1024,
        answers.lock().unwrap()
    );
    assert!(most <= MEMORY, "{most} KiB");
    assert!(honest.server.try_wait().unwrap().is_none(), "the server is gone");
    assert!(answers.lock().unwrap().contains_key(&503), "nobody was turned away");
    assert!(!soak || longest <= patience(), "{longest:?}");
}
