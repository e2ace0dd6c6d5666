//! An honest client beside attackers, each kind alternating with rounds without it. The attackers are a process of their own; attacker and
//! server share the machine, so the attacker's own work must stay small.
use crate::{
    ASKS, FORM, Server,
    common::{at, micros, ratio, serve_within},
    head, times_of,
};
use registry::{Entropy, demo};
use server::listen::Limits;
use std::{io, net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    time::sleep,
};

/// Rounds of each attack, alternating with rounds without it.
const ROUNDS: usize = 3;
const IDLE: usize = 5_000;
/// Places for connections where sockets are the attack, of which one address may hold an eighth.
const PLACES: usize = 4_000;

/// The kinds of attack.
const ATTACKS: [&str; 16] = [
    "slow_heads",
    "slow_bodies",
    "slow_readers",
    "endless_bodies",
    "large_posts",
    "nested_fields",
    "no_boundary",
    "guesses",
    "recoveries",
    "drafts",
    "uploads",
    "scans",
    "pairs",
    "parts",
    "hang_ups",
    "sockets",
];

/// The attacks whose name contains `wanted`.
pub async fn attacks(server: &Server, wanted: &str) {
    let cookie = server.cookie("/login", &server.drafting.0, demo::PASSWORD).await;
    for kind in ATTACKS.into_iter().filter(|kind| kind.contains(wanted)) {
        let address = if kind == "sockets" {
            let limits = Limits { connections: PLACES, per_address: PLACES / 8, ..Limits::default() };
            serve_within(server.router.clone(), limits).await
        } else {
            server.address
        };
        let memory = resident();
        let (mut alone, mut beside) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            alone.extend(times_of(address, "/", "").await);
            let mut attacker = std::process::Command::new(std::env::current_exe().unwrap())
                .args(["attack", kind, &address.to_string(), &cookie, &server.page])
                .spawn()
                .unwrap();
            sleep(Duration::from_secs(1)).await;
            beside.extend(times_of(address, "/", "").await);
            attacker.kill().unwrap();
            attacker.wait().unwrap();
            sleep(Duration::from_millis(300)).await;
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
        if matches!(kind, "hang_ups" | "guesses" | "uploads") {
            println!("bench http.memory_after_{kind} {} MB, {memory} MB before", resident());
        }
    }
}

/// The resident memory of this process, which is the server, in MB.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// An honest client beside thousands of idle connections of ten addresses.
pub async fn idle_connections(address: SocketAddr) {
    let alone = at(times_of(address, "/", "").await);
    let mut idle = Vec::with_capacity(IDLE);
    for n in 0..IDLE {
        idle.extend(from(address, n % 10).await.ok());
    }
    let beside = at(times_of(address, "/", "").await);
    println!(
        "bench http.p99_beside_{}_idle {:.0} us, {:.2} x alone ({:.0} us)",
        idle.len(),
        micros(beside.1),
        ratio(beside.1, alone.1),
        micros(alone.1)
    );
    sleep(Limits::default().head + Duration::from_secs(1)).await;
    let mut open = 0;
    for stream in &mut idle {
        let mut byte = [0];
        // A closed connection says so at once; one still open has nothing to say.
        open += usize::from(tokio::time::timeout(Duration::from_micros(200), stream.read(&mut byte)).await.is_err());
    }
    println!("bench http.idle_open_after_11_s {open} connections, of {ASKS} requests none was refused");
}

/// A connection from the n-th address of the attackers, which is no proxy.
async fn from(address: SocketAddr, n: usize) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 3, (n / 250) as u8, (n % 250 + 1) as u8], 0)))?;
    socket.connect(address).await
}

/// Attacks until the process is killed. Slow attackers hold five hundred connections, each of which costs nothing meanwhile; those who
/// guess come from two hundred addresses; the others connect forty times a second, mostly with as much as is read of a body.
pub async fn attack(kind: &str, address: SocketAddr, cookie: &str, page: &str) {
    let (_, most) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(most, most).unwrap();
    if kind == "sockets" {
        return hold(address, (most as usize - 500).min(2 * PLACES)).await;
    }
    let clients = match kind {
        "slow_heads" | "slow_bodies" | "slow_readers" => 500,
        "guesses" | "recoveries" => 200,
        "drafts" | "hang_ups" => 50,
        "uploads" => 20,
        _ => 8,
    };
    for n in 0..clients {
        let (kind, origin) = (kind.to_owned(), format!("cookie: {cookie}\r\nx-page: {page}\r\n"));
        tokio::spawn(async move {
            loop {
                // The server closes or refuses the connection; the attacker connects again.
                let _ = strike(&kind, address, n, &origin).await;
                let pause = if kind == "hang_ups" { 5 } else { 200 };
                sleep(Duration::from_millis(pause)).await;
            }
        });
    }
    std::future::pending::<()>().await;
}

/// Holds idle connections of ten addresses, and opens others for those that are closed.
async fn hold(address: SocketAddr, most: usize) {
    let mut held = std::collections::VecDeque::new();
    for n in 0.. {
        if held.len() >= most {
            held.pop_front();
            sleep(Duration::from_millis(1)).await;
        }
        held.extend(from(address, n % 10).await.ok());
    }
}

/// Sends a post with a body and waits for the answer.
async fn send(mut stream: TcpStream, head: &str, body: &[u8]) -> io::Result<()> {
    let head = format!("{head}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.read_to_end(&mut Vec::new()).await.map(drop)
}

async fn strike(kind: &str, address: SocketAddr, n: usize, origin: &str) -> io::Result<()> {
    match kind {
        "slow_heads" | "slow_bodies" | "slow_readers" | "endless_bodies" | "large_posts" => {
            return drip(kind, address).await;
        }
        _ => {}
    }
    let mut stream = from(address, n).await?;
    let turn = Entropy::system().number();
    let upload = |kind: &str| format!("{}{origin}accept: text/plain\r\n", head("/photos", kind));
    match kind {
        "nested_fields" => {
            let body = format!("fields{}=1", "[a]".repeat(80_000));
            send(stream, &head("/api/register", FORM), body.as_bytes()).await
        }
        "no_boundary" => send(stream, &upload("multipart/form-data"), &[b'a'; 1000]).await,
        "guesses" => {
            send(stream, &head("/login", FORM), format!("username=guess_{turn}&password=Wrong1").as_bytes()).await
        }
        "recoveries" => {
            let seventeen = format!("1101011950{:02}{:02}{:03}", turn % 12 + 1, turn / 12 % 28 + 1, turn / 400 % 1000);
            let number = format!("{seventeen}{}", forms::text::mod_11_2(seventeen.as_bytes()) as char);
            let body = format!(
                "name=%E5%BC%A0%E4%BC%9F&document_type=resident_id&document_number={number}&recovery_answer=Wrong&password=Gao2027&password_again=Gao2027"
            );
            send(stream, &head("/recover", FORM), body.as_bytes()).await
        }
        "drafts" => {
            let head = format!("{}x-draft: 1\r\n", head("/register", FORM));
            send(stream, &head, format!("username=draft_{turn}&name=%E5%BC%A0&address={}", "a".repeat(1000)).as_bytes())
                .await
        }
        "uploads" => send(stream, &upload("image/jpeg"), &demo::portrait().unwrap()).await,
        // As many scans as fit into what is read of a photo.
        "scans" => {
            let mut jpeg = demo::portrait().unwrap();
            jpeg.truncate(jpeg.len() - 2);
            while jpeg.len() < 60_000 {
                jpeg.extend([0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 7]);
            }
            jpeg.extend([0xFF, 0xD9]);
            send(stream, &upload("image/jpeg"), &jpeg).await
        }
        "pairs" => send(stream, &head("/login", FORM), "a&".repeat(131_000).as_bytes()).await,
        "parts" => {
            let part = "--x\r\ncontent-disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
            send(stream, &upload("multipart/form-data; boundary=x"), part.repeat(100_000).as_bytes()).await
        }
        _ => {
            stream.write_all(b"GET /register HTTP/1.1\r\nhost: x\r\n\r\n").await?;
            sleep(Duration::from_micros(u64::from(turn % 40) * 100)).await;
            Ok(())
        }
    }
}

/// Attackers who send or read slowly, or without end.
async fn drip(kind: &str, address: SocketAddr) -> io::Result<()> {
    let socket = TcpSocket::new_v4()?;
    if kind == "slow_readers" {
        socket.set_recv_buffer_size(4096)?;
    }
    let mut stream = socket.connect(address).await?;
    let pause = Duration::from_millis(300);
    match kind {
        "slow_heads" => {
            stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: ").await?;
            loop {
                stream.write_all(b"a").await?;
                sleep(pause).await;
            }
        }
        "slow_bodies" => {
            stream.write_all(format!("{}content-length: 1000\r\n\r\n", head("/login", FORM)).as_bytes()).await?;
            loop {
                stream.write_all(b"a").await?;
                sleep(pause).await;
            }
        }
        "slow_readers" => {
            stream.write_all(b"GET /pkg/large.bin HTTP/1.1\r\nhost: x\r\n\r\n").await?;
            loop {
                stream.read_u8().await?;
                sleep(pause).await;
            }
        }
        "endless_bodies" => {
            stream.write_all(format!("{}transfer-encoding: chunked\r\n\r\n", head("/login", FORM)).as_bytes()).await?;
            let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
            loop {
                stream.write_all(chunk.as_bytes()).await?;
            }
        }
        _ => {
            stream.write_all(format!("{}content-length: 10485760\r\n\r\n", head("/login", FORM)).as_bytes()).await?;
            loop {
                stream.write_all(&[b'a'; 0x4000]).await?;
            }
        }
    }
}
