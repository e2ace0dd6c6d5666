//! Notices of the centre.
use crate::{
    error::AppError,
    i18n,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Page, PageKind},
};
use axum::extract::Request;
use leptos::prelude::*;

/// One notice.
pub(super) async fn notice(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Notice(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    let lang = context.lang;
    let notice = context.registry().notice(id).await?;
    if let Ok(candidate) = context.candidate()
        && let Err(error) = candidate.read_notice(id).await
    {
        // A database that takes no writes is still read.
        tracing::warn!(%error, "an opened notice was not remembered");
    }
    let title = lang.of(&notice.title_zh, &notice.title_en).to_owned();
    let text = lang.of(&notice.body_zh, &notice.body_en).to_owned();
    let described = text.clone();
    let (heading, published) = (title.clone(), notice.published.date().to_string());
    let body = move || {
        view! {
            <article class="sheet reading">
                <h1>{heading}</h1>
                <p class="note">{published}</p>
                {text.split("\n\n").map(|p| view! { <p>{p.to_owned()}</p> }).collect_view()}
                <p><a class="button" href=Page::Home.path()>{i18n::error_home(lang)}</a></p>
            </article>
        }
    };
    Ok(PlainPage::new(PageKind::Notice, body).titled(title).described(&described).into())
}
