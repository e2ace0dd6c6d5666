//! One function for each sentence, generated from `locales/`.
use crate::lang::Lang;
use forms::{Code, Field, choice::Choice};

include!(concat!(env!("OUT_DIR"), "/text.rs"));

/// What a code says. The number it mentions stands for `{n}`.
pub fn problem(lang: Lang, code: Code) -> String {
    let sentence = lookup(lang, &format!("problem.{}", code.key())).unwrap_or_default();
    match code.number() {
        Some(n) => sentence.replace("{n}", &n.to_string()),
        None => sentence.to_owned(),
    }
}
/// The label of a field.
pub fn label(lang: Lang, field: Field) -> &'static str {
    lookup(lang, &format!("field.{}", field.name())).unwrap_or_default()
}
/// The hint of a field, if it has one.
pub fn hint(lang: Lang, field: Field) -> Option<&'static str> {
    lookup(lang, &format!("hint.{}", field.name()))
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
    values.iter().map(|value| (value.code().to_owned(), choice(lang, *value).to_owned())).collect()
}
