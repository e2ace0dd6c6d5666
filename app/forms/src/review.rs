//! What an office does with an application: what a reviewer finds, item by item, which outcome follows from it, and which
//! office may do which deed at which state (S88–S91, S108–S113, X28, X31, X33).
use crate::{
    Code, Draft, Field,
    application::{Application, ApplicationDraft, Flag},
    choice::Choice,
    journey::Step,
    materials::Material,
    problem::{ReviewProblem, TextProblem},
    status::{ApplicationEvent, ApplicationStatus, states},
    value::Date,
};
use serde::{Deserialize, Serialize};

states! {
    /// The office that somebody of the staff works for (S108).
    Role "role" {
        /// 考点: sees the applications of one site.
        SiteReviewer = "site",
        /// 考区: sees the applications of one area.
        AreaOfficer = "area",
        /// The centre: sees all.
        Centre = "centre",
    }
    /// What a reviewer finds about an item (S110).
    Finding "finding" {
        /// It is right.
        Pass = "pass",
        /// It is handed in later, by a day that is set (X31).
        Later = "later",
        /// The candidate is to mend it.
        Return = "return",
        /// It excludes from the examination.
        Fail = "fail",
    }
    /// Why an item is returned, late or failed; a note may say more.
    Reason "reason" {
        /// The paper was not brought.
        Missing = "missing",
        /// It cannot be read.
        Unreadable = "unreadable",
        /// It says something else than the application.
        Differs = "differs",
        /// It is no longer valid.
        Expired = "expired",
        /// Something on it is missing, a seal or a signature for instance.
        Incomplete = "incomplete",
        /// It is another paper than the one that is asked for.
        WrongPaper = "wrong_paper",
        /// The photo is not as asked for (S30).
        BadPhoto = "bad_photo",
        /// It comes later by law: the diploma before the written examination, the proof by 31 August (X31).
        NotYetDue = "not_yet_due",
        /// The conditions are not met.
        NotEligible = "not_eligible",
        /// It is not genuine.
        NotGenuine = "not_genuine",
        /// Another reason, which the note says.
        Other = "other",
    }
    /// What a review ends with.
    Outcome "outcome" {
        /// Nothing yet: the findings are kept.
        Save = "save",
        /// 审核通过, perhaps with items outstanding.
        Approve = "approve",
        /// 退回.
        Return = "return",
        /// 审核不通过.
        Reject = "reject",
    }
    /// A deed of an office.
    Deed "deed" {
        /// Taking a record, so that nobody else reviews it at the same time.
        Claim = "claim",
        /// Giving it back.
        Release = "release",
        /// Judging the items, with an outcome.
        Judge = "judge",
        /// Correcting identity data (S111).
        Correct = "correct",
        /// Marking an entry as verified, or taking the mark back (S112).
        Verify = "verify",
        /// Recording the signature (S113).
        Sign = "sign",
        /// Settling an item that was outstanding (X31).
        Settle = "settle",
        /// The area's approval.
        ApproveArea = "approve_area",
    }
}

impl Deed {
    /// Whether an office may do it to an application in this state. The pages draw their buttons from this, the registry
    /// enforces it.
    pub const fn is_open(self, role: Role, status: ApplicationStatus) -> bool {
        use ApplicationStatus as S;
        let site = matches!(role, Role::SiteReviewer);
        match self {
            // A record waits for the office that has something to decide about it.
            Self::Claim | Self::Release | Self::Judge => match role {
                Role::SiteReviewer => matches!(status, S::Submitted | S::Returned | S::SiteApproved),
                Role::AreaOfficer => matches!(status, S::Signed),
                Role::Centre => false,
            },
            Self::Correct | Self::Verify => site && matches!(status, S::Submitted | S::SiteApproved),
            Self::Sign => site && status.after(ApplicationEvent::Sign).is_some(),
            Self::Settle => {
                matches!(role, Role::SiteReviewer | Role::AreaOfficer)
                    && matches!(status, S::SiteApproved | S::Signed | S::AreaApproved)
            }
            Self::ApproveArea => {
                matches!(role, Role::AreaOfficer) && status.after(ApplicationEvent::ApproveAtArea).is_some()
            }
        }
    }
}

impl Role {
    /// The state in which applications wait for this office; the centre looks at what waits for the sites.
    pub const fn waits_for(self) -> ApplicationStatus {
        match self {
            Self::SiteReviewer | Self::Centre => ApplicationStatus::Submitted,
            Self::AreaOfficer => ApplicationStatus::Signed,
        }
    }
}

impl Outcome {
    /// Whether a review of an application in this state may end with it.
    pub const fn is_open(self, status: ApplicationStatus) -> bool {
        match self.event() {
            // What was approved is not quietly judged otherwise: it is returned, rejected, or its open items are settled.
            None => matches!(status, ApplicationStatus::Submitted),
            Some(event) => status.after(event).is_some(),
        }
    }
    /// What it is to the application; nothing where the findings are only kept.
    pub const fn event(self) -> Option<ApplicationEvent> {
        match self {
            Self::Save => None,
            Self::Approve => Some(ApplicationEvent::ApproveAtSite),
            Self::Return => Some(ApplicationEvent::Return),
            Self::Reject => Some(ApplicationEvent::Reject),
        }
    }
}

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

/// Something that a reviewer judges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// A paper of the checklist.
    Paper(Material),
    /// An answer.
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
            ("paper", key) => Material::ALL.iter().find(|material| material.key() == key).map(|m| Self::Paper(*m)),
            ("answer", name) => Field::parse(name).filter(|field| ANSWERS.contains(field)).map(Self::Answer),
            _ => None,
        }
    }
    /// The items of an application: the papers it needs, then the answers.
    pub fn of(application: &Application) -> Vec<Self> {
        let papers = Material::of(application).into_iter().map(Self::Paper);
        papers.chain(ANSWERS.iter().copied().map(Self::Answer)).collect()
    }
    /// The answers that the candidate may change when this item is returned.
    pub const fn opens(self) -> &'static [Field] {
        use Field as F;
        match self {
            Self::Paper(paper) => match paper {
                Material::Diploma | Material::ForeignDegree | Material::ApprenticeshipCertificate => &[F::Educations],
                Material::ProbationProof => &[F::ProbationStart, F::PostState],
                Material::AssistantPapers | Material::PracticeProof | Material::FirstRegistration => &[F::Certificates],
                Material::EmployerLicence => &[F::Employer, F::EmployerId, F::EmployerProvince],
                Material::GraduateCommitment => &[F::PostState],
                Material::MilitaryApproval => &[F::MilitaryIdentity],
                Material::Photo => &[F::Photo],
                Material::IdentityDocument => &[F::DocumentUntil, F::PermitNumber],
                _ => &[],
            },
            Self::Answer(field) => match field {
                F::Photo => &[F::Photo],
                F::HouseholdProvince => &[F::HouseholdProvince],
                F::DocumentUntil => &[F::DocumentUntil],
                F::PermitNumber => &[F::PermitNumber],
                F::MilitaryIdentity => &[F::MilitaryIdentity, F::ExtraSubject],
                F::Mobile => &[F::Mobile, F::ContactRegion],
                F::HomePhone => &[F::HomePhone],
                F::WorkPhone => &[F::WorkPhone],
                F::Email => &[F::Email],
                F::Address => &[F::Address],
                F::Postcode => &[F::Postcode, F::ContactRegion],
                F::PostState => &[F::PostState],
                F::Employer => &[F::Employer, F::EmployerId],
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
                F::ExtraSubject => &[F::ExtraSubject],
                _ => &[],
            },
        }
    }
    /// Whether it may be handed in after the approval (X31): what must be seen at the desk may not.
    pub const fn may_come_later(self) -> bool {
        matches!(
            self,
            Self::Paper(
                Material::Diploma
                    | Material::ForeignDegree
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

/// What is said about one item, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDraft {
    /// Which item.
    pub item: Item,
    /// A code of [`Finding`]; empty where nothing is said yet.
    pub finding: String,
    /// A code of [`Reason`].
    pub reason: String,
    /// What the code does not say, for the candidate to read.
    pub note: String,
    /// The day by which it is handed in.
    pub due: String,
}

/// A checklist as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewDraft {
    /// What is said about each item.
    pub items: Vec<ItemDraft>,
}

/// What was found about one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Which item.
    pub item: Item,
    /// What was found.
    pub finding: Finding,
    /// Why, unless it is right.
    pub reason: Option<Reason>,
    /// What the code does not say.
    pub note: String,
    /// The day by which it is handed in.
    pub due: Option<Date>,
}

/// Something wrong with what was typed about an item; without an item, about the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemProblem {
    /// Which item.
    pub item: Option<Item>,
    /// What is wrong.
    pub code: Code,
}

/// The longest note, in characters.
pub const NOTE: u32 = 200;

impl ReviewDraft {
    /// Reads the posted controls `finding.ITEM`, `reason.ITEM`, `note.ITEM` and `due.ITEM` of the items.
    pub fn from_pairs<K: AsRef<str>>(items: &[Item], pairs: &[(K, String)]) -> Self {
        let of = |what: &str, item: Item| {
            let name = format!("{what}.{}", item.code());
            pairs.iter().rev().find(|(key, _)| key.as_ref() == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let read = |item: &Item| ItemDraft {
            item: *item,
            finding: of("finding", *item),
            reason: of("reason", *item),
            note: of("note", *item),
            due: of("due", *item),
        };
        Self { items: items.iter().map(read).collect() }
    }

    /// Judges the checklist for an outcome. Kept findings may be half said; an approval needs every paper right or promised,
    /// a return and a rejection need an item and its reason.
    pub fn check(&self, outcome: Outcome, today: Date) -> Result<Vec<Found>, Vec<ItemProblem>> {
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        let strict = outcome != Outcome::Save;
        for draft in &self.items {
            match draft.read(today, strict) {
                Ok(Some(one)) => found.push(one),
                Ok(None) => {
                    if outcome == Outcome::Approve && matches!(draft.item, Item::Paper(_)) {
                        problems.push(ItemProblem { item: Some(draft.item), code: ReviewProblem::NotJudged.into() });
                    }
                }
                Err(code) => problems.push(ItemProblem { item: Some(draft.item), code }),
            }
        }
        let has = |finding: Finding| found.iter().any(|one: &Found| one.finding == finding);
        let mut whole = |code: ReviewProblem| problems.push(ItemProblem { item: None, code: code.into() });
        match outcome {
            Outcome::Approve if has(Finding::Return) || has(Finding::Fail) => whole(ReviewProblem::NotApproved),
            Outcome::Return if has(Finding::Fail) => whole(ReviewProblem::FailsAnyway),
            Outcome::Return if !has(Finding::Return) => whole(ReviewProblem::NothingReturned),
            Outcome::Reject if !has(Finding::Fail) => whole(ReviewProblem::NothingFailed),
            _ => {}
        }
        if problems.is_empty() { Ok(found) } else { Err(problems) }
    }
}

impl ItemDraft {
    fn read(&self, today: Date, strict: bool) -> Result<Option<Found>, Code> {
        let note = self.note.trim().to_owned();
        if note.chars().count() > NOTE as usize {
            return Err(TextProblem::TooLong(NOTE).into());
        }
        if self.finding.is_empty() {
            return Ok(None);
        }
        let finding = Finding::parse(&self.finding)?;
        if !self.item.findings().contains(&finding) {
            return Err(crate::problem::ChoiceProblem::NotAllowed.into());
        }
        let reason = match self.reason.as_str() {
            "" => None,
            code => Some(Reason::parse(code)?),
        };
        // A day that was typed for another finding is not shown any more, so it is not judged either.
        let due = match self.due.trim() {
            typed if finding == Finding::Later && !typed.is_empty() => Some(Date::parse(typed)?),
            _ => None,
        };
        let found = Found { item: self.item, finding, reason, note, due };
        if strict && finding != Finding::Pass {
            if reason.is_none() {
                return Err(ReviewProblem::ReasonMissing.into());
            }
            if reason == Some(Reason::Other) && found.note.is_empty() {
                return Err(ReviewProblem::NoteMissing.into());
            }
            if finding == Finding::Later && due.is_none() {
                return Err(ReviewProblem::DueMissing.into());
            }
        }
        if finding == Finding::Later && due.is_some_and(|due| due < today) {
            return Err(ReviewProblem::DuePast.into());
        }
        Ok(Some(found))
    }
}
impl From<&Found> for ItemDraft {
    fn from(found: &Found) -> Self {
        Self {
            item: found.item,
            finding: found.finding.code().to_owned(),
            reason: found.reason.map(|reason| reason.code().to_owned()).unwrap_or_default(),
            note: found.note.clone(),
            due: found.due.map(|due| due.to_string()).unwrap_or_default(),
        }
    }
}

/// The answers that a candidate may change after these findings (X28): those of returned items, nothing else.
pub fn opened(found: &[Found]) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for one in found.iter().filter(|one| one.finding == Finding::Return) {
        for field in one.item.opens() {
            if !fields.contains(field) {
                fields.push(*field);
            }
        }
    }
    fields
}

/// The answers that may be changed in all: those that were returned, and those that do not go with them any more. Without
/// the second a candidate could mend one answer and be stopped by another that stays closed.
pub fn openable(returned: &[Field], wrong: &[crate::Problem]) -> Vec<Field> {
    let mut fields = returned.to_vec();
    for problem in wrong {
        let with = if ANSWERS.contains(&problem.field) { Item::Answer(problem.field).opens() } else { &[] };
        for field in with {
            if !fields.contains(field) {
                fields.push(*field);
            }
        }
    }
    fields
}

/// What the platform can see by itself, shown above the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub flag: Flag,
    /// Whether nothing was found.
    pub right: bool,
}

/// Every automatic check of an application. `until` is the last day of review on site.
pub fn checks(application: &Application, until: Date) -> Vec<Check> {
    let raised = application.flags(until);
    Flag::ALL.iter().map(|flag| Check { flag: *flag, right: !raised.contains(flag) }).collect()
}

crate::draft::draft! {
    /// A correction of identity data, with its reason (S111).
    CorrectionDraft {
        name: Name, document_type: DocumentType, document_number: DocumentNumber, sex: Sex, birth_date: BirthDate, ethnic_group: EthnicGroup,
        reason: Reason, note: Note,
    }
}
/// A correction that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// Who it is after the correction.
    pub identity: crate::account::Identity,
    /// Why.
    pub reason: CorrectionReason,
    /// What the code does not say.
    pub note: String,
}
states! {
    /// Why identity data is corrected.
    CorrectionReason "correction_reason" {
        /// The document shown says something else.
        ByDocument = "by_document",
        /// A glyph that could not be typed (S92).
        RareGlyph = "rare_glyph",
        /// The person has a new document.
        NewDocument = "new_document",
        /// The register of the police says something else.
        ByRegister = "by_register",
    }
}
impl CorrectionDraft {
    /// The form as it stands before anything was changed.
    pub fn of(identity: &crate::account::Identity) -> Self {
        Self {
            name: identity.name.to_string(),
            document_type: identity.document.kind().to_string(),
            document_number: identity.document.number().to_owned(),
            sex: identity.sex.to_string(),
            birth_date: identity.birth_date.to_string(),
            ethnic_group: identity.ethnic_group.to_string(),
            ..Self::default()
        }
    }
    /// Judges the correction: the identity by the rules of registration, and a reason.
    pub fn check(&self, context: &crate::Context<'_>) -> Result<Correction, crate::Problems> {
        let mut form = crate::draft::Checker::new(self);
        let identity = crate::account::check_identity(&mut form, context);
        let reason = form.required(Field::Reason, CorrectionReason::parse);
        let note = form.optional(Field::Note, |raw| {
            let long = raw.trim().chars().count() > NOTE as usize;
            if long { Err(Code::from(TextProblem::TooLong(NOTE))) } else { Ok(raw.trim().to_owned()) }
        });
        let complete =
            (|| Some(Correction { identity: identity?, reason: reason?, note: note?.unwrap_or_default() }))();
        form.finish(complete)
    }
    /// The identity fields that differ between two people on paper: field, before, after.
    pub fn changes(&self, before: &Self) -> Vec<(Field, String, String)> {
        let only = |field: &Field| !matches!(field, Field::Reason | Field::Note);
        let differs = |field: &Field| self.get(*field).trim() != before.get(*field).trim();
        Self::FIELDS
            .iter()
            .filter(|field| only(field) && differs(field))
            .map(|field| (*field, before.get(*field).to_owned(), self.get(*field).to_owned()))
            .collect()
    }
}
