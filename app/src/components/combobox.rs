//! The look-up of a school, major or employer: a combobox after ARIA 1.2. What is typed always stays in the form; choosing
//! from the list also stores the entry's id. Without script it is a text input, and the server finds the entry.
use super::{Form, field::FormField, suggestion::Suggestion};
use crate::{
    i18n,
    lang::{Lang, lang},
};
use forms::{Field, profile::id_field};
use leptos::prelude::*;

/// The look-up of a name. `kind` is the dictionary: school, major or employer.
#[component]
pub fn LookupField(
    form: Form,
    field: Field,
    kind: &'static str,
    #[prop(optional)] optional: bool,
    /// The field whose province is preferred in the list.
    #[prop(optional)]
    region_field: Option<Field>,
) -> impl IntoView {
    let lang = lang();
    let name = field.name();
    let Some(id_field) = id_field(field) else { return ().into_any() };
    let lookup = Lookup {
        form,
        field,
        id_field,
        kind,
        region_field,
        lang,
        hits: RwSignal::new(Vec::new()),
        pending: StoredValue::new(PendingQuery::default()),
        is_open: RwSignal::new(false),
        active: RwSignal::new(None),
        sequence: RwSignal::new(0),
        status: RwSignal::new(String::new()),
    };
    let Lookup { is_open, active, .. } = lookup;
    view! {
        <FormField form field optional hint=form.hint(lang, field, None)>
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
                    aria-controls=format!("l-{name}")
                    aria-expanded=move || if is_open.get() { "true" } else { "false" }
                    aria-activedescendant=move || active.get().map(|i| format!("o-{name}-{i}"))
                    aria-describedby=format!("h-{name} e-{name} t-{name}")
                    aria-required=(!optional).then_some("true")
                    aria-invalid=move || form.problem(field).map(|_| "true")
                    value=form.snapshot().text(field)
                    prop:value=move || form.get(field)
                    on:input=move |event| lookup.type_in(event_target_value(&event))
                    on:keydown=move |event| lookup.press(&event)
                    on:focus=move |_| cache_list(kind)
                    on:blur=move |_| lookup.leave()
                />
                <input type="hidden" name=id_field.name() value=form.snapshot().text(id_field) prop:value=move || form.get(id_field) />
                <Suggestions lookup />
                <p class="unseen" role="status" aria-live="polite">{move || lookup.status.get()}</p>
            </div>
            {move || form.note_for(kind, field).map(|note| view! { <p class="told" id=format!("t-{name}")>{note}</p> }.into_any())}
            // Both post the whole form: the server saves what was typed, and shows the page on which an employer is looked for by
            // its place, or the page on which a name is requested.
            {(kind == "employer").then(|| view! {
                <button class="quiet missing" name="pick" value=name hidden=form.is_closed(field)>{i18n::lookup_pick(lang)}</button>
            }.into_any())}
            <button class="quiet missing" name="missing" value=name hidden=move || form.is_closed(field) || !form.get(id_field).is_empty() || form.note_for(kind, field).is_some()>
                {i18n::lookup_missing(lang)}
            </button>
        </FormField>
    }.into_any()
}

/// The state of a look-up. Cheap to copy.
#[derive(Clone, Copy)]
struct Lookup {
    form: Form,
    field: Field,
    /// The field with the id of the chosen entry.
    id_field: Field,
    kind: &'static str,
    region_field: Option<Field>,
    lang: Lang,
    hits: RwSignal<Vec<Suggestion>>,
    pending: StoredValue<PendingQuery>,
    is_open: RwSignal<bool>,
    /// The suggestion that the arrow keys have reached.
    active: RwSignal<Option<usize>>,
    /// The number of the newest query.
    sequence: RwSignal<u32>,
    /// The text for screen readers.
    status: RwSignal<String>,
}
impl Lookup {
    /// Closes the list. An answer that is still to come no longer opens it.
    fn close(self) {
        self.sequence.update(|n| *n += 1);
        self.pending.set_value(PendingQuery::default());
        self.is_open.set(false);
    }
    /// Leaves the field. A name that was typed as it stands in the list counts as chosen from it.
    fn leave(self) {
        let typed = self.form.get(self.field);
        let listed = self.hits.with_untracked(|hits| hits.iter().find(|hit| hit.name == typed.trim()).cloned());
        match listed.filter(|_| self.form.get(self.id_field).is_empty()) {
            Some(hit) => self.choose(hit),
            None => {
                self.form.leave(self.field);
                self.close();
            }
        }
    }
    fn choose(self, hit: Suggestion) {
        self.form.set(self.field, hit.name);
        if let Some(region) = self.region_field.filter(|_| !hit.region.is_empty()) {
            if self.field == Field::Employer {
                self.form.set_employer_region(hit.id.clone(), hit.region.clone());
            }
            self.form.set(region, hit.region);
        }
        self.form.set(self.id_field, hit.id);
        self.form.leave(self.field);
        self.close();
        self.active.set(None);
        self.status.set(String::new());
    }
    /// Takes a name as typed, which is no longer the chosen entry, and searches for it.
    fn type_in(self, typed: String) {
        self.form.type_name(self.field, typed.clone());
        self.form.set(self.id_field, String::new());
        self.search(typed);
    }
    fn search(self, typed: String) {
        if self.form.is_closed(self.field) {
            return;
        }
        self.sequence.update(|n| *n += 1);
        let sequence = self.sequence.get_untracked();
        let region = self.region_field.map(|field| self.form.get(field)).unwrap_or_default();
        if typed.trim().is_empty() {
            self.pending.set_value(PendingQuery::default());
            self.hits.set(Vec::new());
            self.is_open.set(false);
            return;
        }
        // A cached list answers at once; a query sent before it was there is aborted.
        if let Some(hits) = cached(self.kind, &typed, &region) {
            self.pending.set_value(PendingQuery::default());
            return self.show(hits);
        }
        self.pending.set_value(ask(self.kind, typed, region, move |hits: Vec<Suggestion>| {
            // An answer to an older query is dropped.
            if self.sequence.get_untracked() == sequence {
                self.show(hits);
            }
        }));
    }
    fn show(self, hits: Vec<Suggestion>) {
        // As many as are ever shown may be more.
        let more = if hits.len() < MOST { "" } else { "+" };
        let count = format!("{}{more}", hits.len());
        self.status.set(match hits.first() {
            None => i18n::lookup_none(self.lang).to_owned(),
            Some(first) if first.slip => i18n::lookup_nearly(self.lang, count),
            Some(_) => i18n::lookup_count(self.lang, count),
        });
        self.active.set(None);
        self.is_open.set(true);
        self.hits.set(hits);
    }
    fn press(self, event: &leptos::ev::KeyboardEvent) {
        let (is_open, count) = (self.is_open.get_untracked(), self.hits.with_untracked(Vec::len));
        match event.key().as_str() {
            "ArrowDown" if is_open && count > 0 => {
                event.prevent_default();
                self.active.update(|active| *active = Some(active.map_or(0, |i| (i + 1) % count)));
            }
            "ArrowDown" => self.search(self.form.get(self.field)),
            "ArrowUp" if is_open && count > 0 => {
                event.prevent_default();
                self.active.update(|active| *active = Some(active.map_or(count - 1, |i| (i + count - 1) % count)));
            }
            "Enter" if is_open => {
                let active = self.active.get_untracked();
                if let Some(hit) = active.and_then(|i| self.hits.with_untracked(|hits| hits.get(i).cloned())) {
                    event.prevent_default();
                    self.choose(hit);
                }
            }
            "Escape" => self.close(),
            _ => {}
        }
    }
}

/// The list below the input.
#[component]
fn Suggestions(lookup: Lookup) -> impl IntoView {
    let Lookup { field, lang, hits, is_open, active, .. } = lookup;
    let name = field.name();
    let suggestion = move |(i, hit): (usize, Suggestion)| {
        let region = i18n::choice_code(lang, "province", &hit.region);
        let (name_shown, former) = match &hit.former {
            Some(former) => {
                let former =
                    view! { <small>{i18n::lookup_former(lang)}{marked(former, hit.marked)}</small> }.into_any();
                (marked(&hit.name, (0, 0)), Some(former))
            }
            None => (marked(&hit.name, hit.marked), None),
        };
        let includes = (!hit.includes.is_empty())
            .then(|| view! { <small>{i18n::lookup_includes(lang, hit.includes.join(" · "))}</small> }.into_any());
        view! {
            <li
                id=format!("o-{name}-{i}")
                role="option"
                aria-selected=move || if active.get() == Some(i) { "true" } else { "false" }
                class:active=move || active.get() == Some(i)
                // Before the blur of the input, which would close the list.
                on:mousedown=move |event| {
                    event.prevent_default();
                    lookup.choose(hit.clone());
                }
            >
                <span>{name_shown}{former}{includes}</span><span class="region">{region}</span>
            </li>
        }
        .into_any()
    };
    view! {
        <ul id=format!("l-{name}") role="listbox" aria-label=i18n::lookup_list(lang) hidden=move || !is_open.get() || hits.with(Vec::is_empty)>
            {move || hits.get().into_iter().enumerate().map(suggestion).collect_view()}
        </ul>
    }
}

/// A name in which the part that matches the query is marked.
fn marked(name: &str, (from, to): (usize, usize)) -> AnyView {
    let part = |from: usize, to: usize| name.chars().skip(from).take(to - from).collect::<String>();
    let length = name.chars().count();
    let (from, to) = (from.min(length), to.clamp(from.min(length), length));
    let mark = (from < to).then(|| view! { <mark>{part(from, to)}</mark> }.into_any());
    view! { {part(0, from)}{mark}{part(to, length)} }.into_any()
}

#[cfg(feature = "hydrate")]
use super::cached_list::{fetch as cache_list, search as cached};
#[cfg(feature = "hydrate")]
use names::MOST;
/// Only a browser shows suggestions.
#[cfg(not(feature = "hydrate"))]
const MOST: usize = usize::MAX;
/// Only a browser caches lists.
#[cfg(not(feature = "hydrate"))]
fn cache_list(_: &'static str) {}
/// Only a browser caches lists.
#[cfg(not(feature = "hydrate"))]
fn cached(_: &str, _: &str, _: &str) -> Option<Vec<Suggestion>> {
    None
}

/// A query that was sent. Dropping it aborts it, and the next query replaces it.
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
    /// The generation of the dictionaries that the last answer came from: the browser caches answers by generation.
    static GENERATION: std::cell::Cell<i64> = const { std::cell::Cell::new(0) };
}

/// Queries the server for names.
#[cfg(feature = "hydrate")]
fn ask(kind: &'static str, typed: String, region: String, answer: impl Fn(Vec<Suggestion>) + 'static) -> PendingQuery {
    let controller = web_sys::AbortController::new().ok();
    let signal = controller.as_ref().map(web_sys::AbortController::signal);
    leptos::task::spawn_local(async move {
        let generation = GENERATION.get().to_string();
        let query = [("q", typed.as_str()), ("region", region.as_str()), ("g", generation.as_str())];
        let request = gloo_net::http::Request::get(&format!("/api/dictionary/{kind}")).query(query);
        if let Ok(response) = request.abort_signal(signal.as_ref()).send().await
            && let Ok(text) = response.text().await
            && let Some((generation, names)) = parsed(&text)
        {
            GENERATION.set(generation);
            answer(names);
        }
    });
    PendingQuery { controller: controller.map(send_wrapper::SendWrapper::new) }
}
/// The generation and the names of an answer. The browser parses JSON already, so the module brings no parser of its own.
#[cfg(feature = "hydrate")]
fn parsed(answer: &str) -> Option<(i64, Vec<Suggestion>)> {
    use js_sys::{Array, JSON, Reflect};
    use wasm_bindgen::{JsCast, JsValue};
    let answer = JSON::parse(answer).ok()?;
    let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or_default();
    let number = |value: JsValue| value.as_f64().unwrap_or_default() as usize;
    let list = |value: JsValue| value.dyn_into::<Array>().unwrap_or_default();
    let suggestion = |name: JsValue| {
        let text = |field: &str| of(&name, field).as_string();
        let marked = list(of(&name, "marked"));
        Suggestion {
            id: text("id").unwrap_or_default(),
            name: text("name").unwrap_or_default(),
            region: text("region").unwrap_or_default(),
            former: text("former"),
            marked: (number(marked.get(0)), number(marked.get(1))),
            slip: of(&name, "slip").is_truthy(),
            includes: list(of(&name, "includes")).iter().filter_map(|name| name.as_string()).collect(),
        }
    };
    Some((of(&answer, "generation").as_f64()? as i64, list(of(&answer, "names")).iter().map(suggestion).collect()))
}
#[cfg(not(feature = "hydrate"))]
fn ask(_: &'static str, _: String, _: String, _: impl Fn(Vec<Suggestion>) + 'static) -> PendingQuery {
    PendingQuery::default()
}
