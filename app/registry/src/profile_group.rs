//! The groups of the profile that are not repeatable, as they are stored: what was typed and the last version that was right.
use crate::{
    Error, Moment, Registry,
    db::{Conn, sql},
};
use forms::profile::{BasicDraft, ContactDraft, WorkDraft};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// A single group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupName {
    /// 基本信息.
    Basic,
    /// 联系方式.
    Contact,
    /// 工作情况.
    Work,
}
impl GroupName {
    /// Its name in paths and in storage.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Contact => "contact",
            Self::Work => "work",
        }
    }
    /// The group of that name.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Basic, Self::Contact, Self::Work].into_iter().find(|g| g.code() == code)
    }
}

/// A group as typed, with its version; 0 before anything was saved.
#[derive(Clone, Debug, Default)]
pub struct Group<D> {
    /// As typed.
    pub draft: D,
    /// Raised by each save.
    pub version: i64,
    /// Whether a version that was right is kept.
    pub valid: Option<D>,
}

#[derive(sqlx::FromRow)]
struct GroupRow {
    name: String,
    draft_sealed: Vec<u8>,
    valid_sealed: Option<Vec<u8>>,
    version: i64,
}
/// The associated data of a sealed group.
pub(crate) fn group_aad(name: GroupName, account: &Uuid) -> [&[u8]; 3] {
    [b"group", name.code().as_bytes(), account.as_bytes()]
}

/// A group as it is to be stored.
#[derive(Clone)]
pub(crate) struct NewGroup {
    pub(crate) account: Uuid,
    pub(crate) name: GroupName,
    pub(crate) sealed: Vec<u8>,
    pub(crate) valid: Option<Vec<u8>>,
    pub(crate) now: Moment,
    pub(crate) page: Option<Vec<u8>>,
    pub(crate) order: i64,
}
impl NewGroup {
    /// Stores it, and answers the new version. Another page that wrote the same answers since is no conflict.
    pub(crate) async fn save<D: DeserializeOwned + PartialEq>(
        &self,
        conn: &mut Conn<'_>,
        registry: &Registry,
        version: i64,
        draft: &D,
    ) -> Result<i64, Error> {
        if let Some(saved) = self.store(conn, version).await? {
            return Ok(saved);
        }
        let stored = sql!(
            conn,
            fetch_optional as StoredDraft,
            "SELECT version, draft_sealed, page_key, page_order FROM profile_group WHERE account_id = $1 AND name = $2",
            self.account,
            self.name.code()
        )?
        .ok_or(Error::Conflict)?;
        let aad = group_aad(self.name, &self.account);
        match stored.meet(registry, &aad, (&self.page, self.order), self.valid.is_some(), draft)? {
            Meeting::Overtaken(version) => Ok(version),
            Meeting::Same(version) => self.store(conn, version).await?.ok_or(Error::Conflict),
        }
    }

    /// Stores it, and answers the new version. The first version is inserted; every later one follows the one that was read, or
    /// one that the same page wrote; nothing is stored after another one.
    async fn store(&self, conn: &mut Conn<'_>, version: i64) -> Result<Option<i64>, Error> {
        let saved = sql!(
            conn, fetch_optional as (i64,),
            "INSERT INTO profile_group (account_id, name, draft_sealed, valid_sealed, version, updated, page_key, page_order) VALUES ($1, $2, $3, $4, 1, $5, $7, $8)
             ON CONFLICT (account_id, name) DO UPDATE SET draft_sealed = excluded.draft_sealed,
                valid_sealed = COALESCE(excluded.valid_sealed, profile_group.valid_sealed), version = profile_group.version + 1,
                updated = excluded.updated, page_key = excluded.page_key, page_order = excluded.page_order
             WHERE (profile_group.version = $6 OR profile_group.page_key = excluded.page_key)
                AND (profile_group.page_key IS NULL OR excluded.page_key IS NULL OR profile_group.page_key <> excluded.page_key
                    OR profile_group.page_order <= excluded.page_order)
             RETURNING version",
            self.account, self.name.code(), &self.sealed, self.valid.as_deref(), self.now.0, version, self.page.as_deref(), self.order
        )?;
        Ok(saved.map(|(version,): (i64,)| version))
    }
}

/// Whether what is stored came from the same page by a later save, so that this one only arrived late.
pub(crate) fn is_overtaken(stored: (Option<Vec<u8>>, i64), (page, order): (&Option<Vec<u8>>, i64)) -> bool {
    page.is_some() && stored.0 == *page && stored.1 > order
}

/// A group or an entry as it is stored, where a save did not follow on it.
#[derive(sqlx::FromRow)]
pub(crate) struct StoredDraft {
    version: i64,
    draft_sealed: Vec<u8>,
    page_key: Option<Vec<u8>>,
    page_order: i64,
}

/// What such a save means, with the stored version.
pub(crate) enum Meeting {
    /// A later save of the same page stands, and this one changes nothing.
    Overtaken(i64),
    /// Another page stored the same answers, so there is nothing to decide: somebody who went back and forth while typing meets
    /// their own save.
    Same(i64),
}

impl StoredDraft {
    /// Decides about a save of a page; [`Error::Conflict`] where other answers are stored. What was submitted is never passed over.
    pub(crate) fn meet<D: DeserializeOwned + PartialEq>(
        self,
        registry: &Registry,
        aad: &[&[u8]],
        (page, order): (&Option<Vec<u8>>, i64),
        submit: bool,
        draft: &D,
    ) -> Result<Meeting, Error> {
        if is_overtaken((self.page_key, self.page_order), (page, order)) && !submit {
            return Ok(Meeting::Overtaken(self.version));
        }
        let stored: D = registry.settings().sealer.open_json(aad, &self.draft_sealed)?;
        if stored == *draft { Ok(Meeting::Same(self.version)) } else { Err(Error::Conflict) }
    }
}

fn open_group<D: DeserializeOwned + Default>(
    registry: &Registry,
    account: Uuid,
    rows: &[GroupRow],
    name: GroupName,
) -> Result<Group<D>, Error> {
    let Some(row) = rows.iter().find(|row| row.name == name.code()) else {
        return Ok(Group { draft: D::default(), version: 0, valid: None });
    };
    let aad = group_aad(name, &account);
    let sealer = &registry.settings().sealer;
    Ok(Group {
        draft: sealer.open_json(&aad, &row.draft_sealed)?,
        version: row.version,
        valid: row.valid_sealed.as_ref().map(|sealed| sealer.open_json(&aad, sealed)).transpose()?,
    })
}

/// The three groups.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    pub(crate) basic: Group<BasicDraft>,
    pub(crate) contact: Group<ContactDraft>,
    pub(crate) work: Group<WorkDraft>,
}

/// The groups that were saved after a moment; the others are as if nothing had been saved.
pub(crate) async fn saved_since(
    conn: &mut Conn<'_>,
    registry: &Registry,
    account: Uuid,
    moment: Moment,
) -> Result<Groups, Error> {
    let rows = sql!(
        conn,
        fetch_all as GroupRow,
        "SELECT name, draft_sealed, valid_sealed, version FROM profile_group WHERE account_id = $1 AND updated > $2",
        account,
        moment.0
    )?;
    Ok(Groups {
        basic: open_group(registry, account, &rows, GroupName::Basic)?,
        contact: open_group(registry, account, &rows, GroupName::Contact)?,
        work: open_group(registry, account, &rows, GroupName::Work)?,
    })
}
