//! 选择工作单位: a page of its own on which an employer is looked up by province and city, or searched for inside of one, and
//! chosen into the form whose button led here (S26).
use super::{
    origin::{Origin, choose},
    page::{hidden, similar_name},
};
use crate::{
    components::PageField,
    error::AppError,
    http::form::{FormData, parse_query},
    i18n,
    lang::Lang,
    request::{PlainPage, Reply, RequestContext, Route, boxed},
    routes::{Page, PageKind},
};
use axum::extract::Request;
use forms::choice::{Choice, NameKind, Province};
use leptos::prelude::*;
use registry::{DictionaryKind, Hit, NAMES_ON_PAGE, NamePage, Place, PlaceCount};

/// The routes of the selection of an employer.
pub(crate) const ROUTES: &[Route] =
    &[Route::page(PageKind::Employers, boxed!(show)), Route::form(PageKind::Employers, boxed!(submit_search))];

const KIND: DictionaryKind = DictionaryKind::Employer;
/// The place of names that say no province or no city, and of all cities, in addresses.
const NONE: &str = "none";
const ALL: &str = "all";

/// What is looked at, by codes: province, city in it, page of a list.
#[derive(Clone, Debug, Default)]
struct Position {
    /// Nothing at the list of provinces, [`NONE`] for names without one.
    province: String,
    /// Nothing at the list of cities, [`NONE`] for names without one, [`ALL`] for all of the province.
    city: String,
    /// From 0.
    at: usize,
}

impl Position {
    fn read(form: &FormData) -> Self {
        let code = |name: &str| form.last_value(name).to_owned();
        Self { province: code("province"), city: code("city"), at: form.last_value("at").parse().unwrap_or_default() }
    }
    /// As the dictionary reads it; nothing at the list of provinces.
    fn place(&self) -> Option<Place<'_>> {
        let code = |code| if code == NONE { "" } else { code };
        let city = Some(self.city.as_str()).filter(|city| !matches!(*city, "" | ALL)).map(code);
        (!self.province.is_empty()).then(|| Place { region: code(&self.province), city })
    }
    fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs =
            vec![("province", if self.province.is_empty() { ALL.to_owned() } else { self.province.clone() })];
        pairs.extend((!self.city.is_empty()).then(|| ("city", self.city.clone())));
        pairs.extend((self.at > 0).then(|| ("at", self.at.to_string())));
        pairs
    }
    fn path(&self, origin: &Origin) -> String {
        let mut pairs = origin.pairs();
        pairs.extend(self.pairs());
        Page::Employers.with_query(&pairs)
    }
}

fn code_or_none(code: &str) -> String {
    if code.is_empty() { NONE.to_owned() } else { code.to_owned() }
}

/// What the page lists.
enum Listed {
    Provinces(Vec<PlaceCount>),
    Cities(Vec<PlaceCount>),
    Names(NamePage),
    /// What was found for a query.
    Found(String, Vec<Hit>),
}

/// The field and form that the page chooses for; only such as take an employer.
fn origin_of(form: &FormData) -> Result<Origin, AppError> {
    Origin::parse(form).filter(|origin| origin.kind() == NameKind::Employer).ok_or(AppError::NotFound)
}

/// `GET`: the province that stands in the form, or what the address names.
async fn show(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let query = parse_query(request.uri())?;
    let origin = origin_of(&query)?;
    // Whose form it is decides before anything is shown.
    let typed = origin.typed(&context).await?;
    let mut position = Position::read(&query);
    match position.province.as_str() {
        "" => position.province = typed.missing_region,
        ALL => position.province.clear(),
        _ => {}
    }
    picker_page(&context, origin, position, None)
}

/// Chooses a name, or searches for one: what is searched for is in no address.
async fn submit_search(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let form = context.read_form(request).await?;
    let origin = origin_of(&form)?;
    if !form.last_value("use").is_empty() {
        return choose(&context, Some(&origin), form.last_value("use")).await;
    }
    origin.typed(&context).await?;
    let mut position = Position { at: 0, ..Position::read(&form) };
    if position.province == ALL {
        position.province.clear();
    }
    let query = form.last_value("query").trim();
    picker_page(&context, origin, position, (!query.is_empty()).then(|| query.to_owned()))
}

fn picker_page(
    context: &RequestContext,
    origin: Origin,
    mut position: Position,
    query: Option<String>,
) -> Result<Reply, AppError> {
    let (lang, dictionary) = (context.lang, context.dictionary());
    let cities = position.place().map(|place| dictionary.cities(KIND, place.region)).unwrap_or_default();
    // A municipality has no cities to choose from.
    if !position.province.is_empty() && cities.iter().all(|city| city.code.is_empty()) {
        position.city = ALL.to_owned();
    }
    let code = |city: &PlaceCount| code_or_none(&city.code);
    let unknown = matches!(&position.city, city if !city.is_empty() && city != ALL && !cities.iter().any(|one| code(one) == *city));
    let listed = match (query, position.place()) {
        (Some(query), Some(place)) => {
            let found = dictionary.search_at(KIND, place, &query);
            Listed::Found(query, found)
        }
        (Some(query), None) => {
            let found = dictionary.search(KIND, &query, "");
            Listed::Found(query, found)
        }
        (None, None) => Listed::Provinces(dictionary.provinces(KIND)),
        (None, Some(place)) if !unknown && !position.city.is_empty() => {
            Listed::Names(dictionary.names_at(KIND, place, position.at))
        }
        (None, Some(_)) => {
            position.city.clear();
            Listed::Cities(cities.clone())
        }
    };
    let city = cities.into_iter().find(|city| code_or_none(&city.code) == position.city);
    Ok(PlainPage::new(PageKind::Employers, move || page(lang, &origin, &position, city, listed)).into())
}

fn province_name(lang: Lang, code: &str) -> &'static str {
    match code {
        "" | NONE => i18n::picker_no_province(lang),
        code => i18n::choice_code(lang, Province::LIST, code),
    }
}
fn city_name(lang: Lang, city: &PlaceCount) -> &'static str {
    if city.code.is_empty() { i18n::picker_no_city(lang) } else { city.name }
}

fn page(
    lang: Lang,
    origin: &Origin,
    position: &Position,
    city: Option<PlaceCount>,
    listed: Listed,
) -> impl IntoView + use<> {
    let (back, missing) = (origin.page().path(), Page::NameRequests.with_query(&origin.pairs()));
    let province = (!position.province.is_empty()).then(|| province_name(lang, &position.province));
    let to = |province: &str, city: &str| {
        Position { province: province.to_owned(), city: city.to_owned(), at: 0 }.path(origin)
    };
    let place = city.as_ref().map(|city| city_name(lang, city)).or(province);
    let query = if let Listed::Found(query, _) = &listed { query.clone() } else { String::new() };
    view! {
        <section class="narrow">
            <h1>{i18n::picker_title(lang)}</h1>
            <p class="lead">{i18n::picker_lead(lang)}</p>
            <nav class="crumbs" aria-label=i18n::picker_place(lang)>
                <ol>
                    <li><a href=to("", "")>{i18n::picker_all(lang)}</a></li>
                    {province.map(|name| view! { <li><a href=to(&position.province, "")>{name}</a></li> })}
                    {city.as_ref().map(|city| view! { <li>{city_name(lang, city)}</li> })}
                </ol>
            </nav>
            <form method="post" action=Page::Employers.path() class="sheet seek">
                <PageField />
                {hidden(Some(origin))}
                {position.pairs().into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()}
                <label for="query">{place.map_or_else(|| i18n::picker_query_all(lang).to_owned(), |place| i18n::picker_query(lang, place))}</label>
                <div class="row field">
                    <input id="query" name="query" type="search" value=query autocomplete="off" spellcheck="false" aria-describedby="query-hint" />
                    <button class="button">{i18n::picker_search(lang)}</button>
                </div>
                <p class="hint" id="query-hint">{i18n::picker_hint(lang)}</p>
            </form>
            {match listed {
                Listed::Provinces(provinces) => provinces_view(lang, &to, &provinces).into_any(),
                Listed::Cities(cities) => cities_view(lang, &|city| to(&position.province, city), &cities).into_any(),
                Listed::Names(page) => names_view(lang, origin, position, &page, &missing).into_any(),
                Listed::Found(_, names) => {
                    let message = if names.is_empty() { i18n::picker_nothing(lang).to_owned() } else { i18n::picker_found(lang, names.len()) };
                    view! {
                        <p role="status">{message}</p>
                        {choices(lang, origin, &names, &missing)}
                    }.into_any()
                }
            }}
            <p class="row">
                <a class="button" href=back>{i18n::name_request_back(lang)}</a>
                <a href=missing>{i18n::lookup_missing(lang)}</a>
            </p>
        </section>
    }
}

/// Links to places with how many names each has.
fn places(lang: Lang, places: Vec<(String, &'static str, usize)>) -> impl IntoView {
    view! {
        <ul class="places">
            {places.into_iter().map(|(path, name, count)| view! {
                <li><a href=path><span>{name}</span><span class="count">{i18n::picker_count(lang, count)}</span></a></li>
            }).collect_view()}
        </ul>
    }
}

fn provinces_view(lang: Lang, to: &dyn Fn(&str, &str) -> String, provinces: &[PlaceCount]) -> impl IntoView + use<> {
    let row = |place: &PlaceCount| (to(&code_or_none(&place.code), ""), province_name(lang, &place.code), place.count);
    // Names without a province come last.
    let (without, with): (Vec<_>, Vec<_>) = provinces.iter().partition(|place| place.code.is_empty());
    let rows = with.into_iter().chain(without).map(row).collect();
    view! {
        <h2>{i18n::picker_provinces(lang)}</h2>
        {provinces.is_empty().then(|| view! { <p class="empty">{i18n::picker_empty(lang)}</p> })}
        {places(lang, rows)}
    }
}

fn cities_view(lang: Lang, to: &dyn Fn(&str) -> String, cities: &[PlaceCount]) -> impl IntoView + use<> {
    let all = cities.iter().map(|city| city.count).sum();
    let mut rows = vec![(to(ALL), i18n::picker_whole(lang), all)];
    rows.extend(cities.iter().map(|city| (to(&code_or_none(&city.code)), city_name(lang, city), city.count)));
    view! {
        <h2>{i18n::picker_cities(lang)}</h2>
        <p class="note">{i18n::picker_by_name(lang)}</p>
        {places(lang, rows)}
    }
}

fn names_view(
    lang: Lang,
    origin: &Origin,
    position: &Position,
    page: &NamePage,
    missing: &str,
) -> impl IntoView + use<> {
    let pages = page.all.div_ceil(NAMES_ON_PAGE);
    let turn = |at: usize| Position { at, ..position.clone() }.path(origin);
    let before = position.at.checked_sub(1).map(|at| turn(at.min(pages.saturating_sub(1))));
    let after = (position.at + 1 < pages).then(|| turn(position.at + 1));
    view! {
        <h2>{i18n::picker_names(lang)}" "<span class="count">{i18n::picker_count(lang, page.all)}</span></h2>
        {choices(lang, origin, &page.names, missing)}
        {(pages > 1).then(|| view! {
            <nav class="row" aria-label=i18n::picker_pages(lang)>
                {before.map(|path| view! { <a class="button" href=path rel="prev">{i18n::picker_before(lang)}</a> })}
                <span>{i18n::picker_page(lang, position.at + 1, pages)}</span>
                {after.map(|path| view! { <a class="button" href=path rel="next">{i18n::picker_after(lang)}</a> })}
            </nav>
        })}
    }
}

/// Names, each a button that chooses it; where there is none, the way to ask for it.
fn choices(lang: Lang, origin: &Origin, names: &[Hit], missing: &str) -> impl IntoView + use<> {
    if names.is_empty() {
        return view! {
            <p class="empty">{i18n::picker_empty(lang)}" "<a class="button" href=missing.to_owned()>{i18n::lookup_missing(lang)}</a></p>
        }
        .into_any();
    }
    view! {
        <form method="post" action=Page::Employers.path()>
            <PageField />
            {hidden(Some(origin))}
            <ul class="places">
                {names.iter().map(|hit| view! {
                    <li><button name="use" value=hit.id.to_string()>{similar_name(lang, hit)}</button></li>
                }).collect_view()}
            </ul>
        </form>
    }
    .into_any()
}
