//! 安全设置: the password and the recovery question of an account (S8), and where it is logged in.
use crate::{
    components::{ErrorSummary, Form, PageField, TextField, dated},
    error::AppError,
    i18n,
    lang::Lang,
    request::{PlainPage, RequestContext},
    routes::{Page, PageKind, ProfileGroup},
};
use forms::{Draft, Field, Problem, account::SecurityDraft};
use leptos::prelude::*;
use registry::{LoginEvent, Moment, OpenSession};

/// The name of the button that ends one session; its value is the session's id.
pub(super) const END_SESSION: &str = "end";
/// The name of the button that ends all sessions but this one.
pub(super) const END_OTHERS: &str = "end_others";

/// The page. `done` names what was changed a moment ago; passwords and answers are never shown again.
pub(super) async fn security_page(
    context: &RequestContext,
    done: &str,
    draft: SecurityDraft,
    problems: Vec<Problem>,
) -> Result<PlainPage, AppError> {
    let lang = context.lang;
    let candidate = context.candidate()?;
    let events = candidate.login_events().await?;
    let sessions = match context.token() {
        Some(current) => candidate.open_sessions(current).await?,
        None => Vec::new(),
    };
    let status_message = match done {
        "password" => Some(i18n::security_password_changed(lang)),
        "both" => Some(i18n::security_both_changed(lang)),
        "recovery" => Some(i18n::security_recovery_changed(lang)),
        "session" => Some(i18n::security_session_ended(lang)),
        "others" => Some(i18n::security_others_ended(lang)),
        _ => None,
    };
    let hint = i18n::password_rule(lang, &context.rule_context().rules().password);
    let refused = !problems.is_empty();
    let body = move || {
        let form = Form::posted(draft.pairs().into_iter().collect(), problems).without_hints();
        form.set_label(Field::Password, i18n::security_new_password(lang));
        view! {
            <section class="narrow">
                <h1>{i18n::security_title(lang)}</h1>
                {status_message.map(|message| view! { <p class="done" role="status">{message}</p> })}
                <ErrorSummary form />
                <form method="post" action=Page::Security.path() class="sheet" novalidate>
                    <PageField />
                    <TextField form field=Field::CurrentPassword kind="password" autocomplete="current-password" />
                    <fieldset>
                        <legend>{i18n::security_password(lang)}</legend>
                        <p class="note">{i18n::security_password_note(lang)}</p>
                        <TextField form field=Field::Password kind="password" autocomplete="new-password" required=false hint />
                        <TextField form field=Field::PasswordAgain kind="password" autocomplete="new-password" required=false />
                    </fieldset>
                    <fieldset>
                        <legend>{i18n::security_recovery(lang)}</legend>
                        <p class="note">{i18n::security_recovery_note(lang)}</p>
                        <TextField form field=Field::RecoveryQuestion required=false />
                        <TextField form field=Field::RecoveryAnswer kind="password" required=false />
                    </fieldset>
                    <div class="actions">
                        <button class="primary">{i18n::security_submit(lang)}</button>
                        <a href=Page::Profile(ProfileGroup::Basic).path() data-app="">{i18n::security_back(lang)}</a>
                    </div>
                </form>
                {session_list(lang, sessions)}
                <h2>{i18n::security_events(lang)}</h2>
                <p class="note">{i18n::security_events_note(lang)}</p>
                <ul>{events.into_iter().map(|(at, event)| view! {
                    <li><time>{i18n::moment_text(at.date(), at.time())}</time>" "{event_text(lang, event)}</li>
                }).collect_view()}</ul>
            </section>
        }
    };
    Ok(PlainPage::new(PageKind::Security, body).refused(refused))
}

/// The open sessions, each other one with a button that ends it.
fn session_list(lang: Lang, sessions: Vec<OpenSession>) -> impl IntoView {
    let has_others = sessions.iter().any(|session| !session.is_current);
    view! {
        <h2>{i18n::security_sessions(lang)}</h2>
        <p class="note">{i18n::security_sessions_note(lang)}</p>
        <form method="post" action=Page::Security.path() class="sessions">
            <PageField />
            <ul class="cards">{sessions.into_iter().map(|session| session_card(lang, session)).collect_view()}</ul>
            {has_others.then(|| view! {
                <p><button class="button" name=END_OTHERS value="yes">{i18n::security_end_others(lang)}</button></p>
            })}
        </form>
    }
}

fn session_card(lang: Lang, session: OpenSession) -> impl IntoView {
    let moment = |at: Moment| i18n::moment_text(at.date(), at.time());
    let browser = i18n::choice_code(lang, "browser", session.client.browser.code());
    let system = i18n::choice_code(lang, "system", session.client.system.code());
    let (begun, seen) = (moment(session.begun), moment(session.seen));
    let named = i18n::security_end_named(lang, browser, system, begun.clone());
    view! {
        <li class="card">
            <div>
                <p class="card-title">{i18n::security_device(lang, browser, system)}</p>
                {session.is_current.then(|| view! { <p class="marks"><span class="status submitted">{i18n::security_current(lang)}</span></p> })}
                <p class="card-facts">
                    <span>{dated(&i18n::security_begun(lang, begun))}</span>
                    <span>{dated(&i18n::security_seen(lang, seen))}</span>
                    {(!session.network.is_empty()).then(|| view! { <span>{i18n::security_network(lang, session.network)}</span> })}
                </p>
            </div>
            {(!session.is_current).then(|| view! {
                <div class="card-actions">
                    <button class="quiet" name=END_SESSION value=session.id.to_string() aria-label=named>{i18n::security_end(lang)}</button>
                </div>
            })}
        </li>
    }
}

fn event_text(lang: Lang, event: LoginEvent) -> &'static str {
    match event {
        LoginEvent::LoggedIn => i18n::security_logged_in(lang),
        LoginEvent::Failed => i18n::security_failed(lang),
        LoginEvent::Throttled => i18n::security_throttled(lang),
        LoginEvent::PasswordChanged => i18n::security_changed(lang),
        LoginEvent::Recovered => i18n::security_recovered(lang),
        LoginEvent::RecoveryFailed => i18n::security_recovery_failed(lang),
        LoginEvent::RecoveryThrottled => i18n::security_recovery_throttled(lang),
        LoginEvent::OthersEnded => i18n::security_ended(lang),
    }
}
