//! 《医师资格考试网上报名成功通知单》 on one A4 page, with photo and serial (S50, S126, S127).
use super::{PrintBar, Printable, VerificationCode};
use crate::{
    applications::summary::{category_name, telephones},
    error::AppError,
    i18n::{self, moment_text},
    lang::Lang,
    request::{PlainPage, Reply, RequestContext, page_of},
    routes::{Endpoint, Page, PageKind},
};
use axum::extract::Request;
use forms::{
    Field,
    application::{Application, highest},
    choice::{Choice, ExtraSubject},
    materials::Material,
};
use leptos::prelude::*;
use registry::{Area, Site};

/// The print sheet.
pub(crate) async fn notice(context: RequestContext, request: Request) -> Result<Reply, AppError> {
    let Page::Slip(id) = page_of(&request)? else { return Err(AppError::NotFound) };
    // An official paper is in Chinese, whatever the language of the screen (S149).
    let (lang, candidate) = (Lang::Zh, context.candidate()?);
    let (view, printed) = (candidate.application(id).await?, candidate.printed_version(id).await?);
    let Printable { view, printed, application: a, serial } = Printable::new(view, printed)?;
    let (areas, sites) = context.registry().areas().await?;
    let area = areas.iter().find(|area| area.code == a.area);
    let site = sites.iter().find(|site| site.code == a.site);
    let category = category_name(lang, &view.categories, a.category).unwrap_or_default();
    let rows = rows(lang, &a, category, area, site);
    let submitted = view.row.submitted.map(|m| moment_text(lang, m.date(), m.time())).unwrap_or_default();
    let exam = lang.of(&view.exam.name_zh, &view.exam.name_en).to_owned();
    let (first_day, last_day) = (view.exam.review_opens.date(), view.exam.last_review_day());
    let (nonce, public_url) = (context.nonce().clone(), context.public_url().to_owned());
    let exempt = a.exemption.map(|exemption| match (exemption.review_on_site, exemption.pass.year) {
        (true, year) => i18n::exemption_notice_review(lang, year),
        (false, year) => i18n::exemption_notice(lang, year),
    });
    let verified: Vec<&str> = Material::verified(&a, last_day)
        .into_iter()
        .filter_map(|paper| i18n::lookup(lang, &format!("material.{}", paper.key())))
        .collect();
    let body = move || {
        view! {
            <PrintBar back=Page::Application(id).path() />
            <article class="a4" lang="zh-CN">
                <header>
                    <p class="over">{exam}</p>
                    <h1>{i18n::slip_title(lang)}</h1>
                    <p class="serial-line">{i18n::exams_serial(lang)}" "<b class="serial">{serial}</b></p>
                </header>
                <div class="a4-body">
                    <table>
                        <caption class="unseen">{i18n::slip_title(lang)}</caption>
                        <tbody>{rows.into_iter().map(|(label, value)| view! { <tr><th scope="row">{label}</th><td>{value}</td></tr> }).collect_view()}</tbody>
                    </table>
                    <img src=Endpoint::Photo(a.photo).path() width="132" height="176" alt=i18n::photo_alt(lang) />
                </div>
                {exempt.map(|sentence| view! { <p class="note"><b>{sentence}</b></p> })}
                {a.is_reviewed_on_site().then(|| view! { <section>
                    <h2>{i18n::application_materials(lang)}</h2>
                    <ol class="materials">{Material::of(&a, last_day).into_iter().map(|m| view! { <li>{i18n::lookup(lang, &format!("material.{}", m.key()))}</li> }).collect_view()}</ol>
                    {(!verified.is_empty()).then(|| view! { <p>{i18n::slip_verified(lang, verified.join("；"))}</p> })}
                </section> })}
                <section class="slip-notes">
                    {a.is_reviewed_on_site().then(|| view! { <p>{i18n::application_next_body(lang, first_day, last_day)}</p> })}
                    <p>{if a.is_reviewed_on_site() { i18n::slip_note(lang) } else { i18n::exemption_slip_note(lang) }}</p>
                    <p>{i18n::slip_submitted(lang, submitted)}</p>
                </section>
                <VerificationCode printed public_url />
            </article>
            <script defer src="/print.js" nonce=nonce></script>
        }
    };
    Ok(PlainPage::new(PageKind::Slip, body).into())
}

/// The lines of the table: label and value.
fn rows(
    lang: Lang,
    a: &Application,
    category: &str,
    area: Option<&Area>,
    site: Option<&Site>,
) -> Vec<(&'static str, String)> {
    let education = highest(&a.educations);
    let label = |field| i18n::label(lang, field);
    let phone = telephones(site, area).join(" / ");
    vec![
        (label(Field::Name), a.identity.name.to_string()),
        (label(Field::Sex), i18n::choice(lang, a.identity.sex).into()),
        (label(Field::BirthDate), a.identity.birth_date.to_string()),
        (label(Field::EthnicGroup), i18n::choice(lang, a.identity.ethnic_group).into()),
        (label(Field::DocumentType), i18n::choice(lang, a.identity.document.kind()).into()),
        (label(Field::DocumentNumber), a.identity.document.number().to_owned()),
        (label(Field::Category), format!("{} {category}", a.category)),
        (label(Field::ExtraSubject), i18n::choice_code(lang, ExtraSubject::LIST, a.extra_subject.code()).into()),
        (label(Field::Level), education.map(|e| i18n::choice(lang, e.level).to_owned()).unwrap_or_default()),
        (label(Field::School), education.and_then(|e| e.school.as_ref()).map(ToString::to_string).unwrap_or_default()),
        (label(Field::Major), education.and_then(|e| e.major.as_ref()).map(ToString::to_string).unwrap_or_default()),
        (
            label(Field::GraduationMonth),
            education.and_then(|e| e.graduation_month).map(|m| m.to_string()).unwrap_or_default(),
        ),
        (label(Field::PostState), i18n::choice(lang, a.work.post_state).into()),
        (label(Field::Employer), a.work.employer.to_string()),
        (label(Field::Mobile), a.contact.mobile.to_string()),
        (label(Field::Area), area.map(|a| a.name.clone()).unwrap_or_default()),
        (label(Field::Site), site.map(|s| s.name.clone()).unwrap_or_default()),
        (i18n::slip_phone(lang), if phone.is_empty() { i18n::slip_no_phone(lang).to_owned() } else { phone }),
    ]
}
