//! A pool of simulated cores: no work is lost or invented, and switches cost what they should.

use std::cell::RefCell;
use std::rc::Rc;

use engine::trace::{Nanos, Outcome, SpanKind, TaskId, Trace};
use engine::{Pool, Sharing};
use proptest::prelude::*;
use virtual_clock::Conditions;

/// Runs tasks of these costs, all at once. Returns the trace, and when each task was done.
fn run(cores: usize, slice: u64, switch_cost: u64, costs: &[u64]) -> (Trace, Vec<Nanos>) {
    let ends = Rc::new(RefCell::new(vec![Nanos::ZERO; costs.len()]));
    let (noted, costs) = (ends.clone(), costs.to_vec());
    let trace = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let pool =
                Pool::new(&rt, cores, Sharing { slice: Nanos(slice), switch_cost: Nanos(switch_cost) });
            let tasks: Vec<_> = (0..)
                .zip(costs)
                .map(|(number, cost)| {
                    let (runtime, pool, noted) = (rt.clone(), pool.clone(), noted.clone());
                    rt.spawn(async move {
                        pool.compute(TaskId(number), Nanos(cost)).await;
                        noted.borrow_mut()[number as usize] = runtime.now();
                    })
                })
                .collect();
            for task in tasks {
                task.await;
            }
        })
    })
    .trace;
    (trace, ends.take())
}

#[test]
fn four_tasks_of_four_seconds() {
    let four = [4_000; 4];
    assert_eq!(run(1, 0, 0, &four).1, [4_000, 8_000, 12_000, 16_000].map(Nanos), "one after another");
    let (trace, ends) = run(1, 100, 0, &four);
    assert_eq!(ends, [15_700, 15_800, 15_900, 16_000].map(Nanos), "all progress together");
    assert_eq!(trace.end(), Nanos(16_000));
    assert_eq!(run(2, 0, 0, &four).0.end(), Nanos(8_000));
    assert_eq!(run(4, 0, 0, &four).0.end(), Nanos(4_000));
    // Of 160 slices, all but the first follow a slice of another task.
    assert_eq!(run(1, 100, 1, &four).0.end(), Nanos(16_159));
}

#[test]
fn a_task_alone_on_a_core_pays_no_switch() {
    let (trace, _) = run(2, 10, 5, &[100, 100]);
    assert_eq!(trace.end(), Nanos(100));
    assert_eq!(trace.spans_of(SpanKind::Switch).count(), 0);
}

#[test]
fn an_abandoned_task_leaves_its_core() {
    let trace = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let pool = Pool::new(&rt, 1, Sharing { slice: Nanos(10), switch_cost: Nanos::ZERO });
            let (long, cost) = (pool.clone(), Nanos(1_000));
            let unwanted = rt.spawn(async move { long.compute(TaskId(0), cost).await });
            rt.sleep(Nanos(15)).await;
            drop(unwanted);
            pool.compute(TaskId(1), Nanos(10)).await;
            assert_eq!(rt.now(), Nanos(30));
        })
    })
    .trace;
    assert_eq!(trace.outcome(), Some(Outcome::Finished));
}

proptest! {
    #![proptest_config(testing::cases(256))]

    #[test]
    fn work_is_conserved_and_no_bound_is_beaten(
        cores in 1..6usize,
        slice in 0..20u64,
        switch_cost in 0..5u64,
        costs in prop::collection::vec(0..200u64, 1..30),
    ) {
        let (trace, _) = run(cores, slice, switch_cost, &costs);
        prop_assert_eq!(trace.outcome(), Some(Outcome::Finished));
        for (number, cost) in (0..).zip(&costs) {
            let worked: Nanos = trace
                .spans_of(SpanKind::Work)
                .filter(|span| span.task == TaskId(number))
                .map(|span| span.duration())
                .sum();
            prop_assert_eq!(worked, Nanos(*cost));
        }
        let total: u64 = costs.iter().sum();
        let longest = costs.iter().max().copied().unwrap_or(0);
        prop_assert!(trace.end().0 >= total.div_ceil(cores as u64).max(longest));
        // No core does two things at once, and none is idle while there is something to do.
        let busy = |kinds: &[SpanKind]| -> u64 {
            kinds.iter().flat_map(|kind| trace.spans_of(*kind)).map(|span| span.duration().0).sum()
        };
        for (lane, _) in trace.lanes() {
            let mut spans: Vec<_> = trace
                .spans()
                .iter()
                .filter(|span| span.lane == lane && [SpanKind::Work, SpanKind::Switch].contains(&span.kind()))
                .map(|span| (span.start, span.end))
                .collect();
            spans.sort_unstable();
            prop_assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{:?}", spans);
        }
        let all_busy = busy(&[SpanKind::Work, SpanKind::Switch]);
        prop_assert!(trace.end().0 <= all_busy / cores as u64 + longest + longest * switch_cost + switch_cost + 1);
    }
}
