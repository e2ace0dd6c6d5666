//! Names of schools, majors and employers: in the books, in memory to be searched, and in files to be imported (S24–S29, S73, S118).
mod books;
mod import;
mod memory;
mod near;
mod whole;

pub use books::{Entry, Refusal, Report};
pub(crate) use books::{change, entry, entry_named, latest, only_listed_as};
pub use import::{FileError, FileList, Listed, read_list};
pub use memory::{Dictionary, Hit};
pub use whole::{LONGEST_WHOLE, WholeList};

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
    /// Its name in paths and in storage.
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
