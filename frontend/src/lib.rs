//! Wakes the page in the browser, and nothing else.
#![recursion_limit = "512"]
use wasm_bindgen::prelude::wasm_bindgen;

/// Wakes the page; `words` is the table of its language. A table that belongs to another release leaves the page as it is.
#[wasm_bindgen]
pub fn hydrate(words: String) {
    console_error_panic_hook::set_once();
    if !app::text::words::take(words) {
        return;
    }
    leptos::mount::hydrate_body(app::spa::App);
}
