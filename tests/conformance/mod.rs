//! Test bodies that run on both clocks: natively on the virtual one, in a browser on its own.
//!
//! They say what is true of any event loop: what may run when, in which order, and never
//! sooner than. On the virtual clock times are exact as well ([`TestClock::IS_EXACT`]).

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::browser::{NESTED_TIMER_CLAMP, NESTING_LIMIT};
use engine::trace::{MarkKind, Name, Nanos, Outcome, SpanKind, TaskId, Trace};
use engine::{Capacity, Channel, Faults, Mutex, Pool, Process, Runtime, Sharing, Work, YieldWith};
use lab::metrics::Metrics;
use lab::{Finding, FindingValue, Need, Strategy};
use session::predict;
use virtual_clock::Conditions;

/// A clock under test.
pub trait TestClock {
    /// Whether times are exact, and not only lower bounds.
    const IS_EXACT: bool;
    /// Runs a strategy to its end.
    async fn run(strategy: impl FnOnce(Runtime) -> Work) -> Trace;
    /// Whether this clock offers this way to yield.
    fn has(with: YieldWith) -> bool;
}

/// Runs the `async` block made from the runtime, and returns the trace.
macro_rules! run {
    ($clock:ty, |$rt:ident| $body:expr) => {
        <$clock>::run(|$rt| Box::pin($body)).await
    };
}

const MS: u64 = 1_000_000;

/// What was noted, in order.
type Notes = Rc<RefCell<Vec<u32>>>;

fn assert_time<C: TestClock>(observed: Nanos, expected: Nanos, what: &str) {
    if C::IS_EXACT {
        assert_eq!(observed, expected, "{what}");
    } else {
        // A browser's clock may be coarse by a tenth of a millisecond.
        assert!(observed + Nanos(MS / 10) >= expected, "{what}: {observed:?} is sooner than {expected:?}");
    }
}

pub async fn a_sleep_never_ends_early<C: TestClock>() {
    let woke = Rc::new(Cell::new(Nanos::ZERO));
    let at = woke.clone();
    let trace = run!(C, |rt| async move {
        rt.sleep(Nanos(7 * MS)).await;
        at.set(rt.now());
    });
    assert_eq!(trace.outcome(), Some(Outcome::Finished));
    assert_time::<C>(woke.get(), Nanos(7 * MS), "sleep(7 ms)");
}

pub async fn timers_fire_in_the_order_of_their_deadlines<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    run!(C, |rt| async move {
        let tasks: Vec<_> = [30, 10, 20, 10]
            .into_iter()
            .zip(0..)
            .map(|(delay, number)| {
                let (timer, notes) = (rt.sleep(Nanos(delay * MS)), noted.clone());
                rt.spawn(async move {
                    timer.await;
                    notes.borrow_mut().push(number);
                })
            })
            .collect();
        for task in tasks {
            task.await;
        }
    });
    assert_eq!(*notes.borrow(), [1, 3, 2, 0], "equal deadlines keep the order in which they were set");
}

pub async fn computing_holds_the_loop<C: TestClock>() {
    let woke = Rc::new(Cell::new(Nanos::ZERO));
    let at = woke.clone();
    let trace = run!(C, |rt| async move {
        let timer = rt.sleep(Nanos(5 * MS));
        rt.spend_cpu(TaskId(0), Nanos(30 * MS));
        timer.await;
        at.set(rt.now());
    });
    let cpu = trace.spans_of(SpanKind::Cpu).next().copied().unwrap();
    assert!(woke.get() >= cpu.end, "a due timer waits for the turn to end");
    if C::IS_EXACT {
        assert_eq!(woke.get(), Nanos(30 * MS));
    }
}

pub async fn waiting_in_place_holds_the_loop<C: TestClock>() {
    let woke = Rc::new(Cell::new(Nanos::ZERO));
    let at = woke.clone();
    run!(C, |rt| async move {
        let timer = rt.sleep(Nanos(5 * MS));
        rt.wait_in_place(TaskId(0), Nanos(20 * MS));
        timer.await;
        at.set(rt.now());
    });
    assert_time::<C>(woke.get(), Nanos(20 * MS), "a timer behind a blocking wait");
}

pub async fn a_spawned_task_starts_when_its_parent_awaits<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    run!(C, |rt| async move {
        let child = noted.clone();
        let task = rt.spawn(async move { child.borrow_mut().push(2) });
        noted.borrow_mut().push(1);
        task.await;
        noted.borrow_mut().push(3);
    });
    assert_eq!(*notes.borrow(), [1, 2, 3]);
}

pub async fn a_dropped_task_never_goes_on<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    run!(C, |rt| async move {
        let timer = rt.sleep(Nanos(2 * MS));
        let cancelled = noted.clone();
        let task = rt.spawn(async move {
            timer.await;
            cancelled.borrow_mut().push(1);
        });
        drop(task);
        rt.sleep(Nanos(10 * MS)).await;
        noted.borrow_mut().push(2);
    });
    assert_eq!(*notes.borrow(), [2]);
}

pub async fn a_run_that_waits_for_itself_is_stalled<C: TestClock>() {
    let trace = run!(C, |rt| async move {
        rt.sleep(Nanos(MS)).await;
        std::future::pending::<()>().await;
    });
    assert_eq!(trace.outcome(), Some(Outcome::Stalled));
}

/// After how many yields a timer runs that is due already; nothing: not within six.
///
/// The table that matters most: it says which yield is one.
pub fn yields_until_a_due_timer_runs(with: YieldWith) -> Option<u32> {
    match with {
        // Everything else goes first.
        YieldWith::BackgroundYield | YieldWith::PostTaskBackground => Some(1),
        YieldWith::AnimationFrame | YieldWith::IdleCallback => Some(1),
        // Two steps: the timer slips in between.
        YieldWith::MessageThenTimeout => Some(1),
        // In line, but before the timer, which the loop notices only when the turn is over.
        YieldWith::Message | YieldWith::PostTaskUserVisible | YieldWith::Timeout => Some(2),
        // Always first in line.
        YieldWith::SchedulerYield | YieldWith::PostTaskUserBlocking => None,
        // No yield at all.
        YieldWith::Microtask => None,
    }
}

pub async fn each_yield_lets_a_due_timer_run_or_not<C: TestClock>() {
    for with in YieldWith::ALL.into_iter().filter(|with| C::has(*with)) {
        let fired = Rc::new(Cell::new(false));
        let after = Rc::new(Cell::new(None));
        let (flag, count) = (fired.clone(), after.clone());
        run!(C, |rt| async move {
            let timer = rt.sleep(Nanos(5 * MS));
            let task = rt.spawn(async move {
                timer.await;
                flag.set(true);
            });
            rt.yield_now(YieldWith::Microtask).await; // lets the task set off
            rt.spend_cpu(TaskId(0), Nanos(20 * MS));
            for yields in 1..=6 {
                rt.yield_now(with).await;
                if fired.get() {
                    count.set(Some(yields));
                    break;
                }
            }
            task.await;
        });
        // A frame that became due during the turn may be drawn before the timer is noticed, or after.
        let is_early_frame = !C::IS_EXACT && with == YieldWith::AnimationFrame && after.get() == Some(2);
        if !is_early_frame {
            assert_eq!(after.get(), yields_until_a_due_timer_runs(with), "{}", with.id());
        }
    }
}

/// WICG Prioritized Task Scheduling: what is left of a background task stays in the background.
pub async fn a_continuation_has_the_priority_of_its_task<C: TestClock>() {
    if ![YieldWith::PostTaskBackground, YieldWith::SchedulerYield].into_iter().all(C::has) {
        return;
    }
    let fired = Rc::new(Cell::new(false));
    let seen = Rc::new(Cell::new(false));
    let (flag, noted) = (fired.clone(), seen.clone());
    run!(C, |rt| async move {
        rt.yield_now(YieldWith::PostTaskBackground).await;
        let timer = rt.sleep(Nanos(5 * MS));
        let task = rt.spawn(async move {
            timer.await;
            fired.set(true);
        });
        rt.yield_now(YieldWith::Microtask).await; // lets the task set off
        rt.spend_cpu(TaskId(0), Nanos(20 * MS));
        rt.yield_now(YieldWith::SchedulerYield).await;
        noted.set(flag.get());
        task.await;
    });
    assert!(seen.get(), "the timer that was due goes first");
}

/// With many timers due at once, a yield through a message lets three of them run, not all.
pub async fn a_yield_is_one_turn_and_not_everything_that_is_due<C: TestClock>() {
    let fired = Rc::new(Cell::new(0));
    let seen = Notes::default();
    let (count, noted) = (fired.clone(), seen.clone());
    run!(C, |rt| async move {
        let tasks: Vec<_> = (0..30)
            .map(|_| {
                let (timer, count) = (rt.sleep(Nanos(5 * MS)), count.clone());
                rt.spawn(async move {
                    timer.await;
                    count.set(count.get() + 1);
                })
            })
            .collect();
        rt.yield_now(YieldWith::Message).await;
        rt.spend_cpu(TaskId(0), Nanos(20 * MS));
        for _ in 0..4 {
            rt.yield_now(YieldWith::Message).await;
            noted.borrow_mut().push(count.get());
        }
        for task in tasks {
            task.await;
        }
    });
    if C::IS_EXACT {
        assert_eq!(*seen.borrow(), [0, 3, 6, 9]);
    } else {
        // The page's own messages may come in between, or ours may take two steps: three or six a turn, never all.
        let seen = seen.borrow();
        assert!(seen[0] <= 6 && seen[1] >= 1 && seen[3] >= 6 && seen[3] <= 24, "{seen:?}");
    }
}

/// What `program` notes down, in order. Each note takes half a millisecond, so that what was not in line
/// before has time to come.
macro_rules! notes {
    ($clock:ty, |$rt:ident, $note:ident| $body:expr) => {{
        let notes = Notes::default();
        let noted = notes.clone();
        run!($clock, |$rt| async move {
            let runtime = $rt.clone();
            let $note = move |number: u32| {
                noted.borrow_mut().push(number);
                runtime.spend_cpu(TaskId(number), Nanos(MS / 2));
            };
            $body
        });
        notes.take()
    }};
}

pub async fn all_microtasks_run_before_the_next_task<C: TestClock>() {
    let notes = notes!(C, |rt, note| {
        let timers = [1, 2].map(|timer| {
            let (waiting, runtime, note) = (rt.sleep(Nanos::ZERO), rt.clone(), note.clone());
            rt.spawn(async move {
                waiting.await;
                note(10 * timer);
                runtime.yield_now(YieldWith::Microtask).await;
                note(10 * timer + 1);
                runtime.yield_now(YieldWith::Microtask).await;
                note(10 * timer + 2);
            })
        });
        for timer in timers {
            timer.await;
        }
    });
    assert_eq!(notes, [10, 11, 12, 20, 21, 22]);
}

/// A message to oneself is in line behind what was queued in the same turn, and before the timers that became due in it.
pub async fn a_message_to_oneself_takes_its_place_at_the_end_of_the_turn<C: TestClock>() {
    let notes = notes!(C, |rt, note| {
        rt.yield_now(YieldWith::Message).await;
        let late = rt.sleep(Nanos(5 * MS));
        let message = rt.turn(YieldWith::Message);
        rt.spend_cpu(TaskId(0), Nanos(20 * MS));
        let timer = rt.sleep(Nanos::ZERO);
        let tasks = [
            rt.spawn(noting(late, note.clone(), 3)),
            rt.spawn(noting(message, note.clone(), 2)),
            rt.spawn(noting(timer, note.clone(), 1)),
        ];
        for task in tasks {
            task.await;
        }
    });
    assert_eq!(notes, [1, 2, 3]);
}

async fn noting(waiting: impl Future<Output = ()>, note: impl Fn(u32), number: u32) {
    waiting.await;
    note(number);
}

/// What another thread posts is in line from that moment on, whatever the loop does then.
pub async fn a_message_from_another_thread_takes_its_place_when_it_is_posted<C: TestClock>() {
    let notes = notes!(C, |rt, note| {
        let other = rt.other_thread();
        other.message(Nanos::ZERO).await; // now the other thread is there
        let before = rt.sleep(Nanos::ZERO);
        let from_outside = other.message(rt.now() + Nanos(10 * MS));
        let late = rt.sleep(Nanos(5 * MS));
        rt.spend_cpu(TaskId(0), Nanos(40 * MS));
        let after = rt.sleep(Nanos::ZERO);
        let tasks = [
            rt.spawn(noting(late, note.clone(), 4)),
            rt.spawn(noting(after, note.clone(), 3)),
            rt.spawn(noting(from_outside, note.clone(), 2)),
            rt.spawn(noting(before, note.clone(), 1)),
        ];
        for task in tasks {
            task.await;
        }
    });
    assert_eq!(notes, [1, 2, 3, 4]);
}

pub async fn messages_from_another_thread_come_in_the_order_of_their_times<C: TestClock>() {
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    run!(C, |rt| async move {
        let other = rt.other_thread();
        other.message(Nanos::ZERO).await;
        let start = rt.now();
        let tasks: Vec<_> = [30, 10, 20, 10]
            .into_iter()
            .zip(0..)
            .map(|(at, number)| {
                let message = other.message(start + Nanos(at * MS));
                let (runtime, noted) = (rt.clone(), noted.clone());
                rt.spawn(async move {
                    message.await;
                    noted.borrow_mut().push((number, at, runtime.now() - start));
                })
            })
            .collect();
        for task in tasks {
            task.await;
        }
    });
    let times = times.take();
    assert!(times.iter().map(|(number, ..)| *number).eq([1, 3, 2, 0]), "{times:?}");
    for (_, at, seen) in times {
        assert_time::<C>(seen, Nanos(at * MS), "a message from another thread");
    }
}

pub async fn nested_zero_timers_pay_the_clamp<C: TestClock>() {
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    run!(C, |rt| async move {
        rt.yield_now(YieldWith::Message).await;
        for _ in 0..10 {
            let start = rt.now();
            rt.sleep(Nanos::ZERO).await;
            noted.borrow_mut().push(rt.now() - start);
        }
    });
    for (index, took) in times.take().into_iter().enumerate() {
        let is_free = index <= NESTING_LIMIT as usize;
        assert_time::<C>(took, if is_free { Nanos::ZERO } else { NESTED_TIMER_CLAMP }, "a nested timer");
    }
}

/// Nobody else has a turn while a loop yields by `scheduler.yield()` or user-blocking tasks; but frames are drawn.
pub async fn a_starved_frame_is_drawn_all_the_same<C: TestClock>() {
    let starving = [YieldWith::SchedulerYield, YieldWith::PostTaskUserBlocking];
    for with in starving.into_iter().filter(|with| C::has(*with) && C::has(YieldWith::AnimationFrame)) {
        let (frames, timers) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(0)));
        let (drawn, fired) = (frames.clone(), timers.clone());
        run!(C, |rt| async move {
            let (runtime, timer) = (rt.clone(), rt.sleep(Nanos(50 * MS)));
            let beside = [
                rt.spawn(async move {
                    loop {
                        runtime.turn(YieldWith::AnimationFrame).await;
                        drawn.set(drawn.get() + 1);
                    }
                }),
                rt.spawn(async move {
                    timer.await;
                    fired.set(fired.get() + 1);
                }),
            ];
            rt.yield_now(YieldWith::Microtask).await;
            while rt.now() < Nanos(500 * MS) {
                rt.spend_cpu(TaskId(0), Nanos(MS));
                rt.yield_now(with).await;
            }
            drop(beside);
        });
        assert_eq!(timers.get(), 0, "{}", with.id());
        if C::IS_EXACT {
            assert_eq!(frames.get(), 5, "{}", with.id());
        } else {
            assert!((1..=12).contains(&frames.get()), "{}: {} frames", with.id(), frames.get());
        }
    }
}

pub async fn an_idle_callback_comes_when_nothing_else_is_due<C: TestClock>() {
    if !C::has(YieldWith::IdleCallback) {
        return;
    }
    let notes = notes!(C, |rt, note| {
        let idle = rt.turn(YieldWith::IdleCallback);
        let timer = rt.sleep(Nanos::ZERO);
        let message = rt.turn(YieldWith::Message);
        let tasks = [
            rt.spawn(noting(idle, note.clone(), 3)),
            rt.spawn(noting(message, note.clone(), 2)),
            rt.spawn(noting(timer, note.clone(), 1)),
        ];
        for task in tasks {
            task.await;
        }
    });
    assert_eq!(notes, [1, 2, 3]);
}

/// The lab's promise: what a program prints here is what the model says, number by number.
pub async fn every_program_prints_in_the_predicted_order<C: TestClock>() {
    let lab = labs::find("event-loop-order").unwrap();
    let values = lab.defaults();
    let is_there = |need: Need| !matches!(need, Need::Yield(with) if !C::has(with));
    for program in lab.strategies.iter().filter(|one| is_there(one.needs)) {
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
    let is_there = |need: Need| !matches!(need, Need::Yield(with) if !C::has(with));
    for strategy in lab.strategies.iter().filter(|one| is_there(one.needs)) {
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

/// Input waits for the turn to end, so who yields seldom makes it wait.
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
    // Threads need the page's program to load; the page tests run those.
    let can_run = |one: &&Strategy| C::IS_EXACT || !matches!(one.needs, Need::Workers(_));
    // A busy machine slows single runs down: of three, the quickest counts.
    let rounds = if C::IS_EXACT { 1 } else { 3 };
    let strategies = lab.strategies.iter().filter(can_run);
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

/// The generator is documented and portable: these numbers may never change, natively or in wasm.
/// (They are predictions, so the clock under test does not matter; the machine does.)
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

pub async fn channels_keep_their_order_and_their_bound<C: TestClock>() {
    for capacity in [Capacity::Rendezvous, Capacity::Bounded(2), Capacity::Unbounded] {
        let notes = Notes::default();
        let noted = notes.clone();
        let trace = run!(C, |rt| async move {
            let channel = Channel::with_gauge(&rt, Name::new("queue", 1), capacity);
            let (runtime, receiver) = (rt.clone(), channel.clone());
            let consumer = rt.spawn(async move {
                while let Some(number) = receiver.receive().await {
                    noted.borrow_mut().push(number);
                    runtime.work(TaskId(number), Nanos(3 * MS)).await;
                }
            });
            for number in 0..8 {
                assert_eq!(channel.send(number).await, None);
            }
            channel.close();
            consumer.await;
        });
        assert_eq!(*notes.borrow(), (0..8).collect::<Vec<_>>(), "{capacity:?}");
        let most = trace.samples().iter().map(|sample| sample.level).max();
        let bound = match capacity {
            Capacity::Rendezvous => 1,
            Capacity::Bounded(places) => places as i64,
            Capacity::Unbounded => 8,
        };
        assert_eq!(most, Some(bound), "{capacity:?}");
        assert_time::<C>(trace.end(), Nanos(8 * 3 * MS), "eight things of 3 ms");
    }
}

pub async fn a_mutex_is_first_come_first_served<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    let trace = run!(C, |rt| async move {
        let mutex = Mutex::new(&rt, Name::new("lock", 1), ());
        let visitors: Vec<_> = (0..6)
            .map(|number| {
                let (runtime, mutex, noted) = (rt.clone(), mutex.clone(), noted.clone());
                rt.spawn_as(TaskId(number), async move {
                    for round in 0..2 {
                        let _guard = mutex.lock().await;
                        noted.borrow_mut().push(6 * round + number);
                        runtime.work(TaskId(number), Nanos(2 * MS)).await;
                    }
                })
            })
            .collect();
        for visitor in visitors {
            visitor.await;
        }
    });
    assert_eq!(
        *notes.borrow(),
        (0..12).collect::<Vec<_>>(),
        "nobody comes a second time before all came once"
    );
    assert_time::<C>(trace.end(), Nanos(24 * MS), "twelve visits of 2 ms");
    assert!(trace.spans_of(SpanKind::Waiting).count() >= 5, "the waiting is recorded");
}

pub async fn cores_share_their_time<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    let trace = run!(C, |rt| async move {
        let pool = Pool::new(&rt, 1, Sharing { slice: Nanos(2 * MS), switch_cost: Nanos(MS) });
        let tasks: Vec<_> = [6, 2, 4]
            .into_iter()
            .zip(0..)
            .map(|(cost, number)| {
                let (pool, noted) = (pool.clone(), noted.clone());
                rt.spawn(async move {
                    pool.compute(TaskId(number), Nanos(cost * MS)).await;
                    noted.borrow_mut().push(number);
                })
            })
            .collect();
        for task in tasks {
            task.await;
        }
    });
    assert_eq!(*notes.borrow(), [1, 2, 0], "the shortest is done first");
    // Slices 0 1 2 0 2 0: five switches.
    assert_time::<C>(trace.end(), Nanos((12 + 5) * MS), "12 ms of work and five switches");
}

pub async fn a_process_comes_back_after_a_crash<C: TestClock>() {
    let notes = Notes::default();
    let noted = notes.clone();
    let trace = run!(C, |rt| async move {
        let at = vec![Nanos(25 * MS)];
        let process = Process::new(&rt, Faults { at, down_for: Nanos(10 * MS), ..Faults::default() });
        let life = || async {
            for step in 0..3 {
                rt.work(TaskId(step), Nanos(20 * MS)).await;
                noted.borrow_mut().push(step);
            }
        };
        process.run(life).await;
        assert_eq!(process.crashes(), 1);
    });
    assert_eq!(*notes.borrow(), [0, 0, 1, 2]);
    assert_time::<C>(trace.end(), Nanos((25 + 10 + 60) * MS), "a crash, a pause, and all over again");
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

/// Calls the macro `$make` with the name of every body.
macro_rules! for_each_body {
    ($make:ident) => {
        $make!(a_sleep_never_ends_early);
        $make!(timers_fire_in_the_order_of_their_deadlines);
        $make!(computing_holds_the_loop);
        $make!(waiting_in_place_holds_the_loop);
        $make!(a_spawned_task_starts_when_its_parent_awaits);
        $make!(a_dropped_task_never_goes_on);
        $make!(a_run_that_waits_for_itself_is_stalled);
        $make!(each_yield_lets_a_due_timer_run_or_not);
        $make!(a_continuation_has_the_priority_of_its_task);
        $make!(a_yield_is_one_turn_and_not_everything_that_is_due);
        $make!(all_microtasks_run_before_the_next_task);
        $make!(a_message_to_oneself_takes_its_place_at_the_end_of_the_turn);
        $make!(a_message_from_another_thread_takes_its_place_when_it_is_posted);
        $make!(messages_from_another_thread_come_in_the_order_of_their_times);
        $make!(nested_zero_timers_pay_the_clamp);
        $make!(a_starved_frame_is_drawn_all_the_same);
        $make!(an_idle_callback_comes_when_nothing_else_is_due);
        $make!(every_program_prints_in_the_predicted_order);
        $make!(each_way_to_yield_lets_through_what_the_model_says);
        $make!(input_waits_for_the_end_of_a_slice);
        $make!(every_strategy_does_all_its_work);
        $make!(a_seeded_run_is_the_same_everywhere);
        $make!(channels_keep_their_order_and_their_bound);
        $make!(a_mutex_is_first_come_first_served);
        $make!(cores_share_their_time);
        $make!(a_process_comes_back_after_a_crash);
        $make!(a_deadlock_names_its_circle);
        $make!(the_same_updates_are_lost_for_the_same_seed);
        $make!(dishes_go_at_the_pace_of_the_slower_stage);
    };
}
pub(crate) use for_each_body;
