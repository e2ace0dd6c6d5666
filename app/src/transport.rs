//! What travels between server and browser for every feature. What one feature alone sends is in its `data` module.
use crate::error::AppError;
use base64::{Engine, engine::general_purpose::STANDARD};
use forms::{
    Context, Field, Problem,
    rule_set::{RULES_2021, RuleSet, rule_set},
    value::Date,
};
use leptos::prelude::SharedValue;
#[cfg(feature = "ssr")]
use leptos::prelude::use_context;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, convert::Infallible, fmt, marker::PhantomData, str::FromStr};

/// The text typed into each field of a form. A form has some twenty fields: a linear search is as fast as a tree and adds no
/// code to the module.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Values(Vec<(Field, String)>);
impl Values {
    /// Nothing typed.
    pub const fn new() -> Self {
        Self(Vec::new())
    }
    /// What was typed in a field, if it is known.
    pub fn get(&self, field: Field) -> Option<&str> {
        self.0.iter().find(|(own, _)| *own == field).map(|(_, text)| text.as_str())
    }
    /// The same as a text of its own; nothing if it is not known.
    pub fn text(&self, field: Field) -> String {
        self.get(field).unwrap_or_default().to_owned()
    }
    /// Keeps what was typed.
    pub fn set(&mut self, field: Field, typed: String) {
        match self.0.iter_mut().find(|(own, _)| *own == field) {
            Some((_, text)) => *text = typed,
            None => self.0.push((field, typed)),
        }
    }
    /// Forgets fields, those that hold a secret for instance.
    pub fn forget(&mut self, fields: &[Field]) {
        self.0.retain(|(field, _)| !fields.contains(field));
    }
    /// Fields and texts.
    pub fn iter(&self) -> impl Iterator<Item = (Field, &str)> {
        self.0.iter().map(|(field, text)| (*field, text.as_str()))
    }
}
impl FromIterator<(Field, String)> for Values {
    fn from_iter<I: IntoIterator<Item = (Field, String)>>(pairs: I) -> Self {
        let mut values = Self::new();
        pairs.into_iter().for_each(|(field, text)| values.set(field, text));
        values
    }
}
/// A form as it is posted: one text for each name.
pub type FormFields = BTreeMap<String, String>;

/// Values as they are posted.
pub fn to_fields(values: &Values) -> FormFields {
    values.iter().map(|(field, text)| (field.name().to_owned(), text.to_owned())).collect()
}

/// The build that this code belongs to: a hash over the sources that decide the layout of encoded values (`app/build.rs`).
pub const BUILD: &str = env!("YIKAO_BUILD");

/// A value as text: the hash of the build, then the fields in their order (postcard) in base64 (RFC 4648). Whatever carries it
/// decodes a string; the value itself is decoded in one place, so that the module holds one decoder for each type, and none
/// of them looks for names of fields. Since the layout has no names, a value of another build is refused and never decoded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Encoded<T>(String, #[serde(skip)] PhantomData<fn() -> T>);
#[cfg(feature = "ssr")]
impl<T: Serialize> Encoded<T> {
    /// Encodes a value.
    ///
    /// # Errors
    /// [`AppError::Internal`] if the value cannot be serialised, which postcard does for every type used here.
    pub fn new(value: &T) -> Result<Self, AppError> {
        let bytes = postcard::to_allocvec(value).map_err(|error| AppError::internal("encoding an answer", &error))?;
        Ok(Self(format!("{BUILD}{}", STANDARD.encode(bytes)), PhantomData))
    }
}
impl<T: DeserializeOwned> Encoded<T> {
    /// The text that travels.
    pub fn into_text(self) -> String {
        self.0
    }
    /// A value from its text.
    pub fn from_text(text: String) -> Self {
        Self(text, PhantomData)
    }
    /// Decodes it.
    ///
    /// # Errors
    /// [`AppError::Outdated`] if another build encoded it, [`AppError::BadRequest`] if it is malformed.
    pub fn decode(self) -> Result<T, AppError> {
        let text = self.0.strip_prefix(BUILD).ok_or(AppError::Outdated)?;
        let bytes = STANDARD.decode(text).map_err(|_| AppError::BadRequest)?;
        postcard::from_bytes(&bytes).map_err(|_| AppError::BadRequest)
    }
}

impl<T> fmt::Display for Encoded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<T> FromStr for Encoded<T> {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned(), PhantomData))
    }
}

/// What came of the form that this page was posted with, if it was. Has to be called before anything asynchronous.
pub fn submission_result() -> Option<SubmissionResult> {
    shared_result()
}
/// The same for a form with a result of its own.
pub fn shared_result<T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static>() -> Option<T> {
    #[cfg(feature = "ssr")]
    let provided = || use_context::<T>().and_then(|result| Encoded::new(&result).ok()).map(Encoded::into_text);
    // The browser reads what the server provided, and holds no code that encodes.
    #[cfg(not(feature = "ssr"))]
    let provided = || None;
    shared(provided).and_then(|text| Encoded::from_text(text).decode().ok())
}

/// A text that the server knows when it renders the page, and the browser when it hydrates it.
pub fn shared(of: impl FnOnce() -> Option<String>) -> Option<String> {
    let text = SharedValue::new_str(|| of().unwrap_or_default()).into_inner();
    Some(text).filter(|text| !text.is_empty())
}

/// Date and rule set, by the name under which both sides know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleContext {
    /// Today in Asia/Shanghai, as the server knows it.
    pub today: Date,
    /// The name of the rule set.
    pub rules: String,
}
impl RuleContext {
    /// The rule set of that name.
    pub fn rules(&self) -> &'static RuleSet {
        rule_set(&self.rules).unwrap_or(&RULES_2021)
    }
    /// What the rules depend on.
    pub fn context(&self) -> Context<'static> {
        Context { today: self.today, rules: self.rules() }
    }
}

/// The header in which calls and uploads by script bring the token of their page.
pub const PAGE_HEADER: &str = "x-page";
/// The header of a form that is kept as a draft and not submitted: the script of a page that is left posts it.
pub const DRAFT_HEADER: &str = "x-draft";
/// The header with the number of a save among those of its page, since they may arrive in another order than they were sent.
pub const ORDER_HEADER: &str = "x-order";
/// The parameter of the address of a new entry that names the page on which it was begun.
pub const BEGUN_PARAMETER: &str = "begun";
/// The field in which a posted form brings it.
pub const PAGE_FIELD: &str = "page";
/// The token of the page that is drawn (`registry::PageToken`). Views find it in their context.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct PageTokenText(pub String);

/// What stands around every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LayoutData {
    /// Who is logged in.
    pub username: Option<String>,
}

/// What came of a form posted without script: the page is rendered again with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubmissionResult {
    /// What was typed; secrets left out.
    pub values: Values,
    pub problems: Vec<Problem>,
    /// The username that a duplicate registration names in part (S12).
    pub masked: Option<String>,
    /// Another window saved in the meantime.
    pub conflict: bool,
}
impl SubmissionResult {
    /// What was typed, and that another window saved in the meantime.
    pub fn conflicting(values: Values) -> Self {
        Self { values, conflict: true, ..Self::default() }
    }
    /// What was typed, and why it is refused.
    pub fn refused(values: Values, problems: Vec<Problem>) -> Self {
        Self { values, problems, ..Self::default() }
    }
}

/// What saving a form answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SaveResult {
    /// It is stored under this version.
    Saved(i64),
    /// It was refused.
    Problems(Vec<Problem>),
}

/// What became of a person's request for a name, shown beside fields that hold the name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameNote {
    /// The list: school, major or employer.
    pub kind: String,
    pub name: String,
    /// The sentence to show.
    pub text: String,
}
