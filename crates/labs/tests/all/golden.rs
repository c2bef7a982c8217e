//! Golden files: the results of every strategy of every lab. No change may alter them by accident.
//!
//! After an intended change, run `UPDATE_EXPECT=1 cargo test -p labs golden` and review the diff.

use std::fmt::Write;

use engine::YieldWith;
use engine::browser::Costs;
use engine::trace::{Nanos, Trace};
use expect_test::expect_file;
use lab::lint::lints;
use lab::metrics::Metrics;
use lab::{Lab, Values};
use labs::CATALOGUE;
use session::address::Address;
use session::chrome_trace::chrome_trace;
use session::predict;
use session::protocol::{ClockedLint, StrategySummary, Summary};
use virtual_clock::Conditions;

/// Values with which a whole trace is short enough to be read.
const SMALL: [(&str, f64); 8] = [
    ("tasks", 4.0),
    ("batch", 2.0),
    ("capacity", 2.0),
    ("in_flight", 3.0),
    ("dishes", 3.0),
    ("updates", 4.0),
    ("writers", 2.0),
    ("jitter_percent", 20.0),
];

/// Costs like those of a browser.
const COSTS: Costs = Costs {
    spawn: Nanos(700),
    yields: [Some(Nanos(9_000)); YieldWith::ALL.len()],
    timer_lateness: Nanos(80_000),
    message: Nanos(20_000),
    worker_start: Nanos(40_000_000),
    parallel_slowdown: 1.3,
    ..Costs::NONE
};

/// The rules alone; with a faster scale and timers of whole milliseconds; with what the event loop costs.
const CONDITIONS: [(&str, Conditions); 3] = [
    ("ideal", Conditions::IDEAL),
    ("scaled", Conditions { scale: 0.1, has_timer_step: true, cores: 2, ..Conditions::IDEAL }),
    ("costly", Conditions { costs: COSTS, cores: 2, ..Conditions::IDEAL }),
];

fn chrome(trace: &Trace) -> String {
    serde_json::to_string(&chrome_trace(std::iter::once((String::new(), trace)))).unwrap()
}

/// FNV-1a: tells traces apart by one number.
fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The makespan of every strategy under every scenario, a digest of its trace, and the lab's own numbers.
fn numbers(lab: &'static Lab) -> String {
    let mut text = String::new();
    let defaults = std::iter::once(("default", lab.defaults()));
    let scenarios = lab.scenarios.iter().map(|scenario| (scenario.id, lab.values_of(scenario)));
    for (scenario, values) in defaults.chain(scenarios) {
        for (name, conditions) in CONDITIONS {
            for strategy in lab.strategies {
                let run = predict(strategy, &values, conditions);
                let metrics = Metrics::of(&run.trace, &values);
                let end = metrics.makespan.0;
                let trace = digest(&chrome(&run.trace));
                write!(text, "{scenario} {name} {}: {end} ns, trace {trace:016x}", strategy.id).unwrap();
                for finding in &metrics.findings {
                    write!(text, ", {} {:?}", finding.key, finding.value).unwrap();
                    text.push_str(if finding.is_fault { " (fault)" } else { "" });
                }
                text.push('\n');
            }
        }
    }
    text
}

/// The whole trace of every strategy at small values, one event on each line.
fn traces(lab: &'static Lab) -> String {
    let mut values: Values = lab.defaults();
    SMALL.iter().for_each(|(key, number)| values.set(key, *number));
    let mut text = String::new();
    for strategy in lab.strategies {
        let trace = predict(strategy, &values, Conditions::IDEAL).trace;
        let lines = chrome(&trace).replace("},{", "},\n{");
        writeln!(text, "{}\n{lines}", strategy.id).unwrap();
    }
    text
}

/// The summary of a lab at its defaults, as other programs get it.
fn summary(lab: &'static Lab) -> String {
    let address = Address::of(lab);
    let rows = lab.strategies.iter().map(|strategy| {
        // Like the page's predictions: browsers cut timers to whole milliseconds.
        let conditions = Conditions { has_timer_step: true, cores: 4, ..Conditions::IDEAL };
        let trace = predict(strategy, &address.values, conditions).trace;
        let metrics = Metrics::of(&trace, &address.values);
        let lints = lints(strategy, &trace, &metrics, &address.values, None);
        let lints = lints.into_iter().map(|lint| ClockedLint { clock: "predicted", lint }).collect();
        StrategySummary::new(strategy, &metrics, None, lints)
    });
    serde_json::to_string_pretty(&Summary::new(&address, None, rows)).unwrap() + "\n"
}

#[test]
fn golden_files_hold() {
    for lab in CATALOGUE {
        let folder = format!("{}/src/{}/golden", env!("CARGO_MANIFEST_DIR"), lab.id.replace('-', "_"));
        expect_file![format!("{folder}/numbers.txt")].assert_eq(&numbers(lab));
        expect_file![format!("{folder}/traces.txt")].assert_eq(&traces(lab));
        expect_file![format!("{folder}/summary.json")].assert_eq(&summary(lab));
    }
}
