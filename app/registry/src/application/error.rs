//! Why an application was not begun, submitted or withdrawn.
use crate::Error;
use forms::{Code, Field, Problem, journey::Step};

/// Why an application was not begun, submitted or withdrawn.
#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// The answers, the window or the state forbid it.
    #[error("the application has problems")]
    Problems(Vec<(Step, Problem)>),
    /// The registry failed.
    #[error(transparent)]
    Registry(#[from] Error),
}
impl SubmitError {
    /// Splits it for a transaction: what was refused ends it without an error.
    pub(super) fn or_refused<T>(self) -> Result<Result<T, Self>, Error> {
        match self {
            Self::Problems(_) => Ok(Err(self)),
            Self::Registry(error) => Err(error),
        }
    }
    pub(super) fn one(step: Step, field: Field, code: impl Into<Code>) -> Self {
        Self::Problems(vec![(step, Problem { field, code: code.into() })])
    }
}

/// Attempts at what meets a change that is made at the same time.
const TRIES: usize = 6;

/// Does again what met a change that was made at the same time.
pub(super) async fn retrying<T, F: Future<Output = Result<T, SubmitError>>>(
    work: impl Fn() -> F,
) -> Result<T, SubmitError> {
    for _ in 0..TRIES {
        match work().await {
            Err(SubmitError::Registry(Error::Conflict)) => {}
            result => return result,
        }
    }
    tracing::warn!("an application kept changing while it was submitted or withdrawn");
    Err(Error::Conflict.into())
}
