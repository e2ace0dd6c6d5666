//! "这不是我注册的": whoever finds their document registered by somebody else says so to a site, and reads later what became of it (S12,
//! X20). Neither page tells whether a document is registered.
use super::actions::ClaimRefusal;
use crate::{
    components::{
        ErrorSummary, Form, HelpLinks, PageField, SelectField, TextField, dated,
        help::help_links,
        places::{ContactFacts, ContactsLink, area_name, site_facts, site_name},
    },
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
    let sites = site_options(lang, &areas, &sites);
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
fn site_options(lang: Lang, areas: &[Area], sites: &[Site]) -> Vec<(String, String)> {
    let area = |code: &str| areas.iter().find(|area| area.code == code).map(|area| area_name(lang, area));
    let named = |site: &Site| {
        let area = area(&site.area).unwrap_or_default();
        (site.code.clone(), [area, site_name(lang, site)].join(lang.of(" ", ", ")))
    };
    sites.iter().map(named).collect()
}

/// The answer to a claim: its code, which is shown this once, and where to go.
pub(super) async fn claimed_page(
    context: &RequestContext,
    code: &ClaimCode,
    site: Site,
) -> Result<PlainPage, registry::Error> {
    let (lang, code) = (context.lang, code.to_string());
    let area = area_of(context, &site).await?;
    let body = move || {
        view! {
            <section class="narrow">
                <h1>{i18n::claim_done_title(lang)}</h1>
                <p class="done" role="status">{i18n::claim_done(lang, site_name(lang, &site))}</p>
                <div class="sheet">
                    <p class="note">{i18n::claim_keep(lang)}</p>
                    <p class="claim-code"><span class="unseen">{i18n::label(lang, Field::ClaimCode)}" "</span>{code}</p>
                    <p>{i18n::claim_bring(lang)}</p>
                    <WhereToGo site area />
                </div>
                <p><a href=Page::ClaimState.path()>{i18n::claim_state_title(lang)}</a></p>
            </section>
        }
    };
    Ok(PlainPage::new(PageKind::Claim, body).titled(i18n::claim_done_title(lang).to_owned()))
}

/// Where to go: the site, and what is known of it and its area (S106).
#[component]
fn WhereToGo(site: Site, area: Option<Area>) -> impl IntoView {
    let lang = crate::lang::lang();
    let mut facts = vec![(i18n::label(lang, Field::Site), site_name(lang, &site))];
    facts.extend(site_facts(lang, Some(&site), area.as_ref(), ""));
    view! {
        <ContactFacts facts />
        <p><ContactsLink /></p>
    }
}

/// The area of a site.
async fn area_of(context: &RequestContext, site: &Site) -> Result<Option<Area>, registry::Error> {
    let (areas, _) = context.registry().areas().await?;
    Ok(areas.iter().find(|area| area.code == site.area).cloned())
}

/// The form that asks for a code, and above it how far its claim is. Nothing of the claimant is shown.
pub(super) async fn claim_state_page(
    context: &RequestContext,
    draft: ClaimCodeDraft,
    refusal: Option<ClaimRefusal>,
    status: Option<ClaimStatus>,
) -> Result<PlainPage, registry::Error> {
    let lang = context.lang;
    let area = match &status {
        Some(status) => area_of(context, &status.site).await?,
        None => None,
    };
    let refused = refusal.is_some();
    let (problems, sentence) = split_refusal(lang, refusal);
    let body = move || {
        let form = Form::posted(draft.pairs().into_iter().collect(), problems).without_hints();
        view! {
            <section class="narrow">
                <h1>{i18n::claim_state_title(lang)}</h1>
                {status.map(|status| status_view(lang, status, area))}
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
    Ok(PlainPage::new(PageKind::ClaimState, body).refused(refused))
}

fn status_view(lang: Lang, status: ClaimStatus, area: Option<Area>) -> impl IntoView {
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
            <WhereToGo site=status.site area />
            <p class="note">{dated(&i18n::claim_sent(lang, when))}</p>
        </div>
    }
}
