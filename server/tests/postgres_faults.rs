//! PostgreSQL stands still, restarts, ends connections, or has none left. Nobody waits for more than a few seconds, nobody reads of
//! an internal error, and everything works again without a restart of the server. Each test has a cluster of its own.
#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test may stop at what cannot be, and measures real time"
)]
mod common;

use common::{Answer, Server, command};
use registry::{Registry, Settings};
use sqlx::{Connection, PgConnection};
use std::{
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// How long a request may take: five seconds is the promise. The short form runs beside other tests.
fn longest() -> Duration {
    Duration::from_secs(if std::env::var_os("YIKAO_SOAK").is_some() { 5 } else { 10 })
}

fn recovery() -> Duration {
    Duration::from_secs(if std::env::var_os("YIKAO_SOAK").is_some() { 5 } else { 20 })
}
fn rounds() -> usize {
    if std::env::var_os("YIKAO_SOAK").is_some() { 10 } else { 1 }
}

/// A throw-away cluster, stopped when it is dropped.
struct Cluster(String);
impl Cluster {
    fn script() -> Command {
        Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts/postgres"))
    }
    fn start() -> Self {
        let started = Self::script().output().unwrap();
        assert!(started.status.success(), "{}", String::from_utf8_lossy(&started.stderr));
        Self(String::from_utf8(started.stdout).unwrap().trim().to_owned())
    }
    fn url(&self) -> String {
        format!("postgres://yikao@localhost/postgres?host={}", self.0)
    }
    /// The process ids of the server behind each connection but our own.
    async fn backends(&self, connection: &mut PgConnection) -> Vec<i32> {
        let pids = sqlx::query_as::<_, (i32,)>(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()",
        );
        pids.fetch_all(connection).await.unwrap().into_iter().map(|(pid,)| pid).collect()
    }
    fn postmaster(&self) -> i32 {
        let file = std::fs::read_to_string(format!("{}/data/postmaster.pid", self.0)).unwrap();
        file.lines().next().unwrap().parse().unwrap()
    }
}
impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Self::script().args(["stop", &self.0]).status();
    }
}

fn signal(name: &str, pids: &[i32]) {
    let sent = Command::new("kill").arg(format!("-{name}")).args(pids.iter().map(i32::to_string)).status().unwrap();
    assert!(sent.success());
}

struct Scene {
    cluster: Cluster,
    server: Server,
    cookie: String,
    version: i64,
    _dir: tempfile::TempDir,
}
impl Scene {
    async fn new() -> Self {
        let (cluster, dir) = (Cluster::start(), tempfile::tempdir().unwrap());
        let (from, _, version) = common::fill(&cluster.url()).await;
        let mut server = Server::start(command(dir.path(), &cluster.url())).await;
        server.page = from.page;
        Self { cluster, server, cookie: from.cookie, version, _dir: dir }
    }
    /// One request, which is answered in time and never as an internal error.
    async fn timed(&self, what: &str, path: &str, body: Option<&str>) -> Answer {
        let begun = Instant::now();
        let answer = match body {
            Some(body) => self.server.post(path, &self.cookie, body).await,
            None => self.server.get(path, &self.cookie).await,
        }
        .unwrap();
        assert!(begun.elapsed() < longest(), "{what}: {path} took {:?}", begun.elapsed());
        // The second of two copies finds another version.
        assert!(matches!(answer.status, 200 | 409 | 503), "{what}: {path} answered {}", answer.head);
        answer
    }
    async fn save(&mut self, what: &str) -> u16 {
        let body = self.body();
        let answer = self.timed(what, "/api/save-group", Some(&body)).await;
        if answer.status == 200 {
            self.version += 1;
        }
        answer.status
    }
    fn body(&self) -> String {
        format!("group=contact&fields[mobile]=13800138000&version={}&submit=false", self.version)
    }
    /// Reading and writing at the same time, more than there are connections, while the fault lasts.
    async fn meanwhile(&mut self, what: &str) {
        let body = self.body();
        let mut asked = Vec::new();
        for n in 0..40 {
            let (path, body) =
                if n % 2 == 0 { ("/profile/contact", None) } else { ("/api/save-group", Some(body.as_str())) };
            asked.push(self.timed(what, path, body));
        }
        let answers = futures::future::join_all(asked).await;
        let page = self.server.get("/readyz", "").await.map(|answer| answer.status).ok();
        let saved = answers.iter().skip(1).step_by(2).filter(|answer| answer.status == 200).count();
        eprintln!("   {what}: {saved} of 20 were saved, ready: {page:?}");
    }
    /// Takes over the version that is stored: a commit whose answer was lost may have raised it.
    async fn reread(&mut self) {
        let registry = Registry::open(Settings::new(&self.cluster.url(), &common::KEY)).await.unwrap();
        let token = registry::Token::parse(self.cookie.trim_start_matches("session=")).unwrap();
        let candidate = registry.candidate(&token).await.unwrap().unwrap();
        self.version = candidate.profile().await.unwrap().contact.version;
        registry.close().await;
    }
    /// After the fault: everything works within some seconds.
    async fn recovers(&mut self, what: &str) {
        let begun = Instant::now();
        loop {
            let saved = self.save(what).await;
            if saved == 409 {
                self.reread().await;
            }
            let read = self.timed(what, "/profile/contact", None).await.status;
            if (saved, read) == (200, 200) && self.server.becomes(200, Duration::from_secs(2)).await.is_some() {
                break;
            }
            assert!(begun.elapsed() < recovery(), "{what}: {saved} and {read} after {:?}", begun.elapsed());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        eprintln!("   {what}: works again after {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_postgres_ended_are_replaced_before_anybody_notices() {
    let mut scene = Scene::new().await;
    let mut admin = PgConnection::connect(&scene.cluster.url()).await.unwrap();
    for _ in 0..rounds() {
        for _ in 0..5 {
            sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
                .execute(&mut admin)
                .await
                .unwrap();
            assert_eq!(scene.timed("ended", "/profile/contact", None).await.status, 200);
            assert_eq!(scene.save("ended").await, 200);
        }
    }
    // Ended while they work: every statement meets it somewhere.
    let url = scene.cluster.url();
    let ending = tokio::spawn(async move {
        let mut admin = PgConnection::connect(&url).await.unwrap();
        loop {
            let _ = sqlx::query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()")
                .execute(&mut admin)
                .await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    for _ in 0..20 {
        scene.timed("ending", "/profile/contact", None).await;
    }
    ending.abort();
    scene.recovers("ended connections").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_stands_still_or_crashes_is_not_waited_for() {
    let mut scene = Scene::new().await;
    for _ in 0..rounds() {
        let mut admin = PgConnection::connect(&scene.cluster.url()).await.unwrap();
        let backends = scene.cluster.backends(&mut admin).await;
        drop(admin);
        // All that serve stand still.
        signal("STOP", &backends);
        scene.meanwhile("backends stand still").await;
        signal("CONT", &backends);
        scene.recovers("backends stood still").await;
        // Nobody is let in any more, and those who are in stand still.
        let mut admin = PgConnection::connect(&scene.cluster.url()).await.unwrap();
        let mut all = scene.cluster.backends(&mut admin).await;
        all.push(scene.cluster.postmaster());
        signal("STOP", &all);
        scene.meanwhile("everything stands still").await;
        assert!(scene.server.becomes(503, Duration::from_secs(20)).await.is_some(), "still ready");
        signal("CONT", &all);
        scene.recovers("everything stood still").await;
        // One process that dies makes the cluster end all others and recover from its log.
        let mut admin = PgConnection::connect(&scene.cluster.url()).await.unwrap();
        let backends = scene.cluster.backends(&mut admin).await;
        signal("KILL", &backends[..1]);
        scene.meanwhile("the cluster crashed").await;
        scene.recovers("the cluster crashed").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_is_restarted_in_order_is_waited_for_and_used_again() {
    let mut scene = Scene::new().await;
    for _ in 0..rounds() {
        assert_eq!(scene.save("before the restart").await, 200);
        let before = scene.cluster.postmaster();
        let mut restart = Cluster::script().args(["restart", &scene.cluster.0]).spawn().unwrap();
        while restart.try_wait().unwrap().is_none() {
            scene.meanwhile("the cluster is restarted").await;
        }
        assert!(restart.wait().unwrap().success(), "pg_ctl restart failed");
        assert_ne!(scene.cluster.postmaster(), before, "it was not restarted");
        scene.recovers("the cluster was restarted").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_lead_nowhere_cost_one_request_its_patience_and_not_each() {
    let mut scene = Scene::new().await;
    // Opens as many connections as the server may have.
    scene.meanwhile("many requests").await;
    let mut admin = PgConnection::connect(&scene.cluster.url()).await.unwrap();
    let backends = scene.cluster.backends(&mut admin).await;
    assert!(backends.len() > 8, "{} connections", backends.len());
    signal("STOP", &backends);
    scene.timed("the first request", "/profile/contact", None).await;
    for n in 0..5 {
        let answer = scene.timed("the next requests", "/profile/contact", None).await;
        assert_eq!(answer.status, 200, "request {n} after the first");
    }
    signal("CONT", &backends);
    scene.recovers("connections that led nowhere").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_takes_no_writes_is_read_and_written_again_when_it_does() {
    let mut scene = Scene::new().await;
    let mut admin = PgConnection::connect(&scene.cluster.url()).await.unwrap();
    for _ in 0..rounds() {
        // As a standby does that has not taken over yet.
        sqlx::query("ALTER SYSTEM SET default_transaction_read_only = on").execute(&mut admin).await.unwrap();
        sqlx::query("SELECT pg_reload_conf()").execute(&mut admin).await.unwrap();
        assert!(scene.server.becomes(503, Duration::from_secs(10)).await.is_some(), "still ready");
        assert_eq!(scene.save("read-only").await, 503);
        assert_eq!(scene.timed("read-only", "/profile/contact", None).await.status, 200);
        let back = "ALTER SYSTEM RESET default_transaction_read_only";
        sqlx::query(back).execute(&mut admin).await.unwrap();
        sqlx::query("SELECT pg_reload_conf()").execute(&mut admin).await.unwrap();
        scene.recovers("no writes").await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_without_connections_left_is_answered_for_in_time() {
    let mut scene = Scene::new().await;
    let (url, mut admin) = (scene.cluster.url(), PgConnection::connect(&scene.cluster.url()).await.unwrap());
    for _ in 0..rounds() {
        let own = scene.cluster.backends(&mut admin).await;
        let mut held = Vec::new();
        // All places are taken, then those of the server: it meets a cluster that lets nobody in.
        while let Ok(connection) = PgConnection::connect(&url).await {
            held.push(connection);
        }
        for pid in own {
            sqlx::query("SELECT pg_terminate_backend($1)").bind(pid).execute(&mut admin).await.unwrap();
        }
        for _ in 0..5 {
            tokio::time::sleep(Duration::from_millis(20)).await;
            while let Ok(connection) = PgConnection::connect(&url).await {
                held.push(connection);
            }
        }
        scene.meanwhile("no connections left").await;
        drop(held);
        scene.recovers("no connections were left").await;
    }
}
