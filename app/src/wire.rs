//! What travels between server and browser besides the forms themselves.
use crate::{error::AppError, lang::Lang};
use base64::{Engine, engine::general_purpose::STANDARD};
use forms::{
    Context, Field, Problem,
    account::Identity,
    application::{ApplicationContext, ApplicationDraft, EntryView},
    category::Category,
    ids::{ApplicationId, ExamSessionId, PhotoId},
    rules::{RULES_2021, RuleSet, rule_set},
    status::ApplicationStatus,
    value::Date,
};
use leptos::{
    prelude::{SharedValue, use_context},
    server_fn::{Bytes, ContentType, Decodes, Encodes, Format, FormatType, codec::Post},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, convert::Infallible, fmt, marker::PhantomData, str::FromStr};

/// What was typed into a form: field and text. A form has some twenty fields, so looking through them is as quick as a tree
/// and needs no code of its own in the browser.
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
/// The same as it is posted, by the names of the fields.
pub type Posted = BTreeMap<String, String>;

/// The posted form of some values.
pub fn posted(values: &Values) -> Posted {
    values.iter().map(|(field, text)| (field.name().to_owned(), text.to_owned())).collect()
}

/// A value on its way, as text: its fields in their order (postcard), in letters and digits (base64, RFC 4648). Whatever
/// carries it decodes a string; the value itself is decoded in one place, so that the browser's module holds one decoder for
/// each type instead of one for each way it may come, and none of them looks for names of fields.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Packed<T>(String, #[serde(skip)] PhantomData<fn() -> T>);
impl<T: Serialize> Packed<T> {
    /// Packs a value.
    pub fn new(value: &T) -> Self {
        Self(STANDARD.encode(postcard::to_allocvec(value).unwrap_or_default()), PhantomData)
    }
}
impl<T: DeserializeOwned> Packed<T> {
    /// The text that travels.
    pub fn into_text(self) -> String {
        self.0
    }
    /// What a text holds.
    pub fn from_text(text: String) -> Self {
        Self(text, PhantomData)
    }
    /// Unpacks it.
    pub fn open(self) -> Result<T, AppError> {
        let bytes = STANDARD.decode(self.0).map_err(|_| AppError::BadRequest)?;
        postcard::from_bytes(&bytes).map_err(|_| AppError::BadRequest)
    }
}

impl<T> fmt::Display for Packed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl<T> FromStr for Packed<T> {
    type Err = Infallible;
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned(), PhantomData))
    }
}

/// How server functions answer: by the text of a value, which `FromStr` reads. JSON would bring a parser into the module.
pub struct TextEncoding;
/// Answers as text.
pub type Text = Post<TextEncoding>;
impl ContentType for TextEncoding {
    const CONTENT_TYPE: &'static str = "text/plain; charset=utf-8";
}
impl FormatType for TextEncoding {
    const FORMAT_TYPE: Format = Format::Text;
}
impl<T: fmt::Display> Encodes<T> for TextEncoding {
    type Error = Infallible;
    fn encode(value: &T) -> Result<Bytes, Infallible> {
        Ok(value.to_string().into())
    }
}
impl<T: FromStr> Decodes<T> for TextEncoding {
    type Error = AppError;
    fn decode(bytes: Bytes) -> Result<T, AppError> {
        str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok()).ok_or(AppError::BadRequest)
    }
}

/// The outcome of the form that this page was posted with, if it was. Must be asked for before anything asynchronous.
pub fn outcome() -> Option<Outcome> {
    let packed = shared(|| use_context::<Outcome>().map(|outcome| Packed::new(&outcome).into_text()));
    packed.and_then(|text| Packed::from_text(text).open().ok())
}

/// A text that the server knows when it draws the page, and the browser when it wakes it.
pub fn shared(of: impl FnOnce() -> Option<String>) -> Option<String> {
    let text = SharedValue::new_str(|| of().unwrap_or_default()).into_inner();
    Some(text).filter(|text| !text.is_empty())
}

/// Rules and date, as names that both sides resolve to the same rule set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// Today in Asia/Shanghai, as the server knows it.
    pub today: Date,
    /// Name of the rule set.
    pub rules: String,
}
impl Basis {
    /// The rule set of that name.
    pub fn rules(&self) -> &'static RuleSet {
        rule_set(&self.rules).unwrap_or(&RULES_2021)
    }
    /// What the rules depend on.
    pub fn context(&self) -> Context<'static> {
        Context { today: self.today, rules: self.rules() }
    }
}

/// What stands around every page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Who is logged in.
    pub username: Option<String>,
}

/// The outcome of a form posted without script: the page is drawn again with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What was typed; secrets left out.
    pub values: Values,
    /// What is wrong.
    pub problems: Vec<Problem>,
    /// The username that a duplicate registration names in part (S12).
    pub masked: Option<String>,
    /// Another window saved in the meantime.
    pub conflict: bool,
}

/// A group of the profile that is not repeatable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupData {
    /// As typed.
    pub values: Values,
    /// Its version.
    pub version: i64,
    /// Whether a valid version is kept.
    pub valid: bool,
}

/// What became of a person's request for a name, said beside fields that hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameNote {
    /// The list: school, major or employer.
    pub kind: String,
    /// The name.
    pub name: String,
    /// In a sentence.
    pub said: String,
}

/// A whole profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileData {
    /// Today and the rules.
    pub basis: Basis,
    /// Who it is.
    pub identity: Identity,
    /// Photo.
    pub photo: Option<PhotoId>,
    /// 基本信息.
    pub basic: GroupData,
    /// 联系方式.
    pub contact: GroupData,
    /// 工作情况.
    pub work: GroupData,
    /// The repeatable groups.
    pub entries: Vec<EntryView>,
    /// Names that were asked for.
    pub names: Vec<NameNote>,
}

/// A category as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CategoryData {
    /// Code.
    pub code: Category,
    /// Name in the page's language.
    pub name: String,
    /// Whether the code is known to be in use.
    pub confirmed: bool,
}

/// An examination session as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamData {
    /// Its id.
    pub id: ExamSessionId,
    /// Name in the page's language.
    pub name: String,
    /// Year.
    pub year: u16,
    /// Whether the window is open.
    pub open: bool,
    /// First and last moment of online application, as a day and a time of day.
    pub opens: String,
    /// See `opens`.
    pub closes: String,
    /// Days of review on site.
    pub review: (String, String),
}

/// An application in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApplicationData {
    /// Its id.
    pub id: ApplicationId,
    /// Name of the session.
    pub exam: String,
    /// Name of the category.
    pub category: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// Serial.
    pub serial: Option<String>,
    /// Site.
    pub site: Option<String>,
    /// When it was submitted.
    pub submitted: Option<String>,
    /// When it was last saved.
    pub updated: String,
    /// Last moment at which a draft may be submitted.
    pub closes: String,
    /// Whether the window is open.
    pub open: bool,
}

/// The page of applications, and the catalogue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExamsData {
    /// Sessions with their categories.
    pub exams: Vec<(ExamData, Vec<CategoryData>)>,
    /// The person's applications.
    pub applications: Vec<ApplicationData>,
}

/// 考区 with its 考点: code and name each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AreaData {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Open sites: code and name.
    pub sites: Vec<(String, String)>,
}

/// Everything the wizard shows and judges by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WizardData {
    /// The application.
    pub id: ApplicationId,
    /// Its version.
    pub version: i64,
    /// The answers that a returned application may change (X28).
    pub opened: Vec<Field>,
    /// Why answers were returned, in words.
    pub reasons: Vec<(Field, String)>,
    /// Where it stands; only what may be changed is shown by the wizard.
    pub status: ApplicationStatus,
    /// The answers.
    pub draft: ApplicationDraft,
    /// Today and the session's rules.
    pub basis: Basis,
    /// Who applies.
    pub identity: Identity,
    /// The profile's entries.
    pub entries: Vec<EntryView>,
    /// Photo.
    pub photo: Option<PhotoId>,
    /// The session.
    pub exam: ExamData,
    /// The day on which ages are counted.
    pub reference_date: Date,
    /// The categories open.
    pub categories: Vec<CategoryData>,
    /// Codes of the categories open.
    pub open: Vec<Category>,
    /// Attempts that the books know.
    pub history: Vec<(Category, u32)>,
    /// Areas and sites.
    pub areas: Vec<AreaData>,
    /// Names that were asked for.
    pub names: Vec<NameNote>,
}
impl WizardData {
    /// What the answers are judged against.
    pub fn context(&self) -> ApplicationContext<'_> {
        ApplicationContext {
            base: self.basis.context(),
            identity: &self.identity,
            entries: &self.entries,
            photo: self.photo,
            exam_year: self.exam.year,
            reference_date: self.reference_date,
            open: &self.open,
            history: &self.history,
        }
    }
    /// The name of the chosen category.
    pub fn category_name(&self) -> String {
        let chosen = self.draft.chosen_category();
        self.categories.iter().find(|c| Some(c.code) == chosen).map(|c| c.name.clone()).unwrap_or_default()
    }
}

/// What saving answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Save {
    /// It is in the books under this version.
    Saved(i64),
    /// It is not right.
    Problems(Vec<Problem>),
}

/// A day and a time of day, as people write them.
pub fn moment_text(lang: Lang, date: Date, (hour, minute): (u8, u8)) -> String {
    crate::text::date_moment(
        lang,
        date.year(),
        format!("{:02}", date.month()),
        format!("{:02}", date.day()),
        format!("{hour:02}:{minute:02}"),
    )
}
