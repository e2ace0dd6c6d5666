//! What the server functions of the review answer.
use crate::{
    applications::data::EventLine,
    transport::{FormFields, RuleContext, Values},
};
use forms::{
    Code,
    application::Flag,
    ids::{ApplicationId, EntryId},
    materials::Material,
    review::{ItemDraft, ItemFinding, Role},
    status::ApplicationStatus,
};
use serde::{Deserialize, Serialize};

/// The queue as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueData {
    /// Site, area or centre.
    pub office: String,
    /// What was asked for, as posted.
    pub asked: FormFields,
    /// The rows of this page.
    pub rows: Vec<RowData>,
    /// Whether there are more.
    pub more: bool,
    /// The categories of the sessions: code and name.
    pub categories: Vec<(String, String)>,
    /// The state that is shown when none is chosen.
    pub default_queue_status: ApplicationStatus,
    /// Whether this office reviews, so that it can take the next one.
    pub reviews: bool,
}

/// A row of the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowData {
    /// The application.
    pub id: ApplicationId,
    /// Its serial.
    pub serial: String,
    /// Who applies.
    pub name: String,
    /// Category.
    pub category: String,
    /// Site.
    pub site: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// How long it waits.
    pub waiting_text: String,
    /// What to look at.
    pub flags: Vec<Flag>,
    /// Who is at it, and whether that is oneself.
    pub claim: Option<(String, bool)>,
}

/// A line of the data under review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The name of the answer, where it can be returned.
    pub answer: Option<String>,
    /// Its label.
    pub label: String,
    /// What was answered.
    pub value: String,
    /// What was answered before the last change.
    pub before: Option<String>,
}

/// An entry under review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryLine {
    /// Its id.
    pub id: EntryId,
    /// In a few words.
    pub title: String,
    /// The rest.
    pub facts: String,
    /// Whether its paper was seen.
    pub verified: bool,
}

/// A record under review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordData {
    /// The application.
    pub id: ApplicationId,
    /// Its version.
    pub version: i64,
    /// The version of its papers.
    pub printed_version: i64,
    /// Its serial.
    pub serial: String,
    /// Who applies.
    pub name: String,
    /// Session and category.
    pub exam: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// Whether it is reviewed and signed on site (S102).
    pub on_site: bool,
    /// The office that looks at it.
    pub role: Role,
    /// How long it waits.
    pub waiting_text: String,
    /// Who is at it, and whether that is oneself.
    pub claim: Option<(String, bool)>,
    /// Groups of answers: title and lines.
    pub groups: Vec<(String, Vec<Line>)>,
    /// The entries it uses.
    pub entries: Vec<EntryLine>,
    /// What the platform looked at by itself, and whether it was right.
    pub checks: Vec<(Flag, bool)>,
    /// What the papers must prove.
    pub proofs: Vec<String>,
    /// The papers that it needs.
    pub papers: Vec<Material>,
    /// The papers that an earlier review saw and this one need not see again (S19).
    pub verified: Vec<Material>,
    /// What an office changed in the list of papers, each in a sentence (S148).
    pub paper_changes: Vec<String>,
    /// What was said about the items so far.
    pub drafts: Vec<ItemDraft>,
    /// What is still to come, with the day.
    pub outstanding: Vec<ItemFinding>,
    /// Corrections, each in a sentence.
    pub corrections: Vec<String>,
    /// What happened.
    pub events: Vec<EventLine>,
    /// The identity as a form.
    pub identity: Values,
    /// Today and the session's rules.
    pub rule_context: RuleContext,
}

/// The control that stands for an action as a whole.
pub const FORM_CONTROL: &str = "form";

/// What is wrong with the controls of a form, by their names. Empty if the action was done.
pub type ControlErrors = Vec<(String, Code)>;

/// An action posted without script that was refused: what was typed, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewResult {
    /// What was posted.
    pub fields: FormFields,
    pub errors: ControlErrors,
    /// A colleague saved another version in the meantime.
    pub conflict: bool,
}
