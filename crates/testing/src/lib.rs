//! What the tests of several packages share: labs and their numbers, predicted without any overhead.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot go on should stop")]

use engine::trace::Trace;
use lab::metrics::Metrics;
use lab::{Lab, Strategy, Values};
use proptest::test_runner::{Config as ProptestConfig, FileFailurePersistence};
use virtual_clock::Conditions;

/// The lab of this name, which there must be.
pub fn lab(id: &str) -> &'static Lab {
    labs::find(id).unwrap()
}

/// What a strategy does with these values, by the rules alone.
pub fn trace(strategy: &Strategy, values: &Values) -> Trace {
    session::predict(strategy, values, Conditions::IDEAL).trace
}

/// The numbers of that.
pub fn metrics(strategy: &Strategy, values: &Values) -> Metrics {
    Metrics::of(&trace(strategy, values), values)
}

/// The numbers of these strategies of the core lab (none named: of all), with these changes to its defaults.
pub fn core_lab(changes: &[(&str, f64)], strategies: &[&str]) -> Vec<(&'static Strategy, Metrics)> {
    let lab = lab("shared-workload");
    let values = lab.values_with(changes);
    let is_wanted = |one: &&Strategy| strategies.is_empty() || strategies.contains(&one.id);
    lab.strategies.iter().filter(is_wanted).map(|one| (one, metrics(one, &values))).collect()
}

/// So many cases of a property; those that failed are kept beside the test, and come first from then on.
pub fn cases(count: u32) -> ProptestConfig {
    let persistence = FileFailurePersistence::WithSource("regressions");
    ProptestConfig {
        cases: count,
        failure_persistence: Some(Box::new(persistence)),
        ..ProptestConfig::default()
    }
}
