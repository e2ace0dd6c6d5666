//! The print sheets of an application, A4: notice and form. Both carry the version and the code of the printed version, by which
//! anybody can ask whether it is the latest (X4).
pub(crate) mod form;
pub(crate) mod notice;
mod tables;

use crate::{
    components::WithoutScript,
    error::AppError,
    i18n,
    lang::{Lang, lang},
    request::RequestContext,
    routes::Page,
};
use forms::application::Application;
use leptos::prelude::*;
use registry::{ApplicationView, PaperKind, PrintedVersion};

/// What is printed: only what was submitted and stands has a sheet, and it must be what its code answers for.
struct Printable {
    view: ApplicationView,
    printed: PrintedVersion,
    application: Application,
    serial: String,
}
impl Printable {
    /// # Errors
    /// [`AppError::Conflict`] if a correction came between the two reads; [`AppError::NotFound`] if nothing can be printed.
    fn new(view: ApplicationView, printed: PrintedVersion) -> Result<Self, AppError> {
        if view.printed_version != printed.version {
            return Err(AppError::Conflict);
        }
        match (view.snapshot.clone(), view.row.serial.clone()) {
            (Some(application), Some(serial)) if view.row.status.is_printable() => {
                Ok(Self { view, printed, application, serial })
            }
            _ => Err(AppError::NotFound),
        }
    }
}

/// The print button, and the way back.
#[component]
pub(crate) fn PrintBar(
    back: String,
    /// What the way back is called, where it does not lead to an application.
    #[prop(optional)]
    label: Option<&'static str>,
) -> impl IntoView {
    let lang = lang();
    view! {
        <p class="no-print row">
            <button type="button" class="button primary" data-print="" hidden="">{i18n::slip_print(lang)}</button>
            <WithoutScript html=format!("<span class=\"note\">{}</span>", i18n::slip_print_hint(lang)) />
            <a class="button" href=back>{label.unwrap_or(i18n::slip_back(lang))}</a>
        </p>
    }
}

/// A paper: what it is, whose it is, and its content. Each further sheet of paper says so again at its head (S127).
#[component]
fn Paper(title: &'static str, exam: String, serial: String, name: String, children: Children) -> impl IntoView {
    let lang = Lang::Zh;
    let running = i18n::form_sheet_running(lang, name, serial.as_str());
    view! {
        <article class="a4 paper" lang="zh-CN">
            <div class="running" aria-hidden="true"><div><span>{title}</span><span>{running}</span></div></div>
            <div class="running-body">
                <header>
                    <p class="over">{exam}</p>
                    <h1>{title}</h1>
                    <p class="serial-line">{i18n::exams_serial(lang)}" "<b class="serial">{serial}</b></p>
                </header>
                {children()}
            </div>
        </article>
    }
}

/// What a paper says of its version, by which anybody can ask whether it is the latest.
struct Proof {
    version: i64,
    code: String,
    public_url: String,
}
impl Proof {
    fn new(context: &RequestContext, printed: &PrintedVersion, kind: PaperKind) -> Self {
        let code = context.registry().code_on(printed, kind);
        Self { version: printed.version, code, public_url: context.public_url().to_owned() }
    }
}

/// Version and code of a printed version, to be read by people and by phones.
#[component]
fn VerificationCode(proof: Proof) -> impl IntoView {
    let lang = Lang::Zh;
    let Proof { version, code, public_url } = proof;
    let groups: Vec<&str> =
        code.as_bytes().chunks(5).map(|five| core::str::from_utf8(five).unwrap_or_default()).collect();
    let groups = groups.join(" ");
    let address = format!("{public_url}{}", Page::Verified(code).path());
    // A code of this length always fits; a sheet without its QR code still has the letters.
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
                <p>{i18n::form_sheet_version(lang, version)}</p>
                <p>{i18n::form_sheet_check(lang, format!("{public_url}{}", Page::Verify.path()))}</p>
                <p><b class="serial">{groups}</b></p>
            </div>
        </section>
    }
}
