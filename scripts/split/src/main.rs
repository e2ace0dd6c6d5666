//! Cuts the browser's module into the main chunk that every page fetches and the chunks that are fetched when they are needed.
//!
//! Usage: `split MODULE FOLDER`. `MODULE` is what cargo made, with relocations kept (`--emit-relocs`). The chunks go into
//! `FOLDER`, the main one as `main.wasm` for wasm-bindgen; `chunks.json` says which files each chunk needs.
use std::{env, error::Error, fs, path::Path};
use wasm_split_cli_support::{Options, transform};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [module, folder] = arguments.as_slice() else { return Err("usage: split MODULE FOLDER".into()) };
    let (wasm, folder) = (fs::read(module)?, Path::new(folder));
    let main = folder.join("main.wasm");
    let mut options = Options::new(&wasm);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = "./yikao.js";
    options.link_name = "./chunks.js";
    let chunks = transform(options)?;
    fs::write(folder.join("chunks.json"), serde_json::to_string_pretty(&chunks.prefetch_map)?)?;
    Ok(())
}
