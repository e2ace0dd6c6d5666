//! No query makes a look-up panic, and index and list answer alike, whatever is typed. Kept queries are in `corpus`.
mod common;
#[path = "../../forms/tests/common/fuzz.rs"]
mod fuzz;
use common::{Name, texts};
use fuzz::for_many;
use names::{Index, List, Query, Readings, Region};
use proptest::prelude::*;
use std::sync::Arc;

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
fn no_query_panics_and_index_and_list_answer_alike() {
    let names = names();
    let readings: Arc<Readings> = Readings::chinese().into();
    let (index, list) = (Index::new(texts(&names), readings.clone()), List::new(texts(&names), readings));
    for_many(
        queries,
        fuzz::texts(include_str!("corpus/queries.txt")),
        "tests/corpus/queries.failures",
        |typed: String| {
            if let Some(query) = Query::new(&typed) {
                assert_eq!(
                    index.search(&query, Region::default(), |_| true),
                    list.search(&query, Region::default()),
                    "{typed:?}"
                );
            }
        },
    );
}
