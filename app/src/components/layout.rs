//! Header and footer of every page.
use crate::{
    i18n,
    lang::lang,
    routes::{CANDIDATE_NAV, Chunk, Endpoint, NavSection, Page, STAFF_NAV, VISITOR_NAV},
    transport::LayoutData,
};
use leptos::prelude::*;

/// The header of a page: name, navigation, language, who is logged in. Links to plain pages load from the server.
#[component]
pub fn Header(layout: LayoutData, #[prop(into)] nav: Signal<NavSection>) -> impl IntoView {
    let lang = lang();
    let staff = nav.get_untracked().is_staff();
    let visitor = layout.username.is_none() && !staff;
    let links = if staff {
        STAFF_NAV
    } else if visitor {
        VISITOR_NAV
    } else {
        CANDIDATE_NAV
    };
    let here = move |section: NavSection| move || (nav.get() == section).then_some("page");
    view! {
        <a class="skip" href="#main" rel="external">{i18n::frame_skip(lang)}</a>
        <header class="head">
            <div class="bar">
                <a class="brand" href=Page::Home.path() rel="external"><span class="mark" aria-hidden="true">{i18n::frame_mark(lang)}</span><span>{i18n::frame_brand(lang)}</span></a>
                <nav aria-label=i18n::frame_nav(lang)>
                    {links.iter().map(|link| {
                        let plain = visitor || link.page.describe().chunk == Chunk::None;
                        let rel = if plain { "external" } else { "" };
                        view! { <a href=link.page.path() rel=rel aria-current=here(link.section)>{(link.title)(lang)}</a> }.into_any()
                    }).collect_view()}
                </nav>
                <div class="tools">
                    <form method="post" action=Endpoint::Language.path()>
                        <input type="hidden" name="to" value=lang.other().code() />
                        <button class="quiet" lang=lang.other().tag()>{i18n::frame_switch(lang)}</button>
                    </form>
                    {layout.username.map(|name| view! {
                        <form method="post" action=if staff { Endpoint::StaffLogout.path() } else { Endpoint::Logout.path() } class="who">
                            {if staff {
                                view! { <a class="name" href=Page::StaffPassword.path() rel="external" title=i18n::frame_password(lang)>{name}</a> }.into_any()
                            } else {
                                view! { <span class="name">{name}</span> }.into_any()
                            }}
                            <button class="quiet">{i18n::frame_logout(lang)}</button>
                        </form>
                    }.into_any())}
                </div>
            </div>
        </header>
    }
}

/// The footer of a page.
#[component]
pub fn Footer() -> impl IntoView {
    let lang = lang();
    view! {
        <footer class="foot">
            <p>{i18n::frame_foot(lang)}</p>
            <WithoutScript html=format!("<p>{}</p>", i18n::frame_no_script(lang)) />
        </footer>
    }
}

/// Content for browsers without script. With script the inside of a `<noscript>` is parsed as text and cannot be hydrated, so
/// it is given as HTML; it must consist of sentences of the locales and of nothing that a person typed.
#[component]
pub fn WithoutScript(html: String) -> impl IntoView {
    view! { <noscript inner_html=html></noscript> }
}

/// A control of plain HTML that is there until the page is hydrated, and stays if the module never comes.
#[component]
pub fn UntilHydrated(html: String) -> impl IntoView {
    view! { <div class="until-hydrated" inner_html=html></div> }
}

/// A sentence about what only the module does: it is not shown where the module does not run.
#[component]
pub fn OnceHydrated(sentence: &'static str) -> impl IntoView {
    let is_hydrated = RwSignal::new(false);
    Effect::new(move |_| is_hydrated.set(true));
    let space = lang().of("", " ");
    view! { <span hidden=move || !is_hydrated.get()>{sentence}{space}</span> }
}
