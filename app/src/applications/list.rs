//! All applications ever begun, with what comes next for each.
use super::{
    api::load_exams,
    data::{ApplicationData, DISCARDED_PARAMETER, ExamData, ExamsData},
};
use crate::{
    browser::query_value,
    components::{Deadline, dated, loaded},
    i18n,
    lang::lang,
    routes::Page,
};
use forms::{
    choice::Choice,
    status::{ApplicationStatus, Withdrawal},
};
use leptos::prelude::*;

/// The page of applications.
#[component]
pub fn ExamsPage() -> impl IntoView {
    view! {
        <h1>{i18n::exams_title(lang())}</h1>
        {loaded(load_exams, |data| view! { <Exams data /> })}
    }
}

#[component]
fn Exams(data: ExamsData) -> impl IntoView {
    let lang = lang();
    let open = data.exams.iter().find(|(exam, _)| exam.open).map(|(exam, _)| exam.clone());
    let empty = data.applications.is_empty();
    let has_one = |exam: &ExamData| {
        let live = |own: &ApplicationData| own.status != ApplicationStatus::Draft && !own.status.is_ended();
        data.applications.iter().any(|own| own.session == exam.id && live(own))
    };
    let taken = open.as_ref().is_some_and(has_one);
    // The draft has the main button of the page.
    let has_draft = data.applications.iter().any(|own| own.status == ApplicationStatus::Draft && own.open);
    let start = if has_draft { "button" } else { "button primary" };
    let none = if open.is_some() { i18n::exams_none_open(lang) } else { i18n::exams_none(lang) };
    view! {
        {query_value(DISCARDED_PARAMETER).is_some().then(|| view! { <p class="note warning" role="status">{i18n::exams_discarded(lang)}</p> }.into_any())}
        <div class="columns">
            <section class="start sheet">
                <h2>{i18n::exams_start(lang)}</h2>
                {match open {
                    Some(exam) => view! {
                        <p>{exam.name}</p>
                        <Deadline sentence=dated(&i18n::wizard_closes(lang, exam.closes)) left=exam.left />
                        {if taken {
                            view! { <p>{i18n::exams_taken(lang)}</p> }.into_any()
                        } else {
                            view! { <p><a class=start href=Page::Catalogue.path()>{i18n::exams_start_button(lang)}</a></p> }.into_any()
                        }}
                    }.into_any(),
                    None => view! { <p class="empty">{i18n::catalogue_none(lang)}</p><p><a href=Page::Home.path() rel="external">{i18n::catalogue_home(lang)}</a></p> }.into_any(),
                }}
            </section>
            <section>
                <h2>{i18n::exams_yours(lang)}</h2>
                {empty.then(|| view! { <p class="empty">{none}</p> }.into_any())}
                <ul class="cards">{data.applications.into_iter().map(|application| view! { <ApplicationCard application /> }.into_any()).collect_view()}</ul>
            </section>
        </div>
    }
}

/// One application: what it is, where it stands, what can be done.
#[component]
pub fn ApplicationCard(
    application: ApplicationData,
    /// Whether this is the application's own page, where a link to it would lead nowhere.
    #[prop(optional)]
    here: bool,
    /// Whether the page leads to the notice before, so that this is not its main button.
    #[prop(optional)]
    confirmed: bool,
) -> impl IntoView {
    let lang = lang();
    let a = application;
    let next = match (a.status, a.open) {
        (ApplicationStatus::Draft, true) => i18n::exams_next_draft(lang, a.closes.clone()),
        (ApplicationStatus::Draft, false) => i18n::exams_next_late(lang).to_owned(),
        // Its own page says it.
        (ApplicationStatus::Submitted, _) if !a.on_site => String::new(),
        (ApplicationStatus::Submitted, _) => i18n::exams_next_submitted(lang).to_owned(),
        (ApplicationStatus::Returned, _) => i18n::exams_next_returned(lang, a.review_until.clone()),
        (ApplicationStatus::Abandoned, _) if a.may_begin => i18n::exams_next_abandoned_open(lang, a.closes.clone()),
        // Its own page says it at length.
        _ if here => String::new(),
        (ApplicationStatus::Abandoned, _) => i18n::exams_next_abandoned(lang).to_owned(),
        (ApplicationStatus::Superseded, _) => i18n::exams_next_superseded(lang).to_owned(),
        (ApplicationStatus::Rejected, _) => i18n::exams_next_rejected(lang).to_owned(),
        _ => i18n::exams_next_follow(lang).to_owned(),
    };
    let is_next = !confirmed && a.status == ApplicationStatus::Submitted;
    let submitted = a.submitted.clone().map(|when| i18n::exams_submitted(lang, when));
    view! {
        <li class="card application">
            <div>
                <p class="over">{a.exam}</p>
                <p class="card-title">{a.category}</p>
                <p class="marks"><span class=format!("status {}", a.status.code())>{i18n::choice(lang, a.status)}</span></p>
                <p class="card-facts">
                    {a.serial.map(|serial| view! { <span>{i18n::exams_serial(lang)}" "<b class="serial">{serial}</b></span> }.into_any())}
                    {a.site.map(|site| view! { <span>{site}</span> }.into_any())}
                    <span>{dated(&submitted.unwrap_or_else(|| i18n::exams_saved(lang, a.updated)))}</span>
                </p>
                {if a.status == ApplicationStatus::Draft && a.open {
                    view! { <Deadline sentence=dated(&next) left=a.left /> }.into_any()
                } else {
                    view! { <p class="note">{dated(&next)}</p> }.into_any()
                }}
                {a.notes.into_iter().map(|note| view! { <p class="note warning">{dated(&note)}</p> }.into_any()).collect_view()}
            </div>
            <div class="card-actions">
                {(a.status == ApplicationStatus::Draft && a.open).then(|| view! {
                    <a class="button primary" href=Page::Application(a.id).path() rel="external">{i18n::exams_continue(lang)}</a>
                }.into_any())}
                {(a.status != ApplicationStatus::Draft && !here).then(|| {
                    // What was returned is mended before anything is printed.
                    let (class, label) = match a.status {
                        ApplicationStatus::Returned => ("button primary", i18n::exams_mend(lang)),
                        _ => ("button", i18n::exams_open(lang)),
                    };
                    view! { <a class=class href=Page::Application(a.id).path() rel="external">{label}</a> }.into_any()
                })}
                {a.may_begin.then(|| view! {
                    <a class="button" href=Page::Catalogue.path() rel="external">{i18n::exams_again(lang)}</a>
                }.into_any())}
                {a.status.is_printable().then(|| view! {
                    <a class="button" href=Page::Form(a.id).path() rel="external">{i18n::exams_print_form(lang)}</a>
                    <a class=if is_next { "button primary" } else { "button" } href=Page::Slip(a.id).path() rel="external">{i18n::exams_print(lang)}</a>
                }.into_any())}
                {(a.withdrawal == Some(Withdrawal::Allowed)).then(|| view! {
                    <a class="button quiet" href=Page::Reapply(a.id).path() rel="external">{i18n::exams_reapply(lang)}</a>
                    <a class="button quiet" href=Page::Withdraw(a.id).path() rel="external">{i18n::exams_withdraw(lang)}</a>
                }.into_any())}
            </div>
        </li>
    }
}
