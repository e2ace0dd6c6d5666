//! Where a name was missed: the field and the form it belongs to, and what is known about the name there.
use crate::{
    error::AppError,
    http::form::FormData,
    request::{Reply, RequestContext},
    routes::{Page, ProfileGroup},
};
use forms::{
    Draft, Field,
    choice::{Choice, NameKind},
    ids::{ApplicationId, DictionaryId, EntryId},
    journey::Step,
    name_requests::NameRequestDraft,
    profile::{EntryDraft, EntryKind, WorkDraft, id_field},
};
use registry::Entry;

/// The field in which a name was missed, and the form it belongs to. It travels in URLs: it names things, never people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The field, which takes its names from a dictionary.
    field: Field,
    form: OriginForm,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum OriginForm {
    /// 工作情况 of the profile.
    Work,
    /// An entry of the profile, perhaps written for an application.
    Entry(EntryKind, EntryId, Option<ApplicationId>),
    /// The step of an application that asks for the employer.
    Step(ApplicationId),
}

/// Leads to where a missing name can be requested, or an employer looked for by its place, if a button of a field posted the form
/// for that: the form is saved as the draft of its page first, right or wrong. `None` for any other post, and where it could not
/// be saved, so that the form itself says why.
pub async fn redirect_to_names(context: &RequestContext, page: &Page, form: &FormData) -> Option<Reply> {
    let (field, target) = match (form.last_value("missing"), form.last_value("pick")) {
        ("", "") => return None,
        ("", field) => (field, Page::Employers),
        (field, _) => (field, Page::NameRequests),
    };
    let saved = context.save_draft(page.clone(), form.clone()).await.ok()??;
    let origin = Origin::of(field, &saved)?;
    Some(Reply::SeeOther(target.with_query(&origin.pairs())))
}

/// Chooses an entry, by its id, for the field that a page was opened from.
pub(super) async fn choose(context: &RequestContext, origin: Option<&Origin>, id: &str) -> Result<Reply, AppError> {
    let (origin, id) = (origin.ok_or(AppError::BadRequest)?, DictionaryId::parse(id).ok_or(AppError::NotFound)?);
    let known = context.registry().dictionary_entry(id).await?;
    let (kind, entry) = known.filter(|(_, entry)| entry.active).ok_or(AppError::NotFound)?;
    if kind != origin.kind().into() {
        return Err(AppError::BadRequest);
    }
    origin.select_entry(context, &entry).await?;
    Ok(Reply::SeeOther(format!("{}#f-{}", origin.page().path(), origin.field.name())))
}

impl Origin {
    /// A field on a page.
    pub fn of(field: &str, page: &Page) -> Option<Self> {
        let field = Field::parse(field).filter(|field| id_field(*field).is_some())?;
        let form = match page {
            Page::Profile(ProfileGroup::Work) => OriginForm::Work,
            Page::Entry(kind, Some(id)) => OriginForm::Entry(*kind, *id, None),
            Page::SavedApplicationEntry(application, kind, id) => OriginForm::Entry(*kind, *id, Some(*application)),
            Page::Step(id, Step::Work) => OriginForm::Step(*id),
            _ => return None,
        };
        Some(Self { field, form })
    }
    /// Reads it from a query or a form.
    pub fn parse(form: &FormData) -> Option<Self> {
        let application = ApplicationId::parse(form.last_value("application"));
        let page = match (EntryKind::parse(form.last_value("kind")), application) {
            (Some(kind), None) => Page::Entry(kind, EntryId::parse(form.last_value("entry"))),
            (Some(kind), Some(id)) => Page::SavedApplicationEntry(id, kind, EntryId::parse(form.last_value("entry"))?),
            (None, Some(id)) => Page::Step(id, Step::Work),
            (None, None) => Page::Profile(ProfileGroup::Work),
        };
        Self::of(form.last_value("field"), &page)
    }
    /// The pairs that it is read from.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("field", self.field.name().to_owned())];
        match &self.form {
            OriginForm::Work => {}
            OriginForm::Entry(kind, id, application) => {
                pairs.extend([("kind", kind.code().to_owned()), ("entry", id.to_string())]);
                pairs.extend(application.iter().map(|id| ("application", id.to_string())));
            }
            OriginForm::Step(id) => pairs.push(("application", id.to_string())),
        }
        pairs
    }
    /// The page with the form.
    pub fn page(&self) -> Page {
        match &self.form {
            OriginForm::Work => Page::Profile(ProfileGroup::Work),
            OriginForm::Entry(kind, id, Some(application)) => Page::SavedApplicationEntry(*application, *kind, *id),
            OriginForm::Entry(kind, id, None) => Page::Entry(*kind, Some(*id)),
            OriginForm::Step(id) => Page::Step(*id, Step::Work),
        }
    }
    /// The dictionary that the field takes its names from.
    pub const fn kind(&self) -> NameKind {
        match self.field {
            Field::School => NameKind::School,
            Field::Major => NameKind::Major,
            _ => NameKind::Employer,
        }
    }

    /// What was typed there, as the beginning of a request.
    pub async fn typed(&self, context: &RequestContext) -> Result<NameRequestDraft, AppError> {
        let pairs = self.saved(context).await?.0;
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
    async fn saved(&self, context: &RequestContext) -> Result<(Vec<(Field, String)>, i64), AppError> {
        let candidate = context.candidate()?;
        match &self.form {
            OriginForm::Work => {
                let work = candidate.profile().await?.work;
                Ok((work.draft.pairs(), work.version))
            }
            OriginForm::Entry(kind, id, _) => {
                let entries = candidate.profile().await?.entries;
                let known = entries.into_iter().find(|entry| entry.id == *id && entry.kind() == *kind);
                known.map(|entry| (entry.draft.pairs(), entry.version)).ok_or(AppError::NotFound)
            }
            OriginForm::Step(id) => {
                let view = candidate.application(*id).await?;
                Ok((view.draft.pairs(Step::Work), view.row.version))
            }
        }
    }

    /// Selects an entry of the dictionary in the form where the name was missed, for an employer with its region. Only the draft
    /// changes.
    pub async fn select_entry(&self, context: &RequestContext, entry: &Entry) -> Result<(), AppError> {
        let candidate = context.candidate()?;
        let (mut pairs, version) = self.saved(context).await?;
        let id = id_field(self.field).map(|id| (id, entry.id.to_string()));
        pairs.retain(|(field, _)| *field != self.field && id.as_ref().is_none_or(|(id, _)| field != id));
        pairs.push((self.field, entry.name.clone()));
        pairs.extend(id);
        if self.field == Field::Employer && !entry.region.is_empty() {
            pairs.retain(|(field, _)| *field != Field::EmployerProvince);
            pairs.push((Field::EmployerProvince, entry.region.clone()));
        }
        let pairs = pairs.into_iter().map(|(field, typed)| (field.name(), typed));
        let saved = match &self.form {
            OriginForm::Work => candidate.save_work(WorkDraft::from_pairs(pairs), version, false).await.map(drop),
            OriginForm::Entry(kind, id, _) => {
                candidate.save_entry(Some(*id), EntryDraft::from_pairs(*kind, pairs), version, false).await.map(drop)
            }
            OriginForm::Step(id) => {
                let pairs = pairs.map(|(name, typed)| (name.to_owned(), typed)).collect();
                candidate.save_step(*id, Step::Work, pairs, version, false).await.map(drop)
            }
        };
        saved.map_err(AppError::from)
    }
}
