//! Each lint is found in a run that shows its pattern, and not in one that merely looks like it.

use engine::trace::{MarkKind, Name, Nanos, TaskId, Trace};
use engine::{Runtime, Server, Work, YieldWith};
use lab::lint::{Lint, LintKind, Spoiled, lints};
use lab::metrics::Metrics;
use session::predict;
use virtual_clock::Conditions;

const MS: u64 = 1_000_000;

/// The lints of a strategy of the lab `shared-workload`, with these changes to its defaults.
fn of_strategy(strategy: &str, changes: &[(&str, f64)]) -> Vec<Lint> {
    let lab = testing::lab("shared-workload");
    let mut values = lab.defaults();
    for (key, number) in changes {
        values.set(key, *number);
    }
    let strategy = lab.strategy(strategy).unwrap();
    let trace = predict(strategy, &values, Conditions::IDEAL).trace;
    lints(strategy, &trace, &Metrics::of(&trace, &values), &values, None)
}

/// The lints of a small program, as if it were a strategy of that lab with this many tasks.
fn of_program(tasks: u32, program: impl FnOnce(Runtime) -> Work) -> Vec<Lint> {
    let lab = testing::lab("shared-workload");
    let mut values = lab.defaults();
    values.set("tasks", f64::from(tasks));
    let trace: Trace = virtual_clock::run(Conditions::IDEAL, program).trace;
    lints(&lab.strategies[0], &trace, &Metrics::of(&trace, &values), &values, None)
}

fn kinds(found: &[Lint]) -> Vec<&'static str> {
    found.iter().map(|lint| lint.kind().id()).collect()
}

fn find(found: &[Lint], kind: LintKind) -> Option<Lint> {
    found.iter().find(|lint| lint.kind() == kind).copied()
}

#[test]
fn shared_workload_at_its_defaults() {
    let check = |strategy: &str, expected: &[&str]| {
        assert_eq!(kinds(&of_strategy(strategy, &[])), expected, "{strategy}");
    };
    check("blocking", &["never-yielded", "loop-blocked"]);
    check("one-at-a-time", &["awaited-in-a-row"]);
    check("batched", &["never-yielded", "loop-blocked"]);
    check("gather-all", &["never-yielded", "loop-blocked"]);
    check("no-yield", &["never-yielded", "loop-blocked", "limit-never-reached"]);
    // True: at most 8 saves are in flight, and 100 are allowed.
    check("yielding", &["limit-never-reached"]);
}

#[test]
fn never_yielded() {
    let lint = find(&of_strategy("no-yield", &[]), LintKind::NeverYielded).unwrap();
    assert_eq!((lint.figures().count, lint.figures().time), (Some(60), Some(Nanos(960 * MS))));
    assert_eq!((lint.from, lint.to), (Nanos::ZERO, Nanos(960 * MS)));
    for (strategy, changes) in [
        ("yielding", &[][..]),
        ("yielding", &[("yield_every_ms", 100.0)]),
        ("one-at-a-time", &[("cpu_ms", 100.0)]),
        ("no-yield", &[("tasks", 3.0)]), // 48 ms: no long task
        ("blocking", &[("tasks", 1.0)]), // a single task has nowhere to yield
    ] {
        assert_eq!(find(&of_strategy(strategy, changes), LintKind::NeverYielded), None, "{strategy}");
    }
}

#[test]
fn yielded_only_to_microtasks() {
    let with = |with: YieldWith| 1.0 + YieldWith::ALL.iter().position(|one| *one == with).unwrap() as f64;
    let in_vain = of_strategy("yielding", &[("yield_with", with(YieldWith::Microtask))]);
    let lint = find(&in_vain, LintKind::OnlyMicrotasks).unwrap();
    assert_eq!((lint.figures().count, lint.figures().time), (Some(60), Some(Nanos(960 * MS))));
    assert_eq!(find(&in_vain, LintKind::NeverYielded), None, "it did yield, if only to microtasks");
    let real = of_strategy("yielding", &[("yield_with", with(YieldWith::Message))]);
    assert_eq!(find(&real, LintKind::OnlyMicrotasks), None);
    let short = of_program(1, |rt| Box::pin(async move { rt.yield_now(YieldWith::Microtask).await }));
    assert_eq!(find(&short, LintKind::OnlyMicrotasks), None, "no turn was long");
}

fn yields_by(with: YieldWith, cpu_ms: u64) -> Vec<Lint> {
    of_program(100, move |rt| {
        Box::pin(async move {
            for task in (0..100).map(TaskId) {
                rt.spend_cpu(task, Nanos(cpu_ms * MS));
                rt.yield_now(with).await;
            }
        })
    })
}

#[test]
fn timer_clamp_dominates() {
    let lint = find(&yields_by(YieldWith::Timeout, 1), LintKind::TimerClamp).unwrap();
    assert_eq!(lint.figures().count, Some(100));
    assert!(
        (0.7..0.8).contains(&lint.figures().share.unwrap()),
        "4 ms of 5, but for the first six: {lint:?}"
    );
    assert_eq!(find(&yields_by(YieldWith::Timeout, 16), LintKind::TimerClamp), None, "it costs, but less");
    assert_eq!(find(&yields_by(YieldWith::MessageThenTimeout, 1), LintKind::TimerClamp), None);
    assert_eq!(
        find(&yields_by(YieldWith::AnimationFrame, 1), LintKind::TimerClamp),
        None,
        "slow, but no timer"
    );
}

#[test]
fn limit_never_reached() {
    let of_limit = |limit: f64| {
        let found = of_strategy("yielding", &[("in_flight", limit)]);
        find(&found, LintKind::LimitNeverReached)
            .map(|lint| (lint.figures().count.unwrap(), lint.figures().of.unwrap()))
    };
    assert_eq!(of_limit(100.0), Some((8, 100)));
    assert_eq!(of_limit(9.0), Some((8, 9)));
    assert_eq!(of_limit(8.0), None);
    assert_eq!(find(&of_strategy("gather-all", &[]), LintKind::LimitNeverReached), None, "it has no limit");
}

#[test]
fn server_overloaded() {
    let found = of_strategy("gather-all", &[("tasks", 1_000.0), ("capacity", 100.0), ("cpu_ms", 1.0)]);
    let lint = find(&found, LintKind::ServerOverloaded).unwrap();
    assert_eq!((lint.figures().count, lint.figures().time), (Some(900), Some(Nanos(900 * MS))));
    assert_eq!((lint.from, lint.to), (Nanos(1_000 * MS), Nanos(1_900 * MS)));
    let batches = of_strategy("batched", &[("tasks", 1_000.0), ("capacity", 100.0), ("cpu_ms", 1.0)]);
    assert_eq!(find(&batches, LintKind::ServerOverloaded), None);
}

#[test]
fn loop_blocked() {
    let found = of_strategy("yielding", &[("cpu_ms", 60.0), ("tasks", 10.0)]);
    let lint = find(&found, LintKind::LoopBlocked).unwrap();
    assert_eq!((lint.figures().count, lint.figures().time), (Some(10), Some(Nanos(60 * MS))));
    assert_eq!(find(&of_strategy("yielding", &[("cpu_ms", 50.0)]), LintKind::LoopBlocked), None);
}

#[test]
fn awaited_in_a_row() {
    let found = of_strategy("one-at-a-time", &[]);
    let lint = find(&found, LintKind::AwaitedInARow).unwrap();
    assert_eq!((lint.figures().count, lint.figures().time), (Some(60), Some(Nanos(6_000 * MS))));
    for (strategy, changes) in [
        ("blocking", &[][..]), // it does not await
        ("one-at-a-time", &[("capacity", 1.0)]),
        ("one-at-a-time", &[("tasks", 2.0)]),
        ("yielding", &[("in_flight", 1.0)]),   // its own limit demands it
        ("yielding", &[("latency_ms", 10.0)]), // each is answered while the next is computed
        ("batched", &[]),
    ] {
        assert_eq!(find(&of_strategy(strategy, changes), LintKind::AwaitedInARow), None, "{strategy}");
    }
    let dependent = of_program(1, |rt| {
        Box::pin(async move {
            let server = Server::new(&rt, 100);
            for _ in 0..5 {
                server.request(TaskId(0), Nanos(100 * MS)).await;
            }
        })
    });
    assert_eq!(find(&dependent, LintKind::AwaitedInARow), None, "requests of one task may need each other");
}

#[test]
fn never_awaited() {
    let saves = |awaits: bool| {
        of_program(5, move |rt| {
            Box::pin(async move {
                let server = Server::new(&rt, 100);
                let mut saves = Vec::new();
                for task in (0..5).map(TaskId) {
                    let (runtime, server) = (rt.clone(), server.clone());
                    saves.push(rt.spawn(async move {
                        server.request(task, Nanos(100 * MS)).await;
                        runtime.mark(MarkKind::TaskCompleted, task);
                    }));
                }
                rt.sleep(Nanos(10 * MS)).await;
                if awaits {
                    for save in saves {
                        save.await;
                    }
                }
            })
        })
    };
    let lint = find(&saves(false), LintKind::NeverAwaited).unwrap();
    assert_eq!((lint.figures().count, lint.figures().of), (Some(5), Some(5)));
    assert_eq!((lint.from, lint.to), (Nanos::ZERO, Nanos(10 * MS)));
    assert_eq!(find(&saves(true), LintKind::NeverAwaited), None);
    let stalled = of_program(1, |_| Box::pin(std::future::pending()));
    assert_eq!(kinds(&stalled), [""; 0], "a run that came to a halt has not ended");
}

/// A producer and a consumer with a queue between them that holds at most `room` things.
fn queue(produce_ms: u64, consume_ms: u64, room: i64) -> Vec<Lint> {
    of_program(1, move |rt| {
        Box::pin(async move {
            let gauge = rt.open_gauge(Name::new("queue", 1));
            let (mut produced, mut consumed) = (0i64, 0i64);
            let (mut next_in, mut next_out) = (produce_ms, consume_ms);
            for millisecond in 1..=4_000u64 {
                rt.sleep(Nanos(MS)).await;
                if millisecond >= next_in && produced < 400 && produced - consumed < room {
                    produced += 1;
                    next_in = millisecond + produce_ms;
                    rt.gauge(gauge, produced - consumed);
                }
                if millisecond >= next_out && produced > consumed {
                    consumed += 1;
                    next_out = millisecond + consume_ms;
                    rt.gauge(gauge, produced - consumed);
                }
            }
        })
    })
}

#[test]
fn backlog_grows() {
    let lint = find(&queue(5, 10, i64::MAX), LintKind::BacklogGrows).unwrap();
    assert_eq!(lint.figures().count, Some(201));
    assert!(lint.to - lint.from > Nanos(1_900 * MS), "{lint:?}");
    assert_eq!(find(&queue(10, 5, i64::MAX), LintKind::BacklogGrows), None, "the consumer keeps up");
    assert_eq!(find(&queue(5, 10, 20), LintKind::BacklogGrows), None, "the queue is bounded");
    assert_eq!(find(&queue(1, 9, i64::MAX), LintKind::BacklogGrows), None, "a burst of a tenth of the run");
    let counter = of_program(1, |rt| {
        Box::pin(async move {
            let gauge = rt.open_gauge(Name::new("counter", 1));
            for level in 1..100 {
                rt.sleep(Nanos(MS)).await;
                rt.gauge(gauge, level);
            }
        })
    });
    assert_eq!(find(&counter, LintKind::BacklogGrows), None, "nothing is taken away from a counter");
    // The server's own queue: a save every 50 ms, to a server that takes 100 ms for each.
    let strained = [("tasks", 100.0), ("cpu_ms", 50.0), ("capacity", 1.0)];
    assert!(find(&of_strategy("yielding", &strained), LintKind::BacklogGrows).is_some());
}

#[test]
fn disturbed_or_hidden() {
    let lab = testing::lab("shared-workload");
    let values = lab.defaults();
    let strategy = lab.strategy("blocking").unwrap();
    let trace = predict(strategy, &values, Conditions::IDEAL).trace;
    let metrics = Metrics::of(&trace, &values);
    let found = |spoiled| kinds(&lints(strategy, &trace, &metrics, &values, spoiled));
    // A spoiled run says nothing about the program.
    assert_eq!(found(Some(Spoiled::Hidden)), ["hidden"]);
    assert_eq!(found(Some(Spoiled::Disturbed)), ["disturbed"]);
    assert!(!found(None).contains(&"hidden") && !found(None).contains(&"disturbed"));
}

#[test]
fn bounds_have_no_lints() {
    assert_eq!(kinds(&of_strategy("no-io", &[])), [""; 0]);
}

#[test]
fn programs_without_requests_or_computing_are_left_alone() {
    let sleeper = of_program(1, |rt| {
        Box::pin(async move {
            rt.sleep(Nanos(1_000 * MS)).await;
            rt.mark(MarkKind::TaskCompleted, TaskId(0));
        })
    });
    assert_eq!(kinds(&sleeper), [""; 0]);
    let nothing = of_program(1, |rt| Box::pin(async move { rt.mark(MarkKind::TaskCompleted, TaskId(0)) }));
    assert_eq!(kinds(&nothing), [""; 0]);
}

#[test]
fn the_most_serious_lint_comes_first() {
    assert!(LintKind::ALL.is_sorted());
    let found = of_strategy("no-yield", &[("capacity", 1.0)]);
    assert!(found.is_sorted_by_key(|lint| lint.kind()), "{:?}", kinds(&found));
}
