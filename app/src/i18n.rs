//! One function for each sentence, generated from `locales/`.
use crate::lang::Lang;
use forms::{Code, Field, choice::Choice, journey::Step, problem::PhotoProblem};

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// The table of the page's language, which the browser fetches beside the module: sentences in the order of their
/// numbers, each after U+001F and before it its key where it is found by that, with U+001E between two.
#[cfg(feature = "hydrate")]
pub mod sentences {
    use std::{fmt::Display, sync::OnceLock};

    type Table = OnceLock<Vec<(&'static str, &'static str)>>;

    /// The table of the first view, and that of candidates or staff, which comes after it or instead of it.
    static FIRST: Table = Table::new();
    static FULL: Table = Table::new();

    /// Takes a table over. It stays as long as the page, so it is never given back. Says whether it belongs to this module.
    pub fn take(table: String) -> bool {
        let table: &'static str = Box::leak(table.into_boxed_str());
        let lines: Vec<_> = table.split('\u{1e}').filter_map(|line| line.split_once('\u{1f}')).collect();
        let [first, ..] = super::COUNTS;
        let place = if lines.len() == first { &FIRST } else { &FULL };
        super::COUNTS.contains(&lines.len()) && place.set(lines).is_ok()
    }
    /// Whether the sentences of all pages are here, and not only those of the first view.
    pub fn are_complete() -> bool {
        FULL.get().is_some()
    }
    fn table() -> &'static [(&'static str, &'static str)] {
        FULL.get().or_else(|| FIRST.get()).map(Vec::as_slice).unwrap_or_default()
    }
    pub(super) fn at(number: usize) -> &'static str {
        table().get(number).map(|line| line.1).unwrap_or_default()
    }
    pub(super) fn by(key: &str) -> Option<&'static str> {
        // Each part is sorted, those without a key first; the later parts are there where they were fetched.
        let mut from = 0;
        for to in super::COUNTS {
            let lines = table().get(from..to)?;
            if let Ok(at) = lines.binary_search_by_key(&key, |line| line.0) {
                return lines.get(at).map(|line| line.1);
            }
            from = to;
        }
        None
    }
    /// A sentence by its number, with its `{names}` replaced.
    pub(super) fn fill(number: usize, arguments: &[(&str, &dyn Display)]) -> String {
        super::replace_names(at(number), arguments)
    }
}

/// The server has every sentence.
#[cfg(not(feature = "hydrate"))]
pub mod sentences {
    /// Whether the sentences of all pages are here.
    pub const fn are_complete() -> bool {
        true
    }
}

/// The sentences of the locale files, read when the first one is asked for. Only the server of `make dev` does this, so that a changed
/// sentence needs a restart and no build.
#[cfg(feature = "dev")]
mod locale_files {
    use crate::lang::Lang;
    use serde_json::Value;
    use std::{collections::HashMap, fmt::Display, fs, sync::LazyLock};

    type Sentences = HashMap<String, String>;

    static FILES: LazyLock<[Sentences; 2]> = LazyLock::new(|| ["zh", "en"].map(read));

    fn read(lang: &str) -> Sentences {
        let file = format!("{}/locales/{lang}.json", env!("CARGO_MANIFEST_DIR"));
        let text = fs::read_to_string(&file).unwrap_or_default();
        let mut sentences = Sentences::new();
        match serde_json::from_str(&text) {
            Ok(value) => flatten("", value, &mut sentences),
            Err(error) => tracing::error!(file, %error, "a locale file cannot be read"),
        }
        sentences
    }
    fn flatten(key: &str, value: Value, into: &mut Sentences) {
        match value {
            Value::Object(map) => {
                for (name, inner) in map {
                    flatten(&if key.is_empty() { name } else { format!("{key}.{name}") }, inner, into);
                }
            }
            Value::String(sentence) => {
                into.insert(key.to_owned(), sentence);
            }
            _ => {}
        }
    }
    pub(super) fn get(lang: Lang, key: &str) -> Option<&'static str> {
        let [zh, en] = &*FILES;
        match lang {
            Lang::Zh => zh.get(key),
            Lang::En => en.get(key),
        }
        .map(String::as_str)
    }
    /// A sentence by its key. The build has checked that it exists; a file that was broken since shows the key.
    pub(super) fn at(lang: Lang, key: &'static str) -> &'static str {
        get(lang, key).unwrap_or(key)
    }
    pub(super) fn fill(lang: Lang, key: &'static str, arguments: &[(&str, &dyn Display)]) -> String {
        super::replace_names(at(lang, key), arguments)
    }
}

/// A sentence with its `{names}` replaced by what is displayed for them.
#[cfg(any(feature = "hydrate", feature = "dev"))]
fn replace_names(sentence: &str, arguments: &[(&str, &dyn std::fmt::Display)]) -> String {
    let mut filled = String::new();
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        if let Some((_, value)) = arguments.iter().find(|argument| argument.0 == name) {
            filled.push_str(&value.to_string());
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// What a code says. The number it mentions stands for `{n}`.
pub fn problem(lang: Lang, code: Code) -> String {
    let sentence = lookup(lang, &format!("problem.{}", code.key())).unwrap_or_default();
    let number = match code {
        Code::Photo(PhotoProblem::TooSmall(pixels)) => Some(pixels.to_string()),
        _ => code.number().map(|n| n.to_string()),
    };
    match number {
        Some(n) => sentence.replace("{n}", &n),
        None => sentence.to_owned(),
    }
}
/// What a code says about a field: where the answer is missing, which one it is.
pub fn field_problem(lang: Lang, field: Field, label: &str, code: Code) -> String {
    if code == Code::REQUIRED
        && let Some(own) = lookup(lang, &format!("missing.{}", field.name()))
    {
        return own.to_owned();
    }
    match (code == Code::REQUIRED, field.is_chosen()) {
        (true, true) => form_choose_it(lang, label),
        (true, false) => form_fill_in(lang, label),
        (false, _) => problem(lang, code),
    }
}
/// The same where the field is not beside it.
pub fn named_problem(lang: Lang, field: Field, label: &str, code: Code) -> String {
    let sentence = field_problem(lang, field, label, code);
    if code == Code::REQUIRED { sentence } else { form_named(lang, label, sentence) }
}
/// The label of a field.
pub fn label(lang: Lang, field: Field) -> &'static str {
    lookup(lang, &format!("field.{}", field.name())).unwrap_or_default()
}
/// The hint of a field, if it has one.
pub fn hint(lang: Lang, field: Field) -> Option<&'static str> {
    lookup(lang, &format!("hint.{}", field.name()))
}
/// What a password must be.
pub fn password_rule(lang: Lang, rule: &forms::rule_set::PasswordRule) -> String {
    if rule.letters_and_digits_only {
        register_password_letters(lang, rule.min, rule.max)
    } else {
        register_password_any(lang, rule.min, rule.max)
    }
}
/// The name of a step.
pub fn step_title(lang: Lang, step: Step) -> &'static str {
    match step {
        Step::Category => step_category(lang),
        Step::Basic => step_basic(lang),
        Step::Work => step_work(lang),
        Step::Education => step_education(lang),
        Step::Certificate => step_certificate(lang),
        Step::Site => step_site(lang),
        Step::Confirm => step_confirm(lang),
    }
}
/// The label of a value of a list.
pub fn choice<T: Choice>(lang: Lang, value: T) -> &'static str {
    choice_code(lang, T::LIST, value.code())
}
/// The label of a value by the codes of list and value.
pub fn choice_code(lang: Lang, list: &str, code: &str) -> &'static str {
    lookup(lang, &format!("choice.{list}.{code}")).unwrap_or_default()
}
/// The values of a list with their labels.
pub fn options<T: Choice>(lang: Lang, values: &[T]) -> Vec<(String, String)> {
    labelled(lang, T::LIST, &mut values.iter().map(|value| value.code()))
}
fn labelled(lang: Lang, list: &str, codes: &mut dyn Iterator<Item = &'static str>) -> Vec<(String, String)> {
    codes.map(|code| (code.to_owned(), choice_code(lang, list, code).to_owned())).collect()
}

/// A day and a time of day. Days and months are written as they are typed (S23), whatever the language.
pub fn moment_text(date: forms::value::Date, (hour, minute): (u8, u8)) -> String {
    format!("{date} {hour:02}:{minute:02}")
}
/// From one day, month or moment to another; one of them where the other is not known.
pub fn range_text(lang: Lang, from: &str, to: &str) -> String {
    if from.is_empty() || to.is_empty() { [from, to].concat() } else { date_range(lang, from, to) }
}
