//! A server process of its own, and a client that speaks HTTP on a socket.
#![allow(
    dead_code,
    clippy::allow_attributes,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "each test uses a part of it, and measures real time"
)]
use forms::ids::AccountId;
use registry::{Dictionary, Entropy, PageOwner, Registry, Settings, demo};
use sqlx::{Connection, PgConnection};
use std::{
    io,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::{sleep, timeout},
};

/// The key that tests seal with.
pub const KEY: [u8; 32] = [7; 32];

/// Whether the long form of the tests runs.
pub fn soak() -> bool {
    std::env::var_os("YIKAO_SOAK").is_some()
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// The memory of a process that is resident, in KiB.
pub fn resident(process: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// The address of a new database of the temporary cluster.
pub async fn postgres(name: &str) -> String {
    let socket = std::env::var("YIKAO_TEST_POSTGRES").expect("YIKAO_TEST_POSTGRES names the cluster: run `make test`");
    let name = format!("{name}{}", Entropy::system().number());
    let mut connection =
        PgConnection::connect(&format!("postgres://yikao@localhost/postgres?host={socket}")).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    format!("postgres://yikao@localhost/{name}?host={socket}")
}

/// A server process, killed when it is dropped.
pub struct Server {
    pub port: u16,
    pub child: Child,
    /// The token of the page that requests come from.
    pub page: String,
}
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer: status, head, body.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
    /// The cookie of a session that began with it.
    pub session: Option<String>,
}

pub const FORM: &str = "application/x-www-form-urlencoded";

/// The command of the server on a database, with its key and an empty site in `dir`. `YIKAO_SERVER` names another build of it
/// (`make soak` takes the release).
pub fn command(dir: &Path, url: &str) -> Command {
    let key = dir.join("key");
    if !key.exists() {
        std::fs::write(&key, "07".repeat(32)).unwrap();
        std::fs::set_permissions(&key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    }
    std::fs::create_dir_all(dir.join("site/pkg")).unwrap();
    let mut command =
        Command::new(std::env::var_os("YIKAO_SERVER").unwrap_or_else(|| env!("CARGO_BIN_EXE_server").into()));
    command
        .env("DATABASE_URL", url)
        .env("SEALING_KEY_FILE", &key)
        .env("SITE_ROOT", dir.join("site"))
        .env("ADDRESS_BUDGET", "0")
        .env("RUST_LOG", "off");
    command
}

/// Where a request comes from: the cookie, and the token of the page.
#[derive(Clone, Default)]
pub struct Origin {
    pub cookie: String,
    pub page: String,
}

/// Fills a database with the shipped lists and one candidate with a profile and a draft: where their requests come from, their account, and the
/// version of their contact data.
pub async fn fill(url: &str) -> (Origin, AccountId, i64) {
    let registry = Registry::open(Settings::new(url, &KEY)).await.unwrap();
    demo::load_shipped(&registry).await.unwrap();
    let session = demo::put_session(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    let (candidate, ..) = demo::ready(&registry, session, &dictionary, 1).await.unwrap();
    let login = registry.login(&candidate.about().username, demo::PASSWORD, None).await.unwrap();
    let version = candidate.profile().await.unwrap().contact.version;
    let account = candidate.account();
    let page = registry.page_token(PageOwner::Candidate(account));
    registry.close().await;
    (Origin { cookie: format!("session={}", login.session.expose()), page }, account, version)
}

/// One request on a new connection, and its whole answer. An error means that none came.
pub async fn exchange(
    port: u16,
    method: &str,
    path: &str,
    kind: &str,
    from: &Origin,
    body: &[u8],
) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    let accept = if path.starts_with("/api/") { "text/plain" } else { "text/html" };
    let head = format!(
        "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nsec-fetch-site: same-origin\r\ncontent-type: {kind}\r\ncookie: {}\r\nx-page: {}\r\naccept: {accept}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        from.cookie,
        from.page,
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
    let session = head.lines().find_map(|line| line.strip_prefix("set-cookie: session=")?.split(';').next());
    let session = session.map(|token| format!("session={token}"));
    Ok(Answer { status, head: head.to_ascii_lowercase(), body: body.to_owned(), session })
}

impl Server {
    /// Starts a command that serves, on a free port, and waits until it answers that it is ready.
    pub async fn start(mut command: Command) -> Self {
        command.stdout(Stdio::null());
        Self::start_with_output(command).await
    }
    /// The same with the standard output that the command has.
    pub async fn start_with_output(mut command: Command) -> Self {
        let port = free_port();
        let child = command.arg("serve").env("LISTEN", format!("127.0.0.1:{port}")).spawn().unwrap();
        let server = Self { port, child, page: String::new() };
        assert!(server.becomes(200, Duration::from_secs(60)).await.is_some(), "the server did not start");
        server
    }
    /// How long it takes until `/readyz` answers with that status; nothing if it does not in time.
    pub async fn becomes(&self, status: u16, within: Duration) -> Option<Duration> {
        let begun = Instant::now();
        while begun.elapsed() < within {
            if self.get("/readyz", "").await.is_ok_and(|answer| answer.status == status) {
                return Some(begun.elapsed());
            }
            sleep(Duration::from_millis(50)).await;
        }
        None
    }
    pub async fn get(&self, path: &str, cookie: &str) -> io::Result<Answer> {
        self.send("GET", path, "", cookie, b"").await
    }
    pub async fn post(&self, path: &str, cookie: &str, body: &str) -> io::Result<Answer> {
        self.send("POST", path, FORM, cookie, body.as_bytes()).await
    }
    /// One request on a new connection. An error means that no complete answer came within half a minute.
    pub async fn send(&self, method: &str, path: &str, kind: &str, cookie: &str, body: &[u8]) -> io::Result<Answer> {
        let from = Origin { cookie: cookie.to_owned(), page: self.page.clone() };
        let ask = exchange(self.port, method, path, kind, &from, body);
        timeout(Duration::from_secs(30), ask).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
    }
}
