//! Whether a paper is the latest version, and nothing more: neither whose it is nor what stands in it (X4).
use super::{plain, trouble};
use crate::{
    door::{Visitor, see_other},
    markup::view,
    routes, text,
};
use axum::{extract::Request, response::Response};
use registry::PrintedVersionState;

/// `/verify/:code`, and the form that asks for a code.
pub async fn verify(visitor: Visitor, request: Request) -> Response {
    let lang = visitor.lang;
    let letters = |typed: &str| typed.chars().filter(char::is_ascii_alphanumeric).take(64).collect::<String>();
    let asked = request.uri().query().and_then(|query| query.strip_prefix("code=")).map(|typed| {
        // A form writes spaces as plus signs and percents; neither belongs to a code.
        letters(&typed.replace("%20", ""))
    });
    if let Some(code) = asked.filter(|code| !code.is_empty()) {
        return see_other(&routes::verify(&code));
    }
    let code = request.uri().path().split('/').nth(2).map(letters).filter(|code| !code.is_empty());
    let state = match &code {
        Some(code) => match visitor.registry().printed_version_state(code).await {
            Ok(state) => Some(state),
            Err(error) => return trouble(&visitor, &crate::door::trouble(error)),
        },
        None => None,
    };
    plain(&visitor, text::verify_title(lang), "", || {
        view! {
            <section class="narrow">
                <h1>{text::verify_title(lang)}</h1>
                {state.map(|state| match state {
                    PrintedVersionState::Latest => view! { <p class="done" role="status">{text::verify_latest(lang)}</p> },
                    PrintedVersionState::Old => view! { <p class="note advice" role="status">{text::verify_old(lang)}</p> },
                    PrintedVersionState::Unknown => view! { <p class="note advice" role="status">{text::verify_unknown(lang)}</p> },
                })}
                <form method="get" action=routes::VERIFY class="sheet">
                    <div class="field">
                        <label for="f-code">{text::verify_code(lang)}</label>
                        <p class="hint" id="h-code">{text::verify_hint(lang)}</p>
                        <input id="f-code" name="code" type="text" aria-describedby="h-code" autocomplete="off" autocapitalize="characters" spellcheck="false" required="" />
                    </div>
                    <button class="primary">{text::verify_ask(lang)}</button>
                </form>
            </section>
        }
    })
}
