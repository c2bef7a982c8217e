//! The verdict says what the numbers say.

use loopscope::lab::Lab;
use loopscope::metrics::Metrics;
use loopscope::predict::predict;
use loopscope::runtime::event_loop::Conditions;
use loopscope::trace::Nanos;
use loopscope::verdict::{Claim, disturbance, verdict};

use crate::core_lab;

fn claims(changes: &[(&str, f64)]) -> Vec<String> {
    let metrics = core_lab(changes, &[]);
    let scored: Vec<_> = metrics.iter().map(|(strategy, metrics)| (*strategy, metrics)).collect();
    let told = verdict(&scored).into_iter().map(|claim| match claim {
        Claim::Fastest { strategy, baseline, .. } => format!("{} before {}", strategy.id, baseline.id),
        Claim::NoneFaster { .. } => "no difference".to_string(),
        Claim::Freezes { strategy, .. } => format!("{} freezes", strategy.id),
        Claim::Disturbed { strategy, .. } => format!("{} disturbed", strategy.id),
        Claim::Wrong { strategy, .. } => format!("{} is wrong", strategy.id),
        Claim::Stalled { strategy, .. } => format!("{} stalled", strategy.id),
    });
    told.collect()
}

#[test]
fn the_fastest_wins_and_among_equals_the_one_that_freezes_least() {
    assert_eq!(claims(&[]), ["yielding before blocking", "blocking freezes"]);
    assert_eq!(claims(&[("cpu_ms", 0.0)]), ["batched before blocking", "blocking freezes"]);
}

#[test]
fn where_nothing_differs_nothing_is_claimed() {
    assert_eq!(claims(&[("tasks", 1.0), ("cpu_ms", 1.0)]), ["no difference", "blocking freezes"]);
    assert_eq!(claims(&[("tasks", 10.0), ("cpu_ms", 1.0), ("latency_ms", 0.0)]), ["no difference"]);
}

#[test]
fn a_busy_machine_is_told() {
    let lab = Lab::find("shared-workload").unwrap();
    let values = lab.defaults();
    let strategy = lab.strategy("yielding").unwrap();
    let trace = predict(strategy, &values, Conditions::IDEAL).trace;
    let predicted = Metrics::of(&trace, &values);
    let measured = |factor: f64| Metrics { cpu: predicted.cpu.scaled(factor), ..predicted.clone() };
    let claim = |metrics: &Metrics| disturbance(std::iter::once((strategy, &predicted, metrics)));
    assert_eq!(claim(&measured(1.05)), None);
    assert_eq!(claim(&measured(2.0)), Some(Claim::Disturbed { strategy, speed: 0.5 }));
    assert_eq!(claim(&Metrics { cpu: Nanos::ZERO, ..predicted.clone() }), None);
}
