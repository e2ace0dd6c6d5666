//! A group's page: a form for the single groups, a list for the repeatable ones.
use super::{
    api::{load_profile, save_group},
    data::{DELETED_PARAMETER, GroupData, ProfileData, SAVED_PARAMETER, after_saving},
    fields::{BasicFields, ContactFields, EntryLines, WorkFields, entry_title},
};
use crate::{
    browser::{has_named_submitter, navigate_to, query_value},
    components::{
        ConflictNotice, DefaultButton, ErrorSummary, Form, HelpLinks, OnceHydrated, PageField, SaveState, Saver, loaded,
    },
    error::AppError,
    i18n,
    lang::lang,
    routes::{Page, ProfileGroup},
    transport::{Encoded, RuleContext, SubmissionResult, Values, submission_result, to_fields},
};
use forms::{
    Draft, Field, Problems,
    account::Identity,
    application::EntryView,
    choice::Choice,
    profile::{BasicDraft, ContactDraft, EntryKind, ProfileContext, WorkDraft},
};
use leptos::{prelude::*, task::spawn_local};

/// A group's page.
#[component]
pub fn ProfilePage(group: ProfileGroup) -> impl IntoView {
    let result = submission_result();
    view! {
        <div class="title-row">
            <h1>{i18n::profile_title(lang())}</h1>
            <a href=Page::Security.path() rel="external">{i18n::profile_security(lang())}</a>
        </div>
        {loaded(move || load_profile(group), move |data: ProfileData| {
            let result = result.clone();
            view! {
                <Tabs data=data.clone() group />
                {match (data.group(group).cloned(), group.entries()) {
                    (Some(known), _) => view! { <SingleGroup data group known result /> }.into_any(),
                    (None, Some(kind)) => view! { <Entries data kind /> }.into_any(),
                    (None, None) => ().into_any(),
                }}
            }
        })}
    }
}

/// That a group or an entry was saved just now, or that one was deleted. The page starts here, so a screen reader says it first; only the
/// server writes the attribute for that.
#[component]
fn Done() -> impl IntoView {
    let lang = lang();
    let saved = query_value(SAVED_PARAMETER).and_then(|code| ProfileGroup::parse(&code));
    let deleted = query_value(DELETED_PARAMETER).map(|_| i18n::entry_deleted(lang).to_owned());
    let autofocus = cfg!(feature = "ssr").then_some("");
    saved.map(|group| i18n::profile_saved(lang, group.title(lang))).or(deleted).map(|sentence| {
        view! { <p class="done" id="done" role="status" tabindex="-1" autofocus=autofocus>{sentence}</p> }.into_any()
    })
}

/// Links to the six groups, and which of them are complete.
#[component]
fn Tabs(data: ProfileData, group: ProfileGroup) -> impl IntoView {
    let lang = lang();
    let done = move |group: ProfileGroup| match (data.group(group), group.entries()) {
        (Some(single), _) => single.valid && !single.unsaved,
        (None, Some(kind)) => data.entries.iter().any(|entry| entry.kind() == kind && entry.complete.is_some()),
        (None, None) => false,
    };
    view! {
        <nav class="tabs" aria-label=i18n::profile_groups(lang)>
            {ProfileGroup::ALL.into_iter().map(|tab| {
                let complete = done(tab);
                view! {
                    <a href=Page::Profile(tab).path() aria-current=(group == tab).then_some("page")>
                        {tab.title(lang)}
                        {complete.then(|| view! { <span class="tick" role="img" aria-label=i18n::profile_done(lang)>"✓"</span> }.into_any())}
                    </a>
                }.into_any()
            }).collect_view()}
        </nav>
    }
}

/// The fields of a group that is a single form.
const fn fields_of(group: ProfileGroup) -> &'static [Field] {
    match group {
        ProfileGroup::Basic => BasicDraft::FIELDS,
        ProfileGroup::Contact => ContactDraft::FIELDS,
        ProfileGroup::Work => WorkDraft::FIELDS,
        ProfileGroup::Education | ProfileGroup::Training | ProfileGroup::Certificate => &[],
    }
}

/// Checks a group that is a single form, by the rules of the forms crate.
fn check(group: ProfileGroup, values: &Values, rules: &RuleContext, identity: &Identity) -> Problems {
    let context = ProfileContext { base: rules.context(), identity };
    let pairs = || values.iter().map(|(field, text)| (field.name(), text));
    match group {
        ProfileGroup::Basic => BasicDraft::from_pairs(pairs()).check(&context).err(),
        ProfileGroup::Contact => ContactDraft::from_pairs(pairs()).check(&context).err(),
        ProfileGroup::Work => WorkDraft::from_pairs(pairs()).check(&context).err(),
        ProfileGroup::Education | ProfileGroup::Training | ProfileGroup::Certificate => None,
    }
    .unwrap_or_default()
}

#[component]
fn SingleGroup(
    data: ProfileData,
    group: ProfileGroup,
    known: GroupData,
    result: Option<SubmissionResult>,
) -> impl IntoView {
    let lang = lang();
    let mut values: Values = known.values;
    if group == ProfileGroup::Contact && values.get(Field::ContactRegion).is_none() {
        values.set(Field::ContactRegion, ContactDraft::default_region(&data.identity).code().to_owned());
    }
    let conflict = result.as_ref().is_some_and(|result| result.conflict);
    let (rules, identity) = (data.rule_context.clone(), data.identity.clone());
    let form =
        Form::new(values, false, result, fields_of(group), move |values| check(group, values, &rules, &identity))
            .with_warnings();
    form.show_notes(data.names.clone());
    form.set_employer_region(form.snapshot().text(Field::EmployerId), data.employer_region.clone());
    let saver = Saver::new(form, "group", known.version, conflict);
    let photo = RwSignal::new(data.photo);
    let save = move |submit: bool| {
        saver.begin();
        let saving = save_group(group, to_fields(&form.snapshot()), saver.version_untracked(), submit);
        spawn_local(async move {
            let saved = saver.settle(saving.await.and_then(Encoded::decode));
            if saved.is_some() && submit {
                navigate_to(&after_saving(group, group.next()));
            }
        });
    };
    saver.autosave(move || save(false));
    let newest = move || async move {
        let newest = load_profile(group).await.and_then(Encoded::decode)?;
        newest.group(group).map(|group| group.version).ok_or(AppError::NotFound)
    };
    let keep = saver.keep_mine(newest, move || save(false));
    let submit = move |event: leptos::ev::SubmitEvent| {
        if has_named_submitter(&event) {
            return;
        }
        event.prevent_default();
        if form.attempt() {
            saver.when_idle(move || save(true));
        }
    };
    let action = Page::Profile(group).path();
    let back = action.clone();
    // What was saved before is no longer what the page is about once something is wrong with it.
    let is_untried = Memo::new(move |_| !form.is_attempted());
    let unsaved = known.unsaved.then(|| i18n::profile_unsaved(lang));
    view! {
        {move || is_untried.get().then(|| view! { <Done /> }.into_any())}
        <ErrorSummary form />
        <ConflictNotice saver keep />
        {unsaved.map(|sentence| view! { <p class="note warning">{sentence}</p> }.into_any())}
        <div class="split">
        <form id="group" method="post" action=action class="sheet" novalidate on:submit=submit>
            <PageField />
            <DefaultButton />
            <input type="hidden" name="version" value=move || saver.version().to_string() />
            {match group {
                ProfileGroup::Basic => view! {
                    <BasicFields form identity=data.identity.clone() rule_context=data.rule_context.clone() photo_rule=data.photo_rule photo back />
                }.into_any(),
                ProfileGroup::Contact => view! { <ContactFields form /> }.into_any(),
                _ => view! { <WorkFields form /> }.into_any(),
            }}
            <div class="actions">
                <button class="primary">{i18n::profile_submit(lang)}</button>
                <SaveState saver />
            </div>
            <p class="note"><OnceHydrated sentence=i18n::profile_autosave(lang) />{i18n::profile_save_note(lang)}</p>
        </form>
        <HelpLinks links=data.help />
        </div>
    }
}

#[component]
fn Entries(data: ProfileData, kind: EntryKind) -> impl IntoView {
    let lang = lang();
    let entries: Vec<EntryView> = data.entries.into_iter().filter(|entry| entry.kind() == kind).collect();
    let empty = entries.is_empty();
    view! {
        <Done />
        <div class="split">
        <section class="sheet" id="group">
            <div class="title-row">
                <h2>{ProfileGroup::from(kind).title(lang)}</h2>
                {(!empty).then(|| view! { <a class="button" href=Page::Entry(kind, None).path()>{i18n::entry_add(lang)}</a> }.into_any())}
            </div>
            {empty.then(|| view! {
                <div class="empty">
                    <p>{match kind {
                        EntryKind::Education => i18n::entry_none(lang),
                        EntryKind::Training => i18n::entry_none_training(lang),
                        EntryKind::Certificate => i18n::entry_none_certificate(lang),
                    }}</p>
                    <a class="button primary" href=Page::Entry(kind, None).path()>{i18n::entry_add(lang)}</a>
                </div>
            }.into_any())}
            <ul class="cards">
                {entries.into_iter().map(|entry| view! { <EntryCard entry /> }.into_any()).collect_view()}
            </ul>
            <p class="note">{i18n::entry_note(lang)}</p>
            <p>{match kind {
                EntryKind::Education => view! { <a class="button" href=Page::Profile(ProfileGroup::Training).path()>{i18n::profile_next(lang, ProfileGroup::Training.title(lang))}</a> }.into_any(),
                EntryKind::Training => view! { <a class="button" href=Page::Profile(ProfileGroup::Certificate).path()>{i18n::profile_next(lang, ProfileGroup::Certificate.title(lang))}</a> }.into_any(),
                EntryKind::Certificate => view! { <a class="button" href=Page::Exams.path()>{i18n::profile_next(lang, i18n::exams_title(lang))}</a> }.into_any(),
            }}</p>
        </section>
        <HelpLinks links=data.help />
        </div>
    }
}

#[component]
fn EntryCard(entry: EntryView) -> impl IntoView {
    let lang = lang();
    let kind = entry.kind();
    let title = entry_title(lang, &entry.draft);
    let path = Page::Entry(kind, Some(entry.id)).path();
    view! {
        <li class="card">
            <div>
                <p class="card-title">{title.clone()}</p>
                <EntryLines entry=entry.draft.clone() />
                <p class="marks">
                    {(entry.locks > 0).then(|| view! { <span class="mark-lock">{i18n::entry_locked(lang, entry.held_by.join(", "))}</span> }.into_any())}
                    {entry.verified.then(|| view! { <span class="mark-tick">{i18n::entry_verified(lang)}</span> }.into_any())}
                    {entry.complete.is_none().then(|| view! { <span class="mark-open">{i18n::entry_incomplete(lang)}</span> }.into_any())}
                    {entry.copy_of.map(|_| view! { <span class="mark-open">{i18n::entry_copy(lang)}</span> }.into_any())}
                </p>
            </div>
            {(!entry.is_read_only()).then(|| view! {
                <div class="card-actions">
                    <a class="button" href=path.clone() aria-label=i18n::entry_edit_named(lang, title.clone())>{i18n::entry_edit(lang)}</a>
                    <form method="post" action=path.clone()>
                        <PageField />
                        <input type="hidden" name="version" value=entry.version.to_string() />
                        <button class="quiet" name="delete" value="ask" aria-label=i18n::entry_delete_named(lang, title)>{i18n::entry_delete(lang)}</button>
                    </form>
                </div>
            }.into_any())}
        </li>
    }
}
