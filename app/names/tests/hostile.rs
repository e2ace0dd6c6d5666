//! No query makes a look-up panic, and index and list answer alike, whatever is typed. Ten million queries when `YIKAO_SOAK` is set;
//! the generator is seeded (`YIKAO_SEED`, a number) and begins with the saved queries.
mod common;
use common::{Name, texts};
use names::{Index, List, Query, Readings, Region};
use proptest::{
    prelude::*,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use rayon::prelude::*;
use std::sync::Arc;

const SAVED: &[&str] = &[
    "",
    " ",
    "\0",
    "a",
    "zh",
    "zhongguo",
    "中",
    "中guo",
    "z国",
    "𠮷",
    "\u{202e}zg",
    "\u{FEFF}",
    "·",
    "ＡＢ",
    "1",
    "%",
    "_",
    "ü",
    "lv",
    "ng",
    "hm",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "医院医院医院医院医院医院医院医院医院医院",
    "e\u{301}",
    "\u{FFFF}",
];

fn queries() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z]{1,20}",
        "[a-zA-Z' ]{0,30}",
        "[杭州市第一人民医院卫生a-z]{1,12}",
        "(hang|zhou|shi|di|yi|ren|min|yuan|[a-z]){1,8}",
        "[\\u{0}-\\u{1f}a-z一二·（）]{0,20}",
    ]
}

/// A few names of institutions, with former names.
fn names() -> Vec<Name> {
    let cities = ["杭州", "重庆", "长沙", "六安"];
    let kinds = ["第一人民医院", "红十字会医院（分院）", "疾病预防控制中心", "卫生学校", "Hospital A1"];
    let name = |(n, (city, kind)): (usize, (&str, &str))| {
        let former = if n % 3 == 0 { vec![format!("{city}{}院", n % 7)] } else { Vec::new() };
        (format!("{city}市{kind}"), former, Region::default())
    };
    cities.iter().flat_map(|city| kinds.iter().map(move |kind| (*city, *kind))).enumerate().map(name).collect()
}

#[test]
fn no_query_panics_and_index_and_list_answer_alike() -> Result<(), String> {
    let names = names();
    let readings: Arc<Readings> = Readings::chinese().into();
    let (index, list) = (Index::new(texts(&names), readings.clone()), List::new(texts(&names), readings));
    let check = |typed: &str| {
        if let Some(query) = Query::new(typed) {
            assert_eq!(
                index.search(&query, Region::default(), |_| true),
                list.search(&query, Region::default()),
                "{typed:?}"
            );
        }
    };
    SAVED.iter().for_each(|typed| check(typed));
    let cases = if std::env::var_os("YIKAO_SOAK").is_some() { 10_000_000 } else { 1_000 };
    let number = std::env::var("YIKAO_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1_u64);
    // A seed of its own for each part, so that all cores make queries.
    const PARTS: u64 = 4;
    (0..PARTS).into_par_iter().try_for_each(|part| {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&number.to_le_bytes());
        seed[8..16].copy_from_slice(&part.to_le_bytes());
        let config = Config { cases: cases / PARTS as u32, failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
        let run = runner.run(&queries(), |typed| {
            check(&typed);
            Ok(())
        });
        run.map_err(|error| error.to_string())
    })
}
