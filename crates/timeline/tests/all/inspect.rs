//! The loop inspector agrees with the trace at every moment.

use engine::YieldWith;
use engine::browser::NESTED_TIMER_CLAMP;
use engine::trace::{Cause, Lane, Nanos, Outcome, Span, SpanKind, TaskId, Trace, Wakeup};
use lab::Strategy;
use labs::CATALOGUE;
use proptest::prelude::*;
use session::predict;
use timeline::inspect::{Moment, at, lines};
use virtual_clock::Conditions;

const MS: u64 = 1_000_000;

fn ms(ms: u64) -> Nanos {
    Nanos(ms * MS)
}

/// What is due and waits, by cause, without microtasks and timers.
fn ready(moment: &Moment) -> Vec<(Cause, usize)> {
    moment.ready.clone()
}

#[test]
fn a_moment_tells_what_runs_and_what_waits() {
    let trace = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let waiting = [
                rt.spawn(rt.sleep(ms(30))),
                rt.spawn(rt.sleep(ms(10))),
                rt.spawn(rt.turn(YieldWith::Message)),
                rt.spawn(rt.turn(YieldWith::PostTaskBackground)),
                rt.spawn(rt.response(ms(15))),
            ];
            rt.spend_cpu(TaskId(7), ms(20));
            for one in waiting {
                one.await;
            }
        })
    })
    .trace;

    let early = at(&trace, ms(5));
    assert_eq!(early.running.map(|span| (span.kind(), span.task)), Some((SpanKind::Cpu, TaskId(7))));
    assert_eq!(early.microtasks, 5, "five tasks were spawned and have not begun");
    assert_eq!(ready(&early), [(Cause::Message, 1), (Cause::Background, 1)]);
    assert_eq!(early.timers, [ms(10), ms(30)]);

    let late = at(&trace, ms(19));
    let expected = [(Cause::Message, 1), (Cause::Response, 1), (Cause::Timer, 1), (Cause::Background, 1)];
    assert_eq!(ready(&late), expected);
    assert_eq!(late.timers, [ms(30)], "the other one is due");

    let idle = at(&trace, ms(25));
    assert_eq!(idle, Moment { timers: vec![ms(30)], ..Moment::default() });
    assert_eq!(at(&trace, ms(30)), Moment::default(), "all is over");
}

#[test]
fn a_clamped_timer_shows_when_it_is_really_due() {
    let trace = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            for _ in 0..7 {
                rt.sleep(Nanos::ZERO).await;
            }
        })
    })
    .trace;
    assert_eq!(at(&trace, ms(1)).timers, [NESTED_TIMER_CLAMP]);
}

#[test]
fn abandoned_waits_end_and_outstanding_ones_last_to_the_end() {
    let trace = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let given_up = rt.sleep(ms(50));
            let never_seen = rt.sleep(ms(60));
            rt.sleep(ms(10)).await;
            drop(given_up);
            rt.sleep(ms(10)).await;
            std::mem::forget(rt.spawn(never_seen));
        })
    })
    .trace;
    assert_eq!(trace.outcome(), Some(Outcome::Finished));
    assert_eq!(at(&trace, ms(5)).timers, [ms(10), ms(50), ms(60)]);
    assert_eq!(at(&trace, ms(15)).timers, [ms(20), ms(60)]);
    assert!(trace.wakeups().iter().any(|one| one.due == ms(60) && one.until == Wakeup::NEVER));
}

#[test]
fn a_future_behind_a_computing_neighbour_is_a_microtask() {
    let trace = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let tasks = [0, 1, 2].map(|task| {
                let runtime = rt.clone();
                rt.spawn(async move { runtime.spend_cpu(TaskId(task), ms(10)) })
            });
            for task in tasks {
                task.await;
            }
        })
    })
    .trace;
    let waiting = |time: u64| at(&trace, ms(time)).microtasks;
    assert_eq!((waiting(5), waiting(25)), (2, 1), "at the end only the one who waits for them");
}

/// Every number of the inspector, counted anew from the trace. `is_served`: all that is queued, in service or
/// delivered is a request of the simulated server.
fn check(trace: &Trace, moment: Nanos, is_served: bool) {
    let found = at(trace, moment);
    let waiting: Vec<_> = trace.wakeups().iter().filter(|one| one.is_waiting(moment)).collect();
    let microtasks = waiting.iter().filter(|one| one.cause == Cause::Microtask).count();
    let timers = waiting.iter().filter(|one| one.cause == Cause::Timer).count();
    let due_timers =
        found.ready.iter().find(|(cause, _)| *cause == Cause::Timer).map_or(0, |(_, count)| *count);
    assert_eq!(found.microtasks, microtasks);
    assert_eq!(found.timers.len() + due_timers, timers, "every timer is in exactly one list");
    assert!(found.timers.iter().all(|due| *due > moment) && found.timers.is_sorted());
    let on_their_way = waiting
        .iter()
        .filter(|one| one.due > moment && one.cause != Cause::Timer && one.cause != Cause::Microtask);
    let listed =
        found.microtasks + found.timers.len() + found.ready.iter().map(|(_, count)| count).sum::<usize>();
    assert_eq!(listed + on_their_way.count(), waiting.len(), "nothing is lost");

    // A request is in flight exactly while it queues, is in service or waits to be seen.
    if is_served {
        let phases = [SpanKind::Queued, SpanKind::Service, SpanKind::Delivery];
        let is_covered = |span: &&Span| span.start <= moment && moment < span.end;
        let covering = |kind: SpanKind| trace.spans_of(kind).filter(is_covered).count();
        assert_eq!(found.in_flight, phases.into_iter().map(covering).sum::<usize>(), "at {moment:?}");
        assert!(found.queued <= found.in_flight);
    }
    if let Some(span) = found.running {
        assert!(span.start <= moment && moment < span.end);
    }
}

#[test]
fn the_inspector_agrees_with_the_trace_in_every_lab() {
    for lab in CATALOGUE {
        let values = lab.defaults();
        for strategy in lab.strategies {
            let trace = predict(strategy, &values, Conditions::IDEAL).trace;
            for wakeup in trace.wakeups() {
                assert!(wakeup.asked_at < wakeup.until && wakeup.due >= wakeup.asked_at, "{wakeup:?}");
            }
            for step in 0..40 {
                let is_served = ["shared-workload", "yield-primitives"].contains(&lab.id);
                check(&trace, Nanos(trace.end().0 * step / 39), is_served);
            }
        }
    }
}

proptest! {
    #![proptest_config(testing::cases(32))]

    /// In `shared-workload` the responses that the loop waits for are the requests in flight, at any moment.
    #[test]
    fn outstanding_responses_are_requests_in_flight(
        tasks in 1..80u32, cpu in 0..30u32, latency in 1..200u32, capacity in 1..50u32, share in 0.0..1.0f64,
    ) {
        let lab = testing::lab("shared-workload");
        let mut values = lab.defaults();
        for (key, number) in [("tasks", tasks), ("cpu_ms", cpu), ("latency_ms", latency), ("capacity", capacity)] {
            values.set(key, f64::from(number));
        }
        for id in ["one-at-a-time", "batched", "gather-all", "no-yield", "yielding"] {
            let trace = predict(lab.strategy(id).unwrap(), &values, Conditions::IDEAL).trace;
            let moment = trace.end().scaled(share);
            check(&trace, moment, true);
            let outstanding = trace.wakeups().iter().filter(|one| one.cause == Cause::Response);
            let outstanding = outstanding.filter(|one| one.is_waiting(moment)).count();
            prop_assert_eq!(at(&trace, moment).in_flight, outstanding, "{}", id);
        }
    }
}

/// The lines of a strategy's source.
fn source(strategy: &Strategy) -> Vec<String> {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(strategy.source);
    std::fs::read_to_string(path).unwrap().lines().map(str::to_string).collect()
}

#[test]
fn all_computing_is_traced_to_a_line_of_the_source() {
    for lab in CATALOGUE {
        for strategy in lab.strategies {
            let source = source(strategy);
            let trace = predict(strategy, &lab.defaults(), Conditions::IDEAL).trace;
            let on_loop = |span: &&Span| span.lane == Lane::LOOP && span.task != TaskId::NONE;
            for span in trace.spans_of(SpanKind::Cpu).filter(on_loop) {
                let line = span.line().map(|line| source[line.get() as usize - 1].trim());
                let is_told = line.is_some_and(|line| line.contains("compute(") || line.contains(".print("));
                assert!(is_told, "{}: {span:?} at {line:?}", strategy.source);
            }
        }
    }
}

#[test]
fn the_lines_at_a_moment_are_those_that_run_and_wait_then() {
    let tell = |lab: &str, strategy: &str, moment: Nanos| {
        let lab = CATALOGUE.iter().find(|one| one.id == lab).unwrap();
        let strategy = lab.strategy(strategy).unwrap();
        let source = source(strategy);
        let found = lines(&predict(strategy, &lab.defaults(), Conditions::IDEAL).trace, moment);
        let text = |line: engine::trace::Line| source[line.get() as usize - 1].trim().to_string();
        (found.running.map(text), found.waiting.into_iter().map(text).collect::<Vec<_>>())
    };
    // 60 tasks of 16 ms each, then one save of 100 ms for all of them.
    let (running, waiting) = tell("shared-workload", "batched", ms(500));
    assert!(running.unwrap().contains("work.compute(*job)") && waiting.is_empty());
    let (running, waiting) = tell("shared-workload", "batched", ms(1_000));
    assert_eq!(running, None);
    let [save, gather] = &waiting[..] else { panic!("{waiting:?}") };
    assert!(save.contains("work.save(result)") && gather.contains("work.gather(saves).await"));

    let (running, waiting) = tell("shared-workload", "yielding", ms(500));
    assert_eq!(running.unwrap(), "let result = work.compute(job);");
    assert_eq!(waiting, ["saves.push(work.spawn(work.save_within(&in_flight, result)));"]);

    let (running, waiting) = tell("dishes", "hand-to-hand", ms(5));
    assert_eq!(running, None);
    assert_eq!(
        waiting,
        ["washer.await;", "kitchen.wash(dish).await;", "while let Some(dish) = hands.receive().await {"]
    );

    assert_eq!(tell("shared-workload", "batched", Nanos(u64::MAX)), (None, vec![]));
}
