//! Exemption from the practical skills test by a pass of the year before (S102, S130, X24).
use crate::{category::Category, choice::Choice, status::states};
use serde::{Deserialize, Serialize};

/// How many later years a pass at a national base counts for: 2020 exempts in 2021 (S102).
const LATER_YEARS: u16 = 1;

states! {
    /// What a pass of the year before means in an examination session (X24).
    SkillsPolicy "skills_policy" {
        /// Nothing: everybody sits the skills test.
        NotExempt = "not_exempt",
        /// No skills test and no review on site: the manual (S102).
        WithoutReview = "without_review",
        /// No skills test, but a review on site like everybody's: the handbook of 2025.
        WithReview = "with_review",
    }
}

/// A pass of the skills test at a national base, as the centre recorded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SkillsPass {
    /// The category that was passed; it exempts from no other.
    pub category: Category,
    /// The year of the test.
    pub year: u16,
}

/// An exemption from the skills test in one session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SkillsExemption {
    /// The pass that it rests on.
    pub pass: SkillsPass,
    /// Whether the papers are reviewed on site all the same.
    pub review_on_site: bool,
}

/// The exemption for a category, if there is one.
pub fn of_category(exemptions: &[SkillsExemption], category: Category) -> Option<SkillsExemption> {
    exemptions.iter().find(|exemption| exemption.pass.category == category).copied()
}

/// The exemptions that passes give in the session of a year, one for each category.
pub fn exemptions(passes: &[SkillsPass], exam_year: u16, policy: SkillsPolicy) -> Vec<SkillsExemption> {
    let review_on_site = match policy {
        SkillsPolicy::NotExempt => return Vec::new(),
        SkillsPolicy::WithoutReview => false,
        SkillsPolicy::WithReview => true,
    };
    let counts = |pass: &&SkillsPass| (1..=LATER_YEARS).any(|later| pass.year + later == exam_year);
    let mut exemptions: Vec<SkillsExemption> = Vec::new();
    for pass in passes.iter().filter(counts) {
        if of_category(&exemptions, pass.category).is_none() {
            exemptions.push(SkillsExemption { pass: *pass, review_on_site });
        }
    }
    exemptions
}
