//! The form of one entry, new or known, from the profile or on the way through the wizard.
use super::{
    api::{load_profile, save_entry},
    fields::{EntryFields, group_path},
    page::{Conflict, group_title},
};
use crate::{
    components::{DefaultButton, ErrorSummary, Form, SaveState, Saving},
    error::AppError,
    lang::lang,
    routes,
    spa::{Trouble, asked, has_name, leave_for, loaded, post_plainly},
    text,
    wire::{Outcome, Packed, ProfileData, Save, Values, posted},
};
use forms::{
    ids::{ApplicationId, EntryId},
    profile::{EntryDraft, EntryKind, ProfileContext},
};
use leptos::{prelude::*, task::spawn_local};

/// The page of one entry.
#[component]
pub fn EntryPage(kind: EntryKind, entry: String) -> impl IntoView {
    let outcome = crate::wire::outcome();
    let back = asked("for").and_then(|id| ApplicationId::parse(&id));
    loaded(load_profile, move |data| view! { <EntryForm data kind entry=entry.clone() outcome=outcome.clone() back /> })
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
        let draft = EntryDraft::from_pairs(kind, values.iter().map(|(field, text)| (field.name(), text)));
        draft.check(&ProfileContext { base: judged.0.context(), identity: &judged.1 }).err().unwrap_or_default()
    });
    form.tell(data.names.clone());
    let version = RwSignal::new(known.map_or(0, |e| e.version));
    let state = RwSignal::new(Saving::Untouched);
    let submit = move |event: leptos::ev::SubmitEvent| {
        if has_name(&event) {
            return;
        }
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
        Some(application) => (routes::entry_for(kind, &entry, application), routes::step(application, step)),
        None => (routes::entry(kind, &entry), group_path(kind)),
    };
    view! {
        <h1>{group_title(lang, kind.code())}</h1>
        <ErrorSummary form />
        {move || conflict.get().then(|| view! { <Conflict keep /> }.into_any())}
        <form id="entry" method="post" action=action class="sheet" novalidate on:submit=submit>
            <DefaultButton />
            <input type="hidden" name="version" value=move || version.get().to_string() />
            <EntryFields form kind />
            <div class="actions">
                <button class="primary">{if back.is_some() { text::entry_save_for(lang) } else { text::entry_save(lang) }}</button>
                <a href=cancel rel="external">{text::form_cancel(lang)}</a>
                <SaveState state />
            </div>
        </form>
    }.into_any()
}
