//! The form of one entry, new or known, from the profile or on the way through the wizard.
use super::{
    api::{load_profile, save_entry},
    fields::{EntryFields, group_path},
    page::{Conflict, group_title},
};
use crate::{
    components::{ErrorSummary, Form, SaveState, Saving},
    error::AppError,
    lang::lang,
    routes,
    spa::{PageTitle, Trouble, Waiting, leave_for, post_plainly},
    text,
    wire::{Outcome, Packed, ProfileData, Save, Values, posted},
};
use forms::{
    ids::{ApplicationId, EntryId},
    profile::{EntryDraft, EntryKind, ProfileContext},
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page of one entry.
#[component]
pub fn EntryPage() -> impl IntoView {
    let outcome = crate::wire::outcome();
    let (params, query) = (use_params_map(), use_query_map());
    let at = Memo::new(move |_| {
        (params.read().get("group").unwrap_or_default(), params.read().get("entry").unwrap_or_default())
    });
    let data = Resource::new_blocking(move || at.get(), |_| load_profile());
    let lang = lang();
    view! {
        <PageTitle of=text::profile_title(lang) />
        <Suspense fallback=Waiting>
            {move || {
                let (outcome, (group, entry)) = (outcome.clone(), at.get());
                let back = query.read_untracked().get("for").and_then(|id| ApplicationId::parse(&id));
                Suspend::new(async move {
                    let kind = EntryKind::parse(&group).ok_or(AppError::NotFound);
                    match (data.await.and_then(Packed::open), kind) {
                        (Ok(data), Ok(kind)) => view! { <EntryForm data kind entry outcome back /> }.into_any(),
                        (Err(error), _) | (_, Err(error)) => view! { <Trouble error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn EntryForm(
    data: ProfileData,
    kind: EntryKind,
    entry: String,
    outcome: Option<Outcome>,
    back: Option<ApplicationId>,
) -> impl IntoView {
    let lang = lang();
    let id = EntryId::parse(&entry);
    let known = id.and_then(|id| data.entries.iter().find(|e| e.id == id && e.kind() == kind).cloned());
    if (known.is_none() && entry != "new") || known.as_ref().is_some_and(|e| e.is_read_only()) {
        return view! { <Trouble error=AppError::NotFound /> }.into_any();
    }
    let values: Values = known.as_ref().map(|e| e.draft.pairs().into_iter().collect()).unwrap_or_default();
    let conflict = RwSignal::new(outcome.as_ref().is_some_and(|o| o.conflict));
    let judged = (data.basis.clone(), data.identity.clone());
    let form = Form::new(values, false, outcome, kind.fields(), move |values| {
        let draft = EntryDraft::from_pairs(kind, values.iter().map(|(field, text)| (field.name(), text.clone())));
        draft.check(&ProfileContext { base: judged.0.context(), identity: &judged.1 }).err().unwrap_or_default()
    });
    let version = RwSignal::new(known.map_or(0, |e| e.version));
    let state = RwSignal::new(Saving::Untouched);
    let submit = move |event: leptos::ev::SubmitEvent| {
        // On the way through the wizard the plain post does more: it also ticks the new entry.
        if !form.attempt() || state.get() == Saving::Saving {
            event.prevent_default();
            return;
        }
        if back.is_some() {
            return;
        }
        event.prevent_default();
        state.set(Saving::Saving);
        spawn_local(async move {
            match save_entry(kind, id, posted(&form.snapshot()), version.get_untracked()).await.and_then(Packed::open) {
                Ok(Save::Saved(_)) => leave_for(&group_path(kind)),
                Ok(Save::Problems(problems)) => {
                    form.refuse(problems);
                    state.set(Saving::Failed(text::form_summary_title(lang).to_owned()));
                }
                Err(AppError::Conflict) => {
                    conflict.set(true);
                    state.set(Saving::Failed(AppError::Conflict.sentence(lang)));
                }
                Err(AppError::SignedOut) => post_plainly("entry"),
                Err(error) => state.set(Saving::Failed(error.sentence(lang))),
            }
        });
    };
    let keep = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(newest) = load_profile().await.and_then(Packed::open) {
                version.set(newest.entries.iter().find(|e| Some(e.id) == id).map_or(0, |e| e.version));
                conflict.set(false);
                state.set(Saving::Unsaved);
            }
        });
    });
    let step = match kind {
        EntryKind::Certificate => forms::journey::Step::Certificate,
        _ => forms::journey::Step::Education,
    };
    let (action, cancel) = match back {
        Some(application) => (routes::entry_for(kind, application), routes::step(application, step)),
        None => (routes::entry(kind, &entry), group_path(kind)),
    };
    view! {
        <h1>{group_title(lang, kind.code())}</h1>
        <ErrorSummary form />
        <Show when=move || conflict.get()><Conflict keep /></Show>
        <form id="entry" method="post" action=action class="sheet" novalidate on:submit=submit>
            <input type="hidden" name="version" value=move || version.get().to_string() />
            <EntryFields form kind />
            <div class="actions">
                <button class="primary">{if back.is_some() { text::entry_save_for(lang) } else { text::entry_save(lang) }}</button>
                <a href=cancel rel="external">{text::form_cancel(lang)}</a>
                <SaveState state />
            </div>
        </form>
    }
    .into_any()
}
