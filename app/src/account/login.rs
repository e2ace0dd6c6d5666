//! The log-in pages of candidates and of staff.
use crate::{
    components::{ErrorSummary, Form, TextField},
    i18n,
    lang::lang,
    request::PlainPage,
    routes::{Page, PageKind},
};
use forms::{Draft, Field, Problem, account::LoginDraft};
use leptos::prelude::*;

/// Whose log-in it is.
#[derive(Clone, Copy)]
pub(super) enum LoginKind {
    /// `registered` says that the account has just been created.
    Candidate {
        registered: bool,
    },
    Staff,
}

/// The page with what was typed, except the password. `next` is the path that a log-in leads to.
pub(super) fn login_page(
    kind: LoginKind,
    draft: LoginDraft,
    next: Option<String>,
    problems: Vec<Problem>,
) -> PlainPage {
    let page = match kind {
        LoginKind::Candidate { .. } => PageKind::Login,
        LoginKind::Staff => PageKind::StaffLogin,
    };
    let refused = !problems.is_empty();
    let body = move || {
        let lang = lang();
        let form = Form::posted(draft.pairs().into_iter().collect(), problems).without_advice();
        let (title, help) = match kind {
            LoginKind::Candidate { .. } => (i18n::login_title(lang), i18n::login_help(lang)),
            LoginKind::Staff => (i18n::login_staff_title(lang), i18n::login_staff_help(lang)),
        };
        let candidates = matches!(kind, LoginKind::Candidate { .. });
        let registered = matches!(kind, LoginKind::Candidate { registered: true });
        let needed = candidates && next.is_some() && !refused;
        view! {
            <section class="narrow">
                <h1>{title}</h1>
                {registered.then(|| view! { <p class="done" role="status">{i18n::login_registered(lang)}</p> })}
                {needed.then(|| view! { <p class="note" role="status">{i18n::login_needed(lang)}</p> })}
                <ErrorSummary form />
                <form method="post" action=page.pattern() class="sheet" novalidate>
                    {next.clone().map(|next| view! { <input type="hidden" name="next" value=next /> })}
                    <TextField form field=Field::Username autocomplete="username" />
                    <TextField form field=Field::Password kind="password" autocomplete="current-password" />
                    <div class="actions">
                        <button class="primary">{i18n::login_submit(lang)}</button>
                        {candidates.then(|| view! { <a href=Page::Register.path() data-app="">{i18n::login_no_account(lang)}</a> })}
                    </div>
                    <p class="note">{help}</p>
                </form>
            </section>
        }
    };
    PlainPage::new(page, body).refused(refused)
}
