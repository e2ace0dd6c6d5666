//! 找回密码: a new password for whoever knows name, document and recovery answer (S9, X36).
use super::actions::RecoveryRefusal;
use crate::{
    components::{
        ErrorSummary, Form, HelpLinks, PageField, SelectField, TextField, help::help_links, places::ContactsLink,
    },
    i18n,
    request::{PlainPage, RequestContext},
    routes::{Page, PageKind},
};
use forms::{
    Draft, Field, Problem,
    account::RecoveryDraft,
    choice::{Choice, DocumentType},
};
use leptos::prelude::*;

/// The log-in page that says that the password is set.
pub(super) fn recovered_path() -> String {
    Page::Login.with_query(&[("recovered", String::new())])
}

/// The page with what was typed, except the answer and the passwords. A refusal stands at the top and beside no field: it says
/// of none that it is wrong.
pub(super) fn recover_page(
    context: &RequestContext,
    draft: RecoveryDraft,
    problems: Vec<Problem>,
    refusal: Option<RecoveryRefusal>,
) -> PlainPage {
    let lang = context.lang;
    let hint = i18n::password_rule(lang, &context.rule_context().rules().password);
    let refused = refusal.is_some() || !problems.is_empty();
    let sentence = refusal.map(|refusal| match refusal {
        RecoveryRefusal::Wrong => i18n::recover_refused(lang).to_owned(),
        RecoveryRefusal::TooOften => i18n::recover_throttled(lang).to_owned(),
    });
    let to_office = matches!(refusal, Some(RecoveryRefusal::Wrong));
    let body = move || {
        let form = Form::posted(draft.pairs().into_iter().collect(), problems).without_hints();
        form.set_label(Field::Password, i18n::recover_password(lang));
        view! {
            <h1>{i18n::recover_title(lang)}</h1>
            <p class="lead">{i18n::recover_lead(lang)}</p>
            <div class="split"><div>
                <ErrorSummary form extra=Signal::stored(sentence) />
                {to_office.then(|| view! { <p><ContactsLink /></p> })}
                <form method="post" action=Page::Recover.path() class="sheet" novalidate>
                    <PageField />
                    <fieldset>
                        <legend>{i18n::recover_person(lang)}</legend>
                        <TextField form field=Field::Name autocomplete="name" />
                        <SelectField form field=Field::DocumentType options=i18n::options(lang, DocumentType::ALL) />
                        <TextField form field=Field::DocumentNumber />
                        <TextField form field=Field::RecoveryAnswer kind="password" hint=i18n::recover_answer_note(lang).to_owned() />
                    </fieldset>
                    <fieldset>
                        <legend>{i18n::recover_password(lang)}</legend>
                        <p class="note">{i18n::recover_password_note(lang)}</p>
                        <TextField form field=Field::Password kind="password" autocomplete="new-password" hint />
                        <TextField form field=Field::PasswordAgain kind="password" autocomplete="new-password" />
                    </fieldset>
                    <div class="actions">
                        <button class="primary">{i18n::recover_submit(lang)}</button>
                        <a href=Page::Login.path()>{i18n::recover_back(lang)}</a>
                    </div>
                </form>
            </div>
            <HelpLinks links=help_links(lang, &["password", "registered"]) />
            </div>
        }
    };
    PlainPage::new(PageKind::Recover, body).refused(refused)
}
