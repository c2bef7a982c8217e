//! What any event loop promises: what may run when, in which order, and no sooner than when.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use engine::YieldWith;
use engine::browser::{NESTED_TIMER_CLAMP, NESTING_LIMIT};
use engine::trace::{Nanos, Outcome, SpanKind, TaskId};

use super::{MS, Notes, TestClock, assert_time};

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

pub async fn a_dropped_task_never_continues<C: TestClock>() {
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

/// After how many yields a timer runs that is already due; `None` if not within six.
///
/// The most important table: it says which yields let others run.
pub fn yields_until_a_due_timer_runs(with: YieldWith) -> Option<u32> {
    match with {
        // Everything else goes first.
        YieldWith::BackgroundYield | YieldWith::PostTaskBackground => Some(1),
        YieldWith::AnimationFrame | YieldWith::IdleCallback => Some(1),
        // Two turns, and the timer slips in between.
        YieldWith::MessageThenTimeout => Some(1),
        // In line before the timer: the loop notices that the timer is due only when the turn is over.
        YieldWith::Message | YieldWith::PostTaskUserVisible | YieldWith::Timeout => Some(2),
        // Always first in line.
        YieldWith::SchedulerYield | YieldWith::PostTaskUserBlocking => None,
        // Not a yield at all.
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
            rt.yield_now(YieldWith::Microtask).await; // lets the task begin to wait
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
        // A frame that became due during the turn may be drawn before or after the timer is noticed.
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
        rt.yield_now(YieldWith::Microtask).await; // lets the task begin to wait
        rt.spend_cpu(TaskId(0), Nanos(20 * MS));
        rt.yield_now(YieldWith::SchedulerYield).await;
        noted.set(flag.get());
        task.await;
    });
    assert!(seen.get(), "the due timer goes first");
}

/// If many timers are due at once, a yield through a message lets three of them run, not all.
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
        // The page's own messages may come in between, or ours may take two turns: three or six timers each,
        // never all.
        let seen = seen.borrow();
        assert!(seen[0] <= 6 && seen[1] >= 1 && seen[3] >= 6 && seen[3] <= 24, "{seen:?}");
    }
}

/// The numbers that a program notes, in order. Each note takes half a millisecond, so that whatever is not in
/// line yet has time to get there.
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

/// A message to ourselves is in line behind what was queued in the same turn, and before timers that became
/// due in it.
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

/// A message from another thread is in line from the moment it is posted, whatever the loop is doing.
pub async fn a_message_from_another_thread_takes_its_place_when_it_is_posted<C: TestClock>() {
    let notes = notes!(C, |rt, note| {
        let other = rt.other_thread();
        other.message(Nanos::ZERO).await; // from now on the other thread is running
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

/// While a loop yields by `scheduler.yield()` or user-blocking tasks, nothing else has a turn; but frames are
/// drawn.
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
