//! Whether a printed version is the latest, and nothing more: neither whose it is nor what stands in it (X4).
use crate::{
    components::FieldFrame,
    error::AppError,
    http::form::parse_query,
    i18n,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Page, PageKind},
};
use axum::extract::Request;
use leptos::prelude::*;
use registry::PrintedVersionState;

/// The letters and digits of a code as it may be typed; spaces and hyphens do not belong to it.
fn code_of(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
    (!code.is_empty()).then_some(code)
}

/// `/verify/:code`, and the form that asks for a code.
pub(super) async fn verify(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let lang = context.lang;
    if let Some(code) = code_of(parse_query(request.uri()).unwrap_or_default().last_value("code")) {
        return Ok(Reply::see(&Page::Verified(code)));
    }
    let code = match page_of(&request)? {
        Page::Verified(code) => code_of(&code),
        _ => None,
    };
    let state = match code {
        Some(code) => Some(context.registry().printed_version_state(&code).await?),
        None => None,
    };
    let body = move || {
        view! {
            <section class="narrow">
                <h1>{i18n::verify_title(lang)}</h1>
                {state.map(|state| {
                    let (class, sentence) = match state {
                        PrintedVersionState::Latest => ("done", i18n::verify_latest(lang)),
                        PrintedVersionState::Old => ("note advice", i18n::verify_old(lang)),
                        PrintedVersionState::Unknown => ("note advice", i18n::verify_unknown(lang)),
                    };
                    view! { <p class=class role="status">{sentence}</p> }
                })}
                <form method="get" action=Page::Verify.path() class="sheet">
                    <FieldFrame id="code" label=i18n::verify_code(lang) hint=Some(i18n::verify_hint(lang).to_owned())>
                        <input id="f-code" name="code" type="text" aria-describedby="h-code" autocomplete="off" autocapitalize="characters" spellcheck="false" required="" />
                    </FieldFrame>
                    <button class="primary">{i18n::verify_ask(lang)}</button>
                </form>
            </section>
        }
    };
    Ok(PlainPage::new(PageKind::Verify, body).into())
}
