//! The log-in pages of candidates and of staff.
use crate::{
    components::static_field::{Input, summary},
    i18n,
    lang::lang,
    request::PlainPage,
    routes::{Page, PageKind},
};
use forms::{Field, Problem, account::LoginDraft};
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
        let label = |field: Field| i18n::label(lang, field);
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
                {summary(lang, &problems, label)}
                <form method="post" action=page.pattern() class="sheet" novalidate>
                    {next.clone().map(|next| view! { <input type="hidden" name="next" value=next /> })}
                    {Input { value: draft.username.clone(), ..Input::new(Field::Username, "text", "username") }.draw(lang, &problems, label)}
                    {Input::new(Field::Password, "password", "current-password").draw(lang, &problems, label)}
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
