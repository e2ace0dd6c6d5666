//! Questions and answers (the manual's sections five and six). They are found by searching, those of a step of the wizard are
//! linked from it, and each leads to the page where it is done.
use super::guides::{GuideLinks, guide_title, page_of_key};
use crate::{
    components::{
        FieldFrame,
        help::{HelpItem, items},
        places::ContactsLink,
    },
    error::AppError,
    http::form::parse_query,
    i18n,
    lang::Lang,
    request::{PlainPage, Reply, RequestContext},
    routes::{Page, PageKind, ProfileGroup},
};
use axum::extract::Request;
use forms::{journey::Step, profile::EntryKind};
use leptos::prelude::*;

/// The parts of the page, in their order.
const SECTIONS: [&str; 5] = ["rules", "filling", "change", "process", "certification"];

/// The page that a key of [`HelpItem::links`] stands for.
fn page_of(key: &str) -> Option<Page> {
    Some(match key {
        "home" => Page::Home,
        "login" => Page::Login,
        "recover" => Page::Recover,
        "claim" => Page::Claim,
        "register" => Page::Register,
        "exams" => Page::Exams,
        "catalogue" => Page::Catalogue,
        "basic" => Page::Profile(ProfileGroup::Basic),
        "education" => Page::Profile(EntryKind::Education.into()),
        "certificate" => Page::Profile(EntryKind::Certificate.into()),
        "security" => Page::Security,
        "names" => Page::NameRequests,
        _ => return page_of_key(key),
    })
}

/// The text of a link to a page.
fn link_text(lang: Lang, page: &Page) -> String {
    match page {
        Page::Guide(guide) => guide_title(lang, *guide).to_owned(),
        _ => page.title(lang),
    }
}

fn section_title(lang: Lang, section: &str) -> &'static str {
    match section {
        "rules" => i18n::help_rules(lang),
        "filling" => i18n::help_filling(lang),
        "change" => i18n::help_change(lang),
        "process" => i18n::help_process(lang),
        _ => i18n::help_certification(lang),
    }
}

/// `/help`, `/help?q=` with words, `/help?step=` with a step of the wizard.
pub(super) async fn help(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let lang = context.lang;
    let query = parse_query(request.uri()).unwrap_or_default();
    let search = query.last_value("q").trim().to_owned();
    let step = Step::parse(query.last_value("step"));
    let fits = |item: &&HelpItem| {
        item.has(&search) && step.is_none_or(|step| item.steps.iter().any(|code| code == step.code()))
    };
    let found: Vec<HelpItem> = items(lang).iter().filter(fits).cloned().collect();
    let narrowed = step.is_some() || !search.is_empty();
    let body = move || {
        let none = found.is_empty();
        view! {
            <h1>{i18n::help_title(lang)}</h1>
            <div class="split">
            <form method="get" action=Page::Help.path() class="sheet" role="search">
                <FieldFrame id="q" label=i18n::help_search(lang) hint=Some(i18n::help_hint(lang).to_owned())>
                    <input id="f-q" name="q" type="search" value=search.clone() aria-describedby="h-q" />
                </FieldFrame>
                <button class="primary">{i18n::help_find(lang)}</button>
            </form>
            {(!narrowed).then(|| view! {
                <section class="sheet beside">
                    <GuideLinks />
                </section>
            })}
            <div>
            {narrowed.then(|| view! {
                <p role="status">
                    {if none { i18n::help_none(lang).to_owned() } else { i18n::help_count(lang, found.len()) }}" "
                    <a href=Page::Help.path()>{i18n::help_all(lang)}</a>
                    {none.then(|| view! { " "<ContactsLink /> })}
                </p>
            })}
            {SECTIONS.into_iter().map(|section| {
                let items: Vec<HelpItem> = found.iter().filter(|item| item.section == section).cloned().collect();
                (!items.is_empty()).then(|| view! {
                    <section class="sheet">
                        <h2>{section_title(lang, section)}</h2>
                        {items.into_iter().map(|item| view! { <Answer item open=narrowed /> }).collect_view()}
                    </section>
                })
            }).collect_view()}
            </div>
            </div>
        }
    };
    Ok(PlainPage::new(PageKind::Help, body).into())
}

/// A question that opens to its answer.
#[component]
fn Answer(item: HelpItem, open: bool) -> impl IntoView {
    let lang = crate::lang::lang();
    let pages: Vec<Page> = item.links.iter().filter_map(|key| page_of(key)).collect();
    view! {
        <details id=item.id open=open>
            <summary>{item.question}</summary>
            {item.answer.into_iter().map(|paragraph| view! { <p>{paragraph}</p> }).collect_view()}
            {(!pages.is_empty()).then(|| view! {
                <p class="row">{pages.into_iter().map(|page| view! { <a href=page.path()>{link_text(lang, &page)}</a> }).collect_view()}</p>
            })}
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use forms::Field;
    use std::collections::HashSet;

    #[test]
    fn both_languages_have_the_same_questions_with_answers_and_links_that_lead_somewhere() {
        let of = |lang| {
            items(lang).iter().map(|item| (&item.id, &item.section, &item.steps, &item.links)).collect::<Vec<_>>()
        };
        assert_eq!(of(Lang::Zh), of(Lang::En));
        assert!(items(Lang::Zh).len() >= 25);
        let ids: HashSet<&String> = items(Lang::Zh).iter().map(|item| &item.id).collect();
        assert_eq!(ids.len(), items(Lang::Zh).len());
        for item in items(Lang::Zh).iter().chain(items(Lang::En)) {
            assert!(!item.question.is_empty() && !item.answer.is_empty(), "{}", item.id);
            assert!(SECTIONS.contains(&item.section.as_str()), "{}", item.id);
            assert!(!item.links.is_empty(), "{} says nowhere where it is done", item.id);
            assert!(item.links.iter().all(|key| page_of(key).is_some()), "{}", item.id);
            assert!(item.steps.iter().all(|code| Step::parse(code).is_some()), "{}", item.id);
        }
        for lang in [Lang::Zh, Lang::En] {
            // A button is named as it is called.
            let about = |id: &str| items(lang).iter().find(|item| item.id == id).unwrap().answer.join("\n");
            assert!(about("employer").contains(i18n::lookup_missing(lang)), "{}", about("employer"));
            assert!(about("number-error").contains(i18n::label(lang, Field::OldNumber)), "{}", about("number-error"));
            // What differs from one rule set to another stands where the photo is uploaded.
            assert!(!about("photo").contains("KB"), "{}", about("photo"));
        }
        for step in Step::ALL {
            assert!(items(Lang::Zh).iter().any(|item| item.steps.iter().any(|code| code == step.code())), "{step:?}");
        }
    }
}
