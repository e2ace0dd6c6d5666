//! The six groups of personal information (S14). The three repeatable ones are entries, each a form of its own.
use crate::{
    Code, Context, Draft, Field, Problems,
    account::Identity,
    choice::{
        CertificateKind, Choice, ContactRegion, Degree, EducationLevel, MilitaryIdentity, PostState, Province,
        StudyForm, Title, TrainingKind,
    },
    draft::{Checker, draft, tick, typed},
    problem::{ChoiceProblem, DocumentProblem, TextProblem, YearMonthProblem},
    text,
    value::{Address, Date, DiplomaNumber, Email, Landline, ListedName, Mobile, PaperNumber, Postcode, YearMonth},
};
use serde::{Deserialize, Serialize};

/// What the groups depend on besides the answers.
#[derive(Clone, Copy, Debug)]
pub struct ProfileContext<'a> {
    /// Today and the rule set.
    pub base: Context<'a>,
    /// Whose profile it is.
    pub identity: &'a Identity,
}

draft! {
    /// 基本信息: what registration did not ask. The identity itself is not here, it cannot be edited (S15).
    BasicDraft {
        household_province: HouseholdProvince, document_until: DocumentUntil, permit_number: PermitNumber, military_identity: MilitaryIdentity,
    }
}
/// 基本信息 complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basic {
    /// Where the household is registered (X32).
    pub household_province: Province,
    /// The last day on which the document is valid, where it has one: an expired one is no proof on site (S59, S88).
    #[serde(default)]
    pub document_until: Option<Date>,
    /// 往来大陆通行证 of people who registered with an identity card of Hong Kong, Macao or Taiwan (S36).
    pub permit_number: Option<PaperNumber>,
    /// 本人身份 of people in military and police units (S81).
    pub military_identity: Option<MilitaryIdentity>,
}
impl BasicDraft {
    /// Judges the group.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Basic, Problems> {
        let kind = context.identity.document.kind();
        let mut form = Checker::new(self);
        let household_province = form.required(Field::HouseholdProvince, Province::parse);
        let document_until = form.optional(Field::DocumentUntil, Date::parse);
        let permit_number =
            form.required_if(kind.asks_permit(), Field::PermitNumber, |raw| match PaperNumber::parse(raw) {
                Ok(number) if (8..=11).contains(&number.as_str().len()) => Ok(number),
                Ok(_) => Err(DocumentProblem::HongKongMacaoPermit.into()),
                Err(code) => Err(code),
            });
        let military_identity = form.optional(Field::MilitaryIdentity, |code| match MilitaryIdentity::parse(code) {
            Ok(own) if context.base.rules.military.contains(&own) => Ok(own),
            _ => Err(ChoiceProblem::Unknown),
        });
        let complete = (|| {
            Some(Basic {
                household_province: household_province?,
                document_until: document_until?,
                permit_number: permit_number?,
                military_identity: military_identity?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Basic> for BasicDraft {
    fn from(basic: &Basic) -> Self {
        Self {
            household_province: basic.household_province.to_string(),
            document_until: typed(&basic.document_until),
            permit_number: typed(&basic.permit_number),
            military_identity: typed(&basic.military_identity),
        }
    }
}

draft! {
    /// 联系方式.
    ContactDraft {
        contact_region: ContactRegion, mobile: Mobile, home_phone: HomePhone, work_phone: WorkPhone, email: Email, address: Address, postcode: Postcode,
    }
}
/// 联系方式 complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Which formats telephone and postcode follow (X7).
    pub contact_region: ContactRegion,
    /// Mobile (S68).
    pub mobile: Mobile,
    /// Home telephone (S67; optional, X7).
    pub home_phone: Option<Landline>,
    /// Work telephone (S67; optional, X7).
    pub work_phone: Option<Landline>,
    /// E-mail (S69).
    pub email: Email,
    /// Postal address (S70).
    pub address: Address,
    /// Postcode (S71; optional outside the mainland, X39).
    pub postcode: Option<Postcode>,
}
impl ContactDraft {
    /// The region that a document suggests (X7).
    pub fn default_region(identity: &Identity) -> ContactRegion {
        if identity.document.kind().is_mainland() { ContactRegion::Mainland } else { ContactRegion::Elsewhere }
    }
    /// Judges the group.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Contact, Problems> {
        let mut form = Checker::new(self);
        let chosen = form.optional(Field::ContactRegion, ContactRegion::parse);
        let region = chosen.flatten().unwrap_or_else(|| Self::default_region(context.identity));
        let mobile = form.required(Field::Mobile, |raw| Mobile::parse_as(region, raw));
        let home_phone = form.optional(Field::HomePhone, Landline::parse);
        let work_phone = form.optional(Field::WorkPhone, Landline::parse);
        let email = form.required(Field::Email, Email::parse);
        let address = form.required(Field::Address, Address::parse);
        let postcode =
            form.required_if(region == ContactRegion::Mainland, Field::Postcode, |raw| Postcode::parse_as(region, raw));
        let complete = (|| {
            chosen?;
            Some(Contact {
                contact_region: region,
                mobile: mobile?,
                home_phone: home_phone?,
                work_phone: work_phone?,
                email: email?,
                address: address?,
                postcode: postcode?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Contact> for ContactDraft {
    fn from(contact: &Contact) -> Self {
        Self {
            contact_region: contact.contact_region.to_string(),
            mobile: contact.mobile.to_string(),
            home_phone: typed(&contact.home_phone),
            work_phone: typed(&contact.work_phone),
            email: contact.email.to_string(),
            address: contact.address.to_string(),
            postcode: typed(&contact.postcode),
        }
    }
}

draft! {
    /// 工作情况.
    WorkDraft {
        post_state: PostState, employer_province: EmployerProvince, employer: Employer, employer_id: EmployerId, probation_start: ProbationStart,
        post: Post, title: Title, title_month: TitleMonth,
    }
}
/// 工作情况 complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    /// 在岗情况 (S79).
    pub post_state: PostState,
    /// 工作单位; for graduates of this year the institution of their internship (S80, X17).
    pub employer: ListedName,
    /// Where it is (X32).
    pub employer_province: Province,
    /// When probation began (asked without obligation, X35).
    pub probation_start: Option<YearMonth>,
    /// 职务, if any.
    pub post: Option<String>,
    /// 职称, if any.
    pub title: Option<Title>,
    /// 职称获得年月 (S37); required with a title.
    pub title_month: Option<YearMonth>,
}
impl WorkDraft {
    /// Judges the group.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Work, Problems> {
        let mut form = Checker::new(self);
        let past = past_after_birth(context);
        let post_state = form.required(Field::PostState, PostState::parse);
        let employer_province = form.required(Field::EmployerProvince, Province::parse);
        let employer = form.required(Field::Employer, |raw| ListedName::parse(raw, &self.employer_id));
        let probation_start = form.optional(Field::ProbationStart, &past);
        let post = form.optional(Field::Post, |raw| {
            let plain = text::half_width(raw);
            if plain.chars().count() > 20 { Err(TextProblem::TooLong(20)) } else { Ok(plain) }
        });
        let title = form.optional(Field::Title, Title::parse);
        let has_title = matches!(title, Some(Some(title)) if title != Title::None);
        // A month left over from a title since withdrawn is kept in the draft and not looked at.
        let title_month = if has_title { form.required(Field::TitleMonth, &past).map(Some) } else { Some(None) };
        let complete = (|| {
            Some(Work {
                post_state: post_state?,
                employer: employer?,
                employer_province: employer_province?,
                probation_start: probation_start?,
                post: post?,
                title: title?,
                title_month: title_month?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Work> for WorkDraft {
    fn from(work: &Work) -> Self {
        Self {
            post_state: work.post_state.to_string(),
            employer: work.employer.to_string(),
            employer_id: work.employer.id_text(),
            employer_province: work.employer_province.to_string(),
            probation_start: typed(&work.probation_start),
            post: work.post.clone().unwrap_or_default(),
            title: typed(&work.title),
            title_month: typed(&work.title_month),
        }
    }
}

draft! {
    /// One entry of 教育经历.
    EducationDraft {
        level: Level, degree: Degree, school: School, school_id: SchoolId, major: Major, major_id: MajorId, study_form: StudyForm,
        admission_month: AdmissionMonth, graduation_month: GraduationMonth, not_yet_awarded: NotYetAwarded, diploma_number: DiplomaNumber,
    }
}
/// One entry of 教育经历, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Education {
    /// 报考学历 (S72).
    pub level: EducationLevel,
    /// Kind of degree, of graduates (X35).
    pub degree: Option<Degree>,
    /// 毕业学校 (S75); not for levels without school.
    pub school: Option<ListedName>,
    /// 毕业专业 (S73); not required for levels without school (X16).
    pub major: Option<ListedName>,
    /// 学习形式 (S74, X16).
    pub study_form: Option<StudyForm>,
    /// When the studies began (asked without obligation, X35).
    pub admission_month: Option<YearMonth>,
    /// 毕业年月 (S76); may lie ahead for a diploma not yet awarded.
    pub graduation_month: Option<YearMonth>,
    /// The diploma is still to come (X15).
    pub not_yet_awarded: bool,
    /// 毕业证书编号 (S77, S78).
    pub diploma_number: Option<DiplomaNumber>,
}
impl EducationDraft {
    /// Judges the entry.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Education, Problems> {
        let mut form = Checker::new(self);
        let level = form.required(Field::Level, EducationLevel::parse);
        let schooled = !level.is_some_and(EducationLevel::without_school);
        let degree = match level {
            Some(EducationLevel::Graduate) => form.optional(Field::Degree, Degree::parse),
            _ => Some(None),
        };
        // Answers to questions that this level does not ask stay in the draft and are not looked at.
        let school = if schooled {
            form.required(Field::School, |raw| ListedName::parse(raw, &self.school_id)).map(Some)
        } else {
            Some(None)
        };
        let major = form.required_if(schooled, Field::Major, |raw| ListedName::parse(raw, &self.major_id));
        let study_form = match level {
            Some(EducationLevel::None) => Some(None),
            Some(EducationLevel::Apprenticeship) => form
                .optional(Field::StudyForm, StudyForm::parse)
                .map(|typed| Some(typed.unwrap_or(StudyForm::Apprenticeship))),
            _ => form.required(Field::StudyForm, StudyForm::parse).map(Some),
        };
        let pending = schooled && form.ticked(Field::NotYetAwarded);
        let past = past_after_birth(context);
        let admission_month = if schooled { form.optional(Field::AdmissionMonth, &past) } else { Some(None) };
        let graduation_month = if schooled {
            let start = admission_month.flatten();
            form.required(Field::GraduationMonth, |raw| {
                let month = if pending { YearMonth::parse(raw)? } else { past(raw)? };
                if start.is_some_and(|start| month < start) { Err(YearMonthProblem::BeforeStart) } else { Ok(month) }
            })
            .map(Some)
        } else {
            Some(None)
        };
        let diploma_number = form.required_if(schooled && !pending, Field::DiplomaNumber, DiplomaNumber::parse);
        let complete = (|| {
            Some(Education {
                level: level?,
                degree: degree?,
                school: school?,
                major: major?,
                study_form: study_form?,
                admission_month: admission_month?,
                graduation_month: graduation_month?,
                not_yet_awarded: pending,
                diploma_number: diploma_number?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Education> for EducationDraft {
    fn from(e: &Education) -> Self {
        let named = |name: &Option<ListedName>| name.as_ref().map(|n| (n.to_string(), n.id_text())).unwrap_or_default();
        let ((school, school_id), (major, major_id)) = (named(&e.school), named(&e.major));
        Self {
            level: e.level.to_string(),
            degree: typed(&e.degree),
            school,
            school_id,
            major,
            major_id,
            study_form: typed(&e.study_form),
            admission_month: typed(&e.admission_month),
            graduation_month: typed(&e.graduation_month),
            not_yet_awarded: tick(e.not_yet_awarded),
            diploma_number: typed(&e.diploma_number),
        }
    }
}

draft! {
    /// One entry of 培训经历.
    TrainingDraft {
        training_kind: TrainingKind, institution: Institution, institution_id: InstitutionId, start_month: StartMonth, end_month: EndMonth,
        training_number: TrainingNumber,
    }
}
/// One entry of 培训经历, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// Kind (S40).
    pub training_kind: TrainingKind,
    /// Where.
    pub institution: ListedName,
    /// First month.
    pub start_month: YearMonth,
    /// Last month, unless it still goes on.
    pub end_month: Option<YearMonth>,
    /// Number of the certificate, if there is one.
    pub training_number: Option<PaperNumber>,
}
impl TrainingDraft {
    /// Judges the entry.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Training, Problems> {
        let mut form = Checker::new(self);
        let past = past_after_birth(context);
        let training_kind = form.required(Field::TrainingKind, TrainingKind::parse);
        let institution = form.required(Field::Institution, |raw| ListedName::parse(raw, &self.institution_id));
        let start_month = form.required(Field::StartMonth, &past);
        let end_month = form.optional(Field::EndMonth, |raw| match past(raw)? {
            end if start_month.is_some_and(|start| end < start) => Err(YearMonthProblem::BeforeStart),
            end => Ok(end),
        });
        let training_number = form.optional(Field::TrainingNumber, PaperNumber::parse);
        let complete = (|| {
            Some(Training {
                training_kind: training_kind?,
                institution: institution?,
                start_month: start_month?,
                end_month: end_month?,
                training_number: training_number?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Training> for TrainingDraft {
    fn from(t: &Training) -> Self {
        Self {
            training_kind: t.training_kind.to_string(),
            institution: t.institution.to_string(),
            institution_id: t.institution.id_text(),
            start_month: t.start_month.to_string(),
            end_month: typed(&t.end_month),
            training_number: typed(&t.training_number),
        }
    }
}

draft! {
    /// One entry of 证书情况.
    CertificateDraft {
        certificate_kind: CertificateKind, issue_month: IssueMonth, certificate_number: CertificateNumber, registration_month: RegistrationMonth,
        registration_number: RegistrationNumber,
    }
}
/// One entry of 证书情况, complete. Two papers: 医师资格证书 (issue) and 医师执业证书 (registration) (S46).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Kind (S45).
    pub certificate_kind: CertificateKind,
    /// 发证年月.
    pub issue_month: YearMonth,
    /// 证书编号.
    pub certificate_number: PaperNumber,
    /// 注册年月.
    pub registration_month: YearMonth,
    /// 注册编号.
    pub registration_number: PaperNumber,
}
impl CertificateDraft {
    /// Judges the entry.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Certificate, Problems> {
        let mut form = Checker::new(self);
        let past = past_after_birth(context);
        let certificate_kind = form.required(Field::CertificateKind, CertificateKind::parse);
        let issue_month = form.required(Field::IssueMonth, &past);
        let certificate_number = form.required(Field::CertificateNumber, PaperNumber::parse);
        let registration_month = form.required(Field::RegistrationMonth, |raw| match past(raw)? {
            month if issue_month.is_some_and(|issued| month < issued) => Err(YearMonthProblem::BeforeStart),
            month => Ok(month),
        });
        let registration_number = form.required(Field::RegistrationNumber, PaperNumber::parse);
        let complete = (|| {
            Some(Certificate {
                certificate_kind: certificate_kind?,
                issue_month: issue_month?,
                certificate_number: certificate_number?,
                registration_month: registration_month?,
                registration_number: registration_number?,
            })
        })();
        form.finish(complete)
    }
}
impl From<&Certificate> for CertificateDraft {
    fn from(c: &Certificate) -> Self {
        Self {
            certificate_kind: c.certificate_kind.to_string(),
            issue_month: c.issue_month.to_string(),
            certificate_number: c.certificate_number.to_string(),
            registration_month: c.registration_month.to_string(),
            registration_number: c.registration_number.to_string(),
        }
    }
}

/// A month that is not ahead and not before the person was ten.
fn past_after_birth<'a>(context: &'a ProfileContext<'_>) -> impl Fn(&str) -> Result<YearMonth, YearMonthProblem> + 'a {
    let earliest = YearMonth::of(context.identity.birth_date).months() + 120;
    move |raw| match YearMonth::parse_past(raw, context.base.today)? {
        month if month.months() < earliest => Err(YearMonthProblem::BeforeBirth),
        month => Ok(month),
    }
}

/// The group of repeatable entries that something belongs to (S17).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum EntryKind {
    /// 教育经历.
    #[serde(rename = "education")]
    Education,
    /// 培训经历.
    #[serde(rename = "training")]
    Training,
    /// 证书情况.
    #[serde(rename = "certificate")]
    Certificate,
}
impl EntryKind {
    /// The three groups.
    pub const ALL: [Self; 3] = [Self::Education, Self::Training, Self::Certificate];
    /// Its name in paths and in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Education => "education",
            Self::Training => "training",
            Self::Certificate => "certificate",
        }
    }
    /// The group of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
    /// The fields of its form.
    pub const fn fields(self) -> &'static [Field] {
        match self {
            Self::Education => EducationDraft::FIELDS,
            Self::Training => TrainingDraft::FIELDS,
            Self::Certificate => CertificateDraft::FIELDS,
        }
    }
}

/// One entry of any of the three groups, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EntryDraft {
    /// 教育经历.
    Education(EducationDraft),
    /// 培训经历.
    Training(TrainingDraft),
    /// 证书情况.
    Certificate(CertificateDraft),
}
/// One entry of any of the three groups, complete.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// 教育经历.
    Education(Education),
    /// 培训经历.
    Training(Training),
    /// 证书情况.
    Certificate(Certificate),
}
impl EntryDraft {
    /// An empty entry.
    pub fn empty(kind: EntryKind) -> Self {
        match kind {
            EntryKind::Education => Self::Education(EducationDraft::default()),
            EntryKind::Training => Self::Training(TrainingDraft::default()),
            EntryKind::Certificate => Self::Certificate(CertificateDraft::default()),
        }
    }
    /// An entry from posted pairs.
    pub fn from_pairs<K: AsRef<str>, V: Into<String>>(
        kind: EntryKind,
        pairs: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        match kind {
            EntryKind::Education => Self::Education(Draft::from_pairs(pairs)),
            EntryKind::Training => Self::Training(Draft::from_pairs(pairs)),
            EntryKind::Certificate => Self::Certificate(Draft::from_pairs(pairs)),
        }
    }
    /// The group it belongs to.
    pub const fn kind(&self) -> EntryKind {
        match self {
            Self::Education(_) => EntryKind::Education,
            Self::Training(_) => EntryKind::Training,
            Self::Certificate(_) => EntryKind::Certificate,
        }
    }
    /// What was typed in a field.
    pub fn get(&self, field: Field) -> &str {
        match self {
            Self::Education(draft) => draft.get(field),
            Self::Training(draft) => draft.get(field),
            Self::Certificate(draft) => draft.get(field),
        }
    }
    /// The filled fields.
    pub fn pairs(&self) -> Vec<(Field, String)> {
        match self {
            Self::Education(draft) => draft.pairs(),
            Self::Training(draft) => draft.pairs(),
            Self::Certificate(draft) => draft.pairs(),
        }
    }
    /// Judges the entry.
    pub fn check(&self, context: &ProfileContext<'_>) -> Result<Entry, Problems> {
        match self {
            Self::Education(draft) => draft.check(context).map(Entry::Education),
            Self::Training(draft) => draft.check(context).map(Entry::Training),
            Self::Certificate(draft) => draft.check(context).map(Entry::Certificate),
        }
    }
}
impl Entry {
    /// The entry as a draft again.
    pub fn to_draft(&self) -> EntryDraft {
        match self {
            Self::Education(entry) => EntryDraft::Education(entry.into()),
            Self::Training(entry) => EntryDraft::Training(entry.into()),
            Self::Certificate(entry) => EntryDraft::Certificate(entry.into()),
        }
    }
}

/// A hint that is not a fault: the number looks unusual, the name is usually written otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Advice {
    /// Eight digits: the serial number of the paper rather than its registration number (FAQ 二.6).
    DiplomaSerial,
    /// A diploma number of other than 17 or 18 digits (X14).
    DiplomaLength,
    /// A certificate number of other than 24 or 27 characters (facts E6).
    CertificateLength,
    /// A registration number of other than 15 digits (facts E6).
    RegistrationLength,
    /// A capital initial and small letters are usual (X9).
    NameCase,
    /// A `?` stands for a glyph that staff will complete (S56).
    RareGlyph,
    /// Not in the list; staff will look at it (X40).
    NotListed,
}
impl Advice {
    /// Every advice.
    pub const ALL: &'static [Self] = &[
        Self::DiplomaSerial,
        Self::DiplomaLength,
        Self::CertificateLength,
        Self::RegistrationLength,
        Self::NameCase,
        Self::RareGlyph,
        Self::NotListed,
    ];
    /// The key of its sentence under `advice.` in the locales.
    pub const fn key(self) -> &'static str {
        match self {
            Self::DiplomaSerial => "diploma_serial",
            Self::DiplomaLength => "diploma_length",
            Self::CertificateLength => "certificate_length",
            Self::RegistrationLength => "registration_length",
            Self::NameCase => "name_case",
            Self::RareGlyph => "rare_glyph",
            Self::NotListed => "not_listed",
        }
    }
    /// The advice for what was typed in a field; `id` is the entry chosen from a list.
    pub fn on(field: Field, typed: &str, id: &str) -> Option<Self> {
        if text::is_blank(typed) {
            return None;
        }
        match field {
            Field::DiplomaNumber => match DiplomaNumber::parse(typed).ok()? {
                number if number.looks_like_serial() => Some(Self::DiplomaSerial),
                number if !number.has_usual_length() => Some(Self::DiplomaLength),
                _ => None,
            },
            Field::CertificateNumber => {
                PaperNumber::parse(typed).ok().filter(|n| !n.has_certificate_length()).map(|_| Self::CertificateLength)
            }
            Field::RegistrationNumber => PaperNumber::parse(typed)
                .ok()
                .filter(|n| !n.has_registration_length())
                .map(|_| Self::RegistrationLength),
            Field::Name => {
                let name = crate::value::PersonName::parse(typed).ok()?;
                if name.has_rare_glyph() {
                    Some(Self::RareGlyph)
                } else {
                    name.suggested_case().map(|_| Self::NameCase)
                }
            }
            Field::School | Field::Major | Field::Employer | Field::Institution => {
                (id.is_empty() && ListedName::parse(typed, id).is_ok()).then_some(Self::NotListed)
            }
            _ => None,
        }
    }
}

/// The field that holds the id of the entry chosen in a field with a list.
pub const fn id_field(field: Field) -> Option<Field> {
    match field {
        Field::School => Some(Field::SchoolId),
        Field::Major => Some(Field::MajorId),
        Field::Employer => Some(Field::EmployerId),
        Field::Institution => Some(Field::InstitutionId),
        _ => None,
    }
}

/// Whether a code means only that something is still missing.
pub fn is_missing(code: Code) -> bool {
    code == Code::REQUIRED
}
