//! The six groups of personal information: each holds what was typed and the last version that was right.
use crate::{
    Account, Actor, Candidate, DictionaryKind, Error, Moment, PageKey, PageOwner, Registry, account, audit,
    db::{Conn, sql, transaction},
    dictionary::completion,
    entry_lock::entry_aad,
    profile_group::{self, Group, GroupName, Groups, Meeting, NewGroup, StoredDraft, group_aad},
};
use forms::{
    Context, Problems,
    account::Identity,
    application::EntryView,
    ids::EntryId,
    profile::{BasicDraft, ContactDraft, Entry, EntryDraft, EntryKind, ProfileContext, WorkDraft},
};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

/// The most entries that a profile holds: more than any life needs, few enough to be read at once.
const MOST_ENTRIES: i64 = 60;

/// A whole profile.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Whose it is.
    pub account: Account,
    /// 基本信息.
    pub basic: Group<BasicDraft>,
    /// 联系方式.
    pub contact: Group<ContactDraft>,
    /// 工作情况.
    pub work: Group<WorkDraft>,
    /// 教育经历, 培训经历, 证书情况.
    pub entries: Vec<EntryView>,
}

#[derive(sqlx::FromRow)]
struct EntryRow {
    id: Uuid,
    kind: String,
    draft_sealed: Vec<u8>,
    valid_sealed: Option<Vec<u8>>,
    version: i64,
    locks: i64,
    verified: Option<i64>,
    copy_of: Option<Uuid>,
}

/// An entry as it is to be stored.
#[derive(Clone)]
struct NewEntry {
    id: Uuid,
    account: Uuid,
    kind: &'static str,
    sealed: Vec<u8>,
    valid: Option<Vec<u8>>,
    page: Option<Vec<u8>>,
    order: i64,
    /// Whether it was checked and is kept as valid.
    submit: bool,
}
impl NewEntry {
    /// Writes its first version; nothing if the page that sends it wrote it before. [`Error::Conflict`] where there are as many
    /// entries as there may be.
    async fn insert(&self, conn: &mut Conn<'_>, now: Moment) -> Result<Option<i64>, Error> {
        check_room(conn, self.account, self.id).await?;
        let saved = sql!(
            conn, fetch_optional as (i64,),
            "INSERT INTO entry (id, account_id, kind, draft_sealed, valid_sealed, version, created, page_key, page_order) VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8)
             ON CONFLICT DO NOTHING RETURNING version",
            self.id, self.account, self.kind, &self.sealed, self.valid.as_deref(), now.0, self.page.as_deref(), self.order
        )?;
        Ok(saved.map(|(version,): (i64,)| version))
    }

    /// Replaces the version that was read, and answers the new one. Another page that wrote the same answers since is no conflict.
    async fn replace(
        &self,
        conn: &mut Conn<'_>,
        registry: &Registry,
        version: i64,
        draft: &EntryDraft,
    ) -> Result<i64, Error> {
        if let Some(saved) = self.store(conn, version).await? {
            return Ok(saved);
        }
        let stored = sql!(
            conn,
            fetch_optional as StoredDraft,
            "SELECT version, draft_sealed, page_key, page_order FROM entry WHERE id = $1 AND account_id = $2 AND deleted IS NULL",
            self.id,
            self.account
        )?
        .ok_or(Error::NotFound)?;
        match stored.meet(registry, &entry_aad(&self.id), (&self.page, self.order), self.submit, draft)? {
            Meeting::Overtaken(version) => Ok(version),
            Meeting::Same(version) => self.store(conn, version).await?.ok_or(Error::Conflict),
        }
    }

    /// Replaces a version, or one that the same page wrote, unless the entry is read-only.
    async fn store(&self, conn: &mut Conn<'_>, version: i64) -> Result<Option<i64>, Error> {
        let saved = sql!(
            conn, fetch_optional as (i64,),
            "UPDATE entry SET draft_sealed = $4, valid_sealed = COALESCE($5, valid_sealed), version = version + 1, page_key = $7, page_order = $8
             WHERE id = $1 AND account_id = $2 AND kind = $3 AND (version = $6 OR page_key = $7)
                AND (page_key IS NULL OR $7 IS NULL OR page_key <> $7 OR page_order <= $8)
                AND locks = 0 AND verified IS NULL AND deleted IS NULL
             RETURNING version",
            self.id, self.account, self.kind, &self.sealed, self.valid.as_deref(), version, self.page.as_deref(), self.order
        )?;
        Ok(saved.map(|(version,): (i64,)| version))
    }
}

/// [`Error::Conflict`] where there are as many other entries as there may be.
pub(crate) async fn check_room(conn: &mut Conn<'_>, account: Uuid, id: Uuid) -> Result<(), Error> {
    let (count,) = sql!(
        conn,
        fetch_one as (i64,),
        "SELECT COUNT(*) FROM entry WHERE account_id = $1 AND id <> $2 AND deleted IS NULL",
        account,
        id
    )?;
    if count >= MOST_ENTRIES { Err(Error::Conflict) } else { Ok(()) }
}

/// The id of the entry that a page without one creates.
fn entry_begun_on(page: PageKey, account: Uuid, kind: EntryKind) -> Uuid {
    page.uuid(&[b"entry", account.as_bytes(), kind.code().as_bytes()])
}

/// The entries, with names completed that were missing when they were typed.
pub(crate) async fn entries(conn: &mut Conn<'_>, registry: &Registry, account: Uuid) -> Result<Vec<EntryView>, Error> {
    let mut entries = stored_entries(conn, registry, account).await?;
    complete(conn, account, &mut entries).await?;
    Ok(entries)
}

async fn stored_entries(conn: &mut Conn<'_>, registry: &Registry, account: Uuid) -> Result<Vec<EntryView>, Error> {
    let rows = sql!(
        conn,
        fetch_all as EntryRow,
        "SELECT id, kind, draft_sealed, valid_sealed, version, locks, verified, copy_of FROM entry WHERE account_id = $1 AND deleted IS NULL ORDER BY id",
        account
    )?;
    let is_locked = rows.iter().any(|row| row.locks > 0);
    let holders: Vec<(Uuid, Option<String>)> = if is_locked {
        sql!(
            conn,
            fetch_all as (Uuid, Option<String>),
            "SELECT application_entry.entry_id, application.serial FROM application_entry
             JOIN application ON application.id = application_entry.application_id
             WHERE application.account_id = $1 ORDER BY application.serial",
            account
        )?
    } else {
        Vec::new()
    };
    let sealer = &registry.settings().sealer;
    let view = |row: EntryRow| {
        let held_by = holders.iter().filter(|(entry, _)| *entry == row.id).filter_map(|(_, serial)| serial.clone());
        let aad = entry_aad(&row.id);
        let draft: EntryDraft = sealer.open_json(&aad, &row.draft_sealed)?;
        if draft.kind().code() != row.kind {
            return Err(Error::stored("entry", "kind", row.id));
        }
        let complete: Option<Entry> =
            row.valid_sealed.as_ref().map(|sealed| sealer.open_json(&aad, sealed)).transpose()?;
        Ok(EntryView {
            id: row.id.into(),
            draft,
            complete,
            locks: row.locks,
            held_by: held_by.collect(),
            verified: row.verified.is_some(),
            copy_of: row.copy_of.map(EntryId::from),
            version: row.version,
        })
    };
    rows.into_iter().map(view).collect()
}

/// The profile, with names completed that were missing when they were typed.
pub(crate) async fn load(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<Profile, Error> {
    let mut profile = stored(conn, registry, id).await?;
    completion::complete(conn, id, completion::work_slots(&mut profile.work.draft)).await?;
    if let Some(valid) = &mut profile.work.valid {
        completion::complete(conn, id, completion::work_slots(valid)).await?;
    }
    complete(conn, id, &mut profile.entries).await?;
    Ok(profile)
}

/// Completes names of entries, unless they are read-only: what an application uses and what was verified stays as it was seen.
async fn complete(conn: &mut Conn<'_>, account: Uuid, entries: &mut [EntryView]) -> Result<(), Error> {
    for view in entries.iter_mut().filter(|view| !view.is_read_only()) {
        completion::complete(conn, account, completion::entry_slots(&mut view.draft)).await?;
        match &mut view.complete {
            Some(Entry::Education(education)) => {
                if let Some(school) = &mut education.school {
                    completion::complete_name(conn, account, DictionaryKind::School, school).await?;
                }
                if let Some(major) = &mut education.major {
                    completion::complete_name(conn, account, DictionaryKind::Major, major).await?;
                }
            }
            Some(Entry::Training(training)) => {
                completion::complete_name(conn, account, DictionaryKind::Employer, &mut training.institution).await?;
            }
            Some(Entry::Certificate(_)) | None => {}
        }
    }
    Ok(())
}

/// The profile as it was saved.
pub(crate) async fn stored(conn: &mut Conn<'_>, registry: &Registry, id: Uuid) -> Result<Profile, Error> {
    let account = account::load(conn, registry, id).await?;
    let Groups { basic, contact, work } = profile_group::saved_since(conn, registry, id, Moment(i64::MIN)).await?;
    Ok(Profile { account, basic, contact, work, entries: stored_entries(conn, registry, id).await? })
}

impl Candidate {
    /// The whole profile.
    pub async fn profile(&self) -> Result<Profile, Error> {
        let (registry, id) = (self.registry().clone(), self.account().uuid());
        self.registry().read(move |conn| Box::pin(async move { load(conn, &registry, id).await })).await
    }

    /// Today and the platform's rules (X27).
    pub fn context(&self) -> Context<'static> {
        let settings = self.registry().settings();
        Context { today: settings.clock.now().date(), rules: settings.account_rules }
    }

    /// Saves 基本信息; 提交 (`submit`) also checks it and keeps it as valid. Returns the new version.
    pub async fn save_basic(&self, draft: BasicDraft, version: i64, submit: bool) -> Result<i64, Error> {
        let identity = self.reload().await?.identity;
        self.save_group(GroupName::Basic, &draft, version, submit, |c| draft.check(c).map(drop), &identity).await
    }
    /// Saves 联系方式, as [`Candidate::save_basic`] does.
    pub async fn save_contact(&self, draft: ContactDraft, version: i64, submit: bool) -> Result<i64, Error> {
        let identity = self.reload().await?.identity;
        self.save_group(GroupName::Contact, &draft, version, submit, |c| draft.check(c).map(drop), &identity).await
    }
    /// Saves 工作情况, as [`Candidate::save_basic`] does.
    pub async fn save_work(&self, draft: WorkDraft, version: i64, submit: bool) -> Result<i64, Error> {
        let identity = self.reload().await?.identity;
        self.save_group(GroupName::Work, &draft, version, submit, |c| draft.check(c).map(drop), &identity).await
    }

    async fn save_group<D: Serialize + DeserializeOwned + PartialEq + Clone + Send + Sync + 'static>(
        &self,
        name: GroupName,
        draft: &D,
        version: i64,
        submit: bool,
        check: impl FnOnce(&ProfileContext<'_>) -> Result<(), Problems>,
        identity: &Identity,
    ) -> Result<i64, Error> {
        if submit {
            check(&ProfileContext { base: self.context(), identity }).map_err(Error::Problems)?;
        }
        let (registry, me) = (self.registry().clone(), self.account());
        let settings = registry.settings();
        let (account, now) = (self.account().uuid(), settings.clock.now());
        let aad = group_aad(name, &account);
        let sealed = settings.sealer.seal_json(&settings.entropy, &aad, draft)?;
        let valid = submit.then(|| sealed.clone());
        let (row, draft) =
            (NewGroup { account, name, sealed, valid, now, page: self.page_key(), order: self.order() }, draft.clone());
        transaction!(self.registry(), [registry, draft, row], conn => {
            let saved = row.save(conn, &registry, version, &draft).await?;
            if submit {
                audit::record(conn, &registry, Actor::Candidate(me), "profile.submit", account).await?;
            }
            Ok(saved)
        })
    }

    /// Saves an entry: a new one without `id`, otherwise the version that was read. 提交 (`submit`) checks it. Entries that an
    /// application uses and verified ones are refused as [`Error::Conflict`]: they are read-only (S18, X2).
    pub async fn save_entry(
        &self,
        id: Option<EntryId>,
        draft: EntryDraft,
        version: i64,
        submit: bool,
    ) -> Result<(EntryId, i64), Error> {
        let identity = self.reload().await?.identity;
        let complete = match draft.check(&ProfileContext { base: self.context(), identity: &identity }) {
            Ok(complete) if submit => Some(complete),
            Err(problems) if submit => return Err(Error::Problems(problems)),
            _ => None,
        };
        let (registry, me) = (self.registry().clone(), self.account());
        let settings = registry.settings();
        let (account, now) = (self.account().uuid(), settings.clock.now());
        // A page that sends its new entry again means the one that it created.
        let fresh = || match self.page() {
            Some(page) => entry_begun_on(page, account, draft.kind()),
            None => settings.entropy.uuid(now),
        };
        let key = id.map_or_else(fresh, EntryId::uuid);
        let aad = entry_aad(&key);
        let sealed = settings.sealer.seal_json(&settings.entropy, &aad, &draft)?;
        let valid = complete.map(|c| settings.sealer.seal_json(&settings.entropy, &aad, &c)).transpose()?;
        let kind = draft.kind().code();
        let row =
            NewEntry { id: key, account, kind, sealed, valid, page: self.page_key(), order: self.order(), submit };
        transaction!(self.registry(), [registry, draft, row], conn => {
            let inserted = if id.is_none() { row.insert(conn, now).await? } else { None };
            let saved = match inserted {
                Some(first) => first,
                None => row.replace(conn, &registry, version, &draft).await?,
            };
            if submit {
                audit::record(conn, &registry, Actor::Candidate(me), "entry.submit", key).await?;
            }
            Ok((EntryId::from(key), saved))
        })
    }

    /// The entry that was begun on a page of this person, by the token of the page; nothing if it is not there or read-only.
    pub async fn begun_entry(&self, token: &str, kind: EntryKind) -> Result<Option<EntryId>, Error> {
        let Some(page) = self.registry().read_page_token(token) else { return Ok(None) };
        if page.owner != PageOwner::Candidate(self.account()) {
            return Ok(None);
        }
        let account = self.account().uuid();
        let id = entry_begun_on(page.key, account, kind);
        let known = self.registry().read(move |conn| {
            Box::pin(async move {
                Ok(sql!(
                    conn,
                    fetch_optional as (Uuid,),
                    "SELECT id FROM entry WHERE id = $1 AND account_id = $2 AND locks = 0 AND verified IS NULL AND deleted IS NULL",
                    id,
                    account
                )?)
            })
        });
        Ok(known.await?.map(|(id,)| id.into()))
    }

    /// Deletes an entry, unless it is read-only.
    pub async fn delete_entry(&self, id: EntryId, version: i64) -> Result<(), Error> {
        let (registry, me) = (self.registry().clone(), self.account());
        let (account, now) = (me.uuid(), registry.settings().clock.now());
        transaction!(self.registry(), [registry], conn => {
            let known = sql!(
                conn, fetch_optional as (i64,), "SELECT version FROM entry WHERE id = $1 AND account_id = $2 AND deleted IS NULL", id.uuid(), account
            )?;
            if known.is_none() {
                return Err(Error::NotFound);
            }
            let done = sql!(
                conn, execute,
                "UPDATE entry SET deleted = $3 WHERE id = $1 AND account_id = $2 AND version = $4 AND locks = 0 AND verified IS NULL AND deleted IS NULL",
                id.uuid(), account, now.0, version
            )?;
            if done == 0 {
                return Err(Error::Conflict);
            }
            audit::record(conn, &registry, Actor::Candidate(me), "entry.delete", id.uuid()).await
        })
    }
}
