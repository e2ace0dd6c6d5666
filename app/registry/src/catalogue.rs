//! Examination sessions, their categories, areas and sites.
use crate::{
    Error, Moment, Registry,
    db::{Conn, sql, transaction},
    stored_catalogue::{SessionRow, StoredCatalogue, StoredCategory},
};
use forms::{
    category::Category, choice::Choice, exemption::SkillsPolicy, ids::ExamSessionId, rule_set, rule_set::RuleSet,
    value::Date,
};
use std::sync::Arc;
use uuid::Uuid;

pub use crate::stored_catalogue::{Area, Site};

/// An examination session: a year's examination.
#[derive(Clone, Debug)]
pub struct ExamSession {
    /// Its id.
    pub id: ExamSessionId,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Year.
    pub year: u16,
    /// Rules of its forms.
    pub rules: &'static RuleSet,
    /// First moment of online application.
    pub opens: Moment,
    /// First moment after it: "24:00" is the next midnight, exclusive (X38).
    pub closes: Moment,
    /// First moment of review on site.
    pub review_opens: Moment,
    /// First moment after it.
    pub review_closes: Moment,
    /// The day on which ages are counted (X23).
    pub reference_date: Date,
    /// What a pass of the skills test of the year before means (S102, X24).
    pub skills_policy: SkillsPolicy,
    /// Whether what an earlier review verified is trusted, so that its papers need not be shown again (S19).
    pub trusts_verified: bool,
}
impl ExamSession {
    /// Whether drafts may be begun and applications submitted (X38).
    pub fn is_open(&self, now: Moment) -> bool {
        self.opens <= now && now < self.closes
    }
    /// The last day of review on site.
    pub fn last_review_day(&self) -> Date {
        Moment(self.review_closes.0 - 1).date()
    }
}

/// A category of a session.
#[derive(Clone, Debug)]
pub struct CategoryRow {
    /// Its code.
    pub code: Category,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Whether the code is known to be in use (facts E1).
    pub confirmed: bool,
}

impl TryFrom<SessionRow> for ExamSession {
    type Error = Error;
    fn try_from(r: SessionRow) -> Result<Self, Error> {
        let id = r.id;
        let bad = |column| Error::stored("exam_session", column, id);
        Ok(Self {
            id: r.id.into(),
            name_zh: r.name_zh,
            name_en: r.name_en,
            year: u16::try_from(r.year).map_err(|_| bad("year"))?,
            rules: rule_set::rule_set(&r.rules).ok_or_else(|| bad("rules"))?,
            opens: Moment(r.opens),
            closes: Moment(r.closes),
            review_opens: Moment(r.review_opens),
            review_closes: Moment(r.review_closes),
            reference_date: Date::parse(&r.reference_date).map_err(|_| bad("reference_date"))?,
            skills_policy: SkillsPolicy::parse(&r.skills_policy).map_err(|_| bad("skills_policy"))?,
            trusts_verified: r.trusts_verified,
        })
    }
}

pub(crate) async fn exam_session(conn: &mut Conn<'_>, id: Uuid) -> Result<ExamSession, Error> {
    sql!(conn, fetch_optional as SessionRow, "SELECT * FROM exam_session WHERE id = $1", id)?
        .ok_or(Error::NotFound)?
        .try_into()
}

impl StoredCatalogue {
    /// A session.
    pub(crate) fn exam_session(&self, id: Uuid) -> Result<ExamSession, Error> {
        self.sessions.iter().find(|row| row.id == id).cloned().ok_or(Error::NotFound)?.try_into()
    }
    /// The open categories of a session.
    pub(crate) fn categories(&self, session: Uuid) -> Result<Vec<CategoryRow>, Error> {
        let read = |row: &StoredCategory| {
            let code = Category::parse(&row.code).map_err(|_| Error::stored("category", "code", session))?;
            let (name_zh, name_en) = (row.name_zh.clone(), row.name_en.clone());
            Ok(CategoryRow { code, name_zh, name_en, confirmed: row.confirmed })
        };
        self.categories.iter().filter(|row| row.session_id == session).map(read).collect()
    }
    /// The rule sets of the sessions that are open.
    pub(crate) fn open_rules(&self, now: Moment) -> Result<Vec<&'static RuleSet>, Error> {
        let is_open = |row: &&SessionRow| row.opens <= now.0 && row.closes > now.0;
        let read = |row: &SessionRow| {
            rule_set::rule_set(&row.rules).ok_or_else(|| Error::stored("exam_session", "rules", row.id))
        };
        self.sessions.iter().filter(is_open).map(read).collect()
    }
}

/// Sessions, categories, areas and sites as they are now. Nearly every page needs them and they change a few times a year, so they
/// are read when their version is another one, which a trigger sees to at every change.
pub(crate) async fn current(conn: &mut Conn<'_>, registry: &Registry) -> Result<Arc<StoredCatalogue>, Error> {
    let (version,) = sql!(conn, fetch_one as (i64,), "SELECT version FROM catalogue_version")?;
    if let Some(stored) = registry.catalogue_cache().get(version) {
        return Ok(stored);
    }
    // The version was read first: what changes between the statements has another one and is read again by the next request.
    let stored = Arc::new(StoredCatalogue {
        version,
        sessions: sql!(conn, fetch_all as SessionRow, "SELECT * FROM exam_session ORDER BY opens DESC")?,
        categories: sql!(
            conn,
            fetch_all as StoredCategory,
            "SELECT session_id, code, name_zh, name_en, confirmed FROM category ORDER BY code"
        )?,
        areas: sql!(conn, fetch_all as Area, "SELECT code, name, phone, address FROM area ORDER BY code")?.into(),
        sites: sql!(
            conn,
            fetch_all as Site,
            "SELECT code, area, name, name_en, address, phone, hours, map, open FROM site ORDER BY code"
        )?
        .into(),
    });
    registry.catalogue_cache().put(stored.clone());
    Ok(stored)
}

pub(crate) async fn site(conn: &mut Conn<'_>, code: String) -> Result<Option<Site>, Error> {
    Ok(sql!(
        conn,
        fetch_optional as Site,
        "SELECT code, area, name, name_en, address, phone, hours, map, open FROM site WHERE code = $1",
        code
    )?)
}

impl Registry {
    /// Sessions, categories, areas and sites as they are now.
    pub(crate) async fn catalogue(&self) -> Result<Arc<StoredCatalogue>, Error> {
        let registry = self.clone();
        self.read(move |conn| Box::pin(async move { current(conn, &registry).await })).await
    }
    /// All sessions, the newest first.
    pub async fn exam_sessions(&self) -> Result<Vec<ExamSession>, Error> {
        self.catalogue().await?.sessions.iter().cloned().map(ExamSession::try_from).collect()
    }
    /// The categories of a session.
    pub async fn categories(&self, session: ExamSessionId) -> Result<Vec<CategoryRow>, Error> {
        self.catalogue().await?.categories(session.uuid())
    }
    /// All areas and all sites, by code.
    pub async fn areas(&self) -> Result<(Arc<[Area]>, Arc<[Site]>), Error> {
        let stored = self.catalogue().await?;
        Ok((stored.areas.clone(), stored.sites.clone()))
    }
    /// Creates or replaces a session with its categories.
    pub async fn put_exam_session(&self, session: ExamSession, categories: Vec<CategoryRow>) -> Result<(), Error> {
        transaction!(self, [session, categories], conn => {
            let id = session.id.uuid();
            sql!(
                conn, execute,
                "INSERT INTO exam_session (id, name_zh, name_en, year, rules, opens, closes, review_opens, review_closes, reference_date,
                    skills_policy, trusts_verified)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                 ON CONFLICT (id) DO UPDATE SET name_zh = $2, name_en = $3, year = $4, rules = $5, opens = $6, closes = $7, review_opens = $8,
                    review_closes = $9, reference_date = $10, skills_policy = $11, trusts_verified = $12",
                id, session.name_zh, session.name_en, i64::from(session.year), session.rules.name, session.opens.0, session.closes.0,
                session.review_opens.0, session.review_closes.0, session.reference_date.to_string(),
                session.skills_policy.code(), session.trusts_verified
            )?;
            sql!(conn, execute, "DELETE FROM category WHERE session_id = $1", id)?;
            for row in categories {
                sql!(
                    conn, execute, "INSERT INTO category (session_id, code, name_zh, name_en, confirmed) VALUES ($1, $2, $3, $4, $5)",
                    id, row.code.to_string(), row.name_zh, row.name_en, row.confirmed
                )?;
            }
            Ok(())
        })
    }
    /// Creates the areas and sites that are not there. Those that are stay as an office wrote them; a site that is called as it was
    /// shipped and has no English name gets its own.
    pub(crate) async fn add_areas(&self, areas: Vec<Area>, sites: Vec<Site>) -> Result<(), Error> {
        self.store_areas(areas, sites, false).await
    }
    /// Creates or replaces areas and sites.
    pub async fn put_areas(&self, areas: Vec<Area>, sites: Vec<Site>) -> Result<(), Error> {
        self.store_areas(areas, sites, true).await
    }

    async fn store_areas(&self, areas: Vec<Area>, sites: Vec<Site>, replace: bool) -> Result<(), Error> {
        transaction!(self, [areas, sites], conn => {
            for area in areas {
                sql!(
                    conn, execute,
                    "INSERT INTO area (code, name, phone, address) VALUES ($1, $2, $3, $4)
                     ON CONFLICT (code) DO UPDATE SET name = $2, phone = $3, address = $4 WHERE $5",
                    area.code, area.name, area.phone, area.address, replace
                )?;
            }
            for site in sites {
                let Site { code, area, name, name_en, address, phone, hours, map, open } = site;
                sql!(
                    conn, execute,
                    "INSERT INTO site (code, area, name, name_en, address, phone, hours, map, open) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                     ON CONFLICT (code) DO UPDATE SET name = $3, name_en = $4, address = $5, phone = $6, hours = $7, map = $8, open = $9 WHERE $10",
                    &code, area, &name, &name_en, address, phone, hours, map, open, replace
                )?;
                if !replace {
                    sql!(
                        conn, execute, "UPDATE site SET name_en = $3 WHERE code = $1 AND name = $2 AND name_en = ''", code, name, name_en
                    )?;
                }
            }
            Ok(())
        })
    }
}
