//! Makes one function for each sentence of `locales/zh.json` and `locales/en.json`: its arguments are the `{names}` in the
//! sentence. A key that one language lacks, or whose arguments differ, stops the build.
use serde_json::Value;
use std::{collections::BTreeMap, env, error::Error, fmt::Write, fs, path::Path};

/// Groups looked up by a key known at run time only: codes of the forms crate.
const DYNAMIC: [&str; 7] = ["problem", "choice", "advice", "proof", "material", "field", "hint"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=locales");
    let read = |lang: &str| -> Result<BTreeMap<String, String>, Box<dyn Error>> {
        let mut flat = BTreeMap::new();
        flatten("", &serde_json::from_str(&fs::read_to_string(format!("locales/{lang}.json"))?)?, &mut flat);
        Ok(flat)
    };
    let (zh, en) = (read("zh")?, read("en")?);
    let missing: Vec<String> = zh
        .keys()
        .filter(|k| !en.contains_key(*k))
        .map(|k| format!("en.json lacks {k}"))
        .chain(en.keys().filter(|k| !zh.contains_key(*k)).map(|k| format!("zh.json lacks {k}")))
        .collect();
    if !missing.is_empty() {
        return Err(missing.join("\n").into());
    }
    let mut out = String::new();
    let mut dynamic = String::new();
    for (key, chinese) in &zh {
        let english = &en[key];
        if DYNAMIC.iter().any(|group| key.starts_with(&format!("{group}."))) {
            writeln!(dynamic, "        {key:?} => ({chinese:?}, {english:?}),")?;
            continue;
        }
        let arguments = arguments(chinese);
        let mut other = self::arguments(english);
        let mut sorted = arguments.clone();
        other.sort();
        sorted.sort();
        if sorted != other {
            return Err(format!("{key}: the languages take different arguments").into());
        }
        let name = key.replace('.', "_");
        writeln!(out, "/// {}", chinese.replace('\n', " "))?;
        if arguments.is_empty() {
            writeln!(out, "pub fn {name}(lang: Lang) -> &'static str {{ lang.of({chinese:?}, {english:?}) }}")?;
        } else {
            let list: Vec<String> = arguments.iter().map(|a| format!("{a}: impl core::fmt::Display")).collect();
            writeln!(
                out,
                "pub fn {name}(lang: Lang, {}) -> String {{ match lang {{ Lang::Zh => format!({chinese:?}), Lang::En => format!({english:?}) }} }}",
                list.join(", ")
            )?;
        }
    }
    writeln!(out, "/// A sentence by its key, for the codes of the forms crate.")?;
    writeln!(
        out,
        "pub fn lookup(lang: Lang, key: &str) -> Option<&'static str> {{\n    let (zh, en) = match key {{\n{dynamic}        _ => return None,\n    }};\n    Some(lang.of(zh, en))\n}}"
    )?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("text.rs"), out)?;
    Ok(())
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
