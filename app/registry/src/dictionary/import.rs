//! Lists of names as files: CSV in UTF-8, with a heading. Columns: `name`; and, where they are there, `region` (two digits or the name
//! of the provincial unit), `former` and `includes` (several, apart by `|`), `merged_into` (the name of another entry), `weight`
//! (0 to 255) and `active` (yes or no).
use super::Refusal;
use std::collections::HashMap;

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its line in the file, from one.
    pub line: usize,
    /// The name that counts.
    pub name: String,
    /// Names it had.
    pub former: Vec<String>,
    /// Two digits of the provincial unit, or nothing.
    pub region: String,
    /// 0 to 255.
    pub weight: u8,
    /// What a broad major includes.
    pub includes: Vec<String>,
    /// The name of the entry it became part of.
    pub merged_into: Option<String>,
    /// Whether it may be chosen.
    pub active: bool,
}

impl Listed {
    /// A name and its region, and nothing else.
    pub fn of(name: &str, region: &str) -> Self {
        Self { name: name.into(), region: region.into(), active: true, ..Self::default() }
    }
}

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileList {
    /// Its rows.
    pub list: Vec<Listed>,
    /// Rows that are wrong in themselves: their line, and why.
    pub refused: Vec<(usize, Refusal)>,
}

/// Why a file is no list.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is no column of names.
    #[error("the first line names no column `name`")]
    NoNames,
    /// A line cannot be read.
    #[error("line {0} is not CSV in UTF-8")]
    Line(usize),
}

/// Reads a list; `regions` are the codes of the provincial units by their names.
pub fn read_list(file: &[u8], regions: &HashMap<String, String>) -> Result<FileList, FileError> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(file);
    let headings = reader.headers().map_err(|_| FileError::Line(1))?.clone();
    let column = |name: &str| headings.iter().position(|heading| heading == name);
    let name = column("name").ok_or(FileError::NoNames)?;
    let [former, region, weight, includes, merged_into, active] =
        ["former", "region", "weight", "includes", "merged_into", "active"].map(column);
    let (mut list, mut refused) = (Vec::new(), Vec::new());
    for (number, row) in reader.records().enumerate() {
        let row = row.map_err(|_| FileError::Line(number + 2))?;
        let line = row.position().map_or(number + 2, |place| place.line() as usize);
        let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).unwrap_or_default();
        let several =
            |place| cell(place).split('|').map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect();
        let region = match cell(region) {
            "" => String::new(),
            code if regions.values().any(|known| known == code) => code.to_owned(),
            name => match regions.get(name) {
                Some(code) => code.clone(),
                None => {
                    refused.push((line, Refusal::UnknownRegion));
                    continue;
                }
            },
        };
        let weight = match cell(weight) {
            "" => 0,
            typed => match typed.parse() {
                Ok(weight) => weight,
                Err(_) => {
                    refused.push((line, Refusal::WrongWeight));
                    continue;
                }
            },
        };
        list.push(Listed {
            line,
            name: cell(Some(name)).to_owned(),
            former: several(former),
            region,
            weight,
            includes: several(includes),
            merged_into: Some(cell(merged_into)).filter(|name| !name.is_empty()).map(str::to_owned),
            active: !matches!(cell(active), "no" | "0" | "false" | "否"),
        });
    }
    Ok(FileList { list, refused })
}
