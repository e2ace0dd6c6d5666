//! Lists that are short enough for the browser to cache: fetched when a look-up takes the focus, and searched at each key from
//! then on, by the code that the server searches with.
use super::suggestion::Suggestion;
use names::{
    Class, List, Query, Region,
    full_list::{self, Entry},
};
use std::{cell::RefCell, rc::Rc};

struct CachedList {
    tag: String,
    entries: Vec<Entry>,
    list: List,
}

thread_local! {
    /// The lists by kind. A kind whose list is too long to be cached has none.
    static LISTS: RefCell<Vec<(&'static str, Rc<CachedList>)>> = const { RefCell::new(Vec::new()) };
}

fn cached(kind: &str) -> Option<Rc<CachedList>> {
    LISTS.with_borrow(|lists| lists.iter().find(|(own, _)| *own == kind).map(|(_, list)| list.clone()))
}

/// Fetches a list. For one that was fetched before, the browser revalidates its cached response by the tag.
pub(super) fn fetch(kind: &'static str) {
    leptos::task::spawn_local(async move {
        let request = gloo_net::http::Request::get(&format!("/api/dictionary/{kind}/all"));
        let Ok(response) = request.send().await else { return };
        let Ok(lines) = response.text().await else { return };
        let tag = full_list::tag(&lines);
        let known = cached(kind).is_some_and(|list| list.tag == tag);
        if !response.ok() || known {
            return;
        }
        // A response without lines means that the list has become too long to be cached.
        let list =
            full_list::read(&lines).map(|(entries, list)| Rc::new(CachedList { tag: tag.to_owned(), entries, list }));
        LISTS.with_borrow_mut(|lists| {
            lists.retain(|(own, _)| *own != kind);
            lists.extend(list.map(|list| (kind, list)));
        });
    });
}

/// At most twenty names; `None` if the list is not cached.
pub(super) fn search(kind: &str, typed: &str, region: &str) -> Option<Vec<Suggestion>> {
    let cached = cached(kind)?;
    let found = Query::new(typed).map(|query| cached.list.search(&query, Region::parse(region))).unwrap_or_default();
    let shown = found.into_iter().filter_map(|found| {
        let entry = cached.entries.get(found.entry as usize)?;
        Some(Suggestion {
            id: entry.id.clone(),
            name: entry.name.clone(),
            region: entry.region.clone(),
            former: found.former.then_some(found.name),
            marked: (found.from, found.to),
            slip: found.class == Class::Typo,
            includes: entry.includes.clone(),
        })
    });
    Some(shown.collect())
}
