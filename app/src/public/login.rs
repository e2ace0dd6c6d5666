//! The log-in page.
use super::plain;
use crate::{
    door::Visitor,
    markup::{Pieces, view},
    routes, text,
};
use axum::{extract::Request, response::Response};
use forms::{Field, Problem};

/// The log-in page.
pub async fn login(visitor: Visitor, request: Request) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let next = query.split('&').find_map(|pair| pair.strip_prefix("next="));
    login_page(&visitor, "", next, query.split('&').any(|pair| pair == "registered"), &[])
}

/// The page with what was typed; the password never is.
pub fn login_page(
    visitor: &Visitor,
    username: &str,
    next: Option<&str>,
    registered: bool,
    problems: &[Problem],
) -> Response {
    let lang = visitor.lang;
    let said = |field: Field| problems.iter().find(|p| p.field == field).map(|p| text::problem(lang, p.code));
    let (name_said, password_said) = (said(Field::Username), said(Field::Password));
    plain(visitor, text::login_title(lang), "login", || {
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
                <h1>{text::login_title(lang)}</h1>
                {registered.then(|| view! { <p class="done" role="status">{text::login_registered(lang)}</p> })}
                {(next.is_some() && problems.is_empty()).then(|| view! { <p class="note" role="status">{text::login_needed(lang)}</p> })}
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
                <form method="post" action=routes::LOGIN class="sheet" novalidate>
                    {next.map(|next| view! { <input type="hidden" name="next" value=next.to_owned() /> })}
                    {field(Field::Username, "text", "username", username.to_owned(), name_said)}
                    {field(Field::Password, "password", "current-password", String::new(), password_said)}
                    <div class="actions">
                        <button class="primary">{text::login_submit(lang)}</button>
                        <a href=routes::REGISTER data-app="">{text::login_no_account(lang)}</a>
                    </div>
                    <p class="note">{text::login_help(lang)}</p>
                </form>
            </section>
        }
    })
}
