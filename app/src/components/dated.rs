//! Days, months and moments in a sentence, which are not to be broken at the end of a line: browsers break a text behind a hyphen.
use leptos::prelude::*;

/// How they are written, the longest first; a 9 stands for any digit.
const FORMS: [&[u8]; 3] = [b"9999-99-99 99:99", b"9999-99-99", b"9999-99"];

/// How many bytes of a text that begins with a day, a month or a moment belong to it.
fn date_at(text: &[u8]) -> Option<usize> {
    let fits = |form: &&&[u8]| {
        let digit_follows = text.get(form.len()).is_some_and(u8::is_ascii_digit);
        let mut pairs = form.iter().zip(text);
        !digit_follows
            && text.len() >= form.len()
            && pairs.all(|(form, byte)| if *form == b'9' { byte.is_ascii_digit() } else { form == byte })
    };
    FORMS.iter().find(fits).map(|form| form.len())
}

/// The parts of a sentence, and whether each of them is a date.
fn parts(sentence: &str) -> Vec<(bool, String)> {
    let (mut parts, mut plain, mut at) = (Vec::new(), 0, 0);
    let bytes = sentence.as_bytes();
    while let Some(byte) = bytes.get(at) {
        let is_start = byte.is_ascii_digit() && (at == plain || !bytes.get(at - 1).is_some_and(u8::is_ascii_digit));
        match bytes.get(at..).filter(|_| is_start).and_then(date_at) {
            // What is cut out begins and ends beside ASCII, so both are boundaries of characters.
            Some(length) => {
                parts.extend(
                    sentence.get(plain..at).filter(|text| !text.is_empty()).map(|text| (false, text.to_owned())),
                );
                parts.extend(sentence.get(at..at + length).map(|text| (true, text.to_owned())));
                at += length;
                plain = at;
            }
            None => at += 1,
        }
    }
    parts.extend(sentence.get(plain..).filter(|text| !text.is_empty()).map(|text| (false, text.to_owned())));
    parts
}

/// A sentence in which each date is an element of its own, which the style sheet keeps on one line. Copied, it is the same text.
pub fn dated(sentence: &str) -> AnyView {
    let part = |(is_date, text): (bool, String)| {
        if is_date { view! { <time>{text}</time> }.into_any() } else { text.into_any() }
    };
    parts(sentence).into_iter().map(part).collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_date_of_a_sentence_is_a_part_of_its_own_and_nothing_is_lost() {
        for (sentence, dates) in [
            ("网上报名：2026-01-22 09:00 至 2026-02-04 23:59。", vec!["2026-01-22 09:00", "2026-02-04 23:59"]),
            ("最晚 2026-03-10 补交", vec!["2026-03-10"]),
            ("2018-09 至 2023-07", vec!["2018-09", "2023-07"]),
            ("2026-02-04", vec!["2026-02-04"]),
            ("报名序号 202611010000017 有效", vec![]),
            ("电话 010-65212345-12、0571-87654321", vec![]),
            ("编号 12026-02-04，2026-021", vec![]),
            ("", vec![]),
        ] {
            let parts = parts(sentence);
            let found: Vec<&str> = parts.iter().filter(|part| part.0).map(|part| part.1.as_str()).collect();
            assert_eq!(found, dates, "{sentence}");
            assert_eq!(parts.into_iter().map(|part| part.1).collect::<String>(), sentence);
        }
    }
}
