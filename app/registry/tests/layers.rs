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
            &["draft", "entry_copy", "reapply", "submit"],
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
    let read = |prefix: &str| {
        let paths = imports::paths(prefix, code).into_iter();
        paths.map(|path| path.join("::")).collect::<Vec<_>>()
    };
    let expect = ["Error", "Registry", "account", "db::Conn", "db::sql", "inline::g"];
    assert_eq!(read("crate"), expect);
    assert_eq!(read("super"), ["a", "b::c", "h"]);
}
