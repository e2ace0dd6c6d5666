//! Accounts, log-ins and sessions.
use crate::common::*;
use forms::account::SecurityDraft;
use forms::problem::AccountProblem;
use forms::rule_set::rule_set;
use registry::*;

#[test]
fn a_username_is_taken_once_whatever_its_case() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let draft = database.registration();
        database.registry.register(database.checked(&draft)).await.unwrap();
        let mut same_name = database.registration();
        same_name.username = draft.username.to_uppercase();
        let refused = database.registry.register(database.checked(&same_name)).await;
        assert!(matches!(refused, Err(RegisterError::UsernameTaken)));
        // The person of the refused registration did not stay behind.
        same_name.username = "somebody".into();
        database.registry.register(database.checked(&same_name)).await.unwrap();
        let taken = forms::value::Username::parse("PERSON_0").unwrap();
        assert!(!database.registry.username_is_free(&taken).await.unwrap());
    });
}

#[test]
fn a_person_registers_once_and_is_told_nothing_of_the_username() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let draft = database.registration();
        database.registry.register(database.checked(&draft)).await.unwrap();
        let mut same_person = draft.clone();
        same_person.username = "other_name".into();
        match database.registry.register(database.checked(&same_person)).await {
            Err(RegisterError::PersonTaken { masked }) => assert_eq!(masked, "****"),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn whoever_knows_the_password_logs_in() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let draft = database.registration();
        database.registry.register(database.checked(&draft)).await.unwrap();
        let login = database.registry.login("Person_0", "Yuan2026", None).await.unwrap();
        assert!(login.first);
        assert!(!database.registry.login("person_0", "Yuan2026", None).await.unwrap().first);
        let who = database.registry.candidate(&login.session).await.unwrap().unwrap();
        assert_eq!(who.about().identity.document.number(), draft.document_number);
        assert_eq!(database.registry.audited("account.register", who.account().uuid()).await.unwrap(), 1);
    });
}

#[test]
fn a_wrong_password_and_an_unknown_name_are_refused_alike() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        database.registry.register(database.checked(&database.registration())).await.unwrap();
        for (name, password) in [("person_0", "yuan2026"), ("nobody", "Yuan2026")] {
            let refused = database.registry.login(name, password, None).await;
            assert!(matches!(refused, Err(LoginError::Refused(AccountProblem::WrongLogin))), "{name}");
        }
    });
}

#[test]
fn attempts_are_limited_without_locking_out_the_owner() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        database.registry.register(database.checked(&database.registration())).await.unwrap();
        let device = database.registry.login("person_0", "Yuan2026", None).await.unwrap().device;
        for _ in 0..5 {
            assert!(matches!(
                database.registry.login("person_0", "wrong1", None).await,
                Err(LoginError::Refused(AccountProblem::WrongLogin))
            ));
        }
        assert!(matches!(
            database.registry.login("person_0", "Yuan2026", None).await,
            Err(LoginError::Refused(AccountProblem::Throttled))
        ));
        let known = LoginSource { device: Some(device), ..LoginSource::default() };
        assert!(database.registry.login("person_0", "Yuan2026", Some(&known)).await.is_ok());
        database.later(3601);
        assert!(database.registry.login("person_0", "Yuan2026", None).await.is_ok());
    });
}

#[test]
fn a_session_lives_as_long_as_it_is_used() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        database.registry.register(database.checked(&database.registration())).await.unwrap();
        let token = database.registry.login("person_0", "Yuan2026", None).await.unwrap().session;
        database.later(3600);
        assert!(database.registry.candidate(&token).await.unwrap().is_some());
        // That use prolonged it.
        database.registry.background_writes_end().await;
        database.later(7000);
        assert!(database.registry.candidate(&token).await.unwrap().is_some());
        database.registry.background_writes_end().await;
        database.later(7201);
        assert!(database.registry.candidate(&token).await.unwrap().is_none());
    });
}

#[test]
fn a_parked_form_is_given_back_once_within_fifteen_minutes_and_to_its_account() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let account = database.registry.register(database.checked(&database.registration())).await.unwrap();
        let other = database.candidate().await;
        let post = ParkedForm { path: "/profile/contact".into(), pairs: vec![("mobile".into(), "138".into())] };
        database.registry.park(account, &post).await.unwrap();
        assert_eq!(database.registry.unpark(other.account()).await.unwrap(), []);
        assert_eq!(database.registry.unpark(account).await.unwrap(), std::slice::from_ref(&post));
        assert_eq!(database.registry.unpark(account).await.unwrap(), []);
        database.registry.park(account, &post).await.unwrap();
        database.later(901);
        assert_eq!(database.registry.unpark(account).await.unwrap(), []);
    });
}

fn change(current: &str, password: &str, question: &str) -> forms::account::SecurityChange {
    let draft = SecurityDraft {
        current_password: current.into(),
        password: password.into(),
        password_again: password.into(),
        recovery_question: question.into(),
        recovery_answer: question.replace('？', "！"),
    };
    draft.check(&rule_set("2021").unwrap().password, &[]).unwrap()
}
/// Somebody with two sessions.
async fn twice_logged_in(database: &TestDatabase) -> (Candidate, [Token; 2]) {
    database.registry.register(database.checked(&database.registration())).await.unwrap();
    let here = database.registry.login("person_0", "Yuan2026", None).await.unwrap().session;
    let there = database.registry.login("person_0", "Yuan2026", None).await.unwrap().session;
    (database.registry.candidate(&here).await.unwrap().unwrap(), [here, there])
}

#[test]
fn a_new_password_asks_for_the_current_one() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, [_, there]) = twice_logged_in(&database).await;
        let refused = me.secure(&change("Yuan2025", "Gao2027", ""), None).await;
        assert!(matches!(refused, Err(LoginError::Refused(AccountProblem::WrongPassword))));
        assert!(database.registry.candidate(&there).await.unwrap().is_some());
    });
}

#[test]
fn a_new_recovery_question_ends_no_session() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, [_, there]) = twice_logged_in(&database).await;
        assert!(me.secure(&change("Yuan2026", "", "最喜欢的书？"), None).await.unwrap().is_none());
        assert!(database.registry.candidate(&there).await.unwrap().is_some());
        assert_eq!(database.registry.audited("account.recovery", me.account().uuid()).await.unwrap(), 1);
    });
}

#[test]
fn a_new_password_ends_every_session_and_of_two_at_once_one_is_set() {
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, old) = twice_logged_in(&database).await;
        let (one, other) = (change("Yuan2026", "Gao2027", ""), change("Yuan2026", "Gao2028", ""));
        let (one, other) = tokio::join!(me.secure(&one, None), me.secure(&other, None));
        let (new, password) = match (one, other) {
            (Ok(Some(token)), Err(_)) => (token, "Gao2027"),
            (Err(_), Ok(Some(token))) => (token, "Gao2028"),
            (one, other) => panic!("{} {}", one.is_ok(), other.is_ok()),
        };
        for token in &old {
            assert!(database.registry.candidate(token).await.unwrap().is_none());
        }
        assert!(database.registry.candidate(&new).await.unwrap().is_some());
        let refused = database.registry.login("person_0", "Yuan2026", None).await;
        assert!(matches!(refused, Err(LoginError::Refused(AccountProblem::WrongLogin))));
        assert!(database.registry.login("person_0", password, None).await.is_ok());
        assert_eq!(database.registry.audited("account.password", me.account().uuid()).await.unwrap(), 1);
    });
}

#[test]
fn a_new_password_is_the_one_that_logs_in() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, [here, _]) = twice_logged_in(&database).await;
        let new = me.secure(&change("Yuan2026", "Gao2027", ""), None).await.unwrap().unwrap();
        assert!(database.registry.candidate(&here).await.unwrap().is_none());
        assert!(database.registry.candidate(&new).await.unwrap().is_some());
        assert!(database.registry.login("person_0", "Gao2027", None).await.is_ok());
    });
}

#[test]
fn guesses_with_a_stolen_session_are_counted() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let (me, _) = twice_logged_in(&database).await;
        for _ in 0..5 {
            assert!(me.secure(&change("Wrong1", "Gao2029", ""), None).await.is_err());
        }
        let refused = me.secure(&change("Yuan2026", "Gao2029", ""), None).await;
        assert!(matches!(refused, Err(LoginError::Refused(AccountProblem::Throttled))));
    });
}
