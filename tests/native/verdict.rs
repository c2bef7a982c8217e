//! The verdict says what the numbers say.

use loopscope::verdict::{Claim, verdict};

use crate::core_lab;

fn claims(changes: &[(&str, f64)]) -> Vec<String> {
    let metrics = core_lab(changes, &[]);
    let scored: Vec<_> = metrics.iter().map(|(strategy, metrics)| (*strategy, metrics)).collect();
    let told = verdict(&scored).into_iter().map(|claim| match claim {
        Claim::Fastest { strategy, baseline, .. } => format!("{} before {}", strategy.id, baseline.id),
        Claim::NoneFaster { .. } => "no difference".to_string(),
        Claim::Freezes { strategy, .. } => format!("{} freezes", strategy.id),
        Claim::Wrong { strategy, .. } => format!("{} is wrong", strategy.id),
        Claim::Stalled { strategy, .. } => format!("{} stalled", strategy.id),
    });
    told.collect()
}

#[test]
fn the_fastest_wins_and_among_equals_the_one_that_freezes_least() {
    assert_eq!(claims(&[]), ["workers before blocking", "blocking freezes"]);
    assert_eq!(claims(&[("cpu_ms", 0.0)]), ["batched before blocking", "blocking freezes"]);
}

#[test]
fn where_nothing_differs_nothing_is_claimed() {
    assert_eq!(claims(&[("tasks", 1.0), ("cpu_ms", 1.0)]), ["no difference", "blocking freezes"]);
    assert_eq!(
        claims(&[("tasks", 10.0), ("cpu_ms", 1.0), ("latency_ms", 0.0), ("workers", 1.0)]),
        ["no difference"]
    );
}
