//! Views whose code is in a lazily loaded chunk.
use super::loading::Loading;
use crate::i18n::sentences;
use futures::FutureExt;
use leptos::prelude::*;
use std::{future::Future, pin::Pin};

/// A chunk did not come.
pub use leptos::wasm_split::SplitLoaderError as ChunkError;

/// Renders code from a lazily loaded chunk, with a placeholder until it arrives. `fetch` loads the chunk; `render` is the
/// function that the split made asynchronous, which is ready at once when the chunk is there. A page from the server is
/// hydrated only after its chunks were fetched, so the placeholder never replaces what the server rendered. If the chunk does not
/// come, the page is loaded anew: the server renders it, and its forms work without the module. The same happens where the
/// sentences of the page are not here yet.
pub fn lazy_view<F: Future<Output = Result<AnyView, ChunkError>>>(
    fetch: impl Future<Output = Result<(), ChunkError>> + 'static,
    render: impl FnOnce() -> F + Send + 'static,
) -> AnyView {
    let mut fetch: Pin<Box<dyn Future<Output = Result<(), ChunkError>>>> = Box::pin(fetch);
    let mut render = Some(render);
    let mut rendered = move || render.take().and_then(|render| render().now_or_never()?.ok()).unwrap_or(().into_any());
    if let Some(Ok(())) = fetch.as_mut().now_or_never()
        && sentences::are_complete()
    {
        return rendered();
    }
    let is_loaded = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        if fetch.await.is_ok() && sentences::are_complete() {
            is_loaded.try_set(true);
        } else {
            let _ = window().location().reload();
        }
    });
    (move || if is_loaded.get() { untrack(&mut rendered) } else { view! { <Loading /> }.into_any() }).into_any()
}
