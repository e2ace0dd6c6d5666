//! 安全设置: the password and the recovery question of an account (S8).
use crate::{
    components::{ErrorSummary, Form, PageField, TextField},
    i18n,
    request::{PlainPage, RequestContext},
    routes::{Page, PageKind, ProfileGroup},
};
use forms::{Draft, Field, Problem, account::SecurityDraft};
use leptos::prelude::*;

/// The page. `done` names what was changed a moment ago; passwords and answers are never shown again.
pub(super) fn security_page(
    context: &RequestContext,
    done: &str,
    draft: SecurityDraft,
    problems: Vec<Problem>,
) -> PlainPage {
    let lang = context.lang;
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
            </section>
        }
    };
    PlainPage::new(PageKind::Security, body).refused(refused)
}
