//! 安全设置: the password and the recovery question of an account (S8).
use crate::{
    components::static_field::{Input, summary},
    i18n,
    request::{PlainPage, RequestContext},
    routes::{Page, PageKind, ProfileGroup},
};
use forms::{Field, Problem, account::SecurityDraft};
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
        let label = |field: Field| match field {
            Field::Password => i18n::security_new_password(lang),
            field => i18n::label(lang, field),
        };
        let input = |input: Input| input.draw(lang, &problems, label);
        let secret = |field: Field| Input { required: false, ..Input::new(field, "password", "new-password") };
        view! {
            <section class="narrow">
                <h1>{i18n::security_title(lang)}</h1>
                {status_message.map(|message| view! { <p class="done" role="status">{message}</p> })}
                {summary(lang, &problems, label)}
                <form method="post" action=Page::Security.path() class="sheet" novalidate>
                    {input(Input::new(Field::CurrentPassword, "password", "current-password"))}
                    <fieldset>
                        <legend>{i18n::security_password(lang)}</legend>
                        <p class="note">{i18n::security_password_note(lang)}</p>
                        {input(Input { hint: Some(hint.clone()), ..secret(Field::Password) })}
                        {input(secret(Field::PasswordAgain))}
                    </fieldset>
                    <fieldset>
                        <legend>{i18n::security_recovery(lang)}</legend>
                        <p class="note">{i18n::security_recovery_note(lang)}</p>
                        {input(Input {
                            value: draft.recovery_question.clone(), required: false, ..Input::new(Field::RecoveryQuestion, "text", "off")
                        })}
                        {input(Input { autocomplete: "off", ..secret(Field::RecoveryAnswer) })}
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
