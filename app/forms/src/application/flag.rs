//! What staff should look at first.
use super::Application;
use crate::{choice::Choice, profile::Education, region, rule_set::RuleSet, status::states, value::Date};

states! {
    /// Something staff should look at; it never stops a submission. They are stored by their places here: new ones go to the end.
    Flag "flag" {
        /// `?` in the name (S56, S92).
        RareGlyph = "rare_glyph",
        /// The employer is free text (X17, X40).
        EmployerNotListed = "employer_not_listed",
        /// A school is free text (X40).
        SchoolNotListed = "school_not_listed",
        /// The area is neither the household's nor the employer's (X32).
        ForeignArea = "foreign_area",
        /// The document expires before review on site ends (S59).
        DocumentExpires = "document_expires",
        /// A resident number begins with a code that no table of divisions has: no fault, but to be compared with the card.
        UnknownRegion = "unknown_region",
        /// First or check character of a card that such cards do not have, confirmed by the person (X43).
        UnusualDocument = "unusual_document",
        /// A diploma's number with other signs than digits (X47).
        OldDiplomaNumber = "old_diploma_number",
        /// A temporary identity card: the new card is to be shown as soon as there is one (S136).
        TemporaryCard = "temporary_card",
        /// A type of document that the session does not take, to be corrected by staff (X27).
        DocumentNotAccepted = "document_not_accepted",
        /// Exempt from the skills test by a pass of the year before (S102, S130).
        SkillsExempt = "skills_exempt",
        /// Not reviewed on site, since the session asks no review of who is exempt (S102).
        WithoutReview = "without_review",
        /// A major is free text (X40).
        MajorNotListed = "major_not_listed",
        /// The institution of a training is free text (X40).
        InstitutionNotListed = "institution_not_listed",
    }
}

impl Flag {
    /// Whether its absence is worth a line among the checks: an exemption is no fault that was looked for.
    pub const fn is_check(self) -> bool {
        !matches!(self, Self::SkillsExempt | Self::WithoutReview)
    }
    /// Several flags as the bits of one number, by which staff filter.
    pub fn bits(flags: &[Self]) -> i64 {
        Self::ALL.iter().enumerate().filter(|(_, flag)| flags.contains(flag)).map(|(at, _)| 1 << at).sum()
    }
    /// The flags of a number.
    pub fn of_bits(bits: i64) -> Vec<Self> {
        Self::ALL.iter().enumerate().filter(|(at, _)| bits & (1 << at) != 0).map(|(_, flag)| *flag).collect()
    }
}

impl Application {
    /// What a reviewer should look at first. `until` is the last day of review on site, `rules` those of the session.
    pub fn flags(&self, until: Date, rules: &RuleSet) -> Vec<Flag> {
        let mut flags = Vec::new();
        let unlisted_school = |e: &Education| e.school.as_ref().is_some_and(|s| s.id().is_none());
        if self.identity.name.has_rare_glyph() {
            flags.push(Flag::RareGlyph);
        }
        if self.identity.document.region().is_some_and(|code| region::name(code).is_none()) {
            flags.push(Flag::UnknownRegion);
        }
        if self.work.employer.id().is_none() {
            flags.push(Flag::EmployerNotListed);
        }
        if self.all_educations().any(unlisted_school) {
            flags.push(Flag::SchoolNotListed);
        }
        if self.all_educations().any(|e| e.major.as_ref().is_some_and(|major| major.id().is_none())) {
            flags.push(Flag::MajorNotListed);
        }
        if self.trainings.iter().any(|(_, training)| training.institution.id().is_none()) {
            flags.push(Flag::InstitutionNotListed);
        }
        if self.all_educations().any(Education::has_old_number) {
            flags.push(Flag::OldDiplomaNumber);
        }
        if self.identity.document.is_unusual() {
            flags.push(Flag::UnusualDocument);
        }
        if !rules.documents.contains(&self.identity.document.kind()) {
            flags.push(Flag::DocumentNotAccepted);
        }
        if self.exemption.is_some() {
            flags.push(Flag::SkillsExempt);
        }
        if !self.is_reviewed_on_site() {
            flags.push(Flag::WithoutReview);
        }
        if self.basic.temporary_card {
            flags.push(Flag::TemporaryCard);
        }
        let near = [self.basic.household_province, self.work.employer_province];
        if !near.iter().any(|province| province.code() == self.area) {
            flags.push(Flag::ForeignArea);
        }
        if self.basic.document_until.is_some_and(|last| last < until) {
            flags.push(Flag::DocumentExpires);
        }
        flags
    }
}
