//! The verdict claims what the metrics show, and no more.

use lab::Strategy;
use lab::metrics::Metrics;
use lab::verdict::{Claim, verdict};
use testing::core_lab;

fn claims(changes: &[(&str, f64)]) -> Vec<String> {
    let metrics = core_lab(changes, &[]);
    let scored: Vec<_> = metrics.iter().map(|(strategy, metrics)| (*strategy, metrics)).collect();
    let told = verdict(&scored).into_iter().map(|claim| match claim {
        Claim::Fastest { strategy, baseline, .. } => format!("{} before {}", strategy.id, baseline.id),
        Claim::NoneFaster { .. } => "no difference".to_string(),
        Claim::Freezes { strategy, .. } => format!("{} freezes", strategy.id),
        Claim::Wrong { strategy, .. } => format!("{} is wrong", strategy.id),
        Claim::Orders { count, .. } => format!("{count} programs"),
        Claim::Stalled { strategy, .. } => format!("{} stalled", strategy.id),
    });
    told.collect()
}

#[test]
fn the_fastest_wins_and_among_equals_the_one_that_blocks_least() {
    assert_eq!(claims(&[]), ["workers before blocking", "blocking freezes"]);
    assert_eq!(claims(&[("cpu_ms", 0.0)]), ["batched before blocking", "blocking freezes"]);
}

#[test]
fn equally_fast_strategies_are_named() {
    let metrics = core_lab(&[("cpu_ms", 0.0)], &[]);
    let scored: Vec<_> = metrics.iter().map(|(strategy, metrics)| (*strategy, metrics)).collect();
    let claims = verdict(&scored);
    let Claim::Fastest { strategy, makespan, equals, .. } = &claims[0] else { panic!("{claims:?}") };
    let as_fast = |other: &&(&'static Strategy, &Metrics)| {
        other.0 != *strategy && other.1.makespan.0 as f64 <= makespan.0 as f64 * 1.01
    };
    let found: Vec<_> =
        scored.iter().filter(|one| !one.0.is_bound).filter(as_fast).map(|(one, _)| *one).collect();
    assert!(!found.is_empty());
    assert_eq!(*equals, found);
}

#[test]
fn equal_makespans_give_no_fastest_strategy() {
    assert_eq!(claims(&[("tasks", 1.0), ("cpu_ms", 1.0)]), ["no difference", "blocking freezes"]);
    assert_eq!(
        claims(&[("tasks", 10.0), ("cpu_ms", 1.0), ("latency_ms", 0.0), ("workers", 1.0)]),
        ["no difference"]
    );
}
