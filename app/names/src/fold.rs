/// Normalises a text for comparison: half-width, lower case, only letters, characters and digits, as UTF-16 units. Brackets,
/// spaces, control characters and direction marks therefore neither match nor prevent a match.
pub fn fold(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len() / 2);
    fold_into(text, |_, unit| units.push(unit));
    units
}

/// Calls `unit` with each unit of the folded text and the index of the character it comes from.
pub(crate) fn fold_into(text: &str, mut unit: impl FnMut(usize, u16)) {
    for (place, c) in text.chars().enumerate() {
        let c = forms::text::half_width_char(c);
        if !c.is_alphanumeric() {
            continue;
        }
        let mut pair = [0; 2];
        for small in c.to_lowercase().filter(|c| c.is_alphanumeric()) {
            for part in small.encode_utf16(&mut pair) {
                unit(place, *part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_letters_characters_and_digits_only() {
        for (text, folded) in [
            ("北京大学（医学部）", "北京大学医学部"),
            ("ＣＴ 中心", "ct中心"),
            ("%_'\"\0\u{202e}", ""),
            ("三〇一医院", "三〇一医院"),
            ("第1 医院", "第1医院"),
        ] {
            assert_eq!(String::from_utf16_lossy(&fold(text)), folded);
        }
    }
}
