/// A text as it is compared: half-width, the letters A to Z small and accented ones as they are, without anything but letters, characters and digits, in UTF-16 units, so
/// that brackets, spaces, controls and marks of direction neither find a name nor hide it.
pub fn fold(text: &str) -> Vec<u16> {
    let mut units = Vec::with_capacity(text.len() / 2);
    fold_into(text, |_, unit| units.push(unit));
    units
}

/// Gives each unit of the folded text, with the place of the character it comes from.
pub(crate) fn fold_into(text: &str, mut unit: impl FnMut(usize, u16)) {
    for (place, c) in text.chars().enumerate() {
        let c = forms::text::half_width_char(c);
        if !c.is_alphanumeric() {
            continue;
        }
        for part in c.to_ascii_lowercase().encode_utf16(&mut [0; 2]) {
            unit(place, *part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_read_counts() {
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
