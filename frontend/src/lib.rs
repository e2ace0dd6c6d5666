//! Hydrates the page in the browser, and nothing else.
#![recursion_limit = "512"]
use wasm_bindgen::prelude::wasm_bindgen;

/// Hydrates the page and says whether it did; `sentences` is the table of its language. A table that
/// belongs to another release leaves the page as it is.
#[wasm_bindgen]
pub async fn hydrate(sentences: String) -> bool {
    // The release has no texts of panics (scripts/build), so there is nothing to tell about.
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    app::i18n::sentences::take(sentences) && app::app::hydrate().await
}

/// Takes the sentences of the other pages, which come after the first view.
#[wasm_bindgen(js_name = addSentences)]
pub fn add_sentences(table: String) {
    app::i18n::sentences::take(table);
}
