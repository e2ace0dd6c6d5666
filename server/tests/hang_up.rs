//! Clients that hang up in the middle of a page: the server renders it to its end, keeps nothing, and has nothing to report.
//! `YIKAO_SOAK=1` does so a million times.
#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stderr, reason = "a test that cannot go on should stop")]
mod common;

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::Path,
    process::{Child, Stdio},
    time::Duration,
};

const PORT: u16 = 3397;
/// Hang-ups before memory is measured for the first time.
const WARM: u32 = 500;
/// How much more memory may be resident afterwards, in MB.
const MORE: u64 = 20;

struct Server(Child);
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
impl Server {
    fn start(dir: &Path) -> Self {
        let mut command = common::command(dir, &format!("sqlite:{}", dir.join("hang_up.db").display()));
        command
            .arg("serve")
            .env("LISTEN", format!("127.0.0.1:{PORT}"))
            .env("RUST_LOG", "warn")
            .stdout(Stdio::null())
            .stderr(fs::File::create(dir.join("log")).unwrap());
        let server = command.spawn().unwrap();
        let server = Self(server);
        for _ in 0..3_000 {
            if TcpStream::connect(("127.0.0.1", PORT)).is_ok() {
                return server;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("the server does not start");
    }
    /// The resident memory in MB.
    fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
    }
}

/// Asks for a page and hangs up at some moment while it is rendered.
fn hang_up(turn: u32) {
    let mut stream = TcpStream::connect(("127.0.0.1", PORT)).unwrap();
    stream.write_all(format!("GET /register HTTP/1.1\r\nhost: 127.0.0.1:{PORT}\r\n\r\n").as_bytes()).unwrap();
    std::thread::sleep(Duration::from_micros(u64::from(turn % 40) * 100));
}

#[test]
fn pages_that_nobody_waits_for_leave_no_panic_and_no_memory_behind() {
    let dir = tempfile::tempdir().unwrap();
    let server = Server::start(dir.path());
    let times = if std::env::var_os("YIKAO_SOAK").is_some() { 1_000_000 } else { 2_500 };
    (0..WARM).for_each(hang_up);
    std::thread::sleep(Duration::from_secs(1));
    let before = server.resident();
    (0..times).for_each(hang_up);
    std::thread::sleep(Duration::from_secs(1));
    let after = server.resident();
    eprintln!("   {times} hang-ups: {before} MB before, {after} MB after");
    let log = fs::read_to_string(dir.path().join("log")).unwrap();
    assert_eq!(log.matches("panicked").count(), 0, "{log}");
    assert!(after <= before + MORE, "{before} MB before, {after} MB after {times} hang-ups");
}
