//! What the tests of several packages share: labs and their metrics, predicted without overhead.
#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a test that cannot go on should stop")]

use engine::trace::Trace;
use lab::metrics::Metrics;
use lab::{Lab, Strategy, Values};
use proptest::test_runner::{Config as ProptestConfig, FileFailurePersistence};
use virtual_clock::Conditions;

/// The lab with this id. Panics if there is none.
pub fn lab(id: &str) -> &'static Lab {
    labs::find(id).unwrap()
}

/// The trace of a strategy with these values, by the rules of the event loop alone: nothing costs overhead.
pub fn trace(strategy: &Strategy, values: &Values) -> Trace {
    session::predict(strategy, values, Conditions::IDEAL).trace
}

/// The metrics of that trace.
pub fn metrics(strategy: &Strategy, values: &Values) -> Metrics {
    Metrics::of(&trace(strategy, values), values)
}

/// The metrics of these strategies (all, if none is named) of the lab `shared-workload`, with these changes
/// to its defaults.
pub fn core_lab(changes: &[(&str, f64)], strategies: &[&str]) -> Vec<(&'static Strategy, Metrics)> {
    let lab = lab("shared-workload");
    let values = lab.values_with(changes);
    let is_wanted = |one: &&Strategy| strategies.is_empty() || strategies.contains(&one.id);
    lab.strategies.iter().filter(is_wanted).map(|one| (one, metrics(one, &values))).collect()
}

/// A property test of `count` cases. Inputs that failed are kept next to the test and are tried first from
/// then on.
pub fn cases(count: u32) -> ProptestConfig {
    let persistence = FileFailurePersistence::WithSource("regressions");
    ProptestConfig {
        cases: count,
        failure_persistence: Some(Box::new(persistence)),
        ..ProptestConfig::default()
    }
}
