//! What the rules of a profile depend on besides the answers.
use crate::{Context, account::Identity, problem::YearMonthProblem, value::YearMonth};

/// What the groups depend on besides the answers.
#[derive(Clone, Copy, Debug)]
pub struct ProfileContext<'a> {
    /// Today and the rule set.
    pub base: Context<'a>,
    /// Whose profile it is.
    pub identity: &'a Identity,
}

/// A month that is not ahead and not before the person was ten.
pub(super) fn past_after_birth<'a>(
    context: &'a ProfileContext<'_>,
) -> impl Fn(&str) -> Result<YearMonth, YearMonthProblem> + 'a {
    let earliest = YearMonth::of(context.identity.birth_date).months() + 120;
    move |raw| match YearMonth::parse_past(raw, context.base.today)? {
        month if month.months() < earliest => Err(YearMonthProblem::BeforeBirth),
        month => Ok(month),
    }
}
