//! Areas and sites: what they are called in each language, and where and how they are reached (S106).
use crate::{
    i18n,
    lang::{Lang, lang},
    routes::Page,
};
use leptos::prelude::*;
use registry::{Area, Site};

/// The name of an area. It is a province, whose name is known in both languages; in Chinese it is called as its office calls it.
pub fn area_name(lang: Lang, area: &Area) -> String {
    match i18n::choice_code(lang, "province", &area.code) {
        known if lang == Lang::En && !known.is_empty() => known.to_owned(),
        _ => area.name.clone(),
    }
}

/// The name of a site; in English the Chinese one where it has no other.
pub fn site_name(lang: Lang, site: &Site) -> String {
    if lang == Lang::En && !site.name_en.is_empty() { site.name_en.clone() } else { site.name.clone() }
}

/// The telephones of a site and of its area, where they are known.
pub fn telephones(site: Option<&Site>, area: Option<&Area>) -> Vec<String> {
    let known = [site.map(|site| site.phone.clone()), area.map(|area| area.phone.clone())];
    known.into_iter().flatten().filter(|phone| !phone.is_empty()).collect()
}

/// Where a site is and how it is reached, as far as is known, each with its label. `unknown` stands for a telephone that nobody has told.
/// Whose own address is not known is told that of the area.
pub fn site_facts(lang: Lang, site: Option<&Site>, area: Option<&Area>, unknown: &str) -> Vec<(&'static str, String)> {
    let of_site = |text: fn(&Site) -> &String| site.map(text).cloned().unwrap_or_default();
    let address = of_site(|site| &site.address);
    let of_area = area.map(|area| area.address.clone()).filter(|_| address.is_empty()).unwrap_or_default();
    let phone = telephones(site, area).join(" / ");
    let facts = [
        (i18n::slip_address(lang), address),
        (i18n::slip_area_address(lang), of_area),
        (i18n::slip_phone(lang), if phone.is_empty() { unknown.to_owned() } else { phone }),
        (i18n::slip_hours(lang), of_site(|site| &site.hours)),
        (i18n::slip_map(lang), of_site(|site| &site.map)),
    ];
    known(facts)
}

/// Where an area is and how it is reached.
pub fn area_facts(lang: Lang, area: &Area) -> Vec<(&'static str, String)> {
    known([(i18n::slip_area_address(lang), area.address.clone()), (i18n::slip_area_phone(lang), area.phone.clone())])
}

fn known(facts: impl IntoIterator<Item = (&'static str, String)>) -> Vec<(&'static str, String)> {
    facts.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

/// Such facts as a list; nothing where none is known. A map is opened by a press.
#[component]
pub fn ContactFacts(facts: Vec<(&'static str, String)>) -> impl IntoView {
    let value = |label: &'static str, text: String| match text.starts_with("https://") {
        true => view! { <a href=text rel="noopener">{label}</a> }.into_any(),
        false => text.into_any(),
    };
    (!facts.is_empty()).then(|| view! {
        <dl class="facts">{facts.into_iter().map(|(label, text)| view! { <div class="fact"><dt>{label}</dt><dd>{value(label, text)}</dd></div> }).collect_view()}</dl>
    })
}

/// The way to the page that lists them all.
#[component]
pub fn ContactsLink() -> impl IntoView {
    view! { <a href=Page::Sites.path()>{i18n::sites_title(lang())}</a> }
}
