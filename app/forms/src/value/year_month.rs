use super::Date;
use crate::{problem::YearMonthProblem, text};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A month, written `YYYY-MM` with the hyphen (S23), years 1930 to 2100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct YearMonth {
    year: u16,
    month: u8,
}

impl YearMonth {
    /// Reads `YYYY-MM`, half- or full-width, and what people write instead: `2024-8`, `2024.08`, `202408`, `2024年8月`.
    pub fn parse(raw: &str) -> Result<Self, YearMonthProblem> {
        let Some((2, [year, month, _])) = text::date_parts(raw) else {
            return Err(YearMonthProblem::Format);
        };
        if !(1..=12).contains(&month) {
            return Err(YearMonthProblem::NoSuchMonth);
        }
        if !(1930..=2100).contains(&year) {
            return Err(YearMonthProblem::Year);
        }
        Ok(Self { year, month: month as u8 })
    }
    /// Reads a month that is not after this one.
    pub fn parse_past(raw: &str, today: Date) -> Result<Self, YearMonthProblem> {
        let value = Self::parse(raw)?;
        if value > Self::of(today) { Err(YearMonthProblem::Future) } else { Ok(value) }
    }
    /// The month of a day.
    pub const fn of(date: Date) -> Self {
        Self { year: date.year(), month: date.month() }
    }
    pub const fn year(self) -> u16 {
        self.year
    }
    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }
    /// Months from year 0, for differences.
    pub const fn months(self) -> i32 {
        self.year as i32 * 12 + self.month as i32 - 1
    }
}

impl fmt::Display for YearMonth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}
impl From<YearMonth> for String {
    fn from(value: YearMonth) -> String {
        value.to_string()
    }
}
super::decode_by_parse!(YearMonth);
