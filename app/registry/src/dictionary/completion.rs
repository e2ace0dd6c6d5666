//! Completion of names that were typed because no list had them. Drafts are not rewritten when a list changes; names are
//! completed whenever a draft is read.
use super::DictionaryKind;
use crate::{
    Error,
    db::{Conn, sql},
};
use forms::{
    ids::DictionaryId,
    profile::{EntryDraft, WorkDraft},
    value::ListedName,
};
use uuid::Uuid;

/// A field that holds a name, with the field of the id of its entry.
pub(crate) struct Slot<'a> {
    pub(crate) kind: DictionaryKind,
    name: &'a mut String,
    id: &'a mut String,
}

impl Slot<'_> {
    /// The name in the normal form of a request, if it was typed and not chosen from the list.
    pub(crate) fn unlisted(&self) -> Option<String> {
        let typed = || ListedName::parse(self.name, "").ok().map(|name| name.name().to_owned());
        self.id.is_empty().then(typed).flatten()
    }
}

/// The names of 工作情况.
pub(crate) fn work_slots(work: &mut WorkDraft) -> Vec<Slot<'_>> {
    vec![Slot { kind: DictionaryKind::Employer, name: &mut work.employer, id: &mut work.employer_id }]
}
/// The names of an entry.
pub(crate) fn entry_slots(entry: &mut EntryDraft) -> Vec<Slot<'_>> {
    match entry {
        EntryDraft::Education(e) => vec![
            Slot { kind: DictionaryKind::School, name: &mut e.school, id: &mut e.school_id },
            Slot { kind: DictionaryKind::Major, name: &mut e.major, id: &mut e.major_id },
        ],
        EntryDraft::Training(t) => {
            vec![Slot { kind: DictionaryKind::Employer, name: &mut t.institution, id: &mut t.institution_id }]
        }
        EntryDraft::Certificate(_) => Vec::new(),
    }
}

/// Completes names that were typed before the dictionaries had them: those that are listed as they were typed by now, and those
/// of which an office answered this person that they are another name of an entry.
pub(crate) async fn complete(conn: &mut Conn<'_>, account: Uuid, slots: Vec<Slot<'_>>) -> Result<(), Error> {
    for slot in slots {
        let Some(typed) = slot.unlisted() else { continue };
        if let Some((id, name)) = leads_to(conn, account, slot.kind, &typed).await? {
            (*slot.id, *slot.name) = (id.to_string(), name);
        }
    }
    Ok(())
}

/// Completes a name of a valid version.
pub(crate) async fn complete_name(
    conn: &mut Conn<'_>,
    account: Uuid,
    kind: DictionaryKind,
    name: &mut ListedName,
) -> Result<(), Error> {
    if name.id().is_none()
        && let Some((id, listed)) = leads_to(conn, account, kind, name.name()).await?
        && let Ok(listed) = ListedName::parse(&listed, &id.to_string())
    {
        *name = listed;
    }
    Ok(())
}

/// The id and current name of the entry that a typed name leads to.
async fn leads_to(
    conn: &mut Conn<'_>,
    account: Uuid,
    kind: DictionaryKind,
    typed: &str,
) -> Result<Option<(DictionaryId, String)>, Error> {
    // What this person was answered comes first: elsewhere the same name may be that of another institution.
    let answered = sql!(
        conn,
        fetch_optional as (Uuid,),
        "SELECT entry_id FROM name_request WHERE account_id = $1 AND kind = $2 AND name = $3 AND entry_id IS NOT NULL
         ORDER BY answered DESC LIMIT 1",
        account,
        kind.code(),
        typed
    )?;
    if let Some((id,)) = answered
        && let Some((_, stands)) = super::entry(conn, id.into()).await?.filter(|(_, entry)| entry.active)
    {
        return Ok(Some((stands.id, stands.name)));
    }
    Ok(super::only_listed_as(conn, kind, typed).await?.map(|entry| (entry.id, entry.name)))
}
