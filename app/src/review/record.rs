//! One record under review: data and entries, the photo beside them, automatic checks on top, the checklist, and the actions that
//! are open to the office. Every action is a form; in a hydrated page its fields go through a server function, and what was
//! typed stays when it is refused.
use super::{
    api::load_record,
    checklist::{Group, MaterialItem, draft_of},
    correction::CorrectForm,
    data::{FORM_CONTROL, RecordData, ReviewResult},
    paper_change::PaperChangeForm,
    queue::claimed,
    signature::{AreaApprovalForm, ClaimForm, Outstanding, SignForm},
    state::{HiddenFields, ReviewState, StatusMessage, control_id, material_name, status_message_of},
};
use crate::{
    applications::{Corrections, Timeline},
    browser::query_value,
    components::{PageField, loaded, page_scope},
    i18n,
    lang::{Lang, lang},
    routes::{Endpoint, Page},
    transport::shared_result,
};
use forms::{
    application::Flag,
    choice::Choice,
    draft::TICKED,
    ids::ApplicationId,
    review::{Item, ReviewAction, ReviewOutcome},
};
use leptos::prelude::*;

/// A record.
#[component]
pub fn RecordPage(id: ApplicationId) -> impl IntoView {
    let lang = lang();
    let done = query_value("done").and_then(|code| status_message_of(lang, &code));
    let state = ReviewState::new(id, shared_result::<ReviewResult>().unwrap_or_default(), done);
    view! {
        <StatusMessage state />
        {page_scope(move || {
            state.generation.get();
            loaded(move || load_record(id), move |data: RecordData| view! { <Record state data /> })
        })}
    }
}

#[component]
fn Record(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    state.data.set(Some(data.clone()));
    let can = |action: ReviewAction| action.is_open(data.role, data.status, data.on_site);
    let claimed_by_other = data.claim.as_ref().is_some_and(|(_, mine)| !mine);
    let settles = can(ReviewAction::Settle) && !data.outstanding.is_empty();
    let (signs, approves, corrects) =
        (can(ReviewAction::Sign), can(ReviewAction::ApproveArea), can(ReviewAction::Correct));
    view! {
        <Head state data=data.clone() />
        <div id=control_id(FORM_CONTROL) tabindex="-1"></div>
        {claimed_by_other.then(|| view! { <p class="note warning">{i18n::review_held(lang)}</p> }.into_any())}
        <Checks data=data.clone() />
        {settles.then(|| view! { <Outstanding state data=data.clone() /> }.into_any())}
        {signs.then(|| view! { <SignForm state data=data.clone() /> }.into_any())}
        {approves.then(|| view! { <AreaApprovalForm state data=data.clone() /> }.into_any())}
        <ChecklistForm state data=data.clone() />
        <Entries state data=data.clone() />
        {can(ReviewAction::ChangePaper).then(|| view! { <PaperChangeForm state data=data.clone() /> }.into_any())}
        {corrects.then(|| view! { <CorrectForm state data=data.clone() /> }.into_any())}
        <Corrections title=i18n::review_paper_changes(lang) corrections=data.paper_changes />
        <Corrections title=i18n::review_corrections(lang) corrections=data.corrections />
        <section class="sheet">
            <div class="title-row">
                <h2>{i18n::review_history(lang)}</h2>
                <a class="button" href=Page::RecordForm(state.id).path() rel="external">{i18n::review_print(lang)}</a>
            </div>
            <Timeline events=data.events />
        </section>
    }
}

/// Whose record it is, where it stands, who has claimed it.
#[component]
fn Head(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    let claims = ReviewAction::Claim.is_open(data.role, data.status, data.on_site);
    view! {
        <div class="wizard-head">
            <div>
                <p class="over">{data.exam.clone()}</p>
                <h1>{data.name.clone()}" "<span class="serial">{data.serial.clone()}</span></h1>
                <p class="marks">
                    <span class=format!("status {}", data.status.code())>{i18n::choice(lang, data.status)}</span>
                    <span>{data.waiting_text.clone()}</span>
                    <span>{i18n::review_paper(lang, data.printed_version)}</span>
                    {data.claim.clone().map(|(name, mine)| view! { <span class="mark-lock">{claimed(lang, name, mine)}</span> }.into_any())}
                </p>
            </div>
            <div class="ways">
                <a class="button" href=Page::Queue.path()>{i18n::review_back(lang)}</a>
                {claims.then(|| view! { <ClaimForm state claim=data.claim.clone() /> }.into_any())}
            </div>
        </div>
    }
}

/// What the platform checked by itself, and what the papers must prove.
#[component]
fn Checks(data: RecordData) -> impl IntoView {
    let lang = lang();
    view! {
        <section class="sheet">
            <h2>{i18n::review_checks(lang)}</h2>
            <ul class="checks">
                {data.checks.iter().map(|(flag, right)| view! {
                    <li class=if *right { "right" } else { "look" }>{check_text(lang, *flag, *right)}</li>
                }.into_any()).collect_view()}
                {data.proofs.iter().map(|proof| view! { <li class="look">{i18n::review_prove(lang, proof)}</li> }.into_any()).collect_view()}
            </ul>
        </section>
    }
}

fn check_text(lang: Lang, flag: Flag, right: bool) -> String {
    if right {
        i18n::review_check_right(lang, i18n::choice(lang, flag))
    } else {
        i18n::review_check_look(lang, i18n::choice(lang, flag))
    }
}

/// The data with the checklist and its outcomes.
#[component]
fn ChecklistForm(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    let assesses = ReviewAction::Assess.is_open(data.role, data.status, data.on_site);
    view! {
        <form id="assess" method="post" action=Page::Record(state.id).path() class="sheet wide" novalidate on:submit=move |event| state.send(&event)>
            <PageField />
            <HiddenFields data=data.clone() action=ReviewAction::Assess />
            <div class="review">
                <div>
                    {data.groups.iter().cloned().map(|(title, lines)| view! { <Group state title lines assesses drafts=data.drafts.clone() /> }.into_any()).collect_view()}
                </div>
                <figure class="portrait">
                    <img src=Endpoint::RecordPhoto(state.id).path() width="210" height="280" alt=i18n::review_photo(lang) />
                </figure>
            </div>
            {assesses.then(|| view! {
                <h2>{i18n::review_papers(lang)}</h2>
                {(!data.verified.is_empty()).then(|| view! {
                    <p>{i18n::review_papers_verified(lang)}</p>
                    <ul>{data.verified.iter().map(|paper| view! { <li>{material_name(lang, *paper)}</li> }.into_any()).collect_view()}</ul>
                }.into_any())}
                {data.papers.iter().copied().map(|paper| view! { <MaterialItem state paper draft=draft_of(&data, Item::Paper(paper)) /> }.into_any()).collect_view()}
                <div class="actions">
                    {[
                        (ReviewOutcome::Approve, "primary", i18n::review_approve(lang)),
                        (ReviewOutcome::Return, "button", i18n::review_return(lang)),
                        (ReviewOutcome::Reject, "button danger", i18n::review_reject(lang)),
                        (ReviewOutcome::Save, "quiet", i18n::review_save(lang)),
                    ].into_iter().filter(|(outcome, ..)| outcome.is_open(data.status)).map(|(outcome, class, label)| view! {
                        <button class=class name="outcome" value=outcome.code()>{label}</button>
                    }.into_any()).collect_view()}
                </div>
                <p class="note">{i18n::review_outcome_note(lang)}</p>
            }.into_any())}
        </form>
    }
}

/// The entries that the application uses.
#[component]
fn Entries(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    let verifies = ReviewAction::Verify.is_open(data.role, data.status, data.on_site);
    view! {
        <section class="sheet">
            <h2>{i18n::review_entries(lang)}</h2>
            {data.entries.is_empty().then(|| view! { <p class="empty">{i18n::review_no_entries(lang)}</p> }.into_any())}
            <ul class="cards">
                {data.entries.iter().cloned().map(|entry| {
                    let title = entry.title.clone();
                    view! {
                        <li class="card">
                            <div>
                                <p class="card-title">{entry.title}</p>
                                <p class="card-facts">{entry.facts}</p>
                                <p class="marks">{entry.verified.then(|| view! { <span class="mark-tick">{i18n::entry_verified(lang)}</span> }.into_any())}</p>
                            </div>
                            {verifies.then(|| view! {
                                <form method="post" action=Page::Record(state.id).path() on:submit=move |event| state.send(&event)>
                                    <PageField />
                                    <HiddenFields data=data.clone() action=ReviewAction::Verify />
                                    <input type="hidden" name="entry" value=entry.id.to_string() />
                                    <button class="button" name="yes" value=if entry.verified { "no" } else { TICKED }>
                                        {if entry.verified { i18n::review_unverify(lang, title) } else { i18n::review_verify(lang, title) }}
                                    </button>
                                </form>
                            }.into_any())}
                        </li>
                    }.into_any()
                }).collect_view()}
            </ul>
        </section>
    }
}
