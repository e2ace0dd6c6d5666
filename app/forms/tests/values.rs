//! Every row of the manual's appendix as a table: what is typed, what becomes of it.
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::{day, resident};
use forms::{
    Code, Field,
    choice::{Choice, ContactRegion, DocumentType, EthnicGroup, Sex},
    problem::{
        ContactProblem, DocumentProblem, NameProblem, PaperProblem, PhoneProblem, ResidentIdProblem, TextProblem,
        YearMonthProblem,
    },
    rule_set::{RULES_2021, RULES_2022},
    value::*,
};

fn document(kind: DocumentType, raw: &str) -> Result<String, Code> {
    IdentityDocument::parse(kind, raw).map(|d| d.number().to_owned())
}

#[test]
fn resident_numbers_follow_gb_11643() {
    let check = |raw: &str, expect: Result<&str, ResidentIdProblem>| {
        assert_eq!(ResidentId::parse(raw).as_ref().map(|id| id.as_str()).map_err(|e| *e), expect, "{raw}");
    };
    check("11010519491231002X", Ok("11010519491231002X"));
    check("11010519491231002x", Ok("11010519491231002X"));
    check(" 11010519491231002X ", Ok("11010519491231002X"));
    check("１１０１０５１９４９１２３１００２Ｘ", Ok("11010519491231002X"));
    check("440524188001010014", Err(ResidentIdProblem::BirthDate));
    check("110105194912310020", Err(ResidentIdProblem::CheckDigit));
    check("110105491231002", Err(ResidentIdProblem::Fifteen));
    check("11010549123100", Err(ResidentIdProblem::Length));
    check("1101051949123100XX", Err(ResidentIdProblem::Characters));
    check("110105 19491231-002X", Ok("11010519491231002X"));
    check("11010519491231.02X", Err(ResidentIdProblem::Characters));
    check("１１０１０５１９４９１２３１００汉X", Err(ResidentIdProblem::Characters));
    check(&resident("11010519000229001"), Err(ResidentIdProblem::BirthDate));
    check(&resident("11010519900431001"), Err(ResidentIdProblem::BirthDate));
    let leap = resident("11010520000229002");
    check(&leap, Ok(&leap));
    let id = ResidentId::parse("11010519491231002X").unwrap();
    assert_eq!((id.sex(), id.birth_date()), (Sex::Female, day("1949-12-31")));
    assert_eq!(ResidentId::parse(&resident("11010519900307123")).unwrap().sex(), Sex::Male);
}

#[test]
fn other_documents_follow_the_manuals_lengths() {
    use DocumentProblem as P;
    use DocumentType as D;
    let check = |kind, raw: &str, expect: Result<&str, P>| {
        assert_eq!(document(kind, raw), expect.map(str::to_owned).map_err(Code::from), "{kind:?} {raw}");
    };
    check(D::HongKongId, "G123456A", Ok("G123456A"));
    check(D::HongKongId, "g123456(a)", Ok("G123456A"));
    check(D::HongKongId, "G123456（A）", Ok("G123456A"));
    check(D::HongKongId, "AB9876543", Ok("AB9876543"));
    check(D::HongKongId, "G12345", Err(P::HongKongId));
    check(D::HongKongId, "ABC1234567", Err(P::HongKongId));
    check(D::HongKongId, "G12 3456-A", Ok("G123456A"));
    check(D::HongKongId, "G12.456A", Err(P::Characters));
    check(D::MacaoId, "1234567(0)", Ok("12345670"));
    check(D::MacaoId, "1234567", Err(P::MacaoId));
    check(D::TaiwanId, "A123456789", Ok("A123456789"));
    check(D::TaiwanId, "a123456789", Ok("A123456789"));
    check(D::TaiwanId, "A12345678", Err(P::TaiwanId));
    check(D::TaiwanPermit, "0123456789", Ok("0123456789"));
    check(D::TaiwanPermit, "012345678", Err(P::TaiwanPermit));
    check(D::HongKongPermit, "H0123456789", Ok("H0123456789"));
    check(D::HongKongPermit, "M0123456789", Err(P::HongKongPermit));
    check(D::MacaoPermit, "M0123456789", Ok("M0123456789"));
    check(D::MacaoPermit, "M012345678", Err(P::MacaoPermit));
    check(D::Passport, "E12345", Ok("E12345"));
    check(D::Passport, "E1234", Err(P::Passport));
    check(D::Passport, "E1234-56", Ok("E123456"));

    check(D::Passport, "E12345678901234567890", Err(P::Passport));
    check(D::Officer, "政字第1234567", Ok("政字第1234567"));
    check(D::Officer, "政 1234", Ok("政1234"));
    check(D::Soldier, "123456789012345678901", Err(P::Military));
    assert_eq!(document(D::ResidentId, "110105194912310020"), Err(ResidentIdProblem::CheckDigit.into()));
}

#[test]
fn cards_with_an_unusual_sign_are_read_and_known() {
    use DocumentType as D;
    for (kind, number, expect) in [
        (D::HongKongId, "G123456A", false),
        (D::HongKongId, "AB9876543", false),
        (D::HongKongId, "G123456B", true),
        (D::HongKongId, "G1234567", true),
        (D::HongKongId, "12345678", true),
        (D::HongKongId, "ABC123456", true),
        (D::MacaoId, "1234567(0)", false),
        (D::MacaoId, "5234567(0)", false),
        (D::MacaoId, "7234567(0)", false),
        (D::MacaoId, "2345678(9)", true),
        (D::MacaoId, "A345678(9)", true),
        (D::TaiwanId, "A123456789", false),
        (D::TaiwanId, "A123456788", true),
        (D::TaiwanId, "1123456789", true),
        (D::TaiwanPermit, "0123456789", false),
        (D::Passport, "E12345", false),
    ] {
        let document = IdentityDocument::parse(kind, number).unwrap();
        assert_eq!(document.is_unusual(), expect, "{kind:?} {number}");
        let json = serde_json::to_string(&document).unwrap();
        assert_eq!(serde_json::from_str::<IdentityDocument>(&json).unwrap(), document);
    }
}

#[test]
fn old_diplomas_may_have_letters_in_their_number() {
    for (raw, expect) in
        [("国卫（1987）字第12号", Ok(true)), ("A-12", Err(())), ("1987", Ok(false)), ("ab[3]", Ok(true)), ("", Err(()))]
    {
        let read = DiplomaNumber::parse_old(raw);
        assert_eq!(read.as_ref().map(DiplomaNumber::is_old).map_err(|_| ()), expect, "{raw}");
        if let Ok(number) = read {
            let json = serde_json::to_string(&number).unwrap();
            assert_eq!(serde_json::from_str::<DiplomaNumber>(&json).unwrap(), number);
        }
    }
    assert_eq!(DiplomaNumber::parse_old(&"字".repeat(31)), Err(TextProblem::TooLong(30).into()));
    assert!(DiplomaNumber::parse("国卫12").is_err());
}

#[test]
fn names_of_institutions_elsewhere_keep_their_signs() {
    for (name, expect) in [
        ("St. George's, University of London", true),
        ("Johns Hopkins & Sons (Baltimore)", true),
        ("Université Côte d'Azur", true),
        ("A_B", false),
        ("北京 University", false),
        ("北京,医院", false),
        ("12 34", false),
    ] {
        assert_eq!(ListedName::parse(name, "").is_ok(), expect, "{name}");
    }
}

#[test]
fn a_masked_number_shows_too_little_to_be_used() {
    let masked = |kind, raw: &str| IdentityDocument::parse(kind, raw).unwrap().masked();
    assert_eq!(masked(DocumentType::ResidentId, "11010519491231002X"), "110***********002X");
    assert_eq!(masked(DocumentType::Officer, "12"), "1*");
    assert_eq!(masked(DocumentType::HongKongId, "G123456A"), "G*****6A");
    assert_eq!(masked(DocumentType::TaiwanId, "A123456789"), "A1******89");
}

#[test]
fn mainland_names_are_han_with_dot_and_question_mark() {
    let check = |raw: &str, expect: Result<&str, Code>| {
        let got = PersonName::parse_as(NameScript::Han, raw);
        assert_eq!(got.as_ref().map(PersonName::as_str).map_err(|e| *e), expect, "{raw}");
    };
    check("张伟", Ok("张伟"));
    check("  张伟　", Ok("张伟"));
    check("买买提·艾力", Ok("买买提.艾力"));
    check("买买提．艾力", Ok("买买提.艾力"));
    check("张？", Ok("张?"));
    check("𠮷田", Ok("𠮷田"));
    check("张 伟", Err(NameProblem::Space.into()));
    check("张W", Err(NameProblem::NotHan.into()));
    check("张3", Err(NameProblem::NotHan.into()));
    check("张，伟", Err(NameProblem::NotHan.into()));
    check(".张", Err(NameProblem::Dot.into()));
    check("张.", Err(NameProblem::Dot.into()));
    check("张..伟", Err(NameProblem::Dot.into()));
    check("", Err(Code::REQUIRED));
    check(&"张".repeat(28), Ok(&"张".repeat(28)));
    check(&"张".repeat(29), Err(TextProblem::TooLong(28).into()));
}

#[test]
fn other_names_may_be_latin_and_case_is_only_a_suggestion() {
    let name = |raw: &str| PersonName::parse_as(NameScript::HanOrLatin, raw);
    for right in ["陈大文", "Mary-Jane O'Neil", "José Núñez", "McDonald", "Nguyễn Văn An", "J. Smith"] {
        assert!(name(right).is_ok(), "{right}");
    }
    assert_eq!(name("Mary  Jane"), Err(NameProblem::Space.into()));
    assert_eq!(name("Mary2"), Err(NameProblem::Characters.into()));
    assert_eq!(name("Мария"), Err(NameProblem::Characters.into()));
    assert_eq!(name("MARY").unwrap().suggested_case().as_deref(), Some("Mary"));
    assert_eq!(name("Mary-Jane").unwrap().suggested_case(), None);
    assert_eq!(name("陈大文").unwrap().suggested_case(), None);
    assert!(name("陈?").unwrap().has_rare_glyph());
}

#[test]
fn ages_count_completed_years_on_the_day() {
    let age = |birth, on| day(birth).age_on(day(on));
    assert_eq!(age("2008-02-01", "2026-01-31"), 17);
    assert_eq!(age("2008-02-01", "2026-02-01"), 18);
    assert_eq!(age("2008-02-29", "2026-02-28"), 17);
    assert_eq!(age("2008-02-29", "2026-03-01"), 18);
    assert_eq!(age("1950-02-02", "2026-02-01"), 75);
    assert_eq!(age("1950-02-01", "2026-02-01"), 76);
    for (text, days) in [("1970-01-01", 0), ("2000-02-29", 11_016), ("1969-12-31", -1), ("2026-11-23", 20_780)] {
        assert_eq!((day(text).unix_days(), Date::from_unix_days(days).to_string().as_str()), (days, text));
    }
}

#[test]
fn months_are_written_with_the_hyphen() {
    let check = |raw: &str, expect: Result<&str, YearMonthProblem>| {
        assert_eq!(YearMonth::parse(raw).map(|m| m.to_string()), expect.map(str::to_owned), "{raw}")
    };
    check("2008-03", Ok("2008-03"));
    check("２００８－０３", Ok("2008-03"));
    check("2008—03", Ok("2008-03"));
    check("20083", Err(YearMonthProblem::Format));
    check("08-03", Err(YearMonthProblem::Format));
    check("03/2008", Err(YearMonthProblem::Format));
    check("2008-03-01", Err(YearMonthProblem::Format));
    check("2008-003", Err(YearMonthProblem::Format));
    check("2008x03", Err(YearMonthProblem::Format));
    check("2008-13", Err(YearMonthProblem::NoSuchMonth));
    check("2008-00", Err(YearMonthProblem::NoSuchMonth));
    check("1929-12", Err(YearMonthProblem::Year));
    assert_eq!(YearMonth::parse_past("2026-03", day("2026-02-01")), Err(YearMonthProblem::Future));
    assert!(YearMonth::parse_past("2026-02", day("2026-02-01")).is_ok());
}

#[test]
fn telephones_follow_their_region() {
    use ContactRegion::{Elsewhere, Mainland};
    let mobile = |region, raw: &str| Mobile::parse_as(region, raw).map(|m| m.to_string());
    assert_eq!(mobile(Mainland, "138 0013-8000"), Ok("13800138000".into()));
    assert_eq!(mobile(Mainland, "１３８００１３８０００"), Ok("13800138000".into()));
    assert_eq!(mobile(Mainland, "1380013800"), Err(PhoneProblem::MobileMainland));
    assert_eq!(mobile(Mainland, "03800138000"), Err(PhoneProblem::LeadingZero));
    assert_eq!(mobile(Mainland, "1380013800a"), Err(PhoneProblem::Characters));
    assert_eq!(mobile(Elsewhere, "612345"), Ok("612345".into()));
    assert_eq!(mobile(Elsewhere, "61234"), Err(PhoneProblem::MobileElsewhere));
    assert_eq!(mobile(Elsewhere, "612345678901"), Err(PhoneProblem::MobileElsewhere));
    let landline = |raw: &str| Landline::parse(raw).map(|l| l.to_string());
    assert_eq!(landline("010-66667777"), Ok("010-66667777".into()));
    assert_eq!(landline("0571－87654321—123456"), Ok("0571-87654321-123456".into()));
    assert_eq!(landline("66667777"), Err(PhoneProblem::Landline));
    assert_eq!(landline("10-66667777"), Err(PhoneProblem::AreaCode));
    assert_eq!(landline("012345-66667777"), Err(PhoneProblem::AreaCode));
    assert_eq!(landline("010-66667"), Err(PhoneProblem::Number));
    assert_eq!(landline("010-66667777-1234567"), Err(PhoneProblem::Extension));
    assert_eq!(landline("010-6666a777"), Err(PhoneProblem::Characters));
}

#[test]
fn mail_post_and_address_have_their_lengths() {
    assert!(Email::parse("a@b.c").is_ok());
    assert!(Email::parse("张@例子.中国").is_ok());
    assert_eq!(Email::parse("a@b"), Err(TextProblem::TooShort(5).into()));
    for wrong in ["abcde", "a@bcd", "@b.com", "a@.com", "a b@c.com", "a@-b.com", ".a@b.com", "a@b..com"] {
        assert_eq!(Email::parse(wrong), Err(ContactProblem::Email.into()), "{wrong}");
    }
    assert_eq!(Email::parse(&format!("{}@b.com", "a".repeat(55))), Err(TextProblem::TooLong(60).into()));
    use ContactRegion::{Elsewhere, Mainland};
    assert!(Postcode::parse_as(Mainland, "100005").is_ok());
    assert_eq!(Postcode::parse_as(Mainland, "10000"), Err(ContactProblem::PostcodeMainland));
    assert!(Postcode::parse_as(Elsewhere, "N1A").is_ok());
    assert_eq!(Postcode::parse_as(Elsewhere, "12"), Err(ContactProblem::PostcodeElsewhere));
    assert!(Address::parse(&"京".repeat(30)).is_ok());
    assert_eq!(Address::parse(&"京".repeat(31)), Err(TextProblem::TooWide(60).into()));
    assert!(Address::parse(&"a".repeat(60)).is_ok());
}

#[test]
fn papers_have_numbers_without_signs() {
    assert!(DiplomaNumber::parse("1").is_ok());
    assert!(DiplomaNumber::parse("100251201405000123").unwrap().has_usual_length());
    assert!(DiplomaNumber::parse("12345678").unwrap().looks_like_serial());
    assert_eq!(DiplomaNumber::parse("1234.5678"), Err(PaperProblem::DigitsOnly.into()));
    assert_eq!(DiplomaNumber::parse("1234567890123456789"), Err(TextProblem::TooLong(18).into()));
    assert!(PaperNumber::parse("ab12").unwrap().as_str() == "AB12");
    assert_eq!(PaperNumber::parse("12.3"), Err(PaperProblem::LettersAndDigits.into()));
    assert_eq!(ListedName::parse("北京 医院", ""), Err(PaperProblem::NameCharacters.into()));
    assert_eq!(ListedName::parse("北京医院。", ""), Err(PaperProblem::NameCharacters.into()));
    assert!(ListedName::parse("河北北方学院（东校区）", "").is_ok());
    assert!(ListedName::parse("临床医学（儿科医学、精神病学）", "0190a6f0-0000-7000-8000-000000000001").is_ok());
}

#[test]
fn passwords_follow_the_rule_set() {
    let check =
        |rules: &forms::rule_set::RuleSet, raw: &str| Password::parse(&rules.password, raw, &["zhang_wei"]).err();
    use forms::problem::AccountProblem as P;
    assert_eq!(check(&RULES_2021, "Yu2a6"), None);
    assert_eq!(check(&RULES_2021, "Yu2a"), Some(TextProblem::TooShort(5).into()));
    assert_eq!(check(&RULES_2021, "Yu2aYu2aYu2a1"), Some(TextProblem::TooLong(12).into()));
    assert_eq!(check(&RULES_2021, "abcdef"), Some(P::PasswordMixed.into()));
    assert_eq!(check(&RULES_2021, "123457"), Some(P::PasswordMixed.into()));
    assert_eq!(check(&RULES_2021, "Yu2a!6"), Some(P::PasswordAlphabet.into()));
    assert_eq!(check(&RULES_2021, "ABC123"), Some(P::PasswordCommon.into()));
    assert_eq!(check(&RULES_2022, "Yu2a!6xx"), None);
    assert_eq!(check(&RULES_2022, "zhang_wei1"), Some(P::PasswordPersonal.into()));
    assert!(!format!("{:?}", Password::parse(&RULES_2021.password, "Yu2a6", &[])).contains("Yu2a6"));
}

#[test]
fn usernames_differ_by_more_than_case() {
    assert_eq!(Username::parse("Zhang_Wei").unwrap().key(), "zhang_wei");
    for wrong in ["1abc", "ab-cd", "张伟张伟", "_abc"] {
        assert_eq!(Username::parse(wrong), Err(forms::problem::AccountProblem::Username.into()), "{wrong}");
    }
    assert_eq!(Username::parse("abc"), Err(TextProblem::TooShort(4).into()));
}

#[test]
fn lists_are_complete_and_codes_are_unique() {
    assert_eq!(EthnicGroup::ALL.len(), 57);
    fn unique<T: Choice>() {
        let mut codes: Vec<_> = T::ALL.iter().map(|c| c.code()).collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), count, "{}", T::LIST);
    }
    unique::<EthnicGroup>();
    unique::<DocumentType>();
    unique::<forms::choice::Province>();
    unique::<forms::country::Country>();
    assert_eq!(RULES_2021.documents.len(), 13);
}

#[test]
fn serials_carry_a_check_character() {
    let serial = forms::ids::Serial::new(2026, "11", "110", 1_234_567);
    assert_eq!(serial.as_str().len(), 15);
    assert!(serial.as_str().starts_with("26111101234567"));
    assert_eq!(forms::ids::Serial::parse(serial.as_str()), Some(serial.clone()));
    let mut wrong = serial.as_str().to_owned();
    wrong.replace_range(5..6, "9");
    assert_eq!(forms::ids::Serial::parse(&wrong), None);
}

#[test]
fn photos_are_checked_by_their_header() {
    use forms::{
        Code, photo,
        problem::{PhotoProblem as P, Pixels},
    };
    let jpeg = |w: u16, h: u16| {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 0, 0, 0xFF, 0xC0, 0, 17, 8];
        bytes.extend(h.to_be_bytes());
        bytes.extend(w.to_be_bytes());
        bytes.extend([3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1]);
        bytes
    };
    let rule = &RULES_2021.photo;
    assert_eq!(photo::check(&jpeg(210, 280), rule).map(|f| (f.width, f.height)), Ok((210, 280)));
    assert_eq!(photo::check(&jpeg(65_535, 65_535), rule), Err(P::TooManyPixels));
    assert_eq!(photo::check(&jpeg(50, 70), rule), Err(P::TooSmall(Pixels(96, 128))));
    assert_eq!(photo::check(&jpeg(280, 210), rule), Err(P::NotPortrait));
    assert_eq!(photo::check(b"\x89PNG\r\n", rule), Err(P::NotJpeg));
    assert_eq!(photo::check(&[0xFF, 0xD8, 0xFF], rule), Err(P::Unreadable));
    assert_eq!(photo::check(&[0xFF, 0xD8, 0xFF, 0xE0, 0, 0], rule), Err(P::Unreadable));
    let strictest = rule.strictest(RULES_2022.photo);
    assert_eq!((strictest, RULES_2022.photo.strictest(*rule)), (RULES_2022.photo, RULES_2022.photo));
    assert_eq!(photo::check(&jpeg(180, 240), &strictest), Err(P::TooSmall(Pixels(190, 254))));
    // The number travels with the code.
    let code: Code = P::TooSmall(Pixels(190, 254)).into();
    assert_eq!(Code::of(code.key(), code.number().unwrap()), Some(code));
    let mut large = jpeg(210, 280);
    large.resize(40_961, 0);
    assert_eq!(photo::check(&large, rule), Err(P::TooLarge));
    large.truncate(40_960);
    assert!(photo::check(&large, rule).is_ok());
}

#[test]
fn region_codes_are_those_ever_given() {
    use forms::region::name;
    // One that is in use, one of a county given up, one of a city that became a municipality's district.
    for (code, expect) in [("110101", "东城区"), ("330102", "上城区"), ("659001", "石河子市")] {
        assert_eq!(name(code), Some(expect));
    }
    for given_up in ["110103", "310103", "512301", "330103"] {
        assert!(name(given_up).is_some(), "{given_up}");
    }
    for never in ["000000", "999999", "110000", "1101", ""] {
        assert_eq!(name(never), None, "{never}");
    }
}

/// Generous in what is understood, exact in what is stored.
#[test]
fn months_days_and_numbers_are_understood_as_people_write_them() {
    let table = [
        (Field::ProbationStart, "2024-08", "202408 2024-8 2024.08 2024/8 ２０２４０８ 2024年8月 2024—08"),
        (Field::DocumentUntil, "2024-08-01", "20240801 2024-8-1 2024.08.01 2024/8/1 2024年8月1日"),
        (Field::Mobile, "13857198234", "+8613857198234 86-138-5719-8234 008613857198234 (138)57198234"),
        (Field::HomePhone, "0571-87654321", "(0571)87654321 0571—87654321 057187654321 +86-571-87654321"),
        (Field::HomePhone, "010-65212345", "01065212345 010-65212345 +861065212345"),
        (Field::WorkPhone, "0571-87654321-12", "0571-87654321转12 0571-87654321#12"),
        (Field::Postcode, "310009", "31-0009 ３１０００９"),
        (Field::DocumentNumber, "110101199003070038", "110101-19900307-0038"),
    ];
    for (field, stored, typed) in table {
        for typed in typed.split(' ').chain([stored]) {
            assert_eq!(forms::tidy(field, typed), stored, "{field:?} {typed}");
        }
    }
    for (field, typed, stored) in [
        (Field::Mobile, "138 5719 8234", "13857198234"),
        (Field::Mobile, "+852 9123 4567", "91234567"),
        (Field::Mobile, "+44 7911 123456", "7911123456"),
        (Field::Mobile, "00353 87 123 4567", "871234567"),
        (Field::Mobile, "+1 (415) 555-0123", "4155550123"),
        (Field::HomePhone, "0571 8765 4321 转 12", "0571-87654321-12"),
        (Field::Postcode, "31 0009", "310009"),
        (Field::DocumentNumber, "110101 19900307 0038", "110101199003070038"),
        (Field::DiplomaNumber, "1002 5120 1405 0001 23", "100251201405000123"),
        (Field::Address, " 杭州市解放路１２８号  ５幢 ", "杭州市解放路128号 5幢"),
    ] {
        assert_eq!(forms::tidy(field, typed), stored, "{field:?} {typed}");
    }
}

#[test]
fn what_cannot_be_read_stays_as_it_was_typed() {
    for (field, typed) in [
        (Field::ProbationStart, "20248"),
        (Field::ProbationStart, "2024-13"),
        (Field::ProbationStart, "去年八月"),
        (Field::DocumentUntil, "2024-02-30"),
        (Field::DocumentUntil, "01-08-2024"),
        (Field::Mobile, "no phone"),
    ] {
        assert_eq!(forms::tidy(field, typed), typed);
    }
}
