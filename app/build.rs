//! Makes one function for each sentence of `locales/zh.json` and `locales/en.json`: its arguments are the `{names}` in the
//! sentence. A key that one language lacks, or whose arguments differ, stops the build.
//!
//! The server holds both languages. The browser's module holds none: it fetches the table of the page's language, which
//! `scripts/pack.mjs` writes in the same order, and the functions ask it by number.
use serde_json::Value;
use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fmt::Write,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

/// Groups looked up by a key known at run time only: codes of the forms crate. `scripts/pack.mjs` reads the same list.
const LOOKED_UP: &str = include_str!("locales/looked-up");

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=locales");
    let read = |lang: &str| -> Result<BTreeMap<String, String>, Box<dyn Error>> {
        let mut flat = BTreeMap::new();
        flatten("", &serde_json::from_str(&fs::read_to_string(format!("locales/{lang}.json"))?)?, &mut flat);
        Ok(flat)
    };
    let (zh, en) = (read("zh")?, read("en")?);
    check(&zh, &en)?;
    let has_feature = |name: &str| env::var_os(format!("CARGO_FEATURE_{name}")).is_some();
    let out = if has_feature("HYDRATE") {
        browser(&zh)?
    } else if has_feature("DEV") {
        dev_server(&zh)?
    } else {
        server(&zh, &en)?
    };
    fs::write(Path::new(&env::var("OUT_DIR")?).join("text.rs"), out)?;
    println!("cargo:rustc-env=YIKAO_BUILD={}", build_hash()?);
    Ok(())
}

/// A hash over the sources that decide how values are laid out when they travel between server and browser (`transport`). It
/// is the same for both, and another one as soon as a type may have changed.
fn build_hash() -> Result<String, Box<dyn Error>> {
    let mut hasher = DefaultHasher::new();
    for root in ["src", "forms/src", "../Cargo.lock"] {
        println!("cargo:rerun-if-changed={root}");
        let mut files = Vec::new();
        collect(Path::new(root), &mut files)?;
        files.sort();
        for file in files {
            file.to_string_lossy().hash(&mut hasher);
            fs::read(&file)?.hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, into: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            collect(&entry?.path(), into)?;
        }
    } else {
        into.push(path.to_owned());
    }
    Ok(())
}

fn check(zh: &BTreeMap<String, String>, en: &BTreeMap<String, String>) -> Result<(), Box<dyn Error>> {
    let lacks = |of: &BTreeMap<String, String>, other: &BTreeMap<String, String>, file: &str| -> Vec<String> {
        of.keys().filter(|key| !other.contains_key(*key)).map(|key| format!("{file} lacks {key}")).collect()
    };
    let mut wrong = [lacks(zh, en, "en.json"), lacks(en, zh, "zh.json")].concat();
    for (key, chinese) in zh.iter().filter(|(key, _)| !is_dynamic(key)) {
        let sorted = |sentence: &str| {
            let mut names = arguments(sentence);
            names.sort();
            names
        };
        if en.get(key).is_some_and(|english| sorted(english) != sorted(chinese)) {
            wrong.push(format!("{key}: the languages take different arguments"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

fn is_dynamic(key: &str) -> bool {
    LOOKED_UP.lines().any(|group| key.strip_prefix(group).is_some_and(|rest| rest.starts_with('.')))
}

/// The head of a function: its comment, its name, its arguments.
fn head(key: &str, sentence: &str) -> String {
    let comment = sentence.replace('\n', " ");
    let list: String = arguments(sentence).iter().map(|a| format!(", {a}: impl core::fmt::Display")).collect();
    let kind = if list.is_empty() { "&'static str" } else { "String" };
    format!("/// {comment}\npub fn {}(lang: Lang{list}) -> {kind}", key.replace('.', "_"))
}

fn server(zh: &BTreeMap<String, String>, en: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let (mut out, mut dynamic) = (String::new(), String::new());
    for (key, chinese) in zh {
        let english = &en[key];
        if is_dynamic(key) {
            writeln!(dynamic, "        {key:?} => ({chinese:?}, {english:?}),")?;
        } else if arguments(chinese).is_empty() {
            writeln!(out, "{} {{ lang.of({chinese:?}, {english:?}) }}", head(key, chinese))?;
        } else {
            writeln!(
                out,
                "{} {{ match lang {{ Lang::Zh => format!({chinese:?}), Lang::En => format!({english:?}) }} }}",
                head(key, chinese)
            )?;
        }
    }
    writeln!(out, "/// A sentence by its key, for the codes of the forms crate.")?;
    writeln!(
        out,
        "#[expect(clippy::too_many_lines, reason = \"a line for each sentence\")]\npub fn lookup(lang: Lang, key: &str) -> Option<&'static str> {{\n    let (zh, en) = match key {{\n{dynamic}        _ => return None,\n    }};\n    Some(lang.of(zh, en))\n}}"
    )?;
    Ok(out)
}

/// For `make dev`: functions with the same signatures that look their sentences up in the locale files at run time.
fn dev_server(zh: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let mut out = String::new();
    for (key, sentence) in zh.iter().filter(|(key, _)| !is_dynamic(key)) {
        let names = arguments(sentence);
        if names.is_empty() {
            writeln!(out, "{} {{ locale_files::at(lang, {key:?}) }}", head(key, sentence))?;
        } else {
            let list: String = names.iter().map(|name| format!("({name:?}, &{name}), ")).collect();
            writeln!(out, "{} {{ locale_files::fill(lang, {key:?}, &[{list}]) }}", head(key, sentence))?;
        }
    }
    writeln!(out, "/// A sentence by its key, for the codes of the forms crate.")?;
    writeln!(out, "pub fn lookup(lang: Lang, key: &str) -> Option<&'static str> {{ locale_files::get(lang, key) }}")?;
    Ok(out)
}

fn browser(zh: &BTreeMap<String, String>) -> Result<String, Box<dyn Error>> {
    let read = |name: &str| -> Result<Vec<String>, Box<dyn Error>> {
        Ok(fs::read_to_string(format!("locales/{name}"))?.lines().map(str::to_owned).collect())
    };
    let (apart, first, staff) = (read("server-only")?, read("first-view")?, read("staff-only")?);
    let is_in = |groups: &[String], key: &str| {
        groups
            .iter()
            .any(|group| key.strip_prefix(group.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    // What the first step of the wizard shows, then the rest of what candidates see, then what the staff see: a number means the
    // same in the three tables, each of which holds those before it. Within each, those that are found by their key stand last:
    // the others have none in the table.
    let rank = |key: &str| match (is_in(&staff, key), is_in(&first, key)) {
        (true, _) => 2,
        (false, true) => 0,
        (false, false) => 1,
    };
    let mut keys: Vec<&String> = zh.keys().filter(|key| !is_in(&apart, key)).collect();
    keys.sort_by_key(|key| (rank(key), is_dynamic(key)));
    let count = |most: u8| keys.iter().filter(|key| rank(key) <= most).count();
    let mut out = String::new();
    for (at, key) in keys.iter().enumerate().filter(|(_, key)| !is_dynamic(key)) {
        let sentence = &zh[*key];
        let names = arguments(sentence);
        if names.is_empty() {
            writeln!(out, "{} {{ let _ = lang; sentences::at({at}) }}", head(key, sentence))?;
        } else {
            let list: String = names.iter().map(|name| format!("({name:?}, &{name}), ")).collect();
            writeln!(out, "{} {{ let _ = lang; sentences::fill({at}, &[{list}]) }}", head(key, sentence))?;
        }
    }
    writeln!(out, "/// A sentence by its key, for the codes of the forms crate.")?;
    writeln!(
        out,
        "pub fn lookup(lang: Lang, key: &str) -> Option<&'static str> {{ let _ = lang; sentences::by(key) }}"
    )?;
    writeln!(
        out,
        "/// How many sentences the tables hold: of the first view, of candidates, of the staff.\npub const COUNTS: [usize; 3] = [{}, {}, {}];",
        count(0),
        count(1),
        count(2)
    )?;
    Ok(out)
}

fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(map) => {
            for (name, child) in map {
                let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(&key, child, into);
            }
        }
        Value::String(text) => {
            into.insert(prefix.to_owned(), text.clone());
        }
        _ => {}
    }
}

/// The `{names}` of a sentence in the order of their first use.
fn arguments(sentence: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for piece in sentence.split('{').skip(1) {
        if let Some((name, _)) = piece.split_once('}')
            && !names.iter().any(|n| n == name)
        {
            names.push(name.to_owned());
        }
    }
    names
}
