//! Server functions of applying.
use crate::{
    error::AppError,
    wire::{ExamsData, Packed, Posted, WizardData},
};
use forms::{
    Problem,
    category::Category,
    ids::{ApplicationId, ExamSessionId},
    journey::Step,
};
use leptos::{prelude::*, server_fn::codec::Json};
use serde::{Deserialize, Serialize};

/// What beginning or submitting answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Applied {
    /// Done.
    Yes(ApplicationId),
    /// Refused, and why.
    No(Vec<(Step, Problem)>),
}

/// Sessions, categories and the person's applications.
#[server(endpoint = "exams")]
pub async fn load_exams() -> Result<Packed<ExamsData>, AppError> {
    let visitor = crate::door::visitor()?;
    act::exams(&visitor).await.map(|data| Packed::new(&data))
}

/// Everything the wizard shows.
#[server(endpoint = "wizard")]
pub async fn load_wizard(id: ApplicationId) -> Result<Packed<WizardData>, AppError> {
    act::wizard(&crate::door::visitor()?, id).await.map(|data| Packed::new(&data))
}

/// Begins an application, or takes up the draft of the session again.
#[server(endpoint = "begin", input = Json)]
pub async fn begin(session: ExamSessionId, category: Category) -> Result<Packed<Applied>, AppError> {
    act::begin(&crate::door::visitor()?, session, category).await.map(|done| Packed::new(&done))
}

/// Saves a step; `attempt` is "next". Answers the new version.
#[server(endpoint = "save-step", input = Json)]
pub async fn save_step(
    id: ApplicationId,
    step: Step,
    fields: Posted,
    version: i64,
    attempt: bool,
) -> Result<i64, AppError> {
    act::save_step(&crate::door::visitor()?, id, step, fields, version, attempt).await
}

/// Submits the application.
#[server(endpoint = "submit", input = Json)]
pub async fn submit_application(id: ApplicationId, version: i64) -> Result<Packed<Applied>, AppError> {
    act::submit(&crate::door::visitor()?, id, version).await.map(|done| Packed::new(&done))
}

/// What server functions and plain posts have in common.
#[cfg(feature = "ssr")]
pub(crate) mod act {
    use super::*;
    use crate::{
        door::{Visitor, trouble},
        lang::Lang,
        naming,
        profile::api::act::resolve_names,
        text,
        wire::{ApplicationData, AreaData, Basis, CategoryData, ExamData, moment_text},
    };
    use forms::{review::Finding, status::ApplicationStatus};
    use registry::{ApplicationRow, CategoryRow, ExamSession, Moment, SubmitError};

    pub(crate) fn exam_data(lang: Lang, exam: &ExamSession, now: Moment) -> ExamData {
        let text = |moment: Moment| moment_text(lang, moment.date(), moment.time());
        // "24:00" is the next midnight, exclusive (X38): people read the minute before it.
        let last = Moment(exam.closes.0 - 1);
        ExamData {
            id: exam.id,
            name: lang.of(&exam.name_zh, &exam.name_en).to_owned(),
            year: exam.year,
            open: exam.is_open(now),
            opens: text(exam.opens),
            closes: text(last),
            review: (exam.review_opens.date().to_string(), Moment(exam.review_closes.0 - 1).date().to_string()),
        }
    }
    pub(crate) fn categories_data(lang: Lang, rows: &[CategoryRow]) -> Vec<CategoryData> {
        let data = |row: &CategoryRow| CategoryData {
            code: row.code,
            name: lang.of(&row.name_zh, &row.name_en).to_owned(),
            confirmed: row.confirmed,
        };
        rows.iter().map(data).collect()
    }

    pub(crate) async fn exams(visitor: &Visitor) -> Result<ExamsData, AppError> {
        let (registry, lang, now) = (visitor.registry(), visitor.lang, visitor.now());
        let sessions = registry.exam_sessions().await.map_err(trouble)?;
        let (_, sites) = registry.areas().await.map_err(trouble)?;
        let mut exams = Vec::new();
        for session in &sessions {
            let rows = registry.categories(session.id).await.map_err(trouble)?;
            exams.push((exam_data(lang, session, now), categories_data(lang, &rows)));
        }
        let own = visitor.candidate()?.applications().await.map_err(trouble)?;
        let text = |moment: Moment| moment_text(lang, moment.date(), moment.time());
        let data = |row: ApplicationRow| {
            let exam = exams.iter().find(|(exam, _)| exam.id == row.session);
            let category = exam.and_then(|(_, all)| all.iter().find(|c| c.code.to_string() == row.category));
            ApplicationData {
                id: row.id,
                exam: exam.map(|(exam, _)| exam.name.clone()).unwrap_or_default(),
                category: category.map(|c| c.name.clone()).unwrap_or_default(),
                status: row.status,
                serial: row.serial,
                site: row.site.and_then(|code| sites.iter().find(|s| s.code == code).map(|s| s.name.clone())),
                submitted: row.submitted.map(text),
                updated: text(row.updated),
                closes: exam.map(|(exam, _)| exam.closes.clone()).unwrap_or_default(),
                open: exam.is_some_and(|(exam, _)| exam.open),
            }
        };
        Ok(ExamsData { applications: own.into_iter().map(data).collect(), exams })
    }

    pub(crate) async fn wizard(visitor: &Visitor, id: ApplicationId) -> Result<WizardData, AppError> {
        let view = visitor.candidate()?.application(id).await.map_err(trouble)?;
        let (areas, sites) = visitor.registry().areas().await.map_err(trouble)?;
        let lang = visitor.lang;
        let area = |area: registry::Area| AreaData {
            sites: sites
                .iter()
                .filter(|s| s.area == area.code && s.open)
                .map(|s| (s.code.clone(), s.name.clone()))
                .collect(),
            // An area is a province, whose name is known in both languages.
            name: match text::choice_code(lang, "province", &area.code) {
                "" => area.name,
                known if lang == Lang::En => known.to_owned(),
                _ => area.name,
            },
            code: area.code,
        };
        let found = match view.row.status {
            ApplicationStatus::Returned => visitor.candidate()?.history(id).await.map_err(trouble)?.found,
            _ => Vec::new(),
        };
        let returned = found.iter().filter(|one| one.finding == Finding::Return);
        // The reason stands beside the answer itself, not beside those that change with it.
        let reasons = returned
            .filter_map(|one| one.item.opens().first().map(|field| (*field, crate::desk::facts::why(lang, one))))
            .collect();
        Ok(WizardData {
            id,
            reasons,
            opened: view.opened.clone(),
            version: view.row.version,
            status: view.row.status,
            basis: Basis { today: visitor.now().date(), rules: view.exam.rules.name.to_owned() },
            exam: exam_data(lang, &view.exam, visitor.now()),
            reference_date: view.exam.reference_date,
            categories: categories_data(lang, &view.categories),
            open: view.open(),
            areas: areas.into_iter().map(area).collect(),
            draft: view.draft,
            identity: view.identity,
            entries: view.entries,
            photo: view.photo,
            history: view.history,
            names: naming::notes(visitor, &visitor.candidate()?.name_requests().await.map_err(trouble)?),
        })
    }

    fn applied<T>(result: Result<T, SubmitError>, id: impl FnOnce(T) -> ApplicationId) -> Result<Applied, AppError> {
        match result {
            Ok(done) => Ok(Applied::Yes(id(done))),
            Err(SubmitError::Problems(problems)) => Ok(Applied::No(problems)),
            Err(SubmitError::Registry(error)) => Err(trouble(error)),
        }
    }

    pub(crate) async fn begin(
        visitor: &Visitor,
        session: ExamSessionId,
        category: Category,
    ) -> Result<Applied, AppError> {
        applied(visitor.candidate()?.begin(session, category).await, |id| id)
    }

    pub(crate) async fn save_step(
        visitor: &Visitor,
        id: ApplicationId,
        step: Step,
        mut fields: Posted,
        version: i64,
        attempt: bool,
    ) -> Result<i64, AppError> {
        resolve_names(visitor, &mut fields);
        let saved = visitor
            .candidate()?
            .save_step(id, step, fields.into_iter().collect(), version, attempt)
            .await
            .map_err(trouble)?;
        Ok(saved.version)
    }

    pub(crate) async fn submit(visitor: &Visitor, id: ApplicationId, version: i64) -> Result<Applied, AppError> {
        applied(visitor.candidate()?.submit(id, version).await, |_| id)
    }
}
