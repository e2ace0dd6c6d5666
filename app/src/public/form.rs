//! 《医师资格考试网上报名暨授予医师资格申请表》 on A4: what the candidate signs, with its version and a code by which
//! anybody can ask whether it is the latest (S51, S113, S127, X4). The candidate and the desk print the same.
use super::{application::of_path, plain, trouble};
use crate::{
    desk::facts::{Names, groups},
    door::Visitor,
    error::AppError,
    markup::{Markup, Pieces, view},
    routes, text,
};
use axum::{extract::Request, response::Response};
use forms::{application::Application, ids::ApplicationId};
use leptos::prelude::*;
use registry::{ApplicationView, PrintedVersion};

/// As the candidate prints it.
pub async fn form(visitor: Visitor, request: Request) -> Response {
    let uri = request.uri().clone();
    let read = async {
        let view = of_path(&visitor, uri).await?;
        let paper = visitor.candidate()?.printed_version(view.row.id).await.map_err(crate::door::trouble)?;
        Ok::<_, AppError>((view, paper))
    };
    match read.await {
        Ok((view, paper)) => {
            let (photo, back) =
                (view.snapshot.as_ref().map(|a| routes::photo(a.photo)), routes::application(view.row.id));
            sheet(&visitor, "exams", view, paper, photo.unwrap_or_default(), back).await
        }
        Err(error) => trouble(&visitor, &error),
    }
}

/// As the desk prints it for signature.
pub async fn record_form(visitor: Visitor, request: Request) -> Response {
    let id = request.uri().path().split('/').nth(3).and_then(ApplicationId::parse);
    let read = async {
        let (officer, id) = (visitor.officer()?, id.ok_or(AppError::NotFound)?);
        let record = officer.record(id).await.map_err(crate::door::trouble)?;
        let paper = officer.printed_version(id).await.map_err(crate::door::trouble)?;
        Ok::<_, AppError>((record.view, paper))
    };
    match read.await {
        Ok((view, paper)) => {
            let id = view.row.id;
            sheet(&visitor, "desk", view, paper, routes::review_photo(id), routes::review(id)).await
        }
        Err(error) => trouble(&visitor, &error),
    }
}

async fn sheet(
    visitor: &Visitor,
    at: &'static str,
    view: ApplicationView,
    paper: PrintedVersion,
    photo: String,
    back: String,
) -> Response {
    let lang = visitor.lang;
    // A correction came between the two reads: what is printed must be what its code answers for.
    if view.paper != paper.version {
        return trouble(visitor, &AppError::Conflict);
    }
    // Only what was submitted and stands has a form.
    let (Some(a), Some(serial), true) =
        (view.snapshot.clone(), view.row.serial.clone(), view.row.status.is_printable())
    else {
        return trouble(visitor, &AppError::NotFound);
    };
    let (areas, sites) = match visitor.registry().areas().await.map_err(crate::door::trouble) {
        Ok(read) => read,
        Err(error) => return trouble(visitor, &error),
    };
    let names = Names { lang, areas: &areas, sites: &sites };
    let category = view.categories.iter().find(|c| c.code == a.category);
    let category = category.map(|c| lang.of(&c.name_zh, &c.name_en).to_owned()).unwrap_or_default();
    let groups = filled(&names, &a);
    plain(visitor, text::form_sheet_title(lang), at, || {
        view! {
            <PrintBar back />
            <article class="a4">
                <header>
                    <p class="over">{lang.of(&view.exam.name_zh, &view.exam.name_en).to_owned()}" · "{a.category.to_string()}" "{category}</p>
                    <h1>{text::form_sheet_title(lang)}</h1>
                    <p class="serial-line">{text::exams_serial(lang)}" "<b class="serial">{serial}</b></p>
                </header>
                <div class="a4-body">
                    <table>
                        <caption class="unseen">{text::form_sheet_title(lang)}</caption>
                        <tbody>{groups.into_iter().map(|(title, lines)| view! {
                            <tr><th scope="colgroup" colspan="2" class="group">{title}</th></tr>
                            {lines.into_iter().map(|(label, value)| view! { <tr><th scope="row">{label}</th><td>{value}</td></tr> }).pieces()}
                        }).pieces()}</tbody>
                    </table>
                    <img src=photo width="132" height="176" alt=text::photo_alt(lang) />
                </div>
                <section class="slip-notes">
                    <p>{text::form_sheet_declaration(lang)}</p>
                    <p class="signatures"><span>{text::form_sheet_candidate(lang)}</span><span>{text::form_sheet_day(lang)}</span></p>
                    <p class="signatures"><span>{text::form_sheet_site(lang)}</span><span>{text::form_sheet_day(lang)}</span></p>
                    <p class="signatures"><span>{text::form_sheet_area(lang)}</span><span>{text::form_sheet_day(lang)}</span></p>
                </section>
                <Proof paper public=visitor.public_url().to_owned() />
            </article>
            <script defer src="/print.js" nonce=visitor.nonce().to_owned()></script>
        }
    })
}

fn filled(names: &Names<'_>, a: &Application) -> Vec<(String, Vec<(&'static str, String)>)> {
    let line = |(field, value)| (text::label(names.lang, field), value);
    let filled = |lines: Vec<(forms::Field, String)>| {
        lines.into_iter().filter(|(_, value)| !value.is_empty()).map(line).collect::<Vec<_>>()
    };
    groups(names, a, true).into_iter().map(|(title, lines)| (title, filled(lines))).collect()
}

/// The print button, and the way back.
#[component]
pub(super) fn PrintBar(back: String) -> Markup {
    let lang = crate::lang::lang();
    view! {
        <p class="no-print row">
            <button type="button" class="button primary" data-print="" hidden="">{text::slip_print(lang)}</button>
            <crate::components::WithoutScript html=format!("<span class=\"note\">{}</span>", text::slip_print_hint(lang)) />
            <a class="button" href=back>{text::slip_back(lang)}</a>
        </p>
    }
}

/// Version and code of a paper, to be read by people and by telephones.
#[component]
pub(super) fn Proof(paper: PrintedVersion, public: String) -> Markup {
    let lang = crate::lang::lang();
    let groups: Vec<&str> =
        paper.code.as_bytes().chunks(5).map(|five| core::str::from_utf8(five).unwrap_or_default()).collect();
    let address = format!("{public}{}", routes::verify(&paper.code));
    // A code of this length always fits; a paper without its square still has the letters.
    let square = qrcode::QrCode::new(address.as_bytes())
        .map(|code| {
            let svg = code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(120, 120).build();
            svg.split_once("<svg").map(|(_, rest)| format!("<svg aria-hidden=\"true\"{rest}")).unwrap_or_default()
        })
        .unwrap_or_default();
    view! {
        <section class="proof">
            <div class="square" inner_html=square></div>
            <div>
                <p>{text::form_sheet_version(lang, paper.version)}</p>
                <p>{text::form_sheet_check(lang, format!("{public}{}", routes::VERIFY))}</p>
                <p><b class="serial">{groups.join(" ")}</b></p>
            </div>
        </section>
    }
}
