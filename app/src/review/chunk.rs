//! The chunk of the module that holds the pages of the offices, which no candidate fetches.
use super::{QueuePage, RecordPage};
use crate::{components::ChunkError, routes::Page};
use leptos::prelude::*;

#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(review_pages, wasm_split_path = ::leptos::wasm_split, fallible, preload(fetch_review_pages))
)]
fn render_review_pages(page: Page) -> Result<AnyView, ChunkError> {
    Ok(match page {
        Page::Queue => view! { <QueuePage /> }.into_any(),
        Page::Record(id) => view! { <RecordPage id /> }.into_any(),
        _ => ().into_any(),
    })
}

/// The pages of the offices.
pub fn review_pages(page: Page) -> AnyView {
    #[cfg(feature = "hydrate")]
    return crate::components::lazy_view(fetch_review_pages(), move || render_review_pages(page));
    #[cfg(not(feature = "hydrate"))]
    render_review_pages(page).unwrap_or_else(|never| match never {})
}

/// Fetches the code of the pages, so that one can be hydrated at once.
#[cfg(feature = "hydrate")]
pub async fn fetch() -> Result<(), ChunkError> {
    fetch_review_pages().await
}
