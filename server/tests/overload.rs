//! Ten times as many people as the server can serve best: it goes on serving nearly as many pages as at its best, in time, tells the others to
//! come back, takes no more memory, and shows nobody a page of somebody else. `YIKAO_SOAK` lets this last ten minutes (five on PostgreSQL) and holds the figures;
//! otherwise it lasts some seconds, and only what is answered is looked at. The figures are printed.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test that cannot go on should stop, and this one measures"
)]
mod common;
#[path = "common/load.rs"]
mod load;

use common::{Server, command, resident, soak};
use load::{Load, Person, load};
use registry::{Dictionary, Registry, Settings, demo};
use std::{net::SocketAddr, sync::Arc, time::Duration};

/// People with an account and a draft.
const PEOPLE: u32 = 40;
/// The most clients with which the peak is looked for.
const MOST: usize = 128;
/// How much more memory may be resident at the end than after the first tenth of the time, in KiB.
const MORE: u64 = 20 * 1024;

async fn people(url: &str) -> Arc<Vec<Person>> {
    let registry = Registry::open(Settings::new(url, &common::KEY)).await.unwrap();
    demo::load_shipped(&registry).await.unwrap();
    let session = demo::put_session(&registry).await.unwrap();
    let dictionary = Dictionary::default();
    dictionary.refresh(&registry).await.unwrap();
    let mut people = Vec::new();
    for n in 0..PEOPLE {
        let (candidate, id, _) = demo::ready(&registry, session, &dictionary, n).await.unwrap();
        let username = candidate.about().username.clone();
        let login = registry.login(&username, demo::PASSWORD, None).await.unwrap();
        let cookie = format!("session={}", login.session.expose());
        people.push(Person { username, cookie, path: format!("/applications/{id}/basic") });
    }
    registry.close().await;
    Arc::new(people)
}

fn sound(load: &Load, what: &str) {
    assert!(load.wrong.is_empty(), "{what}: {} wrong, first {:?}", load.wrong.len(), load.wrong.first());
    assert!(!load.times.is_empty(), "{what}: nobody was served");
}

async fn overloaded(engine: &str, url: &str) {
    let dir = tempfile::tempdir().unwrap();
    let people = people(url).await;
    let server = Server::start(command(dir.path(), url)).await;
    let address = SocketAddr::from(([127, 0, 0, 1], server.port));
    // Half as long on PostgreSQL: what is admitted is decided before the engine is asked.
    let (step, whole) = match (soak(), engine) {
        (true, "sqlite") => (5, 600),
        (true, _) => (5, 300),
        (false, _) => (1, 10),
    };
    // The peak, by doubling. Twice as many clients that bring less than a twentieth more are past it.
    let (mut peak, mut clients, mut next) = (0.0, 1, 1);
    while next <= MOST {
        let load = load::load(address, &people, next, Duration::from_secs(step)).await;
        sound(&load, engine);
        if load.goodput() < peak * 1.05 {
            break;
        }
        (peak, clients, next) = (load.goodput(), next, next * 2);
    }
    let first = load(address, &people, clients * 10, Duration::from_secs(whole / 10)).await;
    sound(&first, engine);
    let before = resident(&server.child);
    let mut over = load(address, &people, clients * 10, Duration::from_secs(whole - whole / 10)).await;
    let (goodput, p99, after) = (over.goodput(), over.p99(), resident(&server.child));
    eprintln!(
        "   {engine}: peak {peak:.0} pages/s with {clients} clients; ten times as many: {goodput:.0} pages/s ({:.2} x), p99 {p99:.0?}, {} refused, memory {} MB, then {} MB",
        goodput / peak,
        over.refused,
        before / 1024,
        after / 1024
    );
    sound(&over, engine);
    if soak() {
        assert!(goodput >= 0.9 * peak, "{engine}: {goodput:.0} pages/s, {peak:.0} at the peak");
        assert!(p99 <= Duration::from_millis(500), "{engine}: p99 {p99:?}");
        assert!(after <= before + MORE, "{engine}: {before} KiB, then {after} KiB");
    }
    // And afterwards everybody is served as before.
    let alone = load(address, &people, 1, Duration::from_secs(1)).await;
    sound(&alone, engine);
    assert_eq!(alone.refused, 0, "{engine}: still refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_as_many_people_are_served_as_well_or_told_to_come_back_on_sqlite() {
    let dir = tempfile::tempdir().unwrap();
    overloaded("sqlite", &format!("sqlite:{}", dir.path().join("overload.db").display())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_times_as_many_people_are_served_as_well_or_told_to_come_back_on_postgres() {
    overloaded("postgres", &common::postgres("overload").await).await;
}
