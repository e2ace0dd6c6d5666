//! Identity documents and what is asked of their holders; what leaves a flag instead of stopping anybody (X27, X43, X47).
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Code, Context, Field,
    account::RegistrationDraft,
    application::Flag,
    problem::*,
    profile::{BasicDraft, ProfileContext},
    rule_set::{RULES_2021, RULES_2022},
};

#[test]
fn a_document_that_the_session_does_not_take_is_for_staff_to_correct() {
    let office = Office::of(identity_with("officer", "政字第1234567", "张伟"), vec![bachelor()], vec![]);
    let mut draft = office.draft("110");
    draft.basic.military_identity = "1".into();
    let base = Context { rules: &RULES_2022, ..base() };
    let context = forms::application::ApplicationContext { base, ..office.context() };
    let application = draft.check(&context).unwrap();
    assert!(application.flags(day("2026-03-10"), &RULES_2022).contains(&Flag::DocumentNotAccepted));
    assert!(!application.flags(day("2026-03-10"), &RULES_2021).contains(&Flag::DocumentNotAccepted));
}

#[test]
fn an_unusual_number_is_confirmed_and_flagged() {
    let draft = RegistrationDraft {
        document_type: "hong_kong_id".into(),
        document_number: "G123456(B)".into(),
        sex: "female".into(),
        birth_date: "1990-05-05".into(),
        ..registration()
    };
    assert_eq!(draft.check(&base()), Err(vec![problem(Field::DocumentNumber, DocumentProblem::CheckDigit)]));
    let confirmed = RegistrationDraft { document_confirmed: "yes".into(), ..draft.clone() };
    let identity = confirmed.check(&base()).unwrap().identity;
    let short = RegistrationDraft { document_number: "G12345".into(), ..confirmed };
    assert_eq!(short.check(&base()), Err(vec![problem(Field::DocumentNumber, DocumentProblem::HongKongId)]));
    // A correction of something else need not confirm it again; another number does.
    let correction = forms::review::CorrectionDraft {
        reason: "by_document".into(),
        ..forms::review::CorrectionDraft::of(&identity)
    };
    assert!(correction.check(&base()).is_ok());
    let unconfirmed = forms::review::CorrectionDraft { document_confirmed: String::new(), ..correction };
    assert!(unconfirmed.check(&base()).is_err());
    let office = Office::of(identity, vec![bachelor()], vec![]);
    let application = outcome(&office, "110", |draft| draft.basic.permit_number = "H0123456789".into()).unwrap();
    assert!(application.flags(day("2026-03-10"), &RULES_2021).contains(&Flag::UnusualDocument));
}

#[test]
fn permits_have_the_form_of_their_region() {
    use DocumentProblem as P;
    let check = |kind: &str, number: &str, permit: &str| {
        let me = identity_with(kind, number, "陈大文");
        let draft = BasicDraft { household_province: "81".into(), permit_number: permit.into(), ..basic() };
        let context = ProfileContext { base: base(), identity: &me };
        draft.check(&context).map(|_| ()).map_err(|problems| problems[0].code)
    };
    for (kind, number, right, wrong, code) in [
        ("hong_kong_id", "G123456A", "H0123456789", vec!["M0123456789", "H012345678", "0123456789"], P::HongKongPermit),
        ("macao_id", "12345670", "M0123456789", vec!["H0123456789", "M01234567"], P::MacaoPermit),
        ("taiwan_id", "A123456789", "0123456789", vec!["H0123456789", "012345678"], P::TaiwanPermit),
    ] {
        assert_eq!(check(kind, number, right), Ok(()), "{kind}");
        assert_eq!(check(kind, number, ""), Err(Code::REQUIRED), "{kind}");
        for permit in wrong {
            assert_eq!(check(kind, number, permit), Err(code.into()), "{kind} {permit}");
        }
    }
}

#[test]
fn holders_of_military_documents_say_what_they_are() {
    for (kind, number, expect) in [
        ("officer", "政字第1", Err(Code::REQUIRED)),
        ("police", "京1234", Err(Code::REQUIRED)),
        ("civilian_cadre", "文1234", Err(Code::REQUIRED)),
        ("soldier", "士1234", Err(Code::REQUIRED)),
        ("cadet", "学1234", Err(Code::REQUIRED)),
        ("passport", "E12345", Ok(())),
    ] {
        let me = identity_with(kind, number, "张伟");
        let context = ProfileContext { base: base(), identity: &me };
        let check = |own: &str| {
            let draft = BasicDraft { military_identity: own.into(), ..basic() };
            draft.check(&context).map(|_| ()).map_err(|problems| problems[0].code)
        };
        assert_eq!(check(""), expect, "{kind}");
        assert_eq!(check("3"), Ok(()), "{kind}");
    }
}

#[test]
fn a_temporary_card_states_its_end() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    let card = BasicDraft { temporary_card: "yes".into(), ..basic() };
    assert_eq!(card.check(&context), Err(vec![problem(Field::DocumentUntil, Code::REQUIRED)]));
    let office = Office::new(vec![bachelor()], vec![]);
    let application =
        outcome(&office, "110", |draft| draft.basic = BasicDraft { document_until: "2026-05-01".into(), ..card })
            .unwrap();
    assert!(application.flags(day("2026-03-10"), &RULES_2021).contains(&Flag::TemporaryCard));
}
