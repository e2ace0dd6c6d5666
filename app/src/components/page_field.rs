//! Hidden fields of a form that is posted.
use crate::{browser, transport::PAGE_FIELD};
use leptos::prelude::*;

/// Says which page a form belongs to, and so for whom it was drawn. Every form that is posted has it.
#[component]
pub fn PageField() -> impl IntoView {
    view! { <input type="hidden" name=PAGE_FIELD value=browser::page_token().unwrap_or_default() /> }
}

/// Pairs that are posted with what is typed.
#[component]
pub fn HiddenInputs<N: Into<String> + 'static>(pairs: Vec<(N, String)>) -> impl IntoView {
    let input = |(name, value): (N, String)| {
        let name: String = name.into();
        view! { <input type="hidden" name=name value=value /> }
    };
    pairs.into_iter().map(input).collect_view()
}
