//! Pages about one matter each: law and rules, Taiwan, Hong Kong and Macao, certification of degrees, refunds (S98, S103, S105,
//! S141, S144). The texts are in `app/content`.
use crate::{
    components::places::{ContactsLink, area_name},
    error::AppError,
    i18n,
    lang::Lang,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Guide, Page, PageKind},
};
use axum::extract::Request;
use forms::materials::Annex;
use leptos::prelude::*;
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Clone, Debug, Deserialize)]
struct GuideText {
    guide: String,
    title: String,
    lead: String,
    parts: Vec<Part>,
}
#[derive(Clone, Debug, Deserialize)]
struct Part {
    heading: String,
    /// Paragraphs.
    text: Vec<String>,
    links: Vec<GuideLink>,
}
/// A link to somebody else's site, or to a page of this one.
#[derive(Clone, Debug, Deserialize)]
struct GuideLink {
    text: String,
    #[serde(flatten)]
    target: Target,
}
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Target {
    Url(String),
    /// A key of [`page_of_key`].
    Page(String),
}
impl Target {
    fn address(&self) -> Option<String> {
        match self {
            Self::Url(url) => Some(url.clone()),
            Self::Page(key) => page_of_key(key).map(|page| page.path()),
        }
    }
}

/// The page that a key of a content file stands for, among those of this feature.
pub(super) fn page_of_key(key: &str) -> Option<Page> {
    if let Some(annex) = key.strip_prefix("annex") {
        return Annex::parse(annex).map(Page::AnnexSheet);
    }
    match key {
        "downloads" => return Some(Page::Downloads),
        "sites" => return Some(Page::Sites),
        _ => {}
    }
    Guide::parse(key).map(Page::Guide)
}

static ZH: LazyLock<Vec<GuideText>> = LazyLock::new(|| read(include_str!("../../content/guides.zh.json")));
static EN: LazyLock<Vec<GuideText>> = LazyLock::new(|| read(include_str!("../../content/guides.en.json")));

/// A file of content. The tests read both, so that none is empty for its form.
fn read(text: &str) -> Vec<GuideText> {
    serde_json::from_str(text).unwrap_or_default()
}

fn guide_text(lang: Lang, guide: Guide) -> Option<&'static GuideText> {
    let texts = match lang {
        Lang::Zh => &ZH,
        Lang::En => &EN,
    };
    texts.iter().find(|text| text.guide == guide.code())
}

/// The title of a guide.
pub(super) fn guide_title(lang: Lang, guide: Guide) -> &'static str {
    guide_text(lang, guide).map(|text| text.title.as_str()).unwrap_or_default()
}

/// The part of a page that links to every guide, to the forms and, unless it is on that page, to the questions.
#[component]
pub(super) fn GuideLinks(#[prop(optional)] help: bool) -> impl IntoView {
    let lang = crate::lang::lang();
    view! {
        <h2>{i18n::guide_section(lang)}</h2>
        <ul>
            <li><a href=Page::Downloads.path()>{i18n::downloads_title(lang)}</a></li>
            <li><ContactsLink /></li>
            {help.then(|| view! { <li><a href=Page::Help.path()>{i18n::frame_help(lang)}</a></li> })}
            {Guide::ALL.into_iter().map(|guide| view! { <li><a href=Page::Guide(guide).path()>{guide_title(lang, guide)}</a></li> }).collect_view()}
        </ul>
    }
}

/// `/guides/…`.
pub(super) async fn guide(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Guide(guide) = page_of(&request)? else { return Err(AppError::NotFound) };
    let lang = context.lang;
    let text = guide_text(lang, guide).ok_or(AppError::NotFound)?;
    let phones: Vec<(String, String)> = match guide {
        Guide::Refunds => {
            let (areas, _) = context.registry().areas().await?;
            let known = areas.iter().filter(|area| !area.phone.is_empty());
            known.map(|area| (area_name(lang, area), area.phone.clone())).collect()
        }
        _ => Vec::new(),
    };
    let body = move || {
        view! {
            <article class="sheet reading">
                <h1>{text.title.as_str()}</h1>
                <p class="lead">{text.lead.as_str()}</p>
                {text.parts.iter().map(|part| view! {
                    <h2>{part.heading.as_str()}</h2>
                    {part.text.iter().map(|paragraph| view! { <p>{paragraph.as_str()}</p> }).collect_view()}
                    {part.links.iter().filter_map(|link| Some((link.text.as_str(), link.target.address()?))).map(|(text, address)| view! { <p><a href=address>{text}</a></p> }).collect_view()}
                }).collect_view()}
                {(guide == Guide::Refunds).then(|| view! {
                    <h2>{i18n::guide_phones(lang)}</h2>
                    {if phones.is_empty() {
                        view! { <p class="empty">{i18n::guide_no_phones(lang)}</p> }.into_any()
                    } else {
                        view! {
                            <dl class="facts">{phones.into_iter().map(|(name, phone)| view! { <div class="fact"><dt>{name}</dt><dd>{phone}</dd></div> }).collect_view()}</dl>
                        }.into_any()
                    }}
                })}
                <p class="row"><a href=Page::Help.path()>{i18n::frame_help(lang)}</a><ContactsLink /></p>
            </article>
        }
    };
    Ok(PlainPage::new(PageKind::Guide, body).titled(text.title.clone()).described(&text.lead).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_every_guide_with_links_that_lead_somewhere() {
        for lang in [Lang::Zh, Lang::En] {
            for guide in Guide::ALL {
                let text = guide_text(lang, guide);
                assert!(text.is_some_and(|text| !text.title.is_empty() && !text.parts.is_empty()), "{guide:?}");
                for part in text.into_iter().flat_map(|text| &text.parts) {
                    assert!(!part.heading.is_empty() && !part.text.is_empty(), "{guide:?}");
                    for link in &part.links {
                        let external = matches!(&link.target, Target::Url(url) if url.starts_with("https://"));
                        assert!(external || link.target.address().is_some(), "{guide:?}: {}", link.text);
                    }
                }
            }
        }
        let addresses = |lang| {
            let parts =
                Guide::ALL.into_iter().filter_map(move |guide| guide_text(lang, guide)).flat_map(|text| &text.parts);
            parts
                .map(|part| part.links.iter().map(|link| link.target.address()).collect::<Vec<_>>())
                .collect::<Vec<_>>()
        };
        assert_eq!(addresses(Lang::Zh), addresses(Lang::En));
    }
}
