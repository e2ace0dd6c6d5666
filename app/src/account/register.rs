//! The registration page (S2–S6, S12).
use super::api::{Registered, load_basis, register, username_is_free};
use crate::{
    components::{ErrorSummary, Form, SelectField, TextField},
    lang::lang,
    routes,
    spa::{leave_for, loaded},
    text,
    wire::{Basis, Outcome, Packed, Values, posted},
};
use forms::{
    Draft, Field, Problem,
    account::RegistrationDraft,
    choice::{Choice, DocumentType, EthnicGroup, Sex},
    problem::AccountProblem,
    value::{IdentityDocument, Username},
};
use leptos::{prelude::*, task::spawn_local};

fn draft(values: &Values) -> RegistrationDraft {
    RegistrationDraft::from_pairs(values.iter().map(|(field, text)| (field.name(), text)))
}

/// The registration page.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let outcome = crate::wire::outcome();
    loaded(load_basis, move |basis| view! { <RegisterForm basis outcome=outcome.clone() /> })
}

#[component]
fn RegisterForm(basis: Basis, outcome: Option<Outcome>) -> impl IntoView {
    let lang = lang();
    let rules = basis.rules();
    let masked = RwSignal::new(outcome.as_ref().and_then(|o| o.masked.clone()));
    let judged = basis.clone();
    let form = Form::new(Values::new(), false, outcome, RegistrationDraft::FIELDS, move |values| {
        draft(values).check(&judged.context()).err().unwrap_or_default()
    });
    let kind = Memo::new(move |_| DocumentType::parse(&form.get(Field::DocumentType)).ok());
    // Sex and day of birth that the number states are shown, not asked (S63, S64).
    let stated = Memo::new(move |_| {
        let document = IdentityDocument::parse(kind.get()?, &form.get(Field::DocumentNumber)).ok()?;
        document.stated().map(|(sex, birth)| (sex, birth.to_string()))
    });
    let asks_birth = move || kind.get().is_none_or(|kind| !kind.states_sex_and_birth());
    let busy = RwSignal::new(false);
    let trouble = RwSignal::new(None::<String>);

    // The name is asked about as soon as it is left, long before the form is sent.
    let name_left = move |_| {
        let typed = form.get(Field::Username);
        if Username::parse(&typed).is_ok() {
            spawn_local(async move {
                if username_is_free(typed.clone()).await == Ok(false)
                    && form.get(Field::Username) == typed
                    && !form.is_attempted()
                {
                    form.note(Problem { field: Field::Username, code: AccountProblem::UsernameTaken.into() });
                }
            });
        }
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        trouble.set(None);
        masked.set(None);
        if !form.attempt() || busy.get() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match register(posted(&form.snapshot())).await.and_then(Packed::open) {
                Ok(Registered::Yes) => leave_for(&format!("{}?registered", routes::LOGIN)),
                Ok(Registered::No(problems, name)) => {
                    masked.set(name);
                    form.refuse(problems);
                }
                Err(error) => trouble.set(Some(error.sentence(lang))),
            }
            busy.set(false);
        });
    };
    let extra = Signal::derive(move || masked.get().map(|name| text::register_taken(lang, name)).or(trouble.get()));
    view! {
        <h1>{text::register_title(lang)}</h1>
        <p class="lead">{text::register_lead(lang)}</p>
        <ErrorSummary form extra />
        <form id="register" method="post" action=routes::REGISTER class="sheet" novalidate on:submit=submit>
            <fieldset>
                <legend>{text::register_account(lang)}</legend>
                <div on:focusout=name_left><TextField form field=Field::Username autocomplete="username" /></div>
                <TextField form field=Field::Password kind="password" autocomplete="new-password"
                    hint=text::password_rule(lang, &rules.password) />
                <TextField form field=Field::PasswordAgain kind="password" autocomplete="new-password" />
            </fieldset>
            <fieldset>
                <legend>{text::register_person(lang)}</legend>
                <p class="note">{text::register_fixed(lang)}</p>
                <SelectField form field=Field::DocumentType options=text::options(lang, rules.documents) />
                <TextField form field=Field::DocumentNumber />
                <TextField form field=Field::Name autocomplete="name" />
                {move || stated.get().map(|(sex, birth)| view! {
                    <p class="note" role="status">{text::register_stated(lang, text::choice(lang, sex), birth)}</p>
                }.into_any())}
                <div class="pair" hidden=move || !asks_birth()>
                    <SelectField form field=Field::Sex options=text::options(lang, Sex::ALL) />
                    <TextField form field=Field::BirthDate short=true placeholder="YYYY-MM-DD" mode="numeric" autocomplete="bday" />
                </div>
                <SelectField form field=Field::EthnicGroup options=text::options(lang, EthnicGroup::ALL) />
            </fieldset>
            <fieldset>
                <legend>{text::register_recovery(lang)}</legend>
                <TextField form field=Field::RecoveryQuestion />
                <TextField form field=Field::RecoveryAnswer />
            </fieldset>
            <div class="actions">
                <button class="primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { text::form_sending(lang) } else { text::register_submit(lang) }}
                </button>
                <a href=routes::LOGIN rel="external">{text::register_have(lang)}</a>
            </div>
        </form>
    }
}
