//! The text format in which a whole list is sent to a browser. The first line is a tag, the second the readings of all characters
//! (`北bei;长zhang,chang`). Each further line is an entry: id, region, weight, name, former names and included majors, separated by
//! tabs; several names in one cell are separated by U+001F.
use crate::{List, Readings, Region, Texts, TextsBuilder};
use std::{collections::BTreeSet, sync::Arc};

/// An entry with all its names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// ASCII letters and digits.
    pub id: String,
    /// GB/T 2260 code of the provincial unit, two digits; may be empty.
    pub region: String,
    /// Entries of greater weight come first.
    pub weight: u8,
    pub name: String,
    pub former_names: Vec<String>,
    /// The majors that a broad major includes.
    pub includes: Vec<String>,
}

/// Separates several names in one cell.
const SEPARATOR: &str = "\u{1f}";

/// Writes entries under a tag. Control characters in names, which include the separators, become spaces.
pub fn write(tag: &str, entries: &[Entry], readings: &Readings) -> String {
    let plain = |name: &str| name.replace(|c: char| c.is_control(), " ");
    let several = |names: &[String]| names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(SEPARATOR);
    let line = |entry: &Entry| {
        let Entry { id, region, weight, name, former_names, includes } = entry;
        format!("{id}\t{region}\t{weight}\t{}\t{}\t{}", plain(name), several(former_names), several(includes))
    };
    let body: Vec<String> = entries.iter().map(line).collect();
    let characters: BTreeSet<char> = body.iter().flat_map(|line| line.chars()).filter(|c| !c.is_ascii()).collect();
    let read = |c: char| Some(readings.of(c)).filter(|all| !all.is_empty()).map(|all| format!("{c}{}", all.join(",")));
    let spelt: Vec<String> = characters.into_iter().filter_map(read).collect();
    format!("{tag}\n{}\n{}", spelt.join(";"), body.join("\n"))
}

/// The tag of a written list.
pub fn tag(lines: &str) -> &str {
    lines.lines().next().unwrap_or_default()
}

/// Reads entries in the order of their lines, and the list that finds them by their index. `None` if the format is not this one.
pub fn read(lines: &str) -> Option<(Vec<Entry>, List)> {
    let mut lines = lines.lines().skip(1);
    let spelt = lines.next()?.split(';').filter_map(|one| {
        let c = one.chars().next()?;
        Some((c, one.get(c.len_utf8()..)?.split(',').collect()))
    });
    let readings = Arc::new(Readings::new(spelt));
    let several = |names: &str| names.split(SEPARATOR).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let entries: Vec<Entry> = lines
        .map(|line| {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            Entry {
                id: cell().to_owned(),
                region: cell().to_owned(),
                weight: cell().parse().unwrap_or_default(),
                name: cell().to_owned(),
                former_names: several(cell()),
                includes: several(cell()),
            }
        })
        .collect();
    let texts = texts(&entries)?;
    Some((entries, List::new(texts, readings)))
}

fn texts(entries: &[Entry]) -> Option<Texts> {
    let mut texts = TextsBuilder::default();
    for (place, entry) in entries.iter().enumerate() {
        let (place, region) = (place as u32, Region::parse(&entry.region));
        texts.add(place, &entry.name, false, region, entry.weight);
        entry.former_names.iter().for_each(|name| texts.add(place, name, true, region, entry.weight));
    }
    texts.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Query;

    #[test]
    fn a_written_list_is_read_back_unchanged() {
        let readings = Readings::new([('长', vec!["zhang", "chang"]), ('沙', vec!["sha"]), ('医', vec!["yi"])]);
        let entry = |id: &str, name: &str, former: &[&str], includes: &[&str]| Entry {
            id: id.into(),
            region: "43".into(),
            weight: 7,
            name: name.into(),
            former_names: former.iter().map(|s| s.to_string()).collect(),
            includes: includes.iter().map(|s| s.to_string()).collect(),
        };
        let sent = [
            entry("a", "长沙（医）", &["长医", "沙医"], &[]),
            entry("b", "ABC医", &[], &["沙", "长"]),
            Entry { region: String::new(), ..entry("c", "医", &[], &[]) },
        ];
        let lines = write("tag", &sent, &readings);
        assert_eq!(tag(&lines), "tag");
        let (entries, list) = read(&lines).unwrap_or_else(|| panic!("{lines}"));
        assert_eq!(entries, sent);
        for (query, place) in [("csy", 0), ("zhangsha", 0), ("cyi", 0), ("abc", 1), ("医", 2)] {
            let found = Query::new(query).map(|query| list.search(&query, Region(43))).unwrap_or_default();
            assert_eq!(found.first().map(|found| found.entry), Some(place), "{query}");
        }
        let odd = [Entry { name: "长\t沙\n医".into(), ..entry("d", "", &[], &[]) }];
        assert_eq!(
            read(&write("", &odd, &readings)).map(|(entries, _)| entries[0].name.clone()),
            Some("长 沙 医".into())
        );
        assert!(read("").is_none() && read("tag").is_none());
    }
}
