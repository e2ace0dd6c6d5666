//! Requests for names that no dictionary has: made by candidates, answered by offices (S27, S28, S118).
mod answer;
mod ask;
mod keep;
mod pending;

pub use keep::KEPT_FILE_SECONDS;
pub use pending::{PEOPLE_EXAMINED, RequestedName, RequestedNames};

use crate::{DictionaryKind, Error, Moment};
use forms::{
    ids::{DictionaryId, NameRequestId},
    problem::NameRequestProblem,
};
use uuid::Uuid;

/// The state of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestState {
    /// Not answered yet.
    Open,
    /// The name is in the dictionary.
    Approved,
    /// It was added to an existing entry as another name.
    Merged,
    /// It was not added, for a reason.
    Refused,
    /// The candidate withdrew it.
    Withdrawn,
}
impl RequestState {
    /// All states.
    pub const ALL: [Self; 5] = [Self::Open, Self::Approved, Self::Merged, Self::Refused, Self::Withdrawn];
    /// Its name in the database and in the locales.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Merged => "merged",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
    fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }
}

/// A request of a candidate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameRequestRow {
    pub id: NameRequestId,
    pub kind: DictionaryKind,
    pub name: String,
    /// Two digits of the provincial unit, or empty.
    pub region: String,
    /// The former name, or empty.
    pub former: String,
    pub created: Moment,
    pub state: RequestState,
    /// Why it was refused.
    pub reason: String,
    pub answered: Option<Moment>,
    /// The entry that the name leads to, with its current name.
    pub leads_to: Option<(DictionaryId, String)>,
}

/// Why a request was not accepted, or not answered.
#[derive(Debug, thiserror::Error)]
pub enum NameRequestError {
    /// The candidate may not ask for that now.
    #[error("the request is refused")]
    Refused(NameRequestProblem),
    /// Somebody has answered it, or the entry is of another kind or inactive.
    #[error("the request cannot be answered so any more")]
    Overtaken,
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
}

fn kind_of(request: Uuid, code: &str) -> Result<DictionaryKind, Error> {
    DictionaryKind::parse(code).ok_or_else(|| Error::stored("name_request", "kind", request))
}

/// The associated data of a sealed file.
fn evidence_aad(request: &Uuid) -> [&[u8]; 2] {
    [b"name evidence", request.as_bytes()]
}
