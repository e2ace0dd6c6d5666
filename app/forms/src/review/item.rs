//! The items that a reviewer assesses: the papers of an application and its answers.
use super::Finding;
use crate::{
    Field,
    application::{Application, ApplicationDraft},
    choice::Choice,
    materials::Material,
    step::Step,
    value::Date,
};
use serde::{Deserialize, Serialize};

/// The answers that can be returned one by one. What registration fixed is corrected by staff instead (S15), and another
/// category is another application (S52).
pub const ANSWERS: &[Field] = &[
    Field::HouseholdProvince,
    Field::DocumentUntil,
    Field::PermitNumber,
    Field::MilitaryIdentity,
    Field::Mobile,
    Field::HomePhone,
    Field::WorkPhone,
    Field::Email,
    Field::Address,
    Field::Postcode,
    Field::PostState,
    Field::Employer,
    Field::EmployerProvince,
    Field::Post,
    Field::Title,
    Field::TitleMonth,
    Field::ProbationStart,
    Field::Educations,
    Field::Trainings,
    Field::Certificates,
    Field::Site,
    Field::Attempts,
    Field::ExtraSubject,
];

/// Something that a reviewer assesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// A paper of the checklist.
    Paper(Material),
    Answer(Field),
}
impl Item {
    /// Its name in forms and in storage.
    pub fn code(self) -> String {
        match self {
            Self::Paper(material) => format!("paper.{}", material.key()),
            Self::Answer(field) => format!("answer.{}", field.name()),
        }
    }
    /// The item of that name.
    pub fn parse(code: &str) -> Option<Self> {
        match code.split_once('.')? {
            ("paper", key) => Material::parse(key).map(Self::Paper),
            ("answer", name) => Field::parse(name).filter(|field| ANSWERS.contains(field)).map(Self::Answer),
            _ => None,
        }
    }
    /// The items of an application: the papers it needs, then the answers. `until` is the last day of review on site.
    pub fn of(application: &Application, until: Date) -> Vec<Self> {
        let papers = Material::of(application, until).into_iter().map(Self::Paper);
        papers.chain(ANSWERS.iter().copied().map(Self::Answer)).collect()
    }
    /// The answers that the candidate may change when this item is returned.
    pub const fn editable_fields(self) -> &'static [Field] {
        use Field as F;
        match self {
            Self::Paper(paper) => match paper {
                Material::Diploma
                | Material::SchoolStatement
                | Material::EducationReport
                | Material::SecondaryReport
                | Material::ForeignDegree
                | Material::ApprenticeshipCertificate => &[F::Educations],
                Material::ProbationProof => &[F::ProbationStart, F::PostState],
                Material::AssistantPapers | Material::PracticeProof | Material::FirstRegistration => &[F::Certificates],
                Material::EmployerLicence => &[F::Employer, F::EmployerId, F::EmployerProvince, F::EmployerNotMedical],
                Material::InternshipLicence => &[F::Employer, F::EmployerId, F::EmployerProvince],
                Material::GraduateCommitment | Material::StudentProof => &[F::PostState],
                Material::MilitaryApproval => &[F::MilitaryIdentity],
                Material::Photo => &[F::Photo],
                Material::IdentityDocument | Material::TemporaryCard => {
                    &[F::DocumentUntil, F::TemporaryCard, F::PermitNumber]
                }
                _ => &[],
            },
            Self::Answer(field) => match field {
                F::Photo => &[F::Photo],
                F::HouseholdProvince => &[F::HouseholdProvince],
                F::DocumentUntil => &[F::DocumentUntil, F::TemporaryCard],
                F::PermitNumber => &[F::PermitNumber],
                F::MilitaryIdentity => &[F::MilitaryIdentity, F::ExtraSubject, F::ExtraPost],
                F::Mobile => &[F::Mobile, F::ContactRegion],
                F::HomePhone => &[F::HomePhone],
                F::WorkPhone => &[F::WorkPhone],
                F::Email => &[F::Email],
                F::Address => &[F::Address],
                F::Postcode => &[F::Postcode, F::ContactRegion],
                F::PostState => &[F::PostState],
                F::Employer => &[F::Employer, F::EmployerId, F::EmployerNotMedical],
                F::EmployerProvince => &[F::EmployerProvince],
                F::Post => &[F::Post],
                F::Title => &[F::Title, F::TitleMonth],
                F::TitleMonth => &[F::TitleMonth],
                F::ProbationStart => &[F::ProbationStart],
                F::Educations => &[F::Educations],
                F::Trainings => &[F::Trainings],
                F::Certificates => &[F::Certificates],
                F::Site => &[F::Area, F::Site],
                F::Attempts => &[F::Attempts],
                F::ExtraSubject => &[F::ExtraSubject, F::ExtraPost],
                _ => &[],
            },
        }
    }
    /// Whether it may be handed in after the approval (X31): what must be seen on site may not.
    pub const fn may_come_later(self) -> bool {
        matches!(
            self,
            Self::Paper(
                Material::Diploma
                    | Material::SchoolStatement
                    | Material::EducationReport
                    | Material::SecondaryReport
                    | Material::ForeignDegree
                    | Material::StudentProof
                    | Material::InternshipLicence
                    | Material::ProbationProof
                    | Material::PracticeProof
                    | Material::GraduateCommitment
                    | Material::Recommendation
                    | Material::EmployerLicence
            )
        )
    }
    /// The findings that it allows. An answer is right unless something is said about it.
    pub fn findings(self) -> Vec<Finding> {
        match self {
            Self::Paper(_) if self.may_come_later() => Finding::ALL.to_vec(),
            Self::Paper(_) => vec![Finding::Pass, Finding::Return, Finding::Fail],
            Self::Answer(_) => vec![Finding::Return],
        }
    }
}

/// The step on which an answer stands.
pub fn step_of(field: Field) -> Option<Step> {
    if field == Field::Photo {
        return Some(Step::Basic);
    }
    Step::ALL.iter().copied().find(|step| ApplicationDraft::fields(*step).contains(&field))
}
