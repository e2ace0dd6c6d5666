//! Figures of the door, each beside a baseline measured in the same run: what an honest client waits alone and under attack,
//! log-ins against bare hashes, pages against the same bytes served as a file.
#![recursion_limit = "512"]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark measures, and stops at what cannot be"
)]
use app::door::{Addresses, AppState, Assets, build_router};
use registry::{Dictionary, Registry, Settings, demo};
use server::listen::{self, Limits};
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
const IDLE: usize = 5_000;
const LOGINS: usize = 60;

#[tokio::main]
async fn main() {
    let (_, most) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(most, most).unwrap();
    let books = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/books.db", books.path().display());
    let registry = Registry::open(Settings::new(&url, &[7; 32])).await.unwrap();
    let logins = demo::load(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    let state = AppState {
        registry,
        dictionary,
        assets: Arc::new(Assets::default()),
        addresses: Addresses::per_minute(0),
        secure: false,
        public_url: "http://yikao.test".into(),
    };
    let address = serve(build_router(state)).await;

    // Pages, beside a handler that answers with the same bytes.
    for (name, path) in [("home", "/"), ("login", "/login"), ("register", "/register")] {
        let page = get(address, path).await;
        let fixed: &'static str = Box::leak(page.split_once("\r\n\r\n").unwrap().1.to_owned().into_boxed_str());
        let still = serve(axum::Router::new().route("/", axum::routing::get(move || async move { fixed }))).await;
        let (own, base) = (asked(address, path).await, asked(still, "/").await);
        println!("bench page.{name}_p99 {:.0} us", micros(own.1));
        println!(
            "bench page.{name}_p50 {:.0} us, {:.2} x the same bytes as they are ({:.0} us)",
            micros(own.0),
            ratio(own.0, base.0),
            micros(base.0)
        );
    }

    // Log-ins, beside bare hashes of the same cost on as many threads.
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
    let alone = asked(address, "/healthz").await;
    let (user, word) = (logins[0].username.clone(), logins[0].password.clone());
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
    let meanwhile = tokio::spawn(asked(address, "/healthz"));
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

    // An honest client beside thousands who say nothing.
    let alone = asked(address, "/").await;
    let mut idle = Vec::with_capacity(IDLE);
    for _ in 0..IDLE {
        idle.extend(TcpStream::connect(address).await.ok());
    }
    let beside = asked(address, "/").await;
    println!(
        "bench door.p99_beside_{}_idle {:.0} us, {:.2} x alone ({:.0} us)",
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
    println!("bench door.idle_open_after_11_s {open} connections");
}

async fn serve(router: axum::Router) -> SocketAddr {
    let listener = listen::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let proxies = vec!["127.0.0.0/8".parse().unwrap()];
    tokio::spawn(listen::serve(listener, router, Limits::default(), proxies, std::future::pending()));
    address
}

async fn exchange(address: SocketAddr, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}
async fn get(address: SocketAddr, path: &str) -> String {
    exchange(address, &format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")).await
}
async fn post(address: SocketAddr, path: &str, body: &str) -> String {
    let length = body.len();
    exchange(address, &format!("POST {path} HTTP/1.1\r\nhost: x\r\norigin: http://x\r\nconnection: close\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {length}\r\n\r\n{body}")).await
}

/// The time that half of many requests take at most, and 99 in 100 of them.
async fn asked(address: SocketAddr, path: &'static str) -> (Duration, Duration) {
    let mut times = Vec::with_capacity(ASKS);
    for _ in 0..ASKS {
        let begun = Instant::now();
        assert!(get(address, path).await.starts_with("HTTP/1.1 200"));
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    (times[ASKS / 2], times[ASKS * 99 / 100])
}
fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}
