//! The form of one entry, new or known.
use super::{
    api::{load_profile, save_entry},
    data::{ProfileData, after_saving},
    fields::EntryFields,
};
use crate::{
    browser::{has_named_submitter, navigate_to},
    components::{
        ConflictNotice, DefaultButton, ErrorSummary, ErrorView, Form, HelpLinks, PageField, SaveState, Saver, loaded,
    },
    error::AppError,
    i18n,
    lang::lang,
    routes::{Page, ProfileGroup},
    transport::{Encoded, SubmissionResult, Values, submission_result, to_fields},
};
use forms::{
    ids::EntryId,
    profile::{EntryDraft, EntryKind, ProfileContext},
};
use leptos::{prelude::*, task::spawn_local};

/// The page of one entry of the profile; without `entry` a new one.
#[component]
pub fn EntryPage(kind: EntryKind, entry: Option<EntryId>) -> impl IntoView {
    let result = submission_result();
    loaded(
        move || load_profile(kind.into()),
        move |data| {
            let (action, cancel) = (Page::Entry(kind, entry).path(), Page::Profile(kind.into()).path());
            view! { <EntryForm data kind entry result=result.clone() action cancel /> }
        },
    )
}

/// The form of an entry. `action` is the path that it is posted to, `cancel` the page before it.
#[component]
pub fn EntryForm(
    data: ProfileData,
    kind: EntryKind,
    entry: Option<EntryId>,
    result: Option<SubmissionResult>,
    action: String,
    cancel: String,
    /// Whether it is written for an application: the plain post then also selects the entry there.
    #[prop(optional)]
    for_application: bool,
) -> impl IntoView {
    let lang = lang();
    let known = entry.and_then(|id| data.entries.iter().find(|e| e.id == id && e.kind() == kind).cloned());
    if (known.is_none() && entry.is_some()) || known.as_ref().is_some_and(|e| e.is_read_only()) {
        return view! { <ErrorView error=AppError::NotFound /> }.into_any();
    }
    let values: Values = known.as_ref().map(|e| e.draft.pairs().into_iter().collect()).unwrap_or_default();
    let conflict = result.as_ref().is_some_and(|result| result.conflict);
    let (rules, identity) = (data.rule_context.clone(), data.identity.clone());
    let form = Form::new(values, false, result, kind.fields(), move |values| {
        let draft = EntryDraft::from_pairs(kind, values.iter().map(|(field, text)| (field.name(), text)));
        draft.check(&ProfileContext { base: rules.context(), identity: &identity }).err().unwrap_or_default()
    })
    .with_warnings();
    form.show_notes(data.names.clone());
    let begins = entry.is_none().then_some("");
    let saver = Saver::new(form, "entry", known.map_or(0, |e| e.version), conflict);
    // The saves of a page without an entry all mean the one that the first of them creates.
    let save = move |submit: bool| {
        saver.begin();
        let saving = save_entry(kind, entry, to_fields(&form.snapshot()), saver.version_untracked(), submit);
        spawn_local(async move {
            if saver.settle(saving.await.and_then(Encoded::decode)).is_some() && submit {
                navigate_to(&after_saving(kind.into(), kind.into()));
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        if has_named_submitter(&event) {
            return;
        }
        if !form.attempt() {
            event.prevent_default();
            return;
        }
        if for_application {
            return;
        }
        event.prevent_default();
        saver.when_idle(move || save(true));
    };
    saver.autosave(move || save(false));
    let newest = move || async move {
        let newest = load_profile(kind.into()).await.and_then(Encoded::decode)?;
        Ok(newest.entries.iter().find(|e| Some(e.id) == entry).map_or(0, |e| e.version))
    };
    let keep = saver.keep_mine(newest, move || save(false));
    view! {
        <h1>{ProfileGroup::from(kind).title(lang)}</h1>
        <ErrorSummary form />
        <ConflictNotice saver keep />
        <div class="split">
        <form id="entry" method="post" action=action class="sheet" novalidate data-begins=begins on:submit=submit>
            <PageField />
            <DefaultButton />
            <input type="hidden" name="version" value=move || saver.version().to_string() />
            <EntryFields form kind />
            <div class="actions">
                <button class="primary">{if for_application { i18n::entry_save_for(lang) } else { i18n::entry_save(lang) }}</button>
                <a href=cancel rel="external">{i18n::entry_leave(lang)}</a>
                <SaveState saver />
            </div>
        </form>
        <HelpLinks links=data.help />
        </div>
    }
    .into_any()
}
