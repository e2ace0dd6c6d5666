//! What only a browser has: the window, the focus, the address, native form posts. On the server these functions do nothing, so
//! that components call them without a condition.
use leptos_router::hooks::use_location;

/// The value of a name in the query of the page's URL.
pub fn query_value(name: &str) -> Option<String> {
    use leptos::prelude::ReadUntracked;
    use_location().query.read_untracked().get(name)
}

#[cfg(feature = "hydrate")]
mod hydrated {
    use crate::{
        i18n,
        lang::{Lang, lang},
        routes::Page,
        transport::{FormFields, ORDER_HEADER, PAGE_HEADER},
    };
    use futures::{Sink, Stream};
    use leptos::{
        prelude::*,
        server_fn::{
            Bytes,
            client::{Client, browser::BrowserClient},
            request::browser::BrowserRequest,
            response::browser::BrowserResponse,
        },
    };
    use std::future::Future;
    use wasm_bindgen::JsCast;
    use web_sys::{HtmlElement, HtmlFormElement};

    /// Whether the page is being hydrated, so that what stands in it may have been typed already.
    pub fn is_hydrating() -> bool {
        Owner::current_shared_context().is_some_and(|context| context.during_hydration())
    }
    /// The language of the document.
    pub fn document_lang() -> Lang {
        let tag = document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default();
        Lang::parse(&tag)
    }
    /// The token of this page, as the document carries it.
    pub fn page_token() -> Option<String> {
        document().document_element()?.get_attribute("data-page")
    }
    /// Calls server functions with the token of the page.
    pub struct PageClient;
    impl<E: FromServerFnError> Client<E> for PageClient {
        type Request = BrowserRequest;
        type Response = BrowserResponse;
        fn send(request: Self::Request) -> impl Future<Output = Result<Self::Response, E>> + Send {
            if let Some(token) = page_token() {
                request.headers().set(PAGE_HEADER, &token);
                // Microseconds since the page was opened, as the script that saves a page which is left counts them.
                let now = window().performance().map_or(0.0, |clock| clock.now());
                request.headers().set(ORDER_HEADER, &((now * 1000.0) as i64).to_string());
            }
            <BrowserClient as Client<E>>::send(request)
        }
        fn open_websocket(
            path: &str,
        ) -> impl Future<
            Output = Result<
                (impl Stream<Item = Result<Bytes, Bytes>> + Send + 'static, impl Sink<Bytes> + Send + 'static),
                E,
            >,
        > + Send {
            <BrowserClient as Client<E>>::open_websocket(path)
        }
        fn spawn(future: impl Future<Output = ()> + Send + 'static) {
            <BrowserClient as Client<E>>::spawn(future);
        }
    }
    /// The path of the page.
    pub fn path() -> String {
        window().location().pathname().unwrap_or_default()
    }
    /// Writes the title of the window; the server writes the first one into the document.
    pub fn set_title(title: &str) {
        document().set_title(&i18n::frame_title(lang(), title));
    }
    /// Gives the focus to the element with an id, once the page has been rendered.
    pub fn focus(id: &'static str) {
        request_animation_frame(move || {
            let element = document().get_element_by_id(id).and_then(|e| e.dyn_into::<HtmlElement>().ok());
            if let Some(element) = element {
                let _ = element.focus();
            }
        });
    }
    /// Loads another page.
    pub fn navigate_to(path: &str) {
        let _ = window().location().set_href(path);
    }
    /// Goes to the log-in page, which leads back to this one.
    pub fn sign_in_again() {
        let here = path();
        let login = if here.starts_with(&Page::Queue.path()) { Page::StaffLogin } else { Page::Login };
        navigate_to(&login.with_query(&[("next", here)]));
    }
    /// Whether the pressed button has a name of its own: it asks for something else than the form does.
    pub fn has_named_submitter(event: &leptos::ev::SubmitEvent) -> bool {
        event.submitter().is_some_and(|button| button.has_attribute("name"))
    }
    /// Posts a form as a page without script would. The server keeps what was typed if the session has ended.
    pub fn submit_natively(form_id: &str) {
        let form = document().get_element_by_id(form_id).and_then(|e| e.dyn_into::<HtmlFormElement>().ok());
        if let Some(form) = form {
            let _ = form.submit();
        }
    }
    /// The fields of the form with an id, as they stand in the page.
    pub fn fields_of_form(id: &str) -> FormFields {
        fields_of(document().get_element_by_id(id).and_then(|form| form.dyn_into().ok()))
    }
    fn fields_of(form: Option<HtmlFormElement>) -> FormFields {
        let mut fields = FormFields::new();
        if let Some(data) = form.and_then(|form| web_sys::FormData::new_with_form(&form).ok())
            && let Ok(Some(all)) = js_sys::try_iter(&data)
        {
            for pair in all.filter_map(Result::ok) {
                let pair: js_sys::Array = pair.unchecked_into();
                if let (Some(name), Some(value)) = (pair.get(0).as_string(), pair.get(1).as_string()) {
                    fields.insert(name, value);
                }
            }
        }
        fields
    }
    /// The fields of a submitted form, with those of the pressed button.
    pub fn submitted_fields(event: &leptos::ev::SubmitEvent) -> FormFields {
        let mut fields = fields_of(event.target().and_then(|target| target.dyn_into().ok()));
        if let Some(button) = event.submitter()
            && let (Some(name), Some(value)) = (button.get_attribute("name"), button.get_attribute("value"))
        {
            fields.insert(name, value);
        }
        fields
    }

    type Navigate = std::rc::Rc<dyn Fn(&str)>;

    /// Goes to another page without loading it anew.
    #[derive(Clone, Copy)]
    pub struct Navigator(StoredValue<Navigate, LocalStorage>);
    /// The navigator; to be called while a component is made.
    pub fn navigator() -> Navigator {
        let navigate = leptos_router::hooks::use_navigate();
        Navigator(StoredValue::new_local(std::rc::Rc::new(move |path: &str| navigate(path, Default::default()))))
    }
    impl Navigator {
        /// Goes to a path.
        pub fn navigate(self, path: &str) {
            (self.0.get_value())(path);
        }
    }
}
#[cfg(feature = "hydrate")]
pub use hydrated::*;

#[cfg(not(feature = "hydrate"))]
mod server {
    use crate::transport::FormFields;
    #[cfg(feature = "ssr")]
    use crate::transport::PageTokenText;
    /// The server calls no server function over HTTP.
    pub type PageClient = leptos::server_fn::client::browser::BrowserClient;

    /// The token of the page that is drawn.
    pub fn page_token() -> Option<String> {
        #[cfg(feature = "ssr")]
        return leptos::prelude::use_context::<PageTokenText>().map(|token| token.0);
        #[cfg(not(feature = "ssr"))]
        None
    }

    pub const fn set_title(_: &str) {}
    pub const fn focus(_: &'static str) {}
    pub const fn navigate_to(_: &str) {}
    pub const fn has_named_submitter(_: &leptos::ev::SubmitEvent) -> bool {
        false
    }
    pub const fn submit_natively(_: &str) {}
    pub const fn fields_of_form(_: &str) -> FormFields {
        FormFields::new()
    }
    pub const fn submitted_fields(_: &leptos::ev::SubmitEvent) -> FormFields {
        FormFields::new()
    }
    /// Goes to another page, which only a browser does.
    #[derive(Clone, Copy)]
    pub struct Navigator;
    pub const fn navigator() -> Navigator {
        Navigator
    }
    impl Navigator {
        pub const fn navigate(self, _: &str) {}
    }
}
#[cfg(not(feature = "hydrate"))]
pub use server::*;
