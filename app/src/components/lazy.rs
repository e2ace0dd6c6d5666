//! Views whose code is in a lazily loaded chunk.
use super::loading::Loading;
use futures::FutureExt;
use leptos::prelude::*;
use std::{future::Future, pin::Pin};

/// Renders code from a lazily loaded chunk, with a placeholder until it arrives. `fetch` loads the chunk; `render` is the
/// function that the split made asynchronous, which is ready at once when the chunk is there. A page from the server is
/// hydrated only after its chunks were fetched, so the placeholder never replaces what the server rendered.
pub fn lazy_view<F: Future<Output = AnyView>>(
    fetch: impl Future<Output = ()> + 'static,
    render: impl FnOnce() -> F + Send + 'static,
) -> AnyView {
    let mut fetch: Pin<Box<dyn Future<Output = ()>>> = Box::pin(fetch);
    let mut render = Some(render);
    let mut rendered = move || render.take().and_then(|render| render().now_or_never()).unwrap_or(().into_any());
    if fetch.as_mut().now_or_never().is_some() {
        return rendered();
    }
    let is_loaded = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        fetch.await;
        is_loaded.try_set(true);
    });
    (move || if is_loaded.get() { untrack(&mut rendered) } else { view! { <Loading /> }.into_any() }).into_any()
}
