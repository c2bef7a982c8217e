//! No live run freezes the page for long, and a run takes about three seconds by default.

use engine::trace::Nanos;
use session::address::Place;
use session::plan::{LONGEST_FREEZE, Plan, Refusal, plan, round_scale};
use testing::core_lab;

fn plan_of(changes: &[(&str, f64)], strategies: &[&str], scale: Option<f64>) -> Result<Plan, Refusal> {
    let metrics = core_lab(changes, strategies);
    let scored: Vec<_> = metrics.iter().map(|(strategy, metrics)| (*strategy, metrics)).collect();
    plan(&scored, scale, Place::Page)
}

#[test]
fn by_default_the_slowest_takes_about_three_seconds() {
    for changes in [&[][..], &[("tasks", 600.0)], &[("tasks", 1_000.0), ("latency_ms", 1_000.0)]] {
        let plan = plan_of(changes, &["blocking", "yielding"], None).unwrap();
        let (_, freeze) = plan.freeze.unwrap();
        assert!(
            (Nanos::from_ms(1_500.0)..=Nanos::from_ms(4_000.0)).contains(&freeze),
            "{changes:?}: {plan:?}"
        );
    }
    assert_eq!(plan_of(&[("tasks", 2.0)], &[], None).unwrap().scale, 1.0, "never slower than the lab's time");
}

#[test]
fn an_hour_of_freeze_is_refused_with_a_way_out() {
    for scale in [Some(1.0), None] {
        let refusal = plan_of(&[("tasks", 100_000.0)], &["blocking"], scale).unwrap_err();
        let Refusal::Freeze { strategy, freeze, suggested_scale, suggested_share } = refusal else {
            panic!("{refusal:?}")
        };
        assert_eq!(strategy.id, "blocking");
        assert!(freeze > LONGEST_FREEZE);
        let tasks = (100_000.0 * suggested_share.unwrap_or(1.0)).floor();
        let way_out = plan_of(&[("tasks", tasks)], &["blocking"], Some(suggested_scale)).unwrap();
        assert!(way_out.freeze.unwrap().1 <= LONGEST_FREEZE, "{way_out:?}");
    }
}

/// What a refusal suggests is never refused itself.
#[test]
fn what_a_refusal_suggests_is_accepted() {
    for strategy in testing::lab("shared-workload").strategies {
        for (tasks, cpu, latency, capacity) in
            [(1_000, 200, 1, 100), (10_000, 160, 1_000, 100), (1_000, 0, 1_000, 1)]
        {
            for scale in [None, Some(1.0), Some(0.01), Some(0.0001)] {
                let with = |tasks: f64, scale| {
                    let values = [
                        ("tasks", tasks),
                        ("cpu_ms", f64::from(cpu)),
                        ("latency_ms", f64::from(latency)),
                        ("capacity", f64::from(capacity)),
                    ];
                    plan_of(&values, &[strategy.id], scale)
                };
                let way_out = match with(f64::from(tasks), scale) {
                    Ok(_) => continue,
                    Err(Refusal::TooCoarse { suggested_scale, .. }) => {
                        with(f64::from(tasks), Some(suggested_scale))
                    }
                    Err(Refusal::Freeze { suggested_scale, suggested_share, .. }) => {
                        let tasks = (f64::from(tasks) * suggested_share.unwrap_or(1.0)).floor();
                        with(tasks, Some(suggested_scale))
                    }
                };
                let leads_out = match &way_out {
                    // Where the computing alone would take too long, the next suggestion leads on.
                    Err(Refusal::Freeze { .. }) => scale == Some(0.0001) || scale == Some(0.01),
                    other => other.is_ok(),
                };
                assert!(
                    leads_out,
                    "{} {tasks} {cpu} {latency} {capacity} {scale:?}: {way_out:?}",
                    strategy.id
                );
            }
        }
    }
}

#[test]
fn a_scale_too_small_for_timers_is_refused_with_a_way_out() {
    let refusal = plan_of(&[], &["yielding"], Some(0.001)).unwrap_err();
    let Refusal::TooCoarse { suggested_scale, .. } = refusal else { panic!("{refusal:?}") };
    assert!(plan_of(&[], &["yielding"], Some(suggested_scale)).is_ok());
    assert!(plan_of(&[("latency_ms", 0.0)], &["yielding"], Some(0.001)).is_ok(), "nothing to wait for");
}

#[test]
fn scales_are_round() {
    for (exact, round) in [(5.0, 1.0), (1.0, 1.0), (0.43, 0.5), (0.3, 0.2), (0.043, 0.05), (0.0003, 0.0002)] {
        assert!((round_scale(exact) - round).abs() < 1e-12, "{exact}: {}", round_scale(exact));
    }
}
