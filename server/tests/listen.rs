//! Hostile clients against the real router on a real socket: each is closed or refused within fifteen seconds, and an honest
//! one is served meanwhile.
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
use registry::{Clock, Dictionary, Registry, Settings};
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

struct House {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: tokio::task::JoinHandle<()>,
    _books: tempfile::TempDir,
}
async fn house(limits: Limits, budget: u32) -> House {
    let books = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/books.db", books.path().display());
    let registry = Registry::open(Settings { clock: Clock::system(), ..Settings::new(&url, &[7; 32]) }).await.unwrap();
    let assets = books.path().join("pkg");
    std::fs::create_dir(&assets).unwrap();
    std::fs::write(assets.join("large.bin"), vec![7; 4 << 20]).unwrap();
    let state = AppState {
        registry,
        dictionary: Dictionary::default(),
        assets: Arc::new(Assets::read(&assets).unwrap()),
        rate_limiter: RateLimiter::per_minute(budget),
        secure: false,
        public_url: "http://yikao.test".into(),
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
    House { address, stop: Some(stop), served, _books: books }
}
impl House {
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
    /// Sends some bytes and gives what comes back until the server closes.
    async fn ask(&self, own: &str, request: &[u8]) -> String {
        let mut stream = self.from(own).await;
        stream.write_all(request).await.unwrap();
        answer(&mut stream).await
    }
    async fn get(&self, path: &str) -> String {
        self.ask("127.0.0.1", format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).await
    }
}
/// Everything until the other end closes, which it must in time. A reset counts as closed.
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
async fn whoever_is_slow_or_endless_is_closed_in_time() {
    let house = Arc::new(house(Limits::default(), 0).await);
    let slow_head = async {
        let mut stream = house.from("127.0.0.1").await;
        for byte in b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
            if stream.write_all(&[*byte]).await.is_err() {
                break;
            }
            sleep(Duration::from_millis(300)).await;
        }
        answer(&mut stream).await
    };
    let slow_body = async {
        let begun = Instant::now();
        let mut stream = house.from("127.0.0.1").await;
        stream.write_all(format!("{POST}content-length: 1000\r\n\r\n").as_bytes()).await.unwrap();
        while stream.write_all(b"a").await.is_ok() && begun.elapsed() < PATIENCE {
            sleep(Duration::from_millis(500)).await;
        }
        assert!(begun.elapsed() < PATIENCE, "a slow body was read for {:?}", begun.elapsed());
    };
    let endless = async {
        let mut stream = house.from("127.0.0.1").await;
        stream.write_all(format!("{POST}transfer-encoding: chunked\r\n\r\n").as_bytes()).await.unwrap();
        let chunk = format!("1000\r\n{}\r\n", "a".repeat(0x1000));
        let mut sent = 0;
        while sent < 64 << 20 && stream.write_all(chunk.as_bytes()).await.is_ok() {
            sent += chunk.len();
        }
        assert!(sent < 16 << 20, "{sent} bytes of an endless body were taken");
    };
    let slow_reader = async {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let mut stream = socket.connect(house.address).await.unwrap();
        stream.write_all(b"GET /pkg/large.bin HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
        // Takes next to nothing for a while. What then comes is what lay in its own buffer, and the end.
        sleep(Duration::from_secs(13)).await;
        let taken = answer(&mut stream).await.len();
        assert!(taken < 1 << 20, "{taken} bytes were kept for somebody who did not take them");
    };
    let idle = async { answer(&mut house.from("127.0.0.1").await).await };
    let ((), (), ()) = tokio::join!(slow_body, endless, slow_reader);
    let (head, idle) = tokio::join!(slow_head, idle);
    assert!(matches!(status(&head), "408" | "none"), "{head}");
    assert!(matches!(status(&idle), "408" | "none"), "{idle}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_makes_no_sense_is_refused() {
    let house = house(Limits::default(), 0).await;
    let body = |kind: &str, body: &str, path: &str| {
        format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-type: {kind}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        )
    };
    let large = format!("{POST}content-length: 10485760\r\nconnection: close\r\n\r\n");
    assert_eq!(status(&house.ask("127.0.0.1", large.as_bytes()).await), "413");
    let nested = format!("{{\"fields\":{}", "[".repeat(100_000));
    let nested = house.ask("127.0.0.1", body("application/json", &nested, "/api/register").as_bytes()).await;
    assert_eq!(status(&nested), "400", "{nested}");
    // Nobody is logged in, so the upload is not looked at; what matters is that an answer comes and the next one as well.
    let upload = house.ask("127.0.0.1", body("multipart/form-data", "x", "/photos").as_bytes()).await;
    assert_eq!(status(&upload), "303", "{upload}");
    let binary = house.ask("127.0.0.1", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await;
    assert!(matches!(status(&binary), "400" | "none"), "{binary}");
    for path in ["/healthz", "/readyz", "/"] {
        assert_eq!(status(&house.get(path).await), "200", "{path}");
    }
    // A form from another site, in every encoding that a form may have, is refused before anybody reads it.
    for kind in
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", "application/json"]
    {
        let foreign = body(kind, "username=a", "/login").replace("origin: http://x", "origin: http://evil.test");
        assert_eq!(status(&house.ask("127.0.0.1", foreign.as_bytes()).await), "403", "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn idle_connections_leave_room_for_others() {
    let limits = Limits { connections: 300, per_address: 200, ..Limits::default() };
    let house = house(limits, 0).await;
    let mut idle = Vec::new();
    for _ in 0..600 {
        idle.extend(house.maybe_from("127.0.0.2").await);
    }
    // The places of one address are taken, those of others are not.
    let begun = Instant::now();
    assert_eq!(status(&house.get("/healthz").await), "200");
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
        status(&house.ask("127.0.0.2", b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await),
        "200"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_has_a_budget_and_only_a_trusted_proxy_speaks_for_others() {
    let house = house(Limits::default(), 2).await;
    let attempt = |name: &str| {
        format!("{POST}x-forwarded-for: {name}\r\nconnection: close\r\ncontent-length: 19\r\n\r\nusername=a&password")
    };
    for (from, name, expect) in [
        ("127.0.0.9", "192.0.2.1", "422"),
        ("127.0.0.9", "192.0.2.1", "422"),
        ("127.0.0.9", "192.0.2.1", "429"),
        // Another client of the proxy; what that client wrote before the proxy's own word counts for nothing.
        ("127.0.0.9", "192.0.2.1, 192.0.2.2", "422"),
        ("127.0.0.9", "192.0.2.7, 192.0.2.1", "429"),
        // Who is no proxy speaks for itself only.
        ("127.0.0.3", "192.0.2.1", "422"),
    ] {
        let answer = house.ask(from, attempt(name).as_bytes()).await;
        assert_eq!(status(&answer), expect, "{from} for {name}");
        assert_eq!(answer.to_lowercase().contains("retry-after: 60"), expect == "429");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_under_way_ends_before_the_server_does() {
    let mut house = house(Limits::default(), 0).await;
    let mut stream = house.from("127.0.0.1").await;
    stream.write_all(format!("{POST}content-length: 19\r\n\r\nusername=").as_bytes()).await.unwrap();
    sleep(Duration::from_millis(200)).await;
    house.stop.take().unwrap().send(()).unwrap();
    sleep(Duration::from_millis(200)).await;
    assert!(TcpStream::connect(house.address).await.is_err(), "a stopping server takes nobody in");
    stream.write_all(b"a&password").await.unwrap();
    assert_eq!(status(&answer(&mut stream).await), "422");
    timeout(Duration::from_secs(5), house.served).await.unwrap().unwrap();
}
