//! Which studies count for no examination, as far as that is certain (`facts.md` E2, X35): majors by their names, and forms of
//! study by the month in which they began.
use crate::{
    choice::{EducationLevel, StudyForm},
    profile::Education,
};

/// Majors of 基础医学, 法医学 and 医学技术 by their whole names; 护理 and 药学 are known by a part of the name. What had a time in
/// which it counted (医学检验, 眼视光学) is left to the offices.
const MAJORS: &[&str] = &[
    "基础医学",
    "法医学",
    "医学实验技术",
    "医学检验技术",
    "医学影像技术",
    "口腔医学技术",
    "康复治疗学",
    "康复治疗技术",
    "康复物理治疗",
    "康复作业治疗",
    "卫生检验与检疫",
    "听力与言语康复学",
];

/// Whether a major counts for no category (rules of 2014).
pub fn is_refused_major(name: &str) -> bool {
    // 中医药学 and its kin are no pharmacy.
    let is_pharmacy = name.ends_with("药学") && !name.ends_with("医药学");
    is_pharmacy || name.contains("护理") || MAJORS.contains(&name)
}

/// How far a form of study is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StudyVerdict {
    Counts,
    /// The month of admission decides and is not known.
    Unknown,
    /// Only for assistants of the same field who go on to 执业.
    AssistantsOnly,
}

/// Adult, distance and self-taught education counts if begun by October 2002, for assistants who go on also later; secondary
/// adult education if begun by August 2001 (rules of 2014).
pub fn study_verdict(education: &Education) -> StudyVerdict {
    use StudyForm::{AdultFullTime, Correspondence, Evening, Online, SelfStudy, Television};
    let is_adult = matches!(
        education.study_form,
        Some(AdultFullTime | Evening | Correspondence | SelfStudy | Online | Television)
    );
    if !is_adult {
        return StudyVerdict::Counts;
    }
    // Months from year 0, as of `YearMonth::months`.
    let last = if education.level == EducationLevel::Secondary { 2001 * 12 + 7 } else { 2002 * 12 + 9 };
    match (education.admission_month, education.graduation_month) {
        (Some(begun), _) if begun.months() > last => StudyVerdict::AssistantsOnly,
        (Some(_), _) => StudyVerdict::Counts,
        // Whoever had finished by then had begun before.
        (None, Some(over)) if over.months() <= last => StudyVerdict::Counts,
        (None, _) => StudyVerdict::Unknown,
    }
}
