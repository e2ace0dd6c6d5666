//! The list of the annexes, and one of them as a page to print and as PDF.
use super::{
    content::annex_text,
    paper::annex_pdf,
    prefill::{Prefill, Source, prefill, sources},
};
use crate::{
    applications::print::PrintBar,
    components::FieldFrame,
    error::AppError,
    http::form::parse_query,
    i18n,
    request::{PlainPage, Reply, RequestContext, endpoint_of, page_of},
    routes::{Endpoint, Page, PageKind},
};
use axum::{extract::Request, http::header};
use forms::materials::Annex;
use leptos::prelude::*;

/// The parameter that names a [`Source`].
const FROM: &str = "from";

/// `/downloads`: every annex, and who needs it.
pub(in crate::site) async fn downloads(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    let lang = context.lang;
    let (logged_in, has_pdf) = (context.candidate().is_ok(), context.state.pdf_font.is_some());
    let body = move || {
        view! {
            <h1>{i18n::downloads_title(lang)}</h1>
            <p class="lead">{i18n::downloads_lead(lang)}</p>
            <p>{if logged_in { i18n::downloads_filled(lang) } else { i18n::downloads_empty(lang) }}</p>
            <ul class="cards two">
                {Annex::ALL.into_iter().filter_map(|annex| Some((annex, annex_text(annex)?))).map(|(annex, text)| view! {
                    <li class="card" id=format!("annex-{}", annex.code())>
                        <h2>{i18n::downloads_annex(lang, annex.code(), text.title_in(lang))}</h2>
                        <p>{text.who(lang)}</p>
                        <p class="row">
                            <a class="button" href=Page::AnnexSheet(annex).path()>{i18n::downloads_open(lang, annex.code())}</a>
                            {has_pdf.then(|| view! { <a href=Endpoint::AnnexPdf(annex).path()>{i18n::downloads_pdf(lang, annex.code())}</a> })}
                        </p>
                    </li>
                }).collect_view()}
            </ul>
        }
    };
    Ok(PlainPage::new(PageKind::Downloads, body).into())
}

/// The source that a request names.
fn named(request: &Request) -> String {
    parse_query(request.uri()).unwrap_or_default().last_value(FROM).to_owned()
}

/// The source of this name, or else the first of whoever asks.
fn chosen(named: &str, sources: &[(Source, String)]) -> Result<Source, AppError> {
    match named {
        "" => Ok(sources.first().map_or(Source::Empty, |(source, _)| *source)),
        code => Source::parse(code).ok_or(AppError::NotFound),
    }
}

/// One annex to print.
pub(in crate::site) async fn annex_sheet(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::AnnexSheet(annex) = page_of(&request)? else { return Err(AppError::NotFound) };
    let lang = context.lang;
    let text = annex_text(annex).ok_or(AppError::NotFound)?;
    let named = named(&request);
    let sources = sources(&context).await?;
    let source = chosen(&named, &sources)?;
    let prefill: Prefill = prefill(&context, source).await?;
    let (nonce, has_pdf) = (context.nonce().clone(), context.state.pdf_font.is_some());
    let pdf = Endpoint::AnnexPdf(annex).with_query(&[(FROM, source.code())]);
    let body = move || {
        view! {
            <h1 class="no-print">{i18n::downloads_annex(lang, annex.code(), text.title_in(lang))}</h1>
            <p class="no-print">{text.who(lang)}</p>
            {(!sources.is_empty()).then(|| view! {
                <form method="get" action=Page::AnnexSheet(annex).path() class="sheet no-print">
                    <FieldFrame id=FROM label=i18n::downloads_source(lang) hint=Some(i18n::downloads_source_hint(lang).to_owned())>
                        <select id="f-from" name=FROM aria-describedby="h-from">
                            {sources.into_iter().map(|(one, name)| view! { <option value=one.code() selected=one == source>{name}</option> }).collect_view()}
                        </select>
                    </FieldFrame>
                    <button class="button">{i18n::downloads_fill(lang)}</button>
                </form>
            })}
            <PrintBar back=Page::Downloads.path() label=i18n::downloads_back(lang) />
            {has_pdf.then(|| view! { <p class="no-print"><a href=pdf>{i18n::downloads_pdf(lang, annex.code())}</a></p> })}
            <article class="a4 annex" lang="zh-CN">
                <header>
                    <p class="over">"附 "{annex.code()}</p>
                    <h2 class="title">{text.title.as_str()}</h2>
                </header>
                <table>
                    <caption class="unseen">{text.title.as_str()}</caption>
                    <tbody>{text.rows.iter().map(|row| {
                        let single = row.len() == 1;
                        view! {
                            <tr>{row.iter().map(|cell| {
                                let value = cell.field().and_then(|field| prefill.get(&field).cloned()).unwrap_or_default();
                                view! { <th scope="row">{cell.label.as_str()}</th><td colspan=single.then_some("3")>{value}</td> }
                            }).collect_view()}</tr>
                        }
                    }).collect_view()}</tbody>
                </table>
                {text.text.iter().map(|paragraph| view! { <p class="annex-text">{paragraph.as_str()}</p> }).collect_view()}
                {text.boxes.iter().map(|one| view! {
                    <section class="writing-box">
                        <h3>{one.label.as_str()}</h3>
                        {(0..one.lines).map(|_| view! { <div class="writing-line"></div> }).collect_view()}
                        {(!one.signatures.is_empty()).then(|| view! {
                            <p class="signatures">{one.signatures.iter().map(|text| view! { <span>{text.as_str()}</span> }).collect_view()}</p>
                        })}
                    </section>
                }).collect_view()}
                <section class="slip-notes">{text.notes.iter().map(|note| view! { <p>{note.as_str()}</p> }).collect_view()}</section>
            </article>
            <script defer src="/print.js" nonce=nonce></script>
        }
    };
    Ok(PlainPage::new(PageKind::AnnexSheet, body)
        .titled(text.title_in(lang).to_owned())
        .described(text.who(lang))
        .into())
}

/// One annex as PDF. Its name says only which annex it is.
pub(in crate::site) async fn annex_file(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Endpoint::AnnexPdf(annex) = endpoint_of(&request)? else { return Err(AppError::NotFound) };
    let named = named(&request);
    let source = chosen(&named, &sources(&context).await?)?;
    let prefill = prefill(&context, source).await?;
    let file = annex_pdf(&context, annex, source, prefill).await?;
    let name = format!("attachment; filename=\"annex-{}.pdf\"", annex.code());
    let kept = if source == Source::Empty { "private, no-cache" } else { "private, no-store" };
    Ok(Reply::response((
        [
            (header::CONTENT_TYPE, "application/pdf".to_owned()),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, kept.to_owned()),
        ],
        file,
    )))
}
