//! The part of Yikao that wakes in the browser: registration, profile, applications, wizard.
use crate::{
    apply::WizardPage,
    chunks,
    components::{Footer, Header},
    error::AppError,
    lang::{Lang, lang},
    routes::{self, Place},
    text,
    wire::{Frame, Packed, shared},
};
#[cfg(feature = "hydrate")]
use leptos::either::Either;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos_router::{components::Router, hooks::use_location};
use serde::de::DeserializeOwned;
use std::{fmt, future::Future, pin::Pin, str::FromStr, sync::Arc};

/// Whether the page is just being woken, so that what stands in it may have been typed already.
pub fn is_hydrating() -> bool {
    Owner::current_shared_context().is_some_and(|context| context.during_hydration())
}

/// The body of every page that wakes.
#[component]
pub fn App() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    provide_context(document_lang());
    let username = shared(|| use_context::<Frame>().and_then(|frame| frame.username));
    view! {
        <Router>
            <Framed frame=Frame { username } />
        </Router>
    }
}

#[cfg(feature = "hydrate")]
fn document_lang() -> Lang {
    let tag = document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default();
    Lang::parse(&tag)
}

/// The frame stays while the pages in it come and go.
#[component]
fn Framed(frame: Frame) -> impl IntoView {
    let path = use_location().pathname;
    let place = Memo::new(move |_| Place::of(&path.get()));
    let lang = lang();
    Effect::new(move |before: Option<()>| {
        let place = place.get();
        entitle(title(lang, &place));
        // Who follows a link with a screen reader is read the new page, as if the browser had loaded it.
        if before.is_some() {
            focus("main");
        }
    });
    follow_address();
    view! {
        <Header frame at=Signal::derive(move || place.read().way()) />
        <main id="main" tabindex="-1">{page_scope(move || page(place.get()))}</main>
        <Footer />
    }
}

/// Tells the router that the page of a link is there, so that it writes the address: the routes of Leptos would do it, and
/// without them the way back would skip the page.
fn follow_address() {
    #[cfg(feature = "hydrate")]
    {
        use leptos_router::location::{BrowserUrl, LocationProvider};
        let provider = use_context::<BrowserUrl>();
        let path = use_location().pathname;
        Effect::new(move |_| {
            path.track();
            if let Some(provider) = &provider {
                provider.ready_to_complete();
            }
        });
    }
}

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
#[cfg(not(feature = "hydrate"))]
/// On the server a part is written once.
pub fn page_scope(make: impl Fn() -> AnyView + Send + Sync + 'static) -> impl IntoView {
    make
}

fn page(place: Place) -> AnyView {
    match place {
        Place::Step(id, step) => view! { <WizardPage id step /> }.into_any(),
        Place::Nowhere => view! { <Trouble error=AppError::NotFound /> }.into_any(),
        place @ (Place::Queue | Place::Record(_)) => chunks::review_pages(place),
        place => chunks::candidate_pages(place),
    }
}

/// Wakes the page in the document, once the code of its chunks is here.
#[cfg(feature = "hydrate")]
pub async fn wake() {
    chunks::fetch(&Place::of(&window().location().pathname().unwrap_or_default())).await;
    leptos::mount::hydrate_body(App);
}

/// The title of a page's window.
pub fn title(lang: Lang, place: &Place) -> &'static str {
    match place {
        Place::Register => text::register_title(lang),
        Place::Profile(_) | Place::Entry(..) => text::profile_title(lang),
        Place::Exams => text::exams_title(lang),
        Place::Catalogue => text::catalogue_title(lang),
        Place::Step(..) => text::wizard_title(lang),
        Place::Queue | Place::Record(_) => text::staff_title(lang),
        Place::Nowhere => text::error_title(lang),
    }
}

/// Writes the title of the window; the server writes the first one into the document.
fn entitle(title: &str) {
    #[cfg(feature = "hydrate")]
    document().set_title(&text::frame_title(lang(), title));
    #[cfg(not(feature = "hydrate"))]
    let _ = title;
}

/// Gives the focus to the element with an id, once the page has been drawn.
pub fn focus(id: &'static str) {
    #[cfg(feature = "hydrate")]
    request_animation_frame(move || {
        use wasm_bindgen::JsCast;
        if let Some(element) = document().get_element_by_id(id).and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok())
        {
            let _ = element.focus();
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// What the address asks for under a name.
pub fn asked(name: &str) -> Option<String> {
    use_location().query.read_untracked().get(name)
}

/// What a page waits for: packed data, or why there is none.
#[derive(Clone)]
struct Answer(Result<String, AppError>);
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Ok(data) => f.write_str(data),
            // No packed data begins so.
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
type Draw = Arc<dyn Fn(Answer) -> AnyView + Send + Sync>;

/// What is drawn from data that a server function gives; until it is there, a word that it is on the way.
pub fn loaded<T, F, V>(
    fetch: impl Fn() -> F + Send + Sync + 'static,
    draw: impl Fn(T) -> V + Send + Sync + 'static,
) -> AnyView
where
    T: DeserializeOwned + Send + 'static,
    F: Future<Output = Result<Packed<T>, AppError>> + Send + 'static,
    V: IntoView,
{
    let fetch = move || -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        let answer = fetch();
        Box::pin(async move { Answer(answer.await.map(Packed::into_text)) })
    };
    let draw = move |answer: Answer| match answer.0.and_then(|text| Packed::<T>::from_text(text).open()) {
        Ok(data) => draw(data).into_any(),
        Err(error) => view! { <Trouble error /> }.into_any(),
    };
    awaited(Box::new(fetch), Arc::new(draw))
}

/// The one place that waits, whatever it waits for.
fn awaited(fetch: Fetch, draw: Draw) -> AnyView {
    let page = PageOwner::current();
    let data = Resource::new_str_blocking(|| (), move |()| fetch());
    view! {
        <Suspense fallback=Waiting>
            {move || {
                let (draw, owner) = (draw.clone(), page.child());
                Suspend::new(async move {
                    let answer = data.await;
                    OwnedView::new_with_owner(owner.with(|| draw(answer)), owner)
                })
            }}
        </Suspense>
    }
    .into_any()
}

/// The owner of a page. On the server a page is written once, so there is nothing to hold.
struct PageOwner(#[cfg(feature = "hydrate")] Owner);
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
#[cfg(not(feature = "hydrate"))]
impl PageOwner {
    fn current() -> Self {
        Self()
    }
    fn child(&self) -> Owner {
        Owner::new()
    }
}

/// A page while its data is on the way.
#[component]
pub fn Waiting() -> impl IntoView {
    view! { <p class="waiting" role="status">{text::frame_loading(lang())}</p> }
}

/// What is shown when something could not be shown.
#[component]
pub fn Trouble(error: AppError) -> impl IntoView {
    let lang = lang();
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(crate::public::status_of(&error));
    }
    // A session that ended while the page was open: the log-in page brings the person back here.
    #[cfg(feature = "hydrate")]
    if error == AppError::SignedOut {
        sign_in_again();
    }
    entitle(text::error_title(lang));
    view! {
        <section class="panel trouble">
            <h1>{text::error_title(lang)}</h1>
            <p>{error.sentence(lang)}</p>
            <p><a class="button" href=routes::HOME rel="external">{text::error_home(lang)}</a></p>
        </section>
    }
}

/// Leaves for the log-in page, and comes back here afterwards.
#[cfg(feature = "hydrate")]
pub fn sign_in_again() {
    let here = window().location().pathname().unwrap_or_default();
    let login = if here.starts_with(routes::DESK) { routes::DESK_LOGIN } else { routes::LOGIN };
    let _ = window().location().set_href(&format!("{login}?next={here}"));
}

/// Whether the button that was pressed has a name of its own: it asks for something else than the form does.
#[cfg(feature = "hydrate")]
pub fn has_name(event: &leptos::ev::SubmitEvent) -> bool {
    event.submitter().is_some_and(|button| button.has_attribute("name"))
}
#[cfg(not(feature = "hydrate"))]
/// Only a browser has buttons that are pressed.
pub fn has_name(_: &leptos::ev::SubmitEvent) -> bool {
    false
}

/// Posts a form as a page without script would. The server parks what was typed if the session is over.
#[cfg(feature = "hydrate")]
pub fn post_plainly(form_id: &str) {
    use wasm_bindgen::JsCast;
    if let Some(form) =
        document().get_element_by_id(form_id).and_then(|e| e.dyn_into::<web_sys::HtmlFormElement>().ok())
    {
        let _ = form.submit();
    }
}
#[cfg(not(feature = "hydrate"))]
/// Only a browser posts.
pub fn post_plainly(_: &str) {}

/// Loads another page anew.
#[cfg(feature = "hydrate")]
pub fn leave_for(path: &str) {
    let _ = window().location().set_href(path);
}
#[cfg(not(feature = "hydrate"))]
/// Only a browser leaves.
pub fn leave_for(_: &str) {}

#[cfg(feature = "hydrate")]
type Go = std::rc::Rc<dyn Fn(&str)>;

/// The way to another page without loading it anew. Only a browser goes; on the server there is nothing to hold.
#[derive(Clone, Copy)]
pub struct Way(#[cfg(feature = "hydrate")] StoredValue<Go, LocalStorage>);

/// Takes hold of the router, while a component is being made.
#[cfg(feature = "hydrate")]
pub fn way() -> Way {
    let navigate = leptos_router::hooks::use_navigate();
    Way(StoredValue::new_local(std::rc::Rc::new(move |path: &str| navigate(path, Default::default()))))
}
#[cfg(not(feature = "hydrate"))]
/// Only a browser goes.
pub fn way() -> Way {
    Way()
}
impl Way {
    /// Goes to a path.
    pub fn go(self, path: &str) {
        #[cfg(feature = "hydrate")]
        (self.0.get_value())(path);
        #[cfg(not(feature = "hydrate"))]
        let _ = path;
    }
}
