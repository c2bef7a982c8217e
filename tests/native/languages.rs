//! Both languages are complete, and the page says nothing that is not among their texts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use engine::trace::Nanos;
use lab::lint::LintKind;
use lab::metrics::Metric;
use session::words::{scale, time};
use texts::{Language, text};

/// The texts of a language by their full keys.
fn texts(language: Language) -> BTreeMap<&'static str, &'static str> {
    texts::file(language).lines().filter_map(|line| line.split_once('\t')).collect()
}

/// All code whose words the page may show, with the paths of the files.
fn code() -> Vec<(PathBuf, String)> {
    fn read(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                read(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push((path.clone(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let (root, mut found) = (Path::new(env!("CARGO_MANIFEST_DIR")), Vec::new());
    ["src", "crates/session/src", "crates/lab/src", "crates/engine/src"]
        .iter()
        .for_each(|folder| read(&root.join(folder), &mut found));
    found
}

/// The names in `%{…}`.
fn placeholders(text: &str) -> BTreeSet<&str> {
    text.split("%{").skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_values() {
    let [english, korean] = Language::ALL.map(texts);
    assert_eq!(english.keys().collect::<Vec<_>>(), korean.keys().collect::<Vec<_>>());
    for (key, text) in &english {
        assert_eq!(placeholders(text), placeholders(korean[key]), "{key}");
    }
}

#[test]
fn korean_is_korean() {
    let names_of_things = [
        "param.yield_with.option.",
        "lab.yield-primitives.strategy.",
        "unit.",
        "metric.cpu",
        "tip.lane",
        "probe.cell",
        "pin.set",
        "code.rust",
        "code.python",
        "code.javascript",
    ];
    for (key, text) in texts(Language::Korean) {
        let is_korean = text.chars().any(|one| ('가'..='힣').contains(&one));
        assert!(is_korean || names_of_things.iter().any(|prefix| key.starts_with(prefix)), "{key}: {text}");
    }
}

#[test]
fn every_metric_has_a_name() {
    let texts = texts(Language::English);
    for metric in Metric::ALL {
        assert!(texts.contains_key(format!("metric.{}", metric.name).as_str()), "no name for {}", metric.key);
    }
}

#[test]
fn every_lint_that_the_page_shows_has_a_sentence_and_figures() {
    let texts = texts(Language::English);
    for kind in LintKind::ALL.into_iter().filter(|kind| !kind.is_spoiled()) {
        for group in ["lint", "lint_figures"] {
            assert!(texts.contains_key(format!("{group}.{}", kind.id()).as_str()), "{group}.{}", kind.id());
        }
    }
}

/// Every key in the code has a text. Every text is used, by its key or by the start of a key that is put
/// together.
#[test]
fn keys_and_texts_belong_together() {
    let code: String = code().into_iter().map(|(_, text)| text).collect();
    let put_together = [
        "lab.",
        "param.",
        "lane.",
        "place.",
        "probe.",
        "gauge.",
        "resource.",
        "finding.",
        "legend.",
        "cause.",
        "metric.",
    ];
    let texts = texts(Language::English);
    for key in texts.keys().filter(|key| !put_together.iter().any(|prefix| key.starts_with(prefix))) {
        let (group, last) = key.rsplit_once('.').unwrap_or_default();
        let is_listed = code.contains(&format!("\"{last}\"")) && code.contains(&format!("\"{group}.{{"));
        assert!(is_listed || code.contains(&format!("\"{key}\"")), "nothing says {key}");
    }
    for quoted in code.split('"').skip(1).step_by(2).filter(|one| !one.contains(['{', ' ', '/'])) {
        let group = quoted.split_once('.').map_or("", |(group, _)| group);
        let is_key = !group.is_empty() && texts.keys().any(|key| key.starts_with(&format!("{group}.")));
        assert!(!is_key || texts.contains_key(quoted), "no text for {quoted}");
    }
}

/// The page holds keys, never words: no literal in its code reads like a word, except those for programs.
#[test]
fn the_page_holds_no_words() {
    // These keys have the names that browsers give them.
    let to_programs = ["api.rs", "gestures.rs", "main.rs"];
    let names_of_keys = ["ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "End", "Enter", "Escape", "Home"];
    for (path, text) in code().into_iter().filter(|(path, _)| !path.starts_with(crates())) {
        let is_for_programs = to_programs.iter().any(|name| path.ends_with(name));
        let code = text.lines().filter(|line| !line.trim().starts_with("//"));
        for literal in code.filter(|_| !is_for_programs).flat_map(|line| line.split('"').skip(1).step_by(2)) {
            let first = literal.chars().next().unwrap_or_default();
            let is_korean = literal.chars().any(|one| ('가'..='힣').contains(&one));
            // A word begins with a capital letter. (So do the paths of pictures, but they contain digits.)
            let is_word = literal.len() > 1
                && !names_of_keys.contains(&literal)
                && first.is_uppercase()
                && !literal.chars().any(|one| one.is_ascii_digit() || one == '_');
            assert!(!is_word && !is_korean, "{}: {literal:?}", path.display());
        }
        for between in text.lines().map(str::trim).filter(|line| line.starts_with('<')).flat_map(between_tags)
        {
            assert!(!between.chars().any(char::is_alphabetic), "{}: {between:?}", path.display());
        }
    }
}

fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("crates")
}

/// The bare text between the tags of a line. An `@` marks a key.
fn between_tags(line: &str) -> impl Iterator<Item = &str> {
    line.split('>')
        .skip(1)
        .filter_map(|rest| rest.split_once('<'))
        .map(|(text, _)| text)
        .filter(|text| !text.contains('{') && !text.starts_with("@\""))
}

#[test]
fn times_are_written_in_a_suitable_unit() {
    let told =
        |nanos: u64| [Language::English, Language::Korean].map(|language| time(language, Nanos(nanos)));
    assert_eq!(told(0), ["0 ms", "0ms"]);
    assert_eq!(told(1_500), ["1.5 µs", "1.5µs"]);
    assert_eq!(told(16_000_000), ["16 ms", "16ms"]);
    assert_eq!(told(999_900_000), ["1 s", "1초"]);
    assert_eq!(told(6_960_000_000), ["6.96 s", "6.96초"]);
    assert_eq!(told(11_600_000_000_000), ["3.22 h", "3.22시간"]);
}

#[test]
fn values_are_put_into_texts() {
    assert_eq!(text(Language::English, "unit.times", &[("n", "7.3")]), "7.3×");
    assert_eq!(text(Language::Korean, "unit.times", &[("n", "7.3")]), "7.3배");
    assert_eq!(text(Language::English, "no.such.key", &[]), "no.such.key");
    assert_eq!(scale(Language::English, 0.05), "1/20");
    assert_eq!(scale(Language::English, 1.0), "1");
}
