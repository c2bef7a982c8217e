//! Lab `shared-state`: which strategies count correctly, which lose updates, and which never end.

use engine::trace::{MarkKind, Name, Nanos, Outcome, Trace, Wait};
use lab::metrics::Metrics;
use lab::verdict::{Claim, verdict};
use lab::{Finding, FindingValue, Lab, Values};
use proptest::prelude::*;
use session::address::Place;
use session::plan::plan;
use session::predict;
use virtual_clock::Conditions;

fn lab() -> &'static Lab {
    &super::LAB
}

fn values(changes: &[(&str, f64)]) -> Values {
    let mut values = lab().defaults();
    for (key, number) in changes {
        values.set(key, *number);
    }
    values
}

fn run(strategy: &str, values: &Values, conditions: Conditions) -> (Trace, Metrics) {
    let trace = predict(lab().strategy(strategy).unwrap(), values, conditions).trace;
    let metrics = Metrics::of(&trace, values);
    (trace, metrics)
}

fn lost(metrics: &Metrics) -> i64 {
    match metrics.findings.iter().find(|one| one.key == "lost_updates") {
        Some(Finding { value: FindingValue::Part(lost, _), .. }) => *lost,
        other => panic!("{other:?}"),
    }
}

fn ms(milliseconds: u64) -> Nanos {
    Nanos(milliseconds * 1_000_000)
}

#[test]
fn in_step_each_round_of_writers_adds_one() {
    let values = values(&[("jitter_percent", 0.0)]); // 20 updates, 4 writers, 20 ms
    let metrics = |strategy| run(strategy, &values, Conditions::IDEAL).1;
    let hasty = metrics("read-await-write");
    assert_eq!((lost(&hasty), hasty.makespan), (15, ms(100)), "of 20 updates 5 remain: one a round");
    assert!(hasty.is_complete() && !hasty.is_correct());
    let expected = [
        Finding::new("expected_count", FindingValue::Count(20)),
        Finding::new("actual_count", FindingValue::Count(5)),
        Finding::fault("lost_updates", 15, 20),
    ];
    assert_eq!(hasty.findings, expected);
    for (strategy, makespan) in [("locked", 400), ("no-await-inside", 100), ("two-locks-ordered", 400)] {
        let metrics = metrics(strategy);
        assert_eq!((lost(&metrics), metrics.makespan), (0, ms(makespan)), "{strategy}");
        assert!(metrics.is_correct(), "{strategy}");
    }
}

#[test]
fn crossed_locks_end_as_stalled_and_name_the_circle() {
    let values = values(&[]);
    let (trace, metrics) = run("two-locks-crossed", &values, Conditions::IDEAL);
    assert_eq!(trace.outcome(), Some(Outcome::Stalled));
    let stall = metrics.stalled.clone().unwrap();
    let wait = |who, lock, holder| Wait {
        who: Name::new("writer", who),
        resource: Name::new("lock", lock),
        held_by: vec![Name::new("writer", holder)],
    };
    assert_eq!(stall.cycle.len(), 2);
    assert!(stall.cycle.contains(&wait(1, 2, 2)) && stall.cycle.contains(&wait(2, 1, 1)), "{stall:?}");
    assert_eq!(stall.others.len(), 2, "the other two wait for those");
    let told = metrics.stalled.as_ref().unwrap().to_string();
    assert!(told.starts_with("stalled: ") && told.contains("writer 1 waits for lock 2 (writer 2)"), "{told}");
    let (trace, metrics) = run("two-locks-crossed", &self::values(&[("writers", 1.0)]), Conditions::IDEAL);
    assert_eq!(trace.outcome(), Some(Outcome::Finished), "a single writer has nobody in its way");
    assert!(metrics.is_correct() && metrics.stalled.is_none());
}

#[test]
fn the_verdict_names_the_wrong_result_and_the_deadlock() {
    let values = values(&[]);
    let metrics: Vec<_> =
        lab().strategies.iter().map(|one| (one, run(one.id, &values, Conditions::IDEAL).1)).collect();
    let scored: Vec<_> = metrics.iter().map(|(strategy, metrics)| (*strategy, metrics)).collect();
    let claims = verdict(&scored);
    assert!(
        matches!(&claims[0], Claim::Fastest { strategy, baseline, .. }
            if strategy.id == "no-await-inside" && baseline.id == "locked"),
        "{claims:?}"
    );
    assert!(
        matches!(&claims[1], Claim::Wrong { strategy, is_fast: true, fault, .. }
            if strategy.id == "read-await-write" && fault.key == "lost_updates"),
        "{claims:?}"
    );
    assert!(
        matches!(&claims[2], Claim::Stalled { strategy, stall }
            if strategy.id == "two-locks-crossed" && stall.cycle.len() == 2),
        "{claims:?}"
    );
    assert_eq!(claims.len(), 3);
    assert!(plan(&scored, 1.0, false, Place::Page).is_ok());
}

proptest! {
    #![proptest_config(testing::cases(48))]

    #[test]
    fn correct_strategies_are_correct_with_every_seed(
        updates in 1..80u32, writers in 1..12u32, takes in 0..50u32, jitter in 0..=100u32, seed in any::<u32>(),
    ) {
        let values = values(&[
            ("updates", f64::from(updates)),
            ("writers", f64::from(writers)),
            ("await_ms", f64::from(takes)),
            ("jitter_percent", f64::from(jitter)),
            ("seed", f64::from(seed)),
        ]);
        for strategy in ["locked", "no-await-inside", "two-locks-ordered", "read-await-write"] {
            let (trace, metrics) = run(strategy, &values, Conditions::IDEAL);
            prop_assert_eq!(trace.outcome(), Some(Outcome::Finished));
            let mut done: Vec<_> = trace.marks_of(MarkKind::TaskCompleted).map(|mark| mark.task.0).collect();
            done.sort_unstable();
            prop_assert_eq!(done, (0..updates).collect::<Vec<_>>(), "each update ends once");
            prop_assert!(metrics.makespan >= metrics.lower_bound, "{}: {:?}", strategy, metrics);
            if strategy == "read-await-write" {
                prop_assert!((0..=i64::from(updates - 1)).contains(&lost(&metrics)));
                prop_assert!(writers > 1 || lost(&metrics) == 0);
            } else {
                prop_assert!(metrics.is_correct(), "{}", strategy);
            }
        }
        let (trace, metrics) = run("two-locks-crossed", &values, Conditions::IDEAL);
        let is_halted = trace.outcome() == Some(Outcome::Stalled);
        prop_assert_eq!(metrics.stalled.is_some_and(|stall| stall.cycle.len() == 2), is_halted);
        prop_assert_eq!(is_halted, writers > 1 && updates > 1);
    }

    /// Whatever the loop does to timers, the same seed loses the same updates.
    #[test]
    fn which_updates_are_lost_depends_on_the_seed_alone(seed in any::<u32>(), scale in 0.01..1.0f64) {
        let values = values(&[("seed", f64::from(seed)), ("updates", 60.0), ("writers", 7.0)]);
        let browser = Conditions { scale, has_timer_step: true, ..Conditions::IDEAL };
        let counts = |conditions| {
            let (trace, _) = run("read-await-write", &values, conditions);
            trace.samples().iter().map(|sample| sample.level).collect::<Vec<_>>()
        };
        prop_assert_eq!(counts(Conditions::IDEAL), counts(browser));
    }
}
