//! "这不是我注册的": whoever finds their document registered by somebody else says so to a site, and reads later what became of it (S12,
//! X20). Neither page tells whether a document is registered.
use super::actions::ClaimRefusal;
use crate::{
    components::{ErrorSummary, Fact, Form, HelpLinks, PageField, SelectField, TextField, dated, help::help_links},
    i18n,
    lang::Lang,
    request::{PlainPage, RequestContext},
    routes::{Page, PageKind},
};
use forms::{
    Draft, Field, Problems,
    choice::{Choice, DocumentType},
    identity_claim::{ClaimCode, ClaimCodeDraft, IdentityClaimDraft},
};
use leptos::prelude::*;
use registry::{Area, ClaimState, ClaimStatus, Site};

/// What is said beside the fields, and what at the top.
fn split_refusal(lang: Lang, refusal: Option<ClaimRefusal>) -> (Problems, Option<String>) {
    match refusal {
        Some(ClaimRefusal::Rejected(problems)) => (problems, None),
        Some(ClaimRefusal::TooOften) => (Problems::new(), Some(i18n::claim_throttled(lang).to_owned())),
        None => (Problems::new(), None),
    }
}

/// The form, with what was typed.
pub(super) async fn claim_page(
    context: &RequestContext,
    draft: IdentityClaimDraft,
    refusal: Option<ClaimRefusal>,
) -> Result<PlainPage, registry::Error> {
    let lang = context.lang;
    let (areas, sites) = context.registry().areas().await?;
    let sites = site_options(&areas, &sites);
    let refused = refusal.is_some();
    let (problems, sentence) = split_refusal(lang, refusal);
    let body = move || {
        let form = Form::posted(draft.pairs().into_iter().collect(), problems).without_hints();
        view! {
            <h1>{i18n::claim_title(lang)}</h1>
            <p class="lead">{i18n::claim_lead(lang)}</p>
            <p><a href=Page::ClaimState.path()>{i18n::claim_have_code(lang)}</a></p>
            <div class="split"><div>
                <ErrorSummary form extra=Signal::stored(sentence) />
                <form method="post" action=Page::Claim.path() class="sheet" novalidate>
                    <PageField />
                    <SelectField form field=Field::DocumentType options=i18n::options(lang, DocumentType::ALL) />
                    <TextField form field=Field::DocumentNumber />
                    <TextField form field=Field::Name autocomplete="name" />
                    <TextField form field=Field::Telephone mode="tel" autocomplete="tel" hint=i18n::claim_telephone_note(lang).to_owned() />
                    <SelectField form field=Field::Site options=sites hint=i18n::claim_site_note(lang).to_owned() />
                    <TextField form field=Field::ClaimReason hint=i18n::claim_reason_note(lang).to_owned() />
                    <div class="actions">
                        <button class="primary">{i18n::claim_submit(lang)}</button>
                        <a href=Page::Home.path()>{i18n::error_home(lang)}</a>
                    </div>
                </form>
            </div>
            <HelpLinks links=help_links(lang, &["registered", "password"]) />
            </div>
        }
    };
    Ok(PlainPage::new(PageKind::Claim, body).refused(refused))
}

/// The sites, each with its area before it: a page without script cannot wait for the area to be chosen.
fn site_options(areas: &[Area], sites: &[Site]) -> Vec<(String, String)> {
    let area =
        |code: &str| areas.iter().find(|area| area.code == code).map(|area| area.name.as_str()).unwrap_or_default();
    sites.iter().map(|site| (site.code.clone(), format!("{} {}", area(&site.area), site.name))).collect()
}

/// The answer to a claim: its code, which is shown this once, and where to go.
pub(super) fn claimed_page(context: &RequestContext, code: &ClaimCode, site: Site) -> PlainPage {
    let (lang, code) = (context.lang, code.to_string());
    let body = move || {
        view! {
            <section class="narrow">
                <h1>{i18n::claim_done_title(lang)}</h1>
                <p class="done" role="status">{i18n::claim_done(lang, site.name.clone())}</p>
                <div class="sheet">
                    <p class="note">{i18n::claim_keep(lang)}</p>
                    <p class="claim-code"><span class="unseen">{i18n::label(lang, Field::ClaimCode)}" "</span>{code}</p>
                    <p>{i18n::claim_bring(lang)}</p>
                    {site_facts(lang, site)}
                </div>
                <p><a href=Page::ClaimState.path()>{i18n::claim_state_title(lang)}</a></p>
            </section>
        }
    };
    PlainPage::new(PageKind::Claim, body).titled(i18n::claim_done_title(lang).to_owned())
}

/// Where to go. A site that has told neither its address nor its telephone is named alone.
fn site_facts(lang: Lang, site: Site) -> impl IntoView {
    let facts = [
        (i18n::label(lang, Field::Site), site.name),
        (i18n::claim_address(lang), site.address),
        (i18n::claim_phone(lang), site.phone),
    ];
    let known = facts.into_iter().filter(|(_, value)| !value.is_empty());
    view! { <dl class="facts">{known.map(|(label, value)| view! { <Fact label value /> }).collect_view()}</dl> }
}

/// The form that asks for a code, and above it how far its claim is. Nothing of the claimant is shown.
pub(super) fn claim_state_page(
    context: &RequestContext,
    draft: ClaimCodeDraft,
    refusal: Option<ClaimRefusal>,
    status: Option<ClaimStatus>,
) -> PlainPage {
    let lang = context.lang;
    let refused = refusal.is_some();
    let (problems, sentence) = split_refusal(lang, refusal);
    let body = move || {
        let form = Form::posted(draft.pairs().into_iter().collect(), problems).without_hints();
        view! {
            <section class="narrow">
                <h1>{i18n::claim_state_title(lang)}</h1>
                {status.map(|status| status_view(lang, status))}
                <ErrorSummary form extra=Signal::stored(sentence) />
                <form method="post" action=Page::ClaimState.path() class="sheet" novalidate>
                    <PageField />
                    <TextField form field=Field::ClaimCode hint=i18n::claim_code_note(lang).to_owned() />
                    <div class="actions">
                        <button class="primary">{i18n::claim_ask(lang)}</button>
                        <a href=Page::Claim.path()>{i18n::claim_title(lang)}</a>
                    </div>
                </form>
            </section>
        }
    };
    PlainPage::new(PageKind::ClaimState, body).refused(refused)
}

fn status_view(lang: Lang, status: ClaimStatus) -> impl IntoView {
    let (class, sentence) = match status.state {
        ClaimState::Received => ("note warning", i18n::claim_received(lang).to_owned()),
        ClaimState::Handled => ("note warning", i18n::claim_handled(lang).to_owned()),
        ClaimState::Done => ("done", i18n::claim_finished(lang).to_owned()),
        ClaimState::Refused => ("note warning", i18n::claim_refused(lang).to_owned()),
    };
    let when = i18n::moment_text(status.created.date(), status.created.time());
    view! {
        <p class=class role="status">{sentence}</p>
        <div class="sheet">
            {(!status.answer.is_empty()).then(|| view! { <p>{i18n::claim_answer(lang, status.answer)}</p> })}
            {site_facts(lang, status.site)}
            <p class="note">{dated(&i18n::claim_sent(lang, when))}</p>
        </div>
    }
}
