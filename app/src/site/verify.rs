//! Whether a printed version is the latest, and by which marks it is recognized: a code copied from another paper shows another
//! serial (X4). Of whose it is only the first character of the name is told, and nothing of what stands in it.
use crate::{
    components::{Fact, FieldFrame},
    error::AppError,
    http::form::parse_query,
    i18n,
    lang::{Lang, lang},
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Page, PageKind},
};
use axum::extract::Request;
use leptos::prelude::*;
use registry::{PaperKind, PrintedVersionState, VerifiedVersion};

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
    let answer = match &code {
        Some(code) => Some(context.registry().verified_version(code).await?),
        None => None,
    };
    // One that no paper has stays in the box, to be compared with the paper.
    let missed = code.filter(|_| matches!(answer, Some(None)));
    let body = move || {
        view! {
            <section class="narrow">
                <h1>{i18n::verify_title(lang)}</h1>
                {answer.map(|version| view! {
                    <p class=class_of(version.as_ref()) role="status">{sentence(lang, version.as_ref())}</p>
                    {version.map(|version| view! { <Marks version /> })}
                })}
                <form method="get" action=Page::Verify.path() class="sheet">
                    <FieldFrame id="code" label=i18n::verify_code(lang) hint=Some(i18n::verify_hint(lang).to_owned())>
                        <input id="f-code" name="code" type="text" aria-describedby="h-code" autocomplete="off" autocapitalize="characters" spellcheck="false" required="" value=missed />
                    </FieldFrame>
                    <button class="primary">{i18n::verify_ask(lang)}</button>
                </form>
            </section>
        }
    };
    Ok(PlainPage::new(PageKind::Verify, body).into())
}

/// How loudly it is said: what counts, what does not count any more, and what nobody knows.
fn class_of(version: Option<&VerifiedVersion>) -> &'static str {
    match version.map(|version| version.state) {
        Some(PrintedVersionState::Latest) => "done",
        Some(_) => "summary",
        None => "note warning",
    }
}

/// Whether it counts, and why not.
fn sentence(lang: Lang, version: Option<&VerifiedVersion>) -> String {
    let Some(version) = version else { return i18n::verify_unknown(lang).to_owned() };
    let paper = paper(lang, version.kind);
    match version.state {
        PrintedVersionState::Latest => i18n::verify_latest(lang, paper, version.version),
        PrintedVersionState::Newer => i18n::verify_newer(lang, paper, version.version, version.latest),
        PrintedVersionState::Withdrawn => i18n::verify_withdrawn(lang).to_owned(),
        PrintedVersionState::Replaced => i18n::verify_replaced(lang).to_owned(),
        PrintedVersionState::Ended => i18n::verify_ended(lang).to_owned(),
    }
}

/// Which paper a code was printed on, as far as it says so.
fn paper(lang: Lang, kind: Option<PaperKind>) -> &'static str {
    match kind {
        Some(PaperKind::Notice) => i18n::verify_notice(lang),
        Some(PaperKind::Form) => i18n::verify_form(lang),
        None => i18n::verify_either(lang),
    }
}

/// What the paper in hand must show as well.
#[component]
fn Marks(version: VerifiedVersion) -> impl IntoView {
    let lang = lang();
    view! {
        <dl class="facts">
            <Fact label=i18n::verify_kind(lang) value=i18n::verify_kinds(lang, paper(lang, version.kind), version.version) />
            <Fact label=i18n::exams_serial(lang) value=version.serial />
            <Fact label=i18n::verify_initial(lang) value=version.initial />
        </dl>
        <p class="note">{i18n::verify_compare(lang)}</p>
    }
}
