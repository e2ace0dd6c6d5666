//! What is typed at registration, kept for a browser before there is an account.
use crate::common::*;
use forms::account::RegistrationDraft;
use registry::*;
use std::net::IpAddr;

fn save_of(database: &TestDatabase, order: i64, address: &str) -> RegistrationSave {
    let text = database.registry.page_token(PageOwner::Nobody);
    let page = database.registry.read_page_token(&text).unwrap().key;
    RegistrationSave { page, order, address: address.parse::<IpAddr>().ok() }
}
fn named(name: &str) -> RegistrationDraft {
    RegistrationDraft { name: name.into(), ..RegistrationDraft::default() }
}

#[test]
fn what_is_typed_at_registration_is_kept_for_a_day_without_its_secrets() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let (draft, save) = (database.registration(), save_of(&database, 1, "192.0.2.1"));
        let token = registry.save_registration(None, save, draft.clone()).await.unwrap().unwrap();
        assert_eq!(registry.registration_draft(&token).await.unwrap(), Some(draft.without_secrets()));
        for secret in ["Yuan2026", "实验小学", "张伟"] {
            let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
            let column = if matches!(engine, Engine::Sqlite) { "lower(hex(sealed))" } else { "encode(sealed, 'hex')" };
            let found = format!("SELECT COUNT(*) FROM registration_draft WHERE {column} LIKE '%{hex}%'");
            assert_eq!(database.count(found.leak()).await, 0, "{secret}");
        }
        let other = save_of(&database, 1, "192.0.2.1");
        let stranger = registry.save_registration(None, other, named("王芳")).await.unwrap().unwrap();
        assert_ne!(stranger.expose(), token.expose());
        assert_eq!(registry.registration_draft(&stranger).await.unwrap(), Some(named("王芳")));
        database.later(REGISTRATION_SECONDS + 1);
        assert_eq!(registry.registration_draft(&token).await.unwrap(), None);
        registry.purge_expired().await.unwrap();
        assert_eq!(database.count("SELECT COUNT(*) FROM registration_draft").await, 0);
    });
}

#[test]
fn looking_at_registration_keeps_nothing_and_what_is_too_long_is_refused() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let secrets = RegistrationDraft { password: "Yuan2026".into(), ..RegistrationDraft::default() };
        let save = save_of(&database, 1, "192.0.2.1");
        assert!(database.registry.save_registration(None, save, secrets).await.unwrap().is_none());
        let long = database.registry.save_registration(None, save, named(&"长".repeat(2000))).await;
        assert!(matches!(long, Err(RegistrationDraftError::TooLong)));
        assert_eq!(database.count("SELECT COUNT(*) FROM registration_draft").await, 0);
    });
}

#[test]
fn a_save_that_crosses_another_or_comes_after_beginning_afresh_changes_nothing() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let save = save_of(&database, 20, "192.0.2.1");
        let token = registry.save_registration(None, save, named("新的")).await.unwrap().unwrap();
        // Sent before the cookie was there.
        let older = RegistrationSave { order: 10, ..save };
        let again = registry.save_registration(None, older, named("旧的")).await.unwrap().unwrap();
        assert_eq!(again.expose(), token.expose());
        assert_eq!(registry.registration_draft(&token).await.unwrap(), Some(named("新的")));
        registry.forget_registration(Some(&token), save).await.unwrap();
        let late = RegistrationSave { order: 30, ..save };
        registry.save_registration(Some(&token), late, named("迟到")).await.unwrap();
        assert_eq!(registry.registration_draft(&token).await.unwrap(), None);
        // Registering before the first save has arrived.
        let quick = save_of(&database, 1, "192.0.2.1");
        registry.forget_registration(None, quick).await.unwrap();
        let late = registry.save_registration(None, quick, named("迟到")).await.unwrap().unwrap();
        assert_eq!(registry.registration_draft(&late).await.unwrap(), None);
        // Another page in the same browser begins anew.
        let next = save_of(&database, 1, "192.0.2.1");
        registry.save_registration(Some(&token), next, named("重来")).await.unwrap();
        assert_eq!(registry.registration_draft(&token).await.unwrap(), Some(named("重来")));
    });
}

#[test]
fn a_token_that_nobody_was_given_keeps_nothing() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let planted = Token::parse(&"A".repeat(43)).unwrap();
        let save = save_of(&database, 1, "192.0.2.1");
        let token = database.registry.save_registration(Some(&planted), save, named("张伟")).await.unwrap().unwrap();
        assert_ne!(token.expose(), planted.expose());
        assert_eq!(database.registry.registration_draft(&planted).await.unwrap(), None);
    });
}

#[test]
fn a_network_begins_only_so_many_registrations_and_others_go_on() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let mut begun = Vec::new();
        for n in 0..405 {
            // Another address of the same /64 each time.
            let save = save_of(&database, 1, &format!("2001:db8::{n:x}"));
            begun.push((save, registry.save_registration(None, save, named("张伟")).await));
        }
        let kept = begun.iter().filter(|(_, saved)| saved.is_ok()).count();
        assert_eq!(kept, 400);
        assert!(matches!(begun[404].1, Err(RegistrationDraftError::TooMany)));
        // What was begun goes on, and so does another network.
        let (save, token) = (begun[0].0, begun[0].1.as_ref().unwrap().clone().unwrap());
        assert!(registry.save_registration(Some(&token), save, named("王芳")).await.is_ok());
        let elsewhere = save_of(&database, 1, "2001:db8:0:1::1");
        assert!(registry.save_registration(None, elsewhere, named("李娜")).await.is_ok());
    });
}
