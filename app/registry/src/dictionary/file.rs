//! Lists of names as files: CSV in UTF-8 or a workbook, with headings. The column `name` is required; optional are `region` (two
//! digits or the name of the provincial unit), `former` and `includes` (several, separated by `|`), `merged_into` (the name of
//! another entry), `weight` (0 to 255) and `active` (yes or no).
use calamine::Reader;
use std::collections::HashMap;

/// Why a row was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It holds no name that could be found.
    NoName,
    /// The name is longer than an answer may be, sixty characters.
    TooLong,
    /// The region is neither two digits of a provincial unit nor its name.
    UnknownRegion,
    /// The weight is no number from 0 to 255.
    WrongWeight,
    /// The same name stands in the file before, with the same region.
    Twice,
    /// What it is merged into is not there, or there more than once.
    UnknownTarget,
}

/// A row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Its line in the file, from one.
    pub line: usize,
    /// The name that counts.
    pub name: String,
    /// Names it had.
    pub former_names: Vec<String>,
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
    #[error("no line at the top names a column `name` or 学校名称")]
    NoNames,
    /// A line cannot be read.
    #[error("line {0} is not CSV in UTF-8")]
    Line(usize),
    /// A workbook cannot be read.
    #[error("the workbook cannot be read")]
    Workbook,
}

/// Headings of each column: ours, and those of the tables that ministries publish.
const NAME: &[&str] = &["name", "学校名称", "院校名称", "机构名称", "单位名称", "专业名称"];
const REGION: &[&str] = &["region", "province", "省份", "所在省份"];
const FORMER: &[&str] = &["former", "曾用名"];
const SCHOOL_CODE: &[&str] = &["学校标识码"];
/// A title, a date and notes may stand above the headings.
const ABOVE: usize = 10;

/// Whether a unit is meant by a name: its own, or what is left of it without what it is (黑龙江, 广西).
fn is_region(full: &str, name: &str) -> bool {
    full == name || (name.chars().count() > 1 && full.starts_with(name))
}

/// Rows with their line in the file, from one.
type Rows = Vec<(usize, Vec<String>)>;

/// The rows of a text, apart by commas.
fn text_rows(file: &[u8]) -> Result<Rows, FileError> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let mut reader = csv::ReaderBuilder::new().flexible(true).has_headers(false).trim(csv::Trim::All).from_reader(file);
    let row = |(number, row): (usize, csv::Result<csv::StringRecord>)| {
        let row = row.map_err(|_| FileError::Line(number + 1))?;
        let line = row.position().map_or(number + 1, |place| place.line() as usize);
        Ok((line, row.iter().map(str::to_owned).collect()))
    };
    reader.records().enumerate().map(row).collect()
}

/// The rows of the first sheet of a workbook, XLS or XLSX, without blank ones.
fn sheet_rows(file: &[u8]) -> Result<Rows, FileError> {
    let mut book = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(file)).map_err(|_| FileError::Workbook)?;
    let sheet = book.worksheet_range_at(0).and_then(Result::ok).ok_or(FileError::Workbook)?;
    let first = sheet.start().map_or(1, |(row, _)| row as usize + 1);
    let cells = |row: &[calamine::Data]| row.iter().map(|cell| cell.to_string().trim().to_owned()).collect();
    let rows = sheet.rows().enumerate().map(|(number, row)| (number + first, cells(row)));
    Ok(rows.filter(|(_, row): &(usize, Vec<String>)| row.iter().any(|cell| !cell.is_empty())).collect())
}

/// Reads a list; `regions` are the codes of the provincial units by their names. Besides CSV it may be a workbook (XLS, XLSX), and
/// have the headings that the ministry of education gives its list of schools, whose codes say in which unit a school is.
pub fn read_list(file: &[u8], regions: &HashMap<String, String>) -> Result<FileList, FileError> {
    let is_workbook = [&b"PK\x03\x04"[..], b"\xd0\xcf\x11\xe0"].iter().any(|magic| file.starts_with(magic));
    let rows = if is_workbook { sheet_rows(file)? } else { text_rows(file)? };
    let place_in = |row: &[String], names: &[&str]| row.iter().position(|cell| names.contains(&cell.as_str()));
    let heading =
        rows.iter().take(ABOVE).position(|(_, row)| place_in(row, NAME).is_some()).ok_or(FileError::NoNames)?;
    let (_, headings) = rows.get(heading).ok_or(FileError::NoNames)?;
    let column = |names: &[&str]| place_in(headings, names);
    let name = column(NAME).ok_or(FileError::NoNames)?;
    let school_code = column(SCHOOL_CODE);
    let [former, region, weight, includes, merged_into, active] =
        [FORMER, REGION, &["weight"], &["includes"], &["merged_into"], &["active"]].map(column);
    let (mut list, mut refused) = (Vec::new(), Vec::new());
    for (line, row) in rows.iter().skip(heading + 1) {
        let line = *line;
        let cell = |place: Option<usize>| place.and_then(|place| row.get(place)).map_or("", String::as_str);
        // What stands alone in its row of a workbook, and not under the names, is the heading of a section.
        let alone = row.iter().filter(|cell| !cell.is_empty()).count() == 1;
        if is_workbook && alone && cell(Some(name)).is_empty() {
            continue;
        }
        let several =
            |place| cell(place).split('|').map(str::trim).filter(|n| !n.is_empty()).map(str::to_owned).collect();
        // The third and fourth of a school's ten digits are those of its provincial unit.
        let of_code = cell(school_code).get(2..4).unwrap_or_default();
        let region = match Some(cell(region)).filter(|region| !region.is_empty()).unwrap_or(of_code) {
            "" => String::new(),
            code if regions.values().any(|known| known == code) => code.to_owned(),
            name => match regions.iter().find(|(full, _)| is_region(full, name)) {
                Some((_, code)) => code.clone(),
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
            former_names: several(former),
            region,
            weight,
            includes: several(includes),
            merged_into: Some(cell(merged_into)).filter(|name| !name.is_empty()).map(str::to_owned),
            active: !matches!(cell(active), "no" | "0" | "false" | "否"),
        });
    }
    Ok(FileList { list, refused })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regions() -> HashMap<String, String> {
        [("北京市", "11"), ("河北省", "13")].map(|(name, code)| (name.to_owned(), code.to_owned())).into()
    }
    fn found(file: &[u8]) -> Vec<(usize, String, String)> {
        let list = read_list(file, &regions()).map(|file| file.list).unwrap_or_default();
        list.into_iter().map(|one| (one.line, one.name, one.region)).collect()
    }

    #[test]
    fn the_ministrys_workbook_is_read_as_it_is_published() -> Result<(), rust_xlsxwriter::XlsxError> {
        let mut book = rust_xlsxwriter::Workbook::new();
        let sheet = book.add_worksheet();
        sheet.write(0, 0, "全国普通高等学校名单")?;
        for (at, heading) in
            ["序号", "学校名称", "学校标识码", "主管部门", "所在地", "办学层次"].into_iter().enumerate()
        {
            sheet.write(2, at as u16, heading)?;
        }
        sheet.write(3, 0, "北京市（1所）")?;
        for (row, name, code) in [(4, "北京大学", 4_111_010_001_u64), (6, "河北大学", 4_113_010_075)] {
            sheet.write(row, 0, row - 3)?;
            sheet.write(row, 1, name)?;
            sheet.write(row, 2, code)?;
            sheet.write(row, 4, "某市")?;
        }
        sheet.write(5, 0, "河北省（1所）")?;
        let file = book.save_to_buffer()?;
        let expect = [(5, "北京大学", "11"), (7, "河北大学", "13")].map(|(line, n, r)| (line, n.into(), r.into()));
        assert_eq!(found(&file), expect);
        // A workbook of names alone is one as well.
        let mut book = rust_xlsxwriter::Workbook::new();
        book.add_worksheet().write(0, 0, "name")?.write(1, 0, "甲医院")?;
        assert_eq!(found(&book.save_to_buffer()?), [(2, "甲医院".into(), String::new())]);
        assert_eq!(read_list(b"PK\x03\x04 broken off", &regions()), Err(FileError::Workbook));
        assert_eq!(read_list(b"\xd0\xcf\x11\xe0", &regions()), Err(FileError::Workbook));
        Ok(())
    }

    #[test]
    fn the_same_table_is_read_as_text() {
        assert_eq!(found("name,province\n甲大学,河北\n".as_bytes()), [(2, "甲大学".into(), "13".into())]);
        assert!(found("name,province\n甲大学,河\n".as_bytes()).is_empty());
        let csv = "名单,,\n序号,学校名称,学校标识码\n1,北京大学,4111010001\n2,某学院,\n3,外地大学,4199010001\n";
        let expect = [(3, "北京大学", "11"), (4, "某学院", "")].map(|(line, n, r)| (line, n.into(), r.into()));
        assert_eq!(found(csv.as_bytes()), expect);
        let refused = read_list(csv.as_bytes(), &regions()).map(|file| file.refused);
        assert_eq!(refused, Ok(vec![(5, Refusal::UnknownRegion)]));
        assert_eq!(read_list("学校,省\n北京大学,11\n".as_bytes(), &regions()), Err(FileError::NoNames));
    }
}
