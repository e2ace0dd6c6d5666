//! 安全设置: the password and the recovery question of an account (S8).
use super::{
    inputs::{Input, summary},
    plain,
};
use crate::{door::Visitor, routes, text};
use axum::{extract::Request, response::Response};
use forms::{Field, Problem};
use leptos::prelude::*;

/// The page as it is come to.
pub async fn security(visitor: Visitor, request: Request) -> Response {
    let done = request.uri().query().and_then(|query| query.strip_prefix("done=")).unwrap_or_default();
    security_page(&visitor, done, "", &[])
}

/// The page. `done` says what was changed a moment ago; passwords and answers are never shown again.
pub fn security_page(visitor: &Visitor, done: &str, question: &str, problems: &[Problem]) -> Response {
    let lang = visitor.lang;
    let label = |field: Field| match field {
        Field::Password => text::security_new_password(lang),
        field => text::label(lang, field),
    };
    let said = match done {
        "password" => Some(text::security_password_changed(lang)),
        "recovery" => Some(text::security_recovery_changed(lang)),
        _ => None,
    };
    let hint = visitor.basis().ok().map(|basis| text::password_rule(lang, &basis.context().rules.password));
    plain(visitor, text::security_title(lang), "profile", || {
        let input = |input: Input| input.draw(lang, problems, label);
        let secret = |field: Field| Input { required: false, ..Input::new(field, "password", "new-password") };
        view! {
            <section class="narrow">
                <h1>{text::security_title(lang)}</h1>
                {said.map(|said| view! { <p class="done" role="status">{said}</p> })}
                {summary(lang, problems, label)}
                <form method="post" action=routes::SECURITY class="sheet" novalidate>
                    {input(Input::new(Field::CurrentPassword, "password", "current-password"))}
                    <fieldset>
                        <legend>{text::security_password(lang)}</legend>
                        <p class="note">{text::security_password_note(lang)}</p>
                        {input(Input { hint, ..secret(Field::Password) })}
                        {input(secret(Field::PasswordAgain))}
                    </fieldset>
                    <fieldset>
                        <legend>{text::security_recovery(lang)}</legend>
                        <p class="note">{text::security_recovery_note(lang)}</p>
                        {input(Input {
                            value: question.to_owned(), required: false, ..Input::new(Field::RecoveryQuestion, "text", "off")
                        })}
                        {input(Input { autocomplete: "off", ..secret(Field::RecoveryAnswer) })}
                    </fieldset>
                    <div class="actions">
                        <button class="primary">{text::security_submit(lang)}</button>
                        <a href=routes::profile("basic") data-app="">{text::security_back(lang)}</a>
                    </div>
                </form>
            </section>
        }
    })
}
