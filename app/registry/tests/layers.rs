//! Modules of the registry import from modules below them only.
#[path = "common/imports.rs"]
mod imports;

use std::path::Path;

/// The order, from top to bottom. A module may import from rows below its own, and from modules that stand after it in its row.
const LAYERS: &[&[&str]] = &[
    &["demo", "migrate", "opening", "readiness"],
    &["review", "name_request", "identity_claim", "document_release"],
    &["application"],
    &["transition"],
    &[
        "profile",
        "profile_group",
        "parked_form",
        "staff",
        "recovery",
        "registration_draft",
        "candidate_login",
        "active_sessions",
        "notice",
        "candidate",
        "photo",
        "account",
        "own_password",
        "authentication",
        "account_kind",
        "access_audit",
        "throttle",
        "page_token",
        "token",
    ],
    &["dictionary"],
    &[
        "entry_lock",
        "printed_version",
        "snapshot",
        "timeline",
        "job",
        "audit_chain",
        "skills_pass",
        "audit",
        "catalogue",
    ],
    &[
        "filter",
        "db",
        "pools",
        "health",
        "statement",
        "settings",
        "decoding",
        "hashing",
        "client",
        "network",
        "work_slots",
        "stored_catalogue",
        "seal",
        "clock",
        "error",
    ],
];
/// The same within folders.
const FOLDERS: &[(&str, &[&[&str]])] = &[
    (
        "application",
        &[
            &["entry_copy", "reapply", "draft", "submit"],
            &["withdraw", "view", "profile_change", "profile_completion"],
            &["standing"],
            &["error"],
        ],
    ),
    (
        "dictionary",
        &[
            &["similar", "browse"],
            &["memory", "import"],
            &["completion", "generation", "places"],
            &["entry", "file", "full_list", "cities"],
        ],
    ),
    ("job", &[&["operator", "purge", "recurring"], &["worker"], &["queue"], &["backoff"]]),
    ("name_request", &[&["answer", "ask", "pending"], &["keep"]]),
    (
        "review",
        &[
            &["outstanding", "record"],
            &["history"],
            &["area", "checklist", "correction", "paper_change", "signature"],
            &["amendment"],
            &["queue"],
            &["claim"],
        ],
    ),
];

#[test]
fn modules_import_from_below_only() -> std::io::Result<()> {
    let sources = imports::sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))?;
    assert!(sources.len() > 80, "only {} files were found", sources.len());
    let mut upward = imports::upward(&sources, &[], LAYERS);
    for (folder, layers) in FOLDERS {
        upward.extend(imports::upward(&sources, &[folder], layers));
    }
    assert_eq!(upward, Vec::<String>::new());
    Ok(())
}

#[test]
fn an_import_that_runs_up_is_found() {
    let file = |module: &str, text: &str| {
        (module.split("::").filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>(), text.to_owned())
    };
    let sources = [
        file("", "mod db; mod account; mod error; pub use account::Account; pub use error::Error;"),
        file("error", ""),
        file("account", "use crate::{Error, db::Conn};"),
        file("db", "use crate::Account;"),
        file("application", "mod draft; mod view; pub use draft::Saved;"),
        file("application::draft", "use super::view::Row; use crate::account;"),
        file("application::view", "use super::Saved; fn f() { super::super::review::g() }"),
        file("review::claim", "use crate::application::Saved;"),
        file("unknown", ""),
    ];
    let found = imports::upward(&sources, &[], LAYERS);
    let expected = ["application::view imports review", "db imports account", "unknown has no place in the order"]
        .map(str::to_owned);
    assert_eq!(found, expected);
    let inside = imports::upward(&sources, &["application"], &[&["draft"], &["view"]]);
    assert_eq!(inside, ["application::view imports draft"]);
}

#[test]
fn imports_are_read_in_all_their_forms() {
    let code = "use crate::{\n    Error, Registry, account,\n    db::{Conn, sql},\n};\nuse super::{a, b::c};\n// use crate::no;\nfn f() { crate::inline::g(\"crate::text\"); super::h() }\n#[cfg(test)]\nmod tests { use crate::tested; }\n";
    let read = |prefix: &str| {
        let paths = imports::paths(prefix, code).into_iter();
        paths.map(|path| path.join("::")).collect::<Vec<_>>()
    };
    let expect = ["Error", "Registry", "account", "db::Conn", "db::sql", "inline::g"];
    assert_eq!(read("crate"), expect);
    assert_eq!(read("super"), ["a", "b::c", "h"]);
    let module = ["review".to_owned(), "claim".to_owned()];
    let absolute = |code: &str| {
        let paths = imports::absolute(&module, code).into_iter();
        paths.map(|path| path.join("::")).collect::<Vec<_>>()
    };
    assert_eq!(
        absolute("use super::{queue, super::db}; fn f() { super::super::audit::record() }"),
        ["audit::record", "db", "review::queue"]
    );
}
