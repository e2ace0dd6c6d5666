//! A list on its way to where it is looked through: lines of text, of which the first is a tag and the second the readings of all
//! characters (`北bei;长zhang,chang`). Each further one is an entry: id, region, weight, name, former names and what it includes,
//! parted by tabs; several names in one place by U+001F.
use crate::{List, Readings, Region, Texts, TextsBuilder};
use std::{collections::BTreeSet, sync::Arc};

/// An entry with all its names.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its id, in letters and digits.
    pub id: String,
    /// Two digits of the provincial unit, or nothing.
    pub region: String,
    /// Heavier entries come first.
    pub weight: u8,
    /// The name that counts.
    pub name: String,
    /// Names it had.
    pub former: Vec<String>,
    /// For a broad major what it includes.
    pub includes: Vec<String>,
}

/// What parts several names in one place.
const BETWEEN: &str = "\u{1f}";

/// The lines of some entries under a tag. What parts them is left out of the names.
pub fn write(tag: &str, entries: &[Entry], readings: &Readings) -> String {
    let plain = |name: &str| name.replace(|c: char| c.is_control(), " ");
    let several = |names: &[String]| names.iter().map(|name| plain(name)).collect::<Vec<_>>().join(BETWEEN);
    let line = |entry: &Entry| {
        let Entry { id, region, weight, name, former, includes } = entry;
        format!("{id}\t{region}\t{weight}\t{}\t{}\t{}", plain(name), several(former), several(includes))
    };
    let body: Vec<String> = entries.iter().map(line).collect();
    let characters: BTreeSet<char> = body.iter().flat_map(|line| line.chars()).filter(|c| !c.is_ascii()).collect();
    let read = |c: char| Some(readings.of(c)).filter(|all| !all.is_empty()).map(|all| format!("{c}{}", all.join(",")));
    let spelt: Vec<String> = characters.into_iter().filter_map(read).collect();
    format!("{tag}\n{}\n{}", spelt.join(";"), body.join("\n"))
}

/// The tag of some lines.
pub fn tag(lines: &str) -> &str {
    lines.lines().next().unwrap_or_default()
}

/// Entries in the order of the lines, and the list that finds them by their places in it. None of what is no such list.
pub fn read(lines: &str) -> Option<(Vec<Entry>, List)> {
    let mut lines = lines.lines().skip(1);
    let spelt = lines.next()?.split(';').filter_map(|one| {
        let c = one.chars().next()?;
        Some((c, one.get(c.len_utf8()..)?.split(',').collect()))
    });
    let readings = Arc::new(Readings::new(spelt));
    let several = |names: &str| names.split(BETWEEN).filter(|name| !name.is_empty()).map(str::to_owned).collect();
    let entries: Vec<Entry> = lines
        .map(|line| {
            let mut cells = line.split('\t');
            let mut cell = || cells.next().unwrap_or_default();
            Entry {
                id: cell().to_owned(),
                region: cell().to_owned(),
                weight: cell().parse().unwrap_or_default(),
                name: cell().to_owned(),
                former: several(cell()),
                includes: several(cell()),
            }
        })
        .collect();
    let texts = texts(&entries)?;
    Some((entries, List::new(texts, readings)))
}

/// The texts of entries by their places.
fn texts(entries: &[Entry]) -> Option<Texts> {
    let mut texts = TextsBuilder::default();
    for (place, entry) in entries.iter().enumerate() {
        let (place, region) = (place as u32, Region::parse(&entry.region));
        texts.add(place, &entry.name, false, region, entry.weight);
        entry.former.iter().for_each(|name| texts.add(place, name, true, region, entry.weight));
    }
    texts.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Query;

    #[test]
    fn a_list_comes_back_as_it_was_sent() {
        let readings = Readings::new([('长', vec!["zhang", "chang"]), ('沙', vec!["sha"]), ('医', vec!["yi"])]);
        let entry = |id: &str, name: &str, former: &[&str], includes: &[&str]| Entry {
            id: id.into(),
            region: "43".into(),
            weight: 7,
            name: name.into(),
            former: former.iter().map(|s| s.to_string()).collect(),
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
        // Signs that part the lines stand in no name.
        let odd = [Entry { name: "长\t沙\n医".into(), ..entry("d", "", &[], &[]) }];
        assert_eq!(
            read(&write("", &odd, &readings)).map(|(entries, _)| entries[0].name.clone()),
            Some("长 沙 医".into())
        );
        assert!(read("").is_none() && read("tag").is_none());
    }
}
