//! Claims that somebody else registered one's document: what the form must hold, and the code.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::resident;
use forms::{
    Code, Draft, Field, Problem,
    identity_claim::{ClaimCode, ClaimCodeDraft, IdentityClaimDraft},
    problem::{ClaimProblem, ResidentIdProblem, TextProblem},
};

fn draft() -> IdentityClaimDraft {
    IdentityClaimDraft {
        document_type: "resident_id".into(),
        document_number: resident("11010119900307123"),
        name: "张伟".into(),
        telephone: "13800138000".into(),
        site: "1101".into(),
        claim_reason: "我从未注册，\n也没有把证件借给别人。".into(),
    }
}

#[test]
fn a_claim_says_who_where_and_why() {
    let claim = draft().check().unwrap();
    assert_eq!((claim.name.as_str(), claim.site.as_str(), claim.telephone.as_str()), ("张伟", "1101", "13800138000"));
    assert_eq!(claim.reason, "我从未注册， 也没有把证件借给别人。");
    assert_eq!(format!("{claim:?}"), "IdentityClaim(…)");
    for (typed, read) in [
        ("138 0013 8000", Some("13800138000")),
        ("010-66667777", Some("010-66667777")),
        ("０５７１—８８８８８８８８", Some("0571-88888888")),
        ("010-66667777-8", Some("010-66667777-8")),
        ("85298765432", Some("85298765432")),
        ("+852 9876 5432", Some("+852 9876 5432")),
        ("+86 138 0013 8000", Some("13800138000")),
        ("12345", None),
        ("01066667777", Some("010-66667777")),
        ("66667777.", None),
        ("打电话", None),
    ] {
        let checked = IdentityClaimDraft { telephone: typed.into(), ..draft() }.check();
        match read {
            Some(read) => assert_eq!(checked.unwrap().telephone, read),
            None => {
                let problem = Problem { field: Field::Telephone, code: ClaimProblem::Telephone.into() };
                assert_eq!(checked, Err(vec![problem]), "{typed}");
            }
        }
    }
}

#[test]
fn what_is_missing_or_wrong_is_told_beside_its_field() {
    for (draft, field, code) in [
        (IdentityClaimDraft { name: String::new(), ..draft() }, Field::Name, Code::REQUIRED),
        (IdentityClaimDraft { site: " ".into(), ..draft() }, Field::Site, Code::REQUIRED),
        (IdentityClaimDraft { claim_reason: "\n ".into(), ..draft() }, Field::ClaimReason, Code::REQUIRED),
        (
            IdentityClaimDraft { claim_reason: "长".repeat(301), ..draft() },
            Field::ClaimReason,
            TextProblem::TooLong(300).into(),
        ),
        (
            IdentityClaimDraft { document_number: "110101199003071231".into(), ..draft() },
            Field::DocumentNumber,
            ResidentIdProblem::CheckDigit.into(),
        ),
    ] {
        assert_eq!(draft.check(), Err(vec![Problem { field, code }]));
    }
    assert_eq!(IdentityClaimDraft::default().check().unwrap_err().len(), IdentityClaimDraft::FIELDS.len());
}

fn codes() -> impl Iterator<Item = ClaimCode> {
    (0..200_u64).map(|n| {
        let bytes = n.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes();
        ClaimCode::from_random(bytes[..7].try_into().unwrap())
    })
}

#[test]
fn a_code_is_read_as_it_was_copied() {
    for code in codes() {
        let shown = code.to_string();
        assert_eq!((shown.len(), shown.matches('-').count(), code.as_str().len()), (14, 2, 12));
        assert!(!shown.contains(['I', 'L', 'O', 'U']));
        let copied = [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            format!("  {} ", code.as_str()),
            shown.replace('0', "o").replace('1', "l"),
            shown.replace('-', "—"),
        ];
        for text in copied {
            assert_eq!(ClaimCode::parse(&text), Ok(code.clone()), "{text}");
        }
        let draft = ClaimCodeDraft { claim_code: shown };
        assert_eq!(draft.check(), Ok(code.clone()));
        assert_eq!(format!("{code:?} {draft:?}").matches(code.as_str()).count(), 0);
    }
}

#[test]
fn a_code_with_one_wrong_character_or_two_swapped_ones_is_refused() {
    for code in codes().take(40) {
        let right: Vec<char> = code.as_str().chars().collect();
        for at in 0..right.len() {
            for c in "0123456789ABCDEFGHJKMNPQRSTVWXYZ".chars().filter(|c| *c != right[at]) {
                let mut wrong = right.clone();
                wrong[at] = c;
                assert_eq!(ClaimCode::parse(&wrong.iter().collect::<String>()), Err(ClaimProblem::Code));
            }
            if at > 0 && right[at - 1] != right[at] {
                let mut wrong = right.clone();
                wrong.swap(at - 1, at);
                assert_eq!(ClaimCode::parse(&wrong.iter().collect::<String>()), Err(ClaimProblem::Code));
            }
        }
    }
    for text in ["x", "ABCD", "ABCD-EFGH-JKMN-PQRS", "ABCD-EFGH-JKMU", "编码"] {
        assert_eq!(ClaimCode::parse(text), Err(ClaimProblem::Code), "{text}");
    }
    assert_eq!(ClaimCodeDraft::default().check(), Err(vec![Problem { field: Field::ClaimCode, code: Code::REQUIRED }]));
}
