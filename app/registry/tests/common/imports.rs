//! Reads which modules of a crate import which. Used by tests of layers; it knows nothing of the crate that it reads.
#![allow(dead_code, clippy::allow_attributes, reason = "each test uses a part of it")]
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

/// The imports between the modules of a folder that do not run down: rows of `layers` stand from top to bottom, and within a
/// row the modules from left to right. A module is a file or a folder. Names that the folder's own `lib.rs` or `mod.rs`
/// exports count as their module. A module without a place is reported as well.
pub fn upward(folder: &Path, layers: &[&[&str]]) -> io::Result<Vec<String>> {
    let rank: BTreeMap<&str, usize> =
        layers.iter().flat_map(|row| row.iter()).enumerate().map(|(n, m)| (*m, n)).collect();
    let is_root = folder.join("lib.rs").exists();
    let root = fs::read_to_string(folder.join(if is_root { "lib.rs" } else { "mod.rs" }))?;
    let exports = exports(&root);
    let mut found = BTreeSet::new();
    for (module, file) in modules(folder)? {
        let Some(own) = rank.get(module.as_str()) else {
            found.insert(format!("{module} has no place in the order"));
            continue;
        };
        // Seen from the root, `super` of a file is `crate`; a file of a folder reaches only its own folder by it.
        let at_top = file.parent() == Some(folder);
        for path in paths(&fs::read_to_string(&file)?) {
            let (from, name) = path.split_once("::").unwrap_or_default();
            let counts = if is_root { from == "crate" || at_top && from == "super" } else { at_top && from == "super" };
            let target = exports.get(name).map_or(name, String::as_str);
            if counts && target != module && rank.get(target).is_some_and(|other| other <= own) {
                found.insert(format!("{module} imports {target} ({})", file.display()));
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// The modules of a folder with each of their files.
fn modules(folder: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            all.extend(files(&path)?.into_iter().map(|file| (name.clone(), file)));
        } else if path.extension().is_some_and(|e| e == "rs") && !["lib", "main", "mod"].contains(&name.as_str()) {
            all.push((name, path));
        }
    }
    Ok(all)
}
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { all.extend(files(&path)?) } else { all.push(path) }
    }
    Ok(all)
}

/// The names that a root exports with `use module::…`, by their module.
fn exports(root: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for statement in plain(root).split(';') {
        let Some((_, path)) = statement.rsplit_once("use ") else { continue };
        let Some((module, names)) = path.trim().split_once("::") else { continue };
        for name in names.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty()) {
            all.insert(name.to_owned(), module.to_owned());
        }
    }
    all
}

/// The first two segments of each path that begins with `crate` or `super`, in `use` statements and inline. Comments, texts and
/// the tests at the end of a file are left out.
pub fn paths(code: &str) -> BTreeSet<String> {
    let code = plain(code);
    let mut all = BTreeSet::new();
    for root in ["crate", "super"] {
        let start = format!("{root}::");
        for (at, _) in code.match_indices(&start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|c| c.is_alphanumeric() || "_:$".contains(c)) {
                continue;
            }
            let rest = &code[at + start.len()..];
            match rest.strip_prefix('{') {
                Some(group) => all.extend(members(group).into_iter().map(|name| format!("{start}{name}"))),
                None => all.extend(ident(rest).map(|name| format!("{start}{name}"))),
            }
        }
    }
    all
}

/// The first segments of a group's members, up to its closing brace.
fn members(group: &str) -> Vec<String> {
    let (mut depth, mut begins, mut all) = (0, true, Vec::new());
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => begins = true,
            c if begins && !c.is_whitespace() => {
                all.extend(ident(&group[at..]));
                begins = false;
            }
            _ => {}
        }
    }
    all
}
fn ident(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some(name)
}

/// Code without comments, texts and the tests at its end.
fn plain(code: &str) -> String {
    let code = code.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let mut out = String::new();
    for line in code.lines() {
        let (mut in_text, mut escaped, mut last) = (false, false, ' ');
        for c in line.chars() {
            match c {
                '"' if !escaped => in_text = !in_text,
                '/' if !in_text && last == '/' => {
                    out.pop();
                    break;
                }
                c if !in_text => out.push(c),
                _ => {}
            }
            escaped = c == '\\' && !escaped;
            last = c;
        }
        out.push('\n');
    }
    out
}
