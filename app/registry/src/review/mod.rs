//! What offices do with applications: the queue, one record, and the actions of a review. Everything is scoped to the site or
//! area of the [`Officer`](crate::Officer): a record of another office is not found.
mod amendment;
mod area;
mod checklist;
mod claim;
mod correction;
mod history;
mod outstanding;
mod paper_change;
mod queue;
mod record;
mod signature;

pub use claim::Claim;
pub use correction::CorrectionRow;
pub use history::{ApplicationHistory, Signature};
pub use queue::{Queue, QueueRow, Search};
pub use record::Record;

use crate::Error;
use forms::{Problems, problem::ReviewProblem, review::ItemProblem};

/// Why an action of a review was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ActionRefused {
    /// Items of a checklist, or the action as a whole.
    Items(Vec<ItemProblem>),
    /// Fields of a correction.
    Fields(Problems),
}
impl From<ReviewProblem> for ActionRefused {
    fn from(code: ReviewProblem) -> Self {
        Self::Items(vec![ItemProblem { item: None, code: code.into() }])
    }
}

/// Why an action of a review was not done.
#[derive(Debug, thiserror::Error)]
pub enum ReviewError {
    /// It was refused, and nothing was changed.
    #[error("the action is refused")]
    Refused(ActionRefused),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
}
impl From<ActionRefused> for ReviewError {
    fn from(refused: ActionRefused) -> Self {
        Self::Refused(refused)
    }
}
impl From<ReviewProblem> for ReviewError {
    fn from(code: ReviewProblem) -> Self {
        Self::Refused(code.into())
    }
}
impl From<sqlx::Error> for ReviewError {
    fn from(error: sqlx::Error) -> Self {
        Self::Registry(error.into())
    }
}

/// For the end of a transaction, in which a refusal is a result and an error rolls back.
fn settled<T>(result: Result<T, ReviewError>) -> Result<Result<T, ReviewError>, Error> {
    match result {
        Err(ReviewError::Registry(error)) => Err(error),
        result => Ok(result),
    }
}
