//! Mutex and semaphore are fair, and a run that comes to a halt says who waits for whom.

use std::cell::RefCell;
use std::rc::Rc;

use engine::trace::{Lane, Name, Nanos, Outcome, SpanKind, TaskId, Trace, Wait};
use engine::{Mutex, Runtime, Semaphore};
use proptest::prelude::*;
use virtual_clock::Conditions;

fn run<F: Future<Output = ()> + 'static>(strategy: impl FnOnce(Runtime) -> F) -> Trace {
    virtual_clock::run(Conditions::IDEAL, |rt| Box::pin(strategy(rt))).trace
}

fn lock(number: u16) -> Name {
    Name::new("lock", number)
}

proptest! {
    #![proptest_config(testing::cases(256))]

    /// First come, first served; never more inside than the limit; and nobody waits while there is room.
    #[test]
    fn a_semaphore_is_fair(
        limit in 1..5usize,
        visits in prop::collection::vec((0..40u64, 1..30u64), 1..40),
    ) {
        let entered = Rc::new(RefCell::new(Vec::new()));
        let noted = entered.clone();
        let mut arrivals: Vec<_> = visits.iter().map(|visit| visit.0).zip(0..).collect();
        arrivals.sort_unstable();
        let stays = visits.clone();
        let trace = run(move |rt| async move {
            let semaphore = Semaphore::watched(&rt, lock(1), limit);
            let visitors: Vec<_> = (0..).zip(stays).map(|(number, (arrives, stays))| {
                let (runtime, semaphore, noted) = (rt.clone(), semaphore.clone(), noted.clone());
                rt.spawn_as(TaskId(number), async move {
                    runtime.sleep(Nanos(arrives)).await;
                    let _permit = semaphore.acquire().await;
                    noted.borrow_mut().push((number, runtime.now()));
                    runtime.work(TaskId(number), Nanos(stays)).await;
                })
            }).collect();
            for visitor in visitors {
                visitor.await;
            }
        });
        prop_assert_eq!(trace.outcome(), Some(Outcome::Finished));
        // Exactly as in a queue with this many servers.
        let mut free = vec![0; limit];
        let expected: Vec<_> = arrivals.into_iter().map(|(arrives, number)| {
            free.sort_unstable();
            let enters = free[0].max(arrives);
            free[0] = enters + visits[number as usize].1;
            (number, Nanos(enters))
        }).collect();
        prop_assert_eq!(entered.take(), expected);
    }
}

#[test]
fn a_mutex_lets_one_in_at_a_time_in_the_order_in_which_they_came() {
    let trace = run(|rt| async move {
        let counter = Mutex::new(&rt, lock(1), 0u32);
        let tasks: Vec<_> = (0..5)
            .map(|number| {
                let (runtime, counter) = (rt.clone(), counter.clone());
                rt.spawn_as(TaskId(number), async move {
                    let mut count = counter.lock().await;
                    assert!(counter.try_lock().is_none());
                    let seen = *count;
                    runtime.sleep(Nanos(10)).await;
                    *count = seen + 1;
                    assert_eq!(seen, number);
                })
            })
            .collect();
        for task in tasks {
            task.await;
        }
        assert_eq!(counter.try_lock().map(|count| *count), Some(5));
    });
    let waits: Vec<_> = trace.spans_of(SpanKind::Waiting).map(|span| (span.task.0, span.end)).collect();
    assert_eq!(
        waits,
        [(1, Nanos(10)), (2, Nanos(20)), (3, Nanos(30)), (4, Nanos(40))],
        "who does not wait has no span"
    );
}

#[test]
fn a_visitor_that_goes_away_lets_the_next_one_in() {
    let trace = run(|rt| async move {
        let mutex = Mutex::new(&rt, lock(1), ());
        let hold = |number: u32| {
            let (runtime, mutex) = (rt.clone(), mutex.clone());
            rt.spawn_as(TaskId(number), async move {
                let _guard = mutex.lock().await;
                runtime.sleep(Nanos(10)).await;
            })
        };
        let (first, second, third) = (hold(0), hold(1), hold(2));
        rt.sleep(Nanos(5)).await;
        drop(second); // while it waits
        drop(first); // while it holds
        third.await;
        assert_eq!(rt.now(), Nanos(15));
    });
    assert_eq!(trace.outcome(), Some(Outcome::Finished));
}

#[test]
fn a_halted_run_says_who_waits_for_whom() {
    let trace = run(|rt| async move {
        let locks = [Mutex::new(&rt, lock(1), ()), Mutex::new(&rt, lock(2), ())];
        let tasks: Vec<_> = [0, 1]
            .map(|mine| {
                let (runtime, locks) = (rt.clone(), locks.clone());
                rt.spawn_as(rt.open_lane(Name::new("writer", mine as u16 + 1)), async move {
                    let _mine = locks[mine].lock().await;
                    runtime.sleep(Nanos(10)).await;
                    let _other = locks[1 - mine].lock().await;
                })
            })
            .into();
        rt.sleep(Nanos(5)).await;
        let _bystander = locks[0].lock().await;
        drop(tasks);
    });
    assert_eq!((trace.outcome(), trace.end()), (Some(Outcome::Stalled), Nanos(10)));
    let writer = |number| Name::new("writer", number);
    let wait = |who, number, holder| Wait { who, resource: lock(number), held_by: vec![holder] };
    let program = wait(Name::new("program", 1), 1, writer(1));
    assert_eq!(trace.waits(), [program, wait(writer(1), 2, writer(2)), wait(writer(2), 1, writer(1))]);
    let waiting: Vec<_> = trace.spans_of(SpanKind::Waiting).map(|span| (span.lane, span.start)).collect();
    assert_eq!(waiting, [(Lane::LOOP, Nanos(5))], "the others had no time to wait");
}

#[test]
fn locking_twice_waits_for_itself() {
    let trace = run(|rt| async move {
        let mutex = Mutex::new(&rt, lock(1), ());
        let _once = mutex.lock().await;
        let _twice = mutex.lock().await;
    });
    let program = Name::new("program", 1);
    let held_by = vec![program.clone()];
    assert_eq!(trace.waits(), [Wait { who: program, resource: lock(1), held_by }]);
}
