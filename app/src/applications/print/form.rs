//! 《医师资格考试报名暨授予医师资格申请表》 on A4: what the candidate signs, with its version and a code by which anybody can ask
//! whether it is the latest (S51, S113, S127, X4). Candidate and office print the same sheet.
use super::{
    Paper, PrintBar, Printable, Proof, VerificationCode,
    tables::{EntryTable, PairTable, pairs_of},
};
use crate::{
    applications::{
        answers::AnswerGroup,
        summary::{CodeLabels, submitted_answers},
    },
    error::AppError,
    i18n,
    lang::Lang,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Endpoint, Page, PageKind},
};
use axum::extract::Request;
use leptos::prelude::*;
use registry::{ApplicationView, PaperKind, PrintedVersion};

/// The sheet as the candidate prints it.
pub(crate) async fn form(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Form(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    let candidate = context.candidate()?;
    let view = candidate.application(id).await?;
    // What has nothing to print says on its own page why.
    if !view.row.status.is_printable() {
        return Ok(Reply::see(&Page::Application(id)));
    }
    let printed = candidate.printed_version(id).await?;
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
    let (areas, sites) = (view.areas.clone(), view.sites.clone());
    let labels = CodeLabels { lang, areas: &areas, sites: &sites };
    let exam = lang.of(&view.exam.name_zh, &view.exam.name_en).to_owned();
    let mut groups = submitted_answers(&labels, &view.categories, &application, false).into_iter();
    let name = application.identity.name.to_string();
    // The category stands with the person: a table of its own would be a heading for one line.
    let category = groups.next().map(pairs_of).unwrap_or_default();
    let (title, person) = groups.next().map(|group| (group.title, pairs_of(group))).unwrap_or_default();
    let first = [person, category].concat();
    let rest: Vec<AnswerGroup> = groups.filter(|group| !group.is_blank()).collect();
    let is_signed = application.is_reviewed_on_site();
    let (nonce, proof) = (context.nonce().clone(), Proof::new(context, &printed, PaperKind::Form));
    Ok(PlainPage::new(kind, move || {
        view! {
            <PrintBar back />
            <Paper title=i18n::form_sheet_title(lang) exam serial name>
                <div class="a4-body">
                    <PairTable title pairs=first most=22 />
                    <img src=photo width="132" height="176" alt=i18n::photo_alt(lang) />
                </div>
                {rest.into_iter().map(|group| match group.kind {
                    Some(_) => view! { <EntryTable title=group.title entries=group.entries /> }.into_any(),
                    None => view! { <PairTable title=group.title pairs=pairs_of(group) /> }.into_any(),
                }).collect_view()}
                <div class="closing">
                    <section class="slip-notes"><p>{i18n::form_sheet_declaration(lang)}</p></section>
                    {is_signed.then(|| view! { <div class="sign-boxes">
                        {[i18n::form_sheet_candidate(lang), i18n::form_sheet_site(lang), i18n::form_sheet_area(lang)].map(|who| view! {
                            <p><span>{who}</span><span>{i18n::form_sheet_day(lang)}</span></p>
                        }).collect_view()}
                    </div> })}
                    <VerificationCode proof />
                </div>
            </Paper>
            <script defer src="/print.js" nonce=nonce></script>
        }
    }))
}
