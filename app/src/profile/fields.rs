//! The fields of the groups, used by the profile and by the wizard alike, and how an entry is told in a few words.
use super::PhotoField;
use crate::{
    components::{CheckField, Fact, Form, LookupField, SelectField, TextField},
    i18n,
    lang::{Lang, lang},
    routes::Page,
    transport::RuleContext,
};
use forms::{
    Field,
    account::Identity,
    choice::*,
    country::Country,
    draft::TICKED,
    ids::PhotoId,
    problem::ApplicationProblem,
    profile::{EntryDraft, EntryKind, FieldWarning},
    rule_set::PhotoRule,
};
use leptos::prelude::*;

/// 基本信息: the identity, which only staff may correct (S15), the photo, and what registration did not ask.
#[component]
pub fn BasicFields(
    form: Form,
    identity: Identity,
    rule_context: RuleContext,
    photo_rule: PhotoRule,
    photo: RwSignal<Option<PhotoId>>,
    back: String,
) -> impl IntoView {
    let lang = lang();
    let kind = identity.document.kind();
    // A document that the session does not take stops nobody: staff correct it (X27).
    let is_refused = !rule_context.rules().documents.contains(&kind);
    // Only the resident identity card has a temporary one.
    let until =
        if kind == DocumentType::ResidentId { i18n::profile_until_card(lang) } else { i18n::profile_until(lang) };
    view! {
        <div class="identity">
            <dl class="facts">
                <Fact label=i18n::label(lang, Field::Name) value=identity.name.to_string() />
                <Fact label=i18n::label(lang, Field::DocumentType) value=i18n::choice(lang, identity.document.kind()) />
                <Fact label=i18n::label(lang, Field::DocumentNumber) value=identity.document.masked() />
                <Fact label=i18n::label(lang, Field::Sex) value=i18n::choice(lang, identity.sex) />
                <Fact label=i18n::label(lang, Field::BirthDate) value=identity.birth_date.to_string() />
                <Fact label=i18n::label(lang, Field::EthnicGroup) value=i18n::choice(lang, identity.ethnic_group) />
            </dl>
            <PhotoField form photo rule=photo_rule back />
        </div>
        {is_refused.then(|| view! {
            <p class="note warning">{i18n::problem(lang, ApplicationProblem::DocumentNotAccepted.into())}" "<a href=Page::Sites.path() rel="external">{i18n::profile_contacts(lang)}</a></p>
        }.into_any())}
        <p class="note">{i18n::profile_fixed(lang)}</p>
        <SelectField form field=Field::HouseholdProvince options=i18n::options(lang, Province::ALL) />
        {(kind == DocumentType::ResidentId).then(|| view! { <CheckField form field=Field::TemporaryCard label=i18n::label(lang, Field::TemporaryCard) /> }.into_any())}
        {move || {
            let optional = form.get(Field::TemporaryCard) != TICKED;
            view! { <TextField form field=Field::DocumentUntil optional short=true placeholder="YYYY-MM-DD" mode="numeric" hint=until /> }.into_any()
        }}
        {kind.permit().is_some().then(|| view! { <TextField form field=Field::PermitNumber /> }.into_any())}
        <SelectField form field=Field::MilitaryIdentity optional={!kind.is_military()} options=i18n::options(lang, rule_context.rules().military) />
    }
}

/// 联系方式.
#[component]
pub fn ContactFields(form: Form) -> impl IntoView {
    let lang = lang();
    let elsewhere = Memo::new(move |_| form.get(Field::ContactRegion) == ContactRegion::Elsewhere.code());
    let mobile_hint =
        move || if elsewhere.get() { i18n::profile_mobile_elsewhere(lang) } else { i18n::profile_mobile(lang) };
    view! {
        <SelectField form field=Field::ContactRegion options=i18n::options(lang, ContactRegion::ALL) />
        {move || view! { <TextField form field=Field::Mobile kind="tel" mode="tel" autocomplete="tel" hint=mobile_hint() /> }.into_any()}
        <TextField form field=Field::Email kind="text" mode="email" autocomplete="email" />
        <TextField form field=Field::Address autocomplete="address-line1" />
        {move || view! { <TextField form field=Field::Postcode optional={elsewhere.get()} short=true mode="numeric" autocomplete="postal-code" /> }.into_any()}
        <div class="pair">
            <TextField form field=Field::HomePhone optional=true kind="tel" placeholder="010-12345678" />
            <TextField form field=Field::WorkPhone optional=true kind="tel" placeholder="010-12345678-123" />
        </div>
    }
}

/// 工作情况.
#[component]
pub fn WorkFields(form: Form) -> impl IntoView {
    let lang = lang();
    let titled = move || !matches!(form.get(Field::Title).as_str(), "" | "none");
    view! {
        <SelectField form field=Field::PostState options=i18n::options(lang, PostState::ALL) />
        <SelectField form field=Field::EmployerProvince options=i18n::options(lang, Province::ALL) />
        <LookupField form field=Field::Employer kind="employer" region_field=Field::EmployerProvince />
        <CheckField form field=Field::EmployerNotMedical label=i18n::label(lang, Field::EmployerNotMedical) />
        <TextField form field=Field::ProbationStart optional=true short=true placeholder="YYYY-MM" mode="numeric" />
        <TextField form field=Field::Post optional=true />
        <div class="pair">
            <SelectField form field=Field::Title optional=true options=i18n::options(lang, Title::ALL) />
            <div class:off=move || !titled()><TextField form field=Field::TitleMonth short=true placeholder="YYYY-MM" mode="numeric" /></div>
        </div>
    }
}

/// Countries in the order in which their names are looked up: the list has that of the Chinese ones.
fn countries(lang: Lang) -> Vec<(String, String)> {
    let mut all = i18n::options(lang, Country::ALL);
    if lang == Lang::En {
        all.sort_by(|(_, a), (_, b)| a.cmp(b));
    }
    all
}

/// The fields of an entry.
#[component]
pub fn EntryFields(form: Form, kind: EntryKind) -> impl IntoView {
    let lang = lang();
    match kind {
        EntryKind::Education => {
            let level = Memo::new(move |_| EducationLevel::parse(&form.get(Field::Level)).ok());
            let check = move |field| view! { <CheckField form field label=i18n::label(lang, field) /> }.into_any();
            let schooled = move || !level.get().is_some_and(EducationLevel::without_school);
            view! {
                <SelectField form field=Field::Level options=i18n::options(lang, EducationLevel::ALL) />
                <div class:off=move || level.get() != Some(EducationLevel::Graduate)>
                    <SelectField form field=Field::Degree optional=true options=i18n::options(lang, Degree::ALL) />
                </div>
                <div class:off=move || !schooled()>
                    <LookupField form field=Field::School kind="school" region_field=Field::SchoolRegion />
                    // A school of the list is where the list says.
                    <div class:off=move || !form.get(Field::SchoolId).is_empty()>
                        <SelectField form field=Field::SchoolRegion required=false options=i18n::options(lang, Province::ALL) />
                    </div>
                    <div class:off=move || form.get(Field::SchoolRegion) != Province::Abroad.code()>
                        <SelectField form field=Field::SchoolCountry options=countries(lang) />
                    </div>
                </div>
                <LookupField form field=Field::Major kind="major" />
                <div class:off=move || level.get() == Some(EducationLevel::None)>
                    <SelectField form field=Field::StudyForm options=i18n::options(lang, StudyForm::ALL) />
                </div>
                <div class:off=move || !schooled()>
                    <div class="pair">
                        <TextField form field=Field::AdmissionMonth optional=true short=true placeholder="YYYY-MM" mode="numeric" />
                        <TextField form field=Field::GraduationMonth short=true placeholder="YYYY-MM" mode="numeric" />
                    </div>
                    {check(Field::NotYetAwarded)}
                    {check(Field::LongTrack)}
                    <TextField form field=Field::DiplomaNumber />
                    {check(Field::OldNumber)}
                    {check(Field::DiplomaLost)}
                </div>
            }
        }
        EntryKind::Training => view! {
            <SelectField form field=Field::TrainingKind options=i18n::options(lang, TrainingKind::ALL) />
            <LookupField form field=Field::Institution kind="employer" />
            <div class="pair">
                <TextField form field=Field::StartMonth short=true placeholder="YYYY-MM" mode="numeric" />
                <TextField form field=Field::EndMonth optional=true short=true placeholder="YYYY-MM" mode="numeric" />
            </div>
            <TextField form field=Field::TrainingNumber optional=true />
        },
        EntryKind::Certificate => view! {
            <SelectField form field=Field::CertificateKind options=i18n::options(lang, CertificateKind::ALL) />
            <fieldset class="paper">
                <legend>{i18n::entry_qualification(lang)}</legend>
                <TextField form field=Field::IssueMonth short=true placeholder="YYYY-MM" mode="numeric" />
                <TextField form field=Field::CertificateNumber />
            </fieldset>
            <fieldset class="paper">
                <legend>{i18n::entry_practice(lang)}</legend>
                <TextField form field=Field::RegistrationMonth short=true placeholder="YYYY-MM" mode="numeric" />
                <TextField form field=Field::RegistrationNumber />
            </fieldset>
        },
    }
}

/// An entry in a few words.
pub fn entry_title(lang: Lang, entry: &EntryDraft) -> String {
    let issued = forms::tidy(Field::IssueMonth, entry.get(Field::IssueMonth));
    let title = match entry {
        EntryDraft::Education(e) => [i18n::choice_code(lang, EducationLevel::LIST, &e.level), e.school.as_str()],
        EntryDraft::Training(t) => {
            [i18n::choice_code(lang, TrainingKind::LIST, &t.training_kind), t.institution.as_str()]
        }
        EntryDraft::Certificate(c) => {
            [i18n::choice_code(lang, CertificateKind::LIST, &c.certificate_kind), issued.as_str()]
        }
    };
    let joined = title.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    if joined.is_empty() { i18n::entry_untitled(lang).to_owned() } else { joined }
}

/// The rest of an entry: what was answered, each beside the name of its field.
#[component]
pub fn EntryLines(entry: EntryDraft) -> impl IntoView {
    let lang = lang();
    let of = |list, code: &str| i18n::choice_code(lang, list, code).to_owned();
    // That no category takes it is said here as well: whoever has no script reads it nowhere else (S72).
    let refused = match &entry {
        EntryDraft::Education(e) => FieldWarning::on(Field::Level, &e.level, ""),
        _ => None,
    };
    let refused = refused.and_then(|warning| i18n::lookup(lang, &format!("field_warning.{}", warning.key())));
    let lines = match entry {
        EntryDraft::Education(e) => {
            let number =
                if e.not_yet_awarded.is_empty() { e.diploma_number } else { i18n::entry_pending(lang).to_owned() };
            vec![
                (Field::Degree, of(Degree::LIST, &e.degree)),
                (Field::SchoolRegion, of(Province::LIST, &e.school_region)),
                (Field::SchoolCountry, of(Country::LIST, &e.school_country)),
                (Field::Major, e.major),
                (Field::StudyForm, of(StudyForm::LIST, &e.study_form)),
                (Field::AdmissionMonth, e.admission_month),
                (Field::GraduationMonth, e.graduation_month),
                (Field::DiplomaNumber, number),
            ]
        }
        EntryDraft::Training(t) => vec![
            (Field::StartMonth, t.start_month),
            (Field::EndMonth, t.end_month),
            (Field::TrainingNumber, t.training_number),
        ],
        EntryDraft::Certificate(c) => vec![
            (Field::CertificateNumber, c.certificate_number),
            (Field::RegistrationMonth, c.registration_month),
            (Field::RegistrationNumber, c.registration_number),
        ],
    };
    // A number is warned of here as well: whoever has no script reads it nowhere else (X14).
    let warning = |field: Field, value: &str| {
        let numbers = [Field::DiplomaNumber, Field::CertificateNumber, Field::RegistrationNumber];
        let warning = FieldWarning::on(field, value, "").filter(|_| numbers.contains(&field))?;
        i18n::lookup(lang, &format!("field_warning.{}", warning.key()))
    };
    let line = |(field, value): (Field, String)| {
        (!value.is_empty()).then(|| {
            let warning = warning(field, &value).map(|sentence| view! { <span class="warning">{sentence}</span> }.into_any());
            // A list of terms is not allowed in a label, where the wizard shows this.
            view! { <span class="line"><span>{i18n::label(lang, field)}</span>" "<span>{forms::tidy(field, &value)}</span></span>{warning} }
                .into_any()
        })
    };
    view! {
        <span class="lines">
            {lines.into_iter().map(line).collect_view()}
            {refused.map(|sentence| view! { <span class="warning">{sentence}</span> }.into_any())}
        </span>
    }
}

/// The same in one line.
pub fn entry_facts(lang: Lang, entry: &EntryDraft) -> String {
    let parts = match entry {
        EntryDraft::Education(e) => {
            let months = i18n::range_text(lang, &e.admission_month, &e.graduation_month);
            let number = if e.not_yet_awarded.is_empty() {
                e.diploma_number.clone()
            } else {
                i18n::entry_pending(lang).to_owned()
            };
            let region = i18n::choice_code(lang, Province::LIST, &e.school_region).to_owned();
            let country = i18n::choice_code(lang, Country::LIST, &e.school_country).to_owned();
            vec![
                region,
                country,
                e.major.clone(),
                i18n::choice_code(lang, StudyForm::LIST, &e.study_form).to_owned(),
                months,
                number,
            ]
        }
        EntryDraft::Training(t) => {
            vec![i18n::range_text(lang, &t.start_month, &t.end_month), t.training_number.clone()]
        }
        EntryDraft::Certificate(c) => {
            vec![c.certificate_number.clone(), c.registration_month.clone(), c.registration_number.clone()]
        }
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
