//! The log-in page.
use super::{
    inputs::{Input, summary},
    plain,
};
use crate::{door::Visitor, lang::Lang, routes, text};
use axum::{extract::Request, response::Response};
use forms::{Field, Problem};
use leptos::prelude::*;

/// One of the two ways in.
pub struct Door {
    /// Where its form goes.
    action: &'static str,
    /// Its title.
    title: fn(Lang) -> &'static str,
    /// What to do when one cannot get in.
    help: fn(Lang) -> &'static str,
    /// Whether an account can be made here.
    registers: bool,
}
/// The way in for candidates.
pub const CANDIDATES: Door =
    Door { action: routes::LOGIN, title: text::login_title, help: text::login_help, registers: true };
/// The way in for the staff.
pub const STAFF: Door =
    Door { action: routes::DESK_LOGIN, title: text::login_staff_title, help: text::login_staff_help, registers: false };

/// The log-in page of the staff.
pub async fn staff_login(visitor: Visitor, request: Request) -> Response {
    let next = request.uri().query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("next="));
    login_page(&visitor, &STAFF, "", next, false, &[])
}

/// The log-in page.
pub async fn login(visitor: Visitor, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let next = query.split('&').find_map(|pair| pair.strip_prefix("next="));
    login_page(&visitor, &CANDIDATES, "", next, query.split('&').any(|pair| pair == "registered"), &[])
}

/// The page with what was typed; the password never is.
pub fn login_page(
    visitor: &Visitor,
    door: &Door,
    username: &str,
    next: Option<&str>,
    registered: bool,
    problems: &[Problem],
) -> Response {
    let lang = visitor.lang;
    let label = |field: Field| text::label(lang, field);
    plain(visitor, (door.title)(lang), "login", || {
        view! {
            <section class="narrow">
                <h1>{(door.title)(lang)}</h1>
                {registered.then(|| view! { <p class="done" role="status">{text::login_registered(lang)}</p> })}
                {(next.is_some() && problems.is_empty() && door.registers).then(|| view! { <p class="note" role="status">{text::login_needed(lang)}</p> })}
                {summary(lang, problems, label)}
                <form method="post" action=door.action class="sheet" novalidate>
                    {next.map(|next| view! { <input type="hidden" name="next" value=next.to_owned() /> })}
                    {Input { value: username.to_owned(), ..Input::new(Field::Username, "text", "username") }.draw(lang, problems, label)}
                    {Input::new(Field::Password, "password", "current-password").draw(lang, problems, label)}
                    <div class="actions">
                        <button class="primary">{text::login_submit(lang)}</button>
                        {door.registers.then(|| view! { <a href=routes::REGISTER data-app="">{text::login_no_account(lang)}</a> })}
                    </div>
                    <p class="note">{(door.help)(lang)}</p>
                </form>
            </section>
        }
    })
}
