//! The look-up of a school, major or employer: a combobox after ARIA 1.2. What is typed is kept whatever happens; choosing
//! from the list also keeps the entry's id. Without script it is a line of text, and the server finds the entry.
use super::{FieldShell, Form};
use crate::{i18n, lang::lang};
use forms::{Field, profile::id_field};
use leptos::prelude::*;
use serde::Deserialize;

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(super) struct Suggestion {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) region: String,
    pub(super) former: Option<String>,
    pub(super) marked: (usize, usize),
    #[serde(default)]
    pub(super) slip: bool,
    #[serde(default)]
    pub(super) includes: Vec<String>,
}

/// The look-up of a name. `kind` is the dictionary: school, major or employer.
#[component]
pub fn LookupField(
    form: Form,
    field: Field,
    kind: &'static str,
    #[prop(optional)] optional: bool,
    /// The field whose province is preferred in the list.
    #[prop(optional)]
    near: Option<Field>,
) -> impl IntoView {
    let lang = lang();
    let name = field.name();
    let Some(id_of) = id_field(field) else { return ().into_any() };
    let found = RwSignal::new(Vec::<Suggestion>::new());
    let pending = StoredValue::new(PendingQuery::default());
    let open = RwSignal::new(false);
    let active = RwSignal::new(None::<usize>);
    let asked = RwSignal::new(0u32);
    let announced = RwSignal::new(String::new());

    // Whoever has chosen or gone on is shown no list that comes late.
    let close = move || {
        asked.update(|n| *n += 1);
        pending.set_value(PendingQuery::default());
        open.set(false);
    };
    let choose = move |hit: Suggestion| {
        form.set(field, hit.name);
        form.set(id_of, hit.id);
        form.leave(field);
        close();
        active.set(None);
    };
    let look_up = move |typed: String| {
        if form.is_closed(field) {
            return;
        }
        asked.update(|n| *n += 1);
        let (sequence, region) = (asked.get_untracked(), near.map(|f| form.get(f)).unwrap_or_default());
        if typed.trim().is_empty() {
            pending.set_value(PendingQuery::default());
            found.set(Vec::new());
            open.set(false);
            return;
        }
        let show = move |hits: Vec<Suggestion>| {
            announced.set(match hits.first() {
                None => i18n::lookup_none(lang).to_owned(),
                Some(first) if first.slip => i18n::lookup_nearly(lang, hits.len()),
                Some(_) => i18n::lookup_count(lang, hits.len()),
            });
            active.set(None);
            open.set(true);
            found.set(hits);
        };
        // A cached list answers at once; a query sent before it was there is aborted.
        if let Some(hits) = cached(kind, &typed, &region) {
            pending.set_value(PendingQuery::default());
            return show(hits);
        }
        pending.set_value(ask(kind, typed, region, move |hits: Vec<Suggestion>| {
            // An answer to an older query is dropped.
            if asked.get_untracked() == sequence {
                show(hits);
            }
        }));
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" if open.get_untracked() && count > 0 => {
                event.prevent_default();
                active.update(|a| *a = Some(a.map_or(0, |i| (i + 1) % count)));
            }
            "ArrowDown" => look_up(form.get(field)),
            "ArrowUp" if open.get_untracked() && count > 0 => {
                event.prevent_default();
                active.update(|a| *a = Some(a.map_or(count - 1, |i| (i + count - 1) % count)));
            }
            "Enter" if open.get_untracked() => {
                if let Some(hit) = active.get_untracked().and_then(|i| found.with_untracked(|f| f.get(i).cloned())) {
                    event.prevent_default();
                    choose(hit);
                }
            }
            "Escape" => close(),
            _ => {}
        }
    };
    let list = format!("l-{name}");
    view! {
        <FieldShell form field optional>
            <div class="combobox">
                <input
                    id=format!("f-{name}")
                    name=name
                    type="text"
                    role="combobox"
                    autocomplete="off"
                    spellcheck="false"
                    readonly=form.is_closed(field)
                    aria-autocomplete="list"
                    aria-controls=list.clone()
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    aria-activedescendant=move || active.get().map(|i| format!("o-{name}-{i}"))
                    aria-describedby=format!("h-{name} e-{name} t-{name}")
                    aria-required=(!optional).then_some("true")
                    aria-invalid=move || form.problem(field).map(|_| "true")
                    value=form.snapshot().text(field)
                    prop:value=move || form.get(field)
                    on:input=move |event| {
                        let typed = event_target_value(&event);
                        form.set(field, typed.clone());
                        form.set(id_of, String::new());
                        look_up(typed);
                    }
                    on:keydown=on_key
                    on:focus=move |_| cache_list(kind)
                    on:blur=move |_| {
                        close();
                        form.leave(field);
                    }
                />
                <input type="hidden" name=id_of.name() value=form.snapshot().text(id_of) prop:value=move || form.get(id_of) />
                <ul id=list role="listbox" aria-label=i18n::lookup_list(lang) hidden=move || !open.get() || found.with(Vec::is_empty)>
                    {move || found.get().into_iter().enumerate().map(|(i, hit)| {
                        let region = i18n::choice_code(lang, "province", &hit.region);
                        let (name_shown, former) = match &hit.former {
                            Some(former) => (marked(&hit.name, (0, 0)), Some(view! {
                                <small>{i18n::lookup_former(lang)}{marked(former, hit.marked)}</small>
                            })),
                            None => (marked(&hit.name, hit.marked), None),
                        };
                        let includes = (!hit.includes.is_empty()).then(|| {
                            view! { <small>{i18n::lookup_includes(lang, hit.includes.join(" · "))}</small> }.into_any()
                        });
                        view! {
                            <li
                                id=format!("o-{name}-{i}")
                                role="option"
                                aria-selected=move || if active.get() == Some(i) { "true" } else { "false" }
                                class:active=move || active.get() == Some(i)
                                // Before the blur of the input, which would close the list.
                                on:mousedown=move |event| {
                                    event.prevent_default();
                                    choose(hit.clone());
                                }
                            >
                                <span>{name_shown}{former}{includes}</span><span class="region">{region}</span>
                            </li>
                        }.into_any()
                    }).collect_view()}
                </ul>
                <p class="unseen" role="status" aria-live="polite">{move || announced.get()}</p>
            </div>
            {move || form.note_for(kind, field).map(|note| view! { <p class="told" id=format!("t-{name}")>{note}</p> }.into_any())}
            // It posts the whole form: the server keeps what was typed, and shows where to ask for the name.
            <button class="quiet missing" name="missing" value=name hidden=move || form.is_closed(field) || !form.get(id_of).is_empty()>
                {i18n::lookup_missing(lang)}
            </button>
        </FieldShell>
    }.into_any()
}

/// A name with the part that the query covers marked.
fn marked(name: &str, (from, to): (usize, usize)) -> AnyView {
    let part = |from: usize, to: usize| name.chars().skip(from).take(to - from).collect::<String>();
    let length = name.chars().count();
    let (from, to) = (from.min(length), to.clamp(from.min(length), length));
    let mark = (from < to).then(|| view! { <mark>{part(from, to)}</mark> }.into_any());
    view! { {part(0, from)}{mark}{part(to, length)} }.into_any()
}

#[cfg(feature = "hydrate")]
use super::cached_list::{fetch as cache_list, search as cached};
/// Only a browser caches lists.
#[cfg(not(feature = "hydrate"))]
fn cache_list(_: &'static str) {}
/// Only a browser caches lists.
#[cfg(not(feature = "hydrate"))]
fn cached(_: &str, _: &str, _: &str) -> Option<Vec<Suggestion>> {
    None
}

/// A query that was sent: it is aborted when it is dropped, which the next key does.
#[derive(Default)]
struct PendingQuery {
    #[cfg(feature = "hydrate")]
    controller: Option<send_wrapper::SendWrapper<web_sys::AbortController>>,
}
#[cfg(feature = "hydrate")]
impl Drop for PendingQuery {
    fn drop(&mut self) {
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}

#[cfg(feature = "hydrate")]
thread_local! {
    /// The generation of the dictionaries that the last answer came from: answers of one generation are kept by the browser.
    static GENERATION: std::cell::Cell<i64> = const { std::cell::Cell::new(0) };
}

/// Asks the server for names.
#[cfg(feature = "hydrate")]
fn ask(kind: &'static str, typed: String, region: String, answer: impl Fn(Vec<Suggestion>) + 'static) -> PendingQuery {
    #[derive(Deserialize)]
    struct Answer {
        generation: i64,
        names: Vec<Suggestion>,
    }
    let controller = web_sys::AbortController::new().ok();
    let signal = controller.as_ref().map(web_sys::AbortController::signal);
    leptos::task::spawn_local(async move {
        let generation = GENERATION.get().to_string();
        let query = [("q", typed.as_str()), ("region", region.as_str()), ("g", generation.as_str())];
        let request = gloo_net::http::Request::get(&format!("/api/dictionary/{kind}")).query(query);
        if let Ok(response) = request.abort_signal(signal.as_ref()).send().await
            && let Ok(found) = response.json::<Answer>().await
        {
            GENERATION.set(found.generation);
            answer(found.names);
        }
    });
    PendingQuery { controller: controller.map(send_wrapper::SendWrapper::new) }
}
#[cfg(not(feature = "hydrate"))]
fn ask(_: &'static str, _: String, _: String, _: impl Fn(Vec<Suggestion>) + 'static) -> PendingQuery {
    PendingQuery::default()
}
