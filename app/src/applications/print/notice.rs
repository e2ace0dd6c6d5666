//! 《医师资格考试网上报名成功通知单》 on one A4 page, with photo and serial (S50, S126, S127).
use super::{
    Paper, PrintBar, Printable, Proof, VerificationCode,
    tables::{EntryTable, Pair, PairTable, chosen},
};
use crate::{
    applications::summary::{CodeLabels, paper_name, submitted_answers},
    components::places::site_facts,
    error::AppError,
    i18n::{self, moment_text},
    lang::Lang,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Endpoint, Page, PageKind},
};
use axum::extract::Request;
use forms::{Field, application::Application, materials::Material, profile::EntryKind, value::Date};
use leptos::prelude::*;
use registry::{Area, PaperKind, Site};

/// The answers by which somebody is known at the site, and what they applied for.
const PERSON: [Field; 9] = [
    Field::Name,
    Field::Sex,
    Field::BirthDate,
    Field::EthnicGroup,
    Field::DocumentType,
    Field::DocumentNumber,
    Field::Category,
    Field::ExtraSubject,
    Field::Mobile,
];
const WORK: [Field; 2] = [Field::PostState, Field::Employer];

/// The print sheet.
pub(crate) async fn notice(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Slip(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    // An official paper is in Chinese, whatever the language of the screen (S149).
    let (lang, candidate) = (Lang::Zh, context.candidate()?);
    let view = candidate.application(id).await?;
    // What has nothing to print says on its own page why.
    if !view.row.status.is_printable() {
        return Ok(Reply::see(&Page::Application(id)));
    }
    let printed = candidate.printed_version(id).await?;
    let Printable { view, printed, application: a, serial } = Printable::new(view, printed)?;
    let (areas, sites) = (view.areas.clone(), view.sites.clone());
    let labels = CodeLabels { lang, areas: &areas, sites: &sites };
    let groups = submitted_answers(&labels, &view.categories, &a, false);
    let (person, work) = (chosen(&groups, &PERSON), chosen(&groups, &WORK));
    let educations = groups.into_iter().find(|group| group.kind == Some(EntryKind::Education));
    let area = areas.iter().find(|area| area.code == a.area);
    let place = place(&labels, &a, area, sites.iter().find(|site| site.code == a.site));
    let submitted = view.row.submitted.map(|m| moment_text(m.date(), m.time())).unwrap_or_default();
    let exam = lang.of(&view.exam.name_zh, &view.exam.name_en).to_owned();
    let (first_day, last_day) = (view.exam.review_opens.date(), view.exam.last_review_day());
    let (nonce, proof) = (context.nonce().clone(), Proof::new(&context, &printed, PaperKind::Notice));
    let exempt = a.exemption.map(|exemption| match (exemption.review_on_site, exemption.pass.year) {
        (true, year) => i18n::exemption_notice_review(lang, year),
        (false, year) => i18n::exemption_notice(lang, year),
    });
    let name = a.identity.name.to_string();
    let verified: Vec<String> =
        Material::verified(&a, last_day).into_iter().map(|paper| paper_name(lang, &a, paper)).collect();
    let body = move || {
        view! {
            <PrintBar back=Page::Application(id).path() />
            <Paper title=i18n::slip_title(lang) exam serial name>
                <div class="a4-body">
                    <PairTable title=i18n::slip_person(lang) pairs=person most=22 />
                    <img src=Endpoint::Photo(a.photo).path() width="132" height="176" alt=i18n::photo_alt(lang) />
                </div>
                <PairTable title=i18n::step_work(lang) pairs=work />
                {educations.map(|group| view! { <EntryTable title=group.title entries=group.entries /> })}
                <PairTable title=i18n::slip_place(lang) pairs=place />
                {exempt.map(|sentence| view! { <p class="note"><b>{sentence}</b></p> })}
                {a.is_reviewed_on_site().then(|| view! { <Papers a=a.clone() last_day verified /> })}
                <div class="closing">
                    <section class="slip-notes">
                        {a.is_reviewed_on_site().then(|| view! { <p>{i18n::application_next_body(lang, i18n::date_range(lang, first_day, last_day))}</p> })}
                        <p>{if a.is_reviewed_on_site() { i18n::slip_note(lang) } else { i18n::exemption_slip_note(lang) }}</p>
                        <p>{i18n::slip_submitted(lang, submitted)}</p>
                    </section>
                    <VerificationCode proof />
                </div>
            </Paper>
            <script defer src="/print.js" nonce=nonce></script>
        }
    };
    Ok(PlainPage::new(PageKind::Slip, body).into())
}

/// The papers that this person brings, each with a box to tick when it is packed (S88).
#[component]
fn Papers(a: Application, last_day: Date, verified: Vec<String>) -> impl IntoView {
    let lang = Lang::Zh;
    view! {
        <section>
            <h2>{i18n::application_materials(lang)}</h2>
            <ol class="to-bring">{Material::of(&a, last_day).into_iter().map(|one| view! { <li><span class="tick-box" aria-hidden="true"></span>{paper_name(lang, &a, one)}</li> }).collect_view()}</ol>
            {(!verified.is_empty()).then(|| view! { <p>{i18n::slip_verified(lang, verified.join("；"))}</p> })}
        </section>
    }
}

/// Where to go: the site, and what is known of it (S106).
fn place(labels: &CodeLabels<'_>, a: &Application, area: Option<&Area>, site: Option<&Site>) -> Vec<Pair> {
    let lang = labels.lang;
    let named = [
        (i18n::label(lang, Field::Area), labels.area(&a.area)),
        (i18n::label(lang, Field::Site), labels.site(&a.site)),
    ];
    named.into_iter().chain(site_facts(lang, site, area, i18n::slip_no_phone(lang))).collect()
}
