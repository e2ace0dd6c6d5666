//! 申请添加数据: asking for a name that the dictionaries lack, what may be meant instead, and what became of one's requests (S27,
//! S28).
use super::{
    origin::Origin,
    resolve::{kind_name, moment_text, note_for},
};
use crate::{
    components::{ErrorSummary, Form, PageField, SelectField, TextField, dated},
    error::AppError,
    i18n,
    lang::{Lang, lang},
    request::{PlainPage, RequestContext},
    routes::{Page, PageKind},
};
use forms::{
    Draft, Field, Problem,
    choice::{Choice, NameKind, Province},
    ids::KeptFileId,
    name_requests::{EVIDENCE_BYTES, NameRequestDraft},
};
use leptos::prelude::*;
use registry::{DictionaryKind, Hit, KEPT_FILE_SECONDS, NameRequestRow, RequestState};

/// The name of the hidden field that names the file that is kept.
pub(super) const KEPT_FILE: &str = "kept_file";

/// What the page shows besides the person's requests.
#[derive(Default)]
pub struct RequestForm {
    /// Where the name was missed.
    pub origin: Option<Origin>,
    /// The request as far as it is typed.
    pub draft: NameRequestDraft,
    pub problems: Vec<Problem>,
    /// Whether a file came that must be chosen again, since no browser keeps it.
    pub file_again: bool,
    /// The file that came and goes with the request when it is sent.
    pub kept: Option<KeptFileId>,
    /// What was done a moment ago.
    pub done: Option<&'static str>,
}

/// The page with what was typed.
pub async fn name_requests_page(context: &RequestContext, form: RequestForm) -> Result<PlainPage, AppError> {
    let requests = context.candidate()?.name_requests().await?;
    let similar = similar(context, &form.draft);
    let refused = !form.problems.is_empty();
    Ok(PlainPage::new(PageKind::NameRequests, move || page(form, requests, similar)).refused(refused))
}

/// Entries that may be meant by a request.
pub fn similar(context: &RequestContext, draft: &NameRequestDraft) -> Vec<Hit> {
    match NameKind::parse(&draft.name_kind) {
        Ok(kind) if !draft.missing_name.trim().is_empty() => {
            context.dictionary().similar(DictionaryKind::from(kind), &draft.missing_name, &draft.missing_region)
        }
        _ => Vec::new(),
    }
}

fn page(form: RequestForm, requests: Vec<NameRequestRow>, similar: Vec<Hit>) -> impl IntoView {
    let lang = lang();
    let RequestForm { origin, draft, problems, file_again, kept, done } = form;
    let form = Form::posted(draft.pairs().into_iter().collect(), problems);
    let back = origin.as_ref().map(|origin| origin.page().path());
    let message = done.map(|done| match done {
        "asked" => i18n::name_request_asked(lang),
        _ => i18n::name_request_withdrawn(lang),
    });
    let is_done = message.is_some();
    view! {
        <section class="narrow">
            <h1>{i18n::name_request_title(lang)}</h1>
            {message.map(|message| view! { <p class="done" role="status">{message}</p> })}
            {back.filter(|_| is_done).map(|back| view! {
                <p><a class="button primary" href=back>{i18n::name_request_back(lang)}</a></p>
            })}
            {(!is_done).then(|| request_form(lang, origin.as_ref(), form, &similar, (file_again, kept)))}
            <h2>{i18n::name_request_yours(lang)}</h2>
            {requests.is_empty().then(|| view! { <p class="empty">{i18n::name_request_no_requests(lang)}</p> })}
            <ul class="cards">{requests.into_iter().map(|request| card(lang, request, true)).collect_view()}</ul>
            {is_done.then(|| view! { <p><a href=Page::NameRequests.path()>{i18n::name_request_another(lang)}</a></p> })}
        </section>
    }
}

/// What may be meant, and the form for a name that none of these is.
fn request_form(
    lang: Lang,
    origin: Option<&Origin>,
    form: Form,
    similar: &[Hit],
    (file_again, kept): (bool, Option<KeptFileId>),
) -> impl IntoView + use<> {
    let back = origin.map(|origin| origin.page().path());
    view! {
        <p class="lead">{i18n::name_request_lead(lang)}</p>
        <ErrorSummary form />
        {(!similar.is_empty()).then(|| similar_names(lang, origin, similar))}
        <form method="post" action=Page::NameRequests.path() enctype="multipart/form-data" class="sheet" novalidate>
            <PageField />
            <h2>{if similar.is_empty() { i18n::name_request_form(lang) } else { i18n::name_request_none_of_these(lang) }}</h2>
            {hidden(origin)}
            <input type="hidden" name="looked" value=form.get(Field::MissingName) />
            <SelectField form field=Field::NameKind options=i18n::options(lang, NameKind::ALL) />
            <TextField form field=Field::MissingName />
            <SelectField form field=Field::MissingRegion required=false options=i18n::options(lang, Province::ALL) />
            <TextField form field=Field::FormerName required=false />
            <TextField form field=Field::Evidence kind="file" accept="image/jpeg,image/png,application/pdf" required=false
                hint=i18n::name_request_evidence(lang, EVIDENCE_BYTES / (1024 * 1024)) />
            {file_again.then(|| view! { <p class="note warning">{i18n::name_request_file_again(lang)}</p> })}
            {kept.map(|kept| view! {
                <p class="note warning">{i18n::name_request_file_kept(lang, KEPT_FILE_SECONDS / 60)}</p>
                <input type="hidden" name=KEPT_FILE value=kept.to_string() />
            })}
            <div class="actions">
                <button class="primary">{i18n::name_request_submit(lang)}</button>
                {back.map(|back| view! { <a href=back>{i18n::name_request_back(lang)}</a> })}
            </div>
        </form>
    }
}

/// Where the name was missed, for the next post.
pub(super) fn hidden(origin: Option<&Origin>) -> impl IntoView + use<> {
    let pairs = origin.map(Origin::pairs).unwrap_or_default().into_iter();
    view! { {pairs.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).collect_view()} }
}

/// "Did you mean": each entry with a way to choose it in the form that it was missed in.
fn similar_names(lang: Lang, origin: Option<&Origin>, similar: &[Hit]) -> impl IntoView + use<> {
    view! {
        <section class="sheet">
            <h2>{i18n::name_request_near(lang)}</h2>
            <p class="note">{if origin.is_some() { i18n::name_request_near_note(lang) } else { i18n::name_request_near_elsewhere(lang) }}</p>
            <ul class="similar">
                {similar.iter().map(|hit| {
                    let name = hit.name.clone();
                    view! {
                        <li>
                            <div>{similar_name(lang, hit)}</div>
                            {origin.map(|origin| view! {
                                <form method="post" action=Page::NameRequests.path()>
                                    <PageField />
                                    {hidden(Some(origin))}
                                    <button class="button" name="use" value=hit.id.to_string() aria-label=i18n::name_request_use_named(lang, name)>
                                        {i18n::name_request_use(lang)}
                                    </button>
                                </form>
                            })}
                        </li>
                    }
                }).collect_view()}
            </ul>
        </section>
    }
}

/// An entry with what it was called, where it is and what it includes.
pub fn similar_name(lang: Lang, hit: &Hit) -> impl IntoView + use<> {
    let region = i18n::choice_code(lang, Province::LIST, &hit.region);
    let former = hit.former.clone();
    let includes = (!hit.includes.is_empty()).then(|| hit.includes.join(" · "));
    view! {
        <span class="card-title">{hit.name.clone()}</span>
        <span class="card-facts">
            {(!region.is_empty()).then(|| view! { <span>{region}</span> })}
            {former.map(|former| view! { <span>{i18n::lookup_former(lang)}{former}</span> })}
            {includes.map(|names| view! { <span>{i18n::lookup_includes(lang, names)}</span> })}
        </span>
    }
}

/// A request and what became of it. Whoever may take it back can.
pub fn card(lang: Lang, request: NameRequestRow, with_way: bool) -> impl IntoView + use<> {
    let note = note_for(lang, &request);
    let region = i18n::choice_code(lang, Province::LIST, &request.region);
    let open = request.state == RequestState::Open;
    let class = match request.state {
        RequestState::Open => "status submitted",
        RequestState::Approved | RequestState::Merged => "status area_approved",
        RequestState::Refused => "status rejected",
        RequestState::Withdrawn => "status",
    };
    view! {
        <li class="card">
            <div>
                <p class="card-title">{request.name.clone()}</p>
                <p class="marks"><span class=class>{i18n::choice_code(lang, "request_state", request.state.code())}</span></p>
                <p class="card-facts">
                    <span>{kind_name(lang, request.kind)}</span>
                    {(!region.is_empty()).then(|| view! { <span>{region}</span> })}
                    <time>{moment_text(request.answered.unwrap_or(request.created))}</time>
                </p>
                <p class="note">{dated(&note)}</p>
            </div>
            {(open && with_way).then(|| view! {
                <form method="post" action=Page::NameRequests.path() class="card-actions">
                    <PageField />
                    <button class="quiet" name="withdraw" value=request.id.to_string() aria-label=i18n::name_request_withdraw_named(lang, request.name.clone())>
                        {i18n::name_request_withdraw(lang)}
                    </button>
                </form>
            })}
        </li>
    }
}

/// What the front page shows of requests: those that are open, and those that were answered in the last thirty days.
pub async fn recent_requests(context: &RequestContext) -> Result<Vec<NameRequestRow>, AppError> {
    let Ok(candidate) = context.candidate() else { return Ok(Vec::new()) };
    let since = context.now().plus_seconds(-30 * 86_400);
    let is_recent = |request: &NameRequestRow| match request.state {
        RequestState::Open => true,
        RequestState::Withdrawn => false,
        _ => request.answered.is_some_and(|answered| answered > since),
    };
    Ok(candidate.name_requests().await?.into_iter().filter(is_recent).take(3).collect())
}
