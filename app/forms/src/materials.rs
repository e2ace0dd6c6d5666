//! The papers to bring to the site, derived from the application (S88–S90.11).
use crate::{
    application::Application,
    category::ExamLevel,
    choice::{CertificateKind, Choice, DocumentType, EducationLevel, MilitaryIdentity, PostState},
    eligibility::Proof,
    ids::EntryId,
    profile::{Certificate, Education},
    value::{Date, YearMonth},
};
use serde::{Deserialize, Serialize};

macro_rules! materials {
    ($($(#[$meta:meta])* $variant:ident = $key:literal),* $(,)?) => {
        /// A paper to bring.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum Material { $($(#[$meta])* $variant),* }
        impl Material {
            /// Every material, in the manual's order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// The key of its sentence under `material.` in the locales.
            pub const fn key(self) -> &'static str { match self { $(Self::$variant => $key),* } }
        }
    };
}

materials! {
    /// (1) 通知单.
    Slip = "slip",
    /// (2) Identity document, original and copy.
    IdentityDocument = "identity_document",
    /// (2) A temporary identity card in its place, to be replaced soon (S136).
    TemporaryCard = "temporary_card",
    /// A written statement of a name that holds a `?` (S140).
    NameStatement = "name_statement",
    /// (3) Diplomas, original and copy.
    Diploma = "diploma",
    /// (3) The diploma of who graduates this year, before the written part instead of at the review (X31).
    DiplomaLater = "diploma_later",
    /// (3) The school's statement in place of a diploma that is lost (S143).
    SchoolStatement = "school_statement",
    /// 学历电子注册备案表 or certification report of a diploma of the mainland (S142).
    EducationReport = "education_report",
    /// The certification of secondary education, made by hand (S142).
    SecondaryReport = "secondary_report",
    /// (3) 《国外学历学位认证书》 for degrees of schools outside the mainland (S145).
    ForeignDegree = "foreign_degree",
    /// Proof of being a student, of those who study still (S137).
    StudentProof = "student_proof",
    /// (4) 《试用期考核证明》, annex 2.
    ProbationProof = "probation_proof",
    /// (4) Annex 4, for people of Taiwan, Hong Kong and Macao.
    InternshipHongKongMacaoTaiwan = "internship_hk_mo_tw",
    /// (4) Annex 5, for foreigners.
    InternshipForeign = "internship_foreign",
    /// (5) Assistant's certificate and practice certificate, originals and copies.
    AssistantPapers = "assistant_papers",
    /// (5) 《执业期考核证明》, annex 3.
    PracticeProof = "practice_proof",
    /// (5) Proof of the first registration.
    FirstRegistration = "first_registration",
    /// (6) Copy of the employer's 《医疗机构执业许可证》.
    EmployerLicence = "employer_licence",
    /// (6) That of the institution of the internship instead, of those who study still (S137).
    InternshipLicence = "internship_licence",
    /// (7) 《出师证书》 or 《专长证书》.
    ApprenticeshipCertificate = "apprenticeship_certificate",
    /// (8) 《报考承诺书》, annex 6.
    GraduateCommitment = "graduate_commitment",
    /// (9) Military papers and the approval of the political office.
    MilitaryApproval = "military_approval",
    /// (10) Photo.
    Photo = "photo",
    /// The institution's recommendation, where the area is not the household's (X32).
    Recommendation = "recommendation",
    /// (11) What area and site ask besides.
    Local = "local",
}

/// A form of the manual's annexes, which is filled in by hand and brought (S104).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Annex {
    /// Annex 2: 《医师资格考试试用期考核证明》.
    ProbationProof,
    /// Annex 3: 《执业助理医师报考执业医师执业期考核证明》.
    PracticeProof,
    /// Annex 4: 《台湾、香港、澳门居民参加国家医师资格考试实习申请审核表》.
    InternshipHongKongMacaoTaiwan,
    /// Annex 5: 《外籍人员参加中国医师资格考试实习申请审核表》.
    InternshipForeign,
    /// Annex 6: 《应届医学专业毕业生医师资格考试报考承诺书》.
    GraduateCommitment,
}
impl Annex {
    /// Every annex.
    pub const ALL: [Self; 5] = [
        Self::ProbationProof,
        Self::PracticeProof,
        Self::InternshipHongKongMacaoTaiwan,
        Self::InternshipForeign,
        Self::GraduateCommitment,
    ];
    /// Its number in the manual, which is its segment of the path.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ProbationProof => "2",
            Self::PracticeProof => "3",
            Self::InternshipHongKongMacaoTaiwan => "4",
            Self::InternshipForeign => "5",
            Self::GraduateCommitment => "6",
        }
    }
    /// The annex with a number.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|annex| annex.code() == code)
    }
}

/// Whether somebody is 应届: the diploma is still to come, or they graduated less than a year before the end of review on site
/// (S148).
fn is_recent_graduate(education: &Education, until: Date) -> bool {
    let is_recent = |month: YearMonth| YearMonth::of(until).months() - month.months() < 12;
    education.not_yet_awarded || education.graduation_month.is_some_and(is_recent)
}

impl Material {
    /// What this paper itself proves, which need not be said besides.
    pub const fn proves(self) -> Option<Proof> {
        match self {
            Self::DiplomaLater => Some(Proof::DiplomaDue),
            Self::FirstRegistration => Some(Proof::FirstRegistration),
            Self::ApprenticeshipCertificate => Some(Proof::ApprenticeshipPaper),
            _ => None,
        }
    }
    /// The annex that this paper is written on.
    pub const fn annex(self) -> Option<Annex> {
        Some(match self {
            Self::ProbationProof => Annex::ProbationProof,
            Self::PracticeProof => Annex::PracticeProof,
            Self::InternshipHongKongMacaoTaiwan => Annex::InternshipHongKongMacaoTaiwan,
            Self::InternshipForeign => Annex::InternshipForeign,
            Self::GraduateCommitment => Annex::GraduateCommitment,
            _ => return None,
        })
    }
    /// The paper with a key.
    pub fn parse(key: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|paper| paper.key() == key)
    }
    /// The papers of an application, in the manual's order, without those that only prove what an earlier review verified (S19),
    /// and as an office changed the list (S148). `until` is the last day of review on site.
    pub fn of(application: &Application, until: Date) -> Vec<Self> {
        let following = Self::following(application, until, &|entry| application.trusts(entry));
        let is_asked = |paper: &Self| {
            application.paper_change(*paper).map_or_else(|| following.contains(paper), |change| change.asked)
        };
        Self::ALL.iter().copied().filter(is_asked).collect()
    }
    /// The papers that need not be shown again, since an earlier review saw them (S19).
    pub fn verified(application: &Application, until: Date) -> Vec<Self> {
        let asked = Self::of(application, until);
        let all = Self::following(application, until, &|_| false);
        all.into_iter().filter(|paper| !asked.contains(paper) && application.paper_change(*paper).is_none()).collect()
    }
    /// The educations whose paper it is, where an application has several, so that somebody with two diplomas is told which one
    /// is meant. Those that an earlier review saw are left out unless no other is there, since a list of those seen asks as well.
    pub fn educations(self, application: &Application) -> Vec<&Education> {
        let all = || application.educations.iter().chain(&application.other_educations);
        if all().filter(|(_, e)| !e.level.without_school()).count() < 2 {
            return Vec::new();
        }
        let about = |e: &Education| {
            let awarded = !e.level.without_school() && !e.not_yet_awarded;
            let registered = awarded && !e.is_from_elsewhere();
            match self {
                Self::Diploma => awarded && !e.diploma_lost,
                Self::DiplomaLater | Self::StudentProof => e.not_yet_awarded,
                Self::SchoolStatement => e.diploma_lost,
                Self::EducationReport => registered && e.level != EducationLevel::Secondary,
                Self::SecondaryReport => registered && e.level == EducationLevel::Secondary,
                Self::ForeignDegree => awarded && e.is_from_elsewhere(),
                _ => false,
            }
        };
        let about = all().filter(|(_, e)| about(e));
        let (trusted, new): (Vec<_>, Vec<_>) = about.partition(|(entry, _)| application.trusts(*entry));
        let meant = if new.is_empty() { trusted } else { new };
        meant.into_iter().map(|(_, education)| education).collect()
    }
    /// The papers that follow from the answers. Those that prove nothing but trusted entries are left out.
    fn following(application: &Application, until: Date, trusts: &dyn Fn(EntryId) -> bool) -> Vec<Self> {
        // Who is exempt and not reviewed on site brings nothing (S102).
        if !application.is_reviewed_on_site() {
            return Vec::new();
        }
        let kind = application.identity.document.kind();
        let proves = |proof: Proof| application.to_prove.contains(&proof);
        let educations = || application.educations.iter().chain(&application.other_educations);
        // The diploma itself, and what says that it is genuine, was seen where the entry was verified.
        let any = |fits: &dyn Fn(&Education) -> bool| educations().any(|(entry, e)| !trusts(*entry) && fits(e));
        let is_assistant = |c: &Certificate| c.certificate_kind == CertificateKind::Assistant;
        // Who has the assistant's certificate and goes on to 执业 brings its papers, whatever the education (S147).
        let by_assistant = application.category.level() == ExamLevel::Licensed
            && application.certificates.iter().any(|(_, c)| is_assistant(c));
        let new_assistant = application.certificates.iter().any(|(entry, c)| is_assistant(c) && !trusts(*entry));
        let awarded = |e: &Education| !e.level.without_school() && !e.not_yet_awarded;
        let registered = |e: &Education| awarded(e) && !e.is_from_elsewhere();
        let studies = application.all_educations().any(|e| e.not_yet_awarded);
        let graduates = application.work.post_state == PostState::Graduating
            || application.educations.iter().any(|(_, e)| is_recent_graduate(e, until));
        let is_apprenticeship = |e: &Education| e.level == EducationLevel::Apprenticeship;
        let apprentice = application.educations.iter().any(|(entry, e)| is_apprenticeship(e) && !trusts(*entry));
        let wanted = |material: &Self| match material {
            Self::Slip | Self::Photo | Self::Local => true,
            Self::IdentityDocument => !application.basic.temporary_card,
            Self::TemporaryCard => application.basic.temporary_card,
            Self::NameStatement => application.identity.name.has_rare_glyph(),
            Self::Diploma => any(&|e| awarded(e) && !e.diploma_lost),
            Self::DiplomaLater => proves(Proof::DiplomaDue),
            Self::SchoolStatement => any(&|e| e.diploma_lost),
            Self::EducationReport => any(&|e| registered(e) && e.level != EducationLevel::Secondary),
            Self::SecondaryReport => any(&|e| registered(e) && e.level == EducationLevel::Secondary),
            Self::ForeignDegree => any(&|e| awarded(e) && e.is_from_elsewhere()),
            Self::StudentProof | Self::InternshipLicence => studies,
            Self::ProbationProof => proves(Proof::ProbationYear) && !by_assistant,
            Self::InternshipHongKongMacaoTaiwan => kind.is_hong_kong_macao_taiwan(),
            Self::InternshipForeign => kind == DocumentType::Passport,
            Self::AssistantPapers => by_assistant && new_assistant,
            Self::PracticeProof => by_assistant,
            Self::FirstRegistration => proves(Proof::FirstRegistration),
            Self::EmployerLicence => !studies && !application.work.employer_not_medical,
            Self::ApprenticeshipCertificate => apprentice,
            Self::GraduateCommitment => graduates,
            Self::MilitaryApproval => application.basic.military_identity.is_some_and(MilitaryIdentity::is_active),
            // Outside the mainland there is no household's area that another one could differ from.
            Self::Recommendation => {
                let household = application.basic.household_province;
                !household.is_outside_mainland() && household.code() != application.area
            }
        };
        Self::ALL.iter().copied().filter(wanted).collect()
    }
}
