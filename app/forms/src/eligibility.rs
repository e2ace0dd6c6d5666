//! Whether education, certificate and level go together (`facts.md` E2, X11, X35). Only reasons of high sureness stop
//! a submission; the rest is named as proof that the papers on site must give.
use crate::{
    Code, Field,
    category::{Category, ExamLevel},
    choice::{CertificateKind, Degree, EducationLevel},
    problem::{ApplicationProblem, PaperProblem},
    profile::{Certificate, Education},
    study::{StudyVerdict, is_refused_major, study_verdict},
    value::YearMonth,
};
use serde::{Deserialize, Serialize};

/// What the verdict depends on.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// The examination.
    pub category: Category,
    /// The education entries used.
    pub educations: &'a [Education],
    /// The certificates used.
    pub certificates: &'a [Certificate],
    /// When probation began, if that was answered.
    pub probation_start: Option<YearMonth>,
    /// Year of the examination; practice and diplomas count to 31 August of it.
    pub exam_year: u16,
}

/// Whether the person may sit the examination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// Nothing more to prove.
    Eligible,
    /// Yes, if the papers prove this.
    NeedsProof(Vec<Proof>),
    /// No.
    Ineligible(Vec<IneligibilityReason>),
}

/// Something that papers must prove on site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Proof {
    /// One year of probation by 31 August (Law on Physicians, art. 9).
    ProbationYear,
    /// Two years of practice as an assistant (专科).
    PracticeTwoYears,
    /// Five years of practice as an assistant (中专, 师承; a dated rule of medium sureness).
    PracticeFiveYears,
    /// The registration is younger than the practice asked for: proof of the first registration (S89).
    FirstRegistration,
    /// The diploma, before the written examination (X31).
    DiplomaDue,
    /// Secondary education: the Law of 2022 no longer names it; the office decides.
    SecondaryTransitional,
    /// An academic graduate degree: by admission up to 2014-12-31 only.
    AcademicDegree,
    /// 出师证书 or 专长证书.
    ApprenticeshipPaper,
    /// When studies of adult, distance or self-taught education began (rules of 2014).
    StudyBegin,
    /// A year of work in a 乡镇卫生院 or 村卫生室 (乡村全科, facts E1).
    VillagePost,
    /// The conditions for residents of Taiwan, Hong Kong and Macao (S144).
    NeighbourConditions,
}
impl Proof {
    /// Every proof.
    pub const ALL: &'static [Self] = &[
        Self::ProbationYear,
        Self::PracticeTwoYears,
        Self::PracticeFiveYears,
        Self::FirstRegistration,
        Self::DiplomaDue,
        Self::SecondaryTransitional,
        Self::AcademicDegree,
        Self::ApprenticeshipPaper,
        Self::StudyBegin,
        Self::VillagePost,
        Self::NeighbourConditions,
    ];
    /// The key of its sentence under `proof.` in the locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::ProbationYear => "probation_year",
            Self::PracticeTwoYears => "practice_two_years",
            Self::PracticeFiveYears => "practice_five_years",
            Self::FirstRegistration => "first_registration",
            Self::DiplomaDue => "diploma_due",
            Self::SecondaryTransitional => "secondary_transitional",
            Self::AcademicDegree => "academic_degree",
            Self::ApprenticeshipPaper => "apprenticeship_paper",
            Self::StudyBegin => "study_begin",
            Self::VillagePost => "village_post",
            Self::NeighbourConditions => "neighbour_conditions",
        }
    }
}

/// Why the person may not sit the examination.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum IneligibilityReason {
    /// The education does not lead to this level.
    EducationLevel,
    /// Apprenticeship and its categories belong together.
    Apprenticeship,
    /// An assistant certificate is needed (X11).
    AssistantCertificate,
    /// Only a township certificate was given (S45).
    TownshipCertificate,
    /// The diploma comes after 31 August of the examination's year.
    GraduationTooLate,
    /// The major counts for no category (rules of 2014).
    Major,
    /// Studies of this form count only if begun earlier (rules of 2014).
    StudyForm,
    /// The year of probation ends after 31 August of the examination's year.
    ProbationTooShort,
}
impl IneligibilityReason {
    /// Every reason.
    pub const ALL: &'static [Self] = &[
        Self::EducationLevel,
        Self::Apprenticeship,
        Self::AssistantCertificate,
        Self::TownshipCertificate,
        Self::GraduationTooLate,
        Self::Major,
        Self::StudyForm,
        Self::ProbationTooShort,
    ];
    /// Whether a problem says that the person may not sit the examination.
    pub fn is_said_by(code: Code) -> bool {
        Self::ALL.iter().any(|reason| reason.code() == code)
    }
    /// The answer that can mend it, which decides on which step it is said.
    pub const fn field(self) -> Field {
        match self {
            Self::AssistantCertificate | Self::TownshipCertificate => Field::Certificates,
            Self::ProbationTooShort => Field::ProbationStart,
            _ => Field::Educations,
        }
    }
    /// The problem shown for it.
    pub fn code(self) -> Code {
        match self {
            Self::EducationLevel => ApplicationProblem::EducationLevel.into(),
            Self::Apprenticeship => ApplicationProblem::Apprenticeship.into(),
            Self::AssistantCertificate => ApplicationProblem::AssistantCertificate.into(),
            Self::TownshipCertificate => ApplicationProblem::TownshipCertificate.into(),
            Self::GraduationTooLate => PaperProblem::GraduationTooLate.into(),
            Self::Major => ApplicationProblem::Major.into(),
            Self::StudyForm => ApplicationProblem::StudyForm.into(),
            Self::ProbationTooShort => ApplicationProblem::ProbationTooShort.into(),
        }
    }
}

/// Whether this education leads to the physician's level only by way of the assistant's (X11).
pub const fn needs_assistant(level: EducationLevel) -> bool {
    matches!(level, EducationLevel::College | EducationLevel::Secondary | EducationLevel::Apprenticeship)
}

/// August of the examination's year, as of `YearMonth::months`: practice and diplomas count until its end.
pub const fn last_month(exam_year: u16) -> i32 {
    exam_year as i32 * 12 + 7
}

/// Checks the facts. Of several entries used the most favourable counts. Without any entry nothing is decided yet.
pub fn assess(facts: &Facts<'_>) -> Verdict {
    let mut worst: Option<Vec<IneligibilityReason>> = None;
    let mut best: Option<Vec<Proof>> = None;
    for education in facts.educations {
        match by(education, facts) {
            Ok(proofs) if best.as_ref().is_none_or(|known| proofs.len() < known.len()) => best = Some(proofs),
            Ok(_) => {}
            Err(reasons) => worst = worst.or(Some(reasons)),
        }
    }
    match (best, worst) {
        (Some(proofs), _) if proofs.is_empty() => Verdict::Eligible,
        (Some(proofs), _) => Verdict::NeedsProof(proofs),
        (None, Some(reasons)) => Verdict::Ineligible(reasons),
        (None, None) => Verdict::Eligible,
    }
}

fn by(education: &Education, facts: &Facts<'_>) -> Result<Vec<Proof>, Vec<IneligibilityReason>> {
    let level = education.level;
    if level == EducationLevel::None {
        return Err(vec![IneligibilityReason::EducationLevel]);
    }
    if facts.category.is_apprenticeship() != (level == EducationLevel::Apprenticeship) {
        return Err(vec![IneligibilityReason::Apprenticeship]);
    }
    let limit = last_month(facts.exam_year);
    if education.graduation_month.is_some_and(|month| month.months() > limit) {
        return Err(vec![IneligibilityReason::GraduationTooLate]);
    }
    let mut proofs = Vec::new();
    check_studies(education, facts, &mut proofs)?;
    if education.not_yet_awarded {
        proofs.push(Proof::DiplomaDue);
    }
    if education.degree == Some(Degree::Academic) && education.admission_month.is_none_or(|month| month.year() > 2014) {
        proofs.push(Proof::AcademicDegree);
    }
    if level == EducationLevel::Apprenticeship {
        proofs.push(Proof::ApprenticeshipPaper);
    }
    if facts.category.level() == ExamLevel::Licensed && needs_assistant(level) {
        let since = first_assistant_registration(facts.certificates)?;
        let (years, proof) = match level {
            EducationLevel::College => (2, Proof::PracticeTwoYears),
            _ => (5, Proof::PracticeFiveYears),
        };
        proofs.push(proof);
        if since.months() + years * 12 > limit {
            proofs.push(Proof::FirstRegistration);
        }
    } else {
        // Practice as an assistant is practice: only who has none needs the probation to be over.
        let is_short = facts.probation_start.is_some_and(|start| start.months() + 12 > limit);
        if is_short && !has_assistant(facts) {
            return Err(vec![IneligibilityReason::ProbationTooShort]);
        }
        proofs.push(Proof::ProbationYear);
    }
    if level == EducationLevel::Secondary {
        proofs.push(Proof::SecondaryTransitional);
    }
    if facts.category.is_rural() {
        proofs.push(Proof::VillagePost);
    }
    Ok(proofs)
}

fn has_assistant(facts: &Facts<'_>) -> bool {
    facts.certificates.iter().any(|c| c.certificate_kind == CertificateKind::Assistant)
}

/// Major and form of study, of education at a school (rules of 2014).
fn check_studies(
    education: &Education,
    facts: &Facts<'_>,
    proofs: &mut Vec<Proof>,
) -> Result<(), Vec<IneligibilityReason>> {
    if education.level.without_school() {
        return Ok(());
    }
    if education.major.as_ref().is_some_and(|major| is_refused_major(major.name())) {
        return Err(vec![IneligibilityReason::Major]);
    }
    let goes_on = facts.category.level() == ExamLevel::Licensed && has_assistant(facts);
    match study_verdict(education) {
        StudyVerdict::AssistantsOnly if !goes_on => return Err(vec![IneligibilityReason::StudyForm]),
        StudyVerdict::Unknown => proofs.push(Proof::StudyBegin),
        _ => {}
    }
    Ok(())
}

fn first_assistant_registration(certificates: &[Certificate]) -> Result<YearMonth, Vec<IneligibilityReason>> {
    let of = |kind: CertificateKind| {
        certificates.iter().filter(move |c| c.certificate_kind == kind).map(|c| c.registration_month).min()
    };
    match (of(CertificateKind::Assistant), of(CertificateKind::AssistantTownship)) {
        (Some(month), _) => Ok(month),
        (None, Some(_)) => Err(vec![IneligibilityReason::TownshipCertificate]),
        (None, None) => Err(vec![IneligibilityReason::AssistantCertificate]),
    }
}
