//! Text from outside, cleaned once, before any other module sees it.
//!
//! Control characters are taken out, except tab and the ends of lines, which areas of text have; so are the marks that turn
//! the direction of writing, a byte order mark and characters that Unicode keeps for no text. A NUL in a search would be an error
//! of PostgreSQL alone. Everything that is read from a form, a query, a multipart form or the arguments of a server function
//! passes [`clean`]; paths are refused instead ([`is_clean_path`]), since each names one thing.

/// Pairs of names and values that a form may have. The largest form has some sixty.
pub const MOST_PAIRS: usize = 1_000;

/// Whether a character is taken out.
const fn is_unwanted(c: char) -> bool {
    matches!(
        c,
        '\0'..='\x08' | '\x0B' | '\x0C' | '\x0E'..='\x1F' | '\x7F'..='\u{9F}'
            | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{061C}'
            | '\u{FEFF}' | '\u{FDD0}'..='\u{FDEF}'
    ) || (c as u32) & 0xFFFE == 0xFFFE
}

/// The text without what nobody types. Text that is clean is not copied.
pub fn clean(text: String) -> String {
    if text.chars().any(is_unwanted) { text.chars().filter(|c| !is_unwanted(*c)).collect() } else { text }
}

/// Reads URL-encoded pairs, cleaned, in linear time; nothing where there are more than [`MOST_PAIRS`]. Bytes that are no UTF-8
/// become U+FFFD.
pub fn parse_pairs(encoded: &[u8]) -> Option<Vec<(String, String)>> {
    if encoded.iter().filter(|byte| **byte == b'&').count() >= MOST_PAIRS {
        return None;
    }
    let pairs = form_urlencoded::parse(encoded);
    Some(pairs.map(|(name, value)| (clean(name.into_owned()), clean(value.into_owned()))).collect())
}

/// Whether a path holds no escaped control character. Ids, codes and names of files never do.
pub fn is_clean_path(path: &str) -> bool {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let bytes = path.as_bytes();
    let escapes = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    escapes.map(|(at, _)| (digit(bytes.get(at + 1)), digit(bytes.get(at + 2)))).all(|escape| match escape {
        (Some(high), Some(low)) => high * 16 + low >= 0x20 && high * 16 + low != 0x7F,
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_types_is_taken_out_and_the_rest_stays() {
        let typed = "张\0伟\u{202E}\u{FEFF}\tab\r\nc\u{85}\u{7F}\u{FFFF}\u{1FFFE}𠮷é·";
        assert_eq!(clean(typed.to_owned()), "张伟\tab\r\nc𠮷é·");
        assert_eq!(
            parse_pairs(b"find=%00a+b&n%00=%FF&c").unwrap(),
            [
                ("find".to_owned(), "a b".to_owned()),
                ("n".to_owned(), "\u{FFFD}".to_owned()),
                ("c".to_owned(), String::new()),
            ]
        );
    }

    #[test]
    fn a_thousand_pairs_are_read_and_one_more_is_not() {
        let pairs = |count: usize| vec!["a=1"; count].join("&");
        assert_eq!(parse_pairs(pairs(MOST_PAIRS).as_bytes()).unwrap().len(), MOST_PAIRS);
        assert_eq!(parse_pairs(pairs(MOST_PAIRS + 1).as_bytes()), None);
        assert_eq!(parse_pairs(b"").unwrap(), []);
    }

    #[test]
    fn paths_with_escaped_control_characters_are_refused() {
        assert!(is_clean_path("/admin/dictionary/0190a6f0-0000-7000-8000-00000000dead"));
        assert!(is_clean_path("/a%20b%E5%BC%A0"));
        for path in ["/a%00", "/a%0a", "/a%7f", "/a%", "/a%1", "/a%zz"] {
            assert!(!is_clean_path(path), "{path}");
        }
    }
}
