//! What of the profile changed since an application was submitted (X1).
use super::draft_aad;
use crate::{
    Candidate, Error, GroupName, Moment, Registry,
    db::{Conn, sql},
    entry_lock::KINDS,
    profile_group,
    snapshot::snapshot_aad,
};
use forms::{
    application::{Application, ApplicationDraft},
    ids::{ApplicationId, EntryId},
    profile::EntryKind,
};
use uuid::Uuid;

/// What of the profile was changed since an application was submitted, and differs from it. The application itself does not
/// change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileChange {
    pub groups: Vec<GroupName>,
    pub photo: bool,
    /// Kinds of which an entry was completed since that the application does not have.
    pub entries: Vec<EntryKind>,
}
impl ProfileChange {
    /// Whether nothing was changed.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && !self.photo && self.entries.is_empty()
    }
}

#[derive(sqlx::FromRow)]
struct Row {
    draft_sealed: Vec<u8>,
    submitted: Option<i64>,
    snapshot_sealed: Option<Vec<u8>>,
    photo_id: Option<Uuid>,
    current_photo: Option<Uuid>,
}

/// The answers of an application with what the profile says today, and what that changes. An application that was never
/// submitted is answered as it is.
pub(super) async fn with_profile(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
    application: Uuid,
) -> Result<(ApplicationDraft, ProfileChange), Error> {
    let row = sql!(
        conn,
        fetch_optional as Row,
        "SELECT draft_sealed, snapshot_sealed, submitted, application.photo_id, account.photo_id AS current_photo
         FROM application JOIN account ON account.id = account_id WHERE application.id = $1 AND account_id = $2",
        application,
        account
    )?
    .ok_or(Error::NotFound)?;
    let mut draft: ApplicationDraft =
        registry.settings().sealer.open_json(&draft_aad(&application), &row.draft_sealed)?;
    let mut change = ProfileChange::default();
    let Some(submitted) = row.submitted else { return Ok((draft, change)) };
    change.photo = row.photo_id != row.current_photo;
    let newer = profile_group::saved_since(conn, registry, account, Moment(submitted)).await?;
    let mut changed = |name, is_new: bool| {
        if is_new {
            change.groups.push(name);
        }
    };
    changed(GroupName::Basic, take(&mut draft.basic, newer.basic.valid));
    changed(GroupName::Contact, take(&mut draft.contact, newer.contact.valid));
    changed(GroupName::Work, take(&mut draft.work, newer.work.valid));
    if let Some(sealed) = &row.snapshot_sealed {
        let before: Application = registry.settings().sealer.open_json(&snapshot_aad(&application), sealed)?;
        change.entries = new_entries(conn, account, Moment(submitted), &before).await?;
    }
    Ok((draft, change))
}

/// The kinds of which there is an entry that an application does not have: every complete education would have been submitted, of the
/// others those that were written since.
async fn new_entries(
    conn: &mut Conn<'_>,
    account: Uuid,
    submitted: Moment,
    before: &Application,
) -> Result<Vec<EntryKind>, Error> {
    let rows = sql!(
        conn,
        fetch_all as (Uuid, String, i64),
        "SELECT id, kind, created FROM entry
         WHERE account_id = $1 AND valid_sealed IS NOT NULL AND copy_of IS NULL AND deleted IS NULL",
        account
    )?;
    let used = before.entry_ids();
    let is_new = |kind: EntryKind| {
        rows.iter().filter(|(_, own, _)| own == kind.code()).any(|(id, _, created)| {
            !used.contains(&EntryId::from(*id)) && (kind == EntryKind::Education || *created > submitted.0)
        })
    };
    Ok(KINDS.into_iter().filter(|kind| is_new(*kind)).collect())
}

/// Puts newer answers in the place of others, and says whether they differ.
fn take<D: PartialEq>(answers: &mut D, newer: Option<D>) -> bool {
    let Some(newer) = newer.filter(|newer| newer != answers) else { return false };
    *answers = newer;
    true
}

impl Candidate {
    /// What of the profile was changed since an application was submitted.
    pub async fn profile_change(&self, id: ApplicationId) -> Result<ProfileChange, Error> {
        let (registry, account, id) = (self.registry().clone(), self.account().uuid(), id.uuid());
        self.registry()
            .read(move |conn| Box::pin(async move { Ok(with_profile(conn, &registry, account, id).await?.1) }))
            .await
    }
}
