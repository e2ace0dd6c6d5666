//! The log-in pages of candidates and of staff.
use crate::{
    components::{ErrorSummary, Form, HelpLinks, TextField, help::help_links, places::ContactsLink},
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
    Candidate(LoginNote),
    Staff,
}

/// What the log-in page of candidates says first.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum LoginNote {
    /// The account has just been created.
    Registered,
    /// The password has just been recovered.
    Recovered,
    /// What was posted when the session had ended is kept.
    Kept,
    /// The page that leads here needs a log-in, if there is one.
    Needed,
}

/// The page with what was typed, except the password. `next` is the path that a log-in leads to.
pub(super) fn login_page(
    kind: LoginKind,
    draft: LoginDraft,
    next: Option<String>,
    problems: Vec<Problem>,
) -> PlainPage {
    let page = match kind {
        LoginKind::Candidate(_) => PageKind::Login,
        LoginKind::Staff => PageKind::StaffLogin,
    };
    let refused = !problems.is_empty();
    let named = !draft.username.is_empty();
    let body = move || {
        let lang = lang();
        let form = Form::posted(draft.pairs().into_iter().collect(), problems).without_hints();
        let (title, help) = match kind {
            LoginKind::Candidate(_) => (i18n::login_title(lang), i18n::login_help(lang)),
            LoginKind::Staff => (i18n::login_staff_title(lang), i18n::login_staff_help(lang)),
        };
        let candidates = matches!(kind, LoginKind::Candidate(_));
        let note = match kind {
            LoginKind::Candidate(LoginNote::Registered) => Some(("done", i18n::login_registered(lang))),
            LoginKind::Candidate(LoginNote::Recovered) => Some(("done", i18n::login_recovered(lang))),
            LoginKind::Candidate(LoginNote::Kept) => Some(("done", i18n::login_kept(lang))),
            LoginKind::Candidate(LoginNote::Needed) if next.is_some() => Some(("note", i18n::login_needed(lang))),
            _ => None,
        };
        view! {
            <h1>{title}</h1>
            <div class="split"><div>
                {note.filter(|_| !refused).map(|(class, text)| view! { <p class=class role="status">{text}</p> })}
                <ErrorSummary form />
                <form method="post" action=page.pattern() class="sheet" novalidate>
                    {next.clone().map(|next| view! { <input type="hidden" name="next" value=next /> })}
                    <TextField form field=Field::Username autocomplete="username" />
                    <TextField form field=Field::Password kind="password" autocomplete="current-password" autofocus={!refused && named} />
                    <div class="actions">
                        <button class="primary">{i18n::login_submit(lang)}</button>
                        {candidates.then(|| view! { <a href=Page::Register.path() data-app="">{i18n::login_no_account(lang)}</a> })}
                    </div>
                    <p class="note">{help}{candidates.then(|| view! { " "<ContactsLink /> })}</p>
                </form>
                {candidates.then(|| view! { <p><a href=Page::Recover.path()>{i18n::recover_title(lang)}</a></p> })}
            </div>
            {candidates.then(|| view! { <HelpLinks links=help_links(lang, &["password", "registered", "online-first"]) /> })}
            </div>
        }
    };
    PlainPage::new(page, body).refused(refused)
}
