//! The layers of `app/src`: imports run down only. The table below is the whole rule; a module that is not in it fails the test.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[path = "../registry/tests/common/imports.rs"]
mod imports;

use std::{fs, path::Path};

/// The layers, the lowest first. A module may import modules of lower layers and its own parts, and nothing else: two modules
/// of one layer do not know each other.
const LAYERS: &[&[&str]] = &[
    &["lang"],
    &["i18n"],
    &["routes"],
    &["codec"],
    &["error"],
    &["transport"],
    &["browser"],
    &["http", "pdf"],
    &["request"],
    &["server_functions"],
    &["components"],
    &["account", "name_requests"],
    &["profile"],
    &["applications"],
    &["review"],
    &["site", "admin"],
    &["app"],
    &["router"],
];

/// The order inside a feature, the lowest first: what its pages show and how it is put into words, what is done, the server
/// functions, the pages (every other file), the handlers.
const FILES: &[&[&str]] =
    &[&["data"], &["answers"], &["summary", "lines"], &["card"], &["actions"], &["api"], &["*"], &["handlers"]];

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}
fn rank_of(file: &str) -> usize {
    let rank = |name: &str| FILES.iter().position(|files| files.contains(&name));
    rank(file).or(rank("*")).unwrap()
}

/// Each source file: its module path below `src`, and its text.
fn sources(folder: &Path, module: &mut Vec<String>, into: &mut Vec<(Vec<String>, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            module.push(name);
            sources(&path, module, into);
            module.pop();
        } else if name != "lib" {
            let mut own = module.clone();
            own.extend((name != "mod").then_some(name));
            into.push((own, fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The files that import upwards, each with what it imports.
fn upward_imports(sources: &[(Vec<String>, String)]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (module, text) in sources {
        let layer = layer_of(&module[0]).unwrap_or_else(|| panic!("{} is in no layer", module[0]));
        let absolute = imports::paths("crate", text);
        // `super::a` of a file in a folder is a part of the same feature.
        let relative = imports::paths("super", text);
        for path in &absolute {
            let Some(other) = path.first() else { continue };
            let above = layer_of(other).is_some_and(|other_layer| other_layer >= layer);
            if above && *other != module[0] {
                wrong.push(format!("{} imports crate::{}", module.join("::"), path.join("::")));
            }
        }
        if let Some((file, folder)) = module.split_last()
            && !folder.is_empty()
        {
            let inside = absolute.iter().filter_map(|path| path.strip_prefix(folder)?.first());
            for other in inside.chain(relative.iter().filter_map(|path| path.first())) {
                if rank_of(other) > rank_of(file) {
                    let folder = folder.join("::");
                    wrong.push(format!("{folder}::{file} imports {folder}::{other}"));
                }
            }
        }
    }
    wrong
}

fn all_sources() -> Vec<(Vec<String>, String)> {
    let mut all = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut Vec::new(), &mut all);
    assert!(all.len() > 50, "only {} files were found", all.len());
    all
}

#[test]
fn imports_run_down_only() {
    assert_eq!(upward_imports(&all_sources()), Vec::<String>::new());
}

#[test]
fn an_import_that_runs_up_is_found() {
    let file = |module: &str, text: &str| (module.split("::").map(str::to_owned).collect::<Vec<_>>(), text.to_owned());
    let wrong = upward_imports(&[
        file("profile::page", "use crate::{lang::Lang, review::data::Line};"),
        file("components::form", "fn f() { view! { <a href=crate::router::x()/> } }"),
        file("account::login", "use crate::name_requests::origin::Origin;"),
        file("review::data", "use super::{handlers::act, record};"),
        file("review::record", "use super::data::Line; use crate::applications::Timeline;"),
        file("admin::dictionary::page", "use super::handlers::answer;"),
    ]);
    let expected = [
        "profile::page imports crate::review::data::Line",
        "components::form imports crate::router::x",
        "account::login imports crate::name_requests::origin::Origin",
        "review::data imports review::handlers",
        "review::data imports review::record",
        "admin::dictionary::page imports admin::dictionary::handlers",
    ];
    assert_eq!(wrong, expected);
}

#[test]
fn no_source_file_is_longer_than_450_lines() {
    let long = |(module, text): &(Vec<String>, String)| {
        (text.lines().count() > 450).then(|| format!("{}: {} lines", module.join("::"), text.lines().count()))
    };
    assert_eq!(all_sources().iter().filter_map(long).collect::<Vec<_>>(), Vec::<String>::new());
}
