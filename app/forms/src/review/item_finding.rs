//! What a reviewer found about an item, and which answers that makes editable.
use super::{ANSWERS, Finding, FindingReason, Item};
use crate::{Field, Problem, value::Date};
use serde::{Deserialize, Serialize};

/// What was found about one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemFinding {
    pub item: Item,
    /// What was found.
    pub finding: Finding,
    /// Why, unless it is right.
    pub reason: Option<FindingReason>,
    /// What the code does not say.
    pub note: String,
    /// The day by which it is submitted.
    pub due: Option<Date>,
}

/// The answers that a candidate may change after these findings (X28): those of returned items, nothing else.
pub fn editable_fields(found: &[ItemFinding]) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for one in found.iter().filter(|one| one.finding == Finding::Return) {
        for field in one.item.editable_fields() {
            if !fields.contains(field) {
                fields.push(*field);
            }
        }
    }
    fields
}

/// The answers that may be changed in all: those that were returned, and those that do not go with them any more. Without
/// the second a candidate could mend one answer and be stopped by another that stays closed.
pub fn all_editable_fields(returned: &[Field], wrong: &[Problem]) -> Vec<Field> {
    let mut fields = returned.to_vec();
    for problem in wrong {
        let with = if ANSWERS.contains(&problem.field) { Item::Answer(problem.field).editable_fields() } else { &[] };
        for field in with {
            if !fields.contains(field) {
                fields.push(*field);
            }
        }
    }
    fields
}
