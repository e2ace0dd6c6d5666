//! What a candidate already said, for the forms of the annexes: from the profile or from one of their applications.
use crate::{applications::summary::category_name, error::AppError, i18n, lang::Lang, request::RequestContext};
use forms::{
    Draft, Field,
    account::Identity,
    application::highest,
    choice::{CertificateKind, Choice, Province},
    ids::{ApplicationId, EntryId},
    profile::{Certificate, Education, Entry, EntryKind},
    value::ListedName,
};
use registry::{ApplicationRow, ApplicationView};
use std::collections::HashMap;

/// Where the answers are taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Nowhere: an empty form.
    Empty,
    Profile,
    Application(ApplicationId),
}
impl Source {
    const PROFILE: &'static str = "profile";
    const EMPTY: &'static str = "empty";

    /// Its text in a query.
    pub fn code(self) -> String {
        match self {
            Self::Empty => Self::EMPTY.to_owned(),
            Self::Profile => Self::PROFILE.to_owned(),
            Self::Application(id) => id.to_string(),
        }
    }
    /// The source of a query; `None` if it names none.
    pub fn parse(code: &str) -> Option<Self> {
        match code {
            Self::EMPTY => Some(Self::Empty),
            Self::PROFILE => Some(Self::Profile),
            id => ApplicationId::parse(id).map(Self::Application),
        }
    }
}

/// The answers, by field, in Chinese as the forms are.
pub(super) type Prefill = HashMap<Field, String>;

/// The sources of whoever asks, with their names in the language of the page; the first one is taken when none is chosen.
pub(super) async fn sources(context: &RequestContext) -> Result<Vec<(Source, String)>, AppError> {
    let lang = context.lang;
    let Ok(candidate) = context.candidate() else { return Ok(Vec::new()) };
    let (rows, sessions) = (candidate.applications().await?, context.registry().exam_sessions().await?);
    let session_name = |row: &ApplicationRow| {
        let session = sessions.iter().find(|session| session.id == row.session);
        session.map(|session| lang.of(&session.name_zh, &session.name_en).to_owned()).unwrap_or_default()
    };
    let mut sources = Vec::new();
    for row in rows.iter().filter(|row| !row.status.is_ended()) {
        let name = i18n::downloads_from_application(
            lang,
            session_name(row),
            row.serial.clone().unwrap_or_else(|| i18n::downloads_draft(lang).to_owned()),
        );
        sources.push((Source::Application(row.id), name));
    }
    sources.push((Source::Profile, i18n::downloads_from_profile(lang).to_owned()));
    sources.push((Source::Empty, i18n::downloads_from_nothing(lang).to_owned()));
    Ok(sources)
}

/// What a source says.
///
/// # Errors
/// [`AppError::NotFound`] for an application that is not theirs.
pub(super) async fn prefill(context: &RequestContext, source: Source) -> Result<Prefill, AppError> {
    match source {
        Source::Empty => Ok(Prefill::new()),
        Source::Profile => {
            let profile = context.candidate()?.profile().await?;
            let mut prefill = Prefill::new();
            add_identity(&mut prefill, &profile.account.identity);
            add_pairs(&mut prefill, profile.basic.draft.pairs());
            add_pairs(&mut prefill, profile.contact.draft.pairs());
            add_pairs(&mut prefill, profile.work.draft.pairs());
            let complete: Vec<(EntryId, Entry)> =
                profile.entries.into_iter().filter_map(|entry| Some((entry.id, entry.complete?))).collect();
            add_entries(&mut prefill, complete);
            Ok(prefill)
        }
        Source::Application(id) => Ok(of_application(&context.candidate()?.application(id).await?)),
    }
}

fn of_application(view: &ApplicationView) -> Prefill {
    let mut prefill = Prefill::new();
    let draft = view.snapshot.as_ref().map_or_else(|| view.draft.clone(), forms::application::Application::to_draft);
    add_identity(&mut prefill, view.snapshot.as_ref().map_or(&view.identity, |a| &a.identity));
    add_pairs(&mut prefill, draft.basic.pairs());
    add_pairs(&mut prefill, draft.contact.pairs());
    add_pairs(&mut prefill, draft.work.pairs());
    let entries = match &view.snapshot {
        Some(a) => {
            let educations = a.educations.iter().map(|(id, one)| (*id, Entry::Education(one.clone())));
            let certificates = a.certificates.iter().map(|(id, one)| (*id, Entry::Certificate(one.clone())));
            educations.chain(certificates).collect()
        }
        None => {
            let chosen: Vec<EntryId> = [EntryKind::Education, EntryKind::Certificate]
                .iter()
                .flat_map(|kind| draft.selection.ids(*kind))
                .collect();
            let entries = view.entries.iter().filter(|entry| chosen.contains(&entry.id));
            entries.filter_map(|entry| Some((entry.id, entry.complete.clone()?))).collect()
        }
    };
    add_entries(&mut prefill, entries);
    if let Some(category) = draft.chosen_category() {
        let name = category_name(Lang::Zh, &view.categories, category).unwrap_or_default();
        prefill.insert(Field::Category, format!("{category} {name}"));
    }
    prefill
}

fn add_identity(prefill: &mut Prefill, identity: &Identity) {
    prefill.extend([
        (Field::Name, identity.name.to_string()),
        (Field::Sex, i18n::choice(Lang::Zh, identity.sex).to_owned()),
        (Field::BirthDate, identity.birth_date.to_string()),
        (Field::DocumentType, i18n::choice(Lang::Zh, identity.document.kind()).to_owned()),
        (Field::DocumentNumber, identity.document.number().to_owned()),
    ]);
}

/// Answers that stand on the forms as they were typed.
fn add_pairs(prefill: &mut Prefill, pairs: impl IntoIterator<Item = (Field, String)>) {
    let typed = [
        Field::Mobile,
        Field::Address,
        Field::Employer,
        Field::ProbationStart,
        Field::PermitNumber,
        Field::DocumentUntil,
    ];
    for (field, text) in pairs {
        if typed.contains(&field) {
            prefill.insert(field, text);
        } else if let (Field::EmployerProvince, Ok(province)) = (field, Province::parse(&text)) {
            prefill.insert(field, i18n::choice(Lang::Zh, province).to_owned());
        }
    }
}

fn add_entries(prefill: &mut Prefill, entries: Vec<(EntryId, Entry)>) {
    let mut educations: Vec<(EntryId, Education)> = Vec::new();
    let mut assistant: Option<Certificate> = None;
    for (id, entry) in entries {
        match entry {
            Entry::Education(education) => educations.push((id, education)),
            Entry::Certificate(one) if one.certificate_kind == CertificateKind::Assistant => assistant = Some(one),
            _ => {}
        }
    }
    if let Some(education) = highest(&educations) {
        let name = |name: &Option<ListedName>| name.as_ref().map(ToString::to_string).unwrap_or_default();
        prefill.insert(Field::Level, i18n::choice(Lang::Zh, education.level).to_owned());
        prefill.insert(Field::School, name(&education.school));
        prefill.insert(Field::Major, name(&education.major));
        let month = education.graduation_month.map(|month| month.to_string());
        prefill.insert(Field::GraduationMonth, month.unwrap_or_default());
    }
    if let Some(one) = assistant {
        prefill.extend([
            (Field::IssueMonth, one.issue_month.to_string()),
            (Field::CertificateNumber, one.certificate_number.to_string()),
            (Field::RegistrationMonth, one.registration_month.to_string()),
            (Field::RegistrationNumber, one.registration_number.to_string()),
        ]);
    }
}
