//! The name of every field, the same in drafts, in the markup and in the locales.
use serde::{Deserialize, Serialize};

macro_rules! fields {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// A field of a form. Its name is the `name` and, after `f-`, the `id` of its control.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "&'static str")]
        pub enum Field { $(#[doc = $name] $variant),* }
        impl TryFrom<String> for Field {
            type Error = &'static str;
            fn try_from(name: String) -> Result<Self, Self::Error> { Self::parse(&name).ok_or("field") }
        }
        impl From<Field> for &'static str { fn from(field: Field) -> Self { field.name() } }
        impl Field {
            /// Every field.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];
            /// Its name.
            pub const fn name(self) -> &'static str { match self { $(Self::$variant => $name),* } }
            /// The field of that name.
            pub fn parse(name: &str) -> Option<Self> { match name { $($name => Some(Self::$variant),)* _ => None } }
        }
    };
}

impl Field {
    /// Whether its answer is chosen from what is offered, and not typed.
    pub const fn is_chosen(self) -> bool {
        matches!(
            self,
            Self::NameKind
                | Self::NameAnswer
                | Self::MergeInto
                | Self::MissingRegion
                | Self::Evidence
                | Self::DocumentType
                | Self::Sex
                | Self::EthnicGroup
                | Self::HouseholdProvince
                | Self::MilitaryIdentity
                | Self::ContactRegion
                | Self::PostState
                | Self::EmployerProvince
                | Self::Title
                | Self::Level
                | Self::SchoolRegion
                | Self::SchoolCountry
                | Self::StudyForm
                | Self::Degree
                | Self::TrainingKind
                | Self::CertificateKind
                | Self::Category
                | Self::Educations
                | Self::Trainings
                | Self::Certificates
                | Self::Area
                | Self::Site
                | Self::ExtraSubject
                | Self::Reason
                | Self::PaperChange
                | Self::PaperReason
        )
    }
}

fields! {
    NameKind = "name_kind", MissingName = "missing_name", MissingRegion = "missing_region", FormerName = "former_name",
    Evidence = "evidence", NameAnswer = "name_answer", MergeInto = "merge_into", RefusalReason = "refusal_reason",
    Username = "username", CurrentPassword = "current_password", Password = "password", PasswordAgain = "password_again",
    RecoveryQuestion = "recovery_question", RecoveryAnswer = "recovery_answer",
    Name = "name", DocumentType = "document_type", DocumentNumber = "document_number", DocumentConfirmed = "document_confirmed",
    Sex = "sex", BirthDate = "birth_date", EthnicGroup = "ethnic_group",
    HouseholdProvince = "household_province", PermitNumber = "permit_number", DocumentUntil = "document_until", TemporaryCard = "temporary_card", MilitaryIdentity = "military_identity", Photo = "photo",
    ContactRegion = "contact_region", Mobile = "mobile", HomePhone = "home_phone", WorkPhone = "work_phone",
    Email = "email", Address = "address", Postcode = "postcode",
    PostState = "post_state", Employer = "employer", EmployerId = "employer_id", EmployerProvince = "employer_province", EmployerNotMedical = "employer_not_medical",
    Post = "post", Title = "title", TitleMonth = "title_month", ProbationStart = "probation_start",
    Level = "level", SchoolRegion = "school_region", SchoolCountry = "school_country", School = "school", SchoolId = "school_id", Major = "major", MajorId = "major_id", StudyForm = "study_form", Degree = "degree",
    AdmissionMonth = "admission_month", GraduationMonth = "graduation_month", NotYetAwarded = "not_yet_awarded", LongTrack = "long_track", OldNumber = "old_number", DiplomaLost = "diploma_lost", DiplomaNumber = "diploma_number",
    TrainingKind = "training_kind", Institution = "institution", InstitutionId = "institution_id",
    StartMonth = "start_month", EndMonth = "end_month", TrainingNumber = "training_number",
    CertificateKind = "certificate_kind", IssueMonth = "issue_month", CertificateNumber = "certificate_number",
    RegistrationMonth = "registration_month", RegistrationNumber = "registration_number",
    Category = "category", Consent = "consent", Educations = "educations", Trainings = "trainings", Certificates = "certificates",
    Area = "area", Site = "site", Attempts = "attempts", ExtraSubject = "extra_subject", ExtraPost = "extra_post", Declaration = "declaration",
    Reason = "reason", Note = "note",
    PaperChange = "paper_change", PaperReason = "paper_reason", PaperNote = "paper_note",
    Telephone = "telephone", ClaimReason = "claim_reason", ClaimCode = "claim_code",
    Form = "form",
}
