//! The Python twins, run by CPython: each takes as long as is predicted for its strategy.
//!
//! In a binary of its own, so that no other test runs at the same time.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;
use std::process::Command;

use lab::{Lab, Twin};
use labs::CATALOGUE;

/// How far a twin's time may be off, as a fraction of the prediction.
const TOLERANCE: f64 = 0.1;

/// On a busy machine, one good run out of this many is enough.
const ATTEMPTS: usize = 6;

/// What a twin prints: lines of `name=value`, without a makespan if it came to a halt.
fn told(lab: &str, strategy: &str, values: &[(&str, f64)]) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("run_twin.py");
    let values = values.iter().map(|(key, value)| format!("{key}={value}"));
    let output =
        Command::new("python3").arg("-B").arg(script).arg(format!("{lab}/{strategy}")).args(values).output();
    let output = output.expect("the twins are run by Python 3, as python3 on PATH");
    assert!(output.status.success(), "{lab}/{strategy}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A number that a twin printed, by name.
fn number(told: &str, name: &str) -> Option<f64> {
    told.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

fn check(lab: &'static Lab) {
    let values = lab.values_with(lab.quick);
    let all: Vec<_> = values.iter().map(|(param, value)| (param.key, value)).collect();
    for strategy in lab.strategies.iter().filter(|one| one.twins.contains(&Twin::Python)) {
        let predicted = testing::metrics(strategy, &values);
        let (mut told_last, mut is_twin) = (String::new(), false);
        for _ in 0..ATTEMPTS {
            told_last = told(lab.id, strategy.id, &all);
            is_twin = match number(&told_last, "makespan_ms") {
                None => predicted.stalled.is_some(),
                Some(took) => (took / predicted.makespan.as_ms() - 1.0).abs() <= TOLERANCE,
            };
            if is_twin {
                break;
            }
        }
        assert!(is_twin, "{strategy:?}: predicted {} ms, {told_last}", predicted.makespan.as_ms());
        let is_lossless = number(&told_last, "lost_updates").is_none_or(|lost| lost == 0.0);
        assert!(is_lossless || predicted.fault().is_some(), "{strategy:?}: {told_last}");
    }
}

/// One after another: several at once would slow each other down.
#[test]
fn python_takes_as_long_as_predicted() {
    CATALOGUE.into_iter().for_each(check);
}
