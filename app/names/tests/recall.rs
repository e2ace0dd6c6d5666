//! The index gives what looking through everything gives: over the shipped lists, the real ones of the shared folder and a million
//! made-up employers, for queries of every form.
#![expect(clippy::print_stdout, clippy::indexing_slicing, reason = "a test stops at what cannot be")]
mod common;
use common::{Chance, Name, employers, real, texts};
use names::{Class, Index, List, Query, Readings, Region, TextsBuilder, matching};
use rayon::prelude::*;
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

const QUERIES: usize = 5_000;

struct Names {
    names: Vec<Name>,
    index: Index,
    list: List,
}
impl Names {
    fn new(names: Vec<Name>) -> Self {
        let index = Index::new(texts(&names), Readings::chinese().into());
        let list = List::new(texts(&names), Readings::chinese().into());
        Self { names, index, list }
    }
}
static REAL: LazyLock<Names> = LazyLock::new(|| Names::new(real()));
static MILLION: LazyLock<Names> = LazyLock::new(|| {
    let mut names = real();
    names.extend(employers(1_000_000));
    Names::new(names)
});

#[derive(Clone, Copy, Debug)]
enum Form {
    Initials,
    Pinyin,
    Mixed,
    Characters,
    Former,
    LaterWord,
    SlippedLetters,
    SlippedCharacters,
}

/// One reading of a character, as somebody would type it: mostly the common one.
fn reading(readings: &Readings, c: char, chance: &mut Chance) -> String {
    let all = readings.of(c);
    match all.first() {
        None => c.to_lowercase().filter(|c| c.is_alphanumeric()).collect(),
        Some(first) if chance.below(4) > 0 => (*first).to_owned(),
        Some(_) => (*chance.of(&all)).to_owned(),
    }
}
fn initial(reading: &str) -> String {
    reading.chars().take(1).collect()
}
fn part<'a>(all: &'a [char], chance: &mut Chance, from: usize) -> &'a [char] {
    let most = all.len() - from;
    &all[from..from + (1 + chance.below(most)).max(2.min(most))]
}
fn slip(typed: &str, letters: bool, chance: &mut Chance) -> String {
    let mut typed: Vec<char> = typed.chars().collect();
    let other = if letters {
        char::from(b'a' + chance.below(26) as u8)
    } else {
        *chance.of(&['大', '县', '心', '南', '学', '第'])
    };
    let at = chance.below(typed.len());
    match chance.below(4) {
        0 => typed[at] = other,
        1 => typed.insert(at, other),
        2 => drop(typed.remove(at)),
        _ if at + 1 < typed.len() => typed.swap(at, at + 1),
        _ => typed[at] = other,
    }
    typed.into_iter().collect()
}

fn query(form: Form, corpus: &Names, chance: &mut Chance) -> (String, Region) {
    let readings = corpus.list.readings();
    // Half of them from the real names, which come first.
    let real = REAL.names.len().min(corpus.names.len());
    let (name, former, region) = loop {
        let most = if chance.below(2) == 0 { real } else { corpus.names.len() };
        let name = &corpus.names[chance.below(most)];
        if !matches!(form, Form::Former) || !name.1.is_empty() {
            break name;
        }
    };
    let all: Vec<char> = if matches!(form, Form::Former) { former[0].chars() } else { name.chars() }.collect();
    let typed = match form {
        Form::Initials => part(&all, chance, 0).iter().map(|c| initial(&reading(readings, *c, chance))).collect(),
        Form::Pinyin => part(&all, chance, 0).iter().map(|c| reading(readings, *c, chance)).collect(),
        Form::Mixed => {
            let part = part(&all, chance, 0);
            part.iter()
                .map(|c| match chance.below(3) {
                    0 => c.to_string(),
                    1 => reading(readings, *c, chance),
                    _ => initial(&reading(readings, *c, chance)),
                })
                .collect()
        }
        Form::Characters | Form::Former => {
            let from = chance.below(all.len());
            part(&all, chance, from).iter().collect()
        }
        Form::LaterWord => {
            // After a place, a school or 附属, or after two characters.
            let ends = |at: &usize| "省市县区州镇乡村学院属".contains(all[at - 1]);
            let words: Vec<usize> = (2..all.len().saturating_sub(3)).filter(ends).collect();
            let from = if words.is_empty() { 2.min(all.len() - 1) } else { *chance.of(&words) };
            let most = all.len() - from;
            let word = &all[from..from + (3 + chance.below(most)).min(most)];
            let whole = chance.below(2) == 0;
            let read = word.iter().map(|c| reading(readings, *c, chance));
            read.map(|read| if whole { read } else { initial(&read) }).collect()
        }
        Form::SlippedLetters => {
            let typed: String = if chance.below(2) == 0 {
                all.iter().map(|c| initial(&reading(readings, *c, chance))).collect()
            } else {
                all.iter().map(|c| reading(readings, *c, chance)).collect()
            };
            let typed: String = typed.chars().filter(char::is_ascii_lowercase).take(5 + chance.below(20)).collect();
            if typed.is_empty() { typed } else { slip(&typed, true, chance) }
        }
        Form::SlippedCharacters => {
            let from = chance.below(all.len());
            slip(&part(&all, chance, from).iter().collect::<String>(), false, chance)
        }
    };
    let region = if chance.below(2) == 0 { *region } else { Region(*chance.of(&[0, 0, 11, 31, 44, 54, 99])) };
    (typed, region)
}

/// How many of some queries get the same first twenty answers, in the same order, and that where they differ nothing else is wrong.
fn agreement(corpus: &Names, form: Form, count: usize) {
    let mut chance = Chance(form as u64 + 7);
    let queries: Vec<(String, Region)> = (0..count).map(|_| query(form, corpus, &mut chance)).collect();
    let outcomes: Vec<(bool, bool)> = queries
        .par_iter()
        .map(|(typed, region)| {
            let Some(query) = Query::new(typed) else { return (true, false) };
            let (ours, all) = (corpus.index.search(&query, *region, |_| true), corpus.list.search(&query, *region));
            if ours != all {
                println!("{form:?} {typed} {region:?}: {ours:?} is not {all:?}");
            }
            (ours == all, !all.is_empty())
        })
        .collect();
    let same = outcomes.iter().filter(|(same, _)| *same).count();
    let found = outcomes.iter().filter(|(_, found)| *found).count();
    println!("{form:?}: {same} of {count} agree, {found} of them found anything");
    assert!(same * 100 >= count * 99, "{form:?}: only {same} of {count} agree");
    assert!(found * 10 >= count * 7, "{form:?}: only {found} of {count} found anything, so the comparison says little");
}

#[test]
fn real_names_are_found_as_by_looking_through_them_all() {
    for form in [
        Form::Initials,
        Form::Pinyin,
        Form::Mixed,
        Form::Characters,
        Form::LaterWord,
        Form::SlippedLetters,
        Form::SlippedCharacters,
    ] {
        agreement(&REAL, form, QUERIES);
    }
}

#[test]
fn a_million_names_are_found_as_by_looking_through_them_all() {
    for form in [Form::Characters, Form::Former] {
        agreement(&MILLION, form, QUERIES);
    }
    // Letters are looked for at each word of a name, which makes looking through all of them slow.
    let letters = if std::env::var_os("YIKAO_SOAK").is_some() { QUERIES } else { QUERIES / 20 };
    for form in [Form::Initials, Form::Pinyin, Form::Mixed, Form::LaterWord] {
        agreement(&MILLION, form, letters);
    }
    // To look through a million names for all that a slip may have been takes seconds a query.
    agreement(&MILLION, Form::SlippedCharacters, QUERIES / 10);
    agreement(&MILLION, Form::SlippedLetters, QUERIES / 100);
}

#[test]
fn a_whole_key_is_among_the_first_five() {
    let corpus = &*MILLION;
    let readings = corpus.list.readings();
    let mut chance = Chance(99);
    for whole_syllables in [false, true] {
        let mut asked = Vec::new();
        for _ in 0..QUERIES {
            let entry = chance.below(corpus.names.len());
            let read = corpus.names[entry].0.chars().map(|c| reading(readings, c, &mut chance));
            let key: String = if whole_syllables { read.collect() } else { read.map(|r| initial(&r)).collect() };
            asked.push((key, entry));
        }
        // Who shares a key is counted by reading every name whose first character fits.
        let mut queries: HashMap<&str, Query> = HashMap::new();
        for (key, _) in &asked {
            if let Some(query) = Query::new(key) {
                queries.insert(key, query);
            }
        }
        let texts = corpus.list.texts();
        let sharing: HashMap<&str, Vec<u32>> = queries
            .par_iter()
            .map(|(key, query)| {
                let whole = |text: &u32| {
                    !texts.is_former(*text)
                        && matching::match_prefix(texts.units(*text), query, readings).is_some_and(|start| start.whole)
                };
                let texts_so_read = HEADS[&key.chars().next().unwrap()].iter().copied().filter(whole);
                (*key, texts_so_read.map(|text| texts.entry(text)).collect())
            })
            .collect();
        let (mut alone, mut with_region) = (0, 0);
        for (key, entry) in &asked {
            let Some(query) = queries.get(key.as_str()) else { continue };
            let region = corpus.names[*entry].2;
            let among =
                |region| corpus.index.search(query, region, |_| true).iter().take(5).any(|f| f.entry == *entry as u32);
            let sharing = &sharing[key.as_str()];
            assert!(sharing.contains(&(*entry as u32)), "{key} does not read {}", corpus.names[*entry].0);
            if sharing.len() <= 5 {
                assert!(among(Region::default()), "{key} does not find {}", corpus.names[*entry].0);
                alone += 1;
            } else if sharing.iter().filter(|other| corpus.names[**other as usize].2 == region).count() <= 5 {
                assert!(among(region), "{key} in {region:?} does not find {}", corpus.names[*entry].0);
                with_region += 1;
            }
        }
        println!("whole syllables {whole_syllables}: {alone} by themselves, {with_region} by their region");
        assert!(alone > QUERIES / 2 && (whole_syllables || with_region > 0));
    }
}

/// Texts of the million by the letters their first character may begin with.
static HEADS: LazyLock<HashMap<char, Vec<u32>>> = LazyLock::new(|| {
    let mut all: HashMap<char, Vec<u32>> = HashMap::new();
    let (texts, readings) = (MILLION.list.texts(), MILLION.list.readings());
    for text in 0..texts.len() as u32 {
        let Some(first) = char::decode_utf16(texts.units(text).iter().copied()).next().and_then(Result::ok) else {
            continue;
        };
        let mut letters: Vec<char> = readings.of(first).iter().filter_map(|r| r.chars().next()).collect();
        letters.push(first);
        letters.sort_unstable();
        letters.dedup();
        for letter in letters {
            all.entry(letter).or_default().push(text);
        }
    }
    all
});

/// Names of hospitals, the first of each pair by one of its later words.
#[test]
fn later_words_are_found_by_pinyin_and_initials_after_names_that_begin_so() {
    let hospitals = [
        "北京协和医院",
        "协和医院管理中心",
        "浙江省人民医院",
        "杭州市第一人民医院",
        "上海交通大学医学院附属瑞金医院",
        "瑞金市人民医院",
        "四川大学华西医院",
    ];
    let names: Vec<Name> = hospitals.iter().map(|name| ((*name).to_owned(), Vec::new(), Region(0))).collect();
    let readings = Arc::new(Readings::chinese());
    let (index, list) = (Index::new(texts(&names), readings.clone()), List::new(texts(&names), readings));
    for (typed, expected) in [
        ("xieheyiyuan", "协和医院管理中心 北京协和医院"),
        ("xhyy", "协和医院管理中心 北京协和医院"),
        ("rmyy", "浙江省人民医院 瑞金市人民医院 杭州市第一人民医院"),
        ("ruijin", "瑞金市人民医院 上海交通大学医学院附属瑞金医院"),
        ("rjyiyuan", "上海交通大学医学院附属瑞金医院"),
        ("hxyy", "四川大学华西医院"),
        ("diyirenmin", "杭州市第一人民医院"),
        // Two letters begin too many words.
        ("rm", ""),
    ] {
        let query = Query::new(typed).unwrap();
        let found = index.search(&query, Region(0), |_| true);
        assert_eq!(found.iter().map(|found| found.name.as_str()).collect::<Vec<_>>().join(" "), expected, "{typed}");
        assert_eq!(found, list.search(&query, Region(0)), "{typed}");
    }
    // What was typed is marked where it stands.
    let found = index.search(&Query::new("rjyy").unwrap(), Region(0), |_| true);
    assert_eq!(
        found.iter().map(|found| (found.class, found.from, found.to)).collect::<Vec<_>>(),
        [(Class::Later, 11, 15)]
    );
}

#[test]
fn places_are_found_by_every_common_reading() {
    let table = [
        ("重庆", "cq chongqing"),
        ("长春", "cc changchun"),
        ("长沙", "cs changsha"),
        ("厦门", "xm xiamen"),
        ("六安", "la luan liuan"),
        ("蚌埠", "bb bengbu bangbu"),
        ("亳州", "bz bozhou"),
        ("济南", "jn jinan"),
        ("丽水", "ls lishui"),
        ("台州", "tz taizhou"),
        ("衢州", "qz quzhou"),
        ("儋州", "dz danzhou"),
        ("朝阳", "cy chaoyang zhaoyang"),
        ("朔州", "sz shuozhou"),
        ("长治", "cz changzhi"),
        ("洛阳", "ly luoyang"),
        ("乐山", "ls leshan"),
        ("百色", "bs baise bose"),
        ("石嘴山", "szs shizuishan"),
        ("莆田", "pt putian"),
        ("漯河", "lh luohe"),
        ("濮阳", "py puyang"),
        ("宿州", "sz suzhou"),
        ("宿迁", "sq suqian"),
        ("泸州", "lz luzhou"),
        ("盘锦", "pj panjin"),
        ("葫芦岛", "hld huludao"),
        ("巴彦淖尔", "byne bayannaoer"),
        ("呼和浩特", "hhht huhehaote"),
        ("齐齐哈尔", "qqhe qiqihaer"),
        ("佳木斯", "jms jiamusi"),
        ("大庆", "dq daqing"),
        ("番禺", "py panyu"),
        ("尉犁", "yl yuli"),
        ("铅山", "ys yanshan"),
        ("涡阳", "gy guoyang"),
        ("枞阳", "zy zongyang"),
        ("浚县", "xx xunxian"),
        ("乐亭", "lt laoting"),
        ("大城", "dc daicheng"),
        ("东阿", "de donge"),
        ("洪洞", "ht hongtong"),
        ("单县", "sx shanxian"),
        ("吕梁", "ll lvliang luliang"),
        ("绿园", "ly lvyuan luyuan"),
        ("会稽", "kj kuaiji huiji"),
    ];
    for (place, keys) in table {
        let names = vec![(format!("{place}人民医院"), Vec::new(), Region(11))];
        let index = Index::new(texts(&names), Readings::chinese().into());
        for key in keys.split(' ') {
            let found = index.search(&Query::new(key).unwrap(), Region::default(), |_| true);
            assert_eq!(found.first().map(|f| f.class), Some(Class::Start), "{key} does not find {place}");
        }
    }
}

#[test]
fn whatever_is_asked_is_answered() {
    let long: String = "北京".repeat(5_000);
    for typed in
        ["", " ", "%", "_", "'; --", "\0", "\u{202e}\u{200f}", "\u{fffd}", long.as_str(), &"zhuang".repeat(200)]
    {
        assert!(Query::new(typed).is_none(), "{typed:?} holds nothing to look for");
    }
    for typed in [
        "zhuang".repeat(10).as_str(),
        &"a".repeat(60),
        &"xian".repeat(15),
        &"ngeng".repeat(12),
        "𠮷野家",
        "\u{202e}北京",
    ] {
        let query = Query::new(typed).unwrap();
        assert!(REAL.index.search(&query, Region(11), |_| true).len() <= names::MOST);
        assert_eq!(REAL.index.search(&query, Region(11), |_| true), REAL.list.search(&query, Region(11)), "{typed}");
    }
}

/// A name of more ways to read it than are kept is found by the common ones: 长, 车, 高 and 校 have several readings each.
#[test]
fn the_common_reading_is_kept_of_names_with_many() {
    let mut texts = TextsBuilder::default();
    texts.add(0, "长春汽车工业高等专科学校", false, Region(22), 0);
    let index = Index::new(texts.finish().unwrap(), Arc::new(Readings::chinese()));
    for (typed, class) in [("ccqcgygdzkxx", Class::Whole), ("ccqcgyg", Class::Start), ("ccqcgygsdzkxx", Class::Typo)] {
        let found = index.search(&Query::new(typed).unwrap(), Region(0), |_| true);
        assert_eq!(found.iter().map(|found| found.class).collect::<Vec<_>>(), [class], "{typed}");
    }
}
