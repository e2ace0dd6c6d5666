//! The front page: what is open until when, the notices, and for those logged in their applications (S1, S7).
use super::guides::GuideLinks;
use crate::{
    applications::{
        ApplicationCard,
        actions::{exam_data, exams},
    },
    components::Deadline,
    error::AppError,
    i18n,
    name_requests::page::{card, recent_requests},
    request::{PlainPage, Reply, RequestContext},
    routes::{Page, PageKind, ProfileGroup},
};
use axum::extract::Request;
use leptos::prelude::*;

/// The front page.
pub(super) async fn home(context: RequestContext, _: Request) -> Result<Reply, AppError> {
    let (lang, now) = (context.lang, context.now());
    let sessions = context.registry().exam_sessions().await?;
    let notices = context.registry().notices().await?;
    let logged_in = context.candidate().is_ok();
    let unread = match context.candidate() {
        Ok(candidate) => candidate.unread_notices().await?,
        Err(_) => Vec::new(),
    };
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
                        {exam.open.then(|| view! { <Deadline sentence=i18n::wizard_closes(lang, exam.closes.clone()) left=exam.left /> })}
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
            {(logged_in && own.is_empty()).then(|| view! {
                <section class="sheet">
                    <h2>{i18n::exams_yours(lang)}</h2>
                    <p class="empty">{i18n::home_nothing(lang)}</p>
                    <p><a class="button" href=Page::Profile(ProfileGroup::Basic).path() data-app="">{i18n::home_to_profile(lang)}</a></p>
                </section>
            })}
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
                <h2>{if unread.is_empty() { i18n::home_notices(lang).to_owned() } else { i18n::home_unread_count(lang, unread.len()) }}</h2>
                {notices.is_empty().then(|| view! { <p class="empty">{i18n::home_no_notices(lang)}</p> })}
                <ul class="notices">
                    {notices.iter().map(|notice| view! {
                        <li><a href=Page::Notice(notice.id).path()>{lang.of(&notice.title_zh, &notice.title_en).to_owned()}</a>
                        {unread.contains(&notice.id).then(|| view! { " "<b class="mark-open">{i18n::home_unread(lang)}</b> })}
                        <time>{notice.published.date().to_string()}</time></li>
                    }).collect_view()}
                </ul>
            </section>
            <section><GuideLinks /></section>
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
