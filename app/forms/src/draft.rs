//! Drafts keep what a person typed as it was typed; checking one changes nothing.
use crate::{Code, Field, Problem, Problems, problem::TextProblem, rule_set::RuleSet, text, value::Date};

/// What a rule may depend on besides the answers.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// Today in Asia/Shanghai.
    pub today: Date,
    /// The rule set in force.
    pub rules: &'a RuleSet,
}

/// A form half filled in: every answer is the text that was typed.
pub trait Draft: Clone + Default {
    /// Its fields, in the order of the page.
    const FIELDS: &'static [Field];
    /// What was typed in a field; nothing for a field of another form.
    fn get(&self, field: Field) -> &str;
    /// Keeps what was typed; a field of another form is ignored.
    fn set(&mut self, field: Field, typed: String);

    /// A draft from posted pairs. Unknown names are ignored, of a repeated name the last counts.
    fn from_pairs<K: AsRef<str>, V: Into<String>>(pairs: impl IntoIterator<Item = (K, V)>) -> Self {
        let mut draft = Self::default();
        for (name, typed) in pairs {
            if let Some(field) = Field::parse(name.as_ref()) {
                draft.set(field, typed.into());
            }
        }
        draft
    }
    /// Whether nothing was entered anywhere.
    fn is_blank(&self) -> bool {
        Self::FIELDS.iter().all(|&field| text::is_blank(self.get(field)))
    }
    /// The same draft as pairs of field and text, blank ones left out.
    fn pairs(&self) -> Vec<(Field, String)> {
        let filled = |field: &Field| !self.get(*field).is_empty();
        Self::FIELDS.iter().copied().filter(filled).map(|field| (field, self.get(field).to_owned())).collect()
    }
}

/// Defines a draft: a struct of strings that remembers which field is which, and whose `Debug` shows no answer.
macro_rules! draft {
    ($(#[$meta:meta])* $name:ident { $($(#[$fmeta:meta])* $field:ident: $variant:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(from = "std::collections::BTreeMap<String, String>", into = "std::collections::BTreeMap<String, String>")]
        pub struct $name { $(#[doc = concat!("As typed: `", stringify!($field), "`.")] $(#[$fmeta])* pub $field: String),* }
        impl $crate::Draft for $name {
            const FIELDS: &'static [$crate::Field] = &[$($crate::Field::$variant),*];
            fn get(&self, field: $crate::Field) -> &str {
                match field { $($crate::Field::$variant => &self.$field,)* _ => "" }
            }
            fn set(&mut self, field: $crate::Field, typed: String) {
                match field { $($crate::Field::$variant => self.$field = typed,)* _ => {} }
            }
        }
        // Drafts travel and are stored as maps from field to text: what an older version did not have is blank, and all of
        // them share one decoder, which keeps the browser's module small.
        impl From<std::collections::BTreeMap<String, String>> for $name {
            fn from(map: std::collections::BTreeMap<String, String>) -> Self {
                $crate::Draft::from_pairs(map)
            }
        }
        impl From<$name> for std::collections::BTreeMap<String, String> {
            fn from(draft: $name) -> Self {
                $crate::Draft::pairs(&draft).into_iter().map(|(field, text)| (field.name().to_owned(), text)).collect()
            }
        }
        impl core::fmt::Debug for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                let filled: Vec<&str> = [$((stringify!($field), self.$field.is_empty())),*].iter().filter(|x| !x.1).map(|x| x.0).collect();
                write!(f, concat!(stringify!($name), "(filled: {:?})"), filled)
            }
        }
    };
}
pub(crate) use draft;

/// Collects problems while the answers of a draft are parsed one after another.
pub(crate) struct Checker<'a, D> {
    pub(crate) draft: &'a D,
    pub(crate) problems: Problems,
}

impl<'a, D: Draft> Checker<'a, D> {
    pub(crate) fn new(draft: &'a D) -> Self {
        Self { draft, problems: Vec::new() }
    }
    pub(crate) fn fail(&mut self, field: Field, code: impl Into<Code>) {
        self.problems.push(Problem { field, code: code.into() });
    }
    /// Parses an answer that must be there.
    pub(crate) fn required<T, E: Into<Code>>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        match self.optional(field, parse) {
            Some(None) => {
                self.fail(field, TextProblem::Required);
                None
            }
            other => other.flatten(),
        }
    }
    /// Parses an answer that may be left out: `Some(None)` is blank, `None` is wrong.
    pub(crate) fn optional<T, E: Into<Code>>(
        &mut self,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        let typed = self.draft.get(field);
        if text::is_blank(typed) {
            return Some(None);
        }
        match parse(typed) {
            Ok(value) => Some(Some(value)),
            Err(code) => {
                self.fail(field, code);
                None
            }
        }
    }
    /// Required or optional, as a rule says.
    pub(crate) fn required_if<T, E: Into<Code>>(
        &mut self,
        required: bool,
        field: Field,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<Option<T>> {
        if required { self.required(field, parse).map(Some) } else { self.optional(field, parse) }
    }
    /// A box that is ticked or not.
    pub(crate) fn ticked(&self, field: Field) -> bool {
        self.draft.get(field) == TICKED
    }
    /// The complete form, if nothing was wrong.
    pub(crate) fn finish<T>(self, complete: Option<T>) -> Result<T, Problems> {
        match complete {
            Some(complete) if self.problems.is_empty() => Ok(complete),
            _ => Err(self.problems),
        }
    }
}

/// The value of a ticked box.
pub const TICKED: &str = "yes";

/// The text of a ticked or empty box.
pub(crate) fn tick(ticked: bool) -> String {
    if ticked { TICKED.to_owned() } else { String::new() }
}

/// The text of an optional value.
pub(crate) fn typed<T: ToString>(value: &Option<T>) -> String {
    value.as_ref().map(ToString::to_string).unwrap_or_default()
}
