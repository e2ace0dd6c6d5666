//! The application: the document, the layout around every hydrated page, and which page a path shows.
use crate::{
    applications::{self, WizardPage},
    browser,
    components::{ErrorView, Footer, Header, page_scope},
    error::AppError,
    i18n,
    lang::{Lang, lang},
    review,
    routes::{Chunk, NavSection, Page},
    transport::{LayoutData, shared},
};
#[cfg(feature = "ssr")]
use crate::{components::static_page, http::assets::SentenceTable, transport::PageTokenText};
use leptos::prelude::*;
use leptos_router::{components::Router, hooks::use_location};

/// The body of every page that is hydrated.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    provide_context(browser::document_lang());
    let username = shared(|| {
        #[cfg(feature = "ssr")]
        return use_context::<LayoutData>().and_then(|layout| layout.username);
        #[cfg(not(feature = "ssr"))]
        None
    });
    view! {
        <Router>
            <Layout layout=LayoutData { username } />
        </Router>
    }
}

/// The layout stays while the pages in it come and go.
#[component]
fn Layout(layout: LayoutData) -> impl IntoView {
    let path = use_location().pathname;
    let page = Memo::new(move |_| Page::from_path(&path.get()));
    let lang = lang();
    Effect::new(move |before: Option<()>| {
        browser::set_title(&title(lang, page.get().as_ref()));
        // Who follows a link with a screen reader is read the new page, as if the browser had loaded it.
        if before.is_some() {
            browser::focus("main");
        }
    });
    follow_address();
    let nav = Signal::derive(move || page.read().as_ref().map_or(NavSection::None, |page| page.describe().nav));
    // Only the server writes the attribute.
    #[cfg(feature = "ssr")]
    let autofocus =
        use_context::<crate::request::RequestContext>().is_some_and(|it| it.follows_login && it.is_logged_in());
    #[cfg(not(feature = "ssr"))]
    let autofocus = false;
    view! {
        <Header layout nav />
        <main id="main" tabindex="-1" autofocus=autofocus>{page_scope(move || view_of(page.get()))}</main>
        <Footer />
    }
}

/// Tells the router that the page of a link is there, so that it writes the address. The routes of Leptos would do it; without
/// them the browser's back button would skip the page.
fn follow_address() {
    #[cfg(feature = "hydrate")]
    {
        use leptos_router::location::{BrowserUrl, LocationProvider};
        let provider = use_context::<BrowserUrl>();
        let path = use_location().pathname;
        Effect::new(move |_| {
            path.track();
            if let Some(provider) = &provider {
                provider.ready_to_complete();
            }
        });
    }
}

/// The component of a page, out of the chunk that holds it.
fn view_of(page: Option<Page>) -> AnyView {
    let Some(page) = page else { return view! { <ErrorView error=AppError::NotFound /> }.into_any() };
    match (page.describe().chunk, page) {
        (_, Page::Step(id, step)) => view! { <WizardPage id step /> }.into_any(),
        (Chunk::CandidatePages, page) => applications::chunks::candidate_pages(page),
        (Chunk::ReviewPages, page) => review::chunk::review_pages(page),
        // A plain page is never rendered here: its links load it from the server.
        (Chunk::Wizard | Chunk::None, _) => view! { <ErrorView error=AppError::NotFound /> }.into_any(),
    }
}

/// The title of a page's window.
fn title(lang: Lang, page: Option<&Page>) -> String {
    page.map_or_else(|| i18n::error_title(lang).to_owned(), |page| page.title(lang))
}

/// Fetches the chunk of the page and hydrates the document. A page whose chunk does not come stays as the server wrote it.
/// Answers whether it was hydrated.
#[cfg(feature = "hydrate")]
pub async fn hydrate() -> bool {
    let fetched = match Page::from_path(&browser::path()) {
        Some(page) => match page.describe().chunk {
            Chunk::Wizard | Chunk::CandidatePages => applications::chunks::fetch_for(&page).await,
            Chunk::ReviewPages => review::chunk::fetch().await,
            Chunk::None => Ok(()),
        },
        None => Ok(()),
    };
    if fetched.is_ok() {
        leptos::mount::hydrate_body(App);
    }
    fetched.is_ok()
}

/// The name of the chunk that a page needs besides the main one, as the build's list of chunks calls it.
#[cfg(feature = "ssr")]
fn chunk_of(page: &Page) -> Option<&'static str> {
    match page.describe().chunk {
        Chunk::Wizard => applications::chunks::of_step(page),
        Chunk::CandidatePages => Some("candidate_pages"),
        Chunk::ReviewPages => Some("review_pages"),
        Chunk::None => None,
    }
}

/// The document around a hydrated page.
#[cfg(feature = "ssr")]
pub fn shell(context: &crate::request::RequestContext, page: Option<&Page>, token: &PageTokenText) -> AnyView {
    use leptos::tachys::html::doctype;
    let (nonce, assets, lang) = (context.nonce().to_string(), context.assets(), context.lang);
    let (script, module) = (assets.script().to_owned(), assets.module().to_owned());
    let nav = page.map_or(NavSection::None, |page| page.describe().nav);
    let chunk = page.and_then(chunk_of);
    let is_first_view = page.is_some_and(|page| matches!(page.describe().chunk, Chunk::Wizard)) && chunk.is_none();
    let needed = match (nav.is_staff(), is_first_view) {
        (true, _) => SentenceTable::Staff,
        (false, true) => SentenceTable::FirstView,
        (false, false) => SentenceTable::Candidate,
    };
    let sentences = assets.sentences(lang, needed).to_owned();
    // The steps that follow the first view say more than it: their sentences come once it can be used.
    let rest = if is_first_view {
        format!(
            "fetch({:?}).then(r=>r.text()).then(m.addSentences).catch(()=>{{}})",
            assets.sentences(lang, SentenceTable::Candidate)
        )
    } else {
        String::new()
    };
    let chunks = chunk.map(|chunk| assets.chunk(chunk).to_vec()).unwrap_or_default();
    // A form that is being typed in is not hydrated under the hands: hydration waits until the field is left. A module that does
    // not come leaves the page as the server wrote it, whose forms work without.
    let hydrate = format!(
        "const w=fetch({sentences:?}).then(r=>r.text());w.catch(()=>{{}});\
         import({script:?}).then(async m=>{{await m.default({{module_or_path:{module:?}}});const t=document.activeElement;\
         if(t&&/INPUT|SELECT/.test(t.tagName)&&t.dataset.typed)await new Promise(r=>t.addEventListener('blur',r,{{once:true}}));\
         if(await m.hydrate(await w)){{performance.mark('hydrated');document.documentElement.dataset.hydrated='';{rest}}}}}).catch(()=>{{}});\
         document.addEventListener('input',e=>{{e.target.dataset.typed=''}},{{capture:true}})"
    );
    view! {
        {doctype("html")}
        <html lang=lang.tag() data-page=token.0.clone()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {page.and_then(|page| static_page::description(lang, page.kind())).map(|text| view! { <meta name="description" content=text /> })}
                <title inner_html=static_page::static_text(&i18n::frame_title(lang, title(lang, page)))></title>
                <link rel="icon" href="/favicon.svg" />
                <link rel="stylesheet" href=assets.style().to_owned() />
                {nav.is_staff().then(|| view! { <link rel="stylesheet" href=assets.record_style().to_owned() /> })}
                {static_page::draft_script(context)}
                <link rel="modulepreload" href=script nonce=nonce.clone() />
                <link rel="preload" href=module r#as="fetch" crossorigin="" />
                {chunks.into_iter().map(|chunk| view! { <link rel="preload" href=chunk r#as="fetch" crossorigin="" /> }).collect_view()}
                <link rel="preload" href=sentences r#as="fetch" crossorigin="" />
                <script type="module" nonce=nonce inner_html=hydrate></script>
            </head>
            <body><App /></body>
        </html>
    }
    .into_any()
}
