//! Forms that could not be saved: posted while the database cannot write, or after their session had ended and changed elsewhere since.
//! The answer holds what was typed, and a button that sends it again.
use crate::{
    components::PageField,
    error::AppError,
    http::{form::FORM_LIMIT, text::parse_pairs},
    i18n,
    lang::{Lang, lang},
    request::{PlainPage, RequestContext, Route},
    routes::{Access, PageKind},
};
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{Method, header},
};
use leptos::prelude::*;
use registry::ParkedForm;

/// A posted form that can be sent again.
pub(super) struct BufferedForm {
    /// Path and query that it was posted to.
    address: String,
    body: Bytes,
}

/// Keeps a form beside the request that posts it. Files are not kept, and neither are forms with passwords.
///
/// # Errors
/// [`AppError::BadRequest`] for a body that is too long.
pub(super) async fn buffer_form(route: &Route, request: Request) -> Result<(Request, Option<BufferedForm>), AppError> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let keeps = route.method == Method::POST
        && matches!(route.access, Access::Candidate | Access::Staff)
        && route.path != PageKind::Security.pattern()
        && kind.starts_with("application/x-www-form-urlencoded");
    if !keeps {
        return Ok((request, None));
    }
    let address = request.uri().path_and_query().map_or("/", |all| all.as_str()).to_owned();
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, FORM_LIMIT).await.map_err(|_| AppError::BadRequest)?;
    let buffered = BufferedForm { address, body: body.clone() };
    Ok((Request::from_parts(parts, Body::from(body)), Some(buffered)))
}

/// The page that says what happened, with the form.
pub(super) fn page(context: &RequestContext, form: BufferedForm) -> PlainPage {
    let kind = if context.officer().is_ok() { PageKind::Queue } else { PageKind::Verify };
    let pairs = parse_pairs(&form.body).unwrap_or_default();
    let page = PlainPage::new(kind, move || {
        let lang = lang();
        view! {
            <section class="panel">
                <h1>{i18n::error_title(lang)}</h1>
                <p>{AppError::Unavailable.sentence(lang)}</p>
                <form method="post" action=form.address>
                    {hidden(pairs)}
                    <p><button class="button primary">{i18n::unavailable_send_again(lang)}</button></p>
                </form>
            </section>
        }
    });
    PlainPage { status: AppError::Unavailable.status(), ..page.titled(i18n::error_title(context.lang).to_owned()) }
}

/// What was typed, in a form that shows nothing of it.
fn hidden(pairs: Vec<(String, String)>) -> impl IntoView {
    pairs.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()
}

/// The page after a log-in that gives back what was posted after the session had ended and was changed elsewhere meanwhile. Each form
/// leads to its own page, where the person decides which of the two is kept.
pub(super) fn changed_elsewhere(lang: Lang, forms: Vec<ParkedForm>) -> PlainPage {
    let page = PlainPage::new(PageKind::Verify, move || {
        let forms = forms.into_iter().map(|form| {
            view! {
                <form method="post" action=form.path>
                    <PageField />
                    {hidden(form.pairs)}
                    <p><button class="button primary">{i18n::unavailable_open_typed(lang)}</button></p>
                </form>
            }
        });
        view! {
            <section class="panel trouble">
                <h1>{i18n::conflict_title(lang)}</h1>
                <p>{i18n::unavailable_changed(lang)}</p>
                {forms.collect_view()}
            </section>
        }
    });
    page.titled(i18n::conflict_title(lang).to_owned())
}
