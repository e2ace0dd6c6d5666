//! Requests for names at the offices: each beside the entries that may be meant, to be added, merged or refused (S118).
use crate::{
    applications::summary::CodeLabels,
    components::{ErrorSummary, FieldMessage, Form, PageField, TextField},
    error::AppError,
    i18n,
    lang::Lang,
    name_requests::{page::similar_name, resolve::kind_name},
    request::{PlainPage, RequestContext},
    review::waiting_text,
    routes::{Endpoint, Page, PageKind},
    transport::Values,
};
use forms::{
    Draft, Field, Problem, Problems,
    choice::{Choice, NameAnswer, Province},
    ids::NameRequestId,
    name_requests::{AnswerDraft, EvidenceFormat},
};
use leptos::prelude::*;
use registry::{Hit, PEOPLE_EXAMINED, RequestedName};

/// An answer that was not taken, as it was posted.
#[derive(Default)]
pub struct AnswerForm {
    /// The requests that were chosen.
    pub requests: Vec<NameRequestId>,
    /// The answer as far as it was filled in.
    pub draft: AnswerDraft,
    pub problems: Vec<Problem>,
    /// Whether it was the form below all names.
    pub batch: bool,
}

impl AnswerForm {
    /// The request whose form was posted; none if it was the form below all names.
    fn request(&self) -> Option<NameRequestId> {
        self.requests.first().copied().filter(|_| !self.batch)
    }
    /// The form for a request, or the form below all names. It has answer and problems if it is the one that was posted.
    fn form_of(&self, request: Option<NameRequestId>) -> Form {
        let form = if self.request() == request {
            Form::posted(self.draft.pairs().into_iter().collect(), self.problems.clone())
        } else {
            Form::posted(Values::new(), Problems::new())
        };
        if let Some(id) = request {
            form.set_id_suffix(format!("-{id}"));
        }
        form
    }
}

/// The page, with the answer that was refused, if one was; `done` says what was done.
pub(super) async fn dictionary_page(
    context: &RequestContext,
    done: Option<String>,
    form: AnswerForm,
) -> Result<PlainPage, AppError> {
    let lang = context.lang;
    let officer = context.officer()?;
    let requested = officer.requested_names().await?;
    let (areas, sites) = context.registry().areas().await?;
    let office = CodeLabels { lang, areas: &areas, sites: &sites }.office(officer.role(), officer.scope());
    let (all, more) = (requested.all, requested.all.saturating_sub(requested.names.len()));
    let names: Vec<(RequestedName, Vec<Hit>, String)> = requested
        .names
        .into_iter()
        .map(|requested| {
            let similar = context.dictionary().similar(requested.kind, &requested.name, &requested.region);
            let waiting = waiting_text(context, requested.since);
            (requested, similar, waiting)
        })
        .collect();
    let refused = !form.problems.is_empty();
    let body = move || {
        let empty = names.is_empty();
        view! {
            <p class="over">{office}</p>
            <h1>{i18n::dictionary_title(lang)}</h1>
            {done.map(|done| view! { <p class="done" role="status">{done}</p> })}
            <ErrorSummary form=form.form_of(form.request()) />
            <p class="note">{if empty { i18n::dictionary_who(lang).to_owned() } else { i18n::dictionary_count(lang, all) }}</p>
            {empty.then(|| view! { <p class="empty">{i18n::dictionary_none(lang)}</p> })}
            <ol class="cards names">
                {names.into_iter().map(|(requested, similar, waiting)| card(lang, requested, similar, waiting, &form)).collect_view()}
            </ol>
            {(more > 0).then(|| view! { <p class="note">{i18n::dictionary_more(lang, more)}</p> })}
            {(!empty).then(|| batch(lang, &form))}
        }
    };
    Ok(PlainPage::new(PageKind::Dictionary, body).refused(refused))
}

/// A name that is missed, beside what it may be.
fn card(
    lang: Lang,
    requested: RequestedName,
    similar: Vec<Hit>,
    waiting: String,
    form: &AnswerForm,
) -> impl IntoView + use<> {
    let (id, name) = (requested.id, requested.name.clone());
    let region = i18n::choice_code(lang, Province::LIST, &requested.region);
    let picked = form.batch && form.requests.contains(&id);
    let format = |format: EvidenceFormat| match format {
        EvidenceFormat::Pdf => i18n::dictionary_pdf(lang),
        EvidenceFormat::Jpeg | EvidenceFormat::Png => i18n::dictionary_picture(lang),
    };
    view! {
        <li class="card missing" id=format!("name-{id}")>
            <div class="asked">
                <div class="check">
                    <label>
                        <input type="checkbox" name="request" value=id.to_string() form="batch" checked=picked />
                        <span class="card-title">{name.clone()}</span>
                    </label>
                </div>
                <p class="card-facts">
                    <span>{kind_name(lang, requested.kind)}</span>
                    {(!region.is_empty()).then(|| view! { <span>{region}</span> })}
                    <span>{waiting}</span>
                </p>
                <p>{if requested.people as i64 > PEOPLE_EXAMINED {
                    i18n::dictionary_people_many(lang, requested.people, PEOPLE_EXAMINED, requested.affected_drafts)
                } else {
                    i18n::dictionary_people(lang, requested.people, requested.affected_drafts)
                }}</p>
                {(!requested.former.is_empty()).then(|| view! { <p>{i18n::lookup_former(lang)}{requested.former.join(" · ")}</p> })}
                <ul class="papers">
                    {requested.evidence.into_iter().enumerate().map(|(n, (request, of))| view! {
                        <li><a href=Endpoint::Evidence(request).path() target="_blank" rel="noopener">{i18n::dictionary_evidence(lang, n + 1, format(of))}</a></li>
                    }).collect_view()}
                </ul>
            </div>
            {answers(lang, id, &name, &similar, form.form_of(Some(id)))}
        </li>
    }
}

/// The answers to the request for a name: merge it into an entry, add it, or refuse it.
fn answers(lang: Lang, id: NameRequestId, name: &str, similar: &[Hit], form: Form) -> impl IntoView + use<> {
    let (merge, target) = (form.id(Field::MergeInto), form.get(Field::MergeInto));
    let merge_message = form.message(lang, Field::MergeInto);
    let merge_class = if merge_message.is_some() { "similar wrong" } else { "similar" };
    view! {
        <div class="answers">
            <form method="post" action=Page::Dictionary.path()>
                <PageField />
                <input type="hidden" name="request" value=id.to_string() />
                <fieldset id=format!("f-{merge}") tabindex="-1" class=merge_class aria-describedby=format!("e-{merge}")>
                    <legend>{i18n::dictionary_near(lang)}</legend>
                    {similar.is_empty().then(|| view! { <p class="empty">{i18n::dictionary_no_near(lang)}</p> })}
                    {similar.iter().map(|hit| {
                        let chosen = hit.id.to_string() == target;
                        view! {
                            <label class="radio">
                                <input type="radio" name="merge_into" value=hit.id.to_string() checked=chosen />
                                <span>{similar_name(lang, hit)}</span>
                            </label>
                        }
                    }).collect_view()}
                    <FieldMessage id=format!("e-{merge}") message=merge_message />
                </fieldset>
                <p class="row">
                    {(!similar.is_empty()).then(|| view! {
                        <button class="button" name="name_answer" value=NameAnswer::Merge.code() aria-label=i18n::dictionary_merge_named(lang, name)>
                            {i18n::choice(lang, NameAnswer::Merge)}
                        </button>
                    })}
                    <button class="button primary" name="name_answer" value=NameAnswer::Approve.code() aria-label=i18n::dictionary_approve_named(lang, name)>
                        {i18n::choice(lang, NameAnswer::Approve)}
                    </button>
                </p>
            </form>
            <form method="post" action=Page::Dictionary.path()>
                <PageField />
                <input type="hidden" name="request" value=id.to_string() />
                <TextField form field=Field::RefusalReason required=false />
                <button class="button danger" name="name_answer" value=NameAnswer::Refuse.code() aria-label=i18n::dictionary_refuse_named(lang, name)>
                    {i18n::choice(lang, NameAnswer::Refuse)}
                </button>
            </form>
        </div>
    }
}

/// One answer for all names that are ticked.
fn batch(lang: Lang, form: &AnswerForm) -> impl IntoView + use<> {
    let form = form.form_of(None);
    view! {
        <form id="batch" method="post" action=Page::Dictionary.path() class="sheet">
            <PageField />
            <h2 id="f-name_answer" tabindex="-1">{i18n::dictionary_batch(lang)}</h2>
            <input type="hidden" name="batch" value="yes" />
            <FieldMessage id="e-name_answer" message=form.message(lang, Field::NameAnswer) />
            <TextField form field=Field::RefusalReason required=false />
            <div class="actions">
                <button class="button danger" name="name_answer" value=NameAnswer::Refuse.code()>{i18n::dictionary_refuse_all(lang)}</button>
                <button class="button primary" name="name_answer" value=NameAnswer::Approve.code()>{i18n::dictionary_approve_all(lang)}</button>
            </div>
        </form>
    }
}
