//! The chunks of the module that hold a candidate's pages. The main chunk has the layout, the forms and the wizard with its first
//! step, which a person opens in a hurry; the later steps are a chunk, the pages around the wizard are another. Every further
//! chunk costs one more for what it shares with each of the others, so there are as few as serve a purpose.
use super::{ApplicationEntryPage, CataloguePage, ExamsPage, data::WizardData, steps::LaterSteps, wizard::Wizard};
use crate::{
    account::RegisterPage,
    components::ChunkError,
    profile::{EntryPage, ProfilePage},
    routes::Page,
    transport::SubmissionResult,
};
use forms::journey::Step;
use leptos::prelude::*;

#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(candidate_pages, wasm_split_path = ::leptos::wasm_split, fallible, preload(fetch_candidate_pages))
)]
fn render_candidate_pages(page: Page) -> Result<AnyView, ChunkError> {
    Ok(match page {
        Page::Register => view! { <RegisterPage /> }.into_any(),
        Page::Exams => view! { <ExamsPage /> }.into_any(),
        Page::Catalogue => view! { <CataloguePage /> }.into_any(),
        Page::Profile(group) => view! { <ProfilePage group /> }.into_any(),
        Page::Entry(kind, entry) => view! { <EntryPage kind entry /> }.into_any(),
        Page::ApplicationEntry(id, kind) => view! { <ApplicationEntryPage id kind entry=None /> }.into_any(),
        Page::SavedApplicationEntry(id, kind, entry) => {
            view! { <ApplicationEntryPage id kind entry=Some(entry) /> }.into_any()
        }
        _ => ().into_any(),
    })
}

/// The pages around the wizard: registration, personal information, applications.
pub fn candidate_pages(page: Page) -> AnyView {
    #[cfg(feature = "hydrate")]
    return crate::components::lazy_view(fetch_candidate_pages(), move || render_candidate_pages(page));
    #[cfg(not(feature = "hydrate"))]
    render_candidate_pages(page).unwrap_or_else(|never| match never {})
}

#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(later_steps, wasm_split_path = ::leptos::wasm_split, fallible, preload(fetch_later_steps))
)]
fn render_later_steps(
    data: WizardData,
    step: Step,
    result: Option<SubmissionResult>,
    returns: bool,
) -> Result<AnyView, ChunkError> {
    Ok(view! { <Wizard data step rules=&LaterSteps result returns /> }.into_any())
}

/// A later step of the wizard.
pub fn later_steps(data: WizardData, step: Step, result: Option<SubmissionResult>, returns: bool) -> AnyView {
    #[cfg(feature = "hydrate")]
    return crate::components::lazy_view(fetch_later_steps(), move || render_later_steps(data, step, result, returns));
    #[cfg(not(feature = "hydrate"))]
    render_later_steps(data, step, result, returns).unwrap_or_else(|never| match never {})
}

/// The chunk that a page of the wizard needs besides the main one.
#[cfg(feature = "ssr")]
pub const fn of_step(page: &Page) -> Option<&'static str> {
    match page {
        Page::Step(_, Step::Category) => None,
        _ => Some("later_steps"),
    }
}

/// Fetches the code of a candidate's page, so that it can be hydrated at once.
#[cfg(feature = "hydrate")]
pub async fn fetch_for(page: &Page) -> Result<(), ChunkError> {
    match page {
        Page::Step(_, Step::Category) => Ok(()),
        Page::Step(..) => fetch_later_steps().await,
        _ => fetch_candidate_pages().await,
    }
}

/// Prefetches the later steps while the first is being filled in, a second after it was shown.
pub fn prefetch_later_steps() {
    #[cfg(feature = "hydrate")]
    set_timeout(
        || leptos::task::spawn_local(async { fetch_later_steps().await.unwrap_or(()) }),
        std::time::Duration::from_secs(1),
    );
}
