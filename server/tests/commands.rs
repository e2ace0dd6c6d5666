//! The commands of the binary meet a database that is not theirs, and the audit's heads.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
mod common;

use common::{Server, command};
use registry::{Entropy, Registry, Settings};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use std::{
    os::unix::fs::PermissionsExt,
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

/// The address of an empty database of each engine.
async fn databases(dir: &Path) -> [String; 2] {
    // Names the cluster: `make test` sets it.
    let postgres = std::env::var("YIKAO_TEST_POSTGRES").unwrap();
    let name = format!("commands{}", Entropy::system().number());
    let admin = format!("postgres://yikao@localhost/postgres?host={postgres}");
    let mut connection = PgConnection::connect(&admin).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    [
        format!("sqlite:{}", dir.join("commands.db").display()),
        format!("postgres://yikao@localhost/{name}?host={postgres}"),
    ]
}

async fn execute(url: &str, statement: &'static str) {
    if url.starts_with("sqlite:") {
        SqliteConnection::connect(url).await.unwrap().execute(statement).await.unwrap();
    } else {
        PgConnection::connect(url).await.unwrap().execute(statement).await.unwrap();
    }
}

fn run(dir: &Path, url: &str, key: &Path, arguments: &[&str]) -> Output {
    command(dir, url)
        .env("SEALING_KEY_FILE", key)
        .env("MAKE_SEALING_KEY", "true")
        .env("LISTEN", "127.0.0.1:0")
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[tokio::test]
async fn no_command_opens_a_database_without_its_sealing_key_and_no_new_key_is_made_beside_it() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let key = dir.path().join("first");
        let migrated = run(dir.path(), &url, &key, &["migrate"]);
        assert!(migrated.status.success(), "{migrated:?}");
        let other = dir.path().join("other");
        std::fs::write(&other, "08".repeat(32)).unwrap();
        std::fs::set_permissions(&other, PermissionsExt::from_mode(0o600)).unwrap();
        let missing = dir.path().join("missing");
        let commands: [&[&str]; 6] =
            [&["serve"], &["migrate"], &["demo"], &["audit", "verify"], &["staff", "list"], &["jobs", "list"]];
        for arguments in commands {
            let refused = run(dir.path(), &url, &other, arguments);
            let said = String::from_utf8_lossy(&refused.stderr).into_owned();
            let sentence = "the sealing key is not the one that this database was sealed with: put back the key file that belongs to it\n";
            assert!(!refused.status.success(), "{arguments:?}");
            assert_eq!(said, sentence, "{arguments:?}");
            let refused = run(dir.path(), &url, &missing, arguments);
            let said = String::from_utf8_lossy(&refused.stderr).into_owned();
            assert!(!refused.status.success() && said.contains("no sealing key at"), "{arguments:?}: {said}");
            assert!(!missing.exists(), "{arguments:?} made a key");
        }
        std::fs::remove_file(&key).unwrap();
    }
}

#[tokio::test]
async fn files_of_a_database_are_its_owners_alone() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("private.db").display());
    let registry = Registry::open(Settings::new(&url, &common::KEY)).await.unwrap();
    for file in ["private.db", "private.db-wal", "private.db-shm"] {
        let mode = std::fs::metadata(dir.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    registry.close().await;
}

#[tokio::test]
async fn a_server_keeps_the_head_of_the_audit_and_verify_names_what_was_cut_off() {
    let dir = tempfile::tempdir().unwrap();
    for url in databases(dir.path()).await {
        let heads = dir.path().join("heads");
        let registry = Registry::open(Settings::new(&url, &common::KEY)).await.unwrap();
        registry.add_staff("chen", "chen", forms::review::Role::Centre, "", "Schreibtisch9").await.unwrap();
        registry.add_staff("wang", "wang", forms::review::Role::Centre, "", "Schreibtisch9").await.unwrap();
        while registry.chain_audit().await.unwrap() > 0 {}
        registry.close().await;
        let mut serving = command(dir.path(), &url);
        serving.env("AUDIT_HEADS_FILE", &heads);
        let server = Server::start(serving).await;
        let told = server.get("/readyz", "").await.unwrap().body;
        for name in ["audit_heads", "clock", "dictionaries", "jobs"] {
            assert!(told.contains(&format!("{name}: ok, 0 panics")), "{told}");
        }
        for _ in 0..200 {
            if heads.exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        drop(server);
        assert_eq!(std::fs::metadata(&heads).unwrap().permissions().mode() & 0o777, 0o600);
        let verify = || {
            let output =
                command(dir.path(), &url).env("AUDIT_HEADS_FILE", &heads).args(["audit", "verify"]).output().unwrap();
            (output.status.success(), String::from_utf8_lossy(&output.stdout).into_owned())
        };
        let (sound, said) = verify();
        assert!(sound && said.contains("compared with 1 heads, 0 faults"), "{said}");
        execute(&url, "DELETE FROM audit WHERE place = 2").await;
        let (sound, said) = verify();
        assert!(!sound && said.contains("1 rows are missing from 2 on"), "{said}");
        let line = std::fs::read_to_string(&heads).unwrap();
        std::fs::write(&heads, line.replacen(" 2 ", " 1 ", 1)).unwrap();
        let (sound, said) = verify();
        assert!(!sound && said.contains("line 1 of") && said.contains("was not signed with this key"), "{said}");
        std::fs::remove_file(&heads).unwrap();
    }
}
