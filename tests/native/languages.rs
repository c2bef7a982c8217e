//! Both languages are complete, and the page says nothing that is not in them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use loopscope::i18n::{Language, scale, text, time};
use loopscope::lab::{CATALOGUE, Control};
use loopscope::lint::LintKind;
use loopscope::metrics::Metric;
use loopscope::predict::predict;
use loopscope::runtime::event_loop::Conditions;
use loopscope::trace::Nanos;

/// The texts of a language, under their whole keys. The files are flat enough to be read by their indentation.
fn texts(language: Language) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for file in files(language) {
        read(&fs::read_to_string(file).unwrap(), &mut found);
    }
    found
}

/// The texts of the page, and those of each lab.
fn files(language: Language) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("locales");
    let of_lab = |lab: &&loopscope::lab::Lab| folder.join(format!("labs/{}.{}.yml", lab.id, language.id()));
    let page = folder.join(format!("{}.yml", language.id()));
    std::iter::once(page).chain(CATALOGUE.iter().map(of_lab)).collect()
}

fn read(text: &str, found: &mut BTreeMap<String, String>) {
    let mut parents: Vec<(usize, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let depth = line.len() - line.trim_start().len();
        let (key, value) = line.trim().split_once(':').unwrap_or_else(|| panic!("no key: {line}"));
        parents.retain(|(other, _)| *other < depth);
        parents.push((depth, key.to_string()));
        if !value.trim().is_empty() {
            let whole = parents.iter().map(|(_, key)| key.as_str()).collect::<Vec<_>>().join(".");
            let before = found.insert(whole.clone(), value.trim().to_string());
            assert!(before.is_none() || whole == "_version", "{whole} stands twice");
        }
    }
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
        assert_eq!(placeholders(text), placeholders(&korean[key]), "{key}");
    }
}

/// What the page fetches is what stands in `locales/`.
#[test]
fn the_assets_hold_all_texts() {
    for language in Language::ALL {
        for (key, quoted) in texts(language).into_iter().filter(|(key, _)| key != "_version") {
            let text = quoted.trim_matches('"');
            assert_eq!(
                loopscope::i18n::text(language, &key, &[]),
                text,
                "{key}: `cargo xtask assets` is due"
            );
        }
    }
}

#[test]
fn korean_is_korean() {
    let names_of_things = [
        "yield_with.",
        "lab.yield-primitives.strategy.",
        "unit.",
        "metric.cpu",
        "tip.lane",
        "probe.cell",
        "pin.set",
        "code.rust",
        "code.python",
        "code.javascript",
        "_version",
    ];
    for (key, text) in texts(Language::Korean) {
        let is_korean = text.chars().any(|one| ('가'..='힣').contains(&one));
        assert!(is_korean || names_of_things.iter().any(|prefix| key.starts_with(prefix)), "{key}: {text}");
    }
}

#[test]
fn every_lab_has_all_its_texts() {
    let mut keys = Vec::new();
    for lab in CATALOGUE {
        keys.extend(["name", "question", "lead"].map(|part| format!("lab.{}.{part}", lab.id)));
        keys.extend(lab.strategies.iter().flat_map(|one| ["name", "idea"].map(|part| one.key(part))));
        for param in lab.params {
            keys.extend(["name", "hint"].map(|part| format!("param.{}.{part}", param.key)));
            if let Control::Choice(options) = param.control {
                keys.extend(options.iter().map(|option| format!("{}.{option}", param.key)));
            }
        }
    }
    let named = |one: &&loopscope::lab::Scenario| one.cell.is_none() || one.published.is_some();
    keys.extend(
        CATALOGUE
            .iter()
            .flat_map(|lab| lab.scenarios.iter().filter(named).map(move |one| (lab, one)))
            .map(|(lab, one)| format!("lab.{}.scenario.{}", lab.id, one.id)),
    );
    let texts = texts(Language::English);
    for key in &keys {
        assert!(texts.contains_key(key), "no text for {key}");
    }
    let groups = ["lab.", "param.", "yield_with.", "worker_start."];
    for key in texts.keys().filter(|key| groups.iter().any(|group| key.starts_with(group))) {
        assert!(keys.contains(key), "nothing says {key}");
    }
}

/// Whatever a run has a name for has a text, and no text is for what no run has.
#[test]
fn what_traces_name_has_a_text() {
    let mut keys = BTreeSet::new();
    for lab in CATALOGUE {
        let scenarios = lab.scenarios.iter().map(|one| lab.values_of(one));
        for values in std::iter::once(lab.defaults()).chain(scenarios.filter(|_| lab.scenarios.len() < 10)) {
            for strategy in lab.strategies {
                let trace = predict(strategy, &values, Conditions::IDEAL).trace;
                keys.extend(trace.lanes().map(|(_, name)| format!("lane.{}", name.key)));
                keys.extend(trace.gauges().map(|(_, name)| format!("gauge.{}", name.key)));
                keys.extend(trace.waits().iter().map(|wait| format!("resource.{}", wait.resource.key)));
                keys.extend((lab.findings)(&values, &trace).iter().map(|one| format!("finding.{}", one.key)));
            }
        }
    }
    let texts = texts(Language::English);
    for key in &keys {
        assert!(texts.contains_key(key), "no text for {key}");
    }
    // Of parts that a lab may use, and of those who have no lane.
    let of_parts = ["lane.core", "lane.program", "lane.task"];
    for key in
        texts.keys().filter(|key| ["lane.", "gauge.", "finding."].iter().any(|one| key.starts_with(one)))
    {
        assert!(keys.contains(key) || of_parts.contains(&key.as_str()), "nothing says {key}");
    }
}

#[test]
fn every_metric_has_a_name() {
    let texts = texts(Language::English);
    for metric in Metric::ALL {
        assert!(texts.contains_key(&format!("metric.{}", metric.name)), "no name for {}", metric.key);
    }
}

#[test]
fn every_lint_that_the_page_tells_has_its_sentence_and_its_figures() {
    let texts = texts(Language::English);
    for kind in LintKind::ALL.into_iter().filter(|kind| !kind.is_spoiled()) {
        for group in ["lint", "lint_figures"] {
            assert!(texts.contains_key(&format!("{group}.{}", kind.id())), "{group}.{}", kind.id());
        }
    }
}

/// Every key in the code has a text, and every text is used: by its key, or by the start of a key that is put together.
#[test]
fn keys_and_texts_belong_together() {
    let mut code = String::new();
    for folder in ["src/app", "src/app/run", "src/components", "src"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                code.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let put_together = [
        "lab.",
        "param.",
        "yield_with.",
        "worker_start.",
        "lane.",
        "place.",
        "probe.",
        "gauge.",
        "resource.",
        "finding.",
        "legend.",
        "source.",
        "metric.",
        "_version",
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

/// The page holds keys, never words: no literal in its code reads like one, but for what goes to programs.
#[test]
fn the_page_holds_no_words() {
    // The names of keys are the browser's.
    let to_programs = ["api.rs", "gestures.rs"];
    let names_of_keys = ["ArrowDown", "ArrowLeft", "ArrowRight", "ArrowUp", "End", "Enter", "Escape", "Home"];
    for folder in ["src/components", "src/app", "src/app/run"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            let is_for_programs = to_programs.iter().any(|name| path.ends_with(name));
            let text = fs::read_to_string(&path).unwrap();
            let code = text.lines().filter(|line| !line.trim().starts_with("//"));
            for literal in
                code.filter(|_| !is_for_programs).flat_map(|line| line.split('"').skip(1).step_by(2))
            {
                let first = literal.chars().next().unwrap_or_default();
                let is_korean = literal.chars().any(|one| ('가'..='힣').contains(&one));
                // A word begins with a capital (the paths of pictures do as well, but hold figures).
                let is_word = literal.len() > 1
                    && !names_of_keys.contains(&literal)
                    && first.is_uppercase()
                    && !literal.chars().any(|one| one.is_ascii_digit() || one == '_')
                    && !names_of_keys.contains(&literal);
                assert!(!is_word && !is_korean, "{}: {literal:?}", path.display());
            }
            for between in
                text.lines().map(str::trim).filter(|line| line.starts_with('<')).flat_map(between_tags)
            {
                assert!(!between.chars().any(char::is_alphabetic), "{}: {between:?}", path.display());
            }
        }
    }
}

/// The bare text between the tags of a line. An `@` announces a key.
fn between_tags(line: &str) -> impl Iterator<Item = &str> {
    line.split('>')
        .skip(1)
        .filter_map(|rest| rest.split_once('<'))
        .map(|(text, _)| text)
        .filter(|text| !text.contains('{') && !text.starts_with("@\""))
}

#[test]
fn times_are_told_in_the_unit_that_suits_them() {
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
