//! The token of the page in a form that is posted.
use crate::{browser, transport::PAGE_FIELD};
use leptos::prelude::*;

/// Says which page a form belongs to, and so for whom it was drawn. Every form that is posted has it.
#[component]
pub fn PageField() -> impl IntoView {
    view! { <input type="hidden" name=PAGE_FIELD value=browser::page_token().unwrap_or_default() /> }
}
