//! Reads which modules of a crate import which, and how long its files and functions are. Used by tests of layers; it knows nothing of the
//! crate that it reads.
#![allow(dead_code, clippy::allow_attributes, reason = "each test uses a part of it")]
use proc_macro2::{TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::Path,
};

/// A source file: its module path below the root of the crate, which is empty for `lib.rs`, and its text.
pub type Source = (Vec<String>, String);

/// The sources below a folder that is the root of a crate.
pub fn sources(root: &Path) -> io::Result<Vec<Source>> {
    let mut all = Vec::new();
    collect(root, &mut Vec::new(), &mut all)?;
    Ok(all)
}
fn collect(folder: &Path, module: &mut Vec<String>, into: &mut Vec<Source>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            module.push(name);
            collect(&path, module, into)?;
            module.pop();
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let mut own = module.clone();
            own.extend((!["lib", "mod"].contains(&name.as_str())).then_some(name));
            into.push((own, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// The imports between the modules of a folder that do not run down: rows of `layers` stand from top to bottom, and within a
/// row the modules from left to right. The folder is a module path, empty for the root of the crate. A module is a file or a
/// folder. Names that the folder's own `lib.rs` or `mod.rs` exports count as their module. A module without a place is reported
/// as well.
pub fn upward(sources: &[Source], folder: &[&str], layers: &[&[&str]]) -> Vec<String> {
    let rank: BTreeMap<&str, usize> =
        layers.iter().flat_map(|row| row.iter()).enumerate().map(|(n, m)| (*m, n)).collect();
    let root = sources.iter().find(|(module, _)| module.iter().eq(folder)).map(|(_, code)| code.as_str());
    let exports = exports(root.unwrap_or_default());
    let mut found = BTreeSet::new();
    for (module, code) in sources {
        let Some([own, ..]) = below_folder(module, folder) else { continue };
        // Unit tests may know everything.
        if own == "tests" {
            continue;
        }
        let Some(own_rank) = rank.get(own.as_str()) else {
            found.insert(format!("{own} has no place in the order"));
            continue;
        };
        for path in absolute(module, code) {
            let Some([name, ..]) = below_folder(&path, folder) else { continue };
            let target = exports.get(name).map_or(name.as_str(), String::as_str);
            if target != own && rank.get(target).is_some_and(|other| other <= own_rank) {
                found.insert(format!("{} imports {target}", module.join("::")));
            }
        }
    }
    found.into_iter().collect()
}
/// The rest of a path below a folder, if it is below it.
fn below_folder<'a>(path: &'a [String], folder: &[&str]) -> Option<&'a [String]> {
    let (before, rest) = path.split_at_checked(folder.len())?;
    before.iter().eq(folder).then_some(rest)
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

/// The paths from the root of the crate that a module names by `crate::…`, `super::…` and `super::super::…`.
pub fn absolute(module: &[String], code: &str) -> BTreeSet<Vec<String>> {
    let mut found = paths("crate", code);
    for path in paths("super", code) {
        let up = 1 + path.iter().take_while(|name| *name == "super").count();
        let kept = module.len().saturating_sub(up);
        found.insert([&module[..kept], &path[up - 1..]].concat());
    }
    found
}

/// The paths below `prefix` (`crate` or `super`) in code: `crate::a::b`, `crate::{a, b::c}`, also inside of macros. The tests at the
/// end of a file are left out.
pub fn paths(prefix: &str, code: &str) -> BTreeSet<Vec<String>> {
    let mut found = BTreeSet::new();
    paths_of(prefix, tokens(code), &mut found);
    found
}
fn tokens(code: &str) -> TokenStream {
    let is_test = |line: &str| line.starts_with("#[cfg(") && line.contains("test");
    let end = code
        .lines()
        .zip(code.lines().skip(1))
        .find(|(line, next)| is_test(line) && next.starts_with("mod ") && next.contains('{'));
    let end = end.and_then(|(line, next)| code.find(&format!("{line}\n{next}")));
    code.get(..end.unwrap_or(code.len())).unwrap_or_default().parse().unwrap_or_default()
}
fn paths_of(prefix: &str, tokens: TokenStream, found: &mut BTreeSet<Vec<String>>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut from = 0;
    for (at, token) in tokens.iter().enumerate() {
        if at < from {
            continue;
        }
        match token {
            TokenTree::Group(group) => paths_of(prefix, group.stream(), found),
            TokenTree::Ident(ident) if *ident == prefix => {
                below(&tokens[at + 1..], &mut Vec::new(), found);
                // The rest of the path, which may name `super` again, was read with it.
                from = at + 1;
                while let Some([a, b, TokenTree::Ident(_) | TokenTree::Group(_)]) = tokens.get(from..from + 3)
                    && [a, b].into_iter().all(is_colon)
                {
                    from += 3;
                }
            }
            _ => {}
        }
    }
}
fn is_colon(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == ':')
}
/// Follows `::name` and `::{…}` behind a path.
fn below(tokens: &[TokenTree], path: &mut Vec<String>, found: &mut BTreeSet<Vec<String>>) {
    if !tokens.first().is_some_and(is_colon) || !tokens.get(1).is_some_and(is_colon) {
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
