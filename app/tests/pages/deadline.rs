//! Who is in time is decided by when a request arrived, and not by when the database got round to it.

use crate::common::*;
use app::{applications::data::ApplyResult, transport::Encoded};
use registry::{Entropy, Moment, demo};
use sqlx::{Connection, Executor, PgConnection, SqliteConnection};
use std::{sync::atomic::Ordering, time::Duration};

/// A lock that makes a submission wait.
enum Lock {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}
impl Lock {
    async fn take(url: &str) -> Self {
        if url.starts_with("sqlite:") {
            let mut connection = SqliteConnection::connect(url).await.unwrap();
            connection.execute("BEGIN IMMEDIATE").await.unwrap();
            Self::Sqlite(connection)
        } else {
            let mut connection = PgConnection::connect(url).await.unwrap();
            connection.execute("BEGIN").await.unwrap();
            connection.execute("LOCK TABLE session, application IN ACCESS EXCLUSIVE MODE").await.unwrap();
            Self::Postgres(connection)
        }
    }
    async fn release(self) {
        match self {
            Self::Sqlite(mut connection) => drop(connection.execute("ROLLBACK").await.unwrap()),
            Self::Postgres(mut connection) => drop(connection.execute("ROLLBACK").await.unwrap()),
        }
    }
}

async fn accepted(member: &Member<'_>, id: forms::ids::ApplicationId, version: i64) -> bool {
    let answer = member.call("/api/submit", serde_json::json!({ "id": id, "version": version })).await;
    let answer = Encoded::<ApplyResult>::from_text(answer.body.trim().to_owned()).decode().unwrap();
    matches!(answer, ApplyResult::Accepted(_))
}

async fn a_request_that_waits(url: &str, dir: tempfile::TempDir) {
    let app = TestApp::with_database(dir, url).await;
    let exam = app.registry.exam_sessions().await.unwrap().remove(0);
    app.now.store(exam.closes.0 - 1, Ordering::SeqCst);
    let mut people = Vec::new();
    for n in 0..2 {
        let (candidate, id, version) = demo::ready(&app.registry, exam.id, &app.dictionary, n).await.unwrap();
        let login = app.registry.login(&candidate.about().username, demo::PASSWORD, None).await.unwrap();
        let cookie = format!("session={}", login.session.expose());
        people.push((Member { app: &app, cookie, candidate }, id, version));
    }
    let (late, in_time) = (people.pop().unwrap(), people.pop().unwrap());
    let lock = Lock::take(url).await;
    let until_after_the_end = async {
        // The request has arrived and waits; nothing shows from outside that it does.
        tokio::time::sleep(Duration::from_millis(700)).await;
        app.now.store(Moment(exam.closes.0).plus_seconds(5).0, Ordering::SeqCst);
        lock.release().await;
    };
    let (accepted_in_time, ()) = tokio::join!(accepted(&in_time.0, in_time.1, in_time.2), until_after_the_end);
    assert!(accepted_in_time, "it arrived before the end");
    assert!(!accepted(&late.0, late.1, late.2).await, "it arrived after the end");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_that_waits_behind_a_lock_until_after_the_end_counts_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}/registry.db", dir.path().display());
    a_request_that_waits(&url, dir).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_submission_that_waits_behind_a_lock_until_after_the_end_counts_on_postgres() {
    let socket = std::env::var("YIKAO_TEST_POSTGRES").expect("YIKAO_TEST_POSTGRES names the cluster: run `make test`");
    let name = format!("deadline{}", Entropy::system().number());
    let admin = format!("postgres://yikao@localhost/postgres?host={socket}");
    let mut connection = PgConnection::connect(&admin).await.unwrap();
    connection.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let url = format!("postgres://yikao@localhost/{name}?host={socket}");
    a_request_that_waits(&url, tempfile::tempdir().unwrap()).await;
}
