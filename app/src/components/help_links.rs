//! Questions of the help page that belong to a form, beside it.
use crate::{i18n, lang::lang, routes::Page};
use leptos::prelude::*;

/// The anchor of a question, and the question.
pub type HelpLink = (String, String);

/// Links to questions that whoever fills in a form may have. They come after the form.
#[component]
pub fn HelpLinks(links: Vec<HelpLink>) -> impl IntoView {
    let lang = lang();
    (!links.is_empty()).then(|| view! {
        <aside class="sheet" aria-labelledby="help-links">
            <h2 id="help-links"><a href=Page::Help.path() rel="external">{i18n::frame_help(lang)}</a></h2>
            <ul>
                {links.into_iter().map(|(anchor, question)| {
                    view! { <li><a href=format!("{}#{anchor}", Page::Help.path()) rel="external">{question}</a></li> }.into_any()
                }).collect_view()}
            </ul>
        </aside>
    }.into_any())
}
