//! Golden files: what every strategy of every lab comes to, written down. Nothing may change them by accident.
//!
//! After a change that is meant: `UPDATE_EXPECT=1 cargo test golden`, and read the difference.

use std::fmt::Write;

use expect_test::expect_file;
use loopscope::app::state::{Browser, State};
use loopscope::i18n::Language;
use loopscope::lab::{CATALOGUE, Lab, Values};
use loopscope::metrics::Metrics;
use loopscope::predict::predict;
use loopscope::runtime::YieldWith;
use loopscope::runtime::costs::Costs;
use loopscope::runtime::event_loop::Conditions;
use loopscope::summary::chrome_trace;
use loopscope::trace::{Nanos, Trace};

/// Values at which a whole trace is short enough to be read.
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

/// Costs as a browser might have them.
const COSTS: Costs = Costs {
    spawn: Nanos(700),
    yields: [Some(Nanos(9_000)); YieldWith::ALL.len()],
    timer_lateness: Nanos(80_000),
    message: Nanos(20_000),
    worker_start: Nanos(40_000_000),
    parallel_slowdown: 1.3,
    ..Costs::NONE
};

/// The rules alone; what a faster run and whole milliseconds change about them; what the browser's costs add.
const CONDITIONS: [(&str, Conditions); 3] = [
    ("ideal", Conditions::IDEAL),
    ("scaled", Conditions { scale: 0.1, has_timer_step: true, cores: 2, ..Conditions::IDEAL }),
    ("costly", Conditions { costs: COSTS, cores: 2, ..Conditions::IDEAL }),
];

fn chrome(trace: &Trace) -> String {
    serde_json::to_string(&chrome_trace(std::iter::once((String::new(), trace)))).unwrap()
}

/// FNV-1a: tells two traces apart in one word.
fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Every strategy under every scenario: its end, a digest of its trace, and the lab's own numbers.
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

/// The whole trace of every strategy at small values, an event a line.
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

/// What other programs are told about a lab as it opens.
fn summary(lab: &'static Lab) -> String {
    let (language, kindest_yield) = (Language::English, YieldWith::ALL[0]);
    let browser = Browser { language, kindest_yield, has: [true; YieldWith::ALL.len()], cores: 4 };
    let state = State::new(&format!("lab={}", lab.id), browser);
    serde_json::to_string_pretty(&state.summary()).unwrap() + "\n"
}

#[test]
fn golden_files_hold() {
    for lab in CATALOGUE {
        let file = |what: &str| format!("{}/tests/golden/{}.{what}", env!("CARGO_MANIFEST_DIR"), lab.id);
        expect_file![file("numbers.txt")].assert_eq(&numbers(lab));
        expect_file![file("traces.txt")].assert_eq(&traces(lab));
        expect_file![file("summary.json")].assert_eq(&summary(lab));
    }
}
