//! An import that is killed at random moments: the dictionary answers as before until the whole list is imported, nothing of it is
//! visible in part or twice, and the next try imports all of it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]
use registry::{Dictionary, DictionaryKind, Entropy, Registry, Settings, demo};
use sqlx::{Connection, PgConnection};
use std::{
    collections::HashSet,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

const NAMES: usize = 8_000;

/// How often the import is killed: 60 times with `make soak` (`YIKAO_SOAK` is set), 20 times otherwise.
fn rounds() -> usize {
    if std::env::var_os("YIKAO_SOAK").is_some() { 60 } else { 20 }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_import_that_is_killed_leaves_the_old_dictionary_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("import.db").display());
    survives(dir.path(), &url).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_import_that_is_killed_leaves_the_old_dictionary_on_postgres() {
    let postgres =
        std::env::var("YIKAO_TEST_POSTGRES").expect("YIKAO_TEST_POSTGRES names the cluster: run `make test`");
    let name = format!("import{}", Entropy::system().number());
    let admin = format!("postgres://yikao@localhost/postgres?host={postgres}");
    let mut connection = PgConnection::connect(&admin).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    survives(dir.path(), &format!("postgres://yikao@localhost/{name}?host={postgres}")).await;
}

fn import(dir: &Path, url: &str, kind: &str, file: &Path) -> Child {
    Command::new(env!("CARGO_BIN_EXE_server"))
        .args(["dictionary", "import", "--kind", kind])
        .arg(file)
        .env("DATABASE_URL", url)
        .env("SEALING_KEY_FILE", dir.join("key"))
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

async fn survives(dir: &Path, url: &str) {
    let registry = Registry::open(Settings::new(url, &[7; 32])).await.unwrap();
    let engine = registry.engine();
    demo::load_shipped(&registry).await.unwrap();
    std::fs::write(dir.join("key"), "07".repeat(32)).unwrap();
    std::fs::set_permissions(dir.join("key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let file = dir.join("names.csv");
    let rows: String = (0..NAMES).map(|n| format!("试验第{n}医院,北京市\n")).collect();
    std::fs::write(&file, format!("name,region\n{rows}")).unwrap();
    let mut killed = 0;
    let rounds = rounds();
    for _ in 0..rounds {
        let before = registry.dictionary_number().await.unwrap();
        let mut child = import(dir, url, "employer", &file);
        // Killed at a part of its way and not of its time, which depends on what else the machine does. It reports each twentieth.
        let mut progress = BufReader::new(child.stderr.take().unwrap()).lines();
        for _ in 0..Entropy::system().number() % 17 {
            progress.next();
        }
        tokio::time::sleep(Duration::from_millis(u64::from(Entropy::system().number() % 50))).await;
        let under_way = child.try_wait().unwrap().is_none();
        child.kill().unwrap();
        child.wait().unwrap();
        let dictionary = Dictionary::default();
        dictionary.refresh(&registry).await.unwrap();
        assert!(
            dictionary.exact(DictionaryKind::Employer, "北京协和医院").is_some(),
            "{engine}: the old names are gone"
        );
        if under_way && registry.dictionary_number().await.unwrap() == before {
            assert_eq!(
                dictionary.search(DictionaryKind::Employer, "试验第", "11"),
                [],
                "{engine}: part of a list is visible"
            );
            killed += 1;
        } else {
            // It had finished before it could be killed: the whole list is there, and no later try changes that.
            all_there(&registry, &dictionary, engine).await;
            break;
        }
    }
    eprintln!("   {engine}: killed {killed} times");
    assert!(killed >= rounds / 2, "{engine}: most of them had finished before they could be killed");
    assert!(registry.imports_under_way().await.unwrap() > 0, "{engine}: none of them had started to write");
    assert!(import(dir, url, "employer", &file).wait().unwrap().success());
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    all_there(&registry, &dictionary, engine).await;
    registry.close().await;
}

async fn all_there(registry: &Registry, dictionary: &Dictionary, engine: &str) {
    let number = dictionary.number();
    let entries = registry.dictionary_entries(DictionaryKind::Employer, number).await.unwrap();
    let names: Vec<&str> = entries.iter().map(|e| e.name.as_str()).filter(|name| name.starts_with("试验第")).collect();
    let distinct: HashSet<&&str> = names.iter().collect();
    assert_eq!((names.len(), distinct.len()), (NAMES, NAMES), "{engine}: something is missing, or there twice");
    assert!(dictionary.exact(DictionaryKind::Employer, &format!("试验第{}医院", NAMES - 1)).is_some());
}
