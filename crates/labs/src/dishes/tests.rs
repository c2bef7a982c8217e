//! Lab `dishes`: without overhead, the formulas of a pipeline hold exactly.

use engine::trace::{MarkKind, Nanos, Outcome, SpanKind, Trace};
use lab::metrics::Metrics;
use lab::{FindingValue, Lab, Values};
use proptest::prelude::*;
use session::predict;
use virtual_clock::Conditions;

fn lab() -> &'static Lab {
    &super::LAB
}

fn values(changes: &[(&str, u64)]) -> Values {
    let mut values = lab().defaults();
    for (key, number) in changes {
        values.set(key, *number as f64);
    }
    values
}

fn run(strategy: &str, values: &Values) -> (Trace, Metrics) {
    let trace = predict(lab().strategy(strategy).unwrap(), values, Conditions::IDEAL).trace;
    let metrics = Metrics::of(&trace, values);
    (trace, metrics)
}

fn ms(milliseconds: u64) -> Nanos {
    Nanos(milliseconds * 1_000_000)
}

fn share(metrics: &Metrics, key: &str) -> f64 {
    match metrics.findings.iter().find(|one| one.key == key).map(|one| &one.value) {
        Some(FindingValue::Share(share)) => *share,
        other => panic!("{key}: {other:?}"),
    }
}

#[test]
fn four_dishes() {
    let values = values(&[]); // 4 dishes, 2 s to wash, 4 s to dry, two dryers where there can be several
    let makespans = lab().strategies.iter().map(|one| run(one.id, &values).1.makespan).collect::<Vec<_>>();
    assert_eq!(makespans, [24_000, 18_000, 18_000, 12_000].map(ms));
}

#[test]
fn two_dryers_of_4_s_keep_up_with_one_washer_of_2_s() {
    let values = values(&[("dishes", 50)]);
    let (trace, metrics) = run("more-dryers", &values);
    assert_eq!(metrics.makespan, ms(50 * 2_000 + 4_000), "the washer sets the pace");
    let most = trace.samples().iter().map(|sample| sample.level).max();
    assert_eq!(most, Some(1), "no dish stays on the rack");
    assert_eq!(share(&metrics, "washers_busy"), 100.0 / 104.0);
    assert_eq!(share(&metrics, "dryers_busy"), 200.0 / 208.0);
    let three = self::values(&[("dishes", 50), ("dryers", 3)]);
    assert_eq!(run("more-dryers", &three).1.makespan, metrics.makespan, "a third one would only wait");
}

#[test]
fn the_faster_one_waits() {
    let waiting = |strategy: &str, changes: &[(&str, u64)]| {
        let (trace, _) = run(strategy, &values(changes));
        let waited = |key: &str| -> Nanos {
            let (lane, _) = trace.lanes().find(|(_, name)| name.key == key).unwrap();
            trace.spans_of(SpanKind::Waiting).filter(|one| one.lane == lane).map(|one| one.duration()).sum()
        };
        (waited("washer"), waited("dryer"))
    };
    // Hand to hand, the washer waits with every dish but the first, and the dryer only for the first.
    assert_eq!(waiting("hand-to-hand", &[]), (ms(3 * 2_000), ms(2_000)));
    assert_eq!(waiting("rack", &[]), (ms(0), ms(2_000)), "all four fit on the rack");
    let slow_washer = [("wash_ms", 4_000), ("dry_ms", 2_000)];
    assert_eq!(waiting("rack", &slow_washer), (ms(0), ms(4_000 + 3 * 2_000)));
}

#[test]
fn a_rack_pays_where_dishes_differ() {
    let uneven = lab().values_of(lab().scenario("uneven").unwrap());
    assert!(run("rack", &uneven).1.makespan < run("hand-to-hand", &uneven).1.makespan);
}

proptest! {
    #![proptest_config(testing::cases(96))]

    #[test]
    fn the_slower_stage_sets_the_pace(n in 1..60u64, w in 0..5_000u64, d in 0..5_000u64, rack in 1..20u64) {
        let values = values(&[("dishes", n), ("wash_ms", w), ("dry_ms", d), ("rack", rack)]);
        let makespan = |strategy: &str| run(strategy, &values).1.makespan;
        prop_assert_eq!(makespan("alone"), ms(n * (w + d)));
        prop_assert_eq!(makespan("rack"), ms(w + (n - 1) * w.max(d) + d));
        prop_assert_eq!(makespan("hand-to-hand"), ms(w + (n - 1) * w.max(d) + d));
    }

    #[test]
    fn every_dish_is_washed_then_dried_and_the_rack_never_overflows(
        n in 1..60u64, w in 0..50u64, d in 0..50u64, rack in 1..8u64,
        washers in 1..5u64, dryers in 1..5u64, jitter in 0..=100u64, seed in any::<u32>(),
    ) {
        let values = values(&[
            ("dishes", n), ("wash_ms", w), ("dry_ms", d), ("rack", rack), ("washers", washers),
            ("dryers", dryers), ("jitter_percent", jitter), ("seed", u64::from(seed)),
        ]);
        for strategy in lab().strategies {
            let (trace, metrics) = run(strategy.id, &values);
            prop_assert_eq!(trace.outcome(), Some(Outcome::Finished));
            let mut done: Vec<_> =
                trace.marks_of(MarkKind::TaskCompleted).map(|mark| u64::from(mark.task.0)).collect();
            done.sort_unstable();
            prop_assert_eq!(done, (0..n).collect::<Vec<_>>());
            let mut work: Vec<_> =
                trace.spans_of(SpanKind::Work).map(|span| (span.task, span.start, span.end)).collect();
            work.sort_unstable();
            prop_assert_eq!(work.len() as u64, 2 * n);
            prop_assert!(work.chunks(2).all(|pair| pair[0].0 == pair[1].0 && pair[0].2 <= pair[1].1));
            prop_assert!(trace.samples().iter().all(|sample| (0..=rack as i64).contains(&sample.level)));
            prop_assert!(metrics.makespan >= metrics.lower_bound, "{}: {:?}", strategy.id, metrics);
            for finding in &metrics.findings {
                if let FindingValue::Share(share) = finding.value {
                    prop_assert!((0.0..=1.0).contains(&share));
                }
            }
        }
    }
}
