//! What the labs promise on any clock.

use engine::trace::{MarkKind, Nanos, Outcome, Trace};
use lab::metrics::Metrics;
use lab::{Finding, FindingValue, Need};
use session::predict;
use virtual_clock::Conditions;

use super::{MS, TestClock, assert_time};

/// Every strategy in the catalogue ends as its prediction does, with as many tasks completed and with the
/// same kinds of findings. How long it takes is another matter.
pub async fn every_strategy_ends_as_predicted<C: TestClock>() {
    for lab in labs::CATALOGUE {
        let values = lab.values_with(lab.quick);
        for strategy in lab.strategies.iter().filter(|one| can_run::<C>(one.needs)) {
            let observed = C::run(|rt| (strategy.start)(&rt, &values)).await;
            let conditions = Conditions { has_timer_step: !C::IS_EXACT, ..Conditions::IDEAL };
            let predicted = predict(strategy, &values, conditions).trace;
            let told = |trace: &Trace| {
                let metrics = Metrics::of(trace, &values);
                let findings = metrics.findings.iter().map(|one| (one.key, one.is_fault)).collect::<Vec<_>>();
                (trace.outcome(), metrics.completed, metrics.failed, metrics.unfinished, findings)
            };
            assert_eq!(told(&observed), told(&predicted), "{strategy:?} of {}", lab.id);
        }
    }
}

/// Whether this clock offers what a strategy needs. Threads have to load the page's program, so the page
/// tests run them.
fn can_run<C: TestClock>(need: Need) -> bool {
    match need {
        Need::Yield(with) => C::has(with),
        Need::Workers(_) => C::IS_EXACT,
        Need::Nothing | Need::ChosenYield => true,
    }
}

/// Every program prints its numbers in the order that the model predicts.
pub async fn every_program_prints_in_the_predicted_order<C: TestClock>() {
    let lab = labs::find("event-loop-order").unwrap();
    let values = lab.defaults();
    for program in lab.strategies.iter().filter(|one| can_run::<C>(one.needs)) {
        let conditions = Conditions { has_timer_step: true, ..Conditions::IDEAL };
        let predicted = predict(program, &values, conditions).trace;
        let observed = C::run(|rt| (program.start)(&rt, &values)).await;
        let order = |trace: &Trace| (lab.findings)(&values, trace);
        assert_eq!(order(&observed), order(&predicted), "{}", program.id);
    }
}

/// Which ways to yield starve the rest of the page, and which do not.
pub async fn each_way_to_yield_lets_through_what_the_model_says<C: TestClock>() {
    let lab = labs::find("yield-primitives").unwrap();
    let mut values = lab.defaults();
    for (key, number) in [("tasks", 80.0), ("fetch_ms", 30.0)] {
        values.set(key, number);
    }
    let starving = ["microtask", "no-yield", "scheduler-yield", "post-task-user-blocking"];
    for strategy in lab.strategies.iter().filter(|one| can_run::<C>(one.needs)) {
        let trace = C::run(|rt| (strategy.start)(&rt, &values)).await;
        assert_eq!(trace.outcome(), Some(Outcome::Finished), "{}", strategy.id);
        let found = (lab.findings)(&values, &trace);
        let count = |key: &str| match found.iter().find(|one| one.key == key).map(|one| &one.value) {
            Some(FindingValue::Count(count)) => *count,
            other => panic!("{}: {key} is {other:?}", strategy.id),
        };
        let company = ["timers", "messages", "responses"].map(count);
        if starving.contains(&strategy.id) {
            assert_eq!(company, [0; 3], "{}: {found:?}", strategy.id);
        } else {
            // The other thread may still have been starting while the first messages were due.
            assert!(company[0] >= 5 && company[2] == 5, "{}: {found:?}", strategy.id);
            assert!(company[1] >= if C::IS_EXACT { 6 } else { 1 }, "{}: {found:?}", strategy.id);
        }
    }
}

/// Input waits for the turn to end, so a strategy that seldom yields makes it wait.
pub async fn input_waits_for_the_end_of_a_slice<C: TestClock>() {
    let lab = labs::find("yield-interval").unwrap();
    let mut values = lab.defaults();
    values.set("tasks", 200.0);
    let mut delays = Vec::new();
    for id in ["never", "every-50-ms", "every-task", "adaptive"] {
        let trace = C::run(|rt| (lab.strategy(id).unwrap().start)(&rt, &values)).await;
        assert_eq!(trace.outcome(), Some(Outcome::Finished), "{id}");
        let found = (lab.findings)(&values, &trace);
        let is_median = |one: &&Finding| one.key == "input_delay_p50_ms";
        match found.iter().find(is_median).map(|one| &one.value) {
            Some(FindingValue::Time(delay)) => delays.push(*delay),
            other => panic!("{id}: {other:?}"),
        }
    }
    let [never, every_50_ms, every_task, adaptive] = delays[..] else { unreachable!() };
    assert!(never > every_50_ms && every_50_ms > every_task && every_50_ms > adaptive, "{delays:?}");
    if C::IS_EXACT {
        assert!(every_task <= Nanos(MS) && adaptive <= Nanos(MS), "{delays:?}");
    }
}

pub async fn every_strategy_does_all_its_work<C: TestClock>() {
    let lab = labs::find("shared-workload").unwrap();
    let mut values = lab.defaults();
    for (key, number) in
        [("tasks", 12.0), ("cpu_ms", 2.0), ("latency_ms", 20.0), ("batch", 5.0), ("capacity", 4.0)]
    {
        values.set(key, number);
    }
    let mut makespans = Vec::new();
    // A busy machine slows single runs down, so the quickest of three counts.
    let rounds = if C::IS_EXACT { 1 } else { 3 };
    let strategies = lab.strategies.iter().filter(|one| can_run::<C>(one.needs));
    for strategy in strategies.clone().cycle().take(rounds * strategies.count()) {
        let trace = C::run(|rt| (strategy.start)(&rt, &values)).await;
        let metrics = Metrics::of(&trace, &values);
        assert_eq!(trace.outcome(), Some(Outcome::Finished), "{}", strategy.id);
        assert_eq!(trace.marks_of(MarkKind::TaskCompleted).count(), 12, "{}", strategy.id);
        assert!(metrics.is_complete(), "{}", strategy.id);
        assert!(metrics.makespan + Nanos(MS / 10) >= metrics.lower_bound, "{}: {metrics:?}", strategy.id);
        makespans.push((strategy.id, metrics.makespan));
    }
    let makespan = |wanted: &str| {
        makespans.iter().filter(|(id, _)| *id == wanted).map(|(_, makespan)| *makespan).min().unwrap()
    };
    assert!(makespan("yielding") < makespan("batched"), "{makespans:?}");
    assert!(makespan("batched") < makespan("blocking"), "{makespans:?}");
    assert!(makespan("no-io") < makespan("yielding"), "{makespans:?}");
}

/// The random numbers are portable, so these makespans may never change, natively or in wasm. (They are
/// predictions: they depend on the machine's arithmetic, not on the clock under test.)
pub async fn a_seeded_run_is_the_same_everywhere<C: TestClock>() {
    let lab = labs::find("shared-workload").unwrap();
    let mut values = lab.defaults();
    values.set("jitter_percent", 50.0);
    let ends: Vec<u64> =
        lab.strategies.iter().map(|one| predict(one, &values, Conditions::IDEAL).trace.end().0).collect();
    let expected = [
        6_857_098_428,
        6_857_098_428,
        1_096_292_812,
        1_096_292_812,
        1_096_292_812,
        1_060_888_085,
        370_279_618,
        948_085_941,
    ];
    assert_eq!(ends, expected);
}

pub async fn a_deadlock_names_its_circle<C: TestClock>() {
    let lab = labs::find("shared-state").unwrap();
    let values = lab.defaults();
    let trace = C::run(|rt| (lab.strategy("two-locks-crossed").unwrap().start)(&rt, &values)).await;
    assert_eq!(trace.outcome(), Some(Outcome::Stalled));
    let stall = Metrics::of(&trace, &values).stalled.unwrap();
    let circle: Vec<_> = stall
        .cycle
        .iter()
        .map(|wait| (wait.who.number, wait.resource.number, wait.held_by[0].number))
        .collect();
    assert!(circle == [(1, 2, 2), (2, 1, 1)] || circle == [(2, 1, 1), (1, 2, 2)], "{stall:?}");
    assert_eq!(stall.others.len(), 2, "the other two writers wait for those: {stall:?}");
}

pub async fn the_same_updates_are_lost_for_the_same_seed<C: TestClock>() {
    let lab = labs::find("shared-state").unwrap();
    let mut values = lab.defaults();
    for (key, number) in [("updates", 40.0), ("writers", 7.0), ("await_ms", 12.0), ("jitter_percent", 80.0)] {
        values.set(key, number);
    }
    for seed in [1.0, 2.0, 3.0] {
        values.set("seed", seed);
        for strategy in ["read-await-write", "no-await-inside"].map(|id| lab.strategy(id).unwrap()) {
            let levels = |trace: &Trace| trace.samples().iter().map(|one| one.level).collect::<Vec<_>>();
            let trace = C::run(|rt| (strategy.start)(&rt, &values)).await;
            let predicted = predict(strategy, &values, Conditions::IDEAL).trace;
            assert_eq!(levels(&trace), levels(&predicted), "{}", strategy.id);
            let metrics = Metrics::of(&trace, &values);
            assert!(metrics.is_complete(), "{}", strategy.id);
            assert_eq!(metrics.is_correct(), strategy.id != "read-await-write", "{metrics:?}");
        }
    }
}

pub async fn dishes_go_at_the_pace_of_the_slower_stage<C: TestClock>() {
    let lab = labs::find("dishes").unwrap();
    let mut values = lab.defaults();
    let (n, w, d) = (5, 10, 20);
    for (key, number) in [("dishes", n), ("wash_ms", w), ("dry_ms", d)] {
        values.set(key, number as f64);
    }
    let pipeline = w + (n - 1) * w.max(d) + d;
    let expected = [n * (w + d), pipeline, pipeline, n * w + d];
    let mut makespans = Vec::new();
    for (strategy, expected) in lab.strategies.iter().zip(expected) {
        let trace = C::run(|rt| (strategy.start)(&rt, &values)).await;
        let metrics = Metrics::of(&trace, &values);
        assert!(metrics.is_correct(), "{}", strategy.id);
        assert_time::<C>(metrics.makespan, Nanos(expected * MS), strategy.id);
        let share = |key: &str| match metrics.findings.iter().find(|one| one.key == key)?.value {
            FindingValue::Share(share) => Some(share),
            _ => None,
        };
        assert!(share("washers_busy").is_some_and(|share| share > 0.2), "{metrics:?}");
        makespans.push(metrics.makespan);
    }
    assert!(makespans[2] < makespans[0] && makespans[3] < makespans[2], "{makespans:?}");
}
