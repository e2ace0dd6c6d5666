//! What is read of forms, uploads, queries, paths and encoded values panics for no input. Kept inputs are in `corpus`.
#![recursion_limit = "512"]
#[path = "../forms/tests/common/fuzz.rs"]
mod fuzz;

use app::{
    account::data::Registration,
    applications::data::{ApplicationData, ApplyResult, ExamsData, WizardData},
    error::AppError,
    http::{
        form::{FormData, safe_path, to_values},
        multipart::{MOST_PARTS, read_upload},
        text::{MOST_PAIRS, clean, is_clean_path, parse_pairs},
    },
    profile::data::ProfileData,
    review::data::{QueueData, RecordData, ReviewResult},
    routes::{Endpoint, Page},
    transport::{BUILD, Encoded, RuleContext, SaveResult, SubmissionResult},
};
use axum::{body::Body, http::Request};
use base64::{Engine, engine::general_purpose::STANDARD};
use forms::{
    Draft,
    account::{LoginDraft, RecoveryDraft, RegistrationDraft},
    identity_claim::{ClaimCodeDraft, IdentityClaimDraft},
    name_requests::NameRequestDraft,
};
use futures::FutureExt;
use fuzz::for_many;
use proptest::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};

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
    for_many(
        bodies,
        fuzz::bytes(include_str!("corpus/bodies.hex")),
        "tests/corpus/bodies.failures",
        |body: Vec<u8>| {
            // More pairs than a form may have are refused as a whole.
            let Some(pairs) = parse_pairs(&body) else { return };
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
        },
    );
}

#[test]
fn no_path_panics_and_what_is_gone_on_to_is_a_path_of_this_site() {
    fn paths() -> impl Strategy<Value = String> {
        prop_oneof![
            "(/|\\.|%2[eE]|\\\\|admin|applications|[a-z0-9?#%-]){0,16}",
            "/(applications|profile|photos|admin/review|notices)/[0-9a-f-]{0,40}(/[a-z]{0,8}){0,2}",
            any::<String>(),
        ]
    }
    for_many(paths, fuzz::texts(include_str!("corpus/paths.txt")), "tests/corpus/paths.failures", |path: String| {
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
    fn encoded() -> impl Strategy<Value = String> {
        let bytes = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..64),
            // Lengths and numbers of variants, which are small in what is really sent.
            prop::collection::vec(0..6_u8, 0..64),
            prop::collection::vec(prop_oneof![0..4_u8, Just(0xFF), Just(0x80), Just(b'a')], 0..200),
        ];
        prop_oneof![
            8 => bytes.prop_map(|bytes| encode(&bytes)),
            1 => "\\PC{0,20}".prop_map(|text| format!("{BUILD}{text}")),
            1 => "\\PC{0,20}",
        ]
    }
    let kept = fuzz::bytes(include_str!("corpus/encoded.hex"));
    let kept = kept.iter().map(|bytes| encode(bytes)).chain([String::new(), BUILD.to_owned(), format!("{BUILD}=")]);
    for_many(encoded, kept, "tests/corpus/encoded.failures", |text: String| {
        assert!(catch_unwind(AssertUnwindSafe(|| decode_all(&text))).is_ok(), "{text}");
    });
}

/// As this build encodes.
fn encode(bytes: &[u8]) -> String {
    format!("{BUILD}{}", STANDARD.encode(bytes))
}

/// Multipart forms of the boundary `x`, more and less right.
fn uploads() -> impl Strategy<Value = Vec<u8>> {
    let head = prop_oneof![
        4 => "content-disposition: form-data; name=\"(photo|version|page|a|)\"(; filename=\"[a.\\\\\"]{0,4}\")?",
        1 => "[Cc]ontent-[Dd]isposition: ?(form-data|attachment)?[;=\" a-z*']{0,20}",
        1 => "(content-type: [a-z/;=]{0,20})?",
        1 => "\\PC{0,20}",
    ];
    let value = prop_oneof![
        2 => prop::collection::vec(any::<u8>(), 0..40),
        1 => "(-|\r|\n|--x|x|[0-9]){0,20}".prop_map(String::into_bytes),
        1 => prop::collection::vec(Just(b'a'), 90..140),
    ];
    let part = (head, value, prop_oneof![8 => Just("\r\n"), 1 => Just("\n"), 1 => Just("")]);
    let part =
        part.prop_map(|(head, value, end)| [b"--x\r\n", head.as_bytes(), b"\r\n\r\n", &value, end.as_bytes()].concat());
    let end = prop_oneof![4 => Just("--x--\r\n"), 1 => Just("--x--"), 1 => Just("--x"), 1 => Just("")];
    let form = (prop::collection::vec(part, 0..5), end);
    let form = form.prop_map(|(parts, end)| [parts.concat(), end.as_bytes().to_vec()].concat());
    prop_oneof![6 => form, 1 => prop::collection::vec(any::<u8>(), 0..80)]
}

#[test]
fn no_upload_panics_and_what_is_read_of_it_is_bounded_and_clean() {
    const LIMIT: usize = 100;
    let kept = fuzz::bytes(include_str!("corpus/uploads.hex"));
    for_many(uploads, kept, "tests/corpus/uploads.failures", |body: Vec<u8>| {
        for kind in ["multipart/form-data; boundary=x", "multipart/form-data; boundary=\"x", "multipart/form-data"] {
            let request = Request::post("/photos").header("content-type", kind).body(Body::from(body.clone())).unwrap();
            // Nothing is waited for: the whole body is there.
            let read = read_upload(request, "photo", LIMIT).now_or_never().expect("the body is there");
            let Ok(upload) = read else { continue };
            assert!(upload.file.len() <= LIMIT && upload.form.0.len() <= MOST_PARTS);
            for (name, value) in &upload.form.0 {
                assert_eq!((clean(name.clone()), clean(value.clone())), (name.clone(), value.clone()));
            }
        }
    });
}
