//! Typed ids: UUIDs made elsewhere (this crate has no randomness), and the serial number of an application.
use crate::text;
use core::fmt;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
            #[serde(transparent)]
            pub struct $name(Uuid);
            impl $name {
                /// Reads the hyphenated form.
                pub fn parse(text: &str) -> Option<Self> { Uuid::try_parse(text).ok().map(Self) }
                /// The plain UUID, for storage.
                pub const fn uuid(self) -> Uuid { self.0 }
                /// Its 16 bytes, for associated data.
                pub const fn as_bytes(&self) -> &[u8; 16] { self.0.as_bytes() }
            }
            impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write!(f, "{}", self.0.hyphenated()) }
            }
        )*
    };
}

ids! {
    /// A person: one for each document type and number.
    PersonId,
    /// An account.
    AccountId,
    /// An education, training or certificate entry of a profile.
    EntryId,
    /// A stored photo.
    PhotoId,
    /// An examination session (a year's examination, not a log-in).
    ExamSessionId,
    /// An application.
    ApplicationId,
    /// A dictionary entry.
    DictionaryId,
    /// A request for a name that is missing from the dictionaries.
    NameRequestId,
    /// A file that is kept until the request that it came with is sent.
    KeptFileId,
    /// Somebody of the staff.
    StaffId,
    /// A notice.
    NoticeId,
    /// A job of the queue.
    JobId,
    /// A claim that somebody else registered one's document.
    IdentityClaimId,
    /// A log-in that is open, as forms name it. It is not its token.
    LoginSessionId,
}

/// The serial number of an application: year (2), area (2), category (3), seven random digits, and the ISO 7064
/// MOD 11-2 check character over them; fifteen characters (S126).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Serial(String);

impl Serial {
    /// Puts a serial together. Year, area and category are reduced to their digits' places.
    pub fn new(year: u16, area: &str, category: &str, random: u32) -> Self {
        let digits = |s: &str, n: usize| -> String {
            format!("{:0>n$}", s.chars().filter(char::is_ascii_digit).take(n).collect::<String>())
        };
        let body = format!("{:02}{}{}{:07}", year % 100, digits(area, 2), digits(category, 3), random % 10_000_000);
        let check = text::mod_11_2(body.as_bytes()) as char;
        Self(format!("{body}{check}"))
    }
    /// Reads a serial and checks its last character.
    pub fn parse(raw: &str) -> Option<Self> {
        let plain = text::half_width(raw).to_ascii_uppercase();
        let b = plain.as_bytes();
        let right = b.len() == 15 && b[..14].iter().all(u8::is_ascii_digit) && text::mod_11_2(&b[..14]) == b[14];
        right.then_some(Self(plain))
    }
    /// The serial as one word.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl From<Serial> for String {
    fn from(serial: Serial) -> String {
        serial.0
    }
}
impl TryFrom<String> for Serial {
    type Error = &'static str;
    fn try_from(raw: String) -> Result<Self, Self::Error> {
        Self::parse(&raw).ok_or("serial")
    }
}
