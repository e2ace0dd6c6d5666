//! Exemption from the skills test by a pass of the year before (S102, S130, X24).
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

mod common;
use common::*;
use forms::{
    application::{Application, ApplicationDraft, Flag},
    category::Category,
    exemption::{SkillsExemption, SkillsPass, SkillsPolicy, exemptions},
    journey::{Journey, Step},
    materials::Material,
    rule_set::RULES_2021,
};

fn pass(category: &str, year: u16) -> SkillsPass {
    SkillsPass { category: Category::parse(category).unwrap(), year }
}
/// Somebody who passed the skills test of 110 the year before, in a session of that policy.
fn passed(policy: SkillsPolicy) -> Office {
    Office { exemptions: exemptions(&[pass("110", 2025)], 2026, policy), ..Office::new(vec![bachelor()], vec![]) }
}
fn applied(office: &Office, category: &str) -> Application {
    office.draft(category).check(&office.context()).unwrap()
}
fn papers(application: &Application) -> Vec<Material> {
    Material::of(application, day("2026-03-10"))
}

#[test]
fn a_pass_counts_in_the_year_after_it_and_for_its_category() {
    let all = [pass("110", 2024), pass("110", 2025), pass("140", 2025), pass("140", 2025), pass("210", 2026)];
    let exempt = |policy| -> Vec<SkillsPass> { exemptions(&all, 2026, policy).iter().map(|one| one.pass).collect() };
    for policy in [SkillsPolicy::WithoutReview, SkillsPolicy::WithReview] {
        assert_eq!(exempt(policy), [pass("110", 2025), pass("140", 2025)]);
    }
    assert_eq!(exempt(SkillsPolicy::NotExempt), []);
    let office = Office { open: vec![Category::parse("120").unwrap()], ..passed(SkillsPolicy::WithoutReview) };
    assert_eq!(applied(&office, "120").exemption, None);
}

#[test]
fn who_is_exempt_without_a_review_brings_and_proves_nothing() {
    let application = applied(&passed(SkillsPolicy::WithoutReview), "110");
    assert_eq!(application.exemption, Some(SkillsExemption { pass: pass("110", 2025), review_on_site: false }));
    assert!(papers(&application).is_empty() && application.to_prove.is_empty() && !application.is_reviewed_on_site());
    let flags = application.flags(day("2026-03-10"), &RULES_2021);
    assert!(flags.contains(&Flag::SkillsExempt) && flags.contains(&Flag::WithoutReview), "{flags:?}");
}

#[test]
fn where_the_session_asks_a_review_the_papers_are_everybodys() {
    let everybody = applied(&Office::new(vec![bachelor()], vec![]), "110");
    let application = applied(&passed(SkillsPolicy::WithReview), "110");
    assert!(application.is_reviewed_on_site());
    assert_eq!((papers(&application), &application.to_prove), (papers(&everybody), &everybody.to_prove));
    let flags = application.flags(day("2026-03-10"), &RULES_2021);
    assert!(flags.contains(&Flag::SkillsExempt) && !flags.contains(&Flag::WithoutReview), "{flags:?}");
}

#[test]
fn an_application_of_before_exemptions_is_read_as_one_without() {
    let everybody = applied(&Office::new(vec![bachelor()], vec![]), "110");
    let mut stored = serde_json::to_value(&everybody).unwrap();
    stored.as_object_mut().unwrap().remove("exemption").unwrap();
    assert_eq!(serde_json::from_value::<Application>(stored).unwrap(), everybody);
}

#[test]
fn the_wizard_of_who_is_exempt_passes_over_what_is_still_right() {
    let office = passed(SkillsPolicy::WithoutReview);
    let draft = office.draft("110").for_later_year();
    assert!(draft.category.consent.is_empty() && draft.confirm.declaration.is_empty());
    let after = |draft: &ApplicationDraft, step| Journey::of(draft, &office.context()).after(step);
    assert_eq!(Journey::of(&draft, &office.context()).next(), Step::Category);
    assert_eq!(after(&draft, Step::Category), Some(Step::Confirm));
    // What is not right any more is not passed over.
    let mut wrong = draft.clone();
    wrong.contact.mobile = String::new();
    assert_eq!(after(&wrong, Step::Category), Some(Step::Basic));
    assert_eq!(after(&wrong, Step::Basic), Some(Step::Confirm));
    // Of others no step is passed over.
    let everybody = Office::new(vec![bachelor()], vec![]);
    let journey = Journey::of(&everybody.draft("110"), &everybody.context());
    assert_eq!(journey.after(Step::Category), Some(Step::Basic));
    assert_eq!(journey.after(Step::Confirm), None);
}
