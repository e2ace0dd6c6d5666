//! The desk of the offices: the queue, and one record under review. A part of the module that candidates never fetch.
pub mod api;
#[cfg(feature = "ssr")]
pub mod facts;
mod queue;
mod record;

pub use queue::QueuePage;
pub use record::RecordPage;
#[cfg(feature = "ssr")]
pub(crate) use record::done_code;

use crate::wire::{Basis, Posted, Values, shared};
use forms::{
    Code,
    application::Flag,
    ids::{ApplicationId, EntryId},
    materials::Material,
    review::{ItemDraft, ItemFinding, Role},
    status::ApplicationStatus,
};
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize};

/// The queue as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueData {
    /// Site, area or centre.
    pub office: String,
    /// What was asked for, as posted.
    pub asked: Posted,
    /// The rows of this page.
    pub rows: Vec<RowData>,
    /// Whether there are more.
    pub more: bool,
    /// The categories of the sessions: code and name.
    pub categories: Vec<(String, String)>,
    /// The state that is shown when none is chosen.
    pub waits: ApplicationStatus,
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
    pub waits: String,
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
    pub paper: i64,
    /// Its serial.
    pub serial: String,
    /// Who applies.
    pub name: String,
    /// Session and category.
    pub exam: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// The office that looks at it.
    pub role: Role,
    /// How long it waits.
    pub waits: String,
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
    pub basis: Basis,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventLine {
    /// When.
    pub when: String,
    /// What.
    pub what: String,
    /// Which office; nothing where the candidate did it.
    pub office: String,
}

/// What a deed answers: nothing wrong, or the controls and what is wrong with them. The control `whole` is the deed itself.
pub type Wrong = Vec<(String, Code)>;

/// A deed posted without script that was refused: what was typed, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskOutcome {
    /// What was posted.
    pub fields: Posted,
    /// What is wrong.
    pub wrong: Wrong,
    /// A colleague saved another version in the meantime.
    pub conflict: bool,
}

/// What became of the deed that this page was posted with, if it was. Must be asked for before anything asynchronous.
pub fn outcome() -> Option<DeskOutcome> {
    let packed = shared(|| use_context::<DeskOutcome>().map(|outcome| crate::wire::Packed::new(&outcome).into_text()));
    packed.and_then(|text| crate::wire::Packed::from_text(text).open().ok())
}

/// The pairs of the form with an id, as they stand in the page.
#[cfg(feature = "hydrate")]
pub(crate) fn pairs_in(id: &str) -> Posted {
    use wasm_bindgen::JsCast;
    let form = leptos::prelude::document().get_element_by_id(id);
    pairs(form.and_then(|form| form.dyn_into::<web_sys::HtmlFormElement>().ok()))
}
#[cfg(not(feature = "hydrate"))]
/// Only a browser has forms that were typed into.
pub(crate) fn pairs_in(_: &str) -> Posted {
    Posted::new()
}

#[cfg(feature = "hydrate")]
fn pairs(form: Option<web_sys::HtmlFormElement>) -> Posted {
    use wasm_bindgen::JsCast;
    let mut fields = Posted::new();
    if let Some(data) = form.and_then(|form| web_sys::FormData::new_with_form(&form).ok())
        && let Ok(Some(all)) = js_sys::try_iter(&data)
    {
        for pair in all.filter_map(Result::ok) {
            let pair: js_sys::Array = pair.unchecked_into();
            if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
                fields.insert(name, value);
            }
        }
    }
    fields
}

/// The pairs of a form in the page, with those of the button that was pressed.
#[cfg(feature = "hydrate")]
pub(crate) fn pairs_of(event: &leptos::ev::SubmitEvent) -> Posted {
    use wasm_bindgen::JsCast;
    let mut fields = pairs(event.target().and_then(|target| target.dyn_into::<web_sys::HtmlFormElement>().ok()));
    if let Some(button) = event.submitter()
        && let (Some(name), Some(value)) = (button.get_attribute("name"), button.get_attribute("value"))
    {
        fields.insert(name, value);
    }
    fields
}
#[cfg(not(feature = "hydrate"))]
/// Only a browser has forms that were typed into.
pub(crate) fn pairs_of(_: &leptos::ev::SubmitEvent) -> Posted {
    Posted::new()
}
