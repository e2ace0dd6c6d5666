//! Requests over a socket, each measured beside a baseline in the same run: pages beside the same bytes served statically, log-ins
//! beside bare password hashes, people at the peak and ten times as many, and an honest client alone and during attacks. `http pages [NAME]`,
//! `http overload` and `http attacks [NAME]` measure one of these alone.
#![recursion_limit = "512"]
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark measures, and stops at the first failure"
)]
mod attacks;
#[path = "../common/mod.rs"]
mod common;
#[path = "../../tests/common/load.rs"]
mod load;

use app::{http::assets::Assets, request::AppState, router::build_router};
use common::{at, exchange, get, micros, ratio, serve};
use forms::{ids::ApplicationId, journey::Step};
use load::{Person, load};
use registry::{
    Dictionary, Entropy, PageOwner, Registry, Settings,
    demo::{self, DemoLogin},
};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

const ASKS: usize = 2_000;
const LOGINS: usize = 60;
/// Wrong passwords for existing accounts, and as many for missing ones; wrong answers alike.
const GUESSES: usize = 300;
/// People whose pages are asked for at the same time.
const PEOPLE: u32 = 20;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [what, kind, address, cookie, page] = arguments.as_slice()
        && what == "attack"
    {
        return attacks::attack(kind, address.parse().unwrap(), cookie, page).await;
    }
    let (_, most) = rlimit::Resource::NOFILE.get().unwrap();
    rlimit::Resource::NOFILE.set(most, most).unwrap();
    let server = Server::start().await;
    match arguments.as_slice() {
        [what] if what == "pages" => return pages(&server, "").await,
        [what, name] if what == "pages" => return pages(&server, name).await,
        [what] if what == "attacks" => return attacks::attacks(&server, "").await,
        [what, name] if what == "attacks" => return attacks::attacks(&server, name).await,
        [what] if what == "overload" => return overload(&server).await,
        _ => pages(&server, "").await,
    }
    logins(&server).await;
    wrong_passwords(&server).await;
    wrong_answers(&server).await;
    overload(&server).await;
    attacks::attacks(&server, "").await;
    attacks::idle_connections(server.address).await;
}

/// A server on a socket, with the demonstration and two more candidates.
struct Server {
    address: SocketAddr,
    logins: Vec<DemoLogin>,
    /// The username of a candidate with a complete draft, and the draft.
    drafting: (String, ApplicationId),
    /// The username of a candidate who has submitted, and the application.
    submitted: (String, ApplicationId),
    /// People with accounts: their names and document numbers, usernames and drafts.
    people: Vec<(String, String, String, ApplicationId)>,
    /// The token of a page of the candidate with the draft.
    page: String,
    router: axum::Router,
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
        let mut people = Vec::new();
        for n in 0..PEOPLE {
            let (person, id, _) = demo::ready(&registry, session, &dictionary, 10 + n).await.unwrap();
            let identity = &person.about().identity;
            let names = (identity.name.to_string(), identity.document.number().to_owned());
            people.push((names.0, names.1, person.about().username.clone(), id));
        }
        let page = registry.page_token(PageOwner::Candidate(drafting.account()));
        let drafting = (drafting.about().username.clone(), draft);
        let submitted = (done.about().username.clone(), submitted);
        let assets = dir.path().join("pkg");
        std::fs::create_dir(&assets).unwrap();
        std::fs::write(assets.join("large.bin"), vec![7; 4 << 20]).unwrap();
        let state =
            AppState { assets: Arc::new(Assets::read(&assets).unwrap()), ..AppState::new(registry, dictionary) };
        let router = build_router(state);
        let address = serve(router.clone()).await;
        Self { address, logins, drafting, submitted, people, page, router, _dir: dir }
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
    let known: Vec<&str> =
        server.logins.iter().map(|login| login.username.as_str()).filter(|name| name.starts_with("demo")).collect();
    let guess = |turn: usize, exists: bool| {
        let name = known[turn % known.len()];
        let name = if exists { name.to_owned() } else { format!("nobody_{}", &name[5..]) };
        format!("username={name}&password=Wrong1")
    };
    timed_pairs(server.address, "login", "a missing account", "/login", guess).await;
}

/// Wrong answers for people who have an account and for others, in random order.
async fn wrong_answers(server: &Server) {
    let answer = |turn: usize, exists: bool| {
        let (name, number, ..) = &server.people[turn % server.people.len()];
        // Another birthday, with its own check character.
        let nobody = format!("{}1949{}", &number[..6], &number[10..17]);
        let nobody = format!("{nobody}{}", forms::text::mod_11_2(nobody.as_bytes()) as char);
        let number = if exists { number } else { &nobody };
        let name: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        format!(
            "name={name}&document_type=resident_id&document_number={number}&recovery_answer=Wrong&password=Gao2027&password_again=Gao2027"
        )
    };
    timed_pairs(server.address, "recover", "nobody", "/recover", answer).await;
}

/// Posts what is refused for those who exist and for those who do not, in random order, and compares the times.
async fn timed_pairs(
    address: SocketAddr,
    area: &str,
    missing_name: &str,
    path: &str,
    body: impl Fn(usize, bool) -> String,
) {
    let mut times = [Vec::with_capacity(GUESSES), Vec::with_capacity(GUESSES)];
    while times.iter().any(|times| times.len() < GUESSES) {
        let which = usize::from(Entropy::system().number().is_multiple_of(2));
        let turn = times[which].len();
        if turn < GUESSES {
            let body = body(turn, which == 0);
            let begun = Instant::now();
            let answer = post(address, path, &body).await;
            times[which].push(begun.elapsed());
            assert!(answer.starts_with("HTTP/1.1 422"), "{answer}");
        }
    }
    let longer = times[0].iter().flat_map(|own| times[1].iter().map(move |other| own > other));
    let share = longer.filter(|longer| *longer).count() as f64 / (GUESSES * GUESSES) as f64;
    let [known, missing] = times.map(at);
    println!(
        "bench {area}.known_p50 {:.0} us, {:.3} x {missing_name} ({:.0} us); it takes longer in {share:.3} of all pairs",
        micros(known.0),
        ratio(known.0, missing.0),
        micros(missing.0)
    );
}

/// As many people as are served best, and ten times as many.
async fn overload(server: &Server) {
    let mut people = Vec::new();
    for (_, _, username, id) in &server.people {
        let cookie = server.cookie("/login", username, demo::PASSWORD).await;
        people.push(Person { username: username.clone(), cookie, path: format!("/applications/{id}/basic") });
    }
    let people = Arc::new(people);
    let lasts = Duration::from_secs(3);
    let (mut peak, mut clients, mut next) = (0.0, 1, 1);
    while next <= 128 {
        let goodput = load(server.address, &people, next, lasts).await.goodput();
        if goodput < peak * 1.05 {
            break;
        }
        (peak, clients, next) = (goodput, next, next * 2);
    }
    let mut over = load(server.address, &people, clients * 10, lasts * 3).await;
    assert!(over.wrong.is_empty(), "{:?}", over.wrong.first());
    println!(
        "bench overload.goodput {:.0} 1/s by {} clients, {:.2} x the peak ({peak:.0} 1/s by {clients}); {} were told to come back",
        over.goodput(),
        clients * 10,
        over.goodput() / peak,
        over.refused
    );
    println!("bench overload.p99 {:.0} us of those who were served", micros(over.p99()));
}

async fn post(address: SocketAddr, path: &str, body: &str) -> String {
    let length = body.len();
    exchange(address, &format!("{}content-length: {length}\r\nconnection: close\r\n\r\n{body}", head(path, FORM))).await
}
const FORM: &str = "application/x-www-form-urlencoded";
fn head(path: &str, kind: &str) -> String {
    format!("POST {path} HTTP/1.1\r\nhost: x\r\norigin: http://x\r\ncontent-type: {kind}\r\n")
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
