//! Pages that need no script: front page, notices, log-in, one application, the print sheet. They are drawn as plain HTML and
//! carry nothing to wake; the shell of the pages that do wake lives here too.
mod application;
mod form;
mod home;
mod inputs;
mod login;
mod missing;
mod naming;
mod security;
mod slip;
mod verify;

pub use application::application;
pub use form::{form, record_form};
pub use home::{home, notice};
pub use login::{CANDIDATES, STAFF, login, login_page, staff_login};
pub use missing::{Answered, evidence, missing, missing_page};
pub use naming::{Naming, names, names_page, near};
pub use security::{security, security_page};
pub use slip::slip;
pub use verify::verify;

use crate::{
    components::{Footer, Header},
    door::Visitor,
    error::AppError,
    routes::{self, Place},
    spa::{App, title},
    text,
};
use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::{prelude::*, tachys::html::doctype};

/// The document around a page that wakes.
pub fn shell(visitor: &Visitor, place: &Place) -> AnyView {
    let (nonce, assets, lang) = (visitor.nonce().to_owned(), visitor.assets(), visitor.lang);
    let (script, module) = (assets.script().to_owned(), assets.module().to_owned());
    let words = assets.words(lang, place.way() == "desk").to_owned();
    let needed = crate::chunks::chunk_of(place).map(|part| assets.part(part).to_vec()).unwrap_or_default();
    // A form that is being typed in is not woken under the hands: it waits until the field is left.
    let wake = format!(
        "const w=fetch({words:?}).then(r=>r.text());\
         import({script:?}).then(async m=>{{await m.default({{module_or_path:{module:?}}});const t=document.activeElement;\
         if(t&&/INPUT|SELECT/.test(t.tagName)&&t.dataset.typed)await new Promise(r=>t.addEventListener('blur',r,{{once:true}}));\
         await m.hydrate(await w);performance.mark('awake');document.documentElement.dataset.awake=''}});\
         document.addEventListener('input',e=>{{e.target.dataset.typed=''}},{{capture:true}})"
    );
    view! {
        {doctype("html")}
        <html lang=lang.tag()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light" />
                <title>{text::frame_title(lang, title(lang, place))}</title>
                <link rel="icon" href="/favicon.svg" />
                <link rel="stylesheet" href=assets.style().to_owned() />
                <link rel="modulepreload" href=script nonce=nonce.clone() />
                <link rel="preload" href=module r#as="fetch" crossorigin="" />
                {needed.into_iter().map(|part| view! { <link rel="preload" href=part r#as="fetch" crossorigin="" /> }).collect_view()}
                <link rel="preload" href=words r#as="fetch" crossorigin="" />
                <script type="module" nonce=nonce inner_html=wake></script>
            </head>
            <body><App /></body>
        </html>
    }.into_any()
}

/// A plain page. `at` marks the way in the head; `wide` leaves the frame away, for print sheets.
pub(super) fn plain<V: IntoView>(
    visitor: &Visitor,
    title: &str,
    at: &'static str,
    body: impl FnOnce() -> V,
) -> Response {
    // A root of its own: an owner that another request left on this thread may be given up while this page is written.
    let owner = Owner::new_root(None);
    let html = owner.with(|| {
        provide_context(visitor.lang);
        let (frame, assets, nonce) = (visitor.frame(), visitor.assets(), visitor.nonce().to_owned());
        view! {
            <html lang=visitor.lang.tag()>
                <head>
                    <meta charset="utf-8" />
                    <meta name="viewport" content="width=device-width, initial-scale=1" />
                    <meta name="color-scheme" content="light" />
                    <title>{text::frame_title(visitor.lang, title)}</title>
                    <link rel="icon" href="/favicon.svg" />
                    <link rel="stylesheet" href=assets.style().to_owned() />
                    <script
                        defer
                        src="/near.js"
                        nonce=nonce
                        data-script=assets.script().to_owned()
                        data-module=assets.module().to_owned()
                        data-words=assets.words(visitor.lang, false).to_owned()
                        data-parts=assets.part("candidate_pages").join(" ")
                    ></script>
                </head>
                <body>
                    <Header frame at />
                    <main id="main" tabindex="-1">{body()}</main>
                    <Footer />
                </body>
            </html>
        }
        .to_html()
    });
    owner.cleanup();
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], format!("<!DOCTYPE html>{html}")).into_response()
}

/// The page for what could not be done. A foreign and an unknown object give the same.
pub fn trouble(visitor: &Visitor, error: &AppError) -> Response {
    let lang = visitor.lang;
    let (at, home) = if visitor.officer().is_ok() { ("desk", routes::DESK) } else { ("", routes::HOME) };
    let mut response = plain(visitor, text::error_title(lang), at, || {
        view! {
            <section class="panel trouble">
                <h1>{text::error_title(lang)}</h1>
                <p>{error.sentence(lang)}</p>
                <p><a class="button" href=home>{text::error_home(lang)}</a></p>
            </section>
        }
    });
    *response.status_mut() = status_of(error);
    response
}

/// The one place that says which status an error has.
pub const fn status_of(error: &AppError) -> StatusCode {
    match error {
        AppError::NotFound => StatusCode::NOT_FOUND,
        AppError::SignedOut => StatusCode::UNAUTHORIZED,
        AppError::Conflict => StatusCode::CONFLICT,
        AppError::BadRequest => StatusCode::BAD_REQUEST,
        AppError::TooMany => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
