//! The log-in page.
use super::plain;
use crate::{
    door::Visitor,
    lang::Lang,
    markup::{Pieces, view},
    routes, text,
};
use axum::{extract::Request, response::Response};
use forms::{Field, Problem};

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
    let said = |field: Field| problems.iter().find(|p| p.field == field).map(|p| text::problem(lang, p.code));
    let (name_said, password_said) = (said(Field::Username), said(Field::Password));
    plain(visitor, (door.title)(lang), "login", || {
        let field = |field: Field,
                     kind: &'static str,
                     autocomplete: &'static str,
                     value: String,
                     wrong: Option<String>| {
            let name = field.name();
            let is_wrong = wrong.is_some();
            view! {
                <div class=if is_wrong { "field wrong" } else { "field" }>
                    <label for=format!("f-{name}")>{text::label(lang, field)}</label>
                    <input id=format!("f-{name}") name=name type=kind value=value autocomplete=autocomplete autocapitalize="off" spellcheck="false"
                        aria-describedby=format!("e-{name}") aria-required="true" aria-invalid=is_wrong.then_some("true") />
                    <p class="error" id=format!("e-{name}")>{wrong.map(|s| view! { <span class="say-wrong">{s}</span> })}</p>
                </div>
            }
        };
        view! {
            <section class="narrow">
                <h1>{(door.title)(lang)}</h1>
                {registered.then(|| view! { <p class="done" role="status">{text::login_registered(lang)}</p> })}
                {(next.is_some() && problems.is_empty() && door.registers).then(|| view! { <p class="note" role="status">{text::login_needed(lang)}</p> })}
                {(!problems.is_empty()).then(|| view! {
                    <div class="summary" role="alert" tabindex="-1" autofocus="">
                        <h2>{text::form_summary_title(lang)}</h2>
                        <ul>{problems.iter().map(|p| view! {
                            <li><a href=format!("#f-{}", p.field.name())>
                                {text::form_named(lang, text::label(lang, p.field), text::problem(lang, p.code))}
                            </a></li>
                        }).pieces()}</ul>
                    </div>
                })}
                <form method="post" action=door.action class="sheet" novalidate>
                    {next.map(|next| view! { <input type="hidden" name="next" value=next.to_owned() /> })}
                    {field(Field::Username, "text", "username", username.to_owned(), name_said)}
                    {field(Field::Password, "password", "current-password", String::new(), password_said)}
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
