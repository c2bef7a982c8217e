//! Gathers the texts of the page and of all labs into one file for each language. Each line is a key, a tab
//! and a text, in the order of the keys.
//!
//! The sources are YAML with nested keys: `locales/`, and `texts.<language>.yml` in each folder of
//! `crates/labs/src/`. Must not know what the texts say, nor which labs there are: it takes what it finds in
//! their folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs};

use saphyr::{LoadableYamlNode, Yaml};

const LANGUAGES: [&str; 2] = ["en", "ko"];

fn main() {
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where the package is"));
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo says where to write"));
    let labs = here.join("../labs/src");
    println!("cargo::rerun-if-changed={}", here.join("locales").display());
    println!("cargo::rerun-if-changed={}", labs.display());
    for language in LANGUAGES {
        let mut texts = BTreeMap::new();
        read(&here.join(format!("locales/{language}.yml")), &mut texts);
        for lab in children(&labs) {
            let file = lab.join(format!("texts.{language}.yml"));
            if file.exists() {
                read(&file, &mut texts);
            }
        }
        let lines: String = texts.iter().map(|(key, text)| format!("{key}\t{text}\n")).collect();
        fs::write(out.join(format!("{language}.txt")), lines).expect("cargo's folder can be written to");
    }
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<_> = entries.map(|entry| entry.expect("a folder can be read").path()).collect();
    found.sort();
    found
}

/// Adds the texts of a file. Panics if a key is already there: nobody could tell which of the two texts
/// holds.
fn read(file: &Path, texts: &mut BTreeMap<String, String>) {
    let yaml = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let documents = Yaml::load_from_str(&yaml).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    for document in &documents {
        gather(file, "", document, texts);
    }
}

fn gather(file: &Path, key: &str, node: &Yaml, texts: &mut BTreeMap<String, String>) {
    if let Some(entries) = node.as_mapping() {
        for (name, value) in entries {
            let name = name.as_str().unwrap_or_else(|| panic!("{}: {name:?} is not a key", file.display()));
            let key = if key.is_empty() { name.to_string() } else { format!("{key}.{name}") };
            gather(file, &key, value, texts);
        }
    } else {
        let text = node.as_str().unwrap_or_else(|| panic!("{}: {key} is not a text", file.display()));
        assert!(!text.contains(['\t', '\n']), "{}: {key} is not one line", file.display());
        let before = texts.insert(key.to_string(), text.to_string());
        assert!(before.is_none(), "{}: {key} has a text already", file.display());
    }
}
