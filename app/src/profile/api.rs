//! Server functions of the profile.
use crate::{
    error::AppError,
    wire::{Packed, Posted, ProfileData, Save, Text},
};
use forms::{ids::EntryId, profile::EntryKind};
use leptos::prelude::*;

/// The whole profile.
#[server(endpoint = "profile", output = Text)]
pub async fn load_profile() -> Result<Packed<ProfileData>, AppError> {
    act::load(&crate::door::visitor()?).await.map(|data| Packed::new(&data))
}

/// Saves a group; `submit` is 提交, without it only what was typed is kept.
#[server(endpoint = "save-group", output = Text)]
pub async fn save_group(
    group: String,
    #[server(default)] fields: Posted,
    version: i64,
    submit: bool,
) -> Result<Packed<Save>, AppError> {
    act::save_group(&crate::door::visitor()?, &group, fields, version, submit).await.map(|save| Packed::new(&save))
}

/// Saves an entry; a new one without `id`.
#[server(endpoint = "save-entry", output = Text)]
pub async fn save_entry(
    kind: EntryKind,
    #[server(default)] id: Option<EntryId>,
    #[server(default)] fields: Posted,
    version: i64,
) -> Result<Packed<Save>, AppError> {
    act::save_entry(&crate::door::visitor()?, kind, id, fields, version, true).await.map(|(save, _)| Packed::new(&save))
}

/// What server functions and plain posts have in common.
#[cfg(feature = "ssr")]
pub(crate) mod act {
    use super::*;
    use crate::{
        door::{Visitor, trouble},
        naming,
        wire::{Basis, GroupData, Values},
    };
    use forms::{
        Draft, Field,
        profile::{BasicDraft, ContactDraft, EntryDraft, WorkDraft, id_field},
    };
    use registry::{DictionaryKind, Error, Group, GroupName};

    fn group_data<D: Draft>(group: &Group<D>) -> GroupData {
        GroupData {
            values: group.draft.pairs().into_iter().collect::<Values>(),
            version: group.version,
            valid: group.valid.is_some(),
        }
    }

    pub(crate) async fn load(visitor: &Visitor) -> Result<ProfileData, AppError> {
        let candidate = visitor.candidate()?;
        let profile = candidate.profile().await.map_err(trouble)?;
        let context = candidate.context();
        Ok(ProfileData {
            basis: Basis { today: context.today, rules: context.rules.name.to_owned() },
            identity: profile.account.identity,
            photo: profile.account.photo,
            basic: group_data(&profile.basic),
            contact: group_data(&profile.contact),
            work: group_data(&profile.work),
            entries: profile.entries,
            names: naming::notes(visitor, &candidate.name_requests().await.map_err(trouble)?),
        })
    }

    fn saved<T>(result: Result<T, Error>, version: impl FnOnce(&T) -> i64) -> Result<(Save, Option<T>), AppError> {
        match result {
            Ok(done) => Ok((Save::Saved(version(&done)), Some(done))),
            Err(Error::Problems(problems)) => Ok((Save::Problems(problems), None)),
            Err(error) => Err(trouble(error)),
        }
    }

    pub(crate) async fn save_group(
        visitor: &Visitor,
        group: &str,
        mut fields: Posted,
        version: i64,
        submit: bool,
    ) -> Result<Save, AppError> {
        let candidate = visitor.candidate()?;
        resolve_names(visitor, &mut fields);
        let pairs = || fields.iter().map(|(k, v)| (k, v.clone()));
        let result = match GroupName::parse(group).ok_or(AppError::NotFound)? {
            GroupName::Basic => candidate.save_basic(BasicDraft::from_pairs(pairs()), version, submit).await,
            GroupName::Contact => candidate.save_contact(ContactDraft::from_pairs(pairs()), version, submit).await,
            GroupName::Work => candidate.save_work(WorkDraft::from_pairs(pairs()), version, submit).await,
        };
        saved(result, |version| *version).map(|(save, _)| save)
    }

    pub(crate) async fn save_entry(
        visitor: &Visitor,
        kind: EntryKind,
        id: Option<EntryId>,
        mut fields: Posted,
        version: i64,
        submit: bool,
    ) -> Result<(Save, Option<EntryId>), AppError> {
        resolve_names(visitor, &mut fields);
        let draft = EntryDraft::from_pairs(kind, fields.iter().map(|(k, v)| (k, v.clone())));
        let result = visitor.candidate()?.save_entry(id, draft, version, submit).await;
        saved(result, |(_, version)| *version).map(|(save, done)| (save, done.map(|(id, _)| id)))
    }

    /// A name that stands in a list counts as chosen from it, and an id that belongs to another name does not count.
    pub(crate) fn resolve_names(visitor: &Visitor, fields: &mut Posted) {
        let kinds = [
            (Field::School, DictionaryKind::School),
            (Field::Major, DictionaryKind::Major),
            (Field::Employer, DictionaryKind::Employer),
            (Field::Institution, DictionaryKind::Employer),
        ];
        for (field, kind) in kinds {
            let (Some(typed), Some(id)) = (fields.get(field.name()), id_field(field)) else { continue };
            let chosen = fields.get(id.name()).cloned().unwrap_or_default();
            let known = visitor.dictionary().named(kind, typed);
            // Of several with the same name the one in the employer's province is meant, where that was asked.
            let province = fields.get(Field::EmployerProvince.name()).filter(|_| field == Field::Employer);
            let there = || known.iter().find(|hit| province.is_some_and(|province| hit.region == *province));
            let only = || known.first().filter(|_| known.len() == 1);
            let right = known.iter().find(|hit| hit.id.to_string() == chosen).or_else(there).or_else(only);
            fields.insert(id.name().to_owned(), right.map(|hit| hit.id.to_string()).unwrap_or_default());
        }
    }
}
