//! Claims that somebody else registered one's document. Both engines.
use crate::common::*;
use forms::identity_claim::{ClaimCode, IdentityClaim, IdentityClaimDraft};
use forms::review::Role;
use registry::*;

fn claim(database: &TestDatabase, site: &str) -> IdentityClaim {
    let person = database.registration();
    let draft = IdentityClaimDraft {
        document_type: person.document_type,
        document_number: person.document_number,
        name: person.name,
        telephone: "13800138000".into(),
        site: site.into(),
        claim_reason: "从未注册过".into(),
    };
    draft.check().unwrap()
}

#[test]
fn a_claim_is_kept_for_its_site_and_found_by_its_code() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let source = from("192.0.2.1");
        let own = claim(&database, "1101");
        let (code, site) = registry.claim_identity(None, &own, &source).await.unwrap();
        assert_eq!(site.code, "1101");
        let status = registry.claim_status(&code, &source).await.unwrap();
        assert_eq!(
            (status.state, status.created, status.site.code.as_str()),
            (ClaimState::Received, Moment(NOON), "1101")
        );
        assert!(status.answer.is_empty());
        for (set, state, answer) in [
            ("UPDATE identity_claim SET state = 'handled'", ClaimState::Handled, ""),
            ("UPDATE identity_claim SET state = 'done'", ClaimState::Done, ""),
            (
                "UPDATE identity_claim SET state = 'refused', answer = '请先补办证件'",
                ClaimState::Refused,
                "请先补办证件",
            ),
        ] {
            database.behind_the_back(set).await;
            let status = registry.claim_status(&code, &source).await.unwrap();
            assert_eq!((status.state, status.answer.as_str()), (state, answer));
        }
        let claims = registry.audit_by_action("identity.claim").await.unwrap();
        assert_eq!(claims.iter().map(|row| row.actor).collect::<Vec<_>>(), [Some(Actor::System)]);
        let nowhere = claim(&database, "9999");
        assert!(matches!(registry.claim_identity(None, &nowhere, &source).await, Err(ClaimError::NoSuchSite)));
    });
}

#[test]
fn what_a_claim_says_of_somebody_is_sealed() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let own = claim(&database, "1101");
        let (code, _) = database.registry.claim_identity(None, &own, &from("192.0.2.1")).await.unwrap();
        for column in ["sealed", "code_hash", "document_index"] {
            for bytes in database.bytes_of("identity_claim", column).await {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                for secret in [own.document.number(), own.name.as_str(), &own.telephone, &own.reason, code.as_str()] {
                    assert!(!text.contains(secret), "{column}");
                }
            }
        }
    });
}

#[test]
fn a_page_that_sends_a_claim_again_gets_the_same_code() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let (own, page) = (claim(&database, "1101"), public_page(registry));
        let send =
            async |claim: &IdentityClaim| registry.claim_identity(Some(page), claim, &LoginSource::default()).await;
        let (first, _) = send(&own).await.unwrap();
        let (again, _) = send(&own).await.unwrap();
        assert_eq!(first, again);
        // What differs is another claim.
        let other = IdentityClaim { telephone: "13900139000".into(), ..own };
        assert_ne!(send(&other).await.unwrap().0, first);
        assert_eq!(registry.audit_by_action("identity.claim").await.unwrap().len(), 2);
    });
}

#[test]
fn codes_cannot_be_guessed_in_bulk_and_a_right_one_is_not_counted() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let (guessing, asking) = (from("192.0.2.1"), from("198.51.100.1"));
        let (code, _) = registry.claim_identity(None, &claim(&database, "1101"), &asking).await.unwrap();
        let mut looked_at = 0;
        for n in 0..30_u8 {
            let guess = ClaimCode::from_random([n; 7]);
            match registry.claim_status(&guess, &guessing).await {
                Err(ClaimError::NoSuchClaim) => looked_at += 1,
                Err(ClaimError::Throttled) => {}
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(looked_at, 5);
        assert!(matches!(registry.claim_status(&code, &guessing).await, Err(ClaimError::Throttled)));
        for _ in 0..60 {
            registry.claim_status(&code, &asking).await.unwrap();
        }
        // Claims are counted apart, and by their network as well.
        let mut taken = 0;
        for _ in 0..30 {
            taken += usize::from(registry.claim_identity(None, &claim(&database, "1101"), &guessing).await.is_ok());
        }
        assert_eq!(taken, 5);
    });
}

#[test]
fn an_office_reads_the_claims_of_its_own_site_or_area() {
    on_both_engines(async |engine| {
        let database = TestDatabase::shipped(engine).await;
        let registry = &database.registry;
        let (here, there) = (claim(&database, "1101"), claim(&database, "3301"));
        for (n, claim) in [&here, &there].into_iter().enumerate() {
            registry.claim_identity(None, claim, &from(&format!("192.0.{n}.1"))).await.unwrap();
            database.later(1);
        }
        for (role, scope, expect) in [
            (Role::SiteReviewer, "1101", vec![&here]),
            (Role::SiteReviewer, "1301", vec![]),
            (Role::AreaOfficer, "33", vec![&there]),
            (Role::AreaOfficer, "11", vec![&here]),
            (Role::Centre, "", vec![&here, &there]),
        ] {
            let officer = database.officer(role, scope).await;
            let rows = officer.identity_claims().await.unwrap();
            assert_eq!(rows.iter().map(|row| &row.claim).collect::<Vec<_>>(), expect, "{scope}");
            assert!(rows.iter().all(|row| row.state == ClaimState::Received));
        }
    });
}
