//! The points at which the module is cut. The main chunk holds the frame, the forms and the wizard with its first step, which a
//! person opens in a hurry; the later steps are a chunk, the candidate's other pages are another, and the pages of the offices are
//! a third. `.dev/split` finds out what belongs to each alone. A further chunk costs one more for what it shares with each of the
//! others, so there are as few as serve a purpose.
use crate::{
    account::RegisterPage,
    apply::{CataloguePage, StepFields},
    components::Form,
    desk::{QueuePage, RecordPage},
    enrolments::ExamsPage,
    profile::{EntryPage, ProfilePage},
    routes::Place,
    wire::WizardData,
};
use forms::{ids::PhotoId, journey::Step};
use leptos::prelude::*;
#[cfg(feature = "hydrate")]
use std::{future::Future, pin::Pin};

#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(
        candidate_pages,
        wasm_split_path = ::leptos::wasm_split,
        preload(fetch_candidate_pages)
    )
)]
fn draw_candidate_page(place: Place) -> AnyView {
    match place {
        Place::Register => view! { <RegisterPage /> }.into_any(),
        Place::Exams => view! { <ExamsPage /> }.into_any(),
        Place::Catalogue => view! { <CataloguePage /> }.into_any(),
        Place::Profile(group) => view! { <ProfilePage group /> }.into_any(),
        Place::Entry(kind, entry) => view! { <EntryPage kind entry /> }.into_any(),
        Place::Step(..) | Place::Queue | Place::Record(_) | Place::Nowhere => ().into_any(),
    }
}

/// The candidate's pages beside the wizard: registration, personal information, applications.
pub fn candidate_pages(place: Place) -> AnyView {
    #[cfg(feature = "hydrate")]
    return lazy_view(fetch_candidate_pages(), move || draw_candidate_page(place));
    #[cfg(not(feature = "hydrate"))]
    draw_candidate_page(place)
}

#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(
        review_pages,
        wasm_split_path = ::leptos::wasm_split,
        preload(fetch_review_pages)
    )
)]
fn draw_review_page(place: Place) -> AnyView {
    match place {
        Place::Queue => view! { <QueuePage /> }.into_any(),
        Place::Record(id) => view! { <RecordPage id /> }.into_any(),
        _ => ().into_any(),
    }
}

/// The pages of the offices, which no candidate fetches.
pub fn review_pages(place: Place) -> AnyView {
    #[cfg(feature = "hydrate")]
    return lazy_view(fetch_review_pages(), move || draw_review_page(place));
    #[cfg(not(feature = "hydrate"))]
    draw_review_page(place)
}

/// The steps of the wizard after the first.
pub fn later_steps(form: Form, step: Step, data: WizardData, photo: RwSignal<Option<PhotoId>>) -> AnyView {
    #[cfg(feature = "hydrate")]
    return lazy_view(fetch_later_steps(), move || draw_later_step(form, step, data, photo));
    #[cfg(not(feature = "hydrate"))]
    draw_later_step(form, step, data, photo)
}

#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(later_steps, wasm_split_path = ::leptos::wasm_split, preload(fetch_later_steps))
)]
fn draw_later_step(form: Form, step: Step, data: WizardData, photo: RwSignal<Option<PhotoId>>) -> AnyView {
    view! { <StepFields form step data photo /> }.into_any()
}

/// The chunk that a page needs besides the main one, by its name in the build's `parts.json`.
pub const fn chunk_of(place: &Place) -> Option<&'static str> {
    match place {
        Place::Step(_, Step::Category) | Place::Nowhere => None,
        Place::Step(..) => Some("later_steps"),
        Place::Queue | Place::Record(_) => Some("review_pages"),
        _ => Some("candidate_pages"),
    }
}

/// Fetches the code of a page, so that it can be hydrated at once.
#[cfg(feature = "hydrate")]
pub async fn fetch(place: &Place) {
    match chunk_of(place) {
        Some("later_steps") => fetch_later_steps().await,
        Some("review_pages") => fetch_review_pages().await,
        Some(_) => fetch_candidate_pages().await,
        None => {}
    }
}

/// Prefetches the later steps while the first is being filled in, a second after it was shown.
pub fn fetch_later() {
    #[cfg(feature = "hydrate")]
    leptos::prelude::set_timeout(|| leptos::task::spawn_local(fetch_later_steps()), std::time::Duration::from_secs(1));
}

/// Renders code from a lazily loaded chunk, with a placeholder until it arrives. A page from the server is hydrated only after
/// its chunks were fetched (`fetch`), so hydration never meets the placeholder.
#[cfg(feature = "hydrate")]
fn lazy_view<F: Future<Output = AnyView>>(
    fetch: impl Future<Output = ()> + 'static,
    draw: impl FnOnce() -> F + Send + 'static,
) -> AnyView {
    use futures::FutureExt;
    let mut fetch: Pin<Box<dyn Future<Output = ()>>> = Box::pin(fetch);
    let mut draw = Some(draw);
    // The code is here when this is called, so its future is ready at once.
    let mut drawn = move || draw.take().and_then(|draw| draw().now_or_never()).unwrap_or(().into_any());
    if fetch.as_mut().now_or_never().is_some() {
        return drawn();
    }
    let is_here = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        fetch.await;
        is_here.try_set(true);
    });
    (move || if is_here.get() { untrack(&mut drawn) } else { view! { <crate::spa::Waiting /> }.into_any() }).into_any()
}
