//! What people from outside the mainland write: telephones of other countries, and the numbers of their schools' papers (S67, S77,
//! S145, X7).
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Field, Problem,
    choice::ContactRegion,
    problem::{PaperProblem, PhoneProblem},
    profile::{Education, EducationDraft, ProfileContext, TrainingDraft},
    value::Landline,
};

#[test]
fn a_landline_of_another_country_is_kept_as_it_was_written() {
    for typed in [
        "+852 2527 8285",
        "+853 2872 2222",
        "+886-2-2720-8889",
        "+81 3-3581-4111",
        "+1 (212) 555-0100",
        "+1 212.555.0100 ext. 12",
        "+44 20 7946 0958 x4",
        "+49 30/901820",
        "+7 (495) 606-36-02",
        "+91 11 2306 1302",
        "+60 3-8883 3888#21",
        "0082 2 2100 2114",
        "+852-2527-8285转12",
    ] {
        for region in [ContactRegion::Mainland, ContactRegion::Elsewhere] {
            assert_eq!(Landline::parse_as(region, typed).map(String::from), Ok(typed.to_owned()), "{typed}");
        }
        assert_eq!(forms::tidy(Field::WorkPhone, typed), typed);
        let stored = serde_json::to_string(&Landline::parse(typed).unwrap()).unwrap();
        assert_eq!(serde_json::from_str::<Landline>(&stored).unwrap().as_str(), typed);
    }
    assert_eq!(Landline::parse("＋８５２　２５２７　８２８５").map(String::from), Ok("+852 2527 8285".to_owned()));
    for wrong in ["+852", "+852 25 fax", "+852 2527 8285 / +852 2527 8286", "+852 2527 8285 (office)"] {
        assert_eq!(Landline::parse(wrong), Err(PhoneProblem::LandlineElsewhere), "{wrong}");
    }
}

#[test]
fn a_landline_outside_the_mainland_may_lack_the_code_of_its_country() {
    let read = |region, typed: &str| Landline::parse_as(region, typed).map(String::from);
    for typed in ["2527 8285", "(02) 2720-8889", "020 7946 0958", "0571-87654321"] {
        assert_eq!(read(ContactRegion::Elsewhere, typed), Ok(typed.to_owned()));
    }
    assert_eq!(read(ContactRegion::Elsewhere, "0571-87654321-123456"), Ok("0571-87654321-123456".to_owned()));
    assert_eq!(read(ContactRegion::Mainland, "2527 8285"), Err(PhoneProblem::Landline));
    for code in ["+86", "0086"] {
        let mainland = read(ContactRegion::Mainland, &format!("{code} 571 8765 4321"));
        assert_eq!(mainland, Ok("0571-87654321".to_owned()));
    }
}

fn education(region: &str, country: &str, number: &str) -> Result<Education, Vec<Problem>> {
    let (draft, me) = (
        EducationDraft {
            school: "Trinity College Dublin".into(),
            school_region: region.into(),
            school_country: country.into(),
            diploma_number: number.into(),
            ..bachelor()
        },
        identity(),
    );
    draft.check(&ProfileContext { base: base(), identity: &me })
}

#[test]
fn the_number_of_a_diploma_from_elsewhere_is_kept_as_it_stands_there() {
    for (region, country, number) in [
        ("99", "IE", "TCD/2014-0012"),
        ("99", "GB", "MBBS 14.0032/A"),
        ("99", "US", "No. 2014-MD-0045"),
        ("99", "DE", "Ä-2014/77"),
        ("99", "RU", "ВСГ № 5208191"),
        ("99", "JP", "第1234号"),
        ("99", "KR", "2014-0012"),
        ("99", "IN", "KUHS:MBBS:14/2231(R)"),
        ("81", "", "2014-0012"),
        ("82", "", "UM 0045-2014"),
        ("71", "", "(103)臺大醫字第012號"),
    ] {
        let read = education(region, country, number).unwrap();
        assert_eq!(read.diploma_number.as_ref().map(|it| it.as_str()), Some(number));
        assert!(!read.has_old_number(), "{number}");
        let stored = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<Education>(&stored).unwrap(), read);
        assert_eq!(forms::tidy(Field::DiplomaNumber, number), number);
    }
    for wrong in ["--", "1234<5>", "1234\u{202e}5", "12📄", &"1".repeat(41)] {
        assert!(education("99", "IE", wrong).is_err(), "{wrong}");
    }
    let refused = education("99", "IE", "a@b").unwrap_err();
    assert_eq!(refused, vec![Problem { field: Field::DiplomaNumber, code: PaperProblem::AsPrinted.into() }]);
}

#[test]
fn the_number_of_a_diploma_of_the_mainland_has_digits_alone() {
    let of_mainland = |number: &str| {
        let draft = EducationDraft { diploma_number: number.into(), ..bachelor() };
        draft.check(&ProfileContext { base: base(), identity: &identity() })
    };
    let read = of_mainland("100251 2014 05-000123").unwrap();
    assert_eq!(read.diploma_number.unwrap().as_str(), "100251201405000123");
    let refused = of_mainland("TCD/2014").unwrap_err();
    assert_eq!(refused, vec![Problem { field: Field::DiplomaNumber, code: PaperProblem::DigitsOnly.into() }]);
}

#[test]
fn the_number_of_a_training_is_kept_as_it_stands_on_its_certificate() {
    for number in ["沪规培（2019）字第123号", "HKAM 2019/0045", "EDU-2019.12"] {
        let draft = TrainingDraft {
            training_kind: "residency".into(),
            institution: "上海瑞金医院".into(),
            start_month: "2016-09".into(),
            end_month: "2019-07".into(),
            training_number: number.into(),
            ..Default::default()
        };
        let read = draft.check(&ProfileContext { base: base(), identity: &identity() }).unwrap();
        let kept = read.training_number.clone().unwrap();
        assert_eq!(kept.as_str(), number.replace('（', "(").replace('）', ")"));
        let stored = serde_json::to_string(&read).unwrap();
        assert_eq!(serde_json::from_str::<forms::profile::Training>(&stored).unwrap(), read);
    }
}
