//! Files of the built site, read once at start: names carry a hash of their content, so browsers keep them for good.
use super::Visitor;
use crate::lang::Lang;
use axum::{
    body::{Body, Bytes},
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{collections::HashMap, io, path::Path};

struct File {
    kind: String,
    plain: Bytes,
    brotli: Option<Bytes>,
}

/// Files of the built site.
#[derive(Default)]
pub struct Assets {
    files: HashMap<String, File>,
    script: String,
    module: String,
    style: String,
    words: [String; 2],
}

impl Assets {
    /// Reads the folder that the build made: `yikao.HASH.js`, `yikao.HASH.wasm`, `main.HASH.css`, `words.LANGUAGE.HASH.txt`, each perhaps with `.br`.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut assets = Self::default();
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|n| n.to_str()).map(str::to_owned) else { continue };
            if name.ends_with(".br") || !path.is_file() {
                continue;
            }
            let public = format!("/pkg/{name}");
            match path.extension().and_then(|e| e.to_str()) {
                Some("js") if name.starts_with("yikao.") => assets.script = public,
                Some("wasm") => assets.module = public,
                Some("css") => assets.style = public,
                Some("txt") if name.starts_with("words.zh.") => assets.words[0] = public,
                Some("txt") if name.starts_with("words.en.") => assets.words[1] = public,
                _ => {}
            }
            let brotli = std::fs::read(folder.join(format!("{name}.br"))).ok().map(Bytes::from);
            let kind = mime_guess::from_path(&path).first_or_octet_stream().to_string();
            let kind = if kind == "text/plain" { "text/plain; charset=utf-8".to_owned() } else { kind };
            assets.files.insert(name, File { kind, plain: std::fs::read(&path)?.into(), brotli });
        }
        Ok(assets)
    }
    /// The script that starts the module.
    pub fn script(&self) -> &str {
        &self.script
    }
    /// The module.
    pub fn module(&self) -> &str {
        &self.module
    }
    /// The sentences of a language.
    pub fn words(&self, lang: Lang) -> &str {
        lang.of(&self.words[0], &self.words[1])
    }
    /// The style sheet.
    pub fn style(&self) -> &str {
        &self.style
    }
}

/// `/pkg/…`
pub(super) async fn package(visitor: Visitor, request: Request) -> Response {
    let name = request.uri().path().trim_start_matches("/pkg/");
    let Some(file) = visitor.assets().files.get(name) else { return StatusCode::NOT_FOUND.into_response() };
    let accepts =
        request.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("br"));
    let mut response = Response::new(Body::from(match (&file.brotli, accepts) {
        (Some(brotli), true) => brotli.clone(),
        _ => file.plain.clone(),
    }));
    let headers = response.headers_mut();
    if accepts && file.brotli.is_some() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
    }
    if let Ok(kind) = HeaderValue::from_str(&file.kind) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

fn small(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=3600")], text).into_response()
}
/// The sign of the site.
pub(super) async fn favicon(_: Visitor, _: Request) -> Response {
    small("image/svg+xml", include_str!("../../../public/favicon.svg"))
}
/// Fetches the module when a pointer or the focus nears a way into the application.
pub(super) async fn near(_: Visitor, _: Request) -> Response {
    small("text/javascript", include_str!("../../../public/near.js"))
}
/// The print button.
pub(super) async fn print(_: Visitor, _: Request) -> Response {
    small("text/javascript", include_str!("../../../public/print.js"))
}
