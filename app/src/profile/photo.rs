//! The photo: checked in the browser by its header, made smaller there if it is too large (X12), then sent with progress.
//! Without script a button of the page's own form posts all of it to the upload: the answers beside the photo are kept too.
use crate::{
    components::{FieldMessage, Form, Message, OnceHydrated, Returned, UntilHydrated},
    i18n,
    lang::lang,
    routes::Endpoint,
};
use forms::{Field, ids::PhotoId, rule_set::PhotoRule};
use leptos::prelude::*;

/// The photo with its upload. `back` is the page that a plain upload returns to.
#[component]
pub fn PhotoField(form: Form, photo: RwSignal<Option<PhotoId>>, rule: PhotoRule, back: String) -> impl IntoView {
    let lang = lang();
    let progress = RwSignal::new(None::<u32>);
    let upload_problem = RwSignal::new(None::<String>);
    // The photo that was there when the page was opened: another one was uploaded since.
    let first = photo.get_untracked();
    let message =
        Signal::derive(move || upload_problem.get().map(Message::Error).or_else(|| form.message(lang, Field::Photo)));
    let choose = move |event: leptos::ev::Event| {
        upload_problem.set(None);
        upload::chosen(event, rule, photo, progress, upload_problem);
    };
    view! {
        <div class="photo" class:wrong=move || message.with(Option::is_some)>
            {move || match photo.get() {
                Some(id) => view! { <img src=Endpoint::Photo(id).path() width="105" height="140" alt=i18n::photo_alt(lang) /> }.into_any(),
                None => view! { <div class="no-photo">{i18n::photo_none(lang)}</div> }.into_any(),
            }}
            <Returned form field=Field::Photo />
            {(!form.is_closed(Field::Photo)).then(|| view! {
            <label for="f-photo">{i18n::label(lang, Field::Photo)}</label>
            <p class="hint" id="h-photo">{i18n::photo_hint(lang, rule.max_bytes / 1024, rule.pixels())}{lang.of("", " ")}<OnceHydrated sentence=i18n::photo_compressed(lang) /></p>
            <input type="file" id="f-photo" name="photo" accept="image/jpeg" aria-describedby="h-photo e-photo" on:change=choose />
            <UntilHydrated html=format!(
                "<button formaction=\"{}\" formenctype=\"multipart/form-data\">{}</button>", Endpoint::Photos.path(), i18n::photo_upload(lang)
            ) />
            <input type="hidden" name="back" value=back />
            }.into_any())}
            <p class="progress" role="status" aria-live="polite">
                {move || match progress.get() {
                    Some(percent) => Some(i18n::photo_progress(lang, percent)),
                    None => (photo.get() != first).then(|| i18n::photo_saved(lang).to_owned()),
                }}
            </p>
            <FieldMessage id="e-photo" message />
        </div>
    }
}

#[cfg(feature = "hydrate")]
mod upload {
    use super::*;
    use crate::{
        browser,
        error::AppError,
        lang::Lang,
        transport::{Encoded, PAGE_HEADER},
    };
    use forms::{photo, problem::PhotoProblem};
    use wasm_bindgen::{JsCast, JsValue, closure::Closure};
    use wasm_bindgen_futures::JsFuture;
    use web_sys::{Blob, HtmlInputElement, XmlHttpRequest};

    pub(super) fn chosen(
        event: leptos::ev::Event,
        rule: PhotoRule,
        kept: RwSignal<Option<PhotoId>>,
        progress: RwSignal<Option<u32>>,
        problem: RwSignal<Option<String>>,
    ) {
        let lang = lang();
        let Some(file) = event
            .target()
            .and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
            .and_then(|i| i.files())
            .and_then(|f| f.get(0))
        else {
            return;
        };
        leptos::task::spawn_local(async move {
            let Ok(buffer) = JsFuture::from(file.array_buffer()).await else { return };
            let bytes = js_sys::Uint8Array::new(&buffer).to_vec();
            let blob: Blob = match photo::check(&bytes, &rule) {
                Ok(_) => file.into(),
                Err(PhotoProblem::TooLarge | PhotoProblem::TooManyPixels) => match smaller(&file, &rule).await {
                    Some(blob) => blob,
                    None => return problem.set(Some(i18n::problem(lang, PhotoProblem::Unreadable.into()))),
                },
                Err(code) => return problem.set(Some(i18n::problem(lang, code.into()))),
            };
            progress.set(Some(0));
            send(blob, kept, progress, problem, lang);
        });
    }

    /// Draws the picture on a canvas at most 420 × 560 pixels and takes the first quality that fits.
    async fn smaller(file: &web_sys::File, rule: &PhotoRule) -> Option<Blob> {
        let window = web_sys::window()?;
        let promise = window.create_image_bitmap_with_blob(file).ok()?;
        let picture: web_sys::ImageBitmap = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
        let scale = (420.0 / f64::from(picture.width())).min(560.0 / f64::from(picture.height())).min(1.0);
        let (width, height) = (f64::from(picture.width()) * scale, f64::from(picture.height()) * scale);
        let canvas: web_sys::HtmlCanvasElement = window.document()?.create_element("canvas").ok()?.dyn_into().ok()?;
        canvas.set_width(width as u32);
        canvas.set_height(height as u32);
        let pen: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        pen.draw_image_with_image_bitmap_and_dw_and_dh(&picture, 0.0, 0.0, width, height).ok()?;
        for quality in [0.9, 0.8, 0.65, 0.5, 0.35] {
            let promise = js_sys::Promise::new(&mut |done, _| {
                let _ = canvas.to_blob_with_type_and_encoder_options(&done, "image/jpeg", &JsValue::from_f64(quality));
            });
            let blob: Blob = JsFuture::from(promise).await.ok()?.dyn_into().ok()?;
            if blob.size() <= rule.max_bytes as f64 {
                return Some(blob);
            }
        }
        None
    }

    /// `fetch` reports no progress of an upload, so this is the older way.
    fn send(
        blob: Blob,
        kept: RwSignal<Option<PhotoId>>,
        progress: RwSignal<Option<u32>>,
        problem: RwSignal<Option<String>>,
        lang: Lang,
    ) {
        let Ok(request) = XmlHttpRequest::new() else { return };
        let _ = request.open("POST", &Endpoint::Photos.path());
        let _ = request.set_request_header("content-type", "image/jpeg");
        let _ = request.set_request_header("accept", "text/plain");
        if let Some(token) = browser::page_token() {
            let _ = request.set_request_header(PAGE_HEADER, &token);
        }
        let on_progress = Closure::<dyn FnMut(web_sys::ProgressEvent)>::new(move |event: web_sys::ProgressEvent| {
            if event.total() > 0.0 {
                progress.set(Some((event.loaded() / event.total() * 100.0) as u32));
            }
        });
        if let Ok(target) = request.upload() {
            target.set_onprogress(Some(on_progress.as_ref().unchecked_ref()));
        }
        let answer = request.clone();
        let on_end = Closure::<dyn FnMut()>::new(move || {
            progress.set(None);
            let body = answer.response_text().ok().flatten().unwrap_or_default();
            match Encoded::<Result<PhotoId, Vec<forms::Problem>>>::from_text(body.clone()).decode() {
                Ok(Ok(id)) => kept.set(Some(id)),
                Ok(Err(problems)) => problem.set(problems.first().map(|problem| i18n::problem(lang, problem.code))),
                // The text of an error, or nothing where the server was not reached.
                Err(_) => problem.set(Some(body.parse().unwrap_or(AppError::Offline).sentence(lang))),
            }
        });
        request.set_onloadend(Some(on_end.as_ref().unchecked_ref()));
        // The request outlives this function; the browser calls back once and the page keeps two closures per upload.
        on_progress.forget();
        on_end.forget();
        let _ = request.send_with_opt_blob(Some(&blob));
    }
}
#[cfg(not(feature = "hydrate"))]
mod upload {
    use super::*;
    pub(super) fn chosen(
        _: leptos::ev::Event,
        _: PhotoRule,
        _: RwSignal<Option<PhotoId>>,
        _: RwSignal<Option<u32>>,
        _: RwSignal<Option<String>>,
    ) {
    }
}
