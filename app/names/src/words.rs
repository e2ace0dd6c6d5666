//! Where the words of a name begin, as far as its characters tell: after a place, a school, 附属 or an ordinal, and after the two or
//! three characters of a place that is named without its kind.
//!
//! A name may be looked for by the pinyin of its later words. Every character would multiply the index by the length of a name,
//! and find what nobody means: letters in the middle of a word.

const PLACE: [u16; 10] = units(['省', '市', '县', '区', '州', '旗', '盟', '镇', '乡', '村']);
const NUMERAL: [u16; 10] = units(['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']);
const ENDINGS: [[u16; 2]; 3] = [units(['大', '学']), units(['学', '院']), units(['附', '属'])];
const ORDINAL: u16 = '第' as u16;
/// A place that is named without its kind has two or three characters.
const SHORT_PLACE: [usize; 2] = [2, 3];

const fn units<const N: usize>(characters: [char; N]) -> [u16; N] {
    let mut units = [0; N];
    let mut at = 0;
    while at < N {
        units[at] = characters[at] as u16;
        at += 1;
    }
    units
}

/// The places in a name at which a word begins, but for the first.
pub(crate) fn later_words(name: &[u16]) -> impl Iterator<Item = usize> {
    let is_short_place = !(2..=4).any(|at| follows_an_ending(name, at));
    (2..name.len().saturating_sub(1))
        .filter(move |at| is_short_place && SHORT_PLACE.contains(at) || follows_an_ending(name, *at))
}

fn follows_an_ending(name: &[u16], at: usize) -> bool {
    let (Some(before), Some(next)) = (name.get(..at), name.get(at)) else { return false };
    match before {
        [.., last] if PLACE.contains(last) => !PLACE.contains(next),
        [.., ORDINAL, last] | [.., ORDINAL, _, last] if is_numeral(*last) => !is_numeral(*next),
        [.., a, b] => ENDINGS.contains(&[*a, *b]),
        _ => false,
    }
}

fn is_numeral(unit: u16) -> bool {
    NUMERAL.contains(&unit) || u8::try_from(unit).is_ok_and(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn words_begin_after_places_schools_and_ordinals() {
        for (name, words) in [
            ("北京协和医院", "协和医院 和医院"),
            ("浙江省人民医院", "人民医院"),
            ("杭州市第一人民医院", "第一人民医院 人民医院"),
            ("第十二人民医院", "人民医院"),
            ("复旦大学附属华山医院", "附属华山医院 华山医院"),
            (
                "上海交通大学医学院附属瑞金医院",
                "交通大学医学院附属瑞金医院 通大学医学院附属瑞金医院 医学院附属瑞金医院 附属瑞金医院 瑞金医院",
            ),
            ("市区", ""),
            ("", ""),
        ] {
            let folded = fold(name);
            let found: Vec<String> = later_words(&folded).map(|at| String::from_utf16_lossy(&folded[at..])).collect();
            assert_eq!(found.join(" "), words, "{name}");
        }
    }
}
