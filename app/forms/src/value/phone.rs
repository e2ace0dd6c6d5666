use crate::{choice::ContactRegion, problem::PhoneProblem, text};
use serde::{Deserialize, Serialize};

/// A mobile number: 11 digits on the mainland, 6 to 11 elsewhere, the first not 0 (S68, X7).
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Mobile(String);

impl Mobile {
    /// Reads a number by the format of a region. Spaces, dashes and brackets between the digits are dropped, and so is a country's
    /// code behind `+` or `00`; without them that of the mainland, where the number has its digits besides.
    pub fn parse_as(region: ContactRegion, raw: &str) -> Result<Self, PhoneProblem> {
        let joined = text::joined(raw).replace(['(', ')'], "");
        let plain = match joined.strip_prefix('+').or_else(|| joined.strip_prefix("00")) {
            Some(coded) => coded.get(country_code(coded)..).unwrap_or_default().to_owned(),
            None if region == ContactRegion::Mainland && joined.len() == 13 => {
                joined.strip_prefix("86").unwrap_or(&joined).to_owned()
            }
            None => joined,
        };
        if !text::all_digits(&plain) {
            return Err(PhoneProblem::Characters);
        }
        if plain.starts_with('0') {
            return Err(PhoneProblem::LeadingZero);
        }
        match (region, plain.len()) {
            (ContactRegion::Mainland, 11) | (ContactRegion::Elsewhere, 6..=11) => Ok(Self(plain)),
            (ContactRegion::Mainland, _) => Err(PhoneProblem::MobileMainland),
            (ContactRegion::Elsewhere, _) => Err(PhoneProblem::MobileElsewhere),
        }
    }
    /// The digits as they would be stored, of the mainland where they are a number of it.
    pub(crate) fn parse_lenient(raw: &str) -> Option<String> {
        let regions = [ContactRegion::Mainland, ContactRegion::Elsewhere];
        regions.into_iter().find_map(|region| Self::parse_as(region, raw).ok()).map(String::from)
    }
    /// Reads a number of any region; used when a stored number is read back.
    pub fn parse(raw: &str) -> Result<Self, PhoneProblem> {
        Self::parse_as(ContactRegion::Elsewhere, raw)
    }
}
super::text_value!(Mobile);
super::decode_by_parse!(Mobile);

/// How many digits the code of a country has that a number begins with (ITU-T E.164): one in the zones 1 and 7, two for the
/// countries below, three for all others.
fn country_code(number: &str) -> usize {
    // For each first digit the second digits that make a code of two, a bit each: a table of texts is larger than this program
    // where it counts, in the browser.
    const SECOND: [u16; 10] = [0, 0, 0x81, 0x25f, 0x3fb, 0x1fe, 0x07f, 0, 0x056, 0x13f];
    let digit = |at: usize| number.as_bytes().get(at).map_or(0, |b| usize::from(b.wrapping_sub(b'0')));
    match digit(0) {
        1 | 7 => 1,
        first if SECOND.get(first).is_some_and(|bits| (bits >> digit(1).min(15)) & 1 == 1) => 2,
        _ => 3,
    }
}

/// A landline: area code of 3 to 5 digits, number of 6 to 8, perhaps an extension of 1 to 6, joined by `-` (S67, X7). Those of other
/// countries, whose numbers follow rules of their own, are kept as they were written.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Landline(String);

/// The parts of a landline joined by `-`: brackets, dashes and 转 stand between them, and where nothing does the area code is told
/// from the number by its first digits (010 and 02x have three, others four).
fn with_hyphens(raw: &str) -> String {
    let mut number = String::new();
    for c in text::half_width(raw).chars() {
        if text::is_dash(c) || matches!(c, '(' | ')' | '转' | '#') {
            if !number.is_empty() && !number.ends_with('-') {
                number.push('-');
            }
        } else if !c.is_whitespace() {
            number.push(c);
        }
    }
    number.truncate(number.trim_end_matches('-').len());
    if let Some(rest) = number.strip_prefix("+86").or_else(|| number.strip_prefix("0086")) {
        let rest = rest.trim_start_matches('-');
        number = if rest.starts_with('0') { rest.to_owned() } else { ["0", rest].concat() };
    }
    let first = number.find('-').unwrap_or(number.len());
    if first > 8 && number.starts_with('0') && number.is_ascii() {
        number.insert(if number.starts_with("01") || number.starts_with("02") { 3 } else { 4 }, '-');
    }
    number
}

/// Whether a number begins with the code of a country other than 86, behind `+` or `00`.
pub(crate) fn is_foreign(number: &str) -> bool {
    let coded = number.strip_prefix('+').or_else(|| number.strip_prefix("00"));
    coded.is_some_and(|coded| !coded.trim_start().starts_with("86"))
}

impl Landline {
    /// The longest number of another country, with the signs between its digits.
    const MAX: u32 = 30;

    /// Reads the number in the ways that people write it: of the mainland, or with the code of another country.
    pub fn parse(raw: &str) -> Result<Self, PhoneProblem> {
        let typed = text::half_width(raw);
        if is_foreign(&typed) { Self::parse_foreign(&typed) } else { Self::parse_mainland(raw) }
    }
    /// Reads a number by the format of a region. Outside the mainland a number may lack the code of its country, as people
    /// write it who live there.
    pub fn parse_as(region: ContactRegion, raw: &str) -> Result<Self, PhoneProblem> {
        match region {
            ContactRegion::Mainland => Self::parse(raw),
            // What is read as a number of the mainland anyway is not rewritten: only its owner knows of which country it is.
            ContactRegion::Elsewhere => Self::parse_foreign(&text::half_width(raw))
                .or_else(|problem| Self::parse_mainland(raw).map_err(|_| problem)),
        }
    }
    /// A number as it was written: 5 to 20 digits, which are those of ITU-T E.164 and an extension, with signs between them.
    fn parse_foreign(typed: &str) -> Result<Self, PhoneProblem> {
        let line = text::one_line(typed, Self::MAX).map_err(|_| PhoneProblem::LandlineElsewhere)?;
        let digits = line.bytes().filter(u8::is_ascii_digit).count();
        let is_sign = |c: char| text::is_dash(c) || "+()./ #ext转".contains(c);
        if line.chars().all(|c| c.is_ascii_digit() || is_sign(c)) && (5..=20).contains(&digits) {
            Ok(Self(line))
        } else {
            Err(PhoneProblem::LandlineElsewhere)
        }
    }
    pub(crate) fn parse_mainland(raw: &str) -> Result<Self, PhoneProblem> {
        let plain = with_hyphens(raw);
        if !plain.chars().all(|c| c.is_ascii_digit() || c == '-') {
            return Err(PhoneProblem::Characters);
        }
        let parts: Vec<&str> = plain.split('-').collect();
        let (area, number, extension) = match parts.as_slice() {
            [area, number] => (*area, *number, None),
            [area, number, extension] => (*area, *number, Some(*extension)),
            _ => return Err(PhoneProblem::Landline),
        };
        if !(3..=5).contains(&area.len()) {
            return Err(PhoneProblem::AreaCode);
        }
        if !(6..=8).contains(&number.len()) {
            return Err(PhoneProblem::Number);
        }
        if extension.is_some_and(|e| !(1..=6).contains(&e.len())) {
            return Err(PhoneProblem::Extension);
        }
        Ok(Self(plain))
    }
}
super::text_value!(Landline);
impl TryFrom<String> for Landline {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse_as(ContactRegion::Elsewhere, &raw).map_err(|problem| crate::Code::from(problem).key())
    }
}
