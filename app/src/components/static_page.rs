//! Pages of plain HTML: they carry nothing to hydrate, only a small script that prefetches the module near links into the
//! application.
use super::{Header, WithoutScript, places::ContactsLink};
use crate::{
    http::assets::SentenceTable,
    i18n,
    lang::Lang,
    request::{PlainPage, RequestContext},
    routes::PageKind,
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

/// The script that saves drafts when a page is left and announces the end of a session, with its sentences.
pub fn draft_script(context: &RequestContext) -> AnyView {
    let lang = context.lang;
    let session = context.is_logged_in().then(|| context.registry().settings().session_seconds.to_string());
    view! {
        <script
            defer
            src=context.assets().draft_script().to_owned()
            nonce=context.nonce().to_string()
            data-leave=i18n::draft_leave(lang)
            data-session=session
            data-ending=i18n::draft_ending(lang, "%")
            data-stay=i18n::draft_stay(lang)
        ></script>
    }
    .into_any()
}

/// What a search engine shows of a page that is for everybody.
pub fn description(lang: Lang, kind: PageKind) -> Option<&'static str> {
    Some(match kind {
        PageKind::Home => i18n::description_home(lang),
        PageKind::Help => i18n::description_help(lang),
        PageKind::Downloads | PageKind::AnnexSheet => i18n::description_downloads(lang),
        PageKind::Guide => i18n::description_guide(lang),
        PageKind::Sites => i18n::description_sites(lang),
        PageKind::Login => i18n::description_login(lang),
        PageKind::Register => i18n::description_register(lang),
        PageKind::Recover => i18n::description_recover(lang),
        PageKind::Claim => i18n::description_claim(lang),
        PageKind::ClaimState => i18n::description_claim_state(lang),
        PageKind::Verify | PageKind::Verified => i18n::description_verify(lang),
        _ => return None,
    })
}

/// A text as HTML. A text node of a view ends with a comment, which in a title is text like any other.
pub fn static_text(text: &str) -> String {
    html_escape::encode_text(text).into_owned()
}

/// The footer, with more in it than that of a page that the module draws.
#[component]
fn PlainFooter(contacts: bool) -> impl IntoView {
    let lang = crate::lang::lang();
    view! {
        <footer class="foot">
            <p>{i18n::frame_foot(lang)}</p>
            {contacts.then(|| view! { <p><ContactsLink /></p> })}
            <WithoutScript html=format!("<p>{}</p>", i18n::frame_no_script(lang)) />
        </footer>
    }
}

/// Renders a page.
pub fn render(context: &RequestContext, page: PlainPage) -> Response {
    let PlainPage { kind, title, description: own, status, body } = page;
    let description = kind.describe();
    let described = own.or_else(|| self::description(context.lang, kind).map(str::to_owned));
    let title = title.unwrap_or_else(|| (description.title)(context.lang).to_owned());
    // What is only read, and the way to a new password, needs none.
    let has_script = !matches!(
        kind,
        PageKind::Help
            | PageKind::Sites
            | PageKind::Guide
            | PageKind::Notice
            | PageKind::Downloads
            | PageKind::AnnexSheet
            | PageKind::Recover
    );
    // A root of its own: an owner that another request left on this thread may be disposed of while this page is written.
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        provide_context(context.lang);
        provide_context(context.page_token());
        let (lang, assets, nonce) = (context.lang, context.assets(), context.nonce().to_string());
        view! {
            <html lang=lang.tag()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light dark" />
                    {described.map(|text| view! { <meta name="description" content=text /> })}
                    <title inner_html=static_text(&i18n::frame_title(lang, title))></title>
                    <link rel="icon" href="/favicon.svg" />
                    <link rel="stylesheet" href=assets.style().to_owned() />
                    <link rel="stylesheet" href=assets.record_style().to_owned() />
                    {(has_script && context.is_logged_in()).then(|| draft_script(context))}
                    {has_script.then(|| view! {
                        <script
                            defer
                            src="/prefetch.js"
                            nonce=nonce
                            data-script=assets.script().to_owned()
                            data-module=assets.module().to_owned()
                            data-sentences=assets.sentences(lang, SentenceTable::Candidate).to_owned()
                            data-chunks=assets.chunk("candidate_pages").join(" ")
                        ></script>
                    })}
                </head>
                <body>
                    <Header layout=context.layout() nav=description.nav />
                    <main id="main" tabindex="-1" autofocus=context.follows_login && context.is_logged_in()>{body()}</main>
                    <PlainFooter contacts=!description.nav.is_staff() />
                </body>
            </html>
        }
        .to_html()
    });
    owner.cleanup();
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], format!("<!DOCTYPE html>{html}")).into_response()
}
