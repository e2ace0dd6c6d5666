//! Small tools on characters; no regular expressions, they cost hundreds of kilobytes in the browser.
use crate::problem::TextProblem;

/// Full-width ASCII and the ideographic space become half-width (S55), and the ends are trimmed.
pub fn half_width(raw: &str) -> String {
    raw.chars().map(half_width_char).collect::<String>().trim().to_owned()
}

/// A full-width letter, digit or sign as the one of half the width; any other character as it is.
pub fn half_width_char(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// A number without the spaces and dashes that people put between its digits, half-width. What else stands in it is for its rule.
pub fn joined(raw: &str) -> String {
    half_width(raw).chars().filter(|c| !c.is_whitespace() && !is_dash(*c)).collect()
}

/// Whether it is one of the dashes that stand on keyboards.
pub const fn is_dash(c: char) -> bool {
    matches!(c, '-' | '—' | '–' | '－' | '−' | '‐')
}

/// The digits of a day or month between its separators: dashes, points, slashes, spaces, 年月日. Nothing if anything else is there.
pub(crate) fn date_parts(raw: &str) -> Option<Vec<u16>> {
    let plain = half_width(raw);
    let parts: Vec<&str> = plain
        .split(|c: char| is_dash(c) || c.is_whitespace() || matches!(c, '.' | '/' | '年' | '月' | '日'))
        .filter(|part| !part.is_empty())
        .collect();
    let number = |digits: &str| digits.parse::<u16>().ok().filter(|_| all_digits(digits));
    match parts.as_slice() {
        // 202408, 20240801
        [one] if matches!(one.len(), 6 | 8) && all_digits(one) => {
            let (year, rest) = one.split_at(4);
            let rest = rest.as_bytes().chunks(2).map(|two| core::str::from_utf8(two).ok().and_then(number));
            core::iter::once(number(year)).chain(rest).collect()
        }
        [year, rest @ ..] if year.len() == 4 && rest.iter().all(|part| part.len() <= 2) => {
            parts.iter().map(|part| number(part)).collect()
        }
        _ => None,
    }
}

/// A text of at most so many characters as one line, whatever was pasted.
pub fn one_line(raw: &str, longest: u32) -> Result<String, TextProblem> {
    let line = raw.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let line = line.collect::<Vec<_>>().join(" ");
    match line.chars().count() {
        0 => Err(TextProblem::Required),
        n if n > longest as usize => Err(TextProblem::TooLong(longest)),
        _ => Ok(line),
    }
}

/// Letters and digits without those that are taken for one another (Crockford's base 32), for codes that people copy.
pub const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// What a character of such a code means as somebody may have copied it: in any case, O for 0, I and L for 1.
pub const fn crockford(c: char) -> char {
    match c.to_ascii_uppercase() {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    }
}

/// Whether nothing but space was entered.
pub fn is_blank(raw: &str) -> bool {
    raw.chars().all(char::is_whitespace)
}

/// Whether the character is a Han character of any extension block, or 〇.
pub const fn is_han(c: char) -> bool {
    matches!(c, '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}')
}

/// Columns on a form: two for a wide character, one for any other (X25).
pub fn width(text: &str) -> usize {
    text.chars().map(|c| if (c as u32) < 0x1100 { 1 } else { 2 }).sum()
}

/// Whether the text is digits and nothing else, and not empty.
pub fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether the text is ASCII letters and digits and nothing else, and not empty.
pub fn all_alphanumeric(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The check character of ISO 7064 MOD 11-2 over a string of digits: `0`–`9` or `X`.
pub fn mod_11_2(digits: &[u8]) -> u8 {
    let sum = digits.iter().fold(0u32, |sum, d| (sum + u32::from(d - b'0')) * 2 % 11);
    match (12 - sum) % 11 {
        10 => b'X',
        n => b'0' + n as u8,
    }
}
