//! Processes crash when they should, forget what they held, and come back.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::trace::{Name, Nanos, Outcome, SpanKind, TaskId, Trace};
use engine::{Capacity, Channel, Faults, Process, Runtime};
use proptest::prelude::*;
use virtual_clock::Conditions;

fn run<F: Future<Output = ()> + 'static>(strategy: impl FnOnce(Runtime) -> F) -> Trace {
    virtual_clock::run(Conditions::IDEAL, |rt| Box::pin(strategy(rt))).trace
}

#[test]
fn a_crash_loses_what_was_in_memory_and_a_restart_begins_anew() {
    let lives = Rc::new(RefCell::new(Vec::new()));
    let noted = lives.clone();
    let trace = run(|rt| async move {
        let at = vec![Nanos(25), Nanos(70)];
        let process = Process::new(&rt, Faults { at, down_for: Nanos(20), ..Faults::default() });
        let steps = process
            .run(|| async {
                noted.borrow_mut().push(rt.now());
                let mut in_memory = 0;
                for _ in 0..4 {
                    rt.work(TaskId(0), Nanos(10)).await;
                    in_memory += 1;
                }
                in_memory
            })
            .await;
        assert_eq!((steps, process.crashes()), (4, 2));
    });
    assert_eq!(lives.take(), [0, 45, 90].map(Nanos));
    assert_eq!((trace.end(), trace.outcome()), (Nanos(130), Some(Outcome::Finished)));
    let down: Vec<_> = trace.spans_of(SpanKind::Down).map(|span| (span.start, span.end)).collect();
    assert_eq!(down, [(Nanos(25), Nanos(45)), (Nanos(70), Nanos(90))]);
    assert_eq!(trace.spans_of(SpanKind::Work).count(), 2 + 2 + 4, "work that was cut short is not done");
}

#[test]
fn two_reasons_to_crash_at_once_are_one_crash() {
    let crashes = Rc::new(Cell::new(0));
    let seen = crashes.clone();
    let trace = run(|rt| async move {
        let at = vec![Nanos(10)];
        let process = Process::new(&rt, Faults { at, chance: 1.0, down_for: Nanos(5), ..Faults::default() });
        let is_first = Cell::new(true);
        process
            .run(|| async {
                rt.work(TaskId(0), Nanos(10)).await;
                if is_first.replace(false) {
                    process.crash_point().await; // at the very moment of the given time
                }
            })
            .await;
        seen.set(process.crashes());
    });
    assert_eq!((trace.outcome(), crashes.get()), (Some(Outcome::Finished), 1));
}

#[test]
fn a_crash_gives_back_what_the_process_had_locked() {
    let trace = run(|rt| async move {
        let lock = engine::Mutex::new(&rt, Name::new("lock", 1), ());
        let at = vec![Nanos(5)];
        let process = Process::new(&rt, Faults { at, down_for: Nanos(100), ..Faults::default() });
        let (crashing, held, runtime) = (process.clone(), lock.clone(), rt.clone());
        let task = rt.spawn(async move {
            crashing
                .run(|| async {
                    let _guard = held.lock().await;
                    runtime.sleep(Nanos(50)).await;
                })
                .await;
        });
        rt.sleep(Nanos(1)).await;
        drop(lock.lock().await);
        assert_eq!(rt.now(), Nanos(5));
        task.await;
    });
    assert_eq!(trace.outcome(), Some(Outcome::Finished));
}

/// Takes messages from a queue, with this chance of a crash at each. Returns the numbers of handled messages,
/// of crashes, and of all messages.
fn consume(chance: f64, seed: u64) -> (usize, usize, usize) {
    const MESSAGES: usize = 200;
    let handled = Rc::new(Cell::new(0));
    let (count, crashes) = (handled.clone(), Rc::new(Cell::new(0)));
    let seen = crashes.clone();
    let trace = run(move |rt| async move {
        let queue = Channel::new(&rt, Name::new("queue", 1), Capacity::Unbounded);
        for message in 0..MESSAGES {
            queue.send(message).await;
        }
        queue.close();
        let consumer = Process::new(&rt, Faults { chance, seed, down_for: Nanos(3), ..Faults::default() });
        consumer
            .run(|| async {
                while queue.receive().await.is_some() {
                    consumer.crash_point().await;
                    count.set(count.get() + 1);
                    rt.sleep(Nanos(1)).await;
                }
            })
            .await;
        seen.set(consumer.crashes());
    });
    assert_eq!(trace.outcome(), Some(Outcome::Finished));
    (handled.get(), crashes.get(), MESSAGES)
}

proptest! {
    #![proptest_config(testing::cases(64))]

    #[test]
    fn each_crash_loses_the_message_in_hand_and_no_other(chance in 0.0..=1.0f64, seed in any::<u64>()) {
        let (handled, crashes, messages) = consume(chance, seed);
        prop_assert_eq!(handled + crashes, messages);
        prop_assert_eq!(consume(chance, seed), (handled, crashes, messages), "the same seed, the same crashes");
    }
}

#[test]
fn chances_are_kept() {
    assert_eq!(consume(0.0, 1).1, 0);
    assert_eq!(consume(1.0, 1).1, 200);
    assert!((60..140).contains(&consume(0.5, 1).1));
    assert_ne!(consume(0.5, 1), consume(0.5, 2));
}
