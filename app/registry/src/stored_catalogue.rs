//! Sessions, categories, areas and sites in memory, as their tables stood at one version.
use std::sync::{Arc, PoisonError, RwLock};
use uuid::Uuid;

/// 考区.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Area {
    /// Two digits.
    pub code: String,
    /// Name.
    pub name: String,
    /// Telephone (S106).
    pub phone: String,
    /// Where its office is.
    pub address: String,
}
/// 考点.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Site {
    /// Its area's digits and its own.
    pub code: String,
    /// Its area.
    pub area: String,
    /// Name.
    pub name: String,
    /// Name in English; empty where an office gave none.
    pub name_en: String,
    /// Where papers are brought.
    pub address: String,
    /// Telephone (S106).
    pub phone: String,
    /// When it receives people.
    pub hours: String,
    /// The address of a map that shows where it is.
    pub map: String,
    /// Whether it takes applications.
    pub open: bool,
}

#[derive(Clone, sqlx::FromRow)]
pub(crate) struct SessionRow {
    pub(crate) id: Uuid,
    pub(crate) name_zh: String,
    pub(crate) name_en: String,
    pub(crate) year: i64,
    pub(crate) rules: String,
    pub(crate) opens: i64,
    pub(crate) closes: i64,
    pub(crate) review_opens: i64,
    pub(crate) review_closes: i64,
    pub(crate) reference_date: String,
    pub(crate) skills_policy: String,
    pub(crate) trusts_verified: bool,
}

#[derive(Clone, sqlx::FromRow)]
pub(crate) struct StoredCategory {
    pub(crate) session_id: Uuid,
    pub(crate) code: String,
    pub(crate) name_zh: String,
    pub(crate) name_en: String,
    pub(crate) confirmed: bool,
}

/// The tables as they stood at a version.
pub(crate) struct StoredCatalogue {
    pub(crate) version: i64,
    /// The newest first.
    pub(crate) sessions: Vec<SessionRow>,
    /// By code.
    pub(crate) categories: Vec<StoredCategory>,
    /// By code.
    pub(crate) areas: Arc<[Area]>,
    /// By code.
    pub(crate) sites: Arc<[Site]>,
}

/// What was read last.
#[derive(Default)]
pub(crate) struct CatalogueCache(RwLock<Option<Arc<StoredCatalogue>>>);
impl CatalogueCache {
    /// What is in memory, if it is of that version.
    pub(crate) fn get(&self, version: i64) -> Option<Arc<StoredCatalogue>> {
        let stored = self.0.read().unwrap_or_else(PoisonError::into_inner);
        stored.as_ref().filter(|stored| stored.version == version).cloned()
    }
    pub(crate) fn put(&self, stored: Arc<StoredCatalogue>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(stored);
    }
}
