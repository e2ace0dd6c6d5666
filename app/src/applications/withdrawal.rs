//! Withdrawing a submitted application, or applying again in its place: each asks first, and says what will happen and until
//! when (S52, S53). Who may do neither is told whom to ask.
use super::{
    actions::exam_data,
    data::WITHDRAWN_PARAMETER,
    summary::{CodeLabels, category_name},
};
use crate::{
    components::{
        PageField, Summary, dated,
        places::{ContactsLink, telephones},
    },
    error::AppError,
    i18n,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Page, PageKind},
};
use axum::extract::Request;
use forms::{
    Code, category::Category, ids::ApplicationId, journey::Step, status::ApplicationStatus, status::Withdrawal,
};
use leptos::prelude::*;
use registry::{ApplicationView, Moment, SubmitError};

/// Which of the two is asked about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WithdrawalChoice {
    Withdraw,
    Reapply,
}

fn choice_of(page: &Page) -> Result<(WithdrawalChoice, ApplicationId), AppError> {
    match page {
        Page::Withdraw(id) => Ok((WithdrawalChoice::Withdraw, *id)),
        Page::Reapply(id) => Ok((WithdrawalChoice::Reapply, *id)),
        _ => Err(AppError::NotFound),
    }
}

/// The page that asks.
pub(super) async fn show(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let (choice, id) = choice_of(&page_of(&request)?)?;
    question(&context, choice, id, None).await
}

/// Withdraws the application.
pub(super) async fn submit_withdrawal(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let (choice, id) = choice_of(&page_of(&request)?)?;
    context.read_form(request).await?;
    match context.candidate()?.withdraw(id).await {
        Ok(()) => Ok(Reply::SeeOther(Page::Application(id).with_query(&[(WITHDRAWN_PARAMETER, String::new())]))),
        Err(error) => refused(&context, choice, id, error).await,
    }
}

/// Begins the draft that is to replace the application.
pub(super) async fn submit_reapplication(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let (choice, id) = choice_of(&page_of(&request)?)?;
    context.read_form(request).await?;
    match context.candidate()?.reapply(id).await {
        Ok(draft) => Ok(Reply::see(&Page::Step(draft, Step::Category))),
        Err(error) => refused(&context, choice, id, error).await,
    }
}

async fn refused(
    context: &RequestContext,
    choice: WithdrawalChoice,
    id: ApplicationId,
    error: SubmitError,
) -> Result<Reply, AppError> {
    match error {
        SubmitError::Problems(problems) => {
            question(context, choice, id, problems.first().map(|(_, problem)| problem.code)).await
        }
        SubmitError::Registry(error) => Err(error.into()),
    }
}

/// What the page says of an application: category, serial, site.
fn application_summary(labels: &CodeLabels<'_>, view: &ApplicationView) -> Vec<String> {
    let lang = labels.lang;
    let known = Category::parse(&view.row.category).ok().and_then(|code| category_name(lang, &view.categories, code));
    let category = known.unwrap_or(&view.row.category);
    let serial = view.row.serial.as_deref().map(|serial| format!("{} {serial}", i18n::exams_serial(lang)));
    let site = view.row.site.as_deref().map(|site| labels.site(site));
    [Some(category.to_owned()), serial, site].into_iter().flatten().collect()
}

async fn question(
    context: &RequestContext,
    choice: WithdrawalChoice,
    id: ApplicationId,
    code: Option<Code>,
) -> Result<Reply, AppError> {
    let (lang, now) = (context.lang, context.now());
    let view = context.candidate()?.application(id).await?;
    // A draft is discarded in the wizard, and about what has ended there is nothing to ask.
    let Some(withdrawal) = view.row.status.withdrawal(view.exam.is_open(now)) else {
        return Ok(Reply::see(&Page::Application(id)));
    };
    let (areas, sites) = (view.areas.clone(), view.sites.clone());
    let labels = CodeLabels { lang, areas: &areas, sites: &sites };
    let closes = exam_data(lang, &view.exam, now).closes;
    let (kind, title, lead, effect, button, back) = match choice {
        WithdrawalChoice::Withdraw => (
            PageKind::Withdraw,
            i18n::withdrawal_withdraw_title(lang),
            i18n::withdrawal_withdraw_lead(lang),
            i18n::withdrawal_withdraw_effect(lang, closes),
            i18n::withdrawal_withdraw_button(lang),
            i18n::withdrawal_withdraw_back(lang),
        ),
        WithdrawalChoice::Reapply => (
            PageKind::Reapply,
            i18n::withdrawal_reapply_title(lang),
            i18n::withdrawal_reapply_lead(lang),
            i18n::withdrawal_reapply_effect(lang, closes),
            i18n::withdrawal_reapply_button(lang),
            i18n::withdrawal_reapply_back(lang),
        ),
    };
    let own = context.candidate()?.applications().await?;
    let draft = own
        .into_iter()
        .find(|row| row.status == ApplicationStatus::Draft && row.session == view.row.session)
        .filter(|_| choice == WithdrawalChoice::Withdraw)
        .map(|row| (row.id, i18n::withdrawal_draft(lang, exam_data(lang, &view.exam, now).closes)));
    let (summary, allowed) = (application_summary(&labels, &view), withdrawal == Withdrawal::Allowed);
    let instead = mistake(&labels, &view, now).filter(|_| !allowed);
    let refused = code.map(|code| i18n::problem(lang, code));
    let post = if choice == WithdrawalChoice::Withdraw { Page::Withdraw(id) } else { Page::Reapply(id) };
    let body = move || {
        let message = RwSignal::new(refused);
        view! {
            <section class="narrow">
                <h1>{title}</h1>
                <Summary message />
                <div class="sheet">
                    <p>{lead}</p>
                    <ul>{summary.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                    {allowed.then(|| effect.lines().map(|line| view! { <p>{dated(line)}</p> }).collect_view())}
                    {draft.filter(|_| allowed).map(|(draft, sentence)| view! {
                        <p class="note warning">{sentence}" "<a href=Page::Application(draft).path()>{i18n::exams_continue(lang)}</a></p>
                    })}
                    {instead.map(|sentence| view! { <p class="note warning">{sentence}" "<ContactsLink /></p> })}
                    {(allowed && choice == WithdrawalChoice::Withdraw).then(|| view! {
                        <p>{i18n::withdrawal_instead(lang)}" "<a href=Page::Reapply(id).path()>{i18n::withdrawal_reapply_title(lang)}</a></p>
                    })}
                    {if allowed {
                        view! {
                            <form method="post" action=post.path() class="actions">
                                <PageField />
                                <button class="primary">{button}</button>
                                <a class="button" href=Page::Application(id).path()>{back}</a>
                            </form>
                        }.into_any()
                    } else {
                        view! { <p><a class="button" href=Page::Application(id).path()>{i18n::slip_back(lang)}</a></p> }.into_any()
                    }}
                </div>
            </section>
        }
    };
    Ok(PlainPage::new(kind, body).refused(code.is_some()).into())
}

/// What to do about a wrong application that was submitted: until when, or whom to ask, with address and telephone (S106).
pub(super) fn mistake(labels: &CodeLabels<'_>, view: &ApplicationView, now: Moment) -> Option<String> {
    let lang = labels.lang;
    Some(match view.row.status.withdrawal(view.exam.is_open(now))? {
        Withdrawal::Allowed if view.row.status == ApplicationStatus::Returned => {
            i18n::withdrawal_returned_open(lang, exam_data(lang, &view.exam, now).closes)
        }
        Withdrawal::Allowed => i18n::withdrawal_allowed(lang, exam_data(lang, &view.exam, now).closes),
        Withdrawal::WindowClosed if view.row.status == ApplicationStatus::Returned => {
            i18n::withdrawal_returned(lang, office(labels, view))
        }
        Withdrawal::WindowClosed => i18n::withdrawal_closed(lang, office(labels, view)),
        Withdrawal::AskOffice => i18n::withdrawal_approved(lang, office(labels, view)),
    })
}

/// The site of an application, with its address and telephone where they are known, and that of its area else.
pub(super) fn office(labels: &CodeLabels<'_>, view: &ApplicationView) -> String {
    let lang = labels.lang;
    let code = view.row.site.as_deref().unwrap_or_default();
    let site = labels.sites.iter().find(|site| site.code == code);
    let area = site.and_then(|site| labels.areas.iter().find(|area| area.code == site.area));
    let mut known = vec![labels.site(code)];
    known.extend(site.map(|site| site.address.clone()).filter(|address| !address.is_empty()));
    known.extend(telephones(site, area));
    known.join(i18n::withdrawal_and(lang))
}
