//! The message of a field.
use leptos::prelude::*;

/// A message below a control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Error(String),
    /// A warning, which does not prevent the submission.
    Warning(String),
    /// The name is in the dictionary.
    Listed(String),
}
impl Message {
    /// The class of the field that has it.
    pub(super) const fn field_class(&self) -> &'static str {
        match self {
            Self::Error(_) => "field wrong",
            Self::Warning(_) => "field advised",
            Self::Listed(_) => "field listed",
        }
    }
    pub(super) fn render(self) -> AnyView {
        let (class, sentence) = match self {
            Self::Error(sentence) => ("say-wrong", sentence),
            Self::Warning(sentence) => ("say-warning", sentence),
            Self::Listed(sentence) => ("say-listed", sentence),
        };
        view! { <span class=class>{sentence}</span> }.into_any()
    }
}
