//! Which education leads to which examination: one route (X41), diplomas that are still to come (X46), majors, forms of study and
//! probation by their dates (X35).
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    Code, Context, Field, Problem,
    account::Identity,
    application::{Application, Flag},
    category::{Category, Discipline, ExamLevel},
    choice::{ExtraSubject, Province},
    eligibility::Proof,
    journey::{Journey, Step},
    problem::*,
    profile::{EducationDraft, EntryDraft, FieldWarning, ProfileContext, WorkDraft},
    rule_set::RULES_2021,
};

fn pending(level: &str, month: &str) -> EducationDraft {
    EducationDraft {
        level: level.into(),
        graduation_month: month.into(),
        not_yet_awarded: "yes".into(),
        diploma_number: String::new(),
        ..bachelor()
    }
}

#[test]
fn one_education_is_the_route_and_the_others_travel_along() {
    let college = EducationDraft { level: "college".into(), graduation_month: "2011-07".into(), ..bachelor() };
    let incomplete = EducationDraft { school: String::new(), ..bachelor() };
    let office = Office::new(vec![bachelor(), college, incomplete], vec![]);
    let application = outcome(&office, "110", |_| {}).unwrap();
    let ids = |list: &[(forms::ids::EntryId, forms::profile::Education)]| list.iter().map(|e| e.0).collect::<Vec<_>>();
    assert_eq!(ids(&application.educations), [office.entries[0].id]);
    // What is not complete does not travel.
    assert_eq!(ids(&application.other_educations), [office.entries[1].id]);
    assert_eq!(application.entry_ids(), [office.entries[0].id, office.entries[1].id]);
    assert_eq!(application.to_draft().check(&office.context()), Ok(application));
    let both = |draft: &mut forms::application::ApplicationDraft| {
        draft.selection.educations = format!("{} {}", office.entries[0].id, office.entries[1].id);
    };
    let mut draft = office.draft("110");
    both(&mut draft);
    assert_eq!(
        draft.problems(Step::Education, &office.context()),
        [problem(Field::Educations, ApplicationProblem::OneEducation)]
    );
    // By the college entry the same person would need the assistant's certificate.
    let by_college = outcome(&office, "110", |draft| draft.selection.educations = office.entries[1].id.to_string());
    assert_eq!(by_college.err(), Some(ApplicationProblem::AssistantCertificate.into()));
}

#[test]
fn what_was_stored_before_these_rules_is_still_read() {
    let office = Office::new(vec![bachelor()], vec![]);
    let application = outcome(&office, "110", |_| {}).unwrap();
    let mut stored = serde_json::to_value(&application).unwrap();
    let object = stored.as_object_mut().unwrap();
    object.remove("other_educations");
    object["basic"].as_object_mut().unwrap().remove("temporary_card");
    object["work"].as_object_mut().unwrap().remove("employer_not_medical");
    let education = object["educations"][0][1].as_object_mut().unwrap();
    for name in ["school_region", "school_country", "long_track", "diploma_lost"] {
        assert!(education.remove(name).is_some(), "{name}");
    }
    let read: Application = serde_json::from_value(stored).unwrap();
    let mut expect = application;
    expect.educations[0].1.school_region = None;
    assert_eq!(read, expect);
    let draft: EducationDraft = serde_json::from_str(r#"{"level":"bachelor","school":"首都医科大学"}"#).unwrap();
    assert_eq!((draft.level.as_str(), draft.school_region.as_str()), ("bachelor", ""));
}

#[test]
fn a_number_is_blank_only_where_there_can_be_no_diploma() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    let check = |draft: EducationDraft| draft.check(&context).map(|_| ()).map_err(|problems| problems[0].code);
    // Today is 2026-02-01.
    for (month, expect) in [
        ("2026-01", Err(PaperProblem::AlreadyAwarded.into())),
        ("2026-02", Ok(())),
        ("2026-07", Ok(())),
        ("2014-07", Err(PaperProblem::AlreadyAwarded.into())),
    ] {
        for level in ["graduate", "bachelor", "college", "secondary"] {
            assert_eq!(check(pending(level, month)), expect, "{level} {month}");
        }
    }
    let blank = EducationDraft { diploma_number: String::new(), ..bachelor() };
    assert_eq!(check(blank.clone()), Err(Code::REQUIRED));
    assert_eq!(check(EducationDraft { long_track: "yes".into(), ..blank }), Ok(()));
    for level in ["apprenticeship", "none"] {
        assert_eq!(check(EducationDraft { level: level.into(), ..Default::default() }), Ok(()), "{level}");
    }
    // The school of a name that no list has is asked for its place (S75).
    let placeless = EducationDraft { school_region: String::new(), ..bachelor() };
    assert_eq!(check(placeless.clone()), Err(Code::REQUIRED));
    let abroad =
        |country: &str| EducationDraft { school_region: "99".into(), school_country: country.into(), ..bachelor() };
    for (country, expect) in [("", Err(Code::REQUIRED)), ("GB", Ok(())), ("TW", Err(ChoiceProblem::Unknown.into()))] {
        assert_eq!(check(abroad(country)), expect, "{country}");
    }
    let listed = EducationDraft { school_id: "0190a6f0-0000-7000-8000-000000000001".into(), ..placeless };
    assert_eq!(check(listed), Ok(()));
    // An old number has other signs (X47).
    let old = EducationDraft { diploma_number: "国卫字第12号".into(), ..bachelor() };
    assert_eq!(check(old.clone()), Err(PaperProblem::DigitsOnly.into()));
    let office = Office::new(vec![EducationDraft { old_number: "yes".into(), ..old }], vec![]);
    let application = outcome(&office, "110", |_| {}).unwrap();
    assert!(application.flags(day("2026-03-10"), &RULES_2021).contains(&Flag::OldDiplomaNumber));
}

#[test]
fn graduates_of_this_year_have_a_graduate_or_long_track_entry_of_this_year() {
    let long = EducationDraft { long_track: "yes".into(), ..pending("bachelor", "2026-07") };
    let much_later = EducationDraft { long_track: "yes".into(), ..pending("graduate", "2028-07") };
    use ApplicationProblem as A;
    for (educations, state, expect) in [
        (vec![pending("graduate", "2026-07")], "graduating", Ok(())),
        (vec![pending("graduate", "2026-07")], "employed", Err(A::GraduatingState.into())),
        (vec![bachelor(), pending("graduate", "2026-07")], "graduating", Ok(())),
        (vec![bachelor(), pending("graduate", "2026-07")], "probation", Ok(())),
        (vec![long.clone()], "graduating", Ok(())),
        (vec![long], "probation", Err(A::GraduatingState.into())),
        (vec![bachelor()], "graduating", Err(A::GraduatingOnly.into())),
        (vec![pending("bachelor", "2026-07")], "graduating", Err(A::GraduatingOnly.into())),
        (vec![bachelor(), much_later.clone()], "graduating", Err(A::GraduatingOnly.into())),
        (vec![bachelor(), much_later], "employed", Ok(())),
    ] {
        let office = Office::new(educations, vec![]);
        let got = outcome(&office, "110", |draft| draft.work.post_state = state.into());
        assert_eq!(got.map(|_| ()), expect, "{state}");
    }
}

/// F1 of the walk: the entry is added two steps after 在岗情况 was chosen.
#[test]
fn the_step_of_education_stays_open_while_graduate_studies_are_still_to_be_added() {
    let mut office = Office::new(vec![bachelor()], vec![]);
    let mut draft = office.draft("110");
    draft.work.post_state = "graduating".into();
    let journey = Journey::of(&draft, &office.context());
    assert_eq!(journey.next(), Step::Education);
    assert_eq!(draft.problems(Step::Work, &office.context()), []);
    office.entries.push(entry(9, EntryDraft::Education(pending("graduate", "2026-07")), &office.identity));
    assert_eq!(draft.problems(Step::Education, &office.context()), []);
}

#[test]
fn a_diploma_that_came_since_asks_for_its_number() {
    let mut office = Office::new(vec![pending("bachelor", "2026-02")], vec![]);
    let context = |today: &str| Context { today: day(today), rules: &RULES_2021 };
    office.photo = Some(forms::ids::PhotoId::from(uuid::Uuid::from_u128(1)));
    let draft = office.draft("110");
    for (today, expect) in
        [("2026-02-28", vec![]), ("2026-03-01", vec![problem(Field::Educations, PaperProblem::AlreadyAwarded)])]
    {
        let context = forms::application::ApplicationContext { base: context(today), ..office.context() };
        assert_eq!(draft.problems(Step::Education, &context), expect, "{today}");
    }
}

#[test]
fn majors_that_count_for_nothing_are_refused() {
    let refused = [
        "护理学",
        "护理",
        "药学",
        "中药学",
        "临床药学",
        "藏药学",
        "基础医学",
        "法医学",
        "医学检验技术",
        "医学影像技术",
        "口腔医学技术",
        "康复治疗学",
        "卫生检验与检疫",
    ];
    let accepted = [
        "临床医学",
        "麻醉学",
        "医学影像学",
        "医学检验",
        "眼视光医学",
        "口腔医学",
        "预防医学",
        "中医学",
        "中西医临床医学",
        "口腔基础医学",
        "中医药学",
        "妇幼保健医学",
    ];
    let check = |major: &str, level: &str, category: &str| {
        let office =
            Office::new(vec![EducationDraft { major: major.into(), level: level.into(), ..bachelor() }], vec![]);
        outcome(&office, category, |_| {}).map(|a| a.to_prove)
    };
    for major in refused {
        for (level, category) in [("bachelor", "110"), ("graduate", "140"), ("college", "210")] {
            assert_eq!(check(major, level, category), Err(ApplicationProblem::Major.into()), "{major} {level}");
        }
    }
    for major in accepted {
        assert_eq!(check(major, "bachelor", "110"), Ok(vec![Proof::ProbationYear]), "{major}");
    }
    // 师承 has no major that could count against it.
    assert!(check("护理学", "apprenticeship", "440").is_ok());
}

#[test]
fn forms_of_study_count_by_the_month_of_admission() {
    use ApplicationProblem::StudyForm as Refused;
    let check = |form: &str, level: &str, months: (&str, &str), category: &str, certificate: bool| {
        let education = EducationDraft {
            level: level.into(),
            study_form: form.into(),
            admission_month: months.0.into(),
            graduation_month: months.1.into(),
            ..bachelor()
        };
        // Somebody old enough to have studied then.
        let identity = Identity { birth_date: day("1975-01-01"), ..identity_with("passport", "E1234567", "张伟") };
        let office = Office::of(identity, vec![education], certificate.then(assistant).into_iter().collect());
        outcome(&office, category, |_| {}).map(|a| a.to_prove)
    };
    let year = vec![Proof::ProbationYear];
    for form in ["adult_full_time", "evening", "correspondence", "self_study", "online", "television"] {
        assert_eq!(check(form, "bachelor", ("2002-10", "2006-07"), "110", false), Ok(year.clone()), "{form}");
        assert_eq!(check(form, "bachelor", ("2002-11", "2006-07"), "110", false), Err(Refused.into()), "{form}");
        // Assistants who go on may have studied later.
        assert_eq!(check(form, "bachelor", ("2010-09", "2014-07"), "110", true), Ok(year.clone()), "{form}");
        assert_eq!(check(form, "bachelor", ("2010-09", "2014-07"), "210", true), Err(Refused.into()), "{form}");
        assert_eq!(
            check(form, "bachelor", ("", "2014-07"), "110", false),
            Ok(vec![Proof::StudyBegin, Proof::ProbationYear]),
            "{form}"
        );
        assert_eq!(check(form, "bachelor", ("", "2002-07"), "110", false), Ok(year.clone()), "{form}");
    }
    assert_eq!(check("full_time", "bachelor", ("2010-09", "2014-07"), "110", false), Ok(year.clone()));
    let transitional = vec![Proof::ProbationYear, Proof::SecondaryTransitional];
    assert_eq!(check("evening", "secondary", ("2001-08", "2004-07"), "210", false), Ok(transitional));
    assert_eq!(check("evening", "secondary", ("2001-09", "2004-07"), "210", false), Err(Refused.into()));
}

#[test]
fn probation_is_over_by_august_of_the_examination() {
    let office = Office::new(vec![bachelor()], vec![]);
    for (start, expect) in [
        ("", Ok(())),
        ("2020-01", Ok(())),
        ("2025-08", Ok(())),
        ("2025-09", Err(ApplicationProblem::ProbationTooShort)),
        ("2026-01", Err(ApplicationProblem::ProbationTooShort)),
    ] {
        let mut draft = office.draft("110");
        draft.work.probation_start = start.into();
        let expect: Vec<Problem> = expect.err().map(|code| problem(Field::ProbationStart, code)).into_iter().collect();
        assert_eq!(draft.problems(Step::Work, &office.context()), expect, "{start}");
        assert_eq!(draft.check(&office.context()).is_ok(), expect.is_empty(), "{start}");
    }
    // Practice as an assistant counts instead.
    let assistant = Office::new(vec![bachelor()], vec![assistant()]);
    assert!(outcome(&assistant, "110", |draft| draft.work.probation_start = "2026-01".into()).is_ok());
}

#[test]
fn categories_say_level_and_discipline() {
    use Discipline::*;
    for (code, discipline) in
        [("110", Clinical), ("120", Dental), ("130", PublicHealth), ("140", Chinese), ("150", Chinese)]
    {
        for (level, first) in [(ExamLevel::Licensed, "1"), (ExamLevel::Assistant, "2")] {
            let category = Category::parse(&format!("{first}{}", &code[1..])).unwrap();
            assert_eq!(
                (category.level(), category.discipline(), category.is_apprenticeship()),
                (level, discipline, false)
            );
        }
    }
    for code in ["141", "142", "143", "144", "145", "146", "147", "241", "247", "340", "343", "344", "345", "443"] {
        assert_eq!(Category::parse(code).unwrap().discipline(), Chinese, "{code}");
    }
    let rural = Category::parse("290").unwrap();
    assert_eq!((rural.level(), rural.discipline(), rural.is_rural()), (ExamLevel::Assistant, Clinical, true));
    let office = Office::new(vec![bachelor()], vec![]);
    let application = outcome(&office, "290", |_| {}).unwrap();
    assert_eq!(application.to_prove, [Proof::ProbationYear, Proof::VillagePost]);
}

#[test]
fn a_subject_of_a_post_asks_for_the_post() {
    let office = Office::new(vec![bachelor()], vec![]);
    for (subject, post, expect) in [
        ("pediatrics", "yes", Ok(ExtraSubject::Pediatrics)),
        ("prehospital", "yes", Ok(ExtraSubject::Prehospital)),
        ("pediatrics", "", Err(ChoiceProblem::MustAgree.into())),
        ("none", "", Ok(ExtraSubject::None)),
        ("", "yes", Ok(ExtraSubject::None)),
    ] {
        let got = outcome(&office, "110", |draft| {
            draft.confirm.extra_subject = subject.into();
            draft.confirm.extra_post = post.into();
        });
        assert_eq!(got.map(|a| a.extra_subject), expect, "{subject} {post}");
    }
}

#[test]
fn a_region_that_is_not_that_of_the_listed_employer_is_said() {
    for (chosen, listed, said) in [
        ("33", "11", true),
        ("11", "11", false),
        ("65", "66", false),
        ("66", "65", false),
        ("66", "11", true),
        ("", "11", false),
        ("33", "", false),
    ] {
        let expected = said.then_some(FieldWarning::EmployerElsewhere);
        assert_eq!(FieldWarning::on_region(chosen, listed), expected, "{chosen} {listed}");
    }
}

#[test]
fn no_education_is_told_at_once() {
    assert_eq!(FieldWarning::on(Field::Level, "none", ""), Some(FieldWarning::NoEducation));
    assert_eq!(FieldWarning::on(Field::Level, "bachelor", ""), None);
}

#[test]
fn an_employer_is_a_medical_institution_unless_said_otherwise() {
    let me = identity();
    let context = ProfileContext { base: base(), identity: &me };
    assert!(!work().check(&context).unwrap().employer_not_medical);
    let other = WorkDraft { employer_not_medical: "yes".into(), ..work() };
    assert!(other.check(&context).unwrap().employer_not_medical);
    assert!(Province::Macao.is_outside_mainland() && !Province::Tibet.is_outside_mainland());
}
