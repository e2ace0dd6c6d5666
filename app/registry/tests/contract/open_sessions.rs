//! The open sessions of an account, as its owner sees and ends them. Both engines.
use crate::common::*;
use registry::*;

fn source(browser: Browser, system: System, address: &str) -> LoginSource {
    let client = Client { browser, system };
    LoginSource { address: Some(address.parse().unwrap()), client, ..LoginSource::default() }
}

/// Somebody who logged in three times, five minutes apart.
async fn logged_in(database: &TestDatabase) -> (Candidate, Vec<Token>) {
    let draft = database.registration();
    database.registry.register(database.checked(&draft)).await.unwrap();
    let mut tokens = Vec::new();
    for from in [
        source(Browser::Firefox, System::Linux, "203.0.113.77"),
        source(Browser::WeChat, System::Android, "2001:db8:1:2::5"),
        LoginSource::default(),
    ] {
        let login = database.registry.login(&draft.username, "Yuan2026", Some(&from)).await.unwrap();
        tokens.push(login.session);
        database.later(300);
    }
    (database.registry.candidate(&tokens[0]).await.unwrap().unwrap(), tokens)
}

#[test]
fn each_session_tells_roughly_where_it_is_and_which_one_asks() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, tokens) = logged_in(&database).await;
        database.registry.background_writes_end().await;
        let sessions = me.open_sessions(&tokens[0]).await.unwrap();
        let told: Vec<_> = sessions
            .iter()
            .map(|session| {
                (session.is_current, session.client.browser, session.client.system, session.network.as_str())
            })
            .collect();
        assert_eq!(
            told,
            [
                (true, Browser::Firefox, System::Linux, "203.0.113.x"),
                (false, Browser::Other, System::Other, ""),
                (false, Browser::WeChat, System::Android, "2001:db8:1::/48"),
            ]
        );
        let minutes = |session: &OpenSession| (session.begun.0 - NOON) / 300_000_000;
        assert_eq!(sessions.iter().map(minutes).collect::<Vec<_>>(), [0, 2, 1]);
        // The one that asked showed a sign of life just now.
        assert_eq!(sessions[0].seen, Moment(NOON).plus_seconds(900));
        // What is stored of browser and network is sealed, and no id is a token or its hash.
        let sealed = database.bytes_of("session", "origin_sealed").await;
        assert!(sealed.iter().all(|bytes| !String::from_utf8_lossy(bytes).contains("203.0.113")));
        assert!(sessions.iter().all(|s| tokens.iter().all(|token| !token.expose().contains(&s.id.to_string()))));
        // Nobody else sees them.
        let other = database.candidate().await;
        assert!(other.open_sessions(&tokens[0]).await.unwrap().is_empty());
    });
}

#[test]
fn one_session_is_ended_by_its_id_and_twice_is_once() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, tokens) = logged_in(&database).await;
        let registry = &database.registry;
        let sessions = me.open_sessions(&tokens[0]).await.unwrap();
        let wechat = sessions.iter().find(|session| session.client.browser == Browser::WeChat).unwrap().id;
        // Somebody else's and an unknown one are the same.
        let other = database.candidate().await;
        assert!(matches!(other.end_session(wechat).await, Err(Error::NotFound)));
        assert!(registry.candidate(&tokens[1]).await.unwrap().is_some());
        for _ in 0..2 {
            me.end_session(wechat).await.unwrap();
        }
        assert!(registry.candidate(&tokens[1]).await.unwrap().is_none());
        assert!(registry.candidate(&tokens[2]).await.unwrap().is_some());
        assert_eq!(me.open_sessions(&tokens[0]).await.unwrap().len(), 2);
        assert_eq!(registry.audited("account.session_end", me.account().uuid()).await.unwrap(), 1);
        assert_eq!(me.login_events().await.unwrap()[0].1, LoginEvent::OthersEnded);
    });
}

#[test]
fn all_others_end_and_this_one_stays() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, tokens) = logged_in(&database).await;
        let (stranger, foreign) = logged_in(&database).await;
        let registry = &database.registry;
        for _ in 0..2 {
            me.end_other_sessions(&tokens[0]).await.unwrap();
        }
        assert!(registry.candidate(&tokens[0]).await.unwrap().is_some());
        for token in &tokens[1..] {
            assert!(registry.candidate(token).await.unwrap().is_none());
        }
        assert_eq!(registry.audited("account.sessions_end", me.account().uuid()).await.unwrap(), 1);
        assert_eq!(stranger.open_sessions(&foreign[0]).await.unwrap().len(), 3);
    });
}

#[test]
fn a_session_that_is_over_is_not_listed() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, tokens) = logged_in(&database).await;
        database.registry.logout(&tokens[1]).await.unwrap();
        assert_eq!(me.open_sessions(&tokens[0]).await.unwrap().len(), 2);
        database.later(7201);
        assert!(me.open_sessions(&tokens[0]).await.unwrap().is_empty());
        // What expired by itself is not ended once more.
        me.end_other_sessions(&tokens[0]).await.unwrap();
        assert_eq!(database.registry.audited("account.sessions_end", me.account().uuid()).await.unwrap(), 0);
    });
}
