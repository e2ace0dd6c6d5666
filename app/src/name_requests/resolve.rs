//! Typed names resolved against the dictionaries, and what became of requests for names that were missing.
use crate::{
    i18n,
    lang::Lang,
    request::RequestContext,
    transport::{FormFields, NameNote},
};
use forms::{
    Field,
    choice::{Choice, NameKind},
    profile::{WorkDraft, id_field},
};
use registry::{DictionaryKind, Moment, NameRequestRow, RequestState};

/// A name that stands in a list counts as chosen from it, with the region it has there, and an id that belongs to another name does
/// not count.
pub(crate) fn resolve_names(context: &RequestContext, fields: &mut FormFields) {
    let kinds = [
        (Field::School, DictionaryKind::School),
        (Field::Major, DictionaryKind::Major),
        (Field::Employer, DictionaryKind::Employer),
        (Field::Institution, DictionaryKind::Employer),
    ];
    for (field, kind) in kinds {
        let (Some(typed), Some(id)) = (fields.get(field.name()), id_field(field)) else { continue };
        let chosen = fields.get(id.name()).cloned().unwrap_or_default();
        let known = context.dictionary().named(kind, typed);
        // Of several with the same name the one in the employer's province is meant, where that was asked.
        let province = fields.get(Field::EmployerProvince.name()).filter(|_| field == Field::Employer);
        let there = || known.iter().find(|hit| province.is_some_and(|province| hit.region == *province));
        let only = || known.first().filter(|_| known.len() == 1);
        let right = known.iter().find(|hit| hit.id.to_string() == chosen).or_else(there).or_else(only);
        // Where it is, the list knows (S75). An employer may have a branch elsewhere, which is said beside the field (X32).
        let (region, is_fixed) = match field {
            Field::School => (Field::SchoolRegion, true),
            Field::Employer => (Field::EmployerProvince, false),
            _ => (field, false),
        };
        if let Some(right) = right.filter(|right| region != field && !right.region.is_empty())
            && fields.get(region.name()).is_some_and(|typed| is_fixed || typed.is_empty())
        {
            fields.insert(region.name().to_owned(), right.region.clone());
        }
        fields.insert(id.name().to_owned(), right.map(|hit| hit.id.to_string()).unwrap_or_default());
    }
}

/// The region of an employer that was chosen from the list; else nothing.
pub(crate) fn employer_region(context: &RequestContext, work: &WorkDraft) -> String {
    let named = context.dictionary().named(DictionaryKind::Employer, &work.employer);
    named.into_iter().find(|hit| hit.id.to_string() == work.employer_id).map(|hit| hit.region).unwrap_or_default()
}

/// A moment in words.
pub fn moment_text(moment: Moment) -> String {
    i18n::moment_text(moment.date(), moment.time())
}

/// What became of a request, and what comes next, in a sentence.
pub fn note_for(lang: Lang, request: &NameRequestRow) -> String {
    let now_called = request.leads_to.as_ref().map(|(_, name)| name.as_str()).unwrap_or_default();
    match request.state {
        RequestState::Open => i18n::name_request_open(lang, moment_text(request.created)),
        RequestState::Approved => i18n::name_request_approved(lang).to_owned(),
        RequestState::Merged => i18n::name_request_merged(lang, &request.name, now_called),
        RequestState::Refused => i18n::name_request_refused(lang, &request.reason),
        RequestState::Withdrawn => i18n::name_request_withdrawn(lang).to_owned(),
    }
}

/// What is to be said beside fields that hold a name which was asked for, or the name that it became.
pub fn notes(context: &RequestContext, requests: &[NameRequestRow]) -> Vec<NameNote> {
    let lang = context.lang;
    let mut notes: Vec<NameNote> = Vec::new();
    // What was refused once and came into the list otherwise needs no word.
    let counts = |request: &&NameRequestRow| match request.state {
        RequestState::Withdrawn => false,
        RequestState::Refused => context.dictionary().exact(request.kind, &request.name).is_none(),
        _ => true,
    };
    for request in requests.iter().filter(counts) {
        let name = request.leads_to.as_ref().map_or(&request.name, |(_, name)| name);
        let kind = request.kind.code().to_owned();
        // The latest request comes first, and says what counts.
        if !notes.iter().any(|note| note.kind == kind && note.name == *name) {
            notes.push(NameNote { kind, name: name.clone(), text: note_for(lang, request) });
        }
    }
    notes
}

/// The name of a dictionary.
pub fn kind_name(lang: Lang, kind: DictionaryKind) -> &'static str {
    i18n::choice_code(lang, NameKind::LIST, kind.code())
}
