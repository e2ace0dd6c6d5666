//! 《医师资格考试报名暨授予医师资格申请表》 on A4: what the candidate signs, with its version and a code by which anybody can ask
//! whether it is the latest (S51, S113, S127, X4). Candidate and office print the same sheet.
use super::{PrintBar, Printable, VerificationCode};
use crate::{
    applications::summary::{CodeLabels, category_name, groups},
    error::AppError,
    i18n,
    lang::Lang,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Endpoint, Page, PageKind},
};
use axum::extract::Request;
use forms::application::Application;
use leptos::prelude::*;
use registry::{ApplicationView, PrintedVersion};

/// The sheet as the candidate prints it.
pub(crate) async fn form(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Form(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    let candidate = context.candidate()?;
    let (view, printed) = (candidate.application(id).await?, candidate.printed_version(id).await?);
    let photo = view.snapshot.as_ref().map(|a| Endpoint::Photo(a.photo).path()).unwrap_or_default();
    Ok(sheet(&context, PageKind::Form, view, printed, photo, Page::Application(id).path()).await?.into())
}

/// The sheet for candidate and office. `photo` and `back` are paths that whoever prints it may open.
pub(crate) async fn sheet(
    context: &RequestContext,
    kind: PageKind,
    view: ApplicationView,
    printed: PrintedVersion,
    photo: String,
    back: String,
) -> Result<PlainPage, AppError> {
    // An official paper is in Chinese, whatever the language of the screen (S149).
    let lang = Lang::Zh;
    let Printable { view, printed, application, serial } = Printable::new(view, printed)?;
    let (areas, sites) = context.registry().areas().await?;
    let labels = CodeLabels { lang, areas: &areas, sites: &sites };
    let category = category_name(lang, &view.categories, application.category).unwrap_or_default().to_owned();
    let code = application.category.to_string();
    let exam = lang.of(&view.exam.name_zh, &view.exam.name_en).to_owned();
    let groups = filled(&labels, &application);
    let (nonce, public_url) = (context.nonce().clone(), context.public_url().to_owned());
    Ok(PlainPage::new(kind, move || {
        view! {
            <PrintBar back />
            <article class="a4" lang="zh-CN">
                <header>
                    <p class="over">{exam}" · "{code}" "{category}</p>
                    <h1>{i18n::form_sheet_title(lang)}</h1>
                    <p class="serial-line">{i18n::exams_serial(lang)}" "<b class="serial">{serial}</b></p>
                </header>
                <div class="a4-body">
                    <table>
                        <caption class="unseen">{i18n::form_sheet_title(lang)}</caption>
                        <tbody>{groups.into_iter().map(|(title, lines)| view! {
                            <tr><th scope="colgroup" colspan="2" class="group">{title}</th></tr>
                            {lines.into_iter().map(|(label, value)| view! { <tr><th scope="row">{label}</th><td>{value}</td></tr> }).collect_view()}
                        }).collect_view()}</tbody>
                    </table>
                    <img src=photo width="132" height="176" alt=i18n::photo_alt(lang) />
                </div>
                <section class="slip-notes">
                    <p>{i18n::form_sheet_declaration(lang)}</p>
                    <p class="signatures"><span>{i18n::form_sheet_candidate(lang)}</span><span>{i18n::form_sheet_day(lang)}</span></p>
                    <p class="signatures"><span>{i18n::form_sheet_site(lang)}</span><span>{i18n::form_sheet_day(lang)}</span></p>
                    <p class="signatures"><span>{i18n::form_sheet_area(lang)}</span><span>{i18n::form_sheet_day(lang)}</span></p>
                </section>
                <VerificationCode printed public_url />
            </article>
            <script defer src="/print.js" nonce=nonce></script>
        }
    }))
}

/// The groups without blank answers, with the labels of their fields.
fn filled(labels: &CodeLabels<'_>, a: &Application) -> Vec<(String, Vec<(&'static str, String)>)> {
    let line = |(field, value)| (i18n::label(labels.lang, field), value);
    let filled = |lines: Vec<(forms::Field, String)>| {
        lines.into_iter().filter(|(_, value)| !value.is_empty()).map(line).collect::<Vec<_>>()
    };
    groups(labels, a, true).into_iter().map(|(title, lines)| (title, filled(lines))).collect()
}
