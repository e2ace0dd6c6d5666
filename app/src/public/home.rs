//! The front page: what is open until when, the notices, and for those logged in their applications (S1, S7).
use super::{
    naming::{card, recent_of},
    plain, trouble,
};
use crate::{
    apply::api::act::{exam_data, exams},
    door::Visitor,
    enrolments::ApplicationCard,
    error::AppError,
    lang::Lang,
    routes, text,
};
use axum::{extract::Request, response::Response};
use forms::ids::NoticeId;
use leptos::prelude::*;

/// The front page.
pub async fn home(visitor: Visitor, _: Request) -> Response {
    let lang = visitor.lang;
    let now = visitor.now();
    let read = async {
        let sessions = visitor.registry().exam_sessions().await.map_err(crate::door::trouble)?;
        let notices = visitor.registry().notices().await.map_err(crate::door::trouble)?;
        let own = if visitor.candidate().is_ok() { exams(&visitor).await?.applications } else { Vec::new() };
        Ok::<_, AppError>((sessions, notices, own, recent_of(&visitor).await?))
    };
    let (sessions, notices, own, names) = match read.await {
        Ok(read) => read,
        Err(error) => return trouble(&visitor, &error),
    };
    let session = sessions.iter().find(|s| s.is_open(now)).or(sessions.first()).map(|s| exam_data(lang, s, now));
    let known = visitor.candidate().is_ok();
    plain(&visitor, text::home_title(lang), "home", || {
        view! {
            <section class="hero">
                <h1>{text::home_title(lang)}</h1>
                <p class="lead">{text::home_lead(lang)}</p>
                {session.map(|exam| view! {
                    <div class="window">
                        <p class="over">{exam.name}</p>
                        <p class="window-state">{if exam.open { text::home_open(lang) } else { text::home_closed(lang) }}</p>
                        <dl class="facts">
                            <div class="fact"><dt>{text::home_online(lang)}</dt><dd>{text::home_from_to(lang, exam.opens, exam.closes)}</dd></div>
                            <div class="fact"><dt>{text::home_review(lang)}</dt><dd>{text::home_from_to(lang, exam.review.0, exam.review.1)}</dd></div>
                        </dl>
                    </div>
                })}
                <p class="row">
                    {if known {
                        view! { <a class="button primary" href=routes::EXAMS data-app="">{text::home_mine(lang)}</a> }.into_any()
                    } else {
                        view! {
                            <a class="button primary" href=routes::REGISTER data-app="">{text::home_start(lang)}</a>
                            <a class="button" href=routes::LOGIN>{text::frame_login(lang)}</a>
                        }.into_any()
                    }}
                </p>
            </section>
            {(!own.is_empty()).then(|| view! {
                <section><h2>{text::exams_yours(lang)}</h2>
                <ul class="cards">{own.into_iter().map(|application| view! { <ApplicationCard application /> }).collect_view()}</ul></section>
            })}
            {(!names.is_empty()).then(|| view! {
                <section>
                    <div class="title-row"><h2>{text::naming_yours(lang)}</h2><a href=routes::NAMES>{text::naming_all(lang)}</a></div>
                    <ul class="cards">{names.into_iter().map(|request| card(lang, request, false)).collect_view()}</ul>
                </section>
            })}
            <section>
                <h2>{text::home_notices(lang)}</h2>
                {notices.is_empty().then(|| view! { <p class="empty">{text::home_no_notices(lang)}</p> })}
                <ul class="notices">
                    {notices.iter().map(|notice| view! {
                        <li><a href=routes::notice(notice.id)>{lang.of(&notice.title_zh, &notice.title_en).to_owned()}</a>
                        <time>{notice.published.date().to_string()}</time></li>
                    }).collect_view()}
                </ul>
            </section>
            <section>
                <h2>{text::home_how(lang)}</h2>
                <ol class="how">
                    {[text::home_step1(lang), text::home_step2(lang), text::home_step3(lang), text::home_step4(lang), text::home_step5(lang)]
                        .into_iter().map(|s| view! { <li>{s}</li> }).collect_view()}
                </ol>
            </section>
        }
    })
}

/// One notice.
pub async fn notice(visitor: Visitor, request: Request) -> Response {
    let lang: Lang = visitor.lang;
    let id = request.uri().path().rsplit('/').next().and_then(NoticeId::parse);
    let found = match id {
        Some(id) => visitor.registry().notice(id).await.map_err(crate::door::trouble),
        None => Err(AppError::NotFound),
    };
    let notice = match found {
        Ok(notice) => notice,
        Err(error) => return trouble(&visitor, &error),
    };
    let title = lang.of(&notice.title_zh, &notice.title_en).to_owned();
    plain(&visitor, &title, "home", || {
        view! {
            <article class="sheet reading">
                <h1>{title.clone()}</h1>
                <p class="note">{notice.published.date().to_string()}</p>
                {lang.of(&notice.body_zh, &notice.body_en).split("\n\n").map(|p| view! { <p>{p.to_owned()}</p> }).collect_view()}
                <p><a class="button" href=routes::HOME>{text::error_home(lang)}</a></p>
            </article>
        }
    })
}
