//! The wizard's progress, derived from the answers and never stored.
use crate::application::{ApplicationContext, ApplicationDraft};
pub use crate::step::Step;
use serde::{Deserialize, Serialize};

/// How far a draft has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    completed: Vec<Step>,
    /// Whether steps that are completed are passed over: of who is exempt they were checked the year before (S102).
    shortened: bool,
}

impl Journey {
    /// Derives the progress: a step is completed when it was attempted and nothing is wrong with it.
    pub fn of(draft: &ApplicationDraft, context: &ApplicationContext<'_>) -> Self {
        let done = |step: &Step| draft.attempted.contains(step) && draft.problems(*step, context).is_empty();
        let completed = Step::ALL.into_iter().filter(done).collect();
        Self { completed, shortened: draft.exemption(context.exemptions).is_some() }
    }
    /// Whether nothing is left to do on a step.
    pub fn is_completed(&self, step: Step) -> bool {
        self.completed.contains(&step)
    }
    /// The first step that is not completed; the last when all are.
    pub fn next(&self) -> Step {
        Step::ALL.into_iter().find(|step| !self.is_completed(*step)).unwrap_or(Step::Confirm)
    }
    /// The step that follows on a step.
    pub fn after(&self, step: Step) -> Option<Step> {
        let mut later = Step::ALL.into_iter().filter(|other| *other > step);
        later.find(|other| !self.shortened || !self.is_completed(*other) || *other == Step::Confirm)
    }
    /// A step may be visited when every step before it is completed; one that was completed stays open.
    pub fn may_visit(&self, step: Step) -> bool {
        step <= self.next() || self.is_completed(step)
    }
}
