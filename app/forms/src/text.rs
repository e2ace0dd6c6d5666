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

/// The numbers of a day or month and how many there are. Between them stand dashes, points, slashes, spaces or 年月日, or nothing:
/// `202408`, `20240801`. Nothing if anything else is there, or the first is no year of four digits.
pub(crate) fn date_parts(raw: &str) -> Option<(usize, [u16; 3])> {
    let (mut parts, mut widths, mut at) = ([0u32; 3], [0u8; 3], 0);
    for c in half_width(raw).chars() {
        match (c.to_digit(10), widths.get_mut(at)) {
            (Some(digit), Some(width)) if *width < 8 => {
                parts[at] = parts[at] * 10 + digit;
                *width += 1;
            }
            (None, width) if is_dash(c) || c.is_whitespace() || matches!(c, '.' | '/' | '年' | '月' | '日') => {
                at += usize::from(width.is_some_and(|width| *width > 0));
            }
            _ => return None,
        }
    }
    let narrow = |parts: [u32; 3]| parts.map(|part| u16::try_from(part).unwrap_or_default());
    let [first, ..] = parts;
    match widths {
        [6, 0, 0] => Some((2, narrow([first / 100, first % 100, 0]))),
        [8, 0, 0] => Some((3, narrow([first / 10_000, first / 100 % 100, first % 100]))),
        [4, 1..=2, 0] => Some((2, narrow(parts))),
        [4, 1..=2, 1..=2] => Some((3, narrow(parts))),
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
