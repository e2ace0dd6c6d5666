//! The wizard's progress, computed from the answers; nobody stores "step 4".
use crate::application::{ApplicationContext, ApplicationDraft};
use serde::{Deserialize, Serialize};

/// A step of the wizard (X3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Step {
    /// 选择报考类别, with consent.
    Category,
    /// 基本情况.
    Basic,
    /// 工作情况.
    Work,
    /// 教育和培训经历.
    Education,
    /// 证书.
    Certificate,
    /// 考区考点.
    Site,
    /// 确认.
    Confirm,
}

impl Step {
    /// The steps in their order.
    pub const ALL: [Self; 7] =
        [Self::Category, Self::Basic, Self::Work, Self::Education, Self::Certificate, Self::Site, Self::Confirm];
    /// Its name in paths.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Basic => "basic",
            Self::Work => "work",
            Self::Education => "education",
            Self::Certificate => "certificate",
            Self::Site => "site",
            Self::Confirm => "confirm",
        }
    }
    /// The step of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.code() == code)
    }
    /// Its number, from 1.
    pub const fn number(self) -> usize {
        self as usize + 1
    }
    /// The step before it.
    pub fn previous(self) -> Option<Self> {
        (self as usize).checked_sub(1).map(|i| Self::ALL[i])
    }
    /// The step after it.
    pub fn next(self) -> Option<Self> {
        Self::ALL.get(self as usize + 1).copied()
    }
}

/// How far a draft has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Journey {
    completed: Vec<Step>,
}

impl Journey {
    /// Derives the progress: a step is completed when it was attempted and nothing is wrong with it.
    pub fn of(draft: &ApplicationDraft, context: &ApplicationContext<'_>) -> Self {
        let done = |step: &Step| draft.attempted.contains(step) && draft.problems(*step, context).is_empty();
        Self { completed: Step::ALL.into_iter().filter(done).collect() }
    }
    /// Whether nothing is left to do on a step.
    pub fn is_completed(&self, step: Step) -> bool {
        self.completed.contains(&step)
    }
    /// The first step that is not completed; the last when all are.
    pub fn next(&self) -> Step {
        Step::ALL.into_iter().find(|step| !self.is_completed(*step)).unwrap_or(Step::Confirm)
    }
    /// A step may be visited when every step before it is completed; one that was completed stays open.
    pub fn may_visit(&self, step: Step) -> bool {
        step <= self.next() || self.is_completed(step)
    }
}
