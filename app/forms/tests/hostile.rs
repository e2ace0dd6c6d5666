//! What is read of bytes and texts that anybody may send panics for none of them. Kept inputs are in `corpus`.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[path = "common/fuzz.rs"]
mod fuzz;
use forms::{
    choice::{Choice, DocumentType},
    identity_claim::ClaimCode,
    name_requests::evidence,
    photo::{MAX_SCANS, check_scans, frame},
    problem::PhotoProblem,
    text,
    value::*,
};
use fuzz::{bytes, for_many, texts};
use proptest::prelude::*;

#[test]
fn no_text_makes_a_document_number_panic() {
    fn numbers() -> impl Strategy<Value = String> {
        prop_oneof![
            1 => any::<String>(),
            2 => "[0-9]{17}[0-9Xx]",
            1 => "[1-6][0-9]{5}(19|20)[0-9]{2}[01][0-9][0-3][0-9]{4}[0-9X]",
            1 => "[0-9０-９ -]{12,20}[XxＸ]?",
            1 => "[A-Z]{1,2}[0-9]{6,10}",
            1 => "\\PC{0,30}",
        ]
    }
    let kept = texts(include_str!("corpus/numbers.txt"));
    for_many(numbers, kept, "tests/corpus/numbers.failures", |raw: String| {
        for kind in DocumentType::ALL {
            if let Ok(document) = IdentityDocument::parse(*kind, &raw) {
                assert_eq!(IdentityDocument::parse(*kind, document.number()).unwrap().number(), document.number());
                assert!(!document.masked().is_empty());
            }
        }
        let _ = text::half_width(&raw);
    });
}

#[test]
fn no_text_makes_a_month_or_a_date_panic() {
    fn months() -> impl Strategy<Value = String> {
        prop_oneof![
            1 => any::<String>(),
            3 => "[0-9]{4}[-—–－./年][0-9]{1,2}([-月][0-9]{1,2})?[日]?",
            1 => "[0-9０-９－-]{0,12}",
            1 => "\\PC{0,12}",
        ]
    }
    let kept = texts(include_str!("corpus/months.txt"));
    for_many(months, kept, "tests/corpus/months.failures", |raw: String| {
        if let Ok(month) = YearMonth::parse(&raw) {
            assert_eq!(YearMonth::parse(&month.to_string()).unwrap(), month);
        }
        if let Ok(date) = Date::parse(&raw) {
            assert_eq!(Date::from_unix_days(date.unix_days()), date);
        }
    });
}

#[test]
fn no_text_makes_a_name_panic() {
    fn names() -> impl Strategy<Value = String> {
        prop_oneof![
            1 => any::<String>(),
            2 => "[\\u{0}-\\u{20}\\u{3000}\\u{202e}张伟买提·.•?？]{0,40}",
            1 => "[A-Za-z' ·-]{0,40}",
            1 => "\\PC{0,50}",
        ]
    }
    let kept = texts(include_str!("corpus/names.txt"));
    for_many(names, kept, "tests/corpus/names.failures", |raw: String| {
        if let Ok(name) = PersonName::parse(&raw) {
            assert_eq!(PersonName::parse(name.as_str()).unwrap(), name);
        }
        let _ = (text::width(&raw), text::is_blank(&raw));
    });
}

#[test]
fn no_text_makes_the_code_of_a_claim_panic() {
    fn codes() -> impl Strategy<Value = String> {
        prop_oneof![any::<String>(), "[0-9A-Za-z]{0,20}", "[0-9A-Z]{4}(-[0-9A-Z]{4}){1,4}", "[０-９Ａ-Ｚ—-]{0,20}"]
    }
    let kept = texts(include_str!("corpus/claim_codes.txt"));
    for_many(codes, kept, "tests/corpus/claim_codes.failures", |raw: String| {
        if let Ok(code) = ClaimCode::parse(&raw) {
            assert_eq!(ClaimCode::parse(&code.to_string()).unwrap(), code);
        }
    });
}

/// The head of a JPEG of one scan.
fn jpeg() -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xFF, 0xC2, 0, 17, 8, 0, 40, 0, 30];
    bytes.extend([
        3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1, 0xFF, 0xDA, 0, 4, 1, 0, 7, 0xFF, 0, 7, 0xFF, 0xD0, 7, 0xFF, 0xD9,
    ]);
    bytes
}

/// Bytes, and JPEGs of which some bytes were changed, left out or said twice.
fn files() -> impl Strategy<Value = Vec<u8>> {
    let changed = (
        prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        any::<prop::sample::Index>(),
        0..3_u8,
    );
    let changed = changed.prop_map(|(changes, at, how)| {
        let mut bytes = jpeg();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let at = at.index(bytes.len());
        match how {
            0 => bytes.truncate(at),
            1 => bytes.extend_from_within(at..),
            _ => {}
        }
        bytes
    });
    prop_oneof![3 => changed, 1 => prop::collection::vec(any::<u8>(), 0..64)]
}

#[test]
fn no_file_makes_its_header_panic_and_a_jpeg_that_is_cut_is_refused() {
    for_many(files, bytes(include_str!("corpus/files.hex")), "tests/corpus/files.failures", |bytes: Vec<u8>| {
        let _ = (frame(&bytes), evidence(&bytes));
        if check_scans(&bytes).is_ok() {
            // The end is there: without what follows the last marker of an end nothing is whole.
            let end = bytes.windows(2).position(|pair| pair == [0xFF, 0xD9]).unwrap();
            assert!(check_scans(&bytes[..end]).is_err());
        }
    });
}

#[test]
fn scans_are_counted_before_anything_is_decoded() {
    let scans = |count: usize| {
        let mut bytes = jpeg();
        let scan = [0xFF, 0xDA, 0, 4, 1, 0, 7, 0xFF, 0, 7];
        let end = bytes.split_off(bytes.len() - 2);
        bytes.extend(scan.repeat(count - 1));
        bytes.extend(end);
        bytes
    };
    assert_eq!(check_scans(&scans(1)), Ok(()));
    assert_eq!(check_scans(&scans(MAX_SCANS)), Ok(()));
    assert_eq!(check_scans(&scans(MAX_SCANS + 1)), Err(PhotoProblem::Unreadable));
    // The same within a segment, as a small picture in a picture has it, is no scan.
    let mut nested = vec![0xFF, 0xD8, 0xFF, 0xE1, 0, 202];
    nested.extend([0xFF, 0xDA].repeat(100));
    nested.extend(&jpeg()[2..]);
    assert_eq!(check_scans(&nested), Ok(()));
}
