//! The layers of `app/src`: imports run down only. The table below is the whole rule; a module that is not in it fails the test.
#![expect(clippy::unwrap_used, reason = "a test may stop at what cannot be")]
#[path = "../registry/tests/common/imports.rs"]
mod imports;

use imports::Source;
use std::{
    fs,
    path::{Path, PathBuf},
};

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

/// The files that import upwards, each with what it imports.
fn upward_imports(sources: &[Source]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (module, text) in sources.iter().filter(|(module, _)| !module.is_empty()) {
        let layer = layer_of(&module[0]).unwrap_or_else(|| panic!("{} is in no layer", module[0]));
        let imported = imports::absolute(module, text);
        for path in &imported {
            let Some(other) = path.first() else { continue };
            let above = layer_of(other).is_some_and(|other_layer| other_layer >= layer);
            if above && *other != module[0] {
                wrong.push(format!("{} imports crate::{}", module.join("::"), path.join("::")));
            }
        }
        if let Some((file, folder)) = module.split_last()
            && !folder.is_empty()
        {
            for other in imported.iter().filter_map(|path| path.strip_prefix(folder)?.first()) {
                if rank_of(other) > rank_of(file) {
                    let folder = folder.join("::");
                    wrong.push(format!("{folder}::{file} imports {folder}::{other}"));
                }
            }
        }
    }
    wrong.dedup();
    wrong
}

fn all_sources() -> Vec<Source> {
    let all = imports::sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))).unwrap();
    assert!(all.len() > 50, "only {} files were found", all.len());
    all
}
fn source(module: &str, text: &str) -> Source {
    (module.split("::").map(str::to_owned).collect(), text.to_owned())
}

#[test]
fn imports_run_down_only() {
    assert_eq!(upward_imports(&all_sources()), Vec::<String>::new());
}

#[test]
fn an_import_that_runs_up_is_found() {
    let wrong = upward_imports(&[
        source("profile::page", "use crate::{lang::Lang, review::data::Line};"),
        source("components::form", "fn f() { view! { <a href=crate::router::x()/> } }"),
        source("account::login", "use crate::name_requests::origin::Origin;"),
        source("review::data", "use super::{handlers::act, record};"),
        source("review::record", "use super::data::Line; use crate::applications::Timeline;"),
        source("admin::dictionary::page", "use super::handlers::answer;"),
        source("profile::photo", "use super::super::review::record;"),
    ]);
    let expected = [
        "profile::page imports crate::review::data::Line",
        "components::form imports crate::router::x",
        "account::login imports crate::name_requests::origin::Origin",
        "review::data imports review::handlers",
        "review::data imports review::record",
        "admin::dictionary::page imports admin::dictionary::handlers",
        "profile::photo imports crate::review::record",
    ];
    assert_eq!(wrong, expected);
}

/// The order of the components, from top to bottom.
const COMPONENTS: &[&[&str]] = &[
    &["static_page", "places", "question", "autosave", "combobox", "select", "help", "lazy", "cached_list"],
    &["layout", "help_links", "loading", "page_field", "deadline", "dated", "error_summary"],
    &["field"],
    &["form"],
    &["message", "suggestion"],
];

#[test]
fn components_import_from_below_only() {
    assert_eq!(imports::upward(&all_sources(), &["components"], COMPONENTS), Vec::<String>::new());
}

/// The Rust files of the workspace: sources, tests, examples and tools.
fn all_files() -> Vec<(PathBuf, String)> {
    fn collect(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let mut all = Vec::new();
    for folder in ["app", "frontend", "server", "scripts"] {
        collect(&root.join(folder), &mut all);
    }
    assert!(all.len() > 300, "only {} files were found", all.len());
    all
}

#[test]
fn no_file_is_longer_than_450_lines() {
    // The index of names is one structure with its searches.
    let excepted = Path::new("names/src/index.rs");
    let long = |(path, text): &(PathBuf, String)| {
        let lines = text.lines().count();
        (lines > 450 && !path.ends_with(excepted)).then(|| format!("{}: {lines} lines", path.display()))
    };
    assert_eq!(all_files().iter().filter_map(long).collect::<Vec<_>>(), Vec::<String>::new());
}

/// The functions of a formatted file with more than 80 lines of code, and how many they have. The compiler's lint counts what macros made of
/// them and so does not see components; where it was told to expect a long function, that is counted out here as well.
fn long_functions(text: &str) -> Vec<(String, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut long = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let words = line.split(['(', '<', ' ']);
        let mut words = words.skip_while(|word| !matches!(*word, "fn")).skip(1);
        let Some(name) = words.next().filter(|_| !line.trim_start().starts_with("//")) else { continue };
        let Some(start) = (at..lines.len()).find(|n| lines[*n].ends_with(['{', ';', '}'])) else { continue };
        let end = format!("{indent}}}");
        if !lines[start].ends_with('{') || lines[..at].iter().rev().take(3).any(|line| line.contains("too_many_lines"))
        {
            continue;
        }
        let is_code = |line: &&&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        let count = lines[start + 1..].iter().take_while(|line| **line != end).filter(is_code).count();
        if count > 80 {
            long.push((name.to_owned(), count));
        }
    }
    long
}

#[test]
fn no_function_is_longer_than_80_lines() {
    let named = |(path, text): (PathBuf, String)| {
        let long = long_functions(&text).into_iter();
        long.map(move |(name, count)| format!("{} {name}: {count} lines", path.display())).collect::<Vec<_>>()
    };
    assert_eq!(all_files().into_iter().flat_map(named).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn a_long_component_is_found() {
    let body = "        <p>\n".repeat(90);
    let text =
        format!("#[component]\npub fn Page(\n    form: Form,\n) -> impl IntoView {{\n    view! {{\n{body}    }}\n}}\n");
    assert_eq!(long_functions(&text), [("Page".to_owned(), 92)]);
    let short = "fn short() {\n    // a comment\n}\n".repeat(100);
    assert_eq!(long_functions(&short), []);
}
