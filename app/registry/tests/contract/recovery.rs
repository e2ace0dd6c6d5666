//! Recovering a password: who can, what it ends, and what failures say and cost. Both engines.
use crate::common::*;
use forms::account::{Recovery, RecoveryDraft, RegistrationDraft, SecurityDraft};
use forms::problem::AccountProblem;
use forms::rule_set::RULES_2021;
use registry::*;

const NEW: &str = "Gao2027";

fn recovery_of(person: &RegistrationDraft) -> RecoveryDraft {
    RecoveryDraft {
        name: person.name.clone(),
        document_type: person.document_type.clone(),
        document_number: person.document_number.clone(),
        recovery_answer: person.recovery_answer.clone(),
        password: NEW.into(),
        password_again: NEW.into(),
    }
}
fn checked(draft: &RecoveryDraft) -> Recovery {
    draft.check(&RULES_2021.password).unwrap()
}
async fn registered(database: &TestDatabase) -> RegistrationDraft {
    let draft = database.registration();
    database.registry.register(database.checked(&draft)).await.unwrap();
    draft
}
/// Tries with a wrong answer.
async fn guess(registry: &Registry, draft: &RecoveryDraft, source: &LoginSource) -> RecoveryError {
    let wrong = RecoveryDraft { recovery_answer: "不是这所小学".into(), ..draft.clone() };
    registry.recover(None, &checked(&wrong), Some(source)).await.err().unwrap()
}

#[test]
fn whoever_knows_name_document_and_answer_sets_a_password_and_every_session_ends() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let person = registered(&database).await;
        let here = registry.login(&person.username, "Yuan2026", None).await.unwrap();
        let there = registry.login(&person.username, "Yuan2026", None).await.unwrap();
        let other = registered(&database).await;
        let others = registry.login(&other.username, "Yuan2026", None).await.unwrap();
        let post = ParkedForm { path: "/profile/contact".into(), pairs: vec![("mobile".into(), "138".into())] };
        registry.park(here.account, &post).await.unwrap();

        let loose =
            RecoveryDraft { recovery_answer: format!("　{} ", person.recovery_answer), ..recovery_of(&person) };
        registry.recover(Some(public_page(registry)), &checked(&loose), None).await.unwrap();
        for login in [&here, &there] {
            assert!(registry.candidate(&login.session).await.unwrap().is_none());
        }
        assert!(registry.candidate(&others.session).await.unwrap().is_some());
        assert_eq!(registry.unpark(here.account).await.unwrap(), []);
        assert!(registry.login(&person.username, "Yuan2026", None).await.is_err());
        let login = registry.login(&person.username, NEW, None).await.unwrap();
        assert_eq!(registry.audited("account.recover", here.account.uuid()).await.unwrap(), 1);
        let owner = registry.candidate(&login.session).await.unwrap().unwrap();
        let events: Vec<LoginEvent> = owner.login_events().await.unwrap().into_iter().map(|(_, event)| event).collect();
        assert!(events.contains(&LoginEvent::Recovered), "{events:?}");
        let actors = registry.audit_by_action("account.recover").await.unwrap();
        assert_eq!(actors[0].actor, Some(Actor::Candidate(here.account)));
    });
}

#[test]
fn whatever_is_wrong_is_refused_alike_and_changes_nothing() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let person = registered(&database).await;
        let account = registry.login(&person.username, "Yuan2026", None).await.unwrap();
        let right = recovery_of(&person);
        let nobody = recovery_of(&database.registration());
        let wrong = [
            RecoveryDraft { name: "王伟".into(), ..right.clone() },
            RecoveryDraft { document_number: nobody.document_number.clone(), ..right.clone() },
            RecoveryDraft { document_type: "passport".into(), ..right.clone() },
            RecoveryDraft { recovery_answer: "另一所小学".into(), ..right.clone() },
            nobody,
        ];
        for (n, draft) in wrong.iter().enumerate() {
            let refused = registry.recover(None, &checked(draft), Some(&from(&format!("192.0.{n}.1")))).await;
            assert!(matches!(refused, Err(RecoveryError::Refused)), "{n}");
        }
        assert!(registry.candidate(&account.session).await.unwrap().is_some());
        assert!(registry.login(&person.username, "Yuan2026", None).await.is_ok());
        assert_eq!(registry.audited("account.recover", account.account.uuid()).await.unwrap(), 0);
        // A wrong name and a wrong answer are written down as one within the minute; the rest was about nobody.
        let failed = registry.audit_by_action("account.recover_failed").await.unwrap();
        assert_eq!(failed.iter().filter(|row| row.subject == account.account.uuid()).count(), 1);
        assert_eq!(failed.len(), 2);
        // An account that was shut is nobody's.
        registry.release_document(&database.checked(&person).identity.document).await.unwrap();
        let refused = registry.recover(None, &checked(&right), Some(&from("198.51.100.1"))).await;
        assert!(matches!(refused, Err(RecoveryError::Refused)));
    });
}

#[test]
fn a_failure_about_nobody_costs_the_hashes_of_one_about_somebody() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let known = recovery_of(&registered(&database).await);
        let nobody = recovery_of(&database.registration());
        let wrong_name = RecoveryDraft { name: "王伟".into(), ..known.clone() };
        let hashes = async |draft: &RecoveryDraft, network: u8| {
            let before = registry.hashes_made();
            guess(registry, draft, &from(&format!("192.0.{network}.1"))).await;
            registry.hashes_made() - before
        };
        let known = hashes(&known, 1).await;
        assert!(known > 0);
        assert_eq!(hashes(&nobody, 2).await, known);
        assert_eq!(hashes(&wrong_name, 3).await, known);
    });
}

#[test]
fn recoveries_and_log_ins_have_budgets_of_their_own() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let (person, source) = (registered(&database).await, from("192.0.2.1"));
        let (draft, nobody) = (recovery_of(&person), recovery_of(&database.registration()));
        // Somebody and nobody are counted alike.
        for draft in [&draft, &nobody] {
            for n in 0..7 {
                let refused = guess(registry, draft, &source).await;
                assert!(matches!((n, refused), (0..5, RecoveryError::Refused) | (5.., RecoveryError::Throttled)));
            }
        }
        // With the right answer as well; and a log-in from there has lost nothing.
        let throttled = registry.recover(None, &checked(&draft), Some(&source)).await;
        assert!(matches!(throttled, Err(RecoveryError::Throttled)));
        for _ in 0..5 {
            let wrong = registry.login(&person.username, "wrong1", Some(&source)).await;
            assert!(matches!(wrong, Err(LoginError::Refused(AccountProblem::WrongLogin))));
        }
        let throttled = registry.login(&person.username, "Yuan2026", Some(&source)).await;
        assert!(matches!(throttled, Err(LoginError::Refused(AccountProblem::Throttled))));
        // Log-ins that are exhausted do not stop a recovery, here from an address whose log-ins wait.
        let other = from("198.51.100.1");
        for _ in 0..6 {
            let _ = registry.login(&person.username, "wrong1", Some(&other)).await;
        }
        registry.recover(None, &checked(&draft), Some(&other)).await.unwrap();
    });
}

#[test]
fn a_known_browser_recovers_while_all_networks_guess_and_is_known_afterwards() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let person = registered(&database).await;
        let draft = recovery_of(&person);
        let login = registry.login(&person.username, "Yuan2026", Some(&from("203.0.113.5"))).await.unwrap();
        let mut looked_at = 0;
        for n in 0..220_u16 {
            let source = from(&format!("10.{}.{}.1", n / 200, n % 200));
            looked_at += usize::from(matches!(guess(registry, &draft, &source).await, RecoveryError::Refused));
            let _ = registry.login(&person.username, "wrong1", Some(&source)).await;
        }
        assert_eq!(looked_at, 200);
        let elsewhere = from("198.51.100.1");
        let throttled = registry.recover(None, &checked(&draft), Some(&elsewhere)).await;
        assert!(matches!(throttled, Err(RecoveryError::Throttled)));
        // Where the owner usually logs in, and in the browser that was there before.
        assert!(matches!(guess(registry, &draft, &from("203.0.113.9")).await, RecoveryError::Refused));
        let known = LoginSource { device: Some(login.device.clone()), ..elsewhere.clone() };
        let recovered = registry.recover(None, &checked(&draft), Some(&known)).await.unwrap();
        assert_eq!(recovered.username.as_str(), person.username);
        // Log-ins from unknown networks are used up, and the browser that recovered is not one of them.
        let refused = registry.login(&person.username, NEW, Some(&elsewhere)).await;
        assert!(matches!(refused, Err(LoginError::Refused(AccountProblem::Throttled))));
        let known = LoginSource { device: Some(recovered.device), ..elsewhere };
        assert!(registry.login(&person.username, NEW, Some(&known)).await.is_ok());
    });
}

#[test]
fn a_page_that_is_sent_again_is_answered_the_same_and_ends_nothing_that_began_since() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let person = registered(&database).await;
        let (own, draft) = (public_page(registry), checked(&recovery_of(&person)));
        registry.recover(Some(own), &draft, None).await.unwrap();
        let login = registry.login(&person.username, NEW, None).await.unwrap();
        let recovered = registry.recover(Some(own), &draft, None).await.unwrap();
        assert!(registry.candidate(&login.session).await.unwrap().is_some());
        assert_eq!(registry.audited("account.recover", login.account.uuid()).await.unwrap(), 1);
        let known = LoginSource { device: Some(recovered.device), ..from("198.51.100.1") };
        assert!(registry.login(&person.username, NEW, Some(&known)).await.is_ok());
        // Another page means another recovery, and so does another password from the same one.
        registry.recover(Some(public_page(registry)), &draft, None).await.unwrap();
        assert!(registry.candidate(&login.session).await.unwrap().is_none());
        let second =
            RecoveryDraft { password: "Gao2028".into(), password_again: "Gao2028".into(), ..recovery_of(&person) };
        registry.recover(Some(own), &checked(&second), None).await.unwrap();
        assert!(registry.login(&person.username, "Gao2028", None).await.is_ok());
    });
}

#[test]
fn two_posts_of_one_page_at_the_same_moment_are_one_recovery() {
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let person = registered(&database).await;
        let (own, draft) = (public_page(registry), checked(&recovery_of(&person)));
        let twin = || registry.recover(Some(own), &draft, None);
        let (one, two, three) = tokio::join!(twin(), twin(), twin());
        assert!([one, two, three].iter().all(Result::is_ok));
        assert_eq!(registry.audit_by_action("account.recover").await.unwrap().len(), 1);
    });
}

#[test]
fn a_password_that_contains_the_username_is_refused_only_to_whoever_knows_the_answer() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let person = registered(&database).await;
        let account = registry.login(&person.username, "Yuan2026", None).await.unwrap().account;
        // Usernames with an underscore are in no password of these rules, so this one has none.
        let mut plain = database.registration();
        plain.username = "zhangwei".into();
        registry.register(database.checked(&plain)).await.unwrap();
        let password = "zhangwei88".to_owned();
        let personal = RecoveryDraft { password: password.clone(), password_again: password, ..recovery_of(&plain) };
        let refused = registry.recover(None, &checked(&personal), None).await;
        assert!(matches!(refused, Err(RecoveryError::PasswordPersonal)));
        assert!(matches!(guess(registry, &personal, &from("192.0.2.1")).await, RecoveryError::Refused));
        let login = registry.login("zhangwei", "Yuan2026", None).await.unwrap();
        assert_eq!(registry.audited("account.recover_failed", login.account.uuid()).await.unwrap(), 1);
        assert_eq!(registry.audited("account.recover_failed", account.uuid()).await.unwrap(), 0);
    });
}

#[test]
fn the_answer_is_the_one_that_holds_now() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let person = registered(&database).await;
        let session = registry.login(&person.username, "Yuan2026", None).await.unwrap().session;
        let owner = registry.candidate(&session).await.unwrap().unwrap();
        let change = SecurityDraft {
            current_password: "Yuan2026".into(),
            recovery_question: "最喜欢的书？".into(),
            recovery_answer: "Hong Lou Meng".into(),
            ..SecurityDraft::default()
        };
        owner.secure(&change.check(&RULES_2021.password, &[]).unwrap(), None).await.unwrap();
        let old = recovery_of(&person);
        assert!(matches!(registry.recover(None, &checked(&old), None).await, Err(RecoveryError::Refused)));
        let new = RecoveryDraft { recovery_answer: "ｈｏｎｇ lou meng".into(), ..old };
        assert!(registry.recover(None, &checked(&new), None).await.is_ok());
    });
}
