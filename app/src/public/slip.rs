//! 《医师资格考试网上报名成功通知单》 on one A4 page, with photo and serial (S50, S126, S127).
use super::{
    application::of_path,
    form::{PrintBar, Proof},
    plain, trouble,
};
use crate::{
    door::Visitor,
    error::AppError,
    markup::{Pieces, view},
    routes, text,
    wire::moment_text,
};
use axum::{extract::Request, response::Response};
use forms::{Field, application::highest, choice::Choice, materials::Material};

/// The print sheet.
pub async fn slip(visitor: Visitor, request: Request) -> Response {
    let lang = visitor.lang;
    let uri = request.uri().clone();
    let read = async {
        let view = of_path(&visitor, uri).await?;
        let areas = visitor.registry().areas().await.map_err(crate::door::trouble)?;
        let paper = visitor.candidate()?.printed_version(view.row.id).await.map_err(crate::door::trouble)?;
        Ok::<_, AppError>((view, areas, paper))
    };
    let (view, (areas, sites), paper) = match read.await {
        Ok(read) => read,
        Err(error) => return trouble(&visitor, &error),
    };
    // A correction came between the two reads: what is printed must be what its code answers for.
    if view.paper != paper.version {
        return trouble(&visitor, &AppError::Conflict);
    }
    // Only what was submitted and stands has a notice.
    let (Some(a), Some(serial), true) =
        (view.snapshot.clone(), view.row.serial.clone(), view.row.status.is_printable())
    else {
        return trouble(&visitor, &AppError::NotFound);
    };
    let area = areas.iter().find(|area| area.code == a.area);
    let site = sites.iter().find(|site| site.code == a.site);
    let category = view
        .categories
        .iter()
        .find(|c| c.code == a.category)
        .map(|c| lang.of(&c.name_zh, &c.name_en).to_owned())
        .unwrap_or_default();
    let education = highest(&a.educations);
    let label = |field| text::label(lang, field);
    let phone = [site.map(|s| s.phone.clone()), area.map(|a| a.phone.clone())]
        .into_iter()
        .flatten()
        .filter(|p| !p.is_empty())
        .collect::<Vec<_>>()
        .join(" / ");
    let rows: Vec<(&str, String)> = vec![
        (label(Field::Name), a.identity.name.to_string()),
        (label(Field::Sex), text::choice(lang, a.identity.sex).into()),
        (label(Field::BirthDate), a.identity.birth_date.to_string()),
        (label(Field::EthnicGroup), text::choice(lang, a.identity.ethnic_group).into()),
        (label(Field::DocumentType), text::choice(lang, a.identity.document.kind()).into()),
        (label(Field::DocumentNumber), a.identity.document.number().to_owned()),
        (label(Field::Category), format!("{} {category}", a.category)),
        (
            label(Field::ExtraSubject),
            text::choice_code(lang, forms::choice::ExtraSubject::LIST, a.extra_subject.code()).into(),
        ),
        (label(Field::Level), education.map(|e| text::choice(lang, e.level).to_owned()).unwrap_or_default()),
        (label(Field::School), education.and_then(|e| e.school.as_ref()).map(ToString::to_string).unwrap_or_default()),
        (label(Field::Major), education.and_then(|e| e.major.as_ref()).map(ToString::to_string).unwrap_or_default()),
        (
            label(Field::GraduationMonth),
            education.and_then(|e| e.graduation_month).map(|m| m.to_string()).unwrap_or_default(),
        ),
        (label(Field::PostState), text::choice(lang, a.work.post_state).into()),
        (label(Field::Employer), a.work.employer.to_string()),
        (label(Field::Mobile), a.contact.mobile.to_string()),
        (label(Field::Area), area.map(|a| a.name.clone()).unwrap_or_default()),
        (label(Field::Site), site.map(|s| s.name.clone()).unwrap_or_default()),
        (text::slip_phone(lang), if phone.is_empty() { text::slip_no_phone(lang).to_owned() } else { phone }),
    ];
    let submitted = view.row.submitted.map(|m| moment_text(lang, m.date(), m.time())).unwrap_or_default();
    plain(&visitor, text::slip_title(lang), "exams", || {
        view! {
            <PrintBar back=routes::application(view.row.id) />
            <article class="a4">
                <header>
                    <p class="over">{lang.of(&view.exam.name_zh, &view.exam.name_en).to_owned()}</p>
                    <h1>{text::slip_title(lang)}</h1>
                    <p class="serial-line">{text::exams_serial(lang)}" "<b class="serial">{serial}</b></p>
                </header>
                <div class="a4-body">
                    <table>
                        <caption class="unseen">{text::slip_title(lang)}</caption>
                        <tbody>{rows.into_iter().map(|(label, value)| view! { <tr><th scope="row">{label}</th><td>{value}</td></tr> }).pieces()}</tbody>
                    </table>
                    <img src=routes::photo(a.photo) width="132" height="176" alt=text::photo_alt(lang) />
                </div>
                <section>
                    <h2>{text::application_materials(lang)}</h2>
                    <ol class="materials">{Material::of(&a).into_iter().map(|m| view! { <li>{text::lookup(lang, &format!("material.{}", m.key()))}</li> }).pieces()}</ol>
                </section>
                <section class="slip-notes">
                    <p>{text::application_next_body(lang, view.exam.review_opens.date(), registry::Moment(view.exam.review_closes.0 - 1).date())}</p>
                    <p>{text::slip_note(lang)}</p>
                    <p>{text::slip_submitted(lang, submitted)}</p>
                </section>
                <Proof paper public=visitor.public_url().to_owned() />
            </article>
            <script defer src="/print.js" nonce=visitor.nonce().to_owned()></script>
        }
    })
}
