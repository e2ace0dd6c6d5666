//! Which city an institution is in, by the beginning of its name. Lists of institutions say the provincial unit only, and most
//! names begin with their city or county, perhaps after the province.
use forms::region;
use std::{collections::HashMap, sync::LazyLock};

/// The prefecture-level units in force, and the provincial units.
const PREFECTURES: &str = include_str!("../../data/sites.csv");
const PROVINCES: &str = include_str!("../../data/areas.csv");
/// The longest name of a division that names begin with, in characters.
const LONGEST: usize = 12;
/// Names that begin with the name of a city in which they are not.
const ELSEWHERE: &[&str] = &["中山大学"];
/// What follows the name of an autonomous prefecture that people use.
const PEOPLES: &[&str] = &[
    "藏族",
    "羌族",
    "彝族",
    "朝鲜族",
    "傣族",
    "苗族",
    "侗族",
    "布依族",
    "土家族",
    "回族",
    "壮族",
    "白族",
    "景颇族",
    "傈僳族",
    "哈尼族",
    "哈萨克",
    "蒙古",
    "柯尔克孜",
];

/// A city, by the number of its row; none is 0.
pub(super) type CityNumber = u16;

/// The cities, and which of them a beginning of a name means in a province.
#[derive(Default)]
struct Cities {
    /// Code (four digits, or the six of a county that belongs to no city) and name.
    rows: Vec<(&'static str, &'static str)>,
    /// By the number of a province; none where two cities are meant.
    beginnings: HashMap<u8, HashMap<&'static str, Option<CityNumber>>>,
    /// What names of a province may begin with before the city: its full name and the one in use.
    provinces: HashMap<u8, (&'static str, &'static str)>,
}

static CITIES: LazyLock<Cities> = LazyLock::new(Cities::load);

/// A name without what kind of unit it is; nothing where a single character would be left.
fn short(name: &'static str) -> Option<&'static str> {
    let end = PEOPLES.iter().filter_map(|people| name.find(people)).min();
    let short = match end {
        Some(end) => name.split_at(end).0,
        None => ["自治州", "自治县", "地区", "市", "县", "盟"].iter().find_map(|kind| name.strip_suffix(kind))?,
    };
    (short.chars().count() > 1).then_some(short)
}

impl Cities {
    fn load() -> Self {
        let mut cities = Self::default();
        let rows = |table: &'static str| table.lines().skip(1);
        for (code, name) in rows(PROVINCES).filter_map(|line| line.split_once(',')) {
            let characters = if name.starts_with("黑龙江") || name.starts_with("内蒙古") { 3 } else { 2 };
            let short = name.char_indices().nth(characters).map_or(name, |(end, _)| name.split_at(end).0);
            cities.provinces.insert(code.parse().unwrap_or_default(), (name, short));
        }
        let known: Vec<(&str, u8, &str)> = rows(PREFECTURES)
            .filter_map(|line| {
                let (code, rest) = line.split_once(',')?;
                let (province, rest) = rest.split_once(',')?;
                let (name, _) = rest.split_once(',')?;
                Some((code, province.parse().ok()?, name))
            })
            .collect();
        let mut numbers: HashMap<&str, CityNumber> = HashMap::new();
        for (code, province, name) in known {
            // Of a municipality all institutions are in the one city.
            if cities.provinces.get(&province).is_some_and(|(full, _)| *full == name) {
                continue;
            }
            let number = cities.add(code, name);
            numbers.insert(code, number);
            let in_use =
                short(name).filter(|short| cities.provinces.get(&province).is_none_or(|(_, own)| own != short));
            for beginning in [Some(name), in_use].into_iter().flatten() {
                cities.beginnings.entry(province).or_default().insert(beginning, Some(number));
            }
        }
        cities.add_counties(&numbers);
        cities
    }

    fn add(&mut self, code: &'static str, name: &'static str) -> CityNumber {
        self.rows.push((code, name));
        self.rows.len() as CityNumber
    }

    /// Counties mean the city that they belong to; those that belong to none stand for themselves.
    fn add_counties(&mut self, numbers: &HashMap<&str, CityNumber>) {
        let prefecture = |code: &'static str| code.get(..4).unwrap_or_default();
        let belongs: Vec<(u8, &str, CityNumber)> = region::all()
            .filter(|(code, _)| !code.ends_with("00"))
            .filter_map(|(code, name)| {
                let number = numbers.get(prefecture(code))?;
                Some((code.get(..2)?.parse().ok()?, name, *number))
            })
            .collect();
        let mut counties: HashMap<(u8, &str), Option<CityNumber>> = HashMap::new();
        for (province, name, number) in belongs {
            for beginning in [Some(name), short(name)].into_iter().flatten() {
                let meant = counties.entry((province, beginning)).or_insert(Some(number));
                if *meant != Some(number) {
                    *meant = None;
                }
            }
        }
        for (code, name) in region::all().filter(|(code, _)| code.get(2..4) == Some("90") && !code.ends_with("00")) {
            let Some(province) = code.get(..2).and_then(|code| code.parse().ok()) else { continue };
            // Given up since, as a county of its own.
            if counties.contains_key(&(province, name)) {
                continue;
            }
            let number = self.add(code, name);
            for beginning in [Some(name), short(name)].into_iter().flatten() {
                counties.insert((province, beginning), Some(number));
            }
        }
        for ((province, beginning), number) in counties {
            // A city comes before a county of the same name.
            self.beginnings.entry(province).or_default().entry(beginning).or_insert(number);
        }
    }

    /// The city that a text begins with.
    fn begin(&self, province: u8, text: &str) -> Option<CityNumber> {
        let beginnings = self.beginnings.get(&province)?;
        let ends: Vec<usize> =
            text.char_indices().map(|(at, character)| at + character.len_utf8()).take(LONGEST).skip(1).collect();
        let longest = ends.iter().rev().find_map(|end| beginnings.get(text.split_at(*end).0));
        longest.copied().flatten()
    }
}

/// The number of the city that the name of an institution says; 0 if it says none.
pub(super) fn city_of(province: u8, name: &str) -> CityNumber {
    let cities = &*CITIES;
    if ELSEWHERE.iter().any(|beginning| name.starts_with(beginning)) {
        return 0;
    }
    let within = || {
        let (full, in_use) = cities.provinces.get(&province)?;
        let rest = name.strip_prefix(full).or_else(|| name.strip_prefix(in_use))?;
        cities.begin(province, rest)
    };
    cities.begin(province, name).or_else(within).unwrap_or_default()
}

/// Code and name of a city.
pub(super) fn city(number: CityNumber) -> Option<(&'static str, &'static str)> {
    CITIES.rows.get(usize::from(number).checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_its_city_by_city_or_county_after_the_province_or_not() {
        let city_of = |province, name| city(city_of(province, name)).map(|(_, name)| name);
        for (province, name, expected) in [
            (41, "郑州市中心医院", Some("郑州市")),
            (41, "郑州大学第一附属医院", Some("郑州市")),
            (41, "河南省洛阳正骨医院", Some("洛阳市")),
            (37, "平度市人民医院", Some("青岛市")),
            (22, "延边大学附属医院", Some("延边朝鲜族自治州")),
            (42, "仙桃市第一人民医院", Some("仙桃市")),
            // The province is not its city of the same name.
            (22, "吉林大学第一医院", None),
            (22, "吉林市中心医院", Some("吉林市")),
            (44, "中山大学附属第一医院", None),
            (44, "中山市人民医院", Some("中山市")),
            (11, "北京医院", None),
            (42, "华中科技大学同济医学院附属协和医院", None),
            // Of another province.
            (43, "郑州市中心医院", None),
        ] {
            assert_eq!(city_of(province, name), expected, "{name}");
        }
        assert_eq!(city(0), None);
    }
}
