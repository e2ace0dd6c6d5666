use crate::{problem::BirthProblem, text};
use core::fmt;
use serde::{Deserialize, Serialize};

/// A day of the Gregorian calendar, years 1900 to 2200, written `YYYY-MM-DD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// That day, if the calendar has it.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let known =
            (1900..=2200).contains(&year) && (1..=12).contains(&month) && day >= 1 && day <= days_in(year, month);
        known.then_some(Self { year, month, day })
    }
    /// Reads `YYYY-MM-DD`, half- or full-width, and what people write instead: `2024-8-1`, `2024.08.01`, `20240801`, `2024年8月1日`.
    pub fn parse(raw: &str) -> Result<Self, BirthProblem> {
        let Some((3, [year, month, day])) = text::date_parts(raw) else {
            return Err(BirthProblem::Format);
        };
        let narrow = |n: u16| u8::try_from(n).unwrap_or_default();
        Self::new(year, narrow(month), narrow(day)).ok_or(BirthProblem::NoSuchDay)
    }
    pub const fn year(self) -> u16 {
        self.year
    }
    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        self.month
    }
    /// The day of the month.
    pub const fn day(self) -> u8 {
        self.day
    }
    /// Completed years on a day; somebody born on 29 February completes a year on 1 March (X30).
    pub fn age_on(self, today: Date) -> i32 {
        let years = i32::from(today.year) - i32::from(self.year);
        years - i32::from((today.month, today.day) < (self.month, self.day))
    }
    /// The day so many days after 1970-01-01 (proleptic Gregorian; clamps to 1900–2200).
    pub fn from_unix_days(days: i64) -> Self {
        // Counts from 0000-03-01, so that the leap day is the last of its year.
        let z = days.clamp(-25_567, 84_370) + 719_468;
        let era = z.div_euclid(146_097);
        let doe = z.rem_euclid(146_097);
        let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + i64::from(month <= 2);
        Self { year: year as u16, month: month as u8, day: (doy - (153 * mp + 2) / 5 + 1) as u8 }
    }
    /// Days since 1970-01-01.
    pub fn unix_days(self) -> i64 {
        let y = i64::from(self.year) - i64::from(self.month <= 2);
        let era = y.div_euclid(400);
        let yoe = y.rem_euclid(400);
        let m = i64::from(self.month);
        let doy = (153 * (if m > 2 { m - 3 } else { m + 9 }) + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
    }
}

fn days_in(year: u16, month: u8) -> u8 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
impl From<Date> for String {
    fn from(date: Date) -> String {
        date.to_string()
    }
}
super::decode_by_parse!(Date);
