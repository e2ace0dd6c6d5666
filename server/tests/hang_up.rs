//! Clients that hang up in the middle of a page: the server renders it to its end, keeps nothing, and has nothing to report.
//! `YIKAO_SOAK=1` does so a million times on SQLite and a tenth of that on PostgreSQL; what becomes of a page does not depend on the engine.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on should stop")]
mod common;

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::Path,
    process::{Child, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

/// Clients that hang up at the same time. Each sleeps most of the time.
const CLIENTS: usize = 16;
/// Hang-ups before memory is measured for the first time.
const WARM: u32 = 2_000;
/// How much more memory may be resident afterwards, in MB.
const MORE: u64 = 20;

struct Server {
    child: Child,
    port: u16,
}
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
impl Server {
    fn start(dir: &Path, url: &str) -> Self {
        let port = common::free_port();
        let mut command = common::command(dir, url);
        command
            .arg("serve")
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .stderr(fs::File::create(dir.join("log")).unwrap());
        let server = Self { child: command.spawn().unwrap(), port };
        for _ in 0..3_000 {
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server does not start");
    }
    /// Asks for a page and hangs up at some moment while it is rendered.
    fn hang_up(&self, turn: u32) {
        let port = self.port;
        let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
        stream.write_all(format!("GET /register HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\n\r\n").as_bytes()).unwrap();
        std::thread::sleep(Duration::from_micros(u64::from(turn % 40) * 100));
    }
    fn hang_ups(&self, times: u32) {
        let turn = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    loop {
                        match turn.fetch_add(1, Ordering::Relaxed) {
                            turn if turn < times => self.hang_up(turn),
                            _ => return,
                        }
                    }
                });
            }
        });
        std::thread::sleep(Duration::from_secs(1));
    }
}

fn hung_up(url: &str, dir: &Path, times: u32) {
    let server = Server::start(dir, url);
    server.hang_ups(WARM);
    let before = common::resident(&server.child) / 1024;
    server.hang_ups(times);
    let after = common::resident(&server.child) / 1024;
    eprintln!("   {times} hang-ups: {before} MB before, {after} MB after");
    let log = fs::read_to_string(dir.join("log")).unwrap();
    assert_eq!(log.matches("panicked").count(), 0, "{log}");
    assert!(after <= before + MORE, "{before} MB before, {after} MB after {times} hang-ups");
}

#[test]
fn pages_that_nobody_waits_for_leave_no_panic_and_no_memory_behind_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("hang_up.db").display());
    hung_up(&url, dir.path(), if common::soak() { 1_000_000 } else { 2_500 });
}

#[tokio::test]
async fn pages_that_nobody_waits_for_leave_no_panic_and_no_memory_behind_on_postgres() {
    let (dir, url) = (tempfile::tempdir().unwrap(), common::postgres("hang_up").await);
    hung_up(&url, dir.path(), if common::soak() { 100_000 } else { 2_500 });
}
