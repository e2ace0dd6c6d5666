//! What waits for an office, the longest first, and how to find a record.
use super::{
    api::{claim_next, load_queue},
    data::{QueueData, ReviewResult, RowData},
};
use crate::{
    browser::{focus, navigator, submitted_fields},
    components::{Choices, FieldFrame, FilterSelect, PageField, loaded, page_scope},
    i18n,
    lang::{Lang, lang},
    routes::Page,
    transport::{Encoded, FormFields, shared_result},
};
use forms::{application::Flag, choice::Choice, status::ApplicationStatus};
use leptos::{prelude::*, task::spawn_local};

/// The states that an office looks at.
const STATES: [ApplicationStatus; 6] = [
    ApplicationStatus::Submitted,
    ApplicationStatus::Returned,
    ApplicationStatus::SiteApproved,
    ApplicationStatus::Signed,
    ApplicationStatus::AreaApproved,
    ApplicationStatus::Rejected,
];

/// The queue.
#[component]
pub fn QueuePage() -> impl IntoView {
    let asked = RwSignal::new(shared_result::<ReviewResult>().map(|result| result.fields).unwrap_or_default());
    let ask = Callback::new(move |fields: FormFields| asked.set(fields));
    page_scope(move || {
        let fields = asked.get();
        loaded(move || load_queue(fields.clone()), move |data: QueueData| view! { <Queue data ask /> })
    })
}

#[component]
fn Queue(data: QueueData, ask: Callback<FormFields>) -> impl IntoView {
    let lang = lang();
    let navigator = navigator();
    let status_message = RwSignal::new(String::new());
    let of = |name: &str| data.asked.get(name).cloned().unwrap_or_default();
    let search = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        ask.run(submitted_fields(&event));
        focus("main");
    };
    let next = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        spawn_local(async move {
            match claim_next().await.and_then(Encoded::decode) {
                Ok(Some(id)) => navigator.navigate(&Page::Record(id).path()),
                Ok(None) => status_message.set(i18n::review_none_waits(lang).to_owned()),
                Err(error) => status_message.set(error.sentence(lang)),
            }
        });
    };
    let searched = !of("find").is_empty();
    let last = data.rows.last().map(|row| row.id.to_string()).filter(|_| data.more);
    let asked = data.asked.clone();
    let kept = ["find", "status", "category", "flag"].map(|name| (name, of(name)));
    let empty = data.rows.is_empty();
    view! {
        <div class="wizard-head">
            <div>
                <p class="over">{data.office}</p>
                <h1>{i18n::review_title(lang)}</h1>
            </div>
            {data.reviews.then(|| view! {
                <form method="post" action=Page::Queue.path() on:submit=next>
                    <PageField />
                    <button class="primary" name="next" value="yes">{i18n::review_next(lang)}</button>
                </form>
            }.into_any())}
        </div>
        <p class="note" role="status" aria-live="polite">{move || status_message.get()}</p>
        <form id="queue" method="post" action=Page::Queue.path() class="sheet filters wide" on:submit=search>
            <PageField />
            <Filters asked default_status=data.default_queue_status categories=data.categories />
        </form>
        {searched.then(|| view! { <p class="note" id="found" tabindex="-1" role="status">{i18n::review_found(lang, data.rows.len())}</p> }.into_any())}
        {empty.then(|| view! { <p class="empty">{if searched { i18n::review_not_found(lang) } else { i18n::review_none_waits(lang) }}</p> }.into_any())}
        <ol class="cards queue">{data.rows.into_iter().map(|row| view! { <Row row /> }.into_any()).collect_view()}</ol>
        {last.map(|last| view! {
            <form method="post" action=Page::Queue.path() on:submit=search>
                <PageField />
                {kept.into_iter().map(|(name, value)| view! { <input type="hidden" name=name value=value /> }.into_any()).collect_view()}
                <button class="button" name="after" value=last>{i18n::review_more(lang)}</button>
            </form>
        }.into_any())}
    }
}

/// The fields of the search.
#[component]
fn Filters(asked: FormFields, default_status: ApplicationStatus, categories: Choices) -> impl IntoView {
    let lang = lang();
    let of = move |name: &str| asked.get(name).cloned().unwrap_or_default();
    let (find, value) = (of("find"), move |name: &str| RwSignal::new(of(name)));
    // The state that is shown when none is chosen is the first entry.
    let states = STATES.iter().filter(|status| **status != default_status);
    let states = states.map(|status| (status.code().to_owned(), i18n::choice(lang, *status).to_owned())).collect();
    let any = i18n::catalogue_any(lang);
    view! {
        <div class="grow">
            <FieldFrame id="find" label=i18n::review_find(lang) hint=Some(i18n::review_find_hint(lang).to_owned())>
                <input id="f-find" name="find" type="search" value=find aria-describedby="h-find" autocomplete="off" spellcheck="false" />
            </FieldFrame>
        </div>
        <FilterSelect name="status" label=i18n::review_status(lang) options=states value=value("status") none=i18n::choice(lang, default_status) />
        <FilterSelect name="category" label=i18n::catalogue_discipline(lang) options=categories value=value("category") none=any />
        <FilterSelect name="flag" label=i18n::review_flag(lang) options=i18n::options(lang, Flag::ALL) value=value("flag") none=any />
        <div class="field"><button class="primary">{i18n::review_search(lang)}</button></div>
    }
}

#[component]
fn Row(row: RowData) -> impl IntoView {
    let lang = lang();
    view! {
        <li class="card">
            <div>
                <p class="card-title"><a href=Page::Record(row.id).path()>{row.name}</a></p>
                <p class="card-facts">
                    <span class="serial">{row.serial}</span><span>{row.category}</span><span>{row.site}</span>
                </p>
                <Marks flags=row.flags claim=row.claim />
            </div>
            <p class="marks"><span>{row.waiting_text}</span><span class=format!("status {}", row.status.code())>{i18n::choice(lang, row.status)}</span></p>
        </li>
    }
}

/// Who is at a record, and what to look at.
#[component]
pub(super) fn Marks(flags: Vec<Flag>, claim: Option<(String, bool)>) -> impl IntoView {
    let lang = lang();
    view! {
        <p class="marks">
            {claim.map(|(name, mine)| view! { <span class="mark-lock">{claimed(lang, name, mine)}</span> }.into_any())}
            {flags.into_iter().map(|flag| view! { <span class="mark-open">{i18n::choice(lang, flag)}</span> }.into_any()).collect_view()}
        </p>
    }
}

/// Who has taken a record, in words.
pub(super) fn claimed(lang: Lang, name: String, mine: bool) -> String {
    if mine { i18n::review_claimed_mine(lang).to_owned() } else { i18n::review_claimed(lang, name) }
}
