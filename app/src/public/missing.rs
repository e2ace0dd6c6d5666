//! Names that people miss, at the desk: each beside the entries that it may be, to be added, merged or refused (S118).
use super::{naming::near_name, plain, trouble};
use crate::{
    desk::{api::act::waits, facts::Names},
    door::Visitor,
    lang::Lang,
    markup::{Markup, Pieces, view},
    naming::kind_name,
    pairs::{asked, value},
    routes, text,
};
use axum::{
    extract::Request,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use forms::{
    Problem,
    choice::{Choice, NameAnswer, Province},
    ids::NameRequestId,
    naming::{AnswerDraft, EvidenceFormat},
};
use registry::{Hit, PEOPLE_EXAMINED, RequestedName};

/// An answer that was not taken, as it was posted.
#[derive(Default)]
pub struct Answered {
    /// The requests that were chosen.
    pub requests: Vec<NameRequestId>,
    /// The answer as far as it was filled in.
    pub draft: AnswerDraft,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Whether it was the form below all names.
    pub batch: bool,
}

impl Answered {
    /// Whether it is what the form of a request posted, or the form below all of them.
    fn is_of(&self, request: Option<NameRequestId>) -> bool {
        match request {
            Some(id) => !self.batch && self.requests.first() == Some(&id),
            None => self.batch,
        }
    }
}

/// The page as it is come to.
pub async fn missing(visitor: Visitor, request: Request) -> Response {
    let pairs = asked(request.uri()).unwrap_or_default();
    let count: usize = value(&pairs, "n").parse().unwrap_or_default();
    let lang = visitor.lang;
    let done = match NameAnswer::parse(value(&pairs, "done")) {
        Ok(NameAnswer::Approve) => Some(text::missing_approved(lang, count)),
        Ok(NameAnswer::Merge) => Some(text::missing_merged(lang, count)),
        Ok(NameAnswer::Refuse) => Some(text::missing_refused(lang, count)),
        Err(_) => None,
    };
    missing_page(&visitor, done, Answered::default()).await
}

/// The page after an answer that was not taken, or with what was done.
pub async fn missing_page(visitor: &Visitor, done: Option<String>, answered: Answered) -> Response {
    let lang = visitor.lang;
    let read = async {
        let officer = visitor.officer()?;
        let missing = officer.requested_names().await.map_err(crate::door::trouble)?;
        let (areas, sites) = visitor.registry().areas().await.map_err(crate::door::trouble)?;
        let office = Names { lang, areas: &areas, sites: &sites }.office(officer.role(), officer.scope());
        Ok((missing, office))
    };
    let (missing, office) = match read.await {
        Ok(read) => read,
        Err(error) => return trouble(visitor, &error),
    };
    let more = missing.all.saturating_sub(missing.names.len());
    let empty = missing.names.is_empty();
    let (answered, failed) = (&answered, !answered.problems.is_empty());
    let mut response = plain(visitor, text::missing_title(lang), "desk-names", || {
        view! {
            <p class="over">{office}</p>
            <h1>{text::missing_title(lang)}</h1>
            {done.map(|done| view! { <p class="done" role="status">{done}</p> })}
            {failed.then(|| summary(lang, answered))}
            <p class="note">{if empty { text::missing_who(lang).to_owned() } else { text::missing_count(lang, missing.all) }}</p>
            {empty.then(|| view! { <p class="empty">{text::missing_none(lang)}</p> })}
            <ol class="cards names">
                {missing.names.into_iter().map(|missing| {
                    let near = visitor.dictionary().similar(missing.kind, &missing.name, &missing.region);
                    let waits = waits(visitor, missing.since);
                    card(lang, missing, near, waits, answered)
                }).pieces()}
            </ol>
            {(more > 0).then(|| view! { <p class="note">{text::missing_more(lang, more)}</p> })}
            {(!empty).then(|| batch(lang, answered))}
        }
    });
    if failed {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    response
}

/// The id of a control of the form for a request, or of the form below all of them.
fn control(field: &str, request: Option<NameRequestId>) -> String {
    request.map_or_else(|| format!("f-{field}"), |id| format!("f-{field}-{id}"))
}

/// The sentence beside a control, if it is wrong in the form that was posted.
fn wrong(lang: Lang, answered: &Answered, field: forms::Field, request: Option<NameRequestId>) -> Option<String> {
    let problem = answered.problems.iter().find(|problem| problem.field == field)?;
    answered.is_of(request).then(|| text::problem(lang, problem.code))
}

fn summary(lang: Lang, answered: &Answered) -> Markup {
    let request = answered.requests.first().copied().filter(|_| !answered.batch);
    view! {
        <div class="summary" role="alert" tabindex="-1" autofocus="">
            <h2>{text::form_summary_title(lang)}</h2>
            <ul>{answered.problems.iter().map(|p| view! {
                <li><a href=format!("#{}", control(p.field.name(), request))>
                    {text::form_named(lang, text::label(lang, p.field), text::problem(lang, p.code))}
                </a></li>
            }).pieces()}</ul>
        </div>
    }
}

/// A name that is missed, beside what it may be.
fn card(lang: Lang, missing: RequestedName, near: Vec<Hit>, waits: String, answered: &Answered) -> Markup {
    let (id, name) = (missing.id, missing.name.clone());
    let region = text::choice_code(lang, Province::LIST, &missing.region);
    let picked = answered.batch && answered.requests.contains(&id);
    let target = if answered.is_of(Some(id)) { answered.draft.merge_into.clone() } else { String::new() };
    let merge_wrong = wrong(lang, answered, forms::Field::MergeInto, Some(id));
    let format = |format: EvidenceFormat| match format {
        EvidenceFormat::Pdf => text::missing_pdf(lang),
        EvidenceFormat::Jpeg | EvidenceFormat::Png => text::missing_picture(lang),
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
                    <span>{kind_name(lang, missing.kind)}</span>
                    {(!region.is_empty()).then(|| view! { <span>{region}</span> })}
                    <span>{waits}</span>
                </p>
                <p>{if missing.people as i64 > PEOPLE_EXAMINED {
                    text::missing_people_many(lang, missing.people, PEOPLE_EXAMINED, missing.waiting)
                } else {
                    text::missing_people(lang, missing.people, missing.waiting)
                }}</p>
                {(!missing.former.is_empty()).then(|| view! { <p>{text::lookup_former(lang)}{missing.former.join(" · ")}</p> })}
                <ul class="papers">
                    {missing.evidence.into_iter().enumerate().map(|(n, (request, of))| view! {
                        <li><a href=routes::evidence(request) target="_blank" rel="noopener">{text::missing_evidence(lang, n + 1, format(of))}</a></li>
                    }).pieces()}
                </ul>
            </div>
            <div class="answers">
                <form method="post" action=routes::DESK_NAMES>
                    <input type="hidden" name="request" value=id.to_string() />
                    <fieldset id=control("merge_into", Some(id)) tabindex="-1" class=if merge_wrong.is_some() { "near wrong" } else { "near" }>
                        <legend>{text::missing_near(lang)}</legend>
                        {near.is_empty().then(|| view! { <p class="empty">{text::missing_no_near(lang)}</p> })}
                        {near.iter().map(|hit| {
                            let chosen = hit.id.to_string() == target;
                            view! {
                                <label class="radio">
                                    <input type="radio" name="merge_into" value=hit.id.to_string() checked=chosen />
                                    <span>{near_name(lang, hit)}</span>
                                </label>
                            }
                        }).pieces()}
                        <p class="error">{merge_wrong.map(|s| view! { <span class="say-wrong">{s}</span> })}</p>
                    </fieldset>
                    <p class="row">
                        {(!near.is_empty()).then(|| view! {
                            <button class="button" name="name_answer" value=NameAnswer::Merge.code() aria-label=text::missing_merge_named(lang, name.clone())>
                                {text::choice(lang, NameAnswer::Merge)}
                            </button>
                        })}
                        <button class="button primary" name="name_answer" value=NameAnswer::Approve.code() aria-label=text::missing_approve_named(lang, name.clone())>
                            {text::choice(lang, NameAnswer::Approve)}
                        </button>
                    </p>
                </form>
                <form method="post" action=routes::DESK_NAMES>
                    <input type="hidden" name="request" value=id.to_string() />
                    {reason(lang, answered, Some(id))}
                    <button class="button danger" name="name_answer" value=NameAnswer::Refuse.code() aria-label=text::missing_refuse_named(lang, name)>
                        {text::choice(lang, NameAnswer::Refuse)}
                    </button>
                </form>
            </div>
        </li>
    }
}

/// The line for the reason of a refusal.
fn reason(lang: Lang, answered: &Answered, request: Option<NameRequestId>) -> Markup {
    let typed = if answered.is_of(request) { answered.draft.refusal_reason.clone() } else { String::new() };
    let wrong = wrong(lang, answered, forms::Field::RefusalReason, request);
    let id = control("refusal_reason", request);
    let told = format!("e-{id}");
    let is_wrong = wrong.is_some();
    view! {
        <div class=if is_wrong { "field wrong" } else { "field" }>
            <label for=id.clone()>{text::label(lang, forms::Field::RefusalReason)}</label>
            <input id=id name="refusal_reason" type="text" value=typed autocomplete="off" aria-describedby=told.clone() aria-invalid=is_wrong.then_some("true") />
            <p class="error" id=told>{wrong.map(|s| view! { <span class="say-wrong">{s}</span> })}</p>
        </div>
    }
}

/// One answer for all names that are ticked.
fn batch(lang: Lang, answered: &Answered) -> Markup {
    let nothing = wrong(lang, answered, forms::Field::NameAnswer, None);
    view! {
        <form id="batch" method="post" action=routes::DESK_NAMES class="sheet">
            <h2 id="f-name_answer" tabindex="-1">{text::missing_batch(lang)}</h2>
            <input type="hidden" name="batch" value="yes" />
            <p class="error">{nothing.map(|s| view! { <span class="say-wrong">{s}</span> })}</p>
            {reason(lang, answered, None)}
            <div class="actions">
                <button class="button danger" name="name_answer" value=NameAnswer::Refuse.code()>{text::missing_refuse_all(lang)}</button>
                <button class="button primary" name="name_answer" value=NameAnswer::Approve.code()>{text::missing_approve_all(lang)}</button>
            </div>
        </form>
    }
}

/// The file that came with a request.
pub async fn evidence(visitor: Visitor, request: Request) -> Response {
    use axum::http::header;
    let id = request.uri().path().split('/').nth(3).and_then(NameRequestId::parse);
    let found = match (id, visitor.officer()) {
        (Some(id), Ok(officer)) => officer.name_evidence(id).await.map_err(crate::door::trouble),
        _ => Err(crate::error::AppError::NotFound),
    };
    match found {
        Ok((format, bytes)) => {
            // A document is saved and not opened in the site's own window: what it holds is whatever somebody sent.
            let place = if format == EvidenceFormat::Pdf { "attachment; filename=\"evidence.pdf\"" } else { "inline" };
            let headers = [
                (header::CONTENT_TYPE, format.media_type()),
                (header::CONTENT_DISPOSITION, place),
                (header::CACHE_CONTROL, "private, no-store"),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => trouble(&visitor, &error),
    }
}
