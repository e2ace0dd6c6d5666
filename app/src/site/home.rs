//! The front page: what is open until when, the notices, and for those logged in their applications (S1, S7).
use super::guides::GuideLinks;
use crate::{
    applications::{
        ApplicationCard,
        actions::{exam_data, exams},
    },
    error::AppError,
    i18n,
    name_requests::page::{card, recent_requests},
    request::{PlainPage, Reply, RequestContext},
    routes::{Page, PageKind},
};
use axum::extract::Request;
use leptos::prelude::*;

/// The front page.
pub(super) async fn home(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    let (lang, now) = (context.lang, context.now());
    let sessions = context.registry().exam_sessions().await?;
    let notices = context.registry().notices().await?;
    let logged_in = context.candidate().is_ok();
    let own = if logged_in { exams(&context).await?.applications } else { Vec::new() };
    let requests = recent_requests(&context).await?;
    let session = sessions.iter().find(|s| s.is_open(now)).or(sessions.first()).map(|s| exam_data(lang, s, now));
    let body = move || {
        view! {
            <section class="hero">
                <h1>{i18n::home_title(lang)}</h1>
                <p class="lead">{i18n::home_lead(lang)}</p>
                {session.map(|exam| view! {
                    <div class="window">
                        <p class="over">{exam.name}</p>
                        <p class="window-state">{if exam.open { i18n::home_open(lang) } else { i18n::home_closed(lang) }}</p>
                        <dl class="facts">
                            <div class="fact"><dt>{i18n::home_online(lang)}</dt><dd>{i18n::home_from_to(lang, exam.opens, exam.closes)}</dd></div>
                            <div class="fact"><dt>{i18n::home_review(lang)}</dt><dd>{i18n::home_from_to(lang, exam.review.0, exam.review.1)}</dd></div>
                        </dl>
                    </div>
                })}
                <p class="row">
                    {if logged_in {
                        view! { <a class="button primary" href=Page::Exams.path() data-app="">{i18n::home_mine(lang)}</a> }.into_any()
                    } else {
                        view! {
                            <a class="button primary" href=Page::Register.path() data-app="">{i18n::home_start(lang)}</a>
                            <a class="button" href=Page::Login.path()>{i18n::frame_login(lang)}</a>
                        }
                        .into_any()
                    }}
                </p>
            </section>
            {(!own.is_empty()).then(|| view! {
                <section><h2>{i18n::exams_yours(lang)}</h2>
                <ul class="cards">{own.into_iter().map(|application| view! { <ApplicationCard application /> }).collect_view()}</ul></section>
            })}
            {(!requests.is_empty()).then(|| view! {
                <section>
                    <div class="title-row"><h2>{i18n::name_request_yours(lang)}</h2><a href=Page::NameRequests.path()>{i18n::name_request_all(lang)}</a></div>
                    <ul class="cards">{requests.into_iter().map(|request| card(lang, request, false)).collect_view()}</ul>
                </section>
            })}
            <section>
                <h2>{i18n::home_notices(lang)}</h2>
                {notices.is_empty().then(|| view! { <p class="empty">{i18n::home_no_notices(lang)}</p> })}
                <ul class="notices">
                    {notices.iter().map(|notice| view! {
                        <li><a href=Page::Notice(notice.id).path()>{lang.of(&notice.title_zh, &notice.title_en).to_owned()}</a>
                        <time>{notice.published.date().to_string()}</time></li>
                    }).collect_view()}
                </ul>
            </section>
            <section>
                <h2>{i18n::guide_section(lang)}</h2>
                <GuideLinks />
                <p><a href=Page::Help.path()>{i18n::frame_help(lang)}</a></p>
            </section>
            <section>
                <h2>{i18n::home_how(lang)}</h2>
                <ol class="how">
                    {[i18n::home_step1(lang), i18n::home_step2(lang), i18n::home_step3(lang), i18n::home_step4(lang), i18n::home_step5(lang)]
                        .into_iter().map(|s| view! { <li>{s}</li> }).collect_view()}
                </ol>
            </section>
        }
    };
    Ok(PlainPage::new(PageKind::Home, body).into())
}
