//! The audit and its chain.
use crate::common::*;
use forms::review::Role;
use registry::*;

#[test]
fn the_audit_is_a_chain() {
    racing_on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        assert_eq!(
            (registry.chain_audit().await.unwrap(), registry.verify_audit(&[]).await.unwrap()),
            (0, Findings::default())
        );
        for _ in 0..4 {
            registry.register(database.checked(&database.registration())).await.unwrap();
        }
        assert_eq!(registry.chain_audit().await.unwrap(), 4);
        // Two nodes chain at once while people go on registering.
        let (first, second) = (registry.clone(), registry.clone());
        for _ in 0..2 {
            registry.register(database.checked(&database.registration())).await.unwrap();
        }
        let (one, two) = tokio::join!(first.chain_audit(), second.chain_audit());
        assert_eq!(one.unwrap_or(0) + two.unwrap_or(0), 2);
        let whole = registry.verify_audit(&[]).await.unwrap();
        assert_eq!((whole.rows, whole.broken.as_slice()), (6, [].as_slice()));
        assert_eq!(whole.head.as_ref().unwrap().0, 6);
        // Each row that is changed is named, and only that one; what is cut out is missed.
        database.behind_the_back("UPDATE audit SET action = 'account.nothing' WHERE place = 2").await;
        database.behind_the_back("DELETE FROM audit WHERE place = 4").await;
        let broken = registry.verify_audit(&[]).await.unwrap().broken;
        assert!(
            matches!(broken.as_slice(), [Broken::Changed { place: 2, .. }, Broken::Missing { place: 4, count: 1 }]),
            "{broken:?}"
        );
        // The end cut off leaves a chain without a fault, and another head.
        database.behind_the_back("DELETE FROM audit WHERE place > 4").await;
        assert_ne!(registry.verify_audit(&[]).await.unwrap().head, whole.head);
    });
}

#[test]
fn the_audit_names_the_kind_of_actor() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let me = database.candidate().await.account();
        let actors = async |subject| -> Vec<(String, Option<Actor>)> {
            registry.audit_of(subject).await.unwrap().into_iter().map(|row| (row.action, row.actor)).collect()
        };
        assert_eq!(actors(me.uuid()).await, [("account.register".to_owned(), Some(Actor::Candidate(me)))]);
        let colleague = registry.add_staff("chen", "陈老师", Role::Centre, "", "Schreibtisch9").await.unwrap();
        database.later(1);
        registry.staff_login("chen", "Schreibtisch9", None).await.unwrap();
        let expect = [
            ("staff.add".to_owned(), Some(Actor::Operator)),
            ("staff.login".to_owned(), Some(Actor::Staff(colleague))),
        ];
        assert_eq!(actors(colleague.uuid()).await, expect);
    });
}

#[test]
fn an_import_leaves_a_row_in_the_audit() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let list = vec![Listed::of("北京大学", "11")];
        registry.import_names(DictionaryKind::School, "test", list.clone(), |_, _| {}).await.unwrap();
        let rows = registry.audit_by_action("dictionary.import.school").await.unwrap();
        assert_eq!(rows.iter().map(|row| row.actor).collect::<Vec<_>>(), [Some(Actor::Operator)]);
        // An import that changes nothing leaves none.
        registry.import_names(DictionaryKind::School, "test", list, |_, _| {}).await.unwrap();
        assert_eq!(registry.audit_by_action("dictionary.import.school").await.unwrap().len(), 1);
    });
}

#[test]
fn rows_of_the_audit_from_before_kinds_of_actors_verify() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        for _ in 0..2 {
            registry.register(database.checked(&database.registration())).await.unwrap();
        }
        // As a database of before looks when it is opened: no kinds, no hashes of rows, no check of the key.
        database.behind_the_back("UPDATE audit SET actor_kind = NULL, hash = NULL").await;
        database.behind_the_back("DELETE FROM sealing_key").await;
        let reopened = Registry::open(registry.settings().clone()).await.unwrap();
        let registry = &reopened;
        registry.register(database.checked(&database.registration())).await.unwrap();
        registry.chain_audit().await.unwrap();
        let sound = registry.verify_audit(&[]).await.unwrap();
        assert_eq!((sound.rows, sound.broken.len()), (3, 0));
        // The kind is part of the link: neither may be added nor taken away nor changed.
        for statement in [
            "UPDATE audit SET actor_kind = 'staff' WHERE place = 1",
            "UPDATE audit SET actor_kind = NULL WHERE place = 3",
            "UPDATE audit SET actor_kind = 'operator' WHERE place = 3",
        ] {
            database.behind_the_back(statement).await;
            assert!(!registry.verify_audit(&[]).await.unwrap().broken.is_empty(), "{statement}");
            database
                .behind_the_back("UPDATE audit SET actor_kind = CASE WHEN place < 3 THEN NULL ELSE 'candidate' END")
                .await;
        }
        assert!(registry.verify_audit(&[]).await.unwrap().broken.is_empty());
    });
}
