//! What an application says and the profile does not say yet (S34).
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Draft,
    profile::{ContactDraft, WorkDraft, completed},
};

fn filled<D: Draft>(pairs: &[(&str, &str)]) -> D {
    D::from_pairs(pairs.iter().map(|(name, text)| (*name, *text)))
}

#[test]
fn answers_complete_a_group_and_replace_nothing() {
    let employer =
        [("employer", "乙医院"), ("employer_id", "7"), ("employer_province", "33"), ("employer_not_medical", "yes")];
    let province = [("employer", "乙医院"), ("employer_province", "11")];
    let taken =
        [("employer", "乙医院"), ("employer_id", "7"), ("employer_province", "11"), ("employer_not_medical", "yes")];
    for (kept, answers, expect) in [
        (&[][..], &employer[..], &employer[..]),
        // What is said about one employer is not put beside another.
        (&[("employer", "甲医院")], &employer, &[("employer", "甲医院")]),
        (
            &[("employer", " 乙医院 "), ("employer_province", "11")],
            &employer,
            &[
                ("employer", " 乙医院 "),
                ("employer_id", "7"),
                ("employer_province", "11"),
                ("employer_not_medical", "yes"),
            ],
        ),
        (&province, &employer, &taken),
        (&[("title", "1")], &[("title", "2"), ("title_month", "2015-07")], &[("title", "1")]),
        (
            &[("title", "2")],
            &[("title", "2"), ("title_month", "2015-07")],
            &[("title", "2"), ("title_month", "2015-07")],
        ),
        (&[("post", "  ")], &[("post", "主任")], &[("post", "主任")]),
        (&[("post", "主任")], &[], &[("post", "主任")]),
        (
            &[("post", "主任")],
            &[("post", "院长"), ("post_state", "employed")],
            &[("post", "主任"), ("post_state", "employed")],
        ),
    ] {
        let expected: WorkDraft = filled(expect);
        assert_eq!(completed(&filled::<WorkDraft>(kept), &filled(answers)), expected, "{kept:?} {answers:?}");
    }
    // A mobile of the mainland does not belong to somebody who lives in Hong Kong.
    let abroad: ContactDraft = filled(&[("contact_region", "hong_kong"), ("address", "香港中环")]);
    let expected = ContactDraft { email: contact().email, work_phone: contact().work_phone, ..abroad.clone() };
    assert_eq!(completed(&abroad, &contact()), expected);
    assert_eq!(completed(&ContactDraft::default(), &contact()), contact());
    assert_eq!(completed(&contact(), &ContactDraft::default()), contact());
}
