//! Saving a form: automatically while a person types, and when it is submitted. One function decides what each answer of the
//! server means for the page.
use super::{Form, UntilHydrated};
use crate::{
    browser,
    error::AppError,
    i18n,
    lang::lang,
    transport::{SaveResult, Values},
};
use leptos::{prelude::*, task::spawn_local};
use std::{future::Future, time::Duration};

/// How long typing has to pause before the form is saved.
const PAUSE: Duration = Duration::from_secs(1);

/// How long a save that did not reach the server waits before it is repeated.
const RETRY: Duration = Duration::from_secs(3);

/// How what was typed relates to what the server has stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SaveStatus {
    /// Nothing was typed since the page was loaded.
    Untouched,
    /// Typed and not yet saved.
    Unsaved,
    /// A save was sent and is not answered yet.
    InProgress,
    Saved,
    /// The save failed, with the sentence to show, and whether it is repeated.
    Failed(String, bool),
}

/// The saving of one form. Cheap to copy.
#[derive(Clone, Copy)]
pub struct Saver {
    form: Form,
    /// The id of the form's element, which is posted natively when the session has ended.
    form_id: &'static str,
    version: RwSignal<i64>,
    state: RwSignal<SaveStatus>,
    conflict: RwSignal<bool>,
}
impl Saver {
    /// `version` is the one that the page was rendered from; `conflict` says that a plain post met another one.
    pub fn new(form: Form, form_id: &'static str, version: i64, conflict: bool) -> Self {
        Self {
            form,
            form_id,
            version: RwSignal::new(version),
            state: RwSignal::new(SaveStatus::Untouched),
            conflict: RwSignal::new(conflict),
        }
    }
    /// The version that the next save replaces; a reactive read.
    pub fn version(self) -> i64 {
        self.version.get()
    }
    /// The same as an untracked read.
    pub fn version_untracked(self) -> i64 {
        self.version.get_untracked()
    }
    /// Calls `then` at once, or once the save that is under way was answered.
    pub fn when_idle(self, then: impl Fn() + 'static) {
        if self.state.get_untracked() != SaveStatus::InProgress {
            return then();
        }
        Effect::new(move |done: Option<bool>| {
            let is_idle = self.state.get() != SaveStatus::InProgress;
            let was_done = done.unwrap_or_default();
            if is_idle && !was_done {
                then();
            }
            is_idle || was_done
        });
    }
    /// Whether everything that was typed is stored.
    pub fn is_saved(self) -> bool {
        self.state.get() == SaveStatus::Saved
    }
    /// Records that a save was sent.
    pub fn begin(self) {
        self.state.set(SaveStatus::InProgress);
    }
    /// Takes the answer of a save. Answers the new version if the form is stored.
    pub fn settle(self, result: Result<SaveResult, AppError>) -> Option<i64> {
        let lang = lang();
        match result {
            Ok(SaveResult::Saved(version)) => {
                self.version.set(version);
                self.state.set(SaveStatus::Saved);
                return Some(version);
            }
            Ok(SaveResult::Problems(problems)) => {
                self.form.refuse(problems);
                self.state.set(SaveStatus::Failed(i18n::form_summary_title(lang).to_owned(), false));
            }
            // The server keeps what was typed for the account of this page and gives it back after the log-in.
            Err(AppError::SignedOut) => browser::submit_natively(self.form_id),
            Err(error) => {
                if error == AppError::Conflict {
                    self.conflict.set(true);
                }
                self.state.set(SaveStatus::Failed(
                    error.sentence(lang),
                    matches!(error, AppError::Offline | AppError::Unavailable | AppError::TooMany),
                ));
            }
        }
        None
    }
    /// Shows an error that is not one of a save.
    pub fn fail(self, error: &AppError) {
        self.state.set(SaveStatus::Failed(error.sentence(lang()), false));
    }
    /// Calls `save` when typing pauses.
    pub fn autosave(self, save: impl Fn() + Copy + 'static) {
        let turn = StoredValue::new(0u32);
        Effect::new(move |before: Option<Values>| {
            let values = self.form.values();
            if before.as_ref().map_or_else(|| self.form.typed_early(), |before| *before != values) {
                self.state.set(SaveStatus::Unsaved);
                turn.update_value(|n| *n += 1);
                let mine = turn.get_value();
                set_timeout(
                    move || {
                        // Each key starts the pause anew; what is typed during a save is saved after the next pause.
                        if turn.try_get_value() == Some(mine) && self.state.get_untracked() == SaveStatus::Unsaved {
                            save();
                        }
                    },
                    PAUSE,
                );
            }
            values
        });
        // A save that did not reach the server is repeated until it does.
        Effect::new(move |_| {
            if let SaveStatus::Failed(_, true) = self.state.get() {
                let again = move || {
                    if matches!(self.state.try_get_untracked(), Some(SaveStatus::Failed(_, true))) {
                        save();
                    }
                };
                set_timeout(again, RETRY);
            }
        });
    }
    /// What "keep mine" does after a conflict: takes the newest version, which `newest` fetches, and calls `save`.
    pub fn keep_mine<F>(
        self,
        newest: impl Fn() -> F + Send + Sync + 'static,
        save: impl Fn() + Copy + Send + Sync + 'static,
    ) -> Callback<()>
    where
        F: Future<Output = Result<i64, AppError>> + 'static,
    {
        Callback::new(move |()| {
            let newest = newest();
            spawn_local(async move {
                match newest.await {
                    Ok(version) => {
                        self.version.set(version);
                        self.conflict.set(false);
                        save();
                    }
                    // Where the session has ended the form is posted, to be given back after the log-in.
                    Err(error) => drop(self.settle(Err(error))),
                }
            });
        })
    }
    /// Marks the form as typed and not yet saved.
    pub fn mark_unsaved(self) {
        self.state.set(SaveStatus::Unsaved);
    }
}

/// The state of saving, in a polite live region.
#[component]
pub fn SaveState(saver: Saver) -> impl IntoView {
    let lang = lang();
    let state = saver.state;
    let class = move || match state.get() {
        SaveStatus::Failed(..) => "save-state failed",
        SaveStatus::Saved => "save-state saved",
        _ => "save-state",
    };
    view! {
        <p class=class role="status" aria-live="polite">
            {move || match state.get() {
                SaveStatus::Untouched => String::new(),
                SaveStatus::Unsaved => i18n::saving_unsaved(lang).to_owned(),
                SaveStatus::InProgress => i18n::saving_saving(lang).to_owned(),
                SaveStatus::Saved => i18n::saving_saved(lang).to_owned(),
                SaveStatus::Failed(why, _) => i18n::saving_failed(lang, why),
            }}
        </p>
    }
}

/// Shown when another window saved first: offers to overwrite its version or to reload the page.
#[component]
pub fn ConflictNotice(
    saver: Saver,
    /// Saves over what the other window saved. Without script the button of the form does the same: it carries the version
    /// that the page was rendered from.
    keep: Callback<()>,
) -> impl IntoView {
    let lang = lang();
    // Only the module can run what the first button does.
    let is_hydrated = RwSignal::new(false);
    Effect::new(move |_| is_hydrated.set(true));
    view! {
        {move || saver.conflict.get().then(|| view! {
            <div class="summary" role="alert">
                <h2>{i18n::conflict_title(lang)}</h2>
                <p>{i18n::conflict_body(lang)}</p>
                <UntilHydrated html=format!("<p>{}</p>", i18n::conflict_plain(lang)) />
                <p class="row">
                    <button type="button" class="button" hidden=move || !is_hydrated.get() on:click=move |_| keep.run(())>{i18n::conflict_keep(lang)}</button>
                    <a class="button" href="" rel="external">{i18n::conflict_reload(lang)}</a>
                </p>
            </div>
        }.into_any())}
    }
}
