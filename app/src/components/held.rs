//! Lists short enough to live in the browser: fetched when a field with names first takes the focus, and looked through at each
//! key from then on, by the code that the server looks through its own with.
use super::combobox::Found;
use names::{
    Class, List, Query, Region,
    full_list::{self, Entry},
};
use std::{cell::RefCell, rc::Rc};

/// A list in the browser.
struct Held {
    tag: String,
    entries: Vec<Entry>,
    list: List,
}

thread_local! {
    /// By kind. A kind with a longer list than is handed out has none.
    static LISTS: RefCell<Vec<(&'static str, Rc<Held>)>> = const { RefCell::new(Vec::new()) };
}

fn held(kind: &str) -> Option<Rc<Held>> {
    LISTS.with_borrow(|lists| lists.iter().find(|(own, _)| *own == kind).map(|(_, held)| held.clone()))
}

/// Fetches a list, or asks whether the one that is held still holds; the browser keeps the answer by its tag.
pub(super) fn fetch(kind: &'static str) {
    leptos::task::spawn_local(async move {
        let request = gloo_net::http::Request::get(&format!("/api/dictionary/{kind}/all"));
        let Ok(response) = request.send().await else { return };
        let Ok(lines) = response.text().await else { return };
        let tag = full_list::tag(&lines);
        let known = held(kind).is_some_and(|held| held.tag == tag);
        if !response.ok() || known {
            return;
        }
        // An answer without lines says that the list has become too long to be held.
        let held = full_list::read(&lines).map(|(entries, list)| Rc::new(Held { tag: tag.to_owned(), entries, list }));
        LISTS.with_borrow_mut(|lists| {
            lists.retain(|(own, _)| *own != kind);
            lists.extend(held.map(|held| (kind, held)));
        });
    });
}

/// At most twenty names; nothing where the list is not here.
pub(super) fn search(kind: &str, typed: &str, region: &str) -> Option<Vec<Found>> {
    let held = held(kind)?;
    let found = Query::new(typed).map(|query| held.list.search(&query, Region::parse(region))).unwrap_or_default();
    let shown = found.into_iter().filter_map(|found| {
        let entry = held.entries.get(found.entry as usize)?;
        Some(Found {
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
