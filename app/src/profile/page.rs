//! A group's page: a form for the single groups, a list for the repeatable ones.
use super::{
    BasicFields, ContactFields, GROUPS, WorkFields,
    api::{load_profile, save_group},
    entry_facts, entry_title, fields_of, judge,
};
use crate::{
    components::{DefaultButton, ErrorSummary, Form, SaveState, Saving},
    error::AppError,
    lang::lang,
    routes,
    spa::{Trouble, has_name, loaded, post_plainly},
    text,
    wire::{Outcome, Packed, ProfileData, Save, Values, posted},
};
use forms::{
    Field,
    application::EntryView,
    choice::Choice,
    profile::{ContactDraft, EntryKind},
};
use leptos::{prelude::*, task::spawn_local};

/// A group's page.
#[component]
pub fn ProfilePage(group: String) -> impl IntoView {
    let outcome = crate::wire::outcome();
    view! {
        <div class="title-row">
            <h1>{text::profile_title(lang())}</h1>
            <a href=routes::SECURITY rel="external">{text::profile_security(lang())}</a>
        </div>
        {loaded(load_profile, move |data: ProfileData| view! {
            <Tabs data=data.clone() group=group.clone() />
            <Group data group=group.clone() outcome=outcome.clone() />
        })}
    }
}

/// The ways to the six groups, and which of them are complete.
#[component]
fn Tabs(data: ProfileData, group: String) -> impl IntoView {
    let lang = lang();
    let done = move |name: &str| match (data.group(name), EntryKind::parse(name)) {
        (Some(single), _) => single.valid,
        (_, Some(kind)) => data.entries.iter().any(|entry| entry.kind() == kind && entry.complete.is_some()),
        _ => false,
    };
    view! {
        <nav class="tabs" aria-label=text::profile_groups(lang)>
            {GROUPS.into_iter().map(|name| {
                let complete = done(name);
                view! {
                    <a href=routes::profile(name) aria-current=(group == name).then_some("page")>
                        {group_title(lang, name)}
                        {complete.then(|| view! { <span class="tick" role="img" aria-label=text::profile_done(lang)>"✓"</span> }.into_any())}
                    </a>
                }.into_any()
            }).collect_view()}
        </nav>
    }
}

/// The name of a group.
pub(crate) fn group_title(lang: crate::lang::Lang, group: &str) -> &'static str {
    match group {
        "basic" => text::profile_basic(lang),
        "contact" => text::profile_contact(lang),
        "work" => text::profile_work(lang),
        "education" => text::profile_education(lang),
        "training" => text::profile_training(lang),
        _ => text::profile_certificate(lang),
    }
}

#[component]
fn Group(data: ProfileData, group: String, outcome: Option<Outcome>) -> impl IntoView {
    match (fields_of(&group), EntryKind::parse(&group)) {
        (Some(fields), _) => view! { <SingleGroup data group fields outcome /> }.into_any(),
        (_, Some(kind)) => view! { <Entries data kind /> }.into_any(),
        _ => view! { <Trouble error=AppError::NotFound /> }.into_any(),
    }
}

#[component]
fn SingleGroup(data: ProfileData, group: String, fields: &'static [Field], outcome: Option<Outcome>) -> impl IntoView {
    let lang = lang();
    let known = data.group(&group).cloned().unwrap_or_else(|| data.basic.clone());
    let mut values: Values = known.values;
    if group == "contact" && values.get(Field::ContactRegion).is_none() {
        values.set(Field::ContactRegion, ContactDraft::default_region(&data.identity).code().to_owned());
    }
    let conflict = RwSignal::new(outcome.as_ref().is_some_and(|o| o.conflict));
    let judged = (group.clone(), data.basis.clone(), data.identity.clone());
    let form = Form::new(values, false, outcome, fields, move |values| judge(&judged.0, values, &judged.1, &judged.2));
    form.tell(data.names.clone());
    let version = RwSignal::new(known.version);
    let state = RwSignal::new(Saving::Untouched);
    let photo = RwSignal::new(data.photo);
    let name = StoredValue::new(group.clone());

    let save = move |submit: bool| {
        state.set(Saving::Saving);
        spawn_local(async move {
            match save_group(name.get_value(), posted(&form.snapshot()), version.get_untracked(), submit)
                .await
                .and_then(Packed::open)
            {
                Ok(Save::Saved(new)) => {
                    version.set(new);
                    state.set(Saving::Saved);
                    if submit {
                        crate::spa::leave_for(&routes::profile(next_group(&name.get_value())));
                    }
                }
                Ok(Save::Problems(problems)) => {
                    form.refuse(problems);
                    state.set(Saving::Failed(text::form_summary_title(lang).to_owned()));
                }
                Err(AppError::Conflict) => {
                    conflict.set(true);
                    state.set(Saving::Failed(AppError::Conflict.sentence(lang)));
                }
                Err(AppError::SignedOut) => post_plainly("group"),
                Err(error) => state.set(Saving::Failed(error.sentence(lang))),
            }
        });
    };
    autosave(form, state, move || save(false));
    let keep = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(newest) = load_profile().await.and_then(Packed::open) {
                version.set(newest.group(&name.get_value()).map_or(0, |g| g.version));
                conflict.set(false);
                save(false);
            }
        });
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        if has_name(&event) {
            return;
        }
        event.prevent_default();
        if form.attempt() && state.get() != Saving::Saving {
            save(true);
        }
    };
    view! {
        <ErrorSummary form />
        {move || conflict.get().then(|| view! { <Conflict keep /> }.into_any())}
        <form id="group" method="post" action=routes::profile(&group) class="sheet" novalidate on:submit=submit>
            <DefaultButton />
            <input type="hidden" name="version" value=move || version.get().to_string() />
            {match group.as_str() {
                "basic" => view! {
                    <BasicFields form identity=data.identity.clone() basis=data.basis.clone() photo back=routes::profile("basic") />
                }.into_any(),
                "contact" => view! { <ContactFields form /> }.into_any(),
                _ => view! { <WorkFields form /> }.into_any(),
            }}
            <div class="actions">
                <button class="primary">{text::profile_submit(lang)}</button>
                <SaveState state />
            </div>
            <p class="note">{text::profile_save_note(lang)}</p>
        </form>
    }
}

/// The group after a group, which is where submitting one leads.
pub(crate) fn next_group(group: &str) -> &'static str {
    let at = GROUPS.iter().position(|g| *g == group).unwrap_or(0);
    GROUPS[(at + 1) % GROUPS.len()]
}

/// Another window saved first: keep mine, or take theirs.
#[component]
pub(crate) fn Conflict(
    /// Saves over what the other window saved. Without script the button of the form does the same: it carries the version
    /// that the page was drawn from.
    keep: Callback<()>,
) -> impl IntoView {
    let lang = lang();
    view! {
        <div class="summary" role="alert">
            <h2>{text::conflict_title(lang)}</h2>
            <p>{text::conflict_body(lang)}</p>
            <p class="row">
                <button type="button" class="button" on:click=move |_| keep.run(())>{text::conflict_keep(lang)}</button>
                <a class="button" href="" rel="external">{text::conflict_reload(lang)}</a>
            </p>
        </div>
    }
}

/// Saves what is typed when a person pauses for a second.
pub(crate) fn autosave(form: Form, state: RwSignal<Saving>, save: impl Fn() + Copy + 'static) {
    let turn = StoredValue::new(0u32);
    Effect::new(move |before: Option<Values>| {
        let values = form.values();
        if before.as_ref().is_some_and(|before| *before != values) {
            state.set(Saving::Unsaved);
            turn.update_value(|n| *n += 1);
            let mine = turn.get_value();
            set_timeout(
                move || {
                    // A newer key starts the pause anew; a save under way is waited for by the next pause.
                    if turn.try_get_value() == Some(mine) && state.get_untracked() == Saving::Unsaved {
                        save();
                    }
                },
                std::time::Duration::from_secs(1),
            );
        }
        values
    });
}

#[component]
fn Entries(data: ProfileData, kind: EntryKind) -> impl IntoView {
    let lang = lang();
    let entries: Vec<EntryView> = data.entries.into_iter().filter(|entry| entry.kind() == kind).collect();
    let empty = entries.is_empty();
    view! {
        <section class="sheet" id="group">
            <div class="title-row">
                <h2>{group_title(lang, kind.code())}</h2>
                <a class="button" href=routes::entry(kind, "new")>{text::entry_add(lang)}</a>
            </div>
            {empty.then(|| view! { <p class="empty">{text::entry_none(lang)}</p> }.into_any())}
            <ul class="cards">
                {entries.into_iter().map(|entry| view! { <EntryCard entry /> }.into_any()).collect_view()}
            </ul>
            <p class="note">{text::entry_note(lang)}</p>
        </section>
    }
}

#[component]
fn EntryCard(entry: EntryView) -> impl IntoView {
    let lang = lang();
    let kind = entry.kind();
    let title = entry_title(lang, &entry.draft);
    view! {
        <li class="card">
            <div>
                <p class="card-title">{title.clone()}</p>
                <p class="card-facts">{entry_facts(lang, &entry.draft)}</p>
                <p class="marks">
                    {(entry.locks > 0).then(|| view! { <span class="mark-lock">{text::entry_locked(lang)}</span> }.into_any())}
                    {entry.verified.then(|| view! { <span class="mark-tick">{text::entry_verified(lang)}</span> }.into_any())}
                    {entry.complete.is_none().then(|| view! { <span class="mark-open">{text::entry_incomplete(lang)}</span> }.into_any())}
                </p>
            </div>
            {(!entry.is_read_only()).then(|| view! {
                <div class="card-actions">
                    <a class="button" href=routes::entry(kind, &entry.id.to_string()) aria-label=text::entry_edit_named(lang, title.clone())>{text::entry_edit(lang)}</a>
                    <form method="post" action=routes::entry(kind, &entry.id.to_string())>
                        <input type="hidden" name="version" value=entry.version.to_string() />
                        <button class="quiet" name="delete" value="yes" aria-label=text::entry_delete_named(lang, title)>{text::entry_delete(lang)}</button>
                    </form>
                </div>
            }.into_any())}
        </li>
    }
}
