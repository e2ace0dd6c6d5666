//! The checklist of a review: as typed, and checked for an outcome.
use super::{Finding, FindingReason, Item, ItemFinding, NOTE, ReviewOutcome};
use crate::{
    Code,
    application::{Application, Flag},
    choice::Choice,
    problem::{ChoiceProblem, ReviewProblem, TextProblem},
    rule_set::RuleSet,
    value::Date,
};
use serde::{Deserialize, Serialize};

/// What is said about one item, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemDraft {
    /// Which item.
    pub item: Item,
    /// A code of [`Finding`]; empty where nothing is said yet.
    pub finding: String,
    /// A code of [`FindingReason`].
    pub reason: String,
    /// What the code does not say, for the candidate to read.
    pub note: String,
    /// The day by which it is submitted.
    pub due: String,
}

/// A checklist as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewDraft {
    /// What is said about each item.
    pub items: Vec<ItemDraft>,
}

/// Something wrong with what was typed about an item; without an item, about the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemProblem {
    /// Which item.
    pub item: Option<Item>,
    /// What is wrong.
    pub code: Code,
}

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

    /// Checks the checklist for an outcome. Kept findings may be half said; an approval needs every paper right or promised,
    /// a return and a rejection need an item and its reason.
    pub fn check(&self, outcome: ReviewOutcome, today: Date) -> Result<Vec<ItemFinding>, Vec<ItemProblem>> {
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        let strict = outcome != ReviewOutcome::Save;
        for draft in &self.items {
            match draft.read(today, strict) {
                Ok(Some(one)) => found.push(one),
                Ok(None) => {
                    if outcome == ReviewOutcome::Approve && matches!(draft.item, Item::Paper(_)) {
                        problems.push(ItemProblem { item: Some(draft.item), code: ReviewProblem::NotAssessed.into() });
                    }
                }
                Err(code) => problems.push(ItemProblem { item: Some(draft.item), code }),
            }
        }
        let has = |finding: Finding| found.iter().any(|one: &ItemFinding| one.finding == finding);
        // What was chosen and is not said in full has its own problem already.
        let chosen = |finding: Finding| self.items.iter().any(|draft| draft.finding == finding.code());
        let mut whole = |code: ReviewProblem| problems.push(ItemProblem { item: None, code: code.into() });
        match outcome {
            ReviewOutcome::Approve if has(Finding::Return) || has(Finding::Fail) => whole(ReviewProblem::NotApproved),
            ReviewOutcome::Return if has(Finding::Fail) => whole(ReviewProblem::FailsAnyway),
            ReviewOutcome::Return if !chosen(Finding::Return) => whole(ReviewProblem::NothingReturned),
            ReviewOutcome::Reject if !chosen(Finding::Fail) => whole(ReviewProblem::NothingFailed),
            _ => {}
        }
        if problems.is_empty() { Ok(found) } else { Err(problems) }
    }
}

impl ItemDraft {
    fn read(&self, today: Date, strict: bool) -> Result<Option<ItemFinding>, Code> {
        let note = self.note.trim().to_owned();
        if note.chars().count() > NOTE as usize {
            return Err(TextProblem::TooLong(NOTE).into());
        }
        if self.finding.is_empty() {
            return Ok(None);
        }
        let finding = Finding::parse(&self.finding)?;
        if !self.item.findings().contains(&finding) {
            return Err(ChoiceProblem::NotAllowed.into());
        }
        let reason = match self.reason.as_str() {
            "" => None,
            code => Some(FindingReason::parse(code)?),
        };
        // A day that was typed for another finding is not shown any more, so it is not checked either.
        let due = match self.due.trim() {
            typed if finding == Finding::Later && !typed.is_empty() => Some(Date::parse(typed)?),
            _ => None,
        };
        let found = ItemFinding { item: self.item, finding, reason, note, due };
        if strict && finding != Finding::Pass {
            if reason.is_none() {
                return Err(ReviewProblem::ReasonMissing.into());
            }
            if reason == Some(FindingReason::Other) && found.note.is_empty() {
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
impl From<&ItemFinding> for ItemDraft {
    fn from(found: &ItemFinding) -> Self {
        Self {
            item: found.item,
            finding: found.finding.code().to_owned(),
            reason: found.reason.map(|reason| reason.code().to_owned()).unwrap_or_default(),
            note: found.note.clone(),
            due: found.due.map(|due| due.to_string()).unwrap_or_default(),
        }
    }
}

/// What the platform can see by itself, shown above the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was looked at.
    pub flag: Flag,
    /// Whether nothing was found.
    pub right: bool,
}

/// Every automatic check of an application. `until` is the last day of review on site, `rules` those of the session.
pub fn checks(application: &Application, until: Date, rules: &RuleSet) -> Vec<Check> {
    let raised = application.flags(until, rules);
    let all = Flag::ALL.iter().map(|flag| Check { flag: *flag, right: !raised.contains(flag) });
    all.filter(|check| check.flag.is_check() || !check.right).collect()
}
