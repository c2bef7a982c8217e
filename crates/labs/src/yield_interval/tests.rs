//! Lab `yield-interval`: long slices make input wait, and expensive yields make the whole run take longer.

use engine::YieldWith;
use engine::trace::{Nanos, Outcome};
use lab::FindingValue;
use lab::metrics::Metrics;
use proptest::prelude::*;
use session::predict;
use virtual_clock::Conditions;

const MS: u64 = 1_000_000;

/// When the computing was over, the input delay (95th percentile and maximum), and the number of yields.
#[derive(Clone, Copy, Debug)]
struct Numbers {
    total: Nanos,
    p95: Nanos,
    max: Nanos,
    yields: usize,
}

fn run(strategy: &str, changes: &[(&str, f64)]) -> Numbers {
    let lab = &super::LAB;
    let mut values = lab.defaults();
    for (key, number) in changes {
        values.set(key, *number);
    }
    let trace = predict(lab.strategy(strategy).unwrap(), &values, Conditions::IDEAL).trace;
    let metrics = Metrics::of(&trace, &values);
    assert_eq!(trace.outcome(), Some(Outcome::Finished), "{strategy}");
    assert!(metrics.is_complete() && metrics.makespan >= metrics.lower_bound, "{strategy}: {metrics:?}");
    let time = |key: &str| match metrics.findings.iter().find(|one| one.key == key).map(|one| &one.value) {
        Some(FindingValue::Time(time)) => *time,
        None => Nanos::ZERO, // no input at all
        other => panic!("{key} is {other:?}"),
    };
    Numbers {
        total: time("computed_after_ms"),
        p95: time("input_delay_p95_ms"),
        max: time("input_delay_max_ms"),
        yields: metrics.yields,
    }
}

/// From the rarest yield to the most frequent.
const FIXED: [(&str, u64); 6] = [
    ("every-100-ms", 100),
    ("every-50-ms", 50),
    ("every-16-ms", 16),
    ("every-5-ms", 5),
    ("every-1-ms", 1),
    ("every-task", 1),
];

fn timeout() -> f64 {
    let lab = &super::LAB;
    lab.values_of(lab.scenario("timeout").unwrap()).get("yield_with")
}

#[test]
fn scenarios_name_the_ways_to_yield_that_they_mean() {
    assert_eq!(YieldWith::ALL[timeout() as usize - 1], YieldWith::Timeout);
}

#[test]
fn input_waits_for_the_slice_and_for_nothing_else() {
    for (strategy, slice) in FIXED {
        let numbers = run(strategy, &[]);
        assert!(numbers.max <= Nanos(slice * MS), "{strategy}: {numbers:?}");
        assert!(numbers.p95 >= Nanos(slice * MS / 2), "{strategy}: {numbers:?}");
        assert_eq!(numbers.total, Nanos(600 * MS), "{strategy}: yields that cost nothing");
    }
}

#[test]
fn without_yields_input_waits_until_the_end() {
    let numbers = run("never", &[]);
    assert!(numbers.max > Nanos(580 * MS) && numbers.p95 > Nanos(540 * MS), "{numbers:?}");
    assert_eq!(numbers.yields, 0);
    for (strategy, _) in FIXED {
        assert!(run(strategy, &[]).p95 < numbers.p95, "{strategy}");
    }
}

#[test]
fn with_expensive_yields_a_longer_interval_saves_time() {
    let with_timeout = [("yield_with", timeout())];
    let numbers = FIXED.map(|(strategy, _)| run(strategy, &with_timeout));
    for pair in numbers.windows(2) {
        let [rarer, oftener] = pair else { unreachable!() };
        assert!(rarer.total <= oftener.total && rarer.p95 >= oftener.p95, "{numbers:?}");
    }
    let [_, every_50_ms, _, every_5_ms, _, every_task] = numbers;
    assert!(every_task.total > Nanos(2_900 * MS), "five milliseconds for a task of one");
    assert!(every_5_ms.total > Nanos(1_000 * MS) && every_5_ms.total < Nanos(1_100 * MS));
    assert!(every_50_ms.total < Nanos(660 * MS), "the book's interval costs less than 10 %");
}

#[test]
fn adaptive_answers_as_fast_as_every_task_with_few_yields() {
    let with_timeout = [("yield_with", timeout()), ("input_every_ms", 100.0)];
    let [adaptive, every_task, every_50_ms] =
        ["adaptive", "every-task", "every-50-ms"].map(|strategy| run(strategy, &with_timeout));
    assert!(adaptive.max <= Nanos(MS), "{adaptive:?}");
    assert!(adaptive.yields < every_task.yields / 20, "{adaptive:?}");
    assert!(adaptive.total <= every_50_ms.total + Nanos(40 * MS), "{adaptive:?} {every_50_ms:?}");
    assert!(adaptive.p95 < every_50_ms.p95);
}

proptest! {
    #![proptest_config(testing::cases(32))]

    /// With the kindest yield, no input waits for longer than a slice and the task that ends it.
    #[test]
    fn no_input_waits_for_longer_than_a_slice(
        tasks in 1..200u32, cpu in 1..40u64, every in 1..200u32, seed in any::<u32>(),
    ) {
        let changes = [
            ("tasks", f64::from(tasks)),
            ("cpu_ms", cpu as f64),
            ("input_every_ms", f64::from(every)),
            ("seed", f64::from(seed)),
        ];
        for (strategy, slice) in FIXED {
            let longest = slice.div_ceil(cpu) * cpu;
            prop_assert!(run(strategy, &changes).max <= Nanos(longest * MS), "{}", strategy);
        }
        prop_assert!(run("adaptive", &changes).max <= Nanos(cpu * MS));
    }
}
