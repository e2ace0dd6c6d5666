//! Modules of the registry import from modules below them only.
#[path = "common/imports.rs"]
mod imports;

use std::path::Path;

/// The order, from top to bottom. A module may import from rows below its own, and from modules that stand after it in its row.
const LAYERS: &[&[&str]] = &[
    &["demo", "migrate"],
    &["review", "name_request"],
    &["application"],
    &["transition"],
    &["profile", "staff", "session", "candidate", "account", "throttle"],
    &["dictionary"],
    &["entry_lock", "printed_version", "snapshot", "timeline", "job", "audit", "catalogue", "notice", "photo"],
    &["filter", "db", "seal", "clock", "error"],
];
/// The same within folders.
const FOLDERS: &[(&str, &[&[&str]])] = &[
    ("application", &[&["draft", "submit"], &["view", "withdraw"]]),
    ("dictionary", &[&["similar"], &["memory", "import"], &["completion", "generation"], &["entry", "file", "whole"]]),
    ("name_request", &[&["answer", "ask", "pending"]]),
    (
        "review",
        &[
            &["outstanding", "record"],
            &["history"],
            &["area", "checklist", "correction", "signature"],
            &["queue"],
            &["claim"],
        ],
    ),
];

#[test]
fn modules_import_from_below_only() -> std::io::Result<()> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut upward = imports::upward(&source, LAYERS)?;
    for (folder, layers) in FOLDERS {
        upward.extend(imports::upward(&source.join(folder), layers)?);
    }
    assert_eq!(upward, Vec::<String>::new());
    Ok(())
}

#[test]
fn imports_are_read_in_all_their_forms() {
    let code = "use crate::{\n    Error, Registry, account,\n    db::{Conn, sql},\n};\nuse super::{a, b::c};\n// use crate::no;\nfn f() { crate::inline::g(\"crate::text\"); super::h() }\n#[cfg(test)]\nmod tests { use crate::tested; }\n";
    let paths: Vec<String> = imports::paths(code).into_iter().collect();
    let expect = [
        "crate::Error",
        "crate::Registry",
        "crate::account",
        "crate::db",
        "crate::inline",
        "super::a",
        "super::b",
        "super::h",
    ];
    assert_eq!(paths, expect);
}
