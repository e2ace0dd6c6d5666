//! Every answer of an application with its label, in groups. It is the one description from which the check before submitting, the
//! printed papers, the page of an application, the review and the comparison of two applications are drawn: what one of them shows,
//! the others show too (S47, S51, S54).
use super::data::{WizardData, step_of_entries};
use crate::{
    components::Fact,
    i18n,
    lang::{Lang, lang},
    routes::ProfileGroup,
};
use forms::{
    Draft, Field,
    account::Identity,
    application::{ApplicationDraft, EntryView},
    choice::*,
    country::Country,
    draft::TICKED,
    journey::Step,
    profile::{Entry, EntryDraft, EntryKind},
};
use leptos::prelude::*;

/// What the answers are read from: a draft as it will be stored, or a snapshot as a draft again.
pub struct Sources<'a> {
    /// The language of page or paper.
    pub lang: Lang,
    pub identity: &'a Identity,
    /// Whether the document number is masked: it is, but for papers and for those who compare it with the document.
    pub masked: bool,
    pub draft: &'a ApplicationDraft,
    /// Code and name of the category.
    pub category: String,
    /// Name of the area.
    pub area: String,
    /// Name of the site.
    pub site: String,
    /// The entries that are used, and whether each travels along without being the route (X41).
    pub entries: Vec<(EntryDraft, bool)>,
}

/// An answer in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub field: Field,
    /// In words; empty where nothing was answered.
    pub value: String,
    /// Whether this person is asked: where they are not, a blank answer says nothing.
    pub asked: bool,
}

/// The answers of an entry with their labels, in the same order for all entries of a kind.
pub type EntryAnswers = Vec<(&'static str, String)>;

impl WizardData {
    /// The answers as they will be stored and printed.
    pub fn answers(&self, lang: Lang) -> Vec<AnswerGroup> {
        let draft = self.draft.as_stored(&self.context());
        let area = self.areas.iter().find(|area| area.code == draft.site.area);
        let site = area.and_then(|area| area.sites.iter().find(|(code, _)| *code == draft.site.site));
        let entry = |entry: &EntryView| {
            let chosen = draft.selection.ids(entry.kind()).contains(&entry.id);
            // Only what is complete travels along (S41, S139).
            let travels = entry.kind() == EntryKind::Education && entry.complete.is_some();
            let stored = || entry.complete.as_ref().map_or_else(|| entry.draft.clone(), Entry::to_draft);
            (chosen || travels).then(|| (stored(), !chosen))
        };
        let mut entries: Vec<(EntryDraft, bool)> = self.entries.iter().filter_map(entry).collect();
        entries.sort_by_key(|(_, along)| *along);
        answer_groups(&Sources {
            lang,
            identity: &self.identity,
            masked: false,
            draft: &draft,
            category: format!("{} {}", draft.category.category, self.category_name()),
            area: area.map(|area| area.name.clone()).unwrap_or_default(),
            site: site.map(|(_, name)| name.clone()).unwrap_or_default(),
            entries,
        })
    }
}

/// A group of answers, as the printed form has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AnswerGroup {
    pub title: &'static str,
    /// The step on which they are changed.
    pub step: Step,
    /// Its answers; none where it consists of entries.
    pub answers: Vec<Answer>,
    /// The kind of its entries.
    pub kind: Option<EntryKind>,
    pub entries: Vec<EntryAnswers>,
}

impl AnswerGroup {
    /// Whether nothing was answered.
    pub fn is_blank(&self) -> bool {
        self.entries.is_empty() && self.answers.iter().all(|answer| answer.value.is_empty())
    }
}

/// All groups of an application.
pub fn answer_groups(sources: &Sources<'_>) -> Vec<AnswerGroup> {
    let lang = sources.lang;
    let plain = |title, step, answers| AnswerGroup { title, step, answers, kind: None, entries: Vec::new() };
    let listed = |kind: EntryKind| AnswerGroup {
        title: ProfileGroup::from(kind).title(lang),
        step: step_of_entries(kind),
        answers: Vec::new(),
        kind: Some(kind),
        entries: entries_of(sources, kind),
    };
    let [education, training, certificate] = EntryKind::ALL.map(listed);
    vec![
        plain(i18n::step_title(lang, Step::Category), Step::Category, vec![given(Field::Category, &sources.category)]),
        plain(
            i18n::step_title(lang, Step::Basic),
            Step::Basic,
            [identity(sources), typed(sources, &sources.draft.basic)].concat(),
        ),
        plain(i18n::profile_contact(lang), Step::Basic, typed(sources, &sources.draft.contact)),
        plain(i18n::step_title(lang, Step::Work), Step::Work, typed(sources, &sources.draft.work)),
        education,
        training,
        certificate,
        plain(i18n::step_title(lang, Step::Site), Step::Site, place(sources)),
    ]
}

fn given(field: Field, value: impl ToString) -> Answer {
    Answer { field, value: value.to_string(), asked: true }
}

fn identity(sources: &Sources<'_>) -> Vec<Answer> {
    let (lang, identity) = (sources.lang, sources.identity);
    let document = &identity.document;
    let number = if sources.masked { document.masked() } else { document.number().to_owned() };
    vec![
        given(Field::Name, &identity.name),
        given(Field::Sex, i18n::choice(lang, identity.sex)),
        given(Field::BirthDate, identity.birth_date),
        given(Field::EthnicGroup, i18n::choice(lang, identity.ethnic_group)),
        given(Field::DocumentType, i18n::choice(lang, document.kind())),
        given(Field::DocumentNumber, number),
    ]
}

fn place(sources: &Sources<'_>) -> Vec<Answer> {
    let draft = sources.draft;
    vec![
        given(Field::Area, &sources.area),
        given(Field::Site, &sources.site),
        given(Field::Attempts, &draft.site.attempts),
        given(Field::ExtraSubject, in_words(sources.lang, Field::ExtraSubject, &draft.confirm.extra_subject)),
    ]
}

/// The answers of a form. Which dictionary entry a name is, and which format a telephone follows, are no answers of their own.
fn typed<D: Draft>(sources: &Sources<'_>, form: &D) -> Vec<Answer> {
    let is_shown = |field: &&Field| !matches!(field, Field::EmployerId | Field::ContactRegion);
    let answer = |field: &Field| Answer {
        field: *field,
        value: in_words(sources.lang, *field, form.get(*field)),
        asked: is_asked(sources, *field),
    };
    D::FIELDS.iter().filter(is_shown).map(answer).collect()
}

/// Whether a person with this document and these answers is asked for an answer. A box says something only where it is ticked.
fn is_asked(sources: &Sources<'_>, field: Field) -> bool {
    match field {
        Field::TemporaryCard | Field::EmployerNotMedical => false,
        Field::PermitNumber => sources.identity.document.kind().permit().is_some(),
        Field::TitleMonth => Title::parse(&sources.draft.work.title).is_ok_and(|title| title != Title::None),
        _ => true,
    }
}

/// A code of a list in words, or what was typed.
pub fn in_words(lang: Lang, field: Field, typed: &str) -> String {
    let list = match field {
        Field::Sex => Sex::LIST,
        Field::EthnicGroup => EthnicGroup::LIST,
        Field::DocumentType => DocumentType::LIST,
        Field::HouseholdProvince | Field::EmployerProvince | Field::SchoolRegion => Province::LIST,
        Field::MilitaryIdentity => MilitaryIdentity::LIST,
        Field::PostState => PostState::LIST,
        Field::Title => Title::LIST,
        Field::ContactRegion => ContactRegion::LIST,
        Field::ExtraSubject => ExtraSubject::LIST,
        Field::Level => EducationLevel::LIST,
        Field::Degree => Degree::LIST,
        Field::SchoolCountry => Country::LIST,
        Field::StudyForm => StudyForm::LIST,
        Field::TrainingKind => TrainingKind::LIST,
        Field::CertificateKind => CertificateKind::LIST,
        Field::TemporaryCard | Field::EmployerNotMedical if typed == TICKED => return "✓".to_owned(),
        Field::NotYetAwarded if typed == TICKED => return i18n::entry_pending(lang).to_owned(),
        Field::LongTrack | Field::DiplomaLost if typed == TICKED => return i18n::label(lang, field).to_owned(),
        _ => return typed.to_owned(),
    };
    i18n::choice_code(lang, list, typed).to_owned()
}

/// A column of the table of entries: the answer that gives it its label, and those that stand in brackets behind it.
type Column = (Field, &'static [Field]);

/// The columns of the table of entries of a kind.
const fn columns(kind: EntryKind) -> &'static [Column] {
    match kind {
        EntryKind::Education => &[
            (Field::Level, &[Field::Degree]),
            (Field::School, &[Field::SchoolRegion, Field::SchoolCountry]),
            (Field::Major, &[]),
            (Field::StudyForm, &[]),
            (Field::AdmissionMonth, &[]),
            (Field::GraduationMonth, &[]),
            (Field::DiplomaNumber, &[Field::NotYetAwarded, Field::LongTrack, Field::DiplomaLost]),
        ],
        EntryKind::Training => &[
            (Field::TrainingKind, &[]),
            (Field::Institution, &[]),
            (Field::StartMonth, &[]),
            (Field::EndMonth, &[]),
            (Field::TrainingNumber, &[]),
        ],
        EntryKind::Certificate => &[
            (Field::CertificateKind, &[]),
            (Field::IssueMonth, &[]),
            (Field::CertificateNumber, &[]),
            (Field::RegistrationMonth, &[]),
            (Field::RegistrationNumber, &[]),
        ],
    }
}

fn entries_of(sources: &Sources<'_>, kind: EntryKind) -> Vec<EntryAnswers> {
    let of_kind = sources.entries.iter().filter(|(draft, _)| draft.kind() == kind);
    of_kind.map(|(draft, along)| entry_answers(sources.lang, draft, *along)).collect()
}

/// The answers of an entry. An education says first whether it is the route.
fn entry_answers(lang: Lang, draft: &EntryDraft, along: bool) -> EntryAnswers {
    let kind = draft.kind();
    let words = |field: Field| in_words(lang, field, draft.get(field));
    let cell = |(field, more): &Column| {
        let more: Vec<String> = more.iter().map(|field| words(*field)).filter(|value| !value.is_empty()).collect();
        let value = match (words(*field), more.join(i18n::answers_and(lang))) {
            (value, more) if more.is_empty() => value,
            (value, more) if value.is_empty() => more,
            (value, more) => i18n::answers_with(lang, value, more),
        };
        (i18n::label(lang, *field), value)
    };
    let role = if along { i18n::answers_along(lang) } else { i18n::answers_route(lang) };
    let role = (kind == EntryKind::Education).then(|| (i18n::answers_role(lang), role.to_owned()));
    role.into_iter().chain(columns(kind).iter().map(cell)).collect()
}

/// The answers of a group, on a page. What was not answered is said where `blanks` are shown and the person is asked.
#[component]
pub fn GroupAnswers(group: AnswerGroup, blanks: bool) -> impl IntoView {
    let lang = lang();
    let none = blanks && group.kind.is_some() && group.entries.is_empty();
    let answers = group.answers.into_iter().filter(|answer| !answer.value.is_empty() || (blanks && answer.asked));
    let facts: Vec<(&'static str, String)> =
        answers.map(|answer| (i18n::label(lang, answer.field), answer.value)).collect();
    let filled = |entry: EntryAnswers| entry.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>();
    let lists = [facts].into_iter().chain(group.entries.into_iter().map(filled)).filter(|facts| !facts.is_empty());
    view! {
        {none.then(|| view! { <p class="note">{i18n::answers_none(lang)}</p> }.into_any())}
        {lists.map(|facts| view! {
            <dl class="facts">{facts.into_iter().map(|(label, value)| view! { <Fact label value /> }.into_any()).collect_view()}</dl>
        }.into_any()).collect_view()}
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_answer_of_an_entry_stands_in_one_column() {
        // Which dictionary entry a name is, and how a number is read, are no answers of their own.
        let silent = [Field::SchoolId, Field::MajorId, Field::InstitutionId, Field::OldNumber];
        for kind in EntryKind::ALL {
            let shown: Vec<Field> =
                columns(kind).iter().flat_map(|(field, more)| [&[*field], *more].concat()).collect();
            let asked: BTreeSet<Field> =
                kind.fields().iter().copied().filter(|field| !silent.contains(field)).collect();
            assert_eq!(shown.len(), asked.len(), "{kind:?}");
            assert_eq!(shown.into_iter().collect::<BTreeSet<_>>(), asked);
        }
    }
}
