//! The part of Yikao that wakes in the browser: registration, profile, applications, wizard.
use crate::{
    account::RegisterPage,
    apply::{CataloguePage, WizardPage},
    components::{Footer, Header},
    enrolments::ExamsPage,
    error::AppError,
    lang::lang,
    profile::{EntryPage, ProfilePage},
    routes, text,
    wire::Frame,
};
use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    components::{Route, Router, Routes},
    hooks::use_location,
    path,
};

/// Whether the page is just being woken, so that what stands in it may have been typed already.
pub fn is_hydrating() -> bool {
    Owner::current_shared_context().is_some_and(|context| context.during_hydration())
}

/// The body of every page that wakes.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "hydrate")]
    provide_context(document_lang());
    let frame = SharedValue::new(|| use_context::<Frame>().unwrap_or_default()).into_inner();
    view! {
        <Router>
            <Framed frame />
        </Router>
    }
}

#[cfg(feature = "hydrate")]
fn document_lang() -> crate::lang::Lang {
    let tag = document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default();
    crate::lang::Lang::parse(&tag)
}
#[component]
fn Framed(frame: Frame) -> impl IntoView {
    let location = use_location();
    let at = move || match location.pathname.get() {
        path if path.starts_with("/profile") => "profile",
        path if path.starts_with("/register") => "register",
        _ => "exams",
    };
    view! {
        {move || view! { <Header frame=frame.clone() at=at() /> }}
        <main id="main" tabindex="-1">
            <Routes fallback=|| view! { <Trouble error=AppError::NotFound /> }>
                <Route path=path!("/register") view=RegisterPage />
                <Route path=path!("/profile/:group") view=ProfilePage />
                <Route path=path!("/profile/:group/:entry") view=EntryPage />
                <Route path=path!("/exams") view=ExamsPage />
                <Route path=path!("/exams/catalogue") view=CataloguePage />
                <Route path=path!("/applications/:id/:step") view=WizardPage />
            </Routes>
        </main>
        <Footer />
    }
}

/// The title of the window.
#[component]
pub fn PageTitle(#[prop(into)] of: String) -> impl IntoView {
    view! { <Title text=text::frame_title(lang(), of) /> }
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
    view! {
        <PageTitle of=text::error_title(lang) />
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
    let _ = window().location().set_href(&format!("{}?next={here}", routes::LOGIN));
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
