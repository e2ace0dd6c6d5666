//! Hostile clients against the real router on a socket: each is closed or refused within fifteen seconds, and honest clients are served.
#![recursion_limit = "512"]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop, and this one measures real time"
)]
use app::{
    http::{assets::Assets, rate_limit::RateLimiter},
    request::AppState,
    router::build_router,
};
use forms::account::RegistrationDraft;
use registry::{Clock, Dictionary, PageOwner, Registry, Settings};
use server::listen::{self, Limits};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
    sync::oneshot,
    time::{sleep, timeout},
};

const PATIENCE: Duration = Duration::from_secs(15);

struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
    registry: Registry,
    _dir: tempfile::TempDir,
}
async fn start(limits: Limits, budget: u32) -> Server {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/listen.db", dir.path().display());
    let registry = Registry::open(Settings { clock: Clock::system(), ..Settings::new(&url, &[7; 32]) }).await.unwrap();
    let assets = dir.path().join("pkg");
    std::fs::create_dir(&assets).unwrap();
    std::fs::write(assets.join("large.bin"), vec![7; 4 << 20]).unwrap();
    let state = AppState {
        assets: Arc::new(Assets::read(&assets).unwrap()),
        rate_limiter: RateLimiter::per_minute(budget),
        upload_limiter: RateLimiter::per_minute(budget),
        ..AppState::new(registry.clone(), Dictionary::default())
    };
    let router = build_router(state);
    let listener = listen::bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let proxies = vec!["127.0.0.9/32".parse().unwrap()];
    let served = tokio::spawn(async move {
        listen::serve(listener, router, limits, proxies, async {
            let _ = stopped.await;
        })
        .await;
    });
    Server { address, stop: Some(stop), served, registry, _dir: dir }
}
impl Server {
    async fn from(&self, own: &str) -> TcpStream {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{own}:0").parse().unwrap()).unwrap();
        socket.connect(self.address).await.unwrap()
    }
    /// A connection that may be refused at once.
    async fn maybe_from(&self, own: &str) -> Option<TcpStream> {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(format!("{own}:0").parse().unwrap()).unwrap();
        socket.connect(self.address).await.ok()
    }
    /// Sends some bytes and reads until the server closes the connection.
    async fn ask(&self, own: &str, request: &[u8]) -> String {
        let mut stream = self.from(own).await;
        stream.write_all(request).await.unwrap();
        answer(&mut stream).await
    }
    async fn still_serves(&self) {
        for path in ["/healthz", "/readyz", "/"] {
            assert_eq!(status(&self.get(path).await), "200", "{path}");
        }
    }
    async fn get(&self, path: &str) -> String {
        self.ask("127.0.0.1", format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).await
    }
}
/// Reads until the server closes the connection, which it must do in time. A reset counts as closed.
async fn answer(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let _ = timeout(PATIENCE, stream.read_to_end(&mut all)).await.expect("still open after fifteen seconds");
    String::from_utf8_lossy(&all).into_owned()
}
fn status(answer: &str) -> &str {
    answer.get(9..12).unwrap_or("none")
}
const POST: &str =
    "POST /login HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-type: application/x-www-form-urlencoded\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_request_head_is_closed_in_time() {
    let server = start(Limits::default(), 0).await;
    let mut stream = server.from("127.0.0.1").await;
    for byte in b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
        if stream.write_all(&[*byte]).await.is_err() {
            break;
        }
        sleep(Duration::from_millis(300)).await;
    }
    let head = answer(&mut stream).await;
    assert!(matches!(status(&head), "408" | "none"), "{head}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_body_is_closed_in_time() {
    let server = start(Limits::default(), 0).await;
    let begun = Instant::now();
    let mut stream = server.from("127.0.0.1").await;
    stream.write_all(format!("{POST}content-length: 1000\r\n\r\n").as_bytes()).await.unwrap();
    while stream.write_all(b"a").await.is_ok() && begun.elapsed() < PATIENCE {
        sleep(Duration::from_millis(500)).await;
    }
    assert!(begun.elapsed() < PATIENCE, "a slow body was read for {:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endless_body_is_closed_before_sixteen_megabytes() {
    let server = start(Limits::default(), 0).await;
    let mut stream = server.from("127.0.0.1").await;
    stream.write_all(format!("{POST}transfer-encoding: chunked\r\n\r\n").as_bytes()).await.unwrap();
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
    let mut sent = 0;
    while sent < 64 << 20 && stream.write_all(chunk.as_bytes()).await.is_ok() {
        sent += chunk.len();
    }
    assert!(sent < 16 << 20, "{sent} bytes of an endless body were read");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_reads_is_given_up_in_time() {
    let server = start(Limits::default(), 0).await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(4096).unwrap();
    let mut stream = socket.connect(server.address).await.unwrap();
    stream.write_all(b"GET /pkg/large.bin HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    // Reads nothing for a while. What follows is the content of its own buffer, and the end.
    sleep(Duration::from_secs(13)).await;
    let read = answer(&mut stream).await.len();
    assert!(read < 1 << 20, "{read} bytes were kept for a client that did not read them");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_connection_is_closed_in_time() {
    let server = start(Limits::default(), 0).await;
    let idle = answer(&mut server.from("127.0.0.1").await).await;
    assert!(matches!(status(&idle), "408" | "none"), "{idle}");
}

fn post(kind: &str, body: &str, path: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_form_is_refused() {
    let server = start(Limits::default(), 0).await;
    let large = format!("{POST}content-length: 10485760\r\nconnection: close\r\n\r\n");
    assert_eq!(status(&server.ask("127.0.0.1", large.as_bytes()).await), "413");
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deeply_nested_arguments_are_refused() {
    let server = start(Limits::default(), 0).await;
    let nested = format!("fields{}=1", "[a]".repeat(30_000));
    let nested = post("application/x-www-form-urlencoded", &nested, "/api/register");
    let nested = server.ask("127.0.0.1", nested.as_bytes()).await;
    assert_eq!(status(&nested), "400", "{nested}");
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_without_a_boundary_is_answered() {
    let server = start(Limits::default(), 0).await;
    // Nobody is logged in, so the upload is not parsed; what matters is that it is answered, and the next request too.
    let upload = server.ask("127.0.0.1", post("multipart/form-data", "x", "/photos").as_bytes()).await;
    assert_eq!(status(&upload), "303", "{upload}");
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_not_http_are_refused() {
    let server = start(Limits::default(), 0).await;
    let binary = server.ask("127.0.0.1", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await;
    assert!(matches!(status(&binary), "400" | "none"), "{binary}");
    server.still_serves().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_another_site_is_refused_in_every_encoding() {
    let server = start(Limits::default(), 0).await;
    for kind in
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json"]
    {
        let foreign = post(kind, "username=a", "/login").replace("origin: http://x", "origin: http://evil.test");
        assert_eq!(status(&server.ask("127.0.0.1", foreign.as_bytes()).await), "403", "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_leave_room_for_others() {
    let limits = Limits { connections: 300, per_address: 200, ..Limits::default() };
    let server = start(limits, 0).await;
    let mut idle = Vec::new();
    for _ in 0..600 {
        idle.extend(server.maybe_from("127.0.0.2").await);
    }
    // The share of one address is used up, that of others is not.
    let begun = Instant::now();
    assert_eq!(status(&server.get("/healthz").await), "200");
    assert!(begun.elapsed() < Duration::from_secs(2));
    let mut open = 0;
    for stream in &mut idle {
        open += usize::from(timeout(Duration::from_millis(1), stream.read_u8()).await.is_err());
    }
    assert!((1..=200).contains(&open), "{open} of 600 idle connections are kept");
    sleep(limits.head + Duration::from_secs(1)).await;
    for stream in &mut idle {
        assert!(timeout(Duration::from_millis(50), answer(stream)).await.is_ok(), "an idle connection is kept");
    }
    assert_eq!(
        status(&server.ask("127.0.0.2", b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await),
        "200"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_of_ten_addresses_keep_nobody_out() {
    // Both ends are in this process: twelve thousand file descriptors.
    let all = if std::env::var_os("YIKAO_SOAK").is_some() { 4_000 } else { 200 };
    let (_, granted) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(granted, granted).unwrap();
    let limits = Limits { connections: all, per_address: all / 5, head: Duration::from_secs(60), ..Limits::default() };
    let server = start(limits, 0).await;
    // One of them is in the middle of a form: it is not idle and stays.
    let mut under_way = server.from("127.0.1.1").await;
    under_way.write_all(format!("{POST}content-length: 19\r\n\r\nusername=").as_bytes()).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    let mut idle = Vec::new();
    for n in 0..all * 2 {
        idle.extend(server.maybe_from(&format!("127.0.1.{}", n % 10 + 1)).await);
    }
    // Honest browsers of other networks keep their connections and are answered on them.
    let mut honest = Vec::new();
    for n in 0..20 {
        let mut stream = server.from(&format!("127.0.{}.1", n + 2)).await;
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        let mut head = [0; 12];
        timeout(PATIENCE, stream.read_exact(&mut head)).await.unwrap().unwrap();
        assert_eq!(&head[9..], b"200", "{n}");
        honest.push(stream);
    }
    for n in 0..100 {
        idle.extend(server.maybe_from(&format!("127.0.1.{}", n % 10 + 1)).await);
    }
    for mut stream in honest {
        stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        assert!(answer(&mut stream).await.contains("200 OK"));
    }
    under_way.write_all(b"a&password").await.unwrap();
    let mut head = [0; 12];
    timeout(PATIENCE, under_way.read_exact(&mut head)).await.unwrap().unwrap();
    assert_eq!(&head[9..], b"422");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_names_no_client_counts_itself() {
    for header in
        ["", "x-forwarded-for: unknown\r\n", "x-forwarded-for: 192.0.2.1, \r\n", "x-forwarded-for: 192.0.2.1:x\r\n"]
    {
        let server = start(Limits::default(), 2).await;
        let attempt = format!("{POST}{header}connection: close\r\ncontent-length: 19\r\n\r\nusername=a&password");
        for expect in ["422", "422", "429"] {
            assert_eq!(status(&server.ask("127.0.0.9", attempt.as_bytes()).await), expect, "{header}");
        }
        // A client that is named has its own budget all the same; so has each /64, whatever is written around it.
        for (name, expect) in [
            ("192.0.2.1:4711", "422"),
            ("192.0.2.1", "422"),
            ("[::ffff:192.0.2.1]:1", "429"),
            ("[2001:db8::1]:4711", "422"),
            ("2001:db8::2", "422"),
            ("[2001:db8::3]", "429"),
            ("2001:db8:0:1::1", "422"),
        ] {
            let attempt = format!(
                "{POST}x-forwarded-for: {name}\r\nconnection: close\r\ncontent-length: 19\r\n\r\nusername=a&password"
            );
            assert_eq!(status(&server.ask("127.0.0.9", attempt.as_bytes()).await), expect, "{name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_address_has_a_budget_and_only_trusted_proxies_name_other_addresses() {
    let server = start(Limits::default(), 2).await;
    let attempt = |name: &str| {
        format!("{POST}x-forwarded-for: {name}\r\nconnection: close\r\ncontent-length: 19\r\n\r\nusername=a&password")
    };
    for (from, name, expect) in [
        ("127.0.0.9", "192.0.2.1", "422"),
        ("127.0.0.9", "192.0.2.1", "422"),
        ("127.0.0.9", "192.0.2.1", "429"),
        // Another client of the proxy; addresses that the client itself wrote before the proxy's are ignored.
        ("127.0.0.9", "192.0.2.1, 192.0.2.2", "422"),
        ("127.0.0.9", "192.0.2.7, 192.0.2.1", "429"),
        // The header of a client that is not a proxy is ignored.
        ("127.0.0.3", "192.0.2.1", "422"),
    ] {
        let answer = server.ask(from, attempt(name).as_bytes()).await;
        assert_eq!(status(&answer), expect, "{from} for {name}");
        assert_eq!(answer.to_lowercase().contains("retry-after: 60"), expect == "429");
    }
}

/// Somebody with an account: the cookie of a session, and the token of a page.
async fn somebody(registry: &Registry, n: u32) -> (String, String) {
    let seventeen = format!("11010119900307{n:03}");
    let draft = RegistrationDraft {
        username: format!("person_{n}"),
        name: "张伟".into(),
        document_type: "resident_id".into(),
        document_number: format!("{seventeen}{}", forms::text::mod_11_2(seventeen.as_bytes()) as char),
        ethnic_group: "01".into(),
        password: "Yuan2026".into(),
        password_again: "Yuan2026".into(),
        recovery_question: "小学的名字".into(),
        recovery_answer: "实验小学".into(),
        ..RegistrationDraft::default()
    };
    let (today, rules) = (registry.settings().clock.now().date(), registry.settings().account_rules);
    let account = registry.register(draft.check(&forms::Context { today, rules }).unwrap()).await.unwrap();
    let login = registry.login(&draft.username, "Yuan2026", None).await.unwrap();
    let page = registry.page_token(PageOwner::Candidate(account));
    (format!("session={}", login.session.expose()), page)
}

#[tokio::test(flavor = "multi_thread")]
async fn uploads_of_an_address_are_bounded_whoever_logs_in_from_it() {
    let server = start(Limits::default(), 2).await;
    let people = [somebody(&server.registry, 1).await, somebody(&server.registry, 2).await];
    // Bytes that are no picture are refused as such, as long as they are looked at.
    for (from, who, expect) in [
        ("127.0.0.2", 0, "422"),
        ("127.0.0.2", 1, "422"),
        ("127.0.0.2", 0, "429"),
        ("127.0.0.2", 1, "429"),
        ("127.0.0.3", 0, "422"),
        ("127.0.0.3", 0, "422"),
        ("127.0.0.3", 0, "429"),
    ] {
        let (cookie, page) = &people[who];
        let upload = format!(
            "POST /photos HTTP/1.1\r\nhost: x\r\norigin: http://x\r\naccept: text/plain\r\ncontent-type: image/jpeg\r\ncookie: {cookie}\r\nx-page: {page}\r\nconnection: close\r\ncontent-length: 6\r\n\r\nGIF89a"
        );
        let answer = server.ask(from, upload.as_bytes()).await;
        assert_eq!(status(&answer), expect, "{from}, person {who}: {answer}");
        assert_eq!(answer.to_lowercase().contains("retry-after: 60"), expect == "429");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopping_server_finishes_the_requests_it_is_answering() {
    let mut server = start(Limits::default(), 0).await;
    let mut stream = server.from("127.0.0.1").await;
    stream.write_all(format!("{POST}content-length: 19\r\n\r\nusername=").as_bytes()).await.unwrap();
    sleep(Duration::from_millis(200)).await;
    server.stop.take().unwrap().send(()).unwrap();
    sleep(Duration::from_millis(200)).await;
    assert!(TcpStream::connect(server.address).await.is_err(), "a stopping server takes nobody in");
    stream.write_all(b"a&password").await.unwrap();
    assert_eq!(status(&answer(&mut stream).await), "422");
    timeout(Duration::from_secs(5), server.served).await.unwrap().unwrap();
}
