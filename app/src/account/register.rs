//! The registration page (S2–S6, S12).
use super::{
    api::{load_registration, register_account, save_registration, username_is_free},
    data::{Registration, RegistrationData},
};
use crate::{
    browser::navigate_to,
    components::{
        CheckField, ErrorSummary, Form, HelpLinks, PageField, SaveState, Saver, SelectField, TextField, loaded,
    },
    i18n,
    lang::lang,
    routes::Page,
    transport::{Encoded, SaveResult, SubmissionResult, Values, submission_result, to_fields},
};
use forms::{
    Code, Draft, Field, Problem, Problems,
    account::RegistrationDraft,
    choice::{Choice, DocumentType, EthnicGroup, Sex},
    problem::AccountProblem,
    rule_set::RuleSet,
    value::{IdentityDocument, Username},
};
use leptos::{prelude::*, task::spawn_local};

/// The button that deletes what was typed.
pub(super) const AFRESH: &str = "afresh";

/// The log-in page that says that an account was created.
pub(super) fn registered_path() -> String {
    Page::Login.with_query(&[("registered", String::new())])
}

fn draft(values: &Values) -> RegistrationDraft {
    RegistrationDraft::from_pairs(values.iter().map(|(field, text)| (field.name(), text)))
}

/// What is sent to the server and never back.
pub(super) const SECRETS: [Field; 3] = [Field::Password, Field::PasswordAgain, Field::RecoveryAnswer];

/// What is said of the secrets that were typed and refused together with the rest: what was wrong with them, or else that they were not
/// kept. They are blank in the page, which is no oversight of the person.
fn lost_secrets(result: &SubmissionResult) -> Problems {
    let problem_of = |field: Field| result.problems.iter().find(|problem| problem.field == field).copied();
    let not_kept = |field| Problem { field, code: AccountProblem::NotKept.into() };
    SECRETS.iter().map(|field| problem_of(*field).unwrap_or(not_kept(*field))).collect()
}

/// The registration page.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let result = submission_result();
    loaded(load_registration, move |data| view! { <RegisterForm data result=result.clone() /> })
}

#[component]
fn RegisterForm(data: RegistrationData, result: Option<SubmissionResult>) -> impl IntoView {
    let lang = lang();
    let RegistrationData { rule_context, values, help } = data;
    let is_restored = values.is_some() && result.is_none();
    let rules = rule_context.rules();
    let masked = RwSignal::new(result.as_ref().and_then(|result| result.masked.clone()));
    let (checked, lost) = (rule_context.clone(), result.as_ref().map(lost_secrets).unwrap_or_default());
    let form = Form::new(values.unwrap_or_default(), false, result, RegistrationDraft::FIELDS, move |values| {
        let mut problems = draft(values).check(&checked.context()).err().unwrap_or_default();
        for problem in problems.iter_mut().filter(|problem| problem.code == Code::REQUIRED) {
            *problem = lost.iter().find(|lost| lost.field == problem.field).copied().unwrap_or(*problem);
        }
        problems
    })
    .with_warnings();
    // The server keeps no secret; the module does not even send one for that.
    let saver = Saver::new(form, "register", 0, false);
    saver.autosave(move || {
        let mut typed = form.snapshot();
        typed.forget(&SECRETS);
        saver.begin();
        spawn_local(async move {
            saver.settle(save_registration(to_fields(&typed)).await.and_then(Encoded::decode));
        });
    });
    let busy = RwSignal::new(false);
    let failure = RwSignal::new(None::<String>);

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
        failure.set(None);
        masked.set(None);
        if !form.attempt() || busy.get() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match register_account(to_fields(&form.snapshot())).await.and_then(Encoded::decode) {
                Ok(Registration::Registered) => {
                    // Nothing is left to be saved when the page is left.
                    saver.settle(Ok(SaveResult::Saved(0)));
                    navigate_to(&registered_path());
                }
                Ok(Registration::Rejected(problems, name)) => {
                    masked.set(name);
                    form.refuse(problems);
                }
                Err(error) => failure.set(Some(error.sentence(lang))),
            }
            busy.set(false);
        });
    };
    let is_lost =
        Memo::new(move |_| form.all_problems().iter().any(|problem| problem.code == AccountProblem::NotKept.into()));
    let extra = Signal::derive(move || {
        let taken = masked.get().map(|name| i18n::register_taken(lang, name)).or(failure.get());
        let lost = is_lost.get().then(|| i18n::register_not_kept(lang).to_owned());
        let messages: Vec<String> = [taken, lost].into_iter().flatten().collect();
        (!messages.is_empty()).then(|| messages.join(lang.of("", " ")))
    });
    view! {
        <h1>{i18n::register_title(lang)}</h1>
        <p class="lead">{i18n::register_lead(lang)}</p>
        <div class="split"><div>
        <ErrorSummary form extra />
        {move || masked.get().map(|_| view! {
            <p><a href=Page::Claim.path() rel="external">{i18n::register_not_me(lang)}</a></p>
        }.into_any())}
        {move || (is_restored || saver.is_saved()).then(|| view! { <Afresh is_restored /> }.into_any())}
        <form id="register" method="post" action=Page::Register.path() class="sheet" novalidate on:submit=submit>
            <PageField />
            <fieldset>
                <legend>{i18n::register_account(lang)}</legend>
                <div on:focusout=name_left><TextField form field=Field::Username autocomplete="username" /></div>
                <TextField form field=Field::Password kind="password" autocomplete="new-password"
                    hint=i18n::password_rule(lang, &rules.password) />
                <TextField form field=Field::PasswordAgain kind="password" autocomplete="new-password" />
            </fieldset>
            <fieldset>
                <PersonFields form rules />
            </fieldset>
            <fieldset>
                <legend>{i18n::register_recovery(lang)}</legend>
                <TextField form field=Field::RecoveryQuestion />
                <TextField form field=Field::RecoveryAnswer />
            </fieldset>
            <div class="actions">
                <button class="primary" aria-disabled=move || busy.get().then_some("true")>
                    {move || if busy.get() { i18n::form_sending(lang) } else { i18n::register_submit(lang) }}
                </button>
                <a href=Page::Login.path() rel="external">{i18n::register_have(lang)}</a>
                <SaveState saver />
            </div>
        </form>
        </div>
        <HelpLinks links=help />
        </div>
    }
}

/// Says that what was typed before is kept in this browser, and deletes it for somebody else at the same computer.
#[component]
fn Afresh(is_restored: bool) -> impl IntoView {
    let lang = lang();
    view! {
        <form method="post" action=Page::Register.path() class="note warning">
            <PageField />
            <p>{if is_restored { i18n::register_restored(lang) } else { i18n::register_kept(lang) }}</p>
            <button class="button" name=AFRESH value="ask">{i18n::register_afresh(lang)}</button>
        </form>
    }
}

/// Who registers, by their identity document.
#[component]
fn PersonFields(form: Form, rules: &'static RuleSet) -> impl IntoView {
    let lang = lang();
    let kind = Memo::new(move |_| DocumentType::parse(&form.get(Field::DocumentType)).ok());
    // Sex and day of birth that the number states are shown, not asked (S63, S64).
    let document = move || IdentityDocument::parse(kind.get()?, &form.get(Field::DocumentNumber)).ok();
    let stated = Memo::new(move |_| document()?.stated().map(|(sex, birth)| (sex, birth.to_string())));
    let is_unusual = Memo::new(move |_| document().is_some_and(|document| document.is_unusual()));
    let asks_birth = move || kind.get().is_none_or(|kind| !kind.states_sex_and_birth());
    view! {
        <legend>{i18n::register_person(lang)}</legend>
        <p class="note">{i18n::register_fixed(lang)}</p>
        <SelectField form field=Field::DocumentType options=i18n::options(lang, rules.documents) />
        <TextField form field=Field::DocumentNumber />
        <div class:off=move || !is_unusual.get()>
            <CheckField form field=Field::DocumentConfirmed label=i18n::label(lang, Field::DocumentConfirmed) />
        </div>
        {move || {
            let hint = match kind.get() {
                Some(DocumentType::Passport) => i18n::register_name_latin(lang),
                Some(kind) if kind.is_hong_kong_macao_taiwan() => i18n::register_name_neighbour(lang),
                _ => i18n::hint(lang, Field::Name).unwrap_or_default(),
            }
            .to_owned();
            view! { <TextField form field=Field::Name autocomplete="name" hint /> }.into_any()
        }}
        {move || stated.get().map(|(sex, birth)| view! {
            <p class="note" role="status">{i18n::register_stated(lang, i18n::choice(lang, sex), birth)}</p>
        }.into_any())}
        <div class="pair" hidden=move || !asks_birth()>
            <SelectField form field=Field::Sex options=i18n::options(lang, Sex::ALL) />
            <TextField form field=Field::BirthDate short=true placeholder="YYYY-MM-DD" mode="numeric" autocomplete="bday" />
        </div>
        {move || {
            let optional = kind.get() == Some(DocumentType::Passport);
            view! { <SelectField form field=Field::EthnicGroup optional options=i18n::options(lang, EthnicGroup::ALL) /> }.into_any()
        }}
    }
}
