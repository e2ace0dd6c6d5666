//! What the server functions of applications answer.
use crate::{
    components::HelpLink,
    routes::{Page, ProfileGroup},
    transport::{NameNote, RuleContext},
};
use forms::{
    Field, Problem,
    account::Identity,
    application::{ApplicationContext, ApplicationDraft, EntryView},
    category::Category,
    exemption::SkillsExemption,
    ids::{ApplicationId, ExamSessionId, PhotoId},
    journey::{Journey, Step},
    profile::EntryKind,
    rule_set::PhotoRule,
    status::{ApplicationStatus, Withdrawal},
    value::Date,
};
use serde::{Deserialize, Serialize};

/// What beginning or submitting an application answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApplyResult {
    /// It was begun or submitted.
    Accepted(ApplicationId),
    /// It was refused, with the step of each problem.
    Rejected(Vec<(Step, Problem)>),
}

/// A category as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryData {
    /// Code.
    pub code: Category,
    /// Name in the page's language.
    pub name: String,
    /// Whether the code is known to be in use.
    pub confirmed: bool,
}

/// An examination session as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamData {
    /// Its id.
    pub id: ExamSessionId,
    /// Name in the page's language.
    pub name: String,
    /// Year.
    pub year: u16,
    /// Whether the window is open.
    pub open: bool,
    /// First and last moment of online application, as a day and a time of day.
    pub opens: String,
    /// See `opens`.
    pub closes: String,
    /// Seconds until it closes, by the server's clock (S132).
    pub left: i64,
    /// Days of review on site.
    pub review: (String, String),
}

/// An application in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationData {
    /// Its id.
    pub id: ApplicationId,
    /// The session.
    pub session: ExamSessionId,
    /// Name of the session.
    pub exam: String,
    /// Name of the category.
    pub category: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// Serial.
    pub serial: Option<String>,
    /// Site.
    pub site: Option<String>,
    /// When it was submitted.
    pub submitted: Option<String>,
    /// When it was last saved.
    pub updated: String,
    /// Last moment at which a draft may be submitted.
    pub closes: String,
    /// Seconds until then.
    pub left: i64,
    /// The last day of the review, until which what was returned may be mended.
    pub review_until: String,
    /// Whether the window is open.
    pub open: bool,
    /// Whether it is reviewed on site (S102).
    pub on_site: bool,
    /// What may be done about a wrong application that was submitted.
    pub withdrawal: Option<Withdrawal>,
    /// Whether it was withdrawn and nothing took its place, while another one may still be begun.
    pub may_begin: bool,
    /// What else has to be known about it.
    pub notes: Vec<String>,
}

/// The page of applications, and the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamsData {
    /// Sessions with their categories.
    pub exams: Vec<(ExamData, Vec<CategoryData>)>,
    /// The person's applications.
    pub applications: Vec<ApplicationData>,
}

/// 考区 with its 考点: code and name each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaData {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Open sites: code and name.
    pub sites: Vec<(String, String)>,
}

/// An answer that was returned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnedAnswer {
    /// Its field; of several that change together the first.
    pub field: Field,
    /// What it is called where it was returned.
    pub label: String,
    /// Why, in words.
    pub reason: String,
    /// Whether it differs by now from what was submitted.
    pub mended: bool,
}

/// Everything the wizard shows and checks by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WizardData {
    /// The application.
    pub id: ApplicationId,
    /// Its version.
    pub version: i64,
    /// The answers that a returned application may change (X28).
    pub editable_fields: Vec<Field>,
    /// The answers that were returned.
    pub returned: Vec<ReturnedAnswer>,
    /// Where it stands; only what may be changed is shown by the wizard.
    pub status: ApplicationStatus,
    /// What has to be known about an application that was returned, or that replaces another; else empty.
    pub notice: String,
    /// Whether it replaces an application: what differs is shown before it is submitted (X1).
    pub replaces: bool,
    /// The answers.
    pub draft: ApplicationDraft,
    /// How far they have come.
    pub journey: Journey,
    /// Today and the session's rules.
    pub rule_context: RuleContext,
    /// Who applies.
    pub identity: Identity,
    /// The profile's entries.
    pub entries: Vec<EntryView>,
    /// Photo.
    pub photo: Option<PhotoId>,
    /// What a new photo must be.
    pub photo_rule: PhotoRule,
    /// The session.
    pub exam: ExamData,
    /// The day on which ages are counted.
    pub reference_date: Date,
    /// The categories open.
    pub categories: Vec<CategoryData>,
    /// Codes of the categories open.
    pub open: Vec<Category>,
    /// Attempts on record.
    pub history: Vec<(Category, u32)>,
    /// The person's exemptions from the skills test.
    pub exemptions: Vec<SkillsExemption>,
    /// Whether the session trusts what an earlier review verified (S19).
    pub trusts_verified: bool,
    /// What an exemption for the chosen category means, in words; else empty.
    pub exempt: String,
    /// Areas and sites.
    pub areas: Vec<AreaData>,
    /// Where the chosen site is and how it is reached, each with its label (S106).
    pub site_facts: Vec<(String, String)>,
    /// The region of the employer that was chosen from the list; else empty.
    pub employer_region: String,
    /// Names that were asked for.
    pub names: Vec<NameNote>,
    /// Questions that are asked at the step.
    pub help: Vec<HelpLink>,
}
impl WizardData {
    /// What the answers are checked against.
    pub fn context(&self) -> ApplicationContext<'_> {
        ApplicationContext {
            base: self.rule_context.context(),
            identity: &self.identity,
            entries: &self.entries,
            photo: self.photo,
            exam_year: self.exam.year,
            reference_date: self.reference_date,
            open: &self.open,
            history: &self.history,
            exemptions: &self.exemptions,
            trusts_verified: self.trusts_verified,
        }
    }
    /// The name of the chosen category.
    pub fn category_name(&self) -> String {
        let chosen = self.draft.chosen_category();
        self.categories.iter().find(|c| Some(c.code) == chosen).map(|c| c.name.clone()).unwrap_or_default()
    }
}

/// An event of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    pub when: String,
    pub what: String,
    /// The office that did it; empty where the candidate did.
    pub office: String,
}

/// The parameter by which the list is told that a draft was discarded just now.
pub(super) const DISCARDED_PARAMETER: &str = "discarded";

/// The parameter by which the page of an application is told that it was submitted just now.
pub(super) const SUBMITTED_PARAMETER: &str = "submitted";

/// The parameter by which the page of an application is told that it was withdrawn just now.
#[cfg(feature = "ssr")]
pub(super) const WITHDRAWN_PARAMETER: &str = "withdrawn";

/// The path of an application that was submitted just now: its page says so.
pub(super) fn submitted(id: ApplicationId) -> String {
    Page::Application(id).with_query(&[(SUBMITTED_PARAMETER, String::new())])
}

/// The parameter by which a step is told which kind of entry was added just now and was not chosen, as another one is.
pub(super) const ADDED_PARAMETER: &str = "added";

/// The name of the button that makes a copy of a locked entry to correct it; its value is the entry.
pub(super) const COPY_PARAMETER: &str = "copy";

/// The name of the button that shows the sites of an area to who has no script.
pub(super) const SHOW_SITES: &str = "sites";

/// The step on which entries of a kind are selected.
pub(crate) fn step_of_entries(kind: EntryKind) -> Step {
    ProfileGroup::from(kind).step()
}
