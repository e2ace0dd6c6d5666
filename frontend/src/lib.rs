//! Wakes the page in the browser, and nothing else.
#![recursion_limit = "512"]
use wasm_bindgen::prelude::wasm_bindgen;

/// Wakes the page.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(app::spa::App);
}
