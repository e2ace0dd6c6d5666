//! Head and foot of every page.
use crate::{lang::lang, routes, text, wire::Frame};
use leptos::prelude::*;

/// The head of a page: name, ways, language, who is logged in. Links to pages without script load the page anew.
#[component]
pub fn Header(frame: Frame, #[prop(into)] at: Signal<&'static str>) -> impl IntoView {
    let lang = lang();
    let desk = at.get_untracked().starts_with("desk");
    let here = move |place: &'static str| move || (at.get() == place).then_some("page");
    view! {
        <a class="skip" href="#main" rel="external">{text::frame_skip(lang)}</a>
        <header class="head">
            <div class="bar">
                <a class="brand" href=routes::HOME rel="external"><span class="mark" aria-hidden="true">{text::frame_mark(lang)}</span><span>{text::frame_brand(lang)}</span></a>
                <nav aria-label=text::frame_nav(lang)>
                    {match &frame.username {
                        _ if desk => view! {
                            <a href=routes::DESK aria-current=here("desk")>{text::staff_title(lang)}</a>
                            <a href=routes::DESK_NAMES rel="external" aria-current=here("desk-names")>{text::staff_names(lang)}</a>
                        },
                        Some(_) => view! {
                            <a href=routes::EXAMS aria-current=here("exams")>{text::frame_exams(lang)}</a>
                            <a href=routes::profile("basic") aria-current=here("profile")>{text::frame_profile(lang)}</a>
                        },
                        None => view! {
                            <a href=routes::LOGIN rel="external" aria-current=here("login")>{text::frame_login(lang)}</a>
                            <a href=routes::REGISTER rel="external" data-app="" aria-current=here("register")>{text::frame_register(lang)}</a>
                        },
                    }}
                </nav>
                <div class="tools">
                    <form method="post" action=routes::LANGUAGE>
                        <input type="hidden" name="to" value=lang.other().code() />
                        <button class="quiet" lang=lang.other().tag()>{text::frame_switch(lang)}</button>
                    </form>
                    {frame.username.map(|name| view! {
                        <form method="post" action=if desk { routes::DESK_LOGOUT } else { routes::LOGOUT } class="who">
                            <span class="name">{name}</span>
                            <button class="quiet">{text::frame_logout(lang)}</button>
                        </form>
                    }.into_any())}
                </div>
            </div>
        </header>
    }
}

/// The foot of a page.
#[component]
pub fn Footer() -> impl IntoView {
    let lang = lang();
    view! {
        <footer class="foot">
            <p>{text::frame_foot(lang)}</p>
            <WithoutScript html=format!("<p>{}</p>", text::frame_no_script(lang)) />
        </footer>
    }
}

/// What is there only without script. A browser with script reads the inside as text, so nothing of it may be woken: it is
/// given as markup made of the locales' own sentences, never of anything that a person typed.
#[component]
pub fn WithoutScript(html: String) -> impl IntoView {
    view! { <noscript inner_html=html></noscript> }
}
