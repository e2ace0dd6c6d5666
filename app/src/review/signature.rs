//! Claim, signature, outstanding papers and the approval of the area: the actions with a form of their own.
use super::{
    data::RecordData,
    state::{ControlError, HiddenFields, ReviewState, control_id, control_label},
};
use crate::{components::PageField, i18n, lang::lang, routes::Page};
use forms::{choice::Choice, draft::TICKED, review::ReviewAction};
use leptos::prelude::*;

#[component]
pub(super) fn ClaimForm(state: ReviewState, claim: Option<(String, bool)>) -> impl IntoView {
    let lang = lang();
    let mine = claim.as_ref().is_some_and(|(_, mine)| *mine);
    let other = claim.is_some() && !mine;
    if other {
        return ().into_any();
    }
    let (action, label) = if mine {
        (ReviewAction::Release, i18n::review_release(lang))
    } else {
        (ReviewAction::Claim, i18n::review_claim(lang))
    };
    view! {
        <form method="post" action=Page::Record(state.id).path() on:submit=move |event| state.send(&event)>
            <PageField />
            <button class=if mine { "button" } else { "primary" } name="do" value=action.code()>{label}</button>
        </form>
    }
    .into_any()
}

/// What was to come later, and whether it came (X31).
#[component]
pub(super) fn Outstanding(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    let items = data.outstanding.clone();
    view! {
        <section class="sheet">
            <h2>{i18n::review_outstanding(lang)}</h2>
            <ul class="cards">
                {items.into_iter().map(|found| {
                    let code = found.item.code();
                    let due = found.due.map(|due| due.to_string()).unwrap_or_default();
                    view! {
                        <li class="card">
                            <div>
                                <p class="card-title">{control_label(lang, &code)}</p>
                                <p class="card-facts">{i18n::review_due_by(lang, due)}</p>
                            </div>
                            <form method="post" action=Page::Record(state.id).path() class="row" on:submit=move |event| state.send(&event)>
                                <PageField />
                                <HiddenFields data=data.clone() action=ReviewAction::Settle />
                                <input type="hidden" name="item" value=code />
                                <button class="primary" name="yes" value=TICKED>{i18n::review_came(lang)}</button>
                                <button class="button danger" name="yes" value="no">{i18n::review_never_came(lang)}</button>
                            </form>
                        </li>
                    }.into_any()
                }).collect_view()}
            </ul>
        </section>
    }
}

/// The form to sign is printed, signed, and recorded with its version (S91).
#[component]
pub(super) fn SignForm(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    view! {
        <form id="sign" method="post" action=Page::Record(state.id).path() class="sheet" on:submit=move |event| state.send(&event)>
            <PageField />
            <HiddenFields data=data.clone() action=ReviewAction::Sign />
            <input type="hidden" name="printed_version" value=data.printed_version.to_string() />
            <h2>{i18n::review_sign_title(lang)}</h2>
            <p>{i18n::review_sign_body(lang, data.printed_version)}</p>
            <p><a class="button" href=Page::RecordForm(state.id).path() rel="external">{i18n::review_print(lang)}</a></p>
            <div class="field check">
                <label>
                    <input type="checkbox" name="yes" value=TICKED aria-describedby=control_id("yes") />
                    <span>{i18n::review_sign_seen(lang, data.printed_version)}</span>
                </label>
                <ControlError state control="yes".to_owned() />
            </div>
            <button class="primary">{i18n::review_sign_button(lang)}</button>
        </form>
    }
}

/// The approval of an area, which completes the review.
#[component]
pub(super) fn AreaApprovalForm(state: ReviewState, data: RecordData) -> impl IntoView {
    let lang = lang();
    view! {
        <form method="post" action=Page::Record(state.id).path() class="sheet" on:submit=move |event| state.send(&event)>
            <PageField />
            <HiddenFields data action=ReviewAction::ApproveArea />
            <h2>{i18n::review_area_title(lang)}</h2>
            <p>{i18n::review_area_body(lang)}</p>
            <button class="primary">{i18n::review_area_button(lang)}</button>
        </form>
    }
}
