//! A flood of guesses against the server's binary: whoever comes with a browser that is known logs in, everybody else is told
//! at once to come back, and memory stays what it was. With `YIKAO_SOAK` a thousand guesses wait at any time and log-ins are timed;
//! otherwise fewer do and only what is answered is looked at. Times are printed.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop, and this one measures real time"
)]
use forms::account::RegistrationDraft;
use registry::{Registry, Settings, demo};
use std::{
    collections::BTreeMap,
    ffi::OsString,
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

const PORT: u16 = 3393;
const PASSWORD: &str = "Yuan2026";
/// The most memory that the server may have, in KiB.
const MEMORY: u64 = 150 * 1024;

/// The release build, where `YIKAO_SERVER` names it (`make soak`).
fn server_binary() -> Option<OsString> {
    std::env::var_os("YIKAO_SERVER")
}

fn start(dir: &Path, url: &str) -> Child {
    let key = dir.join("key");
    std::fs::write(&key, "07".repeat(32)).unwrap();
    std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    std::fs::create_dir_all(dir.join("site/pkg")).unwrap();
    Command::new(server_binary().unwrap_or_else(|| env!("CARGO_BIN_EXE_server").into()))
        .args(["serve"])
        .env("DATABASE_URL", url)
        .env("SEALING_KEY_FILE", key)
        .env("LISTEN", format!("127.0.0.1:{PORT}"))
        .env("SITE_ROOT", dir.join("site"))
        // What is tested stands behind the budgets of addresses: an attack from many.
        .env("ADDRESS_BUDGET", "0")
        .env("RUST_LOG", "error")
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

/// Posts a log-in and returns the status.
async fn log_in(name: &str, password: &str, from: &str, cookie: &str) -> std::io::Result<u16> {
    let body = format!("username={name}&password={password}");
    let head = format!(
        "POST /login HTTP/1.1\r\nhost: x\r\norigin: http://x\r\nconnection: close\r\nx-forwarded-for: {from}\r\ncookie: {cookie}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", PORT)).await?;
    stream.write_all(head.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let status = answer.get(9..12).and_then(|status| str::from_utf8(status).ok()?.parse().ok()).unwrap_or_default();
    assert!(status != 503 || String::from_utf8_lossy(&answer).to_lowercase().contains("retry-after: 5"));
    Ok(status)
}

fn memory(server: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", server.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_of_guesses_keeps_no_known_browser_out_and_takes_no_memory() {
    let soak = std::env::var_os("YIKAO_SOAK").is_some();
    let (guessers, log_ins) = if soak { (1_000, 40) } else { (150, 8) };
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("flood.db").display());
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
    let context =
        forms::Context { today: registry.settings().clock.now().date(), rules: registry.settings().account_rules };
    registry.register(draft.check(&context).unwrap()).await.unwrap();
    let login = registry.login("honest", PASSWORD, None).await.unwrap();
    let cookie = format!("device={}", login.device.expose());
    registry.close().await;

    let mut server = start(dir.path(), &url);
    while log_in("honest", PASSWORD, "198.51.100.7", &cookie).await.ok() != Some(303) {
        sleep(Duration::from_millis(50)).await;
    }
    let before = memory(&server);
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
                    let status = log_in(&name, "wrong1", &from, "").await.unwrap_or_default();
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
        let begun = Instant::now();
        assert_eq!(log_in("honest", PASSWORD, "198.51.100.7", &cookie).await.unwrap(), 303);
        times.push(begun.elapsed());
        most = most.max(memory(&server));
        sleep(Duration::from_millis(100)).await;
    }
    stopped.store(true, Ordering::Relaxed);
    for guesser in flood {
        guesser.await.unwrap();
    }
    most = most.max(memory(&server));
    times.sort_unstable();
    let (median, longest) = (times[times.len() / 2], times[times.len() - 1]);
    eprintln!(
        "   {guessers} guessers: a known browser logs in in {median:.0?}, {longest:.0?} at most; memory {} MB, {} MB at most; answers {:?}",
        before / 1024,
        most / 1024,
        answers.lock().unwrap()
    );
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(most <= MEMORY, "{most} KiB");
    // A build without optimisation shares the cores with a thousand clients that it answers ten times more slowly.
    let patience = Duration::from_secs(if server_binary().is_some() { 1 } else { 5 });
    assert!(!soak || longest <= patience, "{longest:?}");
}
