//! The fields of the groups, used by the profile and by the wizard alike, and how an entry is told in a few words.
use super::PhotoField;
use crate::{
    components::{CheckField, Fact, Form, LookupField, SelectField, TextField},
    lang::{Lang, lang},
    routes, text,
    wire::Basis,
};
use forms::{
    Field,
    account::Identity,
    choice::*,
    ids::PhotoId,
    profile::{EntryDraft, EntryKind},
};
use leptos::prelude::*;

/// 基本信息: the identity, which only staff may correct (S15), the photo, and what registration did not ask.
#[component]
pub fn BasicFields(
    form: Form,
    identity: Identity,
    basis: Basis,
    photo: RwSignal<Option<PhotoId>>,
    back: String,
) -> impl IntoView {
    let lang = lang();
    let asks_permit = identity.document.kind().asks_permit();
    view! {
        <div class="identity">
            <dl class="facts">
                <Fact label=text::label(lang, Field::Name) value=identity.name.to_string() />
                <Fact label=text::label(lang, Field::DocumentType) value=text::choice(lang, identity.document.kind()) />
                <Fact label=text::label(lang, Field::DocumentNumber) value=identity.document.masked() />
                <Fact label=text::label(lang, Field::Sex) value=text::choice(lang, identity.sex) />
                <Fact label=text::label(lang, Field::BirthDate) value=identity.birth_date.to_string() />
                <Fact label=text::label(lang, Field::EthnicGroup) value=text::choice(lang, identity.ethnic_group) />
            </dl>
            <PhotoField form photo rule=basis.rules().photo back />
        </div>
        <p class="note">{text::profile_fixed(lang)}</p>
        <SelectField form field=Field::HouseholdProvince options=text::options(lang, Province::ALL) />
        <TextField form field=Field::DocumentUntil optional=true short=true placeholder="YYYY-MM-DD" mode="numeric" />
        {asks_permit.then(|| view! { <TextField form field=Field::PermitNumber /> }.into_any())}
        <SelectField form field=Field::MilitaryIdentity optional=true options=text::options(lang, basis.rules().military) />
    }
}

/// 联系方式.
#[component]
pub fn ContactFields(form: Form) -> impl IntoView {
    let lang = lang();
    view! {
        <SelectField form field=Field::ContactRegion options=text::options(lang, ContactRegion::ALL) />
        <TextField form field=Field::Mobile kind="tel" mode="tel" autocomplete="tel" />
        <TextField form field=Field::Email kind="text" mode="email" autocomplete="email" />
        <TextField form field=Field::Address autocomplete="street-address" />
        <TextField form field=Field::Postcode short=true mode="numeric" autocomplete="postal-code" />
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
        <SelectField form field=Field::PostState options=text::options(lang, PostState::ALL) />
        <SelectField form field=Field::EmployerProvince options=text::options(lang, Province::ALL) />
        <LookupField form field=Field::Employer kind="employer" near=Field::EmployerProvince />
        <TextField form field=Field::ProbationStart optional=true short=true placeholder="YYYY-MM" mode="numeric" />
        <TextField form field=Field::Post optional=true />
        <div class="pair">
            <SelectField form field=Field::Title optional=true options=text::options(lang, Title::ALL) />
            <div class:off=move || !titled()><TextField form field=Field::TitleMonth short=true placeholder="YYYY-MM" mode="numeric" /></div>
        </div>
    }
}

/// The fields of an entry.
#[component]
pub(super) fn EntryFields(form: Form, kind: EntryKind) -> impl IntoView {
    let lang = lang();
    match kind {
        EntryKind::Education => {
            let level = Memo::new(move |_| EducationLevel::parse(&form.get(Field::Level)).ok());
            let schooled = move || !level.get().is_some_and(EducationLevel::without_school);
            view! {
                <SelectField form field=Field::Level options=text::options(lang, EducationLevel::ALL) />
                <div class:off=move || level.get() != Some(EducationLevel::Graduate)>
                    <SelectField form field=Field::Degree optional=true options=text::options(lang, Degree::ALL) />
                </div>
                <div class:off=move || !schooled()><LookupField form field=Field::School kind="school" /></div>
                <LookupField form field=Field::Major kind="major" />
                <div class:off=move || level.get() == Some(EducationLevel::None)>
                    <SelectField form field=Field::StudyForm options=text::options(lang, StudyForm::ALL) />
                </div>
                <div class:off=move || !schooled()>
                    <div class="pair">
                        <TextField form field=Field::AdmissionMonth optional=true short=true placeholder="YYYY-MM" mode="numeric" />
                        <TextField form field=Field::GraduationMonth short=true placeholder="YYYY-MM" mode="numeric" />
                    </div>
                    <CheckField form field=Field::NotYetAwarded label=text::label(lang, Field::NotYetAwarded) />
                    <TextField form field=Field::DiplomaNumber mode="numeric" />
                </div>
            }
        }
        EntryKind::Training => view! {
            <SelectField form field=Field::TrainingKind options=text::options(lang, TrainingKind::ALL) />
            <LookupField form field=Field::Institution kind="employer" />
            <div class="pair">
                <TextField form field=Field::StartMonth short=true placeholder="YYYY-MM" mode="numeric" />
                <TextField form field=Field::EndMonth optional=true short=true placeholder="YYYY-MM" mode="numeric" />
            </div>
            <TextField form field=Field::TrainingNumber optional=true />
        },
        EntryKind::Certificate => view! {
            <SelectField form field=Field::CertificateKind options=text::options(lang, CertificateKind::ALL) />
            <fieldset class="paper">
                <legend>{text::entry_qualification(lang)}</legend>
                <TextField form field=Field::IssueMonth short=true placeholder="YYYY-MM" mode="numeric" />
                <TextField form field=Field::CertificateNumber />
            </fieldset>
            <fieldset class="paper">
                <legend>{text::entry_practice(lang)}</legend>
                <TextField form field=Field::RegistrationMonth short=true placeholder="YYYY-MM" mode="numeric" />
                <TextField form field=Field::RegistrationNumber />
            </fieldset>
        },
    }
}

/// An entry in a few words.
pub fn entry_title(lang: Lang, entry: &EntryDraft) -> String {
    let title = match entry {
        EntryDraft::Education(e) => [text::choice_code(lang, EducationLevel::LIST, &e.level), e.school.as_str()],
        EntryDraft::Training(t) => {
            [text::choice_code(lang, TrainingKind::LIST, &t.training_kind), t.institution.as_str()]
        }
        EntryDraft::Certificate(c) => {
            [text::choice_code(lang, CertificateKind::LIST, &c.certificate_kind), c.issue_month.as_str()]
        }
    };
    let joined = title.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    if joined.is_empty() { text::entry_untitled(lang).to_owned() } else { joined }
}

/// The rest of an entry, in one line.
pub fn entry_facts(lang: Lang, entry: &EntryDraft) -> String {
    let parts = match entry {
        EntryDraft::Education(e) => {
            let months = [e.admission_month.as_str(), e.graduation_month.as_str()]
                .into_iter()
                .filter(|m| !m.is_empty())
                .collect::<Vec<_>>()
                .join(" – ");
            let number = if e.not_yet_awarded.is_empty() {
                e.diploma_number.clone()
            } else {
                text::entry_pending(lang).to_owned()
            };
            vec![e.major.clone(), text::choice_code(lang, StudyForm::LIST, &e.study_form).to_owned(), months, number]
        }
        EntryDraft::Training(t) => {
            vec![
                [t.start_month.as_str(), t.end_month.as_str()]
                    .into_iter()
                    .filter(|m| !m.is_empty())
                    .collect::<Vec<_>>()
                    .join(" – "),
                t.training_number.clone(),
            ]
        }
        EntryDraft::Certificate(c) => {
            vec![c.certificate_number.clone(), c.registration_month.clone(), c.registration_number.clone()]
        }
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The path of the page with a group.
pub(super) fn group_path(kind: EntryKind) -> String {
    routes::profile(kind.code())
}
