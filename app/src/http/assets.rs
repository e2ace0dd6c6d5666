//! Files of the built site, read once at start: names carry a hash of their content, so browsers keep them for good.
use crate::lang::Lang;
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, header},
    response::Response,
};
use std::{collections::HashMap, io, path::Path};

struct File {
    kind: String,
    plain: Bytes,
    brotli: Option<Bytes>,
}

/// How many of the sentences a page needs. Each table holds those of the tables before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SentenceTable {
    /// Those of the wizard's first step.
    FirstView,
    /// Those of all pages that candidates see.
    Candidate,
    /// Those of the staff as well.
    Staff,
}

/// Files of the built site.
#[derive(Default)]
pub struct Assets {
    files: HashMap<String, File>,
    script: String,
    module: String,
    style: String,
    record_style: String,
    draft_script: String,
    sentences: [[String; 2]; 3],
    chunks: HashMap<String, Vec<String>>,
}

fn only(place: &mut String, path: String) -> io::Result<()> {
    if !place.is_empty() {
        let message =
            format!("{place} and {path} are of two releases: empty the folder before a build is copied into it");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    *place = path;
    Ok(())
}

impl Assets {
    /// Reads the folder that the build made: `main.HASH.css`, `records.HASH.css`, `draft.HASH.js`, the tables of sentences
    /// ([`SentenceTable`]) as `first-view.LANGUAGE.HASH.txt`, `candidate.LANGUAGE.HASH.txt` and `staff.LANGUAGE.HASH.txt`, and in a folder named by
    /// a hash `yikao.js`, `yikao.wasm`, the chunks of the module and, in `chunks.json`, the files of each; each perhaps with `.br`. A file
    /// that is there twice is an error: the folder was copied over that of another release, whose module and tables of sentences do not
    /// go together.
    pub fn read(folder: &Path) -> io::Result<Self> {
        let mut assets = Self::default();
        assets.take(folder, "")?;
        Ok(assets)
    }
    fn take(&mut self, folder: &Path, prefix: &str) -> io::Result<()> {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            let Some(name) = path.file_name().and_then(|n| n.to_str()) else { continue };
            if path.is_dir() {
                self.take(&path, &format!("{prefix}{name}/"))?;
                continue;
            }
            if name.ends_with(".br") {
                continue;
            }
            let (plain, key) = (std::fs::read(&path)?, format!("{prefix}{name}"));
            let public = format!("/pkg/{key}");
            match name {
                "yikao.js" => only(&mut self.script, public)?,
                "yikao.wasm" => only(&mut self.module, public)?,
                "chunks.json" => {
                    let chunks: HashMap<String, Vec<String>> = serde_json::from_slice(&plain)?;
                    let place = |file: String| format!("/pkg/{prefix}{file}.wasm");
                    self.chunks = chunks
                        .into_iter()
                        .map(|(chunk, files)| (chunk, files.into_iter().map(place).collect()))
                        .collect();
                }
                _ if name.starts_with("main.") => only(&mut self.style, public)?,
                _ if name.starts_with("records.") => only(&mut self.record_style, public)?,
                _ if name.starts_with("draft.") => only(&mut self.draft_script, public)?,
                _ if name.starts_with("first-view.zh.") => only(&mut self.sentences[0][0], public)?,
                _ if name.starts_with("first-view.en.") => only(&mut self.sentences[0][1], public)?,
                _ if name.starts_with("candidate.zh.") => only(&mut self.sentences[1][0], public)?,
                _ if name.starts_with("candidate.en.") => only(&mut self.sentences[1][1], public)?,
                _ if name.starts_with("staff.zh.") => only(&mut self.sentences[2][0], public)?,
                _ if name.starts_with("staff.en.") => only(&mut self.sentences[2][1], public)?,
                _ => {}
            }
            let brotli = std::fs::read(folder.join(format!("{name}.br"))).ok().map(Bytes::from);
            let mut kind = mime_guess::from_path(&path).first_or_octet_stream().to_string();
            if kind == "text/plain" {
                kind.push_str("; charset=utf-8");
            }
            self.files.insert(key, File { kind, plain: plain.into(), brotli });
        }
        Ok(())
    }
    /// The files of a chunk of the module.
    pub fn chunk(&self, name: &str) -> &[String] {
        self.chunks.get(name).map(Vec::as_slice).unwrap_or_default()
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
    pub fn sentences(&self, lang: Lang, table: SentenceTable) -> &str {
        let [zh, en] = &self.sentences[table as usize];
        lang.of(zh, en)
    }
    /// The style sheet.
    pub fn style(&self) -> &str {
        &self.style
    }
    /// The style sheet of records and print sheets, which the pages of the wizard do without.
    pub fn record_style(&self) -> &str {
        &self.record_style
    }
    /// The script that saves drafts when a page is left.
    pub fn draft_script(&self) -> &str {
        &self.draft_script
    }
    /// The response with a file, compressed where the client accepts it; browsers keep it for good.
    pub fn response(&self, name: &str, accepts_brotli: bool) -> Option<Response> {
        let file = self.files.get(name)?;
        let mut response = Response::new(Body::from(match (&file.brotli, accepts_brotli) {
            (Some(brotli), true) => brotli.clone(),
            _ => file.plain.clone(),
        }));
        let headers = response.headers_mut();
        if accepts_brotli && file.brotli.is_some() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        if let Ok(kind) = HeaderValue::from_str(&file.kind) {
            headers.insert(header::CONTENT_TYPE, kind);
        }
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
        headers.append(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        Some(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_the_files_of_two_releases_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("main.000000000001.css"), "a{}").unwrap();
        assert!(Assets::read(folder.path()).is_ok());
        std::fs::write(folder.path().join("main.000000000002.css"), "b{}").unwrap();
        let refused = Assets::read(folder.path()).err().unwrap();
        assert!(refused.to_string().contains("two releases"), "{refused}");
    }
}
