//! An entry of the profile that is written for an application: once it is complete, it is selected there (S43).
use super::{api::load_application_entry, data::step_of_entries};
use crate::{
    components::loaded,
    profile::{EntryForm, data::ProfileData},
    routes::Page,
    transport::submission_result,
};
use forms::{
    ids::{ApplicationId, EntryId},
    profile::EntryKind,
};
use leptos::prelude::*;

/// The page of an entry for an application; without `entry` a new one.
#[component]
pub fn ApplicationEntryPage(id: ApplicationId, kind: EntryKind, entry: Option<EntryId>) -> impl IntoView {
    let result = submission_result();
    let action = match entry {
        Some(entry) => Page::SavedApplicationEntry(id, kind, entry),
        None => Page::ApplicationEntry(id, kind),
    };
    let cancel = Page::Step(id, step_of_entries(kind));
    loaded(
        move || load_application_entry(id, kind),
        move |data: ProfileData| {
            let (action, cancel) = (action.path(), cancel.path());
            view! { <EntryForm data kind entry result=result.clone() action cancel for_application=true /> }
        },
    )
}
