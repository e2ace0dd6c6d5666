//! The own password of somebody of the staff, to be changed.
use crate::{
    components::{ErrorSummary, Form, PageField, TextField},
    error::AppError,
    http::cookies,
    i18n,
    request::{PlainPage, Reply, RequestContext},
    routes::{Page, PageKind},
};
use axum::extract::Request;
use forms::{
    Draft, Field, Problem,
    account::{PasswordDraft, staff_password_rule},
};
use leptos::prelude::*;
use registry::LoginError;

/// The parameter by which the page is told that the password was changed just now.
const DONE: &str = "done";

fn page(context: &RequestContext, is_done: bool, problems: Vec<Problem>) -> PlainPage {
    let lang = context.lang;
    let refused = !problems.is_empty();
    let hint = i18n::password_rule(lang, staff_password_rule());
    let body = move || {
        let form = Form::posted(PasswordDraft::default().pairs().into_iter().collect(), problems).without_hints();
        form.set_label(Field::Password, i18n::security_new_password(lang));
        view! {
            <section class="narrow">
                <h1>{i18n::security_password(lang)}</h1>
                {is_done.then(|| view! { <p class="done" role="status">{i18n::security_password_changed(lang)}</p> })}
                <ErrorSummary form />
                <form method="post" action=Page::StaffPassword.path() class="sheet" novalidate>
                    <PageField />
                    <p class="note">{i18n::security_staff_note(lang)}</p>
                    <TextField form field=Field::CurrentPassword kind="password" autocomplete="current-password" />
                    <TextField form field=Field::Password kind="password" autocomplete="new-password" hint />
                    <TextField form field=Field::PasswordAgain kind="password" autocomplete="new-password" />
                    <div class="actions">
                        <button class="primary">{i18n::security_submit(lang)}</button>
                        <a href=Page::Queue.path() data-app="">{i18n::security_staff_back(lang)}</a>
                    </div>
                </form>
            </section>
        }
    };
    PlainPage::new(PageKind::StaffPassword, body).refused(refused)
}

/// `GET`: the page.
pub(super) async fn show(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let is_done = request.uri().query().is_some_and(|query| query.contains(DONE));
    Ok(page(&context, is_done, Vec::new()).into())
}

/// Changes the password. Every other log-in of the account ends; this browser goes on with a new one.
pub(super) async fn submit(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let form = context.read_form(request).await?;
    let officer = context.officer()?;
    let draft = PasswordDraft::from_pairs(form.pairs());
    let refused = match draft.check(officer.username()) {
        Err(problems) => problems,
        Ok(change) => match officer.change_password(&change).await {
            Ok(token) => {
                context.set_cookie(cookies::staff(context.state.secure), token.expose(), None);
                return Ok(Reply::SeeOther(Page::StaffPassword.with_query(&[(DONE, "yes".to_owned())])));
            }
            Err(LoginError::Refused(code)) => vec![Problem { field: Field::CurrentPassword, code: code.into() }],
            Err(LoginError::Registry(error)) => return Err(error.into()),
        },
    };
    Ok(page(&context, false, refused).into())
}
