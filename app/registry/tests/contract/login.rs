//! Log-ins under pressure: what one network may do, and whom it cannot hold up. Both kinds of accounts, both engines.
use crate::common::*;
use forms::{problem::AccountProblem, review::Role};
use registry::*;
use std::net::IpAddr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Candidate,
    Staff,
}
const KINDS: [Kind; 2] = [Kind::Candidate, Kind::Staff];
const RIGHT: &str = "Schreiben9";

/// An account of a kind, and its username.
async fn account(database: &TestDatabase, kind: Kind) -> &'static str {
    match kind {
        Kind::Candidate => {
            let mut draft = database.registration();
            (draft.username, draft.password, draft.password_again) = ("owner".into(), RIGHT.into(), RIGHT.into());
            database.registry.register(database.checked(&draft)).await.unwrap();
        }
        Kind::Staff => drop(database.registry.add_staff("owner", "owner", Role::Centre, "", RIGHT).await.unwrap()),
    }
    "owner"
}

/// The device cookie of a log-in that succeeded.
async fn log_in(
    registry: &Registry,
    kind: Kind,
    name: &str,
    password: &str,
    source: &LoginSource,
) -> Result<Token, LoginError> {
    match kind {
        Kind::Candidate => registry.login(name, password, Some(source)).await.map(|login| login.device),
        Kind::Staff => registry.staff_login(name, password, Some(source)).await.map(|login| login.device),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum LoginOutcome {
    In,
    Wrong,
    Throttled,
}
async fn outcome(registry: &Registry, kind: Kind, name: &str, password: &str, source: &LoginSource) -> LoginOutcome {
    match log_in(registry, kind, name, password, source).await {
        Ok(_) => LoginOutcome::In,
        Err(LoginError::Refused(AccountProblem::Throttled)) => LoginOutcome::Throttled,
        Err(LoginError::Refused(_)) => LoginOutcome::Wrong,
        Err(LoginError::Registry(error)) => panic!("{error}"),
    }
}

/// Guesses as often as the pauses allow, for a little less than an hour, and counts those whose password was looked at.
async fn guess_for_an_hour(database: &TestDatabase, kind: Kind, source: &LoginSource) -> usize {
    let mut guesses = 0;
    for _ in 0..359 {
        while outcome(&database.registry, kind, "owner", "wrong1", source).await == LoginOutcome::Wrong {
            guesses += 1;
        }
        database.later(10);
    }
    guesses
}

#[test]
fn one_network_guesses_twenty_times_an_hour_and_locks_nobody_out() {
    on_both_engines(async |engine| {
        for kind in KINDS {
            let database = TestDatabase::open(engine).await;
            let name = account(&database, kind).await;
            let registry = &database.registry;
            let guesses = guess_for_an_hour(&database, kind, &from("192.0.2.1")).await;
            assert!((18..=21).contains(&guesses), "{kind:?}: {guesses}");
            // Neither an address elsewhere nor one beside it has to wait.
            for owner in ["198.51.100.7", "2001:db8::7", "192.0.2.200"] {
                assert_eq!(
                    outcome(registry, kind, name, RIGHT, &from(owner)).await,
                    LoginOutcome::In,
                    "{kind:?} {owner}"
                );
            }
        }
    });
}

#[test]
fn ten_thousand_guesses_from_one_network_leave_the_owner_free() {
    on_both_engines(async |engine| {
        for kind in KINDS {
            let database = TestDatabase::open(engine).await;
            let name = account(&database, kind).await;
            let guesses = if std::env::var_os("YIKAO_SOAK").is_some() { 10_000 } else { 1_000 };
            let mut looked_at = 0;
            for n in 0..guesses {
                let source = from(&format!("192.0.2.{}", n % 256));
                looked_at += usize::from(
                    outcome(&database.registry, kind, name, "wrong1", &source).await == LoginOutcome::Wrong,
                );
            }
            // A whole /24 has two budgets of one address.
            assert_eq!(looked_at, 40, "{kind:?}");
            assert_eq!(
                outcome(&database.registry, kind, name, RIGHT, &from("192.0.2.9")).await,
                LoginOutcome::Throttled
            );
            assert_eq!(outcome(&database.registry, kind, name, RIGHT, &from("198.51.100.7")).await, LoginOutcome::In);
        }
    });
}

#[test]
fn all_unknown_networks_together_have_a_bounded_number_and_a_known_browser_and_a_usual_network_are_not_among_them() {
    on_both_engines(async |engine| {
        for kind in KINDS {
            let database = TestDatabase::open(engine).await;
            let name = account(&database, kind).await;
            let registry = &database.registry;
            let device = log_in(registry, kind, name, RIGHT, &from("198.51.100.7")).await.unwrap();
            let mut looked_at = 0;
            for n in 0..600_u16 {
                let source = from(&format!("10.{}.{}.1", n / 256, n % 256));
                looked_at += usize::from(outcome(registry, kind, name, "wrong1", &source).await == LoginOutcome::Wrong);
            }
            assert_eq!(looked_at, 200, "{kind:?}");
            let elsewhere = from("203.0.113.5");
            assert_eq!(outcome(registry, kind, name, RIGHT, &elsewhere).await, LoginOutcome::Throttled);
            // The browser that was there before, wherever it is now, and any browser where the owner usually is.
            let known = LoginSource { device: Some(device.clone()), ..elsewhere.clone() };
            assert_eq!(outcome(registry, kind, name, RIGHT, &known).await, LoginOutcome::In);
            assert_eq!(outcome(registry, kind, name, RIGHT, &from("198.51.100.99")).await, LoginOutcome::In);
            // A known browser guesses no more often than a network does.
            let mut looked_at = 0;
            for _ in 0..60 {
                looked_at += usize::from(outcome(registry, kind, name, "wrong1", &known).await == LoginOutcome::Wrong);
                database.later(301);
                if looked_at >= 12 {
                    break;
                }
            }
            assert!(looked_at <= 20, "{looked_at}");
            // Somebody else's cookie is of no use.
            let foreign = LoginSource { device: Token::parse(&"A".repeat(43)), ..elsewhere.clone() };
            assert_ne!(outcome(registry, kind, "nobody", RIGHT, &foreign).await, LoginOutcome::In);
        }
    });
}

#[test]
fn networks_of_six_count_by_their_64_and_their_48() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let name = account(&database, Kind::Candidate).await;
        let registry = &database.registry;
        let count = async |address: fn(u16) -> IpAddr| {
            let mut looked_at = 0;
            for n in 0..100 {
                let source = LoginSource { address: Some(address(n)), ..LoginSource::default() };
                looked_at += usize::from(
                    outcome(registry, Kind::Candidate, name, "wrong1", &source).await == LoginOutcome::Wrong,
                );
            }
            looked_at
        };
        // One household: four guesses, then pauses. Many of one site: two budgets. Another site has its own.
        assert_eq!(count(|n| IpAddr::from([0x2001, 0xdb8, 1, 2, n, 0, 0, 1])).await, 5);
        assert_eq!(count(|n| IpAddr::from([0x2001, 0xdb8, 1, n + 10, 0, 0, 0, 1])).await, 35);
        assert_eq!(count(|n| IpAddr::from([0x2001, 0xdb8, 2, n, 0, 0, 0, 1])).await, 40);
    });
}

#[test]
fn guesses_pause_longer_and_longer_and_a_name_that_nobody_has_says_the_same() {
    on_both_engines(async |engine| {
        for kind in KINDS {
            let database = TestDatabase::open(engine).await;
            account(&database, kind).await;
            let source = from("192.0.2.1");
            for name in ["owner", "nobody_1"] {
                let guess = || outcome(&database.registry, kind, name, "wrong1", &source);
                for _ in 0..5 {
                    assert_eq!(guess().await, LoginOutcome::Wrong, "{name}");
                }
                for pause in [1, 2, 4, 8] {
                    database.later(pause - 1);
                    assert_eq!(guess().await, LoginOutcome::Throttled, "{name}: {pause}");
                    database.later(1);
                    assert_eq!(guess().await, LoginOutcome::Wrong, "{name}: {pause}");
                }
            }
            // Success begins anew.
            database.later(300);
            assert_eq!(outcome(&database.registry, kind, "owner", RIGHT, &source).await, LoginOutcome::In);
            for _ in 0..5 {
                assert_eq!(outcome(&database.registry, kind, "owner", "wrong1", &source).await, LoginOutcome::Wrong);
            }
        }
    });
}

#[test]
fn many_guesses_at_the_same_moment_are_each_counted() {
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        account(&database, Kind::Candidate).await;
        let guesses = (0..60).map(|_| {
            let registry = database.registry.clone();
            tokio::spawn(async move {
                matches!(
                    registry.login("owner", "wrong1", Some(&from("192.0.2.1"))).await,
                    Err(LoginError::Refused(AccountProblem::WrongLogin))
                )
            })
        });
        let mut looked_at = 0;
        for guess in guesses.collect::<Vec<_>>() {
            looked_at += usize::from(guess.await.unwrap());
        }
        // Five without a pause; the rest would have had to wait.
        assert_eq!(looked_at, 5);
    });
}

#[test]
fn the_owner_reads_of_failed_log_ins_and_a_flood_writes_one_row_a_minute() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        account(&database, Kind::Candidate).await;
        let registry = &database.registry;
        for _ in 0..3 {
            for n in 0..100 {
                outcome(registry, Kind::Candidate, "owner", "wrong1", &from(&format!("192.0.2.{n}"))).await;
                if n == 0 {
                    database.later(1);
                }
            }
            database.later(61);
        }
        let login = registry.login("owner", RIGHT, Some(&from("198.51.100.7"))).await.unwrap();
        let id = login.account.uuid();
        // The first minute looked at passwords until the network was exhausted; the others had nothing left to look at.
        assert_eq!(registry.audited("account.login_failed", id).await.unwrap(), 1);
        assert_eq!(registry.audited("account.login_throttled", id).await.unwrap(), 3);
        let owner = registry.candidate(&login.session).await.unwrap().unwrap();
        let events: Vec<LoginEvent> = owner.login_events().await.unwrap().into_iter().map(|(_, event)| event).collect();
        use LoginEvent::{Failed, LoggedIn, Throttled};
        assert_eq!(events, [LoggedIn, Throttled, Throttled, Throttled, Failed]);
        registry.logout(&login.session).await.unwrap();
        registry.logout(&login.session).await.unwrap();
        assert_eq!(registry.audited("account.logout", id).await.unwrap(), 1);
        // Names that nobody has are written down as one.
        for n in 0..50 {
            outcome(registry, Kind::Candidate, &format!("nobody_{n}"), "wrong1", &from("203.0.113.1")).await;
        }
        assert_eq!(registry.audit_by_action("account.login_failed").await.unwrap().len(), 2);
    });
}

#[test]
fn log_ins_of_staff_are_audited() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        account(&database, Kind::Staff).await;
        let registry = &database.registry;
        outcome(registry, Kind::Staff, "owner", "wrong1", &from("192.0.2.1")).await;
        let login = registry.staff_login("owner", RIGHT, Some(&from("192.0.2.1"))).await.unwrap();
        registry.staff_logout(&login.session).await.unwrap();
        assert_eq!(registry.staff().await.unwrap()[0].failed, Some(NOON));
        for action in ["staff.login_failed", "staff.login", "staff.logout"] {
            assert_eq!(registry.audited(action, login.account.uuid()).await.unwrap(), 1, "{action}");
        }
    });
}

#[test]
fn networks_and_names_are_stored_as_keyed_hashes_only() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        account(&database, Kind::Candidate).await;
        log_in(&database.registry, Kind::Candidate, "owner", RIGHT, &from("198.51.100.7")).await.unwrap();
        outcome(&database.registry, Kind::Candidate, "owner", "wrong1", &from("198.51.100.7")).await;
        for (table, column) in [("network", "network_hash"), ("throttle", "bucket")] {
            let hashes = database.bytes_of(table, column).await;
            assert!(!hashes.is_empty() && hashes.iter().all(|hash| hash.len() == 32), "{table}");
        }
    });
}

#[test]
fn a_session_ends_after_twelve_hours_whatever_is_done_in_it() {
    on_both_engines(async |engine| {
        for kind in KINDS {
            let database = TestDatabase::open(engine).await;
            account(&database, kind).await;
            let registry = &database.registry;
            let session = match kind {
                Kind::Candidate => registry.login("owner", RIGHT, None).await.unwrap().session,
                Kind::Staff => registry.staff_login("owner", RIGHT, None).await.unwrap().session,
            };
            let holds = async || match kind {
                Kind::Candidate => registry.candidate(&session).await.unwrap().is_some(),
                Kind::Staff => registry.officer(&session).await.unwrap().is_some(),
            };
            for _ in 0..11 {
                database.later(3600);
                assert!(holds().await, "{kind:?}");
                registry.background_writes_end().await;
            }
            database.later(3599);
            assert!(holds().await, "{kind:?}");
            database.later(1);
            assert!(!holds().await, "{kind:?}");
        }
    });
}

#[test]
fn a_log_in_that_finds_no_place_costs_no_attempt() {
    on_both_engines(async |engine| {
        let database = TestDatabase::with(engine, |settings| Settings {
            hashing_threads: 1,
            hashing_slots: 1,
            hash_cost: HashCost { memory: 8 * 1024, passes: 4 },
            ..settings
        })
        .await;
        account(&database, Kind::Candidate).await;
        let flood: Vec<_> = (0..40)
            .map(|n| {
                let registry = database.registry.clone();
                let source = from(&format!("10.0.{n}.1"));
                tokio::spawn(async move { registry.login("nobody_1", "wrong1", Some(&source)).await.err() })
            })
            .collect();
        let mut busy = 0;
        for guess in flood {
            busy += usize::from(matches!(guess.await.unwrap(), Some(LoginError::Registry(Error::Busy))));
        }
        assert!(busy > 0);
        assert_eq!(
            outcome(&database.registry, Kind::Candidate, "owner", RIGHT, &from("192.0.2.1")).await,
            LoginOutcome::In
        );
        let used: i64 =
            database.count("SELECT CAST(COALESCE(SUM(used), 0) AS BIGINT) FROM throttle WHERE paused = 0").await;
        // Three counters for each guess that was looked at, one for what the audit says of them; none for the rest.
        assert!(used <= 3 * (40 - busy) as i64 + 2, "{used} {busy}");
    });
}

#[test]
fn a_known_browser_has_a_place_while_strangers_have_none() {
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::with(engine, |settings| Settings {
            hashing_threads: 1,
            hashing_slots: 2,
            hash_cost: HashCost { memory: 8 * 1024, passes: 2 },
            ..settings
        })
        .await;
        for kind in KINDS {
            let name = account(&database, kind).await;
            let registry = &database.registry;
            let device = log_in(registry, kind, name, RIGHT, &from("198.51.100.7")).await.unwrap();
            let flood = (0..60).map(|n| {
                let registry = registry.clone();
                // With and without a cookie that nobody issued.
                let device = (n % 2 == 0).then(|| Token::parse(&"A".repeat(43)).unwrap());
                tokio::spawn(async move {
                    let mut refused = 0;
                    for round in 0..5 {
                        let address = Some(IpAddr::from([10, round, n, 1]));
                        let source = LoginSource { device: device.clone(), address, ..LoginSource::default() };
                        let guess = log_in(&registry, kind, &format!("nobody_{n}"), "wrong1", &source).await;
                        refused += usize::from(matches!(guess, Err(LoginError::Registry(Error::Busy))));
                    }
                    refused
                })
            });
            let flood: Vec<_> = flood.collect();
            let known = LoginSource { device: Some(device), ..from("203.0.113.5") };
            for _ in 0..5 {
                assert_eq!(outcome(registry, kind, name, RIGHT, &known).await, LoginOutcome::In, "{kind:?}");
            }
            let mut refused = 0;
            for guesses in flood {
                refused += guesses.await.unwrap();
            }
            assert!(refused > 100, "{kind:?}: {refused}");
        }
    });
}

#[test]
fn an_operator_frees_an_occupied_document_number_unless_an_application_stands() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let (me, session) = database.ready().await;
        let document = me.about().identity.document.clone();
        let (id, version) = database.full_draft(&me, session).await;
        me.submit_application(id, version).await.unwrap();
        assert_eq!(registry.release_document(&document).await.unwrap(), DocumentRelease::ApplicationStands);
        let again = registry.login(&me.about().username, "Yuan2026", None).await;
        assert!(again.is_ok());

        // Somebody with a draft and nothing else.
        let draft = database.registration();
        let account = registry.register(database.checked(&draft)).await.unwrap();
        let login = registry.login(&draft.username, "Yuan2026", None).await.unwrap();
        let impostor = registry.candidate(&login.session).await.unwrap().unwrap();
        impostor.begin_application(session, forms::category::Category::parse("110").unwrap()).await.unwrap();
        let document = impostor.about().identity.document.clone();
        assert_eq!(registry.release_document(&document).await.unwrap(), DocumentRelease::Released);
        assert_eq!(registry.release_document(&document).await.unwrap(), DocumentRelease::NotTaken);
        assert_eq!(registry.audited("account.release_document", account.uuid()).await.unwrap(), 1);
        assert!(registry.candidate(&login.session).await.unwrap().is_none());
        assert!(registry.login(&draft.username, "Yuan2026", None).await.is_err());
        let mut own = draft.clone();
        own.username = "the_person".into();
        registry.register(database.checked(&own)).await.unwrap();
        assert!(registry.login("the_person", "Yuan2026", None).await.is_ok());
    });
}
