//! The texts of the page: one file a language in `assets/texts/`, made of all of `locales/`, so that a reader downloads
//! one language, and not within the program.
//!
//! Each line is a key, a tab and a text, in the order of the keys. This file must not know what the texts say.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// Where what is made here stands.
const ASSETS: &str = "assets/texts";

const LANGUAGES: [&str; 2] = ["en", "ko"];

/// Every asset with what it should hold.
pub fn all(root: &Path) -> Result<Vec<(PathBuf, String)>> {
    LANGUAGES
        .iter()
        .map(|language| Ok((root.join(ASSETS).join(format!("{language}.txt")), of(root, language)?)))
        .collect()
}

fn of(root: &Path, language: &str) -> Result<String> {
    let mut texts = BTreeMap::new();
    for folder in ["locales", "locales/labs"] {
        for entry in fs::read_dir(root.join(folder))? {
            let file = entry?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name == format!("{language}.yml") || name.ends_with(&format!(".{language}.yml")) {
                read(&fs::read_to_string(&file)?, &mut texts).with_context(|| file.display().to_string())?;
            }
        }
    }
    Ok(texts.into_iter().map(|(key, text)| format!("{key}\t{text}\n")).collect())
}

/// Reads a file of texts: keys nested by indentation, each text in quotes on its key's own line.
fn read(yaml: &str, texts: &mut BTreeMap<String, String>) -> Result<()> {
    let mut parents: Vec<(usize, &str)> = Vec::new();
    for line in yaml.lines().filter(|line| !line.trim().is_empty() && !line.starts_with("_version")) {
        let depth = line.len() - line.trim_start().len();
        let (key, text) = line.trim().split_once(':').with_context(|| format!("no key in {line:?}"))?;
        parents.retain(|(other, _)| *other < depth);
        parents.push((depth, key));
        if !text.trim().is_empty() {
            let text = text.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            let text = text.with_context(|| format!("no quotes in {line:?}"))?;
            let whole: Vec<_> = parents.iter().map(|(_, key)| *key).collect();
            texts.insert(whole.join("."), text.to_string());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_joined_and_texts_unquoted() {
        let mut texts = BTreeMap::new();
        read("_version: 1\na:\n  b: \"one: two\"\n  c:\n    d: \"3\"\ne: \"4\"\n", &mut texts)
            .expect("texts");
        let texts: Vec<_> = texts.iter().map(|(key, text)| (key.as_str(), text.as_str())).collect();
        assert_eq!(texts, [("a.b", "one: two"), ("a.c.d", "3"), ("e", "4")]);
        assert!(read("a: plain\n", &mut BTreeMap::new()).is_err());
    }
}
