//! Server functions of the desk.
use super::{QueueData, RecordData, Wrong};
use crate::{
    error::AppError,
    wire::{Packed, Posted},
};
use forms::ids::ApplicationId;
use leptos::{prelude::*, server_fn::codec::Json};

/// A page of the queue.
#[server(endpoint = "desk-queue", input = Json)]
pub async fn load_queue(#[server(default)] fields: Posted) -> Result<Packed<QueueData>, AppError> {
    act::queue(&crate::door::visitor()?, fields).await.map(|data| Packed::new(&data))
}

/// One record.
#[server(endpoint = "desk-record")]
pub async fn load_record(id: ApplicationId) -> Result<Packed<RecordData>, AppError> {
    act::record(&crate::door::visitor()?, id).await.map(|data| Packed::new(&data))
}

/// A deed: the pairs that the form would have posted.
#[server(endpoint = "desk-deed", input = Json)]
pub async fn deed(id: ApplicationId, #[server(default)] fields: Posted) -> Result<Packed<Wrong>, AppError> {
    act::deed(&crate::door::visitor()?, id, &fields).await.map(|done| Packed::new(&done))
}

/// Takes the record that has waited longest.
#[server(endpoint = "desk-next")]
pub async fn take_next() -> Result<Option<ApplicationId>, AppError> {
    crate::door::visitor()?.officer()?.next().await.map_err(crate::door::trouble)
}

/// What server functions and plain posts have in common.
#[cfg(feature = "ssr")]
pub(crate) mod act {
    use super::*;
    use crate::{
        desk::{
            EntryLine, RowData,
            facts::{self, Names},
        },
        door::{Visitor, trouble},
        profile::{entry_facts, entry_title},
        text,
        wire::Basis,
    };
    use forms::{
        Draft,
        application::Flag,
        category::Category,
        choice::Choice,
        ids::EntryId,
        materials::Material,
        profile::Entry,
        review::{CorrectionDraft, Deed, Finding, Item, ItemDraft, Outcome, ReviewDraft, checks},
        status::ApplicationStatus,
    };
    use registry::{ActionRefused, Moment, ReviewError, Search};

    /// How long something waits, in the largest unit that says something.
    pub(crate) fn waits(visitor: &Visitor, since: Moment) -> String {
        let minutes = (visitor.now().0 - since.0).max(0) / 60_000_000;
        let lang = visitor.lang;
        match minutes {
            0..60 => text::desk_waits_minutes(lang, minutes),
            60..2880 => text::desk_waits_hours(lang, minutes / 60),
            _ => text::desk_waits_days(lang, minutes / 1440),
        }
    }

    pub(crate) async fn queue(visitor: &Visitor, asked: Posted) -> Result<QueueData, AppError> {
        let officer = visitor.officer()?;
        let of = |name: &str| asked.get(name).map(String::as_str).unwrap_or_default();
        let search = Search {
            status: ApplicationStatus::parse(of("status")).ok(),
            category: Category::parse(of("category")).ok(),
            flag: Flag::parse(of("flag")).ok(),
            find: of("find").to_owned(),
            after: ApplicationId::parse(of("after")),
            unclaimed: false,
        };
        let page = officer.queue(&search).await.map_err(trouble)?;
        let (areas, sites) = visitor.registry().areas().await.map_err(trouble)?;
        let names = Names { lang: visitor.lang, areas: &areas, sites: &sites };
        let mut categories: Vec<(String, String)> = Vec::new();
        for session in visitor.registry().exam_sessions().await.map_err(trouble)? {
            for row in visitor.registry().categories(session.id).await.map_err(trouble)? {
                let code = row.code.to_string();
                if !categories.iter().any(|(known, _)| *known == code) {
                    categories.push((code, visitor.lang.of(&row.name_zh, &row.name_en).to_owned()));
                }
            }
        }
        let row = |row: registry::QueueRow| RowData {
            id: row.id,
            serial: row.serial,
            name: row.name,
            category: categories
                .iter()
                .find(|(code, _)| *code == row.category)
                .map_or_else(|| row.category.clone(), |(_, name)| name.clone()),
            site: names.site(&row.site),
            status: row.status,
            waits: waits(visitor, row.waiting),
            flags: row.flags,
            claim: row.claim.map(|claim| (claim.name, claim.mine)),
        };
        Ok(QueueData {
            office: names.office(officer.role(), officer.scope()),
            rows: page.rows.into_iter().map(row).collect(),
            more: page.more,
            categories,
            asked,
            waits: officer.role().waits_for(),
            reviews: Deed::Claim.is_open(officer.role(), officer.role().waits_for()),
        })
    }

    pub(crate) async fn record(visitor: &Visitor, id: ApplicationId) -> Result<RecordData, AppError> {
        let (officer, lang) = (visitor.officer()?, visitor.lang);
        let record = officer.record(id).await.map_err(trouble)?;
        let (areas, sites) = visitor.registry().areas().await.map_err(trouble)?;
        let names = Names { lang, areas: &areas, sites: &sites };
        let (view, history) = (record.view, record.history);
        let a = view.snapshot.clone().ok_or(AppError::NotFound)?;
        let last_day = Moment(view.exam.review_closes.0 - 1).date();
        let category = view.categories.iter().find(|c| c.code == a.category);
        let category = category.map(|c| lang.of(&c.name_zh, &c.name_en)).unwrap_or_default();
        let used = a.entry_ids();
        let entry = |entry: forms::application::EntryView| {
            let draft = entry.complete.as_ref().map_or(entry.draft, Entry::to_draft);
            EntryLine {
                id: entry.id,
                title: entry_title(lang, &draft),
                facts: entry_facts(lang, &draft),
                verified: entry.verified,
            }
        };
        let status = view.row.status;
        // What was returned and came back is judged anew; what was said about it before stands beside it.
        let draft = |found: &forms::review::Found| {
            let mut draft = ItemDraft::from(found);
            if found.finding == Finding::Return && history.again.contains(&found.item) {
                draft.finding = String::new();
            }
            draft
        };
        Ok(RecordData {
            id,
            version: view.row.version,
            paper: history.paper,
            serial: view.row.serial.unwrap_or_default(),
            name: a.identity.name.to_string(),
            exam: format!("{} · {} {category}", lang.of(&view.exam.name_zh, &view.exam.name_en), a.category),
            status,
            role: officer.role(),
            waits: waits(visitor, record.waiting),
            claim: record.claim.map(|claim| (claim.name, claim.mine)),
            groups: facts::lines(&names, &a, record.before.as_ref()),
            entries: view.entries.into_iter().filter(|e| used.contains(&e.id)).map(entry).collect(),
            checks: checks(&a, last_day).into_iter().map(|check| (check.flag, check.right)).collect(),
            proofs: a
                .to_prove
                .iter()
                .filter_map(|proof| text::lookup(lang, &format!("proof.{}", proof.key())))
                .map(str::to_owned)
                .collect(),
            papers: Material::of(&a),
            drafts: history.found.iter().map(draft).collect(),
            outstanding: history.found.iter().filter(|one| one.finding == Finding::Later).cloned().collect(),
            corrections: history.corrections.iter().map(|(at, row)| facts::correction(&names, *at, row)).collect(),
            events: facts::events(&names, &history.events),
            identity: CorrectionDraft::of(&a.identity).pairs().into_iter().collect(),
            basis: Basis { today: visitor.now().date(), rules: view.exam.rules.name.to_owned() },
        })
    }

    /// Does what a form of the desk asks for.
    pub(crate) async fn deed(visitor: &Visitor, id: ApplicationId, fields: &Posted) -> Result<Wrong, AppError> {
        let officer = visitor.officer()?;
        let of = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
        let version: i64 = of("version").parse().unwrap_or_default();
        let yes = of("yes") == "yes";
        let done = match Deed::parse(of("do")).map_err(|_| AppError::BadRequest)? {
            deed @ (Deed::Claim | Deed::Release) => officer.claim(id, deed == Deed::Claim).await,
            Deed::Judge => {
                let outcome = Outcome::parse(of("outcome")).map_err(|_| AppError::BadRequest)?;
                let record = officer.record(id).await.map_err(trouble)?;
                let items = record.view.snapshot.as_ref().map(Item::of).unwrap_or_default();
                let pairs: Vec<(&str, String)> = fields.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
                officer.judge(id, version, &ReviewDraft::from_pairs(&items, &pairs), outcome).await
            }
            Deed::Correct => {
                let draft = CorrectionDraft::from_pairs(fields.iter().map(|(k, v)| (k, v.clone())));
                officer.correct(id, version, &draft).await
            }
            Deed::Verify => {
                let entry = EntryId::parse(of("entry")).ok_or(AppError::BadRequest)?;
                officer.verify(id, version, entry, yes).await
            }
            Deed::Sign if !yes => {
                // The box says that the paper was seen with its signature; without it nothing is recorded.
                officer.record(id).await.map_err(trouble)?;
                return Ok(vec![("yes".to_owned(), forms::problem::ChoiceProblem::MustAgree.into())]);
            }
            Deed::Sign => officer.sign(id, version, of("paper").parse().unwrap_or_default()).await,
            Deed::Settle => {
                let item = Item::parse(of("item")).ok_or(AppError::BadRequest)?;
                officer.settle(id, version, item, yes).await
            }
            Deed::ApproveArea => officer.approve_area(id, version).await,
        };
        match done {
            Ok(()) => Ok(Wrong::new()),
            Err(ReviewError::Refused(ActionRefused::Items(problems))) => Ok(problems
                .into_iter()
                .map(|problem| (problem.item.map_or_else(|| "whole".to_owned(), Item::code), problem.code))
                .collect()),
            Err(ReviewError::Refused(ActionRefused::Fields(problems))) => {
                Ok(problems.into_iter().map(|problem| (problem.field.name().to_owned(), problem.code)).collect())
            }
            Err(ReviewError::Registry(error)) => Err(trouble(error)),
        }
    }
}
