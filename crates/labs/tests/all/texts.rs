//! Every lab has all its texts, and every text belongs to something that a lab has.

use std::collections::{BTreeMap, BTreeSet};

use labs::CATALOGUE;
use texts::Language;

/// The texts of a language by their full keys.
fn texts(language: Language) -> BTreeMap<&'static str, &'static str> {
    texts::file(language).lines().filter_map(|line| line.split_once('\t')).collect()
}

#[test]
fn every_lab_has_all_its_texts() {
    let texts = texts(Language::English);
    let (mut keys, mut params) = (Vec::new(), Vec::new());
    for lab in CATALOGUE {
        keys.extend(["name", "question", "lead"].map(|part| format!("lab.{}.{part}", lab.id)));
        keys.extend(lab.strategies.iter().flat_map(|one| ["name", "idea"].map(|part| one.key(part))));
        for param in lab.params {
            let parts = ["name", "hint"].iter().map(ToString::to_string);
            for part in parts.chain(param.options().iter().map(|option| format!("option.{option}"))) {
                let shared = format!("param.{}.{part}", param.key);
                let own = format!("lab.{}.{shared}", lab.id);
                assert!(
                    texts.contains_key(own.as_str()) || texts.contains_key(shared.as_str()),
                    "no text for {own}"
                );
                params.extend([own, shared]);
            }
        }
    }
    let named = |one: &&lab::Scenario| one.cell.is_none() || one.published.is_some();
    keys.extend(
        CATALOGUE
            .iter()
            .flat_map(|lab| lab.scenarios.iter().filter(named).map(move |one| (lab, one)))
            .map(|(lab, one)| format!("lab.{}.scenario.{}", lab.id, one.id)),
    );
    for key in &keys {
        assert!(texts.contains_key(key.as_str()), "no text for {key}");
    }
    for key in texts.keys().filter(|key| key.starts_with("lab.") || key.starts_with("param.")) {
        assert!(keys.iter().chain(&params).any(|one| one == key), "nothing says {key}");
    }
}

/// Everything that a run names has a text, and every such text names something that a run has.
#[test]
fn what_traces_name_has_a_text() {
    let mut keys = BTreeSet::new();
    for lab in CATALOGUE {
        let scenarios = lab.scenarios.iter().map(|one| lab.values_of(one));
        for values in std::iter::once(lab.defaults()).chain(scenarios.filter(|_| lab.scenarios.len() < 10)) {
            for strategy in lab.strategies {
                let trace = testing::trace(strategy, &values);
                keys.extend(trace.lanes().map(|(_, name)| format!("lane.{}", name.key)));
                keys.extend(trace.gauges().map(|(_, name)| format!("gauge.{}", name.key)));
                keys.extend(trace.waits().iter().map(|wait| format!("resource.{}", wait.resource.key)));
                keys.extend((lab.findings)(&values, &trace).iter().map(|one| format!("finding.{}", one.key)));
            }
        }
    }
    let texts = texts(Language::English);
    for key in &keys {
        assert!(texts.contains_key(key.as_str()), "no text for {key}");
    }
    // Parts that a lab may use, and actors without a lane.
    let of_parts = ["lane.core", "lane.program", "lane.task"];
    for key in
        texts.keys().filter(|key| ["lane.", "gauge.", "finding."].iter().any(|one| key.starts_with(one)))
    {
        assert!(keys.contains(*key) || of_parts.contains(key), "nothing says {key}");
    }
}
