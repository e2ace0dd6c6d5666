//! Parts of a page that wait for data, and parts that are replaced as a whole.
use crate::{browser, error::AppError, i18n, lang::lang, routes::Page, transport::Encoded};
#[cfg(feature = "hydrate")]
use leptos::either::Either;
use leptos::{prelude::*, tachys::reactive_graph::OwnedView};
use serde::de::DeserializeOwned;
use std::{fmt, future::Future, pin::Pin, str::FromStr, sync::Arc};

/// A part of the page that is replaced as a whole when what `make` reads changes. Leptos alone would update the elements in
/// place, and what was typed into them would stay in the next page.
///
/// Signals and effects of the part belong to an owner of its own. When the next part comes, effects of the last one may be
/// queued already; the owner is dropped after they ran, or they would find their signals disposed of.
#[cfg(feature = "hydrate")]
pub fn page_scope(make: impl Fn() -> AnyView + Send + Sync + 'static) -> impl IntoView {
    let parent = Owner::current().unwrap_or_default();
    let current = StoredValue::new((false, None::<Owner>));
    move || {
        let owner = parent.child();
        let view = OwnedView::new_with_owner(owner.with(&make), owner.clone());
        let (is_even, last) = current
            .try_update_value(|(is_even, current)| {
                *is_even = !*is_even;
                (*is_even, current.replace(owner))
            })
            .unwrap_or_default();
        leptos::task::spawn_local(async move { drop(last) });
        // Another variant is another part for Leptos, even where the types are the same.
        if is_even { Either::Left(view) } else { Either::Right(view) }
    }
}
/// On the server a part is rendered once.
#[cfg(not(feature = "hydrate"))]
pub fn page_scope(make: impl Fn() -> AnyView + Send + Sync + 'static) -> impl IntoView {
    make
}

/// What a page waits for: encoded data, or why there is none.
#[derive(Clone)]
struct Answer(Result<String, AppError>);
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(data) => f.write_str(data),
            // No encoded data begins so.
            Err(error) => {
                f.write_str("!")?;
                error.fmt(f)
            }
        }
    }
}
impl FromStr for Answer {
    type Err = AppError;
    fn from_str(text: &str) -> Result<Self, AppError> {
        Ok(Self(match text.strip_prefix('!') {
            Some(error) => Err(error.parse()?),
            None => Ok(text.to_owned()),
        }))
    }
}

type Fetch = Box<dyn Fn() -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;
type Render = Arc<dyn Fn(Answer) -> AnyView + Send + Sync>;

/// Renders data that a server function gives, with a placeholder until it arrives.
pub fn loaded<T, F, V>(
    fetch: impl Fn() -> F + Send + Sync + 'static,
    render: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    T: DeserializeOwned + Send + 'static,
    F: Future<Output = Result<Encoded<T>, AppError>> + Send + 'static,
    V: IntoView,
{
    let fetch = move || -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let answer = fetch();
        Box::pin(async move { Answer(answer.await.map(Encoded::into_text)) })
    };
    let render = move |answer: Answer| match answer.0.and_then(|text| Encoded::<T>::from_text(text).decode()) {
        Ok(data) => render(data).into_any(),
        Err(error) => view! { <ErrorView error /> }.into_any(),
    };
    awaited(Box::new(fetch), Arc::new(render))
}

/// The only suspense boundary, so that it is compiled once and not for each type of data.
#[cfg(feature = "hydrate")]
fn awaited(fetch: Fetch, render: Render) -> AnyView {
    let page = PageOwner::current();
    let data = Resource::new_str_blocking(|| (), move |()| fetch());
    view! {
        <Suspense fallback=Loading>
            {move || {
                let (render, owner) = (render.clone(), page.child());
                Suspend::new(async move {
                    let answer = data.await;
                    OwnedView::new_with_owner(owner.with(|| render(answer)), owner)
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// The same on the server. A suspense boundary builds what it holds at least twice, to look for further data that it has to wait for; a
/// page waits for what it was given here, so it is built once. What is written is the same.
#[cfg(not(feature = "hydrate"))]
fn awaited(fetch: Fetch, render: Render) -> AnyView {
    let data = Resource::new_str_blocking(|| (), move |()| fetch());
    // The browser counts its boundary among what is shared with the server: without a number for it the numbers of what comes
    // after it would differ.
    if let Some(shared) = Owner::current_shared_context() {
        shared.next_id();
    }
    let owner = Owner::new();
    Suspend::new(async move {
        let answer = data.await;
        OwnedView::new_with_owner(owner.with(|| render(answer)), owner)
    })
    .into_any()
}

/// The owner of a page.
#[cfg(feature = "hydrate")]
struct PageOwner(Owner);
#[cfg(feature = "hydrate")]
impl PageOwner {
    fn current() -> Self {
        Self(Owner::current().unwrap_or_default())
    }
    /// An owner that lives as long as the page's. That of `Suspense` is dropped with the elements, which is before the effects
    /// ran that are queued (`page_scope`).
    fn child(&self) -> Owner {
        let owner = self.0.child();
        let kept = owner.clone();
        self.0.with(|| on_cleanup(move || drop(kept)));
        owner
    }
}

/// The placeholder of data that has not arrived.
#[component]
pub fn Loading() -> impl IntoView {
    view! { <p class="waiting" role="status">{i18n::frame_loading(lang())}</p> }
}

/// A page that could not be shown, and why.
#[component]
pub fn ErrorView(error: AppError) -> impl IntoView {
    let lang = lang();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(error.status());
    }
    // The session ended while the page was open: the log-in page leads back here.
    #[cfg(feature = "hydrate")]
    if error == AppError::SignedOut {
        browser::sign_in_again();
    }
    // What a page waits for did not come: its address is loaded plainly, where it comes with the document. A page that the server drew
    // asks for nothing, so this happens once, and without a network what stands here stays.
    #[cfg(feature = "hydrate")]
    if error == AppError::Offline && window().navigator().on_line() {
        let _ = window().location().reload();
    }
    browser::set_title(i18n::error_title(lang));
    view! {
        <section class="panel">
            <h1>{i18n::error_title(lang)}</h1>
            <p>{error.sentence(lang)}</p>
            <p><a class="button" href=Page::Home.path() rel="external">{i18n::error_home(lang)}</a></p>
        </section>
    }
}
