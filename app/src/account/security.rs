//! 安全设置: the password and the recovery question of an account (S8).
use crate::{
    components::{ErrorSummary, Form, PageField, TextField},
    error::AppError,
    i18n,
    lang::Lang,
    request::{PlainPage, RequestContext},
    routes::{Page, PageKind, ProfileGroup},
};
use forms::{Draft, Field, Problem, account::SecurityDraft};
use leptos::prelude::*;
use registry::LoginEvent;

/// The page. `done` names what was changed a moment ago; passwords and answers are never shown again.
pub(super) async fn security_page(
    context: &RequestContext,
    done: &str,
    draft: SecurityDraft,
    problems: Vec<Problem>,
) -> Result<PlainPage, AppError> {
    let lang = context.lang;
    let events = context.candidate()?.login_events().await?;
    let status_message = match done {
        "password" => Some(i18n::security_password_changed(lang)),
        "recovery" => Some(i18n::security_recovery_changed(lang)),
        _ => None,
    };
    let hint = i18n::password_rule(lang, &context.rule_context().rules().password);
    let refused = !problems.is_empty();
    let body = move || {
        let form = Form::posted(draft.pairs().into_iter().collect(), problems).without_advice();
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
                <h2>{i18n::security_events(lang)}</h2>
                <p class="note">{i18n::security_events_note(lang)}</p>
                <ul>{events.into_iter().map(|(at, event)| view! {
                    <li>{i18n::moment_text(lang, at.date(), at.time())}" "{event_text(lang, event)}</li>
                }).collect_view()}</ul>
            </section>
        }
    };
    Ok(PlainPage::new(PageKind::Security, body).refused(refused))
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
    }
}
