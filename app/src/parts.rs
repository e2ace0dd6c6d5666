//! The parts of the module that are fetched when they are first needed. The main part holds the frame, the forms and the
//! wizard with its first step, which a person opens in a hurry; the later steps are a part, the pages around the wizard are
//! another, and the desk of the offices is a third. `scripts/split` finds out what belongs to each alone. Every further part costs a chunk for what it shares with
//! each of the others, so there are as few as serve a purpose.
use crate::{
    account::RegisterPage,
    apply::{CataloguePage, StepFields},
    components::Form,
    desk::{QueuePage, RecordPage},
    enrolments::ExamsPage,
    markup::{Markup, view},
    profile::{EntryPage, ProfilePage},
    routes::Place,
    wire::WizardData,
};
use forms::{ids::PhotoId, journey::Step};
use leptos::prelude::RwSignal;
#[cfg(feature = "hydrate")]
use std::{future::Future, pin::Pin};

/// Draws the pages around the wizard.
#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(around, wasm_split_path = ::leptos::wasm_split, preload(fetch_around))
)]
fn begin_around(place: Place) -> Markup {
    match place {
        Place::Register => view! { <RegisterPage /> },
        Place::Exams => view! { <ExamsPage /> },
        Place::Catalogue => view! { <CataloguePage /> },
        Place::Profile(group) => view! { <ProfilePage group /> },
        Place::Entry(kind, entry) => view! { <EntryPage kind entry /> },
        Place::Step(..) | Place::Queue | Place::Record(_) | Place::Nowhere => Markup::Nothing,
    }
}

/// The pages around the wizard: registration, personal information, applications.
pub fn around(place: Place) -> Markup {
    #[cfg(feature = "hydrate")]
    return lazily(fetch_around(), move || begin_around(place));
    #[cfg(not(feature = "hydrate"))]
    begin_around(place)
}

/// Draws the pages of the offices.
#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(desk, wasm_split_path = ::leptos::wasm_split, preload(fetch_desk))
)]
fn begin_desk(place: Place) -> Markup {
    match place {
        Place::Queue => view! { <QueuePage /> },
        Place::Record(id) => view! { <RecordPage id /> },
        _ => Markup::Nothing,
    }
}

/// The pages of the offices, which no candidate fetches.
pub fn desk(place: Place) -> Markup {
    #[cfg(feature = "hydrate")]
    return lazily(fetch_desk(), move || begin_desk(place));
    #[cfg(not(feature = "hydrate"))]
    begin_desk(place)
}

/// The later steps of the wizard.
pub fn later_steps(form: Form, step: Step, data: WizardData, photo: RwSignal<Option<PhotoId>>) -> Markup {
    #[cfg(feature = "hydrate")]
    return lazily(fetch_steps(), move || begin_steps(form, step, data, photo));
    #[cfg(not(feature = "hydrate"))]
    begin_steps(form, step, data, photo)
}

/// Draws the later steps.
#[cfg_attr(
    feature = "hydrate",
    leptos::wasm_split::wasm_split(steps, wasm_split_path = ::leptos::wasm_split, preload(fetch_steps))
)]
fn begin_steps(form: Form, step: Step, data: WizardData, photo: RwSignal<Option<PhotoId>>) -> Markup {
    view! { <StepFields form step data photo /> }
}

/// The name of the part that a page needs besides the main one, as `parts.json` of the build calls it.
pub const fn of(place: &Place) -> Option<&'static str> {
    match place {
        Place::Step(_, Step::Category) | Place::Nowhere => None,
        Place::Step(..) => Some("steps"),
        Place::Queue | Place::Record(_) => Some("desk"),
        _ => Some("around"),
    }
}

/// Fetches the code of a page, so that it can be woken at once.
#[cfg(feature = "hydrate")]
pub async fn fetch(place: &Place) {
    match of(place) {
        Some("steps") => fetch_steps().await,
        Some("desk") => fetch_desk().await,
        Some(_) => fetch_around().await,
        None => {}
    }
}

/// Fetches the later steps while the first is being filled in, a second after it was shown.
pub fn fetch_later() {
    #[cfg(feature = "hydrate")]
    leptos::prelude::set_timeout(|| leptos::task::spawn_local(fetch_steps()), std::time::Duration::from_secs(1));
}

/// A piece whose code is here already, or else comes in a moment. What the server wrote is woken only after its parts were
/// fetched (`fetch`), so the first case is the only one there.
#[cfg(feature = "hydrate")]
fn lazily<F: Future<Output = Markup>>(
    fetch: impl Future<Output = ()> + 'static,
    begin: impl FnOnce() -> F + Send + 'static,
) -> Markup {
    use futures::FutureExt;
    use leptos::prelude::{Get, Set, untrack};
    let mut fetch: Pin<Box<dyn Future<Output = ()>>> = Box::pin(fetch);
    let mut begin = Some(begin);
    // The code is here when this is called, so nothing is waited for.
    let mut drawn = move || begin.take().and_then(|begin| begin().now_or_never()).unwrap_or(Markup::Nothing);
    if fetch.as_mut().now_or_never().is_some() {
        return drawn();
    }
    let here = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        fetch.await;
        here.try_set(true);
    });
    Markup::Live(Box::new(move || {
        if here.get() {
            untrack(&mut drawn)
        } else {
            view! { <crate::spa::Waiting /> }
        }
    }))
}
