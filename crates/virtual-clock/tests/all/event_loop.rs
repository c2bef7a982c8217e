//! The rules of the event loop, one by one, on the virtual clock.

use std::cell::RefCell;
use std::rc::Rc;

use engine::browser::{NESTED_TIMER_CLAMP, NESTING_LIMIT};
use engine::trace::{Nanos, Outcome, TaskId};
use engine::{Runtime, YieldWith};
use virtual_clock::Conditions;
use virtual_clock::event_loop::{
    FRAME_PERIOD, FRAME_STARVATION, HIDDEN_TIMER_STEP, IDLE_PERIOD, INTENSIVE_THROTTLING_AFTER,
    INTENSIVE_TIMER_STEP,
};

/// The times at which each of `count` yields in a row was over.
fn yields(with: YieldWith, count: u32, conditions: Conditions) -> Vec<Nanos> {
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    virtual_clock::run(conditions, |rt| {
        Box::pin(async move {
            for _ in 0..count {
                rt.yield_now(with).await;
                noted.borrow_mut().push(rt.now());
            }
        })
    });
    times.take()
}

#[test]
fn nested_timers_pay_the_clamp_from_the_seventh_on() {
    let times = yields(YieldWith::Timeout, 9, Conditions::IDEAL);
    let free = NESTING_LIMIT as usize + 1;
    assert!(times[..free].iter().all(|at| *at == Nanos::ZERO), "six without a clamp: {times:?}");
    assert_eq!(times[free], NESTED_TIMER_CLAMP);
    assert_eq!(times[free + 1], Nanos(2 * NESTED_TIMER_CLAMP.0));
}

#[test]
fn a_timer_behind_a_message_never_pays_the_clamp() {
    assert!(yields(YieldWith::MessageThenTimeout, 50, Conditions::IDEAL).iter().all(|at| *at == Nanos::ZERO));
}

#[test]
fn frames_come_at_their_period() {
    let times = yields(YieldWith::AnimationFrame, 3, Conditions::IDEAL);
    assert_eq!(times, [1, 2, 3].map(|frame| Nanos(frame * FRAME_PERIOD.0)));
}

#[test]
fn a_frame_asked_for_while_one_is_rendered_is_the_next_one() {
    let ends = Rc::new(RefCell::new(Vec::new()));
    let noted = ends.clone();
    virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let tasks = [0, 1].map(|_| {
                let (runtime, noted) = (rt.clone(), noted.clone());
                rt.spawn(async move {
                    for _ in 0..3 {
                        runtime.yield_now(YieldWith::AnimationFrame).await;
                    }
                    noted.borrow_mut().push(runtime.now());
                })
            });
            for task in tasks {
                task.await;
            }
        })
    });
    assert_eq!(ends.take(), [Nanos(3 * FRAME_PERIOD.0); 2]);
}

#[test]
fn timers_are_rounded_up_to_whole_milliseconds_where_the_browser_does() {
    let end = |conditions: Conditions, delay: u64| {
        virtual_clock::run(conditions, |rt| Box::pin(async move { rt.sleep(Nanos(delay)).await })).trace.end()
    };
    let browser = Conditions { has_timer_step: true, scale: 0.1, ..Conditions::IDEAL };
    assert_eq!(end(Conditions::IDEAL, 1_500_000), Nanos(1_500_000));
    assert_eq!(end(browser, 10_000_000), Nanos(10_000_000), "1 ms of real time");
    assert_eq!(end(browser, 11_000_000), Nanos(20_000_000), "1.1 ms of real time takes 2");
}

#[test]
fn a_run_knows_whether_the_scale_matters() {
    let depends = |with: YieldWith| {
        let run = virtual_clock::run(Conditions::IDEAL, |rt| {
            Box::pin(async move {
                for _ in 0..20 {
                    rt.yield_now(with).await;
                }
            })
        });
        run.depends_on_scale
    };
    assert!(depends(YieldWith::Timeout) && depends(YieldWith::AnimationFrame));
    assert!(!depends(YieldWith::Message) && !depends(YieldWith::BackgroundYield));
}

#[test]
fn in_a_faster_run_the_browsers_own_periods_matter_more() {
    let conditions = Conditions { scale: 0.1, ..Conditions::IDEAL };
    let times = yields(YieldWith::Timeout, 7, conditions);
    assert_eq!(times[6], Nanos(10 * NESTED_TIMER_CLAMP.0));
}

/// Things that are queued at the same time run in the order of their priorities.
#[test]
fn priorities_come_in_the_order_of_the_specification() {
    let order = Rc::new(RefCell::new(Vec::new()));
    let noted = order.clone();
    virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let all = [
                YieldWith::IdleCallback,
                YieldWith::PostTaskBackground,
                YieldWith::Message,
                YieldWith::PostTaskUserVisible,
                YieldWith::SchedulerYield,
                YieldWith::PostTaskUserBlocking,
                YieldWith::Microtask,
            ];
            let tasks = all.map(|with| {
                let (runtime, noted) = (rt.clone(), noted.clone());
                rt.spawn(async move {
                    runtime.yield_now(with).await;
                    noted.borrow_mut().push(with);
                })
            });
            for task in tasks {
                task.await;
            }
        })
    });
    assert_eq!(
        order.take(),
        [
            YieldWith::Microtask,
            YieldWith::PostTaskUserBlocking,
            YieldWith::SchedulerYield,
            YieldWith::PostTaskUserVisible,
            YieldWith::Message, // asked for before, but in line only at the end of the turn
            YieldWith::PostTaskBackground,
            YieldWith::IdleCallback,
        ]
    );
}

#[test]
fn a_run_in_circles_ends_at_the_step_limit() {
    let run = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            loop {
                rt.yield_now(YieldWith::Microtask).await;
            }
        })
    });
    assert_eq!(run.trace.outcome(), Some(Outcome::StepLimit));
}

#[test]
fn spending_nothing_takes_no_time() {
    let run = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            rt.spend_cpu(TaskId(0), Nanos::ZERO);
            rt.sleep(Nanos::ZERO).await;
        })
    });
    assert_eq!((run.trace.end(), run.trace.outcome()), (Nanos::ZERO, Some(Outcome::Finished)));
}

const MS: u64 = 1_000_000;

/// Computes for `duration`, a millisecond at a time, with a yield after each.
async fn compute_and_yield(rt: Runtime, with: YieldWith, duration: Nanos) {
    let until = rt.now() + duration;
    while rt.now() < until {
        rt.spend_cpu(TaskId(0), Nanos(MS));
        rt.yield_now(with).await;
    }
}

/// The times at which frames were drawn while a loop computed for a second and yielded in this way.
fn frames_beside(with: YieldWith) -> Vec<Nanos> {
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            let runtime = rt.clone();
            let frames = rt.spawn(async move {
                loop {
                    runtime.turn(YieldWith::AnimationFrame).await;
                    noted.borrow_mut().push(runtime.now());
                }
            });
            rt.yield_now(YieldWith::Microtask).await;
            compute_and_yield(rt, with, Nanos(1_000 * MS)).await;
            drop(frames);
        })
    });
    times.take()
}

#[test]
fn a_frame_has_its_turn_among_ordinary_tasks() {
    for with in [YieldWith::Message, YieldWith::PostTaskUserVisible, YieldWith::BackgroundYield] {
        let frames = frames_beside(with);
        assert!((59..=60).contains(&frames.len()), "{}: {} frames in a second", with.id(), frames.len());
    }
}

#[test]
fn a_starved_frame_is_drawn_ten_times_a_second() {
    for with in [YieldWith::SchedulerYield, YieldWith::PostTaskUserBlocking] {
        let frames = frames_beside(with);
        assert!((9..=10).contains(&frames.len()), "{}: {frames:?}", with.id());
        for pair in frames.windows(2) {
            let gap = pair[1] - pair[0];
            assert!(gap >= FRAME_STARVATION && gap <= FRAME_STARVATION + Nanos(MS), "{gap:?}");
        }
    }
}

#[test]
fn a_microtask_lets_no_frame_in() {
    assert_eq!(frames_beside(YieldWith::Microtask), []);
}

#[test]
fn frames_that_a_long_turn_has_missed_are_left_out() {
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            for _ in 0..3 {
                rt.yield_now(YieldWith::AnimationFrame).await;
                noted.borrow_mut().push(rt.now());
                rt.spend_cpu(TaskId(0), Nanos(40 * MS));
            }
        })
    });
    assert_eq!(times.take(), [1, 4, 7].map(|frame| Nanos(frame * FRAME_PERIOD.0)));
}

#[test]
fn an_idle_callback_asked_for_in_an_idle_period_waits_for_the_next() {
    let times = yields(YieldWith::IdleCallback, 4, Conditions::IDEAL);
    assert_eq!(times, [0, 1, 2, 3].map(|period| Nanos(period * IDLE_PERIOD.0)));
}

#[test]
fn an_idle_period_ends_when_a_timer_or_a_frame_is_due() {
    let second = |beside: fn(&Runtime)| {
        let at = Rc::new(RefCell::new(Nanos::ZERO));
        let noted = at.clone();
        virtual_clock::run(Conditions::IDEAL, |rt| {
            Box::pin(async move {
                beside(&rt);
                rt.yield_now(YieldWith::IdleCallback).await;
                rt.yield_now(YieldWith::IdleCallback).await;
                *noted.borrow_mut() = rt.now();
            })
        });
        at.take()
    };
    assert_eq!(second(|rt| drop(rt.sleep(Nanos(20 * MS)))), Nanos(20 * MS));
    assert_eq!(second(|rt| drop(rt.turn(YieldWith::AnimationFrame))), FRAME_PERIOD);
    assert_eq!(
        second(|rt| drop(rt.other_thread().message(Nanos(20 * MS)))),
        IDLE_PERIOD,
        "nobody knew of it"
    );
}

#[test]
fn after_a_pause_an_idle_callback_need_not_wait() {
    let run = virtual_clock::run(Conditions::IDEAL, |rt| {
        Box::pin(async move {
            rt.yield_now(YieldWith::IdleCallback).await;
            rt.yield_now(YieldWith::Message).await;
            rt.yield_now(YieldWith::IdleCallback).await;
        })
    });
    assert_eq!(run.trace.end(), Nanos::ZERO);
}

const HIDDEN: Conditions = Conditions { is_hidden: true, ..Conditions::IDEAL };

#[test]
fn timers_of_a_hidden_tab_fire_at_whole_seconds() {
    let times = yields(YieldWith::Timeout, 3, HIDDEN);
    assert_eq!(times, [1, 2, 3].map(|second| Nanos(second * HIDDEN_TIMER_STEP.0)));
}

#[test]
fn after_five_hidden_minutes_nested_timers_fire_once_a_minute() {
    let times = Rc::new(RefCell::new(Vec::new()));
    let noted = times.clone();
    virtual_clock::run(HIDDEN, |rt| {
        Box::pin(async move {
            for _ in 0..310 {
                rt.sleep(Nanos(100 * MS)).await;
                noted.borrow_mut().push(rt.now());
            }
        })
    });
    let times = times.take();
    let gap = |index: usize| times[index + 1] - times[index];
    assert_eq!(times[0], HIDDEN_TIMER_STEP);
    assert!((0..298).all(|index| gap(index) == HIDDEN_TIMER_STEP), "{times:?}");
    assert!((300..308).all(|index| gap(index) == INTENSIVE_TIMER_STEP), "{times:?}");
    assert!(times[299] <= INTENSIVE_THROTTLING_AFTER + INTENSIVE_TIMER_STEP);
}

#[test]
fn a_hidden_tab_draws_no_frame_and_delivers_messages_all_the_same() {
    let ends = |with: YieldWith| {
        let run = virtual_clock::run(HIDDEN, |rt| Box::pin(async move { rt.yield_now(with).await }));
        (run.trace.end(), run.trace.outcome())
    };
    assert_eq!(ends(YieldWith::AnimationFrame).1, Some(Outcome::Stalled));
    assert_eq!(ends(YieldWith::Message), (Nanos::ZERO, Some(Outcome::Finished)));
    assert_eq!(ends(YieldWith::BackgroundYield), (Nanos::ZERO, Some(Outcome::Finished)));
}
