//! Requests over a socket, each measured beside a baseline in the same run: pages beside the same bytes served statically, log-ins
//! beside bare password hashes, and an honest client alone and during attacks. `http pages [NAME]` measures pages alone.
#![recursion_limit = "512"]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark measures, and stops at the first failure"
)]
#[path = "../common/mod.rs"]
mod common;

use app::{http::assets::Assets, request::AppState, router::build_router};
use common::{at, exchange, get, micros, ratio, serve};
use forms::{ids::ApplicationId, journey::Step};
use registry::{
    Dictionary, Registry, Settings,
    demo::{self, DemoLogin},
};
use server::listen::Limits;
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const ASKS: usize = 2_000;
/// Rounds of each attack, alternating with rounds without it.
const ROUNDS: usize = 3;
const IDLE: usize = 5_000;
const LOGINS: usize = 60;
/// Wrong passwords for existing accounts, and as many for missing ones.
const GUESSES: usize = 300;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, kind, address] = arguments.as_slice()
        && what == "attack"
    {
        return attack(kind, address.parse().unwrap()).await;
    }
    let (_, most) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(most, most).unwrap();
    let server = Server::start().await;
    match arguments.as_slice() {
        [what] if what == "pages" => return pages(&server, "").await,
        [what, name] if what == "pages" => return pages(&server, name).await,
        _ => pages(&server, "").await,
    }
    logins(&server).await;
    wrong_passwords(&server).await;
    attacks(server.address).await;
    idle_connections(server.address).await;
}

/// A server on a socket, with the demonstration and two more candidates.
struct Server {
    address: SocketAddr,
    logins: Vec<DemoLogin>,
    /// The username of a candidate with a complete draft, and the draft.
    drafting: (String, ApplicationId),
    /// The username of a candidate who has submitted, and the application.
    submitted: (String, ApplicationId),
    _dir: tempfile::TempDir,
}
impl Server {
    async fn start() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}/http.db", dir.path().display());
        let settings = Settings { login_budget: i64::MAX, ..Settings::new(&url, &[7; 32]) };
        let registry = Registry::open(settings).await.unwrap();
        let logins = demo::load(&registry).await.unwrap();
        let dictionary = Dictionary::default();
        dictionary.refresh(&registry).await.unwrap();
        let session = registry.exam_sessions().await.unwrap()[0].id;
        let (drafting, draft, _) = demo::ready(&registry, session, &dictionary, 1).await.unwrap();
        let (done, submitted, version) = demo::ready(&registry, session, &dictionary, 2).await.unwrap();
        done.submit_application(submitted, version).await.unwrap();
        let drafting = (drafting.about().username.clone(), draft);
        let submitted = (done.about().username.clone(), submitted);
        let assets = dir.path().join("pkg");
        std::fs::create_dir(&assets).unwrap();
        std::fs::write(assets.join("large.bin"), vec![7; 4 << 20]).unwrap();
        let state =
            AppState { assets: Arc::new(Assets::read(&assets).unwrap()), ..AppState::new(registry, dictionary) };
        let address = serve(build_router(state)).await;
        Self { address, logins, drafting, submitted, _dir: dir }
    }
    /// Logs in at `path` and returns the session's cookie.
    async fn cookie(&self, path: &str, name: &str, password: &str) -> String {
        let answer = post(self.address, path, &format!("username={name}&password={password}")).await;
        let set = answer.lines().filter_map(|line| line.strip_prefix("set-cookie: "));
        let mut cookies = set.filter_map(|cookie| cookie.split(';').next());
        cookies.find(|cookie| cookie.starts_with("session=") || cookie.starts_with("staff=")).unwrap().to_owned()
    }
}

/// Pages whose name contains `wanted`, beside a handler that answers with the same bytes.
async fn pages(server: &Server, wanted: &str) {
    let address = server.address;
    let password = &server.logins.iter().find(|login| login.username == "office_site").unwrap().password;
    let drafting = server.cookie("/login", &server.drafting.0, demo::PASSWORD).await;
    let candidate = server.cookie("/login", &server.submitted.0, demo::PASSWORD).await;
    let officer = server.cookie("/admin/login", "office_site", password).await;
    let (draft, submitted) = (server.drafting.1, server.submitted.1);
    let mut pages = vec![
        ("home".to_owned(), "/".to_owned(), ""),
        ("login".to_owned(), "/login".to_owned(), ""),
        ("register".to_owned(), "/register".to_owned(), ""),
        ("exams".to_owned(), "/exams".to_owned(), &candidate),
        ("application".to_owned(), format!("/applications/{submitted}"), &candidate),
        ("queue".to_owned(), "/admin".to_owned(), &officer),
        ("record".to_owned(), format!("/admin/review/{submitted}"), &officer),
    ];
    for step in Step::ALL {
        pages.push((format!("step_{}", step.code()), format!("/applications/{draft}/{}", step.code()), &drafting));
    }
    for (name, path, cookie) in pages.into_iter().filter(|(name, ..)| name.contains(wanted)) {
        let page = get(address, &path, cookie).await;
        let fixed: &'static str = Box::leak(page.split_once("\r\n\r\n").unwrap().1.to_owned().into_boxed_str());
        let fixed_server =
            serve(axum::Router::new().route("/", axum::routing::get(move || async move { fixed }))).await;
        let (own, base) = (asked(address, &path, cookie).await, asked(fixed_server, "/", "").await);
        for (what, own, base) in [("p50", own.0, base.0), ("p99", own.1, base.1)] {
            println!(
                "bench page.http_{name}_{what} {:.0} us, {:.2} x the same {} KB served statically ({:.0} us)",
                micros(own),
                ratio(own, base),
                fixed.len() / 1024,
                micros(base)
            );
        }
    }
}

/// Log-ins, beside bare hashes of the same cost on as many threads.
async fn logins(server: &Server) {
    let address = server.address;
    let threads = std::thread::available_parallelism().map_or(2, Into::into);
    let begun = Instant::now();
    let hashing: Vec<_> = (0..threads)
        .map(|_| {
            std::thread::spawn(move || {
                let argon = argon2::Argon2::new(
                    argon2::Algorithm::Argon2id,
                    argon2::Version::V0x13,
                    argon2::Params::new(19 * 1024, 2, 1, None).unwrap(),
                );
                for _ in 0..LOGINS / threads {
                    argon.hash_password_into(b"Yuan2026", b"sixteen bytes ok", &mut [0; 32]).unwrap();
                }
            })
        })
        .collect();
    hashing.into_iter().for_each(|thread| thread.join().unwrap());
    let bare = LOGINS as f64 / begun.elapsed().as_secs_f64();
    let alone = asked(address, "/healthz", "").await;
    let (user, word) = (server.logins[0].username.clone(), server.logins[0].password.clone());
    let begun = Instant::now();
    let clients: Vec<_> = (0..8)
        .map(|_| {
            let body = format!("username={user}&password={word}");
            tokio::spawn(async move {
                for _ in 0..LOGINS / 8 {
                    let answer = post(address, "/login", &body).await;
                    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
                }
            })
        })
        .collect();
    let meanwhile = tokio::spawn(asked(address, "/healthz", ""));
    for client in clients {
        client.await.unwrap();
    }
    let rate = (LOGINS / 8 * 8) as f64 / begun.elapsed().as_secs_f64();
    println!("bench login.rate {rate:.1} /s, {:.2} x bare argon2id on {threads} threads ({bare:.1} /s)", rate / bare);
    let busy = meanwhile.await.unwrap();
    println!(
        "bench login.others_p99 {:.0} us, {:.2} x without log-ins ({:.0} us)",
        micros(busy.1),
        ratio(busy.1, alone.1),
        micros(alone.1)
    );
}

/// Wrong passwords for existing and for missing accounts, in random order.
async fn wrong_passwords(server: &Server) {
    let (address, logins) = (server.address, &server.logins);
    let known: Vec<&str> =
        logins.iter().map(|login| login.username.as_str()).filter(|name| name.starts_with("demo")).collect();
    let mut times = [Vec::with_capacity(GUESSES), Vec::with_capacity(GUESSES)];
    while times.iter().any(|times| times.len() < GUESSES) {
        let which = usize::from(registry::Entropy::system().number().is_multiple_of(2));
        let turn = times[which].len();
        if turn < GUESSES {
            let name = known[turn % known.len()];
            let name = if which == 0 { name.to_owned() } else { format!("nobody_{}", &name[5..]) };
            let begun = Instant::now();
            let answer = post(address, "/login", &format!("username={name}&password=Wrong1")).await;
            times[which].push(begun.elapsed());
            assert!(answer.starts_with("HTTP/1.1 422"));
        }
    }
    let longer = times[0].iter().flat_map(|own| times[1].iter().map(move |other| own > other));
    let share = longer.filter(|longer| *longer).count() as f64 / (GUESSES * GUESSES) as f64;
    let [known, missing] = times.map(at);
    println!(
        "bench login.known_p50 {:.0} us, {:.3} x a missing account ({:.0} us); it takes longer in {share:.3} of all pairs",
        micros(known.0),
        ratio(known.0, missing.0),
        micros(missing.0)
    );
}

/// An honest client during each kind of attack, and alone in turn. The attackers are a process of their own.
async fn attacks(address: SocketAddr) {
    for kind in ATTACKS {
        let (mut alone, mut beside) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            alone.extend(times_of(address, "/", "").await);
            let mut attacker = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["attack", kind, &address.to_string()])
                .spawn()
                .unwrap();
            tokio::time::sleep(Duration::from_secs(1)).await;
            beside.extend(times_of(address, "/", "").await);
            attacker.kill().unwrap();
            attacker.wait().unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        let (alone, beside) = (at(alone), at(beside));
        for (what, alone, beside) in [("p50", alone.0, beside.0), ("p99", alone.1, beside.1)] {
            println!(
                "bench http.{what}_beside_{kind} {:.0} us, {:.2} x alone ({:.0} us)",
                micros(beside),
                ratio(beside, alone),
                micros(alone)
            );
        }
    }
}

/// An honest client beside thousands of idle connections.
async fn idle_connections(address: SocketAddr) {
    let alone = asked(address, "/", "").await;
    let mut idle = Vec::with_capacity(IDLE);
    for _ in 0..IDLE {
        idle.extend(TcpStream::connect(address).await.ok());
    }
    let beside = asked(address, "/", "").await;
    println!(
        "bench http.p99_beside_{}_idle {:.0} us, {:.2} x alone ({:.0} us)",
        idle.len(),
        micros(beside.1),
        ratio(beside.1, alone.1),
        micros(alone.1)
    );
    tokio::time::sleep(Limits::default().head + Duration::from_secs(1)).await;
    let mut open = 0;
    for stream in &mut idle {
        let mut byte = [0];
        // A closed connection says so at once; one still open has nothing to say.
        open += usize::from(tokio::time::timeout(Duration::from_micros(200), stream.read(&mut byte)).await.is_err());
    }
    println!("bench http.idle_open_after_11_s {open} connections");
}

async fn post(address: SocketAddr, path: &str, body: &str) -> String {
    let length = body.len();
    exchange(address, &format!("{}content-length: {length}\r\nconnection: close\r\n\r\n{body}", head(path, FORM))).await
}
const FORM: &str = "application/x-www-form-urlencoded";
fn head(path: &str, kind: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-type: {kind}\r\n")
}

/// The kinds of attack.
const ATTACKS: [&str; 7] =
    ["slow_heads", "slow_bodies", "slow_readers", "endless_bodies", "large_posts", "nested_json", "no_boundary"];

/// Attacks until the process is killed. Slow attackers hold five hundred connections; attackers that send much connect forty times a
/// second, with more than 256 KB each: attacker and server share the machine, so the attacker's own work must stay small.
async fn attack(kind: &str, address: SocketAddr) {
    let slow = kind.starts_with("slow");
    for _ in 0..if slow { 500 } else { 8 } {
        let kind = kind.to_owned();
        tokio::spawn(async move {
            loop {
                // The server closes or refuses the connection; the attacker connects again.
                let _ = strike(&kind, address).await;
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        });
    }
    std::future::pending::<()>().await;
}
async fn strike(kind: &str, address: SocketAddr) -> std::io::Result<()> {
    let socket = tokio::net::TcpSocket::new_v4()?;
    if kind == "slow_readers" {
        socket.set_recv_buffer_size(4096)?;
    }
    let mut stream = socket.connect(address).await?;
    let drip = Duration::from_millis(300);
    match kind {
        "slow_heads" => {
            stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await?;
            loop {
                stream.write_all(b"a").await?;
                tokio::time::sleep(drip).await;
            }
        }
        "slow_bodies" => {
            stream.write_all(format!("{}content-length: 1000\r\n\r\n", head("/login", FORM)).as_bytes()).await?;
            loop {
                stream.write_all(b"a").await?;
                tokio::time::sleep(drip).await;
            }
        }
        "slow_readers" => {
            stream.write_all(b"GET /pkg/large.bin HTTP/1.1\r\nhost: x\r\n\r\n").await?;
            loop {
                stream.read_u8().await?;
                tokio::time::sleep(drip).await;
            }
        }
        "endless_bodies" => {
            stream.write_all(format!("{}transfer-encoding: chunked\r\n\r\n", head("/login", FORM)).as_bytes()).await?;
            let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
            loop {
                stream.write_all(chunk.as_bytes()).await?;
            }
        }
        "large_posts" => {
            stream.write_all(format!("{}content-length: 10485760\r\n\r\n", head("/login", FORM)).as_bytes()).await?;
            loop {
                stream.write_all(&[b'a'; 0x4000]).await?;
            }
        }
        "nested_json" => {
            let body = format!("{{\"fields\":{}", "[".repeat(100_000));
            let head = head("/api/register", "application/json");
            let length = body.len();
            stream
                .write_all(format!("{head}content-length: {length}\r\nconnection: close\r\n\r\n{body}").as_bytes())
                .await?;
            stream.read_to_end(&mut Vec::new()).await.map(drop)
        }
        _ => {
            let head = head("/photos", "multipart/form-data");
            stream
                .write_all(
                    format!("{head}content-length: 1000\r\nconnection: close\r\n\r\n{}", "a".repeat(1000)).as_bytes(),
                )
                .await?;
            stream.read_to_end(&mut Vec::new()).await.map(drop)
        }
    }
}

/// The median and the 99th percentile of many requests.
async fn asked(address: SocketAddr, path: &str, cookie: &str) -> (Duration, Duration) {
    at(times_of(address, path, cookie).await)
}
async fn times_of(address: SocketAddr, path: &str, cookie: &str) -> Vec<Duration> {
    let mut times = Vec::with_capacity(ASKS);
    for _ in 0..ASKS {
        let begun = Instant::now();
        assert!(get(address, path, cookie).await.starts_with("HTTP/1.1 200"));
        times.push(begun.elapsed());
    }
    times
}
