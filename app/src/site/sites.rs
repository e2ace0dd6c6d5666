//! Where areas and sites are and how they are reached (S106): a list by area, which a search narrows.
use crate::{
    components::{
        FieldFrame,
        places::{ContactFacts, area_facts, area_name, site_facts, site_name},
    },
    error::AppError,
    http::form::parse_query,
    i18n,
    lang::{Lang, lang},
    request::{PlainPage, Reply, RequestContext},
    routes::{Page, PageKind},
};
use axum::extract::Request;
use leptos::prelude::*;
use registry::{Area, Site};

/// As it is compared: in small letters without their marks, so that Ürümqi and Xi'an are found as they are typed.
fn plain(text: &str) -> String {
    let plain = |c: char| match c {
        'ü' => Some('u'),
        'ê' => Some('e'),
        '\'' | '’' => None,
        c => Some(c),
    };
    text.to_lowercase().chars().filter_map(plain).collect()
}

/// What a site is found by: its names and address, and those of its area.
fn text_of(area: &Area, site: Option<&Site>) -> String {
    let of_area = [area_name(Lang::En, area), area.name.clone(), area.address.clone()];
    let of_site = site.map(|site| [site.name_en.clone(), site.name.clone(), site.address.clone()]);
    plain(&of_area.into_iter().chain(of_site.into_iter().flatten()).collect::<Vec<_>>().join("\n"))
}

/// The areas with those of their sites in which every word of a search occurs. An area without a site is found by its own name.
fn found(areas: &[Area], sites: &[Site], search: &str) -> Vec<(Area, Vec<Site>)> {
    let search = plain(search);
    let fits = |text: &str| search.split_whitespace().all(|word| text.contains(word));
    let in_area = |area: &Area| {
        let fitting = |site: &&Site| site.area == area.code && fits(&text_of(area, Some(site)));
        let sites: Vec<Site> = sites.iter().filter(fitting).cloned().collect();
        (!sites.is_empty() || fits(&text_of(area, None))).then(|| (area.clone(), sites))
    };
    areas.iter().filter_map(in_area).collect()
}

/// `/sites`, `/sites?q=` with words.
pub(super) async fn sites(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let lang = context.lang;
    let search = parse_query(request.uri()).unwrap_or_default().last_value("q").trim().to_owned();
    let (areas, sites) = context.registry().areas().await?;
    let found = found(&areas, &sites, &search);
    let narrowed = !search.is_empty();
    let count: usize = found.iter().map(|(_, sites)| sites.len()).sum();
    let body = move || {
        let none = found.is_empty();
        view! {
            <h1>{i18n::sites_title(lang)}</h1>
            <p class="lead">{i18n::sites_lead(lang)}</p>
            <form method="get" action=Page::Sites.path() class="sheet" role="search">
                <FieldFrame id="q" label=i18n::sites_search(lang) hint=Some(i18n::sites_hint(lang).to_owned())>
                    <input id="f-q" name="q" type="search" value=search.clone() aria-describedby="h-q" />
                </FieldFrame>
                <button class="primary">{i18n::sites_find(lang)}</button>
            </form>
            {narrowed.then(|| view! {
                <p role="status">
                    {if none { i18n::sites_none(lang).to_owned() } else { i18n::sites_count(lang, count) }}" "
                    <a href=Page::Sites.path()>{i18n::sites_all(lang)}</a>
                </p>
            })}
            {(!none).then(|| view! {
                <section class="sheet">
                    {found.into_iter().map(|(area, sites)| view! { <AreaContacts area sites open=narrowed /> }).collect_view()}
                </section>
            })}
        }
    };
    Ok(PlainPage::new(PageKind::Sites, body).into())
}

/// An area that opens to what is known of it and of each of its sites.
#[component]
fn AreaContacts(area: Area, sites: Vec<Site>, open: bool) -> impl IntoView {
    let lang = lang();
    let facts = area_facts(lang, &area);
    let sites: Vec<(Site, Vec<(&'static str, String)>)> =
        sites.into_iter().map(|site| (site.clone(), site_facts(lang, Some(&site), None, ""))).collect();
    let nothing = facts.is_empty() && sites.iter().all(|(_, facts)| facts.is_empty());
    view! {
        <details id=format!("area-{}", area.code) open=open>
            <summary>{area_name(lang, &area)}</summary>
            {nothing.then(|| view! { <p class="note">{i18n::sites_nothing(lang)}</p> })}
            <ContactFacts facts />
            <ul class="contacts">
                {sites.into_iter().map(|(site, facts)| {
                    let unknown = facts.is_empty() && !nothing;
                    view! {
                        <li id=format!("site-{}", site.code)>
                            <b>{site_name(lang, &site)}</b>
                            {unknown.then(|| view! { " "<span class="note">{i18n::sites_unknown(lang)}</span> })}
                            <ContactFacts facts />
                        </li>
                    }
                }).collect_view()}
            </ul>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_found_by_its_name_in_either_language_without_marks_and_by_its_area() {
        let area = |code: &str, name: &str| Area {
            code: code.into(),
            name: name.into(),
            phone: String::new(),
            address: String::new(),
        };
        let site = |code: &str, name: &str, name_en: &str| Site {
            code: code.into(),
            area: code[..2].into(),
            name: name.into(),
            name_en: name_en.into(),
            address: String::new(),
            phone: String::new(),
            hours: String::new(),
            map: String::new(),
            open: true,
        };
        let areas = [area("61", "陕西省"), area("65", "新疆维吾尔自治区")];
        let sites = [
            site("6101", "西安市", "Xi'an site"),
            site("6102", "铜川市", "Tongchuan site"),
            site("6501", "乌鲁木齐市", "Ürümqi site"),
        ];
        let codes = |search: &str| {
            let found = found(&areas, &sites, search).into_iter();
            found.flat_map(|(_, sites)| sites).map(|site| site.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("xian"), ["6101"]);
        assert_eq!(codes("Urumqi"), ["6501"]);
        assert_eq!(codes("陕西 铜川"), ["6102"]);
        assert_eq!(codes("shaanxi"), ["6101", "6102"]);
        assert_eq!(codes(""), ["6101", "6102", "6501"]);
        assert!(codes("杭州").is_empty());
    }
}
