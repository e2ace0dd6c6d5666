//! What is read of forms, queries, paths and encoded values panics for no input. Ten million inputs each when `YIKAO_SOAK` is set; the
//! generator is seeded (`YIKAO_SEED`, a number) and begins with the saved inputs.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#![recursion_limit = "512"]
use app::{
    account::data::Registration,
    applications::data::{ApplicationData, ApplyResult, ExamsData, WizardData},
    error::AppError,
    http::{
        form::{FormData, safe_path, to_values},
        text::{MOST_PAIRS, clean, is_clean_path, parse_pairs},
    },
    profile::data::ProfileData,
    review::data::{QueueData, RecordData, ReviewResult},
    routes::{Endpoint, Page},
    transport::{BUILD, Encoded, RuleContext, SaveResult, SubmissionResult},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use forms::{
    Draft,
    account::{LoginDraft, RecoveryDraft, RegistrationDraft},
    identity_claim::{ClaimCodeDraft, IdentityClaimDraft},
    name_requests::NameRequestDraft,
};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn for_many<S: Strategy>(strategy: S, saved: impl IntoIterator<Item = S::Value>, check: impl Fn(S::Value)) {
    saved.into_iter().for_each(&check);
    let cases = if std::env::var_os("YIKAO_SOAK").is_some() { 10_000_000 } else { 3_000 };
    let number = std::env::var("YIKAO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_u64);
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let run = runner.run(&strategy, |value| {
        check(value);
        Ok(())
    });
    run.unwrap();
}

fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let pair = prop_oneof![
        "(username|password|name|missing_name|fields\\[name\\]|a|)=?(%[0-9A-Fa-f]{2}|%[0-9G-Z]{0,2}|[a-z+=;]|张){0,12}",
        "\\PC{0,10}",
    ];
    let pairs = prop::collection::vec(pair, 0..8).prop_map(|pairs| pairs.join("&").into_bytes());
    prop_oneof![3 => pairs, 1 => prop::collection::vec(any::<u8>(), 0..80)]
}

#[test]
fn no_body_panics_and_what_is_read_of_it_is_clean() {
    let saved: [&[u8]; 8] = [b"", b"&", b"=", b"%", b"a=%0", b"a=%00&%00=1", b"a=%ED%A0%80", b"=&=&=%FF"];
    for_many(bodies(), saved.map(<[u8]>::to_vec), |body: Vec<u8>| {
        let pairs = parse_pairs(&body).unwrap();
        assert!(pairs.len() <= MOST_PAIRS);
        for (name, value) in &pairs {
            assert!(![name, value].into_iter().any(|text| text.contains(['\0', '\u{7F}', '\u{202E}', '\u{FEFF}'])));
            assert_eq!(clean(value.clone()), *value);
        }
        let form = FormData(pairs);
        let fields = form.join_repeated();
        let (_, _, _) = (form.version(), form.last_value("a").len(), to_values(&fields));
        let _ = LoginDraft::from_pairs(form.pairs()).check().is_ok();
        let _ = NameRequestDraft::from_pairs(form.pairs()).check().is_ok();
        let rules = RuleContext { today: forms::value::Date::from_unix_days(20_000), rules: "2021".into() };
        let _ = RegistrationDraft::from_pairs(form.pairs()).check(&rules.context()).is_ok();
        let _ = RecoveryDraft::from_pairs(form.pairs()).check(&rules.rules().password).is_ok();
        let _ = IdentityClaimDraft::from_pairs(form.pairs()).check().is_ok();
        let _ = ClaimCodeDraft::from_pairs(form.pairs()).check().is_ok();
    });
}

#[test]
fn no_path_panics_and_what_is_gone_on_to_is_a_path_of_this_site() {
    let paths = prop_oneof![
        "(/|\\.|%2[eE]|\\\\|admin|applications|[a-z0-9?#%-]){0,16}",
        "/(applications|profile|photos|admin/review|notices)/[0-9a-f-]{0,40}(/[a-z]{0,8}){0,2}",
        any::<String>(),
    ];
    let saved = ["", "/", "//", "/..", "/%2e%2e", "/a/../b", "/\\", "/%", "/%0", "/%00"].map(str::to_owned);
    for_many(paths, saved, |path: String| {
        let _ = (Page::from_path(&path), Endpoint::from_path(&path), is_clean_path(&path));
        if let Some(path) = safe_path(&path) {
            assert!(path.starts_with('/') && !path.contains("//") && !path.contains(['\\', '%', '?', '#']));
            assert!(!path.split('/').any(|segment| segment == ".." || segment == "."));
        }
    });
}

/// Decodes a text as each type that travels.
fn decode_all(text: &str) {
    macro_rules! decode {
        ($($type:ty),*) => { $(let _ = Encoded::<$type>::from_text(text.to_owned()).decode().is_ok();)* };
    }
    decode!(
        Registration,
        ApplicationData,
        ApplyResult,
        ExamsData,
        WizardData,
        ProfileData,
        QueueData,
        RecordData,
        ReviewResult,
        RuleContext,
        SaveResult,
        SubmissionResult,
        Option<forms::ids::ApplicationId>
    );
    let _ = text.parse::<AppError>();
}

#[test]
fn no_encoded_value_panics_when_it_is_decoded() {
    let bytes = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..64),
        // Lengths and numbers of variants, which are small in what is really sent.
        prop::collection::vec(0..6_u8, 0..64),
        prop::collection::vec(prop_oneof![0..4_u8, Just(0xFF), Just(0x80), Just(b'a')], 0..200),
    ];
    let encoded = prop_oneof![
        8 => bytes.prop_map(|bytes| format!("{BUILD}{}", STANDARD.encode(bytes))),
        1 => "\\PC{0,20}".prop_map(|text| format!("{BUILD}{text}")),
        1 => "\\PC{0,20}",
    ];
    let saved =
        [String::new(), BUILD.to_owned(), format!("{BUILD}="), format!("{BUILD}{}", STANDARD.encode([0xFF; 40]))];
    for_many(encoded, saved, |text: String| {
        assert!(catch_unwind(AssertUnwindSafe(|| decode_all(&text))).is_ok(), "{text}");
    });
}
