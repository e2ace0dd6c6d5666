//! Names that are missing from the lists: where a name was missed, what is known about it there, and what became of the request.
use crate::{
    door::{Visitor, trouble},
    error::AppError,
    lang::Lang,
    pairs::value,
    routes, text,
    wire::{NameNote, moment_text},
};
use forms::{
    Draft, Field,
    choice::{Choice, NameKind},
    ids::{ApplicationId, EntryId},
    journey::Step,
    name_requests::NameRequestDraft,
    profile::{EntryDraft, EntryKind, WorkDraft, id_field},
};
use registry::{DictionaryKind, Entry, Moment, NameRequestRow, RequestState};

/// The field in which a name was missed, and the form it belongs to. It travels in addresses: it names things, never people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The field, which takes its names from a list.
    pub field: Field,
    place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    /// 工作情况 of the profile.
    Work,
    /// An entry of the profile, perhaps on the way through an application.
    Entry(EntryKind, EntryId, Option<ApplicationId>),
    /// The step of an application that asks for the employer.
    Step(ApplicationId),
}

impl Origin {
    /// Of the path of a form, and the application that an entry is written for.
    pub fn of(field: &str, path: &str, application: Option<ApplicationId>) -> Option<Self> {
        let field = Field::parse(field).filter(|field| id_field(*field).is_some())?;
        let place = match path.split('/').collect::<Vec<_>>().as_slice() {
            ["", "profile", "work"] => Place::Work,
            ["", "profile", kind, entry] => Place::Entry(EntryKind::parse(kind)?, EntryId::parse(entry)?, application),
            ["", "applications", id, step] if Step::parse(step) == Some(Step::Work) => {
                Place::Step(ApplicationId::parse(id)?)
            }
            _ => return None,
        };
        Some(Self { field, place })
    }
    /// Of the pairs of an address or a form.
    pub fn parse(pairs: &[(String, String)]) -> Option<Self> {
        let of = |name| value(pairs, name);
        let application = ApplicationId::parse(of("application"));
        let path = match (EntryKind::parse(of("kind")), application) {
            (Some(kind), _) => routes::entry(kind, of("entry")),
            (None, Some(id)) => routes::step(id, Step::Work),
            _ => routes::profile("work"),
        };
        Self::of(of("field"), &path, application)
    }
    /// The pairs that it is read from.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("field", self.field.name().to_owned())];
        match &self.place {
            Place::Work => {}
            Place::Entry(kind, id, application) => {
                pairs.extend([("kind", kind.code().to_owned()), ("entry", id.to_string())]);
                pairs.extend(application.iter().map(|id| ("application", id.to_string())));
            }
            Place::Step(id) => pairs.push(("application", id.to_string())),
        }
        pairs
    }
    /// The form, as a path with what it needs to go on.
    pub fn path(&self) -> String {
        match &self.place {
            Place::Work => routes::profile("work"),
            Place::Entry(kind, id, Some(application)) => routes::entry_for(*kind, &id.to_string(), *application),
            Place::Entry(kind, id, None) => routes::entry(*kind, &id.to_string()),
            Place::Step(id) => routes::step(*id, Step::Work),
        }
    }
    /// The list that the field takes its names from.
    pub const fn kind(&self) -> NameKind {
        match self.field {
            Field::School => NameKind::School,
            Field::Major => NameKind::Major,
            _ => NameKind::Employer,
        }
    }

    /// What was typed there: the beginning of a request. What does not exist for this person has nothing to say.
    pub async fn typed(&self, visitor: &Visitor) -> Result<NameRequestDraft, AppError> {
        let pairs = self.saved(visitor).await?.0;
        let of = |field: Field| {
            pairs.iter().find(|(own, _)| *own == field).map(|(_, typed)| typed.clone()).unwrap_or_default()
        };
        let region = if self.field == Field::Employer { of(Field::EmployerProvince) } else { String::new() };
        Ok(NameRequestDraft {
            name_kind: self.kind().code().to_owned(),
            missing_name: of(self.field),
            missing_region: region,
            former_name: String::new(),
        })
    }

    /// The answers of the form as they are saved, with their version.
    async fn saved(&self, visitor: &Visitor) -> Result<(Vec<(Field, String)>, i64), AppError> {
        let candidate = visitor.candidate()?;
        match &self.place {
            Place::Work => {
                let work = candidate.profile().await.map_err(trouble)?.work;
                Ok((work.draft.pairs(), work.version))
            }
            Place::Entry(kind, id, _) => {
                let entries = candidate.profile().await.map_err(trouble)?.entries;
                let known = entries.into_iter().find(|entry| entry.id == *id && entry.kind() == *kind);
                known.map(|entry| (entry.draft.pairs(), entry.version)).ok_or(AppError::NotFound)
            }
            Place::Step(id) => {
                let view = candidate.application(*id).await.map_err(trouble)?;
                Ok((view.draft.pairs(Step::Work), view.row.version))
            }
        }
    }

    /// Chooses an entry of the list in the form it was missed in. Only the draft changes.
    pub async fn choose(&self, visitor: &Visitor, entry: &Entry) -> Result<(), AppError> {
        let candidate = visitor.candidate()?;
        let (mut pairs, version) = self.saved(visitor).await?;
        let id = id_field(self.field).map(|id| (id, entry.id.to_string()));
        pairs.retain(|(field, _)| *field != self.field && id.as_ref().is_none_or(|(id, _)| field != id));
        pairs.push((self.field, entry.name.clone()));
        pairs.extend(id);
        let pairs = pairs.into_iter().map(|(field, typed)| (field.name(), typed));
        let saved = match &self.place {
            Place::Work => candidate.save_work(WorkDraft::from_pairs(pairs), version, false).await.map(drop),
            Place::Entry(kind, id, _) => {
                candidate.save_entry(Some(*id), EntryDraft::from_pairs(*kind, pairs), version, false).await.map(drop)
            }
            Place::Step(id) => {
                let pairs = pairs.map(|(name, typed)| (name.to_owned(), typed)).collect();
                candidate.save_step(*id, Step::Work, pairs, version, false).await.map(drop)
            }
        };
        saved.map_err(trouble)
    }
}

/// A moment as a person reads it.
pub fn when(lang: Lang, moment: Moment) -> String {
    moment_text(lang, moment.date(), moment.time())
}

/// What became of a request, and what comes next, in a sentence.
pub fn said(lang: Lang, request: &NameRequestRow) -> String {
    let now = request.leads_to.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default();
    match request.state {
        RequestState::Open => text::naming_open(lang, when(lang, request.created)),
        RequestState::Approved => text::naming_approved(lang).to_owned(),
        RequestState::Merged => text::naming_merged(lang, &request.name, now),
        RequestState::Refused => text::naming_refused(lang, &request.reason),
        RequestState::Withdrawn => text::naming_withdrawn(lang).to_owned(),
    }
}

/// What is to be said beside fields that hold a name which was asked for, or the name that it became.
pub fn notes(visitor: &Visitor, requests: &[NameRequestRow]) -> Vec<NameNote> {
    let lang = visitor.lang;
    let mut notes: Vec<NameNote> = Vec::new();
    // What was refused once and came into the list otherwise needs no word.
    let counts = |request: &&NameRequestRow| match request.state {
        RequestState::Withdrawn => false,
        RequestState::Refused => visitor.dictionary().exact(request.kind, &request.name).is_none(),
        _ => true,
    };
    for request in requests.iter().filter(counts) {
        let name = request.leads_to.as_ref().map_or(&request.name, |(_, name)| name);
        let kind = request.kind.code().to_owned();
        // The latest request comes first, and says what counts.
        if !notes.iter().any(|note| note.kind == kind && note.name == *name) {
            notes.push(NameNote { kind, name: name.clone(), said: said(lang, request) });
        }
    }
    notes
}

/// The name of a list in the books.
pub fn kind_name(lang: Lang, kind: DictionaryKind) -> &'static str {
    text::choice_code(lang, NameKind::LIST, kind.code())
}
