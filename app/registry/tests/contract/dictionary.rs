//! Names in the database, in memory and in imported lists.
use crate::common::*;
use registry::*;

use DictionaryKind::{Employer, Major, School};

/// The shipped lists, and all of them in memory.
async fn shipped(engine: Engine) -> (TestDatabase, Dictionary) {
    let database = TestDatabase::shipped(engine).await;
    let dictionary = Dictionary::default();
    dictionary.refresh(&database.registry).await.unwrap();
    (database, dictionary)
}
fn regions() -> std::collections::HashMap<String, String> {
    [("北京市", "11"), ("湖南省", "43")].map(|(name, code)| (name.to_owned(), code.to_owned())).into()
}
fn list(text: &str) -> FileList {
    read_list(text.as_bytes(), &regions()).unwrap()
}
fn first(dictionary: &Dictionary, query: &str) -> Option<Hit> {
    dictionary.search(School, query, "").into_iter().next()
}
/// Four schools, imported and in memory.
async fn four_schools(engine: Engine) -> (TestDatabase, Dictionary) {
    let database = TestDatabase::open(engine).await;
    let four = "\u{feff}name,region,former\n北京医科大学,北京市,\n北京大学,11,京师大学堂\n湘雅医学院,湖南省,\n中南大学,湖南省,\n";
    let report = database.registry.import_names(School, "test", list(four).list, |_, _| {}).await.unwrap();
    assert_eq!((report.added, report.changed, report.merged, report.unchanged), (4, 0, 0, 0));
    let dictionary = Dictionary::default();
    dictionary.refresh(&database.registry).await.unwrap();
    (database, dictionary)
}

#[test]
fn shipped_names_are_found_in_characters_initials_and_syllables() {
    on_both_engines(async |engine| {
        let (database, dictionary) = shipped(engine).await;
        assert!(dictionary.len(School) > 200);
        for (kind, query, expect) in [
            (School, "bjdx", "北京大学"),
            (School, "BJDX", "北京大学"),
            (School, "beijingdaxue", "北京大学"),
            (School, "beijdx", "北京大学"),
            (School, "北jdx", "北京大学"),
            (School, "北京大学", "北京大学"),
            (School, "cqdx", "重庆大学"),
            (School, "xmdx", "厦门大学"),
            (School, "协和医", "北京协和医学院"),
            (Employer, "lasrmyy", "六安市人民医院"),
            (Employer, "bjxhyy", "北京协和医院"),
            (Major, "zyx", "中医学"),
            // Official names keep their signs.
            (School, "香港中文大学深圳", "香港中文大学（深圳）"),
            (Major, "lcyx", "临床医学"),
        ] {
            let found = dictionary.search(kind, query, "").first().map(|hit| hit.name.clone());
            assert_eq!(found.as_deref(), Some(expect), "{query}");
        }
        let (areas, sites) = database.registry.areas().await.unwrap();
        assert_eq!((areas.len(), sites.len()), (32, 338));
    });
}

#[test]
fn a_search_is_bounded_and_prefers_the_region() {
    on_both_engines(async |engine| {
        let (_database, dictionary) = shipped(engine).await;
        assert!(dictionary.search(School, "", "").is_empty());
        assert!(dictionary.search(School, &"a".repeat(10_000), "").is_empty());
        assert!(dictionary.search(School, "y", "").len() <= 20);
        assert!(dictionary.search(Employer, "rmyy", "42").first().is_some_and(|hit| hit.region == "42"));
        let found = dictionary.search(School, "zhongnandaxue", "43");
        assert_eq!(found.first().map(|h| h.region.clone()), Some("43".into()));
    });
}

#[test]
fn hospitals_are_found_by_the_pinyin_and_initials_of_later_words() {
    on_both_engines(async |engine| {
        let (_database, dictionary) = shipped(engine).await;
        for (query, expect) in [
            ("xieheyiyuan", "北京协和医院"),
            ("ruijin", "上海交通大学医学院附属瑞金医院"),
            ("rjyy", "上海交通大学医学院附属瑞金医院"),
            ("huaxiyiyuan", "四川大学华西医院"),
        ] {
            let found = dictionary.search(Employer, query, "");
            assert!(
                found.iter().any(|hit| hit.name == expect && hit.former.is_none() && !hit.slip),
                "{query}: {found:?}"
            );
        }
        let found = dictionary.search(Employer, "rmyy", "33");
        assert!(
            found.len() == names::MOST && found[0].name.ends_with("人民医院") && found[0].region == "33",
            "{found:?}"
        );
    });
}

#[test]
fn schools_that_were_merged_or_renamed_are_found_by_their_former_names() {
    on_both_engines(async |engine| {
        let (_database, dictionary) = shipped(engine).await;
        for (query, expect) in [
            ("北京医科大学", "北京大学医学部"),
            ("bjykdx", "北京大学医学部"),
            ("华西医科大学", "四川大学华西医学中心"),
            ("huaxiyike", "四川大学华西医学中心"),
            ("上海第二医科大学", "上海交通大学医学院"),
            ("二医大", "上海交通大学医学院"),
            ("第二军医大学", "中国人民解放军海军军医大学"),
            ("同济医科大学", "华中科技大学同济医学院"),
        ] {
            let found = first(&dictionary, query);
            assert!(found.is_some_and(|hit| hit.name == expect && hit.former.is_some() && !hit.slip), "{query}");
        }
    });
}

#[test]
fn shipped_names_are_added_once() {
    on_both_engines(async |engine| {
        let (database, _) = shipped(engine).await;
        let again = vec![Listed::of("北京大学", "11")];
        assert_eq!(database.registry.add_names(School, "shipped", again).await.unwrap(), 0);
    });
}

#[test]
fn a_whole_list_gives_the_same_answers_in_a_browser() {
    on_both_engines(async |engine| {
        let (database, dictionary) = shipped(engine).await;
        // Also of what changed since the index was built.
        let changed = dictionary.exact(School, "清华大学").unwrap().id;
        database.registry.set_name_active(changed, false).await.unwrap();
        let before = dictionary.full_list(School).unwrap().tag.clone();
        dictionary.refresh(&database.registry).await.unwrap();
        let whole = dictionary.full_list(School).unwrap();
        assert_ne!(whole.tag, before);
        assert_eq!(dictionary.full_list(School).unwrap().tag, whole.tag);
        let (entries, list) = names::full_list::read(std::str::from_utf8(&whole.plain).unwrap()).unwrap();
        assert_eq!(entries.len(), dictionary.len(School));
        let queries = [
            "bjdx",
            "qinghua",
            "qhdx",
            "中医",
            "大学",
            "d",
            "zhejiangdaxeu",
            "北京中意药大学",
            "复旦",
            "医",
            "xiangnanxueyuan",
        ];
        for (query, region) in queries.into_iter().flat_map(|query| ["", "11", "43"].map(|region| (query, region))) {
            let asked = dictionary.search(School, query, region).into_iter();
            let asked: Vec<_> = asked.map(|hit| (hit.id.to_string(), hit.marked)).collect();
            let found = list.search(&names::Query::new(query).unwrap(), names::Region::parse(region));
            let found: Vec<_> = found.iter().map(|f| (entries[f.entry as usize].id.clone(), (f.from, f.to))).collect();
            assert_eq!(found, asked, "{query} {region}");
        }
    });
}

#[test]
fn similar_names_are_proposed_for_one_that_is_not_listed() {
    on_both_engines(async |engine| {
        let (_database, dictionary) = shipped(engine).await;
        for (kind, name, region, expect) in [
            (Employer, "协和医院", "11", "北京协和医院"),
            (Employer, "上海复旦大学附属中山医院", "31", "复旦大学附属中山医院"),
            (Employer, "北京大学第三附属医院", "11", "北京大学第三医院"),
            (Major, "临床医学五年制", "", "临床医学"),
            (School, "北京 协和医学院（本部）", "", "北京协和医学院"),
        ] {
            let similar = dictionary.similar(kind, name, region);
            assert_eq!(similar.first().map(|hit| hit.name.as_str()), Some(expect), "{name}");
        }
        let long = "京".repeat(500);
        for (kind, name) in [(School, ""), (School, "（）"), (Employer, "Qwerty Hospital"), (School, &long)] {
            assert!(dictionary.similar(kind, name, "").is_empty(), "{name}");
        }
    });
}

#[test]
fn an_imported_entry_is_found_by_its_former_name() {
    on_both_engines(async |engine| {
        let (_database, dictionary) = four_schools(engine).await;
        let found = first(&dictionary, "京师大学堂").unwrap();
        assert_eq!((found.name.as_str(), found.former.as_deref()), ("北京大学", Some("京师大学堂")));
        assert_eq!(found.marked, (0, 5));
    });
}

#[test]
fn an_interrupted_import_is_invisible_and_does_not_hinder_the_next() {
    on_both_engines(async |engine| {
        let (database, dictionary) = four_schools(engine).await;
        let number = dictionary.number();
        let half = list("name,region\n长沙医学院,43\n").list;
        database.registry.begin_import(School, "interrupted", half.clone()).await.unwrap();
        dictionary.refresh(&database.registry).await.unwrap();
        assert_eq!((dictionary.number(), first(&dictionary, "长沙医学院")), (number, None));
        let report = database.registry.import_names(School, "again", half, |_, _| {}).await.unwrap();
        assert_eq!(report.added, 1);
        // A later import removes what the first one left.
        database.later(3600);
        database.registry.add_names(School, "test", vec![Listed::of("湖南中医药大学", "43")]).await.unwrap();
        assert_eq!(database.registry.imports_under_way().await.unwrap(), 0);
    });
}

#[test]
fn an_import_merges_changes_and_refuses_line_by_line() {
    on_both_engines(async |engine| {
        let (database, dictionary) = four_schools(engine).await;
        let registry = &database.registry;
        let id = dictionary.exact(School, "北京大学").unwrap().id;
        registry.add_names(School, "test", vec![Listed::of("长沙医学院", "43")]).await.unwrap();
        let second = "name,region,former,weight,merged_into,active\n北京医科大学,11,,,北京大学,\n湘雅医学院,43,,,中南大学,\n中南大学,43,,9,,\n\
                      长沙医学院,43,,,,no\n北京大学,11,,,,\n北京大学,11,,,,\n（）,11,,,,\n没有地方,99,,,,\n太重,11,,900,,\n去哪里,11,,,不存在大学,\n";
        let FileList { list, refused } = list(second);
        assert_eq!(refused, [(9, Refusal::UnknownRegion), (10, Refusal::WrongWeight)]);
        let mut heard = Vec::new();
        let report = registry.import_names(School, "test", list, |done, all| heard.push((done, all))).await.unwrap();
        assert_eq!((report.added, report.changed, report.merged, report.unchanged), (0, 3, 2, 0));
        assert_eq!(report.refused, [(7, Refusal::Twice), (8, Refusal::NoName), (11, Refusal::UnknownTarget)]);
        assert_eq!(heard, [(5, 5)]);
        // The change is seen beside the index, and in an index that is built anew.
        for dictionary in [dictionary.clone(), Dictionary::default()] {
            dictionary.refresh(registry).await.unwrap();
            let found = |query: &str| first(&dictionary, query);
            let merged = found("北京医科大学").unwrap();
            let (name, former) = (merged.name.as_str(), merged.former.as_deref());
            assert_eq!((merged.id, name, former), (id, "北京大学", Some("北京医科大学")));
            assert_eq!(found("bjykdx").map(|hit| hit.id), Some(id));
            assert_eq!(found("xyyxy").map(|hit| hit.name), Some("中南大学".into()));
            assert_eq!(found("长沙医学院"), None);
            assert_eq!(found("zndx").map(|hit| hit.name), Some("中南大学".into()));
            assert_eq!(found("中男大学").map(|hit| (hit.name, hit.slip)), Some(("中南大学".into(), true)));
            assert_eq!(dictionary.len(School), 2);
            assert!(dictionary.named(School, "北京医科大学").is_empty());
            assert!(dictionary.exact(School, "北京大学").is_some());
        }
    });
}

#[test]
fn importing_what_is_there_writes_nothing() {
    on_both_engines(async |engine| {
        let (database, _) = four_schools(engine).await;
        let number = database.registry.dictionary_number().await.unwrap();
        let same = list("name,region\n中南大学,43\n").list;
        assert_eq!(database.registry.import_names(School, "test", same, |_, _| {}).await.unwrap().unchanged, 1);
        assert_eq!(database.registry.dictionary_number().await.unwrap(), number);
    });
}

#[test]
fn two_changes_at_the_same_time_both_count() {
    racing_on_both_engines(async |engine| {
        let (database, dictionary) = four_schools(engine).await;
        let registry = &database.registry;
        let id = dictionary.exact(School, "北京大学").unwrap().id;
        let (a, b) = tokio::join!(
            registry.set_name_active(id, false),
            registry.add_names(School, "test", vec![Listed::of("湖南医科大学", "43")])
        );
        a.unwrap();
        assert_eq!(b.unwrap(), 1);
        dictionary.refresh(registry).await.unwrap();
        let added = dictionary.exact(School, "湖南医科大学").is_some();
        assert_eq!((dictionary.exact(School, "北京大学"), added), (None, true));
    });
}

#[test]
fn an_import_does_not_overwrite_what_others_changed_meanwhile() {
    on_both_engines(async |engine| {
        let (database, dictionary) = four_schools(engine).await;
        let registry = &database.registry;
        let id = dictionary.exact(School, "北京大学").unwrap().id;
        let heavier = list("name,region,weight\n北京大学,11,9\n").list;
        let mut meanwhile = Some(list("name,region,former\n北京大学,11,北大\n").list);
        registry
            .import_names(School, "test", heavier, |_, _| {
                let Some(other) = meanwhile.take() else { return };
                let import = registry.import_names(School, "other", other, |_, _| {});
                tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(import)).unwrap();
            })
            .await
            .unwrap();
        let (_, stands) = registry.dictionary_entry(id).await.unwrap().unwrap();
        assert_eq!((stands.weight, stands.former_names.len()), (9, 2), "{:?}", stands.former_names);
    });
}

#[test]
fn a_file_without_names_is_no_list() {
    for wrong in ["region\n11\n", ""] {
        assert_eq!(read_list(wrong.as_bytes(), &regions()), Err(FileError::NoNames));
    }
    assert_eq!(read_list(b"name\n\xff\xfe\n", &regions()), Err(FileError::Line(2)));
}

#[test]
fn names_are_counted_by_place_and_listed_page_by_page_as_they_change() {
    on_both_engines(async |engine| {
        let database = TestDatabase::open(engine).await;
        let registry = &database.registry;
        let mut text = "name,region\n湖南省人民医院,43\n北京医院,11\n".to_owned();
        text.extend((0..NAMES_ON_PAGE + 3).map(|n| format!("长沙市第{n}医院,43\n")));
        registry.import_names(Employer, "test", list(&text).list, |_, _| {}).await.unwrap();
        let dictionary = Dictionary::default();
        dictionary.refresh(registry).await.unwrap();
        let provinces = |dictionary: &Dictionary| -> Vec<(String, usize)> {
            dictionary.provinces(Employer).into_iter().map(|place| (place.code, place.count)).collect()
        };
        assert_eq!(provinces(&dictionary), [("11".to_owned(), 1), ("43".to_owned(), NAMES_ON_PAGE + 4)]);
        let cities = dictionary.cities(Employer, "43");
        let cities: Vec<_> = cities.iter().map(|city| (city.name, city.count)).collect();
        assert_eq!(cities, [("长沙市", NAMES_ON_PAGE + 3), ("", 1)]);
        let changsha = Place { region: "43", city: Some("4301") };
        let first = dictionary.names_at(Employer, changsha, 0);
        let second = dictionary.names_at(Employer, changsha, 1);
        assert_eq!((first.names.len(), second.names.len(), second.all), (NAMES_ON_PAGE, 3, NAMES_ON_PAGE + 3));
        assert!(first.names.iter().all(|hit| !second.names.contains(hit)));
        assert!(dictionary.names_at(Employer, changsha, usize::MAX).names.is_empty());

        // A change is counted, listed and found beside what stood before.
        let more = format!("{text}长沙天心医院,43\n");
        registry.import_names(Employer, "test", list(&more).list, |_, _| {}).await.unwrap();
        dictionary.refresh(registry).await.unwrap();
        assert_eq!(dictionary.cities(Employer, "43")[0].count, NAMES_ON_PAGE + 4);
        let found = dictionary.search_at(Employer, changsha, "cstx");
        assert_eq!(found.iter().map(|hit| hit.name.as_str()).collect::<Vec<_>>(), ["长沙天心医院"]);
        assert!(dictionary.search_at(Employer, Place { region: "11", city: None }, "cstx").is_empty());
        let listed = dictionary.names_at(Employer, changsha, 0).names;
        assert_eq!(listed[0].name, "长沙天心医院", "the shortest first");
    });
}
