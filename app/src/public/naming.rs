//! 申请添加数据: asking for a name that the lists lack, what may be meant instead, and what became of one's requests (S27, S28).
use super::{
    inputs::{Input, Select, summary},
    plain, trouble,
};
use crate::{
    door::Visitor,
    error::AppError,
    lang::Lang,
    markup::{Markup, Pieces, view},
    naming::{Origin, kind_name, said, when},
    pairs::{asked, value},
    routes, text,
};
use axum::{extract::Request, response::Response};
use forms::{
    Field, Problem,
    choice::{Choice, NameKind, Province},
    naming::{EVIDENCE_BYTES, NameRequestDraft},
};
use registry::{DictionaryKind, Hit, NameRequestRow, RequestState};

/// What the page shows besides the person's requests.
#[derive(Default)]
pub struct Naming {
    /// Where the name was missed.
    pub origin: Option<Origin>,
    /// The request as far as it is typed.
    pub draft: NameRequestDraft,
    /// What is wrong with it.
    pub problems: Vec<Problem>,
    /// Whether a file came that must be chosen again, since no browser keeps it.
    pub file_again: bool,
    /// What was done a moment ago.
    pub done: Option<&'static str>,
}

/// The page as it is come to.
pub async fn names(visitor: Visitor, request: Request) -> Response {
    let pairs = asked(request.uri()).unwrap_or_default();
    let origin = Origin::parse(&pairs);
    let draft = match &origin {
        Some(origin) => match origin.typed(&visitor).await {
            Ok(draft) => draft,
            Err(error) => return trouble(&visitor, &error),
        },
        None => NameRequestDraft::default(),
    };
    let done = ["asked", "withdrawn"].into_iter().find(|done| *done == value(&pairs, "done"));
    // What was asked for a moment ago is not asked for again.
    let draft = if done.is_some() { NameRequestDraft::default() } else { draft };
    names_page(&visitor, Naming { origin, draft, done, ..Naming::default() }).await
}

/// The page with what was typed.
pub async fn names_page(visitor: &Visitor, naming: Naming) -> Response {
    let requests = match visitor.candidate() {
        Ok(candidate) => candidate.name_requests().await.map_err(crate::door::trouble),
        Err(error) => Err(error),
    };
    match requests {
        Ok(requests) => draw(visitor, naming, requests),
        Err(error) => trouble(visitor, &error),
    }
}

/// Entries that may be meant by a request.
pub fn near(visitor: &Visitor, draft: &NameRequestDraft) -> Vec<Hit> {
    match NameKind::parse(&draft.name_kind) {
        Ok(kind) if !draft.missing_name.trim().is_empty() => {
            visitor.dictionary().similar(DictionaryKind::from(kind), &draft.missing_name, &draft.missing_region)
        }
        _ => Vec::new(),
    }
}

fn draw(visitor: &Visitor, naming: Naming, requests: Vec<NameRequestRow>) -> Response {
    let lang = visitor.lang;
    let Naming { origin, draft, problems, file_again, done } = naming;
    let near = near(visitor, &draft);
    let back = origin.as_ref().map(Origin::path);
    let done = done.map(|done| match done {
        "asked" => text::naming_asked(lang),
        _ => text::naming_withdrawn(lang),
    });
    plain(visitor, text::naming_title(lang), "profile", || {
        view! {
            <section class="narrow">
                <h1>{text::naming_title(lang)}</h1>
                {done.map(|done| view! { <p class="done" role="status">{done}</p> })}
                {(done.is_some() && back.is_some()).then(|| view! {
                    <p><a class="button primary" href=back.clone().unwrap_or_default()>{text::naming_back(lang)}</a></p>
                })}
                {done.is_none().then(|| request_form(lang, origin.as_ref(), &draft, &problems, &near, file_again))}
                <h2>{text::naming_yours(lang)}</h2>
                {requests.is_empty().then(|| view! { <p class="empty">{text::naming_no_requests(lang)}</p> })}
                <ul class="cards">{requests.into_iter().map(|request| card(lang, request, true)).pieces()}</ul>
                {done.is_some().then(|| view! { <p><a href=routes::NAMES>{text::naming_another(lang)}</a></p> })}
            </section>
        }
    })
}

/// What may be meant, and the form for a name that none of these is.
fn request_form(
    lang: Lang,
    origin: Option<&Origin>,
    draft: &NameRequestDraft,
    problems: &[Problem],
    near: &[Hit],
    file_again: bool,
) -> Markup {
    let label = |field: Field| text::label(lang, field);
    let back = origin.map(Origin::path);
    view! {
        <p class="lead">{text::naming_lead(lang)}</p>
        {summary(lang, problems, label)}
        {(!near.is_empty()).then(|| near_names(lang, origin, near))}
        <form method="post" action=routes::NAMES enctype="multipart/form-data" class="sheet" novalidate>
            <h2>{if near.is_empty() { text::naming_form(lang) } else { text::naming_none_of_these(lang) }}</h2>
            {hidden(origin)}
            <input type="hidden" name="looked" value=draft.missing_name.clone() />
            {Select {
                field: Field::NameKind, none: text::form_choose(lang), options: text::options(lang, NameKind::ALL),
                value: draft.name_kind.clone(), hint: None,
            }.draw(lang, problems)}
            {Input {
                value: draft.missing_name.clone(), hint: text::hint(lang, Field::MissingName).map(str::to_owned),
                ..Input::new(Field::MissingName, "text", "off")
            }.draw(lang, problems, label)}
            {Select {
                field: Field::MissingRegion, none: text::form_choose(lang), options: text::options(lang, Province::ALL),
                value: draft.missing_region.clone(), hint: text::hint(lang, Field::MissingRegion).map(str::to_owned),
            }.draw(lang, problems)}
            {Input {
                value: draft.former_name.clone(), hint: text::hint(lang, Field::FormerName).map(str::to_owned), required: false,
                ..Input::new(Field::FormerName, "text", "off")
            }.draw(lang, problems, label)}
            {Input {
                hint: Some(text::naming_evidence(lang, EVIDENCE_BYTES / (1024 * 1024))), required: false,
                accept: Some("image/jpeg,image/png,application/pdf"), ..Input::new(Field::Evidence, "file", "off")
            }.draw(lang, problems, label)}
            {file_again.then(|| view! { <p class="note advice">{text::naming_file_again(lang)}</p> })}
            <div class="actions">
                <button class="primary">{text::naming_submit(lang)}</button>
                {back.map(|back| view! { <a href=back>{text::naming_back(lang)}</a> })}
            </div>
        </form>
    }
}

/// Where the name was missed, for the next post.
fn hidden(origin: Option<&Origin>) -> Markup {
    let pairs = origin.map(Origin::pairs).unwrap_or_default().into_iter();
    view! { {pairs.map(|(name, value)| view! { <input type="hidden" name=name value=value /> }).pieces()} }
}

/// "Did you mean": each entry with a way to choose it in the form that it was missed in.
fn near_names(lang: Lang, origin: Option<&Origin>, near: &[Hit]) -> Markup {
    view! {
        <section class="sheet">
            <h2>{text::naming_near(lang)}</h2>
            <p class="note">{if origin.is_some() { text::naming_near_note(lang) } else { text::naming_near_elsewhere(lang) }}</p>
            <ul class="near">
                {near.iter().map(|hit| {
                    let name = hit.name.clone();
                    view! {
                        <li>
                            <div>{near_name(lang, hit)}</div>
                            {origin.map(|origin| view! {
                                <form method="post" action=routes::NAMES>
                                    {hidden(Some(origin))}
                                    <button class="button" name="use" value=hit.id.to_string() aria-label=text::naming_use_named(lang, name)>
                                        {text::naming_use(lang)}
                                    </button>
                                </form>
                            })}
                        </li>
                    }
                }).pieces()}
            </ul>
        </section>
    }
}

/// An entry with what it was called, where it is and what it includes.
pub fn near_name(lang: Lang, hit: &Hit) -> Markup {
    let region = text::choice_code(lang, Province::LIST, &hit.region);
    let former = hit.former.clone();
    let includes = (!hit.includes.is_empty()).then(|| hit.includes.join(" · "));
    view! {
        <span class="card-title">{hit.name.clone()}</span>
        <span class="card-facts">
            {(!region.is_empty()).then(|| view! { <span>{region}</span> })}
            {former.map(|former| view! { <span>{text::lookup_former(lang)}{former}</span> })}
            {includes.map(|names| view! { <span>{text::lookup_includes(lang, names)}</span> })}
        </span>
    }
}

/// A request and what became of it. Whoever may take it back can.
pub fn card(lang: Lang, request: NameRequestRow, with_way: bool) -> Markup {
    let said = said(lang, &request);
    let region = text::choice_code(lang, Province::LIST, &request.region);
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
                <p class="marks"><span class=class>{text::choice_code(lang, "request_state", request.state.code())}</span></p>
                <p class="card-facts">
                    <span>{kind_name(lang, request.kind)}</span>
                    {(!region.is_empty()).then(|| view! { <span>{region}</span> })}
                    <span>{when(lang, request.answered.unwrap_or(request.created))}</span>
                </p>
                <p class="note">{said}</p>
            </div>
            {(open && with_way).then(|| view! {
                <form method="post" action=routes::NAMES class="card-actions">
                    <button class="quiet" name="withdraw" value=request.id.to_string() aria-label=text::naming_withdraw_named(lang, request.name.clone())>
                        {text::naming_withdraw(lang)}
                    </button>
                </form>
            })}
        </li>
    }
}

/// What the front page says of requests: those that are open, and those that were answered in the last thirty days.
pub fn recent(visitor: &Visitor, requests: Vec<NameRequestRow>) -> Vec<NameRequestRow> {
    let since = visitor.now().0 - 30 * 86_400 * 1_000_000;
    let told = |request: &NameRequestRow| match request.state {
        RequestState::Open => true,
        RequestState::Withdrawn => false,
        _ => request.answered.is_some_and(|answered| answered.0 > since),
    };
    requests.into_iter().filter(told).take(3).collect()
}

/// The requests of whoever is logged in, as the front page shows them.
pub async fn recent_of(visitor: &Visitor) -> Result<Vec<NameRequestRow>, AppError> {
    match visitor.candidate() {
        Ok(candidate) => Ok(recent(visitor, candidate.name_requests().await.map_err(crate::door::trouble)?)),
        Err(_) => Ok(Vec::new()),
    }
}
