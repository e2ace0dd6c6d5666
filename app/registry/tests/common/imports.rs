//! Reads which modules of a crate import which. Used by tests of layers; it knows nothing of the crate that it reads.
#![allow(dead_code, clippy::allow_attributes, reason = "each test uses a part of it")]
use proc_macro2::{TokenStream, TokenTree};
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
        let code = fs::read_to_string(&file)?;
        let mut imported = if is_root { paths("crate", &code) } else { BTreeSet::new() };
        if at_top {
            imported.extend(paths("super", &code));
        }
        for name in imported.iter().filter_map(|path| path.first()) {
            let target = exports.get(name).map_or(name.as_str(), String::as_str);
            if target != module && rank.get(target).is_some_and(|other| other <= own) {
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
    let tokens: Vec<TokenTree> = tokens(root).into_iter().collect();
    let mut found = BTreeSet::new();
    for (at, token) in tokens.iter().enumerate() {
        if matches!(token, TokenTree::Ident(ident) if *ident == "use")
            && let Some(TokenTree::Ident(module)) = tokens.get(at + 1)
        {
            below(&tokens[at + 2..], &mut vec![module.to_string()], &mut found);
        }
    }
    let named = |path: Vec<String>| Some((path.last()?.clone(), path.first()?.clone()));
    found.into_iter().filter(|path| path.len() > 1).filter_map(named).collect()
}

/// The paths below `prefix` (`crate` or `super`) in code: `crate::a::b`, `crate::{a, b::c}`, also inside of macros. The tests at the
/// end of a file are left out.
pub fn paths(prefix: &str, code: &str) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    paths_of(prefix, tokens(code), &mut found);
    found
}
fn tokens(code: &str) -> TokenStream {
    code.split("#[cfg(test)]\nmod ").next().unwrap_or_default().parse().unwrap_or_default()
}
fn paths_of(prefix: &str, tokens: TokenStream, found: &mut BTreeSet<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => paths_of(prefix, group.stream(), found),
            TokenTree::Ident(ident) if *ident == prefix => below(&tokens[at + 1..], &mut Vec::new(), found),
            _ => {}
        }
    }
}
/// Follows `::name` and `::{…}` behind a path.
fn below(tokens: &[TokenTree], path: &mut Vec<String>, found: &mut BTreeSet<Vec<String>>) {
    let is_colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == ':');
    if !is_colon(tokens.first()) || !is_colon(tokens.get(1)) {
        found.insert(path.clone());
        return;
    }
    match tokens.get(2) {
        Some(TokenTree::Ident(name)) => {
            path.push(name.to_string());
            below(&tokens[3..], path, found);
            path.pop();
        }
        Some(TokenTree::Group(group)) => {
            let inside: Vec<TokenTree> = group.stream().into_iter().collect();
            for one in inside.split(|token| matches!(token, TokenTree::Punct(p) if p.as_char() == ',')) {
                if let Some(TokenTree::Ident(name)) = one.first() {
                    path.push(name.to_string());
                    below(&one[1..], path, found);
                    path.pop();
                }
            }
        }
        _ => {}
    }
}
