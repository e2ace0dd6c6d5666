//! People and papers that the tests begin with.
#![allow(dead_code, clippy::allow_attributes, clippy::unwrap_used, reason = "each test file uses a part of it")]
use forms::{
    Code, Context, Field, Problem,
    account::{Identity, RegistrationDraft},
    application::{Application, ApplicationContext, ApplicationDraft, EntryView},
    category::Category,
    exemption::SkillsExemption,
    ids::{EntryId, PhotoId},
    journey::Step,
    profile::{
        BasicDraft, CertificateDraft, ContactDraft, EducationDraft, EntryDraft, EntryKind, ProfileContext, WorkDraft,
    },
    rule_set::RULES_2021,
    value::Date,
};

pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}
pub fn base() -> Context<'static> {
    Context { today: day("2026-02-01"), rules: &RULES_2021 }
}
/// A resident number with a right check character: any 17 digits.
pub fn resident(seventeen: &str) -> String {
    format!("{seventeen}{}", forms::text::mod_11_2(seventeen.as_bytes()) as char)
}
pub fn registration() -> RegistrationDraft {
    RegistrationDraft {
        username: "zhang_wei".into(),
        name: "张伟".into(),
        document_type: "resident_id".into(),
        document_number: resident("11010119900307123"),
        ethnic_group: "01".into(),
        password: "Yuan2026".into(),
        password_again: "Yuan2026".into(),
        recovery_question: "小学的名字".into(),
        recovery_answer: "实验小学".into(),
        ..Default::default()
    }
}
pub fn identity() -> Identity {
    registration().check(&base()).unwrap().identity
}
pub fn identity_with(kind: &str, number: &str, name: &str) -> Identity {
    let draft = RegistrationDraft {
        document_type: kind.into(),
        document_number: number.into(),
        name: name.into(),
        sex: "female".into(),
        birth_date: "1990-05-05".into(),
        ..registration()
    };
    draft.check(&base()).unwrap().identity
}
pub fn contact() -> ContactDraft {
    ContactDraft {
        contact_region: "mainland".into(),
        mobile: "13800138000".into(),
        home_phone: "".into(),
        work_phone: "010-66667777-8".into(),
        email: "zhang@example.com".into(),
        address: "北京市东城区东交民巷1号".into(),
        postcode: "100005".into(),
    }
}
pub fn work() -> WorkDraft {
    WorkDraft {
        post_state: "probation".into(),
        employer: "北京同仁医院".into(),
        employer_province: "11".into(),
        ..Default::default()
    }
}
pub fn basic() -> BasicDraft {
    BasicDraft { household_province: "11".into(), ..Default::default() }
}
pub fn bachelor() -> EducationDraft {
    EducationDraft {
        level: "bachelor".into(),
        school: "首都医科大学".into(),
        school_region: "11".into(),
        major: "临床医学".into(),
        study_form: "full_time".into(),
        admission_month: "2009-09".into(),
        graduation_month: "2014-07".into(),
        diploma_number: "100251201405000123".into(),
        ..Default::default()
    }
}
pub fn assistant() -> CertificateDraft {
    CertificateDraft {
        certificate_kind: "assistant".into(),
        issue_month: "2018-11".into(),
        certificate_number: "201811210110101199003071".into(),
        registration_month: "2019-02".into(),
        registration_number: "210110101000123".into(),
    }
}
pub fn entry(n: u128, draft: EntryDraft, identity: &Identity) -> EntryView {
    let complete = draft.check(&ProfileContext { base: base(), identity }).ok();
    let id = EntryId::from(uuid::Uuid::from_u128(n));
    EntryView { id, draft, complete, locks: 0, held_by: Vec::new(), verified: false, copy_of: None, version: 1 }
}
pub struct Office {
    pub identity: Identity,
    pub entries: Vec<EntryView>,
    pub open: Vec<Category>,
    pub history: Vec<(Category, u32)>,
    pub photo: Option<PhotoId>,
    pub exemptions: Vec<SkillsExemption>,
    pub trusts_verified: bool,
}
impl Office {
    pub fn new(educations: Vec<EducationDraft>, certificates: Vec<CertificateDraft>) -> Self {
        Self::of(identity(), educations, certificates)
    }
    pub fn of(identity: Identity, educations: Vec<EducationDraft>, certificates: Vec<CertificateDraft>) -> Self {
        let drafts = educations
            .into_iter()
            .map(EntryDraft::Education)
            .chain(certificates.into_iter().map(EntryDraft::Certificate));
        let entries = drafts.enumerate().map(|(i, draft)| entry(i as u128 + 1, draft, &identity)).collect();
        let open = ["110", "120", "130", "140", "210", "290", "340", "440", "443"]
            .iter()
            .map(|c| Category::parse(c).unwrap())
            .collect();
        Self {
            identity,
            entries,
            open,
            history: vec![],
            photo: Some(PhotoId::from(uuid::Uuid::from_u128(99))),
            exemptions: vec![],
            trusts_verified: true,
        }
    }
    pub fn context(&self) -> ApplicationContext<'_> {
        ApplicationContext {
            base: base(),
            identity: &self.identity,
            entries: &self.entries,
            photo: self.photo,
            exam_year: 2026,
            reference_date: day("2026-08-31"),
            open: &self.open,
            history: &self.history,
            exemptions: &self.exemptions,
            trusts_verified: self.trusts_verified,
        }
    }
    /// A draft that uses the first education and every other entry.
    pub fn draft(&self, category: &str) -> ApplicationDraft {
        let mut draft = ApplicationDraft::prefilled(Category::parse(category).unwrap(), basic(), contact(), work());
        draft.category.consent = "yes".into();
        for entry in &self.entries {
            let is_other = entry.kind() == EntryKind::Education && !draft.selection.educations.is_empty();
            draft.selection.choose(entry.kind(), entry.id, !is_other);
        }
        draft.site.area = "11".into();
        draft.site.site = "1101".into();
        draft.confirm.declaration = "yes".into();
        draft.attempted = Step::ALL.to_vec();
        draft
    }
}

pub fn problem(field: Field, code: impl Into<Code>) -> Problem {
    Problem { field, code: code.into() }
}

/// What the first problem of an application is, or what it must still prove.
pub fn outcome(
    office: &Office,
    category: &str,
    change: impl FnOnce(&mut ApplicationDraft),
) -> Result<Application, Code> {
    let mut draft = office.draft(category);
    change(&mut draft);
    draft.check(&office.context()).map_err(|problems| problems[0].1.code)
}
