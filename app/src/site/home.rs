//! The front page: what is open until when, the notices and the forms, then the way in, or for those logged in their applications
//! first (S1, S7).
use super::guides::GuideLinks;
use crate::{
    applications::{
        ApplicationCard,
        actions::{exam_data, exams},
        data::ExamData,
    },
    components::{Deadline, dated},
    error::AppError,
    i18n,
    lang::Lang,
    name_requests::page::{card, recent_requests},
    request::{PlainPage, Reply, RequestContext},
    routes::{Page, PageKind, ProfileGroup},
};
use axum::extract::Request;
use forms::ids::NoticeId;
use leptos::prelude::*;
use registry::Notice;

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
    let how = [
        i18n::home_step1(lang),
        i18n::home_step2(lang),
        i18n::home_step3(lang),
        i18n::home_step4(lang),
        i18n::home_step5(lang),
    ];
    let schedule = session.clone();
    let body = move || {
        view! {
            <h1>{i18n::home_title(lang)}</h1>
            <div class="split">
                <div>
                    {session.map(|exam| window(lang, exam))}
                    {logged_in.then(|| view! {
                        // The cards below have the main button of what comes next.
                        <p class="row"><a class=if own.is_empty() { "button primary" } else { "button" } href=Page::Exams.path() data-app="">{i18n::home_mine(lang)}</a></p>
                    })}
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
                    {notice_list(lang, notices, &unread)}
                    <section class="ahead"><GuideLinks help=true /></section>
                    // Notices and materials are read before one begins.
                    {(!logged_in).then(|| view! {
                        <p class="row">
                            <a class="button primary" href=Page::Register.path() data-app="">{i18n::home_start(lang)}</a>
                            <a class="button" href=Page::Login.path()>{i18n::frame_login(lang)}</a>
                        </p>
                    })}
                </div>
                <div>
                    {schedule.map(|exam| view! {
                        <section class="sheet">
                            <h2>{exam.name}</h2>
                            <dl class="facts">
                                <dt>{i18n::home_online(lang)}</dt><dd>{dated(&i18n::date_range(lang, exam.opens, exam.closes))}</dd>
                                <dt>{i18n::home_review(lang)}</dt><dd>{dated(&i18n::date_range(lang, exam.review.0, exam.review.1))}</dd>
                            </dl>
                        </section>
                    })}
                    <section class="sheet">
                        <h2>{i18n::home_how(lang)}</h2>
                        <p>{i18n::home_lead(lang)}</p>
                        <ol>{how.map(|step| view! { <li>{step}</li> }).collect_view()}</ol>
                    </section>
                </div>
            </div>
        }
    };
    Ok(PlainPage::new(PageKind::Home, body).into())
}

/// Whether registration is open, and for how long.
fn window(lang: Lang, exam: ExamData) -> impl IntoView {
    view! {
        <div class="window">
            <p class="window-state">{if exam.open { i18n::home_open(lang) } else { i18n::home_closed(lang) }}</p>
            {exam.open.then(|| view! { <Deadline sentence=dated(&i18n::wizard_closes(lang, exam.closes)) left=exam.left /> })}
        </div>
    }
}

/// How many notices are shown before the others are asked for.
const NEWEST: usize = 3;

/// The newest notices, the others behind a press.
fn notice_list(lang: Lang, mut notices: Vec<Notice>, unread: &[NoticeId]) -> impl IntoView {
    let title = if unread.is_empty() {
        i18n::home_notices(lang).to_owned()
    } else {
        i18n::home_unread_count(lang, unread.len())
    };
    let earlier = notices.split_off(notices.len().min(NEWEST));
    let none = notices.is_empty();
    let list = |notices: Vec<Notice>| {
        let line = |notice: Notice| {
            view! {
                <li>
                    <a href=Page::Notice(notice.id).path()>{lang.of(&notice.title_zh, &notice.title_en).to_owned()}</a>
                    {unread.contains(&notice.id).then(|| view! { " "<b class="mark-open">{i18n::home_unread(lang)}</b> })}
                    <time>{notice.published.date().to_string()}</time>
                </li>
            }
        };
        view! { <ul class="notices">{notices.into_iter().map(line).collect_view()}</ul> }
    };
    view! {
        <section>
            <h2>{title}</h2>
            {if none { view! { <p class="empty">{i18n::home_no_notices(lang)}</p> }.into_any() } else { list(notices).into_any() }}
            {(!earlier.is_empty()).then(|| {
                let (count, open) = (earlier.len(), earlier.iter().any(|notice| unread.contains(&notice.id)));
                view! { <details open=open><summary>{i18n::home_earlier(lang, count)}</summary>{list(earlier)}</details> }
            })}
        </section>
    }
}
