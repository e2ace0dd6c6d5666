//! The error summary of a page.
use super::Form;
use crate::{browser::focus, i18n, lang::lang};
use leptos::prelude::*;

/// The problems of a page, at its top: a sentence about all of it, and the problems of single controls with links to them.
#[component]
pub fn Summary(
    /// A sentence about the page as a whole.
    #[prop(optional, into)]
    message: Signal<Option<String>>,
    /// The problems of controls: the id of the element to go to, and a sentence.
    #[prop(optional, into)]
    entries: Signal<Vec<(String, String)>>,
    /// Whether the summary is inside a live region, which announces it already.
    #[prop(optional)]
    announced: bool,
) -> impl IntoView {
    let lang = lang();
    let has_entries = move || entries.with(|entries| !entries.is_empty());
    // Rendered again only when it comes or goes, not at each key.
    let shown = Memo::new(move |_| has_entries() || message.with(Option::is_some));
    // Only the server writes the attribute: a page without script starts at the summary. In the browser a summary that comes
    // back while somebody types must not take the focus.
    let autofocus = cfg!(feature = "ssr").then_some("");
    view! {
        {move || shown.get().then(|| view! {
            <div
                class="summary"
                id="summary"
                role=(!announced).then_some("alert")
                tabindex="-1"
                autofocus=autofocus
                aria-labelledby=move || has_entries().then_some("summary-title")
            >
                {move || has_entries().then(|| view! { <h2 id="summary-title">{i18n::form_summary_title(lang)}</h2> }.into_any())}
                {move || message.get().map(|sentence| view! { <p>{sentence}</p> }.into_any())}
                {move || has_entries().then(|| view! {
                    <ul>
                        {entries.get().into_iter().map(|(id, sentence)| view! {
                            <li><a href=format!("#{id}") rel="external">{sentence}</a></li>
                        }.into_any()).collect_view()}
                    </ul>
                }.into_any())}
            </div>
        }.into_any())}
    }
}

/// The summary of a form. It takes the focus when an attempt fails.
#[component]
pub fn ErrorSummary(form: Form, #[prop(optional, into)] extra: Signal<Option<String>>) -> impl IntoView {
    let lang = lang();
    let failures = Memo::new(move |_| form.failures());
    Effect::new(move |_| {
        if failures.get() > 0 {
            focus("summary");
        }
    });
    let entries = Signal::derive(move || {
        let problems = if form.is_attempted() { form.all_problems() } else { Vec::new() };
        let entry = |problem: forms::Problem| {
            let sentence = i18n::named_problem(lang, problem.field, form.label(lang, problem.field), problem.code);
            (format!("f-{}", form.id(problem.field)), sentence)
        };
        problems.into_iter().map(entry).collect::<Vec<_>>()
    });
    view! { <Summary message=extra entries /> }
}
