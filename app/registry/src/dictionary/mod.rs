//! Names of schools, majors and employers: in the database, in memory to be searched, and in files to be imported (S24–S29, S73,
//! S118).
mod browse;
mod cities;
pub(crate) mod completion;
mod entry;
mod file;
mod full_list;
mod generation;
mod import;
mod memory;
mod places;
mod similar;

pub use browse::{NAMES_ON_PAGE, NamePage, PlaceCount};
pub use entry::Entry;
pub(crate) use entry::{entry, entry_named, only_listed_as};
pub use file::{FileError, FileList, Listed, Refusal, read_list};
pub use full_list::{FullList, MAX_FULL_LIST};
pub(crate) use generation::{change, latest};
pub use import::Report;
pub use memory::{Dictionary, Hit};
pub use places::Place;

use forms::choice::NameKind;

/// What a name is the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DictionaryKind {
    /// 学校.
    School,
    /// 专业.
    Major,
    /// 工作单位.
    Employer,
}
impl DictionaryKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::School, Self::Major, Self::Employer];
    /// Its name in paths and in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Major => "major",
            Self::Employer => "employer",
        }
    }
    /// The kind of that name.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
impl From<NameKind> for DictionaryKind {
    fn from(kind: NameKind) -> Self {
        match kind {
            NameKind::School => Self::School,
            NameKind::Major => Self::Major,
            NameKind::Employer => Self::Employer,
        }
    }
}
