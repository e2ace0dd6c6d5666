//! The papers to bring to the site, derived from the application (S88–S90.11).
use crate::{
    application::Application,
    choice::{DocumentType, EducationLevel, MilitaryIdentity, PostState, Province},
    eligibility::Proof,
};
use serde::{Deserialize, Serialize};

/// A paper to bring.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Material {
    /// (1) 通知单.
    Slip,
    /// (2) Identity document, original and copy.
    IdentityDocument,
    /// (3) Diploma, original and copy.
    Diploma,
    /// (3) 《国外学历学位认证书》 for degrees from outside the mainland.
    ForeignDegree,
    /// (4) 《试用期考核证明》, annex 2.
    ProbationProof,
    /// (4) Annex 4, for people of Taiwan, Hong Kong and Macao.
    InternshipHongKongMacaoTaiwan,
    /// (4) Annex 5, for foreigners.
    InternshipForeign,
    /// (5) Assistant's certificate and practice certificate, originals and copies.
    AssistantPapers,
    /// (5) 《执业期考核证明》, annex 3.
    PracticeProof,
    /// (5) Proof of the first registration.
    FirstRegistration,
    /// (6) Copy of the employer's 《医疗机构执业许可证》.
    EmployerLicence,
    /// (7) 《出师证书》 or 《专长证书》.
    ApprenticeshipCertificate,
    /// (8) 《报考承诺书》, annex 6.
    GraduateCommitment,
    /// (9) Military papers and the approval of the political office.
    MilitaryApproval,
    /// (10) Photo.
    Photo,
    /// The institution's recommendation, where the area is not the household's (X32).
    Recommendation,
    /// (11) What area and site ask besides.
    Local,
}

impl Material {
    /// Every material.
    pub const ALL: &'static [Self] = &[
        Self::Slip,
        Self::IdentityDocument,
        Self::Diploma,
        Self::ForeignDegree,
        Self::ProbationProof,
        Self::InternshipHongKongMacaoTaiwan,
        Self::InternshipForeign,
        Self::AssistantPapers,
        Self::PracticeProof,
        Self::FirstRegistration,
        Self::EmployerLicence,
        Self::ApprenticeshipCertificate,
        Self::GraduateCommitment,
        Self::MilitaryApproval,
        Self::Photo,
        Self::Recommendation,
        Self::Local,
    ];
    /// The key of its sentence under `material.` in the locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Slip => "slip",
            Self::IdentityDocument => "identity_document",
            Self::Diploma => "diploma",
            Self::ForeignDegree => "foreign_degree",
            Self::ProbationProof => "probation_proof",
            Self::InternshipHongKongMacaoTaiwan => "internship_hk_mo_tw",
            Self::InternshipForeign => "internship_foreign",
            Self::AssistantPapers => "assistant_papers",
            Self::PracticeProof => "practice_proof",
            Self::FirstRegistration => "first_registration",
            Self::EmployerLicence => "employer_licence",
            Self::ApprenticeshipCertificate => "apprenticeship_certificate",
            Self::GraduateCommitment => "graduate_commitment",
            Self::MilitaryApproval => "military_approval",
            Self::Photo => "photo",
            Self::Recommendation => "recommendation",
            Self::Local => "local",
        }
    }

    /// The papers of an application, in the manual's order.
    pub fn of(application: &Application) -> Vec<Self> {
        let kind = application.identity.document.kind();
        let proves = |proof: Proof| application.to_prove.contains(&proof);
        let by_assistant = proves(Proof::PracticeTwoYears) || proves(Proof::PracticeFiveYears);
        let attended = application.educations.iter().any(|(_, e)| !e.level.without_school());
        let schooled = application.educations.iter().any(|(_, e)| !e.level.without_school() && !e.not_yet_awarded);
        let graduating = application.work.post_state == PostState::Graduating
            || application.educations.iter().any(|(_, e)| e.not_yet_awarded);
        let apprentice = application.educations.iter().any(|(_, e)| e.level == EducationLevel::Apprenticeship);
        let household = application.basic.household_province;
        let local_household = crate::choice::Choice::code(household) == application.area;
        let wanted = |material: &Material| match material {
            Self::Slip | Self::IdentityDocument | Self::Photo | Self::Local | Self::EmployerLicence => true,
            // Whoever still waits for it hands it in later (X31).
            Self::Diploma => attended,
            Self::ForeignDegree => {
                schooled
                    && matches!(household, Province::HongKong | Province::Macao | Province::Taiwan | Province::Abroad)
            }
            Self::ProbationProof => proves(Proof::ProbationYear),
            Self::InternshipHongKongMacaoTaiwan => kind.is_hong_kong_macao_taiwan(),
            Self::InternshipForeign => kind == DocumentType::Passport,
            Self::AssistantPapers | Self::PracticeProof => by_assistant,
            Self::FirstRegistration => proves(Proof::FirstRegistration),
            Self::ApprenticeshipCertificate => apprentice,
            Self::GraduateCommitment => graduating,
            Self::MilitaryApproval => application.basic.military_identity.is_some_and(MilitaryIdentity::is_active),
            Self::Recommendation => !local_household,
        };
        Self::ALL.iter().copied().filter(wanted).collect()
    }
}
