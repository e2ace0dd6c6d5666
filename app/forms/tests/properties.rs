//! What holds for every input. The generator is seeded, so that a failure repeats, in the browser's target as well.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Draft, Field,
    account::RecoveryDraft,
    choice::{Choice, DocumentType},
    identity_claim::IdentityClaimDraft,
    journey::Step,
    profile::*,
    value::*,
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

fn for_all<S: Strategy>(strategy: S, check: impl Fn(S::Value)) {
    let config = Config { cases: 300, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner
        .run(&strategy, |value| {
            check(value);
            Ok(())
        })
        .unwrap();
}
/// Texts that come near to right ones, and texts that do not.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[0-9]{0,20}[Xx]?",
        "[0-9]{4}-[0-9]{2}(-[0-9]{2})?",
        "[A-Za-z]{0,3}[0-9]{0,12}",
        "[张王李.?·？ a-z]{0,30}",
        "[０-９－]{0,20}",
        "[a-z0-9.]{1,9}@[a-z.]{1,9}",
        prop::sample::select(vec!["bachelor", "graduate", "yes", "none", "mainland", "elsewhere", "resident_id", "11"])
            .prop_map(str::to_owned),
    ]
}
fn filled<D: Draft + std::fmt::Debug>() -> impl Strategy<Value = D> {
    prop::collection::vec(text(), D::FIELDS.len()).prop_map(|texts| {
        let mut draft = D::default();
        D::FIELDS.iter().zip(texts).for_each(|(field, text)| draft.set(*field, text));
        draft
    })
}

#[test]
fn displaying_and_parsing_again_changes_nothing() {
    for_all(text(), |raw| {
        macro_rules! same {
            ($($value:ident),*) => { $(if let Ok(value) = $value::parse(&raw) {
                assert_eq!($value::parse(&value.to_string()).as_ref(), Ok(&value));
                let json = serde_json::to_string(&value).unwrap();
                assert_eq!(serde_json::from_str::<$value>(&json).unwrap(), value);
            })* };
        }
        same!(
            Date,
            YearMonth,
            ResidentId,
            PersonName,
            Mobile,
            Landline,
            Email,
            Postcode,
            Address,
            DiplomaNumber,
            PaperNumber,
            Username
        );
        for kind in DocumentType::ALL {
            if let Ok(document) = IdentityDocument::parse(*kind, &raw) {
                assert_eq!(IdentityDocument::parse(*kind, document.number()), Ok(document.clone()));
                assert!(document.masked().contains('*') || document.number().chars().count() < 2);
            }
        }
    });
}

#[test]
fn no_decoder_walks_round_parse() {
    for_all(text(), |raw| {
        let json = serde_json::to_string(&raw).unwrap();
        assert_eq!(serde_json::from_str::<ResidentId>(&json).is_ok(), ResidentId::parse(&raw).is_ok());
        assert_eq!(serde_json::from_str::<YearMonth>(&json).is_ok(), YearMonth::parse(&raw).is_ok());
    });
}

#[test]
fn dates_and_days_count_alike() {
    for_all(-25_567i64..84_370, |days| {
        let date = Date::from_unix_days(days);
        assert_eq!((date.unix_days(), Date::parse(&date.to_string())), (days, Ok(date)));
        assert!(days == 84_369 || Date::from_unix_days(days + 1) > date);
    });
}

#[test]
fn one_wrong_digit_never_passes_the_check_character() {
    for_all(("[1-9][0-9]{5}19[5-9][0-9]0[1-9][12][0-8][0-9]{3}", 0usize..17, 1u8..10), |(seventeen, place, shift)| {
        let right = resident(&seventeen);
        assert!(ResidentId::parse(&right).is_ok(), "{right}");
        let mut wrong = right.clone().into_bytes();
        wrong[place] = b'0' + (wrong[place] - b'0' + shift) % 10;
        assert!(ResidentId::parse(&String::from_utf8(wrong).unwrap()).is_err());
    });
}

#[test]
fn checking_leaves_the_draft_alone_and_complete_is_its_own_draft() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    macro_rules! holds {
        ($($draft:ty),*) => { $(for_all(filled::<$draft>(), |draft| {
            let before = draft.clone();
            let result = draft.check(&context);
            assert_eq!(draft, before);
            if let Ok(complete) = result {
                let again: $draft = (&complete).into();
                assert_eq!(again.check(&context), Ok(complete));
            }
        });)* };
    }
    holds!(BasicDraft, ContactDraft, WorkDraft, EducationDraft, TrainingDraft, CertificateDraft);
}

#[test]
fn problems_stand_beside_fields_of_their_own_form() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    for_all(filled::<EducationDraft>(), |draft| {
        for problem in draft.check(&context).err().unwrap_or_default() {
            assert!(EducationDraft::FIELDS.contains(&problem.field));
        }
    });
    for_all(filled::<RecoveryDraft>(), |draft| {
        for problem in draft.check(&base().rules.password).err().unwrap_or_default() {
            assert!(RecoveryDraft::FIELDS.contains(&problem.field));
        }
    });
    for_all(filled::<IdentityClaimDraft>(), |draft| {
        for problem in draft.check().err().unwrap_or_default() {
            assert!(IdentityClaimDraft::FIELDS.contains(&problem.field));
        }
    });
}

#[test]
fn no_posted_text_upsets_an_application() {
    let office = Office::new(vec![bachelor()], vec![]);
    let pairs = prop::collection::vec((prop::sample::select(Field::ALL.to_vec()), text()), 0..20);
    for_all(pairs, |pairs| {
        let mut draft = office.draft("110");
        let posted: Vec<(&str, String)> = pairs.iter().map(|(field, text)| (field.name(), text.clone())).collect();
        for step in Step::ALL {
            draft.apply_step(step, &posted);
        }
        let before = draft.clone();
        if let Ok(application) = draft.check(&office.context()) {
            assert_eq!(application.to_draft().check(&office.context()), Ok(application));
        }
        assert_eq!(draft, before);
        let json = serde_json::to_string(&draft).unwrap();
        assert_eq!(serde_json::from_str::<forms::application::ApplicationDraft>(&json).unwrap(), draft);
    });
}

#[test]
fn photos_of_any_bytes_are_answered() {
    for_all(prop::collection::vec(any::<u8>(), 0..200), |bytes| {
        let _ = forms::photo::frame(&bytes);
        let _ = forms::photo::frame(&[&[0xFF, 0xD8, 0xFF], bytes.as_slice()].concat());
    });
}
